"""Transit gateways (https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html)."""

from __future__ import annotations

import pytest

from asking import Answer, ask, read
from builder import five_tuples, inbound, outbound, rule, topology
from builder.subnet import Subnet
from builder.transit_gateway import Attachment, TransitGateway
from graph.hub import ACCOUNT, REGION, Hub
from mwaanet.graph.codes import Code
from mwaanet.net import AddressSet
from mwaanet.snapshot import CallRef

ANYWHERE = "0.0.0.0/0"


class TestWay:
    def test_in_by_an_attachment_through_its_table_out_by_the_routes_attachment(self) -> None:
        hub = Hub()
        answer = hub.ask()
        assert answer.verdict == "yes"
        assert answer.hops == [
            *(hub.client.id, hub.near.default_group.id, hub.a.table.id, hub.near.default_acl.id),
            *(hub.near.default_acl.id, hub.left.id, hub.table.id, hub.right.id),
            *(hub.b.table.id, hub.far.default_group.id, hub.server.id),
        ]

    def test_the_reply_needs_a_route_to_it_as_well(self) -> None:
        hub = Hub()
        hub.b.table.remove("10.1.0.0/16")
        answer = hub.ask()
        assert (answer.verdict, answer.codes, answer.culprits) == ("no", {Code.NO_ROUTE}, (hub.b.table.id,))

    def test_one_of_another_account_is_judged_by_its_owners_view(self) -> None:
        hub = Hub(owner="444455556666")
        assert hub.verdict == "yes"
        hub.table.blackhole("10.2.0.0/16")
        assert hub.ask().culprits == (hub.table.id,)

    def test_one_whose_owner_is_not_in_the_snapshot_is_unknown(self) -> None:
        hub = Hub(owner="444455556666")
        for operation in ("search-transit-gateway-routes", "get-transit-gateway-route-table-associations"):
            hub.net.drop_call("444455556666", REGION, "ec2", operation)
        assert hub.verdict == "unknown"

    def test_what_only_its_owner_may_ask_is_asked_of_the_owner(self) -> None:
        """An account with an attachment sees which table that is associated with, not the table's routes."""
        hub = Hub(owner="444455556666")
        files = {name: text for name, text in hub.net.files().items() if "/444455556666/" not in name}
        answer = ask(read(files), hub.client, hub.server, tcp=443)
        wanted = CallRef("444455556666", REGION, "ec2", "search-transit-gateway-routes")
        assert (answer.verdict, answer.calls) == ("unknown", {wanted})

    def test_an_attachment_that_does_not_exist_drops(self) -> None:
        hub = Hub()
        hub.a.route("10.2.0.0/16", "tgw-0000000000000dead")
        assert hub.verdict == "no"


class TestAttachments:
    @pytest.mark.parametrize("state", ["pendingAcceptance", "pending", "rejected", "failed", "deleting", "deleted"])
    @pytest.mark.parametrize("side", ["left", "right"])
    def test_both_must_be_available(self, side: str, state: str) -> None:
        hub = Hub()
        attachment: Attachment = getattr(hub, side)
        attachment.state(state)
        if side == "right":
            hub.table.route("10.2.0.0/16", hub.right)
        answer = hub.ask()
        assert answer.verdict == "no"
        assert attachment.id in answer.culprits

    @pytest.mark.parametrize("state", ["modifying", "rollingBack"])
    @pytest.mark.parametrize("side", ["left", "right"])
    def test_one_that_is_modified_is_unknown(self, side: str, state: str) -> None:
        """https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html: then it is available again."""
        hub = Hub()
        attachment: Attachment = getattr(hub, side)
        attachment.state(state)
        hub.table.route("10.1.0.0/16", hub.left).route("10.2.0.0/16", hub.right)
        answer = hub.ask()
        assert (answer.verdict, attachment.id in answer.doubts) == ("unknown", True)

    def test_one_that_is_associated_with_no_table_drops(self) -> None:
        hub = Hub()
        hub.table.disassociate(hub.left)
        answer = hub.ask()
        assert (answer.verdict, answer.codes) == ("no", {Code.TGW_NO_ASSOCIATION})
        assert answer.culprits == (hub.left.id, hub.table.id)

    def test_the_table_of_the_attachment_by_which_packets_enter_decides(self) -> None:
        hub = Hub()
        empty = hub.gateway.table("empty")
        hub.table.disassociate(hub.left)
        empty.associate(hub.left)
        answer = hub.ask()
        assert (answer.verdict, answer.codes, answer.culprits) == ("no", {Code.TGW_NO_ROUTE}, (empty.id,))

    def test_the_reply_is_looked_up_in_the_other_sides_table(self) -> None:
        hub = Hub()
        empty = hub.gateway.table("empty")
        hub.table.disassociate(hub.right)
        empty.associate(hub.right)
        answer = hub.ask()
        assert (answer.verdict, answer.culprits) == ("no", (empty.id,))
        assert answer.hops[-1] == hub.server.id

    def test_a_policy_table_in_place_of_a_route_table_is_unknown(self) -> None:
        hub = Hub()
        hub.table.disassociate(hub.left)
        association = {"TransitGatewayRouteTableId": "tgw-ptb-0123456789abcdef0", "State": "associated"}
        hub.left.record["Association"] = association
        answer = hub.ask()
        assert answer.verdict == "unknown"
        assert "tgw-ptb-0123456789abcdef0" in answer.doubts

    @pytest.mark.parametrize("kind", ["connect", "network-function", "something-new"])
    def test_a_kind_that_the_model_does_not_know_makes_its_packets_unknown(self, kind: str) -> None:
        hub = Hub()
        attachment = hub.gateway.attach(kind, "some-resource", announces=lambda: ["10.3.0.0/16"], propagate=[hub.table])
        answer = ask(hub.net, hub.client, "10.3.1.1", tcp=443)
        assert answer.verdict == "unknown"
        assert attachment.id in answer.doubts
        assert hub.verdict == "yes"


class TestZones:
    """A VPC attachment serves the zones in which it has a subnet."""

    def zoned(self, sender: str, near: tuple[str, ...], far: tuple[str, ...], *, appliance: bool = False) -> Answer:
        """A client in the sender's zone, a server in az1; attachment subnets in these zones on either side."""
        net = topology()
        left, right = net.vpc("near", "10.1.0.0/16"), net.vpc("far", "10.2.0.0/16")
        right.default_group.allow_in(rule("all"))
        gateway = net.transit_gateway("hub")
        table = gateway.table("all")
        here = [left.subnet(f"t-{zone}", f"10.1.{zone[-1]}.0/28", zone) for zone in near]
        there = [right.subnet(f"t-{zone}", f"10.2.{zone[-1]}.0/28", zone) for zone in far]
        gateway.attach_vpc(left, here, table=table, propagate=[table])
        gateway.attach_vpc(right, there, table=table, propagate=[table], appliance=appliance)
        client = left.subnet("a", "10.1.100.0/24", sender).route("10.2.0.0/16", gateway).interface()
        server = right.subnet("b", "10.2.100.0/24", "az1").route("10.1.0.0/16", gateway).interface()
        for subnet in there[1:]:
            right.network_acl(f"shut-{subnet.zone}", subnets=[subnet])
        return ask(net, client, server, tcp=443)

    def test_a_sender_in_a_zone_without_an_attachment_subnet_cannot_use_it(self) -> None:
        answer = self.zoned("az3", ("az1", "az2"), ("az1",))
        assert (answer.verdict, answer.codes) == ("no", {Code.TGW_ZONE})
        assert answer.culprits[0].startswith("tgw-attach-")

    def test_nor_can_a_replying_server(self) -> None:
        answer = self.zoned("az2", ("az2",), ("az2",))
        assert (answer.verdict, answer.codes) == ("no", {Code.TGW_ZONE})
        assert answer.hops[-1].startswith("eni-")

    def test_packets_stay_in_the_senders_zone_where_they_can(self) -> None:
        """The attachment's subnet in the other zone is shut, which does not matter."""
        answer = self.zoned("az1", ("az1", "az2"), ("az1", "az2"))
        assert answer.verdict == "yes"

    def test_a_zone_without_an_attachment_subnet_is_reached_through_another(self) -> None:
        answer = self.zoned("az2", ("az1", "az2"), ("az1",))
        assert answer.verdict == "yes"

    def test_where_aws_picks_among_zones_that_differ_the_answer_is_partial(self) -> None:
        answer = self.zoned("az3", ("az1", "az3"), ("az1", "az2"))
        assert answer.verdict == "partial"
        assert len(answer.ways) == 2

    def test_in_appliance_mode_aws_picks_the_zone(self) -> None:
        answer = self.zoned("az1", ("az1", "az2"), ("az1", "az2"), appliance=True)
        assert answer.verdict == "partial"

    def test_subnets_that_may_not_be_read_make_the_answer_unknown(self) -> None:
        hub = Hub(owner="444455556666")
        hub.net.drop_call(ACCOUNT, REGION, "ec2", "describe-transit-gateway-vpc-attachments")
        hub.net.drop_call("444455556666", REGION, "ec2", "describe-transit-gateway-vpc-attachments")
        assert hub.verdict == "unknown"


class TestDeliveryIntoAVpc:
    """What a transit gateway delivers follows the attachment subnet's own table, but not on to other gateways."""

    def with_own_subnet(self) -> tuple[Hub, Subnet]:
        """The far VPC is attached by a subnet of its own, and everything from the near one goes there."""
        hub = Hub()
        transit = hub.far.subnet("transit", "10.2.9.0/28")
        record = hub.right.details[0]
        record["SubnetIds"] = [transit.id]
        transit.interface(groups=[], kind="transit_gateway", requester="718281582163", source_dest_check=False)
        hub.table.route(ANYWHERE, hub.right)
        hub.a.route(ANYWHERE, hub.gateway)
        return hub, transit

    def test_the_attachment_subnets_own_table_is_followed(self) -> None:
        hub, transit = self.with_own_subnet()
        assert hub.verdict == "yes"
        appliance = hub.far.subnet("middle", "10.2.8.0/24").interface(source_dest_check=False)
        transit.route("10.2.1.0/24", appliance)
        answer = hub.ask()
        assert (answer.verdict, answer.hops[-1]) == ("unknown", appliance.id)

    def test_centralised_egress_goes_on_to_a_nat_gateway(self) -> None:
        """https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-nat-igw.html."""
        hub, transit = self.with_own_subnet()
        outer = hub.far.subnet("outer", "10.2.7.0/24").route(ANYWHERE, hub.far.internet_gateway())
        outer.route("10.1.0.0/16", hub.gateway)
        transit.route(ANYWHERE, outer.nat_gateway("nat", public="198.51.100.9"))
        answer = ask(hub.net, hub.client, "8.8.8.8", tcp=443)
        assert answer.verdict == "yes"
        assert answer.trace.forward[0].hops[-1].packets.src == AddressSet.parse("198.51.100.9")

    def test_the_nat_gateways_subnet_needs_the_way_back(self) -> None:
        hub, transit = self.with_own_subnet()
        outer = hub.far.subnet("outer", "10.2.7.0/24").route(ANYWHERE, hub.far.internet_gateway())
        transit.route(ANYWHERE, outer.nat_gateway("nat", public="198.51.100.9"))
        answer = ask(hub.net, hub.client, "8.8.8.8", tcp=443)
        assert answer.verdict == "no"
        assert outer.table.id in answer.back

    def test_not_on_to_an_internet_gateway(self) -> None:
        hub, transit = self.with_own_subnet()
        transit.route(ANYWHERE, hub.far.internet_gateway())
        hub.client.elastic_ip("198.51.100.10")
        answer = ask(hub.net, hub.client, "8.8.8.8", tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.NO_TRANSIT})

    def test_not_on_to_a_peering(self) -> None:
        hub, transit = self.with_own_subnet()
        third = hub.net.vpc("third", "10.3.0.0/16")
        transit.route("10.3.0.0/16", hub.far.peer(third))
        server = third.subnet("c", "10.3.1.0/24").interface()
        answer = ask(hub.net, hub.client, server, tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.NO_TRANSIT})

    def test_not_on_to_a_virtual_private_gateway_or_back_to_a_transit_gateway(self) -> None:
        hub, transit = self.with_own_subnet()
        for target in (hub.far.vpn_gateway(), hub.gateway):
            transit.route("172.20.0.0/16", target)
            answer = ask(hub.net, hub.client, "172.20.1.1", tcp=443)
            assert (answer.verdict, answer.codes) == ("no", {Code.NO_TRANSIT})


class TestPeering:
    """https://docs.aws.amazon.com/vpc/latest/tgw/tgw-peering.html."""

    def regions(self, *, state: str = "available") -> tuple[Hub, TransitGateway, Attachment, Attachment, Answer]:
        """The hub, and a server, 10.9.1.20, on a transit gateway of another Region, with static routes both ways."""
        hub = Hub()
        west = hub.net.region("us-west-2")
        vpc = west.vpc("west", "10.9.0.0/16")
        vpc.default_group.allow_in(rule("all"))
        gateway = west.transit_gateway("west")
        table = gateway.table("all")
        subnet = vpc.subnet("w", "10.9.1.0/24")
        gateway.attach_vpc(vpc, [subnet], table=table, propagate=[table])
        here, there = hub.gateway.peer(gateway, state=state, table=hub.table, other_table=table)
        hub.table.route("10.9.0.0/16", here)
        table.route("10.1.0.0/16", there)
        subnet.route("10.1.0.0/16", gateway)
        self.server = subnet.interface("10.9.1.20")
        self.far_table = table
        return hub, gateway, here, there, ask(hub.net, hub.client, self.server, tcp=443)

    def test_packets_are_looked_up_in_both_gateways_tables(self) -> None:
        hub, _, here, _, answer = self.regions()
        assert answer.verdict == "yes"
        place = answer.hops.index(hub.table.id)
        assert answer.hops[place : place + 3] == [hub.table.id, here.id, self.far_table.id]

    def test_it_must_be_available(self) -> None:
        hub, _, here, there, _ = self.regions()
        for side in (here, there):
            side.state("pendingAcceptance")
        assert ask(hub.net, hub.client, self.server, tcp=443).culprits == (here.id,)

    @pytest.mark.parametrize("side", ["here", "there"])
    def test_each_side_needs_its_static_route(self, side: str) -> None:
        hub, _, _, _, _ = self.regions()
        table = hub.table if side == "here" else self.far_table
        del table.statics["10.9.0.0/16" if side == "here" else "10.1.0.0/16"]
        answer = ask(hub.net, hub.client, self.server, tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.TGW_NO_ROUTE})
        assert table.id in answer.culprits

    def test_the_far_side_must_be_associated_with_a_table(self) -> None:
        hub, _, _, there, _ = self.regions()
        self.far_table.disassociate(there)
        answer = ask(hub.net, hub.client, self.server, tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.TGW_NO_ASSOCIATION})

    def test_a_far_gateway_whose_tables_may_not_be_read_is_unknown(self) -> None:
        hub, _, _, _, _ = self.regions()
        for operation in ("search-transit-gateway-routes", "get-transit-gateway-route-table-associations"):
            hub.net.drop_call(ACCOUNT, "us-west-2", "ec2", operation)
        hub.net.drop_call(ACCOUNT, "us-west-2", "ec2", "describe-transit-gateway-attachments")
        assert ask(hub.net, hub.client, self.server, tcp=443).verdict == "unknown"


class TestRoutersDoNotMind:
    def test_a_reply_may_come_back_another_way(self) -> None:
        """Out over the transit gateway, back over a peering: routers keep no state."""
        hub = Hub()
        peering = hub.near.peer(hub.far)
        hub.b.route("10.1.0.0/16", peering)
        answer = hub.ask()
        assert answer.verdict == "yes"
        assert hub.table.id in answer.hops
        assert peering.id in answer.back

    def test_acls_see_such_a_reply_where_it_comes(self) -> None:
        hub = Hub()
        hub.b.route("10.1.0.0/16", hub.near.peer(hub.far))
        entries = [one(100, "allow", "all", None, ANYWHERE) for one in (inbound, outbound)]
        acl = hub.far.network_acl("server", *entries, subnets=[hub.b])
        assert hub.verdict == "yes"
        acl.add(outbound(100, "deny", "all", None, ANYWHERE))
        assert hub.ask().culprits == (acl.id,)


class TestAppliances:
    """An inspection VPC between two others (https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-appliance-scenario.html).

    The client is in the first zone, the server in the second; each zone has its own firewall endpoint, which must see
    both directions of a connection.
    """

    def inspected(self, *, appliance: bool) -> Answer:
        net = topology()
        gateway = net.transit_gateway("hub")
        spokes, middle = gateway.table("spokes"), gateway.table("inspection")
        ends = []
        for number in (1, 2):
            vpc = net.vpc(f"spoke{number}", f"10.{number}.0.0/16")
            vpc.default_group.allow_in(rule("all"))
            subnets = [vpc.subnet(f"t{n}", f"10.{number}.{n}.0/28", f"az{n}") for n in (1, 2)]
            gateway.attach_vpc(vpc, subnets, table=spokes, propagate=[middle])
            subnet = vpc.subnet("ends", f"10.{number}.100.0/24", f"az{number}")
            ends.append(subnet.route("10.0.0.0/8", gateway).interface())
        vpc = net.vpc("inspection", "10.9.0.0/16")
        transit = [vpc.subnet(f"t{n}", f"10.9.{n}.0/28", f"az{n}") for n in (1, 2)]
        walls = [vpc.subnet(f"f{n}", f"10.9.{10 + n}.0/28", f"az{n}") for n in (1, 2)]
        web = net.rule_group("web", five_tuples(("PASS", "TCP", "ANY", "ANY", "443")), strict=True)
        policy = net.firewall_policy("policy", web, strict=True, stateful_default=("aws:drop_strict",))
        firewall = vpc.network_firewall("wall", walls, policy)
        for subnet, wall in zip(transit, walls, strict=True):
            subnet.route(ANYWHERE, firewall.endpoint_in(wall))
            wall.route("10.0.0.0/8", gateway)
        attachment = gateway.attach_vpc(vpc, transit, table=middle, appliance=appliance)
        spokes.route(ANYWHERE, attachment)
        return ask(net, ends[0], ends[1], tcp=443)

    def test_without_appliance_mode_each_direction_stays_in_its_senders_zone(self) -> None:
        answer = self.inspected(appliance=False)
        assert (answer.verdict, answer.codes) == ("no", {Code.FIREWALL_ASYMMETRIC})

    def test_appliance_mode_keeps_both_directions_in_one_zone(self) -> None:
        answer = self.inspected(appliance=True)
        assert answer.verdict == "yes"
        assert len(answer.ways) == 2
