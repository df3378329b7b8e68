"""What is measured of an organisation, each in a process of its own: figures in seconds of CPU time, by name."""

from __future__ import annotations

import gc
import math
import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from unittest.mock import patch

import msgspec

from mwaanet.checks.ask import ask
from mwaanet.checks.assertions import run_assertions, subject
from mwaanet.checks.diagnose import diagnose
from mwaanet.checks.language import Check, Reach, Selection
from mwaanet.graph.network import Network
from mwaanet.model.inventory import Inventory
from mwaanet.model.site import Site
from mwaanet.snapshot import Snapshot

Figures = dict[str, float]

SEED = 20250303
PART = 256 * 1024 * 1024
"""How many bytes are kept as plain objects at a time, which take ten times as much."""


def measure_floor(folder: Path, traces: int) -> Figures:
    """Decode the same bytes to plain objects and drop them: nothing that reads them can be quicker.

    Then once more, keeping the objects as whoever asks about them must. The collector is paused, as while loading.
    """
    gc.disable()
    clock = Clock()
    for contents in _parts(folder):
        clock.restart()
        for content in contents:
            msgspec.json.decode(content)
        clock.lap("floor")
        kept = [msgspec.json.decode(content) for content in contents]
        clock.lap("floor kept")
        assert len(kept) == len(contents)
        del kept
    return clock.laps


def _parts(folder: Path) -> Iterator[list[bytes]]:
    """The contents of the JSON files, so many at a time as may be kept as objects."""
    contents: list[bytes] = []
    size = 0
    for path in folder.rglob("*.json"):
        contents.append(path.read_bytes())
        size += len(contents[-1])
        if size >= PART:
            yield contents
            contents, size = [], 0
    yield contents


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
        self.restart()

    def restart(self) -> None:
        """What was done since the last lap is in none."""
        self._last = time.process_time()

    def lap(self, name: str) -> None:
        """End a lap, of a name that may have had some before, and start the next."""
        now = time.process_time()
        self.laps[name] = self.laps.get(name, 0.0) + now - self._last
        self.restart()


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
