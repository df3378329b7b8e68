"""The walk: follow flights step by step until every packet has arrived, was dropped or is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace

from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Action, Arrive, Drop, Flight, Hop, Kind, Lose, Outcome, Pass, Position
from mwaanet.graph.network import Network
from mwaanet.graph.transfer import transfer
from mwaanet.model.unknown import Unknown

MOST_STEPS = 200_000
"""Steps after which a walk gives up and calls the rest unknown: no network needs so many."""


class Leg(msgspec.Struct, frozen=True, gc=False):
    """One way that packets took: the hops in order and what became of the packets at the end."""

    hops: tuple[Hop, ...]
    end: Arrive | Drop | Lose

    @property
    def flight(self) -> Flight:
        """The packets as they were at the end."""
        return self.end.flight


class _Trail(msgspec.Struct, frozen=True):
    """Hops so far, newest first, shared between branches; known to the collector, which frees long ones in a loop."""

    hop: Hop
    before: _Trail | None


_Visited = set[tuple[Position, str, frozenset[str], tuple[Position, ...]]]


def walk(network: Network, starts: Iterable[tuple[Position, Flight]]) -> list[Leg]:
    """Every leg of the given flights; together their ends hold all packets of the starts."""
    pending: list[tuple[Position, Flight, _Trail | None, _Visited]] = [
        (position, flight, None, set()) for position, flight in starts if flight.packets
    ]
    legs: list[Leg] = []
    steps = 0
    while pending:
        position, flight, trail, visited = pending.pop()
        steps += 1
        if steps > MOST_STEPS:
            legs.append(_exhausted(position, flight, trail))
            continue
        key = (position, flight.entered, flight.translators, flight.ahead)
        if key in visited:
            legs.append(_loop(position, flight, trail))
            continue
        visited.add(key)
        outcomes = transfer(network, position, flight)
        for outcome in outcomes:
            hop = shown(outcome, flight)
            onward = _Trail(hop, trail) if hop else trail
            if isinstance(outcome, Pass):
                own = visited if len(outcomes) == 1 else visited.copy()
                pending.append((outcome.to, outcome.flight, onward, own))
            else:
                legs.append(Leg(_hops(onward), outcome))
    return legs


def shown(outcome: Outcome, flight: Flight) -> Hop | None:
    """The hop of an outcome; that after which packets are in doubt says so, whatever else it decided."""
    hop = outcome.hop
    if outcome.flight.doubts is flight.doubts:
        return hop
    new = [doubt for doubt in outcome.flight.doubts if doubt not in flight.doubts]
    if hop is None or not new or not isinstance(outcome, Pass) or hop.action is Action.UNKNOWN:
        return hop
    return replace(hop, action=Action.UNKNOWN, by=new[0].reason)


def _hops(trail: _Trail | None) -> tuple[Hop, ...]:
    return tuple(reversed(list(_newest_first(trail))))


def _newest_first(trail: _Trail | None) -> Iterator[Hop]:
    while trail is not None:
        yield trail.hop
        trail = trail.before


def _loop(position: Position, flight: Flight, trail: _Trail | None) -> Leg:
    hop = Hop(
        component=position.component,
        kind=trail.hop.kind if trail else Kind.UNMODELLED,
        action=Action.DROP,
        by=f"the packets return to {position.component}: a routing loop",
        code=Code.ROUTING_LOOP,
        packets=flight.packets,
    )
    return Leg(_hops(_Trail(hop, trail)), Drop(flight=flight, hop=hop))


def _exhausted(position: Position, flight: Flight, trail: _Trail | None) -> Leg:
    unknown = Unknown(reason=f"gave up after {MOST_STEPS} steps")
    hop = Hop(
        component=position.component,
        kind=Kind.UNMODELLED,
        action=Action.UNKNOWN,
        by=unknown.reason,
        code=Code.TARGET_UNKNOWN,
        packets=flight.packets,
    )
    return Leg(_hops(_Trail(hop, trail)), Lose(flight=flight, hop=hop, unknown=unknown))
