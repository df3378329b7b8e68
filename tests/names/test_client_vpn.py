"""Whom the clients of a Client VPN endpoint ask."""

from __future__ import annotations

from builder import Topology, topology
from builder.client_vpn import ClientVpn
from builder.subnet import Subnet
from mwaanet.names import ClientVpnPlace, Resolution, resolve, servers_of
from names.cases import ACCOUNT, REGION, SQS, answer, dns, inventory, needs, reasons


def asking(*servers: str) -> tuple[Topology, ClientVpn, Subnet]:
    """A Client VPN endpoint that names these servers, in a VPC with an SQS endpoint."""
    net = topology(ACCOUNT, REGION)
    vpc = net.vpc("apps", "10.1.0.0/16")
    subnet = vpc.subnet("a", "10.1.10.0/24")
    vpc.endpoint("sqs", [subnet], addresses=["10.1.10.9"])
    return net, net.client_vpn("staff", "172.30.0.0/22", vpc, dns=servers).associate(subnet), subnet


def ask(net: Topology, vpn: ClientVpn, name: str = SQS) -> Resolution:
    return resolve(inventory(net), ClientVpnPlace(endpoint_id=vpn.id), name)


def test_the_vpcs_resolver_gives_the_private_names_and_must_be_reached() -> None:
    """https://repost.aws/knowledge-center/client-vpn-how-dns-works-with-endpoint."""
    net, vpn, _ = asking("10.1.0.2")
    found = ask(net, vpn)
    assert answer(found) == "10.1.10.9"
    (query,) = found.queries
    assert (str(query.sources), str(query.servers), query.components) == ("172.30.0.0/22", "10.1.0.2", ())


def test_an_inbound_endpoint_gives_them_too() -> None:
    net, vpn, subnet = asking("10.1.10.53")
    vpn.vpc.resolver_endpoint("in", "INBOUND", {subnet: "10.1.10.53"}, [])
    assert answer(ask(net, vpn)) == "10.1.10.9"


def test_without_a_server_the_devices_own_are_asked_which_are_not_known() -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateClientVpnEndpoint.html."""
    net, vpn, _ = asking()
    found = ask(net, vpn)
    assert answer(found) == "unknown"
    assert "own devices" in reasons(found)
    assert (found.queries, found.decided_by) == ((), vpn.id)
    assert servers_of(inventory(net), ClientVpnPlace(endpoint_id=vpn.id)) is None


def test_a_server_that_nobody_declared_is_unknown_and_named() -> None:
    net, vpn, _ = asking("172.20.1.10")
    found = ask(net, vpn)
    assert (answer(found), "172.20.1.10" in reasons(found)) == ("unknown", True)


def test_a_sites_server_answers_as_the_site_does() -> None:
    net, vpn, _ = asking("172.20.1.10")
    net.site(dns("servers: [172.20.1.10], records: {nexus.corp.example: [172.20.5.40]}"))
    assert answer(ask(net, vpn, "nexus.corp.example")) == "172.20.5.40"
    servers = servers_of(inventory(net), ClientVpnPlace(endpoint_id=vpn.id))
    assert str(servers) == "172.20.1.10"


def test_two_servers_that_answer_differently_leave_it_open() -> None:
    net, vpn, _ = asking("10.1.0.2", "172.20.1.10")
    net.site(dns("servers: [172.20.1.10], public: all"))
    assert answer(ask(net, vpn)) == "unknown"


def test_whether_a_server_is_the_resolver_of_a_vpc_that_was_not_read_is_not_known() -> None:
    net, vpn, _ = asking("10.1.0.2")
    net.refuse(ACCOUNT, REGION, "ec2", "describe-vpcs")
    found = ask(net, vpn)
    assert (answer(found), needs(found), found.queries) == ("unknown", {"describe-vpcs"}, ())


def test_nor_where_nothing_tells_the_vpc() -> None:
    net, vpn, _ = asking("10.1.0.2")
    del vpn.record["VpcId"]
    assert answer(ask(net, vpn)) == "10.1.10.9"
    net.refuse(ACCOUNT, REGION, "ec2", "describe-client-vpn-target-networks")
    assert needs(ask(net, vpn)) == {"describe-client-vpn-target-networks"}
