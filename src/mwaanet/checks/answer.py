"""One check's answer for one thing it asked, before answers with the same cause become one finding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from mwaanet.checks.finding_code import Fault
from mwaanet.checks.language import Check
from mwaanet.checks.result import Segment, Status, Witness
from mwaanet.fixes.change import Change
from mwaanet.graph.flight import Evidence, Hop
from mwaanet.model.unknown import Unknown
from mwaanet.paths.blocked import BlockedPath
from mwaanet.paths.trace import Trace
from mwaanet.snapshot.operations import CallRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why something is not a pass: what to say, who is the culprit, where it was read, how to mend it.

    `changes` are those that would mend it, `advice` what to do instead of mending it.
    """

    message: str
    resources: tuple[str, ...] = ()
    code: str | None = None
    step: str = ""
    needs: tuple[CallRef, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    actions: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    advice: tuple[str, ...] = ()
    drops: tuple[Hop, ...] = field(default=(), compare=False)
    paths: tuple[BlockedPath, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A segment with the cause of its status (None for a pass), and a packet that proves it where one does.

    `assumptions` are what it takes for granted.
    """

    segment: Segment
    cause: Cause | None = None
    evidence: tuple[Evidence, ...] = ()
    assumptions: tuple[str, ...] = ()
    witness: Witness | None = None


def answered(
    check: Check,
    source: str,
    destination: str,
    status: Status,
    cause: Cause | None,
    evidence: tuple[Evidence, ...] = (),
    trace: Trace | None = None,
    assumptions: tuple[str, ...] = (),
) -> Answer:
    """The answer for one source and destination; a failure counts as the check's level says."""
    segment = Segment(
        source=source,
        destination=destination,
        status=Status.WARN if status is Status.FAIL and check.level == "warn" else status,
        check=check.id,
        reason=cause.message if cause else "",
        trace=trace,
        blocked=cause.paths if cause and trace else (),
    )
    return Answer(segment=segment, cause=cause, evidence=evidence, assumptions=assumptions)


def empty_answer(check: Check, source: str, destination: str, reason: str) -> Answer:
    """The answer where there is nothing to ask about: a failure, for it would hold whatever is so, unless allowed."""
    if check.allow_empty:
        return skipped_answer(check, source, destination, f"nothing to ask: {reason}")
    cause = Cause(message=f"nothing is selected: {reason}", code=Fault.SELECTION_EMPTY, step="configuration")
    segment = Segment(source=source, destination=destination, status=Status.FAIL, check=check.id, reason=cause.message)
    return Answer(segment=segment, cause=cause)


def skipped_answer(check: Check, source: str, destination: str, reason: str) -> Answer:
    """The answer of a check that is not judged, and why."""
    return Answer(
        segment=Segment(source=source, destination=destination, status=Status.SKIP, check=check.id, reason=reason)
    )


def unknown_cause(unknowns: tuple[Unknown, ...], what: str) -> Cause:
    """The cause of an unknown answer: what was not known, and the calls that would tell."""
    reasons = "; ".join(dict.fromkeys(unknown.reason for unknown in unknowns)) or "not known"
    needs = tuple(dict.fromkeys(need for unknown in unknowns for need in unknown.needs))
    return Cause(message=f"{what}: {reasons}", code=None, step="unknown", needs=needs)


def undecided(unknowns: tuple[Unknown, ...], title: str) -> Cause:
    """The cause where it is not known whether what a check's title says holds, or what it says to be known."""
    head, _, rest = title.partition(" ")
    said = f"{head.lower() if head.istitle() and head not in _PROPER_NAMES else head} {rest}"
    known = said.removesuffix(" is known")
    return unknown_cause(unknowns, f"whether {said} is not known" if known == said else f"{known} is not known")


_PROPER_NAMES = ("Amazon", "Python")
"""Capital letters that titles begin with and sentences keep, beside what has more than one."""


def assumed_in(answers: Iterable[Answer]) -> tuple[str, ...]:
    """What some answers take for granted, each told once."""
    return tuple(dict.fromkeys(text for answer in answers for text in answer.assumptions))
