"""The CIDR blocks that a route to addresses names: as VPCs, subnets and sites have them, not each address."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from ipaddress import ip_address, ip_network, summarize_address_range
from itertools import groupby
from typing import TYPE_CHECKING

from mwaanet.model.site_places import narrowest_first
from mwaanet.net import AddressSet

if TYPE_CHECKING:
    from mwaanet.graph.links import Links

MOST_BLOCKS = 4
"""More blocks than these are covered by one: the public addresses by the default route."""


def default_route(target: str) -> str:
    """What the route to an internet gateway names; empty for any other target."""
    return "0.0.0.0/0" if target.startswith("igw-") else ""


def destinations(network: Links, addresses: AddressSet, vpc: str, taken: Collection[str] = ()) -> tuple[str, ...]:
    """The blocks that routes of a VPC's table name (`vpc`), or of a transit gateway's; never one that is taken."""
    found: list[str] = []
    for text in _declared(network, addresses, vpc):
        block = AddressSet.parse(text)
        if addresses & block and text not in taken:
            found.append(text)
            addresses = addresses - block
    left = tuple(covering(addresses, taken))
    rest = AddressSet.parse(*left)
    return (*(text for text in found if not AddressSet.parse(text).issubset(rest)), *left)


def _declared(network: Links, addresses: AddressSet, own: str) -> list[str]:
    """The blocks of VPCs and sites, the smallest first; inside the own VPC, to which no route leads, its subnets'."""
    found: list[str] = []
    for vpc in network.vpcs_meeting(addresses):
        if vpc != own:
            found.extend(network.inventory.vpc_blocks(vpc))
        else:
            subnets = network.inventory.subnets_of(vpc)
            found.extend(text for one in subnets for text in cidrs(network.inventory.subnet_cidrs(one.subnet_id)))
    sites = [site for site in network.inventory.sites if addresses & site.cidrs]
    found.extend(text for block, _ in narrowest_first(sites) for text in cidrs(block))
    return sorted(dict.fromkeys(found), key=lambda text: AddressSet.parse(text).size)


def cidrs(addresses: AddressSet) -> list[str]:
    """Addresses as the CIDR blocks that hold just them."""
    return [block for text in addresses.texts() for block in _blocks(text)]


def _blocks(text: str) -> Iterator[str]:
    if "-" in text:
        low, high = (ip_address(part) for part in text.split("-"))
        yield from map(str, summarize_address_range(low, high))
    else:
        yield str(ip_network(text))


def covering(addresses: AddressSet, taken: Collection[str] = ()) -> Iterator[str]:
    """The blocks of each family, or where there are too many of them the smallest block that holds them all."""
    for _, of_family in groupby(cidrs(addresses), lambda text: ip_network(text).version):
        found = list(of_family)
        last = int(ip_network(found[-1]).broadcast_address)
        whole = ip_network(found[0])
        while int(whole.broadcast_address) < last:
            whole = whole.supernet()
        yield from found if len(found) <= MOST_BLOCKS or str(whole) in taken else [str(whole)]
