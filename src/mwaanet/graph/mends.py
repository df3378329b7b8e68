"""The catalogue of changes that would let dropped packets go on, with their costs.

Mending what exists costs 1; a new route, association or endpoint costs 2. An internet gateway where there is none is
never proposed: in a private network a missing endpoint is the fault, not the missing internet.

Not modelled: changes of names and policies; those are told where they are judged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from mwaanet.graph.flight import Flight, Mend, Position, Role
from mwaanet.graph.route_destination import covering, default_route, destinations
from mwaanet.graph.subnet import crossing
from mwaanet.graph.targets import target_positions
from mwaanet.model.route_table import RouteTable
from mwaanet.model.state import same_state
from mwaanet.model.transit_gateway_attachment import TransitGatewayAttachment
from mwaanet.model.transit_gateway_route_table import TransitGatewayRoute
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet

if TYPE_CHECKING:
    from mwaanet.graph.network import Network

NEW = 2
NEW_ENDPOINT = 4
"""A new endpoint brings its route with it, so it costs as much as both."""


def route_mends(
    network: Network, table: RouteTable, flight: Flight, taken: Collection[str] = (), block: str = ""
) -> tuple[Mend, ...]:
    """New routes of the table to each gateway that its VPC already has, or to an endpoint it lacks.

    `taken` are the targets to which the table's own routes lead the flight already, `block` is the destination of a
    route that leads nowhere: it is led there instead, for a table has one route to a destination.
    """
    mends = [
        mend
        for target, also in _gateways(network, table.vpc_id, flight)
        if target not in taken
        for mend in _route_to(network, table, target, also, flight, block)
    ]
    return (*mends, *_new_endpoint(network, table, flight))


def _new_endpoint(network: Network, table: RouteTable, flight: Flight) -> Iterator[Mend]:
    """A gateway endpoint that the VPC lacks, beyond the network ACL as one that it has; it may have one unread."""
    vpc = table.vpc_id
    service = network.service_holding(flight.packets.dst, vpc)
    if not service or flight.entered or network.gateway_endpoints(vpc, service):
        return
    name = table.route_table_id
    unread = network.inventory.unseen_in(vpc, "describe-vpc-endpoints")
    action = _creation(vpc, service, (name,))
    if unread:
        unknown = f"whether {vpc} has one is not known: {unread.reason}"
        action = f"associate {name} with a gateway endpoint for {service} ({unknown})"
    to, onward = crossing(flight, "", Position(service, Role.RECEIVE))
    yield Mend(
        resources=(name, service) if unread else (vpc, service, name),
        cost=NEW_ENDPOINT,
        action=action,
        to=to,
        flight=onward,
        target=service,
    )


def _creation(vpc: str, service: str, tables: Sequence[str]) -> str:
    return f"create a gateway endpoint for {service} in {vpc}, associated with {' and '.join(tables)}"


def one_creation(mends: Iterable[Mend]) -> dict[Mend, Mend]:
    """Each mend that makes an endpoint as the one that is associated with the tables of all of the same service."""
    found: dict[tuple[str, str], list[Mend]] = {}
    for mend in mends:
        if mend.cost == NEW_ENDPOINT and mend.resources[1:-1] == (mend.target,):
            found.setdefault((mend.resources[0], mend.target), []).append(mend)
    return {
        mend: replace(mend, resources=(vpc, service, *tables), action=_creation(vpc, service, tables))
        for (vpc, service), group in found.items()
        for tables in [tuple(dict.fromkeys(table for each in group for table in each.resources[2:]))]
        for mend in group
    }


def _gateways(network: Network, vpc: str, flight: Flight) -> list[tuple[str, tuple[str, ...]]]:
    """Targets in the VPC that could carry the flight, with the resources that a route to them also concerns."""
    service = network.service_holding(flight.packets.dst, vpc)
    endpoints = [(endpoint, (endpoint,)) for endpoint in network.gateway_endpoints(vpc, service)] if service else []
    walls = network.firewall_endpoints(vpc, flight.zone) if flight.entered else []
    others = (*network.route_candidates(vpc, flight.packets.dst), *walls, *_internet_gateways(network, vpc, flight))
    return endpoints + [(gateway, ()) for gateway in others]


def _internet_gateways(network: Network, vpc: str, flight: Flight) -> list[str]:
    """Those of the VPC, for what a NAT gateway sends: its subnet leads there, or nothing that it serves gets out.

    Nothing else is proposed to be led to the internet (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html).
    """
    translated = flight.translators & network.inventory.nat_gateways.keys()
    return network.inventory.internet_gateways_of(vpc) if translated and not flight.entered else []


def _route_to(
    network: Network, table: RouteTable, target: str, also: tuple[str, ...], flight: Flight, block: str
) -> list[Mend]:
    name, replaced = table.route_table_id, "" if also else block
    destination = default_route(target) or _destination(network, flight, table.vpc_id)
    action = f"add a route for {destination} to {target} to {name}"
    if also:
        action = f"associate {name} with {target}"
    elif replaced:
        action = f"lead the route for {replaced} to {target} in {name}"
    result = []
    for position in target_positions(network, table, target, flight):
        if isinstance(position, Unknown | str):
            continue
        to, onward = position
        result.append(
            Mend(
                resources=(name, *also),
                cost=NEW,
                action=action,
                to=to,
                flight=onward,
                target=target,
                block=replaced,
            )
        )
    return result


def _destination(network: Network, flight: Flight, vpc: str = "") -> str:
    """What a route names for a flight: the block that holds its destination, else all alike that was asked about."""
    dst = flight.packets.dst
    of_family = AddressSet.ANY_V4 if dst & AddressSet.ANY_V4 else AddressSet.ANY - AddressSet.ANY_V4
    asked = network.unplaced(flight.wanted & of_family)
    return ", ".join(covering(asked) if dst.issubset(asked) else destinations(network, dst, vpc))


def transit_route_mends(network: Network, table: str, flight: Flight) -> tuple[Mend, ...]:
    """A route of the transit gateway's table to each attachment that could hold the destination."""
    return _transit_routes(network, table, f"propagate or add a route for {_destination(network, flight)}", flight)


def transit_replacements(network: Network, table: str, route: TransitGatewayRoute, flight: Flight) -> tuple[Mend, ...]:
    """Another attachment for a route of the transit gateway's table: each that could hold the destination."""
    return _transit_routes(network, table, f"lead the route {route.destination_cidr_block}", flight)


def _transit_routes(network: Network, table: str, change: str, flight: Flight) -> tuple[Mend, ...]:
    return tuple(
        Mend(
            resources=(table,),
            cost=NEW,
            action=f"{change} to {attachment} in {table}",
            to=Position(attachment, Role.LEAVE),
            flight=flight,
            target=attachment,
        )
        for attachment in network.attachments_holding(table, flight.packets.dst)
    )


def attachment_mends(network: Network, attachment: TransitGatewayAttachment, onward: Flight) -> tuple[Mend, ...]:
    """An association of the attachment with each table of its transit gateway, first with those that lead on."""
    gateway = attachment.transit_gateway_id
    tables = [
        table.transit_gateway_route_table_id
        for table in network.inventory.transit_gateway_route_tables.values()
        if table.transit_gateway_id == gateway and same_state(table.state, "available")
    ]
    tables.sort(key=lambda table: _lacks_route(network, table, onward))
    return tuple(
        Mend(
            resources=(attachment.transit_gateway_attachment_id, table),
            cost=NEW,
            action=f"associate {attachment.transit_gateway_attachment_id} with {table}",
            to=Position(table, Role.LOOKUP),
            flight=replace(onward),
            target=table,
        )
        for table in tables
    )


def _lacks_route(network: Network, table: str, flight: Flight) -> bool:
    """Whether no route of a transit gateway's table is known to match some of the flight."""
    routes = network.inventory.transit_gateway_routes(table)
    return isinstance(routes, Unknown) or bool(network.transit_routes(table, routes).split(flight.packets.dst)[1])
