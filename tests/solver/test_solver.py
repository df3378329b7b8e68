"""A solver as the judge: of whole sets of packets, does one pass, is one stopped; and the engine's verdict on each set.

What is encoded, and how, is told in docs/proof.md. `make test-solver` asks about many more seeds than these.
"""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest
from z3 import Not

from solver.encoding.place import ENDS
from solver.encoding.terms import any_of
from solver.judge import example
from solver.mutants import ENCODING, ENGINE, seen_at
from solver.seeds import SEEDS, judged, right
from solver.shrink import report

HERE = Path(__file__).parent


class TestSeeds:
    @pytest.mark.parametrize("seed", SEEDS)
    def test_solver_and_engine_agree(self, seed: int) -> None:
        assert not any(one.wrong for one in judged(seed)), report(seed)

    def test_every_word_is_among_them(self) -> None:
        words = Counter(one.engine for seed in SEEDS for one in judged(seed))
        assert min(words[one] for one in ("yes", "no", "partial")) >= 10, words

    @pytest.mark.parametrize("seed", SEEDS[:3])
    def test_every_packet_ends_somewhere(self, seed: int) -> None:
        for found in right(seed):
            ended = any_of(found.that(end) for end in ENDS)
            assert not example(found.asked, found.packet, Not(ended))


class TestItCanFail:
    """A rule that is wrong, on either side, is seen within these seeds."""

    @pytest.mark.parametrize("rule", ENGINE)
    def test_a_wrong_rule_of_the_engine_is_seen(self, rule: str) -> None:
        assert seen_at(ENGINE[rule]) is not None

    @pytest.mark.parametrize("rule", ENCODING)
    def test_a_wrong_rule_of_the_encoding_is_seen(self, rule: str) -> None:
        assert seen_at(ENCODING[rule]) is not None


ENCODER = [*sorted((HERE / "encoding").glob("*.py")), HERE / "question.py"]


@pytest.mark.parametrize("module", ENCODER, ids=lambda path: path.name)
def test_encoding_shares_nothing_with_the_engine(module: Path) -> None:
    """It imports the solver, the standard library, a topology's nouns, what the compiler reads off them, and itself."""
    allowed = ("solver.encoding", "solver.question", "dataplane.compiler.", "dataplane.spec", "__future__")
    standard = {"collections", "dataclasses", "enum", "functools", "ipaddress", "typing", "z3"}
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert not node.level
            names = [node.module or ""]
        for name in names:
            assert name.startswith(allowed) or name.split(".")[0] in standard, name
