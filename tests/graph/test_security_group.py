"""Security groups (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html)."""

from __future__ import annotations

import pytest

from asking import ask
from builder import GroupPeer, Topology, Vpc, rule, self_ref, topology
from builder.interface import Interface
from builder.rules import Rule
from builder.security_group import SecurityGroup
from builder.subnet import Subnet
from mwaanet.graph.codes import Code


def one_vpc() -> tuple[Topology, Vpc, Subnet]:
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16", ipv6="2600:1f18:1::/56")
    return net, vpc, vpc.subnet("a", "10.1.1.0/24", ipv6="2600:1f18:1:1::/64")


def client_and_server(*rules: Rule) -> tuple[Topology, Interface, Interface, SecurityGroup]:
    """A client, 10.1.1.10, and a server, 10.1.1.20, that lets in what the rules say."""
    net, vpc, subnet = one_vpc()
    group = vpc.security_group("server", ingress=rules)
    client = subnet.interface("10.1.1.10", ipv6=["2600:1f18:1:1::10"])
    server = subnet.interface("10.1.1.20", ipv6=["2600:1f18:1:1::20"], groups=[group])
    return net, client, server, group


class TestRules:
    def test_what_no_rule_allows_is_denied(self) -> None:
        net, client, server, group = client_and_server()
        answer = ask(net, client, server, tcp=443)
        assert answer.verdict == "no"
        assert answer.culprits == (group.id,)
        assert answer.codes == {Code.SECURITY_GROUP_INGRESS}

    def test_what_a_rule_allows_passes(self) -> None:
        net, client, server, _ = client_and_server(rule("tcp", 443, "10.1.1.10/32"))
        assert ask(net, client, server, tcp=443).verdict == "yes"

    def test_the_peer_of_an_ingress_rule_is_the_source(self) -> None:
        net, client, server, _ = client_and_server(rule("tcp", 443, "10.1.1.20/32"))
        assert ask(net, client, server, tcp=443).verdict == "no"

    def test_the_peer_of_an_egress_rule_is_the_destination(self) -> None:
        net, vpc, subnet = one_vpc()
        group = vpc.security_group("client", egress=[rule("tcp", 443, "10.1.1.20/32")])
        client = subnet.interface("10.1.1.10", groups=[group])
        subnet.interface("10.1.1.20")
        subnet.interface("10.1.1.21")
        vpc.default_group.allow_in(rule("all"))
        assert ask(net, client, "10.1.1.20", tcp=443).verdict == "yes"
        other = ask(net, client, "10.1.1.21", tcp=443)
        assert (other.verdict, other.culprits) == ("no", (group.id,))
        assert other.codes == {Code.SECURITY_GROUP_EGRESS}

    def test_all_groups_of_an_interface_are_united(self) -> None:
        net, vpc, subnet = one_vpc()
        web = vpc.security_group("web", ingress=[rule("tcp", 443, "10.1.0.0/16")])
        admin = vpc.security_group("admin", ingress=[rule("tcp", 22, "10.1.0.0/16")])
        client, server = subnet.interface("10.1.1.10"), subnet.interface("10.1.1.20", groups=[web, admin])
        assert ask(net, client, server, tcp=443).verdict == "yes"
        assert ask(net, client, server, tcp=22).verdict == "yes"
        assert ask(net, client, server, tcp=80).verdict == "no"

    def test_a_range_of_ports_is_split_where_the_rules_split_it(self) -> None:
        net, client, server, _ = client_and_server(rule("tcp", (8000, 8010), "10.1.0.0/16"))
        answer = ask(net, client, server, tcp=(8005, 8020))
        assert answer.verdict == "partial"
        assert answer.trace.tally.passed.dport.spans == ((8005, 8010),)
        assert answer.trace.tally.stopped.dport.spans == ((8011, 8020),)

    @pytest.mark.parametrize(
        ("protocol", "tcp", "udp"), [("tcp", "yes", "no"), ("udp", "no", "yes"), ("all", "yes", "yes")]
    )
    def test_a_rule_speaks_of_its_protocol_only(self, protocol: str, tcp: str, udp: str) -> None:
        net, client, server, _ = client_and_server(rule(protocol, None if protocol == "all" else 53, "10.1.0.0/16"))
        assert ask(net, client, server, tcp=53).verdict == tcp
        assert ask(net, client, server, udp=53).verdict == udp

    def test_a_rule_may_name_a_protocol_without_ports_by_its_number(self) -> None:
        net, client, server, _ = client_and_server(rule("50", None, "10.1.0.0/16"))
        assert ask(net, client, server, protocol=50).verdict == "yes"
        assert ask(net, client, server, protocol=51).verdict == "no"

    @pytest.mark.parametrize(
        ("ports", "verdict"), [(None, "yes"), ((8, -1), "yes"), ((8, 0), "yes"), ((0, -1), "no"), ((8, 1), "no")]
    )
    def test_the_ports_of_icmp_are_type_and_code(self, ports: tuple[int, int] | None, verdict: str) -> None:
        net, client, server, _ = client_and_server(rule("icmp", ports, "10.1.0.0/16"))
        assert ask(net, client, server, icmp=True).verdict == verdict

    def test_ipv6_needs_an_ipv6_rule(self) -> None:
        net, client, _, group = client_and_server(rule("tcp", 443, "0.0.0.0/0"))
        assert ask(net, client, "2600:1f18:1:1::20", tcp=443).verdict == "no"
        group.allow_in(rule("tcp", 443, "2600:1f18:1::/56"))
        client.subnet.vpc.default_group.allow_out(rule("all", None, "::/0"), rule("all"))
        assert ask(net, client, "2600:1f18:1:1::20", tcp=443).verdict == "yes"


class TestStateful:
    def test_the_reply_to_an_allowed_connection_passes(self) -> None:
        """The server may send nothing by its egress rules, the client take nothing by its ingress rules."""
        net, vpc, subnet = one_vpc()
        asks = vpc.security_group("asks", egress=[rule("tcp", 443, "10.1.1.20/32")])
        answers = vpc.security_group("answers", ingress=[rule("tcp", 443, "10.1.1.10/32")], egress=[])
        client = subnet.interface("10.1.1.10", groups=[asks])
        server = subnet.interface("10.1.1.20", groups=[answers])
        assert ask(net, client, server, tcp=443).verdict == "yes"

    def test_the_server_cannot_start_a_connection_of_its_own(self) -> None:
        net, vpc, subnet = one_vpc()
        asks = vpc.security_group("asks", egress=[rule("tcp", 443, "10.1.1.20/32")])
        answers = vpc.security_group("answers", ingress=[rule("tcp", 443, "10.1.1.10/32")], egress=[])
        client = subnet.interface("10.1.1.10", groups=[asks])
        server = subnet.interface("10.1.1.20", groups=[answers])
        answer = ask(net, server, client, tcp=443)
        assert (answer.verdict, set(answer.culprits)) == ("no", {answers.id, asks.id})


class TestPrefixLists:
    def test_a_rule_for_a_prefix_list_matches_each_of_its_entries(self) -> None:
        net, client, server, group = client_and_server()
        listed = net.prefix_list("clients", "10.1.1.8/30", "10.9.0.0/16")
        group.allow_in(rule("tcp", 443, listed))
        assert ask(net, client, server, tcp=443).verdict == "yes"

    def test_a_prefix_list_without_the_peer_allows_nothing(self) -> None:
        net, client, server, group = client_and_server()
        group.allow_in(rule("tcp", 443, net.prefix_list("clients", "10.9.0.0/16")))
        assert ask(net, client, server, tcp=443).verdict == "no"

    def test_a_prefix_list_that_could_not_be_read_makes_its_packets_unknown(self) -> None:
        net, client, server, group = client_and_server()
        listed = net.prefix_list("clients", "10.9.0.0/16")
        group.allow_in(rule("tcp", 443, listed))
        net.drop_call("111122223333", "us-east-1", "ec2", "get-managed-prefix-list-entries", PrefixListId=listed.id)
        answer = ask(net, client, server, tcp=443)
        assert answer.verdict == "unknown"
        assert answer.needs == {"get-managed-prefix-list-entries"}
        assert ask(net, client, server, tcp=80).verdict == "no"

    def test_what_another_rule_allows_does_not_need_the_list(self) -> None:
        net, client, server, group = client_and_server()
        listed = net.prefix_list("clients", "10.9.0.0/16")
        group.allow_in(rule("tcp", 443, listed), rule("tcp", 443, "10.1.1.10/32"))
        net.drop_call("111122223333", "us-east-1", "ec2", "get-managed-prefix-list-entries", PrefixListId=listed.id)
        assert ask(net, client, server, tcp=443).verdict == "yes"


class TestGroupsAsPeers:
    def test_a_group_as_source_is_whoever_sends_from_an_interface_in_it(self) -> None:
        net, vpc, subnet = one_vpc()
        clients = vpc.security_group("clients")
        servers = vpc.security_group("servers", ingress=[rule("tcp", 443, clients)])
        member = subnet.interface("10.1.1.10", groups=[clients])
        stranger = subnet.interface("10.1.1.11")
        server = subnet.interface("10.1.1.20", groups=[servers])
        assert ask(net, member, server, tcp=443).verdict == "yes"
        answer = ask(net, stranger, server, tcp=443)
        assert (answer.verdict, answer.culprits) == ("no", (servers.id,))

    def test_a_group_that_names_itself_lets_its_members_talk(self) -> None:
        net, vpc, subnet = one_vpc()
        group = vpc.security_group("cluster", ingress=[self_ref("tcp", 443)])
        first, second = (subnet.interface(f"10.1.1.{n}", groups=[group]) for n in (10, 20))
        assert ask(net, first, second, tcp=443).verdict == "yes"
        assert ask(net, subnet.interface("10.1.1.30"), second, tcp=443).verdict == "no"

    def test_a_group_as_destination_is_the_interfaces_in_it(self) -> None:
        net, vpc, subnet = one_vpc()
        servers = vpc.security_group("servers", ingress=[rule("all")])
        clients = vpc.security_group("clients", egress=[rule("tcp", 443, servers)])
        client = subnet.interface("10.1.1.10", groups=[clients])
        subnet.interface("10.1.1.20", groups=[servers])
        subnet.interface("10.1.1.21", groups=[vpc.security_group("others", ingress=[rule("all")])])
        assert ask(net, client, "10.1.1.20", tcp=443).verdict == "yes"
        assert ask(net, client, "10.1.1.21", tcp=443).verdict == "no"

    def test_an_empty_group_matches_nobody(self) -> None:
        net, vpc, subnet = one_vpc()
        empty = vpc.security_group("empty")
        servers = vpc.security_group("servers", ingress=[rule("tcp", 443, empty)])
        clients = vpc.security_group("clients", egress=[rule("tcp", 443, empty)])
        client = subnet.interface("10.1.1.10", groups=[clients])
        server = subnet.interface("10.1.1.20", groups=[servers])
        answer = ask(net, client, server, tcp=443)
        assert (answer.verdict, answer.culprits) == ("no", (clients.id, servers.id))

    def test_a_group_matches_by_private_address_only(self) -> None:
        """Called by its public address, the server sees the client's public one, which no group rule covers."""
        net, vpc, subnet = one_vpc()
        subnet.route("0.0.0.0/0", vpc.internet_gateway())
        group = vpc.security_group("cluster", ingress=[self_ref("tcp", 443)])
        client = subnet.instance("client", "10.1.1.10", groups=[group], public="198.51.100.10")
        subnet.instance("server", "10.1.1.20", groups=[group], public="198.51.100.20")
        assert ask(net, client, "10.1.1.20", tcp=443).verdict == "yes"
        answer = ask(net, client, "198.51.100.20", tcp=443)
        assert (answer.verdict, answer.culprits) == ("no", (group.id,))
        group.allow_in(rule("tcp", 443, "198.51.100.10/32"))
        assert ask(net, client, "198.51.100.20", tcp=443).verdict == "yes"

    def test_a_sender_behind_a_nat_gateway_no_longer_carries_its_group(self) -> None:
        net, vpc, subnet = one_vpc()
        clients = vpc.security_group("clients")
        servers = vpc.security_group("servers", ingress=[rule("tcp", 443, clients)])
        middle, far = vpc.subnet("nat", "10.1.2.0/24"), vpc.subnet("far", "10.1.3.0/24")
        subnet.route("10.1.3.0/24", middle.nat_gateway("nat", "10.1.2.9"))
        client = subnet.interface("10.1.1.10", groups=[clients])
        server = far.interface("10.1.3.20", groups=[servers])
        assert ask(net, client, server, tcp=443).culprits == (servers.id,)
        servers.allow_in(rule("tcp", 443, "10.1.2.9/32"))
        assert ask(net, client, server, tcp=443).verdict == "yes"

    def test_a_group_that_may_not_be_read_makes_the_answer_unknown(self) -> None:
        net, client, server, _ = client_and_server(rule("tcp", 443, "10.1.0.0/16"))
        net.refuse("111122223333", "us-east-1", "ec2", "describe-security-groups")
        assert ask(net, client, server, tcp=443).verdict == "unknown"


def two_vpcs(region: str = "us-east-1") -> tuple[Topology, Vpc, Vpc, Interface, Subnet, SecurityGroup]:
    """A client in one VPC, and a subnet of another VPC, perhaps of another Region."""
    net = topology()
    near, far = net.vpc("near", "10.1.0.0/16"), net.region(region).vpc("far", "10.2.0.0/16")
    a, b = near.subnet("a", "10.1.1.0/24"), far.subnet("b", "10.2.1.0/24")
    clients = near.security_group("clients")
    return net, near, far, a.interface("10.1.1.10", groups=[clients]), b, clients


class TestAcrossAPeering:
    def peered(self, region: str = "us-east-1", status: str = "active") -> tuple[Topology, Interface, Interface]:
        net, near, far, client, b, clients = two_vpcs(region)
        peering = near.peer(far)
        client.subnet.route("10.2.0.0/16", peering)
        b.route("10.1.0.0/16", peering)
        peer = GroupPeer(clients, near.store.account, peering, status, near)
        server = b.interface("10.2.1.20", groups=[far.security_group("servers", ingress=[rule("tcp", 443, peer)])])
        return net, client, server

    def test_a_group_of_a_peered_vpc_matches(self) -> None:
        net, client, server = self.peered()
        assert ask(net, client, server, tcp=443).verdict == "yes"

    def test_a_group_of_another_region_does_not(self) -> None:
        net, client, server = self.peered("us-west-2")
        answer = ask(net, client, server, tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.SECURITY_GROUP_INGRESS})

    def test_a_reference_goes_stale_with_the_peering_it_was_made_for(self) -> None:
        net, client, server = self.peered(status="deleted")
        answer = ask(net, client, server, tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.SECURITY_GROUP_INGRESS})

    def test_an_egress_rule_may_name_a_group_of_a_peered_vpc(self) -> None:
        net, near, far, client, b, clients = two_vpcs()
        peering = near.peer(far)
        client.subnet.route("10.2.0.0/16", peering)
        b.route("10.1.0.0/16", peering)
        servers = far.security_group("servers", ingress=[rule("all")])
        server = b.interface("10.2.1.20", groups=[servers])
        b.interface("10.2.1.21", groups=[far.security_group("others", ingress=[rule("all")])])
        clients.allow_out(rule("tcp", 443, servers))
        assert ask(net, client, server, tcp=443).verdict == "yes"
        assert ask(net, client, "10.2.1.21", tcp=443).verdict == "no"

    @pytest.mark.parametrize("named_by", ["ingress", "egress"])
    def test_accepting_a_peering_is_all_that_a_rule_needs_that_names_a_group_behind_it(self, named_by: str) -> None:
        """https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html: an active one."""
        net, near, far, client, b, clients = two_vpcs()
        peering = near.peer(far, state="pending-acceptance")
        client.subnet.route("10.2.0.0/16", peering)
        b.route("10.1.0.0/16", peering)
        peer = GroupPeer(clients, near.store.account, peering, "active", near) if named_by == "ingress" else "0.0.0.0/0"
        servers = far.security_group("servers", ingress=[rule("tcp", 443, peer)])
        server = b.interface("10.2.1.20", groups=[servers])
        clients.allow_out(rule("tcp", 443, servers if named_by == "egress" else "0.0.0.0/0"))
        answer = ask(net, client, server, tcp=443)
        assert (answer.verdict, answer.culprits) == ("no", (peering.id,))


class TestAcrossATransitGateway:
    """https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html#vpc-attachment-security."""

    def joined(
        self, gateway: bool, near_side: bool, far_side: bool
    ) -> tuple[Topology, Interface, Subnet, SecurityGroup]:
        net, near, far, client, b, clients = two_vpcs()
        tgw = net.transit_gateway("hub", group_references=gateway)
        table = tgw.table("all")
        tgw.attach_vpc(near, [client.subnet], table=table, propagate=[table], group_references=near_side)
        tgw.attach_vpc(far, [b], table=table, propagate=[table], group_references=far_side)
        client.subnet.route("10.2.0.0/16", tgw)
        b.route("10.1.0.0/16", tgw)
        return net, client, b, clients

    @pytest.mark.parametrize(
        ("gateway", "near", "far", "verdict"),
        [
            (True, True, True, "yes"),
            (False, True, True, "no"),
            (True, False, True, "no"),
            (True, True, False, "no"),
        ],
    )
    def test_an_inbound_rule_matches_where_the_gateway_and_both_attachments_have_the_switch_on(
        self, gateway: bool, near: bool, far: bool, verdict: str
    ) -> None:
        net, client, b, clients = self.joined(gateway, near, far)
        servers = b.vpc.security_group("servers", ingress=[rule("tcp", 443, clients)])
        server = b.interface("10.2.1.20", groups=[servers])
        answer = ask(net, client, server, tcp=443)
        assert answer.verdict == verdict
        assert answer.culprits == (() if verdict == "yes" else (servers.id,))

    @pytest.mark.parametrize(("near", "verdict"), [(True, "unknown"), (False, "no")])
    def test_a_gateway_that_was_not_read_leaves_it_open_unless_an_attachment_has_the_switch_off(
        self, near: bool, verdict: str
    ) -> None:
        net, client, b, clients = self.joined(True, near, True)
        servers = b.vpc.security_group("servers", ingress=[rule("tcp", 443, clients)])
        server = b.interface("10.2.1.20", groups=[servers])
        net.drop_call(net.store.account, net.store.region, "ec2", "describe-transit-gateways")
        answer = ask(net, client, server, tcp=443)
        assert answer.verdict == verdict
        assert answer.needs == ({"describe-transit-gateways"} if near else set())

    def test_an_outbound_rule_never_does(self) -> None:
        net, client, b, clients = self.joined(True, True, True)
        servers = b.vpc.security_group("servers", ingress=[rule("all")])
        server = b.interface("10.2.1.20", groups=[servers])
        clients.allow_out(rule("tcp", 443, servers))
        answer = ask(net, client, server, tcp=443)
        assert (answer.verdict, answer.culprits) == ("no", (clients.id,))

    def test_a_reference_crosses_one_transit_gateway_only(self) -> None:
        net, near, far, client, b, clients = two_vpcs()
        first, second = (net.transit_gateway(name, group_references=True) for name in ("first", "second"))
        left, right = first.table("left"), second.table("right")
        first.attach_vpc(near, [client.subnet], table=left, propagate=[left], group_references=True)
        second.attach_vpc(far, [b], table=right, propagate=[right], group_references=True)
        here, there = first.peer(second, table=left, other_table=right)
        left.route("10.2.0.0/16", here)
        right.route("10.1.0.0/16", there)
        client.subnet.route("10.2.0.0/16", first)
        b.route("10.1.0.0/16", second)
        servers = far.security_group("servers", ingress=[rule("tcp", 443, clients)])
        server = b.interface("10.2.1.20", groups=[servers])
        assert ask(net, client, server, tcp=443).culprits == (servers.id,)
        servers.allow_in(rule("tcp", 443, "10.1.0.0/16"))
        assert ask(net, client, server, tcp=443).verdict == "yes"
