"""Routes of VPC route tables that lead to a gateway behind which the destination cannot lie.

A peering passes only what goes to the CIDRs of the VPC on its other side
(https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-limitations), an internet gateway
only what goes to public addresses (https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html).
What a default route leads astray is told by `route_table.detours`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Action, Drop, Evidence, Flight, Hop, Kind, Position
from mwaanet.graph.mends import route_mends
from mwaanet.graph.route_table import mismatch, target_id
from mwaanet.model.route_table import RouteTable
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet
from mwaanet.net.public_addresses import PUBLIC

if TYPE_CHECKING:
    from mwaanet.graph.network import Network


def astray(network: Network, position: Position, flight: Flight) -> tuple[Drop, ...]:
    """What single routes lead to where it cannot lie, as if it ended at the table."""
    table = network.route_table_at(position.component)
    if table is None or isinstance(table, Unknown):
        return ()
    found: list[Drop] = []
    for choice, dst in network.routes(table).split(flight.packets.dst)[0]:
        if choice.unknown or len(choice.routes) != 1:
            continue
        index, route = choice.routes[0]
        block = route.destination_cidr_block or route.destination_ipv6_cidr_block
        behind = _behind(network, table, target_id(route))
        if not block or block.endswith("/0") or same_state(route.state, "blackhole"):
            continue
        if behind is not None and not dst & behind:
            part = flight.narrowed(flight.packets.where(dst=dst))
            useless = not AddressSet.parse(block) & behind
            found.append(_drop(network, table, index, part, block, target_id(route), useless=useless))
    return tuple(found)


def _behind(network: Network, table: RouteTable, target: str) -> AddressSet | None:
    """The addresses that may lie behind a target of a VPC's table; None where that is not so plain."""
    if target.startswith("igw-"):
        return PUBLIC
    peering = network.inventory.vpc_peering_connections.get(target)
    if peering is None:
        return None
    sides = (peering.requester_vpc_info.vpc_id, peering.accepter_vpc_info.vpc_id)
    other = sides[1] if sides[0] == table.vpc_id else sides[0]
    return network.inventory.vpc_cidrs(other) if other in network.inventory.vpcs else None


def _drop(
    network: Network, table: RouteTable, index: int, flight: Flight, block: str, target: str, *, useless: bool
) -> Drop:
    """A route that is of no use to any address is led elsewhere; beside one of use to others a longer one is added."""
    stopped = Hop(
        component=table.route_table_id,
        kind=Kind.ROUTE_TABLE,
        action=Action.DROP,
        by=f"route {block} -> {target}, behind which {flight.packets.dst} does not lie",
        code=Code.ROUTE_ASTRAY,
        packets=flight.packets,
        evidence=(Evidence(table.origin, f"/Routes/{index}"),),
        also=(target,),
        aws_code=mismatch(network, table, flight.packets.dst, AddressSet.parse(block)),
    )
    mends = route_mends(network, table, flight, (target,), block if useless else "")
    return Drop(flight=flight, hop=stopped, mends=mends)
