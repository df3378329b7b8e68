"""For each kind of component the call of the AWS CLI that shows it, and what it shows where all is well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from mwaanet.fixes.command import Command
from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Hop, Kind
from mwaanet.graph.network import Network
from mwaanet.model.state import same_state


class Look(NamedTuple):
    """How to look at one kind: the call, the parameter that takes the id (with `*`: a list), what to read of it."""

    noun: str
    service: str
    operation: str
    parameter: str
    query: str
    healthy: str
    trouble: Code


LOOKS: Mapping[Kind, Look] = {
    Kind.NETWORK_INTERFACE: Look(
        "network interface", "ec2", "describe-network-interfaces", "*NetworkInterfaceIds",
        "NetworkInterfaces[].[Status,PrivateIpAddress,Groups[].GroupId]", "in-use", Code.NO_INTERFACE,
    ),
    Kind.SECURITY_GROUP: Look(
        "security group", "ec2", "describe-security-group-rules", "group-id",
        "SecurityGroupRules[].[IsEgress,IpProtocol,FromPort,ToPort,CidrIpv4,CidrIpv6,PrefixListId,ReferencedGroupInfo.GroupId]",
        "a rule that lets the packets through", Code.SECURITY_GROUP_INGRESS,
    ),
    Kind.NETWORK_ACL: Look(
        "network ACL", "ec2", "describe-network-acls", "*NetworkAclIds", "NetworkAcls[].Entries[]",
        "an entry that allows the packets before one that denies them", Code.NETWORK_ACL_DENIES,
    ),
    Kind.ROUTE_TABLE: Look(
        "route table", "ec2", "describe-route-tables", "*RouteTableIds", "RouteTables[].Routes[]",
        "an active route for the destination", Code.NO_ROUTE,
    ),
    Kind.VPC_ENDPOINT: Look(
        "VPC endpoint", "ec2", "describe-vpc-endpoints", "*VpcEndpointIds",
        "VpcEndpoints[].[State,PrivateDnsEnabled,SubnetIds,Groups[].GroupId]", "available", Code.ENDPOINT_STATE,
    ),
    Kind.ENDPOINT_SERVICE: Look(
        "endpoint service", "ec2", "describe-vpc-endpoint-connections", "service-id",
        "VpcEndpointConnections[].[VpcEndpointId,VpcEndpointState]", "available", Code.SERVICE_NOT_ACCEPTED,
    ),
    Kind.LOAD_BALANCER: Look(
        "load balancer", "elbv2", "describe-listeners", "LoadBalancerArn",
        "Listeners[].[Protocol,Port,DefaultActions[].TargetGroupArn]", "a TCP listener for the port", Code.NO_LISTENER,
    ),
    Kind.TARGET_GROUP: Look(
        "target group", "elbv2", "describe-target-health", "TargetGroupArn",
        "TargetHealthDescriptions[].[Target.Id,Target.Port,TargetHealth.State,TargetHealth.Reason]",
        "every target healthy", Code.TARGET_UNHEALTHY,
    ),
    Kind.PEERING: Look(
        "peering connection", "ec2", "describe-vpc-peering-connections", "*VpcPeeringConnectionIds",
        "VpcPeeringConnections[].Status.Code", "active", Code.BAD_STATE,
    ),
    Kind.TRANSIT_GATEWAY: Look(
        "transit gateway", "ec2", "describe-transit-gateways", "*TransitGatewayIds", "TransitGateways[].State",
        "available", Code.BAD_STATE,
    ),
    Kind.TRANSIT_GATEWAY_ATTACHMENT: Look(
        "transit gateway attachment", "ec2", "describe-transit-gateway-attachments", "*TransitGatewayAttachmentIds",
        "TransitGatewayAttachments[].[State,Association]", "available, associated", Code.TGW_NO_ASSOCIATION,
    ),
    Kind.TRANSIT_GATEWAY_ROUTE_TABLE: Look(
        "transit gateway route table", "ec2", "search-transit-gateway-routes", "TransitGatewayRouteTableId",
        "Routes[].[DestinationCidrBlock,Type,State,TransitGatewayAttachments[].ResourceId]",
        "an active route for the destination", Code.TGW_NO_ROUTE,
    ),
    Kind.VPN_GATEWAY: Look(
        "virtual private gateway", "ec2", "describe-vpn-gateways", "*VpnGatewayIds",
        "VpnGateways[].[State,VpcAttachments]", "available, attached", Code.VGW_NO_ROUTE,
    ),
    Kind.VPN_CONNECTION: Look(
        "VPN connection", "ec2", "describe-vpn-connections", "*VpnConnectionIds",
        "VpnConnections[].VgwTelemetry[].[OutsideIpAddress,Status,StatusMessage]", "both tunnels UP", Code.VPN_DOWN,
    ),
    Kind.DIRECT_CONNECT_GATEWAY: Look(
        "Direct Connect gateway", "directconnect", "describe-direct-connect-gateway-associations",
        "directConnectGatewayId",
        "directConnectGatewayAssociations[].[associationState,allowedPrefixesToDirectConnectGateway]",
        "associated, with the VPC's block among the allowed prefixes", Code.DX_NOT_ANNOUNCED,
    ),
    Kind.VIRTUAL_INTERFACE: Look(
        "virtual interface", "directconnect", "describe-virtual-interfaces", "virtualInterfaceId",
        "virtualInterfaces[].[virtualInterfaceState,bgpPeers[].bgpStatus]", "available, BGP up", Code.DX_DOWN,
    ),
    Kind.NAT_GATEWAY: Look(
        "NAT gateway", "ec2", "describe-nat-gateways", "*NatGatewayIds", "NatGateways[].[State,NatGatewayAddresses]",
        "available", Code.BAD_STATE,
    ),
    Kind.INTERNET_GATEWAY: Look(
        "internet gateway", "ec2", "describe-internet-gateways", "*InternetGatewayIds",
        "InternetGateways[].Attachments[]", "attached to the VPC", Code.GONE,
    ),
}  # fmt: skip

_EGRESS = LOOKS[Kind.SECURITY_GROUP]._replace(trouble=Code.SECURITY_GROUP_EGRESS)
_GATEWAY_ENDPOINT = LOOKS[Kind.VPC_ENDPOINT]._replace(
    query="VpcEndpoints[].[State,RouteTableIds]", healthy="available, with the subnet's route table in RouteTableIds"
)


def look_of(network: Network, hop: Hop) -> Look | None:
    """How to look at the component of a hop; None for what no call shows."""
    if hop.kind is Kind.SECURITY_GROUP and (hop.code is Code.SECURITY_GROUP_EGRESS or hop.by.startswith("egress")):
        return _EGRESS
    endpoint = network.inventory.vpc_endpoints.get(hop.component) if hop.kind is Kind.VPC_ENDPOINT else None
    if endpoint is not None and same_state(endpoint.vpc_endpoint_type, "Gateway"):
        return _GATEWAY_ENDPOINT
    return LOOKS.get(hop.kind)


def call_of(hop: Hop, look: Look) -> Command:
    """The call that shows the component of a hop."""
    name = hop.component
    parameters: dict[str, Any]
    if look.parameter in ("group-id", "service-id"):
        parameters = {"Filters": [{"Name": look.parameter, "Values": [name]}]}
    elif look.parameter.startswith("*"):
        parameters = {look.parameter[1:]: [name]}
    else:
        parameters = {look.parameter: name}
    if hop.kind is Kind.TRANSIT_GATEWAY_ROUTE_TABLE and hop.packets.dst:
        wanted = {"Name": "route-search.longest-prefix-match", "Values": [hop.packets.dst.first()]}
        parameters["Filters"] = [wanted]
    return Command(look.service, look.operation, parameters)
