"""What stops an environment from its bucket, and what only looks as if it did: network, names, policies, keys.

Gateway endpoints: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html; policies by endpoint:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html; condition keys:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html; interface endpoints for S3:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html
"""

from __future__ import annotations

from typing import Any

import pytest

from builder import Estate, allow, deny, inbound, outbound, policy, rule, self_ref
from builder.bucket import write_account_block
from builder.environment import execution_policy
from builder.estate import HOME, NAME
from checks.examples import closed_key, document
from checks.faults import Fault, Faults, name_of

fault = Faults()
VPC = "10.24.0.0/16"
OTHER_BUCKET = ["arn:aws:s3:::other", "arn:aws:s3:::other/*"]


def everything(estate: Estate) -> list[str]:
    return [estate.bucket.arn, f"{estate.bucket.arn}/*"]


def bucket_denies(estate: Estate, operator: str, key: str, value: str) -> str:
    """The bucket's policy denies everybody where a condition holds."""
    condition = {operator: {key: value}}
    estate.bucket.policy(policy(deny("s3:*", everything(estate), Principal="*", Condition=condition)))
    return estate.bucket.id


def endpoint_allows(estate: Estate, operator: str, key: str, value: str) -> str:
    """The endpoint's policy allows everything where a condition holds."""
    condition = {operator: {key: value}}
    estate.s3_endpoint.policy(policy(allow("*", "*", Principal="*", Condition=condition)))
    return estate.s3_endpoint.id


def without_gateway_endpoint(estate: Estate) -> None:
    estate.s3_endpoint.disassociate(*(subnet.table for subnet in estate.workers))
    estate.net.store.lists["ec2", "describe-vpc-endpoints"].remove(estate.s3_endpoint.record)


def with_interface_endpoint(estate: Estate, **options: Any) -> str:
    given = {"groups": [estate.endpoint_group], "name": "s3-interface", **options}
    return estate.vpc.endpoint("s3", estate.endpoint_subnets, **given).id


def egress(estate: Estate, *rules: Any) -> str:
    estate.environment_group._egress = [self_ref(), *rules]
    estate.environment_group._write()
    return estate.environment_group.id


def deleted_endpoint(estate: Estate) -> tuple[str, ...]:
    """The endpoint is gone, its routes are left."""
    estate.net.store.lists["ec2", "describe-vpc-endpoints"].remove(estate.s3_endpoint.record)
    for subnet in estate.workers:
        for route in subnet.table.record["Routes"]:
            if route.get("GatewayId") == estate.s3_endpoint.id:
                route["State"] = "blackhole"
    return tuple(subnet.table.id for subnet in estate.workers)


@fault(s3="fail")
def the_endpoint_is_not_in_one_table(estate: Estate) -> str:
    estate.s3_endpoint.disassociate(estate.workers[0].table)
    return estate.workers[0].table.id


@fault(s3="fail")
def the_endpoint_serves_another_vpc(estate: Estate) -> str:
    without_gateway_endpoint(estate)
    other = estate.net.vpc("other", "10.99.0.0/16")
    other.gateway_endpoint("s3", other.subnet("inside", "10.99.1.0/24"))
    return estate.vpc.id


@fault(s3="fail")
def the_endpoint_was_deleted_and_its_routes_are_left(estate: Estate) -> tuple[str, ...]:
    return deleted_endpoint(estate)


@fault(s3="fail", routing="nat")
def a_route_to_a_deleted_endpoint_is_longer_than_the_one_to_nat(estate: Estate) -> tuple[str, ...]:
    return deleted_endpoint(estate)


@fault(routing="nat")
def nat_serves_without_an_endpoint(estate: Estate) -> None:
    without_gateway_endpoint(estate)


@fault(s3="fail")
def a_part_of_s3_is_routed_elsewhere(estate: Estate) -> tuple[str, ...]:
    for subnet in estate.workers:
        subnet.table.blackhole("52.216.0.0/15", "eni-0dead000000000000")
    return tuple(subnet.table.id for subnet in estate.workers)


@fault(s3="fail")
def a_subnet_fell_back_to_the_main_table(estate: Estate) -> str:
    estate.workers[0].disassociate()
    return estate.vpc.main_table.id


@fault(s3="fail")
def the_endpoint_lists_a_table_that_lacks_its_route(estate: Estate) -> str:
    estate.workers[0].table.remove(estate.s3_endpoint.prefix_list.id)
    return estate.workers[0].table.id


@fault(s3="fail", service="fail")
def the_acl_denies_a_few_of_the_client_s_ports(estate: Estate) -> str:
    estate.worker_acl.add(inbound(50, "deny", "tcp", (40000, 40100), "0.0.0.0/0"))
    return estate.worker_acl.id


@fault(s3="fail")
def the_acl_denies_a_part_of_s3(estate: Estate) -> str:
    estate.worker_acl.add(outbound(50, "deny", "tcp", 443, "52.216.0.0/15"))
    return estate.worker_acl.id


@fault()
def a_denial_behind_what_allows_changes_nothing(estate: Estate) -> None:
    estate.worker_acl.add(outbound(200, "deny", "tcp", 443, "52.216.0.0/15"))


@fault(s3="fail")
def the_group_lets_out_to_the_vpc_only(estate: Estate) -> str:
    return egress(estate, rule("tcp", 443, VPC))


@fault()
def the_group_lets_out_to_s3_s_prefix_list(estate: Estate) -> None:
    egress(estate, rule("tcp", 443, estate.endpoint_group, estate.s3_endpoint.prefix_list))


@fault(s3="fail")
def the_acl_lets_out_to_the_vpc_only(estate: Estate) -> str:
    estate.worker_acl.add(outbound(100, "allow", "tcp", 443, VPC))
    return estate.worker_acl.id


@fault(s3="fail")
def the_acl_takes_replies_from_the_vpc_only(estate: Estate) -> str:
    estate.worker_acl.add(inbound(100, "allow", "tcp", (1024, 65535), VPC))
    return estate.worker_acl.id


@fault(s3="fail")
def route_and_acl_at_once(estate: Estate) -> tuple[str, ...]:
    estate.s3_endpoint.disassociate(*(subnet.table for subnet in estate.workers))
    estate.worker_acl.add(outbound(100, "allow", "tcp", 443, VPC))
    return (*(subnet.table.id for subnet in estate.workers), estate.worker_acl.id)


@fault(s3="fail")
def route_and_group_at_once(estate: Estate) -> tuple[str, ...]:
    estate.s3_endpoint.disassociate(estate.workers[0].table)
    return estate.workers[0].table.id, egress(estate, rule("tcp", 443, VPC))


@fault()
def an_interface_endpoint_with_private_dns_serves_too(estate: Estate) -> None:
    without_gateway_endpoint(estate)
    with_interface_endpoint(estate)


@fault(s3="fail")
def its_private_dns_is_for_inbound_endpoints_only(estate: Estate) -> str:
    without_gateway_endpoint(estate)
    return with_interface_endpoint(estate, dns_options={"PrivateDnsOnlyForInboundResolverEndpoint": True})


@fault()
def beside_a_gateway_endpoint_that_is_as_aws_advises(estate: Estate) -> None:
    with_interface_endpoint(estate, dns_options={"PrivateDnsOnlyForInboundResolverEndpoint": True})


@fault(s3="fail")
def an_interface_endpoint_takes_the_name_from_the_gateway_endpoint(estate: Estate) -> str:
    closed = estate.vpc.security_group("closed", ingress=[rule("tcp", 443, "192.0.2.0/24")])
    with_interface_endpoint(estate, groups=[closed])
    return closed.id


@fault(s3="fail")
def a_private_zone_for_s3_without_a_wildcard(estate: Estate) -> str:
    endpoint = estate.vpc.endpoint("s3", estate.endpoint_subnets, groups=[estate.endpoint_group], private_dns=False)
    return estate.net.zone("s3.us-east-1.amazonaws.com", estate.vpc).alias("@", endpoint).id


@fault()
def a_private_zone_for_s3_with_apex_and_wildcard(estate: Estate) -> None:
    endpoint = estate.vpc.endpoint("s3", estate.endpoint_subnets, groups=[estate.endpoint_group], private_dns=False)
    estate.net.zone("s3.us-east-1.amazonaws.com", estate.vpc).alias("@", endpoint).alias("*", endpoint)


@fault(s3="fail")
def a_private_zone_for_everything_of_amazon_s(estate: Estate) -> str:
    """Endpoints' private DNS is more specific, so only S3's gateway endpoint loses its name to the zone."""
    return estate.net.zone("amazonaws.com", estate.vpc).add("www", "A", "10.24.32.9").id


@fault(s3="fail", service="fail")
def dns_support_is_off(estate: Estate) -> str:
    estate.vpc.attribute("enableDnsSupport", False)
    return estate.vpc.id


@fault(service="fail")
def dns_hostnames_are_off(estate: Estate) -> str:
    """S3's name is public, and its gateway endpoint needs no private DNS."""
    estate.vpc.attribute("enableDnsHostnames", False)
    return estate.vpc.id


@fault(s3="fail", service="fail")
def dns_servers_on_site_that_the_acl_shuts_out(estate: Estate) -> tuple[str, ...]:
    options = estate.net.dhcp_options("corporate", "172.20.1.10", "172.20.1.11")
    estate.vpc.use_dhcp(options)
    return options.id, estate.worker_acl.id


@fault(s3="fail")
def the_endpoint_s_policy_denies_the_bucket(estate: Estate) -> str:
    denial = deny("s3:*", everything(estate), Principal="*")
    estate.s3_endpoint.policy(policy(allow("*", "*", Principal="*"), denial))
    return estate.s3_endpoint.id


@fault(s3="fail")
def the_endpoint_s_policy_allows_another_bucket_only(estate: Estate) -> str:
    estate.s3_endpoint.policy(policy(allow("s3:*", OTHER_BUCKET, Principal="*")))
    return estate.s3_endpoint.id


@fault(s3="fail")
def the_endpoint_s_policy_allows_objects_but_no_listing(estate: Estate) -> str:
    estate.s3_endpoint.policy(policy(allow("s3:GetObject*", f"{estate.bucket.arn}/*", Principal="*")))
    return estate.s3_endpoint.id


@fault()
def the_endpoint_s_policy_allows_the_role(estate: Estate) -> None:
    endpoint_allows(estate, "ArnEquals", "aws:PrincipalArn", estate.role.arn)


@fault(s3="fail")
def the_endpoint_s_policy_allows_another_role(estate: Estate) -> str:
    return endpoint_allows(estate, "ArnEquals", "aws:PrincipalArn", f"arn:aws:iam::{HOME}:role/other")


@fault(s3="unknown")
def the_endpoint_s_policy_allows_an_organisation(estate: Estate) -> None:
    endpoint_allows(estate, "StringEquals", "aws:PrincipalOrgID", "o-abcdefghij")


@fault()
def the_endpoint_s_policy_allows_the_account_s_buckets(estate: Estate) -> None:
    endpoint_allows(estate, "StringEquals", "aws:ResourceAccount", HOME)


@fault(s3="fail")
def the_endpoint_s_policy_allows_another_account_s_buckets(estate: Estate) -> str:
    return endpoint_allows(estate, "StringEquals", "aws:ResourceAccount", "999999999999")


@fault()
def the_bucket_demands_the_endpoint(estate: Estate) -> None:
    bucket_denies(estate, "StringNotEquals", "aws:SourceVpce", estate.s3_endpoint.id)


@fault(s3="fail")
def the_bucket_demands_another_endpoint(estate: Estate) -> str:
    return bucket_denies(estate, "StringNotEquals", "aws:SourceVpce", "vpce-0deadbeef00000000")


@fault(s3="fail", routing="nat")
def the_bucket_demands_an_endpoint_and_requests_come_by_nat(estate: Estate) -> str:
    without_gateway_endpoint(estate)
    return bucket_denies(estate, "StringNotEquals", "aws:SourceVpce", estate.s3_endpoint.id)


@fault()
def the_bucket_demands_the_vpc(estate: Estate) -> None:
    bucket_denies(estate, "StringNotEquals", "aws:SourceVpc", estate.vpc.id)


@fault(s3="fail")
def the_bucket_demands_the_gateway_endpoint_and_an_interface_endpoint_carries(estate: Estate) -> str:
    with_interface_endpoint(estate)
    return bucket_denies(estate, "StringNotEquals", "aws:SourceVpce", estate.s3_endpoint.id)


@fault(s3="fail")
def the_bucket_demands_another_vpc(estate: Estate) -> str:
    return bucket_denies(estate, "StringNotEquals", "aws:SourceVpc", "vpc-0deadbeef00000000")


@fault(s3="fail")
def the_bucket_demands_public_addresses_that_endpoints_do_not_show(estate: Estate) -> str:
    return bucket_denies(estate, "NotIpAddress", "aws:SourceIp", VPC)


@fault(routing="nat")
def the_bucket_demands_the_addresses_of_nat(estate: Estate) -> None:
    without_gateway_endpoint(estate)
    bucket_denies(estate, "NotIpAddress", "aws:SourceIp", "203.0.113.8/29")


@fault(s3="fail", routing="nat")
def the_bucket_demands_the_address_of_one_nat_gateway(estate: Estate) -> str:
    without_gateway_endpoint(estate)
    return bucket_denies(estate, "NotIpAddress", "aws:SourceIp", "203.0.113.11/32")


@fault()
def the_bucket_demands_the_vpc_s_addresses(estate: Estate) -> None:
    bucket_denies(estate, "NotIpAddress", "aws:VpcSourceIp", VPC)


@fault(s3="fail")
def the_bucket_demands_the_addresses_of_one_subnet(estate: Estate) -> str:
    return bucket_denies(estate, "NotIpAddress", "aws:VpcSourceIp", "10.24.8.0/24")


@fault(s3="fail")
def the_bucket_denies_tls(estate: Estate) -> str:
    """The usual statement with the value turned around."""
    return bucket_denies(estate, "Bool", "aws:SecureTransport", "true")


@fault()
def the_bucket_denies_tls_that_aws_no_longer_speaks(estate: Estate) -> None:
    """https://aws.amazon.com/blogs/storage/enforcing-encryption-in-transit-with-tls1-2-or-higher-with-amazon-s3/"""
    bucket_denies(estate, "NumericLessThan", "s3:TlsVersion", "1.2")


@fault(s3="unknown")
def the_bucket_demands_the_latest_tls(estate: Estate) -> None:
    bucket_denies(estate, "NumericLessThan", "s3:TlsVersion", "1.3")


@fault(s3="unknown")
def the_bucket_demands_an_organisation(estate: Estate) -> None:
    bucket_denies(estate, "StringNotEquals", "aws:PrincipalOrgID", "o-abcdefghij")


@fault(s3="fail")
def the_bucket_denies_all_but_its_administrators(estate: Estate) -> str:
    listed = {"AWS": [f"arn:aws:iam::{HOME}:root", f"arn:aws:iam::{HOME}:role/administrators"]}
    estate.bucket.policy(policy(deny("s3:*", everything(estate), NotPrincipal=listed)))
    return estate.bucket.id


@fault()
def another_statement_of_the_bucket_is_about_another_folder(estate: Estate) -> None:
    estate.bucket.policy(policy(deny("s3:*", f"{estate.bucket.arn}/payroll/*", Principal="*")))


@fault(s3="fail")
def endpoint_s_and_bucket_s_policy_at_once(estate: Estate) -> tuple[str, ...]:
    estate.s3_endpoint.policy(policy(allow("s3:*", OTHER_BUCKET, Principal="*")))
    estate.bucket.policy(policy(deny("s3:GetObject", f"{estate.bucket.arn}/*", Principal="*")))
    return estate.s3_endpoint.id, estate.bucket.id


@fault(s3="fail")
def the_role_may_list_but_not_read(estate: Estate) -> str:
    document = execution_policy(NAME, estate.net.store, estate.bucket.arn, estate.key)
    for statement in document["Statement"]:
        if "s3:GetObject*" in statement["Action"]:
            statement["Action"] = ["s3:GetBucket*", "s3:List*"]
    estate.role.attach(f"mwaa-{NAME}-execution", document)
    return estate.role.name


@fault(s3="fail")
def the_role_may_read_dags_only(estate: Estate) -> str:
    document = execution_policy(NAME, estate.net.store, estate.bucket.arn, estate.key)
    for statement in document["Statement"]:
        if "s3:GetObject*" in statement["Action"]:
            statement["Resource"] = [estate.bucket.arn, f"{estate.bucket.arn}/dags/*"]
    estate.role.attach(f"mwaa-{NAME}-execution", document)
    return estate.role.name


@fault(s3="fail")
def the_role_is_for_another_bucket(estate: Estate) -> str:
    document = execution_policy(NAME, estate.net.store, "arn:aws:s3:::old-bucket", estate.key)
    estate.role.attach(f"mwaa-{NAME}-execution", document)
    return estate.role.name


@fault(s3="fail", service="fail")
def the_role_s_boundary_allows_something_else(estate: Estate) -> str:
    estate.role.bound("limits", policy(allow("ec2:*", "*")))
    return f"arn:aws:iam::{HOME}:policy/limits"


@fault(s3="fail", service="fail")
def the_role_is_denied_outside_of_the_office(estate: Estate) -> str:
    outside = {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}, "Bool": {"aws:ViaAWSService": "false"}}
    estate.role.inline("office", policy(deny("*", "*", Condition=outside)))
    return estate.role.name


@fault(s3="fail", service="fail")
def the_key_is_disabled(estate: Estate) -> str:
    estate.key.record |= {"Enabled": False, "KeyState": "Disabled"}
    return estate.key.arn


@fault(s3="fail", service="fail")
def the_key_waits_for_its_deletion(estate: Estate) -> str:
    estate.key.record |= {"Enabled": False, "KeyState": "PendingDeletion"}
    return estate.key.arn


@fault(s3="fail", service="fail")
def the_key_is_for_its_administrators(estate: Estate) -> str:
    return closed_key(estate)


@fault(service="fail")
def a_grant_on_the_key_serves_the_role_but_not_the_logs(estate: Estate) -> str:
    closed_key(estate)
    estate.key.grant(estate.role.arn, "Decrypt", "GenerateDataKey")
    return estate.key.arn


@fault(s3="fail", service="fail")
def the_key_may_be_used_by_sqs_only(estate: Estate) -> str:
    by_sqs = {"StringEquals": {"kms:ViaService": "sqs.us-east-1.amazonaws.com"}}
    account = {"AWS": f"arn:aws:iam::{HOME}:root"}
    estate.key.policy(policy(allow("kms:*", "*", Principal=account, Condition=by_sqs)))
    return estate.key.arn


@fault(s3="fail")
def the_bucket_lies_in_another_region(estate: Estate) -> str:
    document(estate, "s3", "get-bucket-location")["Calls"][0]["Response"]["LocationConstraint"] = "eu-west-1"
    return estate.bucket.id


@fault(s3="fail")
def the_bucket_never_kept_versions(estate: Estate) -> str:
    estate.bucket.versioning(None)
    return estate.bucket.id


@fault(s3="fail")
def nothing_blocks_public_access(estate: Estate) -> str:
    estate.bucket.public_access_block(False)
    write_account_block(estate.net.store, False)
    return estate.bucket.id


@fault()
def the_account_blocks_public_access(estate: Estate) -> None:
    estate.bucket.public_access_block(False)


@pytest.mark.parametrize("case", fault, ids=name_of)
def test_fault(case: Fault) -> None:
    case.check()
