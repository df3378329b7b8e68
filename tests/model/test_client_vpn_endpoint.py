"""Client VPN endpoints: what is read of them, and what is not known."""

from __future__ import annotations

import pytest

from builder import Topology, topology
from builder.client_vpn import ClientVpn
from mwaanet.model.inventory import Inventory
from mwaanet.model.unknown import Unknown
from mwaanet.snapshot import Snapshot

HOME, EAST = "111122223333", "us-east-1"
CALLS = (
    "describe-client-vpn-target-networks",
    "describe-client-vpn-routes",
    "describe-client-vpn-authorization-rules",
)


def built() -> tuple[Topology, ClientVpn]:
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16")
    vpn = net.client_vpn("staff", "172.30.0.0/22", vpc, dns=["10.1.0.2"])
    vpn.associate(vpc.subnet("a", "10.1.1.0/24"), "10.1.1.40").authorize("10.1.0.0/16").authorize("0.0.0.0/0", "ops")
    return net, vpn


def load(net: Topology) -> Inventory:
    return Inventory.load(Snapshot.from_files(net.files()))


def questions(inventory: Inventory, endpoint: str) -> list[object]:
    asked = (inventory.target_networks, inventory.client_vpn_routes, inventory.authorization_rules)
    return [question(endpoint) for question in asked]


def test_an_endpoint() -> None:
    net, vpn = built()
    record = load(net).client_vpn_endpoints[vpn.id]
    assert (record.client_cidr_block, record.dns_servers) == ("172.30.0.0/22", ("10.1.0.2",))
    assert (record.status.code, record.split_tunnel, record.vpc_id) == ("available", False, vpn.vpc.id)


def test_what_is_missing_has_a_default() -> None:
    net, vpn = built()
    for field in ("DnsServers", "SplitTunnel", "VpcId", "Status", "ClientCidrBlock"):
        del vpn.record[field]
    inventory = load(net)
    record = inventory.client_vpn_endpoints[vpn.id]
    assert (record.client_cidr_block, record.dns_servers, record.status.code) == ("", (), "")
    assert inventory.client_vpn_vpc(vpn.id) == vpn.vpc.id


def test_a_deleted_one_is_none() -> None:
    net, vpn = built()
    vpn.record["Status"] = {"Code": "deleted"}
    assert vpn.id not in load(net).client_vpn_endpoints


def test_its_parts_know_where_they_were_read() -> None:
    net, vpn = built()
    inventory = load(net)
    networks, routes, rules = (
        inventory.target_networks(vpn.id),
        inventory.client_vpn_routes(vpn.id),
        inventory.authorization_rules(vpn.id),
    )
    assert not isinstance(networks, Unknown)
    assert not isinstance(routes, Unknown)
    assert not isinstance(rules, Unknown)
    assert [one.status.code for one in networks] == ["associated"]
    assert [(one.destination_cidr, one.target_subnet) for one in routes] == [
        ("10.1.0.0/16", networks[0].target_network_id)
    ]
    assert [(one.destination_cidr, one.access_all, one.group_id) for one in rules] == [
        ("10.1.0.0/16", True, ""),
        ("0.0.0.0/0", False, "ops"),
    ]
    assert rules[1].origin
    assert rules[1].origin.pointer == "/Calls/0/Response/AuthorizationRules/1"


def test_a_subnet_that_was_disassociated_is_no_target_network() -> None:
    net, vpn = built()
    vpn.networks[0]["Status"] = {"Code": "disassociated"}
    assert load(net).target_networks(vpn.id) == ()


@pytest.mark.parametrize("operation", CALLS)
def test_what_was_refused_is_not_known(operation: str) -> None:
    net, vpn = built()
    net.refuse(HOME, EAST, "ec2", operation)
    found = questions(load(net), vpn.id)
    unknown = [one for one in found if isinstance(one, Unknown)]
    assert [[need.operation for need in one.needs] for one in unknown] == [[operation]]


def test_its_interfaces_are_recognised_by_their_description() -> None:
    net, vpn = built()
    subnet = vpn.vpc.subnet("b", "10.1.2.0/24", az="use1-az2")
    subnet.interface("10.1.2.9", description="something else")
    vpn.associate(subnet, "10.1.2.40", "10.1.2.41")
    inventory = load(net)
    networks = inventory.target_networks(vpn.id)
    assert not isinstance(networks, Unknown)
    held = [[record.private_ip_address for record in inventory.client_vpn_interfaces(one)] for one in networks]
    assert held == [["10.1.1.40"], ["10.1.2.40", "10.1.2.41"]]


def test_of_two_endpoints_in_one_subnet_each_has_the_interfaces_with_its_groups() -> None:
    net, vpn = built()
    subnet = vpn.vpc.subnet("b", "10.1.2.0/24", az="use1-az2")
    vpn.associate(subnet, "10.1.2.40")
    other = net.client_vpn("guests", "172.31.0.0/22", vpn.vpc, groups=[vpn.vpc.security_group("guests")])
    other.associate(subnet, "10.1.2.50")
    inventory = load(net)
    networks = inventory.target_networks(other.id)
    assert not isinstance(networks, Unknown)
    assert [record.private_ip_address for record in inventory.client_vpn_interfaces(networks[0])] == ["10.1.2.50"]
