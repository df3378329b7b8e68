"""Take any one thing off the healthy path and the diagnosis names it; add what has nothing to do with it: no change."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.estate import HOME, REGION, SHARED
from checks.nexus import changed, diagnosed, faults, healthy, named, path_of
from mwaanet.checks.result import Status
from mwaanet.demo import Change
from mwaanet.graph.flight import Kind

SITE = "172.20.0.0/16"


def file_of(service: str, operation: str, account: str) -> str:
    return f"accounts/{account}/{REGION}/{service}/{operation}.json"


def read(file: str) -> Any:
    return json.loads(healthy()[file])


def removal(file: str, pointer: str, *culprits: str) -> tuple[Change, frozenset[str]]:
    return Change(file=file, op="remove", pointer=pointer), frozenset(culprits)


RULED = (Kind.SECURITY_GROUP, Kind.NETWORK_ACL, Kind.ROUTE_TABLE)
"""Components of which one rule, entry or route decides, and is the evidence of the hop."""


def _rules() -> list[tuple[Change, frozenset[str]]]:
    """Every security group rule, network ACL entry and route by which packets passed, there and back."""
    traces = [one.trace for one in path_of(diagnosed(healthy())).segments if one.check == "NEXUS-NETWORK"]
    hops = [hop for trace in traces if trace for leg in (*trace.forward, *trace.back) for hop in leg.hops]
    read = {e: hop.component for hop in hops if hop.kind in RULED for e in hop.evidence}
    return [removal(evidence.file, evidence.pointer, component) for evidence, component in read.items()]


def _routes() -> list[tuple[Change, frozenset[str]]]:
    """Routes of the transit gateway."""
    found = []
    file = file_of("ec2", "search-transit-gateway-routes", SHARED)
    for call in read(file)["Calls"]:
        table = call["Parameters"]["TransitGatewayRouteTableId"]
        for route in call["Response"]["Routes"]:
            cidr = route["DestinationCidrBlock"]
            if cidr in (SITE, "10.40.0.0/20"):
                pointer = f"/Calls[Parameters.TransitGatewayRouteTableId={table}]/Response/Routes"
                found.append(removal(file, f"{pointer}[DestinationCidrBlock={cidr}]", table))
    return found


def _balancing() -> list[tuple[Change, frozenset[str]]]:
    """The listener, the target, the service's load balancer and the name's record."""
    listeners = file_of("elbv2", "describe-listeners", SHARED)
    balancer = read(listeners)["Calls"][0]["Parameters"]["LoadBalancerArn"]
    health = file_of("elbv2", "describe-target-health", SHARED)
    group = read(health)["Calls"][0]["Parameters"]["TargetGroupArn"]
    services = file_of("ec2", "describe-vpc-endpoint-service-configurations", SHARED)
    service = read(services)["ServiceConfigurations"][0]["ServiceId"]
    records = f"accounts/{HOME}/global/route53/list-resource-record-sets.json"
    zone = read(records)["Calls"][0]["Parameters"]["HostedZoneId"].rpartition("/")[2]
    name = "/Calls/0/Response/ResourceRecordSets[Name=packages.build.example.]"
    return [
        removal(listeners, "/Calls/0/Response/Listeners/0", balancer),
        removal(health, "/Calls/0/Response/TargetHealthDescriptions/0", group),
        removal(services, "/ServiceConfigurations/0/NetworkLoadBalancerArns/0", service),
        removal(records, name, zone),
    ]


REMOVALS = [*_rules(), *_routes(), *_balancing()]


@pytest.mark.parametrize(
    ("change", "culprits"), REMOVALS, ids=[f"{c.file.rpartition('/')[2]}{c.pointer}"[:90] for c, _ in REMOVALS]
)
def test_what_is_taken_off_the_path_is_named(change: Change, culprits: frozenset[str]) -> None:
    found = diagnosed(changed(change))
    assert path_of(found).status is Status.FAIL
    assert culprits & named(found)


def _group(name: str) -> Change:
    group = f"sg-{abs(hash(name)) % 16**17:017x}"
    record = {"GroupId": group, "GroupName": name, "OwnerId": HOME, "VpcId": "vpc-0123456789abcdef0"}
    return Change(
        file=file_of("ec2", "describe-security-groups", HOME),
        op="add",
        pointer="/SecurityGroups/-",
        value=record | {"Description": name, "IpPermissions": [], "IpPermissionsEgress": [], "Tags": []},
    )


def _target_group(name: str) -> Change:
    arn = f"arn:aws:elasticloadbalancing:{REGION}:{SHARED}:targetgroup/{name}/{abs(hash(name)) % 16**16:016x}"
    record = {"TargetGroupArn": arn, "TargetGroupName": name, "Protocol": "TCP", "Port": 8081, "TargetType": "ip"}
    return Change(
        file=file_of("elbv2", "describe-target-groups", SHARED),
        op="add",
        pointer="/TargetGroups/-",
        value=record | {"VpcId": "vpc-0123456789abcdef0", "LoadBalancerArns": []},
    )


def _route(third: int) -> Change:
    table = read(file_of("ec2", "search-transit-gateway-routes", SHARED))["Calls"][0]["Parameters"]
    pointer = f"/Calls[Parameters.TransitGatewayRouteTableId={table['TransitGatewayRouteTableId']}]/Response/Routes/-"
    return Change(
        file=file_of("ec2", "search-transit-gateway-routes", SHARED),
        op="add",
        pointer=pointer,
        value={
            "DestinationCidrBlock": f"192.168.{third}.0/24",
            "TransitGatewayAttachments": [],
            "Type": "static",
            "State": "blackhole",
        },
    )


NAMES = st.text("abcdefghij", min_size=3, max_size=9)
ADDITIONS = st.one_of(NAMES.map(_group), NAMES.map(_target_group), st.integers(0, 255).map(_route))


@given(st.lists(ADDITIONS, min_size=1, max_size=4))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_beside_the_path_changes_nothing(additions: list[Change]) -> None:
    found = diagnosed(changed(*additions))
    assert path_of(found).status is Status.PASS
    assert faults(found) == {}
