"""What is not known of a walk, by the part of it that this concerns.

A doubt that packets carry on leaves the parts behind it as they are; where packets are lost sight of, nothing behind
that place is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from mwaanet.checks.walked import Walked
from mwaanet.graph.flight import Action, Hop, Lose
from mwaanet.model.unknown import Unknown
from mwaanet.paths.blocked import BlockedPath
from mwaanet.paths.trace import Trace
from mwaanet.paths.walk import Leg


@dataclass
class Doubts:
    """Why parts are not known, and at which components that was met."""

    of: dict[str, dict[Unknown, None]] = field(default_factory=dict)
    at: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, part: str, unknown: Unknown, component: str = "") -> None:
        """One more reason why a part is not known."""
        self.of.setdefault(part, {})[unknown] = None
        if component:
            self.at.setdefault(part, {})[component] = None


def turned(trace: Trace) -> Iterator[tuple[Leg, int]]:
    """Every leg with the number of its hops that are the request's."""
    for leg in trace.forward:
        yield leg, len(leg.hops)
    for leg in trace.back:
        yield leg, 0


def met_by(walk: Walked, trace: Trace) -> set[str]:
    """The parts that packets of the trace met, on any way."""
    return {name for leg, turn in turned(trace) for name in walk.parts(leg.hops, turn)}


def doubts_of(walk: Walked, trace: Trace, paths: Iterable[BlockedPath] = ()) -> Doubts:
    """What is not known of each part, on the ways that packets take and on those that a search supposes."""
    found = Doubts()
    met = met_by(walk, trace)
    for leg, turn in turned(trace):
        parts = walk.parts(leg.hops, turn)
        lost = leg.end.unknown if isinstance(leg.end, Lose) else None
        known = (*leg.flight.doubts, *((lost,) if lost else ()))
        _met(found, leg.hops, parts, known)
        if lost:
            for part in set(_behind(walk, parts[-2:-1])) - met:
                found.add(part, lost)
    for path in paths:
        _met(found, path.hops, walk.parts(path.hops, path.turn), trace.unknowns)
    if not found.of:
        for part in set(_behind(walk, ())) - met:
            for unknown in trace.unknowns:
                found.add(part, unknown)
    return found


def _met(found: Doubts, hops: Sequence[Hop], parts: Sequence[str], known: Sequence[Unknown]) -> None:
    for hop, part in zip(hops, parts, strict=True):
        if hop.action is Action.UNKNOWN:
            mine = [unknown for unknown in known if unknown.reason == hop.by]
            for unknown in mine or [Unknown(reason=hop.by)]:
                found.add(part, unknown, hop.component)


def _behind(walk: Walked, last: Sequence[str]) -> tuple[str, ...]:
    """The parts behind the last one that packets were seen in, or all behind the name."""
    order = walk.order
    return order[max((order.index(part) for part in last if part in order), default=0) + 1 :]
