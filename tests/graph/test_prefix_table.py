"""Longest-prefix match over sets: what decides where, settled when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from mwaanet.graph.prefix_table import Prefix, PrefixTable
from mwaanet.net import AddressSet


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
