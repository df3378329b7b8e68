"""A fault of names beside a fault of the way: both are told at once, the name's culprit first.

Where a name does not resolve, but where it would lead is evident, the way there is tried too.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from builder import Estate, mwaa_estate
from builder.estate import HOME, REGION
from checks.cases import asked, of, only
from checks.cases import diagnosis as diagnosed_paths
from checks.examples import document, remove_endpoint, without_endpoint
from checks.nexus import diagnosed, path_of
from mwaanet.checks.result import Status

SQS = "reach: {from: mwaa.worker, to: 'service:sqs', port: 443}"
BUCKET = "reach: {from: mwaa.worker, to: bucket, port: 443}"
PACKAGES = "reach: {from: mwaa.worker, to: packages.build.example, port: 443}"
Fault = Callable[[Estate], str]
WEB_SERVER = "reach: {from: mwaa.worker, to: mwaa.webserver-name, port: 443}"


def without_resolver(estate: Estate) -> str:
    estate.vpc.attribute("enableDnsSupport", False)
    return estate.vpc.id


def without_private_names(estate: Estate) -> str:
    estate.vpc.attribute("enableDnsHostnames", False)
    return estate.vpc.id


def without_server(estate: Estate) -> str:
    options = estate.net.dhcp_options("none")
    options.record["DhcpConfigurations"] = []
    estate.vpc.use_dhcp(options)
    return options.id


NAMES = (without_resolver, without_private_names, without_server)


@pytest.mark.parametrize("fault", NAMES)
def test_of_a_service_the_way_to_its_only_endpoint(fault: Fault) -> None:
    estate = mwaa_estate()
    culprit = fault(estate)
    estate.endpoint_group.record["IpPermissions"] = []
    found = only(asked(estate, SQS))
    assert found.status is Status.FAIL
    assert found.resources[0] == culprit
    assert estate.endpoint_group.id in found.resources
    assert estate.endpoint_group.id in found.message
    assert found.fix
    assert any("authorize-security-group-ingress" in command for command in found.fix.cli)
    assert re.search(rf"; let tcp 443 in from sg-\w+ in {estate.endpoint_group.id}", found.fix.summary)


@pytest.mark.parametrize("fault", NAMES)
def test_an_open_way_adds_nothing(fault: Fault) -> None:
    estate = mwaa_estate()
    culprit = fault(estate)
    found = only(asked(estate, SQS))
    assert found.resources[0] == culprit
    assert not {estate.endpoint_group.id, estate.environment_group.id} & set(found.resources)


@pytest.mark.parametrize("unread", ["describe-vpc-endpoints", "describe-network-interfaces"])
@pytest.mark.parametrize("verb", [SQS, PACKAGES])
def test_where_the_endpoint_may_not_have_been_read_nothing_but_the_name_is_blamed(verb: str, unread: str) -> None:
    """What stands behind the name is then not known: a way past an endpoint is nobody's fault."""
    estate = mwaa_estate()
    culprit = without_resolver(estate)
    estate.net.refuse(HOME, REGION, "ec2", unread)
    answers = asked(estate, verb)
    assert answers
    for found in answers:
        assert found.status is Status.FAIL
        assert found.resources in ((culprit, "sqs.us-east-1.amazonaws.com"), (culprit, "packages.build.example"))


@pytest.mark.parametrize("fault", [without_resolver, without_server])
def test_of_a_service_without_endpoint_that_it_has_none(fault: Fault) -> None:
    estate = mwaa_estate()
    culprit = fault(estate)
    remove_endpoint(estate, "sqs")
    found = only(asked(estate, SQS))
    assert found.resources[0] == culprit
    assert {estate.vpc.id, "com.amazonaws.us-east-1.sqs"} <= set(found.resources)


@pytest.mark.parametrize("fault", [without_resolver, without_server])
def test_of_a_service_by_public_routing_the_way_out(fault: Fault) -> None:
    estate = mwaa_estate(routing="nat")
    culprit = fault(estate)
    gateways = document(estate, "ec2", "describe-nat-gateways")["NatGateways"]
    for gateway in gateways:
        gateway["State"] = "failed"
    found = asked(estate, SQS)
    assert {finding.resources[0] for finding in found} == {culprit}
    assert {gateway["NatGatewayId"] for gateway in gateways} <= {name for each in found for name in each.resources}


@pytest.mark.parametrize("fault", [without_resolver, without_server])
def test_of_the_bucket_the_way_by_the_gateway_endpoint(fault: Fault) -> None:
    estate = mwaa_estate()
    culprit = fault(estate)
    estate.s3_endpoint.disassociate(*(subnet.table for subnet in estate.workers))
    found = asked(estate, BUCKET)
    assert {finding.resources[0] for finding in found} == {culprit}
    assert {subnet.table.id for subnet in estate.workers} <= {name for each in found for name in each.resources}


@pytest.mark.parametrize("fault", [without_resolver, without_server])
def test_of_the_web_server_the_way_to_its_endpoint(fault: Fault) -> None:
    estate = mwaa_estate(airflow="3.0.6")
    culprit = fault(estate)
    estate.environment_group.record["IpPermissions"] = []
    found = only(asked(estate, WEB_SERVER))
    assert found.resources[0] == culprit
    assert estate.environment_group.id in found.resources


def test_of_a_name_in_a_zone_that_is_not_associated_the_way_to_its_record() -> None:
    estate = mwaa_estate()
    other = estate.net.vpc("elsewhere", "10.77.0.0/16")
    zone = estate.net.zone("tools.example", other)
    zone.add("wiki", "A", "172.20.5.40")
    estate.environment_group.record["IpPermissionsEgress"] = []
    found = only(asked(estate, "reach: {from: mwaa.worker, to: wiki.tools.example, port: 443}"))
    assert found.resources[0] == zone.id
    assert estate.environment_group.id in found.resources


def test_of_a_name_whose_servers_are_not_reached_the_way_to_what_they_would_answer() -> None:
    estate = mwaa_estate()
    estate.vpc.use_dhcp(estate.net.dhcp_options("own", *estate.resolver_inbound.addresses))
    estate.inbound_group.record["IpPermissions"] = []
    estate.endpoint_group.record["IpPermissions"] = []
    found = only(asked(estate, SQS))
    assert estate.inbound_group.id in found.resources
    assert estate.endpoint_group.id in found.resources
    assert found.resources.index(estate.inbound_group.id) < found.resources.index(estate.endpoint_group.id)


def test_a_record_that_leads_astray_and_the_closed_endpoint_that_it_should_lead_to() -> None:
    estate = mwaa_estate()
    zone = estate.net.zone("sqs.us-east-1.amazonaws.com", estate.vpc)
    zone.add("", "A", "10.24.32.50")
    estate.endpoints["sqs"].record["PrivateDnsEnabled"] = False
    estate.endpoint_group.record["IpPermissions"] = []
    found = asked(estate, SQS)
    assert {finding.resources[0] for finding in found} == {zone.id}
    assert all(estate.endpoint_group.id in finding.resources for finding in found)


class TestPackageServer:
    def test_without_endpoint_the_way_to_the_declared_server(self) -> None:
        estate = mwaa_estate()
        without_endpoint(estate, estate.packages_endpoint)
        culprit = without_server(estate)
        estate.environment_group.record["IpPermissionsEgress"] = []
        blocked = path_of(diagnosed(estate.files())).blocked_by
        assert blocked[0] == culprit
        assert estate.environment_group.id in blocked

    def test_the_name_and_the_group_of_the_endpoint(self) -> None:
        estate = mwaa_estate()
        culprit = without_resolver(estate)
        estate.packages_group.record["IpPermissions"] = []
        blocked = path_of(diagnosed(estate.files())).blocked_by
        assert blocked[0] == culprit
        assert estate.packages_group.id in blocked


def test_the_path_names_both() -> None:
    estate = mwaa_estate()
    estate.vpc.attribute("enableDnsSupport", False)
    estate.endpoint_group.record["IpPermissions"] = []
    found = diagnosed_paths(estate)
    service = next(path for path in found.paths if path.id == "service")
    assert {estate.vpc.id, estate.endpoint_group.id} <= set(service.blocked_by)
    assert all(estate.endpoint_group.id in finding.resources for finding in of(found, "SQS-REACH"))
