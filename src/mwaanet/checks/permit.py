"""The verb `permit`: whether the policies on a request's way allow it, by the endpoint that carries it."""

from __future__ import annotations

from dataclasses import dataclass

from mwaanet.access import ABSENT, Decision, Layer, Request, evaluate, through_endpoint, through_internet
from mwaanet.checks.answer import Answer, Cause, unknown_cause, worst
from mwaanet.checks.context import Context
from mwaanet.checks.facts import Facts
from mwaanet.checks.language import Check, Permit
from mwaanet.checks.policies import Policies, policy_set
from mwaanet.checks.result import Segment, Status
from mwaanet.checks.way import Way, ways
from mwaanet.graph.flight import Evidence
from mwaanet.model.unknown import Unknown

_CODES = {
    Layer.IDENTITY: "POLICY_IDENTITY",
    Layer.RESOURCE: "POLICY_RESOURCE",
    Layer.BOUNDARY: "POLICY_BOUNDARY",
    Layer.SESSION: "POLICY_SESSION",
    Layer.ENDPOINT: "POLICY_ENDPOINT",
    Layer.ORGANISATION: "POLICY_ORGANISATION",
}


@dataclass(frozen=True, slots=True)
class _Asked:
    action: str
    resource: str
    decision: Decision


def permit(context: Context, check: Check, verb: Permit) -> list[Answer]:
    """One answer for every way that the requests take; skipped where no resource of the check exists."""
    facts = context.facts
    assert facts is not None, check.id
    resources = [facts.fill(resource) for resource in verb.resources if not facts.missing(resource)]
    role = facts.fill("{role}") if verb.principal == "mwaa.execution-role" else facts.fill(verb.principal)
    policies = Policies.of(facts.inventory, role)
    answers = []
    for way in ways(context, verb.via):
        if way.unknown:
            cause = unknown_cause((way.unknown,), f"how requests to {verb.via} travel is not known")
            answers.append(_answer(check, role, verb.via, Status.UNKNOWN, cause, policies))
            continue
        asked = [_ask(facts, policies, way, action, resource) for action in verb.actions for resource in resources]
        answers.append(_judge(facts, check, policies, way, role, asked))
    return answers


def _ask(facts: Facts, policies: Policies, way: Way, action: str, resource: str) -> _Asked:
    request = Request(
        principal=policies.principal,
        action=action,
        resource=resource,
        resource_account=policies.principal.account if ":sqs:" in resource else _account(facts, resource),
        region=facts.region,
        context=_context(facts, way, action),
    )
    return _Asked(action, resource, evaluate(request, policy_set(facts, policies, way, action, resource)))


def _account(facts: Facts, resource: str) -> str:
    """The account that owns a resource: in its ARN, or, for buckets, the environment's."""
    parts = resource.split(":")
    return parts[4] if len(parts) > 4 and parts[4] else facts.account


def _context(facts: Facts, way: Way, action: str) -> dict[str, tuple[str, ...]]:
    common: dict[str, tuple[str, ...]] = {"aws:PrincipalIsAWSService": ("false",), "aws:ViaAWSService": ("false",)}
    if action.startswith("kms:"):
        service = "s3" if way.service.endswith(".s3") else way.service.rpartition(".")[2]
        via = f"{service}.{facts.region}.amazonaws.com"
        return common | {"kms:ViaService": (via,), "aws:ViaAWSService": ("true",), "aws:SecureTransport": ("true",)}
    if way.endpoint:
        found = through_endpoint(way.endpoint, way.vpc, *way.sources)
    else:
        found = through_internet(*way.sources)
    extra: dict[str, tuple[str, ...]] = {"s3:prefix": (str(facts.values["dags"]),)} if action == "s3:ListBucket" else {}
    return common | found | extra | {"kms:ViaService": ABSENT}


def _judge(facts: Facts, check: Check, policies: Policies, way: Way, role: str, asked: list[_Asked]) -> Answer:
    denied = [item for item in asked if item.decision.allowed is False]
    undecided = [item for item in asked if item.decision.allowed is None]
    assumptions = tuple(dict.fromkeys(a for item in asked for a in item.decision.assumptions))
    name = role.rpartition("/")[2]
    target = f"{way.name} ({way.endpoint})" if way.endpoint else way.name
    if denied:
        cause = _denial(facts, policies, way, denied)
        return _answer(check, name, target, Status.FAIL, cause, policies, assumptions)
    if undecided:
        decision = undecided[0].decision
        unknowns = tuple(dict.fromkeys(u for item in undecided for u in item.decision.unknown))
        keys = ", ".join(dict.fromkeys(key for item in undecided for key in item.decision.keys))
        if keys:
            unknowns = (*unknowns, Unknown(reason=f"the value of {keys} is not known"))
        what = f"whether {name} may {undecided[0].action} on {undecided[0].resource} ({decision.reason})"
        cause = unknown_cause(unknowns, what)
        return _answer(check, name, target, Status.UNKNOWN, cause, policies, assumptions)
    return _answer(check, name, target, Status.PASS, None, policies, assumptions)


def _denial(facts: Facts, policies: Policies, way: Way, denied: list[_Asked]) -> Cause:
    """All layers that refuse: every one of them must change."""
    resources: dict[str, None] = {}
    layers: list[Layer] = []
    for item in denied:
        for refusal in item.decision.layers:
            layers.append(refusal.layer)
            if refusal.statement and refusal.statement.resource_id:
                resources.update(dict.fromkeys(_named(refusal.statement.resource_id)))
                continue
            resources.update(dict.fromkeys(_culprits(policies, way, refusal.layer, item.resource)))
    first = denied[0]
    more = f" (and {len(denied) - 1} more)" if len(denied) > 1 else ""
    return Cause(
        message=f"{first.action} on {first.resource} is refused{more}: {first.decision.reason}",
        resources=tuple(resources),
        code=_CODES[layers[0]] if layers else "POLICY_IDENTITY",
        step="policy",
        evidence=policies.evidence(facts, way, first.resource),
    )


def _culprits(policies: Policies, way: Way, layer: Layer, resource: str) -> tuple[str, ...]:
    if layer is Layer.ENDPOINT:
        return (way.endpoint,)
    if layer is Layer.RESOURCE:
        return _named(resource)
    if layer is Layer.BOUNDARY:
        return (policies.boundary_arn or policies.principal.arn,)
    return (policies.role_name, policies.principal.arn)


def _named(resource: str) -> tuple[str, ...]:
    """A resource by its id, and by its ARN where it has both."""
    if resource.startswith("arn:") and ":s3:::" in resource:
        bucket = resource.rpartition(":::")[2].partition("/")[0]
        return (bucket, f"{resource.rpartition(':::')[0]}:::{bucket}")
    if resource.startswith("arn:") and ":kms:" in resource:
        return (resource, resource.rpartition("/")[2])
    return (resource,)


def _answer(
    check: Check,
    source: str,
    destination: str,
    status: Status,
    cause: Cause | None,
    policies: Policies,
    assumptions: tuple[str, ...] = (),
) -> Answer:
    segment = Segment(
        source=source,
        destination=destination,
        status=worst(status, check.level),
        check=check.id,
        reason=cause.message if cause else "",
    )
    evidence: tuple[Evidence, ...] = tuple(Evidence(origin) for origin in policies.origins)
    return Answer(segment=segment, cause=cause, evidence=evidence, assumptions=assumptions)
