"""Many more topologies than the ordinary suite asks about (`make test-dataplane`); not collected with the other tests.

The environment variable `TOPOLOGIES` says how many (500), `FIRST_SEED` where to begin (1000).
"""

from __future__ import annotations

import os
from collections import Counter

import pytest

from dataplane.generate import topology
from dataplane.judge import disagreeing, settled, tally
from dataplane.kernel import why_not
from dataplane.mutants import COMPILER, seen_at
from dataplane.shrink import report
from dataplane.sweep import sweep
from dataplane.verdicts import verdicts

PROCESSES = 2 * (os.cpu_count() or 1)
"""Half of the time each waits for what will not come."""


def judged(seed: int) -> tuple[Counter[str], str]:
    """Of one topology how many flows had each outcome, and what disagrees."""
    spec = topology(seed)
    said = verdicts(spec)
    seen = settled(spec, said, seed)
    return tally(said, seen), report(seed) if disagreeing(said, seen) else ""


@pytest.mark.parametrize("rule", COMPILER)
def test_a_wrong_rule_of_the_compiler_is_seen(rule: str) -> None:
    if why_not():
        pytest.skip(f"the kernel cannot be asked here: {why_not()}")
    assert seen_at(COMPILER[rule]) is not None


def test_kernel_and_engine_agree(capsys: pytest.CaptureFixture[str]) -> None:
    if why_not():
        pytest.skip(f"the kernel cannot be asked here: {why_not()}")
    sweep(judged, "flows", at_least=10, processes=PROCESSES, capsys=capsys)
