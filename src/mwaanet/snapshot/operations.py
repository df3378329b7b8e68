"""The one table of AWS calls: what each decides, how it is asked, and who sees its whole answer.

The reader, the collector, the permissions that collection needs and the documentation all come from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple


class CallRef(NamedTuple):
    """One call to one account and Region: what a finding `needs`, what evidence was read from."""

    account: str
    region: str
    service: str
    operation: str

    @property
    def file(self) -> str:
        """Where its answer lies in a snapshot."""
        return f"accounts/{self.account}/{self.region}/{self.service}/{self.operation}.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation. `parameters` name the resources it is asked about; without any it is asked once.

    `key` is the top-level key of its response that a foreign layout is recognised by (empty: only by its name),
    `owner_only` says that only the owner's list of what accounts share proves absence.
    """

    service: str
    name: str
    key: str
    decides: str
    parameters: tuple[str, ...] = ()
    is_global: bool = False
    owner_only: bool = False
    action: str = ""


_IAM_SERVICE = {
    "elbv2": "elasticloadbalancing",
    "mwaa": "airflow",
    "network-firewall": "network-firewall",
    "s3control": "s3",
}
_IAM_ACTION = {
    "s3/list-objects-v2": "s3:ListBucket",
    "s3/list-buckets": "s3:ListAllMyBuckets",
    "s3/head-object": "s3:GetObject",
    "s3/get-bucket-encryption": "s3:GetEncryptionConfiguration",
    "s3/get-public-access-block": "s3:GetBucketPublicAccessBlock",
    "s3control/get-public-access-block": "s3:GetAccountPublicAccessBlock",
}


def _action(service: str, name: str) -> str:
    words = "".join(word.capitalize() for word in name.split("-"))
    return _IAM_ACTION.get(f"{service}/{name}", f"{_IAM_SERVICE.get(service, service)}:{words}")


def _op(
    service: str,
    name: str,
    key: str,
    decides: str,
    *parameters: str,
    is_global: bool = False,
    owner_only: bool = False,
) -> Operation:
    return Operation(
        service=service,
        name=name,
        key=key,
        decides=decides,
        parameters=parameters,
        is_global=is_global,
        owner_only=owner_only,
        action=_action(service, name),
    )


_TABLE: tuple[Operation, ...] = (
    _op("ec2", "describe-vpcs", "Vpcs", "VPCs and their CIDRs", owner_only=True),
    _op("ec2", "describe-subnets", "Subnets", "subnets and their zones", owner_only=True),
    _op("ec2", "describe-route-tables", "RouteTables", "routes", owner_only=True),
    _op("ec2", "describe-network-acls", "NetworkAcls", "network ACLs", owner_only=True),
    _op("ec2", "describe-security-groups", "SecurityGroups", "security groups"),
    _op("ec2", "describe-network-interfaces", "NetworkInterfaces", "who holds which address", owner_only=True),
    _op("ec2", "describe-instances", "Reservations", "instances and their systems"),
    _op("ec2", "describe-addresses", "Addresses", "Elastic IP addresses"),
    _op("ec2", "describe-availability-zones", "AvailabilityZones", "the zones' IDs"),
    _op("ec2", "describe-internet-gateways", "InternetGateways", "internet gateways", owner_only=True),
    _op("ec2", "describe-egress-only-internet-gateways", "EgressOnlyInternetGateways", "IPv6 egress"),
    _op("ec2", "describe-carrier-gateways", "CarrierGateways", "carrier gateways"),
    _op("ec2", "describe-nat-gateways", "NatGateways", "NAT gateways", owner_only=True),
    _op("ec2", "describe-vpc-endpoints", "VpcEndpoints", "VPC endpoints", owner_only=True),
    _op("ec2", "describe-vpc-endpoint-services", "ServiceDetails", "endpoint services and their private names"),
    _op(
        "ec2",
        "describe-vpc-endpoint-service-configurations",
        "ServiceConfigurations",
        "own endpoint services",
        owner_only=True,
    ),
    _op(
        "ec2",
        "describe-vpc-endpoint-service-permissions",
        "AllowedPrincipals",
        "who may use an endpoint service",
        "ServiceId",
    ),
    _op("ec2", "describe-vpc-endpoint-connections", "VpcEndpointConnections", "acceptance of endpoints"),
    _op("ec2", "describe-vpc-peering-connections", "VpcPeeringConnections", "peerings"),
    _op("ec2", "describe-transit-gateways", "TransitGateways", "transit gateways", owner_only=True),
    _op("ec2", "describe-transit-gateway-attachments", "TransitGatewayAttachments", "attachments", owner_only=True),
    _op("ec2", "describe-transit-gateway-vpc-attachments", "TransitGatewayVpcAttachments", "VPC attachments"),
    _op("ec2", "describe-transit-gateway-peering-attachments", "TransitGatewayPeeringAttachments", "peerings"),
    _op("ec2", "describe-transit-gateway-connects", "TransitGatewayConnects", "Connect attachments"),
    _op("ec2", "describe-transit-gateway-connect-peers", "TransitGatewayConnectPeers", "Connect peers"),
    _op("ec2", "describe-transit-gateway-policy-tables", "TransitGatewayPolicyTables", "policy tables"),
    _op(
        "ec2",
        "describe-transit-gateway-route-tables",
        "TransitGatewayRouteTables",
        "transit gateway route tables",
        owner_only=True,
    ),
    _op(
        "ec2",
        "get-transit-gateway-route-table-associations",
        "Associations",
        "which attachment uses which table",
        "TransitGatewayRouteTableId",
        owner_only=True,
    ),
    _op(
        "ec2",
        "get-transit-gateway-route-table-propagations",
        "TransitGatewayRouteTablePropagations",
        "which attachment propagates to which table",
        "TransitGatewayRouteTableId",
        owner_only=True,
    ),
    _op(
        "ec2",
        "get-transit-gateway-attachment-propagations",
        "TransitGatewayAttachmentPropagations",
        "which tables an attachment propagates to",
        "TransitGatewayAttachmentId",
    ),
    _op(
        "ec2",
        "get-transit-gateway-prefix-list-references",
        "TransitGatewayPrefixListReferences",
        "prefix list routes of a table",
        "TransitGatewayRouteTableId",
    ),
    _op(
        "ec2",
        "search-transit-gateway-routes",
        "Routes",
        "the routes of a transit gateway table",
        "TransitGatewayRouteTableId",
        owner_only=True,
    ),
    _op("ec2", "describe-vpn-gateways", "VpnGateways", "virtual private gateways"),
    _op("ec2", "describe-vpn-connections", "VpnConnections", "VPN connections and tunnels"),
    _op("ec2", "describe-customer-gateways", "CustomerGateways", "customer gateways"),
    _op("ec2", "describe-managed-prefix-lists", "PrefixLists", "prefix lists"),
    _op("ec2", "get-managed-prefix-list-entries", "Entries", "the entries of a prefix list", "PrefixListId"),
    _op("ec2", "describe-prefix-lists", "PrefixLists", "the addresses of S3 and DynamoDB"),
    _op("ec2", "describe-dhcp-options", "DhcpOptions", "who resolves names"),
    _op("ec2", "describe-vpc-attribute", "", "DNS support of a VPC", "VpcId", "Attribute"),
    _op(
        "ec2",
        "describe-vpc-block-public-access-options",
        "VpcBlockPublicAccessOptions",
        "whether public access is blocked",
    ),
    _op(
        "ec2",
        "describe-vpc-block-public-access-exclusions",
        "VpcBlockPublicAccessExclusions",
        "exclusions from the block of public access",
    ),
    _op(
        "ec2",
        "describe-security-group-vpc-associations",
        "SecurityGroupVpcAssociations",
        "groups used in other VPCs",
    ),
    _op("elbv2", "describe-load-balancers", "LoadBalancers", "load balancers"),
    _op("elbv2", "describe-target-groups", "TargetGroups", "target groups"),
    _op("elbv2", "describe-listeners", "Listeners", "listeners", "LoadBalancerArn"),
    _op("elbv2", "describe-load-balancer-attributes", "", "cross-zone balancing", "LoadBalancerArn"),
    _op("elbv2", "describe-target-group-attributes", "", "client IP preservation", "TargetGroupArn"),
    _op("elbv2", "describe-target-health", "TargetHealthDescriptions", "who answers", "TargetGroupArn"),
    _op("directconnect", "describe-connections", "connections", "Direct Connect connections"),
    _op("directconnect", "describe-lags", "lags", "link aggregation groups"),
    _op("directconnect", "describe-virtual-interfaces", "virtualInterfaces", "virtual interfaces and BGP"),
    _op("directconnect", "describe-direct-connect-gateways", "directConnectGateways", "Direct Connect gateways"),
    _op(
        "directconnect",
        "describe-direct-connect-gateway-associations",
        "directConnectGatewayAssociations",
        "allowed prefixes",
        "directConnectGatewayId",
    ),
    _op(
        "directconnect",
        "describe-direct-connect-gateway-attachments",
        "directConnectGatewayAttachments",
        "which virtual interfaces a gateway has",
        "directConnectGatewayId",
    ),
    _op("network-firewall", "list-firewalls", "Firewalls", "network firewalls"),
    _op("network-firewall", "list-firewall-policies", "FirewallPolicies", "firewall policies"),
    _op("network-firewall", "list-rule-groups", "RuleGroups", "firewall rule groups"),
    _op("network-firewall", "describe-firewall", "", "a firewall's endpoints", "FirewallArn", "FirewallName"),
    _op(
        "network-firewall",
        "describe-firewall-policy",
        "",
        "a firewall's policy",
        "FirewallPolicyArn",
        "FirewallPolicyName",
    ),
    _op("network-firewall", "describe-rule-group", "", "a firewall's rules", "RuleGroupArn", "RuleGroupName"),
    _op("route53", "list-hosted-zones", "HostedZones", "hosted zones", is_global=True),
    _op("route53", "get-hosted-zone", "HostedZone", "a zone's VPCs", "Id", is_global=True),
    _op(
        "route53",
        "list-hosted-zones-by-vpc",
        "HostedZoneSummaries",
        "the zones of a VPC",
        "VPCId",
        "VPCRegion",
        is_global=True,
    ),
    _op("route53", "list-resource-record-sets", "ResourceRecordSets", "records", "HostedZoneId", is_global=True),
    _op("route53resolver", "list-resolver-endpoints", "ResolverEndpoints", "resolver endpoints"),
    _op(
        "route53resolver",
        "list-resolver-endpoint-ip-addresses",
        "IpAddresses",
        "a resolver endpoint's addresses",
        "ResolverEndpointId",
    ),
    _op("route53resolver", "list-resolver-rules", "ResolverRules", "resolver rules", owner_only=True),
    _op("route53resolver", "list-resolver-rule-associations", "ResolverRuleAssociations", "which VPC uses them"),
    _op(
        "route53resolver",
        "list-firewall-rule-group-associations",
        "FirewallRuleGroupAssociations",
        "DNS firewalls",
    ),
    _op("route53resolver", "list-firewall-rules", "FirewallRules", "DNS firewall rules", "FirewallRuleGroupId"),
    _op("route53resolver", "list-firewall-domains", "Domains", "DNS firewall domains", "FirewallDomainListId"),
    _op("mwaa", "list-environments", "Environments", "environments"),
    _op("mwaa", "get-environment", "Environment", "an environment", "Name"),
    _op("s3", "list-buckets", "Buckets", "buckets", is_global=True),
    _op("s3", "get-bucket-policy", "", "a bucket's policy", "Bucket"),
    _op("s3", "get-bucket-location", "LocationConstraint", "a bucket's Region", "Bucket"),
    _op("s3", "get-bucket-versioning", "", "a bucket's versions", "Bucket"),
    _op("s3", "get-bucket-encryption", "ServerSideEncryptionConfiguration", "a bucket's key", "Bucket"),
    _op("s3", "get-bucket-ownership-controls", "OwnershipControls", "who owns a bucket's objects", "Bucket"),
    _op("s3", "get-public-access-block", "PublicAccessBlockConfiguration", "public access", "Bucket"),
    _op("s3", "list-objects-v2", "Contents", "what a bucket holds", "Bucket"),
    _op("s3", "head-object", "", "an object", "Bucket", "Key", "VersionId"),
    _op("s3", "get-object", "", "an object's text", "Bucket", "Key", "VersionId"),
    _op("s3control", "get-public-access-block", "", "public access of an account", "AccountId"),
    _op("kms", "list-keys", "Keys", "keys"),
    _op("kms", "list-aliases", "Aliases", "key aliases"),
    _op("kms", "describe-key", "KeyMetadata", "a key's state", "KeyId"),
    _op("kms", "get-key-policy", "", "a key's policy", "KeyId"),
    _op("kms", "list-grants", "Grants", "a key's grants", "KeyId"),
    _op("iam", "list-roles", "Roles", "roles", is_global=True),
    _op("iam", "get-role", "Role", "a role", "RoleName", is_global=True),
    _op("iam", "list-role-policies", "PolicyNames", "a role's own policies", "RoleName", is_global=True),
    _op("iam", "get-role-policy", "", "a policy of a role", "RoleName", "PolicyName", is_global=True),
    _op("iam", "list-attached-role-policies", "AttachedPolicies", "a role's policies", "RoleName", is_global=True),
    _op("iam", "get-policy", "Policy", "a managed policy", "PolicyArn", is_global=True),
    _op(
        "iam",
        "get-policy-version",
        "PolicyVersion",
        "a managed policy's text",
        "PolicyArn",
        "VersionId",
        is_global=True,
    ),
    _op("logs", "describe-log-groups", "logGroups", "log groups"),
    _op("sts", "get-caller-identity", "", "who collected"),
    _op("ram", "get-resource-shares", "resourceShares", "what accounts share", "resourceOwner"),
)

OPERATIONS: Mapping[tuple[str, str], Operation] = {(op.service, op.name): op for op in _TABLE}
"""Every operation by (service, name)."""

_BATFISH_KEYS = {
    "DirectConnectGateways": ("directconnect", "describe-direct-connect-gateways"),
    "VirtualInterfaces": ("directconnect", "describe-virtual-interfaces"),
}


def by_key() -> Mapping[str, Operation]:
    """Argument-less operations by the top-level key of their response, for foreign layouts."""
    found: dict[str, Operation] = {}
    for op in _TABLE:
        if op.key and not op.parameters:
            found.setdefault(op.key, op)
    found.update({key: OPERATIONS[ref] for key, ref in _BATFISH_KEYS.items()})
    return found


def by_name(names: Iterable[str]) -> Operation | None:
    """The operation that one of the words names (`ec2-describe-vpcs`, `describe-vpcs`), if any."""
    for word in names:
        for op in _TABLE:
            if word == op.name or word == f"{op.service}-{op.name}":
                return op
    return None
