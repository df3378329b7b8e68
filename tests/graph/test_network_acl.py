"""Network ACLs (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html)."""

from __future__ import annotations

import pytest

from asking import ask, site_file
from builder import Topology, Vpc, inbound, outbound, rule, topology
from builder.interface import Instance, Interface
from builder.network_acl import NetworkAcl
from builder.rules import Entry
from builder.subnet import Subnet
from mwaanet.graph.codes import Code

ANYWHERE = "0.0.0.0/0"
LINUX, WINDOWS, EVERY_CLIENT = (32768, 60999), (49152, 65535), (1024, 65535)


def two_subnets() -> tuple[Topology, Vpc, Subnet, Subnet]:
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16", ipv6="2600:1f18:1::/56")
    vpc.default_group.allow_in(rule("all"), rule("all", None, "::/0"))
    vpc.default_group.allow_out(rule("all"), rule("all", None, "::/0"))
    first = vpc.subnet("a", "10.1.1.0/24", ipv6="2600:1f18:1:1::/64")
    return net, vpc, first, vpc.subnet("b", "10.1.2.0/24", ipv6="2600:1f18:1:2::/64")


def guarded_server(*entries: Entry) -> tuple[Topology, Instance, Interface, NetworkAcl]:
    """A client in one subnet; a server, 10.1.2.20, in another with an ACL of these entries."""
    net, vpc, a, b = two_subnets()
    acl = vpc.network_acl("server", *entries, subnets=[b])
    a.interface("10.1.1.11", ipv6=["2600:1f18:1:1::11"])
    return net, a.instance("client", "10.1.1.10"), b.interface("10.1.2.20", ipv6=["2600:1f18:1:2::20"]), acl


class TestEntries:
    def test_a_custom_acl_without_entries_denies(self) -> None:
        net, client, server, acl = guarded_server()
        answer = ask(net, client, server, tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.NETWORK_ACL_DENIES})
        assert answer.culprits == (acl.id,)

    @pytest.mark.parametrize(
        ("client", "server", "every"),
        [("10.1.1.10", "10.1.2.20", ANYWHERE), ("2600:1f18:1:1::11", "2600:1f18:1:2::20", "::/0")],
    )
    def test_the_last_entry_is_the_asterisk_for_both_families(self, client: str, server: str, every: str) -> None:
        """https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html."""
        net, *_ = guarded_server()
        assert ask(net, client, server, tcp=443).why == f"inbound rule *: deny all traffic {every}"

    def test_the_default_acl_allows(self) -> None:
        net, _, a, b = two_subnets()
        assert ask(net, a.interface(), b.interface(), tcp=443).verdict == "yes"

    @pytest.mark.parametrize(("deny", "verdict"), [(90, "no"), (110, "yes")])
    def test_the_first_entry_that_matches_decides(self, deny: int, verdict: str) -> None:
        net, client, server, _ = guarded_server(
            inbound(deny, "deny", "tcp", 443, "10.1.1.10/32"),
            inbound(100, "allow", "tcp", 443, "10.1.0.0/16"),
            outbound(100, "allow", "tcp", EVERY_CLIENT, ANYWHERE),
        )
        assert ask(net, client, server, tcp=443).verdict == verdict

    def test_the_order_in_which_entries_are_listed_does_not_matter(self) -> None:
        net, client, server, acl = guarded_server(
            inbound(90, "deny", "tcp", 443, "10.1.1.10/32"),
            inbound(100, "allow", "tcp", 443, "10.1.0.0/16"),
            outbound(100, "allow", "all", None, ANYWHERE),
        )
        acl.record["Entries"].reverse()
        assert ask(net, client, server, tcp=443).verdict == "no"

    def test_a_deny_of_some_senders_splits_the_packets(self) -> None:
        net, _, server, _ = guarded_server(
            inbound(90, "deny", "all", None, "10.1.1.11/32"),
            inbound(100, "allow", "all", None, ANYWHERE),
            outbound(100, "allow", "all", None, ANYWHERE),
        )
        answer = ask(net, "10.1.1.0/24", server, tcp=443)
        assert answer.verdict == "partial"
        assert str(answer.trace.tally.passed.src) == "10.1.1.10"
        assert str(answer.trace.tally.stopped.src) == "10.1.1.11"

    def test_inbound_entries_match_the_source_and_outbound_ones_the_destination(self) -> None:
        net, client, server, acl = guarded_server(
            inbound(100, "allow", "all", None, "10.1.1.0/24"), outbound(100, "allow", "all", None, "10.1.1.0/24")
        )
        assert ask(net, client, server, tcp=443).verdict == "yes"
        acl.add(inbound(100, "allow", "all", None, "10.1.2.0/24"))
        assert ask(net, client, server, tcp=443).verdict == "no"

    @pytest.mark.parametrize(
        ("ports", "verdict"), [((8, -1), "yes"), ((-1, -1), "yes"), ((8, 0), "yes"), ((3, -1), "no")]
    )
    def test_the_ports_of_icmp_are_type_and_code(self, ports: tuple[int, int], verdict: str) -> None:
        net, client, server, _ = guarded_server(
            inbound(100, "allow", "icmp", ports, ANYWHERE), outbound(100, "allow", "icmp", (0, -1), ANYWHERE)
        )
        assert ask(net, client, server, icmp=True).verdict == verdict

    def test_ipv6_needs_ipv6_entries(self) -> None:
        net, _, _, acl = guarded_server(
            inbound(100, "allow", "all", None, ANYWHERE), outbound(100, "allow", "all", None, ANYWHERE)
        )
        sender = "2600:1f18:1:1::11"
        assert ask(net, sender, "2600:1f18:1:2::20", tcp=443).verdict == "no"
        acl.add(inbound(101, "allow", "all", None, "::/0"), outbound(101, "allow", "all", None, "::/0"))
        assert ask(net, sender, "2600:1f18:1:2::20", tcp=443).verdict == "yes"

    def test_an_acl_that_may_not_be_read_makes_the_answer_unknown(self) -> None:
        net, client, server, _ = guarded_server()
        net.refuse("111122223333", "us-east-1", "ec2", "describe-network-acls")
        answer = ask(net, client, server, tcp=443)
        assert (answer.verdict, answer.needs) == ("unknown", {"describe-network-acls"})


class TestBoundary:
    def test_entries_are_never_evaluated_between_two_interfaces_of_one_subnet(self) -> None:
        net, vpc, a, _ = two_subnets()
        vpc.network_acl("nothing", subnets=[a])
        assert ask(net, a.interface(), a.interface(), tcp=443).verdict == "yes"

    def test_both_subnets_acls_see_the_request_and_the_reply(self) -> None:
        net, vpc, a, b = two_subnets()
        near = vpc.network_acl(
            "near",
            outbound(100, "allow", "all", None, ANYWHERE),
            inbound(100, "allow", "all", None, ANYWHERE),
            subnets=[a],
        )
        far = vpc.network_acl(
            "far",
            outbound(100, "allow", "all", None, ANYWHERE),
            inbound(100, "allow", "all", None, ANYWHERE),
            subnets=[b],
        )
        client, server = a.interface(), b.interface()
        for acl, egress in ((near, True), (far, False), (far, True), (near, False)):
            assert ask(net, client, server, tcp=443).verdict == "yes"
            entry = next(e for e in acl.record["Entries"] if e["Egress"] is egress and e["RuleNumber"] == 100)
            entry["RuleAction"] = "deny"
            answer = ask(net, client, server, tcp=443)
            assert (answer.verdict, answer.culprits) == ("no", (acl.id,))
            entry["RuleAction"] = "allow"


class TestReplies:
    """A stateless filter needs the client's own ports (https://docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html)."""

    def answered_on(self, ports: tuple[int, int], *, windows: bool = False, read: bool = True) -> str:
        net, client, server, _ = guarded_server(
            inbound(100, "allow", "tcp", 443, ANYWHERE), outbound(100, "allow", "tcp", ports, ANYWHERE)
        )
        if windows:
            client.record["Platform"] = "windows"
        if not read:
            net.refuse(net.account_id, net.name, "ec2", "describe-instances")
        answer = ask(net, client.interface, server, tcp=443)
        return (
            f"{answer.verdict}, not {answer.trace.uncovered_ports}" if answer.trace.uncovered_ports else answer.verdict
        )

    @pytest.mark.parametrize(
        ("ports", "verdict"),
        [
            (LINUX, "yes"),
            (EVERY_CLIENT, "yes"),
            ((32769, 60999), "partial"),
            ((32768, 60998), "partial"),
            ((1024, 32767), "no"),
        ],
    )
    def test_a_linux_client_needs_32768_to_60999(self, ports: tuple[int, int], verdict: str) -> None:
        assert self.answered_on(ports) == verdict

    @pytest.mark.parametrize(("ports", "verdict"), [(WINDOWS, "yes"), (LINUX, "partial"), (EVERY_CLIENT, "yes")])
    def test_a_windows_client_needs_49152_to_65535(self, ports: tuple[int, int], verdict: str) -> None:
        assert self.answered_on(ports, windows=True) == verdict

    @pytest.mark.parametrize(
        ("ports", "verdict"),
        [
            (EVERY_CLIENT, "yes"),
            (LINUX, "yes, not 1024-32767,61000-65535"),
            (WINDOWS, "partial"),
            ((1, 1023), "no"),
        ],
    )
    def test_an_instance_that_was_not_read_may_use_any_client_port(self, ports: tuple[int, int], verdict: str) -> None:
        """Its system is not known; what all of Linux's ports pass is worth a warning."""
        assert self.answered_on(ports, read=False) == verdict

    def test_the_part_of_the_client_ports_that_is_answered_is_told(self) -> None:
        net, client, server, _ = guarded_server(
            inbound(100, "allow", "tcp", 443, ANYWHERE), outbound(100, "allow", "tcp", (40000, 65535), ANYWHERE)
        )
        answer = ask(net, client, server, tcp=443)
        assert answer.trace.tally.passed.sport.spans == ((40000, 60999),)
        assert answer.trace.tally.stopped.sport.spans == ((32768, 39999),)

    @pytest.mark.parametrize(
        ("ports", "verdict", "uncovered"),
        [
            (EVERY_CLIENT, "yes", ()),
            (LINUX, "yes", ((1024, 32767), (61000, 65535))),
            (WINDOWS, "partial", ()),
        ],
    )
    def test_a_client_of_an_unknown_system_passes_with_linux_ports_and_a_warning(
        self, ports: tuple[int, int], verdict: str, uncovered: tuple[tuple[int, int], ...]
    ) -> None:
        net, vpc, _, b = two_subnets()
        gateway = vpc.vpn_gateway()
        vpn = net.vpn("dc", net.customer_gateway("dc", "203.0.113.7"), gateway, static=["172.20.0.0/16"])
        vpc.main_table.propagate(gateway, "172.20.0.0/16")
        vpc.network_acl(
            "server",
            inbound(100, "allow", "tcp", 443, ANYWHERE),
            outbound(100, "allow", "tcp", ports, ANYWHERE),
            subnets=[b],
        )
        answer = ask(net, "dc", b.interface("10.1.2.20"), tcp=443, site=site_file(links=[vpn.id]))
        assert answer.verdict == verdict
        assert answer.trace.uncovered_ports.spans == uncovered

    @pytest.mark.parametrize(("ports", "verdict"), [(EVERY_CLIENT, "yes"), (LINUX, "partial")])
    def test_a_nat_gateway_needs_1024_to_65535(self, ports: tuple[int, int], verdict: str) -> None:
        net, vpc, a, b = two_subnets()
        b.route(ANYWHERE, vpc.internet_gateway())
        a.route(ANYWHERE, b.nat_gateway("nat", "10.1.2.9", public="198.51.100.9"))
        acl = vpc.network_acl(
            "nat",
            inbound(100, "allow", "all", None, "10.1.0.0/16"),
            inbound(110, "allow", "tcp", ports, ANYWHERE),
            outbound(100, "allow", "all", None, ANYWHERE),
            subnets=[b],
        )
        answer = ask(net, a.interface(), "8.8.8.8", tcp=443)
        assert answer.verdict == verdict
        assert answer.culprits == (() if verdict == "yes" else (acl.id,))

    def test_an_echo_request_needs_its_echo_reply(self) -> None:
        net, client, server, acl = guarded_server(
            inbound(100, "allow", "icmp", (8, -1), ANYWHERE), outbound(100, "allow", "icmp", (8, -1), ANYWHERE)
        )
        assert ask(net, client, server, icmp=True).culprits == (acl.id,)
        acl.add(outbound(100, "allow", "icmp", (0, -1), ANYWHERE))
        assert ask(net, client, server, icmp=True).verdict == "yes"


class TestGatewayEndpoints:
    """Entries cannot name prefix lists: what goes to S3 must be open to S3's public addresses, both ways."""

    def worker(self, *entries: Entry) -> str:
        net, vpc, a, _ = two_subnets()
        vpc.gateway_endpoint("s3", a)
        vpc.network_acl("worker", *entries, subnets=[a])
        return ask(net, a.interface("10.1.1.10"), "52.216.1.1", tcp=443).verdict

    def test_open_both_ways(self) -> None:
        out, back = (
            outbound(100, "allow", "tcp", 443, "52.216.0.0/15"),
            inbound(100, "allow", "tcp", LINUX, "52.216.0.0/15"),
        )
        assert self.worker(out, back) == "yes"

    def test_open_to_the_vpc_only(self) -> None:
        allow_all = [entry(100, "allow", "all", None, "10.1.0.0/16") for entry in (inbound, outbound)]
        assert self.worker(*allow_all) == "no"

    def test_open_outwards_only(self) -> None:
        assert self.worker(outbound(100, "allow", "tcp", 443, "52.216.0.0/15")) == "no"


class TestTransitGatewayAttachments:
    """Which entries apply (https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html).

    The client's and the server's VPC are joined by a transit gateway; each test closes one direction of one ACL.
    """

    def judge(self, *, shared: bool, acl: str, egress: bool) -> tuple[str, bool]:
        """The verdict with one direction of one ACL closed, and whether that ACL is the culprit.

        The ACL is of the client's subnet or of the attachment's; `shared` puts both in one subnet.
        """
        net, near, a, attached, client, server = self.joined(shared=shared)
        closed = near.network_acl(
            "closed",
            (inbound if egress else outbound)(100, "allow", "all", None, ANYWHERE),
            subnets=[a if acl == "client" else attached],
        )
        answer = ask(net, client, server, tcp=443)
        return answer.verdict, answer.culprits == (closed.id,)

    def joined(self, *, shared: bool = False) -> tuple[Topology, Vpc, Subnet, Subnet, Interface, Interface]:
        net = topology()
        near, far = net.vpc("near", "10.1.0.0/16"), net.vpc("far", "10.2.0.0/16")
        far.default_group.allow_in(rule("all"))
        a, b = near.subnet("a", "10.1.1.0/24"), far.subnet("b", "10.2.1.0/24")
        attached = a if shared else near.subnet("transit", "10.1.9.0/28")
        gateway = net.transit_gateway("hub")
        table = gateway.table("all")
        gateway.attach_vpc(near, [attached], table=table, propagate=[table])
        gateway.attach_vpc(far, [b], table=table, propagate=[table])
        a.route("10.2.0.0/16", gateway)
        b.route("10.1.0.0/16", gateway)
        return net, near, a, attached, a.interface("10.1.1.10"), b.interface("10.2.1.20")

    @pytest.mark.parametrize("egress", [True, False])
    def test_in_one_subnet_both_directions_apply_towards_the_gateway(self, egress: bool) -> None:
        assert self.judge(shared=True, acl="client", egress=egress) == ("no", True)

    def test_towards_the_gateway_the_clients_outbound_and_the_attachments_inbound_entries_apply(self) -> None:
        assert self.judge(shared=False, acl="client", egress=True) == ("no", True)
        assert self.judge(shared=False, acl="attachment", egress=False) == ("no", True)

    def test_from_the_gateway_the_attachments_outbound_and_the_clients_inbound_entries_apply(self) -> None:
        """The reply needs them, the request does not."""
        assert self.judge(shared=False, acl="attachment", egress=True) == ("no", True)
        assert self.judge(shared=False, acl="client", egress=False) == ("no", True)

    def test_between_two_subnets_no_other_entries_apply(self) -> None:
        """Each direction is open for exactly what must pass it."""
        net, near, a, attached, client, server = self.joined()
        near.network_acl(
            "client",
            outbound(100, "allow", "tcp", 443, "10.2.1.0/24"),
            inbound(100, "allow", "tcp", LINUX, "10.2.1.0/24"),
            subnets=[a],
        )
        near.network_acl(
            "attachment",
            inbound(100, "allow", "tcp", 443, "10.1.1.0/24"),
            outbound(100, "allow", "tcp", LINUX, "10.1.1.0/24"),
            subnets=[attached],
        )
        assert ask(net, client, server, tcp=443).verdict == "yes"

    def test_in_one_subnet_no_entry_applies_from_the_gateway(self) -> None:
        """Of the request that comes to it nothing is filtered, its reply meets both directions."""
        net, _, _, _, client, server = self.joined(shared=True)
        acl = server.subnet.vpc.network_acl("server", subnets=[server.subnet])
        acl.add(
            inbound(100, "allow", "tcp", 443, "10.2.1.0/24"),
            outbound(100, "allow", "tcp", LINUX, "10.1.0.0/16"),
        )
        answer = ask(net, client, server, tcp=443)
        assert answer.verdict == "no"
        assert acl.id in answer.back
        assert all(acl.id not in way for way in answer.ways)
        acl.add(inbound(110, "allow", "tcp", LINUX, "10.2.1.0/24"))
        assert ask(net, client, server, tcp=443).verdict == "yes"
