"""Many topologies judged at once, by processes of their own; every failure is printed as soon as it is found."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

import pytest

TOPOLOGIES = int(os.environ.get("TOPOLOGIES", "500"))
FIRST_SEED = int(os.environ.get("FIRST_SEED", "1000"))

Judge = Callable[[int], tuple[Counter[str], str]]
"""Of the topology of a seed how many of what was asked had each outcome, and what disagrees."""


def sweep(judge: Judge, what: str, *, at_least: int, processes: int | None, capsys: pytest.CaptureFixture[str]) -> None:
    """Fail where something disagrees, or less than `at_least` (of a topology, on average) was asked."""
    began, failed, outcomes = time.monotonic(), [], Counter[str]()
    with ProcessPoolExecutor(processes) as pool:
        for counted, failure in pool.map(judge, range(FIRST_SEED, FIRST_SEED + TOPOLOGIES)):
            outcomes += counted
            if failure:
                failed.append(failure)
                with capsys.disabled():
                    print(f"\n{failure}")  # noqa: T201
    figures = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
    with capsys.disabled():
        seconds = time.monotonic() - began
        print(f"\n{TOPOLOGIES} topologies, {outcomes.total()} {what} in {seconds:.0f} s: {figures}")  # noqa: T201
    assert not failed
    assert outcomes.total() >= at_least * TOPOLOGIES
