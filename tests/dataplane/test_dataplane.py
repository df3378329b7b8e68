"""The kernel as the judge: real connections through namespaces, routes and filters, and the engine's verdict on each.

A topology comes from a seed; what it is made of, how it is compiled and what is compared is told in docs/proof.md.
`make test-dataplane` runs many more seeds than these.
"""

from __future__ import annotations

import ast
import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from dataplane.compiler.plan import Plan, Port
from dataplane.generate import topology
from dataplane.judge import disagreeing, tally
from dataplane.kernel import running, why_not
from dataplane.seeds import SEEDS, said, seen
from dataplane.shrink import report, shrunk
from dataplane.snapshot import built, calls
from dataplane.traffic import Outcome

HERE = Path(__file__).parent
NOBODY = 65534


@pytest.mark.usefixtures("kernel")
class TestSeeds:
    @pytest.mark.parametrize("seed", SEEDS)
    def test_kernel_and_engine_agree(self, seed: int) -> None:
        assert not disagreeing(said(seed), seen(seed)), report(seed)

    def test_every_outcome_is_among_them(self) -> None:
        outcomes = sum((tally(said(seed), seen(seed)) for seed in SEEDS), Counter[str]())
        assert min(outcomes[one] for one in Outcome) >= 100, outcomes


@pytest.mark.usefixtures("kernel")
class TestNamespaces:
    """They have no names, and nothing of them stays, however it ends."""

    @pytest.fixture
    def plan(self) -> Plan:
        plan = Plan()
        plan.link(Port("one", "to_other"), Port("other", "to_one"))
        return plan

    @pytest.fixture(autouse=True)
    def _as_before(self) -> Iterator[None]:
        before = (os.readlink("/proc/thread-self/ns/net"), len(os.listdir("/proc/self/fd")))
        yield
        assert (os.readlink("/proc/thread-self/ns/net"), len(os.listdir("/proc/self/fd"))) == before

    def test_after_success(self, plan: Plan) -> None:
        with running(plan) as spaces:
            spaces.enter("one")

    def test_after_an_interrupt(self, plan: Plan) -> None:
        def interrupted() -> None:
            with running(plan) as spaces:
                spaces.enter("other")
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            interrupted()

    def test_after_a_command_that_fails(self, plan: Plan) -> None:
        plan.space("other").nft.append("no such command")
        with pytest.raises(RuntimeError, match="no such command"), running(plan):
            pass


def asked_anew() -> str:
    why_not.cache_clear()
    return why_not()


@pytest.mark.usefixtures("kernel")
def test_without_rights_there_is_a_reason_not_to_ask() -> None:
    """What a user who is not root is told, who is skipped."""
    with ProcessPoolExecutor(1, get_context("fork"), os.setuid, (NOBODY,)) as process:
        assert "unshare: Operation not permitted" in process.submit(asked_anew).result()
    assert why_not() == ""


def test_a_failing_topology_becomes_small() -> None:
    """Everything goes that the failure does not need, and whatever is tried on the way can be built."""
    spec = topology(7)
    needed = spec.hosts[0].name
    small = shrunk(spec, lambda one: needed in built(one)[1], tries=10_000)
    subnet = small.hosts[0].subnet
    assert [[one.name for one in nouns] for nouns in (small.hosts, small.subnets)] == [[needed], [subnet]]
    assert len(small.vpcs) == 1
    assert [small.hubs, small.sites, small.nats, small.acls, small.groups, small.peerings] == [()] * 6
    assert "instance(" in calls(small)


COMPILER = [*sorted((HERE / "compiler").glob("*.py")), HERE / "spec.py"]


@pytest.mark.parametrize("module", COMPILER, ids=lambda path: path.name)
def test_compiler_shares_nothing_with_the_engine(module: Path) -> None:
    """It imports the standard library, the topology's own nouns and itself: neither mwaanet nor the builder."""
    allowed = ("dataplane.compiler.", "dataplane.spec", "__future__")
    standard = {"collections", "dataclasses", "ipaddress", "random", "typing"}
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert not node.level
            names = [node.module or ""]
        for name in names:
            assert name.startswith(allowed) or name.split(".")[0] in standard, name
