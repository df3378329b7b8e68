"""Fixes of what stops packets: narrow, for all that is stopped, and tried on the model."""

from __future__ import annotations

from functools import reduce
from operator import or_

import pytest

from builder import Estate, mwaa_estate
from builder.role import allow, policy
from builder.security_group import SecurityGroup
from checks.cases import asked, context, only
from mwaanet.checks.result import Fix, Status
from mwaanet.fixes.network_acl_entry import NetworkAclEntry
from mwaanet.fixes.policy import RolePolicy
from mwaanet.mending.stop import blocks
from mwaanet.net import AddressSet, Intervals, PacketSet

SQS = "reach: {from: mwaa.worker, to: 'service:sqs', port: 443}"
BUCKET = "reach: {from: mwaa.worker, to: bucket, port: 443}"


def fix_of(subject: object, verb: str) -> Fix:
    found = only([finding for finding in asked(subject, verb) if finding.fix])  # type: ignore[arg-type]
    assert found.fix
    return found.fix


def in_group(estate: Estate, group: SecurityGroup, kind: str = "") -> dict[str, str]:
    """The address of each interface in a group, by its id; of one kind only, such as `vpc_endpoint`."""
    records = estate.vpc.store.lists["ec2", "describe-network-interfaces"]
    return {
        one["NetworkInterfaceId"]: one["PrivateIpAddress"]
        for one in records
        if group.id in [member["GroupId"] for member in one["Groups"]]
        and one["InterfaceType"] == (kind or one["InterfaceType"])
    }


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        (("192.0.2.0/24",), ("192.0.2.0/24",)),
        (("192.0.2.5",), ("192.0.2.5/32",)),
        (("192.0.2.5-192.0.2.8",), ("192.0.2.5/32", "192.0.2.6/31", "192.0.2.8/32")),
        (("2001:db8::1",), ("2001:db8::1/128",)),
    ],
)
def test_addresses_as_blocks(addresses: tuple[str, ...], expected: tuple[str, ...]) -> None:
    network = context(mwaa_estate()).network
    assert blocks(network, AddressSet.parse(*addresses)) == expected


def test_workers_come_and_go_so_their_addresses_are_their_subnet_s() -> None:
    estate = mwaa_estate()
    network = context(estate).network
    subnet = estate.workers[0]
    workers = network.interface(f"mwaa.worker@{subnet.id}").addresses
    assert blocks(network, workers) == (subnet.record["CidrBlock"],)


def test_a_network_acl_gets_entries_with_free_numbers_before_the_denial() -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html"""
    estate = mwaa_estate()
    entries = estate.worker_acl.record["Entries"]
    entries[:] = [entry for entry in entries if not (entry["Egress"] and entry["RuleNumber"] == 100)]
    taken = {entry["RuleNumber"] for entry in entries if entry["Egress"]}
    fix = fix_of(estate, SQS)
    made = [change for change in fix.changes if isinstance(change, NetworkAclEntry)]
    assert {change.cidr for change in made} == {
        f"{one['PrivateIpAddress']}/32" for one in estate.endpoints["sqs"].interfaces
    }
    assert len({change.number for change in made}) == len(made)
    assert not {change.number for change in made} & taken
    assert all((change.low, change.high, change.protocol) == (443, 443, 6) for change in made)
    assert fix.verified


def test_a_denial_in_the_middle_is_forestalled() -> None:
    estate = mwaa_estate()
    entries = estate.worker_acl.record["Entries"]
    entries.append(
        {"RuleNumber": 7, "Egress": True, "Protocol": "-1", "RuleAction": "deny", "CidrBlock": "10.24.0.0/16"}
    )
    made = [change for change in fix_of(estate, SQS).changes if isinstance(change, NetworkAclEntry)]
    assert made
    assert all(change.number < 7 for change in made)


def test_before_a_denial_with_number_1_nothing_fits() -> None:
    estate = mwaa_estate()
    entries = estate.worker_acl.record["Entries"]
    entries.append(
        {"RuleNumber": 1, "Egress": True, "Protocol": "-1", "RuleAction": "deny", "CidrBlock": "10.24.0.0/16"}
    )
    fix = fix_of(estate, SQS)
    assert not fix.cli
    assert fix.summary


def test_a_route_that_is_missing_is_the_endpoint_s_to_add() -> None:
    estate = mwaa_estate()
    table = estate.workers[0].table
    estate.s3_endpoint.disassociate(table)
    fix = fix_of(estate, BUCKET)
    assert fix.cli == (
        f"aws ec2 modify-vpc-endpoint --vpc-endpoint-id {estate.s3_endpoint.id} --add-route-table-ids {table.id} "
        "--region us-east-1",
    )
    assert fix.undo == (
        f"aws ec2 modify-vpc-endpoint --vpc-endpoint-id {estate.s3_endpoint.id} --remove-route-table-ids {table.id} "
        "--region us-east-1",
    )
    assert fix.accounts == ("111122223333",)
    assert fix.verified
    assert fix.terraform
    assert "aws_vpc_endpoint_route_table_association" in fix.terraform


def test_an_endpoint_that_waits_is_accepted_by_its_service() -> None:
    estate = mwaa_estate()
    estate.packages_endpoint.state("pendingAcceptance")
    fix = fix_of(estate, f"reach: {{from: mwaa.worker, to: {estate.packages_endpoint.id}, port: 443}}")
    assert fix.cli[0].startswith("aws ec2 accept-vpc-endpoint-connections")
    assert estate.packages_endpoint.id in fix.cli[0]
    assert fix.verified


def test_aws_s_own_service_accepts_by_itself() -> None:
    estate = mwaa_estate()
    endpoint = estate.endpoints["sqs"].state("pending")
    fix = fix_of(estate, f"reach: {{from: mwaa.worker, to: {endpoint.id}, port: 443}}")
    assert fix.cli == ()
    assert not fix.verified


def test_s3_s_prefix_list_is_opened_rather_than_one_address() -> None:
    estate = mwaa_estate()
    estate.environment_group.record["IpPermissionsEgress"] = []
    fix = fix_of(estate, BUCKET)
    assert f"PrefixListId={estate.s3_endpoint.prefix_list.id}" in fix.cli[0]
    assert fix.verified


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
        f"aws ec2 replace-route --route-table-id {table.id} --destination-cidr-block 0.0.0.0/0 --nat-gateway-id {kept} "
        "--region us-east-1",
    )
    assert fix_of(estate, SQS).undo == ()


def test_a_group_lets_the_workers_group_in_rather_than_the_world() -> None:
    estate = mwaa_estate()
    estate.endpoint_group.record["IpPermissions"] = []
    fix = fix_of(estate, SQS)
    assert fix.cli == (
        f"aws ec2 authorize-security-group-ingress --group-id {estate.endpoint_group.id} --ip-permissions "
        f"'IpProtocol=tcp,FromPort=443,ToPort=443,UserIdGroupPairs=[{{GroupId={estate.environment_group.id}}}]' "
        "--region us-east-1",
    )
    assert fix.verified


def test_what_a_rule_opens_besides_is_told_exactly() -> None:
    """The group guards every endpoint, so a rule for one of them opens the others to the workers as well."""
    estate = mwaa_estate()
    estate.endpoint_group.record["IpPermissions"] = []
    fix = fix_of(estate, SQS)
    held = AddressSet.parse(*in_group(estate, estate.environment_group).values())
    endpoints = AddressSet.parse(*in_group(estate, estate.environment_group, "vpc_endpoint").values())
    network = context(estate).network
    workers = reduce(or_, (network.interface(f"mwaa.worker@{one.id}").addresses for one in estate.workers))
    members = workers | (held - endpoints)  # what starts a connection: an endpoint's interface does not
    guarded = AddressSet.parse(*in_group(estate, estate.endpoint_group).values())
    asked_for = AddressSet.parse(*(one["PrivateIpAddress"] for one in estate.endpoints["sqs"].interfaces))
    https = PacketSet.of(protocol=6, dport=Intervals.single(443))
    expected = https.where(src=members, dst=guarded) - https.where(src=workers, dst=asked_for)
    assert fix.opens == f"{expected.describe(16)}, and nothing else"


def test_whom_a_route_opens_besides_is_told_with_what_holds_the_address_and_the_whole_prefix_list() -> None:
    estate = mwaa_estate()
    worker = estate.workers[0]
    other = worker.interface("10.24.8.200", groups=[estate.environment_group])
    estate.s3_endpoint.disassociate(worker.table)
    opens = fix_of(estate, BUCKET).opens
    assert opens
    listed = estate.s3_endpoint.prefix_list.id
    assert f"-> {listed}:443, and nothing else" in opens
    assert f"{other.address} is {other.id}" in opens
    assert f"in {worker.id}" in opens
    assert f"{listed} is the prefix list of com.amazonaws.us-east-1.s3: all of its addresses" in opens


def test_a_fix_that_is_not_enough_is_not_verified() -> None:
    """What an instruction asks of others cannot be made on the model."""
    estate = mwaa_estate()
    estate.endpoints["sqs"].state("failed")
    fix = fix_of(estate, f"reach: {{from: mwaa.worker, to: {estate.endpoints['sqs'].id}, port: 443}}")
    assert not fix.verified
    assert fix.opens is None


def test_an_inline_policy_does_not_replace_one_of_the_same_name() -> None:
    """PutRolePolicy replaces the policy of that name (https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html)."""
    estate = mwaa_estate()
    asks = "permit: {principal: '{role}', actions: ['s3:DeleteObject'], resources: ['{bucket_arn}/x'], via: bucket}"
    (name,) = names_of_policies(fix_of(estate, asks))
    estate.role.inline(name, policy(allow("s3:GetObject", "arn:aws:s3:::other/*")))
    assert names_of_policies(fix_of(estate, asks)) == [f"{name}-2"]


def names_of_policies(fix: Fix) -> list[str]:
    return [change.name for change in fix.changes if isinstance(change, RolePolicy)]
