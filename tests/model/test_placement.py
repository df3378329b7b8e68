"""Where things lie: addresses, subnets, interfaces, and the tables and ACLs that apply."""

from __future__ import annotations

from typing import Any

import pytest

from model.cases import HOME, OTHER, call, calls, file_of, foreign, interface, load, load_files, subnet, vpc
from mwaanet.errors import SnapshotError
from mwaanet.model.network_acl import NetworkAcl
from mwaanet.model.placement import parse_addresses
from mwaanet.model.route_table import RouteTable
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet


def block(cidr: str, state: str = "associated", key: str = "CidrBlock") -> dict[str, Any]:
    return {key: cidr, f"{key}State": {"State": state}}


class TestAddresses:
    def test_a_vpc_has_its_associated_blocks(self) -> None:
        more = [block("10.0.0.0/16"), block("10.1.0.0/16"), block("10.2.0.0/16", "disassociated")]
        six = [block("2001:db8::/56", key="Ipv6CidrBlock"), block("2001:db8:1::/56", "failing", "Ipv6CidrBlock")]
        record = vpc(CidrBlockAssociationSet=more, Ipv6CidrBlockAssociationSet=six)
        inventory = load(ec2__describe_vpcs={"Vpcs": [record]})
        assert str(inventory.vpc_cidrs("vpc-1")) == "10.0.0.0/15, 2001:db8::/56"
        assert inventory.vpc_blocks("vpc-1") == ["10.0.0.0/16", "10.1.0.0/16", "2001:db8::/56"]
        assert inventory.vpc_cidrs("vpc-2") == AddressSet.NONE
        assert inventory.vpc_blocks("vpc-2") == []

    def test_a_subnet_without_ipv4(self) -> None:
        record = subnet(Ipv6CidrBlockAssociationSet=[block("2001:db8::/64", key="Ipv6CidrBlock")])
        del record["CidrBlock"]
        inventory = load(ec2__describe_subnets={"Subnets": [record]})
        assert str(inventory.subnet_cidrs("subnet-1")) == "2001:db8::/64"
        assert inventory.subnet_cidrs("subnet-2") == AddressSet.NONE
        assert inventory.router_addresses("subnet-1") == AddressSet.NONE

    def test_what_aws_reserves_is_not_usable(self) -> None:
        inventory = load(ec2__describe_vpcs={"Vpcs": [vpc()]}, ec2__describe_subnets={"Subnets": [subnet()]})
        assert str(inventory.usable_addresses("subnet-1")) == "10.0.0.4-10.0.0.254"
        assert str(inventory.router_addresses("subnet-1")) == "10.0.0.1"
        assert str(inventory.resolver_address("vpc-1")) == "10.0.0.2"

    @pytest.mark.parametrize("cidr", ["255.255.255.255/32", "10.0.0.0/32"])
    def test_a_block_that_is_too_small_for_router_and_resolver_has_none(self, cidr: str) -> None:
        """AWS makes none smaller than /28, but a snapshot may hold any block."""
        inventory = load(
            ec2__describe_vpcs={"Vpcs": [vpc(CidrBlock=cidr)]},
            ec2__describe_subnets={"Subnets": [subnet(CidrBlock=cidr)]},
        )
        assert inventory.router_addresses("subnet-1") == AddressSet.NONE
        assert inventory.resolver_address("vpc-1") == AddressSet.NONE

    def test_an_interface_holds_all_its_addresses(self) -> None:
        record = interface(
            PrivateIpAddresses=[{"PrivateIpAddress": "10.0.0.10"}, {"PrivateIpAddress": "10.0.0.12"}],
            Ipv6Addresses=[{"Ipv6Address": "2001:db8::5"}],
            Ipv4Prefixes=[{"Ipv4Prefix": "10.0.0.16/28"}],
            Ipv6Prefixes=[{"Ipv6Prefix": "2001:db8::100/120"}],
        )
        inventory = load(ec2__describe_network_interfaces={"NetworkInterfaces": [record]})
        found = inventory.interface_addresses(inventory.network_interfaces["eni-1"])
        assert str(found) == "10.0.0.10, 10.0.0.12, 10.0.0.16/28, 2001:db8::5, 2001:db8::100/120"

    def test_an_interface_may_tell_its_only_address_once(self) -> None:
        record = interface()
        del record["PrivateIpAddresses"]
        inventory = load(ec2__describe_network_interfaces={"NetworkInterfaces": [record]})
        assert str(inventory.interface_addresses(inventory.network_interfaces["eni-1"])) == "10.0.0.10"

    def test_texts_that_mean_no_address_are_refused_with_their_place(self) -> None:
        origin = load(ec2__describe_vpcs={"Vpcs": [vpc()]}).vpcs["vpc-1"].origin
        assert str(parse_addresses(origin, "Value", "10.0.0.5")) == "10.0.0.5"
        with pytest.raises(SnapshotError, match=r"describe-vpcs\.json: /Vpcs/0/Value: 'dns' is not an IP address"):
            parse_addresses(origin, "Value", "dns")


class TestInterfaces:
    def test_are_found_by_subnet_and_group(self) -> None:
        records = [interface(1), interface(2, "10.0.0.11", Groups=[]), interface(3, "10.0.1.9", SubnetId="subnet-2")]
        inventory = load(ec2__describe_network_interfaces={"NetworkInterfaces": records})
        assert [record.network_interface_id for record in inventory.interfaces_in("subnet-1")] == ["eni-1", "eni-2"]
        assert [record.network_interface_id for record in inventory.interfaces_with_group("sg-1")] == ["eni-1", "eni-3"]
        assert list(inventory.interfaces_in("")) == list(inventory.interfaces_with_group("sg-2")) == []

    def test_an_instance_s_interfaces_where_they_were_not_described(self) -> None:
        instance = {"InstanceId": "i-1", "PlatformDetails": "Windows", "NetworkInterfaces": [interface()]}
        inventory = load(ec2__describe_instances={"Reservations": [{"Instances": [instance]}]})
        assert [record.network_interface_id for record in inventory.instance_interfaces("i-1")] == ["eni-1"]
        assert [record.network_interface_id for record in inventory.interfaces_in("subnet-1")] == ["eni-1"]
        assert inventory.runs_windows("eni-1")
        assert list(inventory.instance_interfaces("i-2")) == []

    def test_what_was_described_by_itself_comes_first(self) -> None:
        carried = interface(Groups=[], Description="carried")
        described = interface(Attachment={"InstanceId": "i-1"}, Description="described")
        inventory = load(
            ec2__describe_instances={
                "Reservations": [{"Instances": [{"InstanceId": "i-1", "NetworkInterfaces": [carried]}]}]
            },
            ec2__describe_network_interfaces={"NetworkInterfaces": [described]},
        )
        assert [record.description for record in inventory.instance_interfaces("i-1")] == ["described"]
        assert inventory.runs_windows("eni-1") is False
        assert inventory.runs_windows("eni-2") is False

    def test_the_system_of_an_instance_that_was_not_read_is_not_known(self) -> None:
        records = [interface(Attachment={"InstanceId": "i-1"}), interface(2, "10.0.0.11", Attachment={})]
        inventory = load(ec2__describe_network_interfaces={"NetworkInterfaces": records})
        assert inventory.runs_windows("eni-1") is None
        assert inventory.runs_windows("eni-2") is False


class TestRouteTables:
    def tables(self) -> list[dict[str, Any]]:
        state = {"AssociationState": {"State": "associated"}}
        return [
            {"RouteTableId": "rtb-main", "VpcId": "vpc-1", "Associations": [{"Main": True} | state]},
            {"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Associations": [{"SubnetId": "subnet-1"} | state]},
            {"RouteTableId": "rtb-edge", "VpcId": "vpc-1", "Associations": [{"GatewayId": "igw-1"} | state]},
            {
                "RouteTableId": "rtb-gone",
                "VpcId": "vpc-1",
                "Associations": [{"SubnetId": "subnet-2", "AssociationState": {"State": "disassociated"}}],
            },
        ]

    @pytest.mark.parametrize(("holder", "table"), [("subnet-1", "rtb-1"), ("subnet-2", "rtb-main")])
    def test_explicit_else_main(self, holder: str, table: str) -> None:
        subnets = [subnet("subnet-1"), subnet("subnet-2")]
        inventory = load(
            ec2__describe_subnets={"Subnets": subnets}, ec2__describe_route_tables={"RouteTables": self.tables()}
        )
        found = inventory.route_table_of(holder)
        assert isinstance(found, RouteTable)
        assert found.route_table_id == table

    def test_of_a_gateway(self) -> None:
        inventory = load(ec2__describe_route_tables={"RouteTables": self.tables()})
        edge = inventory.gateway_route_table("igw-1")
        assert edge is not None
        assert edge.route_table_id == "rtb-edge"
        assert inventory.gateway_route_table("vgw-1") is None

    def test_of_a_subnet_that_another_account_shares_is_its_owner_s_to_tell(self) -> None:
        shared = subnet(OwnerId=OTHER)
        inventory = load(ec2__describe_subnets={"Subnets": [shared]}, ec2__describe_route_tables={"RouteTables": []})
        found = inventory.route_table_of("subnet-1")
        assert isinstance(found, Unknown)
        assert [(need.account, need.operation) for need in found.needs] == [(OTHER, "describe-route-tables")]

    def test_unknown(self) -> None:
        assert isinstance(load(ec2__describe_subnets={"Subnets": [subnet()]}).route_table_of("subnet-1"), Unknown)
        assert isinstance(load(ec2__describe_route_tables={"RouteTables": []}).route_table_of("subnet-1"), Unknown)


class TestNetworkAcls:
    def inventory(self) -> Any:
        acls = [
            {"NetworkAclId": "acl-default", "VpcId": "vpc-1", "IsDefault": True},
            {"NetworkAclId": "acl-1", "VpcId": "vpc-1", "Associations": [{"SubnetId": "subnet-1"}]},
        ]
        subnets = {"Subnets": [subnet("subnet-1"), subnet("subnet-2"), subnet("subnet-3", vpc_id="vpc-2")]}
        return load(ec2__describe_subnets=subnets, ec2__describe_network_acls={"NetworkAcls": acls})

    @pytest.mark.parametrize(("holder", "acl"), [("subnet-1", "acl-1"), ("subnet-2", "acl-default")])
    def test_associated_else_default(self, holder: str, acl: str) -> None:
        found = self.inventory().network_acl_of(holder)
        assert isinstance(found, NetworkAcl)
        assert found.network_acl_id == acl

    def test_unknown(self) -> None:
        assert isinstance(self.inventory().network_acl_of("subnet-3"), Unknown)
        assert isinstance(self.inventory().network_acl_of("subnet-9"), Unknown)
        assert isinstance(load(ec2__describe_subnets={"Subnets": [subnet()]}).network_acl_of("subnet-1"), Unknown)


class TestZones:
    def test_the_id_that_the_subnet_tells_else_the_one_of_its_account(self) -> None:
        zones = {"AvailabilityZones": [{"ZoneName": "us-east-1a", "ZoneId": "use1-az6", "RegionName": "us-east-1"}]}
        subnets = [
            subnet("subnet-1", AvailabilityZoneId="use1-az1"),
            subnet("subnet-2"),
            subnet("subnet-3", AvailabilityZone="us-east-1f"),
        ]
        inventory = load(ec2__describe_availability_zones=zones, ec2__describe_subnets={"Subnets": subnets})
        ids = [inventory.zone_id(record) for record in inventory.subnets.values()]
        assert ids == ["use1-az1", "use1-az6", "us-east-1f"]

    def test_names_differ_between_accounts(self) -> None:
        files = {
            file_of("ec2__describe_availability_zones", account): {
                "AvailabilityZones": [{"ZoneName": "us-east-1a", "ZoneId": zone}]
            }
            for account, zone in ((HOME, "use1-az1"), (OTHER, "use1-az2"))
        }
        inventory = load_files(files)
        assert [inventory.zone_id_of_name("us-east-1a", account, "us-east-1") for account in (HOME, OTHER)] == [
            "use1-az1",
            "use1-az2",
        ]


class TestOwnership:
    def test_the_owner_s_copy_wins(self) -> None:
        files = {
            file_of("ec2__describe_subnets", account): {
                "Subnets": [subnet(OwnerId=OTHER, Tags=[{"Key": "Name", "Value": account}])]
            }
            for account in (HOME, OTHER)
        }
        inventory = load_files(files)
        record = inventory.subnets["subnet-1"]
        assert record.tags[0].value == OTHER
        assert inventory.place(record) == (OTHER, "us-east-1")
        assert inventory.owner_of(record) == OTHER

    def test_a_foreign_folder_s_account_stands_for_its_records_owners(self) -> None:
        inventory = foreign(subnets={"Subnets": [subnet(OwnerId="123")]})
        assert inventory.owner_of(inventory.subnets["subnet-1"]) == inventory.place(inventory.subnets["subnet-1"])[0]


def environment(name: str, *subnets: str) -> dict[str, Any]:
    network = {"SubnetIds": list(subnets), "SecurityGroupIds": ["sg-1"]}
    record = {
        "Name": name,
        "Arn": f"arn:aws:airflow:us-east-1:{HOME}:environment/{name}",
        "NetworkConfiguration": network,
    }
    return call({"Environment": record}, Name=name)


class TestVirtualInterfaces:
    def test_one_for_each_subnet_of_the_environment(self) -> None:
        subnets = [subnet("subnet-1"), subnet("subnet-2", "10.0.1.0/24")]
        inventory = load(
            ec2__describe_subnets={"Subnets": subnets},
            mwaa__get_environment=calls(environment("prod", "subnet-1", "subnet-2", "subnet-unseen")),
        )
        assert [(v.id, v.groups) for v in inventory.virtual_interfaces] == [
            ("mwaa.worker@subnet-1", ("sg-1",)),
            ("mwaa.worker@subnet-2", ("sg-1",)),
        ]

    def test_of_several_environments_each_has_its_own(self) -> None:
        inventory = load(
            ec2__describe_subnets={"Subnets": [subnet("subnet-1")]},
            mwaa__get_environment=calls(environment("prod", "subnet-1"), environment("dev", "subnet-1")),
        )
        assert [v.id for v in inventory.virtual_interfaces] == ["dev.worker@subnet-1", "prod.worker@subnet-1"]
