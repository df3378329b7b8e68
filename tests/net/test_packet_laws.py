"""Packet sets against brute force: every operation, checked packet by packet on a small universe."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from itertools import combinations, product
from operator import and_, or_, sub
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from mwaanet.net import AddressSet, Intervals, Packet, PacketSet

quick = settings(max_examples=120, deadline=None, derandomize=True, database=None)

V4 = ("10.0.0.1", "10.0.0.2", "10.0.0.9")
V6 = ("2001:db8::1", "2001:db8::2")
PORTS = (80, 81, 443)
TYPES = (0, 3, 8, 128, 129)
CODES = (0, 1)
WITH_PORTS = (6, 17)
WITH_TYPES = (1, 58)
PROTOCOLS = (1, 6, 17, 47, 58)


def all_packets() -> frozenset[Packet]:
    ends = [*product(V4, V4), *product(V6, V6)]
    return frozenset(
        [
            *(
                Packet(*end, protocol, *ports)
                for end in ends
                for protocol in WITH_PORTS
                for ports in product(PORTS, PORTS)
            ),
            *(Packet(*end, one, 0, 0, *kind) for end in ends for one in WITH_TYPES for kind in product(TYPES, CODES)),
            *(Packet(*end, 47) for end in ends),
        ]
    )


UNIVERSE = all_packets()


def numbers(values: frozenset[int] | None) -> Intervals | None:
    return None if values is None else Intervals.of(*((value, value) for value in values))


class Filter(NamedTuple):
    """The arguments of `where` as plain sets, and what they mean."""

    src: frozenset[str] | None = None
    dst: frozenset[str] | None = None
    protocol: int | None = None
    sport: frozenset[int] | None = None
    dport: frozenset[int] | None = None
    icmp_type: frozenset[int] | None = None
    icmp_code: frozenset[int] | None = None

    def admits(self, packet: Packet) -> bool:
        has_ports, has_types = packet.protocol in WITH_PORTS, packet.protocol in WITH_TYPES
        return (
            (self.src is None or packet.src in self.src)
            and (self.dst is None or packet.dst in self.dst)
            and (self.protocol is None or packet.protocol == self.protocol)
            and (self.sport is None or (has_ports and packet.sport in self.sport))
            and (self.dport is None or (has_ports and packet.dport in self.dport))
            and (self.icmp_type is None or (has_types and packet.icmp_type in self.icmp_type))
            and (self.icmp_code is None or (has_types and packet.icmp_code in self.icmp_code))
        )

    def applied(self, packets: PacketSet) -> PacketSet:
        return packets.where(
            src=None if self.src is None else AddressSet.parse(*self.src),
            dst=None if self.dst is None else AddressSet.parse(*self.dst),
            protocol=self.protocol,
            sport=numbers(self.sport),
            dport=numbers(self.dport),
            icmp_type=numbers(self.icmp_type),
            icmp_code=numbers(self.icmp_code),
        )


BOUNDS = [
    Filter(frozenset(V4 + V6), frozenset(V4 + V6), 6, frozenset(PORTS), frozenset(PORTS)),
    Filter(frozenset(V4 + V6), frozenset(V4 + V6), 17, frozenset(PORTS), frozenset(PORTS)),
    Filter(frozenset(V4 + V6), frozenset(V4 + V6), 1, None, None, frozenset(TYPES), frozenset(CODES)),
    Filter(frozenset(V4 + V6), frozenset(V4 + V6), 58, None, None, frozenset(TYPES), frozenset(CODES)),
    Filter(frozenset(V4 + V6), frozenset(V4 + V6), 47),
]
WHOLE = reduce(or_, (bound.applied(PacketSet.ANY) for bound in BOUNDS))
"""The universe as a packet set: within it, equal members means equal sets."""


class Pair(NamedTuple):
    """A packet set, and the packets that brute force says are in it."""

    packets: PacketSet
    members: frozenset[Packet]


def members(packets: PacketSet) -> frozenset[Packet]:
    return frozenset(packet for packet in UNIVERSE if packet in packets)


addresses = st.none() | st.frozensets(st.sampled_from(V4 + V6))
ports = st.none() | st.frozensets(st.sampled_from(PORTS))
filters = st.one_of(
    st.builds(Filter, addresses, addresses, st.none() | st.sampled_from(PROTOCOLS)),
    st.builds(Filter, addresses, addresses, st.none() | st.sampled_from(WITH_PORTS), ports, ports),
    st.builds(
        Filter,
        addresses,
        addresses,
        st.none() | st.sampled_from(WITH_TYPES),
        st.none(),
        st.none(),
        st.none() | st.frozensets(st.sampled_from(TYPES)),
        st.none() | st.frozensets(st.sampled_from(CODES)),
    ),
)
Operation = Callable[[PacketSet, PacketSet], PacketSet]
steps = st.tuples(st.sampled_from([or_, or_, or_, and_, sub]), filters)


def pair_of(parts: list[tuple[Operation, Filter]]) -> Pair:
    packets, expected = PacketSet.NONE, frozenset[Packet]()
    for operation, part in parts:
        packets = operation(packets, part.applied(WHOLE))
        admitted = frozenset(filter(part.admits, UNIVERSE))
        # The operators of frozenset are the specification of those of PacketSet.
        expected = operation(expected, admitted)  # type: ignore[arg-type,assignment]
    return Pair(packets, expected)


pairs = st.lists(steps, max_size=4).map(pair_of)


def assert_well_formed(packets: PacketSet) -> None:
    assert all(all(box[2:]) for box in packets.boxes)
    for x, y in combinations(packets.boxes, 2):
        assert x[:2] != y[:2] or any(not one & other for one, other in zip(x[2:], y[2:], strict=True))


def test_the_universe_is_what_it_claims() -> None:
    assert members(WHOLE) == UNIVERSE
    assert WHOLE.size == len(UNIVERSE)
    assert WHOLE.issubset(PacketSet.ANY)


@quick
@given(pairs)
def test_membership_emptiness_and_size(a: Pair) -> None:
    assert members(a.packets) == a.members
    assert bool(a.packets) == bool(a.members)
    assert a.packets.size == len(a.members)
    assert_well_formed(a.packets)


@quick
@given(pairs, pairs)
def test_union_intersection_and_difference(a: Pair, b: Pair) -> None:
    for operation in (or_, and_, sub):
        result = operation(a.packets, b.packets)
        assert members(result) == operation(a.members, b.members)
        assert_well_formed(result)


@quick
@given(pairs, pairs)
def test_comparisons(a: Pair, b: Pair) -> None:
    assert (a.packets == b.packets) == (a.members == b.members)
    assert a.packets.issubset(b.packets) == (a.members <= b.members)
    assert a.packets.isdisjoint(b.packets) == a.members.isdisjoint(b.members)
    assert (a.packets & b.packets).issubset(a.packets)


@quick
@given(pairs, pairs, pairs)
def test_nothing_depends_on_how_a_set_is_cut(a: Pair, b: Pair, c: Pair) -> None:
    packets = a.packets
    cuts = [
        (packets & b.packets) | (packets - b.packets),
        (packets - c.packets) | (packets & c.packets),
        packets - (b.packets - packets),
        (packets | c.packets) - (c.packets - packets),
    ]
    for recut in cuts:
        assert recut == packets
        assert hash(recut) == hash(packets)
        assert recut.describe() == packets.describe()
        assert not recut or recut.sample() == packets.sample()


@quick
@given(pairs, pairs)
def test_de_morgan(a: Pair, b: Pair) -> None:
    everything = PacketSet.ANY
    assert everything - (a.packets | b.packets) == (everything - a.packets) & (everything - b.packets)
    assert everything - (a.packets & b.packets) == (everything - a.packets) | (everything - b.packets)
    assert everything - (everything - a.packets) == a.packets
    assert_well_formed(everything - a.packets)


@quick
@given(pairs, pairs, pairs)
def test_distributive_and_absorption(a: Pair, b: Pair, c: Pair) -> None:
    assert a.packets & (b.packets | c.packets) == (a.packets & b.packets) | (a.packets & c.packets)
    assert a.packets | (a.packets & b.packets) == a.packets & (a.packets | b.packets) == a.packets


@quick
@given(pairs, filters)
def test_where_is_intersection_with_of(a: Pair, narrow: Filter) -> None:
    result = narrow.applied(a.packets)
    assert members(result) == frozenset(filter(narrow.admits, a.members))
    assert result == a.packets & narrow.applied(PacketSet.ANY)
    assert_well_formed(result)


@quick
@given(pairs)
def test_a_sample_is_the_least_member(a: Pair) -> None:
    if a.packets:
        assert a.packets.sample() in a.members
        rest = a.packets - single(a.packets.sample())
        assert members(rest) == a.members - {a.packets.sample()}


@quick
@given(pairs)
def test_projections(a: Pair) -> None:
    packets, with_ports = a.packets, [packet for packet in a.members if packet.protocol in WITH_PORTS]
    assert packets.src == AddressSet.parse(*(packet.src for packet in a.members))
    assert packets.dst == AddressSet.parse(*(packet.dst for packet in a.members))
    assert packets.protocols == numbers(frozenset(packet.protocol for packet in a.members))
    assert packets.sport == numbers(frozenset(packet.sport for packet in with_ports))
    assert packets.dport == numbers(frozenset(packet.dport for packet in with_ports))


def single(packet: Packet) -> PacketSet:
    ends = PacketSet.of(src=AddressSet.parse(packet.src), dst=AddressSet.parse(packet.dst), protocol=packet.protocol)
    if packet.protocol in WITH_PORTS:
        return ends.where(sport=Intervals.single(packet.sport), dport=Intervals.single(packet.dport))
    if packet.protocol in WITH_TYPES:
        return ends.where(icmp_type=Intervals.single(packet.icmp_type), icmp_code=Intervals.single(packet.icmp_code))
    return ends


def reply(packet: Packet) -> Packet:
    turned = {(1, 8): 0, (1, 0): 8, (58, 128): 129, (58, 129): 128}
    return Packet(
        packet.dst,
        packet.src,
        packet.protocol,
        packet.dport,
        packet.sport,
        turned.get((packet.protocol, packet.icmp_type), packet.icmp_type),
        packet.icmp_code,
    )


@quick
@given(pairs)
def test_reversed_turns_every_packet_around(a: Pair) -> None:
    back = a.packets.reversed()
    assert members(back) == frozenset(map(reply, a.members))
    assert back.reversed() == a.packets
    assert_well_formed(back)


class Rewriting(NamedTuple):
    """The arguments of `replace` as plain sets, and what they mean."""

    src: frozenset[str] | None
    dst: frozenset[str] | None
    sport: frozenset[int] | None
    dport: frozenset[int] | None

    def images(self, packet: Packet) -> list[Packet]:
        family = V4 if packet.src in V4 else V6
        has_ports = packet.protocol in WITH_PORTS
        choices = product(
            [packet.src] if self.src is None else self.src & set(family),
            [packet.dst] if self.dst is None else self.dst & set(family),
            self.sport if self.sport is not None and has_ports else [packet.sport],
            self.dport if self.dport is not None and has_ports else [packet.dport],
        )
        return [packet._replace(src=src, dst=dst, sport=sport, dport=dport) for src, dst, sport, dport in choices]


some_addresses = st.frozensets(st.sampled_from(V4), min_size=1)
some_ports = st.frozensets(st.sampled_from(PORTS), min_size=1)
crowds = st.lists(
    st.builds(Filter, some_addresses, some_addresses, st.just(6), some_ports, some_ports), min_size=2, max_size=4
).map(lambda parts: pair_of([(or_, part) for part in parts]))
"""TCP packets whose images under a rewriting are likely to overlap."""


@quick
@given(pairs | crowds, st.builds(Rewriting, addresses, addresses, ports, ports))
def test_replace_gives_the_image_of_every_packet(a: Pair, rewriting: Rewriting) -> None:
    image = a.packets.replace(
        src=None if rewriting.src is None else AddressSet.parse(*rewriting.src),
        dst=None if rewriting.dst is None else AddressSet.parse(*rewriting.dst),
        sport=numbers(rewriting.sport),
        dport=numbers(rewriting.dport),
    )
    assert members(image) == frozenset(new for packet in a.members for new in rewriting.images(packet))
    assert image.issubset(WHOLE)
    assert_well_formed(image)
