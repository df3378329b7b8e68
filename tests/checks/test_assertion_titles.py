"""What an assertion is called: its title with the values of what it speaks of."""

from __future__ import annotations

import pytest

from builder import mwaa_estate
from checks.asserting import result, subject_of
from mwaanet.checks.context import Context

DENIED = (
    "expect: denied\npermit: {principal: mwaa.execution-role, actions: 's3:DeleteBuckt', resources: '{bucket_arn}'}"
)
TITLED = "require: {facts: true, that: 'zones', about: '{arn}'}\ntitle: 'It is %s'"


@pytest.fixture(scope="module")
def estate() -> Context:
    return subject_of(mwaa_estate())


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{name}, {other}", "It is ingest-prod, {other}"),
        ("{zones}", "It is use1-az1, use1-az2"),
        ("{log_groups}", "It is (its enabled log groups)"),
        ("{startup_version}", "It is (its configured version)"),
    ],
)
def test_a_title_tells_the_values_of_facts(estate: Context, written: str, told: str) -> None:
    """Nothing, or much, is told by what it means; what is no fact stays as it is written."""
    assert result(estate, TITLED % written).check.title == told


def test_neither_a_title_nor_an_end_holds_the_name_of_a_fact(estate: Context) -> None:
    found = result(estate, DENIED)
    assert found.check.title.endswith(" may not s3:DeleteBuckt on arn:aws:s3:::fernleaf-ingest-prod-airflow")
    (segment,) = found.findings[0].segments
    assert "{" not in segment.source + segment.destination


def test_a_list_is_told_by_its_values_where_an_assertion_asks_for_each(estate: Context) -> None:
    found = result(estate, "each: subnet_ids\nreach: {from: 'mwaa.worker@{each}', to: bucket, port: 443}")
    workers = ", ".join(subnet.id for subnet in mwaa_estate().workers)
    assert found.check.title == f"mwaa.worker@{workers} reaches bucket on tcp 443"
