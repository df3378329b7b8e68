"""Faults on the way to the AWS services that the environment needs, and to its own database."""

from __future__ import annotations

from tools.demo_variants.recipe import (
    Culprits,
    endpoint_place,
    file_of,
    interface_places,
    remove,
    replace,
    variant,
)

from builder import Estate
from builder.estate import HOME, REGION
from mwaanet.demo import Change


@variant(service="fail")
def sqs_endpoint_missing(estate: Estate) -> tuple[list[Change], Culprits]:
    """There is no endpoint for SQS.

    The list of endpoints was taken from what the DAGs use, and no DAG uses SQS. The environment itself does: without
    its queue no task ever reaches a worker.
    """
    endpoint = estate.endpoints["sqs"]
    changes = [remove(*endpoint_place(endpoint)), *(remove(*place) for place in interface_places(endpoint))]
    return changes, [[estate.vpc.id, f"com.amazonaws.{REGION}.sqs", f"sqs.{REGION}.amazonaws.com"]]


@variant(service="fail")
def kms_private_dns_off(estate: Estate) -> tuple[list[Change], Culprits]:
    """The KMS endpoint has no private DNS.

    The endpoint was created while another one held the private name, so the box was left unticked. Workers still
    resolve KMS to its public addresses, to which they have no route.
    """
    endpoint = estate.endpoints["kms"]
    name = f"/DnsEntries[DnsName=kms.{REGION}.amazonaws.com]"
    changes = [
        replace(*endpoint_place(endpoint, "/PrivateDnsEnabled"), False),
        remove(*endpoint_place(endpoint, name)),
    ]
    return changes, [endpoint.id]


@variant(service="fail")
def logs_endpoint_group(estate: Estate) -> tuple[list[Change], Culprits]:
    """The endpoint of CloudWatch Logs has a security group that lets no worker in.

    The endpoint was made again in the console, where the VPC's default group is preselected. That group admits only
    its own members, and the workers are none.
    """
    endpoint, default = estate.endpoints["logs"], estate.vpc.default_group
    places = [endpoint_place(endpoint, "/Groups"), *interface_places(endpoint, "/Groups")]
    return [replace(*place, [default.reference]) for place in places], [[default.id, endpoint.id]]


@variant(service="fail")
def database_group_not_self_referencing(estate: Estate) -> tuple[list[Change], Culprits]:
    """The environment's group does not admit its own members.

    A clean-up removed the rule that allows everything from the group to itself, which looked too open. The metadata
    database's endpoint is in that group: its port 5432 is closed to the workers now.
    """
    group = estate.environment_group.id
    pointer = f"/SecurityGroups[GroupId={group}]/IpPermissions[IpProtocol=-1]"
    return [remove(file_of("ec2", "describe-security-groups"), pointer)], [group]


@variant(service="fail", nexus="fail")
def nacl_ephemeral(estate: Estate) -> tuple[list[Change], Culprits]:
    """The network ACL of the endpoints lets no reply back to the workers.

    The outbound entries were written as a mirror of the inbound ones: 443 both ways. But an ACL keeps no state, and
    replies go to the workers' ephemeral ports.
    """
    acl = estate.endpoint_acl.id
    pointer = f"/NetworkAcls[NetworkAclId={acl}]/Entries[Egress=true][RuleNumber=100]/PortRange"
    return [replace(file_of("ec2", "describe-network-acls"), pointer, {"From": 443, "To": 443})], [acl]


@variant(s3="fail", service="fail", nexus="fail", api=["fail", "unknown"])
def dns_support_off(estate: Estate) -> tuple[list[Change], Culprits]:
    """The VPC's own resolver is switched off.

    The template for VPCs sets enableDnsSupport to false, because virtual machines use the corporate resolvers. Here
    no name resolves any more, neither S3's nor the endpoints' private ones.
    """
    call = f"/Calls[Parameters.VpcId={estate.vpc.id}][Parameters.Attribute=enableDnsSupport]"
    pointer = f"{call}/Response/EnableDnsSupport/Value"
    return [replace(file_of("ec2", "describe-vpc-attribute"), pointer, False)], [estate.vpc.id]


@variant(service="fail")
def endpoint_pending(estate: Estate) -> tuple[list[Change], Culprits]:
    """The endpoint of CloudWatch metrics is still pending.

    The endpoint was deleted and made again during a change, and the change was closed before it was available. It
    has been pending ever since.
    """
    endpoint = estate.endpoints["monitoring"]
    return [replace(*endpoint_place(endpoint, "/State"), "pending")], [endpoint.id]


@variant(s3="unknown", service="unknown", nexus="unknown", api="unknown")
def refused_endpoints(estate: Estate) -> tuple[list[Change], Culprits]:
    """The endpoints could not be read.

    The role that took the snapshot may not call DescribeVpcEndpoints. Whether anything is broken is not known, and
    nobody should be told that it works.
    """
    error = {
        "account": HOME,
        "region": REGION,
        "service": "ec2",
        "operation": "describe-vpc-endpoints",
        "code": "UnauthorizedOperation",
        "message": "You are not authorized to perform this operation.",
    }
    missing = remove(file_of("ec2", "describe-vpc-endpoints"))
    return [missing, Change(file="manifest.json", op="add", pointer="/errors/-", value=error)], []
