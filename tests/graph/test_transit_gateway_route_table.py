"""Routes of a transit gateway's route tables
(https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-routing-overview)."""

from __future__ import annotations

from itertools import pairwise

import pytest

from asking import ask, network_of
from builder import rule
from builder.transit_gateway import Attachment
from graph.hub import ACCOUNT, REGION, Hub
from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Flight, Pass, Position, Role
from mwaanet.graph.transfer import transfer
from mwaanet.net import AddressSet, PacketSet


class TestPropagation:
    def test_without_a_route_packets_are_dropped(self) -> None:
        hub = Hub()
        hub.table.stop_propagation(hub.right)
        answer = hub.ask()
        assert (answer.verdict, answer.codes, answer.culprits) == ("no", {Code.TGW_NO_ROUTE}, (hub.table.id,))

    def test_a_static_route_serves_instead(self) -> None:
        hub = Hub()
        hub.table.stop_propagation(hub.right).route("10.2.0.0/16", hub.right)
        assert hub.verdict == "yes"

    def test_a_vpc_that_overlaps_one_already_propagated_is_not_propagated(self) -> None:
        """Packets stay with the first; the second is not reached."""
        hub = Hub()
        twin = hub.net.vpc("twin", "10.2.0.0/16")
        twin.default_group.allow_in(rule("all"))
        subnet = twin.subnet("t", "10.2.1.0/24").route("10.1.0.0/16", hub.gateway)
        hub.gateway.attach_vpc(twin, [subnet], table=hub.table, propagate=[hub.table])
        other = subnet.interface("10.2.1.20")
        assert hub.verdict == "yes"
        assert ask(hub.net, hub.client, other, tcp=443).codes == {Code.WRONG_DESTINATION}


class TestRoutes:
    def test_the_longest_prefix_wins(self) -> None:
        hub = Hub()
        hub.table.route("10.0.0.0/8", hub.left)
        assert hub.verdict == "yes"
        hub.table.route("10.2.1.0/24", hub.left)
        assert hub.verdict == "no"

    def test_a_blackhole_attracts_and_drops(self) -> None:
        hub = Hub()
        hub.table.blackhole("10.2.1.0/24")
        answer = hub.ask()
        assert (answer.verdict, answer.codes, answer.culprits) == ("no", {Code.TGW_BLACKHOLE}, (hub.table.id,))

    def test_a_static_route_to_the_wrong_vpc_is_to_blame_and_not_that_vpc(self) -> None:
        hub = Hub()
        hub.table.route("10.2.1.0/24", hub.third())
        answer = hub.ask()
        assert (answer.verdict, answer.culprits) == ("no", (hub.table.id,))
        assert hub.right.id in answer.blocked[0].actions[0]

    def test_a_static_route_to_a_vpc_that_inspects_is_not_to_blame_for_its_tables(self) -> None:
        hub = Hub()
        third = hub.third(inspecting=True)
        hub.table.route("10.2.1.0/24", third)
        answer = hub.ask()
        assert (answer.verdict, hub.table.id in answer.culprits) == ("no", False)

    def test_a_longer_route_than_the_blackhole_wins(self) -> None:
        hub = Hub()
        hub.table.blackhole("10.0.0.0/8")
        assert hub.verdict == "yes"

    def test_at_equal_length_static_beats_propagated(self) -> None:
        hub = Hub()
        self.add(hub, "10.2.0.0/16", "static", hub.left)
        assert hub.verdict == "no"

    def test_a_static_cidr_beats_a_prefix_list_reference(self) -> None:
        hub = Hub()
        hub.table.stop_propagation(hub.right).route("10.2.0.0/16", hub.right)
        self.add(hub, "10.2.0.0/16", "static", hub.left, PrefixListId="pl-0123")
        assert hub.verdict == "yes"

    def test_a_prefix_list_reference_beats_a_propagated_route(self) -> None:
        hub = Hub()
        self.add(hub, "10.2.0.0/16", "static", hub.left, PrefixListId="pl-0123")
        assert hub.verdict == "no"

    @pytest.mark.parametrize("kind", ["direct-connect-gateway", "connect", "vpn", "peering"])
    def test_of_propagated_routes_a_vpcs_comes_first(self, kind: str) -> None:
        hub = Hub()
        other = hub.gateway.attach(kind, "other")
        self.add(hub, "10.2.0.0/16", "propagated", other)
        assert hub.verdict == "yes"

    @pytest.mark.parametrize(
        ("first", "second"), list(pairwise(["direct-connect-gateway", "connect", "vpn", "peering"]))
    )
    def test_then_the_kinds_of_attachment_follow_each_other(self, first: str, second: str) -> None:
        hub = Hub()
        hub.table.stop_propagation(hub.right)
        other, preferred = hub.gateway.attach(second, "other"), hub.gateway.attach(first, "preferred")
        for attachment in (other, preferred):
            self.add(hub, "10.2.0.0/16", "propagated", attachment)
        flight = Flight(packets=PacketSet.of(dst=AddressSet.parse("10.2.1.20")), vpc=hub.near.id)
        (outcome,) = transfer(network_of(hub.net), Position(hub.table.id, Role.LOOKUP), flight)
        assert isinstance(outcome, Pass)
        assert outcome.to == Position(preferred.id, Role.LEAVE)

    def test_a_kind_that_has_no_known_place_in_the_order_leaves_it_open(self) -> None:
        hub = Hub()
        self.add(hub, "10.2.0.0/16", "propagated", hub.gateway.attach("something-new", "other"))
        assert hub.verdict == "unknown"

    def test_two_routes_of_equal_rank_leave_it_open(self) -> None:
        hub = Hub()
        self.add(hub, "10.2.0.0/16", "propagated", hub.left)
        answer = hub.ask()
        assert answer.verdict == "unknown"
        assert "same preference" in answer.doubts

    def test_several_attachments_of_one_route_share_its_packets(self) -> None:
        """Where one of the ways leads nowhere a part of the connections fails."""
        hub = Hub()
        hub.table.route("10.2.0.0/16", hub.right)
        hub.table.statics["10.2.0.0/16"]["TransitGatewayAttachments"].append(hub.left.named)
        assert hub.verdict == "partial"

    def test_a_route_that_is_being_deleted_is_none(self) -> None:
        hub = Hub()
        self.add(hub, "10.2.1.0/24", "static", hub.left, State="deleted")
        assert hub.verdict == "yes"

    def test_a_route_in_a_state_that_the_model_does_not_know_is_unknown(self) -> None:
        hub = Hub()
        self.add(hub, "10.2.1.0/24", "static", hub.right, State="pending")
        answer = hub.ask()
        assert answer.verdict == "unknown"
        assert "pending" in answer.doubts

    def test_a_table_with_more_routes_than_were_read_is_unknown(self) -> None:
        hub = Hub()
        hub.table.routes["AdditionalRoutesAvailable"] = True
        assert hub.verdict == "unknown"
        assert ask(hub.net, hub.client, "10.77.1.1", tcp=443).verdict == "unknown"

    def test_a_table_that_may_not_be_read_is_unknown(self) -> None:
        hub = Hub()
        hub.net.refuse(ACCOUNT, REGION, "ec2", "search-transit-gateway-routes")
        answer = hub.ask()
        assert (answer.verdict, answer.needs) == ("unknown", {"search-transit-gateway-routes"})

    def add(self, hub: Hub, cidr: str, kind: str, attachment: Attachment, **more: str) -> None:
        """Add a route to those that the builder works out."""
        route = {
            "DestinationCidrBlock": cidr,
            "TransitGatewayAttachments": [attachment.named],
            "Type": kind,
            "State": "active",
        }
        hub.net.world.late.append(lambda: hub.table.routes["Routes"].append(route | more))
