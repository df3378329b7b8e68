"""On-premises sites: what `mwaanet.yaml` declares, and what lies behind a link that it does not."""

from __future__ import annotations

import pytest

from asking import Answer, ask, network_of, site_file
from builder import Topology, rule, topology
from mwaanet.graph import site
from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Flight, Lose, Position, Role
from mwaanet.net import PacketSet

ACCOUNT, REGION = "111122223333", "us-east-1"
HOST = "172.20.5.40"


class Joined:
    """A VPC with a server, 10.1.1.20, and a VPN behind which 172.20.0.0/16 lies."""

    def __init__(self) -> None:
        self.net: Topology = topology()
        vpc = self.net.vpc("apps", "10.1.0.0/16")
        vpc.default_group.allow_in(rule("all"))
        gateway = vpc.vpn_gateway()
        customer = self.net.customer_gateway("dc", "203.0.113.7")
        self.vpn = self.net.vpn("dc", customer, gateway, static=["172.20.0.0/16"])
        self.table = vpc.main_table.propagate(gateway, "172.20.0.0/16")
        self.gateway = gateway
        self.server = vpc.subnet("a", "10.1.1.0/24").interface("10.1.1.20")

    def inwards(self, site: str, source: str = HOST, tcp: int = 443) -> Answer:
        return ask(self.net, source, self.server, tcp=tcp, site=site)

    def outwards(self, site: str | None, target: str = HOST, tcp: int = 443) -> Answer:
        return ask(self.net, self.server, target, tcp=tcp, site=site)


def rules(*texts: str, default: str = "deny") -> str:
    return site_file(f"default: {default}, rules: [{', '.join('{' + text + '}' for text in texts)}]")


class TestInside:
    def test_hosts_of_the_site_reach_each_other_without_its_firewall(self) -> None:
        answer = ask(Joined().net, HOST, "172.20.9.9", tcp=443, site=site_file("default: deny"))
        assert (answer.verdict, answer.hops, answer.back) == ("yes", ["dc"], ["dc"])


class TestSeveral:
    @pytest.mark.parametrize("first", ["country", "town"])
    def test_the_one_with_the_more_specific_range_holds_an_address(self, first: str) -> None:
        joined = Joined()
        ranges = {"country": "172.20.0.0/16", "town": "172.20.5.0/24"}
        names = sorted(ranges, key=lambda name: name != first)
        lines = [f"  - {{name: {name}, cidrs: [{ranges[name]}], firewall: {{default: allow}}}}" for name in names]
        site = "\n".join(["version: 1", "on_premises:", *lines, ""])
        assert joined.outwards(site).hops[-1] == "town"
        assert ask(joined.net, "town", joined.server, tcp=443, site=site).verdict == "yes"
        assert joined.outwards(site, "172.20.6.1").hops[-1] == "country"

    @pytest.mark.parametrize(
        ("also", "told"), [((), "north and south declare"), (("west",), "north, south and west declare")]
    )
    def test_which_of_several_with_the_same_range_behind_the_same_link_is_not_known(
        self, also: tuple[str, ...], told: str
    ) -> None:
        joined = Joined()
        lines = [
            f"  - {{name: {name}, cidrs: [172.20.0.0/16], firewall: {{default: {default}}}}}"
            for name, default in (("north", "allow"), ("south", "deny"), *((name, "deny") for name in also))
        ]
        site = "\n".join(["version: 1", "on_premises:", *lines, ""])
        answer = joined.outwards(site)
        assert answer.verdict == "unknown"
        assert answer.doubts.startswith(f"{told} 172.20.0.0/16 behind {joined.vpn.id} (mwaanet.yaml")
        assert joined.outwards(site.replace("default: allow", "default: deny")).verdict == "no"

    def test_behind_different_links_each_holds_its_own(self) -> None:
        joined = Joined()
        lines = [
            f"  - {{name: {name}, cidrs: [172.20.0.0/16], connects_through: [{link}], firewall: {{default: allow}}}}"
            for name, link in (("north", "vpn-0b0b0b0b0b0b0b0b0"), ("south", joined.vpn.id))
        ]
        answer = joined.outwards("\n".join(["version: 1", "on_premises:", *lines, ""]))
        assert (answer.verdict, answer.hops[-1]) == ("yes", "south")


class TestFirewall:
    @pytest.mark.parametrize(("default", "verdict"), [("allow", "yes"), ("deny", "no")])
    def test_its_default_decides_what_no_rule_matches(self, default: str, verdict: str) -> None:
        joined = Joined()
        site = site_file(f"default: {default}")
        for answer in (joined.inwards(site), joined.outwards(site)):
            assert answer.verdict == verdict
            assert answer.culprits == (() if verdict == "yes" else ("dc.firewall", "dc"))

    def test_the_first_rule_that_matches_decides(self) -> None:
        joined = Joined()
        deny, allow = "action: deny, direction: inbound", "action: allow, direction: inbound"
        assert joined.outwards(rules(deny, allow)).verdict == "no"
        assert joined.outwards(rules(allow, deny)).verdict == "yes"

    def test_directions_are_the_sites(self) -> None:
        joined = Joined()
        site = rules("action: allow, direction: outbound")
        assert joined.inwards(site).verdict == "yes"
        assert joined.outwards(site).verdict == "no"

    @pytest.mark.parametrize(
        ("rule_text", "verdict"),
        [
            ("from: 10.1.1.0/24", "yes"),
            ("from: 10.1.2.0/24", "no"),
            (f"to: {HOST}/32", "yes"),
            ("to: 172.20.5.41/32", "no"),
            ("protocol: tcp, ports: [443]", "yes"),
            ('protocol: tcp, ports: ["8000-9000"]', "no"),
            ("protocol: udp", "no"),
        ],
    )
    def test_a_rule_matches_by_addresses_protocol_and_ports(self, rule_text: str, verdict: str) -> None:
        site = rules(f"action: allow, direction: inbound, {rule_text}")
        assert Joined().outwards(site).verdict == verdict

    def test_replies_to_allowed_connections_pass(self) -> None:
        """Nothing may come in by itself, nothing may go out but what was asked for."""
        joined = Joined()
        site = rules("action: allow, direction: outbound, protocol: tcp, ports: [443]")
        assert joined.inwards(site).verdict == "yes"
        site = rules("action: allow, direction: inbound, protocol: tcp, ports: [443]")
        assert joined.outwards(site).verdict == "yes"

    def test_one_that_is_not_declared_makes_what_meets_it_unknown(self) -> None:
        joined = Joined()
        site = site_file("")
        for answer in (joined.inwards(site), joined.outwards(site)):
            assert answer.verdict == "unknown"
            assert "dc: firewall" in answer.doubts

    def test_what_aws_stops_is_stopped_whatever_the_firewall_does(self) -> None:
        joined = Joined()
        joined.server.subnet.vpc.network_acl("closed", subnets=[joined.server.subnet])
        assert joined.inwards(site_file("")).verdict == "no"


class TestRoutes:
    def test_what_the_site_routes_towards_aws_arrives(self) -> None:
        joined = Joined()
        assert joined.inwards(site_file(routes=["10.1.0.0/16"])).verdict == "yes"
        answer = joined.inwards(site_file(routes=["10.2.0.0/16"]))
        assert (answer.verdict, answer.codes, answer.culprits) == ("no", {Code.SITE_NO_ROUTE}, ("dc.routes", "dc"))

    def test_without_a_list_it_routes_everything_that_aws_announces(self) -> None:
        assert Joined().inwards(site_file()).verdict == "yes"

    def test_its_replies_need_the_route_too(self) -> None:
        answer = Joined().outwards(site_file(routes=["10.2.0.0/16"]))
        assert (answer.verdict, answer.hops[-1], answer.culprits) == ("no", "dc", ("dc.routes", "dc"))


class TestLinks:
    def test_a_site_lies_behind_the_links_that_it_names(self) -> None:
        joined = Joined()
        other = joined.net.vpn("other", joined.net.customer_gateway("other", "203.0.113.8"), joined.gateway)
        assert joined.inwards(site_file(links=[joined.vpn.id])).verdict == "yes"
        assert other.id in joined.inwards(site_file(links=[other.id])).hops

    @pytest.mark.parametrize("link", ["vpn-0000000000000dead", "tgw-attach-000000000000dead", "shared-gateway"])
    def test_a_named_link_that_no_account_of_the_snapshot_has_is_another_accounts(self, link: str) -> None:
        answer = Joined().inwards(site_file(links=[link]))
        assert answer.verdict == "unknown"
        assert f"{link} is in no account of the snapshot" in answer.doubts

    def test_without_any_link_it_is_cut_off(self) -> None:
        net = topology()
        server = net.vpc("apps", "10.1.0.0/16").subnet("a", "10.1.1.0/24").interface()
        answer = ask(net, "dc", server, tcp=443, site=site_file(routes=["10.1.0.0/16"]))
        assert (answer.verdict, answer.codes) == ("no", {Code.SITE_NO_LINK})

    @pytest.mark.parametrize(
        ("service", "operation"),
        [("ec2", "describe-vpn-connections"), ("directconnect", "describe-direct-connect-gateways")],
    )
    def test_links_that_were_not_read_may_join_it(self, service: str, operation: str) -> None:
        net = topology(ACCOUNT, REGION)
        server = net.vpc("apps", "10.1.0.0/16").subnet("a", "10.1.1.0/24").interface()
        net.refuse(ACCOUNT, REGION, service, operation)
        answer = ask(net, "dc", server, tcp=443, site=site_file(routes=["10.1.0.0/16"]))
        assert answer.verdict == "unknown"
        assert operation in answer.doubts

    def test_without_names_it_lies_behind_any(self) -> None:
        assert Joined().inwards(site_file()).verdict == "yes"

    def test_a_direct_connect_gateway_may_be_named_by_its_arn_or_name(self) -> None:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        vpc.default_group.allow_in(rule("all"))
        gateway = vpc.vpn_gateway()
        dx = net.direct_connect_gateway("dx-to-dc", "172.20.0.0/16")
        dx.virtual_interface("private", kind="private")
        dx.associate(gateway, "10.1.0.0/16")
        vpc.main_table.propagate(gateway, "172.20.0.0/16")
        server = vpc.subnet("a", "10.1.1.0/24").interface()
        for name in (dx.id, "dx-to-dc", f"arn:aws:directconnect::111122223333:dx-gateway/{dx.id}"):
            assert ask(net, "dc", server, tcp=443, site=site_file(links=[name])).verdict == "yes"

    def test_a_client_of_the_site_is_one_of_its_addresses(self) -> None:
        joined = Joined()
        site = site_file().replace("    firewall:", "    clients: {runner: 172.20.7.21}\n    firewall:")
        answer = joined.inwards(site, "dc.runner")
        assert (answer.verdict, str(answer.trace.asked.src)) == ("yes", "172.20.7.21")


class TestEdge:
    """What no site file declares ends at the edge of AWS."""

    def test_an_announced_prefix_is_taken_for_a_site(self) -> None:
        joined = Joined()
        answer = joined.outwards(None)
        assert (answer.verdict, answer.hops[-1]) == ("yes", f"edge:{joined.vpn.id}")
        assert ask(joined.net, HOST, joined.server, tcp=443).verdict == "yes"

    def test_a_private_address_that_nobody_is_known_to_hold_is_unknown(self) -> None:
        """A default route leads it out of AWS; whether somebody is there only the site file can tell."""
        joined = Joined()
        joined.vpn.record["Routes"].append(
            {"DestinationCidrBlock": "0.0.0.0/0", "Source": "Static", "State": "available"}
        )
        joined.table.propagate(joined.gateway, "0.0.0.0/0")
        answer = joined.outwards(None, "192.168.77.1")
        assert answer.verdict == "unknown"
        assert "mwaanet.yaml" in answer.doubts

    @pytest.mark.parametrize(
        ("site", "verdict"),
        [
            (None, "unknown"),
            (site_file(), "unknown"),
            (site_file("default: allow, internet: direct"), "unknown"),
            (site_file("default: allow, internet: none"), "no"),
        ],
    )
    def test_packets_to_the_internet_may_go_on_from_there(self, site: str | None, verdict: str) -> None:
        """A default route may lead to the company's own way out, which only it can tell of.

        https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html#route-tables-vgw
        """
        joined = Joined()
        joined.vpn.record["Routes"].append(
            {"DestinationCidrBlock": "0.0.0.0/0", "Source": "Static", "State": "available"}
        )
        joined.table.propagate(joined.gateway, "0.0.0.0/0")
        answer = ask(joined.net, joined.server, "internet", tcp=443, site=site)
        assert answer.verdict == verdict
        assert ("internet: none says that it does not" in answer.doubts) == (verdict == "unknown")
        assert answer.codes == ({Code.WRONG_DESTINATION} if verdict == "no" else set())
        assert bool(answer.blocked) == (verdict == "no")

    @pytest.mark.parametrize("octet", [10, 11])
    def test_to_a_vpc_they_do_not_go_on_whatever_its_addresses(self, octet: int) -> None:
        """A VPC may have a publicly routable block, and only a route of AWS leads there.

        https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
        """
        joined = Joined()
        joined.vpn.record["Routes"].append(
            {"DestinationCidrBlock": "0.0.0.0/0", "Source": "Static", "State": "available"}
        )
        joined.table.propagate(joined.gateway, "0.0.0.0/0")
        other = joined.net.vpc("other", f"{octet}.9.0.0/16").subnet("a", f"{octet}.9.1.0/24").interface()
        answer = ask(joined.net, joined.server, other, tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.WRONG_DESTINATION})

    def test_where_nothing_leads_there_the_answer_is_no(self) -> None:
        assert Joined().outwards(None, "192.168.77.1").verdict == "no"


class Overlapping:
    """Two VPCs on a transit gateway, and a VPN whose site announces what is perhaps the other VPC's as well."""

    def __init__(self, announced: str) -> None:
        self.net: Topology = topology()
        near, far = self.net.vpc("near", "10.1.0.0/16"), self.net.vpc("far", "10.2.0.0/16")
        near.default_group.allow_in(rule("all"))
        here, there = near.subnet("a", "10.1.1.0/24"), far.subnet("b", "10.2.1.0/24")
        hub = self.net.transit_gateway("hub")
        self.table = table = hub.table("all")
        for vpc, subnet in ((near, here), (far, there)):
            hub.attach_vpc(vpc, [subnet], table=table, propagate=[table])
        customer = self.net.customer_gateway("dc", "203.0.113.7")
        self.vpn = self.net.vpn("dc", customer, hub, bgp=[announced], table=table, propagate=[table])
        here.route("10.0.0.0/8", hub)
        self.server = here.interface("10.1.1.20")


class TestOverlap:
    """An unheld address lies where the most specific route leads, in the VPC or behind the link.

    https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
    """

    def test_part_of_a_vpcs_block_that_is_announced_is_the_sites(self) -> None:
        lies = Overlapping("10.2.128.0/17")
        answer = ask(lies.net, lies.server, "10.2.130.5", tcp=443)
        assert (answer.verdict, answer.hops[-1]) == ("yes", f"edge:{lies.vpn.id}")
        assert ask(lies.net, "10.2.130.5", lies.server, tcp=443).verdict == "yes"

    def test_the_rest_of_the_block_stays_the_vpcs(self) -> None:
        lies = Overlapping("10.2.128.0/17")
        assert ask(lies.net, lies.server, "10.2.5.5", tcp=443).verdict == "no"

    @pytest.mark.parametrize("announced", ["10.2.0.0/16", "10.0.0.0/8"])
    def test_a_block_that_is_announced_as_a_whole_stays_the_vpcs(self, announced: str) -> None:
        lies = Overlapping(announced)
        assert ask(lies.net, lies.server, "10.2.130.5", tcp=443).verdict == "no"
        assert ask(lies.net, "10.2.130.5", lies.server, tcp=443).verdict == "no"

    def test_a_link_that_announces_more_than_the_block_is_no_place_for_its_addresses(self) -> None:
        """A route that leads the whole block to the link leads its addresses astray."""
        lies = Overlapping("10.0.0.0/8")
        assert lies.vpn.attachment is not None
        lies.table.route("10.2.0.0/16", lies.vpn.attachment)
        answer = ask(lies.net, lies.server, "10.2.130.5", tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.WRONG_DESTINATION})


def test_a_site_that_is_not_declared_sends_nobody_knows_where() -> None:
    (outcome,) = site.leave(network_of(topology()), Position("dc", Role.LEAVE), Flight(packets=PacketSet.ANY, vpc=""))
    assert isinstance(outcome, Lose)
    assert outcome.unknown.reason == "mwaanet.yaml does not declare on_premises dc"
