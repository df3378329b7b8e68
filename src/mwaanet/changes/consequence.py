"""What changed of what is reached: for each check and way it went, and for each pair of ends.

Between known and unknown nothing is said of better or worse: a snapshot of which less was told is no worse network.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from mwaanet.changes.records import RecordChange
from mwaanet.changes.standing import Asked, Pair, Standing, legs_of, passed_by, shift
from mwaanet.checks.language import Check
from mwaanet.checks.result import Severity, Status
from mwaanet.graph.flight import Evidence
from mwaanet.net import PacketSet
from mwaanet.paths.trace import Trace
from mwaanet.snapshot import CallRef


class Turn(StrEnum):
    """Which way an answer went."""

    WORSE = "worse"
    BETTER = "better"
    UNKNOWN = "unknown"
    """It was known and is not, or fails where it was not known."""
    KNOWN = "known"
    OPENED = "opened"
    CLOSED = "closed"


class Tried(StrEnum):
    """What trying the changes on the old snapshot gave."""

    ALONE = "alone"
    """Everything in it is what one of the changes alone brings about."""
    TOGETHER = "together"
    NOT = "not"
    """Not even all of them together bring it about, or there was too much to try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A change that explains a consequence; `pairs` are those that it alone brings about."""

    change: RecordChange
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """One thing that is reached no longer, or anew; questions of one check that went the same way are one."""

    turn: Turn
    id: str = ""
    title: str = ""
    path: str = ""
    severity: Severity | None = None
    before: Status | None = None
    after: Status | None = None
    pairs: tuple[Pair, ...]
    reasons: tuple[str, ...] = ()
    """Why it stands as it does now, else why it stood as it did; one sentence for each cause."""
    packets: str = ""
    resources: tuple[str, ...] = ()
    needs: tuple[CallRef, ...] = ()
    causes: tuple[Cause, ...] = ()
    tried: Tried = Tried.NOT


class Draft(NamedTuple):
    """A consequence with what its answers rest on, and what tells whether another snapshot shows it too."""

    consequence: Consequence
    components: frozenset[str]
    evidence: tuple[Evidence, ...]
    asked: tuple[Asked, ...] = ()
    packets: PacketSet = PacketSet.NONE


def of_checks(checks: Sequence[Check], was: Mapping[Asked, Standing], now: Mapping[Asked, Standing]) -> Iterator[Draft]:
    """What went another way, of what the checks ask; one draft for each check and way."""
    known = {check.id: check for check in checks}
    for (name, turn), group in _grouped(was, now).items():
        sides = [side[asked] for side in (was, now) for asked in group if asked in side]
        told_by = [side[asked] for side in (now, was) for asked in group if asked in side and side[asked].reason]
        first = group[0]
        yield Draft(
            Consequence(
                turn=turn,
                id=name,
                title=known[name].title,
                path=known[name].path,
                severity=known[name].severity,
                before=was[first].status if first in was else None,
                after=now[first].status if first in now else None,
                pairs=tuple(Pair(asked.source, asked.destination) for asked in group),
                reasons=_distinct([one for one in told_by if one.status is told_by[0].status]),
                resources=tuple(dict.fromkeys(resource for one in sides for resource in one.resources)),
                needs=tuple(dict.fromkeys(need for one in sides for need in one.needs)),
            ),
            frozenset().union(*(one.components for one in sides)),
            tuple(dict.fromkeys(evidence for one in sides for evidence in one.evidence)),
            asked=tuple(group),
        )


def _distinct(standings: Sequence[Standing]) -> tuple[str, ...]:
    """The reasons, one for each culprit."""
    return tuple({standing.resources[:1] or standing.reason: standing.reason for standing in standings}.values())


def _grouped(was: Mapping[Asked, Standing], now: Mapping[Asked, Standing]) -> dict[tuple[str, Turn], list[Asked]]:
    """The questions that went another way, by check and way."""
    groups: dict[tuple[str, Turn], list[Asked]] = {}
    for asked in dict.fromkeys((*was, *now)):
        turn = _turn(*(side[asked].status if asked in side else None for side in (was, now)))
        if turn is not None:
            groups.setdefault((asked.check, turn), []).append(asked)
    return groups


_RANKS = {None: 0, Status.SKIP: 0, Status.PASS: 0, Status.WARN: 1, Status.FAIL: 2}


def _turn(before: Status | None, after: Status | None) -> Turn | None:
    """Which way it went; None where it stands as before."""
    if before is after:
        return None
    if after is Status.UNKNOWN:
        return Turn.UNKNOWN
    if before is Status.UNKNOWN:
        return Turn.UNKNOWN if after is Status.FAIL else Turn.KNOWN
    if _RANKS[before] == _RANKS[after]:
        return None
    return Turn.WORSE if _RANKS[after] > _RANKS[before] else Turn.BETTER


def of_pairs(was: Mapping[Pair, Trace], now: Mapping[Pair, Trace]) -> Iterator[Draft]:
    """What opened or closed between the ends, of all packets."""
    for pair in was:
        if pair not in now:
            continue
        old, new = was[pair], now[pair]
        for turn, packets in zip((Turn.OPENED, Turn.CLOSED), shift(old, new), strict=True):
            if packets:
                components, evidence = passed_by([*legs_of(old, packets), *legs_of(new, packets)])
                consequence = Consequence(turn=turn, pairs=(pair,), packets=packets.describe())
                yield Draft(consequence, components, evidence, packets=packets)
