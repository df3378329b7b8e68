"""One mapping per noun, what is asked of one account's settings, and JSON that nobody meant to write."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.cases import EAST, OTHER, call, calls, file_of, interface, load, load_files, subnet, vpc
from mwaanet.errors import SnapshotError
from mwaanet.model.inventory import Inventory
from mwaanet.model.record import name_tag
from mwaanet.model.site import Site
from mwaanet.model.unknown import Unknown
from mwaanet.snapshot import Snapshot

NOUNS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("egress_only_internet_gateways", "ec2__describe_egress_only_internet_gateways", "EgressOnlyInternetGatewayId", {}),
    ("security_groups", "ec2__describe_security_groups", "GroupId", {}),
    ("endpoint_services", "ec2__describe_vpc_endpoint_service_configurations", "ServiceName", {"ServiceId": "s"}),
    ("vpc_endpoint_connections", "ec2__describe_vpc_endpoint_connections", "VpcEndpointId", {"ServiceId": "s"}),
    ("transit_gateways", "ec2__describe_transit_gateways", "TransitGatewayId", {}),
    (
        "transit_gateway_peering_attachments",
        "ec2__describe_transit_gateway_peering_attachments",
        "TransitGatewayAttachmentId",
        {},
    ),
    ("service_prefix_lists", "ec2__describe_prefix_lists", "PrefixListId", {}),
    ("virtual_interfaces_by_id", "directconnect__describe_virtual_interfaces", "virtualInterfaceId", {}),
    ("dhcp_options", "ec2__describe_dhcp_options", "DhcpOptionsId", {}),
    ("resolver_endpoints", "route53resolver__list_resolver_endpoints", "Id", {}),
    ("resolver_rules", "route53resolver__list_resolver_rules", "Id", {}),
]
KEYS = {
    "ec2__describe_egress_only_internet_gateways": "EgressOnlyInternetGateways",
    "ec2__describe_security_groups": "SecurityGroups",
    "ec2__describe_vpc_endpoint_service_configurations": "ServiceConfigurations",
    "ec2__describe_vpc_endpoint_connections": "VpcEndpointConnections",
    "ec2__describe_transit_gateways": "TransitGateways",
    "ec2__describe_transit_gateway_peering_attachments": "TransitGatewayPeeringAttachments",
    "ec2__describe_prefix_lists": "PrefixLists",
    "directconnect__describe_virtual_interfaces": "virtualInterfaces",
    "ec2__describe_dhcp_options": "DhcpOptions",
    "route53resolver__list_resolver_endpoints": "ResolverEndpoints",
    "route53resolver__list_resolver_rules": "ResolverRules",
}


@pytest.mark.parametrize(("noun", "operation", "key", "more"), NOUNS, ids=[noun for noun, *_ in NOUNS])
def test_each_noun_is_a_mapping_by_id(noun: str, operation: str, key: str, more: dict[str, Any]) -> None:
    inventory = load(**{operation: {KEYS[operation]: [{key: name} | more for name in ("one", "two")]}})
    found = getattr(inventory, noun)
    assert list(found) == ["one", "two"]
    assert found["two"].origin.pointer == f"/{KEYS[operation]}/1"


def test_associations_of_names_are_lists() -> None:
    inventory = load(
        route53resolver__list_resolver_rule_associations={
            "ResolverRuleAssociations": [{"ResolverRuleId": "r", "VPCId": "v"}]
        },
        route53resolver__list_firewall_rule_group_associations={"FirewallRuleGroupAssociations": [{"VpcId": "v"}]},
    )
    assert [association.resolver_rule_id for association in inventory.resolver_rule_associations("v")] == ["r"]
    assert not inventory.resolver_rule_associations("other")
    assert [association.vpc_id for association in inventory.dns_firewall_associations] == ["v"]


def test_hosted_zones_are_known_by_their_bare_id() -> None:
    zones = {"HostedZones": [{"Id": "/hostedzone/Z1", "Name": "example."}]}
    assert list(load(global__route53__list_hosted_zones=zones).hosted_zones) == ["Z1"]


def test_the_name_tag() -> None:
    tags = [{"Key": "a", "Value": "b"}, {"Key": "Name", "Value": "main"}]
    assert name_tag(load(ec2__describe_vpcs={"Vpcs": [vpc(Tags=tags)]}).vpcs["vpc-1"].tags) == "main"
    assert name_tag(()) == ""


def test_the_options_of_dhcp() -> None:
    options = [{"Key": "domain-name-servers", "Values": [{"Value": "10.0.0.5"}, {"Value": "10.0.0.6"}]}]
    record = {"DhcpOptionsId": "dopt-1", "DhcpConfigurations": options}
    found = load(ec2__describe_dhcp_options={"DhcpOptions": [record]}).dhcp_options["dopt-1"]
    assert found.values_of("domain-name-servers") == ("10.0.0.5", "10.0.0.6")
    assert found.values_of("domain-name") == ()


def test_an_environment_writes_to_the_groups_of_its_enabled_logs() -> None:
    logs = {
        "TaskLogs": {"Enabled": True, "CloudWatchLogGroupArn": "task"},
        "WorkerLogs": {"Enabled": False, "CloudWatchLogGroupArn": "worker"},
    }
    record = {"Environment": {"Name": "e", "Arn": "a", "LoggingConfiguration": logs}}
    (environment,) = load(mwaa__get_environment=calls(call(record, Name="e"))).environments
    assert environment.log_group_arns == ("task",)


class TestSettings:
    def attribute(self, name: str, response: dict[str, Any]) -> bool | Unknown:
        asked = call({"VpcId": "vpc-1"} | response, VpcId="vpc-1", Attribute=name)
        return load(ec2__describe_vpcs={"Vpcs": [vpc()]}, ec2__describe_vpc_attribute=calls(asked)).vpc_attribute(
            "vpc-1", name
        )

    @pytest.mark.parametrize("value", [True, False])
    def test_attributes_of_a_vpc(self, value: bool) -> None:
        assert self.attribute("enableDnsSupport", {"EnableDnsSupport": {"Value": value}}) is value
        assert self.attribute("enableDnsHostnames", {"EnableDnsHostnames": {"Value": value}}) is value

    def test_attributes_that_are_not_known(self) -> None:
        assert isinstance(self.attribute("enableDnsSupport", {}), Unknown)
        assert isinstance(load().vpc_attribute("vpc-1", "enableDnsSupport"), Unknown)
        found = load(ec2__describe_vpcs={"Vpcs": [vpc()]}).vpc_attribute("vpc-1", "enableDnsSupport")
        assert isinstance(found, Unknown)
        assert found.needs[0].operation == "describe-vpc-attribute"

    def test_sites_are_those_of_the_site_file(self) -> None:
        site = Site.parse("on_premises: [{name: dc1}]", "mwaanet.yaml")
        files = {file_of("ec2__describe_vpcs"): json.dumps({"Vpcs": []}).encode()}
        assert [found.name for found in Inventory.load(Snapshot.from_files(files), site).sites] == ["dc1"]
        assert load().sites == ()

    def test_the_call_of_an_owner_that_is_not_known(self) -> None:
        assert load().owner_call("describe-vpcs") == ("", EAST, "ec2", "describe-vpcs")


FILES: dict[str, Any] = {
    file_of("ec2__describe_vpcs"): {"Vpcs": [vpc(Tags=[{"Key": "Name", "Value": "v"}])]},
    file_of("ec2__describe_subnets", OTHER): {"Subnets": [subnet()]},
    file_of("ec2__describe_instances"): {
        "Reservations": [{"Instances": [{"InstanceId": "i-1", "NetworkInterfaces": [interface()]}]}]
    },
    file_of("elbv2__describe_target_health"): calls(
        call({"TargetHealthDescriptions": [{"Target": {"Id": "10.0.0.5"}}]}, TargetGroupArn="a")
    ),
    "here/routes.json": {"TransitGatewayStaticRoutes": [{"TransitGatewayRouteTableId": "t", "Routes": []}]},
    "here/listeners.json": {"Listeners": [{"LoadBalancerArn": "l", "Port": 443}]},
}
JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, 0, 1.5, True, "", "x", "10.0.0.0/99", [], [[]], {}, {"a": None}, "\ud800"]
)


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value inside a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way, *(place for key, item in inner for place in places(item, (*way, key)))]


def ask(inventory: Inventory) -> None:
    """Some of what the engine asks: none of it may fail, whatever was read."""
    assert inventory.problems is not None
    inventory.transit_gateway_routes("t")
    inventory.listeners("l")
    for record in inventory.network_interfaces.values():
        inventory.interface_addresses(record)
    for subnet_id in inventory.subnets:
        inventory.usable_addresses(subnet_id)
        inventory.route_table_of(subnet_id)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_stands_in_a_file_is_read_or_refused_in_one_line(data: st.DataObject) -> None:
    files = copy.deepcopy(FILES)
    *way, last = data.draw(st.sampled_from([place for place in places(files) if place]))
    holder: Any = files
    for step in way:
        holder = holder[step]
    if data.draw(st.booleans()):
        del holder[last]
    else:
        holder[last] = data.draw(JUNK)
    try:
        inventory = load_files(files)
    except SnapshotError as error:
        message = str(error)
    else:
        message = ""
        ask(inventory)
    assert "\n" not in message
