"""What a virtual private gateway has learned over one of its links, as far as route tables and the site file tell.

A route table to which the gateway propagates shows what was learned
(https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNRoutingTypes.html), not over which link: what the site file declares
behind other links that are up, and not behind this one, came over those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaanet.model.route_table import BY_VPN_GATEWAY
from mwaanet.net import AddressSet

if TYPE_CHECKING:
    from mwaanet.graph.links import Links


def learned_over(links: Links, gateway: str, link: str) -> list[str]:
    """The prefixes that the gateway propagates to some route table and may have learned over the link."""
    elsewhere = _declared_elsewhere(links, gateway, link)
    propagated = [
        route.destination_cidr_block or route.destination_ipv6_cidr_block
        for table in links.inventory.route_tables.values()
        for route in table.routes
        if route.gateway_id == gateway and route.origin == BY_VPN_GATEWAY
    ]
    return [prefix for prefix in propagated if not AddressSet.parse(prefix).issubset(elsewhere)]


def _declared_elsewhere(links: Links, gateway: str, link: str) -> AddressSet:
    """What sites declare behind other links of the gateway that are up, and no site behind this one."""
    others = [other for other in links.links_at(gateway) if other != link and links.is_up(other)]
    elsewhere = here = AddressSet.NONE
    for site in links.inventory.sites:
        if links.connects(site, link):
            here = here | site.cidrs
        elif any(links.connects(site, other) for other in others):
            elsewhere = elsewhere | site.cidrs
    return elsewhere - here
