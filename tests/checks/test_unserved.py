"""A service whose name is left to public DNS, which packets do not reach: the missing endpoint is what must change.

https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html: with private DNS an interface
endpoint answers the service's own name within its VPC; it has an interface in one subnet of each zone that is chosen,
and its security groups must let the clients in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from asking import network_of
from builder import Estate, Topology, mwaa_estate, outbound, rule, topology
from builder.interface import Interface
from builder.subnet import Subnet
from builder.vpc import Vpc
from checks.asserting import result
from demos import examined
from mwaanet.checks.ask import ask_why
from mwaanet.checks.codes import Fault
from mwaanet.checks.result import Fix, Status
from mwaanet.fixes.edits import Edits
from mwaanet.fixes.endpoint_creation import EndpointCreation
from mwaanet.graph.network import Network
from mwaanet.paths.blocked import BlockedPath
from mwaanet.paths.trace import Trace

ANYWHERE = "0.0.0.0/0"
SQS = "com.amazonaws.us-east-1.sqs"
NAME = "sqs.us-east-1.amazonaws.com"


@dataclass
class Client:
    """A client in a VPC that leads nowhere, and asks for SQS by its name."""

    net: Topology
    vpc: Vpc
    subnet: Subnet
    interface: Interface

    def ask(self, source: str = "", name: str = NAME) -> tuple[Trace, tuple[BlockedPath, ...]]:
        return ask_why(network_of(self.net), source or self.interface.id, name, 6, 443)

    def path(self, source: str = "") -> BlockedPath:
        trace, (path,) = self.ask(source)
        assert trace.reachable == "no"
        return path

    def mended(self, fix: Fix) -> str:
        """Whether the client reaches it once all changes are made."""
        inventory = network_of(self.net).inventory
        edits = Edits(inventory.snapshot)
        assert all([change.make(edits) for change in fix.changes])
        return ask_why(Network(inventory.after(edits.made())), self.interface.id, NAME, 6, 443)[0].reachable


def client() -> Client:
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16")
    subnet = vpc.subnet("a", "10.1.1.0/24")
    return Client(net, vpc, subnet, subnet.interface("10.1.1.10", groups=[vpc.security_group("clients")]))


class TestMissing:
    """The VPC has no endpoint and leads nowhere else."""

    def test_it_is_what_must_change(self) -> None:
        at = client()
        group = at.vpc.security_group("endpoints", ingress=[rule("tcp", 443, "10.1.0.0/16")])
        path = at.path()
        assert path.resources == (at.vpc.id, SQS)
        assert path.reason.startswith(f"{at.vpc.id} has no endpoint for {SQS}")
        what = f"create an interface endpoint with private DNS for {SQS} in {at.vpc.id}"
        assert path.actions == (f"{what}: in {at.subnet.id}, with {group.id}",)

    def test_no_group_that_keeps_the_client_out_is_proposed(self) -> None:
        at = client()
        at.vpc.security_group("closed", ingress=[rule("tcp", 443, "10.1.1.11/32")])
        (action,) = at.path().actions
        assert action.endswith(f"in {at.subnet.id}, with a security group that lets tcp 443 in from {at.interface.id}")

    def test_a_zone_gets_one_subnet(self) -> None:
        at = client()
        group = at.vpc.security_group("endpoints", ingress=[rule("tcp", 443, "10.1.0.0/16")])
        beside, far = at.vpc.subnet("beside", "10.1.2.0/24"), at.vpc.subnet("far", "10.1.3.0/24", "az2")
        own = at.vpc.security_group("own")
        for subnet in (at.subnet, beside, far):
            subnet.interface(name="one-of-many", groups=[own])
        (action,) = at.path("tag:Name=one-of-many").actions
        assert action.endswith(f"in {at.subnet.id} and {far.id}, with {group.id}")

    def test_the_client_s_own_group_must_let_it_out_too(self) -> None:
        at = client()
        own = at.vpc.security_group("shut", egress=[rule("tcp", 80, ANYWHERE)])
        assert at.path(at.subnet.interface(groups=[own]).id).resources == (at.vpc.id, SQS, own.id)

    def test_of_a_service_that_offers_none_it_is_not_proposed(self) -> None:
        _, paths = client().ask(name="nosuch.us-east-1.amazonaws.com")
        assert not any("endpoint" in action for path in paths for action in path.actions)

    def test_an_assertion_s_finding_names_it_too_with_the_call_that_mends_it(self) -> None:
        at = client()
        group = at.vpc.security_group("endpoints", ingress=[rule("tcp", 443, "10.1.0.0/16")])
        (found,) = result(at.net, f"reach: {{from: {at.interface.id}, to: {NAME}, port: 443}}").findings
        assert (found.code, found.resources) == (Fault.ENDPOINT_MISSING, (at.vpc.id, SQS))
        assert found.fix
        (call,) = found.fix.cli
        for word in (SQS, at.subnet.id, group.id, "--private-dns-enabled"):
            assert word in call
        assert at.mended(found.fix) == "yes"

    def test_with_what_private_dns_needs_of_the_vpc(self) -> None:
        """It needs both attributes: https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html."""
        at = client()
        at.vpc.security_group("endpoints", ingress=[rule("tcp", 443, "10.1.0.0/16")])
        at.vpc.attribute("enableDnsHostnames", False)
        assert at.path().actions[0] == f"switch enableDnsHostnames of {at.vpc.id} on"
        (found,) = result(at.net, f"reach: {{from: {at.interface.id}, to: {NAME}, port: 443}}").findings
        assert found.fix
        assert at.mended(found.fix) == "yes"

    def test_a_gateway_endpoint_is_made_once_for_the_route_tables_of_all_clients(self) -> None:
        at = client()
        second = at.vpc.subnet("b", "10.1.2.0/24", "az2")
        tables = [at.vpc.route_table("one", at.subnet).id, at.vpc.route_table("two", second).id]
        ends = f"{at.interface.id}, {second.interface().id}"
        found = result(at.net, f"reach: {{from: [{ends}], to: s3.us-east-1.amazonaws.com, port: 443}}").findings
        calls = {call for finding in found if finding.fix for call in finding.fix.cli}
        (call,) = calls
        assert f"--route-table-ids {' '.join(tables)}" in call


class TestHidden:
    """A repository's name, in the zone that the endpoint of CodeArtifact's API makes, which has no such name.

    https://docs.aws.amazon.com/codeartifact/latest/ug/create-vpc-endpoints.html: repositories have an endpoint of
    their own, `com.amazonaws.REGION.codeartifact.repositories`.
    """

    REPOSITORIES = "com.amazonaws.us-east-1.codeartifact.repositories"
    TO = "reach: {from: %s, to: 'https://dom-111122223333.d.codeartifact.us-east-1.amazonaws.com'}"

    @pytest.mark.parametrize("world", [mwaa_estate, topology])
    def test_the_endpoint_is_made_in_the_client_s_own_subnet(self, world: Callable[[], Estate | Topology]) -> None:
        """An endpoint's subnets and groups are of its own VPC, so that the environment's are none elsewhere."""
        net = world()
        vpc = (net.net if isinstance(net, Estate) else net).vpc("tools", "10.99.0.0/16")
        subnet = vpc.subnet("a", "10.99.1.0/24")
        group = vpc.security_group("endpoints", ingress=[rule("tcp", 443, "10.99.0.0/16")])
        vpc.endpoint("codeartifact.api", [subnet], groups=[group])
        (found,) = result(net, self.TO % subnet.interface().id).findings
        assert (found.code, found.resources) == (Fault.ENDPOINT_MISSING, (vpc.id, self.REPOSITORIES))
        assert found.fix
        (change,) = found.fix.changes
        assert isinstance(change, EndpointCreation)
        assert (change.subnets, change.groups) == ((subnet.id,), (group.id,))


class TestAnotherWay:
    """Where the VPC has a way to the internet, that is what is mended."""

    def test_a_way_that_serves(self) -> None:
        at = client()
        outer = at.vpc.subnet("outer", "10.1.9.0/24").route(ANYWHERE, at.vpc.internet_gateway())
        at.subnet.route(ANYWHERE, outer.nat_gateway("nat", public="198.51.100.9"))
        assert at.ask()[0].reachable == "yes"

    def test_a_way_that_is_closed(self) -> None:
        at = client()
        outer = at.vpc.subnet("outer", "10.1.9.0/24").route(ANYWHERE, at.vpc.internet_gateway())
        at.subnet.route(ANYWHERE, outer.nat_gateway("nat", public="198.51.100.9"))
        acl = at.vpc.network_acl("shut", outbound(100, "deny", "tcp", 443, ANYWHERE), subnets=[at.subnet])
        assert at.path().resources == (acl.id,)


class TestUnused:
    """There is an endpoint, but it does not answer the name."""

    def test_without_private_dns(self) -> None:
        at = client()
        endpoint = at.vpc.endpoint("sqs", [at.subnet], private_dns=False)
        path = at.path()
        assert path.resources[0] == endpoint.id
        assert path.actions[0] == f"let {endpoint.id} answer {NAME}"


class TestUnknown:
    """What was not read is not proposed as if it were missing."""

    def test_endpoints_that_were_not_read_may_answer_the_name(self) -> None:
        at = client()
        at.net.refuse("111122223333", "us-east-1", "ec2", "describe-vpc-endpoints")
        trace, paths = at.ask()
        assert trace.reachable == "unknown"
        assert {need.operation for unknown in trace.unknowns for need in unknown.needs} == {"describe-vpc-endpoints"}
        assert not paths


CHECKS = {"bucket": "S3", "service:sqs": "SQS", "service:logs": "LOGS", "service:kms": "KMS"}
CHECKS["service:monitoring"] = "MONITORING"
VARIANTS = {
    "s3-route-missing": ["bucket"],
    "s3-egress-and-route": ["bucket"],
    "sqs-endpoint-missing": ["service:sqs"],
    "kms-private-dns-off": ["service:kms"],
    "logs-endpoint-group": ["service:logs"],
    "endpoint-pending": ["service:monitoring"],
    "nacl-ephemeral": ["service:sqs", "service:logs", "service:kms", "service:monitoring"],
    "dns-support-off": list(CHECKS),
    "refused-endpoints": list(CHECKS),
    "healthy": list(CHECKS),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_trace_names_whom_the_diagnosis_of_the_demo_names(variant: str) -> None:
    context, diagnosis = examined(variant)
    for end, check in CHECKS.items():
        found = [f for f in diagnosis.findings if f.id == f"{check}-REACH" and f.status is not Status.PASS]
        trace, paths = ask_why(context.network, "mwaa.worker", end, 6, 443)
        assert bool(found) == (end in VARIANTS[variant] and variant != "healthy")
        assert (trace.reachable == "yes") == (not found)
        assert (trace.reachable == "unknown") == any(finding.status is Status.UNKNOWN for finding in found)
        told = {resource for path in paths for resource in path.resources}
        assert {path.resources[0] for path in paths} == {f.resources[0] for f in found if f.resources}
        assert told <= {resource for finding in found for resource in finding.resources}
