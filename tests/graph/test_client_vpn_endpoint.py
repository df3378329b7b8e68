"""Client VPN endpoints (https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/how-it-works.html)."""

from __future__ import annotations

import pytest

from asking import Answer, ask
from builder import Topology, Vpc, inbound, outbound, rule, topology
from builder.client_vpn import ClientVpn
from mwaanet.graph.codes import Code
from mwaanet.net import AddressSet

ACCOUNT, REGION = "111122223333", "us-east-1"
CLIENTS, VPC, ANYWHERE = "172.30.0.0/22", "10.1.0.0/16", "0.0.0.0/0"
SERVER, GATE = "10.1.9.20", "10.1.1.40"


class Staff:
    """A Client VPN endpoint by one subnet of a VPC, and a server in another subnet."""

    def __init__(self, *, split: bool = False, authorized: str = VPC) -> None:
        self.net: Topology = topology(ACCOUNT, REGION)
        self.vpc: Vpc = self.net.vpc("apps", VPC)
        self.group = self.vpc.security_group("clients", egress=[rule("all", None, ANYWHERE)])
        self.subnet = self.vpc.subnet("gate", "10.1.1.0/24", az="use1-az1")
        self.servers = self.vpc.subnet("servers", "10.1.9.0/24")
        self.guard = self.vpc.security_group("server", ingress=[rule("tcp", 443, "10.1.1.0/24")])
        self.server = self.servers.interface(SERVER, groups=[self.guard])
        self.vpn: ClientVpn = self.net.client_vpn("staff", CLIENTS, self.vpc, groups=[self.group], split=split)
        self.vpn.associate(self.subnet, GATE)
        if authorized:
            self.vpn.authorize(authorized)

    def ask(self, destination: str = SERVER, port: int = 443) -> Answer:
        return ask(self.net, self.vpn, destination, tcp=port)

    def second_subnet(self) -> str:
        """Another associated subnet in another zone."""
        subnet = self.vpc.subnet("gate-b", "10.1.2.0/24", az="use1-az2")
        self.vpn.associate(subnet, "10.1.2.40")
        self.guard.allow_in(rule("tcp", 443, "10.1.2.0/24"))
        return subnet.id


class TestSourceTranslation:
    """https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/what-is-best-practices.html."""

    def test_the_vpc_sees_the_endpoints_interface_and_any_port(self) -> None:
        staff = Staff()
        answer = staff.ask()
        assert answer.verdict == "yes"
        seen = answer.trace.forward[0].hops[-1].packets
        assert (seen.src, seen.sport.spans) == (AddressSet.parse(GATE), ((1024, 65535),))

    def test_the_way_there_and_back(self) -> None:
        staff = Staff()
        answer = staff.ask()
        acl, table, gate = staff.vpc.default_acl.id, staff.vpc.main_table.id, staff.subnet.interfaces[0].id
        vpn, out, guard = staff.vpn.id, staff.group.id, staff.guard.id
        assert answer.hops == [vpn, vpn, gate, out, table, acl, acl, guard, staff.server.id]
        assert answer.back == [staff.server.id, guard, table, acl, acl, out, gate, vpn]

    def test_the_servers_group_may_name_the_endpoints(self) -> None:
        """https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/client-authorization.html."""
        staff = Staff()
        staff.guard._ingress = []
        staff.guard.allow_in(rule("tcp", 443, staff.group))
        assert staff.ask().verdict == "yes"

    def test_the_servers_group_cannot_name_the_clients_addresses(self) -> None:
        staff = Staff()
        staff.guard._ingress = []
        staff.guard.allow_in(rule("tcp", 443, CLIENTS))
        answer = staff.ask()
        assert (answer.verdict, answer.codes, answer.culprits) == (
            "no",
            {Code.SECURITY_GROUP_INGRESS},
            (staff.guard.id,),
        )

    def test_the_endpoints_own_group_must_let_out(self) -> None:
        staff = Staff()
        staff.group._egress = []
        staff.group._write()
        answer = staff.ask()
        assert (answer.verdict, answer.codes, answer.culprits) == (
            "no",
            {Code.SECURITY_GROUP_EGRESS},
            (staff.group.id,),
        )

    def test_the_network_acl_of_its_subnet_must_let_replies_in_to_any_port(self) -> None:
        staff = Staff()
        acl = staff.vpc.network_acl(
            "gate",
            outbound(100, "allow", "tcp", 443, VPC),
            inbound(100, "allow", "tcp", (32768, 60999), VPC),
            subnets=[staff.subnet],
        )
        assert staff.ask().culprits == (acl.id,)
        acl.add(inbound(110, "allow", "tcp", (1024, 65535), VPC))
        assert staff.ask().verdict == "yes"

    def test_nothing_but_replies_comes_back(self) -> None:
        staff = Staff()
        staff.group.allow_in(rule("all", None, ANYWHERE))
        staff.guard.allow_out(rule("all", None, ANYWHERE))
        answer = ask(staff.net, staff.server, GATE, tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.CLIENT_VPN_UNSOLICITED})
        assert ask(staff.net, staff.server, staff.vpn, tcp=443).verdict == "no"


class TestAuthorization:
    """https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-rules.html."""

    def test_what_no_rule_covers_is_refused_although_a_route_leads_there(self) -> None:
        staff = Staff(authorized="10.2.0.0/16")
        answer = staff.ask()
        assert (answer.verdict, answer.codes, answer.culprits) == (
            "no",
            {Code.CLIENT_VPN_NOT_AUTHORIZED},
            (staff.vpn.id,),
        )

    def test_without_any_rule_all_is_refused(self) -> None:
        assert Staff(authorized="").ask().codes == {Code.CLIENT_VPN_NOT_AUTHORIZED}

    def test_anywhere_covers_what_no_other_rule_does(self) -> None:
        staff = Staff(authorized=ANYWHERE)
        assert staff.ask().verdict == "yes"

    def test_a_rule_for_a_group_leaves_it_open(self) -> None:
        staff = Staff(authorized="")
        staff.vpn.authorize(VPC, "S-1-5-21-1004")
        answer = staff.ask()
        assert answer.verdict == "unknown"
        assert "S-1-5-21-1004" in answer.doubts

    def test_a_longer_rule_for_a_group_comes_before_a_shorter_one_for_all(self) -> None:
        """Scenario 7 of the guide: other groups reach what no longer rule names, and nothing else."""
        staff = Staff(authorized=ANYWHERE)
        staff.vpn.authorize("10.1.9.0/24", "managers")
        assert staff.ask().verdict == "unknown"
        staff.vpn.authorize("10.1.9.0/24")
        assert staff.ask().verdict == "yes"

    def test_a_rule_for_a_group_does_not_hide_what_certainly_stops_the_packets(self) -> None:
        staff = Staff(authorized="")
        staff.vpn.authorize(VPC, "managers")
        assert staff.ask(port=80).verdict == "no"

    def test_a_rule_that_failed_does_not_count(self) -> None:
        staff = Staff(authorized="")
        staff.vpn.authorize(VPC, state="failed")
        assert staff.ask().codes == {Code.CLIENT_VPN_NOT_AUTHORIZED}

    @pytest.mark.parametrize("state", ["authorizing", "revoking"])
    def test_a_rule_that_is_being_changed_leaves_it_open(self, state: str) -> None:
        staff = Staff(authorized="")
        staff.vpn.authorize(VPC, state=state)
        answer = staff.ask()
        assert (answer.verdict, state in answer.doubts) == ("unknown", True)

    def test_a_part_that_is_covered_passes(self) -> None:
        staff = Staff(authorized="10.1.9.16/28")
        staff.servers.interface("10.1.9.40", groups=[staff.guard])
        answer = ask(staff.net, staff.vpn, "10.1.9.20-10.1.9.40", tcp=443)
        assert answer.verdict == "partial"
        assert SERVER in answer.passed


class TestRoutes:
    """https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-routes.html."""

    def peered(self, *, routed: bool = True) -> tuple[Staff, str]:
        """A server in a peered VPC, with routes in both VPCs."""
        staff = Staff()
        other = staff.net.vpc("other", "10.2.0.0/16")
        inside = other.subnet("inside", "10.2.1.0/24")
        other.default_group.allow_in(rule("tcp", 443, VPC))
        inside.interface("10.2.1.5")
        peering = staff.vpc.peer(other)
        staff.subnet.route("10.2.0.0/16", peering)
        inside.route(VPC, peering)
        staff.vpn.authorize("10.2.0.0/16")
        if routed:
            staff.vpn.route("10.2.0.0/16", staff.subnet)
        return staff, "10.2.1.5"

    def test_the_vpcs_own_comes_with_the_association(self) -> None:
        staff = Staff()
        assert [route["Origin"] for route in staff.vpn.routes] == ["associate"]
        assert staff.ask().verdict == "yes"

    def test_a_block_added_to_the_vpc_later_has_none(self) -> None:
        """https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-target.html."""
        staff = Staff(authorized=ANYWHERE)
        staff.vpc.add_cidr("10.9.0.0/16")
        late = staff.vpc.subnet("late", "10.9.1.0/24")
        late.interface("10.9.1.20", groups=[staff.guard])
        assert staff.ask("10.9.1.20").codes == {Code.CLIENT_VPN_NO_ROUTE}

    def test_other_networks_need_one(self) -> None:
        staff, server = self.peered(routed=False)
        answer = staff.ask(server)
        assert (answer.verdict, answer.codes, answer.culprits) == (
            "no",
            {Code.CLIENT_VPN_NO_ROUTE},
            (staff.vpn.id, staff.subnet.id),
        )

    def test_with_one_the_peered_vpc_is_reached(self) -> None:
        staff, server = self.peered()
        assert staff.ask(server).verdict == "yes"

    def test_the_subnets_own_table_decides_from_there(self) -> None:
        staff, server = self.peered()
        staff.subnet.table.remove("10.2.0.0/16")
        assert staff.ask(server).culprits[0] == staff.subnet.table.id

    def test_a_route_that_failed_does_not_count(self) -> None:
        staff, server = self.peered(routed=False)
        staff.vpn.route("10.2.0.0/16", staff.subnet, state="failed")
        assert staff.ask(server).codes == {Code.CLIENT_VPN_NO_ROUTE}

    @pytest.mark.parametrize("state", ["creating", "deleting"])
    def test_a_route_that_is_being_changed_leaves_it_open(self, state: str) -> None:
        staff, server = self.peered(routed=False)
        staff.vpn.route("10.2.0.0/16", staff.subnet, state=state)
        answer = staff.ask(server)
        assert (answer.verdict, state in answer.doubts) == ("unknown", True)

    def test_a_client_lands_on_any_associated_subnet_and_has_its_routes_only(self) -> None:
        """https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/troubleshooting.html#intermittent-access."""
        staff, server = self.peered()
        second = staff.second_subnet()
        answer = staff.ask(server)
        assert (answer.verdict, answer.codes, answer.culprits) == (
            "partial",
            {Code.CLIENT_VPN_NO_ROUTE},
            (staff.vpn.id, second),
        )
        assert staff.ask().verdict == "yes"

    def test_clients_reach_each_other_by_a_local_route(self) -> None:
        """https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/scenario-client-to-client.html."""
        staff = Staff()
        staff.vpn.authorize(CLIENTS)
        assert ask(staff.net, staff.vpn, "172.30.0.9", tcp=22).codes == {Code.CLIENT_VPN_NO_ROUTE}
        staff.vpn.route(CLIENTS, "local")
        assert ask(staff.net, staff.vpn, staff.vpn, tcp=22).verdict == "yes"

    def test_to_the_internet_by_the_interfaces_public_address(self) -> None:
        """https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/scenario-internet.html."""
        staff = Staff(authorized=ANYWHERE)
        staff.subnet.interfaces[0].public_ip("198.51.100.40")
        staff.subnet.route(ANYWHERE, staff.vpc.internet_gateway())
        assert staff.ask("8.8.8.8").codes == {Code.CLIENT_VPN_NO_ROUTE}
        staff.vpn.route(ANYWHERE, staff.subnet)
        assert staff.ask("8.8.8.8").verdict == "yes"


class TestSplitTunnel:
    """https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/split-tunnel-vpn.html."""

    def test_what_a_route_leads_to_goes_through_it(self) -> None:
        assert Staff(split=True).ask().verdict == "yes"

    def test_other_public_addresses_are_reached_by_the_clients_own_network(self) -> None:
        answer = Staff(split=True).ask("8.8.8.8")
        assert answer.verdict == "unknown"
        assert "split tunnel" in answer.doubts

    def test_other_private_addresses_are_not_reached(self) -> None:
        staff = Staff(split=True, authorized=ANYWHERE)
        assert staff.ask("10.2.1.5").codes == {Code.CLIENT_VPN_NO_ROUTE}

    def test_without_it_all_goes_to_the_endpoint(self) -> None:
        assert Staff().ask("8.8.8.8").codes == {Code.CLIENT_VPN_NOT_AUTHORIZED}


class TestTargetNetworks:
    """https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-target.html."""

    def test_without_one_no_client_connects(self) -> None:
        staff = Staff()
        staff.vpn.networks.clear()
        staff.vpn.record["Status"] = {"Code": "pending-associate"}
        answer = staff.ask()
        assert (answer.verdict, answer.codes, answer.culprits) == (
            "no",
            {Code.CLIENT_VPN_NO_TARGET_NETWORK},
            (staff.vpn.id,),
        )

    @pytest.mark.parametrize("state", ["associating", "disassociating"])
    def test_it_must_be_associated(self, state: str) -> None:
        staff = Staff()
        staff.vpn.networks[0]["Status"] = {"Code": state}
        answer = staff.ask()
        assert (answer.verdict, answer.culprits) == ("no", (staff.vpn.id, staff.subnet.id))
        assert state in answer.why

    def test_one_that_is_not_associated_beside_one_that_is_does_no_harm(self) -> None:
        staff = Staff()
        staff.second_subnet()
        staff.vpn.networks[1]["Status"] = {"Code": "association-failed"}
        assert staff.ask().verdict == "yes"

    @pytest.mark.parametrize("state", ["pending", "deleting"])
    def test_the_endpoint_must_be_available(self, state: str) -> None:
        staff = Staff()
        staff.vpn.record["Status"] = {"Code": state}
        answer = staff.ask()
        assert (answer.verdict, answer.codes, answer.culprits) == ("no", {Code.BAD_STATE}, (staff.vpn.id,))

    def test_every_interface_of_the_subnet_may_be_the_one(self) -> None:
        staff = Staff()
        extra = staff.subnet.interface("10.1.1.41", groups=[staff.group], description="ClientVPN Endpoint resource")
        assert staff.ask().verdict == "yes"
        staff.guard._ingress = []
        staff.guard.allow_in(rule("tcp", 443, f"{GATE}/32"))
        answer = staff.ask()
        assert answer.verdict == "partial"
        assert extra.id in {hop for way in answer.ways for hop in way}


class TestEvidence:
    """A drop is shown by the list that leaves out what is missing, a pass by the rule or route that decides."""

    def read(self, answer: Answer) -> list[tuple[str, str]]:
        found = [(e.file.rpartition("/")[2], e.pointer) for hop in answer.trace.forward[0].hops for e in hop.evidence]
        return [pair for pair in found if "client-vpn" in pair[0]]

    def test_of_a_way_that_is_open(self) -> None:
        assert self.read(Staff().ask()) == [
            ("describe-client-vpn-authorization-rules.json", "/Calls/0/Response/AuthorizationRules/0"),
            ("describe-client-vpn-routes.json", "/Calls/0/Response/Routes/0"),
            ("describe-client-vpn-target-networks.json", "/Calls/0/Response/ClientVpnTargetNetworks/0"),
        ]

    def test_of_a_rule_that_is_missing(self) -> None:
        assert self.read(Staff(authorized="").ask()) == [
            ("describe-client-vpn-authorization-rules.json", "/Calls/0/Response/AuthorizationRules")
        ]

    def test_of_a_route_that_is_missing(self) -> None:
        read = self.read(Staff(authorized=ANYWHERE).ask("10.2.1.5"))
        assert read[-1] == ("describe-client-vpn-routes.json", "/Calls/0/Response/Routes")


class TestWhatIsNotKnown:
    @pytest.mark.parametrize(
        "operation",
        [
            "describe-client-vpn-endpoints",
            "describe-client-vpn-target-networks",
            "describe-client-vpn-routes",
            "describe-client-vpn-authorization-rules",
            "describe-network-interfaces",
        ],
    )
    def test_a_call_that_was_refused(self, operation: str) -> None:
        staff = Staff()
        staff.net.refuse(ACCOUNT, REGION, "ec2", operation)
        assert ask(staff.net, staff.vpn, SERVER, tcp=443).verdict == "unknown"

    def test_interfaces_that_nothing_tells(self) -> None:
        staff = Staff()
        staff.subnet.interfaces[0].record["Description"] = ""
        answer = staff.ask()
        assert (answer.verdict, answer.needs) == ("unknown", {"describe-network-interfaces"})

    def test_an_endpoint_of_a_transit_gateway(self) -> None:
        """https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-tgw.html."""
        staff = Staff()
        staff.vpn.record["TransitGatewayConfiguration"] = {"TransitGatewayId": "tgw-0a1b2c3d4e5f60718"}
        answer = staff.ask()
        assert answer.verdict == "unknown"
        assert "tgw-0a1b2c3d4e5f60718" in answer.doubts

    def test_an_endpoint_for_ipv6_clients_only(self) -> None:
        staff = Staff()
        del staff.vpn.record["ClientCidrBlock"]
        assert staff.ask().verdict == "unknown"

    def test_a_state_that_is_not_told(self) -> None:
        staff = Staff()
        del staff.vpn.record["Status"]
        assert staff.ask().verdict == "unknown"
