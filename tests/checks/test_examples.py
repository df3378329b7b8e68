"""Every built-in check passes on a healthy estate and finds the fault that it is for, the culprit first."""

from __future__ import annotations

import pytest

from checks import api_examples, nexus_examples  # noqa: F401  they register their examples
from checks.cases import OWN_PATHS, diagnosis, of, status
from checks.examples import EXAMPLES, Example
from mwaanet.checks.language import Skip
from mwaanet.checks.load import builtin_checks
from mwaanet.checks.result import Status

every_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: f"{one.check}::{one.breaks.__name__}")


def test_every_check_has_an_example() -> None:
    judged = {check.id for check in builtin_checks() if check.path in OWN_PATHS and not isinstance(check.verb, Skip)}
    assert {example.check for example in EXAMPLES} == judged


@every_example
def test_passes_before_it_is_broken(example: Example) -> None:
    assert status(diagnosis(example.healthy()), example.check) is Status.PASS


@every_example
def test_fails_and_names_the_culprit_first(example: Example) -> None:
    estate, culprit = example.broken()
    found = [finding for finding in of(diagnosis(estate), example.check) if finding.status is not Status.PASS]
    assert {finding.status.value for finding in found} == {example.status}
    assert all(finding.message for finding in found)
    if example.status == "unknown":
        return
    assert found[0].resources[0] == culprit
    for finding in found:
        assert finding.code
        assert finding.step
        assert finding.fix is not None
        assert finding.fix.summary
        assert "{" not in finding.fix.summary
