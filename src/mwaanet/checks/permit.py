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
    Decision,
    Layer,
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
from mwaanet.checks.assume import action_of
from mwaanet.checks.callers import Callers, callers_of
from mwaanet.checks.codes import Fault
from mwaanet.checks.context import Context
from mwaanet.checks.environments import refuse_absent_environment
from mwaanet.checks.facts import Facts
from mwaanet.checks.iam_words import principal_alike, works_on_none
from mwaanet.checks.language import ASSUMER, Check, Permit
from mwaanet.checks.permit_changes import Refused, changes_for
from mwaanet.checks.policies import bucket_of, grants_evidence, policies_met
from mwaanet.checks.principal_policies import Policies
from mwaanet.checks.result import Status
from mwaanet.checks.way import Way, service_way, ways
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked about one of the callers on one way."""

    facts: Facts
    check: Check
    verb: Permit
    way: Way
    callers: Callers
    policies: Policies

    @property
    def name(self) -> str:
        """How the caller is reported."""
        return self.callers.name(self.policies)

    @property
    def actions(self) -> tuple[str, ...]:
        """What it asks for."""
        return (action_of(self.policies.principal),) if self.verb.principal == ASSUMER else self.verb.actions

    @property
    def caller(self) -> Principal | None:
        """Whom a change of a policy is to let in; None where it is whoever comes for a role."""
        return None if self.verb.principal == ASSUMER else self.policies.principal

    @property
    def named_context(self) -> dict[str, tuple[str, ...]]:
        """The check's own condition keys, with every value that it asks about."""
        return {key: (self.facts.fill(text),) for key, text in self.verb.context}


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
        callers = callers_of(context, verb, way, resources[0])
        asked = [_Asked(facts, check, verb, way, callers, policies) for policies in callers.policies]
        by_principal = [_answer_of(one, resources) for one in asked]
        answers.append(_deciding(by_principal, _FORBIDDEN if check.negative else _GRANTED))
    return answers


def _answer_of(asked: _Asked, resources: Sequence[str]) -> Answer:
    """The answer of one principal on one way."""
    negative, any_resource = asked.check.negative, asked.verb.any_resource
    whole = not (negative or any_resource)
    by_action = [[_ask(asked, action, resource, whole=whole) for resource in resources] for action in asked.actions]
    if negative:
        return _judge_denied(asked, [item for items in by_action for item in items])
    return _judge(asked, [item for items in by_action for item in (_least(items) if any_resource else items)])


def _least(items: list[_Decided]) -> list[_Decided]:
    """The answer that counts where one resource is enough: allowed, else undecided, else the least refused."""
    ranks = {True: 0, None: 1, False: 2}
    return [min(items, key=lambda item: (ranks[item.decision.allowed], len(item.decision.layers)))]


def _deciding(answers: list[Answer], order: Sequence[Status]) -> Answer:
    """The answer that counts of those of several principals: of refusals, that of the fewest culprits."""
    return min(answers, key=lambda one: (order.index(one.segment.status), len(one.cause.resources) if one.cause else 0))


def _ask(asked: _Asked, action: str, resource: str, *, whole: bool) -> _Decided:
    facts, policies = asked.facts, asked.policies
    met = policies_met(facts, policies, asked.way, action, resource)
    owner = policies.principal.account if is_celery_queue(resource) else _account(facts, resource)
    request = Request(
        principal=policies.principal,
        action=action,
        resource=resource,
        resource_account=owner,
        region=facts.region,
        whole=whole,
        context=_context(facts, policies, asked.way, action)
        | {"aws:ResourceAccount": (_account(facts, resource),)}
        | asked.named_context,
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
    if way.anywhere or way.unknown:
        return common | extra
    through = through_endpoint(way.endpoint, way.vpc, *way.sources) if way.endpoint else through_internet(*way.sources)
    return common | extra | through


def _judge(asked: _Asked, items: list[_Decided]) -> Answer:
    denied = [item for item in items if item.decision.allowed is False]
    undecided = [item for item in items if item.decision.allowed is None]
    if denied:
        return _answer(asked, Status.FAIL, _denial(asked, denied), items)
    if undecided:
        first = undecided[0]
        what = f"whether {asked.name} may {first.action} on {first.resource} ({first.decision.reason})"
        return _answer(asked, Status.UNKNOWN, _doubt(asked, undecided, what), items)
    return _answer(asked, Status.PASS, None, items)


def _doubt(asked: _Asked, undecided: list[_Decided], what: str) -> Cause:
    """What the answer waits for: the way and the trust policy first, of which the rest may depend."""
    way, trust = asked.way.unknown, asked.callers.trust
    waits = [u for u in (way, trust) if u] + [u for item in undecided for u in item.decision.unknown]
    unknowns = tuple(dict.fromkeys(waits))
    keys = ", ".join(dict.fromkeys(key for item in undecided for key in item.decision.keys))
    if way:
        what = f"how requests to {asked.way.name} travel is not known"
    elif trust:
        what = f"who may assume {asked.callers.role} is not known"
    elif keys:
        unknowns = (*unknowns, Unknown(reason=f"the value of {keys} is not known"))
    return unknown_cause(unknowns, what)


def _judge_denied(asked: _Asked, items: list[_Decided]) -> Answer:
    """The answer where every action must be denied on every resource.

    A resource with a wildcard stands for more than the one that was asked for: that all are denied is not known.
    """
    allowed = [item for item in items if item.decision.allowed]
    if allowed:
        first, more = allowed[0], f" (and {len(allowed) - 1} more)" if len(allowed) > 1 else ""
        cause = Cause(
            message=f"{asked.name} may {first.action} on {first.resource}, which it must not{more}",
            resources=tuple(dict.fromkeys((asked.name, *_named(first.resource)))),
            code=Fault.POLICY_ALLOWS,
            step="policy",
            evidence=first.evidence,
        )
        return _answer(asked, Status.FAIL, cause, items)
    undecided = [item for item in items if item.decision.allowed is None]
    wide = [item for item in items if _stands_for_many(item)]
    for first in (*undecided, *wide):
        what = f"whether {asked.name} is denied {first.action} on {first.resource} is not known"
        many = (Unknown(reason=f"{first.resource} stands for many resources: name one"),)
        cause = _doubt(asked, undecided, what) if undecided else unknown_cause(many, what)
        return _answer(asked, Status.UNKNOWN, cause, items)
    arn = asked.policies.principal.arn
    near = "" if asked.check.allow_empty else principal_alike(arn)
    doubt = Cause(message=f"{arn} is no service that is known (did you mean {near}?)")
    return _answer(asked, Status.WARN if near else Status.PASS, doubt if near else None, items)


def _stands_for_many(item: _Decided) -> bool:
    """Whether a resource has a wildcard, except `*` for an action that works on no one resource."""
    return bool(set(item.resource) & {"*", "?"}) and not (item.resource == "*" and works_on_none(item.action))


def _denial(asked: _Asked, denied: list[_Decided]) -> Cause:
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
                resources.update(dict.fromkeys(_culprits(asked, refusal.layer, item.resource)))
    more = f" (and {len(denied) - 1} more)" if len(denied) > 1 else ""
    return Cause(
        message=_refusal(asked, denied[0], more),
        resources=tuple(resources),
        code=_CODES[layers[0]] if layers else Fault.POLICY_IDENTITY,
        step="policy",
        evidence=denied[0].evidence,
        changes=changes_for(asked.facts, asked.check.id, asked.caller, asked.way, refused, asked.named_context),
    )


def _refusal(asked: _Asked, first: _Decided, more: str) -> str:
    """What is refused, and by whom."""
    reason, role = first.decision.reason, asked.callers.role
    if role and not asked.callers.trust:
        nobody = f"the trust policy of {role} lets nobody assume it who could be the client"
        others = (one.reason for one in first.decision.layers if one.layer is not Layer.RESOURCE)
        return "; ".join((nobody, *others))
    if ":airflow:" in first.resource and not first.same_account:
        reason = f"{reason}, and Amazon MWAA knows none: only principals of the environment's own account may call"
    return f"{first.action} on {first.resource} is refused{more}: {reason}"


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


def _culprits(asked: _Asked, layer: Layer, resource: str) -> tuple[str, ...]:
    if layer is Layer.ENDPOINT:
        return (asked.way.endpoint,)
    if layer is Layer.RESOURCE and ":airflow:" not in resource:
        return _named(resource)
    principal = asked.policies.principal
    if layer is Layer.BOUNDARY:
        return (asked.policies.boundary_arn or principal.arn,)
    return (principal.name, principal.arn)


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


def _answer(asked: _Asked, status: Status, cause: Cause | None, items: list[_Decided]) -> Answer:
    way = asked.way
    destination = f"{way.name} ({way.endpoint})" if way.endpoint else way.name or asked.check.title
    evidence = dict.fromkeys((*way.evidence, *(e for item in items for e in item.evidence)))
    assumptions = dict.fromkeys(text for item in items for text in item.decision.assumptions)
    return answered(
        asked.check, asked.name, destination, status, cause, tuple(evidence), assumptions=tuple(assumptions)
    )
