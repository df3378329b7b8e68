"""The walk ends for every packet: where it arrives, is dropped, goes round in circles or takes too many steps."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from asking import ask, network_of
from builder import Topology, rule, topology
from builder.interface import Interface
from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Action, Arrive, Drop, Evidence, Flight, Hop, Kind, Lose, Outcome, Pass, Position, Role
from mwaanet.graph.network import Network
from mwaanet.graph.transfer import transfer
from mwaanet.model.unknown import Unknown
from mwaanet.net import TCP, AddressSet, PacketSet
from mwaanet.paths import walk
from mwaanet.paths.trace import accepted
from mwaanet.paths.walk import Leg

START = tuple[Position, Flight]


def sent(sender: Interface, address: str) -> START:
    packets = PacketSet.of(src=AddressSet.parse(sender.address), dst=AddressSet.parse(address), protocol=TCP)
    return Position(sender.id, Role.SEND), Flight(packets=packets)


def circle() -> tuple[Topology, Interface, Interface]:
    """What goes to 10.3.0.0/16 is sent from one of two transit gateways to the other, and back."""
    net = topology()
    near = net.vpc("near", "10.1.0.0/16")
    near.default_group.allow_in(rule("all"))
    hub, other = net.transit_gateway("hub"), net.transit_gateway("other")
    table, other_table = hub.table("all"), other.table("all")
    subnet = near.subnet("a", "10.1.1.0/24").route("10.3.0.0/16", hub)
    hub.attach_vpc(near, [subnet], table=table)
    here, there = hub.peer(other, table=table, other_table=other_table)
    table.route("10.3.0.0/16", here)
    other_table.route("10.3.0.0/16", there)
    return net, subnet.interface("10.1.1.10"), subnet.interface("10.1.1.11")


def test_a_circle_is_a_drop_where_it_closes() -> None:
    net, client, _ = circle()
    answer = ask(net, client, "10.3.1.1", tcp=443)
    assert (answer.verdict, answer.codes) == ("no", {Code.ROUTING_LOOP})
    (leg,) = answer.trace.forward
    *_, before, last = leg.hops
    assert leg.end.hop == last
    assert (last.kind, last.action, last.packets) == (before.kind, Action.DROP, answer.trace.asked)
    assert last.by == f"the packets return to {last.component}: a routing loop"
    assert leg.flight.packets == answer.trace.asked


def test_a_circle_of_some_packets_ends_no_others() -> None:
    net, client, neighbour = circle()
    legs = walk.walk(network_of(net), [sent(client, neighbour.address), sent(client, "10.3.1.1")])
    assert sorted(type(leg.end).__name__ for leg in legs) == ["Arrive", "Drop"]


def test_as_many_steps_as_it_takes_and_not_one_less(monkeypatch: pytest.MonkeyPatch) -> None:
    net, client, neighbour = circle()
    network, start = network_of(net), sent(client, neighbour.address)
    steps: list[Position] = []

    def counted(network: Network, at: Position, flight: Flight) -> tuple[Outcome, ...]:
        steps.append(at)
        return transfer(network, at, flight)

    monkeypatch.setattr(walk, "transfer", counted)
    assert [type(leg.end) for leg in walk.walk(network, [start])] == [Arrive]
    enough = len(steps)
    monkeypatch.setattr(walk, "MOST_STEPS", enough)
    assert [type(leg.end) for leg in walk.walk(network, [start])] == [Arrive]
    monkeypatch.setattr(walk, "MOST_STEPS", enough - 1)
    assert [type(leg.end) for leg in walk.walk(network, [start])] == [Lose]
    monkeypatch.setattr(walk, "MOST_STEPS", 0)
    assert [type(leg.end) for leg in walk.walk(network, [start, start])] == [Lose, Lose]


def test_packets_that_arrive_elsewhere_are_told_what_took_them() -> None:
    packets = sent(circle()[1], "10.1.1.11")[1].packets
    first, last = (
        Hop(
            component=name,
            kind=Kind.NETWORK_INTERFACE,
            action=Action.FORWARD,
            by="",
            code=Code.INTERFACE_SENDS,
            packets=packets,
            evidence=(Evidence(None, f"/{name}"),),
        )
        for name in ("eni-1", "eni-2")
    )
    end = Arrive(flight=Flight(packets=packets), hop=last, answer=Position("eni-2", Role.SEND))
    leg = accepted(network_of(topology()), Leg((first, last), end), frozenset("dbca"))
    assert isinstance(leg.end, Drop)
    assert leg.hops == (first, leg.end.hop)
    assert leg.end.hop.by == "eni-2 takes the packets, not a, b, c"
    assert (leg.end.hop.code, leg.end.hop.evidence) == (Code.WRONG_DESTINATION, last.evidence)


class TestDoubts:
    """A hop after which packets are in doubt says so, once."""

    PACKETS = PacketSet.of(protocol=TCP)
    OLD, NEW, NEWER = (Unknown(reason=f"{number} tables were not read") for number in (1, 2, 3))

    def hop(self, action: Action = Action.FORWARD) -> Hop:
        return Hop(
            component="rtb-1",
            kind=Kind.ROUTE_TABLE,
            action=action,
            by="route 10.0.0.0/8",
            code=Code.ROUTE,
            packets=self.PACKETS,
        )

    def passed(self, hop: Hop | None, *doubts: Unknown) -> Hop | None:
        before = Flight(packets=self.PACKETS, doubts=(self.OLD,))
        outcome = Pass(flight=Flight(packets=self.PACKETS, doubts=doubts), to=Position("subnet-1", Role.LEAVE), hop=hop)
        return walk.shown(outcome, before)

    def test_the_first_new_one_is_told(self) -> None:
        found = self.passed(self.hop(), self.OLD, self.NEW, self.NEWER)
        assert found == replace(self.hop(), action=Action.UNKNOWN, by="2 tables were not read")

    def test_an_old_one_is_not(self) -> None:
        assert self.passed(self.hop(), self.OLD) == self.hop()

    def test_what_tells_it_already_stays(self) -> None:
        unknown = self.hop(Action.UNKNOWN)
        assert self.passed(unknown, self.OLD, self.NEW) == unknown

    def test_where_nothing_is_shown_nothing_is(self) -> None:
        assert self.passed(None, self.OLD, self.NEW) is None

    def test_an_end_is_told_as_it_is(self) -> None:
        flight = Flight(packets=self.PACKETS, doubts=(self.NEW,))
        assert walk.shown(Drop(flight=flight, hop=self.hop()), Flight(packets=self.PACKETS)) == self.hop()
