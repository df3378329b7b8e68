"""The network: the inventory, the graph of its components, and compiled tables that transfer functions ask for.

Everything here is derived from the inventory, built when first asked for and kept; nothing changes an answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

import networkx

from mwaanet.graph.addresses import Addresses
from mwaanet.graph.build import build_graph
from mwaanet.graph.flight import Evidence, Flight, Position, Role
from mwaanet.graph.interface import LINK_LOCAL_SERVICES, Interface
from mwaanet.graph.links import Links
from mwaanet.graph.network_acl import compile_acl
from mwaanet.graph.prefix_table import PrefixTable
from mwaanet.graph.route_table import Choice, compile_routes
from mwaanet.graph.rules import Rule
from mwaanet.graph.security_group import GroupRules, compile_group
from mwaanet.model.inventory import Inventory
from mwaanet.model.network_acl import NetworkAcl
from mwaanet.model.route_table import RouteTable
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet


class ServiceList(NamedTuple):
    """The prefix list of an AWS service: all of its addresses in a Region."""

    service: str
    list_id: str
    addresses: AddressSet


class Network(Addresses, Links):
    """What the transfer functions see of the world."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        Addresses.__init__(self)
        Links.__init__(self)
        self._groups: dict[tuple[str, bool], GroupRules | Unknown] = {}
        self._acls: dict[tuple[str, bool], tuple[Rule, ...]] = {}
        self._routes: dict[str, PrefixTable[Choice]] = {}
        self._services: dict[tuple[str, str], AddressSet] = {}
        self.functions: dict[Position, Any] = {}
        """The transfer function of each position where packets have stood, unless its role tells."""

    @cached_property
    def graph(self) -> networkx.DiGraph[str]:
        """The graph of all components: a node per component, an edge per way a packet can take."""
        return build_graph(self.inventory, self)

    def has_groups(self, interface: Interface) -> bool:
        """Whether security groups guard the interface at all (a transit gateway's or NAT gateway's have none)."""
        return bool(interface.groups) or interface.kind in ("interface", "virtual")

    def group_rules(self, group_id: str, *, outbound: bool) -> GroupRules | Unknown:
        """The compiled rules of one direction of a group, or why they are not known."""
        key = (group_id, outbound)
        found = self._groups.get(key)
        if found is None:
            group = self.inventory.security_groups.get(group_id)
            if group is None:
                gap = self.unseen_group(group_id)
                found = gap or Unknown(reason=f"security group {group_id} is not known")
            else:
                found = compile_group(self, group, outbound=outbound)
            self._groups[key] = found
        return found

    def group_evidence(self, interface: Interface, *, outbound: bool) -> tuple[Evidence, ...]:
        """Where the rules of one direction of an interface's groups were read."""
        key = "/IpPermissionsEgress" if outbound else "/IpPermissions"
        groups = (self.inventory.security_groups.get(group) for group in interface.groups)
        return tuple(Evidence(group.origin, key) for group in groups if group is not None)

    def acl_of(self, subnet_id: str) -> NetworkAcl | Unknown:
        """The network ACL of a subnet."""
        return self.inventory.network_acl_of(subnet_id)

    def acl_rules(self, acl: NetworkAcl, *, outbound: bool) -> tuple[Rule, ...]:
        """The compiled entries of one direction of a network ACL."""
        key = (acl.network_acl_id, outbound)
        found = self._acls.get(key)
        if found is None:
            found = self._acls[key] = compile_acl(acl, outbound=outbound)
        return found

    def route_table_at(self, holder: str) -> RouteTable | Unknown | None:
        """The route table of a subnet, or the one associated with a gateway's edge (None where there is none)."""
        if holder.startswith("subnet-"):
            return self.inventory.route_table_of(holder)
        return self.inventory.gateway_route_table(holder)

    def routes(self, table: RouteTable) -> PrefixTable[Choice]:
        """A route table as a partition of all destinations."""
        found = self._routes.get(table.route_table_id)
        if found is None:
            found = self._routes[table.route_table_id] = compile_routes(self, table)
        return found

    def vpc_services(self, vpc_id: str, subnet_id: str) -> AddressSet:
        """The VPC's resolver, the subnet's router and the link-local services, which always answer from inside.

        https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
        """
        found = self._services.get((vpc_id, subnet_id))
        if found is None:
            own = self.inventory.resolver_address(vpc_id) | self.inventory.router_addresses(subnet_id)
            found = self._services[vpc_id, subnet_id] = LINK_LOCAL_SERVICES | own
        return found

    def behind_interface(self, interface: Interface) -> Position | None:
        """What an interface belongs to, where that passes packets on; None where it is an end."""
        endpoint = self.inventory.endpoint_of_interface(interface.id)
        if endpoint:
            return Position(endpoint, Role.ENTER)
        gateway = self.inventory.nat_gateway_of_interface(interface.id)
        if gateway:
            return Position(gateway, Role.BACK)
        vpn = self.inventory.client_vpn_endpoint_of_interface(interface.id)
        if vpn:
            return Position(vpn, Role.BACK)
        balancer = self.inventory.load_balancer_of_interface(interface.id)
        if balancer:
            return Position(balancer, Role.ENTER)
        return None

    def service_holding(self, dst: AddressSet, vpc_id: str) -> str:
        """The AWS service of the VPC's Region whose prefix list holds the addresses, for gateway endpoints."""
        lists = self.service_lists(*self.place_of_vpc(vpc_id))
        return next((one.service for one in lists if dst and dst.issubset(one.addresses)), "")

    def service_lists(self, account: str, region: str) -> Iterator[ServiceList]:
        """The prefix lists of the Region's services with gateway endpoints, of which the addresses are known."""
        for service in ("s3", "dynamodb"):
            name = f"com.amazonaws.{region}.{service}"
            list_id = self.inventory.aws_prefix_list(name)
            entries = self.inventory.prefix_list_entries(list_id, account, region) if list_id else AddressSet.NONE
            if entries and not isinstance(entries, Unknown):
                yield ServiceList(name, list_id, entries)

    @cached_property
    def gateway_services(self) -> frozenset[str]:
        """The AWS services to which gateway endpoints lead, or could lead, in the Regions of the VPCs."""
        places = {self.place_of_vpc(vpc) for vpc in self.inventory.vpcs}
        listed = {one.service for place in places for one in self.service_lists(*place)}
        return frozenset(listed.union(endpoint.service_name for endpoint in self.inventory.vpc_endpoints.values()))

    def gateway_endpoints(self, vpc_id: str, service: str) -> list[str]:
        """The gateway endpoints for a service in a VPC."""
        return [
            endpoint.vpc_endpoint_id
            for endpoint in self.inventory.vpc_endpoints_of(vpc_id)
            if same_state(endpoint.vpc_endpoint_type, "Gateway") and endpoint.service_name == service
        ]

    def route_candidates(self, vpc_id: str, dst: AddressSet) -> list[str]:
        """Gateways of the VPC to which a new route might lead for a destination; never an internet gateway."""
        found = [a.transit_gateway_id for a in self.inventory.vpc_attachments_of(vpc_id)]
        found.extend(g.vpn_gateway_id for g in self.inventory.vpn_gateways_of(vpc_id))
        for peering in self.inventory.peerings_of(vpc_id):
            ends = (peering.requester_vpc_info.vpc_id, peering.accepter_vpc_info.vpc_id)
            other = ends[1] if ends[0] == vpc_id else ends[0]
            if dst & self.inventory.vpc_cidrs(other):
                found.append(peering.vpc_peering_connection_id)
        found.extend(g.nat_gateway_id for g in self.inventory.nat_gateways_of(vpc_id))
        return sorted(set(found))

    def gateways_leading(self, vpc_id: str, dst: AddressSet) -> list[str]:
        """Gateways of the VPC behind which the destination is known to lie; of the internet that is said of none."""
        service = self.service_holding(dst, vpc_id)
        found = self.gateway_endpoints(vpc_id, service) if service else []
        if not self.is_placed(dst):
            return found
        return found + [one for one in self.route_candidates(vpc_id, dst) if self._leads(one, vpc_id, dst)]

    def _leads(self, gateway: str, vpc_id: str, dst: AddressSet) -> bool:
        if gateway in self.inventory.vpn_gateways:
            sites = [site for site in self.inventory.sites if dst & site.cidrs]
            return any(self.connects(site, link) for site in sites for link in self.links_at(gateway))
        return gateway in self.inventory.vpc_peering_connections or self.leads_to(gateway, vpc_id, dst)

    def firewall_endpoints(self, vpc_id: str, zone: str) -> list[str]:
        """Gateway Load Balancer endpoints of a VPC: those of a zone, where it has any."""
        found = [
            (endpoint.vpc_endpoint_id, {self.zone_of(subnet) for subnet in endpoint.subnet_ids})
            for endpoint in self.inventory.vpc_endpoints_of(vpc_id)
            if same_state(endpoint.vpc_endpoint_type, "GatewayLoadBalancer")
        ]
        near = [name for name, zones in found if zone in zones]
        return sorted(near or [name for name, _ in found])

    def gateways_by_public(self, flight: Flight) -> dict[str, AddressSet]:
        """Which internet gateway leads to which of the flight's public destinations.

        Replies to what left by an egress-only internet gateway return by it.
        """
        found: dict[str, AddressSet] = {g: flight.packets.dst for g in flight.tracked if g.startswith("eigw-")}
        if found:
            return found
        for public, vpc_id, _ in self.inventory.public_holders_among(flight.packets.dst):
            for gateway in self.inventory.internet_gateways_of(vpc_id):
                found[gateway] = found.get(gateway, AddressSet.NONE) | public
        return found
