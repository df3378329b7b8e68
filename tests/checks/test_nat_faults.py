"""NAT gateways by which an environment reaches the services it needs, in its own VPC or a central one.

https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html;
https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-nat-igw.html
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from builder import Estate, inbound, outbound
from builder.estate import REQUIRED
from builder.identity import Record
from builder.network_firewall import five_tuples
from checks.examples import document, remove_endpoint
from checks.faults import Fault, Faults, name_of

fault = Faults()
VPC = "10.24.0.0/16"


@fault(airflow="3.0.6", access="PUBLIC_ONLY", routing="nat")
def workers_of_airflow_3_reach_a_public_web_server_by_nat(estate: Estate) -> None:
    pass


def nat_gateways(estate: Estate) -> list[Record]:
    return list(document(estate, "ec2", "describe-nat-gateways")["NatGateways"])


def public_subnets(estate: Estate) -> list[Any]:
    return [subnet for subnet in estate.vpc.subnets if subnet.name.startswith("public")]


@fault(service="fail", routing="nat")
def a_nat_gateway_failed(estate: Estate) -> str:
    nat_gateways(estate)[0]["State"] = "failed"
    return str(nat_gateways(estate)[0]["NatGatewayId"])


@fault(service="fail", routing="nat")
def a_nat_gateway_was_deleted_and_its_route_is_left(estate: Estate) -> str:
    gone = document(estate, "ec2", "describe-nat-gateways")["NatGateways"].pop(0)["NatGatewayId"]
    for route in estate.workers[0].table.record["Routes"]:
        if route.get("NatGatewayId") == gone:
            route["State"] = "blackhole"
    return estate.workers[0].table.id


@fault(service="fail", routing="nat")
def nat_gateways_in_subnets_that_are_not_public(estate: Estate) -> tuple[str, ...]:
    for subnet in public_subnets(estate):
        subnet.table.remove("0.0.0.0/0")
    return tuple(subnet.table.id for subnet in public_subnets(estate))


@fault(service="fail", routing="nat")
def a_nat_gateway_whose_subnet_leads_back_to_it(estate: Estate) -> str:
    subnet = public_subnets(estate)[0]
    subnet.table.remove("0.0.0.0/0")
    subnet.route("0.0.0.0/0", nat_gateways(estate)[0]["NatGatewayId"])
    return str(subnet.table.id)


@fault(service="fail", routing="nat")
def the_internet_gateway_is_detached(estate: Estate) -> str:
    (gateway,) = document(estate, "ec2", "describe-internet-gateways")["InternetGateways"]
    gateway["Attachments"] = []
    return str(gateway["InternetGatewayId"])


@fault(service="fail", routing="nat")
def the_acl_of_nat_takes_linux_s_ports_only(estate: Estate) -> str:
    """A NAT gateway's own range is 1024-65535, whatever the client's is."""
    entries = (
        inbound(100, "allow", "tcp", 443, VPC),
        inbound(110, "allow", "tcp", (32768, 65535), "0.0.0.0/0"),
        outbound(100, "allow", "tcp", 443, "0.0.0.0/0"),
        outbound(110, "allow", "tcp", (1024, 65535), VPC),
    )
    return estate.vpc.network_acl("public", *entries, subnets=public_subnets(estate)).id


def inspected(estate: Estate, *rules: tuple[str, str, str, str, str]) -> str:
    """Network Firewall between the workers and the NAT gateways, both ways; the ARN of its rule group.

    https://docs.aws.amazon.com/network-firewall/latest/developerguide/arch-igw-ngw.html
    """
    walls = [estate.vpc.subnet(f"firewall-{az}", f"10.24.62.{16 * az}/28", f"use1-az{az}") for az in (1, 2)]
    group = estate.net.rule_group("egress", five_tuples(*rules))
    firewall = estate.vpc.network_firewall("egress", walls, estate.net.firewall_policy("egress", group))
    gateways = [gateway["NatGatewayId"] for gateway in nat_gateways(estate)]
    for wall, inside, outside, gateway in zip(walls, estate.workers, public_subnets(estate), gateways, strict=True):
        endpoint = firewall.endpoint_in(wall)
        inside.table.remove("0.0.0.0/0")
        inside.route("0.0.0.0/0", endpoint)
        wall.route("0.0.0.0/0", gateway)
        outside.route(inside.cidr, endpoint)
    return group.arn


@fault(routing="nat")
def a_firewall_before_nat_that_lets_everything_pass(estate: Estate) -> None:
    inspected(estate, ("PASS", "TCP", VPC, "ANY", "443"))


@fault(service="fail", routing="nat")
def a_firewall_before_nat_that_drops_it(estate: Estate) -> str:
    return inspected(estate, ("DROP", "TCP", VPC, "ANY", "443"))


class Egress(NamedTuple):
    """A VPC with NAT gateways, to which the transit gateway leads by default."""

    public: list[Any]
    transit: list[Any]


def central_egress(estate: Estate) -> Egress:
    """In place of the endpoints for what is required: over the transit gateway to NAT, and back."""
    for service in REQUIRED:
        remove_endpoint(estate, service)
    vpc = estate.net.vpc("egress", "10.70.0.0/16")
    public = [vpc.subnet(f"public-{az}", f"10.70.{az}.0/24", f"use1-az{az}") for az in (1, 2)]
    transit = [vpc.subnet(f"transit-{az}", f"10.70.63.{16 * az}/28", f"use1-az{az}") for az in (1, 2)]
    internet = vpc.internet_gateway()
    estate.vpc_table.route("0.0.0.0/0", estate.tgw.attach_vpc(vpc, transit, table=estate.edge_table))
    for number, (outer, inner) in enumerate(zip(public, transit, strict=True), start=50):
        outer.route("0.0.0.0/0", internet).route(VPC, estate.tgw)
        inner.route("0.0.0.0/0", outer.nat_gateway(outer.name, public=f"203.0.113.{number}"))
    for subnet in estate.workers:
        subnet.route("0.0.0.0/0", estate.tgw)
    return Egress(public, transit)


@fault()
def nat_gateways_in_a_central_vpc_serve(estate: Estate) -> None:
    """https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-nat-igw.html"""
    central_egress(estate)


@fault(service="fail")
def central_nat_gateways_whose_subnets_have_no_way_back(estate: Estate) -> tuple[str, ...]:
    egress = central_egress(estate)
    for subnet in egress.public:
        subnet.table.remove(VPC)
    return tuple(subnet.table.id for subnet in egress.public)


@fault(service="fail")
def attachment_subnets_that_do_not_lead_to_central_nat(estate: Estate) -> tuple[str, ...]:
    egress = central_egress(estate)
    for subnet in egress.transit:
        subnet.table.remove("0.0.0.0/0")
    return tuple(subnet.table.id for subnet in egress.transit)


@pytest.mark.parametrize("case", fault, ids=name_of)
def test_fault(case: Fault) -> None:
    case.check()
