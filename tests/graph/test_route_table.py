"""Route tables (https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html).

Where two ways could be taken, one of them, a peering, leads to the server and the other does not.
"""

from __future__ import annotations

import pytest

from asking import Answer, ask
from builder import Topology, Vpc, rule, topology
from builder.gateways import VpnGateway
from builder.interface import Interface
from builder.peering import Peering
from builder.subnet import Subnet
from mwaanet.graph.codes import Code

HOME = ("111122223333", "us-east-1")


class Pair:
    """Two peered VPCs: a client whose subnet has its own table, and a server, 10.2.1.20, that finds the way back."""

    def __init__(self) -> None:
        self.net: Topology = topology()
        self.near, self.far = self.net.vpc("near", "10.1.0.0/16"), self.net.vpc("far", "10.2.0.0/16")
        for vpc in (self.near, self.far):
            vpc.default_group.allow_in(rule("all"))
        self.peering: Peering = self.near.peer(self.far)
        self.elsewhere: VpnGateway = self.near.vpn_gateway()
        self.subnet: Subnet = self.near.subnet("a", "10.1.1.0/24")
        self.table = self.near.route_table("client", self.subnet)
        self.client: Interface = self.subnet.interface("10.1.1.10")
        self.server: Interface = (
            self.far.subnet("b", "10.2.1.0/24").route("10.1.0.0/16", self.peering).interface("10.2.1.20")
        )

    def ask(self) -> Answer:
        return ask(self.net, self.client, self.server, tcp=443)

    @property
    def verdict(self) -> str:
        return self.ask().verdict


def three_subnets() -> tuple[Topology, Vpc, Subnet, Subnet, Subnet]:
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16", "10.9.0.0/24")
    vpc.default_group.allow_in(rule("all"))
    a, b = vpc.subnet("a", "10.1.1.0/24"), vpc.subnet("b", "10.1.2.0/24")
    return net, vpc, a, b, vpc.subnet("c", "10.9.0.0/25")


class TestWhichTable:
    def test_a_subnet_without_a_table_of_its_own_uses_the_main_one(self) -> None:
        pair = Pair()
        pair.subnet.disassociate()
        assert pair.ask().culprits == (pair.near.main_table.id,)
        pair.near.main_table.route("10.2.0.0/16", pair.peering)
        assert pair.verdict == "yes"

    def test_the_associated_table_takes_the_main_ones_place(self) -> None:
        pair = Pair()
        pair.near.main_table.route("10.2.0.0/16", pair.peering)
        answer = pair.ask()
        assert (answer.verdict, answer.codes) == ("no", {Code.NO_ROUTE})
        assert answer.culprits == (pair.table.id,)

    def test_what_enters_by_a_gateway_follows_the_table_of_its_edge(self) -> None:
        """Ingress routing (https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html)."""
        net, vpc, a, b, _ = three_subnets()
        internet = vpc.internet_gateway()
        a.route("0.0.0.0/0", internet)
        a.instance("server", "10.1.1.20", public="198.51.100.20")
        assert ask(net, "internet", "198.51.100.20", tcp=443).verdict == "yes"
        appliance = b.interface("10.1.2.9", source_dest_check=False)
        vpc.route_table("edge").route("10.1.1.0/24", appliance).associate_gateway(internet)
        answer = ask(net, "internet", "198.51.100.20", tcp=443)
        assert (answer.verdict, answer.hops[-1]) == ("unknown", appliance.id)

    def test_a_table_that_may_not_be_read_makes_the_answer_unknown(self) -> None:
        pair = Pair()
        pair.net.refuse(*HOME, "ec2", "describe-route-tables")
        answer = pair.ask()
        assert (answer.verdict, answer.needs) == ("unknown", {"describe-route-tables"})


class TestPriority:
    def test_the_longest_prefix_wins(self) -> None:
        pair = Pair()
        pair.table.route("10.2.0.0/16", pair.elsewhere).route("10.2.1.0/24", pair.peering)
        assert pair.verdict == "yes"
        pair.table.route("10.2.1.16/28", pair.elsewhere)
        assert pair.verdict == "no"

    def test_at_equal_length_static_beats_propagated(self) -> None:
        pair = Pair()
        pair.table.propagate(pair.elsewhere, "10.2.0.0/16").route("10.2.0.0/16", pair.peering)
        assert pair.verdict == "yes"

    def test_static_beats_what_a_route_server_propagates_in_whatever_order_they_are_listed(self) -> None:
        """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html."""
        pair = Pair()
        appliance = pair.subnet.interface(source_dest_check=False)
        pair.table.route("10.2.0.0/16", pair.peering)
        route = {"DestinationCidrBlock": "10.2.0.0/16", "NetworkInterfaceId": appliance.id, "Origin": "Advertisement"}
        pair.table.record["Routes"].insert(0, route | {"State": "active"})
        assert pair.verdict == "yes"

    def test_a_longer_propagated_route_beats_a_static_one(self) -> None:
        """It leads to a virtual private gateway, of which nobody knows where it learned the route."""
        pair = Pair()
        pair.table.route("10.2.0.0/16", pair.peering).propagate(pair.elsewhere, "10.2.1.0/24")
        assert pair.verdict == "unknown"

    def test_a_static_cidr_beats_a_prefix_list_of_equal_length(self) -> None:
        pair = Pair()
        pair.table.route(pair.net.prefix_list("list", "10.2.0.0/16"), pair.elsewhere)
        pair.table.route("10.2.0.0/16", pair.peering)
        assert pair.verdict == "yes"

    def test_a_prefix_list_beats_a_propagated_route_of_equal_length(self) -> None:
        pair = Pair()
        pair.table.propagate(pair.elsewhere, "10.2.0.0/16")
        pair.table.route(pair.net.prefix_list("list", "10.2.0.0/16"), pair.peering)
        assert pair.verdict == "yes"

    def test_the_length_of_each_entry_of_a_prefix_list_counts(self) -> None:
        pair = Pair()
        pair.table.route("10.2.0.0/20", pair.elsewhere)
        pair.table.route(pair.net.prefix_list("list", "10.2.0.0/16", "10.2.1.0/24"), pair.peering)
        assert pair.verdict == "yes"

    def test_two_prefix_lists_with_different_targets_leave_the_way_to_chance(self) -> None:
        pair = Pair()
        pair.table.route(pair.net.prefix_list("one", "10.2.0.0/16"), pair.peering)
        pair.table.route(pair.net.prefix_list("two", "10.2.1.0/24"), pair.elsewhere)
        answer = pair.ask()
        assert answer.verdict == "unknown"
        assert "overlap" in answer.doubts

    def test_of_three_prefix_lists_any_may_win(self) -> None:
        """Two of the ways end nowhere; that the third may be taken keeps the answer open."""
        pair = Pair()
        for name, target in (("one", "pcx-0000000000000dead"), ("two", pair.elsewhere), ("three", pair.peering)):
            pair.table.route(pair.net.prefix_list(name, "10.2.0.0/16"), target)
        assert pair.verdict == "unknown"

    def test_two_prefix_lists_with_one_target_do_not(self) -> None:
        pair = Pair()
        for name in ("one", "two"):
            pair.table.route(pair.net.prefix_list(name, "10.2.0.0/16"), pair.peering)
        assert pair.verdict == "yes"

    def test_two_prefix_lists_that_do_not_overlap_do_not(self) -> None:
        pair = Pair()
        pair.table.route(pair.net.prefix_list("one", "10.2.0.0/16"), pair.peering)
        pair.table.route(pair.net.prefix_list("two", "10.3.0.0/16"), pair.elsewhere)
        assert pair.verdict == "yes"


class TestLocalRoute:
    @pytest.mark.parametrize("cidr", ["10.1.2.0/24", "10.1.2.20/32", "10.1.0.0/16", "10.0.0.0/8"])
    def test_a_propagated_route_never_takes_packets_from_it(self, cidr: str) -> None:
        """Even a more specific one, where on-premises announces a part of the VPC's own range."""
        net, vpc, a, b, _ = three_subnets()
        a.route("172.16.0.0/12", vpc.vpn_gateway())
        a.table.propagate("vgw-0000000000000dead", cidr)
        assert ask(net, a.interface(), b.interface("10.1.2.20"), tcp=443).verdict == "yes"

    def test_it_covers_secondary_ranges_too(self) -> None:
        net, _, a, _, c = three_subnets()
        a.table.propagate("vgw-0000000000000dead", "10.9.0.0/25")
        assert ask(net, a.interface(), c.interface(), tcp=443).verdict == "yes"

    @pytest.mark.parametrize("propagated", [False, True])
    def test_another_target_in_its_place_takes_its_packets(self, propagated: bool) -> None:
        """That of one range of two (https://docs.aws.amazon.com/vpc/latest/userguide/replace-local-route-target.html)."""
        net, _, a, b, c = three_subnets()
        appliance = c.interface(source_dest_check=False)
        a.route("10.1.0.0/16", appliance)
        if propagated:
            a.table.propagate("vgw-0000000000000dead", "10.9.0.0/24")
        assert ask(net, a.interface(), b.interface("10.1.2.20"), tcp=443).hops[-1] == appliance.id
        assert ask(net, a.interface(), c.interface(), tcp=443).verdict == "yes"

    @pytest.mark.parametrize(
        ("cidr", "verdict"), [("10.1.2.0/24", "unknown"), ("10.1.2.20/32", "unknown"), ("10.1.3.0/24", "yes")]
    )
    def test_a_longer_static_route_sends_a_part_of_it_to_an_interface(self, cidr: str, verdict: str) -> None:
        net, vpc, a, b, _ = three_subnets()
        appliance = vpc.subnet("middle", "10.1.8.0/24").interface("10.1.8.9", source_dest_check=False)
        a.route(cidr, appliance)
        assert ask(net, a.interface(), b.interface("10.1.2.20"), tcp=443).verdict == verdict

    def test_a_longer_static_route_sends_a_part_of_it_to_a_nat_gateway(self) -> None:
        net, vpc, a, b, _ = three_subnets()
        nat = vpc.subnet("middle", "10.1.8.0/24").nat_gateway("private", "10.1.8.9")
        a.route("10.1.2.0/24", nat)
        answer = ask(net, a.interface(), b.interface(), tcp=443)
        assert answer.verdict == "yes"
        assert nat.id in answer.hops
        assert nat.id in answer.back

    def test_a_longer_static_route_sends_a_part_of_it_to_an_inspection_endpoint(self) -> None:
        """Middlebox routing (https://docs.aws.amazon.com/vpc/latest/userguide/gwlb-route.html)."""
        net, vpc, a, b, c = three_subnets()
        server = b.interface("10.1.2.20")
        endpoint = vpc.load_balancer_endpoint("inspection", c)
        a.route("10.1.2.0/24", endpoint)
        answer = ask(net, a.interface("10.1.1.10"), server, tcp=443)
        assert (answer.verdict, endpoint.id in answer.hops) == ("unknown", True)


class TestBlackhole:
    def test_it_attracts_packets_and_drops_them(self) -> None:
        """It does not fall through to the shorter route."""
        pair = Pair()
        pair.table.route("10.2.0.0/16", pair.peering).blackhole("10.2.1.0/24", "nat-0000000000000dead")
        answer = pair.ask()
        assert (answer.verdict, answer.codes) == ("no", {Code.ROUTE_BLACKHOLE})
        assert answer.culprits == (pair.table.id,)

    def test_where_a_shorter_route_leads_on_deleting_it_mends_the_way(self) -> None:
        pair = Pair()
        pair.table.route("10.2.0.0/16", pair.peering).blackhole("10.2.1.0/24", "nat-0000000000000dead")
        (path,) = pair.ask().blocked
        assert path.complete
        assert path.actions == (f"delete the blackhole routes of {pair.table.id}",)

    def test_a_longer_route_than_it_still_wins(self) -> None:
        pair = Pair()
        pair.table.blackhole("10.2.0.0/16", "nat-0000000000000dead").route("10.2.1.0/24", pair.peering)
        assert pair.verdict == "yes"

    def test_a_target_that_does_not_exist_is_one(self) -> None:
        pair = Pair()
        pair.table.route("10.2.0.0/16", "nat-0000000000000dead")
        answer = pair.ask()
        assert answer.verdict == "no"
        assert pair.table.id in answer.culprits

    def test_a_target_that_may_not_be_read_is_unknown(self) -> None:
        pair = Pair()
        pair.table.route("10.2.0.0/16", "nat-0000000000000dead")
        pair.net.refuse(*HOME, "ec2", "describe-nat-gateways")
        answer = pair.ask()
        assert (answer.verdict, answer.needs) == ("unknown", {"describe-nat-gateways"})


class TestPrefixLists:
    def test_a_route_matches_every_entry(self) -> None:
        pair = Pair()
        pair.table.route(pair.net.prefix_list("far", "10.7.0.0/16", "10.2.1.0/24"), pair.peering)
        assert pair.verdict == "yes"

    def test_a_route_matches_nothing_else(self) -> None:
        pair = Pair()
        pair.table.route(pair.net.prefix_list("far", "10.7.0.0/16"), pair.peering)
        assert pair.ask().codes == {Code.NO_ROUTE}

    def test_entries_that_could_not_be_read_make_the_route_unknown(self) -> None:
        pair = Pair()
        listed = pair.net.prefix_list("far", "10.2.0.0/16")
        pair.table.route(listed, pair.peering)
        pair.net.drop_call(*HOME, "ec2", "get-managed-prefix-list-entries", PrefixListId=listed.id)
        answer = pair.ask()
        assert (answer.verdict, answer.needs) == ("unknown", {"get-managed-prefix-list-entries"})

    def test_where_both_ways_end_nowhere_the_answer_is_no(self) -> None:
        pair = Pair()
        listed = pair.net.prefix_list("far", "10.2.0.0/16")
        pair.table.route(listed, "nat-0000000000000dead")
        pair.net.drop_call(*HOME, "ec2", "get-managed-prefix-list-entries", PrefixListId=listed.id)
        assert pair.verdict == "no"

    @pytest.mark.parametrize(
        ("kind", "verdict"), [("peering", "yes"), ("vpn gateway", "yes"), ("interface", "unknown"), ("nat", "unknown")]
    )
    def test_only_routes_to_middleboxes_may_be_more_specific_than_the_local_one(self, kind: str, verdict: str) -> None:
        """https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html.

        > The target must be a NAT gateway, network interface, or Gateway Load Balancer endpoint.
        """
        pair = Pair()
        inner = pair.near.subnet("inner", "10.1.2.0/24")
        targets = {
            "peering": pair.peering.id,
            "vpn gateway": pair.elsewhere.id,
            "interface": inner.interface().id,
            "nat": inner.nat_gateway("nat").id,
        }
        listed = pair.net.prefix_list("unread", "192.0.2.0/24")
        pair.table.route(listed, targets[kind])
        pair.net.drop_call(*HOME, "ec2", "get-managed-prefix-list-entries", PrefixListId=listed.id)
        assert ask(pair.net, pair.client, inner.interface("10.1.2.20"), tcp=443).verdict == verdict
        assert ask(pair.net, pair.client, pair.server, tcp=443).verdict != "yes"

    def test_what_an_aws_service_has_is_public(self) -> None:
        """The unread list of S3 cannot concern a private destination."""
        pair = Pair()
        endpoint = pair.near.gateway_endpoint("s3", pair.table)
        pair.table.route("10.2.0.0/16", pair.peering)
        listed = endpoint.prefix_list.id
        pair.net.drop_call(*HOME, "ec2", "get-managed-prefix-list-entries", PrefixListId=listed)
        pair.net.drop_call(*HOME, "ec2", "describe-prefix-lists")
        assert pair.verdict == "yes"
        assert ask(pair.net, pair.client, "52.216.1.1", tcp=443).verdict == "unknown"


class TestWhatTheModelDoesNotKnow:
    """It makes exactly the packets that would enter it unknown, and is named."""

    @pytest.mark.parametrize(
        "target",
        [
            "lgw-0123",
            "cagw-0123",
            "arn:aws:networkmanager::111122223333:core-network/core-network-0123",
            "arn:aws:odb:us-east-1:111122223333:odb-network/odbnet_0123",
        ],
    )
    def test_a_kind_of_target(self, target: str) -> None:
        pair = Pair()
        pair.table.route("10.2.0.0/24", target).route("10.2.1.0/24", pair.peering)
        assert pair.verdict == "yes"
        pair.table.route("10.2.1.16/28", target)
        answer = pair.ask()
        assert answer.verdict == "unknown"
        assert target in answer.doubts

    def test_a_state_of_a_route(self) -> None:
        pair = Pair()
        pair.table.route("10.2.0.0/16", pair.peering, state="filtered")
        answer = pair.ask()
        assert answer.verdict == "unknown"
        assert "filtered" in answer.doubts
        assert pair.table.id in answer.doubts

    def test_not_the_packets_that_it_does_not_concern(self) -> None:
        pair = Pair()
        pair.table.route("10.2.0.0/16", pair.peering).route("10.2.2.0/24", pair.peering, state="filtered")
        assert pair.verdict == "yes"


class TestNoRoute:
    def test_without_a_route_packets_are_dropped_and_the_table_is_the_culprit(self) -> None:
        pair = Pair()
        answer = pair.ask()
        assert (answer.verdict, answer.codes, answer.culprits) == ("no", {Code.NO_ROUTE}, (pair.table.id,))

    def test_the_way_back_needs_a_route_as_well(self) -> None:
        pair = Pair()
        pair.table.route("10.2.0.0/16", pair.peering)
        back = pair.server.subnet.table
        back.remove("10.1.0.0/16")
        answer = pair.ask()
        assert (answer.verdict, answer.codes, answer.culprits) == ("no", {Code.NO_ROUTE}, (back.id,))
        assert answer.hops[-1] == pair.server.id


class TestUnlistedLocalRoute:
    """https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html: "Every route table contains a local
    route for communication within the VPC", one for each of its CIDR blocks.
    """

    @pytest.mark.parametrize("listed", [True, False])
    def test_of_a_secondary_range_wins_over_a_wider_static_one(self, listed: bool) -> None:
        pair = Pair()
        pair.table.route("10.2.0.0/16", pair.peering)
        assert pair.verdict == "yes"
        pair.near.add_cidr("10.2.1.0/24")
        if not listed:
            pair.table.remove("10.2.1.0/24")
        assert pair.verdict == "no"
        assert pair.peering.id not in {name for way in pair.ask().ways for name in way}
