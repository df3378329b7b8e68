"""One VPC with two subnets and random rules: the walk over sets agrees with looking at packets one by one.

`Naive` is written from the user guide's sentences on security groups, network ACLs and route tables, and shares
nothing with the engine: it takes one packet at a time and has no sets.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asking import network_of
from builder import Topology, inbound, outbound, rule, topology
from builder.rules import Entry, Rule
from mwaanet.net import TCP, UDP, Packet
from mwaanet.paths.endpoints import interfaces_endpoint
from mwaanet.paths.question import Question
from mwaanet.paths.trace import Trace, trace

NAMES = {TCP: "tcp", UDP: "udp"}
SUBNETS = {"a": "10.1.1.0/24", "b": "10.1.2.0/24"}
CLIENTS = ("10.1.1.10", "10.1.1.200")
SERVERS = ("10.1.1.20", "10.1.2.20", "10.1.2.130")
CIDRS = ("0.0.0.0/0", "10.1.0.0/16", "10.1.1.0/24", "10.1.2.0/24", "10.1.1.10/32", "10.1.2.128/25", "10.1.1.128/25")
EDGES = (0, 22, 443, 444, 1023, 1024, 32768, 40000, 50000, 60999, 65535)


@dataclass(frozen=True)
class Filter:
    """One rule or entry; `protocol` and `ports` None are any."""

    cidr: str
    protocol: int | None
    ports: tuple[int, int] | None
    allow: bool = True

    def matches(self, far: str, protocol: int, port: int) -> bool:
        if ip_address(far) not in ip_network(self.cidr):
            return False
        if self.protocol is None:
            return True
        return protocol == self.protocol and (self.ports is None or self.ports[0] <= port <= self.ports[1])

    @property
    def name(self) -> str:
        return "all" if self.protocol is None else NAMES[self.protocol]

    def rule(self) -> Rule:
        return rule(self.name, self.ports, self.cidr)

    def entry(self, number: int, *, egress: bool) -> Entry:
        return (outbound if egress else inbound)(
            number, "allow" if self.allow else "deny", self.name, self.ports, self.cidr
        )


@dataclass(frozen=True)
class Naive:
    """The rules, and what becomes of one connection."""

    egress: tuple[Filter, ...]
    """Of the clients' group."""
    ingress: tuple[Filter, ...]
    """Of the servers' group."""
    entries: dict[tuple[str, bool], tuple[Filter, ...]]
    """Of each subnet's network ACL, outbound (True) and inbound (False), in order."""
    holes: dict[str, tuple[str, ...]]
    """Blackholes in each subnet's route table."""

    def answered(self, packet: Packet) -> bool:
        """Whether the request arrives and its reply too."""
        reply = Packet(packet.dst, packet.src, packet.protocol, packet.dport, packet.sport)
        return self.arrives(packet) and self.crosses(reply)

    def arrives(self, packet: Packet) -> bool:
        """Whether the request arrives, whatever becomes of its reply."""
        return (
            any(one.matches(packet.dst, packet.protocol, packet.dport) for one in self.egress)
            and any(one.matches(packet.src, packet.protocol, packet.dport) for one in self.ingress)
            and self.crosses(packet)
        )

    def crosses(self, packet: Packet) -> bool:
        """From subnet to subnet: by the route table of the one, through the network ACLs of both."""
        here, there = self.subnet(packet.src), self.subnet(packet.dst)
        if here == there:
            return True
        return (
            self.routes(here, packet.dst)
            and self.lets(here, True, packet.dst, packet)
            and self.lets(there, False, packet.src, packet)
        )

    def lets(self, subnet: str, egress: bool, far: str, packet: Packet) -> bool:
        for entry in self.entries[subnet, egress]:
            if entry.matches(far, packet.protocol, packet.dport):
                return entry.allow
        return False

    def routes(self, subnet: str, target: str) -> bool:
        """Whether the longest route is the local one."""
        holes = [ip_network(hole).prefixlen for hole in self.holes[subnet] if ip_address(target) in ip_network(hole)]
        return max(holes, default=0) <= 16

    @staticmethod
    def subnet(address: str) -> str:
        return next(name for name, cidr in SUBNETS.items() if ip_address(address) in ip_network(cidr))

    def build(self) -> Topology:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        clients = vpc.security_group("clients", egress=[one.rule() for one in self.egress])
        servers = vpc.security_group("servers", ingress=[one.rule() for one in self.ingress], egress=[])
        subnets = {name: vpc.subnet(name, cidr) for name, cidr in SUBNETS.items()}
        for name, subnet in subnets.items():
            entries = [
                one.entry(number, egress=egress)
                for egress in (True, False)
                for number, one in enumerate(self.entries[name, egress], start=1)
            ]
            vpc.network_acl(name, *entries, subnets=[subnet])
            table = vpc.route_table(name, subnet)
            for hole in self.holes[name]:
                table.blackhole(hole, "eni-0000000000000dead")
        for address in CLIENTS:
            subnets[self.subnet(address)].interface(address, groups=[clients])
        for address in SERVERS:
            subnets[self.subnet(address)].interface(address, groups=[servers])
        return net


ports = st.one_of(
    st.none(), st.tuples(st.sampled_from(EDGES), st.sampled_from(EDGES)).map(lambda two: (min(two), max(two)))
)


@st.composite
def filters(draw: st.DrawFn, *, deny: bool) -> Filter:
    protocol = draw(st.sampled_from((None, TCP, UDP)))
    allow = not deny or draw(st.booleans())
    return Filter(draw(st.sampled_from(CIDRS)), protocol, draw(ports) if protocol else None, allow)


def lists(*, deny: bool) -> st.SearchStrategy[tuple[Filter, ...]]:
    """Few filters, and often one that is wide enough for something to pass."""
    wide = Filter("0.0.0.0/0", None, None)
    some = st.lists(filters(deny=deny), max_size=4)
    return st.one_of(some.map(tuple), some.map(lambda few: (*few, wide)))


holes = st.lists(st.sampled_from(("10.1.2.0/24", "10.1.2.128/25", "10.1.1.0/25", "10.1.0.0/17")), max_size=1).map(tuple)
models = st.builds(
    Naive,
    lists(deny=False),
    lists(deny=False),
    st.fixed_dictionaries({(name, egress): lists(deny=True) for name in SUBNETS for egress in (True, False)}),
    st.fixed_dictionaries(dict.fromkeys(SUBNETS, holes)),
)
packets = st.builds(
    Packet,
    st.sampled_from(CLIENTS),
    st.sampled_from(SERVERS),
    st.sampled_from((TCP, UDP)),
    st.sampled_from([port for port in EDGES if 32768 <= port <= 60999]) | st.integers(32768, 60999),
    st.sampled_from(EDGES) | st.integers(0, 65535),
)


def asked(net: Topology, protocol: int) -> Trace:
    """From all clients to all servers."""
    network = network_of(net)
    holders = {record.private_ip_address: name for name, record in network.inventory.network_interfaces.items()}
    source = interfaces_endpoint(network, "clients", [holders[address] for address in CLIENTS])
    target = interfaces_endpoint(network, "servers", [holders[address] for address in SERVERS])
    return trace(network, Question(source=source, destination=target, protocol=protocol))


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(models, st.lists(packets, min_size=20, max_size=20), st.sampled_from((TCP, UDP)))
def test_sets_agree_with_single_packets(model: Naive, samples: list[Packet], protocol: int) -> None:
    """For packets at random, and for one of those that pass and one of those that do not."""
    found = asked(model.build(), protocol)
    tally = found.tally
    least = [part.sample() for part in (tally.passed, tally.stopped) if part]
    for packet in [*least, *(sample._replace(protocol=protocol) for sample in samples)]:
        assert packet in found.asked
        assert (packet in tally.passed) == model.answered(packet), packet
        assert (packet in tally.stopped) != (packet in tally.passed)
