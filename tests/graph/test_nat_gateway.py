"""NAT gateways (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html)."""

from __future__ import annotations

import pytest

from asking import ask
from builder import Topology, Vpc, inbound, outbound, rule, topology
from builder.gateways import NatGateway
from builder.interface import Interface
from builder.subnet import Subnet
from mwaanet.graph.codes import Code
from mwaanet.net import AddressSet

OUTSIDE = "8.8.8.8"
ANYWHERE = "0.0.0.0/0"


def behind_nat(*, public: str | None = "198.51.100.9") -> tuple[Topology, Vpc, Subnet, NatGateway, Interface]:
    """A client in a private subnet, a NAT gateway in a subnet with a route to an internet gateway."""
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16")
    private, outer = vpc.subnet("private", "10.1.1.0/24"), vpc.subnet("outer", "10.1.2.0/24")
    nat = outer.nat_gateway("nat", "10.1.2.9", public=public)
    outer.route(ANYWHERE, vpc.internet_gateway())
    private.route(ANYWHERE, nat)
    return net, vpc, outer, nat, private.interface("10.1.1.10")


class TestPublic:
    def test_the_source_becomes_its_elastic_address_and_a_port_of_its_own(self) -> None:
        net, _, _, nat, client = behind_nat()
        answer = ask(net, client, OUTSIDE, tcp=443)
        assert answer.verdict == "yes"
        assert nat.id in answer.hops
        assert nat.id in answer.back
        seen = answer.trace.forward[0].hops[-1].packets
        assert seen.src == AddressSet.parse("198.51.100.9")
        assert seen.sport.spans == ((1024, 65535),)

    @pytest.mark.parametrize("status", ["assigning", "associating", "failed"])
    def test_an_address_that_it_has_not_yet_sends_nothing(self, status: str) -> None:
        """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGatewayAddress.html."""
        net, _, _, nat, client = behind_nat()
        nat.record["NatGatewayAddresses"].append({"PrivateIp": "10.1.2.10", "Status": status})
        assert ask(net, client, OUTSIDE, tcp=443).verdict == "yes"

    def test_the_way_is_private_table_then_outer_table(self) -> None:
        net, vpc, outer, nat, client = behind_nat()
        gateway = vpc.store.lists["ec2", "describe-internet-gateways"][0]["InternetGatewayId"]
        acl, private = vpc.default_acl.id, client.subnet.table.id
        way = [client.id, vpc.default_group.id, private, acl, acl, nat.id, outer.table.id, acl, gateway, "internet"]
        assert ask(net, client, OUTSIDE, tcp=443).hops == way

    @pytest.mark.parametrize("state", ["pending", "failed", "deleting"])
    def test_it_must_be_available(self, state: str) -> None:
        net, _, _, nat, client = behind_nat()
        nat.record["State"] = state
        answer = ask(net, client, OUTSIDE, tcp=443)
        assert (answer.verdict, answer.codes, answer.culprits) == ("no", {Code.BAD_STATE}, (nat.id,))

    @pytest.mark.parametrize(
        ("state", "verdict"),
        [
            ("attached", "unknown"),
            ("attaching", "unknown"),
            ("detaching", "unknown"),
            ("detach-failed", "unknown"),
            ("detached", "yes"),
            ("attach-failed", "yes"),
        ],
    )
    def test_what_an_attached_appliance_lets_pass_is_not_known(self, state: str, verdict: str) -> None:
        """https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-inspect-traffic.html."""
        net, _, _, nat, client = behind_nat()
        proxy = "arn:aws:network-firewall:us-east-1:111122223333:proxy/egress"
        nat.record["AttachedAppliances"] = [
            {"Type": "network-firewall-proxy", "ApplianceArn": proxy, "AttachmentState": state}
        ]
        answer = ask(net, client, OUTSIDE, tcp=443)
        assert answer.verdict == verdict
        assert (proxy in answer.doubts) is (verdict == "unknown")

    def test_ipv4_destinations_of_ipv6_clients_are_not_known(self) -> None:
        """https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html."""
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16", ipv6="2600:1f18:1::/56")
        vpc.default_group.allow_out(rule("all", None, "::/0"))
        outer = vpc.subnet("outer", "10.1.2.0/24")
        private = vpc.subnet("private", "10.1.1.0/24", ipv6="2600:1f18:1:1::/64")
        private.route("64:ff9b::/96", outer.nat_gateway("nat", "10.1.2.9", public="198.51.100.9"))
        private.interface("10.1.1.10", ipv6=["2600:1f18:1:1::10"])
        answer = ask(net, "2600:1f18:1:1::10", "64:ff9b::808:808", tcp=443)
        assert answer.verdict == "unknown"
        assert "NAT64" in answer.doubts

    def test_its_subnet_must_lead_to_an_internet_gateway(self) -> None:
        net, _, outer, _, client = behind_nat()
        outer.table.remove(ANYWHERE)
        answer = ask(net, client, OUTSIDE, tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.NO_ROUTE})
        assert answer.hops[-1] == outer.table.id

    def test_without_a_route_to_it_the_clients_table_is_to_blame(self) -> None:
        net, _, _, _, client = behind_nat()
        client.subnet.table.remove(ANYWHERE)
        answer = ask(net, client, OUTSIDE, tcp=443)
        assert (answer.verdict, answer.culprits) == ("no", (client.subnet.table.id,))

    def test_a_regional_one_which_lies_in_no_subnet_is_unknown(self) -> None:
        """https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html."""
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        outer = vpc.subnet("outer", "10.1.9.0/24").route("0.0.0.0/0", vpc.internet_gateway())
        nat = outer.nat_gateway("nat", public="198.51.100.9")
        client = vpc.subnet("a", "10.1.1.0/24").route("0.0.0.0/0", nat).interface()
        nat.record |= {"AvailabilityMode": "regional"}
        del nat.record["SubnetId"]
        answer = ask(net, client, "8.8.8.8", tcp=443)
        assert answer.verdict == "unknown"
        assert nat.id in answer.doubts

    def test_it_takes_replies_only(self) -> None:
        net, _, _, _, _ = behind_nat()
        answer = ask(net, "internet", "198.51.100.9", tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.NAT_UNSOLICITED})

    def test_it_carries_tcp_udp_and_icmp_only(self) -> None:
        """https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html."""
        net, _, _, _, client = behind_nat()
        assert ask(net, client, OUTSIDE, udp=53).verdict == "yes"
        assert ask(net, client, OUTSIDE, icmp=True).verdict == "yes"
        answer = ask(net, client, OUTSIDE, protocol=47)
        assert (answer.verdict, answer.codes) == ("no", {Code.NAT_PROTOCOL})

    @pytest.mark.parametrize(
        ("entry", "culprit"),
        [
            (inbound(90, "deny", "tcp", 443, "10.1.1.0/24"), True),
            (outbound(90, "deny", "tcp", 443, ANYWHERE), True),
            (inbound(90, "deny", "tcp", None, "8.8.8.0/24"), True),
            (outbound(90, "deny", "tcp", (32768, 60999), "10.1.1.0/24"), True),
            (inbound(90, "deny", "tcp", 22, "10.1.1.0/24"), False),
        ],
    )
    def test_its_subnets_acl_sees_both_legs_of_request_and_reply(self, entry: object, culprit: bool) -> None:
        net, vpc, outer, _, client = behind_nat()
        allow = [one(100, "allow", "all", None, ANYWHERE) for one in (inbound, outbound)]
        acl = vpc.network_acl("outer", entry, *allow, subnets=[outer])  # type: ignore[arg-type]
        answer = ask(net, client, OUTSIDE, tcp=443)
        assert (answer.verdict, answer.culprits) == (("no", (acl.id,)) if culprit else ("yes", ()))

    def test_in_the_clients_own_subnet_no_acl_is_between(self) -> None:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        subnet = vpc.subnet("a", "10.1.1.0/24")
        nat = subnet.nat_gateway("nat", "10.1.1.9", public="198.51.100.9")
        client = subnet.interface("10.1.1.10")
        target = vpc.subnet("b", "10.1.2.0/24").interface("10.1.2.20")
        vpc.default_group.allow_in(rule("all"))
        subnet.route("10.1.2.0/24", nat)
        acl = vpc.default_acl.id
        assert ask(net, client, target, tcp=443).verdict == "no"  # the gateway's own way leads back to itself
        table = subnet.table.remove("10.1.2.0/24")
        assert table.id in ask(net, client, target, tcp=443).hops
        subnet.route("9.9.9.0/24", nat)
        hops = ask(net, client, "9.9.9.9", tcp=443).hops
        assert acl not in hops[: hops.index(nat.id)]


class TestPrivate:
    """A private NAT gateway keeps a private address and goes on by its subnet's table."""

    def peered(self) -> tuple[Topology, Vpc, NatGateway, Interface, Interface]:
        net, vpc, outer, nat, client = behind_nat(public=None)
        far = net.vpc("far", "10.2.0.0/16")
        group = far.security_group("server", ingress=[rule("tcp", 443, "10.1.2.9/32")])
        peering = vpc.peer(far)
        outer.route("10.2.0.0/16", peering)
        server = far.subnet("b", "10.2.1.0/24").route("10.1.0.0/16", peering).interface("10.2.1.20", groups=[group])
        return net, far, nat, client, server

    def test_the_far_side_sees_its_private_address(self) -> None:
        net, _, nat, client, server = self.peered()
        answer = ask(net, client, server, tcp=443)
        assert answer.verdict == "yes"
        assert answer.trace.forward[0].hops[-1].packets.src == AddressSet.parse("10.1.2.9")
        assert nat.id in answer.back

    def test_the_far_side_must_allow_that_address_not_the_clients(self) -> None:
        net, far, _, client, server = self.peered()
        group = far.security_group("client", ingress=[rule("tcp", 443, "10.1.1.10/32")])
        server.record["Groups"] = [group.reference]
        assert ask(net, client, server, tcp=443).culprits == (group.id,)

    def test_it_does_not_reach_the_internet(self) -> None:
        net, _, _, _, client = behind_nat(public=None)
        answer = ask(net, client, OUTSIDE, tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.IGW_NO_PUBLIC_ADDRESS})


class TestRouteToIt:
    """A route more specific than the local one may lead to it: the whole block of a subnet, its own not excepted.

    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
    """

    @pytest.fixture
    def inside(self) -> tuple[Topology, Interface, Interface]:
        """A client whose packets to the server's subnet go by the NAT gateway, and a server with a route back to it."""
        net, vpc, outer, nat, client = behind_nat(public=None)
        server = vpc.subnet("server", "10.1.3.0/24").interface(
            "10.1.3.20", groups=[vpc.security_group("server", ingress=[rule("all")])]
        )
        client.subnet.route("10.1.3.0/24", nat)
        server.subnet.route(outer.cidr, nat)
        return net, client, server

    def test_replies_to_its_own_address_are_taken_as_those_that_come_locally(
        self, inside: tuple[Topology, Interface, Interface]
    ) -> None:
        net, client, server = inside
        assert ask(net, client, server, tcp=443).verdict == "yes"

    def test_what_nobody_asked_for_is_not_taken(self, inside: tuple[Topology, Interface, Interface]) -> None:
        net, _, server = inside
        answer = ask(net, server, "10.1.2.9", tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.NAT_UNSOLICITED})
