"""Longest-prefix match over sets: what decides where, settled when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from mwaanet.graph.prefix_table import Prefix, PrefixTable
from mwaanet.net import AddressSet, Intervals


def parse(*texts: str) -> AddressSet:
    return AddressSet.parse(*texts)


def longest(covering: Sequence[Prefix[str]]) -> str | None:
    return covering[-1].payload or None


def table(**entries: str) -> PrefixTable[str]:
    return PrefixTable.build([(parse(block), name) for name, block in entries.items()], longest)


def test_the_longest_prefix_has_its_part_and_the_wider_one_the_rest() -> None:
    parts, unmatched = table(wide="10.0.0.0/8", narrow="10.1.0.0/16").split(parse("10.0.0.0/15", "172.16.0.1"))
    assert dict(parts) == {"wide": parse("10.0.0.0/16"), "narrow": parse("10.1.0.0/16")}
    assert unmatched == parse("172.16.0.1")


def test_families_are_side_by_side() -> None:
    parts, unmatched = table(four="0.0.0.0/0", six="2001:db8::/32").split(parse("10.0.0.1", "2001:db8::1", "2002::1"))
    assert dict(parts) == {"four": parse("10.0.0.1"), "six": parse("2001:db8::1")}
    assert unmatched == parse("2002::1")


def test_ranges_where_the_same_decides_are_one_part() -> None:
    """However many entries a prefix list has, its route is one way; the choices need only be equal."""

    def decide(covering: Sequence[Prefix[int]]) -> tuple[str, int]:
        return "list", covering[0].payload // 5

    found = PrefixTable.build([(parse(f"10.{n}.0.0/24"), n) for n in range(5)], decide)
    parts, unmatched = found.split(parse("10.0.0.0/14"))
    assert parts == [(("list", 0), parse(*(f"10.{n}.0.0/24" for n in range(4))))]
    assert unmatched == parse("10.0.0.0/14") - parts[0][1]


def test_a_range_without_a_choice_matches_nothing() -> None:
    parts, unmatched = PrefixTable.build([(parse("10.0.0.0/8"), "")], longest).split(parse("10.0.0.1"))
    assert parts == []
    assert unmatched == parse("10.0.0.1")


def test_only_what_is_asked_for_is_decided_and_once() -> None:
    """A transit gateway's table has a route for each VPC of an organisation; a diagnosis asks for a few."""
    decided: list[str] = []

    def decide(covering: Sequence[Prefix[str]]) -> str | None:
        decided.append(covering[-1].payload)
        return longest(covering)

    found = PrefixTable.build([(parse(f"10.{n}.0.0/16"), str(n)) for n in range(256)], decide)
    for _ in range(2):
        assert [choice for choice, _ in found.split(parse("10.7.0.0/16", "10.9.1.1"))[0]] == ["7", "9"]
    assert decided == ["7", "9"]


SPANS = st.tuples(st.integers(0, 40), st.integers(0, 12)).map(lambda span: (span[0], span[0] + span[1]))


@given(st.lists(st.lists(SPANS, min_size=1, max_size=2), max_size=6), st.lists(SPANS, min_size=1, max_size=3))
@settings(max_examples=30)
def test_every_address_is_decided_by_all_spans_that_hold_it_the_widest_first(
    entries: list[list[tuple[int, int]]], asked: list[tuple[int, int]]
) -> None:
    """Spans need not nest: what an interface holds may be any of a subnet's addresses."""

    def held(*spans: tuple[int, int]) -> AddressSet:
        return AddressSet(Intervals.of(*spans), Intervals.EMPTY)

    def widths(covering: Sequence[Prefix[int]]) -> tuple[tuple[int, int], ...]:
        assert all(left.last - left.first >= right.last - right.first for left, right in pairwise(covering))
        return tuple(sorted((prefix.payload, prefix.last - prefix.first) for prefix in covering))

    blocks = [(held(*spans), number) for number, spans in enumerate(entries)]
    parts, unmatched = PrefixTable.build(blocks, widths).split(held(*asked))
    for address in range(60):
        expected = tuple(
            (number, last - first)
            for block, number in blocks
            for first, last in block.v4.spans
            if first <= address <= last
        )
        wanted = address in held(*asked).v4
        assert [choice for choice, part in parts if address in part.v4] == ([expected] if wanted and expected else [])
        assert (address in unmatched.v4) == (wanted and not expected)
