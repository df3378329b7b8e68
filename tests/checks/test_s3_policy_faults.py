"""What policies and keys deny an environment of its bucket, and what only looks as if they did.

Policies by endpoint: https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html;
condition keys: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

import pytest

from builder import Estate, allow, deny, policy
from builder.environment import execution_policy
from builder.estate import HOME, NAME
from checks.examples import closed_key, with_s3_interface_endpoint, without_gateway_endpoint
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
    with_s3_interface_endpoint(estate)
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


@pytest.mark.parametrize("case", fault, ids=name_of)
def test_fault(case: Fault) -> None:
    case.check()
