"""What one layer of policies says to a request: whether it allows it, how far, and whether it denies it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct

from mwaanet.access.context import RequestContext
from mwaanet.access.decision import DecidingStatement, Effect, Layer
from mwaanet.access.policy import Policy, Principals, Statement
from mwaanet.access.principals import Reach, named_reach, principal_reach
from mwaanet.access.statement import statement_covers
from mwaanet.access.truth import FALSE, TRUE, Truth, all_of, any_of, undecided, unreadable
from mwaanet.model.unknown import Unknown

_NEED_PRINCIPAL = frozenset({Layer.RESOURCE, Layer.ENDPOINT})


class KeyGrant(Struct, frozen=True, kw_only=True):
    """A grant on a KMS key, as `list-grants` returns it.

    https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
    """

    grant_id: str
    key_id: str
    grantee_principal: str
    """The ARN of an account root, role, user or session, or a service's name."""
    operations: tuple[str, ...]
    """Names without the service, such as `Decrypt`."""
    name: str = ""
    constrained: bool = False
    """Whether an encryption context is demanded; such a grant is undecided."""


class LayerAnswer(NamedTuple):
    """The Allow and Deny statements of one layer, taken together."""

    layer: Layer
    allow: Mapping[Reach, Truth]
    deny: Truth
    names: tuple[str, ...] = ()
    """The policies that were read."""
    denials: tuple[DecidingStatement, ...] = ()
    """Every Deny that applies."""

    @property
    def allows(self) -> Truth:
        """Whether any Allow applies, however far it reaches."""
        return any_of(self.allow.values())

    def reaching(self, reach: Reach) -> Truth:
        """Whether an Allow applies that reaches so far."""
        return self.allow.get(reach, FALSE)


def absent_layer(layer: Layer, allows: Truth = TRUE) -> LayerAnswer:
    """A layer without policies: it denies nothing, and allows what the kind of layer allows by itself."""
    return LayerAnswer(layer, {Reach.DIRECT: allows}, FALSE)


def ask_layer(
    layer: Layer, policies: Iterable[Policy | Unknown], context: RequestContext, *, gateway: bool = False
) -> LayerAnswer:
    """Evaluate all policies of a layer; one of them has to allow."""
    allow: dict[Reach, list[Truth]] = {reach: [] for reach in Reach}
    deny: list[Truth] = []
    names: list[str] = []
    for policy in policies:
        if isinstance(policy, Unknown):
            gap = unreadable(policy)
            allow[Reach.DIRECT].append(gap)
            deny.append(gap)
            continue
        names.append(policy.name)
        for statement in policy.statements:
            covers = statement_covers(policy, statement, context)
            if covers.value is False:
                continue
            place = _place(policy, statement, layer)
            for reach, named in _reaches(layer, statement, context, gateway).items():
                applies = all_of((named, covers)).by(place)
                (deny if statement.effect is Effect.DENY else allow[reach]).append(applies)
    together = {reach: any_of(truths) for reach, truths in allow.items()}
    denials = dict.fromkeys(statement for truth in deny if truth.value for statement in truth.statements)
    return LayerAnswer(layer, together, any_of(deny), tuple(names), tuple(denials))


def ask_levels(levels: Iterable[Iterable[Policy | Unknown]], context: RequestContext) -> LayerAnswer:
    """Evaluate organisation policies: one policy of *every* level has to allow.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
    """
    answers = [ask_layer(Layer.ORGANISATION, level, context) for level in levels]
    allows = all_of(answer.allows for answer in answers)
    deny = any_of(answer.deny for answer in answers)
    names = tuple(name for answer in answers for name in answer.names)
    denials = tuple(statement for answer in answers for statement in answer.denials)
    return LayerAnswer(Layer.ORGANISATION, {Reach.DIRECT: allows}, deny, names, denials)


def with_grants(answer: LayerAnswer, grants: tuple[KeyGrant, ...] | Unknown, context: RequestContext) -> LayerAnswer:
    """The key policy's answer together with the grants on the key, which only ever allow."""
    if isinstance(grants, Unknown):
        direct = any_of((answer.reaching(Reach.DIRECT), unreadable(grants)))
        return answer._replace(allow={**answer.allow, Reach.DIRECT: direct})
    allow: dict[Reach, list[Truth]] = {reach: [answer.reaching(reach)] for reach in Reach}
    operation = context.request.action.split(":", 1)[1].lower()
    for grant in grants:
        if operation not in (name.lower() for name in grant.operations):
            continue
        covers = undecided("kms:EncryptionContext") if grant.constrained else TRUE
        place = DecidingStatement(
            policy=grant.name or f"grant {grant.grant_id}",
            resource_id=grant.key_id,
            index=0,
            sid=grant.grant_id,
            layer=Layer.RESOURCE,
            effect=Effect.ALLOW,
        )
        grantee = Principals(aws=(grant.grantee_principal,), service=(grant.grantee_principal,))
        for reach, named in named_reach(grantee, context.request).items():
            allow[reach].append(all_of((named, covers)).by(place))
    return answer._replace(allow={reach: any_of(truths) for reach, truths in allow.items()})


def _reaches(layer: Layer, statement: Statement, context: RequestContext, gateway: bool) -> Mapping[Reach, Truth]:
    """The principals of a statement; a policy attached to the identity itself names none and means it."""
    unnamed = statement.principals is None and statement.not_principals is None
    if unnamed and layer not in _NEED_PRINCIPAL:
        return {Reach.DIRECT: TRUE}
    return principal_reach(statement, context, gateway=gateway)


def _place(policy: Policy, statement: Statement, layer: Layer) -> DecidingStatement:
    return DecidingStatement(
        policy=policy.name,
        resource_id=policy.resource_id,
        index=statement.index,
        sid=statement.sid,
        layer=layer,
        effect=statement.effect,
    )
