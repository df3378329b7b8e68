"""The components of a path as steps, in the order in which packets meet them, each once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from mwaanet.checks.context import Context
from mwaanet.checks.result import Finding, Fix, Segment, Status
from mwaanet.fixes.command import Command
from mwaanet.fixes.endpoint_setting import EndpointRouteTable
from mwaanet.fixes.route import Route
from mwaanet.graph.explanations import EXPLANATIONS
from mwaanet.graph.flight import Action, Hop, Kind, Lose
from mwaanet.paths.blocked import blocked_paths
from mwaanet.paths.trace import Trace
from mwaanet.runbook.hop_calls import Look, call_of, look_of
from mwaanet.runbook.owners import Owners
from mwaanet.runbook.step import Call, State, Step

_NOWHERE = (Kind.SERVICE, Kind.INTERNET, Kind.SUBNET, Kind.VPC, Kind.RESOLVER, Kind.UNMODELLED)
"""What nobody can look at, or what is part of something else."""


_STATELESS = (Kind.ROUTE_TABLE, Kind.NETWORK_ACL, Kind.TRANSIT_GATEWAY_ROUTE_TABLE, Kind.VPN_GATEWAY)


class Met(NamedTuple):
    """A component on the way, there or back, and how it stands in one walk."""

    hop: Hop
    back: bool
    state: State
    passed: tuple[str, ...] = ()
    """Whose packets it lets pass."""
    unmet: tuple[str, ...] = ()
    """Whose packets do not reach it, or not for certain."""

    def joined(self, other: Met) -> Met:
        """What two walks show of it: the hop of that which says more."""
        first = other if _worse(other.state, self.state) else self
        passed, unmet = (*self.passed, *other.passed), (*self.unmet, *other.unmet)
        return first._replace(passed=passed, unmet=tuple(one for one in unmet if one not in passed))


def hop_steps(
    context: Context, findings: Iterable[Finding], owners: Owners, names: Mapping[str, str]
) -> tuple[Step, ...]:
    """The steps of everything that the walks behind the findings meet, requests first, then replies."""
    met: dict[tuple[str, bool], Met] = {}
    told: dict[str, Finding] = {}
    for finding in findings:
        for trace in traces_of(finding.segments):
            for one in _walked(context, trace):
                if one.hop.kind in _NOWHERE or (one.back and not _counts_back(one)):
                    continue
                key = (one.hop.component, one.back)
                met[key] = met[key].joined(one) if key in met else one
        if finding.status in (Status.FAIL, Status.WARN):
            told.update({resource: finding for resource in finding.resources if resource not in told})
    ordered = sorted(met.values(), key=lambda one: one.back)
    return tuple(_step(context, one, owners, names, told.get(one.hop.component)) for one in ordered)


def traces_of(segments: Iterable[Segment]) -> Iterator[Trace]:
    """The walks of segments, each once."""
    seen: set[int] = set()
    for segment in segments:
        if segment.trace is not None and id(segment.trace) not in seen:
            seen.add(id(segment.trace))
            yield segment.trace


def _counts_back(met: Met) -> bool:
    """Whether a reply is decided anew: by what keeps no state, and by whatever stops it."""
    return met.state is State.FAILED or met.hop.kind in _STATELESS


def _worse(one: State, other: State) -> bool:
    """Failed counts before all, what some walk has passed before what another did not reach."""
    order = (State.FAILED, State.DONE, State.UNKNOWN)
    return order.index(one) < order.index(other)


def _walked(context: Context, trace: Trace) -> Iterator[Met]:
    """What a walk meets; beyond what stops it, along the complete path that a mend would open."""
    source = trace.question.source.name
    if not trace.drops:
        for back, legs in ((False, trace.forward), (True, trace.back)):
            for leg in legs:
                for hop in leg.hops:
                    unclear = hop.action is Action.UNKNOWN or (isinstance(leg.end, Lose) and hop is leg.hops[-1])
                    yield _met(context, source, hop, back, State.UNKNOWN if unclear else State.DONE)
        return
    walked = {
        (hop.component, hop.code, back): hop
        for back, legs in ((True, trace.back), (False, trace.forward))
        for leg in legs
        for hop in leg.hops
    }
    for path in context.once(("blocked", id(trace)), lambda: blocked_paths(context.network, trace)):
        stopped = False
        for index, hop in enumerate(path.hops):
            refused = hop.action in (Action.DENY, Action.DROP)
            stopped = stopped or refused
            state = State.FAILED if refused else State.UNKNOWN if stopped else State.DONE
            back = index >= path.turn
            whole = walked.get((hop.component, hop.code, back), hop)
            yield _met(context, source, whole, back, state)


def _met(context: Context, source: str, hop: Hop, back: bool, state: State) -> Met:
    passed, unmet = ((source,), ()) if state is State.DONE else ((), (source,) if state is State.UNKNOWN else ())
    return Met(_holder(context, hop), back, state, passed, unmet)


def _holder(context: Context, hop: Hop) -> Hop:
    """The hop as one of the endpoint, load balancer or gateway whose interface it is: these are what people know."""
    network = context.network
    if hop.kind is not Kind.NETWORK_INTERFACE or not network.knows_interface(hop.component):
        return hop
    behind = network.behind_interface(network.interface(hop.component))
    if behind is None:
        return hop
    kinds = {"vpce": Kind.VPC_ENDPOINT, "nat": Kind.NAT_GATEWAY}
    kind = kinds.get(behind.component.partition("-")[0], Kind.LOAD_BALANCER)
    return replace(hop, component=behind.component, kind=kind)


def _step(context: Context, met: Met, owners: Owners, names: Mapping[str, str], finding: Finding | None) -> Step:
    hop = met.hop
    look = look_of(context.network, hop)
    name = hop.component
    workers = name in context.network.virtual_interfaces
    fix = finding.fix if finding and met.state is State.FAILED else None
    calls, lines = _commands(context, hop, look, owners)
    mend = EXPLANATIONS[look.trouble].mend if look else EXPLANATIONS[hop.code].mend
    if workers:
        mend = "wait, and look at LastUpdate.Error: an environment that is not AVAILABLE may have no workers"
    tag = names.get(name) or names.get(name.rpartition("@")[2])
    return Step(
        title="workers and schedulers" if workers else look.noun if look else "on premises",
        subject=name,
        name=tag or "",
        expect="AVAILABLE" + _seen(met) if workers else _expected(look, hop, fix) + _seen(met),
        differs=fix.summary if fix else mend,
        owner=owners.of(name),
        state=met.state,
        calls=calls,
        lines=lines,
        run_at=f"a host of {name.partition('.')[0]}" if lines else "",
        fix=fix,
        where="on the way back" if met.back else "",
        found=_found(met),
    )


def _expected(look: Look | None, hop: Hop, fix: Fix | None) -> str:
    """What the commands show where all is well, with the route that is wanted where that is known."""
    if look is None:
        return "the packets pass"
    for change in fix.changes if fix else ():
        if isinstance(change, EndpointRouteTable) and change.table == hop.component:
            return f"an active route {change.prefix_list} -> {change.endpoint}"
        if isinstance(change, Route) and change.table == hop.component:
            return f"an active route {change.destination} -> {change.target}"
    return look.healthy.replace("the destination", str(hop.packets.dst)) if hop.packets.dst else look.healthy


def _seen(met: Met) -> str:
    """What the snapshot shows where the packets pass, and for whom where not everybody's get there."""
    if met.state is not State.DONE:
        return ""
    passed, unmet = (", ".join(dict.fromkeys(names)) for names in (met.passed, met.unmet))
    whom = f" (replies to {passed}; none to {unmet})" if met.back else f" (from {passed}; not reached from {unmet})"
    return f"; in the snapshot: {met.hop.by}{whom if unmet else ''}"


def _found(met: Met) -> str:
    if met.state is State.DONE:
        return ""
    return met.hop.by if met.state is State.FAILED else "not reached in the snapshot, or not known"


def _commands(
    context: Context, hop: Hop, look: Look | None, owners: Owners
) -> tuple[tuple[Call, ...], tuple[str, ...]]:
    """The calls that show a component; for what lies on premises a connection from there."""
    facts = context.facts
    if facts and hop.component in context.network.virtual_interfaces:
        command = Command("mwaa", "get-environment", {"Name": facts.environment.name})
        return (Call(command=command, query="Environment.[Status,LastUpdate]", region=facts.region),), ()
    if look is not None:
        return (Call(command=call_of(hop, look), query=look.query, region=owners.region(hop.component)),), ()
    packets = hop.packets
    if packets.dst and packets.dport and packets.dport.size == 1:
        return (), (f"mwaanet probe tcp {_host(packets.dst.first())}:{packets.dport.min}",)
    return (), ()


def _host(address: str) -> str:
    return f"[{address}]" if ":" in address else address
