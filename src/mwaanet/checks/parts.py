"""The parts of a walk, each with its own verdict: what of it passes, what stops there, what is not known.

A part that stops the packets does not end the judgement: the search for a complete path goes on behind it, so that
later parts are told at once. An unhealthy target is put behind the network's faults that explain it, for AWS's health
checks take the same way (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from mwaanet.checks.answer import Cause, unknown_cause
from mwaanet.checks.codes import Fault
from mwaanet.checks.context import Context
from mwaanet.checks.dns_servers import server_lost
from mwaanet.checks.doubts import Doubts, doubts_of, met_by
from mwaanet.checks.health import hindered
from mwaanet.checks.reach_warnings import not_allowed, uncovered, zone_lost
from mwaanet.checks.redundancy import link_lost, target_lost
from mwaanet.checks.result import Status
from mwaanet.checks.spoken import misunderstood
from mwaanet.checks.unserved import without_endpoint
from mwaanet.checks.walked import Walked
from mwaanet.fixes.change import Change
from mwaanet.graph.codes import Code
from mwaanet.graph.explanations import EXPLANATIONS
from mwaanet.graph.flight import Arrive, Flight, Hop, Mend
from mwaanet.mending.mending import changes_for
from mwaanet.mending.services import recovery, registration
from mwaanet.model.unknown import Unknown
from mwaanet.paths.blocked import BlockedPath, blocked_paths
from mwaanet.paths.trace import Reachable, Trace

_BEHIND = ("network", "return")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How a part stands, and why it is not a pass."""

    status: Status
    cause: Cause | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stop:
    """A drop on a blocked path: its part, what must change for it, and the mend after which packets would go on."""

    part: str
    hop: Hop
    resources: tuple[str, ...]
    mend: Mend | None
    path: BlockedPath

    @property
    def action(self) -> str:
        return self.mend.action if self.mend else ""

    @property
    def onward(self) -> Flight | None:
        return self.mend.flight if self.mend else None


@dataclass
class _Told:
    """What the blocked paths say of the parts."""

    doubts: Doubts
    stops: list[_Stop] = field(default_factory=list)
    met: set[str] = field(default_factory=set)


def judge(context: Context, walk: Walked, part: str) -> Verdict:
    """How one part of a walk stands."""
    if part == "name":
        return _name(context, walk)
    if walk.trace is None:
        problem = walk.problem
        if problem and problem.status is Status.UNKNOWN:
            return _doubtful(walk, (Unknown(reason=problem.cause.message, needs=problem.cause.needs),))
        return Verdict(status=Status.SKIP, reason=f"{walk.destination} leads nowhere yet")
    verdict = _by_trace(context, walk, walk.trace, part)
    return _spoken(context, walk, verdict) if part == "load-balancer" else verdict


def _by_trace(context: Context, walk: Walked, trace: Trace, part: str) -> Verdict:
    """How a part stands by what becomes of the packets."""
    if trace.reachable is Reachable.YES:
        return _passing(context, walk, trace, part)
    if trace.reachable is Reachable.UNKNOWN:
        return _unclear(walk, trace, part, doubts_of(walk, trace))
    if trace.unsent and part == "network":
        message = f"{walk.source.name} cannot reach {walk.destination}: {trace.unsent}"
        return Verdict(status=Status.FAIL, cause=Cause(message=message, resources=(walk.source.name,), step="endpoint"))
    return _stopped(context, walk, trace, part)


def _spoken(context: Context, walk: Walked, verdict: Verdict) -> Verdict:
    """The same verdict, unless what both ends say to each other is worse than what becomes of the packets."""
    found = misunderstood(context, walk)
    if found is None or verdict.status is Status.FAIL or found[0] is verdict.status:
        return verdict
    if found[0] is Status.FAIL or verdict.status is Status.PASS:
        return Verdict(status=found[0], cause=found[1])
    return verdict


def _name(context: Context, walk: Walked) -> Verdict:
    if walk.problem:
        return Verdict(status=walk.problem.status, cause=walk.problem.cause)
    lost = server_lost(context, walk.source, walk.resolution) if walk.resolution else None
    return Verdict(status=Status.WARN if lost else Status.PASS, cause=lost)


def _absent(walk: Walked, part: str, met: Iterable[str]) -> Verdict:
    """A part that no packets met: the way has none where it cannot have one, or they met a later one."""
    before = walk.order[: walk.order.index(part) + 1] if part in walk.order else ()
    if set(met).intersection(walk.order) - set(before) or part in ("endpoint", "service", "load-balancer"):
        return Verdict(status=Status.SKIP, reason=f"the way to {walk.destination} has none")
    return Verdict(status=Status.SKIP, reason="the packets do not get that far")


def _passing(context: Context, walk: Walked, trace: Trace, part: str) -> Verdict:
    if part not in met_by(walk, trace):
        return _absent(walk, part, walk.order)
    edges = _edges(trace, part)
    if edges:
        return Verdict(status=Status.UNKNOWN, cause=_edge(edges[0]))
    if part == "endpoint":
        cause = zone_lost(context, trace)
    elif part == "service":
        cause = not_allowed(context, walk.endpoint)
    elif part == "load-balancer":
        cause = _other_server(context, trace) or target_lost(context, trace)
    else:
        linked = part == ("site" if walk.far else "network")
        cause = link_lost(context, trace) if linked else uncovered(trace) if part == "return" else None
    return Verdict(status=Status.WARN if cause else Status.PASS, cause=cause)


def _edges(trace: Trace, part: str) -> list[Hop]:
    """Where packets leave or enter the edge of AWS, beyond which nothing is declared."""
    if part == "network":
        return [leg.end.hop for leg in trace.forward if leg.end.hop.code is Code.EDGE]
    if part == "site":
        return [hop for leg in trace.forward for hop in leg.hops[:1] if hop.code is Code.EDGE]
    return []


def _edge(hop: Hop) -> Cause:
    link = hop.component.partition(":")[2]
    why = Unknown(reason=f"nothing is declared behind {link}, the edge of AWS (mwaanet.yaml: on_premises)")
    return replace(unknown_cause((why,), "whether the server is reached"), resources=(link,), code=Code.EDGE)


def _server(context: Context) -> tuple[str, int] | None:
    site = context.inventory.site_file
    server = site.nexus.server if site and site.nexus else None
    return (server.address, server.port) if server else None


def _is_other(context: Context, flight: Flight) -> bool:
    """Whether the packets go to another address or port than the declared server's."""
    server = _server(context)
    packets = flight.packets
    return server is not None and not (server[0] in packets.dst and server[1] in packets.dport)


def _other_server(context: Context, trace: Trace) -> Cause | None:
    arrived = [leg for leg in trace.forward if isinstance(leg.end, Arrive) and leg.end.flight.translations]
    for leg in arrived:
        if _is_other(context, leg.end.flight):
            group = next((hop for hop in leg.hops if hop.code is Code.BALANCED), leg.end.hop)
            return _wrong_target(context, leg.end.flight, (group.component,), f"{group.component} sends")
    return None


def _wrong_target(context: Context, flight: Flight, resources: tuple[str, ...], who: str) -> Cause:
    server = _server(context)
    assert server is not None
    packets = flight.packets
    return Cause(
        message=f"{who} to {packets.dst} port {packets.dport}, but mwaanet.yaml declares the server at "
        f"{server[0]} port {server[1]} (nexus.server)",
        resources=(*resources, str(packets.dst)),
        code=Fault.TARGET_WRONG,
        step="target",
        actions=(f"register {server[0]} port {server[1]} in the target group",),
        changes=registration(context.inventory, resources, server, packets),
    )


def _unclear(walk: Walked, trace: Trace, part: str, doubts: Doubts) -> Verdict:
    """What is not known, at the part where it is met; what lies before it passes."""
    if part in doubts.of:
        return _doubtful(walk, tuple(doubts.of[part]), tuple(doubts.at.get(part, ())))
    met = met_by(walk, trace)
    return Verdict(status=Status.PASS) if part in met else _absent(walk, part, met)


def _doubtful(walk: Walked, unknowns: tuple[Unknown, ...], at: tuple[str, ...] = ()) -> Verdict:
    what = f"whether {walk.source.name} reaches {walk.destination} is not known"
    return Verdict(status=Status.UNKNOWN, cause=replace(unknown_cause(unknowns, what), resources=at))


def _stopped(context: Context, walk: Walked, trace: Trace, part: str) -> Verdict:
    told = _told(context, walk, trace)
    stops = [stop for stop in told.stops if stop.part == part]
    if not stops:
        if part in told.doubts.of:
            return _doubtful(walk, tuple(told.doubts.of[part]), tuple(told.doubts.at.get(part, ())))
        return Verdict(status=Status.PASS) if part in told.met else _absent(walk, part, told.met)
    return Verdict(status=Status.FAIL, cause=_cause(context, walk, told, stops))


def _told(context: Context, walk: Walked, trace: Trace) -> _Told:
    paths = blocked_paths(context.network, trace)
    told = _Told(met=met_by(walk, trace), doubts=doubts_of(walk, trace, paths))
    for path in paths:
        parts = walk.parts(path.hops, path.turn)
        told.met.update(parts)
        told.stops.extend(_stops(path, parts))
    wrong = [stop for stop in told.stops if _is_wrong(context, stop)]
    if wrong:  # what stops packets to a wrong target is no fault of the way
        told.stops = [stop for stop in told.stops if stop.part not in _BEHIND]
        told.met -= set(_BEHIND)
    return told


def _is_wrong(context: Context, stop: _Stop) -> bool:
    unhealthy = stop.hop.code is Code.TARGET_UNHEALTHY and stop.onward is not None
    return bool(unhealthy and stop.onward and _is_other(context, stop.onward))


def _stops(path: BlockedPath, parts: list[str]) -> Iterable[_Stop]:
    start = 0
    for index, drop in enumerate(path.drops):
        place = next((i for i in range(start, len(path.hops)) if path.hops[i] == drop), len(path.hops) - 1)
        start = place + 1
        mend = path.undone[index] if index < len(path.undone) else None
        yield _Stop(
            part=parts[place] if parts else "network",
            hop=drop,
            resources=path.changes_of(index),
            mend=mend,
            path=path,
        )


def _cause(context: Context, walk: Walked, told: _Told, stops: list[_Stop]) -> Cause:
    first = stops[0]
    asked = (*_other_port(context, walk), *_other_target(context, first))
    found = dict.fromkeys(resource for stop in stops for resource in (*stop.resources, *stop.hop.also))
    own = (*asked, *found)
    text = "; ".join(dict.fromkeys(f"{stop.hop.component}: {stop.hop.by}" for stop in stops[:4]))
    cause = Cause(
        message=f"{walk.source.name} cannot reach {walk.destination}: {text}",
        resources=own,
        code=first.hop.code,
        step=EXPLANATIONS[first.hop.code].step,
        evidence=tuple(dict.fromkeys(e for stop in stops for e in stop.hop.evidence))[:12],
        actions=tuple(dict.fromkeys(stop.action for stop in stops if stop.action)),
        changes=_changes(context, walk, stops),
        drops=tuple(stop.hop for stop in stops),
        paths=tuple({id(stop.path): stop.path for stop in stops}.values()),
    )
    if first.hop.code is Code.SITE_NO_INTERNET:
        return _unforwarded(context, walk, first.hop, cause)
    if first.hop.code is Code.TARGET_UNHEALTHY and first.onward is not None:
        return _unhealthy(context, walk, told, first, cause)
    return cause


def _unforwarded(context: Context, walk: Walked, hop: Hop, cause: Cause) -> Cause:
    """A site without internet access must not be answered public addresses.

    Its resolvers should forward the name; where they do, the VPC that they ask should have an endpoint answer it.
    """
    asked = walk.resolution.decided_by if walk.resolution else ""
    if asked in context.inventory.vpcs and walk.host and walk.host.service and walk.trace:
        return without_endpoint(context, walk.host, walk.trace.question, cause, asked)
    resolvers = f"{hop.also[0]}.dns"
    action = f"have {resolvers} forward {walk.destination} to a Route 53 Resolver inbound endpoint of the VPC"
    return replace(cause, resources=(resolvers, walk.destination, *cause.resources), actions=(action,))


def _other_target(context: Context, stop: _Stop) -> tuple[str, ...]:
    """The target groups of a load balancer that sends elsewhere than to the declared server, which stops packets."""
    for hop in stop.path.hops[: stop.path.turn] if stop.part in ("load-balancer", "network") else ():
        if hop.code is not Code.BALANCED:
            continue
        if _is_other(context, Flight(packets=hop.packets)):
            listeners = context.inventory.listeners(hop.component)
            groups = [] if isinstance(listeners, Unknown) else [arn for x in listeners for arn in x.target_group_arns]
            return tuple(dict.fromkeys((*groups, hop.component)))
        return ()
    return ()


def _other_port(context: Context, walk: Walked) -> tuple[str, ...]:
    """requirements.txt, where it asks the declared package server's host at another port than nexus.url does."""
    declared = context.facts.packages.declared if context.facts else None
    ports = walk.trace.question.ports if walk.trace else None
    if declared is None or context.facts is None or ports is None or declared.host != walk.destination:
        return ()
    return () if declared.port in ports else (context.facts.fill("{bucket}/{requirements}"),)


def _changes(context: Context, walk: Walked, stops: Iterable[_Stop]) -> tuple[Change, ...]:
    assert walk.trace is not None
    return tuple(
        dict.fromkeys(
            change for stop in stops for change in changes_for(context.network, walk.trace, stop.hop, stop.mend)
        )
    )


def _unhealthy(context: Context, walk: Walked, told: _Told, stop: _Stop, cause: Cause) -> Cause:
    """Why a target is unhealthy, as far as the model tells: it is another one, or the way to it is closed."""
    assert stop.onward is not None
    if _is_other(context, stop.onward):
        wrong = _wrong_target(context, stop.onward, cause.resources, f"{stop.hop.component} sends")
        return replace(wrong, message=f"{cause.message}; {wrong.message}", evidence=cause.evidence, drops=cause.drops)
    behind = [other for other in told.stops if other.part in _BEHIND]
    blocking = tuple(dict.fromkeys(resource for other in behind for resource in other.resources))
    actions = tuple(dict.fromkeys(other.action for other in behind if other.action))
    changes = _changes(context, walk, behind)
    if not blocking:
        found = hindered(context, stop.hop.component, stop.onward.packets.src, stop.onward.packets.dst)
        blocking, actions, changes = tuple(found.resources), tuple(found.actions), tuple(found.changes)
    if not blocking:
        target = str(stop.onward.packets.dst)
        return replace(cause, resources=(cause.resources[0], target, *cause.resources[1:]))
    return replace(
        cause,
        message=f"{cause.message}, as the health checks take the way that {', '.join(blocking)} closes",
        resources=tuple(dict.fromkeys((*blocking, *cause.resources))),
        actions=actions,
        changes=(*changes, recovery(context.inventory, stop.hop.component, stop.onward.packets)),
    )
