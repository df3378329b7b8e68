"""Which routes are suggested where packets find none, or one that leads astray."""

from __future__ import annotations

import pytest

from asking import Answer, ask, network_of
from builder import Topology, rule, topology
from metamorphic.faults import verdict_after
from metamorphic.inspected_way import InspectedWay
from mwaanet.fixes.change import Change
from mwaanet.fixes.client_vpn import ClientVpnAuthorization, ClientVpnRoute
from mwaanet.fixes.endpoint_creation import EndpointCreation
from mwaanet.fixes.instruction import Instruction
from mwaanet.fixes.route import Route
from mwaanet.fixes.transit_gateway import TransitGatewayRoute
from mwaanet.mending.mending import changes_of
from mwaanet.net import TCP, AddressSet, Intervals
from mwaanet.paths.endpoints import address_endpoint, endpoint_of
from mwaanet.paths.question import Question
from mwaanet.paths.trace import Reachable, trace


def changes(answer: Answer) -> tuple[Change, ...]:
    return changes_of(answer.network, answer.trace, answer.blocked)


class Spokes:
    """Two VPCs on a transit gateway with one table, and a third beside them."""

    def __init__(self) -> None:
        self.net: Topology = topology()
        self.hub = self.net.transit_gateway("hub")
        self.table = self.hub.table("all")
        self.subnets, self.attachments = {}, {}
        for name, octet in (("near", 1), ("far", 2), ("other", 3)):
            vpc = self.net.vpc(name, f"10.{octet}.0.0/16")
            vpc.default_group.allow_in(rule("all"))
            self.subnets[name] = vpc.subnet(name, f"10.{octet}.1.0/24").route("10.0.0.0/8", self.hub)
            self.attachments[name] = self.hub.attach_vpc(vpc, [self.subnets[name]], table=self.table)
        self.client = self.subnets["near"].interface("10.1.1.10")
        self.server = self.subnets["far"].interface("10.2.1.20")

    def ask(self) -> Answer:
        return ask(self.net, self.client, self.server, tcp=443)


def routes(answer: Answer) -> list[tuple[str, str, bool]]:
    found = changes(answer)
    assert all(isinstance(change, TransitGatewayRoute) for change in found)
    return [(one.cidr, one.attachment, one.replaces) for one in found if isinstance(one, TransitGatewayRoute)]


class TestTransitGateway:
    """https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-route-evaluation-overview."""

    def test_requests_and_replies_each_get_the_route_to_their_own_destination(self) -> None:
        """The replies' route led the requests' destination back to the client."""
        spokes = Spokes()
        answer = spokes.ask()
        near, far = spokes.attachments["near"].id, spokes.attachments["far"].id
        assert set(routes(answer)) == {("10.2.0.0/16", far, False), ("10.1.0.0/16", near, False)}

    def test_what_lies_behind_another_attachment_is_not_led_to_the_first(self) -> None:
        spokes = Spokes()
        spokes.subnets["other"].interface("10.3.1.30")
        spokes.table.route("10.1.0.0/16", spokes.attachments["near"])
        network = network_of(spokes.net)
        both = address_endpoint(network, "both", AddressSet.parse("10.2.1.20", "10.3.1.30"))
        client = endpoint_of(network, spokes.client.id)
        question = Question(source=client, destination=both, protocol=TCP, ports=Intervals.single(443))
        answer = Answer(network, trace(network, question))
        far = spokes.attachments["far"].id
        assert ("10.2.0.0/16", far, False) in routes(answer)
        assert [cidr for cidr, attachment, _ in routes(answer) if attachment == far] == ["10.2.0.0/16"]

    def test_a_static_route_astray_is_led_to_the_right_attachment(self) -> None:
        spokes = Spokes()
        spokes.table.propagate(*spokes.attachments.values())
        spokes.table.route("10.2.1.0/24", spokes.attachments["other"])
        answer = spokes.ask()
        assert routes(answer) == [("10.2.1.0/24", spokes.attachments["far"].id, True)]
        assert verdict_after(answer, changes(answer)) is Reachable.YES

    @pytest.mark.parametrize("stray", [True, False])
    def test_beside_one_that_leads_other_destinations_too_a_longer_one_is_added(self, stray: bool) -> None:
        spokes = Spokes()
        spokes.table.route("10.1.0.0/16", spokes.attachments["near"])
        if stray:
            spokes.table.route("10.2.0.0/15", spokes.attachments["other"])
        else:
            spokes.table.blackhole("10.2.0.0/15")
        answer = spokes.ask()
        assert routes(answer) == [("10.2.0.0/16", spokes.attachments["far"].id, False)]
        assert verdict_after(answer, changes(answer)) is Reachable.YES


class TestVpc:
    def test_what_enters_by_a_transit_gateway_is_led_through_the_vpcs_firewall(self) -> None:
        """https://docs.aws.amazon.com/network-firewall/latest/developerguide/arch-igw-ngw.html."""
        way = InspectedWay()
        culprit = way.route_before_the_firewall()
        answer = way.ask()
        assert answer.culprits == (culprit,)
        found = changes(answer)
        assert {one.target for one in found if isinstance(one, Route)} == {way.endpoint.id}
        assert verdict_after(answer, found) is Reachable.YES


class TestEndpoint:
    """https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html."""

    def lacking(self, *, read: bool) -> tuple[Answer, str, str]:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        subnet = vpc.subnet("a", "10.1.1.0/24")
        table = vpc.route_table("own", subnet)
        if not read:
            net.refuse("111122223333", "us-east-1", "ec2", "describe-vpc-endpoints")
        return ask(net, subnet.interface("10.1.1.10"), "52.216.1.1", tcp=443), vpc.id, table.id

    def test_a_gateway_endpoint_that_is_missing_is_created_with_the_table(self) -> None:
        answer, vpc, table = self.lacking(read=True)
        (change,) = changes(answer)
        assert isinstance(change, EndpointCreation)
        assert (change.vpc, change.service, change.tables) == (vpc, "com.amazonaws.us-east-1.s3", (table,))

    def test_one_that_may_be_there_unread_is_not_created(self) -> None:
        answer, _, table = self.lacking(read=False)
        (change,) = changes(answer)
        assert isinstance(change, Instruction)
        assert change.whom == table


class TestBehindAnotherStop:
    """Only one packet is followed past a stop; what it meets next is mended for all that was asked about."""

    @pytest.mark.parametrize(
        ("elsewhere", "asked"),
        [("10.9.0.0/16", "8.2.0.0/16"), ("10.9.0.0/16", "8.2.0.0/15"), ("8.3.0.0/16", "8.2.0.0/15")],
    )
    def test_the_route_is_for_all_destinations_that_no_other_vpc_holds(self, elsewhere: str, asked: str) -> None:
        net = topology()
        vpc, _ = net.vpc("apps", "10.1.0.0/16"), net.vpc("far", elsewhere)
        outer = vpc.subnet("outer", "10.1.9.0/24").route("0.0.0.0/0", vpc.internet_gateway())
        gateway = outer.nat_gateway("nat", public="198.51.100.9")
        subnet = vpc.subnet("inner", "10.1.1.0/24")
        client = subnet.interface(groups=[vpc.security_group("closed", egress=[])])
        answer = ask(net, client, asked, tcp=443)
        routed = "8.2.0.0/16" if elsewhere == "8.3.0.0/16" else asked
        assert [one.destination for one in changes(answer) if isinstance(one, Route)] == [routed]
        told = [action for path in answer.blocked for action in path.actions]
        assert f"add a route for {routed} to {gateway.id} to {subnet.table.id}" in told

    def test_the_internet_is_one_rule_and_one_route_of_a_client_vpn_endpoint(self) -> None:
        """Both name 0.0.0.0/0: https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/scenario-internet.html."""
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        gate = vpc.subnet("gate", "10.1.1.0/24").route("0.0.0.0/0", vpc.internet_gateway())
        vpn = net.client_vpn("staff", "172.30.0.0/22", vpc)
        vpn.associate(gate, "10.1.1.40")
        made = changes(ask(net, vpn, "internet", tcp=443))
        kinds = (ClientVpnAuthorization, ClientVpnRoute)
        assert [(type(one), one.cidr) for one in made if isinstance(one, kinds)] == [
            (ClientVpnAuthorization, "0.0.0.0/0"),
            (ClientVpnRoute, "0.0.0.0/0"),
        ]
