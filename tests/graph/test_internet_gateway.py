"""Internet gateways, egress-only internet gateways, and VPC Block Public Access."""

from __future__ import annotations

import pytest

from asking import ask
from builder import Topology, Vpc, rule, topology
from builder.identity import Record
from builder.interface import Interface
from builder.subnet import Subnet
from mwaanet.graph.codes import Code
from mwaanet.net import AddressSet

OUTSIDE = "8.8.8.8"
OUTSIDE_V6 = "2001:4860:4860::8888"
ANYWHERE = "0.0.0.0/0"
HOME = ("111122223333", "us-east-1")


def public_subnet() -> tuple[Topology, Vpc, Subnet]:
    """A VPC whose one subnet sends everything to an internet gateway."""
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16", ipv6="2600:1f18:1::/56")
    vpc.default_group.allow_out(rule("all"), rule("all", None, "::/0"))
    subnet = vpc.subnet("a", "10.1.1.0/24", ipv6="2600:1f18:1:1::/64")
    internet = vpc.internet_gateway()
    return net, vpc, subnet.route(ANYWHERE, internet).route("::/0", internet)


class TestOutwards:
    """https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html."""

    @pytest.mark.parametrize("elastic", [True, False])
    def test_a_public_address_passes_whether_elastic_or_assigned(self, elastic: bool) -> None:
        net, vpc, subnet = public_subnet()
        client = subnet.interface("10.1.1.10")
        if elastic:
            client.elastic_ip("198.51.100.10")
        else:
            client.public_ip("198.51.100.10")
        answer = ask(net, client, OUTSIDE, tcp=443)
        assert answer.verdict == "yes"
        gateway = vpc.store.lists["ec2", "describe-internet-gateways"][0]["InternetGatewayId"]
        group, acl = vpc.default_group.id, vpc.default_acl.id
        assert answer.hops == [client.id, group, subnet.table.id, acl, gateway, "internet"]

    def test_it_is_translated_one_to_one(self) -> None:
        net, _, subnet = public_subnet()
        client = subnet.interface("10.1.1.10")
        client.elastic_ip("198.51.100.10")
        seen = ask(net, client, OUTSIDE, tcp=443).trace.forward[0].hops[-1].packets
        assert seen.src == AddressSet.parse("198.51.100.10")
        assert seen.sport.spans == ((32768, 60999),)

    def test_without_a_public_address_nothing_passes(self) -> None:
        net, _, subnet = public_subnet()
        answer = ask(net, subnet.interface("10.1.1.10"), OUTSIDE, tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.IGW_NO_PUBLIC_ADDRESS})

    def test_of_several_addresses_the_public_one_passes(self) -> None:
        net, _, subnet = public_subnet()
        client = subnet.interface("10.1.1.10", secondary=["10.1.1.11"])
        client.elastic_ip("198.51.100.10")
        answer = ask(net, client, OUTSIDE, tcp=443)
        assert answer.verdict == "partial"
        assert answer.trace.tally.passed.src == AddressSet.parse("10.1.1.10")

    def test_a_private_destination_does_not_exist_on_the_internet(self) -> None:
        net, _, subnet = public_subnet()
        client = subnet.interface("10.1.1.10")
        client.elastic_ip("198.51.100.10")
        answer = ask(net, client, "172.20.1.1", tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.IGW_PRIVATE_DESTINATION})

    def test_a_gateway_of_another_vpc_passes_nothing(self) -> None:
        net, _, subnet = public_subnet()
        client = subnet.interface("10.1.1.10")
        client.elastic_ip("198.51.100.10")
        detached = net.internet_gateway("detached")
        subnet.route(ANYWHERE, detached)
        answer = ask(net, client, OUTSIDE, tcp=443)
        assert (answer.verdict, answer.codes, answer.culprits) == ("no", {Code.BAD_STATE}, (detached.id,))

    def test_gateways_that_may_not_be_read_make_the_answer_unknown(self) -> None:
        net, _, subnet = public_subnet()
        client = subnet.interface("10.1.1.10")
        client.elastic_ip("198.51.100.10")
        net.refuse(*HOME, "ec2", "describe-internet-gateways")
        answer = ask(net, client, OUTSIDE, tcp=443)
        assert (answer.verdict, answer.needs) == ("unknown", {"describe-internet-gateways"})

    def test_ipv6_addresses_pass_as_they_are(self) -> None:
        net, _, subnet = public_subnet()
        subnet.interface("10.1.1.10", ipv6=["2600:1f18:1:1::10"])
        answer = ask(net, "2600:1f18:1:1::10", OUTSIDE_V6, tcp=443)
        assert answer.verdict == "yes"
        assert answer.trace.forward[0].hops[-1].packets.src == AddressSet.parse("2600:1f18:1:1::10")

    @pytest.mark.parametrize("block", ["fd00:1:2:300::/56", "2600:1f18:9::/56"])
    def test_a_private_ipv6_address_does_not_pass(self, block: str) -> None:
        """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcIpv6CidrBlockAssociation.html."""
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16", ipv6=block)
        vpc.record["Ipv6CidrBlockAssociationSet"][0]["Ipv6AddressAttribute"] = "private"
        vpc.default_group.allow_out(rule("all", None, "::/0")).allow_in(rule("all", None, "::/0"))
        subnet = vpc.subnet("a", "10.1.1.0/24", ipv6=block.replace("/56", "/64")).route("::/0", vpc.internet_gateway())
        address = block.replace("/56", "10")
        subnet.interface(ipv6=[address])
        answer = ask(net, address, OUTSIDE_V6, tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.IGW_NO_PUBLIC_ADDRESS})
        assert ask(net, "internet", address, tcp=443).verdict == "no"
        subnet.route("::/0", vpc.egress_only_internet_gateway())
        assert ask(net, address, OUTSIDE_V6, tcp=443).codes == {Code.EIGW_NOT_IPV6}

    def test_an_ipv6_address_of_another_vpc_does_not_pass(self) -> None:
        """Replies would not return by it (https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html)."""
        net, vpc, subnet = public_subnet()
        far = net.vpc("central", "10.2.0.0/16", ipv6="2600:1f18:2::/56")
        middle, wall = far.subnet("middle", "10.2.1.0/28"), far.subnet("wall", "10.2.2.0/28")
        firewall = far.network_firewall("wall", [wall], net.firewall_policy("all", stateless_default="aws:pass"))
        hub = net.transit_gateway("hub")
        table = hub.table("all")
        hub.attach_vpc(vpc, [subnet], table=table)
        table.route("::/0", hub.attach_vpc(far, [middle], table=table))
        subnet.route("::/0", hub)
        middle.route("::/0", firewall.endpoint_in(wall))
        wall.route("::/0", far.internet_gateway("central"))
        subnet.interface("10.1.1.10", ipv6=["2600:1f18:1:1::10"])
        answer = ask(net, "2600:1f18:1:1::10", OUTSIDE_V6, tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.IGW_NO_PUBLIC_ADDRESS})


class TestInwards:
    def server(self) -> tuple[Topology, Vpc, Subnet, Interface]:
        net, vpc, subnet = public_subnet()
        group = vpc.security_group("web", ingress=[rule("tcp", 443), rule("tcp", 443, "::/0")])
        server = subnet.interface("10.1.1.20", ipv6=["2600:1f18:1:1::20"], groups=[group])
        server.elastic_ip("198.51.100.20")
        return net, vpc, subnet, server

    def test_a_public_address_is_reached_at_its_interface(self) -> None:
        net, _, _, server = self.server()
        answer = ask(net, "internet", "198.51.100.20", tcp=443)
        assert (answer.verdict, answer.hops[-1]) == ("yes", server.id)

    def test_its_groups_guard_it(self) -> None:
        net, _, _, server = self.server()
        answer = ask(net, "internet", "198.51.100.20", tcp=22)
        assert (answer.verdict, answer.culprits) == ("no", (server.record["Groups"][0]["GroupId"],))

    def test_the_reply_needs_a_route_to_the_gateway(self) -> None:
        net, _, subnet, _ = self.server()
        subnet.table.remove(ANYWHERE)
        answer = ask(net, "internet", "198.51.100.20", tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.NO_ROUTE})
        assert subnet.table.id == answer.back[-1]

    def test_ipv6(self) -> None:
        net, _, _, server = self.server()
        answer = ask(net, OUTSIDE_V6, "2600:1f18:1:1::20", tcp=443)
        assert (answer.verdict, answer.hops[-1]) == ("yes", server.id)

    def test_the_vpc_s_own_ipv6_addresses_are_not_the_internet_s(self) -> None:
        net, _, subnet, server = self.server()
        answer = ask(net, "internet", "2600:1f18:1:1::20", tcp=443)
        assert (answer.verdict, answer.hops[-1]) == ("yes", server.id)
        client = subnet.interface("10.1.1.30", ipv6=["2600:1f18:1:1::30"])
        client.elastic_ip("198.51.100.30")
        assert ask(net, client, "internet", tcp=443).verdict == "yes"

    def test_an_ipv6_prefix_is_reached_at_its_interface(self) -> None:
        """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html."""
        net, _, _, server = self.server()
        server.record["Ipv6Prefixes"] = [{"Ipv6Prefix": "2600:1f18:1:1:5::/80"}]
        for address in ("2600:1f18:1:1:5::", "2600:1f18:1:1:5::99", "2600:1f18:1:1:5:ffff:ffff:ffff"):
            answer = ask(net, OUTSIDE_V6, address, tcp=443)
            assert (answer.verdict, answer.hops[-1]) == ("yes", server.id)
        assert ask(net, OUTSIDE_V6, "2600:1f18:1:1:6::", tcp=443).verdict == "no"

    def test_an_interface_may_be_closed_to_the_internet(self) -> None:
        """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html (`DenyAllIgwTraffic`)."""
        net, _, _, server = self.server()
        server.record["DenyAllIgwTraffic"] = True
        assert ask(net, "internet", "2600:1f18:1:1::20", tcp=443).verdict == "no"

    def test_a_private_address_is_not_reached_from_the_internet(self) -> None:
        net, _, _, _ = self.server()
        answer = ask(net, "internet", "10.1.1.20", tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.PRIVATE_FROM_INTERNET})

    def test_a_public_address_that_nobody_holds_is_not_reached(self) -> None:
        """What is asked as the internet are the addresses that no VPC of the snapshot holds."""
        net, _, _, _ = self.server()
        assert ask(net, "internet", "198.51.100.21", tcp=443).verdict == "no"

    def test_another_vpc_reaches_it_through_both_gateways(self) -> None:
        net, _, _, server = self.server()
        other = net.vpc("other", "10.2.0.0/16")
        subnet = other.subnet("b", "10.2.1.0/24").route(ANYWHERE, other.internet_gateway("other"))
        client = subnet.interface("10.2.1.10")
        client.elastic_ip("198.51.100.10")
        answer = ask(net, client, "198.51.100.20", tcp=443)
        assert (answer.verdict, answer.hops[-1], answer.back[-1]) == ("yes", server.id, client.id)
        assert "internet" in answer.hops


class TestEgressOnly:
    """https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html."""

    def subnet(self) -> tuple[Topology, Vpc, Subnet]:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16", ipv6="2600:1f18:1::/56")
        vpc.default_group.allow_out(rule("all"), rule("all", None, "::/0"))
        vpc.default_group.allow_in(rule("all", None, "::/0"))
        subnet = vpc.subnet("a", "10.1.1.0/24", ipv6="2600:1f18:1:1::/64")
        subnet.interface("10.1.1.10", ipv6=["2600:1f18:1:1::10"]).elastic_ip("198.51.100.10")
        return net, vpc, subnet

    def test_ipv6_goes_out_and_its_replies_come_in(self) -> None:
        net, vpc, subnet = self.subnet()
        gateway = vpc.egress_only_internet_gateway()
        subnet.route("::/0", gateway)
        answer = ask(net, "2600:1f18:1:1::10", OUTSIDE_V6, tcp=443)
        assert answer.verdict == "yes"
        assert gateway.id in answer.hops
        assert gateway.id in answer.back

    def test_nothing_else_comes_in(self) -> None:
        net, vpc, subnet = self.subnet()
        subnet.route("::/0", vpc.egress_only_internet_gateway())
        assert ask(net, OUTSIDE_V6, "2600:1f18:1:1::10", tcp=443).verdict == "no"

    def test_ipv4_does_not_pass(self) -> None:
        net, vpc, subnet = self.subnet()
        subnet.route(ANYWHERE, vpc.egress_only_internet_gateway())
        answer = ask(net, "10.1.1.10", OUTSIDE, tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.EIGW_NOT_IPV6})


OPTIONS = "describe-vpc-block-public-access-options"
EXCLUSIONS = "describe-vpc-block-public-access-exclusions"


class TestBlockPublicAccess:
    """https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html.

    A server in a public subnet, a worker behind a NAT gateway there, and an egress-only gateway.
    """

    def build(self) -> tuple[Topology, Vpc, Subnet, Interface, Interface]:
        net, vpc, public = public_subnet()
        vpc.default_group.allow_in(rule("tcp", 443), rule("tcp", 443, "::/0"))
        server = public.interface("10.1.1.20")
        server.elastic_ip("198.51.100.20")
        private = vpc.subnet("b", "10.1.2.0/24", ipv6="2600:1f18:1:2::/64")
        private.route(ANYWHERE, public.nat_gateway("nat", "10.1.1.9", public="198.51.100.9"))
        private.route("::/0", vpc.egress_only_internet_gateway())
        return net, vpc, public, server, private.interface("10.1.2.10", ipv6=["2600:1f18:1:2::10"])

    def judge(self, net: Topology, server: Interface, worker: Interface) -> dict[str, str]:
        """The four kinds of internet traffic."""
        return {
            "in": ask(net, OUTSIDE, "198.51.100.20", tcp=443).verdict,
            "out": ask(net, server, OUTSIDE, tcp=443).verdict,
            "nat": ask(net, worker, OUTSIDE, tcp=443).verdict,
            "v6": ask(net, "2600:1f18:1:2::10", OUTSIDE_V6, tcp=443).verdict,
        }

    def test_off_it_changes_nothing(self) -> None:
        net, _, _, server, worker = self.build()
        assert set(self.judge(net, server, worker).values()) == {"yes"}

    def test_bidirectional_stops_everything(self) -> None:
        net, _, _, server, worker = self.build()
        net.block_public_access("block-bidirectional")
        assert set(self.judge(net, server, worker).values()) == {"no"}
        assert ask(net, worker, OUTSIDE, tcp=443).codes == {Code.BLOCK_PUBLIC_ACCESS}

    def test_ingress_only_leaves_nat_and_egress_only_gateways(self) -> None:
        net, _, _, server, worker = self.build()
        net.block_public_access("block-ingress")
        assert self.judge(net, server, worker) == {"in": "no", "out": "no", "nat": "yes", "v6": "yes"}

    def test_an_excluded_vpc_is_free_of_it(self) -> None:
        net, vpc, _, server, worker = self.build()
        net.block_public_access("block-bidirectional")
        vpc.exclude_from_block("allow-bidirectional")
        assert set(self.judge(net, server, worker).values()) == {"yes"}

    def test_a_vpc_excluded_for_egress_lets_nothing_in(self) -> None:
        net, vpc, _, server, worker = self.build()
        net.block_public_access("block-bidirectional")
        vpc.exclude_from_block("allow-egress")
        assert self.judge(net, server, worker) == {"in": "no", "out": "yes", "nat": "yes", "v6": "yes"}

    def test_an_exclusion_for_egress_does_not_count_against_the_block_of_ingress(self) -> None:
        net, vpc, _, server, worker = self.build()
        net.block_public_access("block-ingress")
        vpc.exclude_from_block("allow-egress")
        assert self.judge(net, server, worker) == {"in": "no", "out": "no", "nat": "yes", "v6": "yes"}

    def test_an_excluded_subnet_is_free_of_it_both_ways(self) -> None:
        net, vpc, public, server, worker = self.build()
        net.block_public_access("block-bidirectional")
        exclusion: Record = {
            "ExclusionId": "vpcbpa-exclude-0123",
            "InternetGatewayExclusionMode": "allow-bidirectional",
            "ResourceArn": vpc.store.arn("ec2", f"subnet/{public.id}"),
            "State": "create-complete",
        }
        net.store.ec2("describe-vpc-block-public-access-exclusions", exclusion)
        judged = self.judge(net, server, worker)
        assert (judged["in"], judged["out"], judged["v6"]) == ("yes", "yes", "no")

    def test_where_the_switch_was_not_read_all_that_crosses_is_unknown(self) -> None:
        net, _, _, server, worker = self.build()
        net.refuse(*HOME, "ec2", OPTIONS)
        assert set(self.judge(net, server, worker).values()) == {"unknown"}
        assert ask(net, worker, OUTSIDE, tcp=443).needs == {OPTIONS}
        assert ask(net, worker, server, tcp=443).verdict == "yes"

    def test_where_the_switch_is_not_in_the_snapshot_all_that_crosses_is_unknown(self) -> None:
        net, _, _, server, worker = self.build()
        net.drop_call(*HOME, "ec2", OPTIONS)
        assert set(self.judge(net, server, worker).values()) == {"unknown"}

    def test_an_excluded_vpc_is_free_whatever_the_switch_says(self) -> None:
        net, vpc, _, server, worker = self.build()
        vpc.exclude_from_block("allow-bidirectional")
        net.refuse(*HOME, "ec2", OPTIONS)
        assert set(self.judge(net, server, worker).values()) == {"yes"}

    def test_exclusions_that_were_not_read_matter_where_it_blocks(self) -> None:
        net, _, _, server, worker = self.build()
        net.block_public_access("block-bidirectional")
        net.refuse(*HOME, "ec2", EXCLUSIONS)
        assert set(self.judge(net, server, worker).values()) == {"unknown"}
        assert ask(net, worker, OUTSIDE, tcp=443).needs == {EXCLUSIONS}

    def test_nat_and_egress_only_gateways_pass_the_block_of_ingress_whatever_is_excluded(self) -> None:
        net, _, _, server, worker = self.build()
        net.block_public_access("block-ingress")
        net.refuse(*HOME, "ec2", EXCLUSIONS)
        assert self.judge(net, server, worker) == {"in": "unknown", "out": "unknown", "nat": "yes", "v6": "yes"}

    def test_exclusions_that_were_not_read_do_not_matter_where_it_is_off(self) -> None:
        net, _, _, server, worker = self.build()
        net.refuse(*HOME, "ec2", EXCLUSIONS)
        assert set(self.judge(net, server, worker).values()) == {"yes"}

    def test_a_definite_stop_elsewhere_stays_a_no(self) -> None:
        net, vpc, public, _, _ = self.build()
        closed = vpc.security_group("closed")
        public.interface("10.1.1.30", groups=[closed]).elastic_ip("198.51.100.30")
        net.refuse(*HOME, "ec2", OPTIONS)
        assert ask(net, OUTSIDE, "198.51.100.30", tcp=443).verdict == "no"

    def test_it_does_not_concern_private_ways(self) -> None:
        net, _, _, server, worker = self.build()
        net.block_public_access("block-bidirectional")
        assert ask(net, worker, server, tcp=443).verdict == "yes"
