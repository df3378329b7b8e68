"""Where a component lies: on which site, or in which account, Region, VPC, Availability Zone and subnet.

What several subnets share (a VPC's route table, a load balancer) lies in their VPC; what AWS describes to lie in no
account (a public service, the internet) lies nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from mwaanet.graph.interface import RESOLVER
from mwaanet.graph.internet_gateway import INTERNET_ACCESS
from mwaanet.graph.network import Network
from mwaanet.graph.site import EDGE, FIREWALL, ROUTES
from mwaanet.model.arn import Arn
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet


class Location(NamedTuple):
    """The places around a component, the widest first; empty where it lies in none of that kind."""

    site: str = ""
    account: str = ""
    region: str = ""
    vpc: str = ""
    zone: str = ""
    subnet: str = ""


NOWHERE = Location()
RESOLVERS = ".dns"
"""Behind a site's name: its DNS servers."""
EDGE_OF_AWS = "on-premises"
"""The site of what lies behind a link where no declared site does."""


class Locations:
    """Looks up where components of a network lie, and what of them belongs to which subnet."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._inventory = network.inventory
        self._only_subnets: dict[str, str] = {}
        inventory = network.inventory
        self._in_vpc: tuple[tuple[Mapping[str, Any], Callable[[Any], str]], ...] = (
            (inventory.route_tables, _vpc_id),
            (inventory.network_acls, _vpc_id),
            (inventory.security_groups, _vpc_id),
            (inventory.vpc_endpoints, _vpc_id),
            (inventory.load_balancers, _vpc_id),
            (inventory.target_groups, _vpc_id),
            (inventory.resolver_endpoints, lambda record: str(record.host_vpc_id)),
            (inventory.transit_gateway_vpc_attachments, _vpc_id),
        )
        self._in_region: tuple[Mapping[str, Any], ...] = (
            inventory.transit_gateways,
            inventory.transit_gateway_route_tables,
            inventory.transit_gateway_attachments,
            inventory.vpc_peering_connections,
            inventory.vpn_connections,
            inventory.client_vpn_endpoints,
            inventory.vpn_gateways,
            inventory.virtual_interfaces_by_id,
            {service.service_id: service for service in inventory.endpoint_services.values()},
        )

    def of(self, component: str) -> Location:
        """Where a component of the graph lies."""
        if component in self._inventory.subnets:
            return self.of_subnet(component)
        if component in self._inventory.vpcs:
            return self.of_vpc(component)
        if self._network.knows_interface(component):
            return self.of_subnet(self._network.interface(component).subnet)
        if component in self._inventory.nat_gateways:
            return self.of_subnet(self._inventory.nat_gateways[component].subnet_id)
        return self._of_shared(component) or self._of_site(component) or _of_arn(component)

    def of_subnet(self, subnet_id: str) -> Location:
        """The location of what lies in a subnet."""
        subnet = self._inventory.subnets.get(subnet_id)
        if subnet is None:
            return NOWHERE
        zone = self._inventory.zone_id(subnet)
        return self.of_vpc(subnet.vpc_id)._replace(zone=zone, subnet=subnet_id)

    def of_vpc(self, vpc_id: str) -> Location:
        """The location of what lies in a VPC."""
        holder = self._inventory.vpcs.get(vpc_id) or next(iter(self._inventory.subnets_of(vpc_id)), None)
        if holder is None:
            return Location(vpc=vpc_id) if vpc_id else NOWHERE
        account, region = self._inventory.owner_place(holder)
        return Location(account=account, region=region, vpc=vpc_id)

    def _of_shared(self, component: str) -> Location | None:
        """What lies in a VPC or Region, not in one subnet."""
        if component.endswith(RESOLVER):
            return self.of_vpc(component.removesuffix(RESOLVER))
        for holder, vpc_of in self._in_vpc:
            if component in holder:
                return self.of_vpc(vpc_of(holder[component]))
        if component.startswith(("igw-", "eigw-", "vgw-")):
            vpc = self._network.vpc_of_gateway(component)
            if vpc:
                return self.of_vpc(vpc)
        if component in self._inventory.direct_connect_gateways:
            account, _ = self._inventory.place(self._inventory.direct_connect_gateways[component])
            return Location(account=account)
        for records in self._in_region:
            if component in records:
                account, region = self._inventory.place(records[component])
                return Location(account=account, region=region)
        return None

    def _of_site(self, component: str) -> Location | None:
        if component.startswith(EDGE):
            return Location(site=EDGE_OF_AWS)
        name = component
        for part in (FIREWALL, ROUTES, INTERNET_ACCESS, RESOLVERS):
            name = name.removesuffix(part)
        return Location(site=name) if self._network.site(name) else None

    def owner(self, interface: str) -> str:
        """The endpoint, NAT gateway or load balancer that an interface belongs to; empty where to none of them."""
        if not self._network.knows_interface(interface):
            return ""
        position = self._network.behind_interface(self._network.interface(interface))
        return position.component if position else ""

    def guards(self, component: str, subnet_id: str) -> bool:
        """Whether a route table or network ACL is the subnet's."""
        table, acl = self._inventory.route_table_of(subnet_id), self._inventory.network_acl_of(subnet_id)
        ids = [] if isinstance(table, Unknown) else [table.route_table_id]
        ids.extend([] if isinstance(acl, Unknown) else [acl.network_acl_id])
        return component in ids

    def only_subnet(self, table_id: str) -> str:
        """The subnet of a route table that is the table of just one subnet; empty where several or none have it."""
        if table_id not in self._only_subnets:
            table = self._inventory.route_tables.get(table_id)
            subnets = self._inventory.subnets_of(table.vpc_id) if table else ()
            found = [subnet.subnet_id for subnet in subnets if self.guards(table_id, subnet.subnet_id)]
            self._only_subnets[table_id] = found[0] if len(found) == 1 else ""
        return self._only_subnets[table_id]

    def subnet_holding(self, vpc_id: str, addresses: AddressSet) -> str:
        """The subnet of a VPC in which all of the addresses lie; empty where there is no such one."""
        if not addresses:
            return ""
        for subnet in self._inventory.subnets_of(vpc_id):
            if addresses.issubset(self._inventory.subnet_cidrs(subnet.subnet_id)):
                return subnet.subnet_id
        return ""

    def blocks(self, place: str) -> tuple[str, ...]:
        """The CIDRs of a VPC or subnet, as AWS prints them."""
        subnet = self._inventory.subnets.get(place)
        if subnet is not None:
            return (subnet.cidr_block,) if subnet.cidr_block else ()
        return tuple(self._inventory.vpc_blocks(place))


def _vpc_id(record: Any) -> str:
    return str(record.vpc_id)


def _of_arn(component: str) -> Location:
    """Where an ARN says that something lies; nowhere for what is none."""
    arn = Arn.parse(component)
    return Location(account=arn.account, region=arn.region if arn.account else "") if arn else NOWHERE
