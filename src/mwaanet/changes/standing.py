"""How every question stands in one snapshot: what the checks ask, and every pair of ends for every packet.

The checks say what an environment needs; the pairs show what else opened or closed, which nobody asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mwaanet.checks.answer import Answer
from mwaanet.checks.context import Context
from mwaanet.checks.evaluate import answers_of
from mwaanet.checks.language import Check
from mwaanet.checks.result import Status
from mwaanet.checks.selectors import select
from mwaanet.errors import UsageError
from mwaanet.graph.flight import Evidence
from mwaanet.net import PacketSet
from mwaanet.paths.question import Endpoint, Question
from mwaanet.paths.trace import Trace
from mwaanet.paths.walk import Leg
from mwaanet.snapshot import CallRef

WORKERS, INTERNET = "mwaa.worker", "internet"
_ENDS = (WORKERS, "mwaa.database", "mwaa.webserver", INTERNET)


class Asked(NamedTuple):
    """One thing that a check asked: by whom, of what."""

    check: str
    source: str
    destination: str


class Pair(NamedTuple):
    """Two ends, by their names."""

    source: str
    destination: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one question stands, why, and what the answer rests on: components, places that were read, assumptions."""

    status: Status
    reason: str
    resources: tuple[str, ...]
    components: frozenset[str]
    evidence: tuple[Evidence, ...]
    needs: tuple[CallRef, ...] = ()
    assumptions: tuple[str, ...] = ()


def standings(context: Context, checks: Iterable[Check]) -> dict[Asked, Standing]:
    """The answers of all checks; of several to the same question the worst."""
    found: dict[Asked, Standing] = {}
    for check in checks:
        for answer in answers_of(context, check):
            key = Asked(check.id, answer.segment.source, answer.segment.destination)
            standing = _standing(answer)
            if key not in found or Status.worst((found[key].status, standing.status)) is not found[key].status:
                found[key] = standing
    return found


def _standing(answer: Answer) -> Standing:
    trace, cause = answer.segment.trace, answer.cause
    legs = (*trace.forward, *trace.back) if trace else ()
    components, evidence = passed_by(legs)
    named = cause.resources if cause else ()
    drops = cause.drops if cause else ()
    return Standing(
        status=answer.segment.status,
        reason=cause.message if cause else answer.segment.reason,
        resources=named,
        components=components | frozenset(named) | {hop.component for hop in drops},
        evidence=tuple(dict.fromkeys((*evidence, *answer.evidence, *(cause.evidence if cause else ())))),
        needs=cause.needs if cause else (),
        assumptions=answer.assumptions,
    )


def passed_by(legs: Sequence[Leg]) -> tuple[frozenset[str], tuple[Evidence, ...]]:
    """The components on some ways, and where what decided there was read."""
    hops = [hop for leg in legs for hop in leg.hops]
    components = frozenset(name for hop in hops for name in (hop.component, *hop.also))
    return components, tuple(dict.fromkeys(evidence for hop in hops for evidence in hop.evidence))


def pair_traces(context: Context) -> dict[Pair, Trace]:
    """Every packet of every protocol between the environment's own ends, the internet and the declared sites."""
    ends = _ends(context)
    return {
        Pair(source.name, destination.name): context.trace(Question(source=source, destination=destination))
        for source in ends.values()
        for destination in ends.values()
        if source.name != destination.name and source.starts
    }


def _ends(context: Context) -> Mapping[str, Endpoint]:
    words = [*(_ENDS if context.facts else (INTERNET,)), *(site.name for site in context.inventory.sites)]
    return {end.name: end for word in words for end in _selected(context, word)}


def _selected(context: Context, word: str) -> Iterator[Endpoint]:
    try:
        ends = select(context.network, context.facts, word)
    except UsageError:
        return
    yield from (end for end in ends if isinstance(end, Endpoint) and not end.unknown)


class Shift(NamedTuple):
    """What differs between two answers about the same packets, where both are known."""

    opened: PacketSet
    closed: PacketSet

    def __bool__(self) -> bool:
        return bool(self.opened) or bool(self.closed)


def shift(old: Trace, new: Trace) -> Shift:
    """Packets that pass now and were stopped, and the other way round."""
    both = old.asked & new.asked
    stopped, stops = old.tally.stopped | old.tally.torn, new.tally.stopped | new.tally.torn
    return Shift(opened=new.tally.passed & stopped & both, closed=stops & old.tally.passed & both)


def legs_of(trace: Trace, packets: PacketSet) -> list[Leg]:
    """The ways that some of the packets take."""
    return [leg for leg in (*trace.forward, *trace.back) if not leg.flight.asked().isdisjoint(packets)]
