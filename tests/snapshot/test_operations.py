"""The table of calls: permissions, places and how foreign files are matched with it."""

from __future__ import annotations

import pytest

from mwaanet.snapshot.operations import OPERATIONS, CallRef, by_key, by_name


@pytest.mark.parametrize(
    ("service", "operation", "action"),
    [
        ("ec2", "describe-vpcs", "ec2:DescribeVpcs"),
        ("elbv2", "describe-target-health", "elasticloadbalancing:DescribeTargetHealth"),
        ("mwaa", "get-environment", "airflow:GetEnvironment"),
        ("s3", "list-objects-v2", "s3:ListBucket"),
        ("s3", "head-object", "s3:GetObject"),
        ("s3", "get-bucket-ownership-controls", "s3:GetBucketOwnershipControls"),
        ("s3control", "get-public-access-block", "s3:GetAccountPublicAccessBlock"),
        ("route53", "list-hosted-zones-by-vpc", "route53:ListHostedZonesByVPC"),
        ("network-firewall", "describe-rule-group", "network-firewall:DescribeRuleGroup"),
    ],
)
def test_the_permission_that_each_needs(service: str, operation: str, action: str) -> None:
    assert OPERATIONS[service, operation].action == action


def test_every_row_says_what_it_decides_and_no_two_are_the_same() -> None:
    assert all(row.decides and not row.decides.endswith(".") for row in OPERATIONS.values())
    assert all(key == (row.service, row.name) for key, row in OPERATIONS.items())


def test_where_an_answer_lies() -> None:
    ref = CallRef("111122223333", "us-east-1", "ec2", "describe-vpcs")
    assert ref.file == "accounts/111122223333/us-east-1/ec2/describe-vpcs.json"
    assert {row.service for row in OPERATIONS.values() if row.is_global} == {"iam", "route53", "s3"}
    assert not OPERATIONS["s3", "get-bucket-policy"].is_global


def test_lists_come_before_calls_about_a_resource() -> None:
    assert [row.operation for row in by_key()["PrefixLists"]] == [
        "describe-managed-prefix-lists",
        "describe-prefix-lists",
    ]
    assert all(
        sorted(row.per_resource for row in rows) == [row.per_resource for row in rows] for rows in by_key().values()
    )


@pytest.mark.parametrize(
    ("words", "operation"),
    [
        (["x", "describe-vpcs"], ("ec2", "describe-vpcs")),
        (["ec2-describe-vpcs"], ("ec2", "describe-vpcs")),
        (["s3-get-public-access-block"], ("s3", "get-public-access-block")),
        (["get-public-access-block"], None),
        (["vpcs"], None),
    ],
)
def test_names_that_are_unmistakable(words: list[str], operation: tuple[str, str] | None) -> None:
    found = by_name(words)
    assert (found and (found.service, found.operation)) == operation
