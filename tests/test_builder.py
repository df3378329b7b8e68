"""The builder writes what AWS would have answered: each noun's shape, and what follows from one noun for another."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from botocore_shapes import file_problems, snapshot_problems
from builder import Estate, Topology, every_noun, mwaa_estate, topology
from builder.identity import zone_prefix
from builder.operations import GLOBAL_CALLS, GLOBAL_LISTS, REGIONAL_CALLS, REGIONAL_LISTS
from mwaanet.snapshot.operations import OPERATIONS
from mwaanet.snapshot.reader import Snapshot

HOME, OTHER, EAST, WEST = "111122223333", "444455556666", "us-east-1", "us-west-2"


def answer(net: Topology, path: str, account: str = HOME, region: str = EAST) -> Any:
    """The decoded file of a topology: `answer(net, "ec2/describe-vpcs")`."""
    return json.loads(net.files()[f"accounts/{account}/{region}/{path}.json"])


@pytest.fixture(scope="module")
def everything() -> Topology:
    return every_noun()


def test_every_noun_has_the_shape_that_aws_gives_it(everything: Topology) -> None:
    assert snapshot_problems(everything.files()) == []


def test_every_argumentless_operation_of_each_region_is_written(everything: Topology) -> None:
    files = everything.files()
    regions = [f"accounts/{HOME}/{EAST}", f"accounts/{HOME}/{WEST}", f"accounts/{OTHER}/{EAST}"]
    described = [{path.removeprefix(f"{region}/") for path in files if path.startswith(region)} for region in regions]
    assert described[0] - {path for path in described[0] if path.startswith(("s3/", "s3control/"))} == described[1]
    assert described[0] == described[2]


def test_the_programs_reader_skips_and_refuses_nothing(everything: Topology) -> None:
    snapshot = Snapshot.from_files(everything.files())
    assert snapshot.native
    assert snapshot.skipped == ()
    assert len(snapshot.documents) == sum(path.startswith("accounts/") for path in everything.files())


def test_the_builder_and_the_program_know_the_same_operations() -> None:
    lists = {
        (service, name): key
        for table in (REGIONAL_LISTS, GLOBAL_LISTS)
        for service, operations in table.items()
        for name, key in operations.items()
    }
    calls = {
        (service, name)
        for table in (REGIONAL_CALLS, GLOBAL_CALLS)
        for service, names in table.items()
        for name in names
    }
    single = {("ec2", "describe-vpc-block-public-access-options"), ("sts", "get-caller-identity")}
    keys = {key: operation.key for key, operation in OPERATIONS.items() if operation.key and not operation.parameters}
    assert {*lists, *calls, *single} == set(OPERATIONS)
    assert {key: lists[key] for key in keys if key in lists} == {key: keys[key] for key in keys if key in lists}


def test_no_list_of_everything_is_empty_by_oversight(everything: Topology) -> None:
    files = everything.files()
    never_made = {
        "describe-carrier-gateways",
        "describe-lags",
        "describe-security-group-vpc-associations",
        "describe-transit-gateway-connect-peers",
        "describe-transit-gateway-policy-tables",
    }
    filled: Counter[str] = Counter()
    for path, content in files.items():
        if path.startswith("accounts/"):
            filled[path.split("/")[-1].removesuffix(".json")] += content.count(b"\n") > 4
    assert {operation for operation, count in filled.items() if not count} == never_made


def test_building_and_writing_twice_gives_the_same_bytes(everything: Topology) -> None:
    assert everything.files() == everything.files() == every_noun().files()


def test_write_makes_a_folder_of_the_same_files(tmp_path: Path) -> None:
    net = topology().site("version: 1\n")
    folder = net.write(tmp_path / "snapshot")
    written = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert written == net.files()
    assert json.loads(written["manifest.json"])["home"] == {"account": HOME, "region": EAST}
    assert written["mwaanet.yaml"] == b"version: 1\n"


def test_zones_differ_in_name_between_accounts_but_not_in_id() -> None:
    net = topology()
    subnets = [
        region.vpc("v", "10.0.0.0/16").subnet("s", "10.0.0.0/24", az="use1-az2").record
        for region in (net, net.account(OTHER).region())
    ]
    assert {subnet["AvailabilityZoneId"] for subnet in subnets} == {"use1-az2"}
    assert len({subnet["AvailabilityZone"] for subnet in subnets}) == 2


@pytest.mark.parametrize(
    ("region", "prefix"),
    [("us-east-1", "use1"), ("eu-central-1", "euc1"), ("ap-southeast-2", "apse2"), ("us-gov-west-1", "usgw1")],
)
def test_zone_ids_begin_with_the_regions_short_name(region: str, prefix: str) -> None:
    assert zone_prefix(region) == prefix


def test_a_subnet_has_one_acl_and_one_table() -> None:
    net = topology()
    vpc = net.vpc("v", "10.0.0.0/16")
    subnet = vpc.subnet("s", "10.0.0.0/24")
    assert subnet.table is vpc.main_table
    vpc.network_acl("own", subnets=[subnet])
    subnet.route("0.0.0.0/0", vpc.internet_gateway())
    acls = answer(net, "ec2/describe-network-acls")["NetworkAcls"]
    tables = answer(net, "ec2/describe-route-tables")["RouteTables"]
    assert [len(acl["Associations"]) for acl in acls] == [0, 1]
    assert [a["SubnetId"] for table in tables for a in table["Associations"] if not a["Main"]] == [subnet.id]


def test_a_gateway_endpoint_comes_and_goes_with_its_routes() -> None:
    net = topology()
    subnet = net.vpc("v", "10.0.0.0/16").subnet("s", "10.0.0.0/24")
    endpoint = subnet.vpc.gateway_endpoint("s3", subnet)
    assert subnet.table.record["Routes"][-1]["GatewayId"] == endpoint.id
    endpoint.disassociate(subnet.table)
    assert [route["GatewayId"] for route in subnet.table.record["Routes"]] == ["local"]
    assert endpoint.record["RouteTableIds"] == []


def test_private_dns_adds_the_services_names_and_only_those() -> None:
    subnet = topology().vpc("v", "10.0.0.0/16").subnet("s", "10.0.0.0/24")
    endpoint = subnet.vpc.endpoint("airflow.env", [subnet])
    names = [entry["DnsName"] for entry in endpoint.record["DnsEntries"]]
    assert names[-1] == "env.airflow.us-east-1.amazonaws.com"
    assert names[0].endswith(".env.airflow.us-east-1.vpce.amazonaws.com")
    endpoint.private_dns(False)
    assert [entry["DnsName"] for entry in endpoint.record["DnsEntries"]] == names[:-1]


def test_a_connection_has_one_state_on_both_sides(everything: Topology) -> None:
    (connection,) = answer(everything, "ec2/describe-vpc-endpoint-connections", OTHER)["VpcEndpointConnections"]
    endpoints = answer(everything, "ec2/describe-vpc-endpoints")["VpcEndpoints"]
    (endpoint,) = [one for one in endpoints if one["VpcEndpointId"] == connection["VpcEndpointId"]]
    assert endpoint["State"] == connection["VpcEndpointState"] == "pendingAcceptance"


def test_a_transit_gateway_shows_the_preferred_of_two_equal_routes() -> None:
    estate = mwaa_estate(link="both")
    assert [route["TransitGatewayAttachments"][0]["ResourceType"] for route in site_routes(estate)] == [
        "direct-connect-gateway"
    ]
    assert estate.virtual_interface is not None
    estate.virtual_interface.bgp("down")
    assert [route["TransitGatewayAttachments"][0]["ResourceType"] for route in site_routes(estate)] == ["vpn"]
    assert estate.vpn is not None
    estate.vpn.tunnels("DOWN", "DOWN")
    assert site_routes(estate) == []


def site_routes(estate: Estate) -> list[Any]:
    """What the table of the VPCs says about the site."""
    calls = answer(estate.net, "ec2/search-transit-gateway-routes", OTHER)["Calls"]
    (found,) = [
        call["Response"]["Routes"]
        for call in calls
        if call["Parameters"]["TransitGatewayRouteTableId"] == estate.vpc_table.id
    ]
    return list(found)


def test_a_static_route_hides_a_propagated_one_and_a_withheld_one_is_left_out() -> None:
    estate = mwaa_estate(link="vpn")
    estate.vpc_table.blackhole("172.20.0.0/16", estate.vpn_attachment)
    assert [(route["Type"], route["State"]) for route in site_routes(estate)] == [("static", "blackhole")]
    estate = mwaa_estate(link="vpn")
    estate.vpc_table.withhold("172.20.0.0/16")
    assert site_routes(estate) == []


def test_a_vpc_that_overlaps_another_is_not_propagated() -> None:
    net = topology()
    tgw = net.transit_gateway("hub")
    table = tgw.table("t")
    first, second = net.vpc("first", "10.0.0.0/16"), net.vpc("second", "10.0.128.0/17")
    for vpc in (first, second):
        tgw.attach_vpc(vpc, [vpc.subnet("s", "10.0.128.0/24")], propagate=[table])
    (call,) = answer(net, "ec2/search-transit-gateway-routes")["Calls"]
    assert [route["DestinationCidrBlock"] for route in call["Response"]["Routes"]] == ["10.0.0.0/16"]


def test_a_peering_has_one_id_and_each_gateway_its_own_side(everything: Topology) -> None:
    def sides(account: str, region: str) -> set[tuple[str, str]]:
        listed = answer(everything, "ec2/describe-transit-gateway-attachments", account, region)
        attachments = listed["TransitGatewayAttachments"]
        kept = [one for one in attachments if one["ResourceType"] == "peering"]
        return {(one["TransitGatewayAttachmentId"], one["TransitGatewayId"]) for one in kept}

    ((id_east, tgw_east),) = sides(OTHER, EAST)
    ((id_west, tgw_west),) = sides(HOME, WEST)
    assert id_east == id_west
    assert tgw_east != tgw_west


def test_a_refused_list_is_in_the_manifest_and_has_no_file() -> None:
    net = topology()
    net.refuse(HOME, EAST, "ec2", "describe-vpc-endpoints")
    files = net.files()
    assert f"accounts/{HOME}/{EAST}/ec2/describe-vpc-endpoints.json" not in files
    (error,) = json.loads(files["manifest.json"])["errors"]
    assert (error["operation"], error["code"]) == ("describe-vpc-endpoints", "UnauthorizedOperation")


def test_a_refused_question_is_in_its_file_only() -> None:
    net = topology()
    first, second = net.vpc("first", "10.0.0.0/16"), net.vpc("second", "10.1.0.0/16")
    net.refuse_call(HOME, EAST, "ec2", "describe-vpc-attribute", VpcId=first.id)
    net.drop_call(HOME, EAST, "ec2", "describe-vpc-attribute", VpcId=second.id, Attribute="enableDnsSupport")
    calls = answer(net, "ec2/describe-vpc-attribute")["Calls"]
    assert [("Error" in call, call["Parameters"]["VpcId"]) for call in calls] == [
        (True, first.id),
        (True, first.id),
        (False, second.id),
    ]
    net.refuse(HOME, EAST, "ec2", "describe-vpc-attribute", code="AccessDenied")
    assert all(call["Error"]["Code"] == "AccessDenied" for call in answer(net, "ec2/describe-vpc-attribute")["Calls"])
    assert json.loads(net.files()["manifest.json"])["errors"] == []


def test_a_dropped_file_is_nowhere() -> None:
    net = topology().drop_call(HOME, EAST, "ec2", "describe-vpcs")
    assert not [path for path in net.files() if path.endswith("describe-vpcs.json")]


@pytest.mark.parametrize("spoil", ["refuse", "drop_call"])
def test_what_is_not_there_cannot_be_taken_away(spoil: str) -> None:
    net = topology()
    with pytest.raises(KeyError):
        getattr(net, spoil)(HOME, EAST, "ec2", "describe-vcps")
    with pytest.raises(KeyError):
        getattr(net, spoil)(HOME, "eu-west-1", "ec2", "describe-vpcs")


def test_a_record_may_be_changed_until_it_is_written() -> None:
    net = topology()
    interface = net.vpc("v", "10.0.0.0/16").subnet("s", "10.0.0.0/24").interface()
    interface.record["Groups"] = []
    assert answer(net, "ec2/describe-network-interfaces")["NetworkInterfaces"][0]["Groups"] == []


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"routing": "nat", "link": "dx", "airflow": "3.0.6"},
        {"endpoint_management": "CUSTOMER", "link": "vpn"},
        {"access": "PUBLIC_ONLY"},
        {"access": "PUBLIC_AND_PRIVATE", "airflow": "3.2.0"},
    ],
    ids=str,
)
def test_every_kind_of_estate_has_the_shape_that_aws_gives_it(options: dict[str, str]) -> None:
    assert snapshot_problems(mwaa_estate(**options).files()) == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ({"Vpcs": [{"VpcIdentifier": "vpc-1"}]}, "/Vpcs/0/VpcIdentifier: unknown to Vpc"),
        ({"Vpcs": [{"VpcId": 7}]}, "/Vpcs/0/VpcId: expected string, found 7"),
        ({"Vpcs": [{"IsDefault": "no"}]}, "/Vpcs/0/IsDefault: expected boolean, found 'no'"),
        ({"Vpcs": {}}, "/Vpcs: expected a list"),
        ({"Vpcs": [7]}, "/Vpcs/0: expected an object"),
    ],
)
def test_the_validator_names_what_is_wrong(content: object, problem: str) -> None:
    path = f"accounts/{HOME}/{EAST}/ec2/describe-vpcs.json"
    assert file_problems(path, json.dumps(content).encode()) == [f"{path}: {problem}"]


def test_the_validator_reads_calls_times_and_numbers_too() -> None:
    def problems(service: str, operation: str, content: object) -> list[str]:
        path = f"accounts/{HOME}/{EAST}/{service}/{operation}.json"
        return [text.removeprefix(f"{path}: ") for text in file_problems(path, json.dumps(content).encode())]

    assert problems("ec2", "describe-vcps", {}) == ["no such operation"]
    assert problems("kms", "list-aliases", {"Aliases": [{"CreationDate": "yesterday"}]}) == [
        "/Aliases/0/CreationDate: expected timestamp, found 'yesterday'"
    ]
    assert problems(
        "ec2", "describe-vpc-attribute", {"Calls": [{"Parameters": {"VpcId": "vpc-1"}, "Response": {}}]}
    ) == ["/Calls/0/Parameters/Attribute: missing"]
    assert problems("kms", "list-grants", {"Calls": [{"Parameters": {"KeyId": "k"}, "Error": {"Code": "X"}}]}) == [
        "/Calls/0/Error: expected Code and Message"
    ]
    assert problems("kms", "list-grants", {"Calls": [{"Parameters": {"KeyId": "k"}}]}) == [
        "/Calls/0: expected Parameters and Response or Error"
    ]
    assert problems("elbv2", "describe-target-groups", {"TargetGroups": [{"Port": True}]}) == [
        "/TargetGroups/0/Port: expected integer, found True"
    ]
