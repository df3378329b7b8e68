"""The packets that a question is about, by its keywords: `tcp=443`, `udp="53,1024-65535"`, `protocol="icmp"`."""

from __future__ import annotations

from typing import NamedTuple

from mwaanet.errors import UsageError
from mwaanet.net import ANY_PORT, protocol_name, protocol_number

Ports = int | str
"""One port, or a text: `"443"`, `"8000-8010"`, `"80,443"`, or `"all"`."""

EVERY_PORT = "all"


class Asked(NamedTuple):
    """A protocol and the destination ports; none where the protocol has none."""

    protocol: str
    ports: tuple[tuple[int, int], ...] = ()

    def __str__(self) -> str:
        if not self.ports:
            return "every protocol" if protocol_number(self.protocol) is None else self.protocol
        if self.ports == ANY_PORT.spans:
            return f"{self.protocol}, every port"
        return f"{self.protocol} {','.join(f'{a}' if a == b else f'{a}-{b}' for a, b in self.ports)}"


def asked_packets(tcp: Ports | None, udp: Ports | None, protocol: Ports | None, own_port: int | None) -> Asked:
    """The packets; by default TCP to the only port that the destination has. UsageError where it is not said which."""
    named = {
        "tcp": tcp,
        "udp": udp,
        "protocol": protocol,
    }
    given = {name: value for name, value in named.items() if value is not None}
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)} exclude each other: ask once for each")
    if protocol is not None:
        return _by_protocol(str(protocol))
    for name, value in given.items():
        return Asked(name, _ports(name, value))
    if own_port is None:
        raise UsageError('say which packets: tcp=443, udp="53", protocol="icmp" or protocol="all"')
    return Asked("tcp", ((own_port, own_port),))


def _by_protocol(text: str) -> Asked:
    try:
        number = protocol_number(text)
    except ValueError as error:
        raise UsageError(f"protocol: {error}") from error
    return Asked(protocol_name(number))


def _ports(name: str, value: Ports) -> tuple[tuple[int, int], ...]:
    text = str(value).replace(" ", "")
    if text == EVERY_PORT:
        return ANY_PORT.spans
    return tuple(_range(name, part) for part in text.split(","))


def _range(name: str, part: str) -> tuple[int, int]:
    low, _, high = part.partition("-")
    try:
        first, last = int(low), int(high or low)
    except ValueError:
        first, last = 1, 0
    if not 0 <= first <= last <= ANY_PORT.max:
        raise UsageError(f"{name}={part}: expected a port, a range such as 1024-65535, a list of them, or {EVERY_PORT}")
    return first, last
