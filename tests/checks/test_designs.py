"""Nexus in AWS: a load balancer or an instance in the workers' VPC, a peered one or one on a transit gateway.

Nothing of these ways is asked for but that packets arrive and replies come back
(https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html,
https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from builder import rule
from builder.peering import Peering
from builder.transit_gateway import Attachment, TransitGateway
from builder.transit_gateway_table import TransitGatewayTable
from checks.designs import HOME, NAME, OTHER, REGION, SERVERS, PrivateLink, Server, Workers, fault, segments, standing
from checks.nexus import diagnosed, faults, path_of
from mwaanet.checks.codes import Fault
from mwaanet.checks.result import Status
from mwaanet.graph.codes import Code
from mwaanet.snapshot import CallRef

BALANCED, INSTANCE = f"https://{NAME}/simple/", f"http://{NAME}:8081/simple/\n--trusted-host {NAME}"
ACCOUNTS = pytest.mark.parametrize("account", [HOME, OTHER])
ENDS = pytest.mark.parametrize("balanced", [True, False], ids=["load-balancer", "instance"])


@dataclass
class Design:
    """Workers, a server and what joins them."""

    workers: Workers
    server: Server
    joined: Peering | TransitGateway | None = None
    table: TransitGatewayTable | None = None
    attachments: list[Attachment] = field(default_factory=list)

    @property
    def files(self) -> Mapping[str, bytes]:
        return self.workers.net.files()

    @property
    def without_owner(self) -> Mapping[str, bytes]:
        """A snapshot that lacks everything of the server's account."""
        return {name: text for name, text in self.files.items() if f"/{OTHER}/" not in name}

    def name(self, balanced: bool) -> None:
        """Lead the name to the load balancer in front of the server, or to the server."""
        if balanced:
            cidrs = (
                ("10.1.11.0/24", "10.1.12.0/24")
                if self.server.vpc is self.workers.vpc
                else ("10.9.1.0/24", "10.9.2.0/24")
            )
            self.workers.zone().alias("nexus", self.server.balanced(*cidrs))
        else:
            self.workers.zone(self.server.address)


def beside(balanced: bool) -> Design:
    """Everything in the workers' VPC."""
    workers = Workers(BALANCED if balanced else INSTANCE)
    design = Design(workers, Server(workers.net, workers.vpc, cidr="10.1.9.0/24"))
    design.name(balanced)
    return design


def peered(balanced: bool, account: str = HOME) -> Design:
    """The server in a peered VPC."""
    workers = Workers(BALANCED if balanced else INSTANCE)
    design = Design(workers, Server(workers.net.account(account).region(REGION)))
    design.name(balanced)
    design.joined = workers.vpc.peer(design.server.vpc)
    workers.route(SERVERS, design.joined)
    design.server.vpc.main_table.route("10.1.0.0/16", design.joined)
    return design


def attached(balanced: bool, account: str = HOME) -> Design:
    """The server in a VPC on the workers' transit gateway, which is of the server's account."""
    workers = Workers(BALANCED if balanced else INSTANCE)
    region = workers.net.account(account).region(REGION)
    design = Design(workers, Server(region))
    design.name(balanced)
    design.joined = gateway = region.transit_gateway("hub")
    design.table = table = gateway.table("all")
    there = [subnet for subnet in design.server.vpc.subnets if subnet.name != "nexus"] or [design.server.subnet]
    for vpc, subnets in ((workers.vpc, workers.subnets), (design.server.vpc, there)):
        design.attachments.append(gateway.attach_vpc(vpc, subnets, table=table, propagate=[table]))
    workers.route(SERVERS, gateway)
    design.server.vpc.main_table.route("10.1.0.0/16", gateway)
    return design


@ENDS
class TestBeside:
    def test_the_vpc_itself_leads_there(self, balanced: bool) -> None:
        found = diagnosed(beside(balanced).files)
        assert faults(found).keys() <= {"NEXUS-TRUSTED"}
        assert {segment.status for segment in segments(found, "NEXUS-ENDPOINT")} == {Status.SKIP}
        assert {segment.status for segment in segments(found, "NEXUS-NETWORK")} == {Status.PASS}

    def test_the_servers_group_must_let_in_whom_it_sees(self, balanced: bool) -> None:
        """The load balancer's address, or the workers' own."""
        design = beside(balanced)
        design.server.group.record["IpPermissions"][0]["IpRanges"] = [
            {"CidrIp": "10.1.1.0/24" if balanced else "10.1.11.0/24"}
        ]
        found = fault(diagnosed(design.files), "NEXUS-NETWORK")
        assert (found.code, found.resources) == (Code.SECURITY_GROUP_INGRESS, (design.server.group.id,))


def test_the_url_may_hold_the_servers_address() -> None:
    workers = Workers("http://10.1.9.20:8081/simple/\n--trusted-host 10.1.9.20")
    server = Server(workers.net, workers.vpc, cidr="10.1.9.0/24")
    assert server.address == "10.1.9.20"
    assert faults(workers.ask()).keys() <= {"NEXUS-TRUSTED"}
    server.group.record["IpPermissions"] = []
    assert fault(workers.ask(), "NEXUS-NETWORK").resources == (server.group.id,)


@ENDS
class TestPeered:
    @ACCOUNTS
    def test_a_peering_leads_there(self, account: str, balanced: bool) -> None:
        assert path_of(diagnosed(peered(balanced, account).files)).status in (Status.PASS, Status.WARN)

    def test_it_must_be_active(self, balanced: bool) -> None:
        design = peered(balanced)
        assert isinstance(design.joined, Peering)
        design.joined.record["Status"]["Code"] = "pending-acceptance"
        found = fault(diagnosed(design.files), "NEXUS-NETWORK")
        assert (found.code, found.resources) == (Code.BAD_STATE, (design.joined.id,))

    def test_replies_need_a_route_back(self, balanced: bool) -> None:
        design = peered(balanced)
        design.server.vpc.main_table.remove("10.1.0.0/16")
        found = fault(diagnosed(design.files), "NEXUS-RETURN")
        assert (found.code, found.resources) == (Code.NO_ROUTE, (design.server.vpc.main_table.id,))

    def test_an_account_that_is_not_in_the_snapshot_is_named(self, balanced: bool) -> None:
        """By the load balancer that nobody described, or by the VPC behind the peering."""
        check = "NEXUS-NAME" if balanced else "NEXUS-NETWORK"
        service, operation = ("elbv2", "describe-load-balancers") if balanced else ("ec2", "describe-vpcs")
        found = diagnosed(peered(balanced, OTHER).without_owner)
        assert path_of(found).status is Status.UNKNOWN
        assert CallRef(OTHER, REGION, service, operation) in fault(found, check).needs


def test_a_rule_for_the_workers_group_counts_across_a_peering() -> None:
    """https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html."""
    design = peered(balanced=False)
    pair = {"GroupId": design.workers.group.id, "UserId": HOME}
    design.server.group.record["IpPermissions"][0] |= {"IpRanges": [], "UserIdGroupPairs": [pair]}
    assert standing(diagnosed(design.files), "NEXUS-NETWORK") is Status.PASS


@ENDS
class TestAttached:
    @ACCOUNTS
    def test_a_transit_gateway_leads_there(self, account: str, balanced: bool) -> None:
        assert path_of(diagnosed(attached(balanced, account).files)).status in (Status.PASS, Status.WARN)

    def test_its_table_must_lead_to_the_servers_vpc(self, balanced: bool) -> None:
        design = attached(balanced)
        assert design.table
        design.table.stop_propagation(design.attachments[1])
        found = fault(diagnosed(design.files), "NEXUS-NETWORK")
        assert (found.code, found.resources) == (Code.TGW_NO_ROUTE, (design.table.id,))
        assert found.aws_code == "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT"

    def test_by_a_route_that_matches_the_server(self, balanced: bool) -> None:
        """https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html."""
        design = attached(balanced)
        assert design.table
        design.table.stop_propagation(design.attachments[1]).route("10.77.0.0/16", design.attachments[1])
        found = fault(diagnosed(design.files), "NEXUS-NETWORK")
        assert (found.code, found.aws_code) == (Code.TGW_NO_ROUTE, "TGW_RTB_CANNOT_ROUTE")

    def test_and_back(self, balanced: bool) -> None:
        design = attached(balanced)
        assert design.table
        design.table.stop_propagation(design.attachments[0])
        found = fault(diagnosed(design.files), "NEXUS-RETURN")
        assert (found.code, found.resources) == (Code.TGW_NO_ROUTE, (design.table.id,))

    def test_an_account_that_is_not_in_the_snapshot_is_named(self, balanced: bool) -> None:
        """By the load balancer that nobody described, or by the owner of the transit gateway."""
        check = "NEXUS-NAME" if balanced else "NEXUS-NETWORK"
        wanted = ("elbv2", "describe-load-balancers") if balanced else ("ec2", "search-transit-gateway-routes")
        found = diagnosed(attached(balanced, OTHER).without_owner)
        assert path_of(found).status is Status.UNKNOWN
        assert CallRef(OTHER, REGION, *wanted) in fault(found, check).needs


class TestPrivateLink:
    """https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html."""

    def test_an_endpoint_leads_to_another_account(self) -> None:
        found = PrivateLink().ask()
        assert faults(found) == {}
        assert {segment.status for segment in segments(found, "NEXUS-SERVICE")} == {Status.PASS}

    def test_the_services_account_that_is_not_in_the_snapshot_is_named(self) -> None:
        link = PrivateLink()
        files = {name: text for name, text in link.workers.net.files().items() if f"/{OTHER}/" not in name}
        found = diagnosed(files)
        assert path_of(found).status is Status.UNKNOWN
        operations = {need.operation for need in fault(found, "NEXUS-SERVICE").needs}
        assert operations == {"describe-vpc-endpoint-service-configurations"}

    @pytest.mark.parametrize(
        ("service", "operation", "check"),
        [
            ("elbv2", "describe-load-balancers", "BALANCER"),
            ("elbv2", "describe-listeners", "BALANCER"),
            ("elbv2", "describe-target-groups", "BALANCER"),
            ("elbv2", "describe-target-health", "BALANCER"),
            ("elbv2", "describe-target-group-attributes", "BALANCER"),
            ("elbv2", "describe-load-balancer-attributes", "BALANCER"),
            ("ec2", "describe-network-interfaces", "BALANCER"),
            ("ec2", "describe-subnets", "BALANCER"),
            ("ec2", "describe-security-groups", "NETWORK"),
            ("ec2", "describe-route-tables", "NETWORK"),
            ("ec2", "describe-network-acls", "NETWORK"),
        ],
    )
    def test_each_call_that_was_not_made_in_the_services_account_is_named(
        self, service: str, operation: str, check: str
    ) -> None:
        """Nexus is in one zone only, so that cross-zone balancing matters."""
        link = PrivateLink()
        link.workers.net.drop_call(OTHER, REGION, service, operation)
        found = fault(link.ask(), f"NEXUS-{check}")
        assert found.status is Status.UNKNOWN
        assert CallRef(OTHER, REGION, service, operation) in found.needs

    @pytest.mark.parametrize(("enforce", "status"), [("on", Status.FAIL), ("off", Status.PASS)])
    def test_the_load_balancers_inbound_rules_count_where_they_are_enforced(self, enforce: str, status: Status) -> None:
        """https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html."""
        link = PrivateLink()
        group = link.server.vpc.security_group("nlb", ingress=[rule("tcp", 443, "10.99.0.0/16")])
        link.balancer.record |= {
            "SecurityGroups": [group.id],
            "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic": enforce,
        }
        for interface in link.balancer.interfaces:
            interface.record["Groups"] = [group.reference]
        found = link.ask()
        assert standing(found, "NEXUS-BALANCER") is status
        assert faults(found).keys() == ({"NEXUS-BALANCER"} if enforce == "on" else set())

    def test_a_permission_that_was_taken_back_is_a_warning(self) -> None:
        """https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html#add-remove-permissions."""
        link = PrivateLink()
        link.service.permissions.clear()
        found = fault(link.ask(), "NEXUS-SERVICE")
        assert (found.status, found.code) == (Status.WARN, Fault.SERVICE_PRINCIPAL)
        assert found.resources == (link.service.id, link.endpoint.id)

    @pytest.mark.parametrize("effect", ["Deny", "Allow"])
    def test_a_policy_says_nothing_of_a_service_of_ones_own(self, effect: str) -> None:
        """https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html."""
        link = PrivateLink()
        statement = {"Effect": effect, "Principal": "*", "Action": "*", "Resource": "*"}
        link.endpoint.policy({"Version": "2012-10-17", "Statement": [statement]})
        assert faults(link.ask()) == {}

    def test_an_endpoint_in_one_zone_serves_the_other_zones_workers_too(self) -> None:
        link = PrivateLink()
        gone: Any = link.endpoint.record["NetworkInterfaceIds"].pop()
        link.endpoint.record["SubnetIds"].pop()
        held = link.workers.net.store.lists["ec2", "describe-network-interfaces"]
        held[:] = [record for record in held if record["NetworkInterfaceId"] != gone]
        found = fault(link.ask(), "NEXUS-ENDPOINT")
        assert (found.status, found.code) == (Status.WARN, Fault.ENDPOINT_ONE_ZONE)
