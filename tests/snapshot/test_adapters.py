"""Foreign layouts: describe output that somebody already has, wherever and however it was kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mwaanet.errors import SnapshotError
from mwaanet.snapshot import UNKNOWN_ACCOUNT, UNKNOWN_REGION, CallRef, Document, Kind, Snapshot

ACCOUNT = "111122223333"
OTHER = "444455556666"


def text(content: Any) -> bytes:
    return json.dumps(content).encode()


def vpcs(owner: str = ACCOUNT, zone: str = "") -> bytes:
    return text({"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "OwnerId": owner, "AvailabilityZone": zone}]})


def only(files: dict[str, bytes]) -> Document:
    (document,) = Snapshot.from_files(files).documents
    return document


def refs(files: dict[str, bytes]) -> dict[str, CallRef]:
    return {document.file: document.ref for document in Snapshot.from_files(files).documents}


def calls(document: Document) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    assert document.kind is Kind.CALLS
    return [(call["Parameters"], call["Response"]) for call in json.loads(document.read())["Calls"]]


class TestRecognising:
    def test_the_key_decides_not_the_name(self) -> None:
        assert only({"notes.json": vpcs()}).ref.operation == "describe-vpcs"

    def test_pagination_and_metadata_do_not_matter(self) -> None:
        content = text({"NextToken": "x", "ResponseMetadata": {}, "Subnets": []})
        assert only({"a.json": content}).ref.operation == "describe-subnets"

    def test_a_file_may_hold_several_answers(self) -> None:
        snapshot = Snapshot.from_files({"all.json": text({"Vpcs": [], "Subnets": [], "Other": 1})})
        assert [document.ref.operation for document in snapshot.documents] == ["describe-vpcs", "describe-subnets"]
        assert all(json.loads(document.read())["Other"] == 1 for document in snapshot.documents)

    def test_two_files_of_one_call_are_both_documents(self) -> None:
        snapshot = Snapshot.from_files({"page-1.json": vpcs(), "page-2.json": vpcs()})
        assert len(snapshot.documents_of(snapshot.documents[0].ref)) == 2

    @pytest.mark.parametrize(
        "content",
        [{"Tags": []}, [], "text", {"Policy": "{}"}, {"Attributes": []}, {"Environments": [{"EnvironmentName": "eb"}]}],
        ids=["unknown-key", "array", "text", "whose-policy", "whose-attributes", "beanstalk"],
    )
    def test_what_is_not_known_is_skipped_with_its_path(self, content: Any) -> None:
        snapshot = Snapshot.from_files({"vpcs.json": vpcs(), "folder/other.json": text(content)})
        assert snapshot.skipped == ("folder/other.json",)

    @pytest.mark.parametrize(
        ("file", "content", "operation"),
        [
            ("a.json", [{"PrefixListId": "pl-1", "Cidrs": []}], "describe-prefix-lists"),
            ("a.json", [{"PrefixListId": "pl-1", "OwnerId": "AWS"}], "describe-managed-prefix-lists"),
            ("ec2-describe-managed-prefix-lists.json", [], "describe-managed-prefix-lists"),
            ("PrefixLists.json", [], "describe-prefix-lists"),
        ],
    )
    def test_two_operations_answer_prefix_lists(self, file: str, content: Any, operation: str) -> None:
        assert only({file: text({"PrefixLists": content})}).ref.operation == operation

    def test_a_file_of_calls_is_known_by_its_name(self) -> None:
        content = text({"Calls": [{"Parameters": {"Bucket": "b"}, "Response": {"Policy": "{}"}}]})
        assert only({"get-bucket-policy.json": content}).ref.service == "s3"
        assert Snapshot.from_files({"vpcs.json": vpcs(), "policy.json": content}).skipped == ("policy.json",)

    def test_who_was_asked_is_known_by_all_its_keys(self) -> None:
        content = text({"UserId": "A", "Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:root"})
        document = only({"me.json": content})
        assert document.ref[::3] == (ACCOUNT, "get-caller-identity")


class TestOneResourceEach:
    """Responses to calls made once per resource, where they say which resource they are about."""

    @pytest.mark.parametrize(
        ("operation", "response", "parameters"),
        [
            ("get-environment", {"Environment": {"Name": "e"}}, {"Name": "e"}),
            ("get-hosted-zone", {"HostedZone": {"Id": "/hostedzone/Z1"}, "VPCs": []}, {"Id": "/hostedzone/Z1"}),
            ("describe-key", {"KeyMetadata": {"KeyId": "k"}}, {"KeyId": "k"}),
            ("get-role", {"Role": {"RoleName": "r"}}, {"RoleName": "r"}),
            ("get-policy", {"Policy": {"Arn": "arn:p"}}, {"PolicyArn": "arn:p"}),
            ("list-objects-v2", {"Contents": [], "Name": "b", "Prefix": ""}, {"Bucket": "b"}),
            (
                "get-role-policy",
                {"RoleName": "r", "PolicyName": "p", "PolicyDocument": {}},
                {"RoleName": "r", "PolicyName": "p"},
            ),
            (
                "describe-vpc-attribute",
                {"VpcId": "vpc-1", "EnableDnsSupport": {"Value": True}},
                {"VpcId": "vpc-1", "Attribute": "enableDnsSupport"},
            ),
            (
                "describe-firewall-policy",
                {"FirewallPolicyResponse": {"FirewallPolicyArn": "arn:f"}, "FirewallPolicy": {}},
                {"FirewallPolicyArn": "arn:f"},
            ),
        ],
    )
    def test_is_a_call(self, operation: str, response: dict[str, Any], parameters: dict[str, str]) -> None:
        document = only({"answer.json": text(response)})
        assert document.ref.operation == operation
        assert calls(document) == [(parameters, response)]
        assert document.written("/Calls/0/Response/Deep/1") == "/Deep/1"

    @pytest.mark.parametrize(
        ("operation", "key"),
        [
            ("describe-client-vpn-target-networks", "ClientVpnTargetNetworks"),
            ("describe-client-vpn-routes", "Routes"),
            ("describe-client-vpn-authorization-rules", "AuthorizationRules"),
        ],
    )
    def test_lists_of_a_client_vpn_endpoint_name_it(self, operation: str, key: str) -> None:
        response = {key: [{"ClientVpnEndpointId": "cvpn-endpoint-1", "Status": {"Code": "active"}}]}
        document = only({"answer.json": text(response)})
        assert document.ref.operation == operation
        assert calls(document) == [({"ClientVpnEndpointId": "cvpn-endpoint-1"}, response)]

    def test_routes_of_nobody_are_skipped(self) -> None:
        content = text({"Routes": [{"DestinationCidrBlock": "10.0.0.0/8", "Type": "static"}]})
        assert Snapshot.from_files({"vpcs.json": vpcs(), "routes.json": content}).skipped == ("routes.json",)

    def test_a_list_that_names_its_resources_is_a_call_for_each(self) -> None:
        listeners = [
            {"ListenerArn": name, "LoadBalancerArn": arn} for name, arn in (("1", "a"), ("2", "b"), ("3", "a"))
        ]
        document = only({"listeners.json": text({"Listeners": listeners})})
        assert calls(document) == [
            ({"LoadBalancerArn": "a"}, {"Listeners": [listeners[0], listeners[2]]}),
            ({"LoadBalancerArn": "b"}, {"Listeners": [listeners[1]]}),
        ]
        assert document.written("/Calls/1/Response/Listeners/0") == "/Listeners"

    def test_cloudmapper_names_the_file_by_the_resource(self) -> None:
        folder = "account-data/demo/us-east-1/elbv2-describe-target-health"
        arn = f"arn:aws:elasticloadbalancing:us-east-1:{ACCOUNT}:targetgroup/t/1"
        name = arn.replace(":", "%3A").replace("/", "%2F")
        document = only({f"{folder}/{name}": text({"TargetHealthDescriptions": []})})
        assert calls(document) == [({"TargetGroupArn": arn}, {"TargetHealthDescriptions": []})]
        assert document.ref.region == "us-east-1"

    def test_one_that_does_not_say_is_skipped(self) -> None:
        files = {"vpcs.json": vpcs(), "health.json": text({"TargetHealthDescriptions": []})}
        assert Snapshot.from_files(files).skipped == ("health.json",)
        files["health.json"] = text({"Environment": {"Name": 7}})
        assert Snapshot.from_files(files).skipped == ("health.json",)


class TestBatfish:
    @pytest.mark.parametrize(
        ("key", "operation", "parameter", "rest"),
        [
            ("LoadBalancerAttributes", "describe-load-balancer-attributes", "LoadBalancerArn", {"Attributes": []}),
            ("LoadBalancerListeners", "describe-listeners", "LoadBalancerArn", {"Listeners": []}),
            ("LoadBalancerTargetHealth", "describe-target-health", "TargetGroupArn", {"TargetHealthDescriptions": []}),
            (
                "TransitGatewayPropagations",
                "get-transit-gateway-route-table-propagations",
                "TransitGatewayRouteTableId",
                {"TransitGatewayRouteTablePropagations": []},
            ),
        ],
    )
    def test_wrapped_answers_are_calls(self, key: str, operation: str, parameter: str, rest: dict[str, Any]) -> None:
        document = only({f"aws_configs/us-east-1/{key}-us-east-1.json": text({key: [{parameter: "x"} | rest]})})
        assert document.ref.operation == operation
        assert calls(document) == [({parameter: "x"}, rest)]
        assert document.written("/Calls/0/Response/Attributes/2") == f"/{key}/0/Attributes/2"

    def test_static_routes_are_marked_as_being_all_that_was_asked_for(self) -> None:
        item = {"TransitGatewayRouteTableId": "tgw-rtb-1", "Routes": [], "AdditionalRoutesAvailable": False}
        document = only({"TransitGatewayStaticRoutes.json": text({"TransitGatewayStaticRoutes": [item]})})
        ((parameters, response),) = calls(document)
        assert parameters["Filters"] == [{"Name": "type", "Values": ["static"]}]
        assert response == {"Routes": [], "AdditionalRoutesAvailable": False}

    def test_direct_connect_is_written_as_aws_writes_it(self) -> None:
        item = {"VirtualInterfaceId": "dxvif-1", "BgpPeers": [{"BgpStatus": "up", "Asn": 65001}]}
        document = only({"VirtualInterfaces.json": text({"VirtualInterfaces": [item]})})
        assert json.loads(document.read()) == {
            "virtualInterfaces": [{"virtualInterfaceId": "dxvif-1", "bgpPeers": [{"bgpStatus": "up", "asn": 65001}]}]
        }
        assert document.written("/virtualInterfaces/0") == "/VirtualInterfaces/0"

    def test_direct_connect_associations_are_calls_by_gateway(self) -> None:
        items = [{"DirectConnectGatewayId": "dx", "AssociationState": state} for state in ("associated", "updating")]
        document = only({"x.json": text({"DirectConnectGatewayAssociations": items})})
        assert [parameters for parameters, _ in calls(document)] == [{"directConnectGatewayId": "dx"}] * 2
        place = "/Calls/1/Response/directConnectGatewayAssociations/0/associationState"
        assert document.written(place) == "/DirectConnectGatewayAssociations/1/associationState"

    def test_a_wrapper_of_the_wrong_shape_is_an_error(self) -> None:
        with pytest.raises(SnapshotError, match=r"a\.json: /LoadBalancerListeners: expected an array of objects"):
            Snapshot.from_files({"a.json": text({"LoadBalancerListeners": {"a": 1}})})


class TestPlace:
    @pytest.mark.parametrize(
        ("file", "account", "region"),
        [
            (f"aws_configs/accounts/{OTHER}/eu-west-1/Vpcs.json", OTHER, "eu-west-1"),
            (f"{OTHER}/us-gov-west-1/Vpcs.json", OTHER, "us-gov-west-1"),
            ("aws_configs/ap-southeast-2/Vpcs.json", ACCOUNT, "ap-southeast-2"),
            ("aws_configs/Vpcs-sa-east-1.json", ACCOUNT, "sa-east-1"),
            (f"vpcs_{OTHER}_cn-north-1.json", OTHER, "cn-north-1"),
            ("account-data/prod/us-west-2/ec2-describe-vpcs.json", ACCOUNT, "us-west-2"),
            ("vpcs.json", ACCOUNT, UNKNOWN_REGION),
        ],
    )
    def test_from_the_path_else_the_data(self, file: str, account: str, region: str) -> None:
        assert only({file: vpcs()}).ref[:2] == (account, region)

    def test_from_zones_and_owners(self) -> None:
        assert only({"vpcs.json": vpcs(OTHER, "eu-central-1a")}).ref[:2] == (OTHER, "eu-central-1")

    def test_peerings_name_two_regions_and_decide_none(self) -> None:
        info = {"VpcId": "vpc-1", "Region": "eu-west-1"}
        peerings = text({"VpcPeeringConnections": [{"RequesterVpcInfo": info, "AccepterVpcInfo": info}]})
        found = refs({"peerings.json": peerings, "vpcs.json": vpcs(ACCOUNT, "us-east-2b")})
        assert {ref.region for ref in found.values()} == {"us-east-2"}

    def test_from_arns(self) -> None:
        arn = f"arn:aws:elasticloadbalancing:eu-north-1:{OTHER}:loadbalancer/net/n/1"
        assert only({"lb.json": text({"LoadBalancers": [{"LoadBalancerArn": arn}]})}).ref[:2] == (OTHER, "eu-north-1")

    @pytest.mark.parametrize(
        ("name", "region"),
        [
            ("com.amazonaws.eu-south-2.s3", "eu-south-2"),
            ("cn.com.amazonaws.cn-north-1.sqs", "cn-north-1"),
            ("cn.com.amazonaws.vpce.cn-northwest-1.vpce-svc-1", "cn-northwest-1"),
        ],
    )
    def test_from_the_names_of_services(self, name: str, region: str) -> None:
        content = text({"VpcEndpoints": [{"ServiceName": name}]})
        assert only({"endpoints.json": content}).ref.region == region

    def test_of_other_files_beside_it(self) -> None:
        found = refs({"vpcs.json": vpcs(ACCOUNT, "us-east-2b"), "nat.json": text({"NatGateways": []})})
        assert found["nat.json"][:2] == (ACCOUNT, "us-east-2")

    def test_each_folder_is_an_account_of_its_own(self) -> None:
        found = refs({f"{name}/vpcs.json": vpcs(owner) for name, owner in (("a", ACCOUNT), ("b", OTHER))})
        assert [ref.account for ref in found.values()] == [ACCOUNT, OTHER]

    def test_what_others_share_does_not_move_a_folder(self) -> None:
        shared = text({"TransitGateways": [{"TransitGatewayId": "tgw-1", "OwnerId": OTHER}]})
        groups = text({"SecurityGroups": [{"GroupId": "sg-1", "OwnerId": ACCOUNT}]})
        found = refs({"tgw.json": shared, "sg.json": groups})
        assert {ref.account for ref in found.values()} == {ACCOUNT}

    def test_cloudmapper_s_own_name_of_an_account_where_no_id_is_found(self) -> None:
        file = "account-data/demo/us-east-1/ec2-describe-nat-gateways.json"
        assert only({file: text({"NatGateways": []})}).ref.account == "demo"

    def test_nothing_tells(self) -> None:
        assert only({"nat.json": text({"NatGateways": []})}).ref[:2] == (UNKNOWN_ACCOUNT, UNKNOWN_REGION)

    def test_services_without_a_region_are_global(self) -> None:
        assert only({"us-east-1/zones.json": text({"HostedZones": []})}).ref.region == "global"

    def test_the_manifest_is_made_from_what_is_found(self) -> None:
        files = {f"{OTHER}/us-east-1/{name}.json": text({key: []}) for name, key in (("a", "Vpcs"), ("b", "Subnets"))}
        manifest = Snapshot.from_files(files | {f"{ACCOUNT}/eu-west-1/a.json": vpcs()}).manifest
        assert manifest.accounts == {ACCOUNT: ("eu-west-1",), OTHER: ("us-east-1",)}
        assert manifest.home is not None
        assert (manifest.home.account, manifest.home.region) == (OTHER, "us-east-1")
