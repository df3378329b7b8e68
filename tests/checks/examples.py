"""For each built-in check the fault that it must find: the estate, what is broken in it, and who is the culprit.

An example's estate passes the check until it is broken, so each is a passing and a failing one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from builder import Estate, allow, deny, mwaa_estate, policy, rule
from builder.bucket import write_account_block
from builder.endpoint import InterfaceEndpoint
from builder.estate import HOME, REGION
from builder.estate_site import CLIENTS

Prepare = Callable[[Estate], None]
Break = Callable[[Estate], str]


@dataclass(frozen=True)
class Example:
    """One fault: `breaks` makes it and gives the culprit's id."""

    check: str
    breaks: Break
    status: str = "fail"
    prepare: Prepare | None = None
    choices: dict[str, str] = field(default_factory=dict)

    def healthy(self) -> Estate:
        estate = mwaa_estate(**self.choices)
        if self.prepare:
            self.prepare(estate)
        return estate

    def broken(self) -> tuple[Estate, str]:
        estate = self.healthy()
        return estate, self.breaks(estate)


EXAMPLES: list[Example] = []


def breaks(
    check: str, *, status: str = "fail", prepare: Prepare | None = None, **choices: str
) -> Callable[[Break], Break]:
    """Make an example of a function that breaks something and gives the culprit."""

    def register(function: Break) -> Break:
        EXAMPLES.append(Example(check, function, status, prepare, choices))
        return function

    return register


def document(estate: Estate, service: str, operation: str) -> Any:
    return estate.net.document(HOME, REGION, service, operation)


def with_startup_script(estate: Estate) -> None:
    estate.bucket.put("startup.sh", "#!/bin/sh\n")
    estate.environment.record["StartupScriptS3Path"] = "startup.sh"
    estate.environment.record["StartupScriptS3ObjectVersion"] = estate.bucket.version("startup.sh")


def remove_endpoint(estate: Estate, service: str) -> None:
    """Take an interface endpoint away, with its interfaces."""
    without_endpoint(estate, estate.endpoints[service])


def without_gateway_endpoint(estate: Estate) -> None:
    estate.s3_endpoint.disassociate(*(subnet.table for subnet in estate.workers))
    estate.net.store.lists["ec2", "describe-vpc-endpoints"].remove(estate.s3_endpoint.record)


def with_s3_interface_endpoint(estate: Estate, **options: Any) -> str:
    given = {"groups": [estate.endpoint_group], "name": "s3-interface", **options}
    return estate.vpc.endpoint("s3", estate.endpoint_subnets, **given).id


def without_endpoint(estate: Estate, endpoint: InterfaceEndpoint) -> None:
    """The same, by the endpoint itself."""
    lists = estate.net.store.lists
    interfaces = endpoint.record["NetworkInterfaceIds"]
    lists["ec2", "describe-vpc-endpoints"].remove(endpoint.record)
    held = lists["ec2", "describe-network-interfaces"]
    held[:] = [record for record in held if record["NetworkInterfaceId"] not in interfaces]


def only_from_site(estate: Estate) -> str:
    """The environment's group no longer admits its own members."""
    group = estate.environment_group
    group._ingress = [rule("tcp", 443, CLIENTS)]
    group._write()
    return group.id


def closed_key(estate: Estate) -> str:
    """The key's policy leaves everybody out but its administrators."""
    administrators = {"AWS": f"arn:aws:iam::{HOME}:role/key-administrators"}
    estate.key.policy(policy(allow("kms:*", "*", Principal=administrators)))
    return estate.key.arn


def disabled_key(estate: Estate) -> str:
    estate.key.record |= {"Enabled": False, "KeyState": "PendingDeletion"}
    return estate.key.arn


def lost_object(estate: Estate, key: str) -> str:
    asked = {"Bucket": estate.bucket.id, "Key": key}
    for parameters in (asked, asked | {"VersionId": estate.bucket.version(key)}):
        estate.net.store.fail_call("s3", "head-object", parameters, "404")
    return estate.bucket.id


@breaks("S3-REACH")
def route_missing(estate: Estate) -> str:
    table = estate.workers[1].table
    estate.s3_endpoint.disassociate(table)
    return table.id


@breaks("S3-READ")
def role_denied(estate: Estate) -> str:
    estate.role.inline("freeze", policy(deny("s3:GetObject", "*")))
    return estate.role.name


@breaks("S3-READ-VERSION")
def endpoint_without_versions(estate: Estate) -> str:
    everyone = {"Principal": "*"}
    estate.s3_endpoint.policy(policy(allow(["s3:GetObject", "s3:List*", "s3:GetBucket*"], "*", **everyone)))
    return estate.s3_endpoint.id


@breaks("S3-LIST")
def bucket_policy_denies_listing(estate: Estate) -> str:
    estate.bucket.policy(policy(deny("s3:ListBucket", estate.bucket.arn, Principal="*")))
    return estate.bucket.id


@breaks("S3-DECRYPT")
def bucket_key_closed(estate: Estate) -> str:
    return closed_key(estate)


@breaks("S3-KEY-ENABLED")
def bucket_key_disabled(estate: Estate) -> str:
    return disabled_key(estate)


@breaks("S3-VERSIONING")
def versioning_suspended(estate: Estate) -> str:
    estate.bucket.versioning("Suspended")
    return estate.bucket.id


@breaks("S3-PUBLIC-ACCESS")
def public_access_open(estate: Estate) -> str:
    estate.bucket.public_access_block(False)
    write_account_block(estate.net.store, False)
    return estate.bucket.id


@breaks("S3-REGION")
def bucket_elsewhere(estate: Estate) -> str:
    document(estate, "s3", "get-bucket-location")["Calls"][0]["Response"]["LocationConstraint"] = "eu-west-1"
    return estate.bucket.id


@breaks("S3-REQUIREMENTS")
def requirements_lost(estate: Estate) -> str:
    return lost_object(estate, "requirements.txt")


@breaks("S3-PLUGINS")
def plugins_lost(estate: Estate) -> str:
    return lost_object(estate, "plugins.zip")


@breaks("S3-STARTUP", prepare=with_startup_script)
def startup_lost(estate: Estate) -> str:
    return lost_object(estate, "startup.sh")


@breaks("SQS-REACH")
def sqs_missing(estate: Estate) -> str:
    remove_endpoint(estate, "sqs")
    return estate.vpc.id


@breaks("LOGS-REACH")
def logs_guarded_by_default_group(estate: Estate) -> str:
    estate.endpoints["logs"].regroup(estate.vpc.default_group)
    return estate.vpc.default_group.id


@breaks("MONITORING-REACH")
def monitoring_pending(estate: Estate) -> str:
    estate.endpoints["monitoring"].state("pending")
    return estate.endpoints["monitoring"].id


@breaks("KMS-REACH")
def kms_without_private_dns(estate: Estate) -> str:
    estate.endpoints["kms"].private_dns(False)
    return estate.endpoints["kms"].id


@breaks("KMS-REACH", routing="nat")
def nat_gateway_failed(estate: Estate) -> str:
    (first, _) = document(estate, "ec2", "describe-nat-gateways")["NatGateways"]
    first["State"] = "failed"
    return str(first["NatGatewayId"])


@breaks("DATABASE-REACH")
def database_closed(estate: Estate) -> str:
    return only_from_site(estate)


@breaks("WEBSERVER-REACH")
def web_server_closed(estate: Estate) -> str:
    return only_from_site(estate)


@breaks("WEBSERVER-NAME", airflow="3.0.6")
def no_dns_support(estate: Estate) -> str:
    estate.vpc.attribute("enableDnsSupport", False)
    return estate.vpc.id


@breaks("USED-REACH", status="warn")
def secrets_manager_missing(estate: Estate) -> str:
    remove_endpoint(estate, "secretsmanager")
    return estate.vpc.id


@breaks("SQS-USE")
def queue_denied(estate: Estate) -> str:
    estate.role.inline("freeze", policy(deny("sqs:SendMessage", "*")))
    return estate.role.name


@breaks("LOGS-WRITE")
def logs_endpoint_read_only(estate: Estate) -> str:
    estate.endpoints["logs"].policy(policy(allow("logs:Describe*", "*", Principal="*")))
    return estate.endpoints["logs"].id


@breaks("METRICS-WRITE")
def boundary_without_metrics(estate: Estate) -> str:
    estate.role.bound("limits", policy(allow(["s3:*", "sqs:*", "logs:*", "kms:*"], "*")))
    return f"arn:aws:iam::{HOME}:policy/limits"


@breaks("KEY-USE")
def key_closed(estate: Estate) -> str:
    return closed_key(estate)


@breaks("KEY-LOGS")
def key_without_logs(estate: Estate) -> str:
    estate.key.policy(policy(allow("kms:*", "*", Principal={"AWS": f"arn:aws:iam::{HOME}:root"})))
    return estate.key.arn


@breaks("KEY-ENABLED")
def key_disabled(estate: Estate) -> str:
    return disabled_key(estate)


@breaks("SUBNETS-TWO")
def one_zone(estate: Estate) -> str:
    first, second = estate.workers
    second.record |= {name: first.record[name] for name in ("AvailabilityZone", "AvailabilityZoneId")}
    return first.id


@breaks("SUBNETS-ZONE")
def unsupported_zone(estate: Estate) -> str:
    second = estate.workers[1]
    second.record |= {"AvailabilityZone": "us-east-1c", "AvailabilityZoneId": "use1-az3"}
    return second.id


@breaks("ROLE-TRUST")
def trusts_one_service_of_two(estate: Estate) -> str:
    trusted = {"Effect": "Allow", "Principal": {"Service": "airflow.amazonaws.com"}, "Action": "sts:AssumeRole"}
    estate.role.detail["AssumeRolePolicyDocument"] = policy(trusted)
    return estate.role.name
