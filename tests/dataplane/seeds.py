"""The seeds of the ordinary suite, and what each side says of them, asked once."""

from __future__ import annotations

from functools import cache

from dataplane.generate import topology
from dataplane.judge import Observed, Said, settled
from dataplane.verdicts import verdicts

SEEDS: tuple[int, ...] = (*range(22), 30, 34, 43)
"""The last three for rules that decide seldom; `mutants.py` shows which."""


@cache
def said(seed: int) -> Said:
    return verdicts(topology(seed))


@cache
def seen(seed: int) -> Observed:
    return settled(topology(seed), said(seed), seed)
