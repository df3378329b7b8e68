"""IAM's evaluation: all layers of policies together, to one decision.

An explicit Deny anywhere wins. Otherwise an Allow is needed: within one account from an identity policy or from the
resource's policy, across accounts from both. Permissions boundary, session policy, endpoint policy and organisation
policies only narrow, the last not what service-linked roles do. Within one account the boundary and session policy do
not narrow what the resource's policy allows to a session or user itself (see `principals`). KMS keys and role trust
policies must allow by themselves: without them identity policies count for nothing.

What is not known makes the answer undecided only where it could change it.

Pages: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html,
https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html,
https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html

Not modelled: S3 Block Public Access and ACLs (neither decides for a role of the bucket's account), RAM's permission
fragments, that organisation policies spare the management account, and that a federated user's session without a
session policy may do only what resources' policies give it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from msgspec import Struct

from mwaanet.access.aws_owned import is_service_linked_role
from mwaanet.access.context import RequestContext
from mwaanet.access.decision import Decision, Layer
from mwaanet.access.layers import KeyGrant, LayerAnswer, absent_layer, ask_layer, ask_levels, with_grants
from mwaanet.access.policy import Policy
from mwaanet.access.principals import Reach
from mwaanet.access.reasons import refusals, sentence
from mwaanet.access.request import PrincipalKind, Request
from mwaanet.access.truth import FALSE, Truth, all_of, any_of, undecided
from mwaanet.model.unknown import Unknown

ASSUMED_ORGANISATION = "service and resource control policies of the organisation, which were not given, allow it"
ASSUMED_SESSION = "no session policy, which would not be visible, narrows the role's session"

_WITHOUT_IDENTITY_POLICIES = frozenset({PrincipalKind.SERVICE, PrincipalKind.FEDERATED, PrincipalKind.ANONYMOUS})
_SESSIONS = frozenset({PrincipalKind.ROLE, PrincipalKind.FEDERATED_USER})
_KEY = re.compile(r"arn:[^:]*:kms:[^:]*:[^:]*:key/.*", re.DOTALL)
_TRUST_ACTIONS = re.compile(r"sts:(assumerole\w*|tagsession|setsourceidentity)", re.IGNORECASE)


class PolicySet(Struct, frozen=True, kw_only=True):
    """The policies that apply to a request. `Unknown` stands for a policy that exists or may exist but was not read."""

    identity: tuple[Policy | Unknown, ...] = ()
    """The principal's inline and managed policies, and those of its groups."""
    resource: Policy | Unknown | None = None
    """The bucket, key, queue or trust policy of the resource; None where it has none."""
    boundary: Policy | Unknown | None = None
    """The principal's permissions boundary; None where it has none."""
    session: Policy | Unknown | None = None
    """The policy passed when the session was made; None leaves it out."""
    endpoint: Policy | Unknown | None = None
    """The policy of the VPC endpoint that the request goes through; None where it goes through none."""
    endpoint_is_gateway: bool = False
    """Whether that endpoint is a gateway endpoint, in whose policy an account names its root user only."""
    key_grants: tuple[KeyGrant, ...] | Unknown = ()
    """The grants on the KMS key."""
    organisation: tuple[tuple[Policy | Unknown, ...], ...] = ()
    """Service and resource control policies, level by level (root, units, account); empty leaves them out."""


class Layers(NamedTuple):
    """The answer of each layer, None where it does not take part."""

    identity: LayerAnswer
    resource: LayerAnswer | None
    boundary: LayerAnswer | None
    session: LayerAnswer | None
    endpoint: LayerAnswer | None
    organisation: LayerAnswer | None

    @property
    def present(self) -> tuple[LayerAnswer, ...]:
        """The layers that take part."""
        return tuple(answer for answer in self if answer is not None)


def evaluate(request: Request, policies: PolicySet) -> Decision:
    """Decide one request under the policies that apply to it."""
    layers = _ask(request, policies)
    deny = any_of(answer.deny for answer in layers.present)
    allow = _allowed(request, layers)
    answer = deny.negated() if deny.value else all_of((allow, deny.negated()))
    refused = () if answer.value else refusals(request, layers.present, needed=_needed(request, layers))
    decided_by = next(iter(answer.statements), None) if answer.value is not None else None
    return Decision(
        allowed=answer.value,
        reason=sentence(request, answer, refused),
        decided_by=decided_by,
        layers=refused,
        unknown=answer.unknown,
        keys=answer.keys,
        undecided=answer.statements if answer.value is None else (),
        assumptions=_assumptions(request, policies),
    )


def _ask(request: Request, policies: PolicySet) -> Layers:
    """Put the request to every layer."""
    unread = isinstance(policies.boundary, Unknown)
    context = RequestContext(request, bounded=None if unread else policies.boundary is not None)
    identity = ask_layer(Layer.IDENTITY, policies.identity, context)
    if request.principal.kind is PrincipalKind.ROOT:
        identity = absent_layer(Layer.IDENTITY)
    endpoint = None
    if policies.endpoint is not None:
        gateway = policies.endpoint_is_gateway
        endpoint = ask_layer(Layer.ENDPOINT, (policies.endpoint,), context, gateway=gateway)
    return Layers(
        identity,
        _ask_resource(request, policies, context),
        None if policies.boundary is None else ask_layer(Layer.BOUNDARY, (policies.boundary,), context),
        None if policies.session is None else ask_layer(Layer.SESSION, (policies.session,), context),
        endpoint,
        ask_levels(policies.organisation, context) if policies.organisation and _in_reach(request) else None,
    )


def _in_reach(request: Request) -> bool:
    """Whether organisation policies apply: to whatever a service-linked role does none of them does.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html,
    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
    """
    return not is_service_linked_role(request.principal.arn)


def _ask_resource(request: Request, policies: PolicySet, context: RequestContext) -> LayerAnswer | None:
    """The resource's own policy, and the grants of a KMS key.

    "Every KMS key must have exactly one key policy", and every role has a trust policy: where it is not given, it is
    unknown. https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
    """
    policy = policies.resource
    if policy is None and _must_allow(request):
        policy = Unknown(reason=f"the policy of {request.resource} itself was not given", needs=())
    if policy is not None:
        answer = ask_layer(Layer.RESOURCE, (policy,), context)
        return with_grants(answer, policies.key_grants, context) if _is_key(request) else answer
    alone = _same_account(request) and request.principal.kind not in _WITHOUT_IDENTITY_POLICIES
    return None if alone else absent_layer(Layer.RESOURCE, FALSE)


def _allowed(request: Request, layers: Layers) -> Truth:
    """Whether the Allows suffice, no matter what is denied."""
    narrowing = [answer.allows for answer in (layers.endpoint, layers.organisation) if answer is not None]
    return all_of((_granted(request, layers), *narrowing))


def _granted(request: Request, layers: Layers) -> Truth:
    """Whether identity and resource policies grant it, with the boundary and session policy taken in."""
    same = _same_account(request)
    within, across = _granted_within(request, layers), _granted_across(layers)
    if request.principal.kind in _WITHOUT_IDENTITY_POLICIES:
        return FALSE if layers.resource is None else layers.resource.allows
    if same is None:
        return within if within.value == across.value is not None else _whichever(within, across)
    return within if same else across


def _whichever(within: Truth, across: Truth) -> Truth:
    """Undecided for want of the resource's account."""
    waiting = [answer for answer in (within, across) if answer.value is None]
    return all_of((*waiting, undecided("aws:ResourceAccount")))


def _granted_within(request: Request, layers: Layers) -> Truth:
    """The rule within one account: any of three ways suffices."""
    narrow = _narrowing(layers)
    identity = all_of((layers.identity.allows, narrow))
    if layers.resource is None:
        return identity
    if _must_allow(request):
        identity = all_of((identity, layers.resource.allows))
    entity = all_of((layers.resource.reaching(Reach.ENTITY), narrow))
    return any_of((identity, entity, layers.resource.reaching(Reach.DIRECT)))


def _granted_across(layers: Layers) -> Truth:
    """The rule across accounts: both sides have to allow."""
    resource = FALSE if layers.resource is None else layers.resource.allows
    return all_of((layers.identity.allows, _narrowing(layers), resource))


def _narrowing(layers: Layers) -> Truth:
    return all_of(answer.allows for answer in (layers.boundary, layers.session) if answer is not None)


def _needed(request: Request, layers: Layers) -> frozenset[Layer]:
    """The layers without whose Allow the request is refused: not those that another makes up for, or may."""
    needed = {Layer.ENDPOINT, Layer.ORGANISATION, Layer.RESOURCE}
    resource, within = layers.resource, _same_account(request)
    if request.principal.kind in _WITHOUT_IDENTITY_POLICIES:
        return frozenset(needed)
    if not within or resource is None or resource.reaching(Reach.DIRECT).value is False:
        needed |= {Layer.BOUNDARY, Layer.SESSION}
        if not within or resource is None or resource.reaching(Reach.ENTITY).value is False:
            needed.add(Layer.IDENTITY)
    if within and layers.identity.allows.value is not False and not _must_allow(request):
        needed.discard(Layer.RESOURCE)
    return frozenset(needed)


def _same_account(request: Request) -> bool | None:
    """Whether the principal and the resource belong to one account; None where the resource's is not known."""
    if request.resource_account is None:
        return None
    return request.principal.account == request.resource_account


def _must_allow(request: Request) -> bool:
    """Whether the resource's own policy has to allow, as for KMS keys and the trust policies of roles.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
    """
    return _is_key(request) or _TRUST_ACTIONS.fullmatch(request.action) is not None


def _is_key(request: Request) -> bool:
    return request.service == "kms" and _KEY.fullmatch(request.resource) is not None


def _assumptions(request: Request, policies: PolicySet) -> tuple[str, ...]:
    """What was left out because nobody gave it."""
    organisation = () if policies.organisation or not _in_reach(request) else (ASSUMED_ORGANISATION,)
    sessions = request.principal.kind in _SESSIONS and policies.session is None
    return (*organisation, ASSUMED_SESSION) if sessions else organisation
