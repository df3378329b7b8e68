"""Whose address a load balancer's target sees: the client's, where it is preserved, else the load balancer's own.

What came by PrivateLink, or was turned into the other address family, always has the load balancer's. A preserved
address asks for a direct way: the target must lie in the load balancer's VPC or in one peered with it in the Region,
must not be an interface of an endpoint or of another load balancer, and must not be the client itself
(https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation,
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-troubleshooting.html#loopback-timeout).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaanet.graph.flight import Flight
from mwaanet.graph.target_group import SETTABLE, Target
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet, PacketSet

if TYPE_CHECKING:
    from mwaanet.graph.network import Network


def family_of(addresses: AddressSet) -> AddressSet:
    """All addresses of the family of these, which are of one only."""
    return AddressSet.ANY_V4 if addresses.v4 else AddressSet.ANY_V6


def preserved(target: Target, flight: Flight) -> bool | Unknown:
    """Whether the target sees the client's own address."""
    if flight.privatelink is not None or not flight.packets.where(src=family_of(target.addresses)):
        return False
    return target.preserve_client_ip


def unanswered(network: Network, vpc: str, target: Target, flight: Flight) -> tuple[PacketSet, str]:
    """The packets whose preserved address keeps them from being answered, and why."""
    near = network.inventory.vpc_cidrs(vpc)
    for other in network.inventory.peered_vpcs(vpc):
        near = near | network.inventory.vpc_cidrs(other)
    if not target.addresses.issubset(near):
        return flight.packets, f"keeps the client's address, but {target.name} is neither in {vpc} nor in a peered VPC"
    behind = _holder(network, vpc, target)
    if behind:
        return flight.packets, f"keeps the client's address, but {target.name} belongs to {behind}"
    own = flight.packets.where(src=target.addresses)
    return own, f"keeps the client's address, which is that of target {target.name} itself"


def _holder(network: Network, vpc: str, target: Target) -> str:
    """The endpoint or other load balancer that a target's interface belongs to; empty where it is an end of its own."""
    for place in (vpc, *network.inventory.peered_vpcs(vpc)):
        if target.addresses.issubset(network.inventory.vpc_cidrs(place)):
            try:
                found = network.interface(network.interface_holding(place, target.addresses))
            except KeyError:
                continue
            behind = network.behind_interface(found)
            return behind.component if behind else ""
    return ""


def settable(target: Target) -> bool:
    """Whether client IP preservation can be switched off for the target's group."""
    return target.protocol in SETTABLE
