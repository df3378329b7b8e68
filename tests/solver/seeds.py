"""The two kinds of random topologies, the seeds of the ordinary suite, and the solver's answers, found once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from dataplane.generate import topology
from dataplane.spec import Topology
from solver.encoding.walk import Ways, ways
from solver.generate import services
from solver.judge import Judgement, judgements
from solver.question import Asked
from solver.questions import questions
from solver.service_questions import service_questions


class Source(NamedTuple):
    """Where topologies come from, and what is asked about them."""

    name: str
    make: Callable[[int], Topology]
    ask: Callable[[int, Any], tuple[Asked, ...]]
    seeds: tuple[int, ...]

    def asked(self, seed: int) -> tuple[Topology, tuple[Asked, ...]]:
        spec = self.make(seed)
        return spec, self.ask(seed, spec)


NETWORKS = Source("networks", topology, questions, (*range(9), 25, 53, 119))
"""Chosen so that each rule of `mutants.py` decides somewhere; so are these:"""
SERVICES = Source("services", services, service_questions, (1, 7, 12, 15, 19, 27, 28, 40))
SEEDS = [(source, seed) for source in (NETWORKS, SERVICES) for seed in source.seeds]


@cache
def right(source: Source, seed: int) -> tuple[Ways, ...]:
    return answered(source, seed)


def answered(source: Source, seed: int) -> tuple[Ways, ...]:
    spec, asked = source.asked(seed)
    return tuple(ways(spec, one) for one in asked)


def judged(source: Source, seed: int, answers: tuple[Ways, ...] = ()) -> tuple[Judgement, ...]:
    """The questions of a seed, judged by these answers, or by the right ones."""
    spec, asked = source.asked(seed)
    return tuple(judgements(spec, asked, answers or right(source, seed)))
