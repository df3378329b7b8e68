"""Packets whose addresses and ports are unknowns of the solver, and conditions on them.

An IPv4 address is an unknown of 32 bits, an IPv6 address one of 128, so that what is said of one family is never so of
the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_network
from typing import Any

from z3 import ULE, And, BitVec, BitVecVal, BoolVal, Extract, If, Not, Or

from dataplane.spec import Acl, FirewallRule, Ports

Term = Any
"""A term of the solver, whose library has no types."""
TRUE, FALSE = BoolVal(True), BoolVal(False)
PORT_BITS = 16
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
"""What the internet does not route (https://datatracker.ietf.org/doc/html/rfc1918 and its like)."""


@dataclass(frozen=True)
class Packet:
    protocol: str
    src: Term
    dst: Term
    sport: Term
    dport: Term

    def reversed(self) -> Packet:
        return replace(self, src=self.dst, dst=self.src, sport=self.dport, dport=self.sport)

    def answers(self, request: Packet) -> Term:
        """Whether whoever sent the request takes this for a reply to it."""
        expected = request.reversed()
        pairs = ((self.src, expected.src), (self.dst, expected.dst), (self.sport, expected.sport))
        return And(*(one == other for one, other in (*pairs, (self.dport, expected.dport))))


def packet(protocol: str, bits: int) -> Packet:
    """Any packet of a protocol and a family."""
    ends = [BitVec(name, bits) for name in ("src", "dst")]
    return Packet(protocol, *ends, *(BitVec(name, PORT_BITS) for name in ("sport", "dport")))


def bits_of(text: str) -> int:
    """How many bits an address, or the addresses of a CIDR, have."""
    return int(ip_network(text, strict=False).max_prefixlen)


def value(address: str) -> Term:
    return BitVecVal(int(ip_address(address)), bits_of(address))


def equals(term: Term, address: str) -> Term:
    return term == value(address) if term.size() == bits_of(address) else FALSE


def within(term: Term, cidr: str) -> Term:
    network = ip_network(cidr)
    if term.size() != network.max_prefixlen:
        return FALSE
    if not network.prefixlen:
        return TRUE
    free = network.max_prefixlen - network.prefixlen
    return Extract(term.size() - 1, free, term) == int(network.network_address) >> free


def within_any(term: Term, cidrs: Iterable[str]) -> Term:
    return any_of(within(term, cidr) for cidr in cidrs)


def between(term: Term, first: int, last: int) -> Term:
    """Whether an unsigned number lies in a span."""
    low, high = BitVecVal(first, term.size()), BitVecVal(last, term.size())
    return And(ULE(low, term), ULE(term, high))


def any_of(terms: Iterable[Term]) -> Term:
    return Or(FALSE, *terms)


def is_public(term: Term) -> Term:
    return Not(within_any(term, PRIVATE))


def is_of(one: Packet, protocol: str, ports: Ports | None) -> Term:
    """Whether a filter for a protocol and its destination ports matches."""
    if protocol == "all":
        return TRUE
    if protocol != one.protocol:
        return FALSE
    return between(one.dport, *ports) if ports else TRUE


def admits(acl: Acl | None, one: Packet, *, egress: bool) -> Term:
    """By number, the first entry that matches decides; the default ACL admits everything, another nothing of the rest.

    https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
    """
    if acl is None:
        return TRUE
    peer = one.dst if egress else one.src
    verdict: Term = FALSE
    for entry in ordered(acl, egress=egress)[::-1]:
        matches = And(within(peer, entry.cidr), is_of(one, entry.protocol, entry.ports))
        verdict = If(matches, BoolVal(entry.allow), verdict)
    return verdict


def ordered(acl: Acl, *, egress: bool) -> list[Any]:
    return sorted((one for one in acl.entries if one.egress is egress), key=lambda one: one.number)


def firewall_admits(rules: Iterable[FirewallRule], default: bool, one: Packet) -> Term:
    """The first rule that matches decides; rules are about TCP."""
    verdict: Term = BoolVal(default)
    for rule in [*rules][::-1]:
        ends = And(within(one.src, rule.source), within(one.dst, rule.destination))
        verdict = If(And(ends, is_of(one, "tcp", rule.ports)), BoolVal(rule.allow), verdict)
    return verdict
