"""Evaluating checks: each asks on its own, and answers with the same cause become one finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from mwaanet.checks import expressions
from mwaanet.checks.answer import Answer, Cause, unknown_cause
from mwaanet.checks.context import Context
from mwaanet.checks.facts import EACH, Facts, placeholders
from mwaanet.checks.language import PRINCIPAL, Check, Permit, Reach, Require, Resolve, Skip, Verb
from mwaanet.checks.permit import permit
from mwaanet.checks.reach import reach
from mwaanet.checks.require import require
from mwaanet.checks.resolve import resolve_name
from mwaanet.checks.result import Finding, Fix, Segment, Status
from mwaanet.checks.subject import of_origins
from mwaanet.errors import CheckFileError, UsageError
from mwaanet.graph.codes import Code
from mwaanet.graph.explanations import EXPLANATIONS
from mwaanet.graph.flight import Evidence
from mwaanet.model.unknown import Unknown

_VERBS: dict[type[Any], Callable[[Context, Check, Any], list[Answer]]] = {
    Reach: reach,
    Resolve: resolve_name,
    Permit: permit,
    Require: require,
}


def answers_of(context: Context, check: Check) -> list[Answer]:
    """Every answer of one check; none where it does not apply, or there is nothing that it asks about.

    CheckFileError where a text of the check means nothing in this snapshot.
    """
    try:
        return _answers(context, check)
    except UsageError as error:
        raise CheckFileError(check.file, f"line {check.line}", f"{check.id}: {error}") from error


def _answers(context: Context, check: Check) -> list[Answer]:
    if context.unread:
        return [] if isinstance(check.verb, Skip) else [_unknown(check, (context.unread,))]
    facts = context.facts
    assert facts is not None, check.id
    unknown = facts.unknowns(expressions.names(check.when) if check.when else ())
    if unknown:
        return [] if isinstance(check.verb, Skip) else [_unknown(check, unknown)]
    if check.when and not expressions.holds(check.when, facts.document(expressions.names(check.when))):
        return []
    if isinstance(check.verb, Skip):
        return [_skipped(facts, check, check.verb)]
    unknown = facts.unknowns(facts_of(check))
    if unknown:
        return [_unknown(check, unknown)]
    evidence = _facts_evidence(facts, check)
    answers = [answer for verb in _verbs(facts, check) for answer in _VERBS[type(verb)](context, check, verb)]
    return [replace(answer, evidence=tuple(dict.fromkeys((*evidence, *answer.evidence)))) for answer in answers]


def verbs_asked(facts: Facts, check: Check) -> tuple[Verb, ...]:
    """What a check asks of this environment; nothing where it does not apply, or a fact it speaks of is not known."""
    if facts.unknowns(facts_of(check)):
        return ()
    if check.when and not expressions.holds(check.when, facts.document(expressions.names(check.when))):
        return ()
    return tuple(_verbs(facts, check))


def facts_of(check: Check) -> tuple[str, ...]:
    """The facts that a check speaks of, so that it cannot be answered without them."""
    names = dict.fromkeys(expressions.names(check.when) if check.when else ())
    names.update({check.each: None} if check.each else {})
    for text in _texts(check.verb):
        names.update(dict.fromkeys(placeholders(text)))
    if isinstance(check.verb, Permit) and check.verb.principal == PRINCIPAL:
        names["role"] = None
    if isinstance(check.verb, Require) and not check.verb.call:
        names.update(dict.fromkeys(expressions.names(check.verb.that)))
    return tuple(name for name in names if name != EACH)


def _texts(part: Any) -> Iterator[str]:
    """Every text in a verb."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        for item in part:
            yield from _texts(item)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _texts(getattr(part, field.name))


def _facts_evidence(facts: Facts, check: Check) -> tuple[Evidence, ...]:
    """Where the environment itself was read, and the facts that the check speaks of."""
    known = [evidence for fact in facts.known(facts_of(check)) for evidence in fact.evidence]
    return tuple(dict.fromkeys((*of_origins((facts.environment.origin,)), *known)))


def _unknown(check: Check, unknown: tuple[Unknown, ...]) -> Answer:
    """The answer where a fact that the check speaks of is not known."""
    cause = unknown_cause(unknown, f"whether {check.title[:1].lower()}{check.title[1:]} is not known")
    verb = check.verb
    source = getattr(verb, "source", "") or getattr(verb, "principal", "") or getattr(verb, "about", "")
    target = getattr(verb, "destination", "") or getattr(verb, "via", "") or check.title
    segment = Segment(source=source, destination=target, status=Status.UNKNOWN, check=check.id, reason=cause.message)
    return Answer(segment=segment, cause=cause)


def _skipped(facts: Facts, check: Check, verb: Skip) -> Answer:
    segment = Segment(
        source="mwaa.webserver",
        destination=check.title,
        status=Status.SKIP,
        check=check.id,
        reason=facts.fill(verb.reason),
    )
    return Answer(segment=segment)


def _verbs(facts: Facts, check: Check) -> Iterable[Verb]:
    """The verb, or once for each value of the list that the check asks about."""
    if not check.each:
        return [check.verb]
    values = facts.value(check.each)
    return [_with_value(check.verb, value) for value in (values if isinstance(values, tuple) else (str(values),))]


def _with_value(verb: Verb, value: str) -> Verb:
    changed = {field.name: _filled(getattr(verb, field.name), value) for field in fields(verb)}
    return replace(verb, **changed)


def _filled(field: Any, value: str) -> Any:
    if isinstance(field, str):
        return field.replace(f"{{{EACH}}}", value)
    if isinstance(field, tuple):
        return tuple(_filled(item, value) for item in field)
    return field


def findings_of(context: Context, check: Check, answers: list[Answer]) -> list[Finding]:
    """The answers of one check as findings: one per cause, and one for all that pass."""
    groups: dict[tuple[object, ...], list[Answer]] = {}
    for answer in answers:
        cause = answer.cause
        key: tuple[object, ...] = (
            answer.segment.status,
            cause.resources if cause else (),
            cause.code if cause else None,
        )
        if answer.segment.status is Status.UNKNOWN and cause:
            key = (*key, cause.needs)
        groups.setdefault(key, []).append(answer)
    return [_finding(context, check, group) for group in groups.values()]


def _finding(context: Context, check: Check, group: list[Answer]) -> Finding:
    first = group[0]
    cause = first.cause or Cause(message=first.segment.reason or check.title)
    evidence = tuple(dict.fromkeys(e for answer in group for e in (answer.cause or answer).evidence))
    filled = context.facts.fill if context.facts else str
    return Finding(
        id=check.id,
        path=check.path,
        status=first.segment.status,
        severity=check.severity,
        title=check.title,
        message=_message(group, cause),
        resources=cause.resources,
        code=cause.code,
        aws_code=_aws_code(cause.code),
        step=cause.step,
        needs=tuple(dict.fromkeys(n for answer in group if answer.cause for n in answer.cause.needs)),
        evidence=evidence,
        fix=_fix(filled(check.fix), cause) if first.segment.status in (Status.FAIL, Status.WARN) else None,
        segments=tuple(answer.segment for answer in group),
    )


def _message(group: list[Answer], cause: Cause) -> str:
    others = len({(answer.segment.source, answer.segment.destination) for answer in group}) - 1
    return cause.message + (f" (and {others} more)" if others > 0 and group[0].cause else "")


def _fix(summary: str, cause: Cause) -> Fix:
    actions = "; ".join(cause.actions)
    mended = f"{actions[:1].upper()}{actions[1:]}." if actions else summary
    return Fix(summary=" ".join((mended, *cause.advice)), cli=cause.cli)


def _aws_code(code: str | None) -> str | None:
    if code is None or code not in Code.__members__:
        return None
    return EXPLANATIONS[Code[code]].aws_code
