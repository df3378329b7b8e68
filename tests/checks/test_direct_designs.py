"""No endpoint at all: workers reach Nexus on a site over a transit or virtual private gateway.

That is judged by whether packets arrive and replies come back
(https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html,
https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNRoutingTypes.html,
https://docs.aws.amazon.com/directconnect/latest/UserGuide/allowed-to-prefixes.html).
"""

from __future__ import annotations

from typing import Any

import pytest

from asking import site_file
from builder import rule
from builder.direct_connect import DirectConnectGateway
from builder.transit_gateway import Attachment
from builder.vpn import VpnConnection
from checks.designs import HOME, NAME, REGION, SERVER, SITE, Workers, fault, segments, standing
from checks.nexus import faults, path_of
from mwaanet.checks.codes import Fault
from mwaanet.checks.result import Diagnosis, Status
from mwaanet.graph.codes import Code

RESOLVERS = ("172.20.1.10", "172.20.1.11")
SITE_DNS = f"""\
    dns:
      servers: [{", ".join(RESOLVERS)}]
      public: none
      records:
        {NAME}: [{SERVER}]
"""
LINKS = pytest.mark.parametrize("kind", ["vgw-vpn", "vgw-dx", "tgw-vpn", "tgw-dx"])


class Direct:
    """Workers whose VPC reaches the site `dc`, 172.20.0.0/16, over `kind` of link; the name is in a private zone."""

    vpn: VpnConnection | None = None
    dx: DirectConnectGateway | None = None
    attachment: Attachment | None = None

    def __init__(self, kind: str = "tgw-vpn", *, index: str = f"https://{NAME}/simple/", zone: bool = True) -> None:
        self.workers = Workers(index)
        self.net, self.vpc = self.workers.net, self.workers.vpc
        if kind.startswith("vgw"):
            self._gateway(kind)
        else:
            self._transit(kind)
        self.links = [link.id for link in (self.vpn, self.dx) if link]
        if zone:
            self.workers.zone(SERVER)

    def _gateway(self, kind: str) -> None:
        gateway = self.vpc.vpn_gateway()
        self.vpc.main_table.propagate(gateway, SITE)
        if kind == "vgw-vpn":
            self.vpn = self.net.vpn("dc", self.net.customer_gateway("dc", "203.0.113.7"), gateway, static=[SITE])
        else:
            self.dx = self.net.direct_connect_gateway("dc", SITE)
            self.dx.virtual_interface("private", kind="private")
            self.dx.associate(gateway, "10.1.0.0/16")

    def _transit(self, kind: str) -> None:
        self.gateway = self.net.transit_gateway("hub")
        self.inside, self.edge = self.gateway.table("inside"), self.gateway.table("edge")
        self.attachment = self.gateway.attach_vpc(
            self.vpc, self.workers.subnets, table=self.inside, propagate=[self.edge]
        )
        self.workers.route(SITE, self.gateway)
        if kind == "tgw-dx":
            self.dx = self.net.direct_connect_gateway("dc", SITE)
            self.dx.virtual_interface("transit")
            self.dx.associate(self.gateway, "10.1.0.0/16", table=self.edge, propagate=[self.inside])
        else:
            self.vpn = self.connect("dc", SITE)

    def connect(self, name: str, cidr: str, **options: Any) -> VpnConnection:
        """A VPN connection of the transit gateway, behind which a prefix is announced."""
        customer = self.net.customer_gateway(name, f"203.0.113.{len(name)}")
        return self.net.vpn(
            name, customer, self.gateway, bgp=[cidr], table=self.edge, propagate=[self.inside], **options
        )

    def ask(self, site: str | None = None, **options: Any) -> Diagnosis:
        return self.workers.ask(site if site is not None else site_file(links=self.links, **options))


class TestWay:
    @LINKS
    def test_it_is_a_valid_design(self, kind: str) -> None:
        found = Direct(kind).ask()
        assert (path_of(found).status, faults(found)) == (Status.PASS, {})
        for check in ("NEXUS-ENDPOINT", "NEXUS-SERVICE", "NEXUS-BALANCER"):
            assert {segment.status for segment in segments(found, check)} == {Status.SKIP}
        for check in ("NEXUS-NAME", "NEXUS-NETWORK", "NEXUS-RETURN"):
            assert {segment.status for segment in segments(found, check)} == {Status.PASS}

    @LINKS
    def test_the_sites_firewall_may_refuse(self, kind: str) -> None:
        found = fault(Direct(kind).ask(firewall="default: deny"), "NEXUS-NETWORK")
        assert (found.code, found.resources[0]) == (Code.SITE_FIREWALL, "dc.firewall")

    @LINKS
    def test_the_site_needs_a_route_back(self, kind: str) -> None:
        found = fault(Direct(kind).ask(routes=["10.99.0.0/16"]), "NEXUS-RETURN")
        assert (found.code, found.resources) == (Code.SITE_NO_ROUTE, ("dc.routes", "dc"))

    @LINKS
    def test_what_the_site_file_does_not_tell_is_unknown(self, kind: str) -> None:
        assert path_of(Direct(kind).ask(firewall="")).status is Status.UNKNOWN
        assert path_of(Direct(kind).ask("")).status is Status.UNKNOWN

    def test_the_workers_own_group_must_let_the_port_out(self) -> None:
        direct = Direct()
        direct.workers.group.allow_out(rule("tcp", 8081, SITE))
        found = fault(direct.ask(), "NEXUS-NETWORK")
        assert (found.code, found.resources) == (Code.SECURITY_GROUP_EGRESS, (direct.workers.group.id,))


class TestUnread:
    """A call that was not made is named, wherever the way depends on it."""

    @pytest.mark.parametrize(
        ("kind", "service", "operation"),
        [
            ("tgw-vpn", "ec2", "describe-transit-gateway-vpc-attachments"),
            ("tgw-vpn", "ec2", "describe-transit-gateway-attachments"),
            ("tgw-vpn", "ec2", "search-transit-gateway-routes"),
            ("tgw-vpn", "ec2", "describe-vpn-connections"),
            ("tgw-dx", "directconnect", "describe-direct-connect-gateways"),
            ("tgw-dx", "directconnect", "describe-direct-connect-gateway-associations"),
            ("tgw-dx", "directconnect", "describe-virtual-interfaces"),
            ("vgw-vpn", "ec2", "describe-vpn-gateways"),
            ("vgw-vpn", "ec2", "describe-vpn-connections"),
            ("vgw-dx", "directconnect", "describe-direct-connect-gateways"),
            ("vgw-dx", "directconnect", "describe-direct-connect-gateway-associations"),
            ("vgw-dx", "directconnect", "describe-virtual-interfaces"),
        ],
    )
    def test_of_a_link(self, kind: str, service: str, operation: str) -> None:
        direct = Direct(kind)
        direct.net.drop_call(HOME, REGION, service, operation)
        found = fault(direct.ask(), "NEXUS-NETWORK")
        assert found.status is Status.UNKNOWN
        assert (service, operation) in {(need.service, need.operation) for need in found.needs}

    def test_a_direct_connect_gateway_of_another_account_shows_in_what_is_propagated(self) -> None:
        """Its own account lists none, but its table has learned the site's prefix from somewhere."""
        direct = Direct("vgw-dx")
        assert direct.dx
        direct.net.world.late.clear()
        for lists in (direct.net.store.lists, direct.net.store.calls):
            for key in [key for key in lists if key[0] == "directconnect"]:
                del lists[key]
        for operation in ("describe-direct-connect-gateways", "describe-virtual-interfaces"):
            direct.net.store.lists["directconnect", operation] = []
        found = fault(direct.ask(), "NEXUS-NETWORK")
        assert found.status is Status.UNKNOWN


class TestName:
    """How workers may learn the server's address without an endpoint.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-forwarding-outbound-queries.html
    """

    def forwarding(self) -> Direct:
        """An outbound endpoint, 10.1.1.11 and 10.1.2.11, that asks the site's resolvers."""
        direct = Direct(zone=False)
        first, second = direct.workers.subnets
        ports = [rule("udp", 53, "172.20.1.0/24"), rule("tcp", 53, "172.20.1.0/24")]
        self.group = direct.vpc.security_group("outbound", egress=ports)
        endpoint = direct.vpc.resolver_endpoint(
            "to-site", "OUTBOUND", {first: "10.1.1.11", second: "10.1.2.11"}, [self.group]
        )
        self.rule = direct.net.resolver_rule("corporate", "corp.example", *RESOLVERS, endpoint=endpoint)
        self.rule.associate(direct.vpc)
        return direct

    def site(self, direct: Direct, firewall: str = "default: allow", dns: str = SITE_DNS) -> str:
        return site_file(firewall, links=direct.links) + dns

    def test_by_a_rule_that_forwards_to_the_sites_resolvers(self) -> None:
        direct = self.forwarding()
        assert faults(direct.ask(self.site(direct))) == {}

    @pytest.mark.parametrize("open_to", ["tcp, ports: [443]", "udp, ports: [53]"])
    def test_its_dns_packets_have_a_way_of_their_own(self, open_to: str) -> None:
        """Over UDP and, for long answers, TCP."""
        direct = self.forwarding()
        rules = [f"{{action: allow, direction: inbound, protocol: {text}}}" for text in ("tcp, ports: [443]", open_to)]
        found = fault(direct.ask(self.site(direct, f"default: deny, rules: [{', '.join(rules)}]")), "NEXUS-NAME")
        assert (found.code, found.resources[:2]) == (Fault.NAME_QUERY_BLOCKED, (self.rule.id, "dc.firewall"))

    def test_the_outbound_endpoints_group_is_on_it(self) -> None:
        direct = self.forwarding()
        self.group.record["IpPermissionsEgress"] = []
        found = fault(direct.ask(self.site(direct)), "NEXUS-NAME")
        assert (found.code, found.resources) == (Fault.NAME_QUERY_BLOCKED, (self.rule.id, self.group.id))

    def test_a_name_that_the_site_does_not_have(self) -> None:
        direct = self.forwarding()
        found = fault(direct.ask(self.site(direct, dns=SITE_DNS.replace(NAME, f"other-{NAME}"))), "NEXUS-NAME")
        assert (found.status, found.code) == (Status.FAIL, Fault.NAME_NXDOMAIN)
        assert {self.rule.id, "dc.dns"} <= set(found.resources)

    def test_resolvers_that_the_site_file_does_not_declare_are_unknown(self) -> None:
        direct = self.forwarding()
        found = fault(direct.ask(self.site(direct, dns="")), "NEXUS-NAME")
        assert found.status is Status.UNKNOWN
        assert "on_premises" in found.message

    def test_by_dhcp_options_that_name_them(self) -> None:
        direct = Direct(zone=False)
        direct.vpc.use_dhcp(direct.net.dhcp_options("corporate", *RESOLVERS))
        assert standing(direct.ask(self.site(direct)), "NEXUS-NAME") is Status.PASS

    def test_by_an_address_in_the_url(self) -> None:
        """No name is asked for, but no usual certificate holds an address."""
        direct = Direct(index=f"https://{SERVER}/simple/", zone=False)
        found = direct.ask()
        assert standing(found, "NEXUS-NETWORK") is Status.PASS
        assert faults(found).keys() == {"NEXUS-CERTIFICATE"}


class TestTransitGateway:
    def test_a_blackhole(self) -> None:
        direct = Direct()
        direct.inside.blackhole("172.20.5.0/24")
        found = fault(direct.ask(), "NEXUS-NETWORK")
        assert (found.code, found.resources) == (Code.TGW_BLACKHOLE, (direct.inside.id,))

    def test_an_attachment_without_a_table(self) -> None:
        direct = Direct()
        assert direct.attachment
        direct.inside.disassociate(direct.attachment)
        found = fault(direct.ask(), "NEXUS-NETWORK")
        assert (found.code, found.resources[0]) == (Code.TGW_NO_ASSOCIATION, direct.attachment.id)

    def test_a_vpc_that_is_not_propagated_to_the_edge(self) -> None:
        direct = Direct()
        assert direct.attachment
        direct.edge.stop_propagation(direct.attachment)
        found = fault(direct.ask(), "NEXUS-RETURN")
        assert (found.code, found.resources) == (Code.TGW_NO_ROUTE, (direct.edge.id,))

    def test_an_attachment_in_one_zone_serves_that_zones_workers_only(self) -> None:
        direct = Direct()
        assert direct.attachment
        direct.attachment.details[0]["SubnetIds"] = [direct.workers.subnets[0].id]
        found = direct.ask()
        assert [segment.status for segment in segments(found, "NEXUS-NETWORK")] == [Status.PASS, Status.FAIL]
        assert fault(found, "NEXUS-NETWORK").code == Code.TGW_ZONE

    def test_a_longer_prefix_over_another_connection_takes_the_packets_there(self) -> None:
        """https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-route-evaluation-overview."""
        direct = Direct()
        other = direct.connect("elsewhere", "172.20.5.0/24")
        assert standing(direct.ask(), "NEXUS-NETWORK") is Status.UNKNOWN
        direct.links.append(other.id)
        assert standing(direct.ask(), "NEXUS-NETWORK") is Status.PASS

    def test_one_of_another_region_over_a_peering_needs_static_routes_on_both_sides(self) -> None:
        """https://docs.aws.amazon.com/vpc/latest/tgw/tgw-peering.html."""
        workers = Workers(f"https://{NAME}/simple/")
        workers.zone(SERVER)
        east, west = workers.net.transit_gateway("east"), workers.net.region("us-west-2").transit_gateway("west")
        here, there = east.table("east"), west.table("west")
        east.attach_vpc(workers.vpc, workers.subnets, table=here, propagate=[here])
        workers.route(SITE, east)
        region = workers.net.region("us-west-2")
        vpn = region.vpn(
            "dc", region.customer_gateway("dc", "203.0.113.7"), west, bgp=[SITE], table=there, propagate=[there]
        )
        near, far = east.peer(west, table=here, other_table=there)
        site = site_file(links=[vpn.id])
        assert fault(workers.ask(site), "NEXUS-NETWORK").resources == (here.id,)
        here.route(SITE, near)
        assert fault(workers.ask(site), "NEXUS-RETURN").resources == (there.id,)
        there.route("10.1.0.0/16", far)
        assert faults(workers.ask(site)) == {}


class TestVirtualPrivateGateway:
    def test_a_propagated_prefix_inside_the_vpcs_own_range_loses_to_the_local_route(self) -> None:
        """https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html."""
        direct = Direct("vgw-vpn", zone=False)
        assert direct.vpn
        direct.vpn.record["Routes"][0]["DestinationCidrBlock"] = "10.1.128.0/17"
        direct.vpc.main_table.propagate(
            direct.vpc.store.lists["ec2", "describe-vpn-gateways"][0]["VpnGatewayId"], "10.1.128.0/17"
        )
        direct.workers.zone("10.1.200.5")
        site = site_file(links=direct.links).replace(SITE, "10.1.128.0/17")
        found = fault(direct.ask(site), "NEXUS-NETWORK")
        assert (found.code, found.resources) == (Code.NO_SUBNET, (direct.vpc.id,))

    def test_without_propagation_the_workers_have_no_route(self) -> None:
        direct = Direct("vgw-dx")
        del direct.vpc.main_table.record["Routes"][1:]
        found = fault(direct.ask(), "NEXUS-NETWORK")
        assert (found.code, found.resources[0]) == (Code.NO_ROUTE, direct.vpc.main_table.id)


class TestLinks:
    def test_a_connection_that_is_down(self) -> None:
        direct = Direct()
        assert direct.vpn
        direct.vpn.tunnels("DOWN", "DOWN")
        found = fault(direct.ask(), "NEXUS-NETWORK")
        assert found.status is Status.FAIL
        assert direct.vpn.id in found.resources

    def test_one_tunnel_of_two(self) -> None:
        direct = Direct()
        assert direct.vpn
        direct.vpn.tunnels("UP", "DOWN")
        found = fault(direct.ask(), "NEXUS-NETWORK")
        assert (found.status, found.code, found.resources[0]) == (Status.WARN, Fault.VPN_ONE_TUNNEL, direct.vpn.id)

    @pytest.mark.parametrize("kind", ["vgw-dx", "tgw-dx"])
    def test_a_direct_connect_that_does_not_announce_the_vpc(self, kind: str) -> None:
        direct = Direct(kind)
        assert direct.dx
        direct.dx.associations[0]["allowedPrefixesToDirectConnectGateway"] = [{"cidr": "10.99.0.0/16"}]
        found = fault(direct.ask(), "NEXUS-RETURN")
        assert (found.code, found.resources) == (Code.DX_NOT_ANNOUNCED, (direct.dx.id,))

    @pytest.mark.parametrize("kind", ["vgw-dx", "tgw-dx"])
    def test_a_direct_connect_whose_bgp_is_down(self, kind: str) -> None:
        direct = Direct(kind)
        assert direct.dx
        direct.dx.virtual_interfaces[0].bgp("down")
        found = fault(direct.ask(), "NEXUS-NETWORK")
        assert direct.dx.virtual_interfaces[0].id in found.resources

    @pytest.mark.parametrize("bgp", ["up", "down"])
    def test_a_vpn_stands_in_for_a_direct_connect(self, bgp: str) -> None:
        """https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-route-evaluation-overview."""
        direct = Direct("tgw-dx")
        assert direct.dx
        direct.links.append(direct.connect("backup", SITE).id)
        direct.dx.virtual_interfaces[0].bgp(bgp)
        found = direct.ask()
        told = [(finding.status, finding.code) for finding in faults(found).values()]
        assert told == ([] if bgp == "up" else [(Status.WARN, Fault.LINK_DOWN)])
        (first, *_) = segments(found, "NEXUS-NETWORK")
        assert first.trace
        used = {hop.component for leg in first.trace.forward for hop in leg.hops}
        assert (direct.links[0] in used, direct.links[1] in used) == (bgp == "up", bgp == "down")

    def test_what_direct_connect_does_not_announce_comes_back_over_the_vpn(self) -> None:
        direct = Direct("tgw-dx")
        assert direct.dx
        direct.links.append(direct.connect("backup", SITE).id)
        direct.dx.associations[0]["allowedPrefixesToDirectConnectGateway"] = [{"cidr": "10.99.0.0/16"}]
        assert standing(direct.ask(), "NEXUS-RETURN") is Status.PASS

    def test_two_sites_behind_equal_routes_must_both_have_the_server(self) -> None:
        """The transit gateway shares packets between them
        (https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-ecmp)."""
        direct = Direct()
        assert direct.vpn
        second = direct.connect("recovery", SITE)
        sites = "".join(
            f"  - {{name: {name}, cidrs: [{SITE}], connects_through: [{link}], firewall: {{default: {default}}}}}\n"
            for name, link, default in (("dc", direct.vpn.id, "allow"), ("recovery", second.id, "deny"))
        )
        found = fault(direct.ask(f"version: 1\non_premises:\n{sites}"), "NEXUS-NETWORK")
        assert (found.code, found.resources[0]) == (Code.SITE_FIREWALL, "recovery.firewall")
