"""Policies of two kinds that refuse one request: both are named at once, and each is left where the other is mended.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html,
https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html,
https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from typing import Any

import pytest

from builder import Estate, allow, deny, mwaa_estate, policy
from builder.endpoint import GatewayEndpoint, InterfaceEndpoint
from builder.environment import execution_policy
from builder.estate import HOME, NAME, REGION
from builder.role import Role
from checks.cases import asked, only
from checks.examples import closed_key
from mwaanet.checks.result import Finding, Status
from mwaanet.fixes.instruction import Instruction

Break = Callable[[Estate], set[str]]
"""Breaks the policies of one layer; gives the resources to be named for it."""

EVERYONE = {"Principal": "*"}
NOTHING = policy(allow("ec2:*", "*"))
ELSEWHERE = policy(allow("ec2:*", "*", **EVERYONE))


def whole(role: Role) -> set[str]:
    return {role.name, role.arn}


def role_lacks(net: Estate) -> set[str]:
    net.role.attach(f"mwaa-{NAME}-execution", NOTHING)
    return whole(net.role)


def role_denies(net: Estate) -> set[str]:
    net.role.inline("freeze", policy(deny("*", "*")))
    return {net.role.name}


def role_lacks_the_key(net: Estate) -> set[str]:
    document = execution_policy(NAME, net.net.store, net.bucket.arn, net.key)
    document["Statement"] = [one for one in document["Statement"] if "kms:" not in str(one["Action"])]
    net.role.attach(f"mwaa-{NAME}-execution", document)
    return whole(net.role)


def role_is_bound(net: Estate) -> set[str]:
    net.role.bound("limits", NOTHING)
    return {f"arn:aws:iam::{HOME}:policy/limits"}


def bucket_denies(net: Estate) -> set[str]:
    net.bucket.policy(policy(deny("s3:*", [net.bucket.arn, f"{net.bucket.arn}/*"], **EVERYONE)))
    return {net.bucket.id, net.bucket.arn}


def key_lacks(net: Estate) -> set[str]:
    closed_key(net)
    return {net.key.arn, net.key.key_id}


def key_denies(net: Estate) -> set[str]:
    account = {"Principal": {"AWS": f"arn:aws:iam::{HOME}:root"}}
    net.key.policy(policy(allow("kms:*", "*", **account), deny("kms:Decrypt", "*", **account)))
    return {net.key.arn, net.key.key_id}


def caller_lacks(net: Estate) -> set[str]:
    net.caller.inline("call-airflow", NOTHING)
    return whole(net.caller)


def caller_denies(net: Estate) -> set[str]:
    net.caller.inline("freeze", policy(deny("*", "*")))
    return {net.caller.name}


def caller_is_bound(net: Estate) -> set[str]:
    net.caller.bound("limits", NOTHING)
    return {f"arn:aws:iam::{HOME}:policy/limits"}


def trust_denies(net: Estate) -> set[str]:
    both = {"Principal": {"AWS": f"arn:aws:iam::{HOME}:root"}, "Action": "sts:AssumeRole"}
    net.caller.detail["AssumeRolePolicyDocument"] = policy({"Effect": "Allow", **both}, {"Effect": "Deny", **both})
    return whole(net.caller)


def trust_lacks(net: Estate) -> set[str]:
    statement = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    net.caller.detail["AssumeRolePolicyDocument"] = policy(statement)
    return whole(net.caller)


def endpoint_lacks(service: str) -> Break:
    def breaks(net: Estate) -> set[str]:
        return {of(net, service).policy(ELSEWHERE).id}

    return breaks


def endpoint_denies(service: str) -> Break:
    def breaks(net: Estate) -> set[str]:
        return {of(net, service).policy(policy(allow("*", "*", **EVERYONE), deny("*", "*", **EVERYONE))).id}

    return breaks


def of(net: Estate, service: str) -> InterfaceEndpoint | GatewayEndpoint:
    return net.s3_endpoint if service == "s3" else net.endpoints[service]


def ask(principal: str, action: str, resource: str, via: str, source: str = "mwaa.worker") -> str:
    where = f"from: {source}, via: '{via}'"
    return f"permit: {{principal: '{principal}', actions: '{action}', resources: '{resource}', {where}}}"


AIRFLOW_ROLE = f"arn:aws:airflow:{REGION}:{HOME}:role/{NAME}/User"
ROLE = "mwaa.execution-role"
REQUESTS: Mapping[str, tuple[str, tuple[Break, ...]]] = {
    "read": (
        ask(ROLE, "s3:GetObject", "{bucket_arn}/{requirements}", "bucket"),
        (role_lacks, role_is_bound, bucket_denies, endpoint_lacks("s3")),
    ),
    "list": (
        ask(ROLE, "s3:ListBucket", "{bucket_arn}", "bucket"),
        (role_denies, role_is_bound, bucket_denies, endpoint_denies("s3")),
    ),
    "decrypt": (ask(ROLE, "kms:Decrypt", "{key}", "bucket"), (role_lacks_the_key, role_is_bound, key_lacks)),
    "decrypt, denied": (ask(ROLE, "kms:Decrypt", "{key}", "bucket"), (role_denies, role_is_bound, key_denies)),
    "queue": (
        ask(ROLE, "sqs:SendMessage", "{queue_arn}", "service:sqs"),
        (role_lacks, role_is_bound, endpoint_lacks("sqs")),
    ),
    "logs": (
        ask(ROLE, "logs:PutLogEvents", "{log_groups}:log-stream:*", "service:logs"),
        (role_denies, role_is_bound, endpoint_denies("logs")),
    ),
    "token": (
        ask("{api_principal}", "airflow:CreateWebLoginToken", AIRFLOW_ROLE, "api.service", "api.client"),
        (caller_lacks, caller_is_bound, endpoint_lacks("airflow.env")),
    ),
    "token, denied": (
        ask("{api_principal}", "airflow:CreateWebLoginToken", AIRFLOW_ROLE, "api.service", "api.client"),
        (caller_denies, caller_is_bound, endpoint_denies("airflow.env")),
    ),
    "assume": (
        ask("api.assumer", "sts:AssumeRole", "{api_role}", "service:sts", "api.client"),
        (trust_lacks, endpoint_lacks("sts")),
    ),
    "assume, denied": (
        ask("api.assumer", "sts:AssumeRole", "{api_role}", "service:sts", "api.client"),
        (trust_denies, endpoint_denies("sts")),
    ),
}


def told(verb: str, faults: Iterable[Break]) -> tuple[Finding, set[str]]:
    """The answer with these faults, and whom it should name."""
    net: Any = mwaa_estate()
    culprits: set[str] = set().union(*(fault(net) for fault in faults))
    return only(asked(net, verb)), culprits


@pytest.mark.parametrize("request_", REQUESTS)
def test_both_of_two_layers_are_named_and_mending_one_leaves_the_other(request_: str) -> None:
    verb, layers = REQUESTS[request_]
    healthy, _ = told(verb, ())
    assert healthy.status is Status.PASS
    for faults in (*((one,) for one in layers), *combinations(layers, 2)):
        finding, culprits = told(verb, faults)
        assert finding.status is Status.FAIL
        assert set(finding.resources) == culprits, finding.message
        assert finding.fix is not None
        assert finding.fix.verified or any(isinstance(one, Instruction) for one in finding.fix.changes), faults
