"""Who stands behind a DNS server's address: an inbound resolver endpoint, a site's resolver, or nobody that is known.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-forwarding-inbound-queries.html. An endpoint that
recovers still serves, with less capacity
(https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_ResolverEndpoint.html).

Not modelled: what an inbound endpoint for delegation (`INBOUND_DELEGATION`), or for DNS over HTTPS alone,
answers: unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mwaanet.model.inventory import Inventory
from mwaanet.model.resolver import IpAddresses, ResolverEndpoint
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.names.gaps import because, unread
from mwaanet.names.view import Servers, SiteResolver, View, VpcResolver
from mwaanet.net import AddressSet

_SERVING = ("OPERATIONAL", "UPDATING", "AUTO_RECOVERING", "ACTION_NEEDED")


def endpoint_ips(inventory: Inventory, endpoint: ResolverEndpoint) -> tuple[str, ...] | Unknown:
    """The addresses of a resolver endpoint that are in service."""
    operation = "list-resolver-endpoint-ip-addresses"
    place = inventory.place(endpoint)
    answer = inventory.call("route53resolver", operation, *place, IpAddresses, ResolverEndpointId=endpoint.id)
    if answer is None or isinstance(answer, Unknown):
        return answer or Unknown(reason=f"{endpoint.id} does not exist")
    if endpoint.status and not same_state(endpoint.status, *_SERVING):
        return ()
    return tuple(ip.ip for ip in answer.ip_addresses if ip.ip and (not ip.status or same_state(ip.status, "ATTACHED")))


def view_behind(inventory: Inventory, server: str, vpc_id: str = "") -> View | Unknown:
    """Who answers at an address, for packets that are sent from a VPC or (without one) from elsewhere."""
    found: list[View] = []
    doubts = list(unread(inventory, "route53resolver", "list-resolver-endpoints"))
    address = AddressSet.parse(server)
    local = bool(vpc_id) and address.issubset(inventory.vpc_cidrs(vpc_id))
    for endpoint in inventory.resolver_endpoints.values():
        if not endpoint.direction.upper().startswith("INBOUND") or (local and endpoint.host_vpc_id != vpc_id):
            continue
        ips = endpoint_ips(inventory, endpoint)
        if isinstance(ips, Unknown):
            doubts.append(ips)
        elif not any(AddressSet.parse(ip) == address for ip in ips):
            continue
        elif endpoint.direction.upper() != "INBOUND":
            return Unknown(reason=f"{server} is an address of {endpoint.id}, an endpoint of type {endpoint.direction}")
        elif endpoint.only_https:
            return Unknown(reason=f"{server} is an address of {endpoint.id}, which takes DNS over HTTPS only")
        else:
            found.append(VpcResolver(vpc_id=endpoint.host_vpc_id, inbound=endpoint.id))
    if not local:
        found.extend(_sites_with(inventory, address))
    if len(found) == 1:
        return found[0]
    if found:
        return Unknown(reason=f"{server} is the address of more than one DNS server; which is meant is not known")
    reason = f"what the DNS server {server} answers is not known: it is neither an inbound resolver endpoint"
    return because(f"{reason} nor among the on_premises dns servers of mwaanet.yaml", *doubts)


def outbound_endpoint_at(inventory: Inventory, address: AddressSet) -> str:
    """The outbound endpoint that has a DNS server's address, where nobody who answers has it too; empty for none."""
    holders = [e for e in inventory.resolver_endpoints.values() if _has(inventory, e, address)]
    outbound = [endpoint.id for endpoint in holders if same_state(endpoint.direction, "OUTBOUND")]
    others = len(holders) > len(outbound) or any(_sites_with(inventory, address))
    return "" if others or not outbound else outbound[0]


def _has(inventory: Inventory, endpoint: ResolverEndpoint, address: AddressSet) -> bool:
    ips = endpoint_ips(inventory, endpoint)
    return not isinstance(ips, Unknown) and any(AddressSet.parse(ip) == address for ip in ips)


def _sites_with(inventory: Inventory, address: AddressSet) -> Iterator[View]:
    for site in inventory.sites:
        servers = site.dns.servers if site.dns else ()
        if any(AddressSet.parse(server) == address for server in servers):
            yield SiteResolver(site_name=site.name)


def views_behind(inventory: Inventory, servers: Sequence[str], vpc_id: str = "") -> Servers:
    """Who answers at each of several addresses, or why that is not known."""
    return tuple((server, view_behind(inventory, server, vpc_id)) for server in servers)
