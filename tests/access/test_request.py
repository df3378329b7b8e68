"""The network part of a request's context."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from access.cases import ACCOUNT, KEY, OTHER, REFUSED, allow, deny, identity, kms, policy, request
from mwaanet.access import Layer, Request, evaluate, through_endpoint, through_internet

INSIDE = structs.replace(request(), context=through_endpoint("vpce-1", "vpc-1", "10.0.1.0/24", "10.0.2.0/24"))
OUTSIDE = structs.replace(request(), context=through_internet("203.0.113.9"))


@pytest.mark.parametrize(
    ("asked", "condition", "holds"),
    [
        (INSIDE, {"StringEquals": {"aws:SourceVpce": "vpce-1", "aws:SourceVpc": "vpc-1"}}, True),
        (INSIDE, {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}, False),
        (INSIDE, {"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/16"}}, True),
        (INSIDE, {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, False),
        (INSIDE, {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, True),
        (INSIDE, {"Bool": {"aws:SecureTransport": "false"}}, False),
        (OUTSIDE, {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, True),
        (OUTSIDE, {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}, True),
        (OUTSIDE, {"StringNotEqualsIfExists": {"aws:SourceVpc": "vpc-1"}}, True),
        (OUTSIDE, {"Null": {"aws:VpcSourceIp": "true"}}, True),
    ],
)
def test_the_way_a_request_takes_decides_its_network_keys(
    asked: Request, condition: dict[str, object], holds: bool
) -> None:
    assert evaluate(asked, identity(policy(allow(condition=condition)))).allowed is holds


def test_addresses_that_are_not_known_leave_their_key_open() -> None:
    inside = structs.replace(request(), context=through_endpoint("vpce-1", "vpc-1"))
    outside = structs.replace(request(), context=through_internet())

    for asked, key in ((inside, "aws:VpcSourceIp"), (outside, "aws:SourceIp")):
        decision = evaluate(asked, identity(policy(allow(condition={"IpAddress": {key: "0.0.0.0/0"}}))))
        assert decision.keys == (key,)


def test_what_a_service_passes_on_tells_nothing_of_the_first_request() -> None:
    asked = kms(kms_ViaService=("s3.us-east-1.amazonaws.com",), aws_SourceIp=("203.0.113.9",))
    key_policy = policy(
        allow(
            principal="*",
            condition={"StringLike": {"kms:ViaService": "s3.*"}, "StringEquals": {"aws:SourceVpce": "vpce-1"}},
        )
    )
    decision = evaluate(asked, identity(resource=key_policy))

    assert (decision.allowed, decision.keys) == (None, ("aws:SourceVpce",))
    assert asked.resource == KEY


@pytest.mark.parametrize(
    ("asked", "key", "account", "allowed"),
    [
        (kms(kms_ViaService=("s3.us-east-1.amazonaws.com",)), "kms:CallerAccount", ACCOUNT, True),
        (kms(kms_ViaService=("s3.us-east-1.amazonaws.com",)), "kms:CallerAccount", OTHER, False),
        (request(), "s3:ResourceAccount", ACCOUNT, True),
        (request(), "s3:ResourceAccount", OTHER, False),
        (request(owner=None), "s3:ResourceAccount", ACCOUNT, None),
    ],
)
def test_the_accounts_of_caller_and_resource_are_known(
    asked: Request, key: str, account: str, allowed: bool | None
) -> None:
    """https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-caller-account and
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html.
    """
    statement = allow(principal="*", condition={"StringEquals": {key: account}})
    assert (
        evaluate(asked, identity(policy(allow()), resource=policy(statement), endpoint=policy(statement))).allowed
        is allowed
    )


WITH_A_TOKEN = request("sts:AssumeRoleWithWebIdentity", principal=f"arn:aws:iam::{ACCOUNT}:oidc-provider/ci.example")
BY_A_SERVICE = request(principal="airflow.amazonaws.com")


@pytest.mark.parametrize(
    ("asked", "key", "absent"),
    [
        (request(), "aws:SourceAccount", True),
        (request(), "aws:SourceArn", True),
        (request(), "aws:SourceOrgID", True),
        (request(), "aws:PrincipalServiceName", True),
        (BY_A_SERVICE, "aws:SourceAccount", None),
        (WITH_A_TOKEN, "aws:PrincipalOrgID", True),
        (WITH_A_TOKEN, "aws:PrincipalAccount", True),
        (WITH_A_TOKEN, "aws:PrincipalArn", True),
        (request(), "aws:PrincipalOrgID", None),
        (request(), "aws:PrincipalArn", False),
        (OUTSIDE, "aws:VpceAccount", True),
        (OUTSIDE, "aws:SourceVpcArn", True),
        (INSIDE, "aws:VpceAccount", None),
    ],
)
def test_who_asks_and_from_where_decides_which_keys_there_are(asked: Request, key: str, absent: bool | None) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (availability of each);
    of those with a token https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sts_vpc_endpoint_policies.html.
    """
    statement = allow(principal="*", condition={"Null": {key: "true"}})
    assert evaluate(
        asked, identity(policy(allow()), resource=policy(statement), endpoint=policy(statement))
    ).allowed is (absent)


@pytest.mark.parametrize(
    ("effect", "spared", "allowed"),
    [
        (allow, "arn:aws:s3:::dags/secret*", None),
        (allow, "arn:aws:s3:::logs/*", True),
        (allow, "arn:aws:s3:::dags/*", False),
        (deny, "arn:aws:s3:::dags/public*", None),
        (deny, "arn:aws:s3:::logs/*", False),
        (deny, "arn:aws:s3:::dags/*", True),
    ],
)
def test_a_wildcard_part_of_which_a_statement_excepts(effect: Any, spared: str, allowed: bool | None) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html"""
    asked = structs.replace(request(resource="arn:aws:s3:::dags/*"), whole=True)
    statement = effect(not_resource=spared)
    others = [policy(allow())] if effect is deny else []
    assert evaluate(asked, identity(policy(statement), *others)).allowed is allowed


def test_a_resource_policy_is_not_to_blame_where_identity_policies_that_were_not_read_may_suffice() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html:
    within one account either of the two may allow.
    """
    other = policy(allow("s3:PutObject", principal="*"))
    decision = evaluate(request(), identity(REFUSED, resource=other, endpoint=other))
    assert (decision.allowed, [refusal.layer for refusal in decision.layers]) == (False, [Layer.ENDPOINT])
