"""The verb `require`: a JMESPath expression over the raw response of a call, or over the environment's facts."""

from __future__ import annotations

from typing import Any

import jmespath
import msgspec

from mwaanet.checks.answer import Answer, Cause, unknown_cause, worst
from mwaanet.checks.context import Context
from mwaanet.checks.facts import Facts
from mwaanet.checks.language import Check, Require
from mwaanet.checks.result import Segment, Status
from mwaanet.graph.flight import Evidence
from mwaanet.model.record import Origin
from mwaanet.model.unknown import Unknown


def require(context: Context, check: Check, verb: Require) -> list[Answer]:
    """One answer: whether the expression holds. An absent thing and a `null` result do not hold."""
    facts = context.facts
    assert facts is not None, check.id
    about = tuple(part for part in facts.fill(verb.about).split(",") if part)
    if not verb.call:
        unknowns = facts.unknowns(verb.that)
        if unknowns:
            cause = unknown_cause(unknowns, f"whether {check.title[:1].lower()}{check.title[1:]} is not known")
            return [_answer(check, about, Status.UNKNOWN, cause)]
        document: Any = facts.document()
        origin: Origin | None = facts.environment.origin
    else:
        read = _read(facts, verb)
        if isinstance(read, Unknown):
            cause = unknown_cause((read,), f"whether {check.title[:1].lower()}{check.title[1:]} is not known")
            return [_answer(check, about, Status.UNKNOWN, cause)]
        if read is None:
            message = f"{', '.join(about)}: {verb.call.partition('/')[2]} finds nothing"
            cause = Cause(message=message, resources=about, code="FACT_MISSING", step="configuration")
            return [_answer(check, about, Status.FAIL, cause)]
        document, origin = read
    evidence = (Evidence(origin),) if origin else ()
    if jmespath.search(facts.fill(verb.that), document) is True:
        return [_answer(check, about, Status.PASS, None, evidence)]
    cause = Cause(
        message=f"{', '.join(about)}: does not hold: {facts.fill(verb.that)}",
        resources=about,
        code="FACT_DIFFERS",
        step="configuration",
        evidence=evidence,
    )
    return [_answer(check, about, Status.FAIL, cause)]


def _read(facts: Facts, verb: Require) -> tuple[Any, Origin] | Unknown | None:
    """The response of the call for the environment's account, in whichever Region it was asked."""
    service, operation = verb.call.split("/")
    parameters = {name: facts.fill(value) for name, value in verb.parameters}
    inventory = facts.inventory
    regions = dict.fromkeys([facts.region, *inventory.regions_of(service, operation, facts.account)])
    first: Unknown | None = None
    for region in regions:
        if parameters:
            found = inventory.call_with_origin(service, operation, facts.account, region, msgspec.Raw, **parameters)
        else:
            found = inventory.whole_raw(service, operation, facts.account, region)
        if isinstance(found, Unknown):
            first = first or found
            continue
        return None if found is None else (msgspec.json.decode(found[0]), found[1])
    return first


def _answer(
    check: Check, about: tuple[str, ...], status: Status, cause: Cause | None, evidence: tuple[Evidence, ...] = ()
) -> Answer:
    segment = Segment(
        source=", ".join(about),
        destination=check.title,
        status=worst(status, check.level),
        check=check.id,
        reason=cause.message if cause else "",
    )
    return Answer(segment=segment, cause=cause, evidence=evidence)
