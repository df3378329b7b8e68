"""Evaluating checks: each asks on its own, and answers with the same cause become one finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import jmespath

from mwaanet.checks.answer import Answer, Cause
from mwaanet.checks.context import Context
from mwaanet.checks.language import Check, Permit, Reach, Require, Resolve, Skip, Verb
from mwaanet.checks.permit import permit
from mwaanet.checks.reach import reach
from mwaanet.checks.require import require
from mwaanet.checks.resolve import resolve_name
from mwaanet.checks.result import Finding, Fix, Segment, Status
from mwaanet.graph.codes import Code
from mwaanet.graph.explanations import EXPLANATIONS

_VERBS: dict[type[Any], Callable[[Context, Check, Any], list[Answer]]] = {
    Reach: reach,
    Resolve: resolve_name,
    Permit: permit,
    Require: require,
}


def applies(context: Context, check: Check) -> bool:
    """Whether the check's `when` holds for the environment."""
    if not check.when:
        return True
    assert context.facts is not None, check.id
    return bool(jmespath.search(check.when, context.facts.document()))


def answers_of(context: Context, check: Check) -> list[Answer]:
    """Every answer of one check; one per value where the check asks for `each` of a list."""
    if isinstance(check.verb, Skip):
        segment = Segment(
            source="mwaa.webserver",
            destination=check.title,
            status=Status.SKIP,
            check=check.id,
            reason=context.facts.fill(check.verb.reason) if context.facts else check.verb.reason,
        )
        return [Answer(segment=segment)]
    return [answer for verb in _verbs(context, check) for answer in _VERBS[type(verb)](context, check, verb)]


def _verbs(context: Context, check: Check) -> Iterable[Verb]:
    if not check.each:
        return [check.verb]
    assert context.facts is not None, check.id
    values = context.facts.values.get(check.each, [])
    verbs = []
    for value in values if isinstance(values, list) else [values]:
        fields = {name: _filled(getattr(check.verb, name), str(value)) for name in check.verb.__dataclass_fields__}
        verbs.append(replace(check.verb, **fields))
    return verbs


def _filled(field: Any, value: str) -> Any:
    if isinstance(field, str):
        return field.replace("{each}", value)
    if isinstance(field, tuple):
        return tuple(_filled(item, value) for item in field)
    return field


def findings_of(context: Context, check: Check, answers: list[Answer]) -> list[Finding]:
    """The answers of one check as findings: one per cause, and one for all that pass."""
    groups: dict[tuple[object, ...], list[Answer]] = {}
    for answer in answers:
        cause = answer.cause
        key: tuple[object, ...] = (answer.segment.status, cause.resources if cause else (), cause.code if cause else None)
        if answer.segment.status is Status.UNKNOWN and cause:
            key = (*key, cause.needs)
        groups.setdefault(key, []).append(answer)
    return [_finding(context, check, group) for group in groups.values()]


def _finding(context: Context, check: Check, group: list[Answer]) -> Finding:
    first = group[0]
    cause = first.cause or Cause(message=check.title)
    evidence = tuple(dict.fromkeys(e for answer in group for e in (answer.cause or answer).evidence))
    filled = context.facts.fill if context.facts else str
    return Finding(
        id=check.id,
        path=check.path,
        status=first.segment.status,
        severity=check.severity,
        title=check.title,
        message=_message(group, cause) or first.segment.reason,
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
    others = len({answer.segment.source for answer in group}) - 1
    return cause.message + (f" (and {others} more)" if others > 0 and group[0].cause else "")


def _fix(summary: str, cause: Cause) -> Fix:
    actions = "; ".join(cause.actions)
    return Fix(summary=f"{actions[:1].upper()}{actions[1:]}." if actions else summary, cli=cause.cli)


def _aws_code(code: str | None) -> str | None:
    if code is None or code not in Code.__members__:
        return None
    return EXPLANATIONS[Code[code]].aws_code
