"""Calling the web server from outside, step by step: for each step faults with their culprits, and what is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from builder import Estate, allow, deny, inbound, outbound, policy
from builder.estate import HOME, NAME, REGION
from builder.estate_site import CLIENT, CLIENTS, SITE
from checks.api import called, edited, estate, faults, forwarded, named, status, web
from checks.api_examples import trust_roles_anywhere, with_roles_anywhere

Subject = Estate | Mapping[str, bytes]
Break = Callable[[Estate], tuple[Subject, str]]
"""Breaks an estate; gives what to diagnose and the culprit."""

EVERYONE = {"Principal": "*"}
ROLE_RESOURCE = f"arn:aws:airflow:{REGION}:{HOME}:role/{NAME}"


def trust(net: Estate, **principal: str) -> None:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    net.caller.detail["AssumeRolePolicyDocument"] = policy(statement)


def may(net: Estate, actions: list[str], resource: str) -> None:
    net.caller.inline("call-airflow", policy(allow(actions, resource)))


class Credentials:
    @staticmethod
    def sts_not_forwarded(net: Estate) -> tuple[Subject, str]:
        return edited(net, forwarded(f"sts.{REGION}.amazonaws.com")), "dc.dns"

    @staticmethod
    def trust_names_only_a_service(net: Estate) -> tuple[Subject, str]:
        trust(net, Service="ec2.amazonaws.com")
        return net, net.caller.arn

    @staticmethod
    def trust_names_a_deleted_principal(net: Estate) -> tuple[Subject, str]:
        trust(net, AWS="AROA2SDKJH3K2J3H2J3K2")
        return net, net.caller.arn

    @staticmethod
    def trust_denies(net: Estate) -> tuple[Subject, str]:
        both = {"Principal": {"AWS": f"arn:aws:iam::{HOME}:root"}, "Action": "sts:AssumeRole"}
        net.caller.detail["AssumeRolePolicyDocument"] = policy({"Effect": "Allow", **both}, {"Effect": "Deny", **both})
        return net, net.caller.arn

    @staticmethod
    def iam_roles_anywhere_not_forwarded(net: Estate) -> tuple[Subject, str]:
        """https://docs.aws.amazon.com/rolesanywhere/latest/userguide/vpc-interface-endpoints.html"""
        with_roles_anywhere(net)
        return edited(net, forwarded(f"rolesanywhere.{REGION}.amazonaws.com")), "dc.dns"

    @staticmethod
    def iam_roles_anywhere_may_not_tag_sessions(net: Estate) -> tuple[Subject, str]:
        """https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html#role-trusts"""
        with_roles_anywhere(net)
        trust_roles_anywhere(net, "sts:AssumeRole", "sts:SetSourceIdentity")
        return net, net.caller.arn

    @staticmethod
    def endpoint_policy(net: Estate) -> tuple[Subject, str]:
        net.endpoints["sts"].policy(policy(allow("sts:GetCallerIdentity", "*", **EVERYONE)))
        return net, net.endpoints["sts"].id


class Names:
    @staticmethod
    def web_server_not_forwarded(net: Estate) -> tuple[Subject, str]:
        return edited(net, forwarded(f"{REGION}.airflow.amazonaws.com")), "dc.dns"

    @staticmethod
    def api_not_forwarded(net: Estate) -> tuple[Subject, str]:
        return edited(net, forwarded(f"airflow.{REGION}.amazonaws.com")), "dc.dns"

    @staticmethod
    def inbound_endpoint_closed(net: Estate) -> tuple[Subject, str]:
        net.inbound_group._ingress = []
        net.inbound_group._write()
        return net, net.inbound_group.id

    @staticmethod
    def firewall_without_dns(net: Estate) -> tuple[Subject, str]:
        return edited(net, ("to: 10.24.32.0/25, protocol: udp, ports: [53]", "to: 10.9.9.9/32, protocol: udp")), (
            "dc.firewall"
        )

    @staticmethod
    def stale_record(net: Estate) -> tuple[Subject, str]:
        record = f"        {web(net)}: [10.24.8.240]\n      forwards:"
        return edited(net, ("      forwards:", record)), "dc.dns"

    @staticmethod
    def record_of_another_endpoint(net: Estate) -> tuple[Subject, str]:
        other = net.endpoints["secretsmanager"].interfaces[0]["PrivateIpAddress"]
        record = f"        {web(net)}: [{other}]\n      forwards:"
        return edited(net, ("      forwards:", record)), "dc.dns"

    @staticmethod
    def rebinding_protection(net: Estate) -> tuple[Subject, str]:
        changes = (forwarded(f"{REGION}.airflow.amazonaws.com"), ("public: none", "public: filtered"))
        return edited(net, *changes), "dc.dns"


class Site:
    @staticmethod
    def firewall(net: Estate) -> tuple[Subject, str]:
        return edited(net, ("to: 10.24.0.0/16, protocol: tcp, ports: [443]", "to: 10.24.0.0/16, ports: [80]")), (
            "dc.firewall"
        )

    @staticmethod
    def routes(net: Estate) -> tuple[Subject, str]:
        text = f"routes: [{', '.join(net.cidrs)}]"
        return edited(net, (text, f"routes: [{net.shared_vpc.cidrs[0]}]")), "dc.routes"

    @staticmethod
    def both_links_down(net: Estate) -> tuple[Subject, str]:
        assert net.vpn
        assert net.virtual_interface
        net.vpn.tunnels("DOWN", "DOWN")
        net.virtual_interface.bgp("down")
        return net, net.vpn.id


class Network:
    @staticmethod
    def blackhole(net: Estate) -> tuple[Subject, str]:
        net.edge_table.blackhole("10.24.0.0/16")
        return net, net.edge_table.id

    @staticmethod
    def not_propagated(net: Estate) -> tuple[Subject, str]:
        net.edge_table.stop_propagation(net.attachment)
        return net, net.edge_table.id

    @staticmethod
    def static_route_to_another_vpc(net: Estate) -> tuple[Subject, str]:
        """A static route comes before a propagated one of equal length
        (https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-route-evaluation-overview)."""
        net.edge_table.route("10.24.0.0/16", net.shared_attachment)
        return net, net.edge_table.id

    @staticmethod
    def longer_static_route_to_a_link(net: Estate) -> tuple[Subject, str]:
        assert net.vpn_attachment
        net.edge_table.route("10.24.8.0/22", net.vpn_attachment)
        return net, net.edge_table.id


class Endpoint:
    @staticmethod
    def group(net: Estate) -> tuple[Subject, str]:
        net.environment_group._ingress = net.environment_group._ingress[:1]
        net.environment_group._write()
        return net, net.environment_group.id

    @staticmethod
    def acl(net: Estate) -> tuple[Subject, str]:
        net.worker_acl.remove(120, egress=False).add(inbound(90, "deny", "tcp", 443, CLIENTS))
        return net, net.worker_acl.id


class Return:
    @staticmethod
    def no_route(net: Estate) -> tuple[Subject, str]:
        net.workers[0].table.remove(SITE)
        return net, net.workers[0].table.id

    @staticmethod
    def not_propagated(net: Estate) -> tuple[Subject, str]:
        assert net.vpn_attachment
        assert net.dx_attachment
        net.vpc_table.stop_propagation(net.vpn_attachment)
        net.vpc_table.stop_propagation(net.dx_attachment)
        return net, net.vpc_table.id

    @staticmethod
    def static_route_to_another_vpc(net: Estate) -> tuple[Subject, str]:
        net.vpc_table.route(SITE, net.shared_attachment)
        return net, net.vpc_table.id

    @staticmethod
    def ephemeral_ports(net: Estate) -> tuple[Subject, str]:
        net.worker_acl.remove(140, egress=True)
        return net, net.worker_acl.id

    @staticmethod
    def the_vpc_overlaps_the_site(net: Estate) -> tuple[Subject, str]:
        net.vpc.add_cidr("172.20.0.0/20")
        return net, net.vpc.id


class Permission:
    @staticmethod
    def on_the_environment_instead_of_the_airflow_role(net: Estate) -> tuple[Subject, str]:
        may(net, ["airflow:*"], f"arn:aws:airflow:{REGION}:{HOME}:environment/{NAME}")
        return net, net.caller.arn

    @staticmethod
    def of_another_environment(net: Estate) -> tuple[Subject, str]:
        may(net, ["airflow:CreateWebLoginToken"], f"arn:aws:airflow:{REGION}:{HOME}:role/staging/Op")
        return net, net.caller.arn

    @staticmethod
    def boundary(net: Estate) -> tuple[Subject, str]:
        net.caller.bound("only-s3", policy(allow("s3:*", "*")))
        return net, f"arn:aws:iam::{HOME}:policy/only-s3"

    @staticmethod
    def explicit_deny(net: Estate) -> tuple[Subject, str]:
        net.caller.attach("no-airflow", policy(deny("airflow:Create*", "*")))
        return net, f"arn:aws:iam::{HOME}:policy/no-airflow"

    @staticmethod
    def endpoint_policy(net: Estate) -> tuple[Subject, str]:
        net.endpoints["airflow.env"].policy(policy(allow("airflow:GetEnvironment", "*", **EVERYONE)))
        return net, net.endpoints["airflow.env"].id

    @staticmethod
    def status(net: Estate) -> tuple[Subject, str]:
        net.environment.record["Status"] = "CREATE_FAILED"
        return net, net.environment.arn


STEPS = {
    Credentials: ("API-NAME", "API-TRUST", "API-ANYWHERE"),
    Names: ("API-NAME",),
    Site: ("API-SITE",),
    Network: ("API-NETWORK",),
    Endpoint: ("API-ENDPOINT",),
    Return: ("API-RETURN",),
    Permission: ("API-TOKEN", "API-STATUS"),
}
BROKEN = [
    pytest.param(checks, getattr(step, name), id=f"{step.__name__}-{name}")
    for step, checks in STEPS.items()
    for name in vars(step)
    if not name.startswith("_")
]


@pytest.mark.parametrize(("checks", "broken"), BROKEN)
def test_the_fault_is_told_by_its_step(checks: tuple[str, ...], broken: Break) -> None:
    subject, culprit = broken(estate())
    found = called(subject)
    told = faults(found)
    assert status(found) == "fail"
    assert any(culprit in told[check].resources for check in checks if check in told), named(found)


@pytest.mark.parametrize(("checks", "broken"), BROKEN)
def test_no_other_resource_is_the_first_culprit_of_that_step(checks: tuple[str, ...], broken: Break) -> None:
    subject, culprit = broken(estate())
    findings = [finding for finding in called(subject).findings if finding.id in checks and finding.status == "fail"]
    assert findings
    for finding in findings:
        assert finding.resources[0] in (culprit, culprit.rpartition("/")[2]), finding.message


def test_a_link_without_a_route_table_is_to_be_associated_with_the_one_that_leads_on() -> None:
    net = estate()
    links = [attachment for attachment in (net.vpn_attachment, net.dx_attachment) if attachment]
    for attachment in links:
        net.edge_table.disassociate(attachment)
    finding = faults(called(net))["API-NETWORK"]
    assert finding.resources[0] in [attachment.id for attachment in links]
    assert finding.resources[1:] == (net.edge_table.id,)


def test_an_attachment_that_is_not_accepted_is_named_with_the_table_that_has_no_route_to_it() -> None:
    net = estate()
    net.attachment.state("pendingAcceptance")
    found = called(net)
    assert {net.attachment.id, net.edge_table.id} <= set(faults(found)["API-NETWORK"].resources)


class Innocent:
    """What looks broken and is not."""

    @staticmethod
    def credentials_come_from_iam_roles_anywhere_and_sts_is_not_forwarded(net: Estate) -> Subject:
        with_roles_anywhere(net)
        return net

    @staticmethod
    def the_sts_endpoint_allows_this_role_alone(net: Estate) -> Subject:
        net.endpoints["sts"].policy(policy(allow("sts:AssumeRole", net.caller.arn, **EVERYONE)))
        return net

    @staticmethod
    def public_names_give_private_addresses(net: Estate) -> Subject:
        return edited(net, forwarded(f"{REGION}.airflow.amazonaws.com"), ("public: none", "public: all"))

    @staticmethod
    def a_wider_zone_is_forwarded_elsewhere(net: Estate) -> Subject:
        return edited(
            net, ("      forwards:\n", "      forwards:\n        - {zone: amazonaws.com, to: [10.99.0.53]}\n")
        )

    @staticmethod
    def the_alias_is_the_web_server_s_own_name(net: Estate) -> Subject:
        return edited(net, ("api:\n", f"api:\n  host: {web(net).upper()}.\n"))

    @staticmethod
    def the_firewall_denies_what_nobody_asks(net: Estate) -> Subject:
        rules = "      rules:\n"
        denied = f"        - {{action: deny, direction: outbound, from: {CLIENT}/32, to: 10.25.0.0/16}}\n"
        return edited(net, (rules, rules + denied))

    @staticmethod
    def a_shorter_route_is_a_blackhole(net: Estate) -> Subject:
        net.edge_table.blackhole("10.0.0.0/8")
        return net

    @staticmethod
    def a_second_group_on_the_endpoint_is_closed(net: Estate) -> Subject:
        closed = net.vpc.security_group("closed")
        for service in ("airflow.env", "sts"):
            net.endpoints[service].regroup(net.endpoint_group, closed)
        return net

    @staticmethod
    def an_acl_denies_other_clients(net: Estate) -> Subject:
        net.worker_acl.add(inbound(50, "deny", "all", None, "172.20.9.0/24"))
        return net

    @staticmethod
    def an_acl_lets_out_replies_to_ephemeral_ports_only(net: Estate) -> Subject:
        net.worker_acl.remove(140, egress=True).add(outbound(60, "allow", "tcp", (1024, 65535), f"{CLIENT}/32"))
        return net

    @staticmethod
    def the_role_may_have_one_airflow_role_of_the_customer_s_own(net: Estate) -> Subject:
        net.caller.inline(
            "call-airflow",
            policy(
                allow(["airflow:CreateWebLoginToken", "airflow:InvokeRestApi"], f"{ROLE_RESOURCE}/Deployers"),
                allow("airflow:CreateCliToken", "*"),
            ),
        )
        return net

    @staticmethod
    def the_endpoint_policy_allows_this_role_alone(net: Estate) -> Subject:
        net.endpoints["airflow.env"].policy(policy(allow("airflow:*", "*", Principal={"AWS": net.caller.arn})))
        return net


@pytest.mark.parametrize("name", [name for name in vars(Innocent) if not name.startswith("_")])
def test_what_looks_broken_and_is_not_passes(name: str) -> None:
    found = called(getattr(Innocent, name)(estate()))
    assert faults(found) == {}
    assert status(found) == "pass"
