"""AWS CLI commands for what a blocked path needs."""

from __future__ import annotations

import pytest

from builder import mwaa_estate
from checks.cases import asked, only
from mwaanet.checks.fix import _block
from mwaanet.checks.result import Status
from mwaanet.net import AddressSet

SQS = "reach: {from: mwaa.worker, to: 'service:sqs', port: 443}"


@pytest.mark.parametrize(
    ("addresses", "block"),
    [
        (("10.0.0.0/8",), "10.0.0.0/8"),
        (("10.0.0.5",), "10.0.0.5/32"),
        (("10.0.0.5-10.0.0.9",), "10.0.0.5/32"),
        (("2001:db8::1",), "2001:db8::1/128"),
    ],
)
def test_addresses_as_one_block(addresses: tuple[str, ...], block: str) -> None:
    assert _block(AddressSet.parse(*addresses)) == block


def test_a_network_acl_gets_a_rule_with_a_free_number() -> None:
    estate = mwaa_estate()
    entries = estate.worker_acl.record["Entries"]
    entries[:] = [entry for entry in entries if not (entry["Egress"] and entry["RuleNumber"] == 100)]
    found = only(asked(estate, SQS))
    assert found.fix
    (command,) = found.fix.cli
    assert f"--network-acl-id {estate.worker_acl.id} --egress --rule-number 1 --protocol tcp" in command
    assert "--port-range From=443,To=443 --cidr-block 10.24.32." in command


def test_a_route_that_is_missing_is_the_endpoint_s_to_add() -> None:
    estate = mwaa_estate()
    table = estate.workers[0].table
    estate.s3_endpoint.disassociate(table)
    found = only(
        [finding for finding in asked(estate, "reach: {from: mwaa.worker, to: bucket, port: 443}") if finding.fix]
    )
    assert found.fix
    assert found.fix.cli == (
        f"aws ec2 modify-vpc-endpoint --vpc-endpoint-id {estate.s3_endpoint.id} --add-route-table-ids {table.id}",
    )


def test_an_endpoint_that_waits_is_accepted_by_its_service() -> None:
    estate = mwaa_estate()
    estate.packages_endpoint.state("pendingAcceptance")
    found = only(asked(estate, f"reach: {{from: mwaa.worker, to: {estate.packages_endpoint.id}, port: 443}}"))
    assert found.fix
    assert found.fix.cli[0].startswith("aws ec2 accept-vpc-endpoint-connections")
    assert estate.packages_endpoint.id in found.fix.cli[0]


def test_aws_s_own_service_accepts_by_itself() -> None:
    estate = mwaa_estate()
    endpoint = estate.endpoints["sqs"].state("pending")
    found = only(asked(estate, f"reach: {{from: mwaa.worker, to: {endpoint.id}, port: 443}}"))
    assert found.fix
    assert found.fix.cli == ()


def test_s3_s_prefix_list_is_opened_rather_than_one_address() -> None:
    estate = mwaa_estate()
    estate.environment_group.record["IpPermissionsEgress"] = []
    found = only(asked(estate, "reach: {from: mwaa.worker, to: bucket, port: 443}"))
    assert found.fix
    assert estate.s3_endpoint.prefix_list.id in found.fix.cli[0]


def test_a_route_to_a_nat_gateway_that_is_gone_is_replaced_for_a_table_has_one_route_to_a_destination() -> None:
    """https://docs.aws.amazon.com/cli/latest/reference/ec2/replace-route.html"""
    estate = mwaa_estate(routing="nat")
    gone, kept = (str(record["NatGatewayId"]) for record in estate.net.store.lists["ec2", "describe-nat-gateways"])
    table = estate.workers[0].table
    table.blackhole("0.0.0.0/0", gone)
    (found,) = (finding for finding in asked(estate, SQS) if finding.status is Status.FAIL)
    assert found.fix
    assert f"0.0.0.0/0 to {kept} in {table.id}" in found.fix.summary
    assert found.fix.cli == (
        f"aws ec2 replace-route --route-table-id {table.id} --destination-cidr-block 0.0.0.0/0 --nat-gateway-id {kept}",
    )
