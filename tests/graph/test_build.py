"""The graph: a node per component, an edge per way a packet can take."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import networkx
import pytest

from asking import Answer, ask, network_of
from builder import every_noun, five_tuples, mwaa_estate, rule, topology
from builder.estate import Estate
from mwaanet.graph.flight import Kind
from mwaanet.graph.network import Network

Packets = dict[str, Any]

HAND_ON = {Kind.SUBNET, Kind.VPC, Kind.VPC_ENDPOINT, Kind.NETWORK_INTERFACE, Kind.LOAD_BALANCER}
"""What packets may pass without a hop: it only hands them on."""

VARIANTS: dict[str, dict[str, str]] = {
    "private": {},
    "nat": {"routing": "nat"},
    "customer": {"endpoint_management": "CUSTOMER"},
    "vpn": {"link": "vpn"},
    "dx": {"link": "dx"},
}


@cache
def built(variant: str) -> tuple[Estate, Network]:
    estate = mwaa_estate(**VARIANTS[variant])
    return estate, network_of(estate)


def questions(estate: Estate) -> Iterator[tuple[Any, Any, Packets]]:
    """What an environment asks for, and some of what it does not get."""
    worker = f"mwaa.worker@{estate.workers[0].id}"
    yield worker, "52.216.1.1", {"tcp": 443}
    yield worker, estate.endpoints["sts"], {"tcp": 443}
    yield worker, estate.packages_endpoint, {"tcp": 443}
    yield worker, "10.24.9.77", {"tcp": 443}
    yield worker, "10.24.0.2", {"udp": 53}
    yield worker, "internet", {"tcp": 443}
    yield worker, "172.20.5.40", {"tcp": 8081}
    yield "internet", "10.24.9.77", {"tcp": 443}
    yield "dc.controller", estate.endpoints["sts"], {"tcp": 443}
    yield "dc.controller", estate.endpoints["sts"], {"tcp": 80}
    yield "172.20.1.10", estate.resolver_inbound.addresses[0], {"udp": 53}
    yield estate.resolver_outbound.addresses[0], "172.20.1.10", {"udp": 53}
    yield estate.nlb.interfaces[0], "172.20.5.40", {"tcp": 8081}
    yield worker, estate.nlb.interfaces[0], {"tcp": 443}


def unconnected(answer: Answer, graph: networkx.DiGraph[str]) -> set[tuple[str, str]]:
    """Pairs of hops that follow each other though neither an edge joins them nor edges by what only hands on do."""
    found = set()
    for leg in (*answer.trace.forward, *answer.trace.back):
        for before, after in zip(leg.hops, leg.hops[1:], strict=False):
            if before.component != after.component and not leads(graph, before.component, after.component):
                found.add((before.component, after.component))
    return found


def leads(graph: networkx.DiGraph[str], start: str, end: str) -> bool:
    seen, pending = {start}, [start]
    while pending:
        for node in graph.successors(pending.pop()):
            if node == end:
                return True
            if node not in seen and graph.nodes[node]["component"].kind in HAND_ON:
                seen.add(node)
                pending.append(node)
    return False


@pytest.mark.parametrize("variant", VARIANTS)
class TestEstate:
    def test_every_hop_is_a_node_of_its_kind(self, variant: str) -> None:
        estate, network = built(variant)
        for source, target, packets in questions(estate):
            answer = ask(network, source, target, **packets)
            for leg in (*answer.trace.forward, *answer.trace.back):
                for hop in leg.hops:
                    node = network.graph.nodes[hop.component]["component"]
                    assert (node.id, node.kind) == (hop.component, hop.kind)

    def test_hops_that_follow_each_other_are_connected(self, variant: str) -> None:
        estate, network = built(variant)
        for source, target, packets in questions(estate):
            assert unconnected(ask(network, source, target, **packets), network.graph) == set()


class TestNodes:
    def test_every_record_is_a_node_with_the_record(self) -> None:
        network = network_of(every_noun())
        graph = network.graph
        for records in (network.inventory.vpcs, network.inventory.subnets, network.inventory.network_interfaces):
            assert records
            for name, record in records.items():
                assert graph.nodes[name]["component"].record is record

    def test_every_node_is_a_component(self) -> None:
        for node, data in network_of(every_noun()).graph.nodes(data=True):
            assert data["component"].id == node
            assert node

    def test_nothing_that_the_builder_knows_is_of_an_unmodelled_kind(self) -> None:
        """But for targets of routes that do not exist, or are of kinds that the model does not know."""
        for variant in VARIANTS:
            _, network = built(variant)
            kinds = {node: data["component"].kind for node, data in network.graph.nodes(data=True)}
            assert [node for node, kind in kinds.items() if kind is Kind.UNMODELLED] == []


class TestOtherWays:
    """What an estate does not have."""

    def check(self, answer: Answer, verdict: str = "yes") -> None:
        graph = answer.network.graph
        assert answer.verdict == verdict
        assert unconnected(answer, graph) == set()
        legs = (*answer.trace.forward, *answer.trace.back)
        assert {hop.component for leg in legs for hop in leg.hops} <= set(graph.nodes)

    def test_peering_and_a_neighbour_in_the_attachments_subnet(self) -> None:
        net = topology()
        near, far = net.vpc("near", "10.1.0.0/16"), net.vpc("far", "10.2.0.0/16")
        far.default_group.allow_in(rule("all"))
        a, b = near.subnet("a", "10.1.1.0/24"), far.subnet("b", "10.2.1.0/24")
        peering = near.peer(far)
        hub = net.transit_gateway("hub")
        table = hub.table("all")
        hub.attach_vpc(near, [a], table=table, propagate=[table])
        hub.attach_vpc(far, [b], table=table, propagate=[table])
        a.route("10.2.0.0/16", peering)
        b.route("10.1.0.0/16", hub)
        self.check(ask(net, a.interface(), b.interface(), tcp=443))

    def test_transit_gateways_of_two_regions(self) -> None:
        net = topology()
        ends = []
        gateways = []
        for number, region in enumerate((net, net.region("us-west-2")), start=1):
            vpc = region.vpc("vpc", f"10.{number}.0.0/16")
            vpc.default_group.allow_in(rule("all"))
            gateway = region.transit_gateway("hub")
            subnet = vpc.subnet("a", f"10.{number}.1.0/24").route("10.0.0.0/8", gateway)
            table = gateway.table("all")
            gateway.attach_vpc(vpc, [subnet], table=table, propagate=[table])
            ends.append(subnet.interface())
            gateways.append((gateway, table))
        (left, left_table), (right, right_table) = gateways
        here, there = left.peer(right, table=left_table, other_table=right_table)
        left_table.route("10.2.0.0/16", here)
        right_table.route("10.1.0.0/16", there)
        self.check(ask(net, ends[0], ends[1], tcp=443))

    def test_internet_in_and_out_and_ingress_routing(self) -> None:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16", ipv6="2600:1f18:1::/56")
        vpc.default_group.allow_in(rule("all"))
        vpc.default_group.allow_out(rule("all"), rule("all", None, "::/0"))
        subnet = vpc.subnet("a", "10.1.1.0/24", ipv6="2600:1f18:1:1::/64")
        internet = vpc.internet_gateway()
        subnet.route("0.0.0.0/0", internet).route("::/0", vpc.egress_only_internet_gateway())
        server = subnet.interface("10.1.1.20", ipv6=["2600:1f18:1:1::20"])
        server.elastic_ip("198.51.100.20")
        self.check(ask(net, "internet", "198.51.100.20", tcp=443))
        self.check(ask(net, "2600:1f18:1:1::20", "2001:4860:4860::8888", tcp=443))
        appliance = vpc.subnet("b", "10.1.2.0/24").interface(source_dest_check=False)
        vpc.route_table("edge").route("10.1.1.0/24", appliance).associate_gateway(internet)
        self.check(ask(net, "internet", "198.51.100.20", tcp=443), "unknown")

    @pytest.mark.parametrize("kind", ["ip", "instance"])
    def test_a_load_balancer_with_and_without_client_addresses(self, kind: str) -> None:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        group = vpc.security_group("all", ingress=[rule("all")])
        subnet = vpc.subnet("a", "10.1.1.0/24")
        server = vpc.subnet("b", "10.1.2.0/24").instance("server", "10.1.2.20", groups=[group])
        targets = vpc.target_group("web", 443, target_type=kind)
        targets.target(server.id if kind == "instance" else "10.1.2.20")
        nlb = vpc.network_load_balancer("web", [subnet], groups=[group]).listener(443, targets)
        self.check(ask(net, subnet.interface(), nlb.interfaces[0], tcp=443))
        targets.target(server.id if kind == "instance" else "10.1.2.20", health="unhealthy")
        self.check(ask(net, subnet.interface(), nlb.interfaces[0], tcp=443), "no")

    @pytest.mark.parametrize(("port", "verdict"), [(443, "yes"), (22, "no")])
    def test_a_network_firewall_and_the_policy_that_drops(self, port: int, verdict: str) -> None:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        vpc.default_group.allow_in(rule("all"))
        a, b, wall = (vpc.subnet(name, f"10.1.{n}.0/24") for n, name in enumerate("abw", start=1))
        web = net.rule_group("web", five_tuples(("PASS", "TCP", "ANY", "ANY", "443")), strict=True)
        policy = net.firewall_policy("policy", web, strict=True, stateful_default=("aws:drop_strict",))
        endpoint = vpc.network_firewall("wall", [wall], policy).endpoint_in(wall)
        a.route("10.1.2.0/24", endpoint)
        b.route("10.1.1.0/24", endpoint)
        self.check(ask(net, a.interface(), b.interface(), tcp=port), verdict)

    @pytest.mark.parametrize("direct", [True, False])
    def test_virtual_private_gateways_over_direct_connect(self, direct: bool) -> None:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        gateway = vpc.vpn_gateway()
        dx = net.direct_connect_gateway("dc", "172.20.0.0/16")
        interface = dx.virtual_interface("private", kind="private")
        if direct:
            interface.record |= {"virtualGatewayId": gateway.id, "directConnectGatewayId": ""}
        else:
            dx.associate(gateway, "10.1.0.0/16")
        vpc.main_table.propagate(gateway, "172.20.0.0/16")
        self.check(ask(net, vpc.subnet("a", "10.1.1.0/24").interface(), "172.20.1.1", tcp=443))
