"""A few hundred hostile inputs for everything that reads what others wrote; `make fuzz` tries many more.

They follow from a fixed seed, so that a failure repeats.
"""

from __future__ import annotations

from random import Random

import pytest

from hostile.bounded import bounded
from hostile.mutate import mutated
from hostile.targets import TARGETS, attempt

RUNS = {"diagnosis": 5, "snapshot": 15, "redact": 25, "checks": 10, "topology": 15, "archive": 40, "requirements": 40}
"""How many inputs of a target whose runs take milliseconds; of the others `MOST`."""
MOST, LONGEST = 150, 200_000


@pytest.mark.parametrize("name", TARGETS)
def test_hostile_input_is_read_or_refused(name: str) -> None:
    target, random = TARGETS[name], Random(name)
    seeds = target.seeds()
    for _ in range(RUNS.get(name, MOST)):
        data = mutated(random.choice(seeds), random, trees=target.trees)[:LONGEST]
        with bounded():
            attempt(target, data)


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_good_is_read(name: str) -> None:
    """A target that refused its own seeds would prove nothing."""
    first, *_ = TARGETS[name].seeds()
    with bounded():
        TARGETS[name].run(first)
