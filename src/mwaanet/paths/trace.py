"""Traces: a question answered, forward and back, for every packet that was asked about.

A request that arrives is only half of a connection: its replies are walked back on their own, from where the request
arrived to the client's own ports. What passes is what arrives *and* is answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from msgspec.structs import replace

from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Action, Arrive, Drop, Flight, Hop, Lose
from mwaanet.graph.network import Network
from mwaanet.graph.site import sent_on
from mwaanet.model.unknown import Unknown
from mwaanet.net import Intervals, PacketSet
from mwaanet.paths.question import LINUX_PORTS, Question, Start
from mwaanet.paths.walk import Leg, walk


class Reachable(StrEnum):
    """The verdict on a set of packets."""

    YES = "yes"
    NO = "no"
    PARTIAL = "partial"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of the asked packets; the four sets are disjoint and add up to the asked ones."""

    passed: PacketSet
    stopped: PacketSet
    torn: PacketSet
    """Packets that AWS may send two ways, of which one passes and one does not."""
    unclear: PacketSet

    def narrowed(self, ports: Intervals) -> Tally:
        """The tally of the packets from these client ports only."""
        return Tally(
            passed=self.passed.where(sport=ports),
            stopped=self.stopped.where(sport=ports),
            torn=self.torn.where(sport=ports),
            unclear=self.unclear.where(sport=ports),
        )

    @property
    def reachable(self) -> Reachable:
        """The verdict on all of them together; NO where there are none."""
        if not (self.passed or self.stopped or self.torn or self.unclear):
            return Reachable.NO
        if not (self.stopped or self.torn or self.unclear):
            return Reachable.YES
        if not (self.passed or self.torn or self.unclear):
            return Reachable.NO
        if self.unclear and not ((self.stopped or self.torn) and (self.passed or self.torn)):
            return Reachable.UNKNOWN
        return Reachable.PARTIAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The answer to a question: every leg of the requests and of the replies, and the tally of the packets."""

    question: Question
    asked: PacketSet
    forward: tuple[Leg, ...]
    back: tuple[Leg, ...]
    tally: Tally

    @property
    def reachable(self) -> Reachable:
        """The verdict; unknown where the ends themselves are not known, or nobody knows which addresses exist."""
        source, destination = self.question.source, self.question.destination
        if (source.unknown and not source.starts) or (destination.unknown and not destination.addresses):
            return Reachable.UNKNOWN
        verdict = self.tally.reachable
        if destination.unknown and verdict is not Reachable.NO:
            return Reachable.UNKNOWN
        if verdict is Reachable.PARTIAL and (source.undetermined or destination.undetermined):
            return self._of_any_address()
        if verdict is Reachable.PARTIAL and self.uncovered_ports:
            return Reachable.YES
        return verdict

    def _of_any_address(self) -> Reachable:
        """The verdict where only some addresses exist: part of the packets of every one of them may be stopped."""
        impaired = self.tally.stopped | self.tally.torn
        certain = []
        if self.question.source.undetermined:
            certain.append(self.asked.src.issubset(impaired.src))
        if self.question.destination.undetermined:
            certain.append(self.asked.dst.issubset(impaired.dst))
        return Reachable.PARTIAL if all(certain) else Reachable.UNKNOWN

    @property
    def uncovered_ports(self) -> Intervals:
        """Client ports that would not be answered, where nobody knows which the client uses.

        A client whose system is not known may use any of 1024-65535. Where all that a usual system (Linux) uses pass,
        the rest is worth a warning, not a failure; empty otherwise.
        """
        if any(start.ports_known for start in self.question.source.starts):
            return Intervals.EMPTY
        if self.tally.narrowed(LINUX_PORTS).reachable is not Reachable.YES:
            return Intervals.EMPTY
        return (self.tally.stopped | self.tally.torn | self.tally.unclear).sport - self.tally.passed.sport

    @property
    def unsent(self) -> str:
        """Why there are no such packets at all; empty where there are."""
        source, destination = self.question.source, self.question.destination
        if self.asked:
            return ""
        if not source.starts:
            return f"nobody sends from {source.name}"
        if not destination.addresses:
            return f"{destination.name} has no address"
        return f"no address of {source.name} is of the same family as one of {destination.name}"

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """Every reason why something could not be known, without repetition."""
        found = [end.unknown for end in (self.question.source, self.question.destination) if end.unknown]
        for leg in (*self.forward, *self.back):
            found.extend(leg.flight.doubts)
            if not isinstance(leg.end, Arrive | Drop):
                found.append(leg.end.unknown)
        return tuple(dict.fromkeys(found))

    @property
    def drops(self) -> tuple[Leg, ...]:
        """The legs that end in a drop, requests first."""
        return tuple(leg for leg in (*self.forward, *self.back) if isinstance(leg.end, Drop))


def trace(network: Network, question: Question) -> Trace:
    """Answer a question exactly, for every packet of it."""
    asked = PacketSet.NONE
    forward: list[Leg] = []
    back: list[Leg] = []
    for start, packets, legs in requests(network, question):
        asked = asked | packets
        forward.extend(legs)
        for leg in legs:
            if isinstance(leg.end, Arrive):
                back.extend(_reply(network, start, leg, leg.end))
    return Trace(
        question=question,
        asked=asked,
        forward=tuple(forward),
        back=tuple(back),
        tally=tally(asked, [leg for leg in forward if not isinstance(leg.end, Arrive)], back),
    )


def requests(network: Network, question: Question) -> Iterator[tuple[Start, PacketSet, list[Leg]]]:
    """What is asked of each start from which there are such packets, and every way that they take forward."""
    for start in question.source.starts:
        packets = question.packets(start)
        if question.destination.undetermined:
            packets = packets - packets.where(dst=network.publicly_held(packets.dst))
        if packets:
            legs = _request(network, start, packets)
            yield start, packets, [accepted(network, leg, question.destination.accepts) for leg in legs]


def tally(asked: PacketSet, ended_before: Iterable[Leg], answered: Iterable[Leg]) -> Tally:
    """Sort the asked packets by what became of them on all the ways that they may take."""
    arrived = arrived_in_doubt = dropped = dropped_in_doubt = PacketSet.NONE
    for leg in (*ended_before, *answered):
        packets = leg.flight.asked()
        doubtful = bool(leg.flight.doubts)
        if isinstance(leg.end, Drop):
            if doubtful:
                dropped_in_doubt = dropped_in_doubt | packets
            else:
                dropped = dropped | packets
        elif doubtful or not isinstance(leg.end, Arrive):
            arrived_in_doubt = arrived_in_doubt | packets
        else:
            arrived = arrived | packets
    stopped = asked & ((dropped | dropped_in_doubt) - arrived - arrived_in_doubt)
    torn = asked & ((arrived & dropped) - arrived_in_doubt - dropped_in_doubt)
    passed = asked & (arrived - arrived_in_doubt - dropped - dropped_in_doubt)
    return Tally(passed=passed, stopped=stopped, torn=torn, unclear=asked - stopped - torn - passed)


def _request(network: Network, start: Start, packets: PacketSet) -> list[Leg]:
    return walk(network, [(start.position, Flight(packets=packets))])


def reply_flight(leg: Leg, end: Arrive) -> Flight:
    """The replies to what arrived, with what the stateful components on the way remember of it."""
    return Flight(
        packets=end.flight.packets.reversed(),
        translations=end.flight.translations,
        reply=True,
        tracked=end.flight.tracked | {hop.component for hop in leg.hops},
        doubts=end.flight.doubts,
        mended=end.flight.mended,
    )


def _reply(network: Network, start: Start, leg: Leg, end: Arrive) -> list[Leg]:
    legs = walk(network, [(end.answer, reply_flight(leg, end))])
    return [inspected(leg.hops, answered(reply, start)) for reply in legs]


def inspected(request: Iterable[Hop], reply: Leg) -> Leg:
    """A stateful firewall that let a TCP request pass must see the replies, or it drops what follows.

    https://docs.aws.amazon.com/network-firewall/latest/developerguide/asymmetric-routing.html
    """
    if not isinstance(reply.end, Arrive) or not reply.flight.packets.where(protocol=6):
        return reply
    seen = {hop.component for hop in reply.hops}
    for hop in request:
        if hop.code is Code.FIREWALL_ALLOWS and hop.component not in seen:
            by = f"the reply bypasses {hop.component}, which saw the request"
            return _misplaced(reply, by, Code.FIREWALL_ASYMMETRIC)
    return reply


def answered(leg: Leg, start: Start) -> Leg:
    """A reply has arrived only where the client is, and only from the address that the client called."""
    if not isinstance(leg.end, Arrive):
        return leg
    if leg.end.hop.component != start.position.component:
        by = f"the reply goes to {leg.end.hop.component}, not to the client"
        vpc = leg.end.flight.vpc
        held = f"{by}, for {vpc} holds {leg.flight.packets.dst}, too" if vpc else by
        return _misplaced(leg, held, Code.WRONG_DESTINATION, (vpc,) if vpc else ())
    if leg.flight.translations:
        by = "the reply bypasses the translation of the request, so its addresses do not match"
        return _misplaced(leg, by, Code.REPLY_MISMATCH)
    return leg


def accepted(network: Network, leg: Leg, accepts: frozenset[str] | None) -> Leg:
    """A request has arrived only where it was to; whether it goes on to there from an undeclared place is not known."""
    if accepts is None or not isinstance(leg.end, Arrive) or leg.end.hop.component in accepts:
        return leg
    unknown = sent_on(network, leg.end.hop.component, leg.flight.packets.dst)
    if unknown:
        hop = replace(leg.end.hop, action=Action.UNKNOWN, by=unknown.reason)
        return Leg((*leg.hops[:-1], hop), Lose(flight=leg.flight, hop=hop, unknown=unknown))
    by = f"{leg.end.hop.component} takes the packets, not {', '.join(sorted(accepts)[:3])}"
    return _misplaced(leg, by, Code.WRONG_DESTINATION)


def _misplaced(leg: Leg, by: str, code: Code, also: tuple[str, ...] = ()) -> Leg:
    last = leg.hops[-1]
    hop = Hop(
        component=last.component,
        kind=last.kind,
        action=Action.DROP,
        by=by,
        code=code,
        packets=leg.flight.packets,
        evidence=last.evidence,
        also=also,
    )
    return replace(leg, hops=(*leg.hops[:-1], hop), end=Drop(flight=leg.flight, hop=hop))
