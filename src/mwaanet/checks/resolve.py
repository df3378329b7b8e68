"""The verb `resolve`: whether a name gives the kind of addresses that it should."""

from __future__ import annotations

from mwaanet.checks.answer import Answer, Cause, worst
from mwaanet.checks.codes import Fault
from mwaanet.checks.context import Context
from mwaanet.checks.dns_servers import server_lost
from mwaanet.checks.evidence import of_name, of_source
from mwaanet.checks.language import Check, Resolve
from mwaanet.checks.naming import NameProblem, resolved
from mwaanet.checks.result import Segment, Status
from mwaanet.checks.selectors import Absent, HostName, select
from mwaanet.graph.flight import Evidence
from mwaanet.graph.internet_gateway import PRIVATE
from mwaanet.net import AddressSet
from mwaanet.paths.question import Endpoint


def resolve_name(context: Context, check: Check, verb: Resolve) -> list[Answer]:
    """One answer for every end that asks."""
    answers = []
    for source in select(context.network, context.facts, verb.source):
        for end in select(context.network, context.facts, verb.name):
            if isinstance(end, Absent):
                cause = Cause(message=end.reason, resources=end.resources, code=end.code, step="endpoint")
                answers.append(_answer(check, source.name, end.name, Status.FAIL, cause))
                continue
            name = end.name if isinstance(end, HostName) else verb.name
            answers.append(_ask(context, check, verb, source, name))
    return answers


def _ask(context: Context, check: Check, verb: Resolve, source: object, name: str) -> Answer:
    if not isinstance(source, Endpoint):
        cause = Cause(
            message=f"{verb.source} does not ask for names",
            resources=(verb.source,),
            code=Fault.SOURCE_UNFIT,
            step="endpoint",
        )
        return _answer(check, verb.source, name, Status.FAIL, cause)
    found = resolved(context, source, name)
    if isinstance(found, NameProblem):
        return _answer(check, source.name, name, found.status, found.cause)
    gives = _kind(found.addresses)
    if verb.gives in ("anything", gives):
        evidence = dict.fromkeys((*of_source(context, source), *of_name(context, source, found)))
        lost = server_lost(context, source, found)
        return _answer(check, source.name, name, Status.WARN if lost else Status.PASS, lost, tuple(evidence))
    cause = Cause(
        message=f"{name} gives {gives} addresses for {source.name}, not {verb.gives} ones",
        resources=tuple(dict.fromkeys((found.decided_by or name, name))),
        code=Fault.NAME_WRONG_KIND,
        step="name",
        evidence=tuple(Evidence(step.origin) for step in found.steps if step.origin),
    )
    return _answer(check, source.name, name, Status.FAIL, cause)


def _kind(addresses: AddressSet) -> str:
    """What is answered: private addresses, public ones, or some of both."""
    if addresses.issubset(PRIVATE):
        return "private"
    return "both private and public" if addresses & PRIVATE else "public"


def _answer(
    check: Check, source: str, name: str, status: Status, cause: Cause | None, evidence: tuple[Evidence, ...] = ()
) -> Answer:
    segment = Segment(
        source=source,
        destination=name,
        status=worst(status, check.level),
        check=check.id,
        reason=cause.message if cause else "",
    )
    return Answer(segment=segment, cause=cause, evidence=evidence)
