"""What leads where: gateways, peerings, prefix lists, load balancers and the links to on-premises."""

from __future__ import annotations

from typing import Any

import pytest

from model.cases import EAST, HOME, OTHER, call, calls, file_of, foreign, interface, load, load_files, vpc
from mwaanet.model.inventory import Inventory
from mwaanet.model.unknown import Unknown

ELB = f"arn:aws:elasticloadbalancing:{EAST}:{HOME}"
BALANCER, GROUP = f"{ELB}:loadbalancer/net/n/1", f"{ELB}:targetgroup/t/1"

ROUTES = {"RouteTables": [{"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Routes": [{"GatewayId": "igw-2"}]}]}
MANAGED = {"PrefixListId": "pl-1", "PrefixListName": "com.amazonaws.us-east-1.s3", "OwnerId": "AWS"}
ENTRIES = call({"Entries": [{"Cidr": "10.1.0.0/16"}, {"Cidr": "2001:db8::/32"}]}, PrefixListId="pl-1")
DIRECT_CONNECT = {"directConnectGateways": [{"directConnectGatewayId": "dx-1"}]}
ASSOCIATIONS = "directconnect__describe_direct_connect_gateway_associations"


def needs(found: object) -> list[str]:
    assert isinstance(found, Unknown), found
    return [need.file for need in found.needs]


class TestInternetGateways:
    def test_those_attached(self) -> None:
        gateways = [{"InternetGatewayId": "igw-1", "Attachments": [{"VpcId": "vpc-1", "State": "available"}]}]
        inventory = load(
            ec2__describe_vpcs={"Vpcs": [vpc()]},
            ec2__describe_internet_gateways={"InternetGateways": gateways},
            ec2__describe_route_tables=ROUTES,
        )
        assert inventory.internet_gateways_of("vpc-1") == ["igw-1"]
        assert inventory.internet_gateways_of("vpc-2") == []

    def test_where_they_were_not_described_the_routes_name_them(self) -> None:
        inventory = load(ec2__describe_vpcs={"Vpcs": [vpc()]}, ec2__describe_route_tables=ROUTES)
        assert inventory.internet_gateways_of("vpc-1") == ["igw-2"]
        assert inventory.vpc_routing_to("igw-2") == "vpc-1"
        assert inventory.vpc_routing_to("igw-1") == ""


class TestHolders:
    def inventory(self) -> Inventory:
        return load(
            ec2__describe_network_interfaces={"NetworkInterfaces": [interface(3, Description="ELB net/n/1")]},
            ec2__describe_vpc_endpoints={
                "VpcEndpoints": [
                    {
                        "VpcEndpointId": "vpce-1",
                        "VpcId": "vpc-1",
                        "NetworkInterfaceIds": ["eni-1"],
                        "State": "available",
                    },
                    {"VpcEndpointId": "vpce-2", "VpcId": "vpc-1", "NetworkInterfaceIds": ["eni-9"], "State": "deleted"},
                ]
            },
            ec2__describe_nat_gateways={
                "NatGateways": [
                    {
                        "NatGatewayId": "nat-1",
                        "VpcId": "vpc-1",
                        "NatGatewayAddresses": [{"NetworkInterfaceId": "eni-2"}],
                    },
                    {"NatGatewayId": "nat-2", "VpcId": "vpc-1", "State": "deleted"},
                ]
            },
            elbv2__describe_load_balancers={"LoadBalancers": [{"LoadBalancerArn": BALANCER}]},
        )

    def test_of_an_interface(self) -> None:
        inventory = self.inventory()
        assert inventory.endpoint_of_interface("eni-1") == "vpce-1"
        assert inventory.nat_gateway_of_interface("eni-2") == "nat-1"
        assert inventory.load_balancer_of_interface("eni-3") == BALANCER
        for ask in (
            inventory.endpoint_of_interface,
            inventory.nat_gateway_of_interface,
            inventory.load_balancer_of_interface,
        ):
            assert ask("eni-4") == ""

    def test_what_is_deleted_is_not_there(self) -> None:
        inventory = self.inventory()
        assert [gateway.nat_gateway_id for gateway in inventory.nat_gateways_of("vpc-1")] == ["nat-1"]
        assert [endpoint.vpc_endpoint_id for endpoint in inventory.vpc_endpoints_of("vpc-1")] == ["vpce-1"]
        assert inventory.endpoint_of_interface("eni-9") == ""


class TestServices:
    @pytest.mark.parametrize(
        ("name", "owned"),
        [
            ("com.amazonaws.us-east-1.sqs", True),
            ("cn.com.amazonaws.cn-north-1.ecr.api", True),
            ("api.aws.us-east-1.cassandra-streams", True),
            ("aws.api.us-east-1.bcm-data-exports", True),
            ("com.amazonaws.vpce.us-east-1.vpce-svc-1", False),
            ("com.amazonaws.vpce.us-east-1.vpce-svc-2", True),
            ("com.amazonaws.vpce.us-east-1.vpce-svc-3", True),
            ("org.example.service", False),
        ],
    )
    def test_which_aws_owns(self, name: str, owned: bool) -> None:
        record = {"Name": "e", "Arn": "a", "DatabaseVpcEndpointService": "com.amazonaws.vpce.us-east-1.vpce-svc-2"}
        details = [{"ServiceName": "com.amazonaws.vpce.us-east-1.vpce-svc-3", "Owner": "amazon"}]
        inventory = load(
            mwaa__get_environment=calls(call({"Environment": record}, Name="e")),
            ec2__describe_vpc_endpoint_services={"ServiceDetails": details},
        )
        assert inventory.is_aws_service(name) is owned


class TestPeerings:
    def test_only_active_ones_of_the_same_region_make_neighbours(self) -> None:
        def peering(number: int, code: str, region: str = EAST) -> dict[str, Any]:
            ends = [{"VpcId": "vpc-1", "Region": EAST}, {"VpcId": f"vpc-{number}", "Region": region}]
            return {
                "VpcPeeringConnectionId": f"pcx-{number}",
                "RequesterVpcInfo": ends[number % 2],
                "AccepterVpcInfo": ends[1 - number % 2],
                "Status": {"Code": code},
            }

        made = [peering(2, "active"), peering(3, "active"), peering(4, "deleted"), peering(5, "active", "eu-west-1")]
        inventory = load(ec2__describe_vpc_peering_connections={"VpcPeeringConnections": made})
        assert inventory.peered_vpcs("vpc-1") == ["vpc-2", "vpc-3"]
        assert inventory.peered_vpcs("vpc-3") == ["vpc-1"]
        assert len(inventory.peerings_of("vpc-1")) == 4


class TestPrefixLists:
    def test_managed(self) -> None:
        inventory = load(
            ec2__describe_managed_prefix_lists={"PrefixLists": [MANAGED]},
            ec2__get_managed_prefix_list_entries=calls(ENTRIES),
        )
        assert str(inventory.prefix_list_entries("pl-1", HOME, EAST)) == "10.1.0.0/16, 2001:db8::/32"
        assert inventory.aws_prefix_list("com.amazonaws.us-east-1.s3") == "pl-1"
        assert inventory.aws_prefix_list("com.amazonaws.us-east-1.dynamodb") == ""

    def test_as_another_account_sees_it(self) -> None:
        inventory = load_files({file_of("ec2__get_managed_prefix_list_entries", OTHER): calls(ENTRIES)})
        assert str(inventory.prefix_list_entries("pl-1", HOME, EAST)) == "10.1.0.0/16, 2001:db8::/32"

    def test_of_a_service(self) -> None:
        lists = [{"PrefixListId": "pl-1", "PrefixListName": "s3", "Cidrs": ["52.92.0.0/16"]}]
        inventory = foreign(lists={"PrefixLists": lists})
        assert inventory.prefix_list_cidrs("pl-1", HOME, EAST) == ("52.92.0.0/16",)

    def test_unknown(self) -> None:
        operation = "get-managed-prefix-list-entries"
        inventory = load(ec2__describe_managed_prefix_lists={"PrefixLists": [MANAGED]})
        assert needs(inventory.prefix_list_entries("pl-1", HOME, EAST)) == [
            f"accounts/{HOME}/{EAST}/ec2/{operation}.json"
        ]

    def test_gone(self) -> None:
        refused = {"Parameters": {"PrefixListId": "pl-1"}, "Error": {"Code": "InvalidPrefixListID.NotFound"}}
        found = load(ec2__get_managed_prefix_list_entries=calls(refused)).prefix_list_entries("pl-1", HOME, EAST)
        assert isinstance(found, Unknown)


class TestLoadBalancers:
    def inventory(self) -> Inventory:
        actions = [
            {"Type": "forward", "TargetGroupArn": GROUP, "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": GROUP}]}}
        ]
        listener = {
            "ListenerArn": "l",
            "LoadBalancerArn": BALANCER,
            "Port": 443,
            "Protocol": "TCP",
            "DefaultActions": actions,
        }
        target = {"Target": {"Id": "10.0.0.5", "Port": 8081}, "TargetHealth": {"State": "healthy"}}
        attributes = {"Attributes": [{"Key": "load_balancing.cross_zone.enabled", "Value": "true"}]}
        return load(
            elbv2__describe_load_balancers={"LoadBalancers": [{"LoadBalancerArn": BALANCER}]},
            elbv2__describe_target_groups={"TargetGroups": [{"TargetGroupArn": GROUP, "LoadBalancerArns": [BALANCER]}]},
            elbv2__describe_listeners=calls(call({"Listeners": [listener]}, LoadBalancerArn=BALANCER)),
            elbv2__describe_load_balancer_attributes=calls(call(attributes, LoadBalancerArn=BALANCER)),
            elbv2__describe_target_group_attributes=calls(call({"Attributes": []}, TargetGroupArn=GROUP)),
            elbv2__describe_target_health=calls(call({"TargetHealthDescriptions": [target]}, TargetGroupArn=GROUP)),
        )

    def test_from_listener_to_target(self) -> None:
        inventory = self.inventory()
        listeners = inventory.listeners(BALANCER)
        health = inventory.target_health(GROUP)
        assert not isinstance(listeners, Unknown)
        assert not isinstance(health, Unknown)
        assert [listener.target_group_arns for listener in listeners] == [(GROUP,)]
        assert [item.target.id for item in health] == ["10.0.0.5"]
        assert inventory.target_groups_of(BALANCER) == [GROUP]
        assert inventory.load_balancer_attributes(BALANCER) == {"load_balancing.cross_zone.enabled": "true"}
        assert inventory.target_group_attributes(GROUP) == {}

    def test_one_that_is_in_the_account_that_its_name_says(self) -> None:
        missing = BALANCER.replace(HOME, OTHER)
        for found in (self.inventory().listeners(missing), self.inventory().load_balancer_attributes(missing)):
            assert needs(found)[0].startswith(f"accounts/{OTHER}/{EAST}/elbv2/describe-l")

    def test_batfish_s_wrappers(self) -> None:
        """In a folder that names neither account nor Region."""
        inventory = foreign(
            a={"LoadBalancers": [{"LoadBalancerArn": "lb"}]},
            b={"LoadBalancerListeners": [{"LoadBalancerArn": "lb", "Listeners": [{"Port": 80}]}]},
            c={"LoadBalancerTargetHealth": [{"TargetGroupArn": "tg", "TargetHealthDescriptions": []}]},
        )
        listeners = inventory.listeners("lb")
        assert not isinstance(listeners, Unknown)
        assert [listener.port for listener in listeners] == [80]
        assert inventory.target_health("tg") == ()


class TestVpnGateways:
    def inventory(self) -> Inventory:
        learned = {"Origin": "EnableVgwRoutePropagation", "GatewayId": "vgw-1", "State": "active"}
        routes = [
            learned | {"DestinationCidrBlock": "192.168.0.0/16"},
            learned | {"DestinationIpv6CidrBlock": "2001:db8::/32"},
            learned | {"DestinationCidrBlock": "0.0.0.0/0"},
            learned | {"DestinationCidrBlock": "172.16.0.0/12", "Origin": "CreateRoute"},
        ]
        table = {"RouteTableId": "r", "VpcId": "v", "Routes": routes, "PropagatingVgws": [{"GatewayId": "vgw-1"}]}
        attachments = [{"VpcId": "vpc-1", "State": "attached"}, {"VpcId": "vpc-2", "State": "detached"}]
        return load(
            ec2__describe_route_tables={"RouteTables": [table]},
            ec2__describe_vpn_gateways={"VpnGateways": [{"VpnGatewayId": "vgw-1", "VpcAttachments": attachments}]},
            ec2__describe_vpn_connections={
                "VpnConnections": [
                    {"VpnConnectionId": "vpn-1", "VpnGatewayId": "vgw-1", "State": "available"},
                    {"VpnConnectionId": "vpn-2", "VpnGatewayId": "vgw-1", "State": "deleted"},
                ]
            },
        )

    def test_attached_and_connected(self) -> None:
        inventory = self.inventory()
        assert [gateway.vpn_gateway_id for gateway in inventory.vpn_gateways_of("vpc-1")] == ["vgw-1"]
        assert list(inventory.vpn_gateways_of("vpc-2")) == []
        assert [connection.vpn_connection_id for connection in inventory.vpn_connections_of("vgw-1")] == ["vpn-1"]

    def test_what_it_learned_is_seen_where_it_is_propagated(self) -> None:
        inventory = self.inventory()
        assert inventory.propagates("vgw-1")
        assert not inventory.propagates("vgw-2")
        assert str(inventory.propagated_prefixes("vgw-1", default=False)) == "192.168.0.0/16, 2001:db8::/32"
        assert "8.8.8.8" in inventory.propagated_prefixes("vgw-1")
        assert not inventory.propagated_prefixes("vgw-2")


class TestDirectConnect:
    def association(self, gateway: str) -> dict[str, Any]:
        return {
            "directConnectGatewayAssociations": [
                {"directConnectGatewayId": "dx-1", "associatedGateway": {"id": gateway}}
            ]
        }

    def test_associations(self) -> None:
        asked = [call(self.association(gateway), directConnectGatewayId="dx-1") for gateway in ("tgw-1", "vgw-1")]
        files = {
            file_of("directconnect__describe_direct_connect_gateways"): DIRECT_CONNECT,
            file_of(ASSOCIATIONS, region="eu-west-1"): calls(),
            file_of(ASSOCIATIONS): calls(*asked),
        }
        inventory = load_files(files)
        found = inventory.direct_connect_associations("dx-1")
        assert not isinstance(found, Unknown)
        assert [association.associated_gateway.id for association in found] == ["tgw-1", "vgw-1"]
        assert inventory.direct_connect_gateways_of("vgw-1") == ["dx-1"]
        assert inventory.direct_connect_gateways_of("vgw-2") == []

    def test_associations_that_were_not_asked_for(self) -> None:
        inventory = load(directconnect__describe_direct_connect_gateways=DIRECT_CONNECT)
        operation = "describe-direct-connect-gateway-associations"
        assert needs(inventory.direct_connect_associations("dx-1")) == [
            f"accounts/{HOME}/{EAST}/directconnect/{operation}.json"
        ]
        assert inventory.direct_connect_gateways_of("vgw-1") == []

    def interfaces(self, *interfaces: dict[str, Any], attached: str = "") -> Any:
        attachment = {
            "directConnectGatewayId": "dx-1",
            "virtualInterfaceId": attached,
            "virtualInterfaceOwnerAccount": OTHER,
            "virtualInterfaceRegion": "eu-west-1",
            "attachmentState": "attached",
        }
        answer = {"directConnectGatewayAttachments": [attachment] if attached else []}
        inventory = load(
            directconnect__describe_direct_connect_gateways=DIRECT_CONNECT,
            directconnect__describe_virtual_interfaces={"virtualInterfaces": list(interfaces)},
            directconnect__describe_direct_connect_gateway_attachments=calls(
                call(answer, directConnectGatewayId="dx-1")
            ),
        )
        return inventory.virtual_interfaces_of("dx-1")

    def test_virtual_interfaces_that_are_alive(self) -> None:
        made = [
            {"virtualInterfaceId": f"dxvif-{state}", "virtualInterfaceState": state, "directConnectGatewayId": "dx-1"}
            for state in ("available", "down", "deleted")
        ]
        assert [interface.virtual_interface_id for interface in self.interfaces(*made)] == [
            "dxvif-available",
            "dxvif-down",
        ]

    def test_none(self) -> None:
        assert self.interfaces() == ()

    def test_one_of_another_account(self) -> None:
        found = self.interfaces(attached="dxvif-1")
        assert found.reason == "dxvif-1 of dx-1 is not in the snapshot"
        assert needs(found) == [f"accounts/{OTHER}/eu-west-1/directconnect/describe-virtual-interfaces.json"]

    def test_not_asked(self) -> None:
        found = load(directconnect__describe_direct_connect_gateways=DIRECT_CONNECT).virtual_interfaces_of("dx-1")
        assert needs(found) == [f"accounts/{HOME}/{EAST}/directconnect/describe-virtual-interfaces.json"]
