"""Coverage-guided fuzzing of one target by Atheris: `make fuzz`, which gives each of them its SECONDS.

    python tests/hostile/fuzz.py TARGET CORPUS [options of libFuzzer]

https://github.com/google/atheris. What made a target fail is written beside the corpus by libFuzzer.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import atheris

FOLLOWED = ["mwaanet", "dns", "jmespath", "packaging", "pip_requirements_parser", "yaml"]
"""The packages whose branches are counted."""

with atheris.instrument_imports(include=FOLLOWED):
    from hostile.mutate import mutated
    from hostile.targets import TARGETS, Target, attempt

HANG_SECONDS, MEMORY_MB, LONGEST = 5, 1024, 200_000
MORE_SECONDS = {"diagnosis": 30}
"""Of what takes long because everything that it does is followed."""


def mutator(target: Target, seeds: Sequence[bytes]) -> Callable[[bytes, int, int], bytes]:
    """Half of the changes are libFuzzer's own, of bytes, but of trees none; half of the others are of the good inputs.

    Of these libFuzzer keeps only such as reach what no smaller one does.
    """

    def change(data: bytes, max_size: int, seed: int) -> bytes:
        random = Random(seed)
        if not target.trees and random.randrange(2):
            return bytes(atheris.Mutate(data, max_size))
        return mutated(data if random.randrange(2) else random.choice(seeds), random, trees=target.trees)[:max_size]

    return change


def main() -> None:
    name, corpus, *options = sys.argv[1:]
    folder = Path(corpus)
    folder.mkdir(parents=True, exist_ok=True)
    seeds = TARGETS[name].seeds()
    for number, seed in enumerate(seeds):
        (folder / f"seed-{number}").write_bytes(seed)
    limits = [f"-timeout={MORE_SECONDS.get(name, HANG_SECONDS)}", f"-rss_limit_mb={MEMORY_MB}", f"-max_len={LONGEST}"]
    found = f"-artifact_prefix={folder.parent}/{name}-"
    atheris.Setup(
        [sys.argv[0], *limits, found, *options, corpus],
        lambda data: attempt(TARGETS[name], data),
        custom_mutator=mutator(TARGETS[name], seeds),
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
