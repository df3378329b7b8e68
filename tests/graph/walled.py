"""A VPC with a Network Firewall, and packets to ask it about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from asking import network_of
from builder import Topology, domains, five_tuples, suricata, topology
from builder.endpoint import LoadBalancerEndpoint
from builder.identity import Record
from builder.network_firewall import RuleGroup
from mwaanet.graph.flight import Flight, Outcome, Position, Role
from mwaanet.graph.transfer import transfer
from mwaanet.net import ICMP, TCP, UDP, AddressSet, Intervals, PacketSet

HOME, EAST = "111122223333", "us-east-1"
CLIENT, OTHER_VPC, SERVER = "10.1.1.5", "10.9.1.5", "192.0.2.80"
STRICT: dict[str, Any] = {"strict": True, "stateful_default": ("aws:drop_strict",)}
ESTABLISHED: dict[str, Any] = {"strict": True, "stateful_default": ("aws:drop_established",)}


@dataclass
class Walled:
    """A VPC 10.1.0.0/16 with a firewall in a subnet of its own."""

    net: Topology
    endpoint: LoadBalancerEndpoint
    subnet: str
    policy: str

    def ask(self, packets: PacketSet, **flight: Any) -> tuple[Outcome, ...]:
        """The outcomes for packets at the firewall's endpoint; replies where `reply` is given."""
        asked = Flight(packets=packets, vpc="vpc-elsewhere", sender="eni-sender", entered="tgw-1", **flight)
        return transfer(network_of(self.net), Position(self.endpoint.id, Role.ENTER), asked)

    def one(self, packets: PacketSet, **flight: Any) -> Outcome:
        (outcome,) = self.ask(packets, **flight)
        return outcome

    def verdict(self, packets: PacketSet, **flight: Any) -> str:
        """`allow`, `deny` or `unknown`, where all packets share it; else all that occur, joined."""
        found = {outcome.hop.action for outcome in self.ask(packets, **flight) if outcome.hop}
        return "/".join(sorted(found))

    def replied(self, packets: PacketSet) -> str:
        """The verdict on the replies to packets that the same endpoint has let through."""
        return self.verdict(packets.reversed(), reply=True, tracked=frozenset({self.endpoint.id}))


def walled(*groups: tuple[str, Record], **policy: Any) -> Walled:
    """A firewall with these rule groups, each a name and its rules; options are those of the policy."""
    net = topology(HOME, EAST)
    strict = bool(policy.get("strict"))
    made = [
        net.rule_group(name, source, kind="STATELESS" if is_stateless(source) else "STATEFUL", strict=strict)
        for name, source in groups
    ]
    return fenced(net, made, **policy)


def is_stateless(source: Record) -> bool:
    return "StatelessRulesAndCustomActions" in source


def fenced(net: Topology, groups: Sequence[RuleGroup], **options: Any) -> Walled:
    vpc = net.vpc("inspection", "10.1.0.0/16")
    subnet = vpc.subnet("firewall", "10.1.250.0/28")
    policy = net.firewall_policy("policy", *groups, **options)
    firewall = vpc.network_firewall("wall", [subnet], policy)
    return Walled(net, firewall.endpoint_in(subnet), subnet.id, policy.arn)


def tcp(port: int = 443, src: str = CLIENT, dst: str = SERVER) -> PacketSet:
    return packets(TCP, src, dst).where(sport=Intervals.of((32768, 60999)), dport=Intervals.single(port))


def udp(port: int = 53, src: str = CLIENT, dst: str = SERVER) -> PacketSet:
    return packets(UDP, src, dst).where(sport=Intervals.of((32768, 60999)), dport=Intervals.single(port))


def ping(src: str = CLIENT, dst: str = SERVER) -> PacketSet:
    return packets(ICMP, src, dst).where(icmp_type=Intervals.single(8), icmp_code=Intervals.single(0))


def packets(protocol: int, src: str, dst: str) -> PacketSet:
    return PacketSet.of(src=AddressSet.parse(src), dst=AddressSet.parse(dst), protocol=protocol)


def standard(*rules: tuple[str, str, str, str, str]) -> tuple[str, Record]:
    return ("standard", five_tuples(*rules))


def text(*lines: str) -> tuple[str, Record]:
    return ("text", suricata("\n".join(lines)))


WEB_ONLY = standard(("PASS", "TCP", "10.1.0.0/16", "ANY", "443"))
ALLOW_LIST = ("names", domains("ALLOWLIST", ".example.com"))
DENY_LIST = ("names", domains("DENYLIST", ".example.com"))
