"""The verb `require`: a JMESPath expression over the raw response of a call, or over the environment's facts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from mwaanet.checks import expressions
from mwaanet.checks.answer import Answer, Cause, answered, empty_answer, undecided
from mwaanet.checks.codes import Fault
from mwaanet.checks.context import Context
from mwaanet.checks.facts import Facts
from mwaanet.checks.idle_expressions import idle
from mwaanet.checks.language import Check, Require
from mwaanet.checks.require_changes import changes_for
from mwaanet.checks.result import Status
from mwaanet.checks.subject import of_documents
from mwaanet.graph.flight import Evidence
from mwaanet.model.arn import Arn
from mwaanet.model.unknown import Unknown
from mwaanet.snapshot import OPERATIONS, CallRef

_MOST_SHOWN = 120
"""Characters of a found value that a message shows."""

Read = tuple[Any, tuple[Evidence, ...]]
"""A response (None where AWS said that the thing is not there), and where it was read."""


def require(context: Context, check: Check, verb: Require) -> list[Answer]:
    """One answer: whether the expression holds. An absent thing and a `null` result do not hold."""
    facts = context.facts
    assert facts is not None, check.id
    about = tuple(dict.fromkeys(part for part in facts.fill(verb.about).split(",") if part))
    that = facts.fill(verb.that)
    read = _read(facts, verb) if verb.call else _facts_read(facts, that)
    if isinstance(read, Unknown):
        cause = undecided((read,), check.title)
        return [_answer(check, about, Status.UNKNOWN, cause)]
    document, evidence = read
    if document is None and check.negative:
        return [empty_answer(check, ", ".join(about), check.title, f"{_teller(evidence) or verb.call} finds nothing")]
    if document is None:
        message = f"{' '.join(about)}: {_teller(evidence) or verb.call.partition('/')[2]} finds nothing"
        cause = Cause(
            message=message, resources=about, code=Fault.FACT_MISSING, step="configuration", evidence=evidence
        )
        return [_answer(check, about, Status.FAIL, cause)]
    holds = expressions.holds(that, document)
    nothing = idle(that, document) if holds != check.negative else ""
    if nothing:
        return [empty_answer(check, ", ".join(about), check.title, nothing)]
    if holds and check.negative:
        cause = Cause(
            message=f"{' '.join(about)}: expected not {that}, found {_shown(that, document)}",
            resources=about,
            code=Fault.FACT_AGREES,
            step="configuration",
            evidence=evidence,
        )
        return [_answer(check, about, Status.FAIL, cause)]
    if holds or check.negative:
        return [_answer(check, about, Status.PASS, None, evidence)]
    said = facts.fill(verb.say) or f"expected {that}, found {_shown(that, document)}"
    cause = Cause(
        message=f"{' '.join(about)}: {said}",
        resources=about,
        code=Fault.FACT_DIFFERS,
        step="configuration",
        evidence=evidence,
        changes=changes_for(facts, verb.call, _filled(facts, verb), expressions.names(that), document),
    )
    return [_answer(check, about, Status.FAIL, cause)]


def _facts_read(facts: Facts, that: str) -> Read:
    """The facts that the expression reads, and where the environment and they were read."""
    names = expressions.names(that)
    origin = facts.environment.origin
    own = (Evidence(origin),) if origin else ()
    found = (evidence for fact in facts.known(names) for evidence in fact.evidence)
    return facts.document(names), tuple(dict.fromkeys((*found, *own)))


def _filled(facts: Facts, verb: Require) -> dict[str, str]:
    """The parameters of the call; one whose fact is empty is left out."""
    filled = {name: facts.fill(value) for name, value in verb.parameters}
    return {name: value for name, value in filled.items() if value}


def _teller(evidence: tuple[Evidence, ...]) -> str:
    """The operation in whose answer something was read."""
    return next((one.origin.document.ref.operation for one in evidence if one.origin), "")


def _shown(that: str, document: Any) -> str:
    """What the document holds of the names that the expression reads."""
    found = {name: document.get(name) if isinstance(document, Mapping) else None for name in expressions.names(that)}
    texts = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in found.items()]
    return ", ".join(text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…" for text in texts) or "nothing"


def _read(facts: Facts, verb: Require) -> Read | Unknown:
    """The response of the call; where it was made without a further parameter, an answer that names the same value."""
    service, operation = verb.call.split("/")
    parameters = _filled(facts, verb)
    exact = _asked(facts, service, operation, parameters)
    needed = OPERATIONS[service, operation].parameters
    for name in reversed(needed[1:]):
        if not isinstance(exact, Unknown) or name not in parameters:
            continue
        fewer = _asked(facts, service, operation, {key: value for key, value in parameters.items() if key != name})
        if isinstance(fewer, Unknown):
            continue
        document = fewer[0]
        if document is not None and document.get(name) == parameters[name]:
            return fewer
        reason = f"{operation} was asked without {name}, and what it found is not {parameters[name]}"
        if document is None:
            reason = f"without {name} {operation} finds nothing, which tells nothing of {parameters[name]}"
        return Unknown(reason=reason, needs=exact.needs)
    return exact


def _asked(facts: Facts, service: str, operation: str, parameters: Mapping[str, str]) -> Read | Unknown:
    """The response of the call for the account that owns what is asked about, in whichever Region it was asked."""
    inventory = facts.inventory
    first: Unknown | None = None
    for account in _accounts(facts, parameters):
        regions = dict.fromkeys([facts.region, *inventory.regions_of(service, operation, account)])
        for region in regions:
            if parameters:
                found = inventory.call_with_origin(service, operation, account, region, msgspec.Raw, **parameters)
            else:
                found = inventory.whole_raw(service, operation, account, region)
            if isinstance(found, tuple):
                return msgspec.json.decode(found[0]), (Evidence(found[1]),)
            if found is None:
                teller = inventory.proof_of_absence(CallRef(account, region, service, operation), **parameters)
                return None, of_documents(inventory, teller)
            first = first or found
    return first or Unknown(reason=f"{operation} is not in the snapshot")


def _accounts(facts: Facts, parameters: Mapping[str, str]) -> dict[str, None]:
    """The account in a parameter that is an ARN, then the environment's."""
    owners = [arn.account for value in parameters.values() if (arn := Arn.parse(value)) and arn.account.isdigit()]
    return dict.fromkeys([*owners, facts.account])


def _answer(
    check: Check, about: tuple[str, ...], status: Status, cause: Cause | None, evidence: tuple[Evidence, ...] = ()
) -> Answer:
    return answered(check, ", ".join(about), check.title, status, cause, evidence)
