"""The status of an environment is told (https://docs.aws.amazon.com/mwaa/latest/API/API_Environment.html)."""

from __future__ import annotations

import pytest
from botocore.model import StringShape, StructureShape

from botocore_shapes import operations
from builder import mwaa_estate
from builder.estate import NAME
from checks.cases import diagnosis


def assumed(status: str) -> list[str]:
    """What the diagnosis of an environment of a status says of it."""
    estate = mwaa_estate()
    estate.environment.record["Status"] = status
    return [text for text in diagnosis(estate).assumptions if text.startswith(f"{NAME} is ")]


def test_one_that_is_available_needs_no_word() -> None:
    assert assumed("AVAILABLE") == []


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("PENDING", "VPC endpoints"),
        ("CREATE_FAILED", "not created"),
        ("UNAVAILABLE", "unstable"),
        ("UPDATE_FAILED", "as it was before"),
        ("DELETING", "being deleted"),
    ],
)
def test_any_other_is_told_with_what_it_means(status: str, word: str) -> None:
    (text,) = assumed(status)
    assert text.startswith(f"{NAME} is {status}: ")
    assert word in text


def test_every_status_of_the_api_has_a_meaning() -> None:
    response = operations("mwaa")["get-environment"].output_shape
    assert isinstance(response, StructureShape)
    environment = response.members["Environment"]
    assert isinstance(environment, StructureShape)
    status = environment.members["Status"]
    assert isinstance(status, StringShape)
    statuses = status.enum
    assert "PENDING" in statuses
    assert [status for status in statuses if any("not known" in text for text in assumed(status))] == []


def test_one_that_is_new_is_told_all_the_same() -> None:
    assert assumed("HIBERNATING") == [f"{NAME} is HIBERNATING: what that means is not known"]
