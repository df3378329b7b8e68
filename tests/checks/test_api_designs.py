"""Other ways from a client to the web server: over a virtual private gateway, and from another VPC."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from builder import Estate
from builder.estate import SHARED
from builder.estate_site import SITE
from checks.api import called, edited, estate, faults, status
from checks.examples import remove_endpoint
from mwaanet.checks.codes import Fault
from mwaanet.checks.result import Diagnosis


def over_a_virtual_private_gateway(net: Estate, *, propagated: bool = True) -> Mapping[str, bytes]:
    """The site's VPN ends at a virtual private gateway of the environment's own VPC."""
    gateway = net.vpc.vpn_gateway()
    vpn = net.net.vpn("office", net.net.customer_gateway("office", "203.0.113.99"), gateway, static=[SITE])
    for subnet in (*net.workers, *net.endpoint_subnets):
        subnet.table.remove(SITE)
        if propagated or subnet not in net.workers:
            subnet.table.propagate(gateway, SITE)
    links = f"connects_through: [{net.dx_gateway.id}, {net.vpn.id}]" if net.dx_gateway and net.vpn else ""
    return edited(net, (links, f"connects_through: [{vpn.id}]"))


class TestVirtualPrivateGateway:
    def test_leads_to_the_web_server(self) -> None:
        assert status(called(over_a_virtual_private_gateway(estate()))) == "pass"

    def test_needs_its_routes_in_the_subnets_of_the_endpoint(self) -> None:
        net = estate()
        found = called(over_a_virtual_private_gateway(net, propagated=False))
        assert status(found) == "fail"
        assert faults(found)["API-RETURN"].resources[0] in [subnet.table.id for subnet in net.workers]


class TestNamesThatPublicDnsAnswers:
    """Without private names the API and AWS STS are called over the site's internet access, the web server is not."""

    @pytest.mark.parametrize(("internet", "verdict"), [("direct", "pass"), ("none", "fail"), ("", "unknown")])
    def test_take_the_way_that_the_site_file_declares(self, internet: str, verdict: str) -> None:
        net = estate()
        addresses = ", ".join(net.resolver_inbound.addresses)
        forwards = [
            f"        - {{zone: {zone}, to: [{addresses}]}}\n"
            for zone in ("airflow.us-east-1.amazonaws.com", "sts.us-east-1.amazonaws.com")
        ]
        declared = f"default: deny\n      internet: {internet}\n" if internet else "default: deny\n"
        changes = [(forward, "") for forward in forwards]
        found = called(edited(net, *changes, ("public: none", "public: all"), ("default: deny\n", declared)))
        assert status(found) == verdict

    def test_the_culprit_is_the_site_that_does_not_forward_them(self) -> None:
        net = estate()
        addresses = ", ".join(net.resolver_inbound.addresses)
        forward = f"        - {{zone: airflow.us-east-1.amazonaws.com, to: [{addresses}]}}\n"
        changes = (
            (forward, ""),
            ("public: none", "public: all"),
            ("default: deny\n", "default: deny\n      internet: none\n"),
        )
        finding = faults(called(edited(net, *changes)))["API-SITE"]
        assert finding.resources[0] == "dc.dns"
        assert "inbound endpoint" in str(finding.fix)


class TestPrivateNamesThatTheVpcDoesNotAnswer:
    """The site forwards the names, and the VPC's resolver leaves them to public DNS: a site without internet access
    is lost (https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html)."""

    NO_INTERNET = ("default: deny\n", "default: deny\n      internet: none\n")

    def test_the_culprit_is_the_endpoint_without_private_dns(self) -> None:
        net = estate()
        net.endpoints["airflow.env"].private_dns(False)
        finding = faults(called(edited(net, self.NO_INTERNET)))["API-SITE"]
        assert finding.resources == (net.endpoints["airflow.env"].id,)
        assert finding.code == Fault.ENDPOINT_PRIVATE_DNS

    def test_the_culprit_is_the_vpc_whose_dns_hostnames_are_off(self) -> None:
        net = estate()
        net.vpc.attribute("enableDnsHostnames", False)
        finding = faults(called(edited(net, self.NO_INTERNET)))["API-SITE"]
        assert finding.resources[0] == net.vpc.id
        assert "enableDnsHostnames" in finding.message

    def test_the_culprit_is_the_vpc_without_an_endpoint(self) -> None:
        net = estate()
        remove_endpoint(net, "airflow.env")
        finding = faults(called(edited(net, self.NO_INTERNET)))["API-SITE"]
        assert finding.resources[:2] == (net.vpc.id, "com.amazonaws.us-east-1.airflow.env")


class Region:
    """The site's link ends at a transit gateway of another Region, which is peered with the environment's
    (https://docs.aws.amazon.com/vpc/latest/tgw/tgw-peering.html)."""

    def __init__(self) -> None:
        self.net = estate()
        far = self.net.net.account(SHARED).region("us-west-2")
        gateway = far.transit_gateway("west", 64700)
        self.links, peers = gateway.table("links"), gateway.table("peers")
        self.here, self.there = self.net.tgw.peer(gateway, table=self.net.edge_table, other_table=peers)
        customer = far.customer_gateway("west", "203.0.113.88")
        self.vpn = far.vpn("west", customer, gateway, bgp=[SITE], table=self.links, propagate=[peers])
        for cidr in self.net.cidrs:
            self.links.route(cidr, self.there)
        for attachment in (self.net.vpn_attachment, self.net.dx_attachment):
            assert attachment
            self.net.vpc_table.stop_propagation(attachment)
        self.net.vpc_table.route(SITE, self.here)

    def ask(self) -> Diagnosis:
        assert self.net.dx_gateway
        assert self.net.vpn
        links = f"connects_through: [{self.net.dx_gateway.id}, {self.net.vpn.id}]"
        return called(edited(self.net, (links, f"connects_through: [{self.vpn.id}]")))


class TestAnotherRegion:
    def test_leads_to_the_web_server_over_the_peering(self) -> None:
        found = Region().ask()
        assert (status(found), faults(found)) == ("pass", {})

    def test_needs_a_static_route_there(self) -> None:
        region = Region()
        del region.links.statics["10.24.0.0/16"]
        finding = faults(region.ask())["API-NETWORK"]
        assert finding.resources == (region.links.id,)
        assert region.there.id in str(finding.fix)

    def test_needs_a_static_route_back(self) -> None:
        region = Region()
        del region.net.vpc_table.statics[SITE]
        assert faults(region.ask())["API-RETURN"].resources == (region.net.vpc_table.id,)

    def test_needs_the_peering_to_be_accepted(self) -> None:
        region = Region()
        for side in (region.here, region.there):
            side.state("pendingAcceptance")
        assert region.there.id in faults(region.ask())["API-NETWORK"].resources

    def test_a_static_route_back_to_the_link_is_the_culprit(self) -> None:
        region = Region()
        assert region.vpn.attachment
        region.links.route("10.24.8.0/22", region.vpn.attachment)
        assert faults(region.ask())["API-NETWORK"].resources == (region.links.id,)
