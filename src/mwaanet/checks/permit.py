"""The verb `permit`: whether the policies on a request's way allow it, by the endpoint that carries it.

Without `via` the request comes from a network of which nothing is known, as an AWS service's own does. What KMS is
asked on somebody's behalf is asked by the service that the request goes to (`kms:ViaService`), whatever its way.

Not modelled: the name of the role's session, and tags on principals, resources and requests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from mwaanet.access import (
    ABSENT,
    AccessError,
    Decision,
    Layer,
    Policy,
    PolicySet,
    Principal,
    PrincipalKind,
    Refusal,
    Request,
    evaluate,
    is_celery_queue,
    through_endpoint,
    through_internet,
)
from mwaanet.checks.answer import Answer, Cause, answered, unknown_cause
from mwaanet.checks.assume import action_of, assumers, trust_policy
from mwaanet.checks.codes import Fault
from mwaanet.checks.context import Context
from mwaanet.checks.environments import refuse_absent_environment
from mwaanet.checks.facts import Facts
from mwaanet.checks.iam_words import principal_alike, works_on_none
from mwaanet.checks.language import ASSUMER, PRINCIPAL, Check, Permit
from mwaanet.checks.permit_changes import Refused, changes_for
from mwaanet.checks.policies import bucket_of, grants_evidence, policies_met
from mwaanet.checks.principal_policies import Policies, parsed
from mwaanet.checks.result import Status
from mwaanet.checks.way import Way, service_way, ways
from mwaanet.errors import UsageError
from mwaanet.graph.flight import Evidence
from mwaanet.model.arn import place_in
from mwaanet.model.unknown import Unknown

_CODES = {
    Layer.IDENTITY: Fault.POLICY_IDENTITY,
    Layer.RESOURCE: Fault.POLICY_RESOURCE,
    Layer.BOUNDARY: Fault.POLICY_BOUNDARY,
    Layer.SESSION: Fault.POLICY_SESSION,
    Layer.ENDPOINT: Fault.POLICY_ENDPOINT,
    Layer.ORGANISATION: Fault.POLICY_ORGANISATION,
}

_GRANTED = (Status.PASS, Status.WARN, Status.UNKNOWN, Status.FAIL)
"""Of what one principal is asked for: one that may is enough."""
_FORBIDDEN = (Status.FAIL, Status.UNKNOWN, Status.WARN, Status.PASS)
"""Of what nobody may do: one that may is too many."""
_CREATES = "airflow:CreateEnvironment"
"""What is asked for on an environment that is not there yet."""
_TLS_VERSIONS = ("1.2", "1.3")
"""What S3 takes, either of which it may be (https://aws.amazon.com/blogs/storage/enforcing-encryption-in-transit-with-tls1-2-or-higher-with-amazon-s3/)."""


@dataclass(frozen=True, slots=True)
class _Decided:
    action: str
    resource: str
    decision: Decision
    evidence: tuple[Evidence, ...]
    same_account: bool


def permit(context: Context, check: Check, verb: Permit) -> list[Answer]:
    """One answer for every way that the requests take; none where no resource of the check exists."""
    facts = context.facts
    assert facts is not None, check.id
    resources = [filled for resource in verb.resources for filled in facts.fill_each(resource)]
    if not resources:
        return []
    there = check.negative and not check.allow_empty and _CREATES not in verb.actions
    for resource in resources if there else ():
        refuse_absent_environment(context.inventory, resource)
    on_behalf = all(action.startswith("kms:") for action in verb.actions)
    by_way = bool(verb.via) and not on_behalf
    key = ("ways", verb.via, verb.source)
    found = context.once(key, lambda: ways(context, verb.via, verb.source)) if by_way else []
    answers = []
    for way in found if by_way else [service_way(context, verb.via)]:
        principals = _principals(context, check, verb, way, resources[0])
        if isinstance(principals, Answer):
            answers.append(principals)
        elif way.unknown:
            cause = unknown_cause((way.unknown,), f"how requests to {way.name} travel is not known")
            answers.append(_answer(check, principals[0], way, Status.UNKNOWN, cause, []))
        else:
            by_principal = [_asked(facts, check, verb, policies, way, resources) for policies in principals]
            answers.append(_deciding(by_principal, _FORBIDDEN if check.negative else _GRANTED))
    return answers


def _principals(context: Context, check: Check, verb: Permit, way: Way, resource: str) -> list[Policies] | Answer:
    """Whose requests they are: one principal's, or those of whoever may assume a role; the answer if there is none."""
    inventory = context.inventory
    try:
        if verb.principal != ASSUMER:
            name = (
                context.facts.fill("{role}" if verb.principal == PRINCIPAL else verb.principal) if context.facts else ""
            )
            return [context.once(("policies", name), lambda: Policies.of(inventory, name))]
        role = Policies(principal=Principal.parse(resource))
    except AccessError as error:
        raise UsageError(f"principal: {error.problem}") from error
    policy, origin = trust_policy(inventory, role.principal)
    if isinstance(policy, Unknown):
        cause = unknown_cause((policy,), f"who may assume {role.principal.name} is not known")
        return _answer(check, role, way, Status.UNKNOWN, cause, [])
    found = assumers(policy, _endpoint_policy(context, way), on_premises=way.on_premises)
    if found:
        return found
    cause = Cause(
        message=f"the trust policy of {role.principal.name} lets nobody assume it who could be the client",
        resources=(role.principal.name, role.principal.arn),
        code=Fault.POLICY_RESOURCE,
        step="policy",
        evidence=(Evidence(origin, "/Role/AssumeRolePolicyDocument"),) if origin else (),
    )
    return _answer(check, role, way, Status.PASS if check.negative else Status.FAIL, cause, [])


def _endpoint_policy(context: Context, way: Way) -> Policy | None:
    """The policy of the endpoint on the way, where it can be read."""
    endpoint = context.inventory.vpc_endpoints.get(way.endpoint)
    found = parsed(endpoint.policy_document, way.endpoint, way.endpoint) if endpoint else None
    return found if isinstance(found, Policy) else None


def _asked(facts: Facts, check: Check, verb: Permit, policies: Policies, way: Way, resources: Sequence[str]) -> Answer:
    """The answer of one principal on one way."""
    actions = (action_of(policies.principal),) if verb.principal == ASSUMER else verb.actions
    whole = not (check.negative or verb.any_resource)
    by_action = [
        [_ask(facts, verb, policies, way, action, resource, whole=whole) for resource in resources]
        for action in actions
    ]
    if check.negative:
        return _judge_denied(check, policies, way, [item for items in by_action for item in items])
    asked = [item for items in by_action for item in (_least(items) if verb.any_resource else items)]
    return _judge(facts, check, verb, policies, way, asked)


def _least(items: list[_Decided]) -> list[_Decided]:
    """The answer that counts where one resource is enough: allowed, else undecided, else the least refused."""
    ranks = {True: 0, None: 1, False: 2}
    return [min(items, key=lambda item: (ranks[item.decision.allowed], len(item.decision.layers)))]


def _deciding(answers: list[Answer], order: Sequence[Status]) -> Answer:
    """The answer that counts of those of several principals."""
    return min(answers, key=lambda answer: order.index(answer.segment.status))


def _ask(
    facts: Facts, verb: Permit, policies: Policies, way: Way, action: str, resource: str, *, whole: bool
) -> _Decided:
    met = policies_met(facts, policies, way, action, resource)
    owner = policies.principal.account if is_celery_queue(resource) else _account(facts, resource)
    request = Request(
        principal=policies.principal,
        action=action,
        resource=resource,
        resource_account=owner,
        region=facts.region,
        whole=whole,
        context=_context(facts, policies, way, action)
        | {"aws:ResourceAccount": (_account(facts, resource),)}
        | _named_context(facts, verb),
    )
    evidence = met.evidence
    decision = evaluate(request, met.policies)
    if action.startswith("kms:") and decision.allowed and not _without_grants(request, met.policies):
        evidence = (*evidence, *grants_evidence(facts, resource))
    return _Decided(action, resource, decision, evidence, owner == policies.principal.account)


def _without_grants(request: Request, policies: PolicySet) -> bool:
    """Whether the key's policy allows the request by itself."""
    return bool(evaluate(request, replace(policies, key_grants=())).allowed)


def _account(facts: Facts, resource: str) -> str:
    """The account that owns a resource: in its ARN, or, for buckets, the environment's."""
    return place_in(resource, (facts.account, facts.region))[0]


def _context(facts: Facts, policies: Policies, way: Way, action: str) -> dict[str, tuple[str, ...]]:
    """The condition keys of which the model knows the values."""
    service = policies.principal.kind is PrincipalKind.SERVICE
    common: dict[str, tuple[str, ...]] = {
        "aws:PrincipalIsAWSService": ("true" if service else "false",),
        "aws:SecureTransport": ("true",),
        "aws:RequestedRegion": (facts.region,),
    }
    if service:
        return common | {"aws:PrincipalServiceName": (policies.principal.arn,), "aws:ViaAWSService": ("false",)}
    if action.startswith("kms:") and way.service:
        via = f"{way.service.rpartition('.')[2]}.{facts.region}.{facts.suffix}"
        return common | {"kms:ViaService": (via,), "aws:ViaAWSService": ("true",)}
    extra: dict[str, tuple[str, ...]] = {"aws:ViaAWSService": ("false",), "kms:ViaService": ABSENT}
    if action.startswith("s3:"):
        extra["s3:TlsVersion"] = _TLS_VERSIONS
    if action == "s3:ListBucket":
        extra["s3:prefix"] = (f"{facts.value('dags')}/",)
    if way.anywhere:
        return common | extra
    through = through_endpoint(way.endpoint, way.vpc, *way.sources) if way.endpoint else through_internet(*way.sources)
    return common | extra | through


def _judge(facts: Facts, check: Check, verb: Permit, policies: Policies, way: Way, asked: list[_Decided]) -> Answer:
    denied = [item for item in asked if item.decision.allowed is False]
    undecided = [item for item in asked if item.decision.allowed is None]
    if denied:
        return _answer(check, policies, way, Status.FAIL, _denial(facts, check, verb, policies, way, denied), asked)
    if undecided:
        decision = undecided[0].decision
        unknowns = tuple(dict.fromkeys(u for item in undecided for u in item.decision.unknown))
        keys = ", ".join(dict.fromkeys(key for item in undecided for key in item.decision.keys))
        if keys:
            unknowns = (*unknowns, Unknown(reason=f"the value of {keys} is not known"))
        what = f"whether {policies.principal.name} may {undecided[0].action} on {undecided[0].resource}"
        return _answer(
            check, policies, way, Status.UNKNOWN, unknown_cause(unknowns, f"{what} ({decision.reason})"), asked
        )
    return _answer(check, policies, way, Status.PASS, None, asked)


def _judge_denied(check: Check, policies: Policies, way: Way, asked: list[_Decided]) -> Answer:
    """The answer where every action must be denied on every resource.

    A resource with a wildcard stands for more than the one that was asked for: that all are denied is not known.
    """
    allowed = [item for item in asked if item.decision.allowed]
    if allowed:
        first, more = allowed[0], f" (and {len(allowed) - 1} more)" if len(allowed) > 1 else ""
        cause = Cause(
            message=f"{policies.principal.name} may {first.action} on {first.resource}, which it must not{more}",
            resources=tuple(dict.fromkeys((policies.principal.name, *_named(first.resource)))),
            code=Fault.POLICY_ALLOWS,
            step="policy",
            evidence=first.evidence,
        )
        return _answer(check, policies, way, Status.FAIL, cause, asked)
    open_items = [item for item in asked if item.decision.allowed is None or _stands_for_many(item)]
    if open_items:
        first = open_items[0]
        wide = Unknown(reason=f"{first.resource} stands for many resources: name one")
        what = f"whether {policies.principal.name} is denied {first.action} on {first.resource} is not known"
        return _answer(
            check, policies, way, Status.UNKNOWN, unknown_cause(first.decision.unknown or (wide,), what), asked
        )
    near = "" if check.allow_empty else principal_alike(policies.principal.arn)
    doubt = Cause(message=f"{policies.principal.arn} is no service that is known (did you mean {near}?)")
    return _answer(check, policies, way, Status.WARN if near else Status.PASS, doubt if near else None, asked)


def _stands_for_many(item: _Decided) -> bool:
    """Whether a resource has a wildcard, except `*` for an action that works on no one resource."""
    return bool(set(item.resource) & {"*", "?"}) and not (item.resource == "*" and works_on_none(item.action))


def _denial(facts: Facts, check: Check, verb: Permit, policies: Policies, way: Way, denied: list[_Decided]) -> Cause:
    """All layers that refuse: every one of them must change."""
    resources: dict[str, None] = {}
    layers: list[Layer] = []
    refused: list[Refused] = []
    for item in denied:
        for refusal in _to_mend(item):
            layers.append(refusal.layer)
            refused.append(Refused(item.action, item.resource, refusal))
            if refusal.statement and refusal.statement.resource_id:
                resources.update(dict.fromkeys(_named(refusal.statement.resource_id)))
            else:
                resources.update(dict.fromkeys(_culprits(policies, way, refusal.layer, item.resource)))
    first = denied[0]
    reason = first.decision.reason
    if ":airflow:" in first.resource and not first.same_account:
        reason = f"{reason}, and Amazon MWAA knows none: only principals of the environment's own account may call"
    more = f" (and {len(denied) - 1} more)" if len(denied) > 1 else ""
    return Cause(
        message=f"{first.action} on {first.resource} is refused{more}: {reason}",
        resources=tuple(resources),
        code=_CODES[layers[0]] if layers else Fault.POLICY_IDENTITY,
        step="policy",
        evidence=first.evidence,
        changes=changes_for(facts, check.id, policies.principal, way, refused, _named_context(facts, verb)),
    )


def _named_context(facts: Facts, verb: Permit) -> dict[str, tuple[str, ...]]:
    """The check's own condition keys, with every value that it asks about."""
    return {key: (facts.fill(text),) for key, text in verb.context}


def _to_mend(item: _Decided) -> list[Refusal]:
    """The layers that must change: an explicit Deny must go whatever else allows.

    Within one account an Allow of the role's own policies suffices, the resource's is not needed.
    """
    refused = list(item.decision.layers)
    lacking = {refusal.layer for refusal in refused if not refusal.explicit}
    either = item.same_account and not item.action.startswith("kms:")
    if either and {Layer.IDENTITY, Layer.RESOURCE} <= lacking:
        return [refusal for refusal in refused if refusal.explicit or refusal.layer is not Layer.RESOURCE]
    return refused


def _culprits(policies: Policies, way: Way, layer: Layer, resource: str) -> tuple[str, ...]:
    if layer is Layer.ENDPOINT:
        return (way.endpoint,)
    if layer is Layer.RESOURCE and ":airflow:" not in resource:
        return _named(resource)
    if layer is Layer.BOUNDARY:
        return (policies.boundary_arn or policies.principal.arn,)
    return (policies.principal.name, policies.principal.arn)


def _named(resource: str) -> tuple[str, ...]:
    """A resource by its id, and by its ARN where it has both."""
    bucket = bucket_of(resource)
    if bucket:
        return (bucket, f"{resource.rpartition(':::')[0]}:::{bucket}")
    if ":iam:" in resource:
        return (resource.rpartition("/")[2], resource)
    if resource.startswith("arn:") and ":kms:" in resource:
        return (resource, resource.rpartition("/")[2])
    return (resource,)


def _answer(
    check: Check, policies: Policies, way: Way, status: Status, cause: Cause | None, asked: list[_Decided]
) -> Answer:
    destination = f"{way.name} ({way.endpoint})" if way.endpoint else way.name or check.title
    evidence = dict.fromkeys((*way.evidence, *(e for item in asked for e in item.evidence)))
    assumptions = dict.fromkeys(text for item in asked for text in item.decision.assumptions)
    source = policies.principal.name
    return answered(check, source, destination, status, cause, tuple(evidence), assumptions=tuple(assumptions))
