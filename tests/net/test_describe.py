"""The text of packet sets."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_

import pytest

from mwaanet.net import ICMP, ICMPV6, TCP, UDP, AddressSet, Intervals, PacketSet

parse = AddressSet.parse
LAN = parse("10.0.0.0/8")


def union(parts: Iterable[PacketSet]) -> PacketSet:
    return reduce(or_, parts, PacketSet.NONE)


def test_ends_of_a_whole_family_are_told_alike_however_the_set_was_made() -> None:
    halves = [PacketSet.of(src=parse(half), protocol=47) for half in ("0.0.0.0/1", "128.0.0.0/1")]
    assert union(halves).describe() == "gre 0.0.0.0/0 -> 0.0.0.0/0"


@pytest.mark.parametrize(
    ("packets", "text"),
    [
        (PacketSet.NONE, "none"),
        (PacketSet.ANY, "any"),
        (
            PacketSet.of(
                src=parse("10.1.10.0/24"),
                dst=parse("10.50.1.20"),
                protocol=TCP,
                sport=Intervals.of((32768, 60999)),
                dport=Intervals.single(8081),
            ),
            "tcp 10.1.10.0/24 -> 10.50.1.20:8081 (source ports 32768-60999)",
        ),
        (PacketSet.of(protocol=UDP), "udp any -> any:any"),
        (PacketSet.of(src=LAN), "any 10.0.0.0/8 -> any"),
        (PacketSet.of(src=AddressSet.ANY_V4), "any 0.0.0.0/0 -> 0.0.0.0/0"),
        (PacketSet.of(src=AddressSet.ANY_V6, protocol=47), "gre ::/0 -> ::/0"),
        (PacketSet.of(dst=LAN, dport=Intervals.single(53)), "tcp/udp any -> 10.0.0.0/8:53"),
        (PacketSet.of(src=LAN, protocol=ICMP), "icmp 10.0.0.0/8 -> any"),
        (PacketSet.of(protocol=ICMP, icmp_type=Intervals.single(8)), "icmp any -> any (type 8)"),
        (
            PacketSet.of(protocol=ICMP, icmp_type=Intervals.single(3), icmp_code=Intervals.of((0, 4))),
            "icmp any -> any (type 3, code 0-4)",
        ),
        (PacketSet.of(src=LAN, protocol=99), "protocol 99 10.0.0.0/8 -> any"),
        (
            union(PacketSet.of(src=LAN, protocol=number) for number in (47, 50, 51, 132)),
            "gre/esp/ah/sctp 10.0.0.0/8 -> any",
        ),
        (
            PacketSet.ANY - union(PacketSet.of(protocol=number) for number in (TCP, UDP, ICMP, ICMPV6)),
            "any but icmp/tcp/udp/icmpv6 any -> any",
        ),
        (PacketSet.ANY - PacketSet.of(protocol=TCP), "any but tcp any -> any"),
        (
            PacketSet.of(dst=parse("2001:db8::/32"), protocol=TCP, dport=Intervals.single(443)),
            "tcp any -> [2001:db8::/32]:443",
        ),
        (
            PacketSet.of(dst=parse("2001:db8::1", "2001:db8::9"), protocol=TCP, dport=Intervals.single(443)),
            "tcp any -> {2001:db8::1, 2001:db8::9}:443",
        ),
        (
            PacketSet.of(
                src=LAN, dst=parse("10.0.0.1", "10.0.0.9"), protocol=TCP, dport=Intervals.of((80, 80), (443, 443))
            ),
            "tcp 10.0.0.0/8 -> {10.0.0.1, 10.0.0.9}:80,443",
        ),
    ],
)
def test_one_part(packets: PacketSet, text: str) -> None:
    assert packets.describe() == text


def test_many_protocols_are_numbered() -> None:
    low = union(PacketSet.of(src=LAN, protocol=protocol) for protocol in range(100, 105))
    assert low.describe() == "protocols 100-104 10.0.0.0/8 -> any"


def test_long_lists_are_cut_after_three() -> None:
    hosts = parse(*(f"10.0.0.{number}" for number in (1, 3, 5, 7, 9)))
    ports = Intervals.of(*((number, number) for number in (1, 3, 5, 7)))
    packets = PacketSet.of(src=hosts, dst=LAN, protocol=TCP, dport=ports)
    assert packets.describe() == "tcp {10.0.0.1, 10.0.0.3, 10.0.0.5, +2 more} -> 10.0.0.0/8:1,3,5 (+1 more)"


def test_of_three_none_is_counted() -> None:
    ports = Intervals.of(*((number, number) for number in (1, 3, 5)))
    hosts = parse("10.0.0.1", "10.0.0.3", "10.0.0.5")
    packets = PacketSet.of(src=hosts, dst=LAN, protocol=TCP, dport=ports)
    assert packets.describe() == "tcp {10.0.0.1, 10.0.0.3, 10.0.0.5} -> 10.0.0.0/8:1,3,5"


def test_three_parts_are_shown_and_the_rest_counted() -> None:
    parts = [
        PacketSet.of(src=parse(f"10.0.0.{number}"), dst=LAN, protocol=TCP, dport=Intervals.single(number))
        for number in (1, 3, 5, 7, 9)
    ]
    shown = "tcp 10.0.0.1 -> 10.0.0.0/8:1; tcp 10.0.0.3 -> 10.0.0.0/8:3; tcp 10.0.0.5 -> 10.0.0.0/8:5"
    assert union(parts).describe() == f"{shown} (+2 more)"
    assert union(parts[:3]).describe() == shown
    assert union(parts).describe(most=1) == "tcp 10.0.0.1 -> 10.0.0.0/8:1 (+4 more)"


def test_parts_between_the_same_addresses_are_told_apart_by_ports_and_types() -> None:
    web = PacketSet.of(src=LAN, protocol=TCP, dport=Intervals.single(80))
    echo = PacketSet.of(src=LAN, protocol=ICMP, icmp_type=Intervals.single(8))
    assert (web | echo).describe() == "tcp 10.0.0.0/8 -> any:80; icmp 10.0.0.0/8 -> any (type 8)"


def test_families_are_told_apart_by_addresses_and_by_ports() -> None:
    some = PacketSet.of(src=parse("10.0.0.0/8", "2001:db8::/32"), protocol=TCP, dport=Intervals.single(443))
    assert some.describe() == "tcp 10.0.0.0/8 -> any:443; tcp 2001:db8::/32 -> any:443"
    v4, v6 = (
        PacketSet.of(src=addresses, protocol=TCP, sport=Intervals.single(sport), dport=Intervals.single(443))
        for addresses, sport in ((AddressSet.ANY_V4, 1000), (AddressSet.ANY_V6, 2000))
    )
    assert (v4 | v6).describe() == (
        "tcp 0.0.0.0/0 -> 0.0.0.0/0:443 (source ports 1000); tcp ::/0 -> [::/0]:443 (source ports 2000)"
    )


def test_a_hole_is_shown_by_what_is_left_around_it() -> None:
    hole = PacketSet.of(protocol=TCP, src=LAN) - PacketSet.of(dst=parse("10.0.0.1"), dport=Intervals.single(80))
    assert hole.describe() == (
        "tcp 10.0.0.0/8 -> {0.0.0.0-10.0.0.0, 10.0.0.2-255.255.255.255}:any; tcp 10.0.0.0/8 -> 10.0.0.1:0-79,81-65535"
    )
