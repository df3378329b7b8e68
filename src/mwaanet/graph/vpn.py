"""Site-to-Site VPN connections and virtual private gateways.

A connection carries packets with at least one tunnel up; AWS sends by it only what it has a route for
(https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNRoutingTypes.html). A virtual private gateway passes between its VPC
and its connections, and between its connections (CloudHub, with or without a VPC:
https://docs.aws.amazon.com/vpn/latest/s2svpn/VPN_CloudHub.html), never on to an internet or NAT gateway, a peering or
a gateway endpoint (https://docs.aws.amazon.com/vpn/latest/s2svpn/VPN_VPG.html).

Not modelled: how the tunnels are negotiated, and which of two that are up carries a packet. A private VPN over Direct
Connect counts as any other: where equal routes lead over both kinds the answer is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Action, Drop, Flight, Hop, Kind, Lose, Outcome, Pass, Position, Role
from mwaanet.graph.outcomes import absent, hop, mendable
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.model.vpn_connection import VpnConnection
from mwaanet.net import PacketSet

if TYPE_CHECKING:
    from mwaanet.graph.network import Network


def connection_leave(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """From AWS through the tunnels to the site."""
    connection = network.inventory.vpn_connections.get(position.component)
    if connection is None:
        missing = _missing(network, position.component, flight)
        return (absent(position.component, Kind.VPN_CONNECTION, flight, missing),)
    outcomes: list[Outcome] = []
    onward = replace(flight, vpc="", subnet="", zone="", sender="", entered="", crossed=())
    for behind in network.sites_behind(position.component, flight.packets.dst):
        outcomes.append(_through(connection, behind.part_of(onward), Position(behind.name, Role.ENTER)))
    return tuple(outcomes)


def connection_enter(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """From the site through the tunnels to the transit gateway or virtual private gateway."""
    connection = network.inventory.vpn_connections.get(position.component)
    if connection is None:
        missing = _missing(network, position.component, flight)
        return (absent(position.component, Kind.VPN_CONNECTION, flight, missing),)
    if connection.vpn_gateway_id:
        return (_through(connection, flight, Position(connection.vpn_gateway_id, Role.ENTER)),)
    attachment = network.attachment_of_resource(position.component)
    if isinstance(attachment, Unknown):
        return (absent(position.component, Kind.VPN_CONNECTION, flight, attachment),)
    return (_through(connection, flight, Position(attachment, Role.ENTER)),)


def _missing(network: Network, name: str, flight: Flight) -> Unknown | str:
    """Why a connection is not in the inventory: only the account that its attachment names as its owner tells."""
    operation = "describe-vpn-connections"
    for attachment in network.inventory.attachments_of_resource(name):
        account, region = network.inventory.place(attachment)
        unknown = network.inventory.unknown("ec2", operation, attachment.resource_owner_id or account, region)
        return unknown or f"{name} does not exist"
    return network.missing(operation, name, flight.vpc)


def tunnels_up(connection: VpnConnection) -> tuple[int, int]:
    """How many tunnels are up, and how many there are."""
    up = sum(same_state(tunnel.status, "UP") for tunnel in connection.vgw_telemetry)
    return up, len(connection.vgw_telemetry)


def _through(connection: VpnConnection, flight: Flight, to: Position) -> Outcome:
    up, total = tunnels_up(connection)
    if not same_state(connection.state, "available"):
        decided = _hop(connection, flight, Action.DROP, f"state is {connection.state}", Code.VPN_DOWN)
        return mendable(decided, flight, f"recreate {connection.vpn_connection_id}", to, flight)
    if total and not up:
        decided = _hop(connection, flight, Action.DROP, f"none of {total} tunnels is up", Code.VPN_DOWN)
        return mendable(decided, flight, f"bring up a tunnel of {connection.vpn_connection_id}", to, flight)
    if not total:
        unknown = Unknown(reason=f"{connection.vpn_connection_id} tells nothing of its tunnels", needs=())
        decided = _hop(connection, flight, Action.UNKNOWN, unknown.reason, Code.VPN_UP)
        return Pass(flight=flight.doubting(unknown), to=to, hop=decided)
    decided = _hop(connection, flight, Action.FORWARD, f"{up} of {total} tunnels up", Code.VPN_UP)
    return Pass(flight=flight, to=to, hop=decided)


def gateway_leave(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """From the VPC by the virtual private gateway, over the links whose routes hold the destination."""
    gateway = position.component
    record = network.inventory.vpn_gateways.get(gateway)
    if record is None:
        return (_absent(network, gateway, flight),)
    if not any(same_state(a.state, "attached") and a.vpc_id == flight.vpc for a in record.vpc_attachments):
        return (_detached(network, gateway, flight, f"not attached to {flight.vpc}"),)
    return _over_links(network, gateway, flight)


def gateway_enter(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """From a link into the VPC, or on to another link of the same gateway, with a VPC or without one."""
    gateway = position.component
    if gateway not in network.inventory.vpn_gateways:
        return (_absent(network, gateway, flight),)
    unread = network.unread_vpc_of(gateway)
    if unread:
        return (absent(gateway, Kind.VPN_GATEWAY, flight, unread),)
    vpc = network.vpc_of_gateway(gateway)
    flight = replace(flight, vpc=vpc, subnet="", zone="", entered=gateway)
    inside = flight.packets.where(dst=network.inventory.vpc_cidrs(vpc))
    outcomes: list[Outcome] = []
    if inside:
        role_to = Position(gateway, Role.LOOKUP) if network.route_table_at(gateway) else Position(vpc, Role.LOCAL)
        decided = _gateway_hop(network, gateway, inside, Action.FORWARD, f"attached to {vpc}", Code.VGW_ROUTE)
        outcomes.append(Pass(flight=flight.narrowed(inside), to=role_to, hop=decided))
    if flight.packets - inside:
        outcomes.extend(_over_links(network, gateway, flight.narrowed(flight.packets - inside)))
    return tuple(outcomes)


def _over_links(network: Network, gateway: str, flight: Flight) -> tuple[Outcome, ...]:
    outcomes: list[Outcome] = []
    links, unmatched = network.links_of_gateway(gateway, flight.packets.dst)
    for link, dst in links:
        part = flight.packets.where(dst=dst)
        decided = _gateway_hop(network, gateway, part, Action.FORWARD, f"learned over {link}", Code.VGW_ROUTE)
        onward = replace(flight, packets=part, entered="", subnet="")
        outcomes.append(Pass(flight=onward, to=Position(link, Role.LEAVE), hop=decided))
    rest = flight.narrowed(flight.packets.where(dst=unmatched))
    if rest.packets and not flight.vpc:
        outcomes.append(_detached(network, gateway, rest, "not attached to any VPC"))
    elif rest.packets:
        outcomes.append(_unrouted(network, gateway, rest))
    return tuple(outcomes)


def _absent(network: Network, gateway: str, flight: Flight) -> Outcome:
    missing = network.missing("describe-vpn-gateways", gateway, flight.vpc)
    return absent(gateway, Kind.VPN_GATEWAY, flight, missing)


def _detached(network: Network, gateway: str, flight: Flight, by: str) -> Drop:
    decided = _gateway_hop(network, gateway, flight.packets, Action.DROP, by, Code.BAD_STATE)
    return Drop(flight=flight, hop=decided)


def _unrouted(network: Network, gateway: str, flight: Flight) -> Outcome:
    unknown = network.unlearned(gateway, flight.packets.dst)
    by = unknown.reason if unknown else f"no link has a route to {flight.packets.dst}"
    action = Action.UNKNOWN if unknown else Action.DROP
    decided = _gateway_hop(network, gateway, flight.packets, action, by, Code.VGW_NO_ROUTE)
    if unknown:
        return Lose(flight=flight, hop=decided, unknown=unknown)
    return Drop(flight=flight, hop=decided)


def _hop(connection: VpnConnection, flight: Flight, action: Action, by: str, code: Code) -> Hop:
    name = connection.vpn_connection_id
    return hop(name, Kind.VPN_CONNECTION, action, by, code, flight.packets, connection.origin)


def _gateway_hop(network: Network, gateway: str, packets: PacketSet, action: Action, by: str, code: Code) -> Hop:
    record = network.inventory.vpn_gateways.get(gateway)
    return hop(gateway, Kind.VPN_GATEWAY, action, by, code, packets, record.origin if record else None)
