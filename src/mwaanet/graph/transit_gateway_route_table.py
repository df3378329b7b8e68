"""Transit gateway route tables: to which attachment a packet goes on.

https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-route-evaluation-overview

Not modelled: how packets are spread over attachments of equal cost: each may carry any of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Action, Drop, Flight, Kind, Lose, Outcome, Pass, Position, Role
from mwaanet.graph.mends import transit_replacements, transit_route_mends
from mwaanet.graph.outcomes import absent, hop
from mwaanet.graph.prefix_table import Prefix, PrefixTable
from mwaanet.graph.route_mismatch import TRANSIT_TABLE
from mwaanet.model.state import same_state
from mwaanet.model.transit_gateway_route_table import TransitGatewayRoute, TransitGatewayRoutes
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet

if TYPE_CHECKING:
    from mwaanet.graph.network import Network

TABLE = Kind.TRANSIT_GATEWAY_ROUTE_TABLE
_PROPAGATED = ("vpc", "direct-connect-gateway", "connect", "vpn", "peering")
_DELETED = ("deleted", "deleting")
_UNUSED = ("blackhole", *_DELETED)
_UNRANKED = (2, len(_PROPAGATED))


class Choice(msgspec.Struct, frozen=True, gc=False):
    """The route that decides for a range of destinations; several, and why, where that cannot be known."""

    routes: tuple[TransitGatewayRoute, ...]
    unknown: Unknown | None = None


def lookup(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """Look the flight up; several attachments on one route share the packets (ECMP)."""
    table = position.component
    routes = network.inventory.transit_gateway_routes(table)
    if isinstance(routes, Unknown):
        return (absent(table, TABLE, flight, routes),)
    outcomes: list[Outcome] = list(_learned(table, routes, flight))
    for attachment in routes.learning:
        reason = f"what {attachment.transit_gateway_attachment_id} propagates to {table} is not in the snapshot"
        flight = flight.doubting(Unknown(reason=reason, needs=routes.needs))
    parts, unmatched = network.transit_routes(table, routes).split(flight.packets.dst)
    for choice, dst in parts:
        part = flight.narrowed(flight.packets.where(dst=dst))
        if choice.unknown:
            part = part.doubting(choice.unknown)
        for route in choice.routes:
            outcomes.extend(_follow(network, table, routes, route, part))
    if unmatched:
        outcomes.append(_no_route(network, table, routes, flight.narrowed(flight.packets.where(dst=unmatched))))
    return tuple(outcomes)


def astray(network: Network, position: Position, flight: Flight) -> tuple[Drop, ...]:
    """What static routes lead to an attachment behind which it does not lie, as if it ended at the table.

    A VPC that passes packets on, such as one for inspection, is no wrong attachment.
    """
    table = position.component
    if table not in network.inventory.transit_gateway_route_tables:
        return ()
    routes = network.inventory.transit_gateway_routes(table)
    if isinstance(routes, Unknown):
        return ()
    found: list[Drop] = []
    for choice, dst in network.transit_routes(table, routes).split(flight.packets.dst)[0]:
        if not all(same_state(route.type, "static") for route in choice.routes):
            continue
        holding = network.attachments_holding(table, dst)
        targets = [one for route in choice.routes for one in route.transit_gateway_attachments]
        strayed = (network.leads_astray(one.transit_gateway_attachment_id, holding) for one in targets)
        if targets and holding and all(strayed):
            part = flight.narrowed(flight.packets.where(dst=dst))
            found.append(_astray(network, table, routes, choice.routes[0], part))
    return tuple(found)


def _astray(
    network: Network, table: str, routes: TransitGatewayRoutes, route: TransitGatewayRoute, flight: Flight
) -> Drop:
    target = route.transit_gateway_attachments[0]
    led = f"{target.transit_gateway_attachment_id} ({target.resource_type} {target.resource_id})"
    by = f"static route {route.destination_cidr_block} -> {led}, behind which {flight.packets.dst} does not lie"
    aws_code = _mismatch(network, table, routes, flight.packets.dst, AddressSet.parse(route.destination_cidr_block))
    decided = hop(table, TABLE, Action.DROP, by, Code.TGW_ASTRAY, flight.packets, routes.origin, aws_code=aws_code)
    return Drop(flight=flight, hop=decided, mends=transit_replacements(network, table, route, flight))


def _mismatch(
    network: Network, table: str, routes: TransitGatewayRoutes, dst: AddressSet, deciding: AddressSet = AddressSet.NONE
) -> str:
    """What Reachability Analyzer calls it that the table does not lead to the attachments that hold a destination."""
    intended = set(network.attachments_holding(table, dst)) if network.is_placed(dst) else set[str]()
    leading = [
        AddressSet.parse(route.destination_cidr_block)
        for route in routes.routes
        if route.destination_cidr_block and not same_state(route.state, *_UNUSED) and _ids(route) & intended
    ]
    return TRANSIT_TABLE.code(dst, leading, deciding)


def _learned(table: str, routes: TransitGatewayRoutes, flight: Flight) -> list[Outcome]:
    """Ways that routes may lead which an attachment learned by BGP and the snapshot does not hold."""
    outcomes: list[Outcome] = []
    for attachment in routes.learning:
        target = attachment.transit_gateway_attachment_id
        reason = f"what {target} propagates to {table} is not in the snapshot"
        doubting = flight.doubting(Unknown(reason=reason, needs=routes.needs))
        decided = hop(table, TABLE, Action.UNKNOWN, reason, Code.TGW_ROUTE, flight.packets, routes.origin)
        outcomes.append(Pass(flight=doubting, to=Position(target, Role.LEAVE), hop=decided))
    return outcomes


def compile_routes(routes: TransitGatewayRoutes) -> PrefixTable[Choice]:
    """The table as a partition of all destinations."""
    entries = [
        (AddressSet.parse(route.destination_cidr_block), route)
        for route in routes.routes
        if route.destination_cidr_block and not same_state(route.state, *_DELETED)
    ]
    return PrefixTable.build(entries, _decide)


def _decide(covering: Sequence[Prefix[TransitGatewayRoute]]) -> Choice | None:
    length = min(prefix.last - prefix.first for prefix in covering)
    longest = [prefix.payload for prefix in covering if prefix.last - prefix.first == length]
    longest.sort(key=_rank)
    best = longest[0]
    open_ranks = (_rank(best), _UNRANKED) if _rank(best)[0] == _UNRANKED[0] else (_rank(best),)
    rivals = [route for route in longest[1:] if _rank(route) in open_ranks and _ids(route) != _ids(best)]
    if rivals:
        reason = f"several routes to {best.destination_cidr_block} have the same preference, or one that is not known"
        return Choice((best, *rivals), Unknown(reason=reason, needs=()))
    return Choice((best,))


def _rank(route: TransitGatewayRoute) -> tuple[int, int]:
    if same_state(route.type, "static"):
        return (1 if route.prefix_list_id else 0, 0)
    kinds = [attachment.resource_type for attachment in route.transit_gateway_attachments]
    kind = kinds[0] if kinds else ""
    return (2, _PROPAGATED.index(kind)) if kind in _PROPAGATED else _UNRANKED


def _ids(route: TransitGatewayRoute) -> set[str]:
    return {attachment.transit_gateway_attachment_id for attachment in route.transit_gateway_attachments}


def _follow(
    network: Network, table: str, routes: TransitGatewayRoutes, route: TransitGatewayRoute, flight: Flight
) -> list[Outcome]:
    text = f"{route.type} route {route.destination_cidr_block}"
    if same_state(route.state, "blackhole") or not route.transit_gateway_attachments:
        by = f"{text} is a blackhole"
        decided = hop(table, TABLE, Action.DROP, by, Code.TGW_BLACKHOLE, flight.packets, routes.origin)
        return [Drop(flight=flight, hop=decided, mends=transit_route_mends(network, table, flight))]
    if route.state and not same_state(route.state, "active"):
        unknown = Unknown(reason=f"{table}: {text} is in state {route.state}", needs=())
        decided = hop(table, TABLE, Action.UNKNOWN, unknown.reason, Code.TARGET_UNKNOWN, flight.packets, routes.origin)
        return [Lose(flight=flight, hop=decided, unknown=unknown)]
    if not routes.complete:
        reason = f"{table} has more routes than the snapshot holds"
        flight = flight.doubting(Unknown(reason=reason, needs=routes.needs))
    outcomes: list[Outcome] = []
    for attachment in route.transit_gateway_attachments:
        target = attachment.transit_gateway_attachment_id
        by = f"{text} -> {target} ({attachment.resource_type} {attachment.resource_id})"
        decided = hop(table, TABLE, Action.FORWARD, by, Code.TGW_ROUTE, flight.packets, routes.origin)
        outcomes.append(Pass(flight=flight, to=Position(target, Role.LEAVE), hop=decided))
    return outcomes


def _no_route(network: Network, table: str, routes: TransitGatewayRoutes, flight: Flight) -> Outcome:
    by = f"no route to {flight.packets.dst}"
    if not routes.complete:
        reason = f"{table} has more routes than the snapshot holds"
        decided = hop(table, TABLE, Action.UNKNOWN, reason, Code.TGW_NO_ROUTE, flight.packets, routes.origin)
        return Lose(flight=flight, hop=decided, unknown=Unknown(reason=reason, needs=routes.needs))
    aws_code = _mismatch(network, table, routes, flight.packets.dst)
    decided = hop(table, TABLE, Action.DROP, by, Code.TGW_NO_ROUTE, flight.packets, routes.origin, aws_code=aws_code)
    return Drop(flight=flight, hop=decided, mends=transit_route_mends(network, table, flight))
