"""The firewall in front of internet gateways.

https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_IgwFirewallConfiguration.html.
"""

from __future__ import annotations

import pytest

from asking import ask
from builder import Topology, Vpc, rule
from builder.subnet import Subnet
from graph.test_internet_gateway import OUTSIDE, OUTSIDE_V6, public_subnet
from mwaanet.graph.codes import Code

FIREWALL = "arn:aws:network-firewall:us-east-1:111122223333:firewall/igw"


def guarded(kind: str) -> tuple[Topology, Vpc, Subnet]:
    net, vpc, subnet = public_subnet()
    vpc.default_group.allow_in(rule("all"), rule("all", None, "::/0"))
    association = {"FirewallArn": FIREWALL, "FirewallOnboardingStatus": "active", "FirewallMode": "enforce"}
    vpc.record["NetworkFirewallAssociations"] = [association]
    subnet.record["NetworkFirewallConnectivityType"] = kind
    return net, vpc, subnet


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [("bidirectional", "unknown"), ("flexible", "unknown"), ("exclude", "yes"), ("az-unsupported", "yes")],
)
def test_what_it_inspects_is_unknown(kind: str, verdict: str) -> None:
    net, _, subnet = guarded(kind)
    client = subnet.interface("10.1.1.10", ipv6=["2600:1f18:1:1::10"])
    client.elastic_ip("198.51.100.10")
    for source, destination in (
        (client.id, OUTSIDE),
        ("2600:1f18:1:1::10", OUTSIDE_V6),
        ("internet", "198.51.100.10"),
        ("internet", "2600:1f18:1:1::10"),
    ):
        answer = ask(net, source, destination, tcp=443)
        assert answer.verdict == verdict
        assert (FIREWALL in answer.doubts) is (verdict == "unknown")


def test_it_may_let_out_what_has_no_public_address() -> None:
    net, _, subnet = guarded("flexible")
    assert ask(net, subnet.interface(), OUTSIDE, tcp=443).verdict == "unknown"


def test_it_stands_before_egress_only_gateways_too() -> None:
    net, vpc, subnet = guarded("outbound-only")
    subnet.route("::/0", vpc.egress_only_internet_gateway()).interface(ipv6=["2600:1f18:1:1::10"])
    assert ask(net, "2600:1f18:1:1::10", OUTSIDE_V6, tcp=443).verdict == "unknown"


def test_a_private_destination_is_none_of_its_business() -> None:
    net, _, subnet = guarded("flexible")
    assert ask(net, subnet.interface(), "172.20.1.1", tcp=443).codes == {Code.IGW_PRIVATE_DESTINATION}
