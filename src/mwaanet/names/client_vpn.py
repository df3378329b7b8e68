"""Whom the clients of a Client VPN endpoint ask: the DNS servers that the endpoint names.

Without any the client's device goes on asking its own
(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateClientVpnEndpoint.html). The address of the VPC's own
resolver is one that may be named (https://repost.aws/knowledge-center/client-vpn-how-dns-works-with-endpoint): the
questions reach it like any other packets of the client, and are then those of the VPC.

Not modelled: devices that ask their own servers beside those of the endpoint.
"""

from __future__ import annotations

from mwaanet.model.inventory import Inventory
from mwaanet.model.unknown import Unknown
from mwaanet.names.answer import ClientVpnPlace, Query, Step, unsettled
from mwaanet.names.gaps import because, unread
from mwaanet.names.inbound import view_behind
from mwaanet.names.view import Reply, View, VpcResolver, asking
from mwaanet.net import AddressSet


def ask(inventory: Inventory, place: ClientVpnPlace, name: str) -> Reply:
    """Who is asked by a client of the endpoint."""
    endpoint_id = place.endpoint_id
    record = inventory.client_vpn_endpoints[endpoint_id]
    if not record.dns_servers:
        reason = (
            f"{endpoint_id} names no DNS server, so its clients ask those of their own devices, which are not known"
        )
        step = Step(component=endpoint_id, text=reason, origin=record.origin)
        return unsettled(name, step, Unknown(reason=reason))
    listed = ", ".join(record.dns_servers)
    step = Step(component=endpoint_id, text=f"the clients of {endpoint_id} ask {listed}", origin=record.origin)
    query = Query(
        sources=AddressSet.parse(record.client_cidr_block),
        servers=AddressSet.parse(*record.dns_servers),
        text=f"DNS from {endpoint_id} to {listed}",
    )
    vpc = inventory.client_vpn_vpc(endpoint_id)
    views = tuple((server, _view(inventory, server, vpc)) for server in record.dns_servers)
    if vpc not in inventory.vpcs and any(isinstance(view, Unknown) for _, view in views):
        return unsettled(name, step, _unseen_vpc(inventory, endpoint_id))
    return asking(step, views, (query,))


def servers(inventory: Inventory, place: ClientVpnPlace) -> AddressSet | None:
    """The addresses at which the endpoint's clients ask; None where they are not known."""
    named = inventory.client_vpn_endpoints[place.endpoint_id].dns_servers
    return AddressSet.parse(*named) if named else None


def _unseen_vpc(inventory: Inventory, endpoint_id: str) -> Unknown:
    """Why it is not known whether one of the servers is the VPC's own resolver."""
    networks = inventory.target_networks(endpoint_id)
    gaps = [networks] if isinstance(networks, Unknown) else unread(inventory, "ec2", "describe-vpcs")
    return because(f"the VPC of {endpoint_id}, whose resolver its clients may ask, is not in the snapshot", *gaps)


def _view(inventory: Inventory, server: str, vpc: str) -> View | Unknown:
    if vpc and AddressSet.parse(server).issubset(inventory.resolver_address(vpc)):
        return VpcResolver(vpc_id=vpc)
    return view_behind(inventory, server, vpc)
