"""The verb `reach`: names first, then packets and their replies, to every address that a name gives."""

from __future__ import annotations

from dataclasses import replace

from mwaanet.checks.answer import Answer, Cause, answered, empty_answer, unknown_cause
from mwaanet.checks.blocked_way import blocked, unnamed
from mwaanet.checks.codes import Fault
from mwaanet.checks.context import Context
from mwaanet.checks.crossing import astray, unmet
from mwaanet.checks.dns_servers import server_lost
from mwaanet.checks.evidence import of_name, of_source, of_trace
from mwaanet.checks.instead import advised
from mwaanet.checks.language import Check, Reach
from mwaanet.checks.naming import NameProblem, named_trace, resolved
from mwaanet.checks.part_evidence import of_part
from mwaanet.checks.parts import judge
from mwaanet.checks.reach_warnings import uncovered, zone_lost
from mwaanet.checks.redundancy import link_lost
from mwaanet.checks.result import Status, Witness
from mwaanet.checks.selection import combined, selected
from mwaanet.checks.selectors import Absent, End, HostName, no_sender, public_faces
from mwaanet.checks.through import blocked_answer
from mwaanet.checks.walked import walked
from mwaanet.errors import EmptySelectionError
from mwaanet.model.unknown import Unknown
from mwaanet.names import Resolution
from mwaanet.net import Intervals, protocol_number
from mwaanet.paths.question import LINUX_PORTS, Endpoint, Question
from mwaanet.paths.trace import Reachable, Trace

_STATUS = {
    Reachable.YES: Status.PASS,
    Reachable.NO: Status.FAIL,
    Reachable.PARTIAL: Status.FAIL,
    Reachable.UNKNOWN: Status.UNKNOWN,
}


def reach(context: Context, check: Check, verb: Reach) -> list[Answer]:
    """One answer for every pair of ends that the check selects; where one of several is enough, those of the best.

    EmptySelectionError where the ways that it speaks of cross what does not exist, unless it may be about nothing.
    """
    missing = () if check.allow_empty else unmet(context.network, verb)
    if missing:
        raise EmptySelectionError(f"{', '.join(missing)} of via or not-via is nothing in this snapshot")
    sources, ends = selected(context, check, verb.source), selected(context, check, verb.destination)
    if check.negative:
        ends = (*ends, *public_faces(context.facts, ends))
    rows = [[[_one(context, check, verb, source, end)] for end in ends] for source in sources]
    return combined(rows, every_source=verb.source.every, every_end=verb.destination.every)


def _one(context: Context, check: Check, verb: Reach, source: End, destination: End) -> Answer:
    """The answer for one pair of ends."""
    if not isinstance(source, Endpoint):
        if check.negative and isinstance(source, Absent):
            return empty_answer(check, source.name, destination.name, source.reason)
        return answered(check, source.name, destination.name, Status.FAIL, _no_source(context, source))
    if check.negative:
        if isinstance(destination, Absent):
            return empty_answer(check, source.name, destination.name, destination.reason)
        return blocked_answer(context, check, verb, source, destination)
    if verb.part:
        answer = _part(context, check, verb, source, destination)
    else:
        answer = _about(context, verb, _pair(context, check, verb, source, destination))
    return advised(context, verb.instead, source, answer)


def _part(
    context: Context, check: Check, verb: Reach, source: Endpoint, destination: Endpoint | HostName | Absent
) -> Answer:
    """One part of the way, with its own verdict."""
    if isinstance(destination, Absent):
        return _pair(context, check, verb, source, destination)
    walk = walked(context, source, destination, protocol_number(verb.protocol), _ports(verb, destination))
    verdict = judge(context, walk, verb.part)
    evidence = of_part(context, walk, verb.part) if verdict.status in (Status.PASS, Status.WARN) else ()
    answer = answered(check, source.name, destination.name, verdict.status, verdict.cause, evidence, walk.trace)
    if verdict.cause is None and verdict.reason:
        answer = replace(answer, segment=replace(answer.segment, reason=verdict.reason))
    return _about(context, verb, answer)


def _about(context: Context, verb: Reach, answer: Answer) -> Answer:
    """The answer with what the check says it is about in place of what is on the way."""
    if not verb.about or answer.cause is None or context.facts is None or answer.segment.status is Status.UNKNOWN:
        return answer
    first = tuple(part for part in context.facts.fill(verb.about).split(",") if part)
    segment = answer.segment
    message = f"{segment.source} cannot reach {segment.destination}, for which {', '.join(first)} asks"
    cause = replace(answer.cause, message=message, resources=first, actions=(), changes=())
    return replace(answer, cause=cause, segment=replace(segment, reason=message))


def _ports(verb: Reach, destination: Endpoint | HostName) -> Intervals | None:
    if verb.ports:
        return Intervals.of(*verb.ports)
    port = destination.port if isinstance(destination, HostName) else None
    return Intervals.single(port) if port else None


def _no_source(context: Context, source: HostName | Absent) -> Cause:
    if isinstance(source, Absent):
        return _absent(source)
    message = f"{source.name} {no_sender(context.network, source)}"
    return Cause(message=message, resources=(source.name,), code=Fault.SOURCE_UNFIT, step="endpoint")


def _absent(end: Absent) -> Cause:
    return Cause(message=end.reason, resources=end.resources, code=end.code, step="endpoint")


def _pair(
    context: Context, check: Check, verb: Reach, source: Endpoint, destination: Endpoint | HostName | Absent
) -> Answer:
    if isinstance(destination, Absent):
        return answered(check, source.name, destination.name, Status.FAIL, _absent(destination))
    protocol, ports = protocol_number(verb.protocol), _ports(verb, destination)
    resolution: Resolution | None = None
    if isinstance(destination, HostName):
        found = resolved(context, source, destination.name)
        if isinstance(found, NameProblem):
            cause = unnamed(context, source, destination, found, protocol, ports)
            return answered(check, source.name, destination.name, found.status, cause)
        resolution = found
        trace = named_trace(context, source, destination, resolution, protocol, ports)
    else:
        trace = context.trace(Question(source=source, destination=destination, protocol=protocol, ports=ports))
    status = _STATUS[trace.reachable]
    if status is Status.PASS:
        strayed = astray(context.network, trace, verb)
        if strayed:
            answer = answered(check, source.name, destination.name, Status.FAIL, strayed[0], trace=trace)
            return replace(answer, witness=strayed[1])
        return _passed(context, check, source, destination, trace, resolution)
    if status is Status.UNKNOWN:
        what = f"whether {source.name} reaches {destination.name} is not known"
        cause = unknown_cause(trace.unknowns or _undetermined(destination.name, trace), what)
        if not trace.unknowns:
            cause = replace(cause, resources=tuple(dict.fromkeys(leg.end.hop.component for leg in trace.drops)))
    else:
        cause = blocked(context, source, destination, trace, resolution)
    answer = answered(check, source.name, destination.name, status, cause, trace=trace)
    return replace(answer, witness=_stopped(trace)) if status is Status.FAIL else answer


def _stopped(trace: Trace) -> Witness | None:
    """The packets that do not get there and back, one of them, and where it is stopped; None where there are none."""
    packets = trace.tally.stopped | trace.tally.torn
    if not packets:
        return None
    example = (packets.where(sport=LINUX_PORTS) or packets).sample()
    leg = next(leg for leg in trace.drops if example in leg.flight.asked())
    question = trace.question
    return Witness(
        source=question.source.name,
        destination=question.destination.name,
        packets=packets,
        example=example,
        hops=leg.hops,
        passed=False,
    )


def _undetermined(name: str, trace: Trace) -> tuple[Unknown, ...]:
    """Why nothing is known although every step is: only some of the addresses exist, and some are stopped."""
    hops = dict.fromkeys(f"{leg.end.hop.component}: {leg.end.hop.by}" for leg in trace.drops)
    stops = "; ".join(list(hops)[:2])
    return (Unknown(reason=f"which of these addresses {name} gives is not known, and some are stopped ({stops})"),)


def _passed(
    context: Context,
    check: Check,
    source: Endpoint,
    end: Endpoint | HostName,
    trace: Trace,
    resolution: Resolution | None,
) -> Answer:
    """A pass, or a warning where redundancy is missing or nobody knows which ports a client uses."""
    cause = zone_lost(context, trace) or link_lost(context, trace)
    cause = cause or (server_lost(context, source, resolution) if resolution else None) or uncovered(trace)
    named = of_name(context, source, resolution) if resolution else ()
    evidence = tuple(dict.fromkeys((*of_source(context, source), *named, *of_trace(context, trace))))
    return answered(check, source.name, end.name, Status.WARN if cause else Status.PASS, cause, evidence, trace)
