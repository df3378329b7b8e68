"""VPC peering (https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html)."""

from __future__ import annotations

import pytest

from asking import Answer, ask
from builder import Topology, Vpc, rule, topology
from builder.peering import Peering
from builder.subnet import Subnet
from mwaanet.graph.codes import Code

ACCOUNT, REGION = "111122223333", "us-east-1"


class Peered:
    """Two VPCs with an interface each, 10.1.1.10 and 10.2.1.20, and routes to each other's range."""

    def __init__(self, *, state: str = "active", region: str = REGION, account: str = ACCOUNT) -> None:
        self.net: Topology = topology(ACCOUNT, REGION)
        other = self.net.account(account).region(region)
        self.near: Vpc = self.net.vpc("near", "10.1.0.0/16", ipv6="2600:1f18:1::/56")
        self.far: Vpc = other.vpc("far", "10.2.0.0/16", "10.22.0.0/16", ipv6="2600:1f18:2::/56")
        for vpc in (self.near, self.far):
            vpc.default_group.allow_in(rule("all"), rule("all", None, "::/0"))
            vpc.default_group.allow_out(rule("all"), rule("all", None, "::/0"))
        self.peering: Peering = self.near.peer(self.far, state=state)
        self.a: Subnet = self.near.subnet("a", "10.1.1.0/24", ipv6="2600:1f18:1:1::/64")
        self.b: Subnet = self.far.subnet("b", "10.2.1.0/24", ipv6="2600:1f18:2:1::/64")
        for subnet, cidrs in ((self.a, self.far.cidrs), (self.b, self.near.cidrs)):
            for cidr in cidrs:
                subnet.route(cidr, self.peering)
        self.client = self.a.interface("10.1.1.10", ipv6=["2600:1f18:1:1::10"])
        self.server = self.b.interface("10.2.1.20", ipv6=["2600:1f18:2:1::20"])

    def ask(self) -> Answer:
        return ask(self.net, self.client, self.server, tcp=443)


class TestWay:
    @pytest.mark.parametrize(
        ("region", "account"), [(REGION, ACCOUNT), ("us-west-2", ACCOUNT), (REGION, "444455556666")]
    )
    def test_one_hop_from_vpc_to_vpc_whatever_region_and_account(self, region: str, account: str) -> None:
        peered = Peered(region=region, account=account)
        answer = peered.ask()
        assert answer.verdict == "yes"
        client, near, far = peered.client, peered.near, peered.far
        assert answer.hops == [
            *(client.id, near.default_group.id, peered.a.table.id, near.default_acl.id, peered.peering.id),
            *(far.default_acl.id, far.default_group.id, peered.server.id),
        ]

    def test_either_side_may_ask(self) -> None:
        peered = Peered()
        assert ask(peered.net, peered.server, peered.client, tcp=443).verdict == "yes"

    def test_ipv6(self) -> None:
        assert ask(Peered().net, "2600:1f18:1:1::10", "2600:1f18:2:1::20", tcp=443).verdict == "yes"

    def test_secondary_ranges_are_reached_too(self) -> None:
        peered = Peered()
        subnet = peered.far.subnet("c", "10.22.1.0/24").route("10.1.0.0/16", peered.peering)
        assert ask(peered.net, peered.client, subnet.interface(), tcp=443).verdict == "yes"

    @pytest.mark.parametrize("side", ["a", "b"])
    def test_both_sides_need_a_route(self, side: str) -> None:
        peered = Peered()
        table = (peered.a if side == "a" else peered.b).table
        table.remove("10.2.0.0/16" if side == "a" else "10.1.0.0/16")
        answer = peered.ask()
        assert (answer.verdict, answer.codes, answer.culprits) == ("no", {Code.NO_ROUTE}, (table.id,))


class TestState:
    @pytest.mark.parametrize(
        "state", ["pending-acceptance", "deleted", "rejected", "failed", "expired", "provisioning"]
    )
    def test_it_must_be_active(self, state: str) -> None:
        peered = Peered(state=state)
        answer = peered.ask()
        assert (answer.verdict, answer.codes, answer.culprits) == ("no", {Code.BAD_STATE}, (peered.peering.id,))

    def test_a_route_to_one_that_is_not_still_wins_by_its_length(self) -> None:
        peered = Peered(state="deleted")
        hub = peered.net.transit_gateway("hub")
        table = hub.table("all")
        for vpc, subnet in ((peered.near, peered.a), (peered.far, peered.b)):
            hub.attach_vpc(vpc, [subnet], table=table, propagate=[table])
        peered.a.route("10.0.0.0/8", hub)
        peered.b.table.route("10.1.0.0/16", hub)
        assert peered.ask().verdict == "no"
        peered.a.table.remove("10.2.0.0/16")
        assert peered.ask().verdict == "yes"

    def test_one_that_does_not_exist_drops(self) -> None:
        peered = Peered()
        peered.a.route("10.2.0.0/16", "pcx-0000000000000dead")
        answer = peered.ask()
        assert (answer.verdict, answer.codes) == ("no", {Code.GONE})

    def test_peerings_that_may_not_be_read_make_the_answer_unknown(self) -> None:
        peered = Peered()
        peered.net.refuse(ACCOUNT, REGION, "ec2", "describe-vpc-peering-connections")
        answer = peered.ask()
        assert (answer.verdict, answer.needs) == ("unknown", {"describe-vpc-peering-connections"})

    def test_a_far_vpc_of_an_account_that_is_not_in_the_snapshot_is_unknown(self) -> None:
        peered = Peered()
        beyond = topology("999999999999").vpc("beyond", "10.3.0.0/16")
        peering = peered.near.peer(beyond)
        peered.a.route("10.3.0.0/16", peering)
        assert ask(peered.net, peered.client, "10.3.1.1", tcp=443).verdict == "unknown"


class TestNoTransit:
    """https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-limitations."""

    def test_not_to_a_third_vpc(self) -> None:
        peered = Peered()
        third = peered.net.vpc("third", "10.3.0.0/16")
        onward = peered.far.peer(third)
        peered.a.route("10.3.0.0/16", peered.peering)
        peered.b.route("10.3.0.0/16", onward)
        server = third.subnet("c", "10.3.1.0/24").route("10.1.0.0/16", onward).interface()
        answer = ask(peered.net, peered.client, server, tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.PEERING_NO_TRANSIT})

    def test_not_to_the_other_vpcs_internet_or_nat_gateway(self) -> None:
        peered = Peered()
        outer = peered.far.subnet("outer", "10.2.9.0/24").route("0.0.0.0/0", peered.far.internet_gateway())
        outer.nat_gateway("nat", public="198.51.100.9")
        peered.a.route("0.0.0.0/0", peered.peering)
        answer = ask(peered.net, peered.client, "8.8.8.8", tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.PEERING_NO_TRANSIT})

    def test_not_to_what_lies_behind_the_other_vpcs_virtual_private_gateway(self) -> None:
        peered = Peered()
        gateway = peered.far.vpn_gateway()
        peered.net.vpn("dc", peered.net.customer_gateway("dc", "203.0.113.7"), gateway, static=["172.20.0.0/16"])
        peered.a.route("172.20.0.0/16", peered.peering)
        peered.b.table.propagate(gateway, "172.20.0.0/16")
        answer = ask(peered.net, peered.client, "172.20.1.1", tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.PEERING_NO_TRANSIT})

    def test_not_from_what_lies_behind_the_own_virtual_private_gateway(self) -> None:
        peered = Peered()
        gateway = peered.near.vpn_gateway()
        vpn = peered.net.vpn("dc", peered.net.customer_gateway("dc", "203.0.113.7"), gateway, static=["172.20.0.0/16"])
        peered.b.route("172.20.0.0/16", peered.peering)
        site = f"version: 1\non_premises: [{{name: dc, cidrs: [172.20.0.0/16], connects_through: [{vpn.id}]}}]\n"
        assert ask(peered.net, "dc", peered.server, tcp=443, site=site).verdict == "no"

    def test_what_was_translated_to_the_senders_vpc_passes(self) -> None:
        """A private NAT gateway's address is of the VPC's range."""
        peered = Peered()
        middle = peered.near.subnet("middle", "10.1.2.0/24").route("10.2.0.0/16", peered.peering)
        peered.a.route("10.2.0.0/16", middle.nat_gateway("private"))
        assert peered.ask().verdict == "yes"
