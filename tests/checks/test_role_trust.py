"""Whom the execution role must trust
(https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html,
https://docs.aws.amazon.com/mwaa/latest/userguide/cross-service-confused-deputy-prevention.html)."""

from __future__ import annotations

from typing import Any

import pytest

from builder import Estate, mwaa_estate, policy
from builder.estate import HOME
from checks.cases import diagnosis, of, status
from mwaanet.checks.result import Status

BOTH = ["airflow.amazonaws.com", "airflow-env.amazonaws.com"]


def trusting(services: Any, condition: dict[str, Any] | None = None) -> Estate:
    estate = mwaa_estate()
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": {"Service": services}, "Action": "sts:AssumeRole"}
    estate.role.detail["AssumeRolePolicyDocument"] = policy(statement | ({"Condition": condition} if condition else {}))
    return estate


@pytest.mark.parametrize("service", BOTH)
def test_one_of_the_two_services_is_not_enough(service: str) -> None:
    estate = trusting(service)
    (found,) = [finding for finding in of(diagnosis(estate), "ROLE-TRUST") if finding.status is Status.FAIL]
    assert found.resources == (estate.role.name, estate.role.arn)


@pytest.mark.parametrize(
    ("account", "environment", "expected"),
    [
        (HOME, "ingest-prod", Status.PASS),
        (HOME, "*", Status.PASS),
        (HOME, "another", Status.FAIL),
        ("999988887777", "ingest-prod", Status.FAIL),
    ],
)
def test_conditions_against_confused_deputies(account: str, environment: str, expected: Status) -> None:
    condition = {
        "StringEquals": {"aws:SourceAccount": account},
        "ArnLike": {"aws:SourceArn": f"arn:aws:airflow:us-east-1:{HOME}:environment/{environment}"},
    }
    assert status(diagnosis(trusting(BOTH, condition)), "ROLE-TRUST") is expected


def test_a_role_that_was_not_read_is_unknown() -> None:
    estate = mwaa_estate()
    estate.net.refuse_call(HOME, "global", "iam", "get-role", RoleName=estate.role.name)
    assert status(diagnosis(estate), "ROLE-TRUST") is Status.UNKNOWN
