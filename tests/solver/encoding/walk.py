"""The walk: from every sender step by step, along every way that some packet of the question may take.

The solver drops the ways that no packet can take. What remains are leaves: how a packet ends, and for which packets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from z3 import And, Solver, is_false, is_true, sat, simplify

from dataplane.spec import OUTSIDE, Topology
from solver.encoding import edge, host, hub, service, vpc
from solver.encoding.place import ENDS, Branch, Flight, Kind, Place, stops
from solver.encoding.terms import Packet, Term, any_of, between, equals, packet, value
from solver.question import ANYBODY, Addresses, Asked
from solver.spec import of_family

MOST_STEPS = 40
"""More than any way without a loop has, there and back."""

Step = Callable[[Topology, Place, Flight], list[Branch]]


@dataclass(frozen=True)
class Leaf:
    """How packets end, under which condition on the packets as they were sent, and where they were last."""

    end: Kind
    condition: Term
    why: str


@dataclass(frozen=True)
class Ways:
    """The unknown packet, which of them are asked about, and every way that these may end."""

    packet: Packet
    asked: Term
    leaves: tuple[Leaf, ...]

    def that(self, end: Kind) -> Term:
        """For which packets some way ends so."""
        return any_of(leaf.condition for leaf in self.leaves if leaf.end is end)


def ways(spec: Topology, asked: Asked) -> Ways:
    spec = of_family(spec, asked.sources.bits)
    sent = packet(asked.protocol, asked.sources.bits)
    ports = And(between(sent.sport, *asked.client_ports), between(sent.dport, *asked.ports))
    walk, starts = _Walk(spec, asked), list(_starts(spec, asked, sent))
    among = And(_among(sent.dst, asked.destinations), ports)
    walk.solver.add(among)
    for flight, condition in starts:
        walk.follow(Branch(condition, Place(Kind.SEND, flight.client), flight), 0)
    return Ways(sent, And(among, any_of(condition for _, condition in starts)), tuple(walk.found))


def _starts(spec: Topology, asked: Asked, sent: Packet) -> Iterator[tuple[Flight, Term]]:
    for name in asked.senders:
        one = host.host_of(spec, name)
        if one is not None:
            own = replace(sent, src=value(one.address))
            yield Flight(own, own, name), equals(sent.src, one.address)
        else:
            yield Flight(sent, sent, name), _among(sent.src, asked.sources)


def _among(term: Term, addresses: Addresses) -> Term:
    return between(term, *addresses.span)


class _Walk:
    def __init__(self, spec: Topology, asked: Asked) -> None:
        self.spec, self.asked = spec, asked
        self.solver: Any = Solver()
        self.found: list[Leaf] = []

    def follow(self, branch: Branch, steps: int) -> None:
        """Go on if some packet does."""
        condition = simplify(branch.condition)
        if is_false(condition):
            return
        if is_true(condition):
            self._at(branch, steps)
            return
        self.solver.push()
        self.solver.add(condition)
        if self.solver.check() == sat:
            self._at(branch, steps)
        self.solver.pop()

    def _at(self, branch: Branch, steps: int) -> None:
        if branch.to.kind in ENDS:
            self.found.append(Leaf(branch.to.kind, And(*self.solver.assertions()), branch.why))
            return
        for onward in self._next(branch.to, branch.flight, steps):
            self.follow(onward, steps + 1)

    def _next(self, place: Place, flight: Flight, steps: int) -> list[Branch]:
        if steps > MOST_STEPS:
            return [stops("a loop", flight)]
        if place.kind is Kind.SEND:
            return _sent(self.spec, place, flight)
        if place.kind is Kind.TAKE:
            return self._taken(place, flight)
        return STEPS[place.kind](self.spec, place, flight)

    def _taken(self, place: Place, flight: Flight) -> list[Branch]:
        """A request has come only to whom it was for; its answer is what was taken, turned round."""
        if not flight.reply and self.asked.destination not in (ANYBODY, place.name):
            return [stops(f"{place.name} takes it, not {self.asked.destination}", flight)]
        return [_answered(one) for one in _taken(self.spec, place, flight)]


def _answered(branch: Branch) -> Branch:
    """Where an end has taken a request, its reply sets out."""
    if branch.to.kind is not Kind.SEND:
        return branch
    flight = branch.flight
    return branch._replace(flight=replace(flight, packet=flight.packet.reversed(), reply=True, vpc=""))


def _sent(spec: Topology, place: Place, flight: Flight) -> list[Branch]:
    if place.name == OUTSIDE:
        return edge.internet(spec, place, flight)
    site = edge.site_of(spec, place.name)
    if site is not None:
        return edge.send_from_site(spec, site, flight)
    one = next(one for one in spec.hosts if one.name == place.name)
    return host.send(spec, one, replace(flight, vpc=spec.vpc_of(one.subnet), groups=()))


def _taken(spec: Topology, place: Place, flight: Flight) -> list[Branch]:
    if place.name == OUTSIDE:
        return edge.taken_outside(flight)
    site = edge.site_of(spec, place.name)
    if site is not None:
        return edge.taken_by_site(spec, site, flight)
    return host.take(spec, next(one for one in spec.hosts if one.name == place.name), flight)


STEPS: Mapping[Kind, Step] = {
    Kind.LEAVE: vpc.leave,
    Kind.TABLE: vpc.table,
    Kind.ARRIVING: vpc.arriving,
    Kind.NAT: edge.nat,
    Kind.EGRESS_ONLY: edge.egress_only,
    Kind.GATEWAY_ENDPOINT: service.gateway_endpoint,
    Kind.BALANCER: service.balancer,
    Kind.ENDPOINT: service.endpoint,
    Kind.INTERNET_GATEWAY: edge.internet_gateway,
    Kind.INTERNET: edge.internet,
    Kind.PEERING: vpc.peering,
    Kind.HUB: hub.enter,
    Kind.VPN_GATEWAY: edge.vpn_gateway,
}
