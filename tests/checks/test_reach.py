"""The verb `reach`, as users' own assertions use it."""

from __future__ import annotations

import pytest

from builder import mwaa_estate, rule
from builder.estate import HOME, REGION, SHARED
from builder.rules import inbound, outbound
from checks.cases import HEAD, asked, context, only
from checks.examples import document, remove_endpoint
from mwaanet.checks.codes import Fault
from mwaanet.checks.result import Finding, Status
from mwaanet.graph.codes import Code


def test_every_pair_of_ends_is_a_segment() -> None:
    estate = mwaa_estate()
    found = only(asked(estate, "reach: {from: mwaa.worker, to: 'service:sqs', port: 443}"))
    assert found.status is Status.PASS
    assert [segment.source for segment in found.segments] == [f"mwaa.worker@{subnet.id}" for subnet in estate.workers]
    assert all(segment.trace for segment in found.segments)


def test_causes_are_findings_of_their_own() -> None:
    estate = mwaa_estate()
    estate.s3_endpoint.disassociate(*(subnet.table for subnet in estate.workers))
    found = asked(estate, "reach: {from: mwaa.worker, to: bucket, port: 443}")
    assert [finding.resources[0] for finding in found] == [subnet.table.id for subnet in estate.workers]


def test_one_cause_of_several_ends_is_one_finding() -> None:
    estate = mwaa_estate()
    estate.environment_group.record["IpPermissionsEgress"] = []
    found = only(asked(estate, "reach: {from: mwaa.worker, to: 'service:sqs', port: 443}"))
    assert found.resources == (estate.environment_group.id,)
    assert found.code == Code.SECURITY_GROUP_EGRESS
    assert found.message.endswith("(and 1 more)")
    assert found.aws_code == "ENI_SG_RULES_MISMATCH"
    assert found.fix
    assert f"--group-id {estate.environment_group.id}" in found.fix.cli[0]


def test_several_ports_and_protocols() -> None:
    estate = mwaa_estate()
    estate.inbound_group.allow_in()
    passing = "reach: {from: dc.dns, to: 10.24.32.10, protocol: %s, port: %s}"
    assert only(asked(estate, passing % ("udp", "53"))).status is Status.PASS
    assert only(asked(estate, passing % ("tcp", "[53, 54-60]"))).status is Status.FAIL
    assert only(asked(estate, "reach: {from: dc.dns, to: 10.24.32.10, protocol: icmp}")).status is Status.FAIL


def test_a_level_of_warning() -> None:
    estate = mwaa_estate()
    estate.environment_group.record["IpPermissionsEgress"] = []
    head = HEAD + "    level: warn\n"
    assert only(asked(estate, "reach: {from: mwaa.worker, to: bucket, port: 443}", head)).status is Status.WARN


def test_once_for_each_value_of_a_list() -> None:
    estate = mwaa_estate()
    head = HEAD + "    each: subnet_ids\n"
    found = only(asked(estate, "reach: {from: 'mwaa.worker@{each}', to: 'service:kms', port: 443}", head))
    assert len(found.segments) == 2


def test_a_check_that_does_not_apply_finds_nothing() -> None:
    head = HEAD + "    when: routing == 'public'\n"
    verb = "reach: {from: mwaa.worker, to: internet, port: 443}"
    assert asked(mwaa_estate(), verb, head) == []
    estate = mwaa_estate()
    estate.net.drop_call(HOME, REGION, "ec2", "describe-route-tables")
    assert only(asked(estate, verb, head)).status is Status.UNKNOWN


def test_where_nobody_knows_which_ports_a_client_uses_linux_s_are_enough() -> None:
    estate = mwaa_estate()
    entries = estate.endpoint_acl.record["Entries"]
    (replies,) = (entry for entry in entries if entry["Egress"] and entry["RuleNumber"] == 110)
    replies |= outbound(110, "allow", "tcp", (32768, 60999), "172.20.7.0/24").record()
    found = only(asked(estate, "reach: {from: dc.controller, to: 'service:airflow.env', port: 443}"))
    assert (found.status, found.code) == (Status.WARN, Fault.CLIENT_PORTS)
    assert found.resources == (estate.endpoint_acl.id,)


def test_a_name_cannot_send() -> None:
    found = only(asked(mwaa_estate(), "reach: {from: packages.build.example, to: internet}"))
    assert (found.status, found.code) == (Status.FAIL, Fault.SOURCE_UNFIT)


def test_what_is_not_there_cannot_send() -> None:
    estate = mwaa_estate()
    endpoint = estate.environment.database_endpoint
    assert endpoint
    estate.net.store.lists["ec2", "describe-vpc-endpoints"].remove(endpoint.record)
    found = only(
        asked(estate, "reach: {from: mwaa.database, to: 'mwaa.worker@{subnet_ids}'}".replace("@{subnet_ids}", ""))
    )
    assert (found.status, found.code) == (Status.FAIL, Fault.ENDPOINT_MISSING)


def test_public_addresses_of_which_some_are_stopped_are_unknown() -> None:
    estate = mwaa_estate(routing="nat")
    for subnet in estate.workers:
        (default,) = (r for r in subnet.table.record["Routes"] if r.get("DestinationCidrBlock") == "0.0.0.0/0")
        default["DestinationCidrBlock"] = "0.0.0.0/1"
    found = asked(estate, "reach: {from: mwaa.worker, to: 'service:sqs', port: 443}")
    assert {finding.status for finding in found} == {Status.UNKNOWN}
    assert all(
        "which of these addresses sqs.us-east-1.amazonaws.com gives is not known" in each.message for each in found
    )
    assert {finding.resources for finding in found} == {(subnet.table.id,) for subnet in estate.workers}


class TestBlackholeBeforeTheInternetGateway:
    """Which public addresses a service has is not known, except of S3 and DynamoDB.

    A blackhole for all of them stops the service, one for some may or may not
    (https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html).
    """

    def asked(self, *blocks: str) -> list[Finding]:
        """Of SQS, where the tables of the NAT gateways' subnets have blackholes beside their default route."""
        estate = mwaa_estate(routing="nat")
        for table in document(estate, "ec2", "describe-route-tables")["RouteTables"]:
            if any(str(route.get("GatewayId")).startswith("igw-") for route in table["Routes"]):
                hole = {"State": "blackhole", "TransitGatewayId": "tgw-gone", "Origin": "CreateRoute"}
                table["Routes"].extend({"DestinationCidrBlock": block, **hole} for block in blocks)
                self.tables.add(table["RouteTableId"])
        return asked(estate, "reach: {from: mwaa.worker, to: 'service:sqs', port: 443}")

    @pytest.fixture(autouse=True)
    def _no_tables(self) -> None:
        self.tables: set[str] = set()

    def test_for_all_addresses_it_stops_the_service(self) -> None:
        found = self.asked("0.0.0.0/1", "128.0.0.0/1")
        assert {finding.status for finding in found} == {Status.FAIL}
        assert {finding.resources for finding in found} == {(table,) for table in self.tables}

    def test_for_some_addresses_the_service_is_unknown(self) -> None:
        found = self.asked("52.94.0.0/16")
        assert {finding.status for finding in found} == {Status.UNKNOWN}
        assert {finding.resources for finding in found} == {(table,) for table in self.tables}
        assert all("some are stopped" in finding.message for finding in found)

    def test_for_private_addresses_it_does_not_matter(self) -> None:
        assert only(self.asked("10.0.0.0/8")).status is Status.PASS


@pytest.mark.parametrize("text", ["mwaa.worker@subnet-0none", "tag:Name=nobody", "nowhere"])
def test_a_selector_that_means_nothing_here_fails(text: str) -> None:
    found = only(asked(mwaa_estate(), f"reach: {{from: '{text}', to: internet}}"))
    assert (found.status, found.code) == (Status.FAIL, Fault.SELECTION_EMPTY)
    assert found.message.startswith("nothing is selected: ")


def test_questions_that_checks_ask_alike_are_answered_once() -> None:
    shared = context(mwaa_estate())
    verb = "reach: {from: mwaa.worker, to: 'service:sqs', port: 443}"
    first, second = only(asked(shared, verb)), only(asked(shared, verb))
    assert first == second
    assert all(a.trace is b.trace for a, b in zip(first.segments, second.segments, strict=True))


class TestNames:
    def test_private_dns_needs_both_attributes_of_the_vpc(self) -> None:
        estate = mwaa_estate()
        estate.vpc.attribute("enableDnsHostnames", False)
        found = only(asked(estate, "reach: {from: mwaa.worker, to: 'service:sqs', port: 443}"))
        assert (found.status, found.code) == (Status.FAIL, Fault.ENDPOINT_PRIVATE_DNS)
        assert found.resources == (estate.vpc.id, estate.endpoints["sqs"].id)
        assert found.fix
        assert "--enable-dns-hostnames" in found.fix.cli[0]

    @pytest.mark.parametrize("address", ["10.24.32.250", "10.24.8.200"])
    def test_a_record_that_leads_to_nobody_is_the_culprit(self, address: str) -> None:
        estate = mwaa_estate()
        zone = estate.net.zone("us-east-1.amazonaws.com", estate.vpc)
        zone.add("sqs", "A", address)
        remove_endpoint(estate, "sqs")
        answers = asked(estate, "reach: {from: mwaa.worker, to: 'service:sqs', port: 443}")
        assert answers
        for found in answers:
            assert found.status is Status.FAIL
            assert found.resources[:2] == (zone.id, "sqs.us-east-1.amazonaws.com")

    def test_a_record_of_a_way_that_is_closed_is_not(self) -> None:
        estate = mwaa_estate()
        estate.packages_group.record["IpPermissions"] = []
        found = only(asked(estate, "reach: {from: mwaa.worker, to: packages.build.example, port: 443}"))
        assert found.resources[0] == estate.packages_group.id

    def test_s3_s_addresses_are_nobody_else_s(self) -> None:
        estate = mwaa_estate(routing="nat")
        estate.net.drop_call(HOME, REGION, "ec2", "describe-prefix-lists")
        estate.net.drop_call(SHARED, REGION, "ec2", "describe-prefix-lists")
        found = only(asked(estate, "reach: {from: mwaa.worker, to: 'service:sqs', port: 443}"))
        assert found.status is Status.PASS

    def test_custom_servers_that_forward_to_the_vpc(self) -> None:
        estate = mwaa_estate()
        estate.vpc.use_dhcp(estate.net.dhcp_options("own", *estate.resolver_inbound.addresses))
        for acl in (estate.worker_acl, estate.endpoint_acl):
            acl.record["Entries"] = [
                entry(90, "allow", "all", None, "0.0.0.0/0").record() for entry in (inbound, outbound)
            ]
        asked_by = rule("all", None, "10.24.8.0/23")
        estate.inbound_group.allow_in(asked_by)
        found = only(asked(estate, "reach: {from: mwaa.worker, to: 'service:sqs', port: 443}"))
        assert found.status is Status.PASS
        files = {evidence.file.rpartition("/")[2] for evidence in found.evidence}
        assert {"list-resolver-endpoints.json", "list-resolver-endpoint-ip-addresses.json"} <= files


class TestCommands:
    @pytest.mark.parametrize(
        ("protocol", "port", "expected"),
        [
            ("tcp", "443", "IpProtocol=tcp,FromPort=443,ToPort=443"),
            ("udp", "1000-2000", "IpProtocol=udp,FromPort=1000,ToPort=2000"),
        ],
    )
    def test_of_a_group(self, protocol: str, port: str, expected: str) -> None:
        estate = mwaa_estate()
        group = estate.environment_group
        group.record["IpPermissionsEgress"] = []
        verb = f"reach: {{from: mwaa.worker, to: {estate.endpoints['sqs'].id}, protocol: {protocol}, port: {port}}}"
        findings = asked(estate, verb)
        commands = [command for finding in findings if finding.fix for command in finding.fix.cli]
        peer = f"UserIdGroupPairs=[{{GroupId={estate.endpoint_group.id}}}]"
        wanted = f"--group-id {group.id} --ip-permissions '{expected},{peer}'"
        assert any(wanted in command for command in commands)
