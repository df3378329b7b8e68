"""The seeds of the ordinary suite, and the solver's answers to their questions, found once."""

from __future__ import annotations

from functools import cache

from dataplane.generate import topology
from solver.encoding.walk import Ways, ways
from solver.judge import Judgement, judgements
from solver.questions import questions

SEEDS: tuple[int, ...] = (*range(12), 25, 53, 119)
"""The last three for rules that decide seldom; `mutants.py` shows which."""


@cache
def right(seed: int) -> tuple[Ways, ...]:
    spec = topology(seed)
    return tuple(ways(spec, asked) for asked in questions(seed, spec))


def judged(seed: int, answers: tuple[Ways, ...] = ()) -> tuple[Judgement, ...]:
    """The questions of a seed, judged by these answers, or by the right ones."""
    spec = topology(seed)
    return tuple(judgements(spec, questions(seed, spec), answers or right(seed)))
