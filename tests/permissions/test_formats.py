"""The policies as Terraform and as a StackSet's template: both parse, and carry the policies unchanged."""

from __future__ import annotations

import json
import re
from typing import Any

import boto3
import hcl2
import pytest
import yaml
from cfnlint.api import lint_all
from moto import mock_aws

from mwaanet.permissions.grants import PROBE, collect_grants
from mwaanet.permissions.policy import Document, Narrowing, documents
from mwaanet.permissions.stack_set import stack_set
from mwaanet.permissions.terraform import terraform

MANY = tuple(f"a-bucket-with-a-rather-long-name-{number:03}" for number in range(40))

every_size = pytest.mark.parametrize("buckets", [(), MANY], ids=["one", "several"])


def policies(buckets: tuple[str, ...]) -> tuple[Document, ...]:
    return documents([*collect_grants(), *PROBE], Narrowing(buckets=buckets))


@every_size
def test_terraform_parses_and_has_the_policies(buckets: tuple[str, ...]) -> None:
    text = terraform(policies(buckets))
    parsed: dict[str, Any] = hcl2.loads(text)
    kinds = [name.strip('"') for block in parsed["resource"] for name in block]
    number = len(policies(buckets))
    assert sorted(kinds) == sorted(
        ["aws_iam_role", *["aws_iam_policy"] * number, *["aws_iam_role_policy_attachment"] * number]
    )
    written = re.findall(r"jsonencode\((\{.*?\n  \})\)", text, re.DOTALL)
    assert tuple(json.loads(document) for document in written) == policies(buckets)
    assert [name.strip('"') for block in parsed["variable"] for name in block] == ["trusted_principals", "external_id"]


@every_size
def test_the_template_of_a_stack_set_is_sound(buckets: tuple[str, ...]) -> None:
    text = stack_set(policies(buckets))
    assert [match for match in lint_all(text) if not match.rule.id.startswith("I")] == []
    resources = yaml.safe_load(text)["Resources"].values()
    written = [found["Properties"]["PolicyDocument"] for found in resources if "PolicyDocument" in found["Properties"]]
    assert tuple(written) == policies(buckets)


@pytest.mark.parametrize("external_id", ["", "an-id"])
def test_a_stack_of_it_makes_a_role_with_the_policies(external_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    trusted = "arn:aws:iam::111122223333:role/auditor"
    with mock_aws():
        boto3.client("cloudformation", "us-east-1").create_stack(
            StackName="mwaanet",
            TemplateBody=stack_set(policies(MANY)),
            Parameters=[
                {"ParameterKey": "TrustedPrincipal", "ParameterValue": trusted},
                {"ParameterKey": "ExternalId", "ParameterValue": external_id},
            ],
        )
        iam = boto3.client("iam", "us-east-1")
        [trust] = iam.get_role(RoleName="mwaanet")["Role"]["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"AWS": trusted}
        assert trust.get("Condition") == ({"StringEquals": {"sts:ExternalId": external_id}} if external_id else None)
        attached = iam.list_attached_role_policies(RoleName="mwaanet")["AttachedPolicies"]
        found = [iam.get_policy_version(PolicyArn=one["PolicyArn"], VersionId="v1") for one in attached]
    texts = [json.dumps(one["PolicyVersion"]["Document"], sort_keys=True) for one in found]
    assert sorted(texts) == sorted(json.dumps(document, sort_keys=True) for document in policies(MANY))
