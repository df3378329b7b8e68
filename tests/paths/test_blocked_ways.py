"""Blocked paths where AWS picks one of several ways or no change helps: the place where packets end is named.

A load balancer sends each connection to any of its healthy targets
(https://docs.aws.amazon.com/elasticloadbalancing/latest/network/introduction.html).
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

import pytest

from asking import Answer, ask, site_file
from builder import inbound, rule, topology
from builder.interface import Interface
from builder.rules import Rule
from builder.security_group import SecurityGroup
from builder.transit_gateway_table import TransitGatewayTable
from graph.balanced import on_premises
from mwaanet.graph.flight import Action, Kind
from mwaanet.net import ICMP, TCP, UDP, AddressSet, Intervals, PacketSet
from mwaanet.paths.blocked import BlockedPath, representative

ANYWHERE = "0.0.0.0/0"


class Servers:
    """A client calls servers, each with a group or a subnet of its own, by way of a load balancer."""

    def __init__(self) -> None:
        self.net = topology()
        self.vpc = self.net.vpc("apps", "10.1.0.0/16")
        self.clients, self.servers = (self.vpc.subnet(name, f"10.1.{n}.0/24") for n, name in ((1, "a"), (2, "b")))
        self.guarded = self.vpc.subnet("c", "10.1.3.0/24")
        self.acl = self.vpc.network_acl("oneway", inbound(100, "allow", "all", None, ANYWHERE), subnets=[self.guarded])
        self.open, self.closed = self.group("open", rule("all")), self.group("closed")
        self.targets = self.vpc.target_group("web", 443)
        self.nlb = self.vpc.network_load_balancer("web", [self.clients])
        self.nlb.listener(443, self.targets)
        self.client = self.clients.interface("10.1.1.10")
        self.serve("10.1.2.20", self.open)

    def group(self, name: str, *ingress: Rule) -> SecurityGroup:
        return self.vpc.security_group(name, ingress=list(ingress))

    def serve(self, address: str, group: SecurityGroup) -> None:
        subnet = self.guarded if address.startswith("10.1.3.") else self.servers
        subnet.interface(address, groups=[group])
        self.targets.target(address)

    def ask(self) -> Answer:
        return ask(self.net, self.client, self.nlb.interfaces[0].address, tcp=443)


def twins(source: str = "10.1.1.10", **group: Any) -> tuple[Answer, Interface, Interface]:
    """What is said of packets to one of two VPCs that have the same addresses; the peering leads to the other one."""
    net = topology()
    near, far, twin = (net.vpc(name, f"10.{n}.0.0/16") for name, n in (("near", 1), ("far", 2), ("twin", 2)))
    twin.default_group.allow_in(rule("all"))
    peering = near.peer(twin)
    groups = [near.security_group("clients", **group)]
    subnet = near.subnet("a", "10.1.1.0/24").route("10.2.0.0/16", peering)
    client, _ = subnet.interface("10.1.1.10", groups=groups), subnet.interface("10.1.1.11")
    taker = twin.subnet("a", "10.2.1.0/24").route("10.1.0.0/16", peering).interface("10.2.1.10")
    return ask(net, source, far.subnet("a", "10.2.1.0/24").interface("10.2.1.10"), tcp=443), client, taker


class TestOneOfSeveralWays:
    def test_the_way_that_fails_is_told_with_what_stops_it(self) -> None:
        servers = Servers()
        servers.serve("10.1.2.21", servers.closed)
        answer = servers.ask()
        assert answer.verdict == "partial"
        (path,) = answer.blocked
        assert (path.resources, path.actions, path.complete) == ((servers.closed.id,), (), False)
        assert path.packets == answer.trace.asked
        assert (path.drops, path.turn) == (path.hops[-1:], len(path.hops))

    def test_where_replies_are_lost_the_way_is_theirs(self) -> None:
        servers = Servers()
        servers.serve("10.1.3.20", servers.open)
        (path,) = servers.ask().blocked
        assert (path.resources, path.turn) == ((servers.acl.id,), 0)
        assert path.hops[-1].component == servers.acl.id

    def test_each_place_that_stops_packets_is_told_once(self) -> None:
        servers = Servers()
        shut = servers.group("shut")
        servers.serve("10.1.2.21", servers.closed)
        servers.serve("10.1.2.22", servers.closed)
        servers.serve("10.1.2.23", shut)
        servers.serve("10.1.3.20", servers.open)
        assert sorted(path.resources for path in servers.ask().blocked) == sorted(
            (resource.id,) for resource in (servers.closed, shut, servers.acl)
        )

    def test_all_that_would_have_to_change_there_is_told(self) -> None:
        balanced, site = on_premises("172.20.5.40")
        balanced.targets.target(balanced.servers[0].interface.address)
        (path,) = balanced.ask(tcp=443, site=site.replace("default: allow", "default: deny")).blocked
        assert path.resources == ("dc.firewall", "dc")

    @pytest.mark.parametrize("neighbours", [1, 4])
    def test_it_is_told_after_what_always_fails_where_that_is_less_than_four(self, neighbours: int) -> None:
        servers = Servers()
        servers.serve("10.1.2.21", servers.closed)
        balancer = ip_address(servers.nlb.interfaces[0].address)
        shut = [servers.group(f"shut{number}") for number in range(neighbours)]
        for number, group in enumerate(shut, start=1):
            servers.clients.interface(str(balancer + number), groups=[group])
        answer = ask(servers.net, servers.client, f"{balancer}-{balancer + neighbours}", tcp=443)
        assert [path.resources for path in answer.blocked] == [(group.id,) for group in [*shut, servers.closed][:4]]

    def test_where_no_change_helps_the_place_itself_is_told(self) -> None:
        servers = Servers()
        servers.targets.target("10.1.2.99")
        assert [path.resources for path in servers.ask().blocked] == [(servers.servers.id,)]

    def test_what_is_not_known_stops_nothing(self) -> None:
        """An Application Load Balancer, which is not modelled, behind a group that is closed."""
        servers = Servers()
        servers.nlb.record["Type"] = "application"
        silent = servers.vpc.security_group("silent", egress=[])
        client = servers.clients.interface(groups=[silent])
        (path,) = ask(servers.net, client, servers.nlb.interfaces[0].address, tcp=443).blocked
        assert (path.resources, path.complete, path.hops[-1].component) == ((silent.id,), False, servers.nlb.arn)
        assert [drop.component for drop in path.drops] == [silent.id]

    def test_nor_does_a_place_that_may_pass_packets_on(self) -> None:
        """What lies behind a VPN may be the company's own way to the internet
        (https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html#route-tables-vgw)."""
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        gateway = vpc.vpn_gateway()
        vpn = net.vpn("dc", net.customer_gateway("dc", "203.0.113.7"), gateway, static=[ANYWHERE])
        vpc.main_table.propagate(gateway, ANYWHERE)
        silent = vpc.security_group("silent", egress=[])
        client = vpc.subnet("a", "10.1.1.0/24").interface(groups=[silent])
        open_answer = ask(net, vpc.subnet("b", "10.1.2.0/24").interface(), "internet", tcp=443)
        assert (open_answer.verdict, open_answer.codes) == ("unknown", set())
        (leg,) = open_answer.trace.forward
        *_, before, last = leg.hops
        assert (before.component, last.component, last.action) == (vpn.id, f"edge:{vpn.id}", Action.UNKNOWN)
        assert (last.by, leg.end.hop, leg.flight.packets) == (open_answer.doubts, last, open_answer.trace.asked)
        (path,) = ask(net, client, "internet", tcp=443).blocked
        assert (path.resources, path.complete, path.hops[-1].component) == ((silent.id,), False, f"edge:{vpn.id}")
        assert [drop.component for drop in path.drops] == [silent.id]


class TestTheCheapest:
    def test_of_several_clients_the_one_that_is_stopped_is_told(self) -> None:
        servers = Servers()
        stopped = servers.clients.interface("10.1.1.11", groups=[servers.vpc.security_group("silent", egress=[])])
        answer = ask(servers.net, "10.1.1.10-10.1.1.11", "10.1.2.20", tcp=443)
        (path,) = answer.blocked
        assert (path.hops[0].component, path.packets.src) == (stopped.id, AddressSet.parse("10.1.1.11"))

    def test_an_opened_acl_is_cheaper_than_a_new_route_however_long_the_way(self) -> None:
        """The default route leads through a transit gateway; the peering beside it is the shorter way."""
        net = topology()
        near, far = net.vpc("near", "10.1.0.0/16"), net.vpc("far", "10.2.0.0/16")
        far.default_group.allow_in(rule("all"))
        peering, hub = near.peer(far), net.transit_gateway("hub")
        table = hub.table("all")
        subnet = near.subnet("a", "10.1.1.0/24").route(ANYWHERE, hub)
        transit = far.subnet("transit", "10.2.9.0/28")
        hub.attach_vpc(near, [subnet], table=table)
        hub.attach_vpc(far, [transit], table=table, propagate=[table])
        acl = far.network_acl("shut", subnets=[transit])
        server = far.subnet("b", "10.2.1.0/24").route("10.1.0.0/16", peering).interface()
        assert ask(net, subnet.interface(), server, tcp=443).culprits == (acl.id,)

    def test_an_acl_is_opened_once_for_all_that_crosses_it(self) -> None:
        """Four times for one connection; the way by the other NAT gateway takes one more route instead."""
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        shut = vpc.subnet("b", "10.1.8.0/24").route(ANYWHERE, vpc.internet_gateway())
        acl = vpc.network_acl("shut", subnets=[shut])
        shut.nat_gateway("nat", public="198.51.100.9")
        beside = vpc.subnet("c", "10.1.9.0/24")
        vpc.route_table("lacking", beside)
        beside.nat_gateway("open", public="198.51.100.8")
        subnet = vpc.subnet("a", "10.1.1.0/24")
        table = vpc.route_table("own", subnet)
        assert ask(net, subnet.interface(), "8.8.8.8", tcp=443).culprits == (table.id, acl.id)


class TestTakenByAnother:
    def test_the_way_ends_where_they_were_taken(self) -> None:
        answer, client, taker = twins()
        (path,) = answer.blocked
        assert (path.packets, path.resources, path.actions) == (answer.trace.asked, (taker.id,), ())
        assert (path.drops, path.complete, path.turn) == (path.hops[-1:], False, len(path.hops))
        assert (path.hops[0].component, path.hops[-1].component) == (client.id, taker.id)

    def test_where_another_client_is_stopped_before_it_is_told_for_itself(self) -> None:
        answer, _, taker = twins("10.1.1.10-10.1.1.11", egress=[])
        (path,) = (path for path in answer.blocked if path.packets.src == AddressSet.parse("10.1.1.11"))
        assert (path.resources, path.hops[-1].component) == ((taker.id,), taker.id)

    def test_what_must_change_before_is_told_first(self) -> None:
        answer, client, taker = twins(egress=[])
        (path,) = answer.blocked
        (group,) = (hop.component for hop in path.hops if hop.kind is Kind.SECURITY_GROUP and hop in path.drops)
        assert (path.packets, path.resources) == (answer.trace.asked, (group, taker.id))
        assert (len(path.actions), len(path.undone), path.complete, path.turn) == (1, 1, False, len(path.hops))
        assert [hop.component for hop in path.drops] == [group, taker.id]
        assert (path.hops[0].component, path.hops[-1].component) == (client.id, taker.id)


@pytest.mark.parametrize("destination", ["10.2.0.0/16", ANYWHERE])
class TestLedAstray:
    """A route leads to the peering with another VPC than the one that was meant."""

    def ask(self, destination: str, address: str, source: str = "10.1.1.11") -> tuple[Answer, str, str]:
        self.net = net = topology()
        near, right, wrong = (net.vpc(name, f"10.{n}.0.0/16") for n, name in enumerate("abc", start=1))
        self.silent = near.security_group("silent", egress=[])
        right.default_group.allow_in(rule("all"))
        there, elsewhere = near.peer(right), near.peer(wrong)
        right.subnet("b", "10.2.1.0/24").route("10.1.0.0/16", there).interface("10.2.1.20")
        subnet = near.subnet("a", "10.1.1.0/24").route(destination, elsewhere)
        subnet.interface("10.1.1.10", groups=[self.silent])
        subnet.interface("10.1.1.11")
        return ask(net, source, address, tcp=443), subnet.table.id, elsewhere.id

    def test_the_route_is_to_change(self, destination: str) -> None:
        answer, table, _ = self.ask(destination, "10.2.1.20")
        (path,) = answer.blocked
        assert (path.complete, path.resources, len(path.actions)) == (True, (table,), 1)
        assert ([hop.component for hop in path.drops], len(path.undone)) == ([table], 1)
        assert [hop.component for hop in path.hops].count(table) == 1

    def test_a_way_round_that_ends_nowhere_is_not_told(self, destination: str) -> None:
        answer, table, elsewhere = self.ask(destination, "10.2.1.99")
        (path,) = answer.blocked
        assert (path.complete, path.resources) == (False, (table, elsewhere))
        assert path.hops[-1].component == elsewhere

    def test_each_client_is_told_what_stops_its_own_packets(self, destination: str) -> None:
        answer, table, _ = self.ask(destination, "10.2.1.20", "10.1.1.10-10.1.1.11")
        silent, other = answer.blocked
        assert set(silent.resources) == {self.silent.id, table}
        assert [str(drop.packets.src) for path in (silent, other) for drop in path.drops][-1] == "10.1.1.11"
        assert [hop.component for hop in other.drops] == [table]

    def test_what_must_change_before_is_told_too(self, destination: str) -> None:
        answer, table, elsewhere = self.ask(destination, "10.2.1.99", "10.1.1.10")
        (path,) = answer.blocked
        assert [hop.component for hop in path.drops] == [self.silent.id, elsewhere]
        assert path.resources == (self.silent.id, table, elsewhere)


class TwoTransitGateways:
    """The default route leads to the first; a route to the second is forgotten beside it where that leads there.

    https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html: a transit gateway knows its attachments'
    VPCs and what its tables have routes to.
    """

    def __init__(self) -> None:
        self.net = topology()
        self.near, self.far = self.net.vpc("near", "10.1.0.0/16"), self.net.vpc("far", "10.2.0.0/16")
        self.subnet = self.near.subnet("a", "10.1.1.0/24")
        self.first, self.second = self.net.transit_gateway("first"), self.net.transit_gateway("second")
        self.tables = self.first.table("first"), self.second.table("second")
        for hub, table in zip((self.first, self.second), self.tables, strict=True):
            hub.attach_vpc(self.near, [self.subnet], table=table, propagate=[table])
        self.subnet.route(ANYWHERE, self.first)

    def vpn(self, announced: str) -> str:
        customer = self.net.customer_gateway("dc", "203.0.113.7")
        table = self.tables[1]
        return self.net.vpn("dc", customer, self.second, bgp=[announced], table=table, propagate=[table]).id

    def ask(self, address: str, site: str | None = None) -> BlockedPath:
        (path,) = ask(self.net, self.subnet.interface("10.1.1.10"), address, tcp=443, site=site).blocked
        return path

    def server(self, *propagate: TransitGatewayTable) -> str:
        self.far.default_group.allow_in(rule("all"))
        there = self.far.subnet("b", "10.2.1.0/24").route("10.1.0.0/16", self.second)
        there.interface("10.2.1.20")
        self.second.attach_vpc(self.far, [there], table=self.tables[1], propagate=propagate)
        return "10.2.1.20"


class TestForgottenBesideATransitGateway:
    def test_nothing_is_led_to_another_of_which_nothing_says_that_it_leads_there(self) -> None:
        hubs = TwoTransitGateways()
        hubs.vpn("172.21.0.0/16")
        path = hubs.ask("172.20.0.5")
        assert (path.complete, path.resources) == (False, (hubs.tables[0].id,))

    def test_what_another_has_a_route_to_is_led_there(self) -> None:
        hubs = TwoTransitGateways()
        path = hubs.ask(hubs.server(hubs.tables[1]))
        assert (path.complete, path.resources) == (True, (hubs.subnet.table.id,))
        assert hubs.second.id in path.actions[0]

    def test_what_is_attached_to_another_is_led_there_and_the_route_that_it_lacks_is_named(self) -> None:
        hubs = TwoTransitGateways()
        path = hubs.ask(hubs.server())
        assert (path.complete, path.resources) == (True, (hubs.subnet.table.id, hubs.tables[1].id))

    def test_a_site_behind_another_is_led_there(self) -> None:
        hubs = TwoTransitGateways()
        vpn = hubs.vpn("172.20.0.0/16")
        path = hubs.ask("172.20.0.5", site_file(links=[vpn]))
        assert (path.complete, path.resources) == (True, (hubs.subnet.table.id,))


def test_a_static_route_of_a_transit_gateway_may_lead_astray_too() -> None:
    """https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html."""
    net = topology()
    hub = net.transit_gateway("hub")
    table = hub.table("all")
    near, right, wrong = (net.vpc(name, f"10.{n}.0.0/16") for n, name in enumerate("abc", start=1))
    right.default_group.allow_in(rule("all"))
    subnets = [
        vpc.subnet("a", f"10.{n}.1.0/24").route("10.0.0.0/8", hub) for n, vpc in enumerate((near, right, wrong), 1)
    ]
    _, _, elsewhere = (
        hub.attach_vpc(vpc, [subnet], table=table, propagate=[table])
        for vpc, subnet in zip((near, right, wrong), subnets, strict=True)
    )
    table.route("10.2.0.0/16", elsewhere)
    (path,) = ask(net, subnets[0].interface(), subnets[1].interface(), tcp=443).blocked
    assert (path.complete, path.resources) == (True, (table.id,))


@pytest.mark.parametrize(
    ("kind", "one"),
    [
        ({"dport": Intervals.of((80, 90))}, {"protocol": TCP, "dport": Intervals.single(80)}),
        ({"protocol": UDP}, {"protocol": UDP, "dport": Intervals.single(0)}),
        ({"protocol": ICMP}, {"protocol": ICMP}),
    ],
)
def test_a_representative_has_one_address_each_side_and_one_destination_port(
    kind: dict[str, Any], one: dict[str, Any]
) -> None:
    many = PacketSet.of(src=AddressSet.parse("10.1.0.0/16"), dst=AddressSet.parse("10.2.0.0/16"), **kind)
    expected = PacketSet.of(src=AddressSet.parse("10.1.0.0"), dst=AddressSet.parse("10.2.0.0"), **one)
    assert representative(many) == expected
