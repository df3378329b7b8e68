"""The addresses under which this host would call a name."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import Final

from mwaanet.errors import UsageError
from mwaanet.probe.bounded import within

MOST_ADDRESSES: Final = 16
"""The most addresses of one name that are tried."""


def host_and_port(text: str) -> tuple[str, int]:
    """The parts of `host:port`, `1.2.3.4:port` or `[IPv6]:port`; UsageError says what was expected."""
    host, colon, port = text.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        raise UsageError(f"{text!r}: an IPv6 address is written [ADDRESS]:PORT")
    if not colon or not host or not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
        raise UsageError(f"{text!r}: expected HOST:PORT or [IPv6]:PORT, with a port from 1 to 65535")
    if "%" in host:
        raise UsageError(f"{text!r}: an address with a zone is of one link alone, which nothing of AWS is on")
    if not host.isprintable() or any(character in host for character in " /@[]\\"):
        raise UsageError(f"{text!r}: {host!r} is no name or address")
    return host, int(port)


def is_address(text: str) -> bool:
    """Whether the text is one IP address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def addresses_of(host: str, port: int, timeout: float) -> tuple[str, ...]:
    """What the system's resolver gives, in its order; OSError (socket.gaierror, TimeoutError) where it gives none."""
    try:
        found = within(timeout, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except ValueError as error:  # a label that is too long, say
        raise socket.gaierror(socket.EAI_NONAME, f"is no name: {error}") from error
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))[:MOST_ADDRESSES]


def host_name() -> str:
    """The name of this host."""
    return socket.gethostname()


def source_towards(address: str, port: int) -> str:
    """The address from which this host would send there; empty where it has no way. No packet is sent."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as connection:
            connection.connect((address, port))
            return str(connection.getsockname()[0])
    except OSError:
        return ""
