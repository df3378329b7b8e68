"""Which records the answer to each operation is made of: what the snapshot's files are decoded into.

An operation that is not in these tables is kept in snapshots, but nothing asks for it yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mwaanet.model.availability_zone import AvailabilityZone
from mwaanet.model.block_public_access import BlockPublicAccess, VpcBlockPublicAccessExclusion
from mwaanet.model.bucket import BucketEncryption, BucketPolicy, ObjectText
from mwaanet.model.client_vpn_endpoint import (
    AuthorizationRules,
    ClientVpnEndpoint,
    ClientVpnRoutes,
    ClientVpnTargetNetworks,
)
from mwaanet.model.dhcp_options import DhcpOptions, VpcAttribute
from mwaanet.model.direct_connect import (
    DirectConnectGateway,
    DirectConnectGatewayAssociations,
    DirectConnectGatewayAttachments,
    VirtualInterface,
)
from mwaanet.model.elastic_address import Address
from mwaanet.model.endpoint_service import (
    AllowedPrincipals,
    ServiceConfiguration,
    ServiceDetail,
    VpcEndpointConnection,
)
from mwaanet.model.environment import GetEnvironment, ListEnvironments
from mwaanet.model.hosted_zone import HostedZone, HostedZoneDetails, HostedZoneSummaries, ResourceRecordSets
from mwaanet.model.instance import Reservation
from mwaanet.model.internet_gateway import EgressOnlyInternetGateway, InternetGateway
from mwaanet.model.key import Grants, KeyPolicy
from mwaanet.model.listener import Listeners
from mwaanet.model.load_balancer import Attributes, LoadBalancer
from mwaanet.model.nat_gateway import NatGateway
from mwaanet.model.network_acl import NetworkAcl
from mwaanet.model.network_firewall import DescribeFirewall, DescribeFirewallPolicy, DescribeRuleGroup
from mwaanet.model.network_interface import NetworkInterface
from mwaanet.model.object_listing import ObjectListing
from mwaanet.model.prefix_list import Entries, ManagedPrefixList, PrefixList
from mwaanet.model.resolver import (
    FirewallRuleGroupAssociation,
    IpAddresses,
    ResolverEndpoint,
    ResolverRule,
    ResolverRuleAssociation,
)
from mwaanet.model.role import (
    AttachedPolicies,
    GetPolicy,
    GetPolicyVersion,
    GetRole,
    PolicyNames,
    Role,
    RolePolicy,
)
from mwaanet.model.route53_profile import ProfileAssociation, ProfileResourceAssociations
from mwaanet.model.route_table import RouteTable
from mwaanet.model.security_group import SecurityGroup
from mwaanet.model.subnet import Subnet
from mwaanet.model.target_group import TargetGroup, TargetHealthDescriptions
from mwaanet.model.transit_gateway import TransitGateway
from mwaanet.model.transit_gateway_attachment import (
    TransitGatewayAttachment,
    TransitGatewayPeeringAttachment,
    TransitGatewayVpcAttachment,
)
from mwaanet.model.transit_gateway_route_table import (
    Associations,
    Propagations,
    RoutesFound,
    TransitGatewayRouteTable,
)
from mwaanet.model.vpc import Vpc
from mwaanet.model.vpc_endpoint import VpcEndpoint
from mwaanet.model.vpc_peering_connection import VpcPeeringConnection
from mwaanet.model.vpn_connection import CustomerGateway, VpnConnection
from mwaanet.model.vpn_gateway import VpnGateway

Table = Mapping[tuple[str, str], Any]

LISTS: Table = {
    ("ec2", "describe-addresses"): Address,
    ("ec2", "describe-availability-zones"): AvailabilityZone,
    ("ec2", "describe-client-vpn-endpoints"): ClientVpnEndpoint,
    ("ec2", "describe-customer-gateways"): CustomerGateway,
    ("ec2", "describe-dhcp-options"): DhcpOptions,
    ("ec2", "describe-egress-only-internet-gateways"): EgressOnlyInternetGateway,
    ("ec2", "describe-instances"): Reservation,
    ("ec2", "describe-internet-gateways"): InternetGateway,
    ("ec2", "describe-managed-prefix-lists"): ManagedPrefixList,
    ("ec2", "describe-nat-gateways"): NatGateway,
    ("ec2", "describe-network-acls"): NetworkAcl,
    ("ec2", "describe-network-interfaces"): NetworkInterface,
    ("ec2", "describe-prefix-lists"): PrefixList,
    ("ec2", "describe-route-tables"): RouteTable,
    ("ec2", "describe-security-groups"): SecurityGroup,
    ("ec2", "describe-subnets"): Subnet,
    ("ec2", "describe-transit-gateway-attachments"): TransitGatewayAttachment,
    ("ec2", "describe-transit-gateway-peering-attachments"): TransitGatewayPeeringAttachment,
    ("ec2", "describe-transit-gateway-route-tables"): TransitGatewayRouteTable,
    ("ec2", "describe-transit-gateway-vpc-attachments"): TransitGatewayVpcAttachment,
    ("ec2", "describe-transit-gateways"): TransitGateway,
    ("ec2", "describe-vpc-block-public-access-exclusions"): VpcBlockPublicAccessExclusion,
    ("ec2", "describe-vpc-endpoint-connections"): VpcEndpointConnection,
    ("ec2", "describe-vpc-endpoint-service-configurations"): ServiceConfiguration,
    ("ec2", "describe-vpc-endpoint-services"): ServiceDetail,
    ("ec2", "describe-vpc-endpoints"): VpcEndpoint,
    ("ec2", "describe-vpc-peering-connections"): VpcPeeringConnection,
    ("ec2", "describe-vpcs"): Vpc,
    ("ec2", "describe-vpn-connections"): VpnConnection,
    ("ec2", "describe-vpn-gateways"): VpnGateway,
    ("directconnect", "describe-direct-connect-gateways"): DirectConnectGateway,
    ("directconnect", "describe-virtual-interfaces"): VirtualInterface,
    ("elbv2", "describe-load-balancers"): LoadBalancer,
    ("elbv2", "describe-target-groups"): TargetGroup,
    ("iam", "list-roles"): Role,
    ("route53", "list-hosted-zones"): HostedZone,
    ("route53profiles", "list-profile-associations"): ProfileAssociation,
    ("route53resolver", "list-firewall-rule-group-associations"): FirewallRuleGroupAssociation,
    ("route53resolver", "list-resolver-endpoints"): ResolverEndpoint,
    ("route53resolver", "list-resolver-rule-associations"): ResolverRuleAssociation,
    ("route53resolver", "list-resolver-rules"): ResolverRule,
}
"""Argument-less operations whose answer is a list: the record that the list holds."""

WHOLES: Table = {
    ("ec2", "describe-vpc-block-public-access-options"): BlockPublicAccess,
    ("mwaa", "list-environments"): ListEnvironments,
}
"""Argument-less operations whose answer is one object: what it is."""

CALLS: Table = {
    ("ec2", "describe-client-vpn-authorization-rules"): AuthorizationRules,
    ("ec2", "describe-client-vpn-routes"): ClientVpnRoutes,
    ("ec2", "describe-client-vpn-target-networks"): ClientVpnTargetNetworks,
    ("ec2", "describe-vpc-attribute"): VpcAttribute,
    ("ec2", "describe-vpc-endpoint-service-permissions"): AllowedPrincipals,
    ("ec2", "get-managed-prefix-list-entries"): Entries,
    ("ec2", "get-transit-gateway-route-table-associations"): Associations,
    ("ec2", "get-transit-gateway-route-table-propagations"): Propagations,
    ("ec2", "search-transit-gateway-routes"): RoutesFound,
    ("directconnect", "describe-direct-connect-gateway-associations"): DirectConnectGatewayAssociations,
    ("directconnect", "describe-direct-connect-gateway-attachments"): DirectConnectGatewayAttachments,
    ("elbv2", "describe-listeners"): Listeners,
    ("elbv2", "describe-load-balancer-attributes"): Attributes,
    ("elbv2", "describe-target-group-attributes"): Attributes,
    ("elbv2", "describe-target-health"): TargetHealthDescriptions,
    ("iam", "get-policy"): GetPolicy,
    ("iam", "get-policy-version"): GetPolicyVersion,
    ("iam", "get-role"): GetRole,
    ("iam", "get-role-policy"): RolePolicy,
    ("iam", "list-attached-role-policies"): AttachedPolicies,
    ("iam", "list-role-policies"): PolicyNames,
    ("kms", "get-key-policy"): KeyPolicy,
    ("kms", "list-grants"): Grants,
    ("mwaa", "get-environment"): GetEnvironment,
    ("s3", "list-objects-v2"): ObjectListing,
    ("network-firewall", "describe-firewall"): DescribeFirewall,
    ("network-firewall", "describe-firewall-policy"): DescribeFirewallPolicy,
    ("network-firewall", "describe-rule-group"): DescribeRuleGroup,
    ("route53", "get-hosted-zone"): HostedZoneDetails,
    ("route53", "list-hosted-zones-by-vpc"): HostedZoneSummaries,
    ("route53", "list-resource-record-sets"): ResourceRecordSets,
    ("route53profiles", "list-profile-resource-associations"): ProfileResourceAssociations,
    ("route53resolver", "list-resolver-endpoint-ip-addresses"): IpAddresses,
    ("s3", "get-bucket-encryption"): BucketEncryption,
    ("s3", "get-bucket-policy"): BucketPolicy,
    ("s3", "get-object"): ObjectText,
}
"""Operations asked once per resource: the response."""
