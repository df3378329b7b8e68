"""Addresses: private ones stay, public ones become other public ones that lie within each other as before.

Each bit of a public address is turned or not, depending on the salt and on the bits before it, where everything that
begins with these is public; the first such bit always is. So two addresses share as long a prefix afterwards as they
did, nothing public becomes private, and a block that holds both is left as it is. Within a VPC's own public block no
bit is turned: the resolver's address is counted from its beginning.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Final

from mwaanet.net import AddressSet, Intervals
from mwaanet.net.public_addresses import PUBLIC

Network = IPv4Network | IPv6Network
_BITS: Final = {4: 32, 6: 128}


class Addresses:
    """The replacements of addresses that one salt makes; `blocks` are the CIDR blocks of VPCs."""

    def __init__(self, salt: bytes, blocks: Iterable[str] = ()) -> None:
        self._salt = salt
        self._blocks = {ip_network(block, strict=False) for block in blocks}
        self._turned: dict[tuple[int, int, int], bool] = {}

    def replace(self, network: Network) -> Network:
        """The block (or, as a block of one, the address) that stands for another."""
        if _is_private(network):
            return network
        family, bits = network.version, _BITS[network.version]
        number, inside = int(network.network_address), self._own_block(network)
        result, public, first = 0, False, True
        for length in range(network.prefixlen):
            prefix = number >> (bits - length)
            bit = number >> (bits - length - 1) & 1
            public = public or _is_public(family, prefix, length)
            turned = public and length < inside and (first or self._turn(family, prefix, length))
            first = first and not turned
            result = result << 1 | (bit ^ turned)
        return _network(family, result << (bits - network.prefixlen), network.prefixlen)

    def _own_block(self, network: Network) -> int:
        """How long the prefix of the VPC's block around is: beyond it nothing is turned."""
        lengths = [
            block.prefixlen for block in self._blocks if block.version == network.version and _within(network, block)
        ]
        return min(lengths, default=_BITS[network.version])

    def _turn(self, family: int, prefix: int, length: int) -> bool:
        key = (family, prefix, length)
        if key not in self._turned:
            self._turned[key] = bool(hmac.digest(self._salt, repr(key).encode(), "sha256")[0] & 1)
        return self._turned[key]


def _within(network: Network, block: Network) -> bool:
    size = _BITS[network.version] - block.prefixlen
    same = int(network.network_address) >> size == int(block.network_address) >> size
    return network.prefixlen >= block.prefixlen and same


@lru_cache(maxsize=1 << 16)
def _is_public(family: int, prefix: int, length: int) -> bool:
    """Whether every address that begins with a prefix is public."""
    size = _BITS[family] - length
    span = Intervals.of((prefix << size, ((prefix + 1) << size) - 1))
    block = AddressSet(span, Intervals.of()) if family == 4 else AddressSet(Intervals.of(), span)
    return block.issubset(PUBLIC)


@lru_cache(maxsize=1 << 16)
def _is_private(network: Network) -> bool:
    return not AddressSet.parse(str(network)) & PUBLIC


def _network(family: int, number: int, length: int) -> Network:
    if family == 4:
        return IPv4Network((IPv4Address(number), length))
    return IPv6Network((IPv6Address(number), length))
