"""IP protocol numbers and names (IANA "Assigned Internet Protocol Numbers"), and which fields each has."""

from __future__ import annotations

from typing import Final

from mwaanet.net.intervals import Intervals

ICMP: Final = 1
"""Internet Control Message Protocol: a type and a code instead of ports."""

TCP: Final = 6
"""Transmission Control Protocol: source and destination port."""

UDP: Final = 17
"""User Datagram Protocol: source and destination port."""

ICMPV6: Final = 58
"""ICMP for IPv6: a type and a code instead of ports."""

ANY_PORT: Final = Intervals.of((0, 65535))
"""Every port."""

CLIENT_PORTS: Final = Intervals.of((1024, 65535))
"""Ports that clients and address translators take: all but the system ports (RFC 6335)."""

ANY_PROTOCOL: Final = Intervals.of((0, 255))
"""Every protocol number."""

_NAMES: Final = {
    ICMP: "icmp",
    2: "igmp",
    4: "ipip",
    TCP: "tcp",
    UDP: "udp",
    41: "ipv6",
    47: "gre",
    50: "esp",
    51: "ah",
    ICMPV6: "icmpv6",
    89: "ospf",
    132: "sctp",
}
_NUMBERS: Final = {name: number for number, name in _NAMES.items()} | {"icmp6": ICMPV6}
_EVERY: Final = ("all", "any", "-1")


def protocol_number(text: str) -> int | None:
    """The number of a protocol given by name (in any case) or number; None for "all", "any" or "-1": every protocol.

    ValueError for a name not known here or a number outside 0-255.
    """
    name = text.lower()
    if name in _EVERY:
        return None
    if name in _NUMBERS:
        return _NUMBERS[name]
    if name.isascii() and name.isdecimal() and int(name) in ANY_PROTOCOL:
        return int(name)
    raise ValueError(f"{text!r} is not a protocol: expected a number 0-255, all, or one of {', '.join(_NUMBERS)}")


def protocol_name(number: int | None) -> str:
    """The usual name of a protocol number, the number itself as text if it has none here, "all" for None.

    ValueError for a number outside 0-255. `protocol_number` reads every answer back.
    """
    if number is None:
        return "all"
    if number not in ANY_PROTOCOL:
        raise ValueError(f"{number} is not a protocol number: expected 0-255")
    return _NAMES.get(number, str(number))
