"""Calling the web server from outside, step by step: for each step faults with their culprits, and what is none."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest
import yaml

from builder import Estate, allow, deny, inbound, outbound, policy, rule
from builder.estate import HOME, NAME, REGION
from builder.estate_site import CLIENT, CLIENTS, SITE
from checks.api import called, edited, estate, faults, named, status
from checks.api_examples import trust_roles_anywhere, with_roles_anywhere
from checks.examples import remove_endpoint
from mwaanet.checks.codes import Fault

Subject = Estate | Mapping[str, bytes]
Break = Callable[[Estate], tuple[Subject, str]]
"""Breaks an estate; gives what to diagnose and the culprit."""

FORWARD = "        - {{zone: {}, to: [10.24.32.10, 10.24.32.74]}}\n"
EVERYONE = {"Principal": "*"}
ROLE_RESOURCE = f"arn:aws:airflow:{REGION}:{HOME}:role/{NAME}"


def web(net: Estate) -> str:
    return net.environment.host


def forwarded(zone: str) -> tuple[str, str]:
    """The site no longer forwards a zone."""
    return FORWARD.format(zone), ""


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


class TestDoubt:
    def test_a_resolver_whose_public_answers_are_not_declared(self) -> None:
        net = estate()
        found = called(edited(net, forwarded(f"{REGION}.airflow.amazonaws.com"), ("      public: none\n", "")))
        assert status(found) == "unknown"
        assert "on_premises dns: public" in faults(found)["API-NAME"].message

    def test_a_principal_that_is_not_declared(self) -> None:
        net = estate()
        found = called(edited(net, (f"  principal: {net.caller.arn}\n", "")))
        assert status(found) == "unknown"
        assert "api.principal" in faults(found)["API-PRINCIPAL"].message

    @pytest.mark.parametrize("keys", [("dns",), ("firewall",), ("dns", "public")], ids="-".join)
    def test_what_the_site_file_leaves_out_is_named(self, keys: tuple[str, ...]) -> None:
        files = dict(estate().files())
        declared = yaml.safe_load(files["mwaanet.yaml"])
        holder = declared["on_premises"][0]
        for key in keys[:-1]:
            holder = holder[key]
        del holder[keys[-1]]
        holder.pop("forwards", None)
        found = called(files | {"mwaanet.yaml": yaml.safe_dump(declared).encode()})
        doubtful = [finding for finding in found.findings if finding.status == "unknown"]
        assert doubtful
        assert all("mwaanet.yaml" in finding.message for finding in doubtful)

    def test_a_trust_policy_with_a_condition_that_the_caller_has_to_meet(self) -> None:
        net = estate()
        statement = {"Effect": "Allow", "Principal": {"AWS": HOME}, "Action": "sts:AssumeRole"}
        condition = {"StringEquals": {"sts:ExternalId": "fernleaf"}}
        net.caller.detail["AssumeRolePolicyDocument"] = policy({**statement, "Condition": condition})
        finding = faults(called(net))["API-TRUST"]
        assert finding.status == "unknown"
        assert "sts:externalid" in finding.message.lower()

    @pytest.mark.parametrize("operation", ["get-role", "list-role-policies"])
    def test_policies_that_were_not_read(self, operation: str) -> None:
        net = estate()
        net.net.refuse_call(HOME, "global", "iam", operation, RoleName=net.caller.name)
        found = called(net)
        assert status(found) == "unknown"
        assert {need.operation for finding in faults(found).values() for need in finding.needs} == {operation}

    def test_a_role_that_does_not_exist(self) -> None:
        net = estate()
        found = called(edited(net, (net.caller.arn, f"arn:aws:iam::{HOME}:role/gone")))
        assert status(found) == "unknown"
        assert "gone" in faults(found)["API-TRUST"].message


class TestCredentialsOverTheInternet:
    def test_that_nobody_declared_are_skipped_where_no_endpoint_serves(self) -> None:
        net = estate(routing="nat")
        remove_endpoint(net, "sts")
        found = called(net)
        assert status(found) == "pass"
        assert [finding.status.value for finding in found.findings if finding.id == "API-CREDENTIALS"] == ["skip"]

    def test_beside_an_endpoint_that_does_not_serve_are_unknown(self) -> None:
        net = estate()
        net.endpoints["sts"].private_dns(False)
        assert status(called(net)) == "unknown"


class TestWithoutDeclaredClients:
    def bare(self, net: Estate) -> Mapping[str, bytes]:
        files = dict(net.files())
        del files["mwaanet.yaml"]
        return files

    def test_the_prefixes_behind_the_links_call(self) -> None:
        net = estate()
        found = called(self.bare(net))
        assert status(found) == "unknown"
        assert any("mwaanet.yaml" in finding.message for finding in faults(found).values())

    def test_a_fault_inside_aws_is_certain_nevertheless(self) -> None:
        net = estate()
        net.environment_group._ingress = net.environment_group._ingress[:1]
        net.environment_group._write()
        found = called(self.bare(net))
        assert status(found) == "fail"
        assert net.environment_group.id in named(found)

    def test_clients_of_the_sites_where_none_is_chosen(self) -> None:
        net = estate()
        found = called(edited(net, ("  clients: [dc.controller]\n", "")))
        assert status(found) == "pass"

    def test_without_any_link_nobody_calls(self) -> None:
        net = estate()
        files = self.bare(net)
        found = called({name: _emptied(text) if _is_of_a_link(name) else text for name, text in files.items()})
        assert status(found) == "skip"


def _is_of_a_link(name: str) -> bool:
    return any(word in name for word in ("vpn-connections", "transit-gateway", "direct-connect", "virtual-interfaces"))


def _emptied(text: bytes) -> bytes:
    """The same answer with nothing in its list."""
    key = next(iter(json.loads(text)))
    return json.dumps({key: []}).encode()


class TestKindsOfPrincipal:
    def test_a_user_needs_no_credentials_of_aws_sts(self) -> None:
        net = estate()
        person = net.net.user("pipeline", groups={"callers": policy(allow("airflow:*", "*"))})
        changes = ((net.caller.arn, person.arn), forwarded(f"sts.{REGION}.amazonaws.com"))
        found = called(edited(net, *changes))
        assert status(found) == "pass"

    def test_a_user_without_permission(self) -> None:
        net = estate()
        person = net.net.user("pipeline", groups={"readers": policy(allow("s3:*", "*"))})
        found = called(edited(net, (net.caller.arn, person.arn)))
        assert faults(found)["API-TOKEN"].resources == ("pipeline", person.arn)

    def test_a_session_has_its_role_s_policies(self) -> None:
        net = estate()
        session = f"arn:aws:sts::{HOME}:assumed-role/{net.caller.name}/nightly"
        assert status(called(edited(net, (net.caller.arn, session)))) == "pass"


class TestPermissionsThatServeOneWayOnly:
    def test_without_invoke_rest_api_it_is_a_warning(self) -> None:
        net = estate()
        net.caller.inline(
            "call-airflow",
            policy(allow("airflow:CreateWebLoginToken", f"{ROLE_RESOURCE}/User"), allow("airflow:CreateCliToken", "*")),
        )
        found = called(net)
        assert (status(found), list(faults(found))) == ("warn", ["API-INVOKE"])

    def test_airflow_too_old_for_it_is_told(self) -> None:
        found = called(estate(airflow="2.2.2"))
        assert status(found) == "pass"
        (told,) = [finding for finding in found.findings if finding.id == "API-INVOKE-VERSION"]
        assert (told.status, "2.2.2" in told.message) == ("skip", True)


class TestEnvironment:
    @pytest.mark.parametrize("word", ["UPDATING", "UPDATE_FAILED", "MAINTENANCE"])
    def test_in_the_middle_of_a_change(self, word: str) -> None:
        net = estate()
        net.environment.record["Status"] = word
        assert list(faults(called(net))) == ["API-CHANGING"]

    @pytest.mark.parametrize(
        ("internet", "verdict"), [("direct", "pass"), ("none", "fail"), ("firewall", "fail"), ("", "unknown")]
    )
    def test_a_public_web_server_is_reached_over_the_internet(self, internet: str, verdict: str) -> None:
        line = f"      internet: {internet}\n" if internet else ""
        found = called(edited(estate(access="PUBLIC_ONLY"), ("      internet: direct\n", line)))
        assert status(found) == verdict

    def test_a_public_web_server_beside_the_private_one_is_what_clients_call(self) -> None:
        net = estate(access="PUBLIC_AND_PRIVATE", airflow="3.2.0")
        net.environment_group._ingress = net.environment_group._ingress[:1]
        net.environment_group._write()
        assert status(called(net)) == "pass"


class TestAlias:
    ALIAS = ("      records:\n", "      records:\n        airflow.corp.example: {cname: %s}\n")
    HOST = ("api:\n", "api:\n  host: airflow.corp.example\n")

    def test_tls_refuses_an_alias_of_the_web_server(self) -> None:
        net = estate()
        old, new = self.ALIAS
        found = called(edited(net, (old, new % web(net)), self.HOST))
        assert (status(found), list(faults(found))) == ("fail", ["API-ALIAS-CERTIFICATE"])
        assert web(net) in str(faults(found)["API-ALIAS-CERTIFICATE"].fix)

    def test_an_alias_that_does_not_resolve(self) -> None:
        found = called(edited(estate(), self.HOST))
        assert status(found) == "fail"
        assert faults(found)["API-ALIAS"].code == Fault.NAME_NXDOMAIN


class TestAdvice:
    def test_invoke_rest_api_is_offered_where_it_would_work(self) -> None:
        net = estate()
        found = called(edited(net, forwarded(f"{REGION}.airflow.amazonaws.com")))
        assert f"aws mwaa invoke-rest-api --region {REGION} --name {NAME}" in str(faults(found)["API-NAME"].fix)

    def test_it_is_not_offered_where_the_api_is_not_reached_either(self) -> None:
        found = called(edited(estate(), ("ports: [443]", "ports: [80]")))
        assert not any("invoke-rest-api" in str(finding.fix) for finding in faults(found).values())

    def test_it_is_not_offered_over_the_internet(self) -> None:
        """The guide: with a private web server, InvokeRestApi "cannot be invoked from outside of a VPC"."""
        changes = [forwarded(f"{zone}.amazonaws.com") for zone in (f"{REGION}.airflow", f"airflow.{REGION}")]
        public = (("public: none", "public: filtered"), ("default: deny\n", "default: deny\n      internet: direct\n"))
        found = called(edited(estate(), *changes, *public))
        assert status(found) == "fail"
        assert not any("invoke-rest-api" in str(finding.fix) for finding in faults(found).values())

    def test_it_is_not_offered_where_airflow_is_too_old(self) -> None:
        found = called(edited(estate(airflow="2.2.2"), forwarded(f"{REGION}.airflow.amazonaws.com")))
        assert not any("invoke-rest-api" in str(finding.fix) for finding in faults(found).values())


class TestClientInAnotherVpc:
    def peered(self, net: Estate, *, back: bool = True) -> tuple[Mapping[str, bytes], str]:
        """A bastion in a peered VPC, which asks for names there: the web server's is public."""
        tools = net.net.vpc("tools", "10.60.0.0/16")
        subnet = tools.subnet("bastion", "10.60.1.0/24")
        for service in ("airflow.env", "sts"):
            group = tools.security_group(f"{service}-endpoint", ingress=[rule("tcp", 443, "10.60.0.0/16")])
            tools.endpoint(service, [subnet], groups=[group])
        peering = net.vpc.peer(tools)
        subnet.route("10.24.0.0/16", peering)
        for worker in net.workers if back else ():
            worker.route("10.60.0.0/16", peering)
        net.environment_group.allow_in(rule("tcp", 443, "10.60.1.0/24"))
        net.worker_acl.add(inbound(70, "allow", "tcp", 443, "10.60.1.0/24"))
        net.worker_acl.add(outbound(70, "allow", "tcp", (1024, 65535), "10.60.1.0/24"))
        bastion = subnet.instance("bastion", "10.60.1.5")
        return edited(net, ("clients: [dc.controller]", f"clients: [{bastion.id}]")), peering.id

    def test_reaches_it_over_the_peering(self) -> None:
        files, _ = self.peered(estate())
        found = called(files)
        assert {finding.status.value for finding in faults(found).values()} <= {"warn"}

    def test_needs_the_way_back(self) -> None:
        net = estate()
        files, _ = self.peered(net, back=False)
        found = called(files)
        assert status(found) == "fail"
        assert faults(found)["API-RETURN"].resources[0] in [worker.table.id for worker in net.workers]
