"""A solver as the judge: of whole sets of packets, does one pass, is one stopped; and the engine's verdict on each set.

What is encoded, and how, is told in docs/proof.md. `make test-solver` asks about many more seeds than these.
"""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest
from z3 import Not
from z3.z3util import get_vars

from solver.encoding.place import ENDS
from solver.encoding.terms import any_of, between
from solver.judge import example
from solver.mutants import MUTANTS, seen_at
from solver.seeds import NETWORKS, SEEDS, SERVICES, Source, judged, right
from solver.shrink import report

HERE = Path(__file__).parent


def name(value: object) -> str:
    return value.name if isinstance(value, Source) else str(value)


class TestSeeds:
    @pytest.mark.parametrize(("source", "seed"), SEEDS, ids=name)
    def test_solver_and_engine_agree(self, source: Source, seed: int) -> None:
        assert not any(one.wrong for one in judged(source, seed)), report(source, seed)

    @pytest.mark.parametrize("source", [NETWORKS, SERVICES], ids=name)
    def test_every_word_is_among_them(self, source: Source) -> None:
        words = Counter(one.engine for seed in source.seeds for one in judged(source, seed))
        assert min(words[one] for one in ("yes", "no", "partial")) >= 2, words

    @pytest.mark.parametrize("source", [NETWORKS, SERVICES], ids=name)
    def test_every_packet_ends_somewhere(self, source: Source) -> None:
        """Whatever ports a NAT gateway or a load balancer picks, of those that it may."""
        for found in right(source, source.seeds[0]):
            ended = any_of(found.that(end) for end in ENDS)
            own = (found.packet.src, found.packet.dst, found.packet.sport, found.packet.dport)
            picked = [port for port in get_vars(ended) if not any(port.eq(one) for one in own)]
            usable = [between(port, 1024, 65535) for port in picked]
            assert not example(found.asked, found.packet, Not(ended), *usable)


@pytest.mark.slow
class TestItCanFail:
    """A rule that is wrong, on either side, is seen within these seeds."""

    @pytest.mark.parametrize("rule", MUTANTS)
    def test_a_wrong_rule_is_seen(self, rule: str) -> None:
        assert seen_at(MUTANTS[rule]) is not None


ENCODER = [*sorted((HERE / "encoding").glob("*.py")), HERE / "question.py", HERE / "spec.py"]


@pytest.mark.parametrize("module", ENCODER, ids=lambda path: path.name)
def test_encoding_shares_nothing_with_the_engine(module: Path) -> None:
    """It imports the solver, the standard library, a topology's nouns, what the compiler reads off them, and itself."""
    own = ("solver.encoding", "solver.question", "solver.spec")
    allowed = (*own, "dataplane.compiler.", "dataplane.spec", "__future__")
    standard = {"collections", "dataclasses", "enum", "functools", "ipaddress", "typing", "z3"}
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert not node.level
            names = [f"{node.module}.{one.name}" for one in node.names]
        for name in names:
            assert name.startswith(allowed) or name.split(".")[0] in standard, name
