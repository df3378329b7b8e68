"""Blocked paths: exactly what must change is named, all of it and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest

from asking import Answer, ask, site_file
from builder import Topology, inbound, mwaa_estate, outbound, rule, topology
from mwaanet.graph.flight import Action
from mwaanet.paths.blocked import representative

ANYWHERE = "0.0.0.0/0"


class Chain:
    """A client behind a transit gateway calls a service endpoint whose load balancer has its server on a site.

    Each method is a fault and gives the resource that is to blame.
    """

    def __init__(self) -> None:
        self.net: Topology = topology()
        net = self.net
        self.near, self.far = net.vpc("near", "10.1.0.0/16"), net.vpc("far", "10.2.0.0/16")
        self.clients = self.near.security_group("clients")
        self.balanced = self.far.security_group("nlb", ingress=[rule("tcp", 443, "10.1.0.0/16")])
        self.a = self.near.subnet("a", "10.1.1.0/24")
        self.b, self.c = self.far.subnet("b", "10.2.1.0/24"), self.far.subnet("c", "10.2.2.0/24")
        everything = [one(100, "allow", "all", None, ANYWHERE) for one in (inbound, outbound)]
        self.near_acl = self.near.network_acl("near", *everything, subnets=[self.a])
        self.far_acl = self.far.network_acl("far", *everything, subnets=[self.c])
        self.hub = net.transit_gateway("hub")
        self.left, self.right = self.hub.table("left"), self.hub.table("right")
        transit = self.near.subnet("transit", "10.1.9.0/28")
        self.hub.attach_vpc(self.near, [transit], table=self.left, propagate=[self.right])
        self.attachment = self.hub.attach_vpc(self.far, [self.b], table=self.right, propagate=[self.left])
        self.a.route("10.2.0.0/16", self.hub)
        self.far_table = self.far.route_table("far", self.b, self.c).route("10.1.0.0/16", self.hub)
        gateway = self.far.vpn_gateway()
        customer = net.customer_gateway("dc", "203.0.113.7")
        self.vpn = net.vpn("dc", customer, gateway, static=["172.20.0.0/16"])
        self.far_table.propagate(gateway, "172.20.0.0/16")
        self.targets = self.far.target_group("web", 8081).target("172.20.5.40")
        self.nlb = self.far.network_load_balancer("nlb", [self.c], groups=[self.balanced])
        self.nlb.listener(443, self.targets)
        self.client = self.a.interface("10.1.1.10", groups=[self.clients])
        self.routes, self.firewall = ["10.2.0.0/16"], "default: allow"

    def ask(self) -> Answer:
        site = site_file(self.firewall, routes=self.routes, links=[self.vpn.id])
        return ask(self.net, self.client, self.nlb.interfaces[0].address, tcp=443, site=site)

    def clients_egress(self) -> str:
        self.clients.allow_out(rule("tcp", 80))
        return self.clients.id

    def balancers_ingress(self) -> str:
        self.balanced.record["IpPermissions"].clear()
        return self.balanced.id

    def near_acl_outbound(self) -> str:
        self.near_acl.add(outbound(90, "deny", "tcp", 443, ANYWHERE))
        return self.near_acl.id

    def near_acl_replies(self) -> str:
        self.near_acl.add(inbound(90, "deny", "tcp", (1024, 65535), ANYWHERE))
        return self.near_acl.id

    def far_acl_inbound(self) -> str:
        self.far_acl.add(inbound(90, "deny", "tcp", 443, "10.1.0.0/16"))
        return self.far_acl.id

    def far_acl_towards_the_site(self) -> str:
        self.far_acl.add(outbound(90, "deny", "tcp", 8081, ANYWHERE))
        return self.far_acl.id

    def near_route(self) -> str:
        self.a.table.remove("10.2.0.0/16")
        return self.a.table.id

    def far_route_back(self) -> str:
        self.far_table.remove("10.1.0.0/16")
        return self.far_table.id

    def transit_route(self) -> str:
        self.left.stop_propagation(self.attachment)
        return self.left.id

    def transit_route_back(self) -> str:
        self.right.blackhole("10.1.0.0/16")
        return self.right.id

    def tunnels(self) -> str:
        self.vpn.tunnels("DOWN", "DOWN")
        return self.vpn.id

    def health(self) -> str:
        self.targets.target("172.20.5.40", health="unhealthy")
        return self.targets.arn

    def sites_firewall(self) -> str:
        self.firewall = "default: deny"
        return "dc.firewall"

    def sites_routes(self) -> str:
        self.routes = ["10.9.0.0/16"]
        return "dc.routes"


Fault = Callable[[Chain], str]

FAULTS: tuple[Fault, ...] = (
    Chain.clients_egress,
    Chain.near_route,
    Chain.near_acl_outbound,
    Chain.transit_route,
    Chain.far_acl_inbound,
    Chain.balancers_ingress,
    Chain.health,
    Chain.far_acl_towards_the_site,
    Chain.tunnels,
    Chain.sites_firewall,
    Chain.sites_routes,
    Chain.far_route_back,
    Chain.transit_route_back,
    Chain.near_acl_replies,
)
"""In the order in which the request and its reply meet them."""


def culprits(answer: Answer) -> set[str]:
    """What is named, but for the site whose part is named."""
    return set(answer.culprits) - {"dc"}


def name(fault: Fault) -> str:
    return getattr(fault, "__name__", "")


def test_without_a_fault_nothing_is_named() -> None:
    answer = Chain().ask()
    assert (answer.verdict, answer.culprits, answer.blocked) == ("yes", (), ())


@pytest.mark.parametrize("fault", FAULTS, ids=name)
def test_one_fault_is_named_and_nothing_else(fault: Fault) -> None:
    chain = Chain()
    expected = fault(chain)
    answer = chain.ask()
    assert (answer.verdict, culprits(answer)) == ("no", {expected})
    assert [path.complete for path in answer.blocked] == [True]


@pytest.mark.parametrize(("first", "second"), list(combinations(FAULTS, 2)), ids=name)
def test_two_faults_are_both_named_and_nothing_else(first: Fault, second: Fault) -> None:
    """So mending the one leaves exactly the other, which the tests of single faults show."""
    chain = Chain()
    expected = {first(chain), second(chain)}
    answer = chain.ask()
    assert (answer.verdict, culprits(answer)) == ("no", expected)


@pytest.mark.parametrize("start", range(0, len(FAULTS), 3))
def test_many_faults_are_all_named_in_the_order_of_the_path(start: int) -> None:
    chain = Chain()
    expected = [fault(chain) for fault in FAULTS[start:]]
    answer = chain.ask()
    found = [resource for resource in answer.culprits if resource != "dc"]
    assert set(found) == set(expected)
    assert found[0] == expected[0]


class TestPaths:
    def test_a_blocked_path_is_complete_from_client_to_server_and_back(self) -> None:
        chain = Chain()
        chain.clients_egress()
        answer = chain.ask()
        (path,) = answer.blocked
        assert path.packets == answer.trace.asked
        components = [hop.component for hop in path.hops]
        assert (components[0], components[-1]) == (chain.client.id, chain.client.id)
        assert "dc" in components
        assert chain.nlb.arn in components
        assert (components[path.turn - 1], path.hops[path.turn - 1].action) == ("dc", Action.DELIVER)
        assert path.drops == path.hops[1:2]
        assert len(path.hops) == len(set(path.hops))

    def test_what_to_do_is_said_for_each(self) -> None:
        chain = Chain()
        chain.clients_egress()
        chain.transit_route()
        (path,) = chain.ask().blocked
        assert len(path.actions) == 2
        assert all(text for text in path.actions)

    def test_each_drop_has_its_own_change(self) -> None:
        chain = Chain()
        expected = [chain.clients_egress(), chain.near_route(), chain.sites_firewall()]
        (path,) = chain.ask().blocked
        assert len(path.drops) == len(path.undone) == 3
        assert [path.changes_of(number)[0] for number in range(3)] == expected

    def test_a_drop_that_no_change_undoes_is_where_it_happened(self) -> None:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        a, b = vpc.subnet("a", "10.1.1.0/24"), vpc.subnet("b", "10.1.2.0/24")
        closed = vpc.security_group("closed", egress=[])
        b.interface("10.1.2.20", groups=[vpc.security_group("open", ingress=[rule("all")])])
        (path,) = ask(net, a.interface(groups=[closed]), "10.1.2.99", tcp=443).blocked
        assert not path.complete
        assert path.changes_of(0) == (closed.id,)
        assert path.changes_of(1) == (path.drops[1].component,)

    def test_what_led_packets_to_a_gateway_that_refuses_them_is_what_must_change(self) -> None:
        """https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html: without a public IPv4 address
        nothing goes out."""
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        gateway = vpc.internet_gateway()
        subnet = vpc.subnet("a", "10.1.1.0/24").route(ANYWHERE, gateway)
        (path,) = ask(net, subnet.interface(), "8.8.8.8", tcp=443).blocked
        assert (path.drops[0].component, path.changes_of(0)[0]) == (gateway.id, subnet.table.id)

    def test_of_several_tables_on_the_way_there_it_is_the_last_and_the_nat_gateway(self) -> None:
        """An internet gateway drops what a private NAT gateway sends
        (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html)."""
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        gateway = vpc.internet_gateway()
        outer = vpc.subnet("outer", "10.1.9.0/24").route(ANYWHERE, gateway)
        nat = outer.nat_gateway("nat")
        inner = vpc.subnet("a", "10.1.1.0/24").route(ANYWHERE, nat)
        (path,) = ask(net, inner.interface(), "8.8.8.8", tcp=443).blocked
        assert path.resources == (nat.id, outer.table.id, gateway.id)

    def test_of_many_differently_stopped_parts_the_first_four_are_told(self) -> None:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        a, b = vpc.subnet("a", "10.1.1.0/24"), vpc.subnet("b", "10.1.2.0/24")
        closed = [vpc.security_group(f"closed{number}") for number in range(5)]
        for number, group in enumerate(closed):
            b.interface(f"10.1.2.{16 + number}", groups=[group])
        answer = ask(net, a.interface(), "10.1.2.16-10.1.2.20", tcp=443)
        assert answer.culprits == tuple(group.id for group in closed[:4])

    def test_one_resource_at_fault_twice_is_named_once(self) -> None:
        chain = Chain()
        chain.near_acl_outbound()
        chain.near_acl_replies()
        assert chain.ask().culprits == (chain.near_acl.id,)

    def test_differently_stopped_parts_have_a_path_each(self) -> None:
        """One address is refused by the server's group, the other by its subnet's ACL."""
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        closed = vpc.security_group("closed")
        a, b, c = (vpc.subnet(name, f"10.1.{n}.0/24") for n, name in enumerate("abc", start=1))
        acl = vpc.network_acl("shut", subnets=[c])
        b.interface("10.1.2.20", groups=[closed])
        c.interface("10.1.3.20", groups=[vpc.security_group("open", ingress=[rule("all")])])
        answer = ask(net, a.interface(), "10.1.2.0/23", tcp=443)
        assert {acl.id, closed.id} <= set(answer.culprits)
        assert len(answer.blocked) >= 2

    def test_a_representative_is_one_connection_with_all_its_client_ports(self) -> None:
        chain = Chain()
        chain.clients_egress()
        one = representative(chain.ask().trace.tally.stopped)
        assert (one.src.size, one.dst.size, one.dport.size) == (1, 1, 1)
        assert one.sport.spans == ((32768, 60999),)


class TestCatalogue:
    """What is proposed: mending what exists before making something new, and never an internet gateway."""

    def worker(self) -> tuple[Topology, Any, Any]:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        subnet = vpc.subnet("a", "10.1.1.0/24")
        vpc.route_table("own", subnet)
        return net, vpc, subnet

    def test_a_missing_gateway_endpoint_is_named_by_its_vpc_and_service(self) -> None:
        net, vpc, subnet = self.worker()
        answer = ask(net, subnet.interface(), "52.216.1.1", tcp=443)
        assert answer.culprits == (vpc.id, "com.amazonaws.us-east-1.s3", subnet.table.id)

    def test_a_gateway_endpoint_that_exists_needs_its_route_only(self) -> None:
        """https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html: the route is added automatically
        to each route table that is selected for the endpoint.
        """
        net, vpc, subnet = self.worker()
        endpoint = vpc.gateway_endpoint("s3")
        answer = ask(net, subnet.interface(), "52.216.1.1", tcp=443)
        assert answer.culprits == (subnet.table.id, endpoint.id)
        assert answer.blocked[0].actions == (f"associate {subnet.table.id} with {endpoint.id}",)

    def test_no_internet_gateway_is_proposed(self) -> None:
        net, vpc, subnet = self.worker()
        vpc.internet_gateway()
        answer = ask(net, subnet.interface(), "8.8.8.8", tcp=443)
        assert answer.culprits == (subnet.table.id,)
        (path,) = answer.blocked
        assert (path.complete, path.actions, path.turn) == (False, (), len(path.hops))
        assert path.packets == answer.trace.asked

    def test_a_route_to_a_nat_gateway_that_exists_is(self) -> None:
        net, vpc, subnet = self.worker()
        outer = vpc.subnet("outer", "10.1.9.0/24").route(ANYWHERE, vpc.internet_gateway())
        nat = outer.nat_gateway("nat", public="198.51.100.9")
        answer = ask(net, subnet.interface(), "8.8.8.8", tcp=443)
        assert answer.culprits == (subnet.table.id,)
        assert nat.id in answer.blocked[0].actions[0]

    def test_a_route_is_proposed_for_all_that_was_asked_about(self) -> None:
        net, vpc, subnet = self.worker()
        outer = vpc.subnet("outer", "10.1.9.0/24").route(ANYWHERE, vpc.internet_gateway())
        nat = outer.nat_gateway("nat", public="198.51.100.9")
        (path,) = ask(net, subnet.interface(), "203.0.113.0/24", tcp=443).blocked
        assert path.actions == (f"add a route for 203.0.113.0/24 to {nat.id} to {subnet.table.id}",)

    def test_a_route_that_was_forgotten_beside_a_default_route_is(self) -> None:
        """The default route leads to the internet what should go to the peer."""
        net, vpc, subnet = self.worker()
        far = net.vpc("far", "10.2.0.0/16")
        far.default_group.allow_in(rule("all"))
        peering = vpc.peer(far)
        server = far.subnet("b", "10.2.1.0/24").route("10.1.0.0/16", peering).interface()
        subnet.route(ANYWHERE, vpc.internet_gateway())
        answer = ask(net, subnet.interface(), server, tcp=443)
        assert answer.culprits == (subnet.table.id,)
        assert peering.id in answer.blocked[0].actions[0]

    def test_a_port_without_a_listener_names_the_load_balancer(self) -> None:
        chain = Chain()
        chain.nlb.listeners[0]["Port"] = 8443
        chain.balanced.allow_in(rule("tcp", 8443, ANYWHERE))
        answer = chain.ask()
        assert answer.verdict == "no"
        assert answer.culprits[0] == chain.nlb.arn


class TestEstate:
    """Faults of a whole architecture."""

    def test_of_two_faults_on_the_way_to_s3_both_are_named(self) -> None:
        estate = mwaa_estate()
        worker = f"mwaa.worker@{estate.workers[0].id}"
        estate.environment_group.allow_out(rule("tcp", 443, "10.24.0.0/16"))
        estate.s3_endpoint.disassociate(estate.workers[0].table)
        answer = ask(estate, worker, "52.216.1.1", tcp=443)
        found = {estate.environment_group.id, estate.workers[0].table.id, estate.s3_endpoint.id}
        assert (answer.verdict, set(answer.culprits)) == ("no", found)
