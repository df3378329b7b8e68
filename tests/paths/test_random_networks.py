"""What holds for every network and every question.

No packet is lost or made on the way, the tally adds up, and packets end where a walk of each of them alone ends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from asking import Answer, ask, network_of
from builder.identity import Ref
from mwaanet.graph.flight import Drop, Flight, Outcome, Pass, Position, Role
from mwaanet.graph.network import Network
from mwaanet.graph.transfer import transfer
from mwaanet.net import TCP, UDP, AddressSet, Intervals, PacketSet
from mwaanet.paths import blocked, walk
from mwaanet.paths.endpoints import endpoint_of, link_endpoint
from mwaanet.paths.question import LINUX_PORTS, Endpoint, Question
from mwaanet.paths.trace import Reachable, trace
from paths.one_packet import INTERNET, Engine
from paths.packet_records import Packet, UnmodelledError, addresses_of
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


Place = tuple[str, str]
"""An interface, a link to a site or the internet, and one of its addresses."""

PICKS = st.lists(st.tuples(st.integers(0, 199), st.integers(0, 4)), min_size=20, max_size=20)
SERVICES = ((TCP, 443), (TCP, 443), (TCP, 440), (TCP, 8080), (UDP, 53))


def places(engine: Engine) -> list[Place]:
    """Whoever may be at one end of a connection of which the engine of single packets knows."""
    attached = {attachment["ResourceId"] for attachment in engine.attachments.values()}
    hosts = [(name, one) for name, one in engine.interfaces.items() if one["InterfaceType"] == "interface"]
    return [
        *((name, address) for name, one in hosts for address in addresses_of(one)),
        *((link, "172.20.1.1") for link in engine.vpns if link in attached),
        *((INTERNET, address) for address in ("8.8.8.8", "2001:4860:4860::8888")),
    ]


def end_at(network: Network, engine: Engine, place: Place) -> Endpoint:
    name, address = place
    if name in engine.vpns:
        return link_endpoint(name, AddressSet.parse(address))
    if name == INTERNET:
        return endpoint_of(network, address)
    found = endpoint_of(network, name)
    only = AddressSet.parse(address)
    starts = tuple(replace(start, addresses=start.addresses & only) for start in found.starts)
    return replace(found, starts=starts, addresses=only)


def connections(engine: Engine) -> list[tuple[Place, Place]]:
    """Every source and destination that may speak to each other; from the internet to public addresses."""
    found = []
    for source, destination in permutations(places(engine), 2):
        public = engine.interfaces.get(destination[0], {}).get("Association", {}).get("PublicIp")
        if source[0] == INTERNET and ":" not in source[1]:
            found.extend([(source, (destination[0], public))] if public else [])
        elif source[0] != destination[0] and (":" in source[1]) == (":" in destination[1]):
            found.append((source, destination))
    return found


def question(network: Network, engine: Engine, source: Place, destination: Place, protocol: int, port: int) -> Question:
    by_address = endpoint_of(network, destination[1])
    return Question(
        source=end_at(network, engine, source),
        destination=by_address if source[0] == INTERNET else end_at(network, engine, destination),
        protocol=protocol,
        ports=Intervals.single(port),
    )


def agreements(random: Random, picks: list[tuple[int, int]]) -> Iterator[str]:
    """The verdicts on which both engines agree; an assertion fails where they do not."""
    files = random.net.files()
    network, engine = network_of(random.net), Engine(files)
    known = connections(engine)
    for one, (protocol, port) in ((known[pick % len(known)], SERVICES[service]) for pick, service in picks):
        tally = trace(network, question(network, engine, *one, protocol, port)).tally
        (start, address), (destination, target) = one
        for sport in engine.cuts(LINUX_PORTS.min, LINUX_PORTS.max):
            try:
                outcomes = engine.connect(start, Packet(address, target, protocol, sport, port), destination)
            except UnmodelledError:
                continue
            verdict = tally.narrowed(Intervals.single(sport)).reachable
            wanted = {Reachable.PARTIAL, Reachable.UNKNOWN}
            if len(outcomes) == 1:
                wanted = {Reachable.YES} if True in outcomes else {Reachable.NO}
            assert verdict in wanted, (one, protocol, port, sport, outcomes)
            yield verdict.value


def test_packets_end_where_a_walk_of_each_alone_does() -> None:
    seen: Counter[str] = Counter()

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(networks(sound=True), PICKS)
    def compare(random: Random, picks: list[tuple[int, int]]) -> None:
        seen.update(agreements(random, picks))

    compare()
    assert min(seen["yes"], seen["no"]) >= 100, seen
