"""Callers of the web server of which the site file or the snapshot does not tell everything."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
import yaml

from builder import Estate, policy
from builder.estate import HOME, REGION
from checks.api import called, edited, estate, faults, forwarded, named, status
from checks.examples import remove_endpoint


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
