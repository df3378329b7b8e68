"""Protocol names and numbers."""

from __future__ import annotations

import pytest

from mwaanet.net import ANY_PORT, ICMP, ICMPV6, TCP, UDP, protocol_name, protocol_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("tcp", TCP), ("UDP", UDP), ("icmp", ICMP), ("icmpv6", ICMPV6), ("icmp6", ICMPV6), ("47", 47), ("0", 0)],
)
def test_a_name_or_number_gives_the_number(text: str, number: int) -> None:
    assert protocol_number(text) == number


@pytest.mark.parametrize("text", ["all", "ALL", "any", "-1"])
def test_every_protocol_is_none(text: str) -> None:
    assert protocol_number(text) is None


@pytest.mark.parametrize("text", ["", "256", "-2", "tcpp", "6.0", "٣"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a number 0-255, all, or one of icmp, igmp, ipip, tcp"):
        protocol_number(text)


def test_names_are_the_usual_ones() -> None:
    names = [protocol_name(number) for number in (TCP, UDP, ICMP, ICMPV6, 99, None)]
    assert names == ["tcp", "udp", "icmp", "icmpv6", "99", "all"]


def test_every_name_is_read_back() -> None:
    for number in (None, *range(256)):
        assert protocol_number(protocol_name(number)) == number


@pytest.mark.parametrize("number", [-1, 256])
def test_a_number_that_is_no_protocol_has_no_name(number: int) -> None:
    with pytest.raises(ValueError, match="is not a protocol number"):
        protocol_name(number)


def test_any_port_is_every_port() -> None:
    assert (ANY_PORT.min, ANY_PORT.max, ANY_PORT.size) == (0, 65535, 65536)
