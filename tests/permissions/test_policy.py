"""Policy documents: narrowed, few statements, and never larger than IAM takes."""

from __future__ import annotations

from typing import Any

import pytest

from mwaanet.permissions.grants import PROBE, Grant, Kind, collect_grants
from mwaanet.permissions.policy import MOST_CHARACTERS, Document, Narrowing, characters, documents

KEY = "arn:aws:kms:us-east-1:111122223333:key/0f6a"


def allowed(policies: tuple[Document, ...]) -> set[tuple[str, str, bool]]:
    """Every action with every resource that it is allowed on, and whether that has a condition."""
    return {
        (action, resource, "Condition" in statement)
        for document in policies
        for statement in document["Statement"]
        for action in statement["Action"]
        for resource in listed(statement["Resource"])
    }


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def test_without_names_there_is_one_statement_and_one_for_decrypting_through_s3() -> None:
    """https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service"""
    [document] = documents([*collect_grants(), *PROBE], Narrowing())
    everything, decrypt = document["Statement"]
    assert everything["Resource"] == "*"
    assert set(everything["Action"]) == {grant.action for grant in (*collect_grants(), *PROBE)} - {"kms:Decrypt"}
    assert decrypt == {
        "Effect": "Allow",
        "Action": ["kms:Decrypt"],
        "Resource": "*",
        "Condition": {"StringLike": {"kms:ViaService": "s3.*"}},
    }


def test_what_is_named_narrows_the_actions_on_it() -> None:
    """The forms of ARNs: docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html,
    …/list_amazonmanagedworkflowsforapacheairflow.html, …/list_amazoncloudwatchlogs.html."""
    narrowing = Narrowing(partition="aws-us-gov", buckets=("dags",), keys=(KEY,), environments=("prod",))
    found = allowed(documents([*collect_grants(), *PROBE], narrowing))
    for expected in (
        ("s3:ListBucket", "arn:aws-us-gov:s3:::dags", False),
        ("s3:GetObjectVersion", "arn:aws-us-gov:s3:::dags/*", False),
        ("kms:Decrypt", KEY, True),
        ("kms:GetKeyPolicy", KEY, False),
        ("kms:ListKeys", "*", False),
        ("airflow:GetEnvironment", "arn:aws-us-gov:airflow:*:*:environment/prod", False),
        ("airflow:InvokeRestApi", "arn:aws-us-gov:airflow:*:*:role/prod/*", False),
        ("logs:FilterLogEvents", "arn:aws-us-gov:logs:*:*:log-group:airflow-prod-*", False),
    ):
        assert expected in found
        assert [item for item in found if item[0] == expected[0]] == [expected]


@pytest.mark.parametrize("count", [1, 60, 300])
def test_no_document_is_larger_than_iam_takes_and_all_together_allow_the_same(count: int) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: 6,144 characters."""
    buckets = tuple(f"a-bucket-with-a-rather-long-name-{number:03}" for number in range(count))
    policies = documents(collect_grants(), Narrowing(buckets=buckets))
    assert (len(policies) > 1) == (count > 1)
    assert all(characters(document) <= MOST_CHARACTERS for document in policies)
    expected = {grant.action for grant in collect_grants()}
    assert {action for action, _, _ in allowed(policies)} == expected
    assert {item for item in allowed(policies) if item[0] == "s3:ListBucket"} == {
        ("s3:ListBucket", f"arn:aws:s3:::{name}", False) for name in buckets
    }


def test_many_actions_are_cut_as_well() -> None:
    grants = [Grant(f"ec2:DescribeSomethingWithALongNameNumber{number:03}") for number in range(400)]
    policies = documents(grants, Narrowing())
    assert len(policies) == 4
    assert {action for action, _, _ in allowed(policies)} == {grant.action for grant in grants}


def test_the_size_is_counted_without_white_space() -> None:
    assert characters({"Version": "2012-10-17", "Statement": []}) == len('{"Version":"2012-10-17","Statement":[]}')


def test_kinds_that_are_not_named_take_everything() -> None:
    assert [Narrowing(buckets=("b",)).resources(kind) for kind in (Kind.KEY, Kind.ENVIRONMENT, Kind.ANY)] == [
        ("*",),
        ("*",),
        ("*",),
    ]
