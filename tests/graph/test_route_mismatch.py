"""What Reachability Analyzer calls it that a route table does not lead where it should
(https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html)."""

from __future__ import annotations

import pytest

from asking import Answer, ask, site_file
from builder import rule, topology
from builder.identity import Identified
from graph.hub import Hub
from mwaanet.graph.codes import Code

TGW = "TGW_RTB_"


def told(answer: Answer) -> list[tuple[Code, str]]:
    return [(drop.code, drop.aws_code) for path in answer.blocked for drop in path.drops]


class TestTransitGatewayTable:
    def test_without_any_route_to_the_attachment(self) -> None:
        hub = Hub()
        hub.table.stop_propagation(hub.right)
        assert told(hub.ask()) == [(Code.TGW_NO_ROUTE, f"{TGW}NO_ROUTE_TO_TGW_ATTACHMENT")]

    def test_with_a_route_to_the_attachment_for_other_addresses(self) -> None:
        hub = Hub()
        hub.table.stop_propagation(hub.right).route("10.2.2.0/24", hub.right)
        assert told(hub.ask()) == [(Code.TGW_NO_ROUTE, f"{TGW}CANNOT_ROUTE")]

    def test_a_route_for_the_replies_only_is_none_to_the_attachment(self) -> None:
        hub = Hub()
        hub.table.stop_propagation(hub.left)
        assert told(hub.ask()) == [(Code.TGW_NO_ROUTE, f"{TGW}NO_ROUTE_TO_TGW_ATTACHMENT")]

    def test_with_a_blackhole_for_other_addresses_of_the_attachment(self) -> None:
        hub = Hub()
        hub.table.stop_propagation(hub.right).blackhole("10.2.2.0/24")
        assert told(hub.ask()) == [(Code.TGW_NO_ROUTE, f"{TGW}NO_ROUTE_TO_TGW_ATTACHMENT")]

    def test_a_more_specific_static_route_leads_astray(self) -> None:
        hub = Hub()
        hub.table.route("10.2.1.0/24", hub.third())
        assert told(hub.ask()) == [(Code.TGW_ASTRAY, f"{TGW}MORE_SPECIFIC_ROUTE")]

    def test_a_static_route_leads_astray_what_is_propagated_for_the_same_block(self) -> None:
        hub = Hub()
        third = hub.third()
        static = {
            "DestinationCidrBlock": "10.2.0.0/16",
            "TransitGatewayAttachments": [third.named],
            "Type": "static",
            "State": "active",
        }
        hub.net.world.late.append(lambda: hub.table.routes["Routes"].append(static))
        assert told(hub.ask()) == [(Code.TGW_ASTRAY, f"{TGW}HIGHER_PRIORITY_ROUTE")]

    def test_a_static_route_leads_astray_beside_one_that_does_not_match(self) -> None:
        hub = Hub()
        hub.table.stop_propagation(hub.right).route("10.2.2.0/24", hub.right).route("10.2.1.0/24", hub.third())
        assert told(hub.ask()) == [(Code.TGW_ASTRAY, f"{TGW}CANNOT_ROUTE")]

    def test_a_static_route_leads_astray_and_none_leads_to_the_attachment(self) -> None:
        hub = Hub()
        hub.table.stop_propagation(hub.right).route("10.2.1.0/24", hub.third())
        assert told(hub.ask()) == [(Code.TGW_ASTRAY, f"{TGW}NO_ROUTE_TO_TGW_ATTACHMENT")]

    @pytest.mark.parametrize(
        ("site", "aws_code"), [(site_file(), "CANNOT_ROUTE"), (None, "NO_ROUTE_TO_TGW_ATTACHMENT")]
    )
    def test_on_premises_addresses_lie_behind_a_link_where_a_site_declares_them(
        self, site: str | None, aws_code: str
    ) -> None:
        hub = Hub()
        hub.table.route("172.21.0.0/16", hub.gateway.attach("vpn", "vpn-0123456789abcdef0"))
        hub.a.route("172.20.0.0/16", hub.gateway)
        answer = ask(hub.net, hub.client, "172.20.1.1", tcp=443, site=site)
        assert [leg.end.hop.aws_code for leg in answer.trace.drops] == [TGW + aws_code]


class TestVpcTable:
    @pytest.mark.parametrize(
        ("routes", "code", "aws_code"),
        [
            ({}, Code.NO_ROUTE, "NO_ROUTE_TO_DESTINATION"),
            ({"10.2.2.0/24": "right"}, Code.NO_ROUTE, "CANNOT_ROUTE"),
            ({"10.9.0.0/16": "wrong"}, Code.NO_ROUTE, "NO_ROUTE_TO_DESTINATION"),
            ({"10.2.1.0/24": "wrong"}, Code.ROUTE_ASTRAY, "NO_ROUTE_TO_DESTINATION"),
            ({"10.2.1.0/24": "wrong", "10.2.2.0/24": "right"}, Code.ROUTE_ASTRAY, "CANNOT_ROUTE"),
            ({"10.2.1.0/24": "wrong", "10.2.0.0/16": "right"}, Code.ROUTE_ASTRAY, "MORE_SPECIFIC_ROUTE"),
            ({"0.0.0.0/0": "internet", "10.2.2.0/24": "right"}, Code.ROUTE_ASTRAY, "CANNOT_ROUTE"),
            ({"0.0.0.0/0": "internet"}, Code.ROUTE_ASTRAY, "NO_ROUTE_TO_DESTINATION"),
        ],
    )
    def test_towards_a_peering(self, routes: dict[str, str], code: Code, aws_code: str) -> None:
        net = topology()
        near, far, other = (net.vpc(name, f"10.{n}.0.0/16") for n, name in enumerate("abc", start=1))
        far.default_group.allow_in(rule("all"))
        targets: dict[str, Identified] = {
            "right": near.peer(far),
            "wrong": near.peer(other),
            "internet": near.internet_gateway(),
        }
        subnet = near.subnet("a", "10.1.1.0/24")
        table = near.route_table("own", subnet)
        for destination, target in routes.items():
            table.route(destination, targets[target])
        server = far.subnet("b", "10.2.1.0/24").route("10.1.0.0/16", targets["right"]).interface("10.2.1.20")
        answer = ask(net, subnet.interface("10.1.1.10"), server, tcp=443)
        assert told(answer) == [(code, aws_code)]

    @pytest.mark.parametrize(
        ("destination", "aws_code"), [("10.3.0.0/16", "CANNOT_ROUTE"), ("", "NO_ROUTE_TO_DESTINATION")]
    )
    def test_towards_a_transit_gateway(self, destination: str, aws_code: str) -> None:
        hub = Hub()
        table = hub.near.route_table("own", hub.a)
        if destination:
            table.route(destination, hub.gateway)
        assert told(hub.ask()) == [(Code.NO_ROUTE, aws_code)]

    @pytest.mark.parametrize(
        ("learned", "wrong", "code", "aws_code"),
        [
            ("", "", Code.NO_ROUTE, "NO_ROUTE_TO_DESTINATION"),
            ("172.20.2.0/24", "", Code.NO_ROUTE, "CANNOT_ROUTE"),
            ("", "172.20.0.0/16", Code.ROUTE_ASTRAY, "NO_ROUTE_TO_DESTINATION"),
            ("172.20.2.0/24", "172.20.0.0/16", Code.ROUTE_ASTRAY, "CANNOT_ROUTE"),
            ("172.20.0.0/16", "172.20.1.0/24", Code.ROUTE_ASTRAY, "MORE_SPECIFIC_ROUTE"),
            ("172.20.0.0/16", "172.20.0.0/16", Code.ROUTE_ASTRAY, "HIGHER_PRIORITY_ROUTE"),
        ],
    )
    def test_towards_a_virtual_private_gateway(self, learned: str, wrong: str, code: Code, aws_code: str) -> None:
        """Of two routes for the same destination the static one comes before what is propagated
        (https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html).
        """
        net = topology()
        near, other = net.vpc("a", "10.1.0.0/16"), net.vpc("b", "10.2.0.0/16")
        gateway = near.vpn_gateway()
        vpn = net.vpn("dc", net.customer_gateway("dc", "203.0.113.7"), gateway, static=["172.20.0.0/16"])
        subnet = near.subnet("a", "10.1.1.0/24")
        table = near.route_table("own", subnet)
        if learned:
            table.propagate(gateway, learned)
        if wrong:
            table.route(wrong, near.peer(other))
        answer = ask(net, subnet.interface(), "172.20.1.1", tcp=443, site=site_file(links=[vpn.id]))
        assert told(answer) == [(code, aws_code)]

    def test_towards_a_virtual_private_gateway_without_a_link_to_the_site(self) -> None:
        """What lies behind no link of the gateway is not behind the gateway, though a route leads there."""
        net = topology()
        near = net.vpc("a", "10.1.0.0/16")
        gateway = near.vpn_gateway()
        net.vpn("dc", net.customer_gateway("dc", "203.0.113.7"), gateway, static=["172.20.0.0/16"])
        subnet = near.subnet("a", "10.1.1.0/24")
        near.route_table("own", subnet).route("172.20.2.0/24", gateway)
        site = site_file(links=["vpn-0123456789abcdef0"])
        answer = ask(net, subnet.interface(), "172.20.1.1", tcp=443, site=site)
        assert [leg.end.hop.aws_code for leg in answer.trace.drops] == ["NO_ROUTE_TO_DESTINATION"]

    def test_a_transit_gateway_that_drops_the_destination_does_not_lead_there(self) -> None:
        """A blackhole of the transit gateway's table is no way to the VPC, which the peering alone leads to."""
        hub = Hub()
        hub.table.blackhole("10.4.0.0/16")
        hub.near.route_table("own", hub.a).route("10.3.0.0/16", hub.gateway)
        peer = hub.net.vpc("peer", "10.4.0.0/16")
        peer.default_group.allow_in(rule("all"))
        hub.near.peer(peer)
        answer = ask(hub.net, hub.client, peer.subnet("d", "10.4.1.0/24").interface(), tcp=443)
        assert told(answer)[0] == (Code.NO_ROUTE, "NO_ROUTE_TO_DESTINATION")
