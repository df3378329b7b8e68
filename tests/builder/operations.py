"""The calls that a snapshot holds: for argument-less ones the key of their list, for the others their name.

Each argument-less operation is written for every account and Region of a topology, empty when there is nothing,
so that no fact is unknown by accident. (Kept apart from the program's own table, so that each tests the other.)
"""

from __future__ import annotations

from collections.abc import Mapping

Lists = Mapping[str, Mapping[str, str]]
Calls = Mapping[str, tuple[str, ...]]

REGIONAL_LISTS: Lists = {
    "ec2": {
        "describe-addresses": "Addresses",
        "describe-availability-zones": "AvailabilityZones",
        "describe-carrier-gateways": "CarrierGateways",
        "describe-client-vpn-endpoints": "ClientVpnEndpoints",
        "describe-customer-gateways": "CustomerGateways",
        "describe-dhcp-options": "DhcpOptions",
        "describe-egress-only-internet-gateways": "EgressOnlyInternetGateways",
        "describe-instances": "Reservations",
        "describe-internet-gateways": "InternetGateways",
        "describe-managed-prefix-lists": "PrefixLists",
        "describe-nat-gateways": "NatGateways",
        "describe-network-acls": "NetworkAcls",
        "describe-network-interfaces": "NetworkInterfaces",
        "describe-prefix-lists": "PrefixLists",
        "describe-route-tables": "RouteTables",
        "describe-security-group-vpc-associations": "SecurityGroupVpcAssociations",
        "describe-security-groups": "SecurityGroups",
        "describe-subnets": "Subnets",
        "describe-transit-gateway-attachments": "TransitGatewayAttachments",
        "describe-transit-gateway-connect-peers": "TransitGatewayConnectPeers",
        "describe-transit-gateway-connects": "TransitGatewayConnects",
        "describe-transit-gateway-peering-attachments": "TransitGatewayPeeringAttachments",
        "describe-transit-gateway-policy-tables": "TransitGatewayPolicyTables",
        "describe-transit-gateway-route-tables": "TransitGatewayRouteTables",
        "describe-transit-gateway-vpc-attachments": "TransitGatewayVpcAttachments",
        "describe-transit-gateways": "TransitGateways",
        "describe-vpc-block-public-access-exclusions": "VpcBlockPublicAccessExclusions",
        "describe-vpc-endpoint-connections": "VpcEndpointConnections",
        "describe-vpc-endpoint-service-configurations": "ServiceConfigurations",
        "describe-vpc-endpoint-services": "ServiceDetails",
        "describe-vpc-endpoints": "VpcEndpoints",
        "describe-vpc-peering-connections": "VpcPeeringConnections",
        "describe-vpcs": "Vpcs",
        "describe-vpn-connections": "VpnConnections",
        "describe-vpn-gateways": "VpnGateways",
    },
    "elbv2": {
        "describe-load-balancers": "LoadBalancers",
        "describe-target-groups": "TargetGroups",
    },
    "directconnect": {
        "describe-connections": "connections",
        "describe-direct-connect-gateways": "directConnectGateways",
        "describe-lags": "lags",
        "describe-virtual-interfaces": "virtualInterfaces",
    },
    "kms": {"list-aliases": "Aliases", "list-keys": "Keys"},
    "logs": {"describe-log-groups": "logGroups"},
    "mwaa": {"list-environments": "Environments"},
    "network-firewall": {
        "list-firewall-policies": "FirewallPolicies",
        "list-firewalls": "Firewalls",
        "list-rule-groups": "RuleGroups",
    },
    "route53profiles": {"list-profile-associations": "ProfileAssociations"},
    "route53resolver": {
        "list-firewall-rule-group-associations": "FirewallRuleGroupAssociations",
        "list-resolver-endpoints": "ResolverEndpoints",
        "list-resolver-rule-associations": "ResolverRuleAssociations",
        "list-resolver-rules": "ResolverRules",
    },
}

GLOBAL_LISTS: Lists = {
    "iam": {"list-roles": "Roles"},
    "route53": {"list-hosted-zones": "HostedZones"},
    "s3": {"list-buckets": "Buckets"},
}

REGIONAL_CALLS: Calls = {
    "ec2": (
        "describe-client-vpn-authorization-rules",
        "describe-client-vpn-routes",
        "describe-client-vpn-target-networks",
        "describe-vpc-attribute",
        "describe-vpc-endpoint-service-permissions",
        "get-managed-prefix-list-entries",
        "get-transit-gateway-attachment-propagations",
        "get-transit-gateway-prefix-list-references",
        "get-transit-gateway-route-table-associations",
        "get-transit-gateway-route-table-propagations",
        "search-transit-gateway-routes",
    ),
    "elbv2": (
        "describe-listeners",
        "describe-load-balancer-attributes",
        "describe-target-group-attributes",
        "describe-target-health",
    ),
    "directconnect": (
        "describe-direct-connect-gateway-associations",
        "describe-direct-connect-gateway-attachments",
    ),
    "kms": ("describe-key", "get-key-policy", "list-grants"),
    "mwaa": ("get-environment",),
    "network-firewall": ("describe-firewall", "describe-firewall-policy", "describe-rule-group"),
    "ram": ("get-resource-shares",),
    "route53profiles": ("list-profile-resource-associations",),
    "route53resolver": ("list-firewall-domains", "list-firewall-rules", "list-resolver-endpoint-ip-addresses"),
    "s3": (
        "get-bucket-encryption",
        "get-bucket-location",
        "get-bucket-ownership-controls",
        "get-bucket-policy",
        "get-bucket-versioning",
        "get-object",
        "get-public-access-block",
        "head-object",
        "list-objects-v2",
    ),
    "s3control": ("get-public-access-block",),
}

GLOBAL_CALLS: Calls = {
    "iam": (
        "get-group-policy",
        "get-policy",
        "get-policy-version",
        "get-role",
        "get-role-policy",
        "get-user",
        "get-user-policy",
        "list-attached-group-policies",
        "list-attached-role-policies",
        "list-attached-user-policies",
        "list-group-policies",
        "list-groups-for-user",
        "list-role-policies",
        "list-user-policies",
    ),
    "route53": ("get-hosted-zone", "list-hosted-zones-by-vpc", "list-resource-record-sets"),
}

HOME_ONLY = frozenset({"s3", "s3control"})
"""Services whose per-resource calls lie under the account's home Region only."""
