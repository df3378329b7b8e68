"""The Automated Internet Firewall, which stands between a VPC and its internet gateways without any route to it.

It inspects what goes to the internet and what comes from there, and may let out what has no public address. Excluded
subnets, and those in zones that it does not support, have nothing to do with it
(https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_IgwFirewallConfiguration.html,
https://docs.aws.amazon.com/network-security-manager/latest/APIReference/API_IgwFirewallConfig.html).

Not modelled: what it decides: unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mwaanet.graph.flight import Flight
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet

if TYPE_CHECKING:
    from mwaanet.graph.network import Network

_SPARED = ("exclude", "az-unsupported")


class Inspected(NamedTuple):
    """A flight without what a firewall inspects, that part of it, the firewall, and why nobody knows what it does."""

    spared: Flight
    inspected: Flight
    firewall: str
    unknown: Unknown


def inspected(network: Network, flight: Flight, *, leaving: bool) -> Inspected | None:
    """What of a flight a firewall of its VPC inspects, by the subnets that it leaves or enters; None without one."""
    vpc = network.inventory.vpcs.get(flight.vpc)
    if vpc is None or not vpc.network_firewall_associations:
        return None
    own = flight.packets.src if leaving else flight.packets.dst
    free = AddressSet.NONE
    for name, addresses in network.subnets_by_address(flight.vpc).split(own)[0]:
        if same_state(network.inventory.subnets[name].network_firewall_connectivity_type, *_SPARED):
            free = free | addresses
    spared = flight.packets.where(src=free) if leaving else flight.packets.where(dst=free)
    firewall = vpc.network_firewall_associations[0].firewall_arn
    reason = f"what the Automated Internet Firewall of {flight.vpc} ({firewall}) lets pass"
    return Inspected(
        flight.narrowed(spared), flight.narrowed(flight.packets - spared), firewall, Unknown(reason=reason)
    )
