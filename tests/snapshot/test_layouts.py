"""Whatever the layout, the verdicts are those of the format; where one does not say who asked, they may be unknown."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest

from asking import ask, read
from builder import Estate, mwaa_estate
from builder.estate import HOME
from checks.cases import diagnosis
from mwaanet.checks.result import Status
from snapshot.layouts import laid_out, wrapped

EXACT = ("by-team", "nested", "by-account-and-region", "region-appended", "wrapped")
"""Layouts that tell the account of each file, by the path or by what lies beside it."""
LOSSY = ("flat", "by-region", "cloudmapper")
"""Layouts in which some files do not say who asked, or in which calls of more than one parameter have no place."""
Statuses = dict[tuple[str, tuple[str, ...]], str]


def healthy(estate: Estate) -> None:
    """Nothing is wrong."""


def without_gateway_endpoint(estate: Estate) -> None:
    estate.s3_endpoint.disassociate(*(subnet.table for subnet in estate.workers))


def without_targets(estate: Estate) -> None:
    estate.shared.store.calls["elbv2", "describe-target-health"].clear()
    estate.shared.store.call(
        "elbv2",
        "describe-target-health",
        {"TargetGroupArn": estate.target_group.id},
        {"TargetHealthDescriptions": []},
    )


def with_a_blackhole(estate: Estate) -> None:
    estate.vpc_table.blackhole("172.20.0.0/16")


STATES = {one.__name__: one for one in (healthy, without_gateway_endpoint, without_targets, with_a_blackhole)}


@cache
def files(name: str) -> Mapping[str, bytes]:
    estate = mwaa_estate()
    STATES[name](estate)
    return estate.files()


def rearranged(native: Mapping[str, bytes], layout: str) -> Mapping[str, bytes]:
    return wrapped(native) if layout == "wrapped" else laid_out(native, layout)


def statuses(found: Mapping[str, bytes]) -> dict[str, Status]:
    """How each check stands."""
    worst: dict[str, list[Status]] = {}
    for finding in diagnosis(found).findings:
        worst.setdefault(finding.id, []).append(finding.status)
    return {check: Status.worst(of) for check, of in worst.items()}


@pytest.mark.parametrize("state", list(STATES))
@pytest.mark.parametrize("layout", EXACT)
def test_a_layout_that_tells_the_accounts_changes_nothing(layout: str, state: str) -> None:
    native = files(state)
    assert statuses(rearranged(native, layout)) == statuses(native)


@pytest.mark.parametrize("state", list(STATES))
@pytest.mark.parametrize("layout", LOSSY)
def test_one_that_does_not_tell_all_of_them_leaves_less_known(layout: str, state: str) -> None:
    native = statuses(files(state))
    found = statuses(rearranged(files(state), layout))
    assert {check: status for check, status in found.items() if status not in (native.get(check), Status.UNKNOWN)} == {}


@pytest.mark.parametrize("layout", ["flat", "by-region"])
def test_a_folder_of_one_account_tells_that_account(layout: str) -> None:
    native = {
        file: content for file, content in files("healthy").items() if f"accounts/{HOME}" in file or "/" not in file
    }
    assert statuses(rearranged(native, layout)) == statuses(native)


@pytest.mark.parametrize("layout", [*EXACT, *LOSSY])
def test_a_trace_is_the_same(layout: str) -> None:
    """From a worker to the endpoint of SQS: what every layout holds decides it."""
    estate = mwaa_estate()
    source, destination = estate.environment.tasks[0], estate.endpoints["sqs"].interfaces[0]["NetworkInterfaceId"]
    assert ask(read(estate.files()), source, destination, tcp=443).verdict == "yes"
    assert ask(read(rearranged(estate.files(), layout)), source, destination, tcp=443).verdict == "yes"


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["flat", "by-team"])
@pytest.mark.parametrize("part", range(8))
def test_a_file_that_is_not_there_fails_nothing(layout: str, part: int) -> None:
    """Whatever else lies in the folder is not taken for the answer that is missing."""
    found = rearranged(files("healthy"), layout)
    for file in sorted(found)[part::8]:
        if file != "mwaanet.yaml" and b'"Environment"' not in found[file]:
            left = {name: content for name, content in found.items() if name != file}
            assert Status.FAIL not in statuses(left).values(), file
