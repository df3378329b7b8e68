"""Blocked paths: the cheapest set of changes that would let a connection through, along one complete path.

The idea is from Bayless et al., "Debugging Network Reachability with Blocked Paths" (CAV 2021): name everything that
must change, so that one does not mend one thing to learn of the next. The search goes by cost over (position, packets,
direction); a drop is passed at the cost of the mend that undoes it, and a resource is paid for once.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace
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
    was found within the catalogue of changes, so that more may have to change ("at least these"). `mends` are the
    changes for the first drops, one each; `turn` is how many of the hops are the request's.
    """

    packets: PacketSet
    resources: tuple[str, ...]
    actions: tuple[str, ...]
    drops: tuple[Hop, ...]
    hops: tuple[Hop, ...]
    complete: bool
    mends: tuple[Mend, ...] = ()
    turn: int = 0

    def changes_of(self, index: int) -> tuple[str, ...]:
        """The resources that must change for one of the drops, the culprit first."""
        return self.mends[index].resources if index < len(self.mends) else (self.drops[index].component,)


@dataclass(frozen=True, slots=True)
class _State:
    position: Position
    flight: Flight
    start: Start
    hops: tuple[Hop, ...]
    mends: tuple[Mend, ...]
    drops: tuple[Hop, ...]
    turn: int = 0


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
            return _incomplete(packets, (), (leg.end.hop,), leg.hops, 0 if leg.flight.reply else len(leg.hops))
    return _incomplete(packets, (), (), (), 0)


def _incomplete(
    packets: PacketSet, mends: tuple[Mend, ...], drops: tuple[Hop, ...], hops: tuple[Hop, ...], turn: int
) -> BlockedPath:
    """What is known to have to change on a path that no change of the catalogue completes."""
    resources = [resource for mend in mends for resource in mend.resources]
    resources.extend(hop.component for hop in drops[-1:])
    return BlockedPath(
        packets=packets,
        resources=tuple(dict.fromkeys(resources)),
        actions=tuple(dict.fromkeys(mend.action for mend in mends)),
        drops=drops,
        hops=hops,
        complete=False,
        mends=mends,
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
    frontier = _Frontier()
    for start in question.source.starts:
        part = packets.where(src=start.addresses)
        if part:
            frontier.push(0, _State(start.position, Flight(packets=part), start, (), (), ()))
    furthest: BlockedPath | None = None
    for _ in range(MOST_EXPANSIONS):
        popped = frontier.pop()
        if popped is None:
            break
        cost, state = popped
        for outcome in transfer(network, state.position, state.flight):
            if isinstance(outcome, Arrive):
                finished = _arrive(question, state, outcome)
                if isinstance(finished, BlockedPath):
                    return finished
                if finished is not None:
                    frontier.push(cost, finished)
                continue
            furthest = _further(packets, state, outcome, furthest)
            for extra, after in _onward(state, outcome):
                frontier.push(cost + extra, after)
    return furthest


def _further(
    packets: PacketSet, state: _State, outcome: Pass | Drop | Lose, furthest: BlockedPath | None
) -> BlockedPath | None:
    """The longer of the furthest path so far and the one that ends with this outcome, if it ends."""
    if isinstance(outcome, Pass) or (isinstance(outcome, Drop) and outcome.mends):
        return furthest
    drops = (*state.drops, outcome.hop) if isinstance(outcome, Drop) else state.drops
    if not drops:
        return furthest
    hops = (*state.hops, outcome.hop)
    ended = _incomplete(packets, state.mends, drops, hops, state.turn or len(hops))
    return ended if furthest is None or len(ended.hops) > len(furthest.hops) else furthest


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
            translated = tuple(translation.owner for translation in flight.translations)
            key = (
                state.position,
                flight.reply,
                flight.entered,
                flight.ahead,
                flight.packets,
                translated,
                flight.mended,
                _resources(state.mends),
            )
            if key not in self._seen:
                self._seen.add(key)
                return cost, state
        return None


def _onward(state: _State, outcome: Pass | Drop | Lose) -> list[tuple[int, _State]]:
    hops = (*state.hops, outcome.hop) if outcome.hop else state.hops
    if isinstance(outcome, Pass):
        return [(0, replace(state, position=outcome.to, flight=outcome.flight, hops=hops))]
    if isinstance(outcome, Lose):
        return []
    after = []
    for mend in outcome.mends:
        paid = set(mend.resources) <= _resources(state.mends)
        next_state = replace(
            state,
            position=mend.to,
            flight=mend.flight,
            hops=hops,
            mends=(*state.mends, mend),
            drops=(*state.drops, outcome.hop),
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
        return replace(state, position=end.answer, flight=reply, hops=hops, turn=len(hops))
    if not isinstance(answered(Leg((end.hop,), end), state.start).end, Arrive):
        return None
    return BlockedPath(
        packets=end.flight.asked(),
        resources=tuple(dict.fromkeys(resource for mend in state.mends for resource in mend.resources)),
        actions=tuple(dict.fromkeys(mend.action for mend in state.mends)),
        drops=state.drops,
        hops=hops,
        complete=True,
        mends=state.mends,
        turn=state.turn,
    )
