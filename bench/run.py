"""Measure mwaanet on generated organisations of growing size and compare with the floor: decoding the same JSON.

    python bench/run.py [--sizes 100,800] [--repeat 3] [--traces 200] [--large 1000]

Every figure of an organisation is taken in a process of its own, in seconds of CPU time, and is the best of several,
because other work on the machine only ever slows things down. docs/performance.md says what the lines mean and what
they were.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(ROOT / "tests")]

import msgspec  # noqa: E402
from bench import large  # noqa: E402
from bench.organisation import organisation  # noqa: E402

from mwaanet.checks.ask import ask  # noqa: E402
from mwaanet.checks.assertions import run_assertions, subject  # noqa: E402
from mwaanet.checks.diagnose import diagnose  # noqa: E402
from mwaanet.checks.language import Check, Reach, Selection  # noqa: E402
from mwaanet.graph.network import Network  # noqa: E402
from mwaanet.model.inventory import Inventory  # noqa: E402
from mwaanet.model.site import Site  # noqa: E402
from mwaanet.snapshot import Snapshot  # noqa: E402

Figures = dict[str, float]

SEED = 20250303
ENOUGH = 400
"""From how many VPCs on the limits are held: below, what happens once in each process outweighs the rest."""


class Limit(NamedTuple):
    """A figure that must not grow out of hand; twice the aim is a failure, for timing is noisy."""

    figure: str
    says: str
    aim: float


LIMITS = (
    Limit("ratio", "loading and building the graph, in times of the floor", 4),
    Limit("memory", "peak memory growth, in times of the snapshot's bytes", 4),
)
LARGE = Limit("large", f"what grows most with {large.TIMES} times as many", large.TIMES * 1.25)
ENOUGH_LARGE = 400
"""From how many rules, routes, … on that limit is held."""
GROWTH = Limit("diagnosis", "diagnosing one environment, growth from the smallest size to the largest", 2)


# What a process of its own measures


def measure_floor(folder: Path, traces: int) -> Figures:
    """Decode the same bytes to plain objects and drop them: nothing that reads them can be quicker.

    Then once more, keeping the objects as whoever asks about them must. The collector is paused, as while loading.
    """
    contents = [content for path, content in _contents(folder).items() if path.endswith(".json")]
    gc.disable()
    clock = Clock()
    for content in contents:
        msgspec.json.decode(content)
    clock.lap("floor")
    kept = [msgspec.json.decode(content) for content in contents]
    clock.lap("floor kept")
    assert len(kept) == len(contents)
    return clock.laps


def measure_load(folder: Path, traces: int) -> Figures:
    """From bytes in memory to the graph."""
    contents = _contents(folder)
    clock = Clock()
    snapshot = Snapshot.from_files(contents)
    site = _site(snapshot)
    clock.lap("open")
    inventory = Inventory.load(snapshot, site)
    clock.lap("model")
    graph = Network(inventory).graph
    clock.lap("graph")
    laps = clock.laps
    sizes = {"nodes": len(graph), "edges": graph.number_of_edges(), "interfaces": len(inventory.network_interfaces)}
    return laps | sizes | {"load": laps["open"] + laps["model"] + laps["graph"]}


def measure_memory(folder: Path, traces: int) -> Figures:
    """The same from files on disk, and by how much the process grows at its peak."""
    gc.collect()
    before = _resident("VmRSS")
    clock = Clock()
    snapshot = Snapshot.open(folder)
    network = Network(Inventory.load(snapshot, _site(snapshot)))
    assert network.graph
    clock.lap("disk")
    return clock.laps | {"peak": _resident("VmHWM") - before, "kept": _resident("VmRSS") - before}


def measure_answers(folder: Path, traces: int) -> Figures:
    """Once it is loaded: diagnosing the environment, and tracing between random interfaces."""
    snapshot = Snapshot.open(folder)
    site = _site(snapshot)
    inventory = Inventory.load(snapshot, site)
    clock = Clock()
    with _loaded(inventory):
        statuses = [str(path.status) for path in diagnose(snapshot, site=site).paths]
        clock.lap("diagnosis first")
        diagnose(snapshot, site=site)
        clock.lap("diagnosis")
    assert statuses[:2] == ["pass", "pass"], statuses
    network = Network(inventory)
    choose = random.Random(SEED)
    holders = sorted(record.network_interface_id for record in inventory.network_interfaces.values() if record.groups)
    pairs = [(choose.choice(holders), choose.choice(holders)) for _ in range(traces)]
    clock.lap("choosing")
    cold = _answers(network, pairs)
    clock.lap("cold")
    warm = _answers(network, pairs)
    clock.lap("warm")
    assert cold == warm
    laps = clock.laps
    rates = {"traces cold": traces / laps["cold"], "traces warm": traces / laps["warm"]}
    return laps | rates | {"reached": sum(answer == "yes" for answer in cold) / traces}


def measure_assertions(folder: Path, traces: int) -> Figures:
    """What each of so many simple assertions takes once all is loaded.

    Each asks for one port between two interfaces, and expects what is so; nothing is compiled when they start.
    """
    snapshot = Snapshot.open(folder)
    site = _site(snapshot)
    context = subject(snapshot, site=site)
    choose = random.Random(SEED)
    records = context.inventory.network_interfaces.values()
    holders = sorted(record.network_interface_id for record in records if record.groups)
    side = math.isqrt(traces * 5 // 2)
    pairs = [(one, other) for one in choose.sample(holders, side) for other in choose.sample(holders, side)]
    answers = _answers(Network(context.inventory), pairs)
    checks = [_assertion(*pair, reachable=answer == "yes") for pair, answer in zip(pairs, answers, strict=True)]
    gc.collect()
    clock = Clock()
    run_assertions(context, checks, date(2025, 3, 3))
    clock.lap("asserting")
    return {"assertion": clock.laps["asserting"] / len(checks)}


def _assertion(source: str, destination: str, *, reachable: bool) -> Check:
    ends = (Selection(of=(end,)) for end in (source, destination))
    verb = Reach(source=next(ends), destination=next(ends), ports=((443, 443),))
    return Check(id=f"{source}-{destination}", verb=verb, negative=not reachable)


def _answers(network: Network, pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [ask(network, source, destination, 6, 443).reachable.value for source, destination in pairs]


def _loaded(inventory: Inventory) -> AbstractContextManager[object]:
    """`diagnose` loads the snapshot itself; here it is given what was loaded before."""
    return patch.object(Inventory, "load", lambda *_: inventory)


class Clock:
    """Laps by name, in seconds of CPU time: what else runs on the machine hardly counts, and nothing here waits."""

    def __init__(self) -> None:
        self.laps: Figures = {}
        self._last = time.process_time()

    def lap(self, name: str) -> None:
        """End a lap and start the next."""
        now = time.process_time()
        self.laps[name] = now - self._last
        self._last = time.process_time()


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _site(snapshot: Snapshot) -> Site | None:
    return Site.parse(snapshot.site_text, "mwaanet.yaml") if snapshot.site_text else None


def _resident(field: str) -> int:
    """Resident memory in bytes: `VmRSS` now, `VmHWM` at its peak.

    `getrusage` would not do: after fork and exec its peak is at least the parent's.
    """
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError(f"/proc/self/status has no {field}")


MEASURES: dict[str, Callable[[Path, int], Figures]] = {
    "floor": measure_floor,
    "load": measure_load,
    "memory": measure_memory,
    "answers": measure_answers,
    "assertions": measure_assertions,
}
MORE_IS_BETTER = {"traces cold", "traces warm"}


# Running them


def measure(vpcs: int, repeat: int, traces: int) -> Figures:
    """All figures of one size."""
    with tempfile.TemporaryDirectory(prefix="mwaanet-bench-") as name:
        folder = Path(name)
        size = _write(folder, organisation(vpcs))
        best: Figures = {}
        for _ in range(repeat):
            for kind in MEASURES:
                _note(f"{vpcs} VPCs: {kind}")
                for figure, value in _in_own_process(kind, folder, traces).items():
                    better = max if figure in MORE_IS_BETTER else min
                    best[figure] = better(best.get(figure, value), value)
    _note("")
    ratios = {"ratio": best["load"] / best["floor"], "ratio kept": best["load"] / best["floor kept"]}
    return best | ratios | {"vpcs": vpcs, "bytes": size, "memory": best["peak"] / size}


def _write(folder: Path, files: Iterable[tuple[str, bytes]]) -> int:
    size = 0
    for name, content in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        size += len(content) if name.endswith(".json") else 0
    return size


def _in_own_process(kind: str, folder: Path, traces: int) -> Figures:
    command = [sys.executable, __file__, "--child", kind, str(folder), "--traces", str(traces)]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=environment)
    figures: Figures = json.loads(done.stdout)
    return figures


def _note(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{text:<60}", end="\r" if not text else "", file=sys.stderr, flush=True)


# The report


class Column(NamedTuple):
    """One line of the table: a figure of every size, and how it grew."""

    title: str
    figure: str
    form: str
    scale: float = 1
    grows: bool = True


TABLE = (
    Column("VPCs", "vpcs", "{:,.0f}"),
    Column("interfaces", "interfaces", "{:,.0f}"),
    Column("snapshot, MB", "bytes", "{:,.1f}", 1e-6),
    Column("components of the graph", "nodes", "{:,.0f}"),
    Column("edges of the graph", "edges", "{:,.0f}"),
    Column("floor: plain decoding, s", "floor", "{:.3f}"),
    Column("… keeping the objects, s", "floor kept", "{:.3f}"),
    Column("open, s", "open", "{:.3f}"),
    Column("model, s", "model", "{:.3f}"),
    Column("graph, s", "graph", "{:.3f}"),
    Column("all three, s", "load", "{:.3f}"),
    Column("… in times of the floor", "ratio", "{:.1f}", grows=False),
    Column("… of keeping the objects", "ratio kept", "{:.1f}", grows=False),
    Column("all three from disk, s", "disk", "{:.3f}"),
    Column("peak memory growth, MB", "peak", "{:,.0f}", 1e-6),
    Column("… in times of the bytes", "memory", "{:.1f}", grows=False),
    Column("first diagnosis, ms", "diagnosis first", "{:,.0f}", 1e3),
    Column("diagnosis, ms", "diagnosis", "{:,.0f}", 1e3),
    Column("an assertion, ms", "assertion", "{:.2f}", 1e3),
    Column("traces per second, cold", "traces cold", "{:,.0f}"),
    Column("traces per second, warm", "traces warm", "{:,.0f}"),
    Column("share of them that arrive", "reached", "{:.2f}", grows=False),
)


def table(results: Sequence[Figures]) -> str:
    """A line per figure: its value for every size, then by what factor it grew and the exponent of that growth."""
    lines = []
    for column in TABLE:
        values = [result[column.figure] for result in results]
        cells = "".join(f"{column.form.format(value * column.scale):>12}" for value in values)
        lines.append(f"{column.title:<28}{cells}{_growth(results, column) if column.grows else ''}".rstrip())
    return "\n".join(lines)


def _growth(results: Sequence[Figures], column: Column) -> str:
    first, last = results[0], results[-1]
    if len(results) == 1 or not first[column.figure]:
        return ""
    factor = last[column.figure] / first[column.figure]
    exponent = math.log(factor) / math.log(last["vpcs"] / first["vpcs"]) if factor > 0 else 0
    return f"   x {factor:5.2f}   N^{exponent:.2f}"


def verdicts(results: Sequence[Figures]) -> list[tuple[bool, str]]:
    """Whether each limit is kept, with a sentence that says so."""
    last = results[-1]
    if last["vpcs"] < ENOUGH:
        return [(True, f"too small to judge: the limits hold from {ENOUGH} VPCs on")]
    found = [_verdict(limit, last[limit.figure]) for limit in LIMITS]
    if len(results) > 1:
        found.append(_verdict(GROWTH, last[GROWTH.figure] / results[0][GROWTH.figure]))
    return found


def large_table(found: Sequence[large.Growth]) -> str:
    """A line per case: milliseconds for a quarter and for all, and by what factor they grew."""
    return "\n".join(
        f"{growth.title:<28}{growth.small * 1e3:>9.1f} ms{growth.large * 1e3:>9.1f} ms   x {growth.factor:5.2f}"
        for growth in found
    )


def large_verdict(number: int, found: Sequence[large.Growth]) -> tuple[bool, str]:
    """Whether what is large in one place costs in proportion."""
    if number < ENOUGH_LARGE:
        return True, f"too small to judge: growth in one place is judged from {ENOUGH_LARGE} on"
    worst = max(found, key=lambda growth: growth.factor)
    return _verdict(LARGE._replace(says=f"{LARGE.says}: {worst.title}"), worst.factor)


def _verdict(limit: Limit, value: float) -> tuple[bool, str]:
    kept = value <= 2 * limit.aim
    word = "ok" if value <= limit.aim else "above the aim" if kept else "TOO MUCH"
    return kept, f"{word}: {limit.says}: {value:.1f} (aim {limit.aim:g}, limit {2 * limit.aim:g})"


def _sizes(text: str) -> list[int]:
    sizes = sorted({int(part) for part in text.split(",")})
    if sizes[0] < 1:
        raise argparse.ArgumentTypeError(f"expected numbers of VPCs such as 100,800, got {text!r}")
    return sizes


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every size and print the table; 1 where a limit is exceeded."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=_sizes, default=[100, 800], metavar="N,N", help="numbers of VPCs [100,800]")
    parser.add_argument("--repeat", type=int, default=3, help="how often each is measured; the best counts [3]")
    parser.add_argument("--traces", type=int, default=200, help="how many pairs of interfaces are traced [200]")
    parser.add_argument("--large", type=int, default=1000, help="how many rules, routes, … one thing has [1000]")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.child:
        kind, folder = chosen.child
        print(json.dumps(MEASURES[kind](Path(folder), chosen.traces)))
        return 0
    results = [measure(size, chosen.repeat, chosen.traces) for size in chosen.sizes]
    print(table(results))
    print()
    _note("what is large in one place")
    found = large.measure(chosen.large, chosen.repeat)
    _note("")
    print(large_table(found))
    print()
    judged = [*verdicts(results), large_verdict(chosen.large, found)]
    for _, text in judged:
        print(text)
    return 0 if all(kept for kept, _ in judged) else 1


if __name__ == "__main__":
    sys.exit(main())
