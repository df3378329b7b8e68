"""Who may assume the role that signs, and which of its trust policy and the endpoint's policy refuse.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn,
https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from builder import Estate, allow, mwaa_estate, policy
from builder.estate import HOME, SHARED
from checks.cases import asked, only
from mwaanet.checks.codes import Fault
from mwaanet.checks.result import Finding, Status
from mwaanet.fixes.endpoint_setting import EndpointPolicy

VERB = """
permit:
  principal: api.assumer
  actions: sts:AssumeRole
  resources: ["{api_role}"]
  from: api.client
  via: service:sts
"""
DELETED = "AROA2SDKJH3K2J3H2J3K2"
DEPLOYER = f"arn:aws:iam::{HOME}:role/deployer"
SESSION = f"arn:aws:sts::{HOME}:assumed-role/deployer/nightly"
SERVICE = {"Service": "ec2.amazonaws.com"}
PROVIDER = {"Federated": f"arn:aws:iam::{HOME}:oidc-provider/ci.example"}
WITH_TOKEN = "sts:AssumeRoleWithWebIdentity"


def found(net: Estate) -> Finding:
    return only(asked(net, VERB))


def trusting(principal: Any, action: str = "sts:AssumeRole", **more: Any) -> Estate:
    net = mwaa_estate()
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, **more}
    net.caller.detail["AssumeRolePolicyDocument"] = policy(statement)
    return net


def admits(net: Estate, action: str, **more: Any) -> Estate:
    """The policy of the endpoint for AWS STS allows this and nothing else."""
    net.endpoints["sts"].policy(policy(allow(action, "*", **({"Principal": "*"} | more))))
    return net


class TestBothRefuse:
    @pytest.mark.parametrize("principal", [SERVICE, {"AWS": DELETED}])
    @pytest.mark.parametrize(
        "admitted",
        [
            {"action": "sts:GetCallerIdentity"},
            {"action": "sts:AssumeRole", "Resource": DEPLOYER},
        ],
        ids=["another action", "another role"],
    )
    def test_both_are_named(self, principal: Any, admitted: dict[str, Any]) -> None:
        net = admits(trusting(principal), **admitted)
        finding = found(net)
        assert (finding.status, finding.code) == (Status.FAIL, Fault.POLICY_RESOURCE)
        assert finding.resources == (net.caller.name, net.caller.arn, net.endpoints["sts"].id)
        assert net.endpoints["sts"].id in finding.message

    @pytest.mark.parametrize("mended", ["trust", "endpoint"])
    def test_mending_one_leaves_the_other(self, mended: str) -> None:
        net = admits(trusting(SERVICE if mended == "endpoint" else {"AWS": HOME}), "sts:GetCallerIdentity")
        if mended == "endpoint":
            admits(net, "sts:AssumeRole")
            assert found(net).resources == (net.caller.name, net.caller.arn)
        else:
            assert found(net).resources == (net.endpoints["sts"].id,)

    @pytest.mark.parametrize(
        "admitted",
        [
            {"action": "sts:AssumeRole", "Principal": {"AWS": DEPLOYER}},
            {"action": "sts:AssumeRole", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/ci-*"}}},
            {"action": "sts:AssumeRole", "Condition": {"StringEquals": {"aws:PrincipalAccount": SHARED}}},
            {"action": "sts:AssumeRole", "Condition": {"StringEquals": {"aws:username": "ci"}}},
            {"action": "sts:AssumeRoleWithSAML"},
            {"action": "sts:AssumeRoleWithWebIdentity"},
        ],
    )
    def test_an_endpoint_that_lets_somebody_through_is_not_named(self, admitted: dict[str, Any]) -> None:
        """Whom the trust policy will name is not known: the endpoint may let them through."""
        net = admits(trusting(SERVICE), **admitted)
        assert found(net).resources == (net.caller.name, net.caller.arn)

    def test_an_endpoint_refuses_also_where_the_trust_policy_was_not_read(self) -> None:
        net = admits(mwaa_estate(), "sts:GetCallerIdentity")
        net.net.refuse_call(HOME, "global", "iam", "get-role", RoleName=net.caller.name)
        finding = found(net)
        assert (finding.status, finding.resources) == (Status.FAIL, (net.endpoints["sts"].id,))

    def test_of_two_who_are_trusted_the_one_who_lacks_least_tells(self) -> None:
        net = admits(mwaa_estate(), "sts:AssumeRole", Principal={"AWS": DEPLOYER})
        twice = {"Principal": {"AWS": f"arn:aws:iam::{HOME}:role/ops"}, "Action": "sts:AssumeRole"}
        trusted = {"Principal": {"AWS": DEPLOYER}, "Action": "sts:TagSession"}
        statements = ({"Effect": effect, **twice} for effect in ("Allow", "Deny"))
        net.caller.detail["AssumeRolePolicyDocument"] = policy(*statements, {"Effect": "Allow", **trusted})
        assert found(net).resources == (net.caller.name, net.caller.arn)


class TestWhoIsTrusted:
    @pytest.mark.parametrize(
        ("principal", "condition"),
        [
            ({"AWS": SESSION}, {}),
            ("*", {"StringEquals": {"aws:PrincipalAccount": HOME}}),
            ("*", {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/ci-*"}}),
            ({"AWS": HOME}, {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/ci-*"}}),
            ({"AWS": HOME}, {"StringLike": {"aws:username": "ci-*"}}),
        ],
        ids=["session of a role", "everyone of an account", "role of any account", "role of one account", "user"],
    )
    def test_somebody_may_assume_it(self, principal: Any, condition: dict[str, Any]) -> None:
        assert found(trusting(principal, Condition=condition)).status is Status.PASS


class TestTokensOfAnIdentityProvider:
    """Who comes with a token has no AWS identity yet, so that a condition on its organisation or account never holds:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sts_vpc_endpoint_policies.html.
    """

    def test_an_endpoint_for_everybody_lets_them_through(self) -> None:
        assert found(trusting(PROVIDER, WITH_TOKEN)).status is Status.PASS

    def test_an_endpoint_for_an_organisation_refuses_them(self) -> None:
        ours = {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}
        net = admits(trusting(PROVIDER, WITH_TOKEN), "sts:*", Condition=ours)
        assert found(net).resources == (net.endpoints["sts"].id,)


class TestTheChange:
    @pytest.mark.parametrize("principal", [SERVICE, {"AWS": HOME}])
    def test_the_endpoint_is_to_let_everybody_ask_for_this_role(self, principal: Any) -> None:
        """Who comes is not declared: the trust policy decides who gets the role."""
        net = admits(trusting(principal), "sts:GetCallerIdentity")
        fix = found(net).fix
        assert fix is not None
        (change,) = [change for change in fix.changes if isinstance(change, EndpointPolicy)]
        (added,) = map(json.loads, change.added)
        del added["Sid"]
        assert added == allow(["sts:AssumeRole"], [net.caller.arn], Principal="*")

    def test_the_trust_policy_is_to_name_whoever_runs_the_client(self) -> None:
        fix = found(trusting(SERVICE)).fix
        assert fix is not None
        assert "whoever runs the client" in fix.summary
