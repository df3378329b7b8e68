"""One step of a flight: dispatch to the transfer function of the component it stands at."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mwaanet.graph import (
    client_vpn_endpoint,
    direct_connect,
    interface,
    internet_gateway,
    load_balancer,
    nat_gateway,
    network_acl,
    route_table,
    security_group,
    site,
    site_internet,
    subnet,
    transit_gateway,
    transit_gateway_route_table,
    vpc_endpoint,
    vpc_peering_connection,
    vpn,
)
from mwaanet.graph.flight import Flight, Kind, Outcome, Position, Role
from mwaanet.graph.internet_gateway import INTERNET_ACCESS
from mwaanet.graph.network import Network
from mwaanet.graph.outcomes import absent
from mwaanet.model.inventory import Inventory
from mwaanet.model.unknown import Unknown

Transfer = Callable[[Network, Position, Flight], tuple[Outcome, ...]]


def _lookup(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    if position.component.startswith("tgw-rtb-"):
        return transit_gateway_route_table.lookup(network, position, flight)
    return route_table.lookup(network, position, flight)


_ANYWHERE: dict[Role, Transfer] = {
    Role.LOOKUP: _lookup,
    Role.LOCAL: subnet.local,
    Role.OUTBOUND: network_acl.transfer,
    Role.INBOUND: network_acl.transfer,
    Role.GROUPS_OUT: security_group.outbound,
    Role.GROUPS_IN: security_group.inbound,
}
"""Roles that tell by themselves what is to be done."""

_BY_PREFIX: dict[tuple[str, Role], Transfer] = {
    ("subnet-", Role.LEAVE): subnet.leave,
    ("subnet-", Role.ENTER): subnet.enter,
    ("igw-", Role.LEAVE): internet_gateway.leave,
    ("igw-", Role.ENTER): internet_gateway.enter,
    ("eigw-", Role.LEAVE): internet_gateway.leave_egress_only,
    ("eigw-", Role.ENTER): internet_gateway.enter_egress_only,
    ("nat-", Role.ENTER): nat_gateway.enter,
    ("nat-", Role.BACK): nat_gateway.back,
    ("pcx-", Role.LEAVE): vpc_peering_connection.leave,
    ("vpce-", Role.LEAVE): vpc_endpoint.leave,
    ("vpce-", Role.RECEIVE): vpc_endpoint.receive,
    ("vpce-", Role.BACK): vpc_endpoint.back,
    ("vpce-", Role.ENTER): vpc_endpoint.enter,
    ("tgw-attach-", Role.ENTER): transit_gateway.enter,
    ("tgw-attach-", Role.LEAVE): transit_gateway.leave,
    ("vpn-", Role.LEAVE): vpn.connection_leave,
    ("vpn-", Role.ENTER): vpn.connection_enter,
    ("vgw-", Role.LEAVE): vpn.gateway_leave,
    ("vgw-", Role.ENTER): vpn.gateway_enter,
    (client_vpn_endpoint.CLIENT_VPN, Role.SEND): client_vpn_endpoint.send,
    (client_vpn_endpoint.CLIENT_VPN, Role.LEAVE): client_vpn_endpoint.leave,
    (client_vpn_endpoint.CLIENT_VPN, Role.BACK): client_vpn_endpoint.back,
    ("arn:", Role.ENTER): load_balancer.enter,
    ("internet", Role.RECEIVE): internet_gateway.internet_receive,
    ("internet", Role.SEND): internet_gateway.internet_send,
    ("com.amazonaws.", Role.RECEIVE): vpc_endpoint.service_receive,
    (site.EDGE, Role.ENTER): site.enter,
    (site.EDGE, Role.SEND): site.send,
}

_RECORDS: dict[tuple[str, Role], Callable[[Inventory], Mapping[str, object]]] = {
    ("nat-", Role.ENTER): lambda inventory: inventory.nat_gateways,
    ("vpce-", Role.LEAVE): lambda inventory: inventory.vpc_endpoints,
    ("vpce-", Role.RECEIVE): lambda inventory: inventory.vpc_endpoints,
    ("vpce-", Role.BACK): lambda inventory: inventory.vpc_endpoints,
    ("arn:", Role.ENTER): lambda inventory: inventory.load_balancers,
    (client_vpn_endpoint.CLIENT_VPN, Role.LEAVE): lambda inventory: inventory.client_vpn_endpoints,
    (client_vpn_endpoint.CLIENT_VPN, Role.BACK): lambda inventory: inventory.client_vpn_endpoints,
}
"""Where packets come only to what was described: something else of such a name is not modelled."""

_PREFIXES = {role: [(prefix, _BY_PREFIX[prefix, at]) for prefix, at in _BY_PREFIX if at is role] for role in Role}
"""The same, by role."""

_SITE: dict[Role, Transfer] = {
    Role.ENTER: site.enter,
    Role.RECEIVE: site.receive,
    Role.SEND: site.send,
    Role.LEAVE: site.leave,
}
_SITE_INTERNET: dict[Role, Transfer] = {Role.LEAVE: site_internet.leave, Role.BACK: site_internet.back}
_DIRECT_CONNECT: dict[Role, Transfer] = {Role.LEAVE: direct_connect.leave, Role.ENTER: direct_connect.enter}
_INTERFACE: dict[Role, Transfer] = {Role.SEND: interface.send, Role.RECEIVE: interface.receive}


def transfer(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """What becomes of the flight's packets in the next step; the outcomes' packets add up to the flight's."""
    function: Transfer | None = _ANYWHERE.get(position.role) or network.functions.get(position)
    if function is None:
        function = network.functions[position] = _function(network, position)
    return function(network, position, flight)


def _function(network: Network, position: Position) -> Transfer:
    component, role = position
    if network.site(component):
        return _SITE.get(role, _unmodelled)
    inventory = network.inventory
    for prefix, function in _PREFIXES[role]:
        if component.startswith(prefix):
            records = _RECORDS.get((prefix, role))
            return function if records is None or component in records(inventory) else _unmodelled
    if component.endswith(INTERNET_ACCESS):
        return _SITE_INTERNET.get(role, _unmodelled)
    if component.endswith(interface.RESOLVER):
        return subnet.resolver_send
    if component in inventory.direct_connect_gateways or component in inventory.virtual_interfaces_by_id:
        return _DIRECT_CONNECT.get(role, _unmodelled)
    if network.knows_interface(component):
        return _INTERFACE.get(role, _unmodelled)
    return _unmodelled


def _unmodelled(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    why = Unknown(reason=f"what {position.component} does is not modelled", needs=())
    return (absent(position.component, Kind.UNMODELLED, flight, why),)
