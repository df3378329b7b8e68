"""Kinds of callers of the web server, and of web servers: what each needs, and what it is advised."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from builder import Estate, allow, inbound, outbound, policy, rule
from builder.estate import HOME, NAME, REGION
from checks.api import called, edited, estate, faults, forwarded, status, web
from mwaanet.checks.codes import Fault

ROLE_RESOURCE = f"arn:aws:airflow:{REGION}:{HOME}:role/{NAME}"


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
        assert status(found) == "fail"
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
        assert status(found) == "fail"
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
        assert status(called(files)) in ("pass", "warn")

    def test_needs_the_way_back(self) -> None:
        net = estate()
        files, _ = self.peered(net, back=False)
        found = called(files)
        assert status(found) == "fail"
        assert faults(found)["API-RETURN"].resources[0] in [worker.table.id for worker in net.workers]
