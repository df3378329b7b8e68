"""Who may assume the role that signs the calls: the principals that its trust policy names, asked one by one.

Who comes for the role is not declared, so it is enough that somebody may. What that principal's own policies say is
not judged: whoever runs the client gives it the right to call AWS STS.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html,
https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html (the service that assumes a role for what
does not run on AWS)

Not modelled: the identity policies of whoever assumes the role.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from mwaanet.access import AccessError, Effect, Policy, Principal, PrincipalKind
from mwaanet.checks.principal_policies import Policies, parsed, session_of
from mwaanet.model.arn import Arn
from mwaanet.model.inventory import Inventory
from mwaanet.model.record import Origin
from mwaanet.model.role import GetRole
from mwaanet.model.unknown import Unknown

EVERYONE = "000000000000"
"""An account that nobody has, which stands for everyone where a trust policy names `*`."""
ROLES_ANYWHERE = "rolesanywhere.amazonaws.com"
"""The service that assumes roles for what runs outside of AWS."""
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def trust_policy(inventory: Inventory, role: Principal) -> tuple[Policy | Unknown, Origin | None]:
    """The trust policy of a role, and where it was read."""
    found = inventory.call_with_origin("iam", "get-role", role.account, "global", GetRole, RoleName=role.name)
    if not isinstance(found, tuple):
        return found or Unknown(reason=f"the role {role.name} does not exist"), None
    policy = parsed(found[0].role.assume_role_policy_document, "the trust policy", role.arn)
    return policy or Unknown(reason=f"the trust policy of {role.name} is not in the snapshot"), found[1]


def assumers(policy: Policy, endpoint: Policy | None, *, on_premises: bool) -> list[Policies]:
    """Everybody whom an Allow of a trust policy names, with the right to ask.

    An AWS service assumes roles for what runs in it, so it is nobody for a client on-premises. An account stands for
    its principals, so those of them whom the trust policy or the policy of the endpoint on the way singles out are
    asked too.
    """
    named = [s.principals for s in policy.statements if s.effect is Effect.ALLOW and s.principals is not None]
    trusted = dict.fromkeys(name for each in named for name in (*each.aws, *each.service, *each.federated))
    accounts = dict.fromkeys(_account_of(name) for name in trusted)
    singled = [name for each in (policy, endpoint) if each for name in _singled_out(each, accounts)]
    theirs = (name for name in singled if {EVERYONE, _account_of(name)} & accounts.keys())
    names = dict.fromkeys((*trusted, *theirs))
    return [
        one
        for one in _with_the_right_to_ask(names)
        if not (on_premises and one.principal.kind is PrincipalKind.SERVICE and one.principal.arn != ROLES_ANYWHERE)
    ]


def strangers(role: Principal, endpoint: Policy | None) -> list[Policies]:
    """Whoever might come for a role whose trust policy names nobody for it, or was not read, with the right to ask.

    Its account, any other, those whom the policy of the endpoint on the way singles out, and users of identity
    providers: an endpoint that lets none of these through refuses, whomever the trust policy will name.
    """
    providers = (role.arn.partition(":role/")[0] + f":{kind}-provider/any" for kind in ("saml", "oidc"))
    accounts = (role.account, EVERYONE)
    singled = _singled_out(endpoint, accounts) if endpoint else ()
    return list(_with_the_right_to_ask(dict.fromkeys((*accounts, *singled, *providers))))


def _account_of(name: str) -> str:
    """The account that a name of a principal stands for as a whole, or belongs to."""
    arn = Arn.parse(name)
    return arn.account if arn else EVERYONE if name == "*" else name


def _singled_out(policy: Policy, accounts: Iterable[str]) -> Iterator[str]:
    """Whom of some accounts a policy names, as principals or by condition keys: of those that fit a pattern, one."""
    for statement in policy.statements:
        yield from statement.principals.aws if statement.principals else ()
        for condition in statement.conditions:
            for account, value in product(accounts, condition.values):
                yield from _by_key(condition.key.lower(), value, account)


def _by_key(key: str, value: str, account: str) -> Iterator[str]:
    """The principal of an account that a condition's value stands for."""
    name = value.replace("*", "any").replace("?", "x")
    if key == "aws:principalarn":
        yield name.replace("::any:", f"::{account}:")
    elif key == "aws:principalaccount":
        yield name
    elif key == "aws:username":
        yield f"arn:aws:iam::{account}:user/{name}"


def _with_the_right_to_ask(names: Iterable[str]) -> Iterator[Policies]:
    """Principals by their names; what is left of a deleted one (`AROA…`, `AIDA…`) is nobody."""
    identity = (Policy.parse(EVERYTHING, "the right to ask", ""),)
    for name in names:
        try:
            principal = session_of(name) or Principal.parse(EVERYONE if name == "*" else name)
        except AccessError:
            continue
        yield Policies(principal=principal, identity=identity)


def action_of(principal: Principal) -> str:
    """How a principal assumes a role: by itself, or with an identity provider's assertion or token."""
    if principal.kind is not PrincipalKind.FEDERATED:
        return "sts:AssumeRole"
    return "sts:AssumeRoleWithSAML" if ":saml-provider/" in principal.arn else "sts:AssumeRoleWithWebIdentity"
