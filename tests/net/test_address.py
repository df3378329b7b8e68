"""Address sets: reading, writing and the operations."""

from __future__ import annotations

import pickle
from ipaddress import ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mwaanet.net import AddressSet, Intervals

quick = settings(max_examples=300, deadline=None, derandomize=True, database=None)
parse = AddressSet.parse

# Around an octet's edge and both ends of each family, where blocks and ranges are easiest to get wrong.
V4 = [0, 1, 2, 3, *range(0x0A0000FC, 0x0A000104), 2**32 - 2, 2**32 - 1]
V6 = [0, 1, *(0x20010DB8 << 96 | low for low in range(0xFFFE, 0x10002)), 2**128 - 1]


def runs(numbers: list[int]) -> st.SearchStrategy[Intervals]:
    pairs = st.tuples(st.sampled_from(numbers), st.sampled_from(numbers)).map(lambda pair: (min(pair), max(pair)))
    return st.lists(pairs, max_size=3).map(lambda spans: Intervals.of(*spans))


addresses = st.builds(AddressSet, runs(V4), runs(V6))


def members(value: AddressSet) -> set[str]:
    texts = [*(str(ip_address(number)) for number in V4), *(str(ip_address(number).__class__(number)) for number in V6)]
    return {text for text in texts if text in value}


@pytest.mark.parametrize(
    ("texts", "written"),
    [
        ((), "none"),
        (("10.0.0.0/8", "10.9.0.5-10.9.0.9"), "10.0.0.0/8"),
        (("10.0.0.0/8", "11.9.0.5-11.9.0.9"), "10.0.0.0/8, 11.9.0.5-11.9.0.9"),
        (("10.1.2.3/32",), "10.1.2.3"),
        (("10.0.0.0/25", "10.0.0.128/25"), "10.0.0.0/24"),
        (("10.0.0.0-10.0.2.255",), "10.0.0.0-10.0.2.255"),
        (("9.255.255.255-10.0.255.255",), "9.255.255.255, 10.0.0.0/16"),
        (("0.0.0.0/0",), "0.0.0.0/0"),
        (("::/0",), "::/0"),
        (("0.0.0.0/0", "::/0"), "any"),
        (("2001:DB8:0:0::1",), "2001:db8::1"),
        (("2001:db8::/32", "10.0.0.1"), "10.0.0.1, 2001:db8::/32"),
        (("2001:db8::-2001:db8:0:2:ffff:ffff:ffff:ffff",), "2001:db8::/63, 2001:db8:0:2::/64"),
    ],
)
def test_the_shortest_text_is_written_blocks_where_none_is_shorter(texts: tuple[str, ...], written: str) -> None:
    assert str(parse(*texts)) == written


def test_an_address_is_in_the_set_of_its_own_family() -> None:
    assert "10.0.0.5" in parse("10.0.0.0/8")
    assert "10.0.0.5" not in parse("::/0")
    assert "::5" in parse("::/64")
    assert "::5" not in parse("0.0.0.0/0")


def test_hashes_tell_most_sets_apart() -> None:
    assert len({hash(parse(f"10.0.{number}.0/24")) for number in range(50)}) > 40


def test_the_first_address_is_the_lowest_ipv4_before_ipv6() -> None:
    assert parse("10.0.0.9", "10.0.0.3", "::1").first() == "10.0.0.3"
    assert parse("2001:db8::9", "2001:db8::3").first() == "2001:db8::3"
    with pytest.raises(ValueError, match=r"^an empty address set has no first address$"):
        AddressSet.NONE.first()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is not an IP address"),
        ("any", "is not an IP address"),
        ("10.0.0", "is not an IP address"),
        ("10.0.0.256", "is not an IP address"),
        (" 10.0.0.1", "is not an IP address"),
        ("010.0.0.1", "is not an IP address"),
        ("fe80::1%eth0", "has a zone"),
        ("10.0.0.0/33", "expected a prefix length 0-32"),
        ("10.0.0.0/8/8", "expected a prefix length 0-32"),
        ("10.0.0.0/", "expected a prefix length 0-32"),
        ("10.0.0.0/255.0.0.0", "expected a prefix length 0-32"),
        ("2001:db8::/129", "expected a prefix length 0-128"),
        ("10.0.0.5/8", "bits set beyond its prefix; the block is 10.0.0.0/8"),
        ("10.0.0.9-10.0.0.5", "ends before it starts"),
        ("10.0.0.1-::1", "mixes IPv4 and IPv6"),
        ("10.0.0.1-", "is not an IP address"),
    ],
)
def test_bad_text_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse(text)


def test_the_first_address_is_the_lowest_and_ipv4_if_any() -> None:
    assert parse("2001:db8::/32", "10.0.0.0/8", "9.0.0.7").first() == "9.0.0.7"
    assert parse("2001:db8::/32").first() == "2001:db8::"
    with pytest.raises(ValueError, match="no first address"):
        AddressSet.NONE.first()


def test_constants() -> None:
    assert AddressSet.ANY_V4 | AddressSet.ANY_V6 == AddressSet.ANY
    assert AddressSet.ANY - AddressSet.ANY_V4 == AddressSet.ANY_V6
    assert AddressSet.ANY.size == 2**32 + 2**128
    assert not AddressSet.NONE
    assert AddressSet.ANY_V6


def test_membership_reads_any_spelling_of_an_address() -> None:
    assert "2001:0db8:0::1" in parse("2001:db8::/32")
    assert "10.0.0.1" not in parse("2001:db8::/32")
    with pytest.raises(ValueError, match="is not an IP address"):
        _ = "10.0.0.0/8" in AddressSet.ANY


def test_the_addresses_of_a_family() -> None:
    both = parse("10.0.0.1", "::1")
    assert both.of_family(4) == both.v4 == Intervals.single(0x0A000001)
    assert both.of_family(6) == both.v6 == Intervals.single(1)


def test_address_sets_differ_from_other_types() -> None:
    assert parse("10.0.0.1") != "10.0.0.1"


def test_address_sets_survive_pickling() -> None:
    value = parse("10.0.0.0/8", "2001:db8::/32")
    assert pickle.loads(pickle.dumps(value)) == value
    assert {value: "key"}[parse("2001:db8::/32", "10.0.0.0/8")] == "key"


@quick
@given(addresses, addresses)
def test_operations_are_those_of_sets(a: AddressSet, b: AddressSet) -> None:
    assert members(a & b) == members(a) & members(b)
    assert members(a | b) == members(a) | members(b)
    assert members(a - b) == members(a) - members(b)
    assert a.issubset(b) == (a - b == AddressSet.NONE)
    assert bool(a) == (a.size > 0)
    assert (a & a, a | a, a - a) == (a, a, AddressSet.NONE)
    rebuilt = (a & b) | (a - b)
    assert hash(rebuilt) == hash(a)
    assert not rebuilt != a  # noqa: SIM202 - the operator itself is what is tested


@quick
@given(addresses)
def test_texts_are_read_back(value: AddressSet) -> None:
    assert parse(*value.texts()) == value
