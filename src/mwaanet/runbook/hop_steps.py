"""The components of a path as steps, in the order in which packets meet them, each once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from mwaanet.checks.context import Context
from mwaanet.checks.result import Finding, Segment, Status
from mwaanet.fixes.command import Command
from mwaanet.graph.explanations import EXPLANATIONS
from mwaanet.graph.flight import Action, Hop, Kind, Lose
from mwaanet.paths.blocked import blocked_paths
from mwaanet.paths.trace import Trace
from mwaanet.runbook.hop_calls import LOOKS, call_of
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
                if key not in met or _worse(one.state, met[key].state):
                    met[key] = one if key not in met else met[key]._replace(state=one.state, hop=one.hop)
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
    if not trace.drops:
        for back, legs in ((False, trace.forward), (True, trace.back)):
            for leg in legs:
                for hop in leg.hops:
                    unclear = hop.action is Action.UNKNOWN or (isinstance(leg.end, Lose) and hop is leg.hops[-1])
                    yield Met(_holder(context, hop), back, State.UNKNOWN if unclear else State.DONE)
        return
    for path in context.once(("blocked", id(trace)), lambda: blocked_paths(context.network, trace)):
        stopped = False
        for index, hop in enumerate(path.hops):
            refused = hop.action in (Action.DENY, Action.DROP)
            stopped = stopped or refused
            state = State.FAILED if refused else State.UNKNOWN if stopped else State.DONE
            yield Met(_holder(context, hop), index >= path.turn, state)


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
    look = LOOKS.get(hop.kind)
    name = hop.component
    passed = met.state is State.DONE
    workers = name in context.network.virtual_interfaces
    healthy = "AVAILABLE" if workers else look.healthy if look else "the packets pass"
    calls, lines = _commands(context, hop, owners)
    mend = EXPLANATIONS[look.trouble].mend if look else EXPLANATIONS[hop.code].mend
    if workers:
        mend = "wait, and look at LastUpdate.Error: an environment that is not AVAILABLE may have no workers"
    if finding and finding.fix and met.state is State.FAILED:
        mend = finding.fix.summary
    tag = names.get(name) or names.get(name.rpartition("@")[2])
    noun = "workers and schedulers" if workers else look.noun if look else "on premises"
    return Step(
        title=noun,
        subject=name,
        name=tag or "",
        expect=f"{healthy}; in the snapshot: {hop.by}" if passed else healthy,
        differs=mend,
        owner=owners.of(name),
        state=met.state,
        calls=calls,
        lines=lines,
        where="on the way back" if met.back else "",
        found="" if passed else hop.by if met.state is State.FAILED else "not reached in the snapshot, or not known",
    )


def _commands(context: Context, hop: Hop, owners: Owners) -> tuple[tuple[Call, ...], tuple[str, ...]]:
    """The calls that show a component; for what lies on premises a connection from there."""
    facts = context.facts
    if facts and hop.component in context.network.virtual_interfaces:
        command = Command("mwaa", "get-environment", {"Name": facts.environment.name})
        return (Call(command=command, query="Environment.[Status,LastUpdate]", region=facts.region),), ()
    made = call_of(hop, hop.component)
    if made is not None:
        look = LOOKS[hop.kind]
        return (Call(command=made, query=look.query, region=owners.region(hop.component)),), ()
    packets = hop.packets
    if packets.dst and packets.dport and packets.dport.size == 1:
        return (), (f"mwaanet probe tcp {_host(packets.dst.first())}:{packets.dport.min}",)
    return (), ()


def _host(address: str) -> str:
    return f"[{address}]" if ":" in address else address
