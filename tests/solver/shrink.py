"""What is said of a seed that fails: every disagreement, the smallest topology that shows one, as builder calls."""

from __future__ import annotations

from dataclasses import replace

from dataplane.shrink import shrunk
from dataplane.spec import OUTSIDE, Topology
from solver.judge import Judgement, judged
from solver.question import ANYBODY, Asked
from solver.seeds import Source
from solver.snapshot import calls


def report(source: Source, seed: int) -> str:
    spec, questions = source.asked(seed)
    wrong = [one for one in judged(spec, questions) if one.wrong]
    if not wrong:
        return ""
    asked = wrong[0].asked
    small = shrunk(replace(spec, flows=()), lambda one: bool(_wrong(one, asked)))
    lines = [f"{source.name}, seed {seed}: {len(wrong)} questions disagree; shrunk:", *map(str, _wrong(small, asked))]
    return "\n".join([*lines, calls(small), repr(small), "", "all:", *map(str, wrong)])


def _wrong(spec: Topology, asked: Asked) -> list[Judgement]:
    """Unless an end of the question is gone."""
    ends = {OUTSIDE, ANYBODY, *(one.name for one in spec.hosts), *(one.name for one in spec.sites)}
    if not ends.issuperset({*asked.senders, asked.destination}):
        return []
    return [one for one in judged(spec, (asked,)) if one.wrong]
