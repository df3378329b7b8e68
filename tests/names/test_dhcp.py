"""Whom the clients of a VPC ask."""

from __future__ import annotations

import pytest

from builder import Topology, Vpc, topology
from mwaanet.names import VpcPlace, resolve, servers_of
from names.cases import ACCOUNT, REGION, SQS, answer, ask, dns, inventory, needs, network, reasons


def asking(*servers: str) -> tuple[Topology, Vpc]:
    """A VPC with an SQS endpoint whose DHCP options name these servers."""
    net = topology(ACCOUNT, REGION)
    vpc = net.vpc("apps", "10.1.0.0/16", dhcp=net.dhcp_options("own", *servers))
    vpc.endpoint("sqs", [vpc.subnet("a", "10.1.10.0/24")], addresses=["10.1.10.9"])
    return net, vpc


@pytest.mark.parametrize("server", ["AmazonProvidedDNS", "10.1.0.2", "169.254.169.253", "fd00:ec2::253"])
def test_amazons_dns_is_the_vpcs_own_resolver_by_whatever_address(server: str) -> None:
    net, vpc = asking(server)
    found = ask(net, vpc, SQS)
    assert answer(found) == "10.1.10.9"
    assert found.queries == ()


def test_a_custom_server_that_nobody_declared_is_unknown_and_named() -> None:
    net, vpc = asking("172.20.1.10")
    found = ask(net, vpc, SQS)
    assert answer(found) == "unknown"
    assert "172.20.1.10" in reasons(found)
    assert found.decided_by == vpc.record["DhcpOptionsId"]


def test_a_sites_server_answers_as_the_site_does_and_must_be_reached() -> None:
    net, vpc = asking("172.20.1.10", "172.20.1.11")
    net.site(dns("servers: [172.20.1.10, 172.20.1.11], public: all, records: {nexus.corp.example: [172.20.5.40]}"))
    assert answer(ask(net, vpc, "nexus.corp.example")) == "172.20.5.40"
    assert answer(ask(net, vpc, SQS)) == "public"
    subnet = vpc.subnets[0]
    found = resolve(inventory(net), VpcPlace(vpc_id=vpc.id, subnet_id=subnet.id), SQS)
    (query,) = found.queries
    assert (str(query.sources), str(query.servers), query.port) == ("10.1.10.0/24", "172.20.1.10/31", 53)
    assert query.components == ()


def test_servers_that_forward_to_an_inbound_endpoint_give_the_private_names() -> None:
    net, vpc = asking("172.20.1.10")
    vpc.resolver_endpoint("in", "INBOUND", {vpc.subnets[0]: "10.1.10.53"}, [])
    net.site(dns("servers: [172.20.1.10], forwards: [{zone: amazonaws.com, to: [10.1.10.53]}]"))
    found = ask(net, vpc, SQS)
    assert answer(found) == "10.1.10.9"
    assert [query.components for query in found.queries] == [(), ("dc",)]


def test_an_inbound_endpoint_may_be_the_server_itself() -> None:
    net, vpc = asking("10.1.10.53")
    vpc.resolver_endpoint("in", "INBOUND", {vpc.subnets[0]: "10.1.10.53"}, [])
    found = ask(net, vpc, SQS)
    assert answer(found) == "10.1.10.9"
    assert [str(query.servers) for query in found.queries] == ["10.1.10.53"]


def test_an_address_inside_the_vpc_is_not_another_vpcs_endpoint() -> None:
    net, vpc = asking("10.1.10.53")
    twin = net.vpc("twin", "10.1.0.0/16")
    twin.resolver_endpoint("in", "INBOUND", {twin.subnet("a", "10.1.10.0/24"): "10.1.10.53"}, [])
    assert answer(ask(net, vpc, SQS)) == "unknown"


def test_servers_that_disagree_make_it_unknown() -> None:
    net, vpc = asking("10.1.0.2", "172.20.1.10")
    net.site(dns("servers: [172.20.1.10], public: all"))
    found = ask(net, vpc, SQS)
    assert answer(found) == "unknown"
    assert "differently" in reasons(found)


def test_servers_that_agree_do_not() -> None:
    net, vpc = asking("10.1.0.2", "172.20.1.10")
    net.site(dns("servers: [172.20.1.10], public: all"))
    assert answer(ask(net, vpc, "kms.us-east-1.amazonaws.com")) == "public"


def test_a_vpc_told_to_have_no_dhcp_options_has_no_dns() -> None:
    net, vpc, _ = network()
    vpc.record["DhcpOptionsId"] = "default"
    found = ask(net, vpc, SQS)
    assert (answer(found), found.decided_by) == ("refused", vpc.id)


def test_dhcp_options_that_were_not_read_make_every_name_unknown() -> None:
    net, vpc = asking("AmazonProvidedDNS")
    found = ask(net.refuse(ACCOUNT, REGION, "ec2", "describe-dhcp-options"), vpc, SQS)
    assert (answer(found), needs(found)) == ("unknown", {"describe-dhcp-options"})


def test_a_vpc_that_is_not_in_the_snapshot_is_unknown() -> None:
    net, _ = asking("AmazonProvidedDNS")
    found = resolve(inventory(net), VpcPlace(vpc_id="vpc-0"), SQS)
    assert (answer(found), found.decided_by) == ("unknown", "vpc-0")


@pytest.mark.parametrize(
    ("servers", "asked"),
    [
        (["AmazonProvidedDNS"], ["10.1.0.2", "169.254.169.253", "fd00:ec2::253"]),
        (["172.20.1.10"], ["172.20.1.10"]),
    ],
)
def test_at_which_addresses_its_clients_ask(servers: list[str], asked: list[str]) -> None:
    net, vpc = asking(*servers)
    found = servers_of(inventory(net), VpcPlace(vpc_id=vpc.id))
    assert found is not None
    assert all(server in found for server in asked)
    assert "172.20.9.9" not in found


def test_of_a_vpc_that_is_not_in_the_snapshot_they_are_not_known() -> None:
    net, _ = asking("AmazonProvidedDNS")
    assert servers_of(inventory(net), VpcPlace(vpc_id="vpc-00000000000000000")) is None


def test_an_inbound_endpoint_for_delegation_is_not_known() -> None:
    """https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-forwarding-inbound-queries.html."""
    net, vpc = asking("10.1.10.53")
    vpc.resolver_endpoint("in", "INBOUND_DELEGATION", {vpc.subnets[0]: "10.1.10.53"}, [])
    found = ask(net, vpc, SQS)
    assert answer(found) == "unknown"
    assert "INBOUND_DELEGATION" in reasons(found)
