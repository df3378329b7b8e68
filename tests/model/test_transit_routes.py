"""Transit gateways: attachments, associations, and the routes of their tables, listed or derived."""

from __future__ import annotations

from typing import Any

import pytest

from model.cases import EAST, HOME, OTHER, call, calls, file_of, foreign, load, load_files, vpc
from mwaanet.model.inventory import Inventory
from mwaanet.model.transit_gateway_route_table import TransitGatewayRoutes
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet

TABLE, GATEWAY = "tgw-rtb-1", "tgw-1"
TABLES = {"TransitGatewayRouteTables": [{"TransitGatewayRouteTableId": TABLE, "TransitGatewayId": GATEWAY}]}
SEARCH = "ec2__search_transit_gateway_routes"


def attachment(number: int, kind: str, resource: str, **more: Any) -> dict[str, Any]:
    return {
        "TransitGatewayAttachmentId": f"tgw-attach-{number}",
        "TransitGatewayId": GATEWAY,
        "TransitGatewayOwnerId": HOME,
        "ResourceType": kind,
        "ResourceId": resource,
        "State": "available",
    } | more


def route(cidr: str, kind: str = "propagated") -> dict[str, Any]:
    return {"DestinationCidrBlock": cidr, "Type": kind, "State": "active", "TransitGatewayAttachments": []}


def search(*routes: dict[str, Any], more: bool = False, **filters: list[str]) -> dict[str, Any]:
    asked = [{"Name": name, "Values": values} for name, values in filters.items()]
    answer = {"Routes": list(routes), "AdditionalRoutesAvailable": more}
    return call(answer, TransitGatewayRouteTableId=TABLE, Filters=asked)


def routes_of(inventory: Inventory) -> TransitGatewayRoutes:
    found = inventory.transit_gateway_routes(TABLE)
    assert isinstance(found, TransitGatewayRoutes), found
    return found


def searched(*made: dict[str, Any]) -> TransitGatewayRoutes:
    return routes_of(load(ec2__describe_transit_gateway_route_tables=TABLES, **{SEARCH: calls(*made)}))


class TestListedRoutes:
    @pytest.mark.parametrize(
        ("made", "complete"),
        [
            ([search(route("10.0.0.0/8"), state=["active", "blackhole"])], True),
            ([search(route("10.0.0.0/8"))], True),
            ([search(route("10.0.0.0/8"), type=["static", "propagated"])], True),
            ([search(route("10.0.0.0/8"), type=["static"]), search(type=["propagated"])], True),
            ([search(route("10.0.0.0/8"), state=["active"])], False),
            ([search(route("10.0.0.0/8"), state=["active"]), search(state=["blackhole"])], True),
            ([search(route("10.0.0.0/8"), more=True, state=["active", "blackhole"])], False),
            ([search(route("10.0.0.0/8"), attachment=["tgw-attach-1"])], False),
            ([call({"Routes": [route("10.0.0.0/8")]}, TransitGatewayRouteTableId=TABLE, Filters=[{"Name": 3}])], False),
            ([search(route("10.0.0.0/8"), type=[{"x": 1}])], False),  # type: ignore[list-item]
        ],
    )
    def test_are_complete_where_the_filters_leave_nothing_out(self, made: list[Any], complete: bool) -> None:
        found = searched(*made)
        assert found.complete is complete
        assert [one.destination_cidr_block for one in found.routes] == ["10.0.0.0/8"]
        assert [need.operation for need in found.needs] == ["search-transit-gateway-routes"]

    def test_the_same_route_found_twice_is_one(self) -> None:
        assert len(searched(search(route("10.0.0.0/8")), search(route("10.0.0.0/8"))).routes) == 1

    def test_the_origin_is_the_first_list(self) -> None:
        origin = searched(search(route("10.0.0.0/8"))).origin
        assert origin is not None
        assert origin.pointer == "/Calls/0/Response/Routes"

    def test_unknown(self) -> None:
        found = load(ec2__describe_transit_gateway_route_tables=TABLES).transit_gateway_routes(TABLE)
        assert isinstance(found, Unknown)
        assert [need.file for need in found.needs] == [f"accounts/{HOME}/{EAST}/ec2/search-transit-gateway-routes.json"]

    def test_gone(self) -> None:
        refused = {
            "Parameters": {"TransitGatewayRouteTableId": TABLE},
            "Error": {"Code": "InvalidRouteTableID.NotFound"},
        }
        found = load(ec2__describe_transit_gateway_route_tables=TABLES, **{SEARCH: calls(refused)})
        assert found.transit_gateway_routes(TABLE) == Unknown(reason=f"{TABLE} does not exist")


class TestDerivedRoutes:
    """A table of which only the static routes and the propagations are known, as Batfish keeps them."""

    def inventory(self, *propagations: tuple[str, str], state: str = "enabled") -> Inventory:
        listed = [
            {
                "TransitGatewayAttachmentId": f"tgw-attach-{kind}",
                "ResourceType": kind,
                "ResourceId": resource,
                "State": state,
            }
            for kind, resource in propagations
        ]
        blocks = [{"CidrBlock": cidr} for cidr in ("10.1.0.0/16", "10.2.0.0/16")]
        static: dict[str, Any] = {
            "VpnConnectionId": "vpn-static",
            "State": "available",
            "Options": {"StaticRoutesOnly": True},
        }
        static["Routes"] = [
            {"DestinationCidrBlock": "192.168.0.0/16", "State": "available"},
            {"DestinationCidrBlock": "172.16.0.0/12", "State": "deleted"},
        ]
        wrapped = {"TransitGatewayRouteTableId": TABLE}
        return foreign(
            tables=TABLES,
            vpcs={"Vpcs": [vpc("vpc-1", "10.1.0.0/16", CidrBlockAssociationSet=blocks)]},
            vpns={"VpnConnections": [static, {"VpnConnectionId": "vpn-bgp", "State": "available"}]},
            propagations={"TransitGatewayPropagations": [wrapped | {"TransitGatewayRouteTablePropagations": listed}]},
            routes={"TransitGatewayStaticRoutes": [wrapped | {"Routes": [route("0.0.0.0/0", "static")]}]},
        )

    @pytest.mark.parametrize(
        ("propagation", "cidrs", "known"),
        [
            (("vpc", "vpc-1"), ["10.1.0.0/16", "10.2.0.0/16"], True),
            (("vpn", "vpn-static"), ["192.168.0.0/16"], True),
            (("vpn", "vpn-bgp"), [], False),
            (("vpc", "vpc-unseen"), [], False),
            (("direct-connect-gateway", "dx-1"), [], False),
        ],
    )
    def test_follow_from_what_is_propagated(self, propagation: tuple[str, str], cidrs: list[str], known: bool) -> None:
        found = routes_of(self.inventory(propagation))
        assert [one.destination_cidr_block for one in found.routes] == ["0.0.0.0/0", *cidrs]
        assert [one.type for one in found.routes] == ["static"] + ["propagated"] * len(cidrs)
        assert [target.resource_id for target in found.learning] == ([] if known else [propagation[1]])
        assert [need.operation for need in found.needs] == [
            "search-transit-gateway-routes",
            "get-transit-gateway-route-table-propagations",
        ]

    def test_what_is_no_longer_propagated_is_left_out(self) -> None:
        assert len(routes_of(self.inventory(("vpc", "vpc-1"), state="disabled")).routes) == 1

    def test_without_the_propagations_nothing_is_known(self) -> None:
        wrapped = {"TransitGatewayRouteTableId": TABLE, "Routes": []}
        inventory = foreign(tables=TABLES, routes={"TransitGatewayStaticRoutes": [wrapped]})
        found = inventory.transit_gateway_routes(TABLE)
        assert isinstance(found, Unknown)
        assert found.needs[0].operation == "get-transit-gateway-route-table-propagations"


class TestAttachments:
    def inventory(self) -> Inventory:
        return load(
            ec2__describe_transit_gateway_attachments={
                "TransitGatewayAttachments": [attachment(1, "vpc", "vpc-1"), attachment(2, "vpn", "vpn-1")]
            },
            ec2__describe_transit_gateway_vpc_attachments={
                "TransitGatewayVpcAttachments": [
                    {
                        "TransitGatewayAttachmentId": f"tgw-attach-{number}",
                        "TransitGatewayId": GATEWAY,
                        "VpcId": vpc_id,
                        "State": state,
                    }
                    for number, vpc_id, state in (
                        (5, "vpc-1", "deleted"),
                        (1, "vpc-1", "available"),
                        (3, "vpc-3", "available"),
                    )
                ]
            },
        )

    def test_of_a_vpc_to_a_transit_gateway(self) -> None:
        inventory = self.inventory()
        found = inventory.attachment_of("vpc-1", GATEWAY)
        assert found is not None
        assert found.transit_gateway_attachment_id == "tgw-attach-1"
        assert inventory.attachment_of("vpc-1", "tgw-2") is None
        assert len(inventory.vpc_attachments_of("vpc-1")) == 2

    def test_of_a_resource_and_of_a_gateway(self) -> None:
        inventory = self.inventory()
        assert [a.transit_gateway_attachment_id for a in inventory.attachments_of_resource("vpn-1")] == ["tgw-attach-2"]
        assert [a.transit_gateway_attachment_id for a in inventory.attachments_of_gateway(GATEWAY)] == [
            "tgw-attach-1",
            "tgw-attach-2",
        ]
        assert list(inventory.attachments_of_gateway("tgw-2")) == list(inventory.attachments_of_resource("vpc-9")) == []

    def test_one_that_only_the_vpc_s_owner_tells_of(self) -> None:
        inventory = self.inventory()
        found = inventory.attachment("tgw-attach-3")
        assert found is not None
        assert (found.resource_type, found.resource_id, found.state) == ("vpc", "vpc-3", "available")
        assert found.origin == inventory.transit_gateway_vpc_attachments["tgw-attach-3"].origin
        assert inventory.attachment("tgw-attach-9") is None


class TestAssociations:
    ASK = "ec2__get_transit_gateway_route_table_associations"

    def association(self, state: str) -> dict[str, Any]:
        listed = [{"TransitGatewayAttachmentId": "tgw-attach-1", "State": state}]
        return calls(call({"Associations": listed}, TransitGatewayRouteTableId=TABLE))

    def test_as_the_table_tells(self) -> None:
        inventory = load(
            ec2__describe_transit_gateway_route_tables=TABLES, **{self.ASK: self.association("associated")}
        )
        assert inventory.associated_table("tgw-attach-1", GATEWAY) == TABLE
        assert inventory.associated_table("tgw-attach-1", "tgw-2") is None

    def test_one_that_is_given_up_is_none(self) -> None:
        inventory = load(
            ec2__describe_transit_gateway_route_tables=TABLES, **{self.ASK: self.association("disassociated")}
        )
        assert inventory.associated_table("tgw-attach-1", GATEWAY) is None

    @pytest.mark.parametrize(("state", "table"), [("associated", TABLE), ("disassociating", None)])
    def test_as_the_attachment_tells(self, state: str, table: str | None) -> None:
        association = {"TransitGatewayRouteTableId": TABLE, "State": state}
        listed = {"TransitGatewayAttachments": [attachment(1, "vpc", "vpc-1", Association=association)]}
        inventory = load(ec2__describe_transit_gateway_attachments=listed)
        assert inventory.associated_table("tgw-attach-1", GATEWAY) == table

    def test_is_for_the_owner_of_the_gateway_to_tell(self) -> None:
        shared = {"TransitGateways": [{"TransitGatewayId": GATEWAY, "OwnerId": OTHER}]}
        files = {
            file_of("ec2__describe_transit_gateways"): shared,
            file_of("ec2__describe_transit_gateway_attachments"): {
                "TransitGatewayAttachments": [attachment(1, "vpc", "vpc-1", TransitGatewayOwnerId=OTHER)]
            },
        }
        found = load_files(files).associated_table("tgw-attach-1", GATEWAY)
        assert isinstance(found, Unknown)
        assert [need.account for need in found.needs] == [OTHER]


class TestPublicAddresses:
    def test_of_interfaces_nat_gateways_and_ipv6(self) -> None:
        public = {"PrivateIpAddress": "10.0.0.10", "Association": {"PublicIp": "198.51.100.1"}}
        interfaces = [
            {"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1", "PrivateIpAddresses": [public]},
            {"NetworkInterfaceId": "eni-2", "VpcId": "vpc-2", "Ipv6Addresses": [{"Ipv6Address": "2001:db8::5"}]},
        ]
        nat = {"PublicIp": "198.51.100.2", "NetworkInterfaceId": "eni-3"}
        inventory = load(
            ec2__describe_network_interfaces={"NetworkInterfaces": interfaces},
            ec2__describe_nat_gateways={
                "NatGateways": [{"NatGatewayId": "nat-1", "VpcId": "vpc-1", "NatGatewayAddresses": [nat]}]
            },
        )
        found = inventory.public_holders_among(AddressSet.parse("198.51.100.0/24", "2001:db8::/64"))
        assert [(str(addresses), *rest) for addresses, *rest in found] == [
            ("198.51.100.1", "vpc-1", "eni-1"),
            ("198.51.100.2", "vpc-1", "eni-3"),
            ("2001:db8::5", "vpc-2", "eni-2"),
        ]
        assert inventory.public_holders_among(AddressSet.parse("203.0.113.0/24")) == []
