"""A question about a set of packets, in the nouns of a topology."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address

from dataplane.spec import Ports

ANYBODY = ""
"""As a destination: whoever holds the address."""


@dataclass(frozen=True)
class Addresses:
    """The addresses from one to another."""

    first: str
    last: str

    @property
    def span(self) -> tuple[int, int]:
        return int(ip_address(self.first)), int(ip_address(self.last))

    @property
    def bits(self) -> int:
        return ip_address(self.first).max_prefixlen

    def __contains__(self, address: str) -> bool:
        one = ip_address(address)
        return one.max_prefixlen == self.bits and self.span[0] <= int(one) <= self.span[1]


@dataclass(frozen=True)
class Asked:
    """Packets from some of the addresses of the senders to some addresses, and who shall take them.

    Senders and the destination are names of hosts, of sites, or of the internet.
    """

    senders: tuple[str, ...]
    sources: Addresses
    destination: str
    destinations: Addresses
    protocol: str
    client_ports: Ports
    ports: Ports
