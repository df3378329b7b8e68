"""Calls of the web server where the first guess at the culprit is wrong, or where there is none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from builder import Estate, allow, policy, rule
from builder.estate import HOME, REGION, SHARED
from checks.api import called, edited, estate, faults, status
from mwaanet.errors import SiteFileError

ACCOUNT = {"AWS": f"arn:aws:iam::{HOME}:root"}
RUNNER = f"arn:aws:iam::{HOME}:role/ci-runner"


class TestSomebodyOfATrustedAccount:
    """A trust policy that names an account trusts each of its principals
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts)."""

    def test_is_whom_the_endpoint_policy_names(self) -> None:
        net = estate()
        net.endpoints["sts"].policy(policy(allow("sts:AssumeRole", "*", Principal={"AWS": RUNNER})))
        assert status(called(net)) == "pass"

    @pytest.mark.parametrize("pattern", [RUNNER, f"arn:aws:iam::{HOME}:role/ci-*"])
    def test_is_whom_a_condition_singles_out(self, pattern: str) -> None:
        net = estate()
        condition = {"ArnLike": {"aws:PrincipalArn": pattern}}
        trust = {"Effect": "Allow", "Principal": ACCOUNT, "Action": "sts:AssumeRole", "Condition": condition}
        net.caller.detail["AssumeRolePolicyDocument"] = policy(trust)
        assert status(called(net)) == "pass"

    def test_is_nobody_of_another_account(self) -> None:
        net = estate()
        stranger = RUNNER.replace(HOME, SHARED)
        net.endpoints["sts"].policy(policy(allow("sts:AssumeRole", "*", Principal={"AWS": stranger})))
        found = called(net)
        assert faults(found)["API-TRUST"].resources == (net.endpoints["sts"].id,)


def test_a_principal_of_another_account_is_the_culprit_itself() -> None:
    """Amazon MWAA has no resource-based policies
    (https://docs.aws.amazon.com/mwaa/latest/userguide/security_iam_service-with-iam.html)."""
    net = estate()
    trust = policy({"Effect": "Allow", "Principal": {"AWS": SHARED}, "Action": "sts:AssumeRole"})
    stranger = net.shared.role("stranger", trust, inline={"all": policy(allow("airflow:*", "*"))})
    finding = faults(called(edited(net, (net.caller.arn, stranger.arn))))["API-TOKEN"]
    assert finding.resources == ("stranger", stranger.arn)
    assert "own account" in finding.message


class TestForwardsToNobody:
    """The site's resolvers forward to an address that nobody holds: not the subnet is to mend, but the forward."""

    def test_the_resolvers_are_the_culprit(self) -> None:
        net = estate()
        inbound = ", ".join(net.resolver_inbound.addresses)
        found = called(
            edited(
                net,
                (
                    f"{REGION}.airflow.amazonaws.com, to: [{inbound}]",
                    f"{REGION}.airflow.amazonaws.com, to: [10.24.32.99]",
                ),
            )
        )
        finding = faults(found)["API-NAME"]
        assert (finding.status.value, finding.resources[0]) == ("fail", "dc.dns")
        assert "inbound endpoint" in str(finding.fix)
        assert "10.24.32.99" in str(finding.fix)

    def test_one_of_two_is_a_warning(self) -> None:
        net = estate()
        first, second = net.resolver_inbound.addresses
        found = called(edited(net, (f"[{first}, {second}]", f"[{first}, 10.24.32.99]")))
        finding = faults(found)["API-NAME"]
        assert (status(found), finding.resources[0]) == ("warn", "dc.dns")


class TestEndpointsOwnName:
    """Clients may call Amazon MWAA's API by the endpoint's own name, which its certificate holds
    (https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html)."""

    def test_needs_no_forward_of_the_service_s_name(self) -> None:
        net = estate()
        host, inbound = net.endpoints["airflow.env"].dns_name, ", ".join(net.resolver_inbound.addresses)
        found = called(
            edited(
                net,
                ("\napi:\n", f"\napi:\n  host: {host}\n"),
                (
                    f"zone: airflow.{REGION}.amazonaws.com, to: [{inbound}]",
                    f"zone: vpce.amazonaws.com, to: [{inbound}]",
                ),
            )
        )
        assert (status(found), faults(found)) == ("pass", {})

    def test_has_to_resolve(self) -> None:
        net = estate()
        host = net.endpoints["airflow.env"].dns_name
        found = called(edited(net, ("\napi:\n", f"\napi:\n  host: {host}\n")))
        assert (status(found), faults(found)["API-NAME"].resources[0]) == ("fail", "dc.dns")


def test_a_client_that_no_site_declares_is_a_mistake_in_the_site_file() -> None:
    with pytest.raises(SiteFileError, match=r"dc1\.controler.*did you mean.*dc\.controller"):
        called(edited(estate(), ("[dc.controller]", "[dc1.controler]")))


class TestTheFixSaysWhatToOpen:
    def test_in_the_site_s_firewall(self) -> None:
        fix = str(faults(called(edited(estate(), ("ports: [443]", "ports: [80]"))))["API-SITE"].fix)
        assert "dc.firewall outbound" in fix
        assert "443" in fix

    def test_in_a_route_table(self) -> None:
        net = estate()
        net.workers[0].table.remove("172.20.0.0/16")
        fix = str(faults(called(net))["API-RETURN"].fix)
        assert "Route 172.20.0.0/16 to" in fix


def blackholes_beside_it(net: Estate) -> None:
    for table in (net.vpc_table, net.edge_table):
        table.blackhole("172.16.0.0/12").blackhole("10.0.0.0/8").blackhole("172.20.8.0/24")


def static_defaults_elsewhere(net: Estate) -> None:
    for table in (net.vpc_table, net.edge_table):
        table.route("0.0.0.0/0", net.shared_attachment)


def appliance_mode(net: Estate) -> None:
    net.attachment.details[0]["Options"]["ApplianceModeSupport"] = "enable"


class TestTransitGateway:
    """The most specific route decides, whatever else the table holds; appliance mode chooses one of two zones
    (https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-route-evaluation-overview,
    https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-appliance-scenario.html)."""

    @pytest.mark.parametrize("change", [blackholes_beside_it, static_defaults_elsewhere, appliance_mode])
    def test_looks_broken_and_is_not(self, change: Callable[[Estate], None]) -> None:
        net = estate()
        change(net)
        found = called(net)
        assert (status(found), faults(found)) == ("pass", {})

    @pytest.mark.parametrize(("table", "block"), [("vpc_table", "172.20.7.0/24"), ("edge_table", "10.24.32.0/24")])
    def test_a_longer_blackhole_is_the_culprit(self, table: str, block: str) -> None:
        net = estate()
        getattr(net, table).blackhole(block)
        found = called(net)
        culprits = {finding.resources[0] for finding in faults(found).values()}
        assert (status(found), getattr(net, table).id in culprits) == ("fail", True)


class TestOneLinkOfTwoIsDown:
    """Direct Connect with a VPN as its spare
    (https://docs.aws.amazon.com/directconnect/latest/UserGuide/high_resiliency.html)."""

    def test_the_vpn(self) -> None:
        net = estate()
        assert net.vpn
        net.vpn.tunnels("DOWN", "DOWN")
        found = called(net)
        assert (status(found), faults(found)["API-SITE"].resources[0]) == ("warn", net.vpn.id)

    def test_direct_connect(self) -> None:
        net = estate()
        assert net.virtual_interface
        assert net.dx_gateway
        net.virtual_interface.bgp("down")
        found = called(net)
        assert (status(found), faults(found)["API-SITE"].resources[0]) == ("warn", net.dx_gateway.id)


@pytest.mark.parametrize("client", ["eni-0123456789abcdef0", "i-0123456789abcdef0", "cvpn-endpoint-0123456789abcdef0"])
def test_a_client_that_the_snapshot_does_not_hold_is_not_known(client: str) -> None:
    """It may be of an account that was not read."""
    found = called(edited(estate(), ("clients: [dc.controller]", f"clients: [{client}]")))
    assert status(found) == "unknown"
    unclear = [finding for finding in found.findings if finding.status.value == "unknown"]
    assert unclear
    assert all(client in finding.message and "{" not in finding.message for finding in unclear)


def test_a_client_inside_the_vpc_needs_no_network_in_between() -> None:
    net = estate()
    client = net.workers[0].instance("bastion", "10.24.8.200")
    net.environment_group.allow_in(rule("tcp", 443, "10.24.8.0/24"))
    found = called(edited(net, ("clients: [dc.controller]", f"clients: [{client.id}]")))
    skipped = {finding.id: finding.message for finding in found.findings if finding.status.value == "skip"}
    assert "the way to" in skipped["API-NETWORK"]
    assert "has none" in skipped["API-NETWORK"]


class TestSiteAndVpcOverlap:
    """Replies to an address that the VPC holds, too, never leave it: the local route comes first
    (https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html)."""

    def overlapping(self, address: str) -> tuple[Estate, dict[str, bytes]]:
        """The site has the range of a subnet of the workers."""
        net = estate()
        files = edited(
            net,
            ("cidrs: [172.20.0.0/16]", "cidrs: [172.20.0.0/16, 10.24.8.0/24]"),
            ("controller: 172.20.7.21", f"controller: {address}"),
            ("from: 172.20.7.0/24", "from: 10.24.8.0/24"),
        )
        return net, dict(files)

    @pytest.mark.parametrize("address", ["10.24.8.10", "10.24.8.201"], ids=["a worker may hold it", "nobody holds it"])
    def test_the_vpc_is_named_beside_whoever_stops_the_request(self, address: str) -> None:
        net, files = self.overlapping(address)
        found = faults(called(files))
        assert net.environment_group.id in found["API-ENDPOINT"].resources
        assert net.vpc.id in found["API-RETURN"].resources
        assert "too" in found["API-RETURN"].message


def test_the_permission_that_is_proposed_is_not_that_of_an_administrator() -> None:
    """The Airflow role is part of the resource (https://docs.aws.amazon.com/mwaa/latest/userguide/access-policies.html)."""
    net = estate()
    net.caller.inline("call-airflow", policy(allow("s3:ListAllMyBuckets", "*")))
    finding = faults(called(net))["API-TOKEN"]
    assert "/User" in str(finding.fix)
    assert "/Admin" not in str(finding.fix)
