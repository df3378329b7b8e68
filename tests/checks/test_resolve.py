"""The verb `resolve`: whether a name gives the kind of addresses that it should."""

from __future__ import annotations

import pytest

from builder import mwaa_estate
from builder.estate import HOME, REGION
from checks.cases import asked, only
from mwaanet.checks.codes import Fault
from mwaanet.checks.result import Status


@pytest.mark.parametrize(
    ("name", "gives", "status"),
    [
        ("service:sqs", "private", "pass"),
        ("service:sqs", "public", "fail"),
        ("service:athena", "public", "pass"),
        ("service:athena", "anything", "pass"),
        ("service:athena", "private", "fail"),
        ("packages.build.example", "private", "pass"),
        ("https://10.24.8.9/pypi", "private", "pass"),
    ],
)
def test_kinds_of_addresses(name: str, gives: str, status: str) -> None:
    found = only(asked(mwaa_estate(), f"resolve: {{name: '{name}', from: mwaa.worker, gives: {gives}}}"))
    assert found.status.value == status
    if status == "fail":
        assert found.code == Fault.NAME_WRONG_KIND


def test_the_culprit_is_who_decided() -> None:
    estate = mwaa_estate()
    estate.endpoints["sqs"].private_dns(False)
    found = only(asked(estate, "resolve: {name: 'service:sqs', from: mwaa.worker}"))
    assert found.resources == (estate.vpc.id, "sqs.us-east-1.amazonaws.com")


def test_a_name_that_does_not_exist() -> None:
    estate = mwaa_estate()
    found = only(asked(estate, "resolve: {name: gone.build.example, from: mwaa.worker}"))
    assert (found.status, found.code) == (Status.FAIL, Fault.NAME_NXDOMAIN)
    assert found.resources == (estate.zone.id, "gone.build.example")


def test_who_answers_is_not_known() -> None:
    estate = mwaa_estate()
    estate.net.drop_call(HOME, REGION, "ec2", "describe-dhcp-options")
    found = only(asked(estate, "resolve: {name: 'service:sqs', from: mwaa.worker}"))
    assert found.status is Status.UNKNOWN
    assert [need.operation for need in found.needs] == ["describe-dhcp-options"]


def test_asked_from_a_site() -> None:
    estate = mwaa_estate()
    found = only(asked(estate, "resolve: {name: packages.corp.example, from: dc}"))
    assert found.status is Status.PASS
    found = only(asked(estate, "resolve: {name: 'service:airflow.env', from: dc}"))
    assert found.status is Status.PASS
    assert any(evidence.file.endswith("list-resolver-endpoints.json") for evidence in found.evidence)


def test_forwarded_to_a_site() -> None:
    found = only(asked(mwaa_estate(), "resolve: {name: packages.corp.example, from: mwaa.worker}"))
    assert found.status is Status.PASS
    assert any(evidence.file.endswith("list-resolver-endpoint-ip-addresses.json") for evidence in found.evidence)


def test_the_query_itself_must_arrive() -> None:
    estate = mwaa_estate()
    estate.inbound_group.record["IpPermissions"] = []
    found = only(asked(estate, "resolve: {name: 'service:airflow.env', from: dc}"))
    assert (found.status, found.code) == (Status.FAIL, Fault.NAME_QUERY_BLOCKED)
    assert found.resources[0] == estate.inbound_group.id


def test_what_an_outbound_endpoint_sends_must_arrive_too() -> None:
    estate = mwaa_estate()
    estate.outbound_group.record["IpPermissionsEgress"] = []
    found = only(asked(estate, "resolve: {name: packages.corp.example, from: mwaa.worker}"))
    assert (found.status, found.code) == (Status.FAIL, Fault.NAME_QUERY_BLOCKED)
    assert estate.outbound_group.id in found.resources


def test_a_query_must_arrive_over_tcp_as_well() -> None:
    """https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-forwarding-inbound-queries.html"""
    estate = mwaa_estate()
    permissions = estate.inbound_group.record["IpPermissions"]
    permissions[:] = [permission for permission in permissions if permission["IpProtocol"] == "udp"]
    found = only(asked(estate, "resolve: {name: 'service:airflow.env', from: dc}"))
    assert (found.status, found.code) == (Status.FAIL, Fault.NAME_QUERY_BLOCKED)
    assert "TCP" in found.message


def test_a_query_of_which_nothing_is_known() -> None:
    estate = mwaa_estate()
    estate.net.drop_call(HOME, REGION, "ec2", "describe-security-groups")
    found = only(asked(estate, "resolve: {name: 'service:airflow.env', from: dc}"))
    assert found.status is Status.UNKNOWN


def test_an_address_block_asks_nobody() -> None:
    found = only(asked(mwaa_estate(), "resolve: {name: x.build.example, from: internet}"))
    assert found.status is Status.UNKNOWN


def test_names_do_not_ask_for_names() -> None:
    found = only(asked(mwaa_estate(), "resolve: {name: x.build.example, from: y.build.example}"))
    assert (found.status, found.code) == (Status.FAIL, Fault.SOURCE_UNFIT)


def test_a_web_server_that_is_not_there_yet() -> None:
    estate = mwaa_estate()
    estate.environment.record["WebserverUrl"] = ""
    found = only(asked(estate, "resolve: {name: mwaa.webserver-name, from: mwaa.worker}"))
    assert (found.status, found.code) == (Status.FAIL, Fault.ENDPOINT_MISSING)


def test_some_of_both_kinds() -> None:
    estate = mwaa_estate()
    zone = estate.net.zone("mixed.example", estate.vpc)
    zone.add("both", "A", "10.24.8.9", "203.0.113.9")
    for gives in ("private", "public"):
        found = only(asked(estate, f"resolve: {{name: both.mixed.example, from: mwaa.worker, gives: {gives}}}"))
        assert "both private and public" in found.message
