"""The two networks for which the Amazon MWAA User Guide has CloudFormation templates ("Create the VPC network").

They are built here as those templates lay them out, with addresses of their own: private routing without internet
access, and public routing with NAT. An environment in either works; with one thing taken away it does not, and the
diagnosis names what is missing.
https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-create.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from builder import Topology, Vpc, self_ref, topology
from builder.environment import execution_policy, execution_trust
from builder.route_table import RouteTable
from builder.security_group import SecurityGroup
from builder.subnet import Subnet
from mwaanet.checks.diagnose import diagnose
from mwaanet.checks.result import Diagnosis, Finding, Status
from mwaanet.snapshot import Snapshot

NAME = "reports"
PATHS = ("s3", "service")
SERVICES = (
    "sqs",
    "logs",
    "monitoring",
    "kms",
    "ecr.api",
    "ecr.dkr",
    "airflow.api",
    "airflow.env",
    "airflow.ops",
)


class Network:
    """What both templates make: a VPC in two zones, private subnets, and a group that lets in itself."""

    net: Topology
    vpc: Vpc
    private: list[Subnet]
    group: SecurityGroup

    def __init__(self, *, group_lets_in_itself: bool = True) -> None:
        self.net = topology("222233334444", "eu-west-1")
        self.vpc = self.net.vpc("reports", "10.77.0.0/16")
        self.private = self.pair("private", "10.77.64.0/24", "10.77.65.0/24")
        self.group = self.vpc.security_group("reports", ingress=[self_ref()] if group_lets_in_itself else [])

    def pair(self, name: str, *cidrs: str) -> list[Subnet]:
        return [self.vpc.subnet(f"{name}-{n}", cidr, f"az{n}") for n, cidr in enumerate(cidrs, start=1)]

    def diagnosis(self) -> Diagnosis:
        """Put an environment into the private subnets, as the guide does next, and diagnose it."""
        bucket = self.net.bucket("reports-airflow", objects={"requirements.txt": "pendulum\n", "dags/daily.py": None})
        policies = {"execution": execution_policy(NAME, self.net.store, bucket.arn)}
        role = self.net.role("reports-execution", execution_trust(), inline=policies)
        self.net.environment(NAME, self.private, [self.group], bucket, role)
        return diagnose(Snapshot.from_files(self.net.files()))


class PrivateRouting(Network):
    """No way to the internet: S3 by a gateway endpoint in the one route table, the rest by interface endpoints."""

    table: RouteTable

    def __init__(
        self,
        *,
        without: str = "",
        s3_is_routed: bool = True,
        group_lets_in_itself: bool = True,
        private_dns: bool = True,
        dns_host_names: bool = True,
    ) -> None:
        super().__init__(group_lets_in_itself=group_lets_in_itself)
        self.vpc.attribute("enableDnsHostnames", dns_host_names)
        self.table = self.vpc.route_table("private", *self.private)
        self.s3 = self.vpc.gateway_endpoint("s3", *([self.table] if s3_is_routed else []))
        self.endpoints = {
            service: self.vpc.endpoint(service, self.private, groups=[self.group], private_dns=private_dns)
            for service in SERVICES
            if service != without
        }


class PublicRouting(Network):
    """A NAT gateway in each zone's public subnet, to which the private subnet of that zone leads by default."""

    def __init__(self, *, nat_is_routed: bool = True, internet_is_routed: bool = True, attached: bool = True) -> None:
        super().__init__()
        self.internet = self.vpc.internet_gateway() if attached else self.net.internet_gateway("internet")
        self.public = self.pair("public", "10.77.0.0/24", "10.77.1.0/24")
        self.public_table = self.vpc.route_table("public", *self.public)
        if internet_is_routed:
            self.public_table.route("0.0.0.0/0", self.internet)
        self.tables = [self.vpc.route_table(subnet.name, subnet) for subnet in self.private]
        for number, (table, subnet) in enumerate(zip(self.tables, self.public, strict=True), start=1):
            gateway = subnet.nat_gateway(subnet.name, public=f"198.51.100.{number}")
            if nat_is_routed or number == 1:
                table.route("0.0.0.0/0", gateway)


def statuses(found: Diagnosis) -> dict[str, str]:
    return {path.id: path.status.value for path in found.paths if path.id in PATHS}


def failing(found: Diagnosis) -> set[str]:
    return {finding.id for finding in _failures(found)}


def culprits(found: Diagnosis) -> set[str]:
    return {name for finding in _failures(found) for name in finding.resources[:1]}


def _failures(found: Diagnosis) -> Iterator[Finding]:
    """What fails of the paths that the templates are for: they have no package index."""
    return (finding for finding in found.findings if finding.status is Status.FAIL and finding.path in PATHS)


@pytest.mark.parametrize(("network", "routing"), [(PrivateRouting, "private"), (PublicRouting, "public")])
def test_works_as_the_guide_lays_it_out(network: Callable[[], Network], routing: str) -> None:
    found = network().diagnosis()
    assert found.environment.routing == routing
    assert statuses(found) == {"s3": "pass", "service": "pass"}
    assert found.assumptions


class TestPrivateRouting:
    def test_without_an_endpoint(self) -> None:
        network = PrivateRouting(without="sqs")
        found = network.diagnosis()
        assert statuses(found) == {"s3": "pass", "service": "fail"}
        assert failing(found) == {"SQS-REACH"}
        finding = next(finding for finding in found.findings if finding.id == "SQS-REACH")
        assert finding.resources[:2] == (network.vpc.id, "com.amazonaws.eu-west-1.sqs")

    def test_without_the_route_to_s3(self) -> None:
        network = PrivateRouting(s3_is_routed=False)
        found = network.diagnosis()
        assert statuses(found) == {"s3": "fail", "service": "pass"}
        finding = next(finding for finding in found.findings if finding.id == "S3-REACH")
        assert set(finding.resources) == {network.table.id, network.s3.id}

    def test_without_the_rule_for_the_group_itself(self) -> None:
        network = PrivateRouting(group_lets_in_itself=False)
        found = network.diagnosis()
        assert statuses(found) == {"s3": "pass", "service": "fail"}
        assert culprits(found) == {network.group.id}
        assert {"DATABASE-REACH", "SQS-REACH", "LOGS-REACH", "KMS-REACH"} <= failing(found)

    def test_without_private_dns(self) -> None:
        network = PrivateRouting(private_dns=False)
        found = network.diagnosis()
        assert statuses(found) == {"s3": "pass", "service": "fail"}
        assert culprits(found) <= {endpoint.id for endpoint in network.endpoints.values()}

    def test_without_dns_host_names(self) -> None:
        """Private DNS needs both DNS attributes of the VPC."""
        found = PrivateRouting(dns_host_names=False).diagnosis()
        assert statuses(found) == {"s3": "pass", "service": "fail"}
        assert {"SQS-REACH", "LOGS-REACH", "MONITORING-REACH", "KMS-REACH"} <= failing(found)

    def test_without_the_services_that_the_newer_template_leaves_out(self) -> None:
        """`airflow.*` and `ecr.*` are not needed: the service reaches its own by itself."""
        network = PrivateRouting()
        spared = [endpoint for service, endpoint in network.endpoints.items() if "." in service]
        records = network.net.document("222233334444", "eu-west-1", "ec2", "describe-vpc-endpoints")["VpcEndpoints"]
        records[:] = [record for record in records if record["VpcEndpointId"] not in {one.id for one in spared}]
        assert statuses(network.diagnosis()) == {"s3": "pass", "service": "pass"}


class TestPublicRouting:
    def test_without_one_subnets_route_to_its_gateway(self) -> None:
        network = PublicRouting(nat_is_routed=False)
        found = network.diagnosis()
        assert statuses(found) == {"s3": "fail", "service": "fail"}
        assert network.tables[1].id in culprits(found)
        assert network.tables[0].id not in culprits(found)

    def test_without_the_public_subnets_route_to_the_internet(self) -> None:
        network = PublicRouting(internet_is_routed=False)
        found = network.diagnosis()
        assert statuses(found) == {"s3": "fail", "service": "fail"}
        assert culprits(found) == {network.public_table.id}
        for finding in _failures(found):
            assert finding.fix
            assert f"0.0.0.0/0 --gateway-id {network.internet.id}" in " ".join(finding.fix.cli)
            assert finding.fix.verified

    def test_without_the_attachment_of_the_internet_gateway(self) -> None:
        network = PublicRouting(attached=False)
        found = network.diagnosis()
        assert statuses(found) == {"s3": "fail", "service": "fail"}
        assert network.internet.id in culprits(found)
