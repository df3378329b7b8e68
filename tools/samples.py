"""Run mwaanet on a folder of real inputs and compare its answers with what the folder expects.

    python tools/samples.py INPUTS

`INPUTS` holds any of: `describe/` (describe output of real accounts, `expected.json` with questions), `flows/`
(topologies, each with the outcome of real connections), `scenarios/` (environments, each with the status of its paths
and the culprits).

`!` marks a disagreement, `?` a difference where the inputs leave the answer open. The exit code is 0 where everything
agrees, 1 where something does not, 2 where there is nothing to run.
"""

from __future__ import annotations

import json
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mwaanet.checks.ask import ask
from mwaanet.checks.diagnose import diagnose
from mwaanet.checks.result import Diagnosis, Finding, Status
from mwaanet.errors import MwaanetError, UsageError
from mwaanet.graph.flight import Arrive
from mwaanet.graph.network import Network
from mwaanet.model.inventory import Inventory
from mwaanet.model.site import Site
from mwaanet.net import AddressSet, Intervals, protocol_number
from mwaanet.paths.blocked import blocked_paths
from mwaanet.paths.endpoints import endpoint_of
from mwaanet.paths.question import Endpoint, Question
from mwaanet.paths.trace import Reachable, Trace, trace
from mwaanet.snapshot.reader import Snapshot

Json = dict[str, Any]

PATHS = ("s3", "service", "nexus", "api")
SOME_STATUS = {Status.FAIL, Status.WARN, Status.UNKNOWN}
MOST_SHOWN = 200
"""How many disagreements (and notes) are printed before the rest is only counted."""


@dataclass
class Group:
    """What was asked of one kind, and how it went."""

    name: str
    asked: int = 0
    agreed: int = 0
    undecided: int = 0
    disagreements: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def judge(self, agreed: bool, where: str, detail: str) -> None:
        """Count one answer, with what to print where it is not the expected one."""
        self.asked += 1
        if agreed:
            self.agreed += 1
        else:
            self.disagreements.append(f"{where}: {detail}")

    def leave_open(self, note: str = "") -> None:
        """Count one question that the inputs leave open, or that mwaanet does not judge; perhaps with a note."""
        self.undecided += 1
        self.notes.extend([note] if note else [])


class Board:
    """The groups in the order in which they came up, and the progress."""

    def __init__(self, names: Iterable[str]) -> None:
        self.groups = {name: Group(name) for name in names}
        self._live = sys.stderr.isatty()
        self._shown = time.monotonic()

    def __getitem__(self, name: str) -> Group:
        return self.groups[name]

    def attempt(self, group: str, where: str, work: Callable[..., None], *arguments: Any) -> None:
        """Do the work of one sample: an error in it is a disagreement, and the next sample still runs."""
        self._progress(where)
        try:
            work(*arguments, where, self)
        except MwaanetError as error:
            self[group].judge(False, where, f"error: {error}")
        except Exception:  # noqa: BLE001  (a defect in one sample must not hide the others)
            self[group].judge(False, where, traceback.format_exc(limit=-4).rstrip())

    def _progress(self, where: str) -> None:
        now = time.monotonic()
        if now - self._shown < (0.2 if self._live else 10.0):
            return
        self._shown = now
        done = sum(group.asked + group.undecided for group in self.groups.values())
        differ = sum(len(group.disagreements) for group in self.groups.values())
        line = f"{done} answers, {differ} disagreements; {where}"
        print(f"\r{line[:78]:<78}" if self._live else line, end="" if self._live else "\n", file=sys.stderr, flush=True)

    def close_progress(self) -> None:
        """Wipe the progress line."""
        if self._live:
            print("\r" + " " * 78 + "\r", end="", file=sys.stderr, flush=True)


def network_of(folder: Path) -> Network:
    """The network of a snapshot, with the site file inside it."""
    snapshot = Snapshot.open(folder)
    return Network(Inventory.load(snapshot, site_of(snapshot)))


def site_of(snapshot: Snapshot) -> Site | None:
    """The site file of a snapshot."""
    return None if snapshot.site_text is None else Site.parse(snapshot.site_text, f"{snapshot.name}/mwaanet.yaml")


def read(path: Path) -> Any:
    """A JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def accepted(value: Any) -> tuple[str, ...]:
    """An expectation as a tuple: one value, or a list of the accepted ones."""
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


# Describe output


def run_describe(inputs: Path, board: Board) -> None:
    """Every snapshot of `describe/` loads; every question about them is answered as expected."""
    folder = inputs / "describe"
    for one in sorted(path for path in folder.glob("*") if path.is_dir()):
        where = f"describe/{one.name}"
        board.attempt("snapshots load", where, _load, one)
    questions = read(folder / "expected.json") if (folder / "expected.json").is_file() else []
    by_snapshot: dict[str, list[Json]] = {}
    for question in questions:
        by_snapshot.setdefault(question["snapshot"], []).append(question)
    for name, group in by_snapshot.items():
        board.attempt("questions", name, _ask_all, inputs / name, group)


def _load(folder: Path, where: str, board: Board) -> None:
    network = network_of(folder)
    nodes = network.graph.nodes(data=True)
    bare = [node for node, data in nodes if "component" not in data]
    board["snapshots load"].judge(
        len(nodes) > 1 and not bare, where, f"{len(nodes)} components, without record: {bare}"
    )


def _ask_all(folder: Path, questions: Sequence[Json], _where: str, board: Board) -> None:
    network = network_of(folder)
    for question in questions:
        where = " ".join(str(question[key]) for key in ("snapshot", "from", "to", "protocol", "port"))
        board.attempt("questions", where, _ask, network, question)


def _ask(network: Network, question: Json, where: str, board: Board) -> None:
    port = question.get("port")
    found = ask(network, question["from"], question["to"], protocol_number(question["protocol"]), port)
    wanted = accepted(question["reachable"])
    agrees = found.reachable.value in wanted
    board["questions"].judge(agrees, where, f"expected {'/'.join(wanted)}, got {found.reachable} ({story(found)})")
    culprit = culprit_of(question.get("blocked_by"))
    if culprit and agrees:
        named = culprits_of(network, found)
        board["culprits of questions"].judge(culprit in named, where, f"expected {culprit}, got {', '.join(named)}")


def culprit_of(text: str | None) -> str:
    """The resource that an expected reason (`<resource>:<direction>`, `<reason>:<resource>`, `<reason>`) names."""
    return next((part for part in (text or "").split(":") if "-" in part), "")


def culprits_of(network: Network, found: Trace) -> tuple[str, ...]:
    """Every resource that the blocked paths of a trace name, and the places that stop it."""
    paths = blocked_paths(network, found)
    named = [resource for path in paths for resource in path.resources]
    named.extend(name for path in paths for drop in path.drops for name in (drop.component, *drop.also))
    return tuple(dict.fromkeys(named))


def story(found: Trace) -> str:
    """Where a trace ends and why, in short."""
    ends = [leg.end.hop for leg in (*found.forward, *found.back)]
    texts = [f"{hop.component}: {hop.by}" for hop in ends] or [unknown.reason for unknown in found.unknowns]
    return "; ".join(dict.fromkeys(texts[:6]))


# Flows


def run_flows(inputs: Path, board: Board) -> None:
    """Every flow of every topology ends as the real connections did, asked by interface and by address."""
    for folder in sorted(path.parent for path in (inputs / "flows").glob("*/expected.json")):
        where = f"flows/{folder.name}"
        board.attempt("flows by id", where, _topology, folder)


def _topology(folder: Path, where: str, board: Board) -> None:
    network = network_of(folder / "snapshot")
    for flow in read(folder / "expected.json")["flows"]:
        for way in ("id", "address"):
            board.attempt(f"flows by {way}", f"{where} {flow['id']} by {way}", _flow, network, flow, way)


def _flow(network: Network, flow: Json, way: str, where: str, board: Board) -> None:
    expected, group = flow["expected"], board[f"flows by {way}"]
    source, destination = _end(network, flow["src"], way), _end(network, flow["dst"] | {"ip": flow["dst_ip"]}, way)
    if way == "address" and max(len(source.starts), len(destination.starts)) > 1:
        group.leave_open()
        return
    question = Question(
        source=source,
        destination=destination,
        protocol=protocol_number(flow["protocol"]),
        ports=Intervals.single(flow["dst_port"]) if flow.get("dst_port") is not None else None,
    )
    found = trace(network, question)
    wrong = list(_wrong(found, expected))
    detail = f"{'; '.join(wrong)} ({found.reachable}: {story(found)})"
    if expected["reachable"] is None:
        group.leave_open(f"{where}: {detail}" if wrong else "")
    else:
        group.judge(not wrong, where, detail)


def _end(network: Network, end: Json, way: str) -> Endpoint:
    """One end of a flow: by its id where it has one (then narrowed to the address that was used), or by address."""
    if way == "address" or "id" not in end:
        return endpoint_of(network, end["ip"])
    found = endpoint_of(network, end["id"])
    address = AddressSet.parse(end["ip"])
    starts = tuple(replace(start, addresses=start.addresses & address) for start in found.starts)
    return replace(found, starts=starts, addresses=address)


def _wrong(found: Trace, expected: Json) -> Iterator[str]:
    """How a trace differs from what the connections did, for each range of client ports that was tried."""
    names = {True: Reachable.YES, False: Reachable.NO}
    ranges = expected.get("ranges") or []
    for low, high, outcome in ranges:
        got = found.tally.narrowed(Intervals.of((low, high))).reachable
        if outcome is not None and got is not names[outcome]:
            yield f"client ports {low}-{high}: expected {names[outcome]}, got {got}"
    if not ranges and expected["reachable"] is not None and found.reachable is not names[expected["reachable"]]:
        yield f"expected {names[expected['reachable']]}, got {found.reachable}"
    reached = expected.get("reached") or ""
    ends = [leg.end.hop.component for leg in found.forward if isinstance(leg.end, Arrive)]
    if found.tally.passed and "-" in reached and " " not in reached and reached not in ends:
        yield f"expected to reach {reached}, reached {', '.join(ends)}"


# Scenarios


def run_scenarios(inputs: Path, board: Board) -> None:
    """Every environment is diagnosed as expected: the status of its paths, and who is to blame."""
    for folder in sorted(path.parent for path in (inputs / "scenarios").glob("*/expected.json")):
        where = f"scenarios/{folder.name}"
        board.attempt("path s3", where, _scenario, folder)


def _scenario(folder: Path, where: str, board: Board) -> None:
    expected = read(folder / "expected.json")
    snapshot = Snapshot.open(folder / "snapshot")
    found = diagnose(snapshot, environment=expected.get("environment"), site=site_of(snapshot))
    statuses = {path.id: path.status.value for path in found.paths}
    judged: set[str] = set()
    for path in PATHS:
        wanted = accepted(expected["paths"].get(path, "skip"))
        if statuses[path] == Status.SKIP.value and Status.SKIP.value not in wanted:
            board[f"path {path}"].leave_open()
            continue
        judged.add(path)
        detail = f"expected {'/'.join(wanted)}, got {statuses[path]} ({problems(found, path)})"
        board[f"path {path}"].judge(statuses[path] in wanted, where, detail)
    _blame(found, expected, judged, where, board["culprits of scenarios"])


def _blame(found: Diagnosis, expected: Json, judged: set[str], where: str, group: Group) -> None:
    wanted = [accepted(culprit) for culprit in expected.get("culprits", ())]
    spoiled = {path for path, status in expected["paths"].items() if Status.PASS.value not in accepted(status)}
    if not wanted:
        return
    if not spoiled & judged:
        group.leave_open()
        return
    named = [name for finding in found.findings if finding.status in SOME_STATUS for name in finding.resources]
    missing = [culprit for culprit in wanted if not any(is_named(one, named) for one in culprit)]
    every = expected.get("require", "any") == "all" and spoiled <= judged
    agrees = not missing if every else len(missing) < len(wanted)
    texts = ", ".join(" or ".join(culprit) for culprit in missing)
    group.judge(agrees, where, f"not named: {texts}; named: {', '.join(dict.fromkeys(named))}")


def is_named(culprit: str, named: Iterable[str]) -> bool:
    """Whether a resource is, or contains as a whole word, the name of a culprit."""
    word = re.compile(rf"(?<![\w-]){re.escape(culprit)}(?![\w-])")
    return any(word.search(name) for name in named)


def problems(found: Diagnosis, path: str) -> str:
    """The findings of a path that are not passes, in short."""
    return "; ".join(_short(finding) for finding in found.findings if finding.path == path and _matters(finding))


def _matters(finding: Finding) -> bool:
    return finding.status in SOME_STATUS


def _short(finding: Finding) -> str:
    return f"{finding.id} {finding.status}: {finding.message}"[:240]


# The report

GROUPS = (
    "snapshots load",
    "questions",
    "culprits of questions",
    "flows by id",
    "flows by address",
    *(f"path {path}" for path in PATHS),
    "culprits of scenarios",
)


def table(groups: Mapping[str, Group]) -> str:
    """The counts, a line for each group that was asked anything."""
    lines = [f"{'':24}{'asked':>8}{'agree':>8}{'differ':>8}{'left open':>11}"]
    for group in groups.values():
        if group.asked or group.undecided:
            counts = f"{group.asked:>8}{group.agreed:>8}{len(group.disagreements):>8}{group.undecided:>11}"
            lines.append(f"{group.name:24}{counts}")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Run all that a folder holds; the exit code."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        raise UsageError("usage: samples.py INPUTS (a folder with describe/, flows/ or scenarios/)")
    inputs = Path(arguments[0])
    started = time.monotonic()
    board = Board(GROUPS)
    for run in (run_describe, run_flows, run_scenarios):
        run(inputs, board)
    board.close_progress()
    disagreements = [f"{group.name} | {text}" for group in board.groups.values() for text in group.disagreements]
    asked = sum(group.asked for group in board.groups.values())
    notes = [f"{group.name} | {text}" for group in board.groups.values() for text in group.notes]
    for mark, texts in (("?", notes), ("!", disagreements)):
        for text in texts[:MOST_SHOWN]:
            print(f"{mark} {text}")
        if len(texts) > MOST_SHOWN:
            print(f"{mark} … and {len(texts) - MOST_SHOWN} more")
    print(table(board.groups))
    left = sum(group.undecided for group in board.groups.values())
    seconds = time.monotonic() - started
    print(f"{asked - len(disagreements)} of {asked} answers agree, {left} left open, {seconds:.0f} s")
    if not asked:
        print(f"{inputs} holds no samples", file=sys.stderr)
        return 2
    return 1 if disagreements else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except MwaanetError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
