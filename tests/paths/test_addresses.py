"""Who holds an address: where packets from it start, and where packets to it have arrived."""

from __future__ import annotations

import pytest

from asking import network_of, site_file
from builder import Topology, topology
from mwaanet.graph.flight import Position, Role
from mwaanet.graph.interface import RESOLVER
from mwaanet.graph.network import Network
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet, Intervals
from mwaanet.paths.endpoints import endpoint_of, link_endpoint
from mwaanet.paths.question import Endpoint, Start

ACCOUNT, REGION = "111122223333", "us-east-1"
LINUX, WINDOWS, ANY = (Intervals.of(span) for span in ((32768, 60999), (49152, 65535), (1024, 65535)))
"""Client ports, see https://docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html."""


class Holders:
    """A VPC with hosts, a load balancer and an endpoint, a declared site and an undeclared one behind a VPN."""

    def __init__(self) -> None:
        self.net: Topology = topology(ACCOUNT, REGION)
        self.vpc = self.net.vpc("apps", "10.1.0.0/16")
        self.subnet = self.vpc.subnet("a", "10.1.1.0/24")
        self.host = self.subnet.interface("10.1.1.10")
        self.host.elastic_ip("198.51.100.8")
        self.windows = self.subnet.instance("windows", "10.1.1.11")
        self.windows.record["Platform"] = "windows"
        self.balancer = self.vpc.network_load_balancer("web", [self.subnet]).interfaces[0]
        self.vpc.gateway_endpoint("s3")
        gateway, customer = self.vpc.vpn_gateway(), self.net.customer_gateway("branch", "203.0.113.7")
        self.vpn = self.net.vpn("branch", customer, gateway, static=["172.30.0.0/16"])

    def network(self) -> Network:
        return network_of(self.net, site_file())

    def end(self, text: str) -> Endpoint:
        return endpoint_of(self.network(), text)


def start(component: str, text: str, ports: Intervals = ANY, *, known: bool = False) -> Start:
    addresses = AddressSet.parse(text)
    return Start(position=Position(component, Role.SEND), addresses=addresses, ports=ports, ports_known=known)


def test_hosts_of_a_vpc_have_the_ports_of_their_system() -> None:
    holders = Holders()
    host, windows = holders.host.id, holders.windows.interface.id
    assert holders.end("10.1.1.10/31").starts == (
        start(host, "10.1.1.10", LINUX, known=True),
        start(windows, "10.1.1.11", WINDOWS, known=True),
    )
    assert holders.end(windows).starts == (start(windows, "10.1.1.11", WINDOWS, known=True),)
    assert holders.end("10.1.1.10").accepts == frozenset({host, holders.vpc.id + RESOLVER})


def test_an_elastic_ip_is_its_interface_s() -> None:
    holders = Holders()
    (found,) = holders.end("198.51.100.8").starts
    assert (found.position.component, found.ports, found.ports_known) == (holders.host.id, LINUX, True)


def test_of_a_range_a_site_has_its_part() -> None:
    end = Holders().end("172.20.255.255-172.21.0.0")
    assert end.starts == (start("dc", "172.20.255.255"),)
    assert (end.accepts, end.unknown) == (None, None)


def test_what_a_link_announces_lies_behind_it() -> None:
    holders = Holders()
    end = holders.end("172.30.255.255-172.31.0.0")
    assert end.starts == (start(f"edge:{holders.vpn.id}", "172.30.255.255"),)
    assert holders.end("172.30.1.1").accepts is None


@pytest.mark.parametrize(("announced", "behind"), [("10.1.128.0/17", True), ("10.0.0.0/8", False)])
def test_between_a_vpc_and_a_link_the_more_specific_block_decides(announced: str, behind: bool) -> None:
    """https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html, "Route evaluation order"."""
    holders = Holders()
    customer = holders.net.customer_gateway("office", "203.0.113.8")
    office = holders.net.vpn("office", customer, holders.vpc.vpn_gateway("second"), static=[announced])
    expected = (start(f"edge:{office.id}", "10.1.200.1"),) if behind else ()
    assert holders.end("10.1.200.1").starts == expected


def test_beside_a_vpc_s_block_private_addresses_are_unknown() -> None:
    unknown = Unknown(reason="who holds 10.2.0.0 is not known (mwaanet.yaml: on_premises)")
    assert Holders().end("10.1.255.255-10.2.0.0").unknown == unknown


def test_a_link_is_an_end_by_itself() -> None:
    addresses = AddressSet.parse("172.30.0.0/16")
    expected = Endpoint(name="edge:vpn-1", starts=(start("edge:vpn-1", "172.30.0.0/16"),), addresses=addresses)
    assert link_endpoint("vpn-1", addresses) == expected


def test_other_public_addresses_are_of_the_internet_or_of_a_service() -> None:
    holders = Holders()
    end = holders.end("8.8.8.8")
    assert end.starts == (start("internet", "8.8.8.8"),)
    services = ("com.amazonaws.us-east-1.s3", "com.amazonaws.us-east-1.dynamodb")
    assert end.accepts == frozenset({"internet", *services, holders.vpc.id + RESOLVER})


def test_other_private_addresses_are_unknown() -> None:
    unknown = Unknown(reason="who holds 10.99.0.1 is not known (mwaanet.yaml: on_premises)")
    addresses = AddressSet.parse("10.99.0.1")
    assert Holders().end("10.99.0.1") == Endpoint(name="10.99.0.1", addresses=addresses, unknown=unknown)


def test_services_of_a_vpc_at_link_local_addresses_are_none_of_these() -> None:
    end = Holders().end("169.254.169.253")
    assert (end.starts, end.unknown) == ((), None)


def test_what_a_load_balancer_takes_arrives_behind_it() -> None:
    holders = Holders()
    assert holders.end(holders.balancer.address).accepts is None


def test_free_addresses_of_a_vpc_are_nobody_s() -> None:
    holders = Holders()
    end = holders.end("10.1.1.99")
    assert (end.starts, end.unknown, end.accepts) == ((), None, frozenset({holders.vpc.id + RESOLVER}))


@pytest.mark.parametrize("operation", ["describe-network-interfaces", "describe-subnets"])
def test_where_not_everything_is_seen_they_may_be_somebody_s(operation: str) -> None:
    holders = Holders()
    holders.net.refuse(ACCOUNT, REGION, "ec2", operation)
    end = holders.end("10.1.1.99")
    assert (end.starts, end.accepts) == ((), None)
    assert end.unknown
    assert [need.operation for need in end.unknown.needs] == [operation]


def test_of_a_shared_subnet_that_the_participant_lists_the_owner_need_not_list_it() -> None:
    """Owner and participant both describe it (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html)."""
    net = topology(ACCOUNT, REGION)
    owner = net.account("444455556666").region(REGION)
    vpc = owner.vpc("shared", "10.9.0.0/16")
    vpc.subnet("shared", "10.9.1.0/24").share(net.store)
    network = network_of(net.refuse("444455556666", REGION, "ec2", "describe-subnets"))
    assert endpoint_of(network, "10.9.1.99").unknown is None
    elsewhere = endpoint_of(network, "10.9.2.99").unknown
    assert elsewhere
    assert [need.operation for need in elsewhere.needs] == ["describe-subnets"]
