"""A trace as people read it in a terminal: the verdict, the ways forward and back, and all that must change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mwaanet.checks.result import Status
from mwaanet.graph.flight import Drop
from mwaanet.paths.blocked import BlockedPath
from mwaanet.paths.trace import Reachable, Trace
from mwaanet.paths.walk import Leg
from mwaanet.report.hops import add_evidence, add_hops, deciding
from mwaanet.report.label import SHOWN, brief, counted, label, listed
from mwaanet.report.layout import Look, Page, Piece, Style
from mwaanet.report.marks import MARKS
from mwaanet.report.verdict import STATUSES, leg_verdict, packets_text, protocol_text, return_verdict, told_once

MOST_PATHS = 4
"""Ways of each direction that are written out; JSON has all."""
_ORDER = [Reachable.NO, Reachable.UNKNOWN, Reachable.YES]
_WORDS = {Reachable.YES: "arrives", Reachable.NO: "stopped", Reachable.UNKNOWN: "unknown"}


def trace_text(
    trace: Trace,
    blocked: tuple[BlockedPath, ...],
    *,
    width: int,
    colour: bool,
    unicode: bool,
    names: Mapping[str, str],
    assumptions: Sequence[str] = (),
    name_steps: Sequence[str] = (),
) -> str:
    """The whole trace; `names` are Name tags by id, `name_steps` what decided the destination's addresses."""
    page = Page(Look(width=width, colour=colour, unicode=unicode))
    _add_verdict(page, trace, blocked, names)
    _add_uncovered(page, trace)
    _add_parts(page, trace)
    _add_name(page, trace, name_steps)
    _add_way(page, "Forward", trace.forward, names)
    if return_verdict(trace):
        _add_way(page, "Return", trace.back, names)
    elif trace.forward:
        page.blank()
        page.add(Piece("Return", Style.STRONG), ": nothing arrived, so nothing is answered")
    _add_unknowns(page, trace)
    _add_changes(page, blocked, names)
    if assumptions:
        page.blank()
        page.add(Piece("Assumed", Style.HEADING))
        for assumption in assumptions:
            page.add(assumption, lead=["  • "])
    return page.text()


def _add_name(page: Page, trace: Trace, steps: Sequence[str]) -> None:
    """How the source learns the addresses of the destination's name."""
    if not steps:
        return
    page.blank()
    page.add(Piece("Name", Style.STRONG), f": {trace.question.destination.name} is asked first")
    for step in steps:
        page.add(step, lead=["  • "])


def _add_verdict(page: Page, trace: Trace, blocked: Sequence[BlockedPath], names: Mapping[str, str]) -> None:
    source, destination = trace.question.source.name, trace.question.destination.name
    what = protocol_text(trace.question)
    ends = f"{label(source, names)} to {label(destination, names)}, {what}"
    why = next((f"{path.reason}." for path in blocked if path.reason), "") or _why_not(trace, names)
    sentences = {
        Reachable.YES: f"Reachable: {ends}; the replies come back.",
        Reachable.NO: f"Not reachable: {ends}. {why}",
        Reachable.PARTIAL: f"Partly reachable: {ends}. {why}",
        Reachable.UNKNOWN: f"Unknown: {ends}. {_doubt(trace)}",
    }
    mark = MARKS[STATUSES[trace.reachable]]
    verdict, _, rest = sentences[trace.reachable].partition(":")
    page.add(Piece(verdict, mark.style), f":{rest}", lead=[mark.piece, " "])


def _why_not(trace: Trace, names: Mapping[str, str]) -> str:
    """The first place that stops packets."""
    if not trace.drops:
        return f"No packet is sent: {trace.unsent}." if trace.unsent else ""
    leg = trace.drops[0]
    hop = leg.end.hop
    what = "The request arrives, but its reply is stopped" if leg.flight.reply else "Stopped"
    return f"{what} at {label(hop.component, names)}: {brief(hop.by)}."


def _doubt(trace: Trace) -> str:
    reasons = [unknown.reason for unknown in trace.unknowns]
    return f"Not known: {listed(reasons)}." if reasons else ""


def _add_parts(page: Page, trace: Trace) -> None:
    """Which of the asked packets pass and which do not, where that differs."""
    tally = trace.tally
    parts = [
        ("passes", tally.passed, Style.GOOD),
        ("stopped", tally.stopped, Style.BAD),
        ("either", tally.torn, Style.BAD),
        ("unknown", tally.unclear, Style.DOUBT),
    ]
    present = [part for part in parts if part[1]]
    if len(present) < 2:
        return
    page.blank()
    for name, packets, style in present:
        more = " (AWS may take a way that fails)" if name == "either" else ""
        page.add(packets.describe() + more, lead=["  ", Piece(f"{name + ':':<10}", style)])


def _add_uncovered(page: Page, trace: Trace) -> None:
    """Client ports that only an unusual client would use, and that are not answered."""
    if trace.reachable is Reachable.YES and trace.uncovered_ports:
        mark = MARKS[Status.WARN]
        text = f"a client that uses the ports {trace.uncovered_ports} gets no answer"
        page.add(text, lead=[mark.piece, " "])


def _add_way(page: Page, title: str, legs: Sequence[Leg], names: Mapping[str, str]) -> None:
    """The paths of one direction, those that fail first; of paths that are alike (two zones) one stands for all."""
    groups: dict[object, list[Leg]] = {}
    for leg in legs:
        groups.setdefault(_likeness(leg), []).append(leg)
    ways = sorted(groups.values(), key=lambda alike: _ORDER.index(leg_verdict(alike[0])))
    for number, alike in enumerate(ways[:MOST_PATHS], 1):
        page.blank()
        leg = alike[0]
        verdict = leg_verdict(leg)
        heading = f"{title}, path {number} of {len(ways)}" if len(ways) > 1 else title
        mark = MARKS[STATUSES[verdict]]
        note = Piece(f" (one of {len(alike)} alike)" if len(alike) > 1 else "", Style.FAINT)
        page.add(Piece(heading, Style.STRONG), ": ", Piece(_WORDS[verdict], mark.style), note)
        page.add(Piece(packets_text(leg), Style.FAINT), lead=["  "], hang=4)
        add_hops(page, leg.hops, names, indent=0)
        hop = deciding(leg)
        if hop:
            add_evidence(page, hop.evidence, indent=4)
    left = [leg for alike in ways[MOST_PATHS:] for leg in alike]
    if left:
        page.blank()
        stopped = sum(isinstance(leg.end, Drop) for leg in left)
        text = f"(+{counted(len(left), ('more path', 'more paths'))}, {stopped} stopped; --format json has them all)"
        page.add(Piece(text, Style.FAINT))


def _likeness(leg: Leg) -> object:
    """Equal for paths by the same kinds of component and the same decisions; what stops them must be the same one."""
    hops = tuple((hop.kind, hop.code) for hop in leg.hops)
    return leg_verdict(leg), hops, deciding(leg) and leg.end.hop.component


def _add_unknowns(page: Page, trace: Trace) -> None:
    unknowns = trace.unknowns
    if not unknowns:
        return
    page.blank()
    page.add(Piece("Not known", Style.HEADING))
    for unknown in unknowns[: 2 * SHOWN]:
        page.add(unknown.reason, lead=["  ", MARKS[Status.UNKNOWN].piece, " "])
        for need in unknown.needs[:SHOWN]:
            where = f"in account {need.account or '(not known)'}{', ' + need.region if need.region else ''}"
            page.add("needs ", Piece(f"{need.service} {need.operation}", Style.STRONG), f" {where}", lead=["    "])
        if len(unknown.needs) > SHOWN:
            page.add(f"(+{len(unknown.needs) - SHOWN} more calls)", lead=["    "])
    if len(unknowns) > 2 * SHOWN:
        page.add(f"(+{len(unknowns) - 2 * SHOWN} more)", lead=["  "])


def _add_changes(page: Page, blocked: Sequence[BlockedPath], names: Mapping[str, str]) -> None:
    """Everything that must change along one complete path, for each kind of packet that is stopped."""
    for path, alike in told_once(blocked):
        page.blank()
        all_of = "What must change, along one complete path" if path.complete else "What must change, at least"
        page.add(Piece(all_of, Style.HEADING))
        if len(blocked) > 1:
            for each in alike:
                page.add(Piece(f"for {each.packets.describe()}", Style.FAINT), lead=["  "], hang=4)
        for number, resource in enumerate(path.resources, 1):
            page.add(label(resource, names), lead=[f"  {number}. "])
        for action in path.actions:
            page.add(action, lead=["     • "])
