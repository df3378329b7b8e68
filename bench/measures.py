"""What is measured of an organisation, each in a process of its own: figures in seconds of CPU time, by name."""

from __future__ import annotations

import cProfile
import gc
import math
import random
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from unittest.mock import patch

import msgspec
from bench.organisation import account_id, organisation

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
    """From bytes in memory to the graph, once a single VPC was: so what is made once in each process is apart."""
    contents, one = _contents(folder), dict(organisation(1))
    process, again = _loading(one)[1], _loading(one)[1]
    network, laps = _loading(contents)
    sizes = {
        "nodes": len(network.graph),
        "edges": network.graph.number_of_edges(),
        "interfaces": len(network.inventory.network_interfaces),
    }
    whole = {"load": _total(laps), "load process": _total(process), "load process again": _total(again)}
    return laps | sizes | whole


def _loading(contents: Mapping[str, bytes]) -> tuple[Network, Figures]:
    clock = Clock()
    snapshot = Snapshot.from_files(contents)
    clock.lap("open")
    site = _site(snapshot)
    clock.lap("site")
    inventory = Inventory.load(snapshot, site)
    clock.lap("model")
    network = Network(inventory)
    assert network.graph
    clock.lap("graph")
    return network, clock.laps


def _total(laps: Figures) -> float:
    return sum(laps.values())


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


def measure_diagnosis(folder: Path, traces: int) -> Figures:
    """Once it is loaded: diagnosing the same environment twice, after that of a single VPC was.

    Then what a full pass of the garbage collector takes; there is one before, for the first finds most to forget.
    """
    snapshot, site, inventory = _opened(Snapshot.open(folder))
    one, one_site, one_inventory = _opened(Snapshot.from_files(dict(organisation(1))))
    clock = Clock()
    with _loaded(one_inventory):
        for name in ("diagnosis process", "diagnosis process again"):
            clock.restart()
            diagnose(one, site=one_site)
            clock.lap(name)
    with _loaded(inventory):
        for name in ("diagnosis first", "diagnosis"):
            clock.restart()
            statuses = [str(path.status) for path in diagnose(snapshot, site=site).paths]
            clock.lap(name)
            assert statuses[:2] == ["pass", "pass"], statuses
    gc.collect()
    clock.restart()
    gc.collect()
    clock.lap("full pass")
    return clock.laps


def measure_traces(folder: Path, traces: int) -> Figures:
    """Tracing between interfaces of the first ten VPCs, which are the same at every size, with nothing compiled.

    The first trace builds what all share; the others compile what their own VPCs have.
    """
    inventory = _opened(Snapshot.open(folder))[2]
    vpcs = {vpc.vpc_id for vpc in inventory.vpcs.values() if vpc.owner_id == account_id(0)}
    network, asked = Network(inventory), pairs(inventory, vpcs, traces + 1)
    clock = Clock()
    answers(network, asked[:1])
    clock.lap("trace first")
    return clock.laps | _rates(network, asked[1:], "traces same")


def measure_calls(folder: Path, traces: int) -> Figures:
    """How many calls of functions the same questions take: other than time, it is the same whatever else runs."""
    snapshot, site, inventory = _opened(Snapshot.open(folder))
    vpcs = {vpc.vpc_id for vpc in inventory.vpcs.values() if vpc.owner_id == account_id(0)}
    network, asked = Network(inventory), pairs(inventory, vpcs, traces + 1)
    figures: Figures = {
        "calls first": calls(lambda: answers(network, asked[:1])),
        "calls traces": calls(lambda: answers(network, asked[1:])),
        "calls traces again": calls(lambda: answers(network, asked[1:])),
    }
    with _loaded(inventory):
        diagnose(snapshot, site=site)
        return figures | {"calls diagnosis": calls(lambda: diagnose(snapshot, site=site))}


def calls(work: Callable[[], object]) -> int:
    """How many calls of functions some work takes, Python's own included."""
    profile = cProfile.Profile()
    profile.enable()
    work()
    profile.disable()
    return sum(entry.callcount for entry in profile.getstats())


def measure_anywhere(folder: Path, traces: int) -> Figures:
    """Tracing between interfaces anywhere, with nothing compiled: the more VPCs there are, the more of them are met."""
    inventory = _opened(Snapshot.open(folder))[2]
    asked = pairs(inventory, inventory.vpcs, traces)
    met = {inventory.network_interfaces[name].vpc_id for pair in asked for name in pair}
    return _rates(Network(inventory), asked, "traces anywhere") | {"met": len(met)}


def pairs(inventory: Inventory, vpcs: Collection[str], number: int) -> list[tuple[str, str]]:
    """So many pairs of interfaces in these VPCs."""
    holders = _holders(inventory, vpcs)
    choose = random.Random(SEED)
    return [(choose.choice(holders), choose.choice(holders)) for _ in range(number)]


def _holders(inventory: Inventory, vpcs: Collection[str]) -> list[str]:
    """The interfaces in these VPCs that have security groups."""
    records = inventory.network_interfaces.values()
    return sorted(record.network_interface_id for record in records if record.groups and record.vpc_id in vpcs)


def _rates(network: Network, asked: Sequence[tuple[str, str]], name: str) -> Figures:
    """Traces per second, then those of the same pairs again; which share of them arrive."""
    clock = Clock()
    cold = answers(network, asked)
    clock.lap(name)
    warm = answers(network, asked)
    clock.lap(f"{name} again")
    assert cold == warm
    rates = {lap: len(asked) / seconds for lap, seconds in clock.laps.items()}
    return rates | {f"{name} reached": cold.count("yes") / len(asked)}


def measure_assertions(folder: Path, traces: int) -> Figures:
    """What each of so many simple assertions takes once all is loaded.

    Each asks for one port between two interfaces, and expects what is so; nothing is compiled when they start.
    """
    snapshot = Snapshot.open(folder)
    site = _site(snapshot)
    context = subject(snapshot, site=site)
    choose = random.Random(SEED)
    holders = _holders(context.inventory, context.inventory.vpcs)
    side = math.isqrt(traces * 5 // 2)
    asked = [(one, other) for one in choose.sample(holders, side) for other in choose.sample(holders, side)]
    given = answers(Network(context.inventory), asked)
    checks = [_assertion(*pair, reachable=answer == "yes") for pair, answer in zip(asked, given, strict=True)]
    gc.collect()
    clock = Clock()
    run_assertions(context, checks, date(2025, 3, 3))
    clock.lap("asserting")
    return {"assertion": clock.laps["asserting"] / len(checks)}


def _assertion(source: str, destination: str, *, reachable: bool) -> Check:
    ends = (Selection(of=(end,)) for end in (source, destination))
    verb = Reach(source=next(ends), destination=next(ends), ports=((443, 443),))
    return Check(id=f"{source}-{destination}", verb=verb, negative=not reachable)


def answers(network: Network, asked: Iterable[tuple[str, str]]) -> list[str]:
    """Whether the first interface of each pair reaches port 443 of the second."""
    return [ask(network, source, destination, 6, 443).reachable.value for source, destination in asked]


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


def _opened(snapshot: Snapshot) -> tuple[Snapshot, Site | None, Inventory]:
    site = _site(snapshot)
    return snapshot, site, Inventory.load(snapshot, site)


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
    "diagnosis": measure_diagnosis,
    "traces": measure_traces,
    "anywhere": measure_anywhere,
    "calls": measure_calls,
    "assertions": measure_assertions,
}
MORE_IS_BETTER = {"traces same", "traces same again", "traces anywhere", "traces anywhere again"}
