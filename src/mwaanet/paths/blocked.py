"""Blocked paths: the cheapest set of changes that would let a connection through, along one complete path.

The idea is from Bayless et al., "Debugging Network Reachability with Blocked Paths" (CAV 2021): name everything that
must change, so that one does not mend one thing to learn of the next. The search goes by cost over (position, packets,
direction); a drop is passed at the cost of the mend that undoes it, and a resource is paid for once.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from itertools import count

import msgspec
from msgspec.structs import replace

from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Arrive, Drop, Flight, Hop, Kind, Lose, Mend, Pass, Position, Role
from mwaanet.graph.mends import one_creation
from mwaanet.graph.network import Network
from mwaanet.graph.route_table import detours
from mwaanet.graph.stray_route import astray as led_astray
from mwaanet.graph.transfer import transfer
from mwaanet.graph.transit_gateway_route_table import astray
from mwaanet.net import AddressSet, Intervals, PacketSet
from mwaanet.paths.question import Question, Start
from mwaanet.paths.trace import Trace, accepted, answered, inspected, reply_flight
from mwaanet.paths.walk import Leg, shown

MOST_EXPANSIONS = 4_000
MOST_PATHS = 4


class BlockedPath(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One complete path from source to destination and what must change along it.

    `resources` are in the order in which the path meets them, the culprit first; `complete` is False where no path
    was found within the catalogue of changes, so that more may have to change ("at least these"). `undone` are the
    changes for the first drops, one each; `turn` is how many of the hops are the request's. `reason` says what is wrong
    where that is not what stops the packets: a name that leads astray, an endpoint that is missing.
    """

    packets: PacketSet
    resources: tuple[str, ...]
    actions: tuple[str, ...]
    drops: tuple[Hop, ...]
    hops: tuple[Hop, ...]
    complete: bool
    undone: tuple[Mend, ...] = ()
    turn: int = 0
    reason: str = ""

    def changes_of(self, index: int) -> tuple[str, ...]:
        """The resources that must change for one of the drops, the culprit first."""
        if index < len(self.undone):
            return self.undone[index].resources
        told = {resource for mend in self.undone for resource in mend.resources}
        left = tuple(resource for resource in self.resources if resource not in told)
        return left or (self.drops[index].component,)


class _State(msgspec.Struct, frozen=True, gc=False):
    position: Position
    flight: Flight
    start: Start
    hops: tuple[Hop, ...]
    mends: tuple[Mend, ...]
    drops: tuple[Hop, ...]
    strayed: bool = False
    """Whether it took a way that no existing route leads; only worth telling where it completes."""
    turn: int = 0
    """How many of the hops are the request's; 0 while it is on its way."""


def blocked_paths(network: Network, trace: Trace) -> tuple[BlockedPath, ...]:
    """A blocked path for each differently stopped part of the asked packets, for the first few of them.

    One stands for all that are stopped where it is; those that its mends do not open are asked about after the others.
    """
    found: list[BlockedPath] = []
    left = trace.tally.stopped
    while left:
        stopped, left = left, PacketSet.NONE
        while stopped and len(found) < MOST_PATHS:
            packets = representative(stopped)
            path = _told(network, trace, packets)
            found.append(path)
            alike = stopped & _alike(trace, packets)
            stopped = stopped - alike - packets
            left = left | (alike - packets) if path.complete else left
        mended = frozenset(resource for path in found if path.complete for resource in path.resources)
        left = left - _opened(network, trace.question, left, mended)
    if trace.tally.torn and len(found) < MOST_PATHS:
        found.extend(_torn(trace))
    return _united(found)


def _told(network: Network, trace: Trace, packets: PacketSet) -> BlockedPath:
    """The blocked path of one connection."""
    leg = next(leg for leg in trace.drops if leg.flight.asked() & packets)
    turn = 0 if leg.flight.reply else len(leg.hops)
    path = _search(network, trace.question, packets)
    return _explained(path or _incomplete(packets, (), (leg.end.hop,), leg.hops, turn))


def _united(paths: list[BlockedPath]) -> tuple[BlockedPath, ...]:
    """The paths, with one creation of an endpoint that several need, for all of their route tables."""
    known = one_creation(mend for path in paths for mend in path.undone)
    return tuple(_replaced(path, known) for path in paths)


def _replaced(path: BlockedPath, known: Mapping[Mend, Mend]) -> BlockedPath:
    undone = tuple(known.get(mend, mend) for mend in path.undone)
    resources = (resource for mend in undone for resource in mend.resources)
    return replace(
        path,
        resources=tuple(dict.fromkeys((*resources, *path.resources))),
        actions=tuple(dict.fromkeys(mend.action for mend in undone)),
        undone=undone,
    )


def representative(packets: PacketSet) -> PacketSet:
    """One connection out of the set: one address each side, one destination port, all its client ports."""
    sample = packets.sample()
    one = packets.where(src=AddressSet.parse(sample.src), dst=AddressSet.parse(sample.dst), protocol=sample.protocol)
    if sample.protocol in (6, 17):
        return one.where(dport=Intervals.single(sample.dport))
    return one


def _alike(trace: Trace, packets: PacketSet) -> PacketSet:
    """All asked packets that are stopped where these are."""
    places = {leg.end.hop.component for leg in trace.drops if leg.flight.asked() & packets}
    alike = PacketSet.NONE
    for leg in trace.drops:
        if leg.end.hop.component in places:
            alike = alike | leg.flight.asked()
    return alike


_ASTRAY = frozenset(
    {Code.IGW_NO_PUBLIC_ADDRESS, Code.IGW_PRIVATE_DESTINATION, Code.PEERING_NO_TRANSIT, Code.REPLY_MISMATCH}
)
"""Drops at a gateway of packets that should never have come to it: the fault lies on the way there."""


def _explained(path: BlockedPath) -> BlockedPath:
    """The path with what really stopped the packets, where the last drop only ended their way.

    Packets that an internet gateway or a peering refuses were led there by the last route table, or by a NAT gateway
    before it. In a loop the last route table led them back.
    """
    code = path.drops[-1].code
    if path.complete or code not in _ASTRAY | {Code.ROUTING_LOOP}:
        return path
    translators = [hop.component for hop in path.hops if hop.kind is Kind.NAT_GATEWAY and code in _ASTRAY]
    tables = [hop.component for hop in path.hops if hop.kind is Kind.ROUTE_TABLE][-1:]
    resources = dict.fromkeys((*translators, *tables, *path.resources))
    return replace(path, resources=tuple(resources))


def _incomplete(
    packets: PacketSet, mends: tuple[Mend, ...], drops: tuple[Hop, ...], hops: tuple[Hop, ...], turn: int
) -> BlockedPath:
    """What is known to have to change on a path that no change of the catalogue completes."""
    resources = [resource for mend in mends for resource in mend.resources]
    resources.extend(hop.component for hop in drops[len(mends) :])
    return BlockedPath(
        packets=packets,
        resources=tuple(dict.fromkeys(resources)),
        actions=tuple(dict.fromkeys(mend.action for mend in mends)),
        drops=drops,
        hops=hops,
        complete=False,
        undone=mends,
        turn=turn,
    )


def _torn(trace: Trace) -> list[BlockedPath]:
    """Where AWS may pick a way that fails: the places that stop it there."""
    found = []
    seen: set[str] = set()
    for leg in trace.drops:
        packets = leg.flight.asked() & trace.tally.torn
        hop = leg.end.hop
        if packets and hop.component not in seen:
            seen.add(hop.component)
            mends = leg.end.mends[0].resources if isinstance(leg.end, Drop) and leg.end.mends else (hop.component,)
            turn = 0 if leg.flight.reply else len(leg.hops)
            found.append(
                BlockedPath(
                    packets=packets, resources=mends, actions=(), drops=(hop,), hops=leg.hops, complete=False, turn=turn
                )
            )
    return found


def _search(network: Network, question: Question, packets: PacketSet) -> BlockedPath | None:
    """The cheapest complete path, else the one that gets furthest; None where nothing was even dropped."""
    frontier = _begun(question, packets)
    furthest: BlockedPath | None = None
    for _ in range(MOST_EXPANSIONS):
        popped = frontier.pop()
        if popped is None:
            break
        cost, state = popped
        for extra, after in _steps(network, question, packets, state):
            if isinstance(after, _State):
                frontier.push(cost + extra, after)
            elif after.complete:
                return after
            elif after.drops and not state.strayed and (furthest is None or len(after.hops) > len(furthest.hops)):
                furthest = after
    return furthest


def _opened(network: Network, question: Question, packets: PacketSet, mended: frozenset[str]) -> PacketSet:
    """Those of the packets that have a complete path once these resources are mended."""
    frontier = _begun(question, packets)
    opened = PacketSet.NONE
    for _ in range(MOST_EXPANSIONS):
        popped = frontier.pop()
        if popped is None or packets.issubset(opened):
            break
        for _, after in _steps(network, question, packets, popped[1]):
            if isinstance(after, BlockedPath):
                opened = opened | after.packets if after.complete else opened
            elif _resources(after.mends) <= mended:
                frontier.push(0, after)
    return opened


def _steps(
    network: Network, question: Question, packets: PacketSet, state: _State
) -> Iterator[tuple[int, _State | BlockedPath]]:
    """What one step leads to, and at what extra cost: more states, or the end of a path."""
    for outcome in transfer(network, state.position, state.flight):
        if isinstance(outcome, Arrive):
            yield 0, _arrive(network, question, packets, state, outcome)
        elif isinstance(outcome, Lose) or (isinstance(outcome, Drop) and not outcome.mends):
            drops = (*state.drops, outcome.hop) if isinstance(outcome, Drop) else state.drops
            hops = (*state.hops, outcome.hop)
            yield 0, _incomplete(packets, state.mends, drops, hops, state.turn or len(hops))
        else:
            yield from _onward(state, outcome)
    if state.position.role is Role.LOOKUP:
        for drop in (
            *detours(network, state.position, state.flight),
            *astray(network, state.position, state.flight),
            *led_astray(network, state.position, state.flight),
        ):
            yield from _onward(replace(state, strayed=True), drop)


class _Frontier:
    """States still to be expanded, the cheapest first; each kind of state is expanded once."""

    def __init__(self) -> None:
        self._queue: list[tuple[int, int, int, _State]] = []
        self._order = count()
        self._seen: set[tuple[object, ...]] = set()

    def push(self, cost: int, state: _State) -> None:
        """Add a state that has been reached at a cost; at equal cost shorter paths come first."""
        heapq.heappush(self._queue, (cost, len(state.hops), next(self._order), state))

    def pop(self) -> tuple[int, _State] | None:
        """The cheapest state that was not expanded yet, with its cost; None when there is none."""
        while self._queue:
            cost, _, _, state = heapq.heappop(self._queue)
            flight = state.flight
            key = (
                state.position,
                flight.reply,
                flight.entered,
                flight.ahead,
                flight.packets,
                flight.translators,
                flight.mended,
                _resources(state.mends),
            )
            known = len(self._seen)  # asking and adding would hash the packets twice
            self._seen.add(key)
            if len(self._seen) > known:
                return cost, state
        return None


def _begun(question: Question, packets: PacketSet) -> _Frontier:
    """The packets where they are sent."""
    frontier = _Frontier()
    for start in question.source.starts:
        part = packets.where(src=start.addresses)
        if part:
            flight = Flight(packets=part, wanted=question.destination.addresses)
            frontier.push(0, _State(start.position, flight, start, (), (), ()))
    return frontier


def _onward(state: _State, outcome: Pass | Drop) -> Iterator[tuple[int, _State]]:
    """The states behind an outcome; a mend costs nothing where its resources are paid for."""
    hop = shown(outcome, state.flight)
    hops = (*state.hops, hop) if hop else state.hops
    if isinstance(outcome, Pass):
        yield 0, replace(state, position=outcome.to, flight=outcome.flight, hops=hops)
        return
    drops = (*state.drops, outcome.hop)
    for mend in outcome.mends:
        mends = (*state.mends, mend)
        cost = 0 if set(mend.resources) <= _resources(state.mends) else mend.cost
        yield cost, replace(state, position=mend.to, flight=mend.flight, hops=hops, mends=mends, drops=drops)


def _resources(mends: tuple[Mend, ...]) -> frozenset[str]:
    return frozenset(resource for mend in mends for resource in mend.resources)


def _arrive(
    network: Network, question: Question, packets: PacketSet, state: _State, end: Arrive
) -> _State | BlockedPath:
    """The reply to what arrived; the end of the path, incomplete where it is not the place that was asked for."""
    before, hops = state.hops[: state.turn], state.hops[state.turn :]
    leg = Leg((*hops, end.hop), end)
    if state.flight.reply:
        leg = inspected(before, answered(leg, state.start))
    else:
        leg = accepted(network, leg, question.destination.accepts)
    hops = (*before, *leg.hops)
    if not isinstance(leg.end, Arrive):
        drops = (*state.drops, leg.end.hop) if state.drops and isinstance(leg.end, Drop) else state.drops
        return _incomplete(packets, state.mends, drops, hops, state.turn or len(hops))
    if not state.flight.reply:
        reply = reply_flight(leg, end)
        return replace(state, position=end.answer, flight=reply, hops=hops, turn=len(hops))
    return BlockedPath(
        packets=end.flight.asked(),
        resources=tuple(dict.fromkeys(resource for mend in state.mends for resource in mend.resources)),
        actions=tuple(dict.fromkeys(mend.action for mend in state.mends)),
        drops=state.drops,
        hops=hops,
        complete=True,
        undone=state.mends,
        turn=state.turn,
    )
