"""What differs between two states of one record, as it is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mwaanet.changes.fields import field_changes


def permission(port: int, *cidrs: str) -> dict[str, Any]:
    ranges = [{"CidrIp": cidr} for cidr in cidrs]
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": ranges, "UserIdGroupPairs": []}


def told(before: Any, after: Any) -> list[str]:
    return [str(change) for change in field_changes(before, after)]


def test_a_peer_taken_out_of_a_rule_is_that_peer() -> None:
    before = {"IpPermissions": [permission(443, "10.0.0.0/8", "192.168.0.0/16"), permission(22, "10.0.0.0/8")]}
    after = {"IpPermissions": [permission(22, "10.0.0.0/8"), permission(443, "192.168.0.0/16")]}
    assert told(before, after) == ["IpPermissions: tcp 443 10.0.0.0/8 removed"]


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ({"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-1", "UserId": "1"}]}, "all traffic sg-1"),
        ({"IpProtocol": "udp", "FromPort": 1, "ToPort": 9, "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}, "udp 1-9 ::/0"),
        (
            {"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1, "PrefixListIds": [{"PrefixListId": "pl-1"}]},
            "icmp pl-1",
        ),
        (
            {"RuleNumber": 100, "RuleAction": "deny", "Egress": True, "Protocol": "6", "CidrBlock": "10.0.0.0/8"},
            "outbound rule 100: deny tcp 10.0.0.0/8",
        ),
        (
            {
                "RuleNumber": 7,
                "RuleAction": "allow",
                "Egress": False,
                "Protocol": "-1",
                "Ipv6CidrBlock": "::/0",
                "PortRange": {"From": 1, "To": 2},
            },
            "inbound rule 7: allow all traffic 1-2 ::/0",
        ),
        (
            {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1", "Origin": "CreateRoute", "State": "active"},
            "0.0.0.0/0 -> nat-1",
        ),
        (
            {"DestinationCidrBlock": "10.0.0.0/8", "TransitGatewayId": "tgw-1", "State": "blackhole"},
            "10.0.0.0/8 -> tgw-1 (blackhole)",
        ),
        ({"Key": "Name", "Hidden": False}, "Hidden false, Key Name"),
        ("subnet-1", "subnet-1"),
    ],
)
def test_entries_are_said_as_people_say_them(entry: object, text: str) -> None:
    assert told({"List": []}, {"List": [entry]}) == [f"List: {text} added"]


def test_values() -> None:
    before = {"State": "available", "Options": {"Dns": True, "Old": "1"}, "Same": [1, 2]}
    after = {"State": "pending", "Options": {"Dns": False}, "Same": [2, 1]}
    assert told(before, after) == [
        "Options.Dns: true became false",
        "Options.Old: 1 removed",
        "State: available became pending",
    ]


def test_tags() -> None:
    before, after = [{"Key": "Name", "Value": "a"}], [{"Key": "Name", "Value": "b"}]
    assert told({"Tags": before}, {"Tags": after}) == ["Tags: Name=a removed", "Tags: Name=b added"]


def test_lists_whose_order_counts() -> None:
    """The servers of DHCP options are asked in their order."""
    (change,) = field_changes({"Values": ["10.0.0.2", "10.0.0.3"]}, {"Values": ["10.0.0.3", "10.0.0.2"]})
    assert change.field == "Values"


def test_policies_by_statement_however_they_are_written() -> None:
    first, second = {"Sid": "A", "Effect": "Allow"}, {"Sid": "B", "Effect": "Deny"}
    before = {"Policy": json.dumps({"Statement": first})}
    after = {"Policy": {"Statement": [first, second]}}
    assert told(before, after) == ["Policy.Statement: Effect Deny, Sid B added"]
    assert told({"Policy": "no policy"}, {"Policy": "none"}) == ["Policy: no policy became none"]


def test_what_changes_by_itself_is_left_out() -> None:
    before = {"VgwTelemetry": [{"Status": "UP", "LastStatusChange": "2025-01-01"}], "LastModified": 1}
    after = {"VgwTelemetry": [{"Status": "UP", "LastStatusChange": "2025-01-02"}], "LastModified": 2}
    assert told(before, after) == []


def test_credentials_are_never_told() -> None:
    """That they changed is, where that can be seen without them."""
    tunnel = {"OutsideIpAddress": "198.51.100.1", "PreSharedKey": "hunter2hunter2"}
    before = {
        "AirflowConfigurationOptions": {"smtp.smtp_password": "correct-horse"},
        "Options": {"TunnelOptions": [tunnel]},
        "Body": "--index-url https://deploy:s3cr3tvalue@packages.example/simple",
        "Gone": {"Nested": [{"ClientSecret": "hunter3hunter3", "Kept": {"Deep": 1}}]},
    }
    after = {
        "AirflowConfigurationOptions": {"smtp.smtp_password": "battery-staple"},
        "Options": {"TunnelOptions": [tunnel | {"OutsideIpAddress": "198.51.100.2"}]},
        "Body": "",
    }
    text = "; ".join(told(before, after))
    for secret in ("horse", "staple", "hunter", "s3cr3t"):
        assert secret not in text
    assert "AirflowConfigurationOptions.smtp.smtp_password: REDACTED became REDACTED" in text
    assert "OutsideIpAddress 198.51.100.2, PreSharedKey REDACTED added" in text
