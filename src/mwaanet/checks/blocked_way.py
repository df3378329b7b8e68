"""Why packets do not reach their destination, told of everything on the way that must change: the name's fault first.

Where a name does not resolve, or leads astray, the way to where it should lead is told with it, so that one does not
mend the name to learn of the way.
"""

from __future__ import annotations

from dataclasses import replace

from mwaanet.checks.answer import Cause
from mwaanet.checks.context import Context
from mwaanet.checks.meant import Meant, meant, meant_of, own_endpoints, walk_meant
from mwaanet.checks.name_changes import with_changes
from mwaanet.checks.naming import NameProblem
from mwaanet.checks.result import Status
from mwaanet.checks.selectors import HostName
from mwaanet.checks.unserved import hidden_by_another, without_endpoint
from mwaanet.fixes.change import Change
from mwaanet.fixes.instruction import Instruction
from mwaanet.graph.codes import Code
from mwaanet.graph.explanations import EXPLANATIONS
from mwaanet.graph.flight import Hop
from mwaanet.mending.mending import changes_of
from mwaanet.names import Resolution
from mwaanet.net import Intervals, PacketSet
from mwaanet.paths.blocked import BlockedPath, blocked_paths
from mwaanet.paths.question import Endpoint, Question
from mwaanet.paths.trace import Reachable, Trace

_STOPPED = (Reachable.NO, Reachable.PARTIAL)


def unnamed(
    context: Context,
    source: Endpoint,
    host: HostName,
    problem: NameProblem,
    protocol: int | None,
    ports: Intervals | None,
) -> Cause:
    """Why a name does not lead to addresses, with what stops the packets to where it evidently should lead."""
    question = Question(source=source, destination=Endpoint(name=host.name), protocol=protocol, ports=ports)
    hidden = hidden_by_another(context, question, host, problem.cause)
    if problem.status is not Status.FAIL or hidden is not problem.cause:
        return hidden
    cause = with_changes(context, source, host, problem.cause)
    return _and_behind(context, source, host, meant(context, source, host, problem), cause, protocol, ports)


def _and_behind(
    context: Context,
    source: Endpoint,
    host: HostName,
    end: Meant | None,
    cause: Cause,
    protocol: int | None,
    ports: Intervals | None,
) -> Cause:
    trace = walk_meant(context, source, host, end, protocol, ports) if end is not None else None
    if trace is None or trace.reachable not in _STOPPED:
        return cause
    second = blocked(context, source, host, trace, end if isinstance(end, Resolution) else None)
    named = cause.actions or (f"let {host.name} lead to its destination",)
    return replace(
        cause,
        message=f"{cause.message}; where it should lead, too, {second.message}",
        resources=tuple(dict.fromkeys((*cause.resources, *second.resources))),
        evidence=tuple(dict.fromkeys((*cause.evidence, *second.evidence))),
        actions=tuple(dict.fromkeys((*named, *second.actions))) if second.actions else cause.actions,
        changes=tuple(dict.fromkeys((*(cause.changes or _told(host, named)), *second.changes)))
        if second.changes
        else cause.changes,
        drops=(*cause.drops, *second.drops),
    )


def _told(host: HostName, actions: tuple[str, ...]) -> tuple[Change, ...]:
    """What to do of a name's fault that no call mends, where the fix tells of changes behind it."""
    return tuple(Instruction(whom=host.name, what=action) for action in actions)


def blocked(
    context: Context,
    source: Endpoint,
    destination: Endpoint | HostName,
    trace: Trace,
    resolution: Resolution | None,
) -> Cause:
    """Why the packets of a trace do not reach their destination."""
    paths = blocked_paths(context.network, trace)
    resources = tuple(dict.fromkeys(resource for path in paths for resource in path.resources))
    first = next((drop for path in paths for drop in path.drops), None)
    cause = Cause(
        message=_sentence(source, destination, trace, paths),
        resources=resources,
        code=first.code if first else None,
        step=EXPLANATIONS[first.code].step if first else "",
        evidence=tuple(e for path in paths for drop in path.drops for e in drop.evidence)[:12],
        actions=tuple(dict.fromkeys(action for path in paths for action in path.actions)),
        changes=changes_of(context.network, trace, paths),
        drops=tuple(drop for path in paths for drop in path.drops),
        paths=paths,
    )
    if resolution is not None and resolution.decided_by in context.inventory.hosted_zones and _astray(first):
        cause = _led_astray(cause, resolution)
        return (
            _with_endpoint(context, source, destination, trace, cause) if isinstance(destination, HostName) else cause
        )
    if resolution is not None and resolution.public and isinstance(destination, HostName) and destination.service:
        return without_endpoint(context, destination, trace.question, cause)
    return cause


def blocked_by(
    context: Context, source: Endpoint, destination: HostName, trace: Trace, resolution: Resolution
) -> tuple[BlockedPath, ...]:
    """What must change for what of a trace does not pass, as the checks tell it."""
    if trace.reachable not in _STOPPED:
        return blocked_paths(context.network, trace)
    cause = blocked(context, source, destination, trace, resolution)
    searched = {resource for path in cause.paths for resource in path.resources}
    if searched.issuperset(cause.resources):
        return cause.paths
    return (as_path(cause, trace.tally.stopped | trace.tally.torn),)


def as_path(cause: Cause, packets: PacketSet) -> BlockedPath:
    """What must change by a cause that is not what stops packets, but why they are sent there, or not at all."""
    return BlockedPath(
        packets=packets,
        resources=cause.resources,
        actions=cause.actions or tuple(filter(None, (change.summary for change in cause.changes))),
        drops=(),
        hops=(),
        complete=False,
        reason=cause.message,
    )


def _astray(first: Hop | None) -> bool:
    """Whether packets end where nobody, or somebody else, holds the address."""
    return first is not None and first.code in (Code.NO_SUBNET, Code.NO_INTERFACE, Code.WRONG_DESTINATION)


def _led_astray(cause: Cause, resolution: Resolution) -> Cause:
    """A private zone's record whose address nobody holds, or somebody else does, is the culprit itself."""
    resources = dict.fromkeys((resolution.decided_by, resolution.name, *cause.resources))
    message = f"{resolution.name} leads to the wrong address in zone {resolution.decided_by}: {cause.message}"
    return replace(cause, message=message, resources=tuple(resources), step="name", changes=())


def _with_endpoint(context: Context, source: Endpoint, host: HostName, trace: Trace, cause: Cause) -> Cause:
    """The cause with what stops the packets to the service's own endpoint, if the name led there."""
    if not own_endpoints(context, source, host):
        return cause
    question = trace.question
    end = meant_of(context, source, host)
    return _and_behind(context, source, host, end, cause, question.protocol, question.ports)


def _sentence(source: Endpoint, destination: Endpoint | HostName, trace: Trace, paths: tuple[BlockedPath, ...]) -> str:
    drops = [drop for path in paths for drop in path.drops]
    stops = "; ".join(dict.fromkeys(f"{drop.component}: {drop.by}" for drop in drops[:4])) or trace.unsent
    if trace.reachable is Reachable.PARTIAL:
        return f"{source.name} reaches {destination.name} only in part: {stops}"
    return f"{source.name} cannot reach {destination.name}: {stops}"
