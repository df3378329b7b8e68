"""Whose address targets see, and where the client's own must not be kept.

https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation
"""

from __future__ import annotations

import pytest

from asking import Answer, ask
from builder import rule, topology
from builder.peering import Peering
from builder.subnet import Subnet
from builder.transit_gateway import TransitGateway
from builder.vpc import Vpc
from graph.balanced import ACCOUNT, REGION, Balanced, on_premises
from mwaanet.graph.codes import Code
from mwaanet.net import AddressSet


class TestLoopback:
    """A target that is its own client: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-troubleshooting.html#loopback-timeout."""

    def from_server(self, *, kind: str, second: bool = False) -> tuple[Balanced, Answer]:
        zones = ["az1", "az2"] if second else ["az1"]
        balanced = Balanced(zones=zones, health=["healthy"] * len(zones), kind=kind, cross_zone=True)
        server = balanced.servers[0].interface
        return balanced, ask(balanced.net, server, balanced.nlb.interfaces[0], tcp=443)

    def test_a_target_that_sees_its_own_address_does_not_answer(self) -> None:
        balanced, answer = self.from_server(kind="instance")
        assert (answer.verdict, answer.codes) == ("no", {Code.CLIENT_ADDRESS_KEPT})
        assert answer.culprits == (balanced.targets.arn,)

    def test_without_preservation_it_does(self) -> None:
        _, answer = self.from_server(kind="ip")
        assert answer.verdict == "yes"

    def test_with_a_second_target_some_connections_work(self) -> None:
        _, answer = self.from_server(kind="instance", second=True)
        assert (answer.verdict, answer.codes) == ("partial", {Code.CLIENT_ADDRESS_KEPT})

    def test_udp_groups_cannot_switch_it_off(self) -> None:
        balanced = Balanced(zones=["az1"], health=["healthy"], protocol="UDP", listener="UDP")
        balanced.targets.attribute(preserve_client_ip__enabled="false")
        answer = ask(balanced.net, balanced.servers[0].interface, balanced.nlb.interfaces[0], udp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.CLIENT_ADDRESS_KEPT})
        assert answer.blocked[0].undone == ()


class TestDirectWay:
    """A preserved address asks for a target in the load balancer's VPC, or in one peered with it in the Region."""

    def apart(self, join: str, *, preserved: str, region: str = REGION) -> Answer:
        """A load balancer in one VPC with an IP target in another, joined by `peering` or `transit`."""
        net = topology(ACCOUNT, REGION)
        near, far = net.vpc("near", "10.1.0.0/16"), net.region(region).vpc("far", "10.2.0.0/16")
        subnets: list[tuple[Vpc, Subnet]] = []
        for number, vpc in enumerate((near, far), start=1):
            vpc.default_group.allow_in(rule("all"))
            subnets.append((vpc, vpc.subnet("a", f"10.{number}.1.0/24", "az1")))
        if join == "peering":
            gateway: Peering | TransitGateway = near.peer(far)
        else:
            hub = net.transit_gateway("hub")
            gateway = hub
            table = hub.table("all")
            for vpc, subnet in subnets:
                hub.attach_vpc(vpc, [subnet], table=table, propagate=[table])
        subnets[0][1].route("10.2.0.0/16", gateway)
        subnets[1][1].route("10.1.0.0/16", gateway)
        server = subnets[1][1].interface("10.2.1.20")
        self.targets = near.target_group("web", 8081, attributes={"preserve_client_ip.enabled": preserved})
        self.targets.target(server.address)
        nlb = near.network_load_balancer("web", [subnets[0][1]]).listener(443, self.targets)
        return ask(net, subnets[0][1].interface("10.1.1.10"), nlb.interfaces[0], tcp=443)

    @pytest.mark.parametrize("join", ["peering", "transit"])
    def test_without_preservation_any_way_will_do(self, join: str) -> None:
        assert self.apart(join, preserved="false").verdict == "yes"

    def test_over_a_peering_of_the_region_it_works(self) -> None:
        assert self.apart("peering", preserved="true").verdict == "yes"

    def test_over_a_transit_gateway_it_does_not(self) -> None:
        answer = self.apart("transit", preserved="true")
        assert (answer.verdict, answer.codes) == ("no", {Code.CLIENT_ADDRESS_KEPT})
        assert answer.culprits == (self.targets.arn,)

    def test_nor_over_a_peering_between_regions(self) -> None:
        assert self.apart("peering", preserved="true", region="us-west-2").codes == {Code.CLIENT_ADDRESS_KEPT}

    def test_nor_to_a_server_on_premises(self) -> None:
        balanced, site = on_premises("172.20.5.40")
        address = balanced.nlb.interfaces[0].address
        assert ask(balanced.net, balanced.client, address, tcp=443, site=site).verdict == "yes"
        balanced.targets.attribute(preserve_client_ip__enabled="true")
        answer = ask(balanced.net, balanced.client, address, tcp=443, site=site)
        assert (answer.verdict, answer.culprits) == ("no", (balanced.targets.arn,))


class TestInterfacesOfOthers:
    """Targets that are interfaces of an endpoint or of another load balancer are lost where addresses are kept."""

    def chained(self, *, preserved: str) -> Answer:
        """A second load balancer, 10.1.10.6, whose target is the first one."""
        balanced = Balanced(zones=["az1"], health=["healthy"])
        self.targets = balanced.vpc.target_group("first", 443, attributes={"preserve_client_ip.enabled": preserved})
        self.targets.target(balanced.nlb.interfaces[0].address)
        second = balanced.vpc.network_load_balancer("second", balanced.subnets, addresses=["10.1.10.6"])
        second.listener(443, self.targets)
        return ask(balanced.net, balanced.client, second.interfaces[0], tcp=443)

    def test_one_after_the_other_works_with_the_first_ones_own_address(self) -> None:
        assert self.chained(preserved="false").verdict == "yes"

    def test_with_the_clients_it_does_not(self) -> None:
        answer = self.chained(preserved="true")
        assert (answer.verdict, answer.codes) == ("no", {Code.CLIENT_ADDRESS_KEPT})
        assert answer.culprits == (self.targets.arn,)


class TestUnread:
    def test_attributes_that_may_not_be_read_make_the_answer_unknown(self) -> None:
        balanced = Balanced(kind="instance")
        balanced.net.refuse(ACCOUNT, REGION, "elbv2", "describe-target-group-attributes")
        answer = balanced.ask()
        assert (answer.verdict, answer.needs) == ("unknown", {"describe-target-group-attributes"})

    @pytest.mark.parametrize("allow", ["10.1.1.0/24", "10.1.10.0/23"])
    def test_whichever_address_the_targets_group_allows(self, allow: str) -> None:
        """The client's, or the load balancer's: that one of the two would be stopped does not make the answer no."""
        balanced = Balanced(kind="instance", allow=allow)
        balanced.net.refuse(ACCOUNT, REGION, "elbv2", "describe-target-group-attributes")
        assert balanced.ask().verdict == "unknown"

    def test_where_neither_would_pass_the_answer_is_no(self) -> None:
        balanced = Balanced(kind="instance", allow="10.99.0.0/16")
        balanced.net.refuse(ACCOUNT, REGION, "elbv2", "describe-target-group-attributes")
        answer = balanced.ask()
        assert (answer.verdict, answer.culprits) == ("no", (balanced.server_group.id,))

    def test_a_udp_groups_are_known_without(self) -> None:
        balanced = Balanced(zones=["az1"], health=["healthy"], protocol="UDP", listener="UDP", cross_zone=True)
        balanced.net.refuse(ACCOUNT, REGION, "elbv2", "describe-target-group-attributes")
        assert balanced.ask(udp=443).verdict == "yes"


class DualStack:
    """A client and a dual-stack load balancer with both families, whose one target is of `target`'s family."""

    def __init__(self, target: str, *, preserved: str = "false") -> None:
        self.net = topology(ACCOUNT, REGION)
        vpc = self.net.vpc("apps", "10.1.0.0/16", ipv6="2600:1f18:1::/56")
        vpc.default_group.allow_in(rule("all"), rule("all", None, "::/0"))
        vpc.default_group.allow_out(rule("all"), rule("all", None, "::/0"))
        front = vpc.subnet("nlb", "10.1.1.0/24", "az1", ipv6="2600:1f18:1:1::/64")
        back = vpc.subnet("servers", "10.1.2.0/24", "az1", ipv6="2600:1f18:1:2::/64")
        self.group = vpc.security_group("server", egress=[])
        self.client = front.interface("10.1.1.10", ipv6=["2600:1f18:1:1::10"])
        back.interface("10.1.2.20", ipv6=["2600:1f18:1:2::20"], groups=[self.group])
        kind = "ipv6" if ":" in target else "ipv4"
        self.targets = vpc.target_group(
            "web", 8081, address_type=kind, attributes={"preserve_client_ip.enabled": preserved}
        ).target(target, zone="az1")
        self.nlb = vpc.network_load_balancer("web", [front], addresses=["10.1.1.5"], ipv6=["2600:1f18:1:1::5"])
        self.nlb.listener(443, self.targets)

    def seen(self, allow: str, *, over: str) -> str:
        """The address that the server sees of a client over `ipv4` or `ipv6`, where its group allows `allow`."""
        self.group.allow_in(rule("tcp", 8081, allow))
        ends = ("10.1.1.10", "10.1.1.5") if over == "ipv4" else ("2600:1f18:1:1::10", "2600:1f18:1:1::5")
        answer = ask(self.net, *ends, tcp=443)
        if answer.verdict != "yes":
            return answer.verdict
        source: AddressSet = answer.trace.forward[0].hops[-1].packets.src
        return str(source)


class TestAddressFamilies:
    """The load balancer speaks to targets in their own family (the table of addresses on the page above)."""

    @pytest.mark.parametrize("preserved", ["true", "false"])
    @pytest.mark.parametrize(
        ("target", "over", "preserving", "otherwise"),
        [
            ("10.1.2.20", "ipv4", "10.1.1.10/32", "10.1.1.5/32"),
            ("10.1.2.20", "ipv6", "10.1.1.5/32", "10.1.1.5/32"),
            ("2600:1f18:1:2::20", "ipv4", "2600:1f18:1:1::5/128", "2600:1f18:1:1::5/128"),
            ("2600:1f18:1:2::20", "ipv6", "2600:1f18:1:1::10/128", "2600:1f18:1:1::5/128"),
        ],
    )
    def test_which_address_a_target_sees(
        self, target: str, over: str, preserving: str, otherwise: str, preserved: str
    ) -> None:
        expected = preserving if preserved == "true" else otherwise
        assert DualStack(target, preserved=preserved).seen(expected, over=over) == expected.rpartition("/")[0]

    @pytest.mark.parametrize("over", ["ipv4", "ipv6"])
    def test_the_targets_group_is_asked_about_what_it_sees(self, over: str) -> None:
        assert DualStack("10.1.2.20").seen("10.1.1.10/32", over=over) == "no"

    def test_an_ipv4_load_balancer_has_nothing_to_say_to_an_ipv6_target(self) -> None:
        stack = DualStack("2600:1f18:1:2::20")
        stack.nlb.interfaces[0].record["Ipv6Addresses"] = []
        assert stack.seen("::/0", over="ipv4") == "no"
