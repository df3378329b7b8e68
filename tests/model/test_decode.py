"""What is said of records that are not as AWS makes them, and where each record says that it was read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from model.cases import EAST, HOME, load
from mwaanet.errors import SnapshotError
from mwaanet.model.decode import BadRecordsError
from mwaanet.model.inventory import Inventory
from mwaanet.model.record import Record
from mwaanet.model.transit_gateway_route_table import RoutesFound
from mwaanet.snapshot import Snapshot

PLACE = f"accounts/{HOME}/{EAST}"
NO_BLOCK = "/Vpcs/0/CidrBlock: expected a CIDR block such as 10.0.0.0/16, got"
VPC = {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}


def bad(**answers: Any) -> list[str]:
    """Everything that is wrong with the answers, without the folder."""
    with pytest.raises(BadRecordsError) as caught:
        load(**answers)
    return [str(problem).removeprefix(f"snapshot/{PLACE}/ec2/") for problem in caught.value.problems]


class TestBadRecords:
    @pytest.mark.parametrize(
        ("record", "problem"),
        [
            ({"VpcId": "vpc-1"}, "/Vpcs/0: object missing required field `CidrBlock`"),
            (VPC | {"VpcId": 7}, "/Vpcs/0/VpcId: expected `str`, got `int`"),
            (VPC | {"VpcId": None}, "/Vpcs/0: object missing required field `VpcId`"),
            (VPC | {"CidrBlock": "10.0.0.0/33"}, f"{NO_BLOCK} '10.0.0.0/33'"),
            (VPC | {"CidrBlock": "10.0.0.0"}, f"{NO_BLOCK} '10.0.0.0'"),
            (VPC | {"CidrBlock": "10.0.0.1-10.0.0.2"}, f"{NO_BLOCK} '10.0.0.1-10.0.0.2'"),
            (VPC | {"CidrBlock": "fe80::1%eth0/64"}, f"{NO_BLOCK} 'fe80::1%eth0/64'"),
            (VPC | {"CidrBlock": ["10.0.0.0/16"]}, "/Vpcs/0/CidrBlock: expected `str`, got ['10.0.0.0/16']"),
            ("vpc-1", "/Vpcs/0: expected `object`, got `str`"),
            (VPC | {"Tags": {"Name": "a"}}, "/Vpcs/0/Tags: expected `array`, got `object`"),
            (VPC | {"<origin>": "elsewhere.json"}, "/Vpcs/0/<origin>: is not a field of AWS's"),
        ],
    )
    def test_is_named_by_file_and_pointer(self, record: Any, problem: str) -> None:
        assert bad(ec2__describe_vpcs={"Vpcs": [record]}) == [f"describe-vpcs.json: {problem}"]

    def test_an_address_that_is_none(self) -> None:
        interface = {"NetworkInterfaceId": "eni-1", "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.256"}]}
        assert bad(ec2__describe_network_interfaces={"NetworkInterfaces": [interface]}) == [
            "describe-network-interfaces.json: /NetworkInterfaces/0/PrivateIpAddresses/0/PrivateIpAddress: "
            "expected an IP address, got '10.0.0.256'"
        ]

    def test_each_is_told_and_the_message_names_the_first(self) -> None:
        with pytest.raises(SnapshotError) as caught:
            load(
                ec2__describe_vpcs={"Vpcs": [VPC, {"VpcId": "vpc-2"}, VPC, {"CidrBlock": "10.0.0.0/16"}]},
                ec2__describe_subnets={"Subnets": [{}]},
            )
        assert isinstance(caught.value, BadRecordsError)
        assert [problem.place for problem in caught.value.problems] == ["/Subnets/0", "/Vpcs/1", "/Vpcs/3"]
        assert str(caught.value).endswith("/Subnets/0: object missing required field `SubnetId` (+2 more)")
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize(
        ("answer", "problem"),
        [
            ({"Vpcs": {}}, "/Vpcs: expected `array`, got `object`"),
            ({"Subnets": []}, "object missing required field `Vpcs`"),
            ([], "expected `object`, got `array`"),
        ],
    )
    def test_a_file_of_the_wrong_shape(self, answer: Any, problem: str) -> None:
        assert bad(ec2__describe_vpcs=answer) == [f"describe-vpcs.json: {problem}"]

    @pytest.mark.parametrize(
        ("call", "problem"),
        [
            ({"Parameters": {}}, "/Calls/0: expected Response or Error"),
            ({"Response": {}}, "/Calls/0: object missing required field `Parameters`"),
            ({"Parameters": {}, "Error": {}}, "/Calls/0/Error: object missing required field `Code`"),
            (
                {"Parameters": {}, "Response": {"Routes": [{"State": 1}]}},
                "/Calls/0/Response/Routes/0/State: expected `str`, got `int`",
            ),
        ],
    )
    def test_a_call_of_the_wrong_shape(self, call: Any, problem: str) -> None:
        assert bad(ec2__search_transit_gateway_routes={"Calls": [call]}) == [
            f"search-transit-gateway-routes.json: {problem}"
        ]

    @pytest.mark.parametrize("operation", ["describe-vpcs", "describe-lags", "describe-carrier-gateways"])
    def test_what_is_no_json_is_found_whether_or_not_anything_asks_for_it(self, operation: str) -> None:
        service = "directconnect" if operation == "describe-lags" else "ec2"
        files = {f"{PLACE}/{service}/{operation}.json": b'{"Vpcs": ['}
        with pytest.raises(SnapshotError, match="is not JSON: Input data was truncated"):
            Inventory.load(Snapshot.from_files(files))


class TestWhatIsForgiven:
    def test_a_null_is_a_field_that_was_left_out(self) -> None:
        inventory = load(ec2__describe_vpcs={"Vpcs": [VPC | {"OwnerId": None, "Tags": None}]})
        assert inventory.vpcs["vpc-1"].owner_id == ""
        assert inventory.vpcs["vpc-1"].tags == ()

    def test_fields_that_are_not_known(self) -> None:
        assert "vpc-1" in load(ec2__describe_vpcs={"Vpcs": [VPC | {"New": {"Deep": [1]}}], "NextToken": "x"}).vpcs

    def test_bits_beyond_the_prefix_are_cleared(self) -> None:
        """As AWS does with those of a rule."""
        inventory = load(ec2__describe_vpcs={"Vpcs": [VPC | {"CidrBlock": "10.0.7.7/16"}]})
        assert inventory.vpcs["vpc-1"].cidr_block == "10.0.0.0/16"


class TestOrigin:
    def place(self, record: Record) -> str:
        assert record.origin is not None
        return f"{record.origin.document.ref.operation}: {record.origin.pointer}"

    def test_of_a_record_in_a_list(self) -> None:
        inventory = load(ec2__describe_vpcs={"Vpcs": [VPC, VPC | {"VpcId": "vpc-2"}]})
        assert self.place(inventory.vpcs["vpc-2"]) == "describe-vpcs: /Vpcs/1"

    def test_of_a_record_in_a_record(self) -> None:
        interface = {"NetworkInterfaceId": "eni-1", "PrivateIpAddress": "10.0.0.5"}
        instance = {"InstanceId": "i-1", "NetworkInterfaces": [interface]}
        inventory = load(ec2__describe_instances={"Reservations": [{}, {"Instances": [instance]}]})
        place = "describe-instances: /Reservations/1/Instances/0"
        assert self.place(inventory.instances["i-1"]) == place
        assert self.place(inventory.network_interfaces["eni-1"]) == f"{place}/NetworkInterfaces/0"

    def test_of_an_answer_about_a_resource(self) -> None:
        calls = [
            {"Parameters": {"Name": name}, "Response": {"Environment": {"Name": name, "Arn": "a"}}} for name in "ab"
        ]
        inventory = load(mwaa__get_environment={"Calls": calls})
        assert [self.place(environment) for environment in inventory.environments] == [
            "get-environment: /Calls/0/Response/Environment",
            "get-environment: /Calls/1/Response/Environment",
        ]

    def test_of_an_answer_that_an_adapter_moved(self) -> None:
        items: list[dict[str, Any]] = [
            {"TransitGatewayRouteTableId": name, "Routes": []} for name in ("tgw-rtb-1", "tgw-rtb-2")
        ]
        files = {"routes.json": json.dumps({"TransitGatewayStaticRoutes": items}).encode()}
        inventory = Inventory.load(Snapshot.from_files(files))
        asked = {"TransitGatewayRouteTableId": "tgw-rtb-2"}
        operation = "search-transit-gateway-routes"
        answer = inventory.call_with_origin("ec2", operation, "unknown", "unknown", RoutesFound, **asked)
        assert isinstance(answer, tuple)
        assert answer[1].pointer == "/TransitGatewayStaticRoutes/1"

    def test_equal_origins_are_equal(self) -> None:
        first = load(ec2__describe_vpcs={"Vpcs": [VPC]}).vpcs["vpc-1"].origin
        assert first is not None
        assert first == type(first)(first.document, "/Vpcs/0")
        assert not first != type(first)(first.document, "/Vpcs/0")  # noqa: SIM202 - the operator itself is tested
        assert hash(first) == hash(type(first)(first.document, "/Vpcs/0"))
        assert first != first.below("/Tags", 1)
        assert first != "somewhere"
        assert repr(first.below("/Tags", 1)) == f"Origin('{PLACE}/ec2/describe-vpcs.json', '/Vpcs/0/Tags/1')"
