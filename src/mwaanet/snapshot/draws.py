"""What the parameters of each call are drawn from: the edges of the graph of dependent calls.

Part of the table of operations (`operations.py`). Each line is `service operation < source: expression`, in the
language of `Draw.expression`; `<*` is a draw that is made only where whole accounts are collected. A call about a
resource with no line here is known to the reader and never made.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from mwaanet.snapshot.operation import ASKED, Draw

_Name = tuple[str, str]

_BUCKET_KEYS = "ServerSideEncryptionConfiguration.Rules[].ApplyServerSideEncryptionByDefault.KMSMasterKeyID"
_LOG_KEYS = "logGroups[?starts_with(logGroupName, 'airflow-')].kmsKeyId"
_ROLE = "{RoleName: arn_name(@), Account: arn_account(@)}"
_USER = "{UserName: arn_name(@), Account: arn_account(@)}"
_BUCKET = "mwaa/get-environment: Environment.{Bucket: arn_name(SourceBucketArn)}"
_OWN_GATEWAYS = (
    "directconnect/describe-direct-connect-gateways: "
    "owned(directConnectGateways, 'ownerAccount', Account)[].directConnectGatewayId"
)
_TABLES = "ec2/describe-transit-gateway-route-tables: TransitGatewayRouteTables[].TransitGatewayRouteTableId"
_CLIENT_VPN = "ec2/describe-client-vpn-endpoints: ClientVpnEndpoints[].ClientVpnEndpointId"
_BALANCERS = "elbv2/describe-load-balancers: LoadBalancers[].LoadBalancerArn"
_TARGET_GROUPS = "elbv2/describe-target-groups: TargetGroups[].TargetGroupArn"
_POLICY_GROUPS = "[StatelessRuleGroupReferences, StatefulRuleGroupReferences][][].ResourceArn"

_LINES: Final = f"""
mwaa get-environment < {ASKED}: Environments
mwaa get-environment <* mwaa/list-environments: Environments

ec2 describe-vpc-attribute < ec2/describe-vpcs: owned(Vpcs, 'OwnerId', Account)[].VpcId
ec2 get-managed-prefix-list-entries < ec2/describe-managed-prefix-lists: PrefixLists[].PrefixListId
ec2 describe-vpc-endpoint-service-permissions < \
    ec2/describe-vpc-endpoint-service-configurations: ServiceConfigurations[].ServiceId
ec2 get-transit-gateway-route-table-associations < {_TABLES}
ec2 get-transit-gateway-route-table-propagations < {_TABLES}
ec2 get-transit-gateway-prefix-list-references < {_TABLES}
ec2 search-transit-gateway-routes < {_TABLES}
ec2 get-transit-gateway-attachment-propagations < ec2/describe-transit-gateway-attachments: \
    owned(TransitGatewayAttachments, 'TransitGatewayOwnerId', Account)[].TransitGatewayAttachmentId
ec2 describe-client-vpn-target-networks < {_CLIENT_VPN}
ec2 describe-client-vpn-routes < {_CLIENT_VPN}
ec2 describe-client-vpn-authorization-rules < {_CLIENT_VPN}

directconnect describe-direct-connect-gateway-associations < {_OWN_GATEWAYS}
directconnect describe-direct-connect-gateway-attachments < {_OWN_GATEWAYS}

elbv2 describe-load-balancer-attributes < {_BALANCERS}
elbv2 describe-listeners < {_BALANCERS}
elbv2 describe-target-group-attributes < {_TARGET_GROUPS}
elbv2 describe-target-health < {_TARGET_GROUPS}

network-firewall describe-firewall < network-firewall/list-firewalls: Firewalls[].FirewallArn
network-firewall describe-firewall-policy < network-firewall/describe-firewall: Firewall.FirewallPolicyArn
network-firewall describe-firewall-policy <* network-firewall/list-firewall-policies: FirewallPolicies[].Arn
network-firewall describe-rule-group < network-firewall/describe-firewall-policy: FirewallPolicy.{_POLICY_GROUPS}
network-firewall describe-rule-group <* network-firewall/list-rule-groups: RuleGroups[].Arn

route53 get-hosted-zone < route53/list-hosted-zones: HostedZones[].Id
route53 list-resource-record-sets < route53/list-hosted-zones: HostedZones[].Id
route53 list-hosted-zones-by-vpc < \
    ec2/describe-vpcs: each({{VPCRegion: Region}}, 'VPCId', owned(Vpcs, 'OwnerId', Account)[].VpcId)
route53profiles list-profile-resource-associations < \
    route53profiles/list-profile-associations: ProfileAssociations[].ProfileId
route53resolver list-resolver-endpoint-ip-addresses < \
    route53resolver/list-resolver-endpoints: ResolverEndpoints[].Id
route53resolver list-firewall-rules < \
    route53resolver/list-firewall-rule-group-associations: FirewallRuleGroupAssociations[].FirewallRuleGroupId
route53resolver list-firewall-domains < route53resolver/list-firewall-rules: FirewallRules[].FirewallDomainListId

s3 get-bucket-location < {_BUCKET}
s3 get-bucket-policy < {_BUCKET}
s3 get-bucket-versioning < {_BUCKET}
s3 get-bucket-encryption < {_BUCKET}
s3 get-bucket-ownership-controls < {_BUCKET}
s3 get-public-access-block < {_BUCKET}
s3 get-bucket-location <* s3/list-buckets: Buckets[].Name
s3 get-bucket-policy <* s3/list-buckets: Buckets[].Name
s3 get-bucket-versioning <* s3/list-buckets: Buckets[].Name
s3 get-bucket-encryption <* s3/list-buckets: Buckets[].Name
s3 get-bucket-ownership-controls <* s3/list-buckets: Buckets[].Name
s3 get-public-access-block <* s3/list-buckets: Buckets[].Name
s3 head-object < mwaa/get-environment: configured_objects(Environment)
s3 list-objects-v2 < mwaa/get-environment: configured_objects(Environment)[?!VersionId].{{Bucket: Bucket, Prefix: Key}}
s3 get-object < mwaa/get-environment: configured_texts(Environment)
s3 get-object < s3/get-object: named_texts(Parameters, Note, Body)
s3control get-public-access-block < sts/get-caller-identity: Account

kms describe-key < mwaa/get-environment: key_or_alias(Environment.KmsKey)
kms describe-key < s3/get-bucket-encryption: {_BUCKET_KEYS}.key_or_alias(@)
kms describe-key < logs/describe-log-groups: {_LOG_KEYS}.key_or_alias(@)
kms describe-key <* kms/list-keys: Keys[].KeyId
kms get-key-policy < mwaa/get-environment: key(Environment.KmsKey)
kms get-key-policy < s3/get-bucket-encryption: {_BUCKET_KEYS}.key(@)
kms get-key-policy < logs/describe-log-groups: {_LOG_KEYS}.key(@)
kms get-key-policy < kms/describe-key: key(KeyMetadata.Arn)
kms get-key-policy <* kms/list-keys: Keys[].KeyId
kms list-grants < mwaa/get-environment: key(Environment.KmsKey)
kms list-grants < s3/get-bucket-encryption: {_BUCKET_KEYS}.key(@)
kms list-grants < logs/describe-log-groups: {_LOG_KEYS}.key(@)
kms list-grants < kms/describe-key: key(KeyMetadata.Arn)
kms list-grants <* kms/list-keys: Keys[].KeyId

iam get-role < mwaa/get-environment: Environment.ExecutionRoleArn.{_ROLE}
iam get-role < {ASKED}: Roles[].{_ROLE}
iam get-role <* iam/list-roles: Roles[].RoleName
iam list-role-policies < mwaa/get-environment: Environment.ExecutionRoleArn.{_ROLE}
iam list-role-policies < {ASKED}: Roles[].{_ROLE}
iam list-role-policies <* iam/list-roles: Roles[].RoleName
iam list-attached-role-policies < mwaa/get-environment: Environment.ExecutionRoleArn.{_ROLE}
iam list-attached-role-policies < {ASKED}: Roles[].{_ROLE}
iam list-attached-role-policies <* iam/list-roles: Roles[].RoleName
iam get-role-policy < iam/list-role-policies: each(Parameters, 'PolicyName', PolicyNames)
iam get-user < {ASKED}: Users[].{_USER}
iam list-user-policies < {ASKED}: Users[].{_USER}
iam get-user-policy < iam/list-user-policies: each(Parameters, 'PolicyName', PolicyNames)
iam list-attached-user-policies < {ASKED}: Users[].{_USER}
iam list-groups-for-user < {ASKED}: Users[].{_USER}
iam list-group-policies < iam/list-groups-for-user: Groups[].GroupName
iam get-group-policy < iam/list-group-policies: each(Parameters, 'PolicyName', PolicyNames)
iam list-attached-group-policies < iam/list-groups-for-user: Groups[].GroupName
iam get-policy < iam/list-attached-user-policies: AttachedPolicies[].PolicyArn
iam get-policy < iam/list-attached-group-policies: AttachedPolicies[].PolicyArn
iam get-policy < iam/get-user: User.PermissionsBoundary.PermissionsBoundaryArn
iam get-policy < iam/list-attached-role-policies: AttachedPolicies[].PolicyArn
iam get-policy < iam/get-role: Role.PermissionsBoundary.PermissionsBoundaryArn
iam get-policy-version < iam/get-policy: Policy.{{PolicyArn: Arn, VersionId: DefaultVersionId}}
ram get-resource-shares < sts/get-caller-identity: Account
"""
_LINE = re.compile(r"(\S+) (\S+) <(\*?)\s+(\S+): +(.+)")


def _draws() -> Mapping[_Name, tuple[Draw, ...]]:
    found: dict[_Name, tuple[Draw, ...]] = {}
    for line in filter(None, _LINES.splitlines()):
        match = _LINE.fullmatch(line)
        assert match, line
        service, operation, whole, source, expression = match.groups()
        name = (service, operation)
        found[name] = (*found.get(name, ()), Draw(source, expression, bool(whole)))
    return found


DRAWS: Final = _draws()
"""The draws of each operation that is asked about a resource."""

EACH: Final[Mapping[_Name, tuple[str, tuple[str, ...]]]] = {
    ("ec2", "describe-vpc-attribute"): ("Attribute", ("enableDnsSupport", "enableDnsHostnames")),
    ("ram", "get-resource-shares"): ("resourceOwner", ("SELF", "OTHER-ACCOUNTS")),
}
"""A parameter of which each of these values is asked."""

FIXED: Final[Mapping[_Name, Mapping[str, object]]] = {
    ("ec2", "search-transit-gateway-routes"): {"Filters": [{"Name": "state", "Values": ["active", "blackhole"]}]},
    ("kms", "get-key-policy"): {"PolicyName": "default"},
}
"""Parameters that are always the same."""

LEADS: Final[Mapping[_Name, str]] = {
    ("mwaa", "get-environment"): "Environment.KmsKey.{Account: arn_account(@), Region: arn_region(@)}",
    ("ec2", "describe-vpcs"): "Vpcs[].{Account: OwnerId}",
    ("ec2", "describe-subnets"): "Subnets[].{Account: OwnerId}",
    ("ec2", "describe-vpc-endpoint-services"): "ServiceDetails[].{Account: Owner, Region: ServiceRegion}",
    ("ec2", "describe-vpc-peering-connections"): (
        "VpcPeeringConnections[].[AccepterVpcInfo, RequesterVpcInfo][].{Account: OwnerId, Region: Region}"
    ),
    ("ec2", "describe-managed-prefix-lists"): "PrefixLists[].{Account: OwnerId}",
    ("ec2", "describe-transit-gateways"): "TransitGateways[].{Account: OwnerId}",
    ("ec2", "describe-transit-gateway-attachments"): (
        "TransitGatewayAttachments[].[{Account: ResourceOwnerId}, {Account: TransitGatewayOwnerId}][]"
    ),
    ("ec2", "describe-transit-gateway-peering-attachments"): (
        "TransitGatewayPeeringAttachments[].[AccepterTgwInfo, RequesterTgwInfo][].{Account: OwnerId, Region: Region}"
    ),
    ("directconnect", "describe-direct-connect-gateways"): "directConnectGateways[].{Account: ownerAccount}",
    ("directconnect", "describe-virtual-interfaces"): "virtualInterfaces[].{Account: ownerAccount, Region: region}",
    ("directconnect", "describe-direct-connect-gateway-associations"): (
        "directConnectGatewayAssociations[].associatedGateway.{Account: ownerAccount, Region: region}"
    ),
    ("directconnect", "describe-direct-connect-gateway-attachments"): (
        "directConnectGatewayAttachments[].{Account: virtualInterfaceOwnerAccount, Region: virtualInterfaceRegion}"
    ),
    ("route53", "list-hosted-zones-by-vpc"): "HostedZoneSummaries[].{Account: Owner.OwningAccount}",
    ("route53profiles", "list-profile-resource-associations"): "ProfileResourceAssociations[].{Account: OwnerId}",
    ("route53resolver", "list-resolver-rules"): "ResolverRules[].{Account: OwnerId}",
    ("ram", "get-resource-shares"): "resourceShares[].{Account: owningAccountId}",
}
"""What picks the accounts and Regions to which an answer leads, as objects of `Account` and, if it says, `Region`."""
