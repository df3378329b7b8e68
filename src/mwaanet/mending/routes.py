"""What leads packets on: routes of VPC route tables and of transit gateways, associations, attachments."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from mwaanet.fixes.change import Change
from mwaanet.fixes.client_vpn import ClientVpnAuthorization, ClientVpnRoute
from mwaanet.fixes.endpoint_creation import EndpointCreation
from mwaanet.fixes.endpoint_setting import EndpointRouteTable
from mwaanet.fixes.route import Route, RouteDeletion
from mwaanet.fixes.transit_gateway import (
    AttachmentAcceptance,
    AttachmentSubnet,
    TransitGatewayAssociation,
    TransitGatewayRoute,
)
from mwaanet.graph.codes import Code
from mwaanet.graph.route_destination import covering, default_route, destinations
from mwaanet.graph.route_table import target_id
from mwaanet.mending.stop import Stop, blocks, made_in
from mwaanet.model.state import same_state
from mwaanet.model.transit_gateway_route_table import TransitGatewayRoute as RouteRecord
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet


def vpc_routes(stop: Stop) -> tuple[Change, ...]:
    """A route of the table to the target that the mend found: a gateway endpoint's own, or one of the table."""
    table = stop.inventory.route_tables.get(stop.drop.component)
    if table is None or stop.mend is None:
        return ()
    place = made_in(stop.inventory, table)
    target = stop.mend.target
    name = table.route_table_id
    endpoint = stop.inventory.vpc_endpoints.get(target)
    if endpoint is not None and same_state(endpoint.vpc_endpoint_type, "Gateway"):
        service = endpoint.service_name
        listed = stop.inventory.aws_prefix_list(service)
        return (EndpointRouteTable(**place, endpoint=target, table=name, prefix_list=listed),)
    if target.startswith("com.amazonaws."):
        if stop.inventory.unseen_in(table.vpc_id, "describe-vpc-endpoints"):
            return ()
        listed = stop.inventory.aws_prefix_list(target)
        tables = stop.mend.resources[2:]
        return (EndpointCreation(**place, vpc=table.vpc_id, service=target, tables=tables, prefix_list=listed),)
    if stop.mend.block and target:
        return (Route(**place, table=name, destination=str(stop.mend.block), target=target, replaces=True),)
    stale = {
        route.destination_cidr_block or route.destination_ipv6_cidr_block
        for route in table.routes
        if same_state(route.state, "blackhole")
    }
    if not target:
        dead = [cidr for cidr in stale if cidr and stop.packets.dst & AddressSet.parse(cidr)]
        return tuple(RouteDeletion(**place, table=name, destination=cidr) for cidr in sorted(dead))
    routed = {route.destination_cidr_block or route.destination_ipv6_cidr_block for route in table.routes}
    wanted = _destinations(stop, table.vpc_id, target, routed - stale)
    return tuple(Route(**place, table=name, destination=cidr, target=target, replaces=cidr in stale) for cidr in wanted)


def _destinations(stop: Stop, vpc: str, target: str, taken: Collection[str]) -> tuple[str, ...]:
    """The blocks that other tables of the VPC route to the target and that hold the packets, else as declared."""
    if default_route(target):
        return (default_route(target),)
    rest, found = stop.packets.dst, []
    routes = [
        route
        for table in stop.inventory.route_tables.values()
        if table.vpc_id == vpc
        for route in table.routes
        if target_id(route) == target
        and route.destination_cidr_block
        and not route.destination_cidr_block.endswith("/0")
    ]
    routes.sort(key=lambda route: AddressSet.parse(route.destination_cidr_block).size)
    for route in routes:
        block = AddressSet.parse(route.destination_cidr_block)
        if rest & block:
            found.append(str(route.destination_cidr_block))
            rest = rest - block
    return (*found, *destinations(stop.network, rest, vpc, taken))


def transit_routes(stop: Stop) -> tuple[Change, ...]:
    """A static route of the transit gateway's table, in place of a blackhole for the same block."""
    if stop.mend is None or not stop.mend.target:
        return ()
    table, attachment = stop.drop.component, stop.mend.target
    record = stop.inventory.transit_gateway_route_tables.get(table)
    held = stop.inventory.attachment(attachment)
    dead = _replaced(stop, table, attachment)
    wanted = dead or _blocks_behind(stop, attachment)
    return tuple(
        TransitGatewayRoute(
            **made_in(stop.inventory, record),
            table=table,
            cidr=cidr,
            attachment=attachment,
            resource=held.resource_id if held else "",
            resource_type=held.resource_type if held else "",
            replaces=bool(dead),
        )
        for cidr in wanted
    )


def _routes_of(stop: Stop, table: str) -> tuple[RouteRecord, ...]:
    found = stop.inventory.transit_gateway_routes(table)
    return () if isinstance(found, Unknown) else found.routes


def _replaced(stop: Stop, table: str, attachment: str) -> tuple[str, ...]:
    """The routes of the table that drop the packets or lead them astray, of which all lies behind the attachment."""
    if stop.drop.code is Code.TGW_NO_ROUTE:
        return ()
    behind = _behind(stop, attachment)
    return tuple(
        route.destination_cidr_block
        for route in _routes_of(stop, table)
        if route.destination_cidr_block
        and same_state(route.state, "blackhole") == (stop.drop.code is Code.TGW_BLACKHOLE)
        and all(one.transit_gateway_attachment_id != attachment for one in route.transit_gateway_attachments)
        and AddressSet.parse(route.destination_cidr_block) & stop.packets.dst
        and AddressSet.parse(route.destination_cidr_block).issubset(behind)
    )


def _behind(stop: Stop, attachment: str) -> AddressSet:
    """The addresses that may lie behind an attachment: its VPC's, else any."""
    held = stop.inventory.attachment(attachment)
    if held is not None and held.resource_type == "vpc":
        return stop.inventory.vpc_cidrs(held.resource_id)
    return AddressSet.ANY


def _blocks_behind(stop: Stop, attachment: str) -> tuple[str, ...]:
    """The blocks that other tables of the transit gateway route to the attachment, its VPC's, else as declared."""
    rest, found = stop.packets.dst & _behind(stop, attachment), list[str]()
    held = stop.inventory.attachment(attachment)
    known = [
        str(route.destination_cidr_block)
        for table in stop.inventory.transit_gateway_route_tables
        for route in _routes_of(stop, table)
        if any(one.transit_gateway_attachment_id == attachment for one in route.transit_gateway_attachments)
    ]
    if held and held.resource_type == "vpc":
        known.extend(map(str, stop.inventory.vpc_blocks(held.resource_id)))
    known = [cidr for cidr in known if cidr and not cidr.endswith("/0")]
    for cidr in sorted(dict.fromkeys(known), key=lambda text: AddressSet.parse(text).size):
        if rest & AddressSet.parse(cidr):
            found.append(cidr)
            rest = rest - AddressSet.parse(cidr)
    taken = {route.destination_cidr_block for route in _routes_of(stop, stop.drop.component)}
    return (*found, *destinations(stop.network, rest, "", taken))


def associations(stop: Stop) -> tuple[Change, ...]:
    """The table that the mend found for what comes from an attachment."""
    held = stop.inventory.attachment(stop.drop.component)
    if stop.mend is None or not stop.mend.target or held is None:
        return ()
    record = stop.inventory.transit_gateway_route_tables.get(stop.mend.target)
    return (
        TransitGatewayAssociation(
            **made_in(stop.inventory, record),
            table=stop.mend.target,
            attachment=stop.drop.component,
            resource=held.resource_id,
            resource_type=held.resource_type,
        ),
    )


def attachments(stop: Stop) -> tuple[Change, ...]:
    """The acceptance of an attachment that waits for it."""
    held = stop.inventory.attachment(stop.drop.component)
    if held is None or held.resource_type != "vpc" or not same_state(held.state, "pendingAcceptance"):
        return ()
    place = made_in(stop.inventory, stop.inventory.transit_gateways.get(held.transit_gateway_id))
    return (AttachmentAcceptance(**place, attachment=stop.drop.component),)


def attachment_subnets(stop: Stop) -> tuple[Change, ...]:
    """A subnet of the zone that an attachment lacks."""
    record = stop.inventory.transit_gateway_vpc_attachments.get(stop.drop.component)
    zone = stop.mend.flight.zone if stop.mend else ""
    if record is None or not zone:
        return ()
    there = [subnet for subnet in stop.inventory.subnets_of(record.vpc_id) if stop.inventory.zone_id(subnet) == zone]
    place = made_in(stop.inventory, stop.inventory.vpcs.get(record.vpc_id))
    return tuple(
        AttachmentSubnet(**place, attachment=stop.drop.component, subnet=subnet.subnet_id)
        for subnet in sorted(there, key=lambda subnet: subnet.subnet_id)[:1]
    )


def client_vpn_rules(stop: Stop) -> tuple[Change, ...]:
    """An authorization rule of a Client VPN endpoint for what its clients ask for."""
    name = stop.drop.component
    place = made_in(stop.inventory, stop.inventory.client_vpn_endpoints.get(name))
    return tuple(ClientVpnAuthorization(**place, endpoint=name, cidr=cidr) for cidr in _asked_of_clients(stop))


def client_vpn_routes(stop: Stop) -> tuple[Change, ...]:
    """A route of a Client VPN endpoint by the subnet on which the client landed."""
    name = stop.drop.component
    place = made_in(stop.inventory, stop.inventory.client_vpn_endpoints.get(name))
    return tuple(
        ClientVpnRoute(**place, endpoint=name, cidr=cidr, subnet=subnet)
        for subnet in stop.drop.also[:1]
        for cidr in _asked_of_clients(stop)
    )


def _asked_of_clients(stop: Stop) -> Iterator[str]:
    """What the clients ask for, as few blocks."""
    return covering(AddressSet.parse(*blocks(stop.network, stop.packets.dst)))
