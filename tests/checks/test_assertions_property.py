"""Random small networks: what is asserted to hold is never broken by a packet that was tried on its own.

`Naive` and `Engine` look at one packet at a time and share nothing with the engine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from checks.asserting import result, results, subject_of
from mwaanet.checks.result import Status
from mwaanet.net import TCP, Packet
from mwaanet.paths.question import LINUX_PORTS
from paths.one_packet import Engine
from paths.packet_records import Packet as Single
from paths.packet_records import UnmodelledError
from paths.random_networks import Network as Random
from paths.random_networks import networks
from paths.test_one_vpc import CLIENTS, EDGES, SERVERS, Naive, models
from paths.test_random_networks import connections

PORTS = ("22", "443-444", "1024-65535", "0-65535")
ASSERTIONS = """\
- id: reachable
  reach: {from: [10.1.1.10, 10.1.1.200], to: {all: [10.1.1.20, 10.1.2.20, 10.1.2.130]}, port: "{ports}"}
- id: blocked
  expect: blocked
  reach: {from: [10.1.1.10, 10.1.1.200], to: {all: [10.1.1.20, 10.1.2.20, 10.1.2.130]}, port: "{ports}"}
- id: one-blocked
  expect: blocked
  reach: {from: 10.1.1.10, to: {any: [10.1.1.20, 10.1.2.20]}, port: "{ports}"}
- id: one-reachable
  reach:
    from: {all: [10.1.1.0/24], except: [10.1.1.20, 10.1.1.200]}
    to: {any: [10.1.1.20, 10.1.2.20]}
    port: "{ports}"
"""


def tried(model: Naive, ports: str) -> dict[str, list[tuple[Packet, bool, bool]]]:
    """Packets of the set one by one, by destination: whether each arrives, and whether it is answered too."""
    low, _, high = ports.partition("-")
    wanted = [port for port in EDGES if int(low) <= port <= int(high or low)]
    clients = (32768, 40000, 50000, 60999)
    return {
        server: [
            (packet, model.arrives(packet), model.answered(packet))
            for client in CLIENTS
            for port in wanted
            for sport in clients
            for packet in [Packet(client, server, TCP, sport, port)]
        ]
        for server in SERVERS
    }


def test_what_holds_is_broken_by_no_packet() -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(models, st.sampled_from(PORTS))
    def compare(model: Naive, ports: str) -> None:
        seen.update(unbroken(model, ports))

    compare()
    assert all(seen[one] for one in ("reachable", "blocked", "one-reachable", "one-blocked")), seen


def unbroken(model: Naive, ports: str) -> list[str]:
    """Which assertions hold on the model, none of which a packet breaks."""
    found = {one.check.id: one for one in results(subject_of(model.build()), ASSERTIONS.replace("{ports}", ports))}
    packets = tried(model, ports)
    everything = [one for some in packets.values() for one in some]
    if found["reachable"].status is not Status.FAIL:
        assert all(answered for _, _, answered in everything)
    if found["blocked"].status is not Status.FAIL:
        assert not any(arrives for _, arrives, _ in everything)
    first = {server: [one for one in some if one[0].src == CLIENTS[0]] for server, some in packets.items()}
    two = [first["10.1.1.20"], first["10.1.2.20"]]
    if found["one-blocked"].status is not Status.FAIL:
        assert any(not any(arrives for _, arrives, _ in some) for some in two)
    if found["one-reachable"].status is not Status.FAIL:
        assert any(all(answered for _, _, answered in some) for some in two)
    return [name for name, one in found.items() if one.status is Status.PASS]


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(models, st.sampled_from(PORTS))
def test_the_witness_is_a_packet_that_breaks_it(model: Naive, ports: str) -> None:
    for one in results(subject_of(model.build()), ASSERTIONS.replace("{ports}", ports)):
        for witness in one.witnesses:
            assert one.status is Status.FAIL
            assert witness.example in witness.packets
            assert model.arrives(witness.example) == witness.passed
            assert witness.hops


OWN_PORTS = (0, 443, 1023, 1024, 32767, 61000, 65535)
"""Ports that a client may send from, beside those of its system and the edges of the rules."""


def held(random: Random, picks: list[int]) -> Iterator[str]:
    """Which of the assertions on some pairs of ends hold; one fails where a packet breaks one that does."""
    engine, context = Engine(random.net.files()), subject_of(random.net)
    known = [pair for pair in connections(engine) if pair[0][0] in engine.interfaces and pair[1][0] not in engine.vpns]
    for (source, address), (place, target) in {known[pick % len(known)] for pick in picks} if known else ():
        asked = f"reach: {{from: {source}, to: '{target}', port: 443}}"
        blocked = result(context, f"expect: blocked\n{asked}").status is Status.PASS
        reachable = result(context, asked).status in (Status.PASS, Status.WARN)
        for sport in {*engine.cuts(LINUX_PORTS.min, LINUX_PORTS.max), *OWN_PORTS}:
            packet = Single(address, target, TCP, sport, 443)
            try:
                arrives = any(end.place == place for end in engine.send(source, packet))
                outcomes = engine.connect(source, packet, place)
            except UnmodelledError:
                continue
            assert not (arrives and blocked), (source, target, sport)
            assert not (reachable and sport in LINUX_PORTS and False in outcomes), (source, target, sport)
            yield "blocked" if blocked else "reachable" if reachable else "neither"


def test_it_is_so_through_gateways_too() -> None:
    """Peerings, transit gateways, NAT gateways and internet gateways, between interfaces and to the internet."""
    seen: Counter[str] = Counter()

    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(networks(sound=True), st.lists(st.integers(0, 199), min_size=8, max_size=8))
    def compare(random: Random, picks: list[int]) -> None:
        seen.update(held(random, picks))

    compare()
    assert min(seen["blocked"], seen["reachable"]) >= 50, seen
