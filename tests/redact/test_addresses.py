"""Private addresses stay, public ones become other public ones, and what lay within what still does."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mwaanet.net import AddressSet
from mwaanet.net.public_addresses import PUBLIC
from mwaanet.redact.addresses import Addresses

v4 = st.builds(
    lambda number, length: ip_network((number, length), strict=False), st.integers(0, 2**32 - 1), st.integers(0, 32)
)
v6 = st.builds(
    lambda number, length: ip_network((number, length), strict=False), st.integers(0, 2**128 - 1), st.integers(0, 128)
)
networks = v4 | v6
salts = st.binary(min_size=8, max_size=8)


def is_public(network: IPv4Network | IPv6Network) -> bool:
    return AddressSet.parse(str(network)).issubset(PUBLIC)


def is_private(network: IPv4Network | IPv6Network) -> bool:
    return not AddressSet.parse(str(network)) & PUBLIC


@given(networks, salts)
def test_public_becomes_public_and_the_rest_stays(network: IPv4Network | IPv6Network, salt: bytes) -> None:
    replaced = Addresses(salt).replace(network)
    assert replaced.prefixlen == network.prefixlen
    if is_public(network):
        assert is_public(replaced)
    else:
        assert replaced == network


@given(st.integers(0, 2**32 - 1), salts)
def test_every_public_address_is_replaced_by_another(number: int, salt: bytes) -> None:
    network = ip_network((number, 32))
    assert (Addresses(salt).replace(network) == network) == is_private(network)


@given(v4, v4, salts)
def test_blocks_lie_within_each_other_as_before(one: IPv4Network, other: IPv4Network, salt: bytes) -> None:
    addresses = Addresses(salt)
    first, second = addresses.replace(one), addresses.replace(other)
    assert isinstance(first, IPv4Network)
    assert isinstance(second, IPv4Network)
    assert first.subnet_of(second) == one.subnet_of(other)
    assert first.overlaps(second) == one.overlaps(other)


@pytest.mark.parametrize(
    "text", ["10.0.0.0/8", "172.20.1.10/32", "192.168.0.0/16", "100.64.0.0/10", "169.254.169.253/32", "0.0.0.0/0"]
)
def test_what_rfc_1918_and_its_like_reserve_stays(text: str) -> None:
    """https://www.iana.org/assignments/iana-ipv4-special-registry"""
    assert str(Addresses(b"salt").replace(ip_network(text))) == text


@pytest.mark.parametrize("text", ["fd00:ec2::253/128", "fe80::1/128", "::/0"])
def test_ipv6_that_is_not_global_stays(text: str) -> None:
    assert str(Addresses(b"salt").replace(ip_network(text))) == text


def test_within_a_vpcs_own_block_the_place_of_an_address_stays() -> None:
    """The resolver is the block's first address plus two
    (https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html)."""
    addresses = Addresses(b"salt", ["198.51.0.0/16", "2600:1f18:1::/56"])
    block = addresses.replace(ip_network("198.51.0.0/16"))
    assert str(block) != "198.51.0.0/16"
    assert addresses.replace(ip_network("198.51.0.2")).network_address == block.network_address + 2
    wide = addresses.replace(ip_network("2600:1f18:1::/56"))
    assert addresses.replace(ip_network("2600:1f18:1::1:2")).network_address == wide.network_address + 0x10002
