"""What is named and is not there."""

from __future__ import annotations

from typing import Any

import pytest

from model.cases import HOME, OTHER, call, calls, file_of, interface, load, load_files, subnet, vpc

LISTS: dict[str, Any] = {
    "ec2__describe_vpcs": {"Vpcs": [vpc()]},
    "ec2__describe_subnets": {"Subnets": [subnet()]},
    "ec2__describe_security_groups": {"SecurityGroups": [{"GroupId": "sg-1"}]},
    "ec2__describe_network_interfaces": {"NetworkInterfaces": [interface()]},
    "ec2__describe_nat_gateways": {"NatGateways": [{"NatGatewayId": "nat-1", "State": "available"}]},
}


def problems(**answers: Any) -> list[str]:
    return [problem.message for problem in load(**(LISTS | answers)).problems]


def table(**route: str) -> dict[str, Any]:
    routes = [{"DestinationCidrBlock": "0.0.0.0/0", "State": "active"} | route]
    return {"RouteTables": [{"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Routes": routes}]}


def test_nothing() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("describe_subnets", {"Subnets": [subnet(vpc_id="vpc-2")]}, "subnet-1 lies in vpc-2"),
        (
            "describe_network_interfaces",
            {"NetworkInterfaces": [interface(SubnetId="subnet-2")]},
            "eni-1 lies in subnet-2",
        ),
        (
            "describe_network_interfaces",
            {"NetworkInterfaces": [interface(Groups=[{"GroupId": "sg-2"}])]},
            "eni-1 is in sg-2",
        ),
        ("describe_route_tables", table(NatGatewayId="nat-2"), "rtb-1 routes 0.0.0.0/0 to nat-2"),
        (
            "describe_vpc_endpoints",
            {"VpcEndpoints": [{"VpcEndpointId": "vpce-1", "VpcId": "vpc-1", "NetworkInterfaceIds": ["eni-2"]}]},
            "vpce-1 has eni-2",
        ),
    ],
)
def test_is_told_with_where_it_was_read(name: str, answer: Any, message: str) -> None:
    inventory = load(**(LISTS | {f"ec2__{name}": answer}))
    (problem,) = inventory.problems
    assert problem.message == f"{message}, which does not exist"
    assert problem.origin is not None
    assert problem.origin.document.ref.operation == name.replace("_", "-")


@pytest.mark.parametrize(
    "route",
    [
        {"NatGatewayId": "nat-1"},
        {"NatGatewayId": "nat-2", "State": "blackhole"},
        {"GatewayId": "local"},
        {"GatewayId": "igw-1"},
        {"TransitGatewayId": "tgw-1"},
    ],
    ids=["there", "blackhole", "local", "not-listed", "may-be-another-account-s"],
)
def test_what_need_not_be_there(route: dict[str, str]) -> None:
    assert problems(ec2__describe_route_tables=table(**route)) == []


def test_an_environment() -> None:
    network = {"SubnetIds": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-2"]}
    environment = {"Environment": {"Name": "prod", "Arn": "a", "NetworkConfiguration": network}}
    assert problems(mwaa__get_environment=calls(call(environment, Name="prod"))) == [
        "prod uses subnet-2, which does not exist",
        "prod uses sg-2, which does not exist",
    ]


def test_what_another_account_did_not_tell_is_unknown() -> None:
    files = {
        file_of("ec2__describe_subnets", OTHER): {"Subnets": [subnet(vpc_id="vpc-2")]},
        file_of("ec2__describe_vpcs", HOME): {"Vpcs": []},
    }
    assert load_files(files).problems == ()
