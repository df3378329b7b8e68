"""Network interfaces: where packets start and end inside a VPC.

An interface sends only from its own addresses and takes only packets for them, unless its source/destination
check is off (https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html#EIP_Disable_SrcDestCheck).
The VPC resolver, the subnet's router and the link-local services answer every interface and are filtered by
neither security groups nor network ACLs
(https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html#nacl-basics).

Not modelled: what a host does with packets that are not addressed to it (an appliance): unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from mwaanet.graph.codes import Code
from mwaanet.graph.flight import (
    Action,
    Arrive,
    Drop,
    Flight,
    Hop,
    Kind,
    Lose,
    Outcome,
    Pass,
    Position,
    Role,
)
from mwaanet.graph.outcomes import hop, mendable
from mwaanet.model.record import Origin
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet, PacketSet

if TYPE_CHECKING:
    from mwaanet.graph.network import Network

LINK_LOCAL_SERVICES = AddressSet.parse(
    "169.254.169.253", "169.254.169.254", "169.254.169.123", "fd00:ec2::253", "fd00:ec2::254", "fd00:ec2::123"
)

RESOLVER = ":resolver"
"""Behind a VPC's id: the component that stands for its resolver and the other services that always answer."""


TRANSIT_GATEWAY = "transit_gateway"
"""The kind of the interfaces of transit gateway attachments."""


class Interface(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A network interface as the engine sees it: one that AWS described, or a virtual one.

    `addresses` are the private (and IPv6) addresses it holds; `public` pairs a private address with the public
    one that an internet gateway translates it to.
    """

    id: str
    vpc: str
    subnet: str
    groups: tuple[str, ...]
    addresses: AddressSet
    public: tuple[tuple[str, str], ...] = ()
    checked: bool = True
    kind: str = "interface"
    origin: Origin | None = None


def send(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """A packet leaves its interface: to the services that are always there, or to the groups' egress rules."""
    interface = network.interface(position.component)
    flight = replace(
        flight,
        vpc=interface.vpc,
        subnet=interface.subnet,
        zone=network.zone_of(interface.subnet),
        sender=interface.id,
        crossed=(),
        entered="",
    )
    outcomes: list[Outcome] = []
    own = flight.packets.where(src=interface.addresses) if interface.checked else flight.packets
    foreign = flight.packets - own
    if foreign:
        outcomes.append(_spoofed(interface, flight.narrowed(foreign)))
    always = own.where(dst=network.vpc_services(interface.vpc, interface.subnet))
    if always:
        outcomes.append(_resolver(interface, flight.narrowed(always)))
    rest = own - always
    if rest:
        sent = _hop(interface, rest, Action.FORWARD, f"sends from {rest.src}", Code.INTERFACE_SENDS)
        to = Position(interface.id, Role.GROUPS_OUT)
        outcomes.append(Pass(flight=flight.narrowed(rest), to=to, hop=sent))
    return tuple(outcomes)


def receive(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """Packets have passed the groups: they are for the interface's holder, or for one it forwards for."""
    interface = network.interface(position.component)
    outcomes: list[Outcome] = []
    own = flight.packets.where(dst=interface.addresses)
    foreign = flight.packets - own
    if own:
        outcomes.extend(_hold(network, interface, flight.narrowed(own)))
    if foreign:
        outcomes.append(_appliance(interface, flight.narrowed(foreign)))
    return tuple(outcomes)


def _hold(network: Network, interface: Interface, flight: Flight) -> tuple[Outcome, ...]:
    """To its holder: behind a transit gateway's interface there is none.

    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
    """
    if interface.kind == TRANSIT_GATEWAY:
        by = "belongs to a transit gateway: nobody answers there"
        return (Drop(flight=flight, hop=_hop(interface, flight.packets, Action.DROP, by, Code.TGW_INTERFACE)),)
    beyond = network.behind_interface(interface)
    action = Action.FORWARD if beyond else Action.DELIVER
    held = _hop(interface, flight.packets, action, f"holds {flight.packets.dst}", Code.INTERFACE_RECEIVES)
    if beyond:
        return (Pass(flight=replace(flight, holder=interface.id), to=beyond, hop=held),)
    return (Arrive(flight=flight, hop=held, answer=Position(interface.id, Role.SEND)),)


def _appliance(interface: Interface, flight: Flight) -> Outcome:
    if interface.checked:
        return Drop(flight=flight, hop=_checked(interface, flight))
    by = "forwarded by the host behind it"
    lost = _hop(interface, flight.packets, Action.UNKNOWN, by, Code.APPLIANCE)
    unknown = Unknown(reason=f"what the host behind {interface.id} does with packets it forwards", needs=())
    return Lose(flight=flight, hop=lost, unknown=unknown)


def _spoofed(interface: Interface, flight: Flight) -> Outcome:
    action = f"turn off the source/destination check of {interface.id}"
    return mendable(_checked(interface, flight), flight, action, Position(interface.id, Role.GROUPS_OUT), flight)


def _checked(interface: Interface, flight: Flight) -> Hop:
    """The interface drops what is neither from nor for its own addresses."""
    by = "source/destination check is on"
    return _hop(interface, flight.packets, Action.DROP, by, Code.SOURCE_DEST_CHECK)


def _resolver(interface: Interface, flight: Flight) -> Outcome:
    component = interface.vpc + RESOLVER
    flight = replace(flight, tracked=flight.tracked | {interface.id})
    by = "the VPC's own services are always reachable from inside"
    met = hop(component, Kind.RESOLVER, Action.DELIVER, by, Code.VPC_SERVICE, flight.packets, interface.origin)
    return Arrive(flight=flight, hop=met, answer=Position(component, Role.SEND))


def _hop(interface: Interface, packets: PacketSet, action: Action, by: str, code: Code) -> Hop:
    return hop(interface.id, Kind.NETWORK_INTERFACE, action, by, code, packets, interface.origin)
