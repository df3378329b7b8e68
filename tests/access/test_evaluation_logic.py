"""The evaluation logic of the IAM User Guide, one sentence per case."""

from __future__ import annotations

import pytest

from access.cases import (
    ACCOUNT,
    ALLOW_ALL,
    EVERYBODY,
    KEY,
    LINKED,
    NOTHING,
    OBJECT,
    OTHER,
    REFUSED,
    ROLE,
    ROOT,
    SESSION,
    USER,
    Case,
    allow,
    aws,
    deny,
    identity,
    kms,
    policy,
    request,
)
from mwaanet.access import KeyGrant, PolicySet, evaluate
from mwaanet.access.evaluate import ASSUMED_SESSION

READ = policy(allow("s3:GetObject", "arn:aws:s3:::dags/*"), name="read")
WRITE = policy(allow("s3:PutObject"), name="write")
DENY_S3 = policy(deny("s3:*", principal="*"), name="deny-s3")
DENY_S3_IDENTITY = policy(deny("s3:*"), name="deny-s3")
FOR_ROLE = policy(allow(principal=aws(ROLE)), name="for-role")
FOR_SESSION = policy(allow(principal=aws(SESSION)), name="for-session")
FOR_ACCOUNT = policy(allow(principal=aws(ROOT)), name="for-account")
FOR_USER = policy(allow(principal=aws(USER)), name="for-user")
UNSURE_ALLOW = policy(allow(condition={"StringEquals": {"aws:UserAgent": "x"}}), name="unsure")
UNSURE_DENY = policy(deny(condition={"StringEquals": {"aws:UserAgent": "x"}}), name="unsure")
AGENT = ("aws:UserAgent",)
GRANT = KeyGrant(grant_id="g1", key_id=KEY, grantee_principal=ROLE, operations=("Decrypt",))
LOGS = "logs.us-east-1.amazonaws.com"
WANTS_ALL = policy(allow(principal={"Service": "logs.amazonaws.com"}), name="for-logs")
AIRFLOW_TRUST = policy(allow("sts:AssumeRole", None, principal={"Service": "airflow.amazonaws.com"}))
ASSUME = request("sts:AssumeRole", ROLE, principal="airflow.amazonaws.com")
EMPTY_SESSION = policy(allow("sqs:*"), name="session")
BUCKET_ONLY = PolicySet(resource=FOR_ROLE, boundary=NOTHING)

ONE_ACCOUNT = [
    Case("a request is implicitly denied where no policy mentions it", request(), PolicySet(), False),
    Case("an identity policy's allow suffices", request(), identity(READ), True),
    Case("an allow for another action does not", request(), identity(WRITE), False),
    Case("an allow for another resource does not", request(resource="arn:aws:s3:::logs/x"), identity(READ), False),
    Case("one of several identity policies suffices", request(), identity(WRITE, READ), True),
    Case("an explicit deny overrides an allow", request(), identity(READ, DENY_S3_IDENTITY), False),
    Case("a deny for another action does not", request(), identity(READ, policy(deny("s3:Put*"))), True),
    Case("a bucket policy's deny overrides an identity allow", request(), identity(READ, resource=DENY_S3), False),
    Case("a bucket policy alone allows a role of its account", request(), PolicySet(resource=FOR_ROLE), True),
    Case("a bucket policy alone allows everybody", request(), PolicySet(resource=EVERYBODY), True),
    Case("a bucket policy that names the account only delegates", request(), PolicySet(resource=FOR_ACCOUNT), False),
    Case("delegation and an identity policy together allow", request(), identity(READ, resource=FOR_ACCOUNT), True),
    Case("a bucket policy that allows nothing is no obstacle", request(), identity(READ, resource=NOTHING), True),
    Case("a boundary narrows an identity policy", request(), identity(READ, boundary=WRITE), False),
    Case("a boundary grants nothing by itself", request(), PolicySet(boundary=ALLOW_ALL), False),
    Case("boundary and identity policy together allow", request(), identity(READ, boundary=ALLOW_ALL), True),
    Case("a boundary's deny denies", request(), identity(READ, boundary=DENY_S3_IDENTITY), False),
    Case("a boundary cuts what the bucket policy gives the role", request(), BUCKET_ONLY, False),
    Case(
        "a boundary does not cut what the bucket policy gives the session",
        request(),
        PolicySet(resource=FOR_SESSION, boundary=NOTHING),
        True,
    ),
    Case(
        "a boundary does not cut what the bucket policy gives everybody",
        request(),
        PolicySet(resource=EVERYBODY, boundary=NOTHING),
        True,
    ),
    Case(
        "a boundary's explicit deny does, however the principal is named",
        request(),
        PolicySet(resource=FOR_SESSION, boundary=DENY_S3_IDENTITY),
        False,
    ),
    Case(
        "a boundary does not cut what the bucket policy gives a user",
        request(principal=USER),
        PolicySet(resource=FOR_USER, boundary=NOTHING),
        True,
    ),
    Case(
        "a boundary cuts what an identity policy gives on top of delegation",
        request(),
        identity(READ, resource=FOR_ACCOUNT, boundary=NOTHING),
        False,
    ),
    Case("a session policy narrows", request(), identity(READ, session=EMPTY_SESSION), False),
    Case("a session policy that allows lets through", request(), identity(READ, session=READ), True),
    Case(
        "a session policy cuts what the bucket policy gives the role",
        request(),
        PolicySet(resource=FOR_ROLE, session=EMPTY_SESSION),
        False,
    ),
    Case("an endpoint policy narrows", request(), identity(READ, endpoint=NOTHING), False),
    Case("an endpoint policy that allows everybody lets through", request(), identity(READ, endpoint=EVERYBODY), True),
    Case(
        "an endpoint policy cuts even what the bucket gives the session",
        request(),
        PolicySet(resource=FOR_SESSION, endpoint=NOTHING),
        False,
    ),
    Case("an endpoint policy's deny denies", request(), identity(READ, endpoint=DENY_S3), False),
    Case("an endpoint policy may name the account", request(), identity(READ, endpoint=FOR_ACCOUNT), True),
    Case(
        "a gateway endpoint's policy that names the account means its root user",
        request(),
        identity(READ, endpoint=FOR_ACCOUNT, endpoint_is_gateway=True),
        False,
    ),
    Case(
        "a gateway endpoint's policy cannot name a role",
        request(),
        identity(READ, endpoint=FOR_ROLE, endpoint_is_gateway=True),
        None,
        ("Principal",),
    ),
    Case(
        "a service control policy has to allow on every level",
        request(),
        identity(READ, organisation=((ALLOW_ALL,), (WRITE,))),
        False,
    ),
    Case(
        "one service control policy per level suffices",
        request(),
        identity(READ, organisation=((WRITE, ALLOW_ALL), (READ,))),
        True,
    ),
    Case(
        "a service control policy's deny denies",
        request(),
        identity(READ, organisation=((ALLOW_ALL, DENY_S3_IDENTITY),)),
        False,
    ),
    Case(
        "no service control policy applies to a service-linked role",
        request(principal=LINKED),
        identity(READ, organisation=((DENY_S3_IDENTITY,),)),
        True,
    ),
    Case("the root user needs no identity policy", request(principal=ROOT), PolicySet(), True),
    Case("the root user is denied by a bucket policy", request(principal=ROOT), PolicySet(resource=DENY_S3), False),
]

TWO_ACCOUNTS = [
    Case("an identity policy alone is not enough", request(owner=OTHER), identity(READ), False),
    Case("a bucket policy alone is not enough", request(owner=OTHER), PolicySet(resource=FOR_ROLE), False),
    Case("nor is one that names the session", request(owner=OTHER), PolicySet(resource=FOR_SESSION), False),
    Case("both together allow", request(owner=OTHER), identity(READ, resource=FOR_ROLE), True),
    Case("the bucket may trust the whole account", request(owner=OTHER), identity(READ, resource=FOR_ACCOUNT), True),
    Case("the bucket may trust everybody", request(owner=OTHER), identity(READ, resource=EVERYBODY), True),
    Case(
        "a boundary narrows, whatever the bucket names",
        request(owner=OTHER),
        identity(READ, resource=FOR_SESSION, boundary=NOTHING),
        False,
    ),
    Case("a deny on either side denies", request(owner=OTHER), identity(READ, resource=DENY_S3), False),
    Case(
        "the owner's account may be unknown where both ways allow",
        request(owner=None),
        identity(READ, resource=FOR_ROLE),
        True,
    ),
    Case(
        "an unknown owner is undecided where only one account would allow",
        request(owner=None),
        identity(READ),
        None,
        ("aws:ResourceAccount",),
    ),
    Case("an unknown owner is denied where no way allows", request(owner=None), PolicySet(), False),
]

KEYS = [
    Case(
        "an identity policy counts for nothing where the key policy is silent",
        kms(),
        identity(ALLOW_ALL, resource=NOTHING),
        False,
    ),
    Case(
        "the key policy enables identity policies by naming the account",
        kms(),
        identity(ALLOW_ALL, resource=FOR_ACCOUNT),
        True,
    ),
    Case("naming the account does not allow by itself", kms(), PolicySet(resource=FOR_ACCOUNT), False),
    Case("the key policy alone allows a role", kms(), PolicySet(resource=FOR_ROLE), True),
    Case("a role's boundary narrows it still", kms(), PolicySet(resource=FOR_ROLE, boundary=NOTHING), False),
    Case("the identity policy still may deny", kms(), identity(policy(deny()), resource=FOR_ROLE), False),
    Case("a grant allows a role", kms(), PolicySet(resource=NOTHING, key_grants=(GRANT,)), True),
    Case(
        "a grant for other operations does not",
        request("kms:Encrypt", KEY),
        PolicySet(resource=NOTHING, key_grants=(GRANT,)),
        False,
    ),
    Case("grants that were refused leave it open", kms(), PolicySet(resource=NOTHING, key_grants=REFUSED), None),
    Case(
        "grants that were refused do not matter where the key policy allows",
        kms(),
        PolicySet(resource=FOR_ROLE, key_grants=REFUSED),
        True,
    ),
    Case("a key policy that was not given is unknown", kms(), identity(ALLOW_ALL), None),
    Case(
        "across accounts the key policy and an identity policy allow",
        kms(owner=OTHER),
        identity(ALLOW_ALL, resource=FOR_ACCOUNT),
        True,
    ),
    Case("an action on no key needs no key policy", request("kms:ListKeys", "*"), identity(ALLOW_ALL), True),
    Case("a service is allowed by the key policy", kms(principal=LOGS), PolicySet(resource=WANTS_ALL), True),
    Case("a service is not allowed by naming the account", kms(principal=LOGS), PolicySet(resource=FOR_ACCOUNT), False),
    Case("a trust policy lets a service assume the role", ASSUME, PolicySet(resource=AIRFLOW_TRUST), True),
    Case(
        "a trust policy has to allow a user of its account, too",
        request("sts:AssumeRole", ROLE, principal=USER),
        identity(ALLOW_ALL, resource=AIRFLOW_TRUST),
        False,
    ),
]

UNKNOWNS = [
    Case("an undecided allow matters where nothing else allows", request(), identity(UNSURE_ALLOW), None, AGENT),
    Case("an undecided allow does not matter beside a decided one", request(), identity(UNSURE_ALLOW, READ), True),
    Case("an undecided deny makes an allow undecided", request(), identity(READ, UNSURE_DENY), None, AGENT),
    Case("an undecided deny does not matter where nothing allows", request(), identity(WRITE, UNSURE_DENY), False),
    Case(
        "a decided deny wins over everything undecided",
        request(),
        identity(UNSURE_ALLOW, UNSURE_DENY, DENY_S3_IDENTITY),
        False,
    ),
    Case("a refused identity policy could allow", request(), identity(REFUSED), None),
    Case("a refused identity policy could deny", request(), identity(READ, REFUSED), None),
    Case("a known deny decides in spite of a refused policy", request(), identity(REFUSED, DENY_S3_IDENTITY), False),
    Case("a refused bucket policy could deny", request(), identity(READ, resource=REFUSED), None),
    Case("a refused bucket policy could allow", request(), PolicySet(resource=REFUSED), None),
    Case("a refused boundary could narrow", request(), identity(READ, boundary=REFUSED), None),
    Case("a refused boundary cannot mend the lack of an allow", request(), PolicySet(boundary=REFUSED), False),
    Case("a refused endpoint policy could narrow", request(), identity(READ, endpoint=REFUSED), None),
    Case(
        "a refused identity policy cannot mend an endpoint policy that allows nothing",
        request(),
        identity(REFUSED, endpoint=NOTHING),
        False,
    ),
    Case(
        "a resource policy without a principal is nobody's", request(), PolicySet(resource=READ), None, ("Principal",)
    ),
]


@pytest.mark.parametrize("case", [*ONE_ACCOUNT, *TWO_ACCOUNTS, *KEYS, *UNKNOWNS], ids=lambda case: case.name)
def test_evaluation(case: Case) -> None:
    decision = evaluate(case.request, case.policies)

    assert decision.allowed is case.allowed, decision.reason
    assert decision.keys == case.keys
    assert decision.reason


def test_an_allow_names_its_statement() -> None:
    decision = evaluate(request(), identity(policy(deny("sqs:*"), allow(sid="Read"), name="inline")))

    assert decision.decided_by is not None
    assert (decision.decided_by.policy, decision.decided_by.resource_id) == ("inline", "inline-id")
    assert (decision.decided_by.index, decision.decided_by.sid) == (1, "Read")
    assert decision.reason == "statement 1 'Read' in identity policy inline of inline-id allows s3:GetObject"
    assert decision.layers == ()


def test_every_layer_that_refuses_is_named() -> None:
    decision = evaluate(request(owner=OTHER), PolicySet(resource=DENY_S3, endpoint=NOTHING, boundary=WRITE))

    assert [(refusal.layer.value, refusal.explicit) for refusal in decision.layers] == [
        ("identity policy", False),
        ("resource policy", True),
        ("resource policy", False),
        ("permissions boundary", False),
        ("endpoint policy", False),
    ]
    assert decision.reason == "statement 0 in resource policy deny-s3 of deny-s3-id denies s3:GetObject"
    assert decision.layers[4].reason == (
        f"endpoint policy nothing has no statement that allows s3:GetObject on {OBJECT}"
    )


@pytest.mark.parametrize(
    ("policies", "refusing"),
    [
        (BUCKET_ONLY, ["permissions boundary"]),
        (PolicySet(resource=FOR_ACCOUNT), ["identity policy"]),
        (PolicySet(resource=NOTHING), ["identity policy", "resource policy"]),
        (identity(READ, resource=NOTHING, endpoint=NOTHING), ["endpoint policy"]),
        (PolicySet(resource=REFUSED, boundary=NOTHING), []),
        (PolicySet(resource=REFUSED, boundary=NOTHING, endpoint=NOTHING), ["endpoint policy"]),
    ],
)
def test_a_layer_that_another_makes_up_for_does_not_refuse(policies: PolicySet, refusing: list[str]) -> None:
    assert [refusal.layer.value for refusal in evaluate(request(), policies).layers] == refusing


def test_a_key_policy_that_is_silent_refuses() -> None:
    decision = evaluate(kms(), identity(ALLOW_ALL, resource=NOTHING))

    assert [refusal.layer.value for refusal in decision.layers] == ["resource policy"]


def test_a_bucket_of_another_account_without_a_policy_refuses() -> None:
    decision = evaluate(request(owner=OTHER), identity(READ))

    assert decision.reason == f"no resource policy allows s3:GetObject on {OBJECT}"


def test_an_undecided_answer_names_what_it_waits_for() -> None:
    decision = evaluate(request(), identity(READ, UNSURE_DENY, REFUSED))

    assert decision.unknown == (REFUSED,)
    assert [statement.policy for statement in decision.undecided] == ["unsure"]
    assert decision.decided_by is None
    assert decision.reason == (
        "s3:GetObject is undecided: it depends on aws:UserAgent, which is not known; iam:GetRolePolicy was refused "
        "(statement 0 in identity policy unsure of unsure-id)"
    )


def test_what_was_left_out_is_assumed_once() -> None:
    assert len(evaluate(request(), identity(READ)).assumptions) == 2
    assert len(evaluate(request(principal=USER), identity(READ)).assumptions) == 1
    given = identity(READ, session=ALLOW_ALL, organisation=((ALLOW_ALL,),))
    assert evaluate(request(), given).assumptions == ()


def test_of_a_service_linked_role_nothing_is_assumed_of_the_organisation() -> None:
    """https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html"""
    assert evaluate(request(principal=LINKED), identity(READ)).assumptions == (ASSUMED_SESSION,)


def test_a_grant_names_itself() -> None:
    decision = evaluate(kms(), PolicySet(resource=NOTHING, key_grants=(GRANT,)))

    assert decision.decided_by is not None
    assert (decision.decided_by.policy, decision.decided_by.sid) == ("grant g1", "g1")


def test_a_grant_with_an_encryption_context_is_undecided() -> None:
    grant = KeyGrant(grant_id="g", key_id=KEY, grantee_principal=ROLE, operations=("Decrypt",), constrained=True)
    decision = evaluate(kms(), PolicySet(resource=NOTHING, key_grants=(grant,)))

    assert (decision.allowed, decision.keys) == (None, ("kms:EncryptionContext",))


def test_the_account_of_the_cases_is_the_roles() -> None:
    assert request().principal.account == ACCOUNT
