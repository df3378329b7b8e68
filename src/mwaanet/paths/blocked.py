"""Blocked paths: the cheapest set of changes that would let a connection through, along one complete path.

The idea is from Bayless et al., "Debugging Network Reachability with Blocked Paths" (CAV 2021): name everything that
must change, so that one does not mend one thing to learn of the next. The search goes by cost over (position, packets,
direction); a drop is passed at the cost of the mend that undoes it, and a resource is paid for once.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import count

from mwaanet.graph.flight import Arrive, Drop, Flight, Hop, Lose, Mend, Pass, Position
from mwaanet.graph.network import Network
from mwaanet.graph.transfer import transfer
from mwaanet.net import AddressSet, Intervals, PacketSet
from mwaanet.paths.question import Question, Start
from mwaanet.paths.trace import Trace, answered, reply_flight
from mwaanet.paths.walk import Leg

MOST_EXPANSIONS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedPath:
    """One complete path from source to destination and what must change along it.

    `resources` are in the order in which the path meets them, the culprit first; `complete` is False where no path
    was found within the catalogue of changes, so that more may have to change ("at least these").
    """

    packets: PacketSet
    resources: tuple[str, ...]
    actions: tuple[str, ...]
    drops: tuple[Hop, ...]
    hops: tuple[Hop, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class _State:
    position: Position
    flight: Flight
    start: Start
    hops: tuple[Hop, ...]
    mends: tuple[Mend, ...]
    drops: tuple[Hop, ...]


def blocked_paths(network: Network, trace: Trace, most: int = 4) -> tuple[BlockedPath, ...]:
    """A blocked path for each differently stopped part of the asked packets, at most `most`."""
    found: list[BlockedPath] = []
    stopped = trace.tally.stopped
    while stopped and len(found) < most:
        packets = representative(stopped)
        path = _search(network, trace.question, packets) or _first_drop(trace, packets)
        found.append(path)
        stopped = stopped - _alike(trace, packets) - packets
    if trace.tally.torn and len(found) < most:
        found.extend(_torn(trace))
    return tuple(found)


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


def _first_drop(trace: Trace, packets: PacketSet) -> BlockedPath:
    for leg in trace.drops:
        if leg.flight.asked() & packets:
            hop = leg.end.hop
            resources = (hop.component,)
            return BlockedPath(
                packets=packets, resources=resources, actions=(), drops=(hop,), hops=leg.hops, complete=False
            )
    return BlockedPath(packets=packets, resources=(), actions=(), drops=(), hops=(), complete=False)


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
            found.append(
                BlockedPath(packets=packets, resources=mends, actions=(), drops=(hop,), hops=leg.hops, complete=False)
            )
    return found


def _search(network: Network, question: Question, packets: PacketSet) -> BlockedPath | None:
    order = count()
    queue: list[tuple[int, int, int, _State]] = []
    for start in question.source.starts:
        part = packets.where(src=start.addresses)
        if part:
            state = _State(start.position, Flight(packets=part), start, (), (), ())
            heapq.heappush(queue, (0, 0, next(order), state))
    seen: set[tuple[object, ...]] = set()
    for _ in range(MOST_EXPANSIONS):
        if not queue:
            return None
        cost, length, _, state = heapq.heappop(queue)
        key = (
            state.position,
            state.flight.reply,
            state.flight.entered,
            state.flight.ahead,
            state.flight.packets,
            len(state.flight.translations),
            _resources(state.mends),
        )
        if key in seen:
            continue
        seen.add(key)
        for outcome in transfer(network, state.position, state.flight):
            if isinstance(outcome, Arrive):
                finished = _arrive(question, state, outcome)
                if isinstance(finished, BlockedPath):
                    return finished
                if finished is not None:
                    heapq.heappush(queue, (cost, length, next(order), finished))
                continue
            for extra, after in _onward(state, outcome):
                heapq.heappush(queue, (cost + extra, length + 1, next(order), after))
    return None


def _onward(state: _State, outcome: Pass | Drop | Lose) -> list[tuple[int, _State]]:
    hops = (*state.hops, outcome.hop) if outcome.hop else state.hops
    if isinstance(outcome, Pass):
        return [(0, _State(outcome.to, outcome.flight, state.start, hops, state.mends, state.drops))]
    if isinstance(outcome, Lose):
        return []
    after = []
    for mend in outcome.mends:
        paid = set(mend.resources) <= _resources(state.mends)
        next_state = _State(
            mend.to, mend.flight, state.start, hops, (*state.mends, mend), (*state.drops, outcome.hop)
        )
        after.append((0 if paid else mend.cost, next_state))
    return after


def _resources(mends: tuple[Mend, ...]) -> frozenset[str]:
    return frozenset(resource for mend in mends for resource in mend.resources)


def _arrive(question: Question, state: _State, end: Arrive) -> _State | BlockedPath | None:
    hops = (*state.hops, end.hop)
    leg = Leg(hops, end)
    if not state.flight.reply:
        accepts = question.destination.accepts
        if accepts is not None and end.hop.component not in accepts:
            return None
        reply = reply_flight(leg, end)
        return _State(end.answer, reply, state.start, hops, state.mends, state.drops)
    if not isinstance(answered(Leg((end.hop,), end), state.start).end, Arrive):
        return None
    return BlockedPath(
        packets=end.flight.asked(),
        resources=tuple(dict.fromkeys(resource for mend in state.mends for resource in mend.resources)),
        actions=tuple(dict.fromkeys(mend.action for mend in state.mends)),
        drops=state.drops,
        hops=hops,
        complete=True,
    )
