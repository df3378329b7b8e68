"""The environment of a participant in the VPC of another account, which makes the endpoints itself."""

from __future__ import annotations

import json
from typing import Any

from builder import Topology, rule, self_ref, topology
from builder.environment import execution_policy, execution_trust
from builder.estate import HOME, REGION
from checks.cases import diagnosis, paths

OWNER = "999988887777"


def participant() -> Topology:
    """An environment in shared subnets; the endpoints are the VPC owner's."""
    net = topology(HOME, REGION)
    owner = net.account(OWNER).region(REGION)
    vpc = owner.vpc("shared", "10.9.0.0/16")
    workers = [vpc.subnet("a", "10.9.1.0/24", "use1-az1"), vpc.subnet("b", "10.9.2.0/24", "use1-az2")]
    others = [vpc.subnet("ea", "10.9.3.0/24", "use1-az1"), vpc.subnet("eb", "10.9.4.0/24", "use1-az2")]
    for subnet in workers:
        subnet.share(net.store)
    group = vpc.security_group("environment", ingress=[self_ref()])
    group.record["OwnerId"] = HOME
    owner.store.lists["ec2", "describe-security-groups"].remove(group.record)
    net.store.lists["ec2", "describe-security-groups"].append(group.record)
    guard = vpc.security_group("endpoints", ingress=[rule("tcp", port, "10.9.0.0/16") for port in (443, 5432)])
    vpc.gateway_endpoint("s3", *workers)
    for service in ("sqs", "logs", "monitoring", "kms"):
        vpc.endpoint(service, others, groups=[guard])
    bucket = net.bucket("participant", objects={"requirements.txt": ""})
    execution = {"execution": execution_policy("ours", net.store, bucket.arn)}
    role = net.role("mwaa", execution_trust(), managed=execution)
    made: dict[str, Any] = {"management": "CUSTOMER", "endpoint_subnets": others, "endpoint_groups": [guard]}
    net.environment("ours", workers, [group], bucket, role, version="3.0.6", **made)
    return net


def test_passes_where_the_owner_was_asked_too() -> None:
    diagnosed = diagnosis(participant().files())
    assert paths(diagnosed).items() >= {"s3": "pass", "service": "pass", "nexus": "skip"}.items()
    assert {"DATABASE-REACH", "WEBSERVER-REACH", "WEBSERVER-NAME"} <= {finding.id for finding in diagnosed.findings}


def test_is_unknown_where_only_the_participant_was_asked() -> None:
    files = {name: text for name, text in participant().files().items() if f"/{OWNER}/" not in name}
    manifest = json.loads(files["manifest.json"])
    del manifest["accounts"][OWNER]
    diagnosed = diagnosis(files | {"manifest.json": json.dumps(manifest).encode()})
    assert paths(diagnosed).items() >= {"s3": "unknown", "service": "unknown", "nexus": "skip"}.items()
    needs = {need for finding in diagnosed.findings for need in finding.needs}
    assert {need.account for need in needs} == {OWNER}
    assert {need.operation for need in needs} == {"describe-dhcp-options", "describe-vpc-endpoints"}
