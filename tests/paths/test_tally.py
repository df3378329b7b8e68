"""Verdicts from what became of the packets, on all the ways that they may take."""

from __future__ import annotations

import pytest

from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Action, Arrive, Drop, Flight, Hop, Kind, Lose, Position, Role, Translation
from mwaanet.model.unknown import Unknown
from mwaanet.net import TCP, AddressSet, Intervals, PacketSet
from mwaanet.paths.question import Endpoint, Question, Start
from mwaanet.paths.trace import Tally, Trace, answered, reply_flight, tally
from mwaanet.paths.walk import Leg

NOT_READ = Unknown(reason="a table was not read")
CLIENT, SERVER = Position("eni-client", Role.SEND), Position("eni-server", Role.SEND)


def ports(first: int, last: int) -> PacketSet:
    return PacketSet.of(protocol=TCP, sport=Intervals.of((first, last)))


def hop(component: str, packets: PacketSet) -> Hop:
    return Hop(
        component=component,
        kind=Kind.NETWORK_INTERFACE,
        action=Action.DELIVER,
        by="",
        code=Code.INTERFACE_RECEIVES,
        packets=packets,
    )


def arrived(packets: PacketSet, *doubts: Unknown) -> Leg:
    there = hop("eni-server", packets)
    return Leg((there,), Arrive(flight=Flight(packets=packets, doubts=doubts), hop=there, answer=SERVER))


def dropped(packets: PacketSet, *doubts: Unknown) -> Leg:
    there = hop("acl-1", packets)
    return Leg((there,), Drop(flight=Flight(packets=packets, doubts=doubts), hop=there))


def lost(packets: PacketSet) -> Leg:
    there = hop("rtb-1", packets)
    return Leg((there,), Lose(flight=Flight(packets=packets), hop=there, unknown=NOT_READ))


def tallied(**parts: PacketSet) -> Tally:
    return Tally(**(dict.fromkeys(("passed", "stopped", "torn", "unclear"), PacketSet.NONE) | parts))


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        ("", "no"),
        ("passed", "yes"),
        ("stopped", "no"),
        ("torn", "partial"),
        ("unclear", "unknown"),
        ("passed stopped", "partial"),
        ("passed torn", "partial"),
        ("stopped torn", "partial"),
        ("passed unclear", "unknown"),
        ("stopped unclear", "unknown"),
        ("torn unclear", "partial"),
        ("passed stopped unclear", "partial"),
        ("stopped torn unclear", "partial"),
        ("passed torn unclear", "partial"),
    ],
)
def test_all_must_pass_for_a_yes_and_none_for_a_no(parts: str, verdict: str) -> None:
    """Where some packets certainly pass and some certainly do not, what is not known changes nothing."""
    assert tallied(**dict.fromkeys(parts.split(), ports(1, 2))).reachable == verdict


def test_where_packets_are_counted() -> None:
    asked = ports(0, 99)
    ways = [
        arrived(ports(0, 49)),
        dropped(ports(40, 59)),
        dropped(ports(60, 64), NOT_READ),
        dropped(ports(65, 69), NOT_READ),
        dropped(ports(0, 4), NOT_READ),
        arrived(ports(55, 57), NOT_READ),
        arrived(ports(70, 72), NOT_READ),
        lost(ports(58, 59)),
        lost(ports(40, 41)),
    ]
    found = tally(asked, ways[:5], ways[5:])
    assert found.passed == ports(5, 39)
    assert found.torn == ports(42, 49)
    assert found.stopped == ports(50, 54) | ports(60, 69)
    assert found.unclear == asked - found.passed - found.torn - found.stopped


class TestReplies:
    WEB = PacketSet.of(src=AddressSet.parse("10.1.1.10"), dst=AddressSet.parse("10.2.1.20"), protocol=TCP)
    TRANSLATED = Translation(owner="nat-1", domain=WEB, returns_to=CLIENT)

    def test_they_remember_what_the_request_met(self) -> None:
        flight = Flight(
            packets=self.WEB,
            vpc="vpc-2",
            translations=(self.TRANSLATED,),
            tracked=frozenset({"sg-1"}),
            doubts=(NOT_READ,),
            mended=frozenset({"acl-1"}),
        )
        there = hop("eni-server", self.WEB)
        leg = Leg((hop("eni-client", self.WEB), there), Arrive(flight=flight, hop=there, answer=SERVER))
        assert isinstance(leg.end, Arrive)
        assert reply_flight(leg, leg.end) == Flight(
            packets=self.WEB.reversed(),
            translations=(self.TRANSLATED,),
            reply=True,
            tracked=frozenset({"sg-1", "eni-client", "eni-server"}),
            doubts=(NOT_READ,),
            mended=frozenset({"acl-1"}),
        )

    def told(self, component: str, *translations: Translation, vpc: str = "") -> Leg:
        there = hop(component, self.WEB.reversed())
        flight = Flight(packets=self.WEB.reversed(), vpc=vpc, translations=translations, reply=True)
        reply = Leg((there,), Arrive(flight=flight, hop=there, answer=CLIENT))
        return answered(reply, Start(position=CLIENT, addresses=AddressSet.parse("10.1.1.10")))

    def test_at_the_client_they_have_arrived(self) -> None:
        assert isinstance(self.told("eni-client", vpc="vpc-1").end, Arrive)

    @pytest.mark.parametrize("vpc", ["", "vpc-9"])
    def test_at_another_they_have_not(self, vpc: str) -> None:
        end = self.told("eni-other", vpc=vpc).end
        held = f", for {vpc} holds 10.1.1.10, too" if vpc else ""
        assert isinstance(end, Drop)
        assert end.hop.by == f"the reply goes to eni-other, not to the client{held}"
        assert (end.hop.code, end.hop.also) == (Code.WRONG_DESTINATION, (vpc,) if vpc else ())

    def test_past_the_translation_of_the_request_they_match_nothing(self) -> None:
        end = self.told("eni-client", self.TRANSLATED).end
        assert isinstance(end, Drop)
        assert end.hop.by == "the reply bypasses the translation of the request, so its addresses do not match"
        assert end.hop.code is Code.REPLY_MISMATCH


class TestTraces:
    def traced(self, unknown: Unknown | None = None, **parts: PacketSet) -> Trace:
        start = Start(position=CLIENT, addresses=AddressSet.parse("10.1.1.10"))
        source = Endpoint(name="client", starts=(start,), addresses=start.addresses)
        target = Endpoint(name="server", addresses=AddressSet.parse("10.2.1.20"), unknown=unknown)
        question = Question(source=source, destination=target)
        return Trace(question=question, asked=ports(0, 65535), forward=(), back=(), tally=tallied(**parts))

    def test_a_destination_that_is_not_wholly_known_leaves_a_no_only(self) -> None:
        assert self.traced(NOT_READ, passed=ports(1, 2)).reachable == "unknown"
        assert self.traced(NOT_READ, stopped=ports(1, 2)).reachable == "no"

    def test_client_ports_beyond_the_usual_that_are_not_answered(self) -> None:
        found = self.traced(
            passed=ports(32768, 60999), stopped=ports(1024, 1024), torn=ports(1025, 1025), unclear=ports(1026, 1026)
        )
        assert found.uncovered_ports == Intervals.of((1024, 1026))
