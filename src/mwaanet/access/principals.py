"""Which principals a statement of a resource-based policy names, and what its Allow gives them.

The principals of `Principal` cannot be matched in part: `*` is everyone, anything else names one account, role,
session, user, service or identity provider. Within one account the name decides how far an Allow reaches: named as
an account, the principal still needs an identity policy; named as a role, its permissions boundary and session policy
still narrow; named as a session or a user, or as everyone, nothing but an explicit Deny does.

Pages: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html,
https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html#vpc-endpoint-policies-gateway

Not modelled: a unique id (`AROA...`) in place of an ARN is what is left of a deleted principal and names nobody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum

from mwaanet.access.context import RequestContext
from mwaanet.access.decision import Effect
from mwaanet.access.policy import Principals, Statement
from mwaanet.access.request import Principal, PrincipalKind, Request
from mwaanet.access.truth import FALSE, TRUE, Truth, any_of, decided, undecided


class Reach(Enum):
    """What an Allow of a resource-based policy does for a principal of the same account."""

    ACCOUNT = "delegates to the account, whose identity policies decide"
    ENTITY = "allows the role, as far as its boundary and session policy go"
    DIRECT = "allows the session or user itself"


_EVERYONE = "*"
_ACCOUNT = re.compile(r"(\d{12})|arn:aws[\w-]*:iam::(\d{12}):root", re.ASCII)
_SESSION = re.compile(r"arn:aws[\w-]*:sts::(\d{12}):assumed-role/([^/]+)/[^/]+", re.ASCII)


def principal_reach(statement: Statement, context: RequestContext, *, gateway: bool) -> Mapping[Reach, Truth]:
    """Whether a statement of a resource-based policy covers the principal, per way of naming it.

    `gateway` is for the policy of a gateway endpoint, in which an account names its root user only.
    """
    if statement.principals is not None:
        return named_reach(statement.principals, context.request, gateway=gateway)
    if statement.not_principals is not None:
        return {Reach.DIRECT: _not_named(statement.not_principals, statement.effect, context)}
    return {Reach.DIRECT: undecided("Principal")}


def named_reach(principals: Principals, request: Request, *, gateway: bool = False) -> Mapping[Reach, Truth]:
    """Whether a list of principals names the one of the request, per way of naming it."""
    principal = request.principal
    if _EVERYONE in principals.aws:
        return {Reach.DIRECT: TRUE}
    account = _account_named(principals, principal)
    entity = decided(principal.kind is not PrincipalKind.SERVICE and principal.arn in principals.aws)
    own = any_of((_session_named(principals, principal), _outsider_named(principals, request)))
    if gateway:
        root = decided(account.value is True and principal.kind is PrincipalKind.ROOT)
        named = any_of((entity, own))
        return {Reach.DIRECT: undecided("Principal") if named.value and not root.value else any_of((root, named))}
    if principal.kind in (PrincipalKind.USER, PrincipalKind.ROOT):
        return {Reach.ACCOUNT: account, Reach.DIRECT: any_of((entity, own))}
    return {Reach.ACCOUNT: account, Reach.ENTITY: entity, Reach.DIRECT: own}


def _account_named(principals: Principals, principal: Principal) -> Truth:
    """An account by its id, its root's ARN or its canonical user id."""
    if not principal.account:
        return FALSE
    for name in principals.aws:
        match = _ACCOUNT.fullmatch(name)
        if match and principal.account in match.groups():
            return TRUE
    if not principals.canonical_user:
        return FALSE
    if principal.canonical_id is None:
        return undecided("CanonicalUser")
    return decided(principal.canonical_id in principals.canonical_user)


def _session_named(principals: Principals, principal: Principal) -> Truth:
    """A role's or federated user's session; where its name is not known, a session of the role may be it."""
    if principal.session_arn is not None:
        return decided(principal.session_arn in principals.aws)
    if principal.kind is not PrincipalKind.ROLE:
        return FALSE
    for name in principals.aws:
        match = _SESSION.fullmatch(name)
        if match and match.groups() == (principal.account, principal.name):
            return undecided("the role session's name")
    return FALSE


def _outsider_named(principals: Principals, request: Request) -> Truth:
    """A service by its name, with or without the Region, or an identity provider."""
    principal = request.principal
    if principal.kind is PrincipalKind.FEDERATED:
        return decided(principal.arn in principals.federated)
    if principal.kind is not PrincipalKind.SERVICE:
        return FALSE
    own = principal.arn.replace(f".{request.region}.", ".")
    names = (name.replace(f".{request.region}.", ".") for name in principals.service)
    return decided(any(name in (own, _EVERYONE) for name in names))


def _not_named(principals: Principals, effect: Effect, context: RequestContext) -> Truth:
    """Whether `NotPrincipal` leaves the principal in.

    A Deny spares a role, session or user only where it is listed with its account, "otherwise the policy might deny
    access to the entire account": where part of that is listed, it is undecided; its account alone spares nobody else.
    Whoever has a permissions boundary it denies always. An Allow spares whoever is listed at all.
    """
    if _EVERYONE in principals.aws:
        return FALSE
    request, principal = context.request, context.request.principal
    account, session = _account_named(principals, principal), _session_named(principals, principal)
    named = [account, decided(principal.arn in principals.aws), session, _outsider_named(principals, request)]
    if effect is Effect.ALLOW:
        return any_of(named).negated()
    own = named if principal.kind is PrincipalKind.ROOT else named[1:]
    if context.bounded is True or all(part.value is False for part in own):
        return TRUE
    complete = {
        PrincipalKind.ROLE: (0, 1, 2),
        PrincipalKind.FEDERATED_USER: (0, 1, 2),
        PrincipalKind.USER: (0, 1),
        PrincipalKind.ROOT: (0,),
    }.get(principal.kind, (3,))
    spared = context.bounded is False and all(named[part].value for part in complete)
    return FALSE if spared else undecided("NotPrincipal")
