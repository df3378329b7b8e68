"""VPC route tables: which way a packet leaves a subnet, or enters by a gateway.

The longest prefix wins; at equal length local, then static (a CIDR before a prefix list), then propagated. A
propagated route inside the VPC's own CIDRs loses to the local route. Where two prefix lists with different targets
cover a destination AWS picks at random, so the answer is unknown. A blackhole attracts and drops
(https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html). A route longer than the local one leads
to a NAT gateway, an interface or a firewall's endpoint: to other targets an unread prefix list leads nothing inside the
VPC (https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html).

Not modelled: routes to local, carrier and core network gateways: unknown. Middlebox routing is followed only where a
route says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from mwaanet.graph.codes import Code
from mwaanet.graph.flight import (
    Action,
    Drop,
    Evidence,
    Flight,
    Hop,
    Kind,
    Lose,
    Mend,
    Outcome,
    Pass,
    Position,
)
from mwaanet.graph.mends import route_mends
from mwaanet.graph.prefix_table import Prefix, PrefixTable
from mwaanet.graph.route_mismatch import VPC_TABLE
from mwaanet.graph.targets import target_positions
from mwaanet.model.route_table import BY_ROUTE_SERVER, BY_VPN_GATEWAY, Route, RouteTable
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet

if TYPE_CHECKING:
    from mwaanet.graph.network import Network

LOCAL, STATIC, LIST, PROPAGATED = range(4)

_WITHIN = ("nat-", "eni-", "i-", "vpce-")
"""What a route longer than the local one may lead to."""
_SERVICES = {"s3": "S3", "dynamodb": "DynamoDB"}
"""What people call the services with gateway endpoints."""


class Choice(msgspec.Struct, frozen=True, gc=False):
    """What decides for a range of destinations: one route, or several among which AWS may pick."""

    routes: tuple[tuple[int, Route], ...]
    """Index and record of the routes that may win; more than one where that cannot be known."""
    unknown: Unknown | None = None


class _Entry(msgspec.Struct, frozen=True, gc=False):
    index: int
    route: Route
    rank: int
    unread: Unknown | None = None


def lookup(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """Look the flight up in the route table of the subnet or gateway that `position` names."""
    name = position.component
    table = network.route_table_at(name) or Unknown(reason=f"the route table of {name} is not in the snapshot")
    if isinstance(table, Unknown):
        hop = Hop(
            component=name,
            kind=Kind.SUBNET,
            action=Action.UNKNOWN,
            by=table.reason,
            code=Code.ROUTE_TABLE_UNKNOWN,
            packets=flight.packets,
        )
        return (Lose(flight=flight, hop=hop, unknown=table),)
    outcomes: list[Outcome] = []
    parts, unmatched = network.routes(table).split(flight.packets.dst)
    for choice, dst in parts:
        part = flight.narrowed(flight.packets.where(dst=dst))
        if choice.unknown:
            part = part.doubting(choice.unknown)
        for index, route in choice.routes:
            outcomes.extend(_follow(network, table, index, route, part))
    if unmatched:
        outcomes.append(_no_route(network, table, flight.narrowed(flight.packets.where(dst=unmatched))))
    return tuple(outcomes)


def detours(network: Network, position: Position, flight: Flight) -> tuple[Drop, ...]:
    """What the default route leads astray, as if it ended at the table: a route was forgotten beside it.

    A blackhole leads nowhere: it stops the packets itself. From one NAT gateway to another nothing was forgotten, nor
    from one transit gateway to another of which nothing says that it leads there.
    """
    table = network.route_table_at(position.component)
    if table is None or isinstance(table, Unknown):
        return ()
    found: list[Drop] = []
    for choice, dst in network.routes(table).split(flight.packets.dst)[0]:
        routes = [route for _, route in choice.routes if not same_state(route.state, "blackhole")]
        if routes and all(_block(route).endswith("/0") for route in routes):
            part = flight.narrowed(flight.packets.where(dst=dst))
            found.append(_forgotten(network, table, choice.routes[0][0], routes, part))
    return tuple(found)


def _forgotten(network: Network, table: RouteTable, index: int, routes: Sequence[Route], flight: Flight) -> Drop:
    targets = [target_id(route) for route in routes]
    hop = Hop(
        component=table.route_table_id,
        kind=Kind.ROUTE_TABLE,
        action=Action.DROP,
        by=f"no route to {flight.packets.dst} beside the default route to {', '.join(targets)}",
        code=Code.ROUTE_ASTRAY,
        packets=flight.packets,
        evidence=(Evidence(table.origin, f"/Routes/{index}"),),
        also=tuple(targets),
        aws_code=mismatch(network, table, flight.packets.dst, AddressSet.parse(_block(routes[0]))),
    )
    taken = {*targets, *_no_better(network, table.vpc_id, targets, flight.packets.dst)}
    return Drop(flight=flight, hop=hop, mends=route_mends(network, table, flight, taken))


def _no_better(network: Network, vpc: str, targets: Sequence[str], dst: AddressSet) -> Iterator[str]:
    """Gateways of a target's kind that lead to a destination no more than the target does."""
    translators = [gateway.nat_gateway_id for gateway in network.inventory.nat_gateways_of(vpc)]
    if set(translators).intersection(targets):
        yield from translators
    transit = [attachment.transit_gateway_id for attachment in network.inventory.vpc_attachments_of(vpc)]
    if set(transit).intersection(targets):
        yield from (gateway for gateway in transit if not network.leads_to(gateway, vpc, dst))


def compile_routes(network: Network, table: RouteTable) -> PrefixTable[Choice]:
    """The table as a partition of all destinations."""
    return PrefixTable.build(_entries(network, table), _decide)


def mismatch(network: Network, table: RouteTable, dst: AddressSet, deciding: AddressSet = AddressSet.NONE) -> str:
    """What Reachability Analyzer calls it that the table does not lead to the gateways that hold a destination."""
    intended = network.gateways_leading(table.vpc_id, dst)
    leading = [
        block
        for block, entry in (_entries(network, table) if intended else ())
        if target_id(entry.route) in intended and not same_state(entry.route.state, "blackhole")
    ]
    return VPC_TABLE.code(dst, leading, deciding)


def _entries(network: Network, table: RouteTable) -> list[tuple[AddressSet, _Entry]]:
    local = network.inventory.vpc_cidrs(table.vpc_id)
    entries: list[tuple[AddressSet, _Entry]] = []
    for index, route in enumerate(table.routes):
        if route.destination_prefix_list_id:
            entries.extend(_list_entries(network, table, index, route))
            continue
        cidr = _block(route)
        if not cidr:
            continue
        block = AddressSet.parse(cidr)
        if route.gateway_id == "local":
            entries.append((block, _Entry(index, route, LOCAL)))
        elif route.origin != BY_VPN_GATEWAY:
            entries.append((block, _Entry(index, route, PROPAGATED if route.origin == BY_ROUTE_SERVER else STATIC)))
        elif not block.issubset(local):
            entries.append((block, _Entry(index, route, PROPAGATED)))
    entries.extend(_unlisted(network, table))
    return entries


def _unlisted(network: Network, table: RouteTable) -> Iterator[tuple[AddressSet, _Entry]]:
    """The local routes that the answer leaves out: every CIDR of the VPC has one, or what has taken its place.

    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html,
    https://docs.aws.amazon.com/vpc/latest/userguide/replace-local-route-target.html
    """
    listed = [(index, route) for index, route in enumerate(table.routes) if route.gateway_id == "local"]
    static = (route for route in table.routes if route.origin not in (BY_VPN_GATEWAY, BY_ROUTE_SERVER))
    known = {_block(route) for route in static}
    for block in network.inventory.vpc_blocks(table.vpc_id) if listed else ():
        if block not in known:
            index, route = listed[0]
            yield (
                AddressSet.parse(block),
                _Entry(index, msgspec.structs.replace(route, destination_cidr_block=block), LOCAL),
            )


def _list_entries(network: Network, table: RouteTable, index: int, route: Route) -> list[tuple[AddressSet, _Entry]]:
    """A prefix list route as one entry per block, for the length of each decides."""
    cidrs = network.prefix_list_cidrs(route.destination_prefix_list_id, table)
    if isinstance(cidrs, Unknown):
        bound = network.prefix_list_bound(route.destination_prefix_list_id, route)
        if not target_id(route).startswith(_WITHIN):
            bound = bound - network.inventory.vpc_cidrs(table.vpc_id)
        return [(bound, _Entry(index, route, LIST, cidrs))]
    return [(AddressSet.parse(cidr), _Entry(index, route, LIST)) for cidr in cidrs]


def _decide(covering: Sequence[Prefix[_Entry]]) -> Choice | None:
    unread = [prefix.payload for prefix in covering if prefix.payload.unread]
    read = [prefix for prefix in covering if not prefix.payload.unread]
    best = min(read, key=lambda prefix: (prefix.last - prefix.first, prefix.payload.rank), default=None)
    routes = [best.payload] if best else []
    unknown = None
    if best and best.payload.rank == LIST:
        lists = [prefix.payload for prefix in read if prefix.payload.rank == LIST]
        rivals = {target_id(entry.route): entry for entry in lists}
        rivals.pop(target_id(best.payload.route))
        if rivals:
            names = ", ".join(sorted({entry.route.destination_prefix_list_id for entry in lists}))
            unknown = Unknown(reason=f"prefix lists {names} overlap and AWS picks one of their routes", needs=())
            routes.extend(rivals.values())
    for entry in unread:
        if best is None or target_id(entry.route) != target_id(best.payload.route):
            unknown = entry.unread
            routes.append(entry)
        elif best.payload.rank == LIST:
            continue
    if not routes:
        return None
    return Choice(tuple((entry.index, entry.route) for entry in routes), unknown)


def _block(route: Route) -> str:
    """The CIDR block that the route is for; empty for a prefix list."""
    return route.destination_cidr_block or route.destination_ipv6_cidr_block


def target_id(route: Route) -> str:
    """The id of what the route leads to."""
    return (
        route.gateway_id
        or route.nat_gateway_id
        or route.transit_gateway_id
        or route.vpc_peering_connection_id
        or route.network_interface_id
        or route.egress_only_internet_gateway_id
        or route.instance_id
        or route.carrier_gateway_id
        or route.local_gateway_id
        or route.core_network_arn
        or route.odb_network_arn
    )


def _follow(network: Network, table: RouteTable, index: int, route: Route, flight: Flight) -> list[Outcome]:
    destination = route.destination_prefix_list_id or _block(route)
    text = f"route {destination} -> {target_id(route)}"

    def hop(component: str, kind: Kind, action: Action, by: str, code: Code, also: tuple[str, ...] = ()) -> Hop:
        evidence = (Evidence(table.origin, f"/Routes/{index}"),)
        return Hop(
            component=component,
            kind=kind,
            action=action,
            by=by,
            code=code,
            packets=flight.packets,
            evidence=evidence,
            also=also,
        )

    name, target = table.route_table_id, target_id(route)
    if same_state(route.state, "blackhole"):
        by = f"{text} is a blackhole"
        stopped = hop(name, Kind.ROUTE_TABLE, Action.DROP, by, Code.ROUTE_BLACKHOLE, (target,) if target else ())
        block = "" if route.destination_prefix_list_id else destination
        mends = (*_uncovered(network, table, flight), *route_mends(network, table, flight, (target,), block))
        return [Drop(flight=flight, hop=stopped, mends=mends)]
    if route.state and not same_state(route.state, "active"):
        unknown = Unknown(reason=f"{name}: {text} is in state {route.state}", needs=())
        lost = hop(name, Kind.ROUTE_TABLE, Action.UNKNOWN, unknown.reason, Code.TARGET_UNKNOWN)
        return [Lose(flight=flight, hop=lost, unknown=unknown)]
    outcomes: list[Outcome] = []
    for led_to in target_positions(network, table, target, flight):
        if isinstance(led_to, Unknown):
            lost = hop(target or name, Kind.UNMODELLED, Action.UNKNOWN, led_to.reason, Code.TARGET_UNKNOWN)
            outcomes.append(Lose(flight=flight, hop=lost, unknown=led_to))
        elif isinstance(led_to, str):
            stopped = hop(name, Kind.ROUTE_TABLE, Action.DROP, f"{text}: {led_to}", Code.NO_TRANSIT, (target,))
            outcomes.append(Drop(flight=flight, hop=stopped))
        else:
            to, onward = led_to
            decided = hop(name, Kind.ROUTE_TABLE, Action.FORWARD, text, Code.ROUTE)
            outcomes.append(Pass(flight=replace(onward, packets=flight.packets), to=to, hop=decided))
    return outcomes


def _uncovered(network: Network, table: RouteTable, flight: Flight) -> tuple[Mend, ...]:
    """Deleting the blackholes of the table, so that shorter routes below them decide."""
    kept = tuple(route for route in table.routes if not same_state(route.state, "blackhole"))
    below = msgspec.structs.replace(table, routes=kept)
    found: list[Mend] = []
    for choice, dst in compile_routes(network, below).split(flight.packets.dst)[0]:
        part = flight.narrowed(flight.packets.where(dst=dst))
        for index, route in () if choice.unknown else choice.routes:
            found.extend(
                Mend(
                    resources=(table.route_table_id,),
                    cost=1,
                    action=f"delete the blackhole routes of {table.route_table_id}",
                    to=outcome.to,
                    flight=outcome.flight,
                )
                for outcome in _follow(network, below, index, route, part)
                if isinstance(outcome, Pass)
            )
    return tuple(found)


def _unrouted(network: Network, table: RouteTable, dst: AddressSet) -> str:
    """A destination; part of a service's addresses as the service, where the table leads to none of them."""
    for service, list_id, addresses in network.service_lists(*network.place_of_vpc(table.vpc_id)):
        if dst.issubset(addresses) and network.routes(table).split(addresses)[1] == addresses:
            return f"{_SERVICES[service.rpartition('.')[2]]} (prefix list {list_id})"
    return str(dst)


def _no_route(network: Network, table: RouteTable, flight: Flight) -> Drop:
    hop = Hop(
        component=table.route_table_id,
        kind=Kind.ROUTE_TABLE,
        action=Action.DROP,
        by=f"no route to {_unrouted(network, table, flight.packets.dst)}",
        code=Code.NO_ROUTE,
        packets=flight.packets,
        evidence=(Evidence(table.origin, "/Routes"),),
        aws_code=mismatch(network, table, flight.packets.dst),
    )
    return Drop(flight=flight, hop=hop, mends=route_mends(network, table, flight))
