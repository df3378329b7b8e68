"""A question asked on its own, as an assertion of a user's is: every pair of its ends is judged, and one verdict given.

A question that says nothing is refused: no packet at all must not read as proof that none gets through. *No* is what an
assertion of the contrary would prove (`expect: blocked`): that the reply alone is stopped is not enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mwaanet.checks.answer import Answer, assumed_in
from mwaanet.checks.codes import Fault
from mwaanet.checks.context import Context
from mwaanet.checks.evaluate import answers_of, findings_of, unheard_answer, with_assumptions
from mwaanet.checks.language import Check, Permit, Reach, Resolve, Selection
from mwaanet.checks.permit import permit
from mwaanet.checks.reach import reach
from mwaanet.checks.resolve import resolve_name
from mwaanet.checks.result import Finding, Severity, Status
from mwaanet.checks.selectors import Absent, End, HostName, is_of_environment, misspelt, no_name, no_sender, select
from mwaanet.checks.through import held_by_nobody
from mwaanet.errors import UsageError
from mwaanet.paths.question import Endpoint
from mwaanet.paths.trace import Reachable

Question = Reach | Resolve | Permit


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The answers to a question, one for each pair of ends; as findings, one for each cause; and the verdict.

    `contrary` are findings that say why *no* is not proven although nothing of it is so; `assumptions` what the verdict
    takes for granted.
    """

    verdict: Reachable
    answers: tuple[Answer, ...]
    findings: tuple[Finding, ...]
    contrary: tuple[Finding, ...] = ()
    assumptions: tuple[str, ...] = ()


def answer(context: Context, title: str, question: Question) -> Answered:
    """Answer a question; UsageError where it means nothing in this snapshot, or asks about nothing."""
    check = Check(id="", title=title, path="service", severity=Severity.HIGH, why="", source="", fix="", verb=question)
    answers = with_assumptions(context, lambda: _answers(context, check, question))
    if not answers:
        raise UsageError(f"{title}: there is nothing that this asks about")
    verdict = together([verdict_of(one) for one in answers])
    findings = tuple(findings_of(context, check, answers))
    found = Answered(verdict=verdict, answers=tuple(answers), findings=findings, assumptions=assumed_in(answers))
    if verdict is not Reachable.NO:
        return found
    negative = replace(check, negative=True)
    opposite = with_assumptions(context, lambda: _answers(context, negative, question))
    contrary = [one for one in opposite if not _asks_nothing(one)]
    doubts = [one for one in contrary if one.segment.status in (Status.FAIL, Status.UNKNOWN)]
    return replace(
        found,
        verdict=_proven_no(doubts),
        contrary=tuple(findings_of(context, negative, doubts)) if doubts else (),
        assumptions=assumed_in((*answers, *contrary)),
    )


def _answers(context: Context, check: Check, question: Question) -> list[Answer]:
    texts = _words(question)
    for problem in filter(None, map(misspelt, texts)):
        raise UsageError(problem)
    if context.unread and (isinstance(question, Permit) or any(map(is_of_environment, texts))):
        return answers_of(context, check)
    if isinstance(question, Permit):
        if context.facts is None:
            raise UsageError("the snapshot holds no environment, or several; say which")
        unheard = unheard_answer(context, check)
        return [unheard] if unheard else permit(context, check, question)
    if isinstance(question, Resolve):
        if problem := no_name(question.name):
            raise UsageError(problem)
        senders(context, question.source)
        return resolve_name(context, check, question)
    senders(context, question.source)
    _receivers(context, question.destination)
    return reach(context, check, question)


def _receivers(context: Context, selection: Selection) -> None:
    """UsageError where an end is addresses that nobody has: from what is misspelt everybody is kept."""
    for text in selection.of:
        for end in select(context.network, context.facts, text):
            if held_by_nobody(context, end):
                raise UsageError(f"nobody has {end.name}, so that nothing could arrive")


def _words(question: Question) -> tuple[str, ...]:
    """The selectors of a question."""
    if isinstance(question, Permit):
        return (question.source, *([question.via] if question.via else []))
    ends = question.destination.of if isinstance(question, Reach) else (question.name,)
    return *question.source.of, *ends


def senders(context: Context, selection: Selection) -> tuple[Endpoint, ...]:
    """The ends that send; UsageError where one is no sender, or nobody is there who could send."""
    ends = [end for text in selection.of for end in select(context.network, context.facts, text)]
    if not ends:
        raise UsageError(f"{selection} is nobody here")
    return tuple(_sender(context, end) for end in ends)


def _sender(context: Context, end: End) -> Endpoint:
    if isinstance(end, HostName):
        raise UsageError(f"{end.name} {no_sender(context.network, end)}")
    if isinstance(end, Absent):
        raise UsageError(f"{end.name}: {end.reason}")
    if not end.starts and not end.unknown:
        raise UsageError(f"nobody sends from {end.name}")
    return end


def verdict_of(one: Answer) -> Reachable:
    """The verdict of one answer, before its contrary is asked.

    Where only the packets to the name's servers are stopped, who knows the address may still get through.
    """
    if one.segment.status is Status.UNKNOWN:
        return Reachable.UNKNOWN
    if one.segment.status is not Status.FAIL:
        return Reachable.YES
    if one.segment.trace is not None:
        return one.segment.trace.reachable
    by_address = one.cause is not None and one.cause.code == Fault.NAME_QUERY_BLOCKED
    return Reachable.PARTIAL if by_address else Reachable.NO


def _asks_nothing(one: Answer) -> bool:
    return one.cause is not None and one.cause.code == Fault.SELECTION_EMPTY


def _proven_no(doubts: Sequence[Answer]) -> Reachable:
    """*No* where the contrary holds without a doubt; else part of it is so, or nothing is known."""
    statuses = {one.segment.status for one in doubts}
    if Status.FAIL in statuses:
        return Reachable.PARTIAL
    return Reachable.UNKNOWN if statuses else Reachable.NO


def together(verdicts: Sequence[Reachable]) -> Reachable:
    """The verdict on all of them: as of one only where all agree."""
    found = set(verdicts)
    if len(found) == 1:
        return verdicts[0]
    certain = Reachable.PARTIAL in found or {Reachable.YES, Reachable.NO} <= found
    return Reachable.PARTIAL if certain else Reachable.UNKNOWN
