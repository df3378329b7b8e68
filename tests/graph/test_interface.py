"""Network interfaces, and the services of a VPC that always answer."""

from __future__ import annotations

import pytest

from asking import ask
from builder import rule, topology
from mwaanet.graph.codes import Code


class TestSourceDestinationCheck:
    """https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html#EIP_Disable_SrcDestCheck."""

    @pytest.mark.parametrize(
        ("check", "verdict", "codes"), [(True, "no", {Code.SOURCE_DEST_CHECK}), (False, "unknown", set[Code]())]
    )
    def test_packets_routed_to_an_interface(self, check: bool, verdict: str, codes: set[Code]) -> None:
        """An interface takes packets for others only with the check off; then its host decides, which is not known."""
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        vpc.default_group.allow_in(rule("all"))
        a, b, far = (vpc.subnet(name, f"10.1.{n}.0/24") for n, name in enumerate("abc", start=1))
        appliance = b.interface("10.1.2.9", source_dest_check=check)
        a.route("10.1.3.0/24", appliance)
        answer = ask(net, a.interface("10.1.1.10"), far.interface("10.1.3.20"), tcp=443)
        assert answer.verdict == verdict
        assert answer.codes == codes
        assert answer.hops[-1] == appliance.id
        if check:
            assert answer.culprits == (appliance.id,)
        else:
            assert appliance.id in answer.doubts


class TestAddresses:
    def test_an_interface_takes_packets_for_each_of_its_addresses(self) -> None:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        vpc.default_group.allow_in(rule("all"))
        a = vpc.subnet("a", "10.1.1.0/24")
        client, server = a.interface("10.1.1.10"), a.interface("10.1.1.20", secondary=["10.1.1.21"])
        server.record["Ipv4Prefixes"] = [{"Ipv4Prefix": "10.1.1.48/28"}]
        for address in ("10.1.1.20", "10.1.1.21", "10.1.1.50"):
            answer = ask(net, client, address, tcp=443)
            assert (answer.verdict, answer.hops[-1]) == ("yes", server.id)
        assert ask(net, client, "10.1.1.22", tcp=443).verdict == "no"


class TestTransitGatewaysInterfaces:
    """https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html."""

    @pytest.mark.parametrize("destination", ["10.1.1.20", "10.1.1.16-10.1.1.23"])
    def test_nobody_answers_at_the_interface_of_an_attachment(self, destination: str) -> None:
        """It is where traffic enters and leaves the transit gateway; behind it there is no host."""
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        a = vpc.subnet("a", "10.1.1.0/24")
        net.transit_gateway("hub").attach_vpc(vpc, [a], addresses=["10.1.1.20"])
        answer = ask(net, a.interface("10.1.1.10"), destination, tcp=443)
        assert answer.verdict == "no"
        assert Code.TGW_INTERFACE in answer.codes


class TestServicesOfTheVpc:
    """They answer from inside, and neither groups nor network ACLs filter them."""

    @pytest.mark.parametrize(
        "address",
        [
            "10.1.0.2",
            "169.254.169.253",
            "169.254.169.254",
            "169.254.169.123",
            "10.1.1.1",
            "fd00:ec2::253",
            "fd00:ec2::254",
        ],
    )
    def test_always_reachable(self, address: str) -> None:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16", ipv6="2600:1f18:1::/56")
        a = vpc.subnet("a", "10.1.1.0/24", ipv6="2600:1f18:1:1::/64")
        vpc.network_acl("nothing", subnets=[a])
        silent = vpc.security_group("silent", egress=[])
        client = a.interface("10.1.1.10", ipv6=["2600:1f18:1:1::10"], groups=[silent])
        for answer in (ask(net, client, address, udp=53), ask(net, client, address, tcp=80)):
            assert (answer.verdict, answer.hops) == ("yes", [f"{vpc.id}:resolver"])

    def test_not_from_a_peered_vpc(self) -> None:
        net = topology()
        near, far = net.vpc("near", "10.1.0.0/16"), net.vpc("far", "10.2.0.0/16")
        far.subnet("b", "10.2.0.0/24")
        a = near.subnet("a", "10.1.1.0/24")
        a.route("10.2.0.0/16", near.peer(far))
        assert ask(net, a.interface("10.1.1.10"), "10.2.0.2", udp=53).verdict == "no"

    def test_not_the_resolver_address_of_another_subnet(self) -> None:
        """Only the VPC's own base plus two answers; in other subnets the address is merely reserved."""
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        vpc.subnet("b", "10.1.2.0/24")
        client = vpc.subnet("a", "10.1.1.0/24").interface("10.1.1.10")
        assert ask(net, client, "10.1.2.2", udp=53).verdict == "no"
