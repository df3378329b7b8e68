"""A VPC whose own record was not read: which addresses are its own is not known, so that nothing is refused for them.

The CIDR blocks of a VPC are told by its own record alone
(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Vpc.html).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from asking import ask, read, site_file
from builder import Topology, Vpc, rule, topology
from builder.identity import Ref
from graph.hub import Hub

Case = tuple[Topology, Ref, Ref, str | None]
ACCOUNT, FAR_ACCOUNT, REGION = "111122223333", "444455556666", "us-east-1"
UNREAD = f"accounts/{ACCOUNT}/{REGION}/ec2/describe-vpcs.json"


def near() -> tuple[Topology, Vpc]:
    net = topology(ACCOUNT, REGION)
    vpc = net.vpc("near", "10.1.0.0/16")
    vpc.default_group.allow_in(rule("all"))
    return net, vpc


def by_gateway_endpoint() -> Case:
    net, vpc = near()
    subnet = vpc.subnet("a", "10.1.1.0/24")
    vpc.gateway_endpoint("s3", subnet)
    return net, subnet.interface(), "52.216.10.1", None


def by_peering() -> Case:
    net, vpc = near()
    far = net.account(FAR_ACCOUNT).region(REGION).vpc("far", "10.2.0.0/16")
    far.default_group.allow_in(rule("all"))
    peering = vpc.peer(far)
    server = far.subnet("b", "10.2.1.0/24").route("10.1.0.0/16", peering).interface()
    return net, vpc.subnet("a", "10.1.1.0/24").route("10.2.0.0/16", peering).interface(), server, None


def from_site() -> Case:
    net, vpc = near()
    gateway = vpc.vpn_gateway()
    vpn = net.vpn("dc", net.customer_gateway("dc", "203.0.113.7"), gateway, static=["172.20.0.0/16"])
    vpc.main_table.propagate(gateway, "172.20.0.0/16")
    return net, "dc", vpc.subnet("a", "10.1.1.0/24").interface(), site_file(links=[vpn.id])


def to_site() -> Case:
    net, _, client, text = from_site()
    return net, client, "172.20.1.1", text


def by_direct_connect() -> Case:
    net, vpc = near()
    gateway = vpc.vpn_gateway()
    dx = net.direct_connect_gateway("dc", "172.20.0.0/16")
    dx.virtual_interface("private", kind="private")
    dx.associate(gateway, "10.1.0.0/16")
    vpc.main_table.propagate(gateway, "172.20.0.0/16")
    return net, "dc", vpc.subnet("a", "10.1.1.0/24").interface(), site_file(links=[dx.id])


def by_transit_gateway() -> Case:
    hub = Hub()
    return hub.net, hub.client, hub.server, None


@pytest.mark.parametrize("case", [by_gateway_endpoint, by_peering, from_site, to_site, by_direct_connect])
def test_is_no_reason_to_refuse(case: Callable[[], Case]) -> None:
    net, source, destination, site = case()
    assert ask(net, source, destination, tcp=443, site=site).verdict == "yes"
    files = {name: content for name, content in net.files().items() if name != UNREAD}
    answer = ask(read(files, site), source, destination, tcp=443)
    assert (answer.verdict, answer.culprits) == ("unknown", ())
    assert "is not in the snapshot" in answer.doubts


@pytest.mark.parametrize(
    "case", [by_gateway_endpoint, by_peering, from_site, to_site, by_direct_connect, by_transit_gateway]
)
def test_no_list_that_was_not_read_refuses_what_passes(case: Callable[[], Case]) -> None:
    """Of all lists: that of interfaces tells who asks, and without it the question means nothing."""
    net, source, destination, site = case()
    files = net.files()
    lists = [name for name in files if "/ec2/" in name or "/directconnect/" in name]
    for left_out in lists:
        if "describe-network-interfaces" in left_out:
            continue
        answer = ask(
            read({name: files[name] for name in files if name != left_out}, site), source, destination, tcp=443
        )
        assert answer.verdict in ("yes", "unknown"), left_out
