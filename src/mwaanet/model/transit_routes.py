"""The routes of transit gateway route tables: as AWS lists them, or derived where only a part was asked for.

`search-transit-gateway-routes` must be given a filter, so what was found is as complete as the filters are wide. Where
only static routes were asked for (Batfish), the propagated ones follow from the table's propagations: a VPC propagates
its CIDR blocks, a static VPN connection its routes; what is learned by BGP is not known
(https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-route-propagation-overview).
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import product
from typing import Any

import msgspec

from mwaanet.model.client_vpn import ClientVpn
from mwaanet.model.record import Cidr, Origin, Shape
from mwaanet.model.state import same_state
from mwaanet.model.transit_gateway_route_table import (
    Propagations,
    RoutesFound,
    TransitGatewayRoute,
    TransitGatewayRouteAttachment,
    TransitGatewayRoutes,
)
from mwaanet.model.unknown import Unknown
from mwaanet.snapshot.operations import CallRef

SEARCH = "search-transit-gateway-routes"
_TYPES = ("static", "propagated")
_STATES = ("active", "blackhole")
_EVERYTHING = frozenset(product(_TYPES, _STATES))
_STATIC = frozenset(product(("static",), _STATES))


class _Filter(Shape, frozen=True, kw_only=True):
    """Filter (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html)."""

    name: str
    values: tuple[str, ...] = ()


class TransitRoutes(ClientVpn):
    """Questions about the routes of transit gateways."""

    @cached_property
    def _transit_routes(self) -> dict[str, TransitGatewayRoutes | Unknown]:
        return {}

    def transit_gateway_routes(self, table_id: str) -> TransitGatewayRoutes | Unknown:
        """The routes of a transit gateway route table."""
        found = self._transit_routes.get(table_id)
        if found is None:
            found = self._transit_routes[table_id] = self._read_routes(table_id)
        return found

    def _place_of_table(self, table_id: str) -> tuple[str, str]:
        """Where a table's routes can be asked for: only its transit gateway's owner may, whoever sees an attachment."""
        table = self.transit_gateway_route_tables.get(table_id)
        if table is not None:
            return self.place(table)
        for attachment in self.transit_gateway_attachments.values():
            named = attachment.association.transit_gateway_route_table_id if attachment.association else ""
            if named == table_id and attachment.transit_gateway_owner_id:
                return attachment.transit_gateway_owner_id, self.place(attachment)[1]
        return self.home

    def _read_routes(self, table_id: str) -> TransitGatewayRoutes | Unknown:
        place = self._place_of_table(table_id)
        asked = {"TransitGatewayRouteTableId": table_id}
        given = self.given("ec2", SEARCH, *place, **asked)
        answers = self.answers("ec2", SEARCH, *place, RoutesFound, **asked)
        if not isinstance(given, list) or not isinstance(answers, tuple):
            return (given if isinstance(given, Unknown) else None) or Unknown(reason=f"{table_id} does not exist")
        origin = answers[0][1].below("/Routes")
        routes = tuple(dict.fromkeys(route for found, _ in answers for route in found.routes))
        covered = frozenset[tuple[str, str]]().union(*(_covered(entry.call.parameters) for entry in given))
        more = any(found.additional_routes_available for found, _ in answers)
        if not more and covered < _EVERYTHING and covered >= _STATIC:
            return self._derived(table_id, place, routes, origin)
        needs = (CallRef(*place, "ec2", SEARCH),)
        return TransitGatewayRoutes(
            routes=routes, complete=not more and covered >= _EVERYTHING, origin=origin, needs=needs
        )

    def _derived(
        self, table_id: str, place: tuple[str, str], static: Iterable[TransitGatewayRoute], origin: Origin
    ) -> TransitGatewayRoutes | Unknown:
        """Static routes with the propagated ones that follow from propagations and what they lead to."""
        operation = "get-transit-gateway-route-table-propagations"
        answer = self.call("ec2", operation, *place, Propagations, TransitGatewayRouteTableId=table_id)
        if not isinstance(answer, Propagations):
            return answer or Unknown(reason=f"the propagations of {table_id} are not in the snapshot")
        routes = list(static)
        learning: list[TransitGatewayRouteAttachment] = []
        for propagation in answer.transit_gateway_route_table_propagations:
            if not same_state(propagation.state or "enabled", "enabled", "enabling"):
                continue
            prefixes, known = self._propagated(propagation.resource_type, propagation.resource_id)
            target = TransitGatewayRouteAttachment(
                transit_gateway_attachment_id=propagation.transit_gateway_attachment_id,
                resource_id=propagation.resource_id,
                resource_type=propagation.resource_type,
            )
            if not known:
                learning.append(target)
            routes.extend(
                TransitGatewayRoute(
                    destination_cidr_block=Cidr(prefix), transit_gateway_attachments=(target,), type="propagated"
                )
                for prefix in prefixes
            )
        needs = (CallRef(*place, "ec2", SEARCH), CallRef(*place, "ec2", operation))
        return TransitGatewayRoutes(
            routes=tuple(routes), complete=True, origin=origin, needs=needs, learning=tuple(learning)
        )

    def _propagated(self, kind: str, resource_id: str) -> tuple[list[str], bool]:
        """What an attachment propagates, and whether that is all."""
        if kind == "vpc":
            return self.vpc_blocks(resource_id), resource_id in self.vpcs
        connection = self.vpn_connections.get(resource_id)
        if connection is not None and connection.is_static:
            return list(connection.static_cidrs), True
        return [], False


def _covered(parameters: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """Which types and states of routes a search with these filters finds all of; none where it has others."""
    wanted = {"type": set(_TYPES), "state": set(_STATES)}
    try:
        filters = msgspec.convert(parameters.get("Filters") or (), tuple[_Filter, ...])
    except msgspec.ValidationError:
        return frozenset()
    for one in filters:
        if one.name not in wanted:
            return frozenset()
        wanted[one.name] &= set(one.values)
    return frozenset(product(wanted["type"], wanted["state"]))
