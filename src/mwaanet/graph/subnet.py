"""Subnets and the VPC's router: what happens between an interface and a route table.

Packets between two interfaces of one subnet are delivered directly. All others are looked up in the subnet's route
table, and cross the network ACLs of the subnets they leave and enter
(https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html). A destination inside the VPC that no
interface holds answers nobody.

Not modelled: broadcast and multicast; that subnets in Local Zones, Wavelength Zones and on Outposts lack some services.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from mwaanet.graph.codes import Code
from mwaanet.graph.flight import (
    Action,
    Drop,
    Flight,
    Hop,
    Kind,
    Lose,
    Outcome,
    Pass,
    Position,
    Role,
    Translation,
    advance,
)
from mwaanet.graph.interface import RESOLVER
from mwaanet.graph.outcomes import hop
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet

if TYPE_CHECKING:
    from mwaanet.graph.network import Network


def leave(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """From an interface of the subnet: to a neighbour in the subnet, or to the route table."""
    subnet = position.component
    kept = _kept(network, flight)
    if kept:
        to, onward = crossing(flight, kept.keeps, Position(kept.owner, Role.ENTER))
        return (Pass(flight=onward, to=to),)
    neighbours = flight.packets.where(dst=network.inventory.subnet_cidrs(subnet))
    rest = flight.packets - neighbours
    outcomes: list[Outcome] = []
    if neighbours:
        outcomes.append(Pass(flight=flight.narrowed(neighbours), to=Position(subnet, Role.ENTER)))
    if rest:
        outcomes.append(Pass(flight=flight.narrowed(rest), to=Position(subnet, Role.LOOKUP)))
    return tuple(outcomes)


def _kept(network: Network, flight: Flight) -> Translation | None:
    """The load balancer to which a target's replies to a preserved client address return, whatever the routes say.

    That holds in the load balancer's own VPC and in peered ones
    (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation).
    """
    if not flight.reply or not flight.translations or not flight.translations[-1].keeps:
        return None
    vpc = network.vpc_of(flight.translations[-1].keeps)
    near = flight.vpc == vpc or flight.vpc in network.inventory.peered_vpcs(vpc)
    return flight.translations[-1] if near else None


def local(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """The VPC's router delivers: to the subnet that holds the destination, across the network ACLs between."""
    vpc = position.component
    parts, unmatched = network.subnets_by_address(vpc).split(flight.packets.dst)
    outcomes: list[Outcome] = []
    for subnet, dst in parts:
        to, onward = crossing(flight.narrowed(flight.packets.where(dst=dst)), subnet, Position(subnet, Role.ENTER))
        outcomes.append(Pass(flight=onward, to=to))
    if unmatched:
        outcomes.append(_nowhere(network, vpc, flight.narrowed(flight.packets.where(dst=unmatched))))
    return tuple(outcomes)


def crossing(flight: Flight, subnet: str, target: Position) -> tuple[Position, Flight]:
    """The network ACLs between the subnet the flight left and the one it enters ("" is outside), then `target`."""
    agenda = []
    if flight.subnet and flight.subnet != subnet:
        agenda.append(Position(flight.subnet, Role.OUTBOUND))
    if subnet and flight.subnet != subnet:
        agenda.append(Position(subnet, Role.INBOUND))
    agenda.append(target)
    return advance(replace(flight, ahead=(*agenda, *flight.ahead)), target)


def enter(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """Inside the subnet: to the interface that holds the destination."""
    subnet = position.component
    parts, unmatched = network.interfaces_by_address(subnet).split(flight.packets.dst)
    outcomes: list[Outcome] = [
        Pass(
            flight=replace(flight, packets=flight.packets.where(dst=dst), vpc=network.vpc_of(subnet)),
            to=Position(interface, Role.GROUPS_IN),
        )
        for interface, dst in parts
    ]
    if unmatched:
        outcomes.append(_nobody(network, subnet, flight.narrowed(flight.packets.where(dst=unmatched)), unmatched))
    return tuple(outcomes)


def _nobody(network: Network, subnet: str, flight: Flight, unmatched: AddressSet) -> Outcome:
    by = f"no interface holds {unmatched}{_held_too(flight, flight.vpc)}"
    record = network.inventory.subnets.get(subnet)
    origin = record.origin if record else None
    also = (flight.vpc,) if flight.reply else ()
    stopped = hop(subnet, Kind.SUBNET, Action.DROP, by, Code.NO_INTERFACE, flight.packets, origin, also)
    return _unless_unseen(stopped, flight, network.unseen_interfaces(subnet))


def _nowhere(network: Network, vpc: str, flight: Flight) -> Outcome:
    by = f"no subnet holds {flight.packets.dst}{_held_too(flight, vpc)}"
    record = network.inventory.vpcs.get(vpc)
    origin = record.origin if record else None
    stopped = hop(vpc, Kind.VPC, Action.DROP, by, Code.NO_SUBNET, flight.packets, origin)
    return _unless_unseen(stopped, flight, network.unseen_subnets(vpc))


def _unless_unseen(stopped: Hop, flight: Flight, unseen: Unknown | None) -> Outcome:
    """The packets are dropped where nobody holds their destination, lost where somebody may who was not read."""
    if unseen is None:
        return Drop(flight=flight, hop=stopped)
    return Lose(flight=flight, hop=replace(stopped, action=Action.UNKNOWN, by=unseen.reason), unknown=unseen)


def _held_too(flight: Flight, vpc: str) -> str:
    """Why replies end in a VPC, although the client sent from their destination: it has the address elsewhere."""
    return f", which is the client's, but in the range of {vpc}, too" if flight.reply else ""


def resolver_send(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """A reply of the VPC's own services: straight back to the subnet, unfiltered."""
    vpc = position.component.removesuffix(RESOLVER)
    parts, _ = network.subnets_by_address(vpc).split(flight.packets.dst)
    return tuple(
        Pass(flight=flight.narrowed(flight.packets.where(dst=dst)), to=Position(subnet, Role.ENTER))
        for subnet, dst in parts
    )
