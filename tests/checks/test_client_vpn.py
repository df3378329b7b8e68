"""The web server called by clients of a Client VPN endpoint, step by step.

https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/scenario-vpc.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from builder import Estate, inbound, outbound, rule
from builder.client_vpn import ClientVpn
from builder.estate import HOME, REGION
from builder.rules import Rule
from builder.subnet import Subnet
from checks.api import called, edited, estate, faults, named, status
from checks.cases import asked, only
from mwaanet.checks.result import Diagnosis, Status

CLIENTS, GATES, VPC = "172.31.0.0/22", "10.24.48.0/26", "10.24.0.0/16"
OPERATIONS = (
    "describe-client-vpn-endpoints",
    "describe-client-vpn-target-networks",
    "describe-client-vpn-routes",
    "describe-client-vpn-authorization-rules",
)


class Office:
    """The healthy estate, called by the clients of a Client VPN endpoint with a subnet in each zone."""

    def __init__(self, *, dns: str = "10.24.0.2", split: bool = False, authorized: tuple[str, ...] = (VPC,)) -> None:
        self.estate: Estate = estate()
        vpc = self.estate.vpc
        self.group = vpc.security_group("client-vpn", egress=[rule("all", None, VPC)])
        self.gates: list[Subnet] = [
            vpc.subnet(f"gate-{letter}", cidr, zone)
            for letter, cidr, zone in (("a", "10.24.48.0/27", "use1-az1"), ("b", "10.24.48.32/27", "use1-az2"))
        ]
        self.vpn: ClientVpn = self.estate.net.client_vpn(
            "office", CLIENTS, vpc, groups=[self.group], dns=[dns] if dns else [], split=split
        )
        for gate in self.gates:
            self.vpn.associate(gate)
        for cidr in authorized:
            self.vpn.authorize(cidr)
        self.open_groups(rule("tcp", 443, self.group))
        for acl in (self.estate.worker_acl, self.estate.endpoint_acl):
            acl.add(inbound(70, "allow", "tcp", 443, GATES))
            acl.add(outbound(70, "allow", "tcp", (1024, 65535), GATES))

    def open_groups(self, opened: Rule) -> None:
        for group in (self.estate.environment_group, self.estate.endpoint_group):
            group.allow_in(opened)

    def close_groups(self) -> None:
        for group in (self.estate.environment_group, self.estate.endpoint_group):
            group._ingress = [one for one in group._ingress if one.peers != (self.group,)]
            group._write()

    def files(self) -> Mapping[str, bytes]:
        return edited(self.estate, ("clients: [dc.controller]", f"clients: [{self.vpn.id}]"))

    def diagnosed(self) -> Diagnosis:
        return called(self.files())


Break = Callable[[], tuple[Office, str]]
"""Gives a broken office and the culprit."""


class Names:
    @staticmethod
    def the_resolver_is_not_authorized() -> tuple[Office, str]:
        office = Office(authorized=("10.24.8.0/23", "10.24.32.0/25"))
        return office, office.vpn.id

    @staticmethod
    def the_inbound_endpoint_is_closed() -> tuple[Office, str]:
        office = Office(dns="10.24.32.10")
        return office, office.estate.inbound_group.id

    @staticmethod
    def the_private_name_is_off() -> tuple[Office, str]:
        office = Office()
        office.estate.vpc.attribute("enableDnsSupport", False)
        return office, office.estate.vpc.id


class Out:
    @staticmethod
    def nothing_is_authorized() -> tuple[Office, str]:
        office = Office(authorized=())
        return office, office.vpn.id

    @staticmethod
    def only_the_endpoints_are_authorized() -> tuple[Office, str]:
        office = Office(authorized=("10.24.0.0/24", "10.24.32.0/25"))
        return office, office.vpn.id

    @staticmethod
    def no_subnet_is_associated() -> tuple[Office, str]:
        office = Office()
        for network in office.vpn.networks:
            network["Status"] = {"Code": "disassociated"}
        return office, office.vpn.id

    @staticmethod
    def one_subnet_has_lost_its_route() -> tuple[Office, str]:
        office = Office()
        office.vpn.routes[:] = [route for route in office.vpn.routes if route["TargetSubnet"] != office.gates[1].id]
        return office, office.gates[1].id


class Network:
    @staticmethod
    def the_endpoints_group_lets_nothing_out() -> tuple[Office, str]:
        office = Office()
        office.group._egress = []
        office.group._write()
        return office, office.group.id

    @staticmethod
    def the_endpoints_group_lets_other_ports_out() -> tuple[Office, str]:
        office = Office()
        office.group._egress = [rule("tcp", 22, VPC)]
        office.group._write()
        return office, office.group.id


class Into:
    @staticmethod
    def the_web_servers_group_does_not_know_them() -> tuple[Office, str]:
        office = Office()
        office.close_groups()
        return office, office.estate.environment_group.id

    @staticmethod
    def the_web_servers_group_allows_the_clients_own_addresses() -> tuple[Office, str]:
        """Nobody sees them in the VPC: the source has become the address of the endpoint's interface."""
        office = Office()
        office.close_groups()
        office.open_groups(rule("tcp", 443, CLIENTS))
        return office, office.estate.environment_group.id

    @staticmethod
    def the_network_acl_of_the_gates() -> tuple[Office, str]:
        office = Office()
        acl = office.estate.vpc.network_acl(
            "gates", inbound(100, "allow", "tcp", (1024, 65535), VPC), subnets=office.gates
        )
        return office, acl.id


class Back:
    @staticmethod
    def the_network_acl_of_the_workers() -> tuple[Office, str]:
        office = Office()
        office.estate.worker_acl.remove(70, egress=True)
        return office, office.estate.worker_acl.id

    @staticmethod
    def the_network_acl_of_the_gates_takes_the_clients_ports_only() -> tuple[Office, str]:
        office = Office()
        acl = office.estate.vpc.network_acl(
            "gates",
            outbound(100, "allow", "tcp", 443, VPC),
            inbound(100, "allow", "tcp", (49152, 65535), VPC),
            subnets=office.gates,
        )
        return office, acl.id


def variants(check: str, holder: type) -> list[object]:
    found = [item for name, item in vars(holder).items() if isinstance(item, staticmethod)]
    return [pytest.param(check, made, id=f"{check}-{made.__name__}") for made in found]


@pytest.mark.parametrize(
    ("check", "broken"),
    [
        *variants("API-NAME", Names),
        *variants("API-SITE", Out),
        *variants("API-NETWORK", Network),
        *variants("API-ENDPOINT", Into),
        *variants("API-RETURN", Back),
    ],
)
def test_the_culprit_is_named_at_its_step(check: str, broken: Break) -> None:
    office, culprit = broken()
    found = office.diagnosed()
    assert status(found) == "fail"
    finding = faults(found)[check]
    assert (finding.status.value, culprit in finding.resources[:2]) == ("fail", True), finding.resources


class TestInnocent:
    def test_the_way_is_whole(self) -> None:
        """The VPC's own route comes with the association; nobody has to add one."""
        assert faults(Office().diagnosed()) == {}

    def test_a_split_tunnel_carries_what_lies_in_the_vpc(self) -> None:
        assert faults(Office(split=True).diagnosed()) == {}

    def test_authorized_anywhere(self) -> None:
        assert faults(Office(authorized=("0.0.0.0/0",)).diagnosed()) == {}

    def test_an_inbound_endpoint_that_is_open_to_the_gates(self) -> None:
        office = Office(dns="10.24.32.10")
        for number, protocol in ((80, "udp"), (81, "tcp")):
            office.estate.inbound_group.allow_in(rule(protocol, 53, office.group))
            office.estate.endpoint_acl.add(
                inbound(number, "allow", protocol, 53, GATES),
                outbound(number, "allow", protocol, (1024, 65535), GATES),
            )
        assert faults(office.diagnosed()) == {}

    def test_another_subnet_whose_association_failed(self) -> None:
        office = Office()
        office.vpn.networks[1]["Status"] = {"Code": "association-failed"}
        assert faults(office.diagnosed()) == {}

    def test_a_rule_for_a_group_beside_one_for_all(self) -> None:
        office = Office()
        office.vpn.authorize(VPC, "S-1-5-21-1004")
        assert faults(office.diagnosed()) == {}


class TestNotKnown:
    def test_a_rule_for_one_group(self) -> None:
        office = Office(authorized=("10.24.0.0/24", "10.24.32.0/25"))
        office.vpn.authorize("10.24.8.0/23", "S-1-5-21-1004")
        found = office.diagnosed()
        assert status(found) == "unknown"
        finding = faults(found)["API-SITE"]
        assert (finding.status.value, "S-1-5-21-1004" in finding.message) == ("unknown", True)
        assert office.vpn.id in finding.resources

    def test_whom_the_clients_ask_where_the_endpoint_names_no_server(self) -> None:
        office = Office(dns="")
        found = office.diagnosed()
        assert (status(found), faults(found)["API-NAME"].status.value) == ("unknown", "unknown")

    @pytest.mark.parametrize("operation", OPERATIONS)
    def test_a_call_that_was_refused(self, operation: str) -> None:
        office = Office()
        office.estate.net.refuse(HOME, REGION, "ec2", operation)
        found = office.diagnosed()
        assert status(found) == "unknown"
        needs = {ref.operation for finding in faults(found).values() for ref in finding.needs}
        assert needs == {operation}

    @pytest.mark.parametrize("operation", OPERATIONS)
    def test_a_call_that_nobody_made(self, operation: str) -> None:
        office = Office()
        office.estate.net.drop_call(HOME, REGION, "ec2", operation)
        assert status(office.diagnosed()) == "unknown"


class TestByAnotherVpc:
    """https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/scenario-peered.html."""

    def peered(self, *, routed: bool = True, table: bool = True) -> tuple[Diagnosis, ClientVpn, Subnet]:
        net = estate()
        tools = net.net.vpc("tools", "10.60.0.0/16")
        gate = tools.subnet("gate", "10.60.1.0/24")
        for service in ("airflow.env", "sts"):
            tools.endpoint(service, [gate], groups=[tools.default_group])
        tools.default_group.allow_in(rule("tcp", 443, "10.60.0.0/16"))
        peering = net.vpc.peer(tools)
        gate.route(VPC if table else "10.99.0.0/16", peering)
        for worker in net.workers:
            worker.route("10.60.0.0/16", peering)
        net.environment_group.allow_in(rule("tcp", 443, "10.60.1.0/24"))
        net.worker_acl.add(inbound(70, "allow", "tcp", 443, "10.60.1.0/24"))
        net.worker_acl.add(outbound(70, "allow", "tcp", (1024, 65535), "10.60.1.0/24"))
        vpn = net.net.client_vpn("office", CLIENTS, tools, dns=["10.60.0.2"]).associate(gate).authorize("0.0.0.0/0")
        if routed:
            vpn.route(VPC, gate)
        return called(edited(net, ("clients: [dc.controller]", f"clients: [{vpn.id}]"))), vpn, gate

    def test_over_the_peering(self) -> None:
        found, _, _ = self.peered()
        assert status(found) in ("pass", "warn")

    def test_needs_a_route_of_the_endpoint(self) -> None:
        found, vpn, gate = self.peered(routed=False)
        assert faults(found)["API-SITE"].resources[:2] == (vpn.id, gate.id)

    def test_needs_a_route_of_its_subnet(self) -> None:
        found, vpn, gate = self.peered(table=False)
        assert status(found) == "fail"
        assert faults(found)["API-NETWORK"].resources[0] == gate.table.id
        assert vpn.id not in named(found)


class TestTheFixSaysWhatToDo:
    def test_an_authorization_rule(self) -> None:
        office, culprit = Out.nothing_is_authorized()
        fix = faults(office.diagnosed())["API-SITE"].fix
        assert fix
        assert f"aws ec2 authorize-client-vpn-ingress --client-vpn-endpoint-id {culprit} " in fix.cli[0]

    def test_an_authorization_rule_for_the_dns_server(self) -> None:
        office, culprit = Names.the_resolver_is_not_authorized()
        fix = str(faults(office.diagnosed())["API-NAME"].fix)
        assert f"authorization rule for 10.24.0.2/32 to {culprit}" in fix

    def test_a_route(self) -> None:
        found, vpn, gate = TestByAnotherVpc().peered(routed=False)
        fix = faults(found)["API-SITE"].fix
        assert fix
        assert fix.cli[0].startswith(f"aws ec2 create-client-vpn-route --client-vpn-endpoint-id {vpn.id} ")
        assert f" --target-vpc-subnet-id {gate.id} --region " in fix.cli[0]


def test_a_check_of_ones_own_may_ask_for_its_clients() -> None:
    office = Office()
    question = f"reach: {{from: {office.vpn.id}, to: mwaa.webserver, port: 443}}"
    assert only(asked(office.estate, question)).status is Status.PASS
    office.vpn.rules.clear()
    finding = only(asked(office.estate, question))
    assert (finding.status, finding.resources[0]) == (Status.FAIL, office.vpn.id)
