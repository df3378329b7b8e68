"""Several DNS servers of one query: who reaches which, and whether the name is answered.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-forwarding-outbound-queries.html: the next target is
asked where one does not answer.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from asking import network_of
from builder import rule, topology
from builder.rules import Rule
from mwaanet.graph.network import Network
from mwaanet.names import Outcome, Query, VpcPlace, resolve
from mwaanet.net import AddressSet, Intervals, PacketSet
from mwaanet.paths.dns_servers import Server, answering, lost_among, resolve_by_reached, servers_of
from mwaanet.paths.endpoints import interfaces_endpoint
from mwaanet.paths.places import query_questions
from mwaanet.paths.trace import Reachable, Tally, trace

FIRST, SECOND = "10.1.1.10", "10.1.1.11"
"""Two clients."""


def dns(*clients: str, protocols: tuple[str, ...] = ("udp", "tcp")) -> list[Rule]:
    return [rule(protocol, 53, f"{client}/32") for protocol in protocols for client in clients]


def servers(*groups: list[Rule], unknown: bool = False) -> tuple[Query, tuple[Server, ...]]:
    """The query of both clients to servers with these inbound rules."""
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16")
    a, b = vpc.subnet("a", "10.1.1.0/24"), vpc.subnet("b", "10.1.2.0/24")
    clients = [a.interface(address).id for address in (FIRST, SECOND)]
    for number, rules in enumerate(groups):
        b.interface(f"10.1.2.{20 + number}", groups=[vpc.security_group(f"dns{number}", ingress=rules)])
    if unknown:
        net.refuse("111122223333", "us-east-1", "ec2", "describe-network-acls")
    network: Network = network_of(net)
    asked = AddressSet.parse(*(f"10.1.2.{20 + number}" for number in range(len(groups))))
    source = interfaces_endpoint(network, "clients", clients)
    query = Query(sources=source.addresses, servers=asked, text="the clients' DNS servers")
    return query, servers_of(network, source, query, lambda question: trace(network, question))


@pytest.mark.parametrize(
    ("rules", "reachable", "reached"),
    [
        (dns(FIRST, SECOND), "yes", "10.1.1.10/31"),
        (dns(FIRST), "partial", "10.1.1.10"),
        (dns(), "no", "none"),
        (dns(FIRST, SECOND, protocols=("udp",)), "no", "none"),
        (dns(FIRST, protocols=("udp",)) + dns(SECOND, protocols=("tcp",)), "no", "none"),
        (dns(FIRST, protocols=("udp",)) + dns(FIRST, SECOND, protocols=("tcp",)), "partial", "10.1.1.10"),
    ],
)
def test_a_server_is_reached_by_those_whose_udp_and_tcp_pass(rules: list[Rule], reachable: str, reached: str) -> None:
    _, (server,) = servers(rules)
    assert (server.reachable, str(server.reached_from)) == (reachable, reached)


@pytest.mark.parametrize(("part", "reached"), [("stopped", "10.1.1.10"), ("torn", "10.1.1.10"), ("unclear", "none")])
def test_certainly_reached_is_only_what_all_packets_reach(part: str, reached: str) -> None:
    """Of one client all packets pass, of the other only part of them."""

    def packets(clients: str, first: int, last: int) -> PacketSet:
        return PacketSet.of(src=AddressSet.parse(clients), protocol=17, sport=Intervals.of((first, last)))

    parts = dict.fromkeys(("passed", "stopped", "torn", "unclear"), PacketSet.NONE)
    parts |= {"passed": packets("10.1.1.10/31", 40000, 49999), part: packets(SECOND, 50000, 59999)}
    _, (server,) = servers(dns(FIRST, SECOND))
    whole = replace(server.traces["UDP"], tally=Tally(**parts))
    assert str(Server(server.address, {"UDP": whole}).reached_from) == reached


def test_what_is_not_known_of_a_server_is_no_loss() -> None:
    query, found = servers(dns(FIRST, SECOND), unknown=True)
    assert [server.reachable for server in found] == [Reachable.UNKNOWN]
    assert (answering(query, found), lost_among(query, found)) == (Reachable.UNKNOWN, [])


@pytest.mark.parametrize(
    ("first", "second", "answered", "lost"),
    [
        (dns(FIRST, SECOND), dns(), "yes", ["10.1.2.21"]),
        (dns(FIRST), dns(SECOND), "yes", []),
        (dns(FIRST), dns(FIRST), "no", []),
        (dns(FIRST), dns(), "no", ["10.1.2.21"]),
        (dns(), dns(), "no", []),
    ],
)
def test_everybody_must_reach_one_of_them(
    first: list[Rule], second: list[Rule], answered: str, lost: list[str]
) -> None:
    query, found = servers(first, second)
    assert answering(query, found) == answered
    assert [str(server.address) for server in lost_among(query, found)] == lost


def test_where_another_is_always_reached_losing_all_of_these_loses_no_name() -> None:
    query, found = servers(dns(), dns())
    spared = Query(sources=query.sources, servers=query.servers, text=query.text, spare=True)
    assert (answering(spared, found), len(lost_among(spared, found))) == (Reachable.YES, 2)


def test_a_name_is_what_the_servers_say_that_are_reached() -> None:
    """The VPC's resolver and two others, at whose addresses nobody is; only its answer is known."""
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16")
    vpc.use_dhcp(net.dhcp_options("own", "AmazonProvidedDNS", "10.1.2.20", "10.1.2.21"))
    subnet = vpc.subnet("a", "10.1.1.0/24")
    client, network, name = subnet.interface(FIRST), network_of(net), "sts.us-east-1.amazonaws.com"
    source, place = interfaces_endpoint(network, "client", [client.id]), VpcPlace(vpc_id=vpc.id, subnet_id=subnet.id)
    assert resolve(network.inventory, place, name).outcome is Outcome.UNKNOWN

    def asked(query: Query) -> tuple[Server, ...]:
        return servers_of(network, source, query, lambda question: trace(network, question))

    assert resolve_by_reached(network, place, name, asked).outcome is Outcome.ADDRESSES


def test_queries_are_of_udp_and_tcp_from_the_asker_or_whoever_asks_in_its_place() -> None:
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16")
    a = vpc.subnet("a", "10.1.1.0/24")
    client, _ = a.interface(FIRST), a.interface(SECOND)
    network = network_of(net)
    source, server = interfaces_endpoint(network, "client", [client.id]), AddressSet.parse("10.1.2.20")
    for components, sender, address in (((), "client", FIRST), (("rslvr-out-1",), "the endpoint", SECOND)):
        query = Query(
            sources=AddressSet.parse(SECOND), components=components, servers=server, port=5353, text="the endpoint"
        )
        asked = query_questions(network, source, query)
        assert {word: question.protocol for word, question in asked.items()} == {"UDP": 17, "TCP": 6}
        for question in asked.values():
            assert (question.source.name, question.destination.name) == (sender, "10.1.2.20")
            assert question.destination.addresses == server
            assert [str(start.addresses) for start in question.source.starts] == [address]
            assert question.ports == Intervals.single(5353)


def test_an_outbound_resolver_endpoint_answers_nobody() -> None:
    """https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_ResolverEndpoint.html"""
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16")
    a, b = vpc.subnet("a", "10.1.1.0/24"), vpc.subnet("b", "10.1.2.0/24")
    opened = vpc.security_group("open", ingress=[rule("all")])
    endpoint = vpc.resolver_endpoint("out", "OUTBOUND", {b: "10.1.2.20"}, [opened])
    client = a.interface(FIRST)
    network = network_of(net)
    source = interfaces_endpoint(network, "client", [client.id])
    query = Query(sources=source.addresses, servers=AddressSet.parse("10.1.2.20"), text="the server")
    (server,) = servers_of(network, source, query, lambda question: trace(network, question))
    assert {found.reachable for found in server.traces.values()} == {Reachable.YES}
    assert (server.deaf, server.reachable, str(server.reached_from)) == (endpoint.id, Reachable.NO, "none")
