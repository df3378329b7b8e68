"""VPC peering connections: one hop from the one VPC's CIDRs to the other's, no transit of any kind.

A connection that is not active drops what its routes attract
(https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html).

Not modelled: the largest packet (MTU) that passes, here as on every other way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Action, Drop, Flight, Hop, Kind, Mend, Outcome, Pass, Position, Role
from mwaanet.graph.outcomes import absent, hop
from mwaanet.model.state import same_state
from mwaanet.model.vpc_peering_connection import VpcPeeringConnection
from mwaanet.net import PacketSet

if TYPE_CHECKING:
    from mwaanet.graph.network import Network


def leave(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """From one side to the other."""
    record = network.inventory.vpc_peering_connections.get(position.component)
    if record is None:
        missing = network.missing("describe-vpc-peering-connections", position.component, flight.vpc)
        return (absent(position.component, Kind.PEERING, flight, missing),)
    sides = (record.requester_vpc_info, record.accepter_vpc_info)
    far = sides[1] if flight.vpc == sides[0].vpc_id else sides[0]
    other = far.vpc_id
    onward = replace(
        flight, vpc=other, subnet="", zone="", entered=position.component, crossed=(*flight.crossed, position.component)
    )
    to = Position(other, Role.LOCAL)
    if not same_state(record.status.code, "active"):
        hop = _hop(record, flight.packets, Action.DROP, f"status is {record.status.code}", Code.BAD_STATE)
        mend = Mend(
            resources=(position.component,),
            cost=1,
            action=f"accept or recreate {position.component}",
            to=to,
            flight=onward,
        )
        return (Drop(flight=flight, hop=hop, mends=(mend,)),)
    if other not in network.inventory.vpcs:
        unknown = network.inventory.unknown("ec2", "describe-vpcs", far.owner_id, far.region)
        missing = unknown or f"{other} does not exist"
        return (absent(position.component, Kind.PEERING, flight, missing),)
    if flight.vpc not in network.inventory.vpcs:
        return (absent(position.component, Kind.PEERING, flight, network.inventory.unseen_vpc(flight.vpc)),)
    cidrs = network.inventory.vpc_cidrs
    passing = flight.packets.where(src=cidrs(flight.vpc), dst=cidrs(other))
    rest = flight.packets - passing
    outcomes: list[Outcome] = []
    if passing:
        hop = _hop(record, passing, Action.FORWARD, f"active, to {other}", Code.PEERING)
        outcomes.append(Pass(flight=replace(onward, packets=passing), to=to, hop=hop))
    if rest:
        by = f"passes only between the CIDRs of {flight.vpc} and {other}"
        hop = _hop(record, rest, Action.DROP, by, Code.PEERING_NO_TRANSIT)
        outcomes.append(Drop(flight=flight.narrowed(rest), hop=hop))
    return tuple(outcomes)


def _hop(record: VpcPeeringConnection, packets: PacketSet, action: Action, by: str, code: Code) -> Hop:
    return hop(record.vpc_peering_connection_id, Kind.PEERING, action, by, code, packets, record.origin)
