"""A first file of assertions: what it says holds where it was written."""

from __future__ import annotations

import msgspec
import pytest

from builder import mwaa_estate, topology
from checks.asserting import TODAY, loaded, subject_of
from mwaanet.checks.assertions import run_assertions
from mwaanet.checks.context import Context
from mwaanet.checks.facts import Facts
from mwaanet.checks.lint import lint
from mwaanet.checks.result import Status
from mwaanet.checks.starter import starter
from mwaanet.errors import UsageError


def written(context: Context) -> tuple[str, dict[str, Status]]:
    """The file, and how what it says stands."""
    text = starter(context, TODAY)
    topology = loaded(text)
    assert lint(topology, TODAY, context) == ()
    return text, {one.check.id: one.counts for one in run_assertions(context, topology.checks, TODAY)}


@pytest.mark.parametrize("routing", ["private", "nat"])
def test_all_of_it_holds_at_once(routing: str) -> None:
    text, stands = written(subject_of(mwaa_estate(routing=routing)))
    assert set(stands.values()) <= {Status.PASS, Status.WARN}
    assert {"s3-reach", "sqs-reach", "nexus-whole-way", "api-whole-way"} <= set(stands)
    assert {"internet-not-to-the-web-server", "internet-not-to-the-workers"} <= set(stands)
    assert ("workers-not-to-the-internet" in stands) == (routing == "private")
    assert "Not so today" not in text


def test_what_does_not_hold_is_a_comment_that_says_why() -> None:
    estate = mwaa_estate()
    estate.s3_endpoint.disassociate(*(subnet.table for subnet in estate.workers))
    text, stands = written(subject_of(estate))
    assert set(stands.values()) <= {Status.PASS, Status.WARN}
    assert "s3-reach" not in stands
    assert f"# Not so today (fail): mwaa.worker@{estate.workers[0].id} cannot reach" in text
    assert "  # - id: s3-reach" in text


def test_a_hostile_name_ends_no_comment() -> None:
    known = subject_of(mwaa_estate())
    assert known.facts
    called = msgspec.structs.replace(known.facts.environment, name="x\nassertions: []\u2028y: z")
    text, _ = written(Context(known.network, Facts(known.inventory, known.network, called)))
    assert text.startswith("# What must hold for the environment x\\nassertions: []\\u2028y: z, as it held on")


def test_it_needs_an_environment() -> None:
    with pytest.raises(UsageError, match="a first file is written from what holds for an environment"):
        starter(subject_of(topology()), TODAY)
