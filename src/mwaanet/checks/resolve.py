"""The verb `resolve`: whether a name gives the kind of addresses that it should."""

from __future__ import annotations

from dataclasses import replace

from mwaanet.checks.answer import Answer, Cause, answered, empty_answer
from mwaanet.checks.codes import Fault
from mwaanet.checks.context import Context
from mwaanet.checks.dns_servers import server_lost
from mwaanet.checks.evidence import of_name, of_source
from mwaanet.checks.language import Check, Resolve
from mwaanet.checks.naming import NameProblem, resolved
from mwaanet.checks.result import Status
from mwaanet.checks.selection import combined, selected
from mwaanet.checks.selectors import Absent, End, HostName, select
from mwaanet.graph.flight import Evidence
from mwaanet.names import Resolution, name_alike
from mwaanet.net import AddressSet
from mwaanet.net.public_addresses import RESERVED
from mwaanet.paths.question import Endpoint


def resolve_name(context: Context, check: Check, verb: Resolve) -> list[Answer]:
    """One answer for every end that asks; where one of several is enough, that of the best."""
    names = select(context.network, context.facts, verb.name)
    rows = [
        [[_one(context, check, verb, source, end)] for end in names] for source in selected(context, check, verb.source)
    ]
    return combined(rows, every_source=verb.source.every, every_end=True)


def _one(context: Context, check: Check, verb: Resolve, source: End, end: End) -> Answer:
    if isinstance(end, Absent):
        if check.negative:
            return empty_answer(check, source.name, end.name, end.reason)
        cause = Cause(message=end.reason, resources=end.resources, code=end.code, step="endpoint")
        return answered(check, source.name, end.name, Status.FAIL, cause)
    return _ask(context, check, verb, source, end.name if isinstance(end, HostName) else verb.name)


def _ask(context: Context, check: Check, verb: Resolve, source: End, name: str) -> Answer:
    if not isinstance(source, Endpoint):
        cause = Cause(
            message=f"{source.name} does not ask for names",
            resources=(source.name,),
            code=Fault.SOURCE_UNFIT,
            step="endpoint",
        )
        return answered(check, source.name, name, Status.FAIL, cause)
    found = resolved(context, source, name)
    if isinstance(found, NameProblem):
        if check.negative and found.status is Status.FAIL:
            doubt = _misspelt(context, check, name, found.cause)
            status = Status.WARN if doubt else Status.PASS
            return answered(check, source.name, name, status, doubt, found.cause.evidence)
        return answered(check, source.name, name, found.status, found.cause)
    if check.negative:
        return _forbidden(context, check, verb, source, found)
    gives = _kind(found.addresses)
    if verb.gives in ("anything", gives):
        evidence = dict.fromkeys((*of_source(context, source), *of_name(context, source, found)))
        lost = server_lost(context, source, found)
        return answered(check, source.name, name, Status.WARN if lost else Status.PASS, lost, tuple(evidence))
    cause = Cause(
        message=f"{name} gives {gives} addresses for {source.name}, not {verb.gives} ones",
        resources=tuple(dict.fromkeys((found.decided_by or name, name))),
        code=Fault.NAME_WRONG_KIND,
        step="name",
        evidence=tuple(Evidence(step.origin) for step in found.steps if step.origin),
    )
    return answered(check, source.name, name, Status.FAIL, cause)


def _misspelt(context: Context, check: Check, name: str, cause: Cause) -> Cause | None:
    """A name that does not exist, where one that is almost the same does: that one may be meant."""
    if check.allow_empty or cause.code != Fault.NAME_NXDOMAIN:
        return None
    near = name_alike(context.inventory, name)
    return replace(cause, message=f"{cause.message} (did you mean {near}?)", changes=()) if near else None


def _forbidden(context: Context, check: Check, verb: Resolve, source: Endpoint, found: Resolution) -> Answer:
    """The answer for a name that leads to addresses, where it must lead to none of their kind."""
    forbidden = {"private": found.addresses & RESERVED, "public": found.addresses - RESERVED}.get(
        verb.gives, found.addresses
    )
    if not forbidden:
        evidence = dict.fromkeys((*of_source(context, source), *of_name(context, source, found)))
        return answered(check, source.name, found.name, Status.PASS, None, tuple(evidence))
    cause = Cause(
        message=f"{found.name} gives {source.name} {_kind(forbidden)} addresses, which it must not: {forbidden}",
        resources=tuple(dict.fromkeys((found.decided_by or found.name, found.name))),
        code=Fault.NAME_RESOLVES,
        step="name",
        evidence=tuple(Evidence(step.origin) for step in found.steps if step.origin),
    )
    return answered(check, source.name, found.name, Status.FAIL, cause)


def _kind(addresses: AddressSet) -> str:
    """What is answered: private addresses, public ones, or some of both."""
    if addresses.issubset(RESERVED):
        return "private"
    return "both private and public" if addresses & RESERVED else "public"
