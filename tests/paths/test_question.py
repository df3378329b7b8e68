"""What is asked about: of TCP and UDP what a client sends, of ICMP an echo request, of other protocols everything."""

from __future__ import annotations

from typing import Any

import pytest

from mwaanet.graph.flight import Position, Role
from mwaanet.net import ICMP, ICMPV6, TCP, UDP, AddressSet, Intervals, PacketSet
from mwaanet.paths.question import Endpoint, Question, Start

CLIENT, SERVER = AddressSet.parse("10.1.1.10", "2001:db8::10"), AddressSet.parse("10.2.1.20", "2001:db8::20")
CLIENT_PORTS, WEB = Intervals.of((32768, 60999)), Intervals.single(443)


@pytest.mark.parametrize(
    ("protocol", "expected"),
    [
        (TCP, {"sport": CLIENT_PORTS, "dport": WEB}),
        (UDP, {"sport": CLIENT_PORTS, "dport": WEB}),
        (ICMP, {"icmp_type": Intervals.single(8), "icmp_code": Intervals.single(0)}),
        (ICMPV6, {"icmp_type": Intervals.single(128), "icmp_code": Intervals.single(0)}),
        (47, {}),
        (None, {}),
    ],
)
def test_packets_of_each_protocol(protocol: int | None, expected: dict[str, Any]) -> None:
    """Echo requests are type 8 of ICMP (RFC 792) and 128 of ICMPv6 (RFC 4443), both of code 0."""
    start = Start(position=Position("eni-1", Role.SEND), addresses=CLIENT, ports=CLIENT_PORTS)
    ends = Endpoint(name="client", starts=(start,)), Endpoint(name="server", addresses=SERVER)
    question = Question(source=ends[0], destination=ends[1], protocol=protocol, ports=WEB)
    assert question.packets(start) == PacketSet.of(src=CLIENT, dst=SERVER, protocol=protocol, **expected)
