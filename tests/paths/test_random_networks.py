"""What holds for every network and every question: no packet is lost or made on the way, and the tally adds up."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asking import Answer, ask, network_of
from builder.identity import Ref
from mwaanet.graph.flight import Drop, Flight, Outcome, Pass, Position, Role
from mwaanet.graph.network import Network
from mwaanet.graph.transfer import transfer
from mwaanet.net import PacketSet
from mwaanet.paths import blocked, walk
from paths.random_networks import Network as Random
from paths.random_networks import networks, questions

MANY_WAYS = ("arn:", "tgw-attach-", "tgw-rtb-", "vgw-", "vpce-", "dc")
"""Components at which packets may go on in several ways: AWS picks, or a site does."""


def before(flight: Flight, outcome: Outcome) -> PacketSet:
    """The packets of the flight that became those of the outcome."""
    old, new = flight.translations, outcome.flight.translations
    packets = outcome.flight.packets
    if len(new) >= len(old):
        for translation in reversed(new[len(old) :]):
            packets = translation.preimage(packets)
        return packets
    packets = packets.reversed()
    for translation in old[len(new) :]:
        packets = translation.image(packets)
    return packets.reversed() & flight.packets


def conserving(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """`transfer`, whose outcomes must hold exactly the packets that it was given."""
    outcomes = transfer(network, position, flight)
    parts = [before(flight, outcome) for outcome in outcomes]
    together = PacketSet.NONE
    for part in parts:
        assert part
        together = together | part
    assert together == flight.packets, (position, flight.packets, outcomes)
    picked = position.component.startswith(MANY_WAYS) or (position.role is Role.LOOKUP and network_is_unsure(outcomes))
    for one, other in combinations(parts, 2):
        assert picked or one.isdisjoint(other), (position, outcomes)
    for outcome in outcomes:
        if not isinstance(outcome, Pass):
            assert outcome.hop.packets == outcome.flight.packets
        for mend in outcome.mends if isinstance(outcome, Drop) else ():
            assert mend.flight.asked() == outcome.flight.asked(), (position, mend.action)
    return outcomes


def network_is_unsure(outcomes: tuple[Outcome, ...]) -> bool:
    """Whether a route table gave several ways because it is not known which one is taken."""
    return all(outcome.flight.doubts for outcome in outcomes)


def end_of(network: Random, end: int | str) -> Ref:
    return network.ends[end % len(network.ends)] if isinstance(end, int) else end


def answers(random: Random, asked: list[tuple[int | str, int | str, dict[str, Any]]]) -> list[Answer]:
    network = network_of(random.net, random.site)
    return [ask(network, end_of(random, one), end_of(random, other), **packets) for one, other, packets in asked]


@settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(networks(), st.lists(questions(), min_size=6, max_size=6))
def test_no_step_loses_or_makes_packets(
    random: Random, asked: list[tuple[int | str, int | str, dict[str, Any]]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walk, "transfer", conserving)
        patch.setattr(blocked, "transfer", conserving)
        for answer in answers(random, asked):
            tally_adds_up(answer)
            blocked_paths_make_sense(answer)


def tally_adds_up(answer: Answer) -> None:
    tally, asked = answer.trace.tally, answer.trace.asked
    parts = (tally.passed, tally.stopped, tally.torn, tally.unclear)
    together = PacketSet.NONE
    for part in parts:
        together = together | part
    assert together == asked
    assert all(one.isdisjoint(other) for one, other in combinations(parts, 2))


def blocked_paths_make_sense(answer: Answer) -> None:
    """There is one where something is stopped, it names what must change, and it starts and ends as was asked."""
    tally = answer.trace.tally
    assert bool(answer.blocked) == bool(tally.stopped or tally.torn)
    for path in answer.blocked:
        assert path.resources
        assert path.packets.issubset(answer.trace.asked)
        assert not (path.packets & tally.passed)
