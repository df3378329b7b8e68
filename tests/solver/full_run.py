"""Many more topologies than the ordinary suite asks about (`make test-solver`); not collected with the other tests.

The environment variable `TOPOLOGIES` says how many of each kind (500), `FIRST_SEED` where to begin (1000).
"""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest

from dataplane.sweep import sweep
from solver.judge import UNDECLARED, judged
from solver.seeds import NETWORKS, SERVICES, Source
from solver.shrink import report


def tally(source: Source, seed: int) -> tuple[Counter[str], str]:
    """How many questions of one topology had each answer, and what disagrees."""
    found = list(judged(*source.asked(seed)))
    words = Counter(UNDECLARED if one.solver == UNDECLARED else one.engine for one in found)
    return words, report(source, seed) if any(one.wrong for one in found) else ""


@pytest.mark.parametrize("source", [NETWORKS, SERVICES], ids=lambda source: source.name)
def test_solver_and_engine_agree(source: Source, capsys: pytest.CaptureFixture[str]) -> None:
    what = f"questions of {source.name}"
    sweep(partial(tally, source), what, at_least=6, processes=None, capsys=capsys)
