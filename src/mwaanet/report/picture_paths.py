"""The picture of one of an environment's paths, or of one trace: where packets pass, where they stop, what is behind.

What a check found without a packet (a policy, a missing record) is drawn where it stops the call: a policy behind the
service that asks it, everything else behind the sender.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from mwaanet.checks.result import Diagnosis, Finding, PathResult, Segment, Status
from mwaanet.graph.flight import Arrive, Kind
from mwaanet.graph.location import NOWHERE, Location, Locations
from mwaanet.paths.blocked import BlockedPath
from mwaanet.paths.trace import Trace
from mwaanet.report.picture import Direction, Picture, State
from mwaanet.report.picture_canvas import Canvas, Draft, decision
from mwaanet.report.picture_stops import Spot, Stop, stops
from mwaanet.report.verdict import STATUSES, protocol_text

CONFIGURATION, DESTINATION = "configuration", "destination"
"""Kinds of nodes that are no component of the graph: what refuses without a packet, and what is never reached."""

_STATES = {Status.FAIL: State.STOPPED, Status.UNKNOWN: State.UNKNOWN, Status.WARN: State.WARN}


def path_picture(diagnosis: Diagnosis, path: PathResult) -> Picture:
    """One path of a diagnosis: all its traces, and what its findings name."""
    canvas = Canvas(diagnosis.names, diagnosis.locations)
    blocked: dict[int, tuple[BlockedPath, ...]] = {}
    for segment in path.segments:
        blocked[id(segment.trace)] = segment.blocked or blocked.get(id(segment.trace), ())
    ends: dict[str, list[Draft]] = {}
    walked: dict[int, list[Draft]] = {}
    for segment in path.segments:
        key = id(segment.trace)
        if segment.trace is not None:
            if key not in walked:
                walked[key] = _add_trace(canvas, segment.trace, blocked[key])
            ends.setdefault(segment.destination, []).extend(walked[key])
    findings = [finding for finding in diagnosis.findings if finding.path == path.id and finding.status in _STATES]
    left = [finding for finding in findings if not _add_finding(canvas, finding, ends)]
    notes = [f"{finding.id}: {finding.message}" for finding in left]
    if path.reason:
        notes.append(path.reason)
    return canvas.picture(f"{path.id}: {path.title}", path.status, notes)


def trace_picture(
    trace: Trace, blocked: Sequence[BlockedPath], names: Mapping[str, str], locations: Locations
) -> Picture:
    """One trace, there and back."""
    canvas = Canvas(names, locations)
    _add_trace(canvas, trace, blocked)
    question = trace.question
    title = f"{question.source.name} to {question.destination.name}, {protocol_text(question)}"
    return canvas.picture(title, STATUSES[trace.reachable], [unknown.reason for unknown in trace.unknowns])


def _add_trace(canvas: Canvas, trace: Trace, blocked: Sequence[BlockedPath]) -> list[Draft]:
    """Draw every leg, and dashed what lies behind a stop; the nodes at which requests arrived."""
    most: Counter[Spot] = Counter()
    arrived: list[Draft] = []
    last: list[Draft] = []
    for leg in trace.forward:
        passed = stops(leg.hops, canvas.locations)
        most |= Counter(stop.spot for stop in passed)
        drawn = canvas.leg(passed, _numbers(passed), Direction.FORWARD)
        if drawn and isinstance(leg.end, Arrive):
            arrived.append(drawn[-1])
        last.extend(drawn[-1:])
    for leg in trace.back:
        passed = stops(leg.hops, canvas.locations)
        drawn = canvas.leg(passed, _numbers(passed, most), Direction.RETURN)
        if drawn and drawn[0].id not in {end.id for end in arrived}:
            for end in arrived:
                canvas.edge(end.id, drawn[0].id, Direction.RETURN, State.PASSES)
    complete = [path for path in blocked if path.complete]
    for path in complete:
        _add_unreached(canvas, path, most)
    if last and not arrived and not complete:
        _add_destination(canvas, trace.question.destination.name, last)
    return arrived


def _numbers(passed: Sequence[Stop], most: Mapping[Spot, int] | None = None) -> list[int]:
    """Which time each spot is passed; of replies, counted from the last time that the requests passed it."""
    seen: Counter[Spot] = Counter()
    numbers = []
    for stop in passed:
        number = seen[stop.spot]
        seen[stop.spot] += 1
        if most is not None and most.get(stop.spot, 0) > number:
            number = most[stop.spot] - 1 - number
        numbers.append(number)
    return numbers


def _add_unreached(canvas: Canvas, path: BlockedPath, most: Mapping[Spot, int]) -> None:
    """What lies behind the first drop of a blocked path, in the direction in which packets stop."""
    drops = {id(hop) for hop in path.drops}
    forward, back = path.hops[: path.turn], path.hops[path.turn :]
    way = Direction.FORWARD if any(id(hop) in drops for hop in forward) else Direction.RETURN
    passed = stops(forward if way is Direction.FORWARD else back, canvas.locations)
    numbers = _numbers(passed, None if way is Direction.FORWARD else most)
    behind: Draft | None = None
    for stop, number in zip(passed, numbers, strict=True):
        refused = [hop for hop in stop.hops if id(hop) in drops]
        if behind is None and not refused:
            continue
        draft = canvas.node(stop.spot, stop.kind.value, number)
        draft.states.append(State.STOPPED if refused else State.NOT_REACHED)
        draft.decisions.update(dict.fromkeys(decision(hop, way) for hop in refused))
        if behind is not None:
            canvas.edge(behind.id, draft.id, way, State.NOT_REACHED)
        behind = draft


def _add_destination(canvas: Canvas, name: str, last: Iterable[Draft]) -> None:
    """The end that no way leads to."""
    end = canvas.node(Spot(name, canvas.locations.of(name)), DESTINATION)
    if not end.states:
        end.states.append(State.NOT_REACHED)
    for draft in last:
        canvas.edge(draft.id, end.id, Direction.FORWARD, State.NOT_REACHED)


def _add_finding(canvas: Canvas, finding: Finding, ends: Mapping[str, Sequence[Draft]]) -> bool:
    """Mark the culprits of a finding; draw the first one where no packet met it. False where nothing is drawn."""
    state = _STATES[finding.status]
    drawn = [draft for resource in finding.resources for draft in canvas.nodes_of(resource)]
    for draft in drawn:
        draft.findings[finding.id] = finding
    first = canvas.nodes_of(finding.resources[0]) if finding.resources else []
    if not first:
        first = _unmet(canvas, finding, drawn, ends)
    for draft in first:
        draft.states.append(state)
    return bool(first or drawn)


def _unmet(
    canvas: Canvas, finding: Finding, drawn: Sequence[Draft], ends: Mapping[str, Sequence[Draft]]
) -> list[Draft]:
    """What no packet met: the first culprit, or the ends of which nothing is known; behind those whom it stops.

    A warning (a spare link that is down) stops nobody.
    """
    found: dict[str, Draft] = {}
    for segment in finding.segments:
        culprit = finding.resources[0] if finding.resources else segment.destination
        before = drawn
        if not drawn and finding.status is not Status.WARN:
            before = _stopped(canvas, segment, finding.step, ends)
        if not before and not finding.resources:
            continue
        kind = CONFIGURATION if finding.resources else DESTINATION
        draft = canvas.node(Spot(culprit, _place(canvas, culprit, before)), kind)
        draft.findings[finding.id] = finding
        found[draft.id] = draft
        for one in before:
            canvas.edge(one.id, draft.id, Direction.FORWARD, _STATES[finding.status])
    return list(found.values())


def _place(canvas: Canvas, culprit: str, before: Sequence[Draft]) -> Location:
    """Where a culprit lies; what lies nowhere (a hosted zone) is drawn in the VPC of those whom it stops."""
    own = canvas.locations.of(culprit)
    if own != NOWHERE or not before:
        return own
    return before[0].spot.location._replace(zone="", subnet="")


def _stopped(canvas: Canvas, segment: Segment, step: str, ends: Mapping[str, Sequence[Draft]]) -> Sequence[Draft]:
    """Who is stopped by something that no packet met: the service that was asked, else the sender."""
    asked = () if step == "name" else ends.get(segment.destination.partition(" ")[0], ())
    if asked or canvas.locations.of(segment.source) == NOWHERE:
        return asked
    found = canvas.nodes_of(segment.source)
    if found:
        return found
    sender = canvas.node(Spot(segment.source, canvas.locations.of(segment.source)), Kind.NETWORK_INTERFACE.value)
    sender.states.append(State.PASSES)
    return [sender]
