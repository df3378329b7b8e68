"""Signed calls that were let through or denied, beside what the model says of their permission.

The actions are those of https://docs.aws.amazon.com/mwaa/latest/userguide/access-policies.html.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec.structs import replace as changed

from mwaanet.paths.trace import Reachable
from mwaanet.probe.api_observation import ApiOutcome, ApiStep
from mwaanet.probe.permission import Permission, weigh_permissions
from mwaanet.probe.reconcile import Agreement, Comparison
from mwaanet.status import Status
from probe.observed import api

HOST = "env.airflow.us-east-1.amazonaws.com"
DENIED = Permission(answer=Reachable.NO, reason="no statement allows it", resources=("caller-policy",))
ALLOWED = Permission(answer=Reachable.YES)
UNSURE = Permission(answer=Reachable.UNKNOWN)


def seen(outcome: ApiOutcome, environment: str = "my-env") -> Comparison:
    observation = changed(api(outcome, HOST, 200), target=f"InvokeRestApi {environment} GET /dags")
    return Comparison(
        observation=observation,
        place="dc.controller",
        agreement=Agreement.AGREE,
        status=observation.status,
        message="Model and network agree.",
        model=Reachable.YES,
    )


def weighed(comparison: Comparison, permission: Permission) -> Comparison:
    (found,) = weigh_permissions([comparison], "my-env", {ApiStep.INVOKE.value: permission})
    return found


@pytest.mark.parametrize("outcome", [ApiOutcome.ACCESS_DENIED, ApiOutcome.NO_AIRFLOW_ROLE, ApiOutcome.ENDPOINT_POLICY])
def test_a_call_that_is_denied(outcome: ApiOutcome) -> None:
    both = weighed(seen(outcome), DENIED)
    assert (both.agreement, both.status, both.model) == (Agreement.AGREE, Status.FAIL, Reachable.NO)
    assert both.resources == ("caller-policy",)
    assert "no statement allows it" in both.message
    alone = weighed(seen(outcome), ALLOWED)
    assert (alone.agreement, alone.status) == (Agreement.MODEL_YES_NETWORK_NO, Status.FAIL)
    assert "api.principal" in alone.left[0]


@pytest.mark.parametrize(
    ("outcome", "status"), [(ApiOutcome.OK, Status.WARN), (ApiOutcome.AIRFLOW_REFUSED, Status.FAIL)]
)
def test_a_call_that_is_let_through(outcome: ApiOutcome, status: Status) -> None:
    found = weighed(seen(outcome), DENIED)
    assert (found.agreement, found.status) == (Agreement.MODEL_NO_NETWORK_YES, status)
    assert found.resources == ("caller-policy",)
    assert weighed(seen(outcome), ALLOWED) == seen(outcome)


@pytest.mark.parametrize("outcome", [ApiOutcome.OK, ApiOutcome.ACCESS_DENIED])
def test_what_the_model_does_not_know_of_the_permission_changes_nothing(outcome: ApiOutcome) -> None:
    assert weighed(seen(outcome), UNSURE) == seen(outcome)


@pytest.mark.parametrize("outcome", [ApiOutcome.EXPIRED_TOKEN, ApiOutcome.SIGNATURE, ApiOutcome.THROTTLED])
def test_what_says_nothing_of_the_permission(outcome: ApiOutcome) -> None:
    assert weighed(seen(outcome), DENIED) == seen(outcome)


def test_a_call_of_another_environment_is_not_compared() -> None:
    assert weighed(seen(ApiOutcome.OK, "other-env"), DENIED) == seen(ApiOutcome.OK, "other-env")


def test_a_contradiction_of_the_network_stays() -> None:
    elsewhere = replace(seen(ApiOutcome.ACCESS_DENIED), agreement=Agreement.MODEL_NO_NETWORK_YES)
    assert weighed(elsewhere, ALLOWED) == elsewhere
