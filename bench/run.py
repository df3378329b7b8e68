"""Measure mwaanet on generated organisations of growing size and compare with the floor: decoding the same JSON.

    python bench/run.py [--sizes 100,800] [--repeat 3] [--traces 200] [--large 1000]

Every figure of an organisation is taken in a process of its own, in seconds of CPU time, and is the best of several,
because other work on the machine only ever slows things down. What is made once in a process, what is built once of a
snapshot and what each question takes are lines of their own. docs/performance.md says what the lines mean and what
they were.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(ROOT / "tests")]

from bench import large  # noqa: E402
from bench.measures import MEASURES, MORE_IS_BETTER, Figures  # noqa: E402
from bench.organisation import organisation  # noqa: E402

from mwaanet.cli.collector import pass_over_all_seldom  # noqa: E402

ENOUGH = 400
"""From how many VPCs on the limits are held: below, what happens once in each process outweighs the rest."""


class Limit(NamedTuple):
    """A figure that must not grow out of hand; twice the aim is a failure, for timing is noisy."""

    figure: str
    says: str
    aim: float


LIMITS = (
    Limit("once", "what a process makes once, ms", 50),
    Limit("ratio", "loading and building the graph, in times of the floor", 4),
    Limit("memory", "peak memory growth, in times of the snapshot's bytes", 4),
    Limit("indexes", "what a first diagnosis builds once, in times of the floor", 1),
)
LARGE = Limit("large", f"what grows most with {large.TIMES} times as many", large.TIMES * 1.25)
ENOUGH_LARGE = 400
"""From how many rules, routes, … on that limit is held."""
ASKED = (
    Limit("diagnosis", "growth of another diagnosis", 1.25),
    Limit("trace", "growth of the same traces, nothing compiled", 1.25),
    Limit("trace again", "growth of the same traces, asked again", 1.25),
    Limit("calls diagnosis", "growth of another diagnosis, in calls of functions", 1.1),
    Limit("calls traces", "growth of the same traces, in calls of functions", 1.1),
)
"""What is asked is the same at every size: what it costs must not grow from the smallest to the largest."""


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
    return best | _derived(best) | {"vpcs": vpcs, "bytes": size, "memory": best["peak"] / size}


def _derived(best: Figures) -> Figures:
    """What follows from the best of each figure."""
    load_once = best["load process"] - best["load process again"]
    diagnosis_once = best["diagnosis process"] - best["diagnosis process again"]
    built = best["diagnosis first"] - best["diagnosis"]
    return {
        "load once": load_once,
        "diagnosis once": diagnosis_once,
        "once": (load_once + diagnosis_once) * 1e3,
        "ratio": (load_once + best["load"]) / best["floor"],
        "ratio kept": (load_once + best["load"]) / best["floor kept"],
        "ratio rest": (best["load"] - best["site"]) / best["floor"],
        "built": built,
        "indexes": built / best["floor"],
        "trace": 1 / best["traces same"],
        "trace again": 1 / best["traces same again"],
    }


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
    Column("once in a process, ms", "load once", "{:,.0f}", 1e3),
    Column("site file, ms", "site", "{:,.1f}", 1e3),
    Column("open, s", "open", "{:.3f}"),
    Column("model, s", "model", "{:.3f}"),
    Column("graph, s", "graph", "{:.3f}"),
    Column("these four, s", "load", "{:.3f}"),
    Column("… and once, in floors", "ratio", "{:.1f}", grows=False),
    Column("… with objects kept", "ratio kept", "{:.1f}", grows=False),
    Column("open to graph, in floors", "ratio rest", "{:.1f}", grows=False),
    Column("all of it from disk, s", "disk", "{:.3f}"),
    Column("peak memory growth, MB", "peak", "{:,.0f}", 1e-6),
    Column("… in times of the bytes", "memory", "{:.1f}", grows=False),
    Column("garbage: a full pass, ms", "full pass", "{:,.0f}", 1e3),
    Column("once in a process, ms", "diagnosis once", "{:,.0f}", 1e3),
    Column("built once to diagnose, ms", "built", "{:,.0f}", 1e3),
    Column("… in times of the floor", "indexes", "{:.1f}", grows=False),
    Column("another diagnosis, ms", "diagnosis", "{:,.0f}", 1e3),
    Column("an assertion, ms", "assertion", "{:.2f}", 1e3),
    Column("first trace, ms", "trace first", "{:,.1f}", 1e3),
    Column("same traces, a second", "traces same", "{:,.0f}"),
    Column("… again", "traces same again", "{:,.0f}"),
    Column("… share that arrive", "traces same reached", "{:.2f}", grows=False),
    Column("traces anywhere, a second", "traces anywhere", "{:,.0f}"),
    Column("… again", "traces anywhere again", "{:,.0f}"),
    Column("… share that arrive", "traces anywhere reached", "{:.2f}", grows=False),
    Column("… VPCs that they meet", "met", "{:,.0f}"),
    Column("calls: another diagnosis", "calls diagnosis", "{:,.0f}"),
    Column("calls: first trace", "calls first", "{:,.0f}"),
    Column("calls: same traces", "calls traces", "{:,.0f}"),
    Column("calls: same traces again", "calls traces again", "{:,.0f}"),
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
        found.extend(_verdict(limit, last[limit.figure] / results[0][limit.figure]) for limit in ASKED)
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
    return kept, f"{word}: {limit.says}: {value:.2f} (aim {limit.aim:g}, limit {2 * limit.aim:g})"


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
        pass_over_all_seldom()
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
