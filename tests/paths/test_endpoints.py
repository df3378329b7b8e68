"""What a text means as an end: which of the interfaces of a subnet send as clients."""

from __future__ import annotations

from asking import ask
from builder import rule, topology


def test_a_subnet_as_a_source_is_its_hosts_and_not_the_interfaces_of_endpoints_and_gateways() -> None:
    """An endpoint network interface takes requests and starts none
    (https://docs.aws.amazon.com/vpc/latest/privatelink/concepts.html)."""
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16")
    a, b = vpc.subnet("a", "10.1.1.0/24"), vpc.subnet("b", "10.1.2.0/24")
    closed = vpc.security_group("closed", ingress=[rule("tcp", 443, "10.1.0.0/16")], egress=[])
    vpc.endpoint("sqs", [a], groups=[closed])
    net.transit_gateway("hub").attach_vpc(vpc, [a])
    host = a.interface("10.1.1.10")
    server = b.interface("10.1.2.20", groups=[vpc.security_group("open", ingress=[rule("all")])])
    answer = ask(net, a, server, tcp=443)
    assert answer.verdict == "yes"
    assert {leg.hops[0].component for leg in answer.trace.forward} == {host.id}


def test_a_subnet_as_a_destination_is_all_that_takes_packets() -> None:
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16")
    a, b = vpc.subnet("a", "10.1.1.0/24"), vpc.subnet("b", "10.1.2.0/24")
    endpoint = vpc.endpoint("sqs", [a], groups=[vpc.security_group("open", ingress=[rule("all")])])
    answer = ask(net, b.interface("10.1.2.20"), a, tcp=443)
    assert answer.verdict == "yes"
    assert endpoint.interfaces[0]["NetworkInterfaceId"] in {hop.component for hop in answer.trace.forward[0].hops}


def test_from_a_subnet_without_hosts_nobody_sends() -> None:
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16")
    a, b = vpc.subnet("a", "10.1.1.0/24"), vpc.subnet("b", "10.1.2.0/24")
    vpc.endpoint("sqs", [a])
    answer = ask(net, a, b.interface("10.1.2.20"), tcp=443)
    assert (answer.verdict, answer.trace.unsent) == ("no", f"nobody sends from {a.id}")
