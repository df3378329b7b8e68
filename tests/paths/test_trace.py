"""Verdicts on what is asked: ends that are not known, addresses of which only some exist, replies that go astray."""

from __future__ import annotations

from dataclasses import replace

import pytest

from asking import Answer, ask, network_of, site_file
from builder import Topology, five_tuples, outbound, rule, topology
from builder.identity import Ref, id_of
from builder.rules import inbound
from builder.subnet import Subnet
from builder.vpc import Vpc
from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Action, Kind, Lose
from mwaanet.net import TCP, AddressSet, Intervals, PacketSet
from mwaanet.paths import walk
from mwaanet.paths.endpoints import endpoint_of
from mwaanet.paths.question import Endpoint, Question
from mwaanet.paths.trace import Tally, Trace, trace

ANYWHERE = "0.0.0.0/0"


def two_subnets() -> tuple[Topology, Vpc, Subnet, Subnet]:
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16")
    return net, vpc, vpc.subnet("a", "10.1.1.0/24"), vpc.subnet("b", "10.1.2.0/24")


class TestEndsThatAreNotKnown:
    def test_who_holds_a_private_address_outside_is_asked_of_the_site_file(self) -> None:
        net, _, a, _ = two_subnets()
        host = a.interface()
        for answer in (ask(net, "192.168.7.7", host, tcp=443), ask(net, host, "192.168.7.7", tcp=443)):
            assert "who holds 192.168.7.7 is not known" in answer.doubts
        assert ask(net, "192.168.7.7", host, tcp=443).verdict == "unknown"

    def test_an_interface_that_is_missing_leaves_the_verdict_open(self) -> None:
        net, _, a, b = two_subnets()
        endpoint = a.vpc.endpoint("sqs", [b])
        endpoint.record["NetworkInterfaceIds"].clear()
        answer = ask(net, a.interface(), endpoint.id, tcp=443)
        assert (answer.verdict, answer.doubts) == ("unknown", f"{endpoint.id} has no network interface")


class TestAddressesOfWhichOnlySomeExist:
    """The client is some host of a site: that part of them is stopped tells nothing, that each one is, much."""

    def asked(self, *allowed: tuple[str, tuple[int, int]], undetermined: bool = True) -> Trace:
        net, vpc, a, _ = two_subnets()
        gateway = vpc.vpn_gateway()
        vpn = net.vpn("dc", net.customer_gateway("dc", "203.0.113.7"), gateway, static=["172.20.0.0/16"])
        a.route("172.20.0.0/16", gateway)
        group = vpc.security_group("api", ingress=[rule("tcp", ports, cidr) for cidr, ports in allowed])
        server = a.interface(groups=[group])
        network = network_of(net, site_file(links=[vpn.id]))
        question = Question(
            source=replace(endpoint_of(network, "dc"), undetermined=undetermined),
            destination=endpoint_of(network, server.id),
            protocol=TCP,
            ports=Intervals.of((443, 444)),
        )
        return trace(network, question)

    def test_all_of_them_pass(self) -> None:
        assert self.asked(("172.20.0.0/16", (443, 444))).reachable == "yes"

    def test_none_of_them_passes(self) -> None:
        assert self.asked(("172.30.0.0/16", (443, 444))).reachable == "no"

    def test_some_pass_and_which_exist_is_not_known(self) -> None:
        allowed = ("172.20.0.0/17", (443, 444))
        assert self.asked(allowed).reachable == "unknown"
        assert self.asked(allowed, undetermined=False).reachable == "partial"

    def test_part_of_the_packets_of_every_one_is_stopped(self) -> None:
        assert self.asked(("172.20.0.0/16", (443, 443))).reachable == "partial"

    def test_of_some_a_part_and_of_others_everything(self) -> None:
        assert self.asked(("172.20.0.0/16", (443, 443)), ("172.20.0.0/17", (444, 444))).reachable == "unknown"

    @pytest.mark.parametrize(
        ("cidr", "ports", "verdict"),
        [("10.1.2.0/25", (443, 444), "unknown"), ("10.1.2.0/24", (443, 443), "partial")],
    )
    def test_likewise_for_destinations(self, cidr: str, ports: tuple[int, int], verdict: str) -> None:
        net, vpc, a, b = two_subnets()
        vpc.default_group.allow_in(rule("all"))
        b.interface("10.1.2.10")
        b.interface("10.1.2.200")
        clients = vpc.security_group("clients", egress=[rule("tcp", ports, cidr)])
        client = a.interface(groups=[clients])
        network = network_of(net)
        destination = endpoint_of(network, b.id)
        assert str(destination.addresses) == "10.1.2.10, 10.1.2.200"
        question = Question(
            source=endpoint_of(network, client.id),
            destination=replace(destination, undetermined=True),
            protocol=TCP,
            ports=Intervals.of((443, 444)),
        )
        assert trace(network, question).reachable == verdict

    def test_of_public_addresses_those_that_the_snapshot_s_own_interfaces_hold_are_not_meant(self) -> None:
        net, vpc, a, b = two_subnets()
        b.interface(groups=[vpc.security_group("closed")]).elastic_ip("198.51.100.9")
        a.route(ANYWHERE, vpc.internet_gateway())
        client = a.interface()
        client.elastic_ip("198.51.100.8")
        network = network_of(net)
        public = AddressSet.parse("198.51.100.0/24")
        question = Question(
            source=endpoint_of(network, client.id),
            destination=Endpoint(name="a service", addresses=public, undetermined=True),
            protocol=TCP,
            ports=Intervals.single(443),
        )
        found = trace(network, question)
        assert found.reachable == "yes"
        assert str(public - found.asked.dst) == "198.51.100.8/31"


class TestPacketsThatDoNotExist:
    def ends(self, v6: str) -> tuple[Topology, Ref, Ref]:
        net, vpc, a, b = two_subnets()
        vpc.default_group.allow_in(rule("all"))
        return net, a.interface(), v6 or b.interface()

    def test_where_there_are_some_nothing_is_said(self) -> None:
        assert ask(*self.ends(""), tcp=443).trace.unsent == ""

    def test_the_families_differ(self) -> None:
        net, client, _ = self.ends("")
        answer = ask(net, client, "2001:db8::1", tcp=443)
        expected = f"no address of {id_of(client)} is of the same family as one of 2001:db8::1"
        assert (answer.verdict, answer.trace.unsent) == ("no", expected)

    def test_the_destination_has_no_address(self) -> None:
        net, client, _ = self.ends("")
        answer = ask(net, client, "dc.dns", tcp=443, site=site_file())
        assert (answer.verdict, answer.trace.unsent) == ("no", "dc.dns has no address")


class TestReplies:
    def test_to_an_address_that_another_vpc_holds_too_they_may_go_astray(self) -> None:
        """A transit gateway looks up the destination only; of VPCs that overlap, its static route decides
        (https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html)."""
        net = topology()
        near, twin, far = (net.vpc(name, f"10.{n}.0.0/16") for name, n in (("near", 1), ("twin", 1), ("far", 2)))
        hub = net.transit_gateway("hub")
        there, back = hub.table("there"), hub.table("back")
        ends = {}
        for vpc, octet in ((near, 1), (twin, 1), (far, 2)):
            vpc.default_group.allow_in(rule("all"))
            subnet = vpc.subnet("a", f"10.{octet}.1.0/24").route("10.0.0.0/8", hub)
            ends[vpc.name] = subnet, subnet.interface(f"10.{octet}.1.10")
        hub.attach_vpc(near, [ends["near"][0]], table=there)
        wrong = hub.attach_vpc(twin, [ends["twin"][0]], table=there)
        there.route("10.2.0.0/16", hub.attach_vpc(far, [ends["far"][0]], table=back))
        back.route("10.1.0.0/16", wrong)
        answer = ask(net, ends["near"][1], ends["far"][1], tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.WRONG_DESTINATION})
        assert answer.why.startswith(f"the reply goes to {ends['twin'][1].id}, not to the client")
        (leg,) = answer.trace.back
        last = leg.hops[-1]
        assert len(leg.hops) > len({hub.id, ends["far"][1].id})
        assert (leg.hops[0].component, last.component) == (ends["far"][1].id, ends["twin"][1].id)
        assert (last.kind, last.action, last.packets) == (leg.end.hop.kind, Action.DROP, leg.flight.packets)
        assert isinstance(last.kind, Kind)
        assert leg.end.hop == last
        (path,) = answer.blocked
        assert (path.resources, path.hops, path.turn) == ((last.component,), leg.hops, 0)

    def walled(self, port: str, *, udp: bool = False) -> Answer:
        """Requests go through a firewall that drops nothing established; the replies do not come back through it."""
        net = topology()
        vpc = net.vpc("inspection", "10.1.0.0/16")
        clients, servers = vpc.subnet("clients", "10.1.1.0/24"), vpc.subnet("servers", "10.1.2.0/24")
        walls = vpc.subnet("firewall", "10.1.250.0/28")
        passed = [("PASS", protocol, "ANY", "ANY", port) for protocol in ("TCP", "UDP")]
        policy = net.firewall_policy(
            "policy",
            net.rule_group("web", five_tuples(*passed), strict=True),
            strict=True,
            stateful_default=("aws:drop_strict",),
        )
        endpoint = vpc.network_firewall("wall", [walls], policy).endpoint_in(walls)
        clients.route("10.1.2.0/24", endpoint)
        group = vpc.security_group("all", ingress=[rule("all")])
        client, server = clients.interface(groups=[group]), servers.interface(groups=[group])
        return ask(net, client, server, udp=53) if udp else ask(net, client, server, tcp=443)

    def test_of_tcp_that_bypass_the_firewall_of_the_request_break_the_connection(self) -> None:
        """https://docs.aws.amazon.com/network-firewall/latest/developerguide/asymmetric-routing.html"""
        answer = self.walled("443")
        assert (answer.verdict, answer.codes) == ("no", {Code.FIREWALL_ASYMMETRIC})
        assert answer.why.startswith("the reply bypasses vpce-")

    def test_of_udp_that_bypass_it_arrive(self) -> None:
        assert self.walled("53", udp=True).verdict == "yes"


class TestClientPorts:
    def asked(self, first: int, last: int, source: str) -> Answer:
        """A site or an interface asks; the server's network ACL lets replies out to some ports only."""
        net, vpc, a, b = two_subnets()
        vpc.default_group.allow_in(rule("all"))
        gateway = vpc.vpn_gateway()
        vpn = net.vpn("dc", net.customer_gateway("dc", "203.0.113.7"), gateway, static=["172.20.0.0/16"])
        a.route("172.20.0.0/16", gateway)
        replies = outbound(100, "allow", "tcp", (first, last), ANYWHERE)
        vpc.network_acl("a", inbound(100, "allow", "all", None, ANYWHERE), replies, subnets=[a])
        host = b.interface()
        return ask(net, source or host, a.interface(), tcp=443, site=site_file(links=[vpn.id]))

    @pytest.mark.parametrize(
        ("first", "last", "verdict", "uncovered"),
        [
            (1024, 65535, "yes", ""),
            (32768, 65535, "yes", "1024-32767"),
            (32768, 60999, "yes", "1024-32767,61000-65535"),
            (32769, 65535, "partial", ""),
            (1024, 60998, "partial", ""),
        ],
    )
    def test_of_a_client_that_is_not_known_those_of_linux_must_pass(
        self, first: int, last: int, verdict: str, uncovered: str
    ) -> None:
        answer = self.asked(first, last, "dc")
        found = answer.trace.uncovered_ports
        assert (answer.verdict, str(found) if found else "") == (verdict, uncovered)

    def test_of_one_that_is_known_its_own_are_all_that_counts(self) -> None:
        answer = self.asked(32768, 60999, "")
        assert (answer.verdict, bool(answer.trace.uncovered_ports)) == ("yes", False)


def test_a_walk_without_end_gives_up_and_calls_the_rest_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    net, vpc, a, b = two_subnets()
    vpc.default_group.allow_in(rule("all"))
    client, server = a.interface(), b.interface()
    assert ask(net, client, server, tcp=443).verdict == "yes"
    monkeypatch.setattr(walk, "MOST_STEPS", 2)
    answer = ask(net, client, server, tcp=443)
    assert (answer.verdict, answer.doubts) == ("unknown", "gave up after 2 steps")
    assert answer.trace.tally.unclear == answer.trace.asked
    (leg,) = answer.trace.forward
    assert isinstance(leg.end, Lose)
    assert leg.end.hop == leg.hops[-1]
    assert (leg.hops[0].component, leg.hops[0].action) == (client.id, Action.FORWARD)
    assert (leg.end.hop.action, leg.end.hop.by) == (Action.UNKNOWN, "gave up after 2 steps")
    assert leg.end.hop.kind is Kind.UNMODELLED
    assert leg.end.hop.component in {client.id, client.subnet.id, vpc.default_group.id}
    assert (leg.end.hop.code, leg.end.hop.packets) == (Code.TARGET_UNKNOWN, answer.trace.asked)
    assert leg.end.unknown.needs == ()


def test_a_tally_is_narrowed_in_each_of_its_parts() -> None:
    def ports(first: int, last: int) -> PacketSet:
        return PacketSet.of(protocol=TCP, sport=Intervals.of((first, last)))

    whole = Tally(passed=ports(0, 19), stopped=ports(20, 39), torn=ports(40, 59), unclear=ports(60, 79))
    cut = whole.narrowed(Intervals.of((10, 20), (59, 60)))
    assert (cut.passed, cut.stopped, cut.torn, cut.unclear) == (
        ports(10, 19),
        ports(20, 20),
        ports(59, 59),
        ports(60, 60),
    )
