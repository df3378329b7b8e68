"""Site-to-Site VPN and virtual private gateways (https://docs.aws.amazon.com/vpn/latest/s2svpn/how_it_works.html)."""

from __future__ import annotations

from typing import Any

import pytest

from asking import Answer, ask, site_file
from builder import Topology, Vpc, rule, topology
from builder.gateways import VpnGateway
from builder.vpn import VpnConnection
from graph.linked import HOST, SITE, Linked
from mwaanet.graph.codes import Code

ACCOUNT, REGION = "111122223333", "us-east-1"


class OverGateway(Linked):
    """A VPC with a server, 10.1.1.20, and a VPN to the site `dc` on its virtual private gateway."""

    def __init__(self, *, bgp: bool = False, tunnels: tuple[str, str] = ("UP", "UP"), propagate: bool = True) -> None:
        self.net: Topology = topology(ACCOUNT, REGION)
        self.vpc: Vpc = self.net.vpc("apps", "10.1.0.0/16")
        self.vpc.default_group.allow_in(rule("all"))
        self.gateway: VpnGateway = self.vpc.vpn_gateway()
        self.vpn: VpnConnection = self.connect("dc", SITE, bgp=bgp, tunnels=tunnels)
        self.subnet = self.vpc.subnet("a", "10.1.1.0/24")
        self.table = self.vpc.main_table
        if propagate:
            self.table.propagate(self.gateway, SITE)
        self.server = self.subnet.interface("10.1.1.20")
        self.links = [self.vpn.id]

    def connect(
        self, name: str, cidr: str, *, bgp: bool = False, tunnels: tuple[str, str] = ("UP", "UP")
    ) -> VpnConnection:
        customer = self.net.customer_gateway(name, f"203.0.113.{len(name)}")
        routes: dict[str, Any] = {"bgp" if bgp else "static": [cidr]}
        return self.net.vpn(name, customer, self.gateway, tunnels=tunnels, **routes)

    def to_the_internet(self) -> Answer:
        """From the site, which routes everything towards AWS, to a public address."""
        site = site_file(links=self.links, routes=["0.0.0.0/0"])
        return ask(self.net, "dc", "8.8.8.8", tcp=443, site=site)


class TestVirtualPrivateGateway:
    @pytest.mark.parametrize("bgp", [True, False])
    def test_both_ends_reach_each_other(self, bgp: bool) -> None:
        over = OverGateway(bgp=bgp)
        assert over.verdicts == ("yes", "yes")
        hops = over.outwards().hops
        group, acl = over.vpc.default_group.id, over.vpc.default_acl.id
        assert hops[:6] == [over.server.id, group, over.table.id, acl, over.gateway.id, over.vpn.id]
        assert hops[-1] == "dc"

    def test_it_must_be_attached(self) -> None:
        over = OverGateway()
        over.gateway.record["VpcAttachments"][0]["State"] = "detached"
        answer = over.outwards()
        assert (answer.verdict, answer.codes, answer.culprits) == ("no", {Code.BAD_STATE}, (over.gateway.id,))
        assert answer.hops[-1] == over.gateway.id

    def test_attached_to_another_vpc_it_takes_nothing(self) -> None:
        over = OverGateway()
        over.gateway.record["VpcAttachments"][0]["VpcId"] = over.net.vpc("other", "10.1.0.0/16").id
        answer = over.outwards()
        assert (answer.verdict, answer.codes, answer.hops[-1]) == ("no", {Code.BAD_STATE}, over.gateway.id)

    def test_what_comes_in_by_one_that_is_attached_to_nothing_ends_there(self) -> None:
        over = OverGateway()
        over.gateway.record["VpcAttachments"] = []
        answer = over.inwards()
        assert (answer.verdict, answer.codes, answer.culprits) == ("no", {Code.BAD_STATE}, (over.gateway.id,))

    def test_without_propagated_or_static_routes_the_vpc_does_not_answer(self) -> None:
        over = OverGateway(propagate=False)
        answer = over.inwards()
        assert (answer.verdict, answer.codes, answer.culprits) == ("no", {Code.NO_ROUTE}, (over.table.id,))
        over.table.route(SITE, over.gateway)
        assert over.verdicts == ("yes", "yes")

    def test_the_subnets_acl_sees_what_comes_and_goes(self) -> None:
        over = OverGateway()
        closed = over.vpc.network_acl("closed", subnets=[over.subnet])
        assert over.inwards().culprits == (closed.id,)
        assert over.outwards().culprits == (closed.id,)

    def test_no_transit_to_an_internet_gateway(self) -> None:
        over = OverGateway()
        over.subnet.route("0.0.0.0/0", over.vpc.internet_gateway())
        assert over.to_the_internet().verdict == "no"

    def test_no_transit_to_a_nat_gateway(self) -> None:
        over = OverGateway()
        outer = over.vpc.subnet("outer", "10.1.9.0/24").route("0.0.0.0/0", over.vpc.internet_gateway())
        over.subnet.route("0.0.0.0/0", outer.nat_gateway("nat", public="198.51.100.9"))
        assert over.to_the_internet().verdict == "no"

    def test_no_transit_to_a_peered_vpc(self) -> None:
        over = OverGateway()
        other = over.net.vpc("other", "10.2.0.0/16")
        other.default_group.allow_in(rule("all"))
        peering = over.vpc.peer(other)
        over.subnet.route("10.2.0.0/16", peering)
        server = other.subnet("b", "10.2.1.0/24").route(SITE, peering).interface()
        assert ask(over.net, "dc", server, tcp=443, site=over.site).verdict == "no"

    def test_ingress_routing_leads_to_an_interface_first(self) -> None:
        """https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html."""
        over = OverGateway()
        appliance = over.vpc.subnet("middle", "10.1.8.0/24").interface(source_dest_check=False)
        over.vpc.route_table("edge").route("10.1.1.0/24", appliance).associate_gateway(over.gateway)
        answer = over.inwards()
        assert (answer.verdict, answer.hops[-1]) == ("unknown", appliance.id)


class TestTunnels:
    @pytest.mark.parametrize(
        ("tunnels", "verdict"),
        [(("UP", "UP"), "yes"), (("UP", "DOWN"), "yes"), (("DOWN", "UP"), "yes"), (("DOWN", "DOWN"), "no")],
    )
    def test_one_of_them_must_be_up(self, tunnels: tuple[str, str], verdict: str) -> None:
        over = OverGateway(tunnels=tunnels)
        assert over.verdicts == (verdict, verdict)
        if verdict == "no":
            assert over.outwards().codes == {Code.VPN_DOWN}
            assert over.outwards().culprits == (over.vpn.id,)

    def test_the_hop_tells_how_many_are(self) -> None:
        over = OverGateway(tunnels=("UP", "DOWN"))
        texts = [hop.by for hop in over.outwards().trace.forward[0].hops if hop.component == over.vpn.id]
        assert texts == ["1 of 2 tunnels up"]

    @pytest.mark.parametrize("state", ["pending", "deleting"])
    def test_the_connection_must_be_available(self, state: str) -> None:
        over = OverGateway()
        over.vpn.record["State"] = state
        assert over.outwards().culprits == (over.vpn.id,)

    def test_a_connection_that_tells_nothing_of_its_tunnels_is_unknown(self) -> None:
        over = OverGateway()
        over.vpn.record["VgwTelemetry"] = []
        assert over.verdicts == ("unknown", "unknown")

    def test_connections_that_may_not_be_read_make_the_answer_unknown(self) -> None:
        over = OverGateway()
        over.net.refuse(ACCOUNT, REGION, "ec2", "describe-vpn-connections")
        assert ask(over.net, over.server, HOST, tcp=443).verdict == "unknown"


class TestRoutes:
    """https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNRoutingTypes.html."""

    def test_aws_sends_by_it_only_what_it_has_a_route_for(self) -> None:
        over = OverGateway()
        over.table.route("172.16.0.0/12", over.gateway)
        answer = ask(over.net, over.server, "172.21.1.1", tcp=443, site=over.site)
        assert (answer.verdict, answer.codes) == ("no", {Code.VGW_NO_ROUTE})

    def test_what_bgp_taught_is_seen_where_it_is_propagated(self) -> None:
        over = OverGateway(bgp=True, propagate=False)
        over.table.route(SITE, over.gateway)
        answer = ask(over.net, over.server, HOST, tcp=443)
        assert answer.verdict == "unknown"
        assert "learned by BGP" in answer.doubts

    def test_a_session_that_is_down_teaches_nothing(self) -> None:
        over = OverGateway(bgp=True, propagate=False, tunnels=("DOWN", "DOWN"))
        over.table.route(SITE, over.gateway)
        assert ask(over.net, over.server, HOST, tcp=443).verdict == "no"

    def test_the_longest_static_route_decides(self) -> None:
        over = OverGateway()
        over.table.propagate(over.gateway, "172.20.5.0/24")
        branch = over.connect("branch", "172.20.5.0/24")
        assert branch.id in ask(over.net, over.server, HOST, tcp=443).hops
        assert over.vpn.id in ask(over.net, over.server, "172.20.6.1", tcp=443).hops

    def test_at_equal_length_static_comes_before_bgp(self) -> None:
        """https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-route-priority.html."""
        over = OverGateway()
        dynamic = over.connect("dynamic", SITE, bgp=True)
        site = site_file(links=[over.vpn.id, dynamic.id])
        answer = ask(over.net, over.server, HOST, tcp=443, site=site)
        assert over.vpn.id in answer.hops
        assert dynamic.id not in answer.hops

    def test_of_equal_routes_those_over_a_connection_that_is_up_serve(self) -> None:
        over = OverGateway(tunnels=("DOWN", "DOWN"))
        second = over.connect("second", SITE)
        answer = ask(over.net, over.server, HOST, tcp=443, site=site_file(links=[over.vpn.id, second.id]))
        assert (answer.verdict, second.id in answer.hops) == ("yes", True)

    def test_what_a_session_that_is_down_had_taught_is_withdrawn(self) -> None:
        """The shorter static route over a connection that is up takes the packets."""
        over = OverGateway(bgp=True, propagate=False, tunnels=("DOWN", "DOWN"))
        over.table.route("172.16.0.0/12", over.gateway)
        static = over.connect("static", "172.16.0.0/12")
        answer = ask(over.net, over.server, HOST, tcp=443, site=site_file(links=[over.vpn.id, static.id]))
        assert (answer.verdict, static.id in answer.hops) == ("yes", True)


class TestLearned:
    """AWS sends by a VPN only what it has a route for; a table that takes over what was learned shows all of it.

    https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNRoutingTypes.html,
    https://docs.aws.amazon.com/vpn/latest/s2svpn/SetUpVPNConnections.html#vpn-configure-routing
    """

    @pytest.fixture
    def over(self) -> OverGateway:
        """Of what the site declares BGP taught a part, and the table leads all of it to the gateway."""
        over = OverGateway(bgp=True, propagate=False)
        over.table.route(SITE, over.gateway)
        over.table.propagate(over.gateway, "172.20.1.0/24")
        return over

    def test_what_the_table_lacks_was_not_learned(self, over: OverGateway) -> None:
        answer = over.outwards()
        assert (answer.verdict, answer.codes) == ("no", {Code.VGW_NO_ROUTE})
        assert ask(over.net, over.server, "172.20.1.40", tcp=443, site=over.site).verdict == "yes"

    def test_without_such_a_table_the_declaration_counts(self, over: OverGateway) -> None:
        over.table.record["PropagatingVgws"] = []
        over.table.record["Routes"] = [r for r in over.table.record["Routes"] if r["Origin"] == "CreateRoute"]
        assert over.outwards().verdict == "yes"

    def test_a_connection_that_is_down_is_to_blame_itself(self, over: OverGateway) -> None:
        over.vpn.tunnels("DOWN", "DOWN")
        answer = over.outwards()
        assert (answer.verdict, answer.codes) == ("no", {Code.VPN_DOWN})


class TestLearnedOverWhich:
    """A table shows what was learned, the site file behind which connection it lies.

    https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNRoutingTypes.html
    """

    def asked(self, *, first: tuple[str, str] = ("UP", "UP"), shared: bool = False) -> tuple[Answer, str]:
        """From the server to `dc`, beside which `branch` has a connection of its own; and this one's id."""
        over = OverGateway(bgp=True, tunnels=first)
        branch = over.connect("branch", "172.30.0.0/16", bgp=True)
        over.table.propagate(over.gateway, "172.30.0.0/16")
        links = f"{over.vpn.id}, {branch.id}" if shared else over.vpn.id
        site = f"""\
version: 1
on_premises:
  - {{name: dc, cidrs: [172.20.0.0/16], connects_through: [{links}], firewall: {{default: allow}}}}
  - {{name: branch, cidrs: [172.30.0.0/16], connects_through: [{branch.id}], firewall: {{default: allow}}}}
"""
        return ask(over.net, over.server, "dc", tcp=443, site=site), branch.id

    def test_what_is_declared_behind_one_connection_was_not_learned_over_another(self) -> None:
        answer, branch = self.asked()
        assert answer.verdict == "yes"
        assert branch not in answer.hops

    def test_what_is_declared_behind_both_may_leave_by_each(self) -> None:
        answer, branch = self.asked(shared=True)
        assert answer.verdict == "yes"
        assert any(branch in way for way in answer.ways)

    def test_while_that_connection_is_down_another_has_taught_it(self) -> None:
        """What is still in a table came over a connection that is up."""
        answer, branch = self.asked(first=("DOWN", "DOWN"))
        assert any(branch in way for way in answer.ways)


class TestCloudHub:
    """Sites on one virtual private gateway reach each other (https://docs.aws.amazon.com/vpn/latest/s2svpn/VPN_CloudHub.html)."""

    def two_sites(self, *, same: bool, attached: bool = True) -> Answer:
        over = OverGateway()
        if not attached:
            over.gateway.record["VpcAttachments"] = []
        branch = over.connect("branch", "172.30.0.0/16")
        if not same:
            other = over.net.vpc("other", "10.2.0.0/16").vpn_gateway("other")
            branch.record["VpnGatewayId"] = other.id
        site = f"""\
version: 1
on_premises:
  - {{name: dc, cidrs: [172.20.0.0/16], connects_through: [{over.vpn.id}], firewall: {{default: allow}}}}
  - {{name: branch, cidrs: [172.30.0.0/16], connects_through: [{branch.id}], firewall: {{default: allow}}}}
"""
        self.vpns = [over.vpn.id, branch.id]
        self.gateway = over.gateway.id
        return ask(over.net, "dc", "branch", tcp=443, site=site)

    def test_through_the_same_gateway(self) -> None:
        answer = self.two_sites(same=True)
        assert answer.verdict == "yes"
        assert [hop for hop in answer.hops if hop.startswith("v")] == [self.vpns[0], self.gateway, self.vpns[1]]

    def test_with_a_vpc_or_without_one(self) -> None:
        assert self.two_sites(same=True, attached=False).verdict == "yes"

    def test_a_site_by_direct_connect_takes_part(self) -> None:
        """https://docs.aws.amazon.com/vpn/latest/s2svpn/VPN_CloudHub.html."""
        over = OverGateway()
        dx = over.net.direct_connect_gateway("branch", "172.30.0.0/16")
        interface = dx.virtual_interface("branch", kind="private")
        interface.record |= {"virtualGatewayId": over.gateway.id, "directConnectGatewayId": ""}
        dx.attachments.clear()
        over.table.propagate(over.gateway, "172.30.0.0/16")
        site = f"""\
version: 1
on_premises:
  - {{name: dc, cidrs: [172.20.0.0/16], connects_through: [{over.vpn.id}], firewall: {{default: allow}}}}
  - {{name: branch, cidrs: [172.30.0.0/16], connects_through: [{interface.id}], firewall: {{default: allow}}}}
"""
        for ends in (("dc", "branch"), ("branch", "dc")):
            answer = ask(over.net, *ends, tcp=443, site=site)
            assert answer.verdict == "yes"
            assert {over.vpn.id, over.gateway.id, interface.id} <= set(answer.hops)

    def test_not_between_two_gateways(self) -> None:
        assert self.two_sites(same=False).verdict == "no"


class OverTransitGateway(Linked):
    """The same over a transit gateway."""

    def __init__(self, *, bgp: bool = True, tunnels: tuple[str, str] = ("UP", "UP")) -> None:
        self.net: Topology = topology(ACCOUNT, REGION)
        self.vpc: Vpc = self.net.vpc("apps", "10.1.0.0/16")
        self.vpc.default_group.allow_in(rule("all"))
        self.subnet = self.vpc.subnet("a", "10.1.1.0/24")
        self.gateway = self.net.transit_gateway("hub")
        self.inside, self.edge = self.gateway.table("inside"), self.gateway.table("edge")
        self.attachment = self.gateway.attach_vpc(self.vpc, [self.subnet], table=self.inside, propagate=[self.edge])
        routes: dict[str, Any] = {"bgp": [SITE]} if bgp else {"static": [SITE]}
        customer = self.net.customer_gateway("dc", "203.0.113.7")
        self.vpn: VpnConnection = self.net.vpn(
            "dc", customer, self.gateway, tunnels=tunnels, table=self.edge, propagate=[self.inside], **routes
        )
        self.subnet.route(SITE, self.gateway)
        self.server = self.subnet.interface("10.1.1.20")
        self.links = [self.vpn.id]


class TestOverATransitGateway:
    def test_what_bgp_taught_is_propagated(self) -> None:
        over = OverTransitGateway()
        assert (over.inwards().verdict, over.outwards().verdict) == ("yes", "yes")
        assert over.vpn.attachment is not None
        assert over.outwards().hops[-5:] == [
            over.inside.id,
            over.vpn.attachment.id,
            over.vpn.id,
            "dc.firewall",
            "dc",
        ]

    def test_static_needs_a_static_route(self) -> None:
        over = OverTransitGateway(bgp=False)
        answer = over.outwards()
        assert (answer.verdict, answer.codes, answer.culprits) == ("no", {Code.TGW_NO_ROUTE}, (over.inside.id,))
        assert over.vpn.attachment is not None
        over.inside.route(SITE, over.vpn.attachment)
        assert (over.inwards().verdict, over.outwards().verdict) == ("yes", "yes")

    def test_the_edges_table_must_lead_to_the_vpc(self) -> None:
        over = OverTransitGateway()
        over.edge.stop_propagation(over.attachment)
        assert over.inwards().culprits == (over.edge.id,)

    def test_a_session_that_is_down_withdraws_its_routes(self) -> None:
        over = OverTransitGateway(tunnels=("DOWN", "DOWN"))
        answer = over.outwards()
        assert answer.verdict == "no"
        assert over.vpn.id in answer.culprits

    def test_a_static_route_to_a_connection_that_is_down_still_attracts(self) -> None:
        over = OverTransitGateway(bgp=False, tunnels=("DOWN", "DOWN"))
        assert over.vpn.attachment is not None
        over.inside.route(SITE, over.vpn.attachment)
        answer = over.outwards()
        assert (answer.verdict, answer.codes, answer.culprits) == ("no", {Code.VPN_DOWN}, (over.vpn.id,))
