"""Packet sets: what each argument and each answer means, by example."""

from __future__ import annotations

import pickle

import pytest

from mwaanet.net import ANY_PORT, EMPTY, ICMP, ICMPV6, TCP, UDP, AddressSet, Intervals, Packet, PacketSet
from mwaanet.net.boxes import Box

parse = AddressSet.parse
port = Intervals.single


def web(src: str = "10.1.10.0/24", dst: str = "10.50.1.20", dport: int = 8081) -> PacketSet:
    return PacketSet.of(src=parse(src), dst=parse(dst), protocol=TCP, dport=port(dport))


def test_any_holds_packets_of_every_kind_and_none_holds_none() -> None:
    for packet in (
        Packet("10.0.0.1", "10.0.0.2", TCP, 1, 2),
        Packet("::1", "::2", ICMPV6, icmp_type=128),
        Packet("10.0.0.1", "10.0.0.2", 47),
    ):
        assert packet in PacketSet.ANY
        assert packet not in PacketSet.NONE
    assert PacketSet.of() == PacketSet.ANY
    assert not PacketSet.NONE


def test_no_packet_mixes_families() -> None:
    assert Packet("10.0.0.1", "::1", TCP) not in PacketSet.ANY
    assert not PacketSet.of(src=AddressSet.ANY_V4, dst=AddressSet.ANY_V6)


def test_fields_that_a_protocol_does_not_have_are_ignored() -> None:
    gre = PacketSet.of(protocol=47)
    assert Packet("10.0.0.1", "10.0.0.2", 47, sport=5, icmp_code=9) in gre


def test_a_packet_whose_end_is_not_an_address_is_refused() -> None:
    with pytest.raises(ValueError, match="'router' is not an IP address"):
        _ = Packet("router", "10.0.0.1", TCP) in PacketSet.ANY


def test_a_port_filter_keeps_only_protocols_with_ports() -> None:
    assert PacketSet.of(dport=ANY_PORT).protocols == Intervals.of((TCP, TCP), (UDP, UDP))
    assert PacketSet.of(sport=ANY_PORT) == PacketSet.of(protocol=TCP) | PacketSet.of(protocol=UDP)
    assert not PacketSet.of(protocol=ICMP, dport=port(80))


def test_an_icmp_filter_keeps_only_icmp() -> None:
    assert PacketSet.of(icmp_type=port(8)).protocols == Intervals.of((ICMP, ICMP), (ICMPV6, ICMPV6))
    assert not PacketSet.of(protocol=TCP, icmp_code=port(0))
    assert not PacketSet.of(dport=port(80), icmp_type=port(8))


def test_an_empty_filter_leaves_nothing() -> None:
    assert not PacketSet.of(src=AddressSet.NONE)
    assert not PacketSet.of(dport=EMPTY)


@pytest.mark.parametrize("protocol", [-1, 256])
def test_a_protocol_out_of_range_is_refused(protocol: int) -> None:
    with pytest.raises(ValueError, match=f"{protocol} is not a protocol number"):
        PacketSet.of(protocol=protocol)


def test_narrowing_by_what_all_packets_have_returns_the_same_object() -> None:
    packets = web()
    assert packets.where(dst=parse("10.0.0.0/8"), protocol=TCP) is packets
    assert packets & web(src="10.0.0.0/8") is packets
    assert packets - web(dport=80) is packets
    assert packets | PacketSet.NONE is packets
    assert packets | packets is packets & packets is packets
    assert PacketSet.NONE | packets is packets
    assert packets | web(src="10.1.10.7") is packets


def test_boxes_that_differ_in_one_axis_become_one() -> None:
    halves = web(src="10.1.10.0/25") | web(src="10.1.10.128/25")
    assert halves.boxes == web().boxes
    ports = web(dport=80) | web(dport=443)
    assert len(ports.boxes) == 1
    assert len((PacketSet.ANY - web() | web()).boxes) == len(PacketSet.ANY.boxes)


def test_a_chain_of_merges_is_followed_to_its_end() -> None:
    corners = [web(src=src, dport=dport) for src in ("10.0.0.1", "10.0.0.2") for dport in (80, 443)]
    assert len((corners[0] | corners[3] | corners[1] | corners[2]).boxes) == 1


def test_equal_sets_may_be_cut_differently() -> None:
    square = PacketSet.of(src=parse("10.0.0.0-10.0.0.2"), dst=parse("10.0.0.0-10.0.0.2"), protocol=47)
    pieces = [("0-1", "0-0"), ("2-2", "0-1"), ("1-2", "2-2"), ("0-0", "1-2"), ("1-1", "1-1")]
    pinwheel = PacketSet.NONE
    for src, dst in pieces:
        ends = [parse("-".join(f"10.0.0.{digit}" for digit in text.split("-"))) for text in (src, dst)]
        pinwheel |= PacketSet.of(src=ends[0], dst=ends[1], protocol=47)
    assert len(pinwheel.boxes) > len(square.boxes)
    assert pinwheel == square
    assert not pinwheel != square  # noqa: SIM202 - the operator itself is what is tested
    assert hash(pinwheel) == hash(square)
    assert pinwheel.describe() == square.describe()


def test_packet_sets_differ_from_other_types_and_other_sets() -> None:
    assert frozenset() != PacketSet.NONE
    assert web() != web(dport=80)
    assert hash(PacketSet.NONE) == hash(web() - web())


def test_projections() -> None:
    both = web() | PacketSet.of(src=parse("2001:db8::/32"), dst=parse("::1"), protocol=ICMPV6)
    assert str(both.src) == "10.1.10.0/24, 2001:db8::/32"
    assert str(both.dst) == "10.50.1.20, ::1"
    assert both.protocols == Intervals.of((TCP, TCP), (ICMPV6, ICMPV6))
    assert (both.sport, both.dport) == (ANY_PORT, port(8081))
    assert PacketSet.of(protocol=47).dport == EMPTY


def test_samples_are_the_least_packet() -> None:
    assert web().sample() == Packet("10.1.10.0", "10.50.1.20", TCP, 0, 8081)
    ping = PacketSet.of(src=parse("::1"), protocol=ICMPV6, icmp_type=port(128))
    assert ping.sample() == Packet("::1", "::", ICMPV6, icmp_type=128)
    assert (ping | PacketSet.of(src=parse("10.0.0.1"), protocol=47)).sample() == Packet("10.0.0.1", "0.0.0.0", 47)
    unreachable = PacketSet.of(protocol=ICMP, icmp_type=port(3), icmp_code=port(4))
    assert unreachable.sample() == Packet("0.0.0.0", "0.0.0.0", ICMP, icmp_type=3, icmp_code=4)
    with pytest.raises(ValueError, match=r"^an empty packet set has no sample$"):
        PacketSet.NONE.sample()


def test_replace_rewrites_the_given_axes_only() -> None:
    translated = web().replace(src=parse("10.9.9.9"), sport=Intervals.of((1024, 65535)))
    expected = web(src="10.9.9.9").where(sport=Intervals.of((1024, 65535)))
    assert translated == expected


def test_replace_unites_what_becomes_the_same() -> None:
    hosts = web(src="10.0.0.1", dport=80) | web(src="10.0.0.5", dport=443) | web(src="10.0.0.9", dport=80)
    assert len(hosts.replace(src=parse("10.9.9.9")).boxes) == 1
    overlapping = web(dport=80) | web(src="10.0.0.0/8", dst="10.60.0.1", dport=443)
    assert overlapping.replace(dst=parse("10.70.0.1")).size == overlapping.size
    assert overlapping.replace(dport=port(1), dst=parse("10.70.0.1")) == web("10.0.0.0/8", "10.70.0.1", 1)
    far_apart = web(dst="10.60.0.1", dport=80) | web(dst="10.60.0.2", dport=443)
    assert far_apart.replace(dport=port(1), dst=parse("10.70.0.1")) == web(dst="10.70.0.1", dport=1)


def test_replace_counts_packets_that_overlap_once() -> None:
    low = PacketSet.of(src=parse("10.0.0.0/24"), dst=parse("10.60.0.1"), dport=Intervals.of((1, 100)))
    wide = PacketSet.of(src=parse("10.0.0.0/16"), dst=parse("10.60.0.2"), dport=Intervals.of((80, 200)))
    new = parse("10.70.0.1")
    image = (low | wide).replace(dst=new)
    assert image == low.replace(dst=new) | wide.replace(dst=new)
    assert image.size == low.size + wide.size - (low.replace(dst=new) & wide.replace(dst=new)).size


def test_replace_drops_packets_of_a_family_without_new_addresses() -> None:
    moved = PacketSet.of(protocol=TCP).replace(dst=parse("10.9.9.9"))
    assert moved == PacketSet.of(dst=parse("10.9.9.9"), protocol=TCP)
    assert not web().replace(src=parse("::1"))


def test_replace_of_ports_leaves_protocols_without_ports() -> None:
    ping = PacketSet.of(protocol=ICMP)
    assert (ping | web()).replace(dport=EMPTY) == ping


def test_replace_refuses_impossible_ports() -> None:
    with pytest.raises(ValueError, match="ports 65536 are not within 0-65535"):
        web().replace(sport=port(65536))


@pytest.mark.parametrize(
    ("protocol", "request_type", "reply_type"),
    [(ICMP, 8, 0), (ICMP, 13, 14), (ICMP, 15, 16), (ICMP, 17, 18), (ICMPV6, 128, 129)],
)
def test_icmp_requests_and_replies_are_turned_into_each_other(
    protocol: int, request_type: int, reply_type: int
) -> None:
    request = PacketSet.of(src=parse("10.0.0.1"), protocol=protocol, icmp_type=port(request_type))
    answer = PacketSet.of(dst=parse("10.0.0.1"), protocol=protocol, icmp_type=port(reply_type))
    assert request.reversed() == answer
    assert answer.reversed() == request


def test_icmp_errors_keep_their_type() -> None:
    unreachable = PacketSet.of(protocol=ICMP, icmp_type=port(3), icmp_code=port(4))
    assert unreachable.reversed() == unreachable
    assert PacketSet.ANY.reversed() == PacketSet.ANY


def test_packet_sets_are_keys_and_survive_pickling() -> None:
    packets = PacketSet.ANY - web()
    copy = pickle.loads(pickle.dumps(packets))
    assert copy == packets
    assert {packets: "key"}[copy] == "key"
    assert isinstance(copy.boxes[0], Box)
    with pytest.raises(AttributeError):
        packets.boxes = ()  # type: ignore[misc]


def test_debuggers_show_the_description() -> None:
    assert repr(web()) == "<PacketSet tcp 10.1.10.0/24 -> 10.50.1.20:8081>"


def test_hashes_tell_most_sets_apart() -> None:
    assert len({hash(web(dport=number)) for number in range(50)}) > 40
    assert len({hash(web() | web(dport=number)) for number in range(9000, 9050)}) > 40


def test_protocols_are_of_eight_bits() -> None:
    for protocol in (0, 255):
        assert PacketSet.of(protocol=protocol).protocols == Intervals.single(protocol)
    for protocol in (-1, 256):
        with pytest.raises(ValueError, match="is not a protocol number"):
            PacketSet.of(protocol=protocol)


def test_parts_that_become_alike_are_one() -> None:
    one, other = (web(dst=f"10.50.1.{number}") | web(dst=f"10.50.1.{number}", dport=number) for number in (20, 21))
    assert len((one | other).boxes) == 2
    assert len((one | other).where(dport=port(8081)).boxes) == 1


def test_of_two_sets_in_two_parts_each_the_difference_is_the_part_that_only_the_first_has() -> None:
    kept, shared, other = web(dport=80), web(dst="10.50.1.21"), web(dst="10.50.1.22", dport=443)
    assert (kept | shared) - (shared | other) == kept


def test_equal_numbers_of_both_families_stay_apart() -> None:
    v4 = PacketSet.of(src=parse("0.0.0.1"), dst=parse("0.0.0.2"))
    v6 = PacketSet.of(src=parse("::1"), dst=parse("::2"))
    assert (v4 | v6).size == v4.size + v6.size
    assert Packet("::1", "::2", TCP, 1, 2) in v4 | v6


def test_equal_numbers_of_ports_and_of_none_stay_apart() -> None:
    ends = PacketSet.of(src=parse("10.0.0.1"), dst=parse("10.0.0.2"))
    zero, gre = ends.where(protocol=TCP, sport=port(0), dport=port(0)), ends.where(protocol=47)
    assert (zero | gre).sport == port(0)
    assert (zero | gre) - zero == gre
