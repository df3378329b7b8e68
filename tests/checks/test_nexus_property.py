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

SITE = "172.20.0.0/16"


def file_of(service: str, operation: str, account: str) -> str:
    return f"accounts/{account}/{REGION}/{service}/{operation}.json"


def read(file: str) -> Any:
    return json.loads(healthy()[file])


def removal(file: str, pointer: str, *culprits: str) -> tuple[Change, frozenset[str]]:
    return Change(file=file, op="remove", pointer=pointer), frozenset(culprits)


def by_name(records: list[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    return [r for r in records if any(tag["Key"] == "Name" and tag["Value"] in names for tag in r.get("Tags", []))]


def _rules() -> list[tuple[Change, frozenset[str]]]:
    """Security group rules and network ACL entries on the path."""
    found = []
    for account, name, side in (
        (HOME, "packages-endpoint", "IpPermissions"),
        (SHARED, "packages-nlb", "IpPermissions"),
        (SHARED, "packages-nlb", "IpPermissionsEgress"),
    ):
        file = file_of("ec2", "describe-security-groups", account)
        group = next(g["GroupId"] for g in read(file)["SecurityGroups"] if g["GroupName"] == name)
        found.append(removal(file, f"/SecurityGroups[GroupId={group}]/{side}/0", group))
    entries = [(HOME, "workers", "false", 100), (HOME, "workers", "true", 100), (HOME, "endpoints", "false", 100)]
    entries += [(HOME, "endpoints", "true", 100), (SHARED, "nlb", "true", 110), (SHARED, "nlb", "false", 110)]
    for account, name, egress, number in entries:
        file = file_of("ec2", "describe-network-acls", account)
        acl = by_name(read(file)["NetworkAcls"], name)[0]["NetworkAclId"]
        pointer = f"/NetworkAcls[NetworkAclId={acl}]/Entries[Egress={egress}][RuleNumber={number}]"
        found.append(removal(file, pointer, acl))
    return found


def _routes() -> list[tuple[Change, frozenset[str]]]:
    """Routes of the load balancer's subnets and of the transit gateway."""
    found = []
    file = file_of("ec2", "describe-route-tables", SHARED)
    for table in by_name(read(file)["RouteTables"], "nlb-a", "nlb-b"):
        name = table["RouteTableId"]
        pointer = f"/RouteTables[RouteTableId={name}]/Routes[DestinationCidrBlock={SITE}]"
        found.append(removal(file, pointer, name))
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
