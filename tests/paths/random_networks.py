"""Random networks with a little of everything, and questions to them: mostly nonsense, as it should be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from builder import Topology, Vpc, five_tuples, inbound, outbound, rule, topology
from builder.identity import Ref
from builder.rules import Entry, Rule
from builder.security_group import SecurityGroup
from builder.subnet import Subnet
from builder.transit_gateway import TransitGateway
from builder.vpn import CustomerGateway

ANYWHERE, SITE = "0.0.0.0/0", "172.20.0.0/16"

RULES: tuple[tuple[Rule, ...], ...] = (
    (rule("all"), rule("all", None, "::/0")),
    (rule("tcp", 443, "10.0.0.0/8"), rule("icmp", (8, -1))),
    (rule("tcp", (400, 500), "10.1.0.0/16"), rule("udp", None, "10.1.1.0/24")),
    (),
)
ENTRIES: tuple[tuple[Entry, ...] | None, ...] = (
    None,
    tuple(one(100, "allow", "all", None, ANYWHERE) for one in (inbound, outbound)),
    (
        inbound(90, "deny", "tcp", (440, 445), "10.2.0.0/16"),
        inbound(100, "allow", "tcp", (440, 65535), ANYWHERE),
        outbound(100, "allow", "tcp", (1, 40000), ANYWHERE),
        outbound(110, "allow", "udp", None, "10.0.0.0/8"),
    ),
    (
        *(
            inbound(number, "allow", "tcp", ports, ANYWHERE)
            for number, ports in ((10, (1, 1023)), (20, (40000, 50000)))
        ),
        *(
            outbound(number, "allow", "tcp", ports, ANYWHERE)
            for number, ports in ((10, (1, 1023)), (20, (32768, 60000)))
        ),
        inbound(5, "deny", "tcp", (41000, 42000), "10.2.1.0/24"),
    ),
    (),
)
ADDRESSES = (
    *("10.1.1.10", "10.1.2.20", "10.2.1.20", "10.2.2.20", "10.1.0.2", "10.1.2.30", "10.1.2.40", "10.1.2.0/24"),
    *("10.2.0.0/16", "172.20.1.1", "8.8.8.8", "198.51.100.10", "52.216.1.1", "192.168.1.1", "2600:1f18:1:2::20"),
)
PACKETS: tuple[dict[str, Any], ...] = (
    {"tcp": 443},
    {"tcp": (430, 450)},
    {"udp": 53},
    {"icmp": True},
    {},
    {"protocol": 50},
)


@dataclass
class Network:
    """What was built, and the ends that questions may have besides `ADDRESSES`."""

    net: Topology
    site: str
    ends: list[Ref] = field(default_factory=list)


class Draw:
    """Draws for one network; of a sound one most is as it should be."""

    def __init__(self, draw: st.DrawFn, sound: bool) -> None:
        self._draw = draw
        self._weight = 12 if sound else 2
        self._share = st.sampled_from([True] * 9 + [False]) if sound else st.booleans()

    def pick(self, *values: Any) -> Any:
        return self._draw(st.sampled_from(values))

    def often(self, usual: Any, *others: Any) -> Any:
        """The usual value in most cases."""
        return self.pick(*[usual] * (self._weight * len(others)), *others)

    def some(self, *values: str) -> list[str]:
        """Half of the values or so, most of a sound network's."""
        return [value for value in values if self._draw(self._share)]


@st.composite
def networks(draw: st.DrawFn, sound: bool = False) -> Network:
    some = Draw(draw, sound)
    net = topology()
    near, far = net.vpc("near", "10.1.0.0/16", ipv6="2600:1f18:1::/56"), net.vpc("far", "10.2.0.0/16")
    subnets = {
        "a": near.subnet("a", "10.1.1.0/24", "az1"),
        "b": near.subnet("b", "10.1.2.0/24", "az2", ipv6="2600:1f18:1:2::/64"),
        "t": near.subnet("t", "10.1.9.0/28", "az1"),
        "u": near.subnet("u", "10.1.9.16/28", "az2"),
        "c": far.subnet("c", "10.2.1.0/24", "az1"),
        "d": far.subnet("d", "10.2.2.0/24", "az2"),
    }
    groups = {
        vpc: vpc.security_group("some", ingress=some.often(*RULES), egress=some.often(None, *RULES))
        for vpc in (near, far)
    }
    groups[near].allow_in(rule("tcp", 443, groups[far]))
    groups[far].allow_in(rule("tcp", 443, groups[near]))
    for subnet in subnets.values():
        entries = some.pick(None, None, *ENTRIES)
        if entries is not None:
            subnet.vpc.network_acl(f"acl-{subnet.name}", *entries, subnets=[subnet])
    client = subnets["a"].instance("client", "10.1.1.10", groups=[groups[near]])
    if some.pick(True, False):
        client.interface.elastic_ip("198.51.100.10")
    server = subnets["b"].interface("10.1.2.20", groups=[groups[near]], ipv6=["2600:1f18:1:2::20"])
    holders = [subnets[name].interface(f"10.2.{n}.20", groups=[groups[far]]) for n, name in ((1, "c"), (2, "d"))]
    targets = _gateways(some, net, near, far, subnets)
    served = _services(some, net, subnets["b"], groups[near])
    _routes(some, subnets, targets)
    listed = net.prefix_list("listed", "10.2.2.0/24", "10.0.0.0/8")
    for name in some.some("a", "b"):
        subnets[name].route(listed, some.pick(*targets[near]["in"]))
    near.gateway_endpoint("s3", subnets["a"])
    site = f"version: 1\non_premises:\n  - name: dc\n    cidrs: [{SITE}]\n"
    default = some.pick("allow", "allow", "deny", None)
    if default:
        rules = "[{action: allow, direction: outbound, ports: [443], protocol: tcp}]"
        site += f"    firewall: {{default: {default}, rules: {rules}}}\n"
    return Network(net, site, [client, server, *holders, *served, "dc", "internet"])


def _services(some: Draw, net: Topology, subnet: Subnet, group: SecurityGroup) -> list[Ref]:
    """A load balancer at 10.1.2.30, and an endpoint at 10.1.2.40 for it or for one of AWS's services."""
    vpc = subnet.vpc
    nlb = vpc.network_load_balancer("nlb", [subnet], groups=some.pick([], [group]), addresses=["10.1.2.30"])
    targets = vpc.target_group("targets", 443, target_type="ip")
    for address in some.some("10.2.1.20", "10.1.1.10", "172.20.1.1", "8.8.8.8"):
        targets.target(address, health=some.often("healthy", "unhealthy", "unavailable"))
    targets.attribute(preserve_client_ip__enabled=some.pick("true", "false"))
    nlb.listener(443, targets, protocol=some.often("TCP", "TCP_UDP", "QUIC"))
    service = net.endpoint_service("service", [nlb])
    endpoint = vpc.endpoint(some.pick("sqs", service), [subnet], groups=[group], addresses=["10.1.2.40"])
    endpoint.state(some.often("available", "pendingAcceptance"))
    return [nlb.interfaces[0], endpoint]


def _gateways(
    some: Draw, net: Topology, near: Vpc, far: Vpc, subnets: dict[str, Subnet]
) -> dict[Vpc, dict[str, list[Ref]]]:
    """What routes to the outside and to the other VPC may lead to; seldom it is what would work."""
    customer = net.customer_gateway("dc", "203.0.113.7")
    public = some.often("198.51.100.9", None)
    nat = subnets["b"].nat_gateway("nat", "10.1.2.9", public=public, state=some.often("available", "failed"))
    vgw = near.vpn_gateway()
    routes: dict[str, Any] = some.pick({"static": [SITE]}, {"bgp": [SITE]})
    net.vpn("vgw", customer, vgw, tunnels=some.often(("UP", "DOWN"), ("DOWN", "DOWN")), **routes)
    near.main_table.propagate(vgw, SITE)
    dx = net.direct_connect_gateway("dc", SITE)
    dx.virtual_interface("private", kind="private", bgp=some.often("up", "down"))
    dx.associate(vgw, some.often("10.0.0.0/8", "10.1.1.0/24"))
    peering = near.peer(far, state=some.often("active", "pending-acceptance"))
    hub = _hub(some, net, customer, near, far, subnets)
    web = net.rule_group("web", five_tuples(("PASS", "TCP", "ANY", "ANY", "443")), strict=True)
    policy = net.firewall_policy("policy", web, strict=True, stateful_default=("aws:drop_strict",))
    wall = near.network_firewall("wall", [subnets["b"]], policy).endpoint_in(subnets["b"])
    appliance = subnets["b"].interface("10.1.2.50", source_dest_check=some.pick(True, False))
    internet = near.internet_gateway()
    outside: list[Ref] = [internet, internet, nat, nat, near.egress_only_internet_gateway(), hub, wall, appliance]
    return {
        near: {"out": outside, "in": [peering, hub, hub, nat, wall, "lgw-0123"], "site": [vgw, hub, "nat-0dead"]},
        far: {"out": [hub], "in": [peering, hub], "site": [hub, "pcx-0dead"]},
    }


def _hub(
    some: Draw, net: Topology, customer: CustomerGateway, near: Vpc, far: Vpc, subnets: dict[str, Subnet]
) -> TransitGateway:
    """A transit gateway with both VPCs and a VPN on it."""
    hub = net.transit_gateway("hub", group_references=some.pick(True, False))
    first, second = hub.table("first"), hub.table("second")
    left = hub.attach_vpc(
        near,
        [subnets[name] for name in some.pick("t", "tu", "tb")],
        table=some.often(first, second, None),
        propagate=[first, second],
        group_references=True,
    )
    right = hub.attach_vpc(
        far,
        [subnets[name] for name in some.often("cd", "c", "d")],
        table=some.often(second, first, None),
        propagate=[first],
        appliance=some.pick(True, False),
        group_references=True,
    )
    tunnels = some.pick(("UP", "DOWN"), ("DOWN", "DOWN"))
    net.vpn("tgw", customer, hub, bgp=[SITE], tunnels=tunnels, table=first, propagate=[second])
    for table in (first, second):
        for destination in some.some(ANYWHERE, "10.2.1.0/24"):
            table.route(destination, some.pick(left, right))
    if some.often(False, True):
        first.blackhole("10.2.2.0/24")
    return hub


def _routes(some: Draw, subnets: dict[str, Subnet], targets: dict[Vpc, dict[str, list[Ref]]]) -> None:
    for name, subnet in subnets.items():
        kinds, table = targets[subnet.vpc], subnet.vpc.route_table(f"table-{name}", subnet)
        inside = "10.0.0.0/8" if name in "abtu" else "10.1.0.0/16"
        wanted = {ANYWHERE: "out", "::/0": "out", inside: "in", "10.1.2.0/24": "in", SITE: "site"}
        for destination in some.some(*wanted):
            if ":" not in destination or name in "abtu":
                state = some.often("active", "blackhole")
                table.route(destination, some.pick(*kinds[wanted[destination]]), state=state)


@st.composite
def questions(draw: st.DrawFn) -> tuple[int | str, int | str, dict[str, Any]]:
    """Two ends, each an address or the number of one of the network's ends, and what is sent."""
    end = st.one_of(st.integers(0, 7), st.sampled_from(ADDRESSES))
    return draw(end), draw(end), draw(st.sampled_from(PACKETS))
