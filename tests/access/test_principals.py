"""Whom `Principal` and `NotPrincipal` name."""

from __future__ import annotations

import pytest
from msgspec import structs

from access.cases import ACCOUNT, OTHER, REFUSED, ROLE, ROOT, SESSION, USER, allow, aws, deny, policy, request
from mwaanet.access import Policy, PolicySet, Principal, PrincipalKind, Request, evaluate
from mwaanet.model.unknown import Unknown

NAMESAKE = f"arn:aws:iam::{ACCOUNT}:role/mwaa"
UNNAMED_SESSION = request(session=None)
FEDERATED_USER = structs.replace(
    request(),
    principal=Principal(
        arn=USER,
        account=ACCOUNT,
        kind=PrincipalKind.FEDERATED_USER,
        session_arn=f"arn:aws:sts::{ACCOUNT}:federated-user/carlos",
    ),
)
NOBODY = structs.replace(request(), principal=Principal(arn="", account="", kind=PrincipalKind.ANONYMOUS))
CANONICAL = {"CanonicalUser": "79a5"}


def by(name: str) -> Request:
    return request(principal=name)


@pytest.mark.parametrize(
    ("what", "asked", "principal", "allowed"),
    [
        ("an asterisk is everybody", request(), "*", True),
        ("an asterisk as an AWS principal, too", request(), aws("*"), True),
        ("everybody includes the anonymous", NOBODY, "*", True),
        ("everybody includes services", by("logs.amazonaws.com"), "*", True),
        ("a role by its ARN", request(), aws(ROLE), True),
        ("a role without its path is another role", request(), aws(NAMESAKE), False),
        ("a session by its ARN", request(), aws(SESSION), True),
        ("another session of the role", request(), aws(SESSION + "2"), False),
        ("a session whose name is not known may be it", UNNAMED_SESSION, aws(SESSION), None),
        ("but not a session of another role", UNNAMED_SESSION, aws(SESSION.replace("mwaa", "x")), False),
        ("no part of a name may be an asterisk", request(), aws(f"arn:aws:iam::{ACCOUNT}:role/*"), False),
        ("a unique id is what a deleted role leaves", request(), aws("AROAEXAMPLEID"), False),
        ("one of several suffices", request(), aws(USER, ROLE), True),
        ("a user by its ARN", by(USER), aws(USER), True),
        ("a user's name minds case", by(USER), aws(USER.replace("carlos", "Carlos")), False),
        ("the root user by its account's id", by(ROOT), aws(ACCOUNT), True),
        ("a service by its name", by("logs.amazonaws.com"), {"Service": "logs.amazonaws.com"}, True),
        ("a service in its Region", by("logs.amazonaws.com"), {"Service": ["logs.us-east-1.amazonaws.com"]}, True),
        ("a service in another Region", by("logs.amazonaws.com"), {"Service": "logs.eu-west-1.amazonaws.com"}, False),
        ("a role is no service", request(), {"Service": "ecs-tasks.amazonaws.com"}, False),
        ("a role comes from no identity provider", request(), {"Federated": "*"}, False),
        ("a federated user by its session", FEDERATED_USER, aws(f"arn:aws:sts::{ACCOUNT}:federated-user/carlos"), True),
        ("a federated user by its user", FEDERATED_USER, aws(USER), True),
    ],
)
def test_principal(what: str, asked: Request, principal: object, allowed: bool | None) -> None:
    assert evaluate(asked, PolicySet(resource=policy(allow(principal=principal)))).allowed is allowed, what


@pytest.mark.parametrize("name", [ACCOUNT, ROOT])
def test_a_deny_for_an_account_is_for_all_its_principals(name: str) -> None:
    policies = PolicySet(identity=(policy(allow()),), resource=policy(deny(principal=aws(name))))

    assert evaluate(request(), policies).allowed is False
    assert evaluate(by(USER), policies).allowed is False
    assert evaluate(by(USER.replace(ACCOUNT, OTHER)), policies).decided_by is None


def test_an_account_may_be_named_by_its_canonical_id() -> None:
    policies = PolicySet(identity=(policy(allow()),), resource=policy(deny(principal=CANONICAL)))
    known = structs.replace(request(), principal=structs.replace(request().principal, canonical_id="79a5"))
    other = structs.replace(request(), principal=structs.replace(request().principal, canonical_id="0000"))

    assert evaluate(known, policies).allowed is False
    assert evaluate(other, policies).allowed is True
    assert evaluate(request(), policies).keys == ("CanonicalUser",)


@pytest.mark.parametrize(
    ("what", "asked", "listed", "denied"),
    [
        ("whoever is not listed is denied", request(), aws(USER), True),
        ("a role is not listed by its account alone", request(), aws(ROOT, USER), True),
        ("nor is a user", by(USER), aws(ROOT, ROLE), True),
        ("session, role and account together are spared", request(), aws(SESSION, ROLE, ROOT), False),
        ("a role without its session may be denied", request(), aws(ROLE, ROOT), None),
        ("a session without its account may be denied", request(), aws(SESSION, ROLE), None),
        ("a user with its account is spared", by(USER), aws(USER, ROOT), False),
        ("a user without its account may be denied", by(USER), aws(USER), None),
        ("the root user is spared with its account", by(ROOT), aws(ACCOUNT), False),
        ("a service is spared by its name", by("logs.amazonaws.com"), {"Service": "logs.amazonaws.com"}, False),
        ("everybody is spared", request(), "*", False),
    ],
)
def test_not_principal_with_deny(what: str, asked: Request, listed: object, denied: bool | None) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html"""
    resource = policy(allow(principal="*"), deny(not_principal=listed))
    expected = None if denied is None else not denied

    assert evaluate(asked, PolicySet(resource=resource)).allowed is expected, what


@pytest.mark.parametrize(("boundary", "allowed"), [(None, True), (policy(allow()), False), (REFUSED, None)])
def test_not_principal_with_deny_denies_whoever_has_a_boundary(boundary: Policy | Unknown, allowed: bool) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html"""
    resource = policy(allow(principal="*"), deny(not_principal=aws(SESSION, ROLE, ROOT)))

    assert evaluate(request(), PolicySet(resource=resource, boundary=boundary)).allowed is allowed


@pytest.mark.parametrize(
    ("listed", "allowed"), [(aws(USER), True), (aws(ROLE), False), (aws(ROOT), False), (aws(SESSION), False)]
)
def test_not_principal_with_allow_leaves_out_whoever_is_listed(listed: object, allowed: bool) -> None:
    resource = policy(allow(not_principal=listed))

    assert evaluate(request(), PolicySet(resource=resource)).allowed is allowed


@pytest.mark.parametrize(
    ("name", "kind", "account"),
    [
        (ROLE, PrincipalKind.ROLE, ACCOUNT),
        (USER, PrincipalKind.USER, ACCOUNT),
        (ROOT, PrincipalKind.ROOT, ACCOUNT),
        (ACCOUNT, PrincipalKind.ROOT, ACCOUNT),
        ("airflow.amazonaws.com", PrincipalKind.SERVICE, ""),
        (f"arn:aws:iam::{ACCOUNT}:saml-provider/corp", PrincipalKind.FEDERATED, ACCOUNT),
    ],
)
def test_a_principal_is_read_from_its_name(name: str, kind: PrincipalKind, account: str) -> None:
    principal = Principal.parse(name)

    assert (principal.kind, principal.account) == (kind, account)


def test_a_federated_login_needs_the_trust_policy_only() -> None:
    provider = f"arn:aws:iam::{ACCOUNT}:saml-provider/corp"
    asked = request("sts:AssumeRoleWithSAML", ROLE, principal=provider)
    trust = policy(allow("sts:AssumeRoleWithSAML", None, principal={"Federated": provider}))

    assert evaluate(asked, PolicySet(resource=trust)).allowed is True
    assert evaluate(by(provider), PolicySet()).allowed is False
