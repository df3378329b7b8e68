"""The graph of components: a node per component with its record, an edge per way a packet can take.

Rules and evidence are not nodes. The edges are drawn from what is configured, whether or not it lets anything pass,
so a path that is blocked is still a path of the graph.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from mwaanet.graph.component_graph import Component, ComponentGraph
from mwaanet.graph.flight import Kind
from mwaanet.graph.interface import RESOLVER
from mwaanet.graph.internet_gateway import INTERNET, INTERNET_ACCESS
from mwaanet.graph.route_table import target_id
from mwaanet.graph.site import EDGE, FIREWALL, ROUTES
from mwaanet.model.decode import no_collector
from mwaanet.model.endpoint_service import NAMES_OF_AWS
from mwaanet.model.inventory import Inventory
from mwaanet.model.network_firewall import DescribeFirewall, DescribeFirewallPolicy
from mwaanet.model.route_table import RouteTable
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown

if TYPE_CHECKING:
    from mwaanet.graph.network import Network


def build_graph(inventory: Inventory, network: Network) -> ComponentGraph:
    """Build the whole graph, in time linear in the inventory."""
    graph = ComponentGraph()
    with no_collector():
        edges = chain.from_iterable(edges(inventory, network) for edges in _EDGES)
        graph.fill(_components(inventory), edges, lambda name: Component(name, _kind_of(name), None))
    return graph


def _components(inventory: Inventory) -> Iterator[Component]:
    by_kind = {
        Kind.VPC: inventory.vpcs,
        Kind.SUBNET: inventory.subnets,
        Kind.ROUTE_TABLE: inventory.route_tables,
        Kind.NETWORK_ACL: inventory.network_acls,
        Kind.SECURITY_GROUP: inventory.security_groups,
        Kind.NETWORK_INTERFACE: inventory.network_interfaces,
        Kind.INTERNET_GATEWAY: inventory.internet_gateways,
        Kind.EGRESS_ONLY_INTERNET_GATEWAY: inventory.egress_only_internet_gateways,
        Kind.NAT_GATEWAY: inventory.nat_gateways,
        Kind.VPC_ENDPOINT: inventory.vpc_endpoints,
        Kind.ENDPOINT_SERVICE: {s.service_id: s for s in inventory.endpoint_services.values()},
        Kind.LOAD_BALANCER: inventory.load_balancers,
        Kind.TARGET_GROUP: inventory.target_groups,
        Kind.PEERING: inventory.vpc_peering_connections,
        Kind.TRANSIT_GATEWAY: inventory.transit_gateways,
        Kind.TRANSIT_GATEWAY_ATTACHMENT: inventory.transit_gateway_attachments,
        Kind.TRANSIT_GATEWAY_ROUTE_TABLE: inventory.transit_gateway_route_tables,
        Kind.VPN_GATEWAY: inventory.vpn_gateways,
        Kind.VPN_CONNECTION: inventory.vpn_connections,
        Kind.CLIENT_VPN_ENDPOINT: inventory.client_vpn_endpoints,
        Kind.DIRECT_CONNECT_GATEWAY: inventory.direct_connect_gateways,
        Kind.VIRTUAL_INTERFACE: inventory.virtual_interfaces_by_id,
        Kind.RESOLVER_ENDPOINT: inventory.resolver_endpoints,
        Kind.SITE: {site.name: site for site in inventory.sites},
    }
    for kind, records in by_kind.items():
        for name, record in records.items():
            yield Component(name, kind, record)
    for virtual in inventory.virtual_interfaces:
        yield Component(virtual.id, Kind.NETWORK_INTERFACE, virtual)
    yield Component(INTERNET, Kind.INTERNET, None)


def _kind_of(node: str) -> Kind:
    if node.startswith(EDGE) or node.endswith((FIREWALL, ROUTES, INTERNET_ACCESS)):
        return Kind.SITE
    if node.endswith(RESOLVER):
        return Kind.RESOLVER
    if ":network-firewall:" in node:
        return Kind.NETWORK_FIREWALL
    return Kind.SERVICE if node.startswith(NAMES_OF_AWS) else Kind.UNMODELLED


def _interface_edges(inventory: Inventory, network: Network) -> Iterator[tuple[str, str]]:
    held = [
        (record.network_interface_id, [group.group_id for group in record.groups], record.subnet_id)
        for record in inventory.network_interfaces.values()
    ]
    held.extend((virtual.id, list(virtual.groups), virtual.subnet_id) for virtual in inventory.virtual_interfaces)
    between: set[tuple[str, str]] = set()
    for interface, groups, subnet in held:
        for group in groups:
            yield interface, group
            yield group, interface
            between.add((group, subnet))
        if not groups:
            yield interface, subnet
            yield subnet, interface
    for group, subnet in sorted(between):
        yield group, subnet
        yield subnet, group


def _subnet_edges(inventory: Inventory, network: Network) -> Iterator[tuple[str, str]]:
    for subnet in inventory.subnets.values():
        name, boundary = subnet.subnet_id, _boundary(inventory, subnet.subnet_id)
        if boundary != name:
            yield boundary, name
            yield subnet.vpc_id, name
        yield subnet.vpc_id, boundary
        yield name, subnet.vpc_id + RESOLVER
        yield subnet.vpc_id + RESOLVER, name
        table = inventory.route_table_of(name)
        if not isinstance(table, Unknown):
            yield name, table.route_table_id
            yield table.route_table_id, boundary
            for target in _targets(inventory, table):
                yield boundary, target


def _boundary(inventory: Inventory, subnet_id: str) -> str:
    """What stands at a subnet's boundary: its network ACL, or the subnet where that is not known."""
    acl = inventory.network_acl_of(subnet_id)
    return subnet_id if isinstance(acl, Unknown) else acl.network_acl_id


def _table_edges(inventory: Inventory, network: Network) -> Iterator[tuple[str, str]]:
    """From tables to what no network ACL stands before, and from gateways to the tables of their edges."""
    for table in inventory.route_tables.values():
        for target in _targets(inventory, table):
            yield table.route_table_id, target
        for association in table.associations:
            if association.gateway_id:
                yield association.gateway_id, table.route_table_id


def _targets(inventory: Inventory, table: RouteTable) -> Iterator[str]:
    for route in table.routes:
        target = table.vpc_id if route.gateway_id == "local" else target_id(route)
        if target.startswith("tgw-"):
            attachment = inventory.attachment_of(table.vpc_id, target)
            target = attachment.transit_gateway_attachment_id if attachment else target
        if target:
            yield target


def _gateway_edges(inventory: Inventory, network: Network) -> Iterator[tuple[str, str]]:
    for gateway in inventory.internet_gateways.values():
        yield gateway.internet_gateway_id, INTERNET
        yield INTERNET, gateway.internet_gateway_id
        for attachment in gateway.attachments:
            if attachment.vpc_id:
                yield gateway.internet_gateway_id, attachment.vpc_id
    for egress in inventory.egress_only_internet_gateways.values():
        name = egress.egress_only_internet_gateway_id
        yield name, INTERNET
        yield INTERNET, name
        yield name, network.vpc_of_gateway(name)
    for nat in inventory.nat_gateways.values():
        yield nat.nat_gateway_id, nat.subnet_id
        yield nat.subnet_id, nat.nat_gateway_id
        for address in nat.nat_gateway_addresses:
            yield address.network_interface_id, nat.nat_gateway_id
    for peering in inventory.vpc_peering_connections.values():
        yield peering.vpc_peering_connection_id, peering.requester_vpc_info.vpc_id
        yield peering.vpc_peering_connection_id, peering.accepter_vpc_info.vpc_id
    for vpn_gateway in inventory.vpn_gateways.values():
        for held in vpn_gateway.vpc_attachments:
            yield vpn_gateway.vpn_gateway_id, held.vpc_id


def _attachment_edges(inventory: Inventory, network: Network) -> Iterator[tuple[str, str]]:
    for attachment in inventory.transit_gateway_attachments.values():
        name = attachment.transit_gateway_attachment_id
        gateways = [attachment.transit_gateway_id]
        if attachment.resource_type == "peering":
            far = network.peer_transit_gateway(name, attachment.transit_gateway_id)
            gateways.extend([] if isinstance(far, Unknown) else [far])
        for table in (network.associated_table(attachment, gateway) for gateway in gateways):
            if isinstance(table, str):
                yield name, table
        vpc_attachment = inventory.transit_gateway_vpc_attachments.get(name)
        if vpc_attachment:
            for subnet in vpc_attachment.subnet_ids:
                yield name, subnet
                yield _boundary(inventory, subnet), name
        elif attachment.resource_type in ("vpn", "direct-connect-gateway"):
            yield name, attachment.resource_id
            yield attachment.resource_id, name


def _transit_edges(inventory: Inventory, network: Network) -> Iterator[tuple[str, str]]:
    for table_id in inventory.transit_gateway_route_tables:
        routes = inventory.transit_gateway_routes(table_id)
        if not isinstance(routes, Unknown):
            for route in routes.routes:
                for target in route.transit_gateway_attachments:
                    yield table_id, target.transit_gateway_attachment_id


def _link_edges(inventory: Inventory, network: Network) -> Iterator[tuple[str, str]]:
    for gateway in inventory.vpn_gateways:
        for link in network.links_at(gateway):
            yield gateway, link
            yield link, gateway
    for site in inventory.sites:
        yield site.name + FIREWALL, site.name
        yield site.name, site.name + ROUTES
        yield site.name + FIREWALL, site.name + ROUTES
        for inside in (site.name, site.name + FIREWALL):
            yield inside, site.name + INTERNET_ACCESS
        yield site.name + INTERNET_ACCESS, INTERNET
        yield INTERNET, site.name
    for link in network.links():
        yield link, EDGE + link
        yield EDGE + link, link
        for site in inventory.sites:
            if network.connects(site, link):
                yield link, site.name + FIREWALL
                yield link, site.name
                yield site.name, link


def _client_vpn_edges(inventory: Inventory, network: Network) -> Iterator[tuple[str, str]]:
    for name in inventory.client_vpn_endpoints:
        targets = inventory.target_networks(name)
        for target in () if isinstance(targets, Unknown) else targets:
            for interface in inventory.client_vpn_interfaces(target):
                yield name, interface.network_interface_id
                yield interface.network_interface_id, name


def _service_edges(inventory: Inventory, network: Network) -> Iterator[tuple[str, str]]:
    for endpoint in inventory.vpc_endpoints.values():
        name = endpoint.vpc_endpoint_id
        service = inventory.endpoint_services.get(endpoint.service_name)
        behind = service.service_id if service else endpoint.service_name
        yield name, behind
        yield name, endpoint.vpc_id
        for interface in endpoint.network_interface_ids:
            yield interface, name
        for balancer in service.network_load_balancer_arns if service else ():
            for interface in endpoint.network_interface_ids:
                yield balancer, interface
    for service in inventory.endpoint_services.values():
        for balancer in service.network_load_balancer_arns:
            yield service.service_id, balancer
    for arn in inventory.load_balancers:
        for group in inventory.target_groups_of(arn):
            yield arn, group


def _balancer_edges(inventory: Inventory, network: Network) -> Iterator[tuple[str, str]]:
    """Between a load balancer and its interfaces, and from the subnets where replies to kept addresses return."""
    services: dict[str, list[str]] = {}
    for service in inventory.endpoint_services.values():
        for arn in service.network_load_balancer_arns:
            services.setdefault(arn, []).append(service.service_id)
    for interface in inventory.network_interfaces.values():
        balancer = inventory.load_balancer_of_interface(interface.network_interface_id)
        if balancer:
            yield interface.network_interface_id, balancer
            yield balancer, interface.network_interface_id
            yield interface.subnet_id, balancer
            for name in services.get(balancer, ()):
                yield name, interface.network_interface_id
    for vpc in dict.fromkeys(balancer.vpc_id for balancer in inventory.load_balancers.values()):
        for subnet in inventory.subnets_of(vpc):
            yield subnet.subnet_id, _boundary(inventory, subnet.subnet_id)


def _firewall_edges(inventory: Inventory, network: Network) -> Iterator[tuple[str, str]]:
    """From inspecting endpoints to their subnets and, for what they drop, to the policy and its rule groups."""
    for endpoint in inventory.vpc_endpoints.values():
        if same_state(endpoint.vpc_endpoint_type, "GatewayLoadBalancer"):
            for subnet in endpoint.subnet_ids:
                yield subnet, endpoint.vpc_endpoint_id
                yield endpoint.vpc_endpoint_id, subnet
    for _, answer in inventory.all_answers("network-firewall", "describe-firewall", DescribeFirewall):
        for state in answer.firewall_status.sync_states.values():
            yield state.attachment.endpoint_id, answer.firewall.firewall_policy_arn
    for asked, found in inventory.all_answers("network-firewall", "describe-firewall-policy", DescribeFirewallPolicy):
        policy, name = found.firewall_policy, str(asked.get("FirewallPolicyArn", ""))
        if policy is not None and name:
            yield from ((name, group.resource_arn) for group in policy.stateless_rule_group_references)
            yield from ((name, group.resource_arn) for group in policy.stateful_rule_group_references)


_EDGES = (
    _interface_edges,
    _subnet_edges,
    _table_edges,
    _gateway_edges,
    _attachment_edges,
    _transit_edges,
    _link_edges,
    _client_vpn_edges,
    _service_edges,
    _balancer_edges,
    _firewall_edges,
)
