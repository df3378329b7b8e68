"""The verb `resolve`: whether a name gives the kind of addresses that it should."""

from __future__ import annotations

from mwaanet.checks.answer import Answer, Cause, worst
from mwaanet.checks.context import Context
from mwaanet.checks.language import Check, Resolve
from mwaanet.checks.naming import NameProblem, resolved
from mwaanet.checks.result import Segment, Status
from mwaanet.checks.selectors import HostName, select
from mwaanet.graph.flight import Evidence
from mwaanet.graph.internet_gateway import PRIVATE
from mwaanet.paths.question import Endpoint


def resolve_name(context: Context, check: Check, verb: Resolve) -> list[Answer]:
    """One answer for every end that asks."""
    answers = []
    for source in select(context.network, context.facts, verb.source):
        for end in select(context.network, context.facts, verb.name):
            name = end.name if isinstance(end, HostName) else verb.name
            answers.append(_ask(context, check, verb, source, name))
    return answers


def _ask(context: Context, check: Check, verb: Resolve, source: object, name: str) -> Answer:
    if not isinstance(source, Endpoint):
        cause = Cause(message=f"{verb.source} does not ask for names", step="name")
        return _answer(check, verb.source, name, Status.FAIL, cause)
    found = resolved(context, source, name)
    if isinstance(found, NameProblem):
        return _answer(check, source.name, name, found.status, found.cause)
    private = found.addresses.issubset(PRIVATE)
    if verb.gives == "anything" or private == (verb.gives == "private"):
        return _answer(check, source.name, name, Status.PASS, None)
    cause = Cause(
        message=f"{name} gives {'private' if private else 'public'} addresses for {source.name}, not {verb.gives} ones",
        resources=(found.decided_by or name, name),
        code="NAME_WRONG_KIND",
        step="name",
        evidence=tuple(Evidence(step.origin) for step in found.steps if step.origin),
    )
    return _answer(check, source.name, name, Status.FAIL, cause)


def _answer(check: Check, source: str, name: str, status: Status, cause: Cause | None) -> Answer:
    segment = Segment(
        source=source,
        destination=name,
        status=worst(status, check.level),
        check=check.id,
        reason=cause.message if cause else "",
    )
    return Answer(segment=segment, cause=cause)
