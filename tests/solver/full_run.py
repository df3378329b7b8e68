"""Many more topologies than the ordinary suite asks about (`make test-solver`); not collected with the other tests.

The environment variable `TOPOLOGIES` says how many of each kind (500), `FIRST_SEED` where to begin (1000).
"""

from __future__ import annotations

import os
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import pytest

from solver.judge import UNDECLARED, judged
from solver.seeds import NETWORKS, SERVICES, Source
from solver.shrink import report

TOPOLOGIES = int(os.environ.get("TOPOLOGIES", "500"))
FIRST_SEED = int(os.environ.get("FIRST_SEED", "1000"))
AT_LEAST = 6
"""Questions of a topology on average."""


def tally(source: Source, seed: int) -> tuple[Counter[str], str]:
    """How many questions of one topology had each answer, and what disagrees."""
    found = list(judged(*source.asked(seed)))
    words = Counter(UNDECLARED if one.solver == UNDECLARED else one.engine for one in found)
    return words, report(source, seed) if any(one.wrong for one in found) else ""


@pytest.mark.parametrize("source", [NETWORKS, SERVICES], ids=lambda source: source.name)
def test_solver_and_engine_agree(source: Source, capsys: pytest.CaptureFixture[str]) -> None:
    began, failed, words = time.monotonic(), [], Counter[str]()
    with ProcessPoolExecutor() as processes:
        for counted, failure in processes.map(partial(tally, source), range(FIRST_SEED, FIRST_SEED + TOPOLOGIES)):
            words += counted
            if failure:
                failed.append(failure)
                with capsys.disabled():
                    print(f"\n{failure}")  # noqa: T201
    figures = ", ".join(f"{count} {word}" for word, count in sorted(words.items()))
    with capsys.disabled():
        seconds = time.monotonic() - began
        print(f"\n{source.name}: {TOPOLOGIES} topologies, {words.total()} questions in {seconds:.0f} s: {figures}")  # noqa: T201
    assert not failed
    assert words.total() >= AT_LEAST * TOPOLOGIES
