"""The one table of AWS calls: what each decides, which resource it is asked about, and who sees its whole answer.

The reader, the collector, the permissions that collection needs and the documentation all come from it. An operation
is named as the AWS CLI names it (`describe-vpcs`), a service as botocore does (`elbv2`), a parameter as the API does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from mwaanet.snapshot.draws import DRAWS, EACH, FIXED, LEADS
from mwaanet.snapshot.operation import GLOBAL, CallRef, Operation, Scope

__all__ = ["GLOBAL", "OPERATIONS", "CallRef", "Operation", "by_key", "by_name"]

_IAM_SERVICE = {"elbv2": "elasticloadbalancing", "mwaa": "airflow", "s3control": "s3"}
_IAM_ACTION = {
    ("s3", "list-objects-v2"): "s3:ListBucket",
    ("s3", "list-buckets"): "s3:ListAllMyBuckets",
    ("s3", "head-object"): "s3:GetObject",
    ("s3", "get-bucket-encryption"): "s3:GetEncryptionConfiguration",
    ("s3", "get-public-access-block"): "s3:GetBucketPublicAccessBlock",
    ("s3control", "get-public-access-block"): "s3:GetAccountPublicAccessBlock",
}


def _action(service: str, operation: str) -> str:
    words = [word.capitalize() for word in operation.split("-")]
    if (service, operation) == ("route53", "list-hosted-zones-by-vpc"):
        words[-1] = "VPC"
    return _IAM_ACTION.get((service, operation), f"{_IAM_SERVICE.get(service, service)}:{''.join(words)}")


def _op(service: str, text: str, decides: str, *, scope: Scope = "regional") -> Operation:
    """One row: `operation Key Parameter …` (a key of `-` is none), and what it decides."""
    operation, key, *parameters = text.split()
    name = (service, operation)
    return Operation(
        service=service,
        operation=operation,
        key="" if key == "-" else key,
        decides=decides,
        parameters=tuple(parameters),
        scope=scope,
        action=_action(service, operation),
        draws=DRAWS.get(name, ()),
        each=EACH.get(name, ("", ())),
        fixed=FIXED.get(name, {}),
        leads=LEADS.get(name, ""),
    )


def _ec2(text: str, decides: str) -> Operation:
    return _op("ec2", text, decides)


_VPC = (
    _ec2("describe-vpcs Vpcs", "VPCs and their CIDR blocks"),
    _ec2("describe-subnets Subnets", "subnets, their CIDR blocks and zones"),
    _ec2("describe-route-tables RouteTables", "routes, and which subnet or gateway uses them"),
    _ec2("describe-network-acls NetworkAcls", "network ACLs, and which subnet uses them"),
    _ec2("describe-security-groups SecurityGroups", "security group rules"),
    _ec2("describe-security-group-vpc-associations SecurityGroupVpcAssociations", "groups used in other VPCs"),
    _ec2("describe-network-interfaces NetworkInterfaces", "who holds which address"),
    _ec2("describe-instances Reservations", "instances and their operating systems"),
    _ec2("describe-addresses Addresses", "Elastic IP addresses"),
    _ec2("describe-availability-zones AvailabilityZones", "the zones' IDs"),
    _ec2("describe-internet-gateways InternetGateways", "internet gateways"),
    _ec2("describe-egress-only-internet-gateways EgressOnlyInternetGateways", "egress-only gateways"),
    _ec2("describe-carrier-gateways CarrierGateways", "carrier gateways"),
    _ec2("describe-nat-gateways NatGateways", "NAT gateways"),
    _ec2("describe-vpc-endpoints VpcEndpoints", "VPC endpoints"),
    _ec2("describe-vpc-endpoint-services ServiceDetails", "which services have endpoints, and their private names"),
    _ec2("describe-vpc-endpoint-service-configurations ServiceConfigurations", "endpoint services"),
    _ec2("describe-vpc-endpoint-service-permissions AllowedPrincipals ServiceId", "who may connect to a service"),
    _ec2("describe-vpc-endpoint-connections VpcEndpointConnections", "which endpoints a service accepted"),
    _ec2("describe-vpc-peering-connections VpcPeeringConnections", "VPC peering connections"),
    _ec2("describe-managed-prefix-lists PrefixLists", "prefix lists"),
    _ec2("get-managed-prefix-list-entries Entries PrefixListId", "the entries of a prefix list"),
    _ec2("describe-prefix-lists PrefixLists", "the addresses of S3 and DynamoDB"),
    _ec2("describe-dhcp-options DhcpOptions", "which resolvers a VPC uses"),
    _ec2("describe-vpc-attribute - VpcId Attribute", "DNS support and DNS host names of a VPC"),
    _ec2("describe-vpc-block-public-access-options VpcBlockPublicAccessOptions", "VPC Block Public Access"),
    _ec2("describe-vpc-block-public-access-exclusions VpcBlockPublicAccessExclusions", "what it does not block"),
)
_TRANSIT = (
    _ec2("describe-transit-gateways TransitGateways", "transit gateways"),
    _ec2("describe-transit-gateway-attachments TransitGatewayAttachments", "attachments"),
    _ec2("describe-transit-gateway-vpc-attachments TransitGatewayVpcAttachments", "VPC attachments"),
    _ec2(
        "describe-transit-gateway-peering-attachments TransitGatewayPeeringAttachments",
        "peering attachments",
    ),
    _ec2("describe-transit-gateway-connects TransitGatewayConnects", "Connect attachments"),
    _ec2("describe-transit-gateway-connect-peers TransitGatewayConnectPeers", "Connect peers"),
    _ec2("describe-transit-gateway-route-tables TransitGatewayRouteTables", "their route tables"),
    _ec2("describe-transit-gateway-policy-tables TransitGatewayPolicyTables", "policy tables"),
    _ec2(
        "get-transit-gateway-route-table-associations Associations TransitGatewayRouteTableId",
        "which attachments use a table",
    ),
    _ec2(
        "get-transit-gateway-route-table-propagations TransitGatewayRouteTablePropagations TransitGatewayRouteTableId",
        "which attachments propagate to a table",
    ),
    _ec2(
        "get-transit-gateway-attachment-propagations TransitGatewayAttachmentPropagations TransitGatewayAttachmentId",
        "the tables to which an attachment propagates",
    ),
    _ec2(
        "get-transit-gateway-prefix-list-references TransitGatewayPrefixListReferences TransitGatewayRouteTableId",
        "the prefix lists that a table routes",
    ),
    _ec2("search-transit-gateway-routes Routes TransitGatewayRouteTableId", "the routes of a table"),
)
_LINK = (
    _ec2("describe-vpn-gateways VpnGateways", "virtual private gateways"),
    _ec2("describe-vpn-connections VpnConnections", "VPN connections and their tunnels"),
    _ec2("describe-customer-gateways CustomerGateways", "the far ends of VPN connections"),
    _ec2("describe-client-vpn-endpoints ClientVpnEndpoints", "Client VPN endpoints, their clients' addresses and DNS"),
    _ec2(
        "describe-client-vpn-target-networks ClientVpnTargetNetworks ClientVpnEndpointId",
        "the subnets by which a Client VPN endpoint enters its VPC",
    ),
    _ec2("describe-client-vpn-routes Routes ClientVpnEndpointId", "the routes of a Client VPN endpoint"),
    _ec2(
        "describe-client-vpn-authorization-rules AuthorizationRules ClientVpnEndpointId",
        "what the clients of a Client VPN endpoint may reach",
    ),
    _op("directconnect", "describe-connections connections", "Direct Connect connections"),
    _op("directconnect", "describe-lags lags", "link aggregation groups"),
    _op("directconnect", "describe-virtual-interfaces virtualInterfaces", "virtual interfaces and their BGP peers"),
    _op("directconnect", "describe-direct-connect-gateways directConnectGateways", "gateways"),
    _op(
        "directconnect",
        "describe-direct-connect-gateway-associations directConnectGatewayAssociations"
        " directConnectGatewayId associationId associatedGatewayId virtualGatewayId",
        "which gateways use it, and the allowed prefixes",
    ),
    _op(
        "directconnect",
        "describe-direct-connect-gateway-attachments directConnectGatewayAttachments"
        " directConnectGatewayId virtualInterfaceId",
        "which virtual interfaces use it",
    ),
)
_SERVICE = (
    _op("elbv2", "describe-load-balancers LoadBalancers", "load balancers"),
    _op("elbv2", "describe-load-balancer-attributes Attributes LoadBalancerArn", "cross-zone load balancing"),
    _op("elbv2", "describe-listeners Listeners LoadBalancerArn", "listeners"),
    _op("elbv2", "describe-target-groups TargetGroups", "target groups"),
    _op("elbv2", "describe-target-group-attributes Attributes TargetGroupArn", "client IP preservation"),
    _op("elbv2", "describe-target-health TargetHealthDescriptions TargetGroupArn", "which targets are healthy"),
    _op("network-firewall", "list-firewalls Firewalls", "network firewalls"),
    _op("network-firewall", "list-firewall-policies FirewallPolicies", "firewall policies"),
    _op("network-firewall", "list-rule-groups RuleGroups", "firewall rule groups"),
    _op("network-firewall", "describe-firewall Firewall FirewallArn FirewallName", "a firewall's endpoints"),
    _op(
        "network-firewall",
        "describe-firewall-policy FirewallPolicy FirewallPolicyArn FirewallPolicyName",
        "a firewall's policy",
    ),
    _op("network-firewall", "describe-rule-group RuleGroup RuleGroupArn RuleGroupName", "a firewall's rules"),
)
_NAMES = (
    _op("route53", "list-hosted-zones HostedZones", "hosted zones", scope=GLOBAL),
    _op("route53", "get-hosted-zone HostedZone Id", "the VPCs of a zone", scope=GLOBAL),
    _op("route53", "list-hosted-zones-by-vpc HostedZoneSummaries VPCId VPCRegion", "a VPC's zones", scope=GLOBAL),
    _op("route53", "list-resource-record-sets ResourceRecordSets HostedZoneId", "records", scope=GLOBAL),
    _op("route53profiles", "list-profile-associations ProfileAssociations", "which VPC has a Route 53 Profile"),
    _op(
        "route53profiles",
        "list-profile-resource-associations ProfileResourceAssociations ProfileId",
        "the zones, rules and endpoints of a Profile",
    ),
    _op("route53resolver", "list-resolver-endpoints ResolverEndpoints", "resolver endpoints"),
    _op(
        "route53resolver",
        "list-resolver-endpoint-ip-addresses IpAddresses ResolverEndpointId",
        "the addresses of a resolver endpoint",
    ),
    _op("route53resolver", "list-resolver-rules ResolverRules", "where names are forwarded"),
    _op("route53resolver", "list-resolver-rule-associations ResolverRuleAssociations", "which VPC uses a rule"),
    _op(
        "route53resolver",
        "list-firewall-rule-group-associations FirewallRuleGroupAssociations",
        "which VPC has a DNS Firewall",
    ),
    _op("route53resolver", "list-firewall-rules FirewallRules FirewallRuleGroupId", "DNS Firewall rules"),
    _op("route53resolver", "list-firewall-domains Domains FirewallDomainListId", "DNS Firewall domains"),
)
_MWAA = (
    _op("mwaa", "list-environments Environments", "environments"),
    _op("mwaa", "get-environment Environment Name", "an environment"),
    _op("logs", "describe-log-groups logGroups", "log groups and their keys"),
    _op("s3", "list-buckets Buckets", "buckets", scope=GLOBAL),
    _op("s3", "get-bucket-location - Bucket", "a bucket's Region"),
    _op("s3", "get-bucket-policy Policy Bucket", "a bucket's policy"),
    _op("s3", "get-bucket-versioning - Bucket", "whether a bucket keeps versions"),
    _op("s3", "get-bucket-encryption ServerSideEncryptionConfiguration Bucket", "a bucket's key"),
    _op("s3", "get-bucket-ownership-controls OwnershipControls Bucket", "who owns a bucket's objects"),
    _op("s3", "get-public-access-block PublicAccessBlockConfiguration Bucket", "a bucket's public access"),
    _op("s3", "list-objects-v2 Contents Bucket", "which objects a bucket holds"),
    _op("s3", "head-object - Bucket Key VersionId", "whether an object exists"),
    _op("s3", "get-object - Bucket Key VersionId", "the text of an object"),
    _op("s3control", "get-public-access-block PublicAccessBlockConfiguration AccountId", "an account's public access"),
    _op("kms", "list-keys Keys", "KMS keys"),
    _op("kms", "list-aliases Aliases", "the aliases of keys"),
    _op("kms", "describe-key KeyMetadata KeyId", "a key's state and manager"),
    _op("kms", "get-key-policy Policy KeyId", "a key's policy"),
    _op("kms", "list-grants Grants KeyId", "a key's grants"),
)
_IDENTITY = (
    _op("iam", "list-roles Roles", "roles and their trust policies", scope=GLOBAL),
    _op("iam", "get-role Role RoleName", "a role, its trust policy and boundary", scope=GLOBAL),
    _op("iam", "list-role-policies PolicyNames RoleName", "a role's inline policies", scope=GLOBAL),
    _op("iam", "get-role-policy PolicyDocument RoleName PolicyName", "an inline policy", scope=GLOBAL),
    _op("iam", "list-attached-role-policies AttachedPolicies RoleName", "a role's policies", scope=GLOBAL),
    _op("iam", "get-user User UserName", "a user and its boundary", scope=GLOBAL),
    _op("iam", "list-user-policies PolicyNames UserName", "a user's inline policies", scope=GLOBAL),
    _op("iam", "get-user-policy PolicyDocument UserName PolicyName", "an inline policy of a user", scope=GLOBAL),
    _op("iam", "list-attached-user-policies AttachedPolicies UserName", "a user's policies", scope=GLOBAL),
    _op("iam", "list-groups-for-user Groups UserName", "the groups of a user", scope=GLOBAL),
    _op("iam", "list-group-policies PolicyNames GroupName", "a user group's inline policies", scope=GLOBAL),
    _op("iam", "get-group-policy PolicyDocument GroupName PolicyName", "an inline policy of a group", scope=GLOBAL),
    _op("iam", "list-attached-group-policies AttachedPolicies GroupName", "a user group's policies", scope=GLOBAL),
    _op("iam", "get-policy Policy PolicyArn", "which version of a managed policy counts", scope=GLOBAL),
    _op("iam", "get-policy-version PolicyVersion PolicyArn VersionId", "a managed policy's text", scope=GLOBAL),
    _op("sts", "get-caller-identity -", "who collected"),
    _op("ram", "get-resource-shares resourceShares resourceOwner", "what accounts share"),
)

OPERATIONS: Mapping[tuple[str, str], Operation] = {
    (row.service, row.operation): row for row in (*_VPC, *_TRANSIT, *_LINK, *_SERVICE, *_NAMES, *_MWAA, *_IDENTITY)
}
"""Every operation by service and name."""


@cache
def by_key() -> Mapping[str, tuple[Operation, ...]]:
    """The operations by the key of their response, argument-less ones first."""
    found: dict[str, list[Operation]] = {}
    for operation in OPERATIONS.values():
        if operation.key:
            found.setdefault(operation.key, []).append(operation)
    return {key: tuple(sorted(group, key=lambda row: row.per_resource)) for key, group in found.items()}


@cache
def _by_word() -> Mapping[str, Operation]:
    names: dict[str, list[Operation]] = {}
    for operation in OPERATIONS.values():
        names.setdefault(f"{operation.service}-{operation.operation}", []).append(operation)
        names.setdefault(operation.operation, []).append(operation)
    return {name: group[0] for name, group in names.items() if len(group) == 1}


def by_name(words: Iterable[str]) -> Operation | None:
    """The operation that one of the words names unmistakably (`ec2-describe-vpcs`, `describe-vpcs`), if any."""
    known = _by_word()
    return next((known[word] for word in words if word in known), None)
