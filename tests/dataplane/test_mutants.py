"""The comparison can fail: a rule that is wrong, on either side, is seen within the seeds of the ordinary suite.

For what is wrong in the compiler the kernel is asked anew, so that this takes two of those; `make test-dataplane` takes
all of them.
"""

from __future__ import annotations

import pytest

from dataplane.mutants import COMPILER, ENGINE, seen_at

pytestmark = [pytest.mark.usefixtures("kernel"), pytest.mark.slow]

QUICK = ("network ACLs in reverse", "an attachment serves every zone")


@pytest.mark.parametrize("rule", ENGINE)
def test_a_wrong_rule_of_the_engine_is_seen(rule: str) -> None:
    assert seen_at(ENGINE[rule]) is not None


@pytest.mark.parametrize("rule", QUICK)
def test_a_wrong_rule_of_the_compiler_is_seen(rule: str) -> None:
    assert seen_at(COMPILER[rule]) is not None
