"""Transit gateways: attachments, and the route table associated with the attachment a packet enters by.

A VPC attachment serves the zones in which it has a subnet, and without appliance mode keeps packets in their zone
where it can (https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html). The longest prefix wins; at
equal length static, prefix list reference, then propagated by the kind of attachment
(https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-route-evaluation-overview).

Not modelled: Connect peers behind a Connect attachment, policy tables, multicast: unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Action, Drop, Flight, Hop, Kind, Lose, Outcome, Pass, Position, Role
from mwaanet.graph.mends import attachment_mends
from mwaanet.graph.outcomes import absent, hop, mendable
from mwaanet.model.transit_gateway_attachment import TransitGatewayAttachment
from mwaanet.model.unknown import Unknown

if TYPE_CHECKING:
    from mwaanet.graph.network import Network

ATTACHMENT = Kind.TRANSIT_GATEWAY_ATTACHMENT


def enter(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """By an attachment into the transit gateway: on to the associated route table."""
    attachment = network.attachment(position.component)
    if isinstance(attachment, Unknown | str):
        return (absent(position.component, ATTACHMENT, flight, attachment),)
    gateway = attachment.transit_gateway_id
    flight = _settled(attachment, flight)
    table = network.associated_table(attachment, gateway)
    onward = replace(flight, subnet="", vpc="", entered="", crossed=(*flight.crossed, gateway))
    if position.component not in flight.mended:
        mended = replace(flight, mended=flight.mended | {position.component})
        shut = _bad_state(attachment, flight, position, mended)
        stopped = shut or _wrong_zone(network, attachment, flight, position, mended)
        if stopped:
            return (stopped,)
    if isinstance(table, Unknown):
        return (absent(position.component, ATTACHMENT, flight, table),)
    if table is None:
        by = f"not associated with a route table of {gateway}"
        decided = _hop(attachment, flight, Action.DROP, by, Code.TGW_NO_ASSOCIATION)
        return (Drop(flight=flight, hop=decided, mends=attachment_mends(network, attachment, onward)),)
    decided = _hop(attachment, flight, Action.FORWARD, f"associated with {table}", Code.TGW_ATTACHMENT)
    return (Pass(flight=onward, to=Position(table, Role.LOOKUP), hop=decided),)


def leave(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """By an attachment out of the transit gateway."""
    attachment = network.attachment(position.component)
    if isinstance(attachment, Unknown | str):
        return (absent(position.component, ATTACHMENT, flight, attachment),)
    flight = _settled(attachment, flight)
    kind = attachment.resource_type
    if kind == "vpc":
        return _into_vpc(network, attachment, flight)
    if kind == "direct-connect-gateway" and attachment.resource_id not in network.inventory.direct_connect_gateways:
        return (
            absent(attachment.resource_id, Kind.DIRECT_CONNECT_GATEWAY, flight, _unseen_gateway(network, attachment)),
        )
    if kind in ("vpn", "direct-connect-gateway"):
        to = Position(attachment.resource_id, Role.LEAVE)
    elif kind == "peering":
        return _across_peering(network, attachment, flight)
    else:
        unknown = Unknown(reason=f"{position.component} is an attachment of type {kind}", needs=())
        return (absent(position.component, ATTACHMENT, flight, unknown),)
    return (_onward(attachment, flight, to, replace(flight, zone=""), f"to {attachment.resource_id}"),)


def _unseen_gateway(network: Network, attachment: TransitGatewayAttachment) -> Unknown:
    """Why the Direct Connect gateway behind an attachment is not in the snapshot: it is its owner's to describe."""
    account, region = network.inventory.place(attachment)
    owner = (attachment.resource_owner_id or account, region)
    unread = network.inventory.unknown("directconnect", "describe-direct-connect-gateways", *owner)
    return unread or Unknown(reason=f"{attachment.resource_id} is not in the snapshot")


def _into_vpc(network: Network, attachment: TransitGatewayAttachment, flight: Flight) -> tuple[Outcome, ...]:
    """To the attachment's subnet in the packets' zone where there is one, else to any: AWS picks.

    In appliance mode it picks for the life of a flow, whatever the zones of its ends
    (https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-appliance-scenario.html).
    """
    subnets = network.attachment_subnets(attachment)
    if isinstance(subnets, Unknown):
        return (absent(attachment.transit_gateway_attachment_id, ATTACHMENT, flight, subnets),)
    appliance = network.appliance_mode(attachment)
    chosen = subnets
    if appliance:
        chosen = {
            zone: subnet for zone, subnet in subnets.items() if _picked(attachment, zone) in flight.tracked
        } or chosen
    elif flight.zone in subnets:
        chosen = {flight.zone: subnets[flight.zone]}
    outcomes: list[Outcome] = []
    for zone, subnet in chosen.items():
        onward = replace(
            flight,
            tracked=flight.tracked | {_picked(attachment, zone)} if appliance else flight.tracked,
            vpc=attachment.resource_id,
            subnet=subnet,
            zone=zone,
            entered=attachment.transit_gateway_id,
        )
        to = Position(subnet, Role.LOOKUP)
        stopped = _bad_state(attachment, flight, to, onward)
        if stopped:
            return (stopped,)
        picked = f"to {attachment.resource_id} in {zone}" + (" (AWS picks the zone)" if len(chosen) > 1 else "")
        decided = _hop(attachment, flight, Action.FORWARD, picked, Code.TGW_ATTACHMENT)
        outcomes.append(Pass(flight=onward, to=to, hop=decided))
    return tuple(outcomes)


def _picked(attachment: TransitGatewayAttachment, zone: str) -> str:
    """What a flow remembers of the zone that appliance mode has picked for both of its directions."""
    return f"{attachment.transit_gateway_attachment_id}@{zone}"


def _across_peering(network: Network, attachment: TransitGatewayAttachment, flight: Flight) -> tuple[Outcome, ...]:
    """To the other transit gateway, which looks up the table that it has associated with the peering."""
    here = flight.crossed[-1] if flight.crossed else attachment.transit_gateway_id
    there = network.peer_transit_gateway(attachment.transit_gateway_attachment_id, here)
    if isinstance(there, Unknown):
        return (absent(attachment.transit_gateway_attachment_id, ATTACHMENT, flight, there),)
    table = network.associated_table(attachment, there)
    if isinstance(table, Unknown):
        return (absent(attachment.transit_gateway_attachment_id, ATTACHMENT, flight, table),)
    onward = replace(flight, zone="", crossed=(*flight.crossed, there))
    if table is None:
        by = f"not associated with a route table of {there}"
        decided = _hop(attachment, flight, Action.DROP, by, Code.TGW_NO_ASSOCIATION)
        return (Drop(flight=flight, hop=decided),)
    return (_onward(attachment, flight, Position(table, Role.LOOKUP), onward, f"to {there}"),)


def _onward(attachment: TransitGatewayAttachment, flight: Flight, to: Position, onward: Flight, by: str) -> Outcome:
    """Out of the attachment, unless its state forbids."""
    stopped = _bad_state(attachment, flight, to, onward)
    if stopped:
        return stopped
    return Pass(flight=onward, to=to, hop=_hop(attachment, flight, Action.FORWARD, by, Code.TGW_ATTACHMENT))


def _settled(attachment: TransitGatewayAttachment, flight: Flight) -> Flight:
    """The flight, in doubt where the attachment's state does not tell whether it carries packets."""
    if attachment.serves is not None:
        return flight
    name, state = attachment.transit_gateway_attachment_id, attachment.state
    return flight.doubting(
        Unknown(reason=f"whether {name} carries packets is not known: its state is {state or 'unknown'}")
    )


def _bad_state(attachment: TransitGatewayAttachment, flight: Flight, to: Position, onward: Flight) -> Drop | None:
    if attachment.serves is not False:
        return None
    decided = _hop(attachment, flight, Action.DROP, f"state is {attachment.state}", Code.BAD_STATE)
    return mendable(decided, flight, f"accept or recreate {decided.component}", to, onward)


def _wrong_zone(
    network: Network, attachment: TransitGatewayAttachment, flight: Flight, to: Position, onward: Flight
) -> Outcome | None:
    if attachment.resource_type != "vpc" or not flight.zone:
        return None
    subnets = network.attachment_subnets(attachment)
    if isinstance(subnets, Unknown):
        decided = _hop(attachment, flight, Action.UNKNOWN, subnets.reason, Code.TARGET_UNKNOWN)
        return Lose(flight=flight, hop=decided, unknown=subnets)
    if flight.zone in subnets:
        return None
    by = f"has no subnet in the sender's zone {flight.zone}"
    decided = _hop(attachment, flight, Action.DROP, by, Code.TGW_ZONE)
    return mendable(decided, flight, f"add a subnet in {flight.zone} to {decided.component}", to, onward)


def _hop(attachment: TransitGatewayAttachment, flight: Flight, action: Action, by: str, code: Code) -> Hop:
    return hop(
        attachment.transit_gateway_attachment_id, ATTACHMENT, action, by, code, flight.packets, attachment.origin
    )
