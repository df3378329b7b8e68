"""Direct Connect gateways (https://docs.aws.amazon.com/directconnect/latest/UserGuide/direct-connect-gateways-intro.html)."""

from __future__ import annotations

import pytest

from asking import ask, site_file
from builder import Topology, Vpc, rule, topology
from builder.direct_connect import DirectConnectGateway, VirtualInterface
from builder.vpn import VpnConnection
from graph.linked import HOST, SITE, Linked
from mwaanet.graph.codes import Code
from mwaanet.snapshot import CallRef


class OverGateway(Linked):
    """A VPC with a server, 10.1.1.20, on a virtual private gateway that is associated with a Direct Connect gateway."""

    def __init__(self, *allowed: str, state: str = "associated", bgp: str = "up", site: str = SITE) -> None:
        self.net: Topology = topology()
        self.vpc: Vpc = self.net.vpc("apps", "10.1.0.0/16", "10.11.0.0/16")
        self.vpc.default_group.allow_in(rule("all"))
        self.gateway = self.vpc.vpn_gateway()
        self.dx: DirectConnectGateway = self.net.direct_connect_gateway("dc", site)
        self.interface: VirtualInterface = self.dx.virtual_interface("private", kind="private", bgp=bgp)
        self.dx.associate(self.gateway, *(allowed or ("10.1.0.0/16", "10.11.0.0/16")), state=state)
        self.subnet = self.vpc.subnet("a", "10.1.1.0/24")
        self.vpc.main_table.propagate(self.gateway, site)
        self.server = self.subnet.interface("10.1.1.20")
        self.links = [self.dx.id]


class TestVirtualPrivateGateway:
    def test_both_ends_reach_each_other(self) -> None:
        over = OverGateway()
        assert over.verdicts == ("yes", "yes")
        assert over.outwards().hops[-4:] == [over.gateway.id, over.dx.id, "dc.firewall", "dc"]

    @pytest.mark.parametrize("allowed", ["10.1.0.0/16", "10.0.0.0/8", "10.0.0.0/15"])
    def test_a_vpc_range_that_an_allowed_prefix_equals_or_contains_is_announced(self, allowed: str) -> None:
        """https://docs.aws.amazon.com/directconnect/latest/UserGuide/allowed-to-prefixes.html."""
        assert OverGateway(allowed).inwards().verdict == "yes"

    @pytest.mark.parametrize("allowed", ["10.1.1.0/24", "10.1.0.0/17", "10.2.0.0/16"])
    def test_a_vpc_range_that_is_wider_than_every_allowed_prefix_is_not(self, allowed: str) -> None:
        over = OverGateway(allowed)
        answer = over.inwards()
        assert (answer.verdict, answer.codes, answer.culprits) == ("no", {Code.DX_NOT_ANNOUNCED}, (over.dx.id,))

    def test_the_reply_needs_the_announcement_too(self) -> None:
        over = OverGateway("10.2.0.0/16")
        answer = over.outwards()
        assert (answer.verdict, answer.hops[-1], answer.codes) == ("no", "dc", {Code.DX_NOT_ANNOUNCED})

    def test_each_range_is_announced_by_itself(self) -> None:
        over = OverGateway("10.11.0.0/16")
        other = over.vpc.subnet("b", "10.11.1.0/24").interface()
        assert over.inwards().verdict == "no"
        assert ask(over.net, "dc", other, tcp=443, site=over.site).verdict == "yes"

    @pytest.mark.parametrize("state", ["associating", "disassociating", "disassociated"])
    def test_the_association_must_be_complete(self, state: str) -> None:
        over = OverGateway(state=state)
        assert over.verdicts == ("no", "no")
        assert over.inwards().codes == {Code.DX_NOT_ANNOUNCED}


class TestVirtualInterfaces:
    def test_the_bgp_peer_must_be_up(self) -> None:
        over = OverGateway(bgp="down")
        answer = over.inwards()
        assert (answer.verdict, answer.codes) == ("no", {Code.DX_DOWN})
        assert answer.culprits == (over.interface.id, over.dx.id)
        assert over.outwards().verdict == "no"

    @pytest.mark.parametrize("state", ["down", "pending", "verifying", "confirming"])
    def test_it_must_be_available(self, state: str) -> None:
        over = OverGateway()
        over.interface.record["virtualInterfaceState"] = state
        assert over.verdicts == ("no", "no")

    def test_one_of_two_suffices(self) -> None:
        over = OverGateway(bgp="down")
        over.dx.virtual_interface("second", kind="private", vlan=302)
        assert over.verdicts == ("yes", "yes")

    def test_without_any_nothing_passes(self) -> None:
        over = OverGateway()
        over.net.store.lists["directconnect", "describe-virtual-interfaces"].clear()
        over.dx.attachments.clear()
        assert over.verdicts == ("no", "no")

    @pytest.mark.parametrize("which", ["virtualInterfaceState", "bgpStatus"])
    def test_a_state_that_aws_does_not_know_makes_the_answer_unknown(self, which: str) -> None:
        """https://docs.aws.amazon.com/directconnect/latest/APIReference/API_BGPPeer.html: `unknown` is not `down`."""
        over = OverGateway(bgp="unknown" if which == "bgpStatus" else "up")
        if which == "virtualInterfaceState":
            over.interface.record[which] = "unknown"
        assert over.verdicts == ("unknown", "unknown")
        del (over.interface.record if which == "virtualInterfaceState" else over.interface.record["bgpPeers"][0])[which]
        assert over.verdicts == ("unknown", "unknown")
        over.dx.virtual_interface("second", kind="private", vlan=302)
        assert over.verdicts == ("yes", "yes")

    def test_a_peer_of_the_other_address_family_does_not_count(self) -> None:
        """https://docs.aws.amazon.com/directconnect/latest/UserGuide/add-peer-to-vif.html: a virtual interface may
        have one IPv4 and one IPv6 BGP peering session.
        """
        over = OverGateway(bgp="down")
        peers = over.interface.record["bgpPeers"]
        peers.append(peers[0] | {"bgpPeerId": "dxpeer-6", "addressFamily": "ipv6", "bgpStatus": "up"})
        answer = over.inwards()
        assert (answer.verdict, answer.codes) == ("no", {Code.DX_DOWN})

    def test_beside_one_that_is_down_one_that_is_not_seen_may_be_up(self) -> None:
        over = OverGateway(bgp="down")
        second = over.dx.virtual_interface("second", kind="private", vlan=302)
        over.net.store.lists["directconnect", "describe-virtual-interfaces"].remove(second.record)
        over.dx.attachments[1]["virtualInterfaceOwnerAccount"] = "999999999999"
        answer = over.inwards()
        assert (answer.verdict, {call.account for call in answer.calls}) == ("unknown", {"999999999999"})

    @pytest.mark.parametrize("seen", [True, False])
    def test_attachments_that_may_not_be_read_leave_it_open_whether_there_are_more(self, seen: bool) -> None:
        over = OverGateway(bgp="down")
        if not seen:
            over.net.store.lists["directconnect", "describe-virtual-interfaces"].clear()
        operation = "describe-direct-connect-gateway-attachments"
        over.net.refuse("111122223333", "us-east-1", "directconnect", operation)
        answer = over.inwards()
        assert (answer.verdict, answer.needs) == ("unknown", {operation})

    def test_one_that_another_account_owns_and_that_is_not_seen_is_unknown(self) -> None:
        over = OverGateway()
        over.net.store.lists["directconnect", "describe-virtual-interfaces"].clear()
        over.dx.attachments[0]["virtualInterfaceOwnerAccount"] = "999999999999"
        answer = over.inwards()
        assert (answer.verdict, {call.account for call in answer.calls}) == ("unknown", {"999999999999"})

    def test_interfaces_that_may_not_be_read_make_the_answer_unknown(self) -> None:
        over = OverGateway()
        over.net.refuse("111122223333", "us-east-1", "directconnect", "describe-virtual-interfaces")
        answer = over.inwards()
        assert (answer.verdict, answer.needs) == ("unknown", {"describe-virtual-interfaces"})

    def test_associations_that_may_not_be_read_make_the_answer_unknown(self) -> None:
        over = OverGateway()
        operation = "describe-direct-connect-gateway-associations"
        over.net.refuse("111122223333", "us-east-1", "directconnect", operation)
        answer = over.inwards()
        assert (answer.verdict, answer.needs) == ("unknown", {operation})

    def test_one_may_end_at_a_virtual_private_gateway_itself(self) -> None:
        """A private virtual interface without a Direct Connect gateway announces the VPC's ranges."""
        over = OverGateway()
        over.dx.associations.clear()
        over.interface.record |= {"virtualGatewayId": over.gateway.id, "directConnectGatewayId": ""}
        site = site_file(links=[over.interface.id])
        for answer in (
            ask(over.net, "dc", over.server, tcp=443, site=site),
            ask(over.net, over.server, HOST, tcp=443, site=site),
            ask(over.net, over.server, HOST, tcp=443),
        ):
            assert answer.verdict == "yes"
            assert over.interface.id in answer.hops
        over.interface.bgp("down")
        assert ask(over.net, "dc", over.server, tcp=443, site=site).culprits[0] == over.interface.id

    def test_one_that_is_down_stays_so_whatever_others_the_environments_account_may_have(self) -> None:
        net = topology()
        net.vpc("home", "10.50.0.0/16")
        network = net.account("444455556666").region()
        vpc = network.vpc("apps", "10.1.0.0/16")
        vpc.default_group.allow_in(rule("all"))
        gateway = vpc.vpn_gateway()
        interface = network.direct_connect_gateway("dc", SITE).virtual_interface("private", kind="private", bgp="down")
        interface.record |= {"virtualGatewayId": gateway.id, "directConnectGatewayId": ""}
        vpc.main_table.propagate(gateway, SITE)
        server = vpc.subnet("a", "10.1.1.0/24").interface()
        net.refuse("111122223333", "us-east-1", "directconnect", "describe-virtual-interfaces")
        answer = ask(net, "dc", server, tcp=443, site=site_file(links=[interface.id]))
        assert (answer.verdict, answer.culprits[0]) == ("no", interface.id)


class OverTransitGateway(Linked):
    """The same over a transit gateway; a VPN beside the Direct Connect where `vpn` tells its tunnels."""

    def __init__(
        self,
        *allowed: str,
        state: str = "associated",
        bgp: str = "up",
        vpn: tuple[str, str] | None = None,
    ) -> None:
        self.net: Topology = topology()
        self.vpc: Vpc = self.net.vpc("apps", "10.1.0.0/16")
        self.vpc.default_group.allow_in(rule("all"))
        self.subnet = self.vpc.subnet("a", "10.1.1.0/24")
        self.gateway = self.net.transit_gateway("hub")
        self.inside, self.edge = self.gateway.table("inside"), self.gateway.table("edge")
        self.gateway.attach_vpc(self.vpc, [self.subnet], table=self.inside, propagate=[self.edge])
        self.dx: DirectConnectGateway = self.net.direct_connect_gateway("dc", SITE)
        self.interface: VirtualInterface = self.dx.virtual_interface("transit", bgp=bgp)
        self.dx.associate(
            self.gateway, *(allowed or ("10.1.0.0/16",)), state=state, table=self.edge, propagate=[self.inside]
        )
        self.links = [self.dx.id]
        self.vpn: VpnConnection | None = None
        if vpn:
            customer = self.net.customer_gateway("dc", "203.0.113.7")
            self.vpn = self.net.vpn(
                "dc", customer, self.gateway, bgp=[SITE], tunnels=vpn, table=self.edge, propagate=[self.inside]
            )
            self.links.append(self.vpn.id)
        self.subnet.route(SITE, self.gateway)
        self.server = self.subnet.interface("10.1.1.20")


class TestTransitGateway:
    def test_both_ends_reach_each_other(self) -> None:
        over = OverTransitGateway()
        assert over.verdicts == ("yes", "yes")
        assert over.inwards().hops[:3] == ["dc.firewall", "dc", over.dx.id]

    @pytest.mark.parametrize(
        ("allowed", "verdict"), [("10.0.0.0/8", "yes"), ("10.1.1.0/24", "yes"), ("10.1.2.0/24", "no")]
    )
    def test_exactly_the_allowed_prefixes_are_announced(self, allowed: str, verdict: str) -> None:
        over = OverTransitGateway(allowed)
        answer = over.inwards()
        assert answer.verdict == verdict
        assert answer.codes == (set() if verdict == "yes" else {Code.DX_NOT_ANNOUNCED})

    def test_the_association_must_be_complete(self) -> None:
        over = OverTransitGateway(state="disassociated")
        assert over.verdicts == ("no", "no")
        assert over.inwards().codes == {Code.DX_NOT_ANNOUNCED}

    def test_a_session_that_is_down_withdraws_the_sites_routes(self) -> None:
        over = OverTransitGateway(bgp="down")
        answer = over.outwards()
        assert (answer.verdict, answer.codes) == ("no", {Code.TGW_NO_ROUTE})
        assert over.dx.id in answer.culprits


class TestOwners:
    def test_a_transit_gateway_whose_attachments_are_not_in_the_snapshot_is_unknown(self) -> None:
        """The association names it, its owner and its Region."""
        over = OverTransitGateway()
        association = over.dx.associations[0]["associatedGateway"]
        association |= {"id": "tgw-0123456789abcdef0", "ownerAccount": "999999999999", "region": "eu-west-1"}
        answer = over.inwards()
        operation = "describe-transit-gateway-attachments"
        assert (answer.verdict, answer.calls) == (
            "unknown",
            {CallRef("999999999999", "eu-west-1", "ec2", operation)},
        )

    def test_what_is_not_announced_to_it_is_not_reached_all_the_same(self) -> None:
        over = OverTransitGateway("10.99.0.0/16")
        over.dx.associations[0]["associatedGateway"] |= {"id": "tgw-0123456789abcdef0"}
        assert over.inwards().verdict == "no"

    def test_an_association_may_name_its_virtual_private_gateway_once_only(self) -> None:
        """As `associatedGateway`, without the older `virtualGatewayId`."""
        over = OverGateway()
        del over.dx.associations[0]["virtualGatewayId"]
        assert over.verdicts == ("yes", "yes")


class TestTwoLinks:
    """A link that is down announces nothing, so both sides use the other one."""

    @pytest.mark.parametrize(
        ("bgp", "tunnels", "verdict"),
        [
            ("up", ("UP", "UP"), "yes"),
            ("down", ("UP", "UP"), "yes"),
            ("down", ("DOWN", "UP"), "yes"),
            ("up", ("DOWN", "DOWN"), "yes"),
            ("down", ("DOWN", "DOWN"), "no"),
        ],
    )
    def test_one_that_is_up_serves(self, bgp: str, tunnels: tuple[str, str], verdict: str) -> None:
        over = OverTransitGateway(bgp=bgp, vpn=tunnels)
        assert over.verdicts == (verdict, verdict)

    def test_aws_sends_by_direct_connect_where_both_are_up(self) -> None:
        over = OverTransitGateway(vpn=("UP", "UP"))
        assert over.vpn is not None
        assert over.dx.id in over.outwards().hops
        assert over.vpn.id not in over.outwards().hops

    def test_the_site_may_send_by_either_where_both_announce(self) -> None:
        over = OverTransitGateway(vpn=("UP", "UP"))
        assert over.vpn is not None
        assert {way[2] for way in over.inwards().ways} == {over.dx.id, over.vpn.id}

    def test_what_only_one_announces_goes_by_that_one(self) -> None:
        over = OverTransitGateway("10.2.0.0/16", vpn=("UP", "UP"))
        assert over.vpn is not None
        answer = over.inwards()
        assert (answer.verdict, answer.hops[2]) == ("yes", over.vpn.id)

    @pytest.mark.parametrize("bgp", ["up", "down"])
    def test_of_a_virtual_private_gateways_routes_direct_connects_come_first_while_it_is_up(self, bgp: str) -> None:
        """https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-route-priority.html."""
        over = OverGateway(bgp=bgp)
        customer = over.net.customer_gateway("dc", "203.0.113.7")
        vpn = over.net.vpn("dc", customer, over.gateway, bgp=[SITE])
        answer = ask(over.net, over.server, HOST, tcp=443, site=site_file(links=[over.dx.id, vpn.id]))
        assert answer.verdict == "yes"
        assert (over.dx.id if bgp == "up" else vpn.id) in answer.hops

    @pytest.mark.parametrize("bgp", ["up", "down"])
    def test_direct_connect_comes_before_a_static_vpn_route_of_equal_length(self, bgp: str) -> None:
        over = OverGateway(bgp=bgp)
        customer = over.net.customer_gateway("dc", "203.0.113.7")
        vpn = over.net.vpn("dc", customer, over.gateway, static=[SITE])
        answer = ask(over.net, over.server, HOST, tcp=443, site=site_file(links=[over.dx.id, vpn.id]))
        assert answer.verdict == "yes"
        assert (over.dx.id if bgp == "up" else vpn.id) in answer.hops


class TestBetweenVpcs:
    """https://docs.aws.amazon.com/directconnect/latest/UserGuide/direct-connect-gateways-intro.html."""

    @pytest.mark.parametrize(("announced", "verdict"), [("10.0.0.0/8", "yes"), (SITE, "no")])
    def test_only_where_the_site_announces_a_supernet(self, announced: str, verdict: str) -> None:
        over = OverGateway(site=announced)
        other = over.net.vpc("other", "10.2.0.0/16")
        other.default_group.allow_in(rule("all"))
        gateway = other.vpn_gateway("other")
        over.dx.associate(gateway, "10.2.0.0/16")
        other.main_table.propagate(gateway, announced)
        server = other.subnet("b", "10.2.1.0/24").interface()
        assert ask(over.net, over.server, server, tcp=443).verdict == verdict

    def test_a_site_whose_range_contains_the_vpcs_is_no_other_site(self) -> None:
        over = OverGateway("10.2.0.0/16")
        site = site_file(links=[over.dx.id]).replace("[172.20.0.0/16]", "[10.0.0.0/8]")
        answer = ask(over.net, "10.99.0.1", over.server, tcp=443, site=site)
        assert (answer.verdict, answer.codes) == ("no", {Code.DX_NOT_ANNOUNCED})

    def test_between_sites_it_is_not_known(self) -> None:
        """SiteLink is not modelled."""
        over = OverGateway()
        site = f"""\
version: 1
on_premises:
  - {{name: dc, cidrs: [172.20.0.0/16], connects_through: [{over.dx.id}], firewall: {{default: allow}}}}
  - {{name: branch, cidrs: [172.30.0.0/16], connects_through: [{over.dx.id}], firewall: {{default: allow}}}}
"""
        answer = ask(over.net, "dc", "branch", tcp=443, site=site)
        assert answer.verdict == "unknown"
        assert "SiteLink" in answer.doubts
