"""Faults on the way to the package server: PrivateLink, load balancer, transit gateway, the links to the site."""

from __future__ import annotations

from tools.demo_variants.recipe import Culprits, Place, endpoint_place, file_of, remove, replace, variant

from builder import Estate
from builder.estate import SHARED
from builder.estate_site import PACKAGE_SERVER, SITE
from builder.transit_gateway_table import TransitGatewayTable
from mwaanet.demo import Change


def shared(service: str, operation: str) -> str:
    """A file of the shared-services account."""
    return file_of(service, operation, SHARED)


def routes(table: TransitGatewayTable, rest: str) -> Place:
    """Where a transit gateway route table's routes are answered."""
    call = f"/Calls[Parameters.TransitGatewayRouteTableId={table.id}]/Response"
    return shared("ec2", "search-transit-gateway-routes"), f"{call}/Routes{rest}"


def unhealthy(estate: Estate) -> Change:
    """AWS's health checks do not reach the package server."""
    target = f"/TargetHealthDescriptions[Target.Id={PACKAGE_SERVER}]/TargetHealth"
    pointer = f"/Calls[Parameters.TargetGroupArn={estate.target_group.arn}]/Response{target}"
    reason = {"Reason": "Target.FailedHealthChecks", "Description": "Health checks failed"}
    return replace(shared("elbv2", "describe-target-health"), pointer, {"State": "unhealthy"} | reason)


@variant(nexus="fail")
def nexus_listener_port(estate: Estate) -> tuple[list[Change], Culprits]:
    """The package server's load balancer listens on another port.

    The load balancer was moved to 8443, like the other services of its team. The workers' index URL is https, so
    they still knock at 443.
    """
    pointer = f"/Calls[Parameters.LoadBalancerArn={estate.nlb.arn}]/Response/Listeners[Port=443]/Port"
    listener = estate.nlb.listeners[0]["ListenerArn"]
    change = replace(shared("elbv2", "describe-listeners"), pointer, 8443)
    return [change], [[listener, estate.nlb.arn, estate.nlb.name, estate.service.id]]


@variant(nexus="fail")
def nexus_target_unhealthy(estate: Estate) -> tuple[list[Change], Culprits]:
    """The package server does not answer its load balancer.

    The package server was stopped for an upgrade and never started. AWS's health checks fail, and the network in
    between is fine.
    """
    return [unhealthy(estate)], [[estate.target_group.arn, PACKAGE_SERVER, "dc"]]


@variant(nexus="fail")
def nexus_acceptance_pending(estate: Estate) -> tuple[list[Change], Culprits]:
    """The package server's team has not accepted the endpoint.

    The endpoint was made, and the ticket for accepting it lies with another team. Until then it carries nothing.
    """
    endpoint, state = estate.packages_endpoint, "pendingAcceptance"
    connection = f"/VpcEndpointConnections[VpcEndpointId={endpoint.id}]/VpcEndpointState"
    changes = [
        replace(*endpoint_place(endpoint, "/State"), state),
        replace(shared("ec2", "describe-vpc-endpoint-connections"), connection, state),
    ]
    return changes, [[endpoint.id, estate.service.id]]


@variant(nexus="fail")
def nexus_no_return_route(estate: Estate) -> tuple[list[Change], Culprits]:
    """The transit gateway knows no way back to the load balancer.

    The table for what comes from the site was made again, and only the environment's VPC was propagated to it.
    Packets reach the package server; its replies to the load balancer are dropped.
    """
    table, attachment = estate.edge_table.id, estate.shared_attachment.id
    of_table = f"/Calls[Parameters.TransitGatewayRouteTableId={table}]/Response"
    of_attachment = f"/Calls[Parameters.TransitGatewayAttachmentId={attachment}]/Response"
    changes = [
        remove(*routes(estate.edge_table, "[DestinationCidrBlock=10.40.0.0/20]")),
        remove(
            shared("ec2", "get-transit-gateway-route-table-propagations"),
            f"{of_table}/TransitGatewayRouteTablePropagations[TransitGatewayAttachmentId={attachment}]",
        ),
        remove(
            shared("ec2", "get-transit-gateway-attachment-propagations"),
            f"{of_attachment}/TransitGatewayAttachmentPropagations[TransitGatewayRouteTableId={table}]",
        ),
        unhealthy(estate),
    ]
    return changes, [[table, attachment]]


@variant(nexus="warn", api="warn")
def vpn_tunnel_down(estate: Estate) -> tuple[list[Change], Culprits]:
    """The site hangs on one VPN tunnel.

    Direct Connect is under maintenance, and the VPN took over as planned. But one of its two tunnels has been down
    for months, which nobody saw as long as Direct Connect carried everything.
    """
    if estate.vpn is None or estate.vpn_attachment is None or estate.virtual_interface is None:
        raise ValueError("the demo's estate has both links")
    down = {"Status": "DOWN", "StatusMessage": "IPSEC IS DOWN", "AcceptedRouteCount": 0}
    tunnel = estate.vpn.record["VgwTelemetry"][1] | down
    peer = f"/virtualInterfaces[virtualInterfaceId={estate.virtual_interface.id}]/bgpPeers/0/bgpStatus"
    attachments = f"[DestinationCidrBlock={SITE}]/TransitGatewayAttachments"
    telemetry = f"/VpnConnections[VpnConnectionId={estate.vpn.id}]/VgwTelemetry/1"
    changes = [
        replace(shared("directconnect", "describe-virtual-interfaces"), peer, "down"),
        replace(*routes(estate.vpc_table, attachments), [estate.vpn_attachment.named]),
        replace(shared("ec2", "describe-vpn-connections"), telemetry, tunnel),
    ]
    return changes, [[estate.vpn.id, estate.vpn_attachment.id]]


@variant(nexus="fail", api="fail")
def tgw_blackhole(estate: Estate) -> tuple[list[Change], Culprits]:
    """A static blackhole hides the site from the VPCs.

    Someone isolated the site during an incident with a blackhole route in the VPCs' table. The incident is over, the
    route is still there, and it beats the propagated one.
    """
    route = {"DestinationCidrBlock": SITE, "TransitGatewayAttachments": [], "Type": "static", "State": "blackhole"}
    change = replace(*routes(estate.vpc_table, f"[DestinationCidrBlock={SITE}]"), route)
    return [change, unhealthy(estate)], [estate.vpc_table.id]
