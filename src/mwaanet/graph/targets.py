"""What a route leads to: the position behind a target id, across the network ACLs in between.

A route to an instance means its primary interface, for it is made while the instance has no other
(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from mwaanet.graph.flight import Flight, Position, Role, advance
from mwaanet.graph.subnet import crossing
from mwaanet.model.route_table import RouteTable
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown

if TYPE_CHECKING:
    from mwaanet.graph.network import Network

Target = tuple[Position, Flight] | Unknown | str

_INSIDE = ("local", "nat-", "eni-", "i-", "vpce-")
"""Targets that packets which entered by a gateway may still be routed to."""


def target_positions(network: Network, table: RouteTable, target: str, flight: Flight) -> tuple[Target, ...]:
    """Where the flight goes if a route of `table` leads to `target`.

    A position with the flight that stands there; an `Unknown` for what the model does not know; a sentence for
    what AWS refuses. Several where AWS may pick.
    """
    if flight.entered and not target.startswith(_INSIDE):
        return (f"what entered by {flight.entered} is not passed on to {target}",)
    if target == "local":
        return ((Position(table.vpc_id, Role.LOCAL), flight),)
    prefix = target.partition("-")[0]
    if prefix in ("igw", "eigw", "vgw", "pcx"):
        return (crossing(flight, "", Position(target, Role.LEAVE)),)
    if prefix == "nat":
        return _nat_gateway(network, target, flight)
    if prefix == "eni":
        return _interface(network, target, flight)
    if prefix == "i":
        return _instance(network, target, flight)
    if prefix == "tgw":
        return _transit_gateway(network, table.vpc_id, target, flight)
    if prefix == "vpce":
        return _endpoint(network, target, flight)
    return (Unknown(reason=f"routes to {target or 'a target the model does not know'}", needs=()),)


def _nat_gateway(network: Network, target: str, flight: Flight) -> tuple[Target, ...]:
    record = network.inventory.nat_gateways.get(target)
    if record is None:
        return (network.missing("describe-nat-gateways", target, flight.vpc),)
    if not record.subnet_id:
        return (Unknown(reason=f"{target} lies in no subnet (a regional NAT gateway), which is not modelled"),)
    return (crossing(flight, record.subnet_id, Position(target, Role.ENTER)),)


def _interface(network: Network, target: str, flight: Flight) -> tuple[Target, ...]:
    if not network.knows_interface(target):
        return (network.missing("describe-network-interfaces", target, flight.vpc),)
    interface = network.interface(target)
    return (crossing(flight, interface.subnet, Position(target, Role.GROUPS_IN)),)


def _instance(network: Network, target: str, flight: Flight) -> tuple[Target, ...]:
    interfaces = network.inventory.instance_interfaces(target)
    if not interfaces:
        return (network.missing("describe-network-interfaces", target, flight.vpc),)
    return _interface(network, interfaces[0].network_interface_id, flight)


def _endpoint(network: Network, target: str, flight: Flight) -> tuple[Target, ...]:
    record = network.inventory.vpc_endpoints.get(target)
    if record is None:
        return (network.missing("describe-vpc-endpoints", target, flight.vpc),)
    if same_state(record.vpc_endpoint_type, "Gateway"):
        if flight.entered:
            return (f"a gateway endpoint serves only what starts in its VPC, not what entered by {flight.entered}",)
        return (crossing(flight, "", Position(target, Role.LEAVE)),)
    if same_state(record.vpc_endpoint_type, "GatewayLoadBalancer"):
        subnet = record.subnet_ids[0] if record.subnet_ids else ""
        return (crossing(flight, subnet, Position(target, Role.ENTER)),)
    return (Unknown(reason=f"routes to {target}, an endpoint of type {record.vpc_endpoint_type}", needs=()),)


def _transit_gateway(network: Network, vpc: str, target: str, flight: Flight) -> tuple[Target, ...]:
    """Through the VPC's attachment, whose subnet in the sender's zone applies its inbound entries.

    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html
    """
    attachment = network.inventory.attachment_of(vpc, target)
    if attachment is None:
        return (network.missing("describe-transit-gateway-vpc-attachments", f"{target} in {vpc}", vpc),)
    position = Position(attachment.transit_gateway_attachment_id, Role.ENTER)
    agenda = [Position(flight.subnet, Role.OUTBOUND)] if flight.subnet else []
    inside = network.attachment_subnet(attachment, flight.zone)
    if inside:
        agenda.append(Position(inside, Role.INBOUND))
    return (advance(replace(flight, ahead=(*agenda, position, *flight.ahead)), position),)
