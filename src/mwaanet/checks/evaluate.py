"""Evaluating checks: each asks on its own, and answers with the same cause become one finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache, reduce
from operator import or_
from typing import Any

from mwaanet.checks import expressions
from mwaanet.checks.answer import Answer, Cause, empty_answer, skipped_answer, undecided
from mwaanet.checks.context import Context
from mwaanet.checks.facts import EACH, Facts, placeholders
from mwaanet.checks.fix import agreed, fix_of
from mwaanet.checks.language import PRINCIPAL, Check, Permit, Reach, Require, Resolve, Skip, Verb
from mwaanet.checks.opening import opened
from mwaanet.checks.permit import permit
from mwaanet.checks.reach import reach
from mwaanet.checks.require import require
from mwaanet.checks.resolve import resolve_name
from mwaanet.checks.result import Finding, Fix, Segment, Status
from mwaanet.checks.selectors import is_of_environment
from mwaanet.checks.subject import of_origins
from mwaanet.checks.trial import after, mends
from mwaanet.checks.unheard import unheard
from mwaanet.errors import CheckFileError, EmptySelectionError, UsageError
from mwaanet.graph.codes import Code
from mwaanet.graph.explanations import EXPLANATIONS
from mwaanet.graph.flight import Evidence
from mwaanet.model.site_places import site_origin
from mwaanet.model.unknown import Unknown
from mwaanet.net import PacketSet

_VERBS: dict[type[Any], Callable[[Context, Check, Any], list[Answer]]] = {
    Reach: reach,
    Resolve: resolve_name,
    Permit: permit,
    Require: require,
}


def answers_of(context: Context, check: Check) -> list[Answer]:
    """Every answer of one check; none where it does not apply, or there is nothing that it asks about.

    A selector that means nothing in this snapshot is a failure, unless the check allows it. CheckFileError where a text
    of the check cannot mean anything.
    """
    try:
        return with_assumptions(context, lambda: _answers(context, check))
    except EmptySelectionError as error:
        return [empty_answer(check, *ends_of(check), str(error))]
    except UsageError as error:
        raise CheckFileError(check.file, f"line {check.line}", f"{check.id}: {error}") from error


def with_assumptions(context: Context, make: Callable[[], list[Answer]]) -> list[Answer]:
    """Answers with all that is taken for granted in them."""
    answers, assumed = context.assuming(make)
    if not assumed:
        return answers
    return [replace(answer, assumptions=tuple(dict.fromkeys((*answer.assumptions, *assumed)))) for answer in answers]


def applies(context: Context, check: Check) -> bool:
    """Whether what `when` says holds; a fact that is not known is no reason to leave the check out."""
    names = expressions.names(check.when) if check.when else ()
    if not check.when or context.facts is None or context.facts.unknowns(names):
        return True
    return expressions.holds(check.when, context.facts.document(names))


def _answers(context: Context, check: Check) -> list[Answer]:
    if context.facts is None:
        return _without_environment(context, check)
    facts = context.facts
    misspelt = unheard_answer(context, check)
    if misspelt:
        return [misspelt]
    unknown = facts.unknowns(expressions.names(check.when) if check.when else ())
    if unknown:
        return [] if isinstance(check.verb, Skip) else [_unknown(check, unknown)]
    if not applies(context, check):
        return []
    if isinstance(check.verb, Skip):
        return [_skipped(facts, check, check.verb)]
    unknown = facts.unknowns(facts_of(check))
    if unknown:
        return [_unknown(check, unknown)]
    evidence = _facts_evidence(facts, check) if is_about_environment(check) else ()
    answers = [answer for verb in _verbs(facts, check) for answer in _VERBS[type(verb)](context, check, verb)]
    return [replace(answer, evidence=(*evidence, *answer.evidence)) for answer in answers] if evidence else answers


def _without_environment(context: Context, check: Check) -> list[Answer]:
    """The answers where no environment was read, or chosen: only what speaks of none can be asked."""
    verb = check.verb
    if not is_about_environment(check) and isinstance(verb, Reach | Resolve):
        return _VERBS[type(verb)](context, check, verb)
    if context.unread is None:
        raise UsageError("the snapshot holds no environment, or several; say which with --environment")
    return [] if isinstance(verb, Skip) else [_unknown(check, (context.unread,))]


def is_about_environment(check: Check) -> bool:
    """Whether an environment must be known to ask: a check of a path, or one whose texts speak of it."""
    if check.path or check.when or check.each or isinstance(check.verb, Permit | Require | Skip):
        return True
    return any(is_of_environment(text) or placeholders(text) for text in texts_of(check.verb))


def ends_of(check: Check) -> tuple[str, str]:
    """From where to where a check asks, as it is written."""
    verb = check.verb
    source = getattr(verb, "source", "") or getattr(verb, "principal", "") or getattr(verb, "about", "")
    return str(source), str(getattr(verb, "destination", "") or getattr(verb, "via", "") or check.title)


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
    for text in texts_of(check.verb):
        names.update(dict.fromkeys(placeholders(text)))
    if isinstance(check.verb, Permit) and check.verb.principal == PRINCIPAL:
        names["role"] = None
    if isinstance(check.verb, Require) and not check.verb.call:
        names.update(dict.fromkeys(expressions.names(check.verb.that)))
    return tuple(name for name in names if name != EACH)


@lru_cache(maxsize=1024)
def texts_of(verb: Verb) -> tuple[str, ...]:
    """Every text in a verb."""
    return tuple(_texts_in(verb))


def _texts_in(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        for item in part:
            yield from _texts_in(item)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _texts_in(getattr(part, field.name))


def _facts_evidence(facts: Facts, check: Check) -> tuple[Evidence, ...]:
    """Where the environment itself was read, and the facts that the check speaks of."""
    known = [evidence for fact in facts.known(facts_of(check)) for evidence in fact.evidence]
    return tuple(dict.fromkeys((*of_origins((facts.environment.origin,)), *known)))


def unheard_answer(context: Context, check: Check) -> Answer | None:
    """Unknown, where a word of the check is one that nobody has: it may be new, or misspelt; else None."""
    if check.vetted:
        return None
    verbs = verbs_asked(context.facts, check) if context.facts else ()
    found = unheard(check, verbs or (check.verb,), context.facts)
    return _unknown(check, tuple(Unknown(reason=reason) for reason in found)) if found else None


def _unknown(check: Check, unknown: tuple[Unknown, ...]) -> Answer:
    """The answer where a fact that the check speaks of is not known."""
    cause = undecided(unknown, check.title)
    source, target = ends_of(check)
    segment = Segment(source=source, destination=target, status=Status.UNKNOWN, check=check.id, reason=cause.message)
    return Answer(segment=segment, cause=cause)


def _skipped(facts: Facts, check: Check, verb: Skip) -> Answer:
    return skipped_answer(check, "mwaa.webserver", check.title, facts.fill(verb.reason))


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
    if is_dataclass(field) and not isinstance(field, type):
        return replace(field, **{one.name: _filled(getattr(field, one.name), value) for one in fields(field)})
    return field


def findings_of(context: Context, check: Check, answers: list[Answer]) -> list[Finding]:
    """The answers of one check as findings: one per cause, and one for all that pass."""
    groups: dict[tuple[object, ...], list[Answer]] = {}
    for answer in agreed(answers):
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
    read = (e for answer in group for e in (answer.cause or answer).evidence)
    evidence = tuple(dict.fromkeys((*read, *_declared(context, cause.resources))))
    return Finding(
        id=check.id,
        path=check.path,
        status=first.segment.status,
        severity=check.severity,
        title=check.title,
        message=_message(group, cause),
        resources=cause.resources,
        code=cause.code,
        aws_code=_aws_code(cause),
        step=cause.step,
        needs=tuple(dict.fromkeys(n for answer in group if answer.cause for n in answer.cause.needs)),
        evidence=evidence,
        fix=_fix(context, check, group) if first.segment.status in (Status.FAIL, Status.WARN) else None,
        segments=tuple(answer.segment for answer in group),
        witnesses=tuple(answer.witness for answer in group if answer.witness),
    )


def _declared(context: Context, resources: tuple[str, ...]) -> tuple[Evidence, ...]:
    """Where the site file declares what is named."""
    site = context.inventory.site_file
    return of_origins(site_origin(site, resource) for resource in resources) if site else ()


def _message(group: list[Answer], cause: Cause) -> str:
    others = len({(answer.segment.source, answer.segment.destination) for answer in group}) - 1
    return cause.message + (f" (and {others} more)" if others > 0 and group[0].cause else "")


def _fix(context: Context, check: Check, group: list[Answer]) -> Fix | None:
    """How to mend it, tried on the model; None where neither the check nor what was found says."""
    filled = context.facts.fill if context.facts else str
    fix = fix_of(filled(check.fix), [answer.cause for answer in group if answer.cause])
    trial = after(context, fix.changes)
    if trial is None:
        return fix if fix.summary or fix.cli else None
    segments = [answer.segment for answer in group]
    now = [answer.segment for answer in trial.once(("answers", check), lambda: answers_of(trial, check))]
    if not mends(segments, now, check.level):
        return fix
    asked = reduce(or_, (segment.trace.asked for segment in segments if segment.trace), PacketSet.NONE)
    besides = trial.once("opened", lambda: opened(context, trial, fix.changes)).besides(context.network, asked)
    return replace(fix, verified=True, opens=besides)


def _aws_code(cause: Cause) -> str | None:
    """What Reachability Analyzer calls it: as the hop tells that decided, else as its code has it."""
    if cause.code is None or cause.code not in Code.__members__:
        return None
    told = next((drop.aws_code for drop in cause.drops if drop.code == cause.code), "")
    return told or EXPLANATIONS[Code[cause.code]].aws_code
