"""Who calls the web server: `api.client`, the clients that the site file names, else every prefix that AWS knows.

`api.service` is what they call first: Amazon MWAA's API.

Where the site file names no client of a site, one of the site's addresses calls, and which is not known; where it
declares no site at all, so it is with the prefixes that AWS has learned from each VPN connection and Direct Connect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from mwaanet.errors import EmptySelectionError
from mwaanet.graph.network import Network
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet
from mwaanet.paths.endpoints import endpoint_of, link_endpoint
from mwaanet.paths.question import Endpoint

T = TypeVar("T")

_LINK_LOCAL = AddressSet.parse("169.254.0.0/16")

API_CLIENT = "api.client"
API_SERVICE = "api.service"
DECLARED, SITES, LINKS, NONE = "declared", "sites", "links", "none"


def client_kind(network: Network) -> str:
    """From where the clients are known: `declared` (by name), `sites`, `links` or `none`."""
    site = network.inventory.site_file
    if site is not None and site.api is not None and site.api.clients:
        return DECLARED
    if network.inventory.sites:
        return SITES
    return LINKS if _prefixes(network) else NONE


def client_ends(network: Network, select: Callable[[str], tuple[T, ...]]) -> Iterator[T | Endpoint]:
    """The ends that `api.client` means; `select` gives those of a name in the site file."""
    kind = client_kind(network)
    site = network.inventory.site_file
    if kind == DECLARED and site is not None and site.api is not None:
        for text in site.api.clients:
            try:
                yield from select(text)
            except EmptySelectionError as error:  # in an account that was not read, perhaps
                reason = f"{error} (mwaanet.yaml: api.clients)"
                yield Endpoint(name=text, unknown=Unknown(reason=reason))
    elif kind == SITES:
        for premises in network.inventory.sites:
            for client in premises.clients:
                yield endpoint_of(network, f"{premises.name}.{client}")
            if not premises.clients:
                yield _some_of(endpoint_of(network, premises.name), premises.name)
    elif kind == LINKS:
        for link, prefixes in _prefixes(network):
            yield _some_of(link_endpoint(link, prefixes), f"{prefixes} behind {link}")


def endpoint_host(network: Network, services: Sequence[str]) -> str:
    """The name in the site file by which clients call an endpoint for a service directly; empty where they do not.

    The service's certificate holds an endpoint's own names, and a signature may be for them
    (https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html#interface-endpoint-dns-hostnames).
    """
    site = network.inventory.site_file
    host = (site.api.host or "").lower().rstrip(".") if site and site.api else ""
    for endpoint in network.inventory.vpc_endpoints.values() if host else ():
        names = {entry.dns_name.lower().rstrip(".") for entry in endpoint.dns_entries}
        if endpoint.service_name in services and host in names:
            return host
    return ""


def _prefixes(network: Network) -> list[tuple[str, AddressSet]]:
    """What lies behind each link, without the tunnels' own addresses, which are no hosts."""
    found = ((link, addresses - _LINK_LOCAL) for link, addresses in network.learned_prefixes())
    return [(link, addresses) for link, addresses in found if addresses]


def _some_of(end: Endpoint, where: str) -> Endpoint:
    reason = f"which host of {where} calls the web server is not declared (mwaanet.yaml: api.clients)"
    return replace(end, undetermined=True, unknown=Unknown(reason=reason, needs=()))
