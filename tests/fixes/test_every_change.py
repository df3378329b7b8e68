"""Every kind of change: its calls are AWS's, its Terraform and CloudFormation are read by the languages' tools."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from inspect import isabstract
from typing import Any

import hcl2
import pytest
import yaml
from botocore import xform_name
from botocore.session import Session
from botocore.validate import ParamValidator
from cfnlint.api import lint
from cfnlint.config import ManualArgs
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

from botocore_shapes import operations
from fixes.examples import BY_ROLE, CHANGES, DOCUMENT, HERE
from mwaanet import fixes as fixes_package
from mwaanet.fixes.change import Change
from mwaanet.fixes.cloudformation import cloudformation_text
from mwaanet.fixes.command import Command, option_name
from mwaanet.fixes.declared import Declared
from mwaanet.fixes.policy import BucketPolicy
from mwaanet.fixes.terraform import terraform_text

SERVICES = {"s3api": "s3"}
"""The AWS CLI's names of services that botocore calls otherwise."""
NOBODY_CALLS = {"Instruction", "TargetRecovery"}


def kinds() -> set[type[Change]]:
    """Every kind of change that some module of the package defines."""
    found: set[type[Change]] = set()
    for info in pkgutil.iter_modules(fixes_package.__path__):
        module = importlib.import_module(f"{fixes_package.__name__}.{info.name}")
        found |= {one for one in vars(module).values() if isinstance(one, type) and issubclass(one, Change)}
    return {one for one in found if not isabstract(one)}


def ids(change: Change) -> str:
    return f"{type(change).__name__}: {change.summary}"[:80]


every_change = pytest.mark.parametrize("change", CHANGES, ids=ids)


def test_every_kind_has_an_example() -> None:
    assert {type(change) for change in CHANGES} == kinds()


@every_change
def test_its_calls_are_of_aws_and_their_parameters_are_valid(change: Change) -> None:
    assert bool(change.commands) == (type(change).__name__ not in NOBODY_CALLS)
    for command in (*change.commands, *change.undoing):
        model = operations(SERVICES.get(command.service, command.service))[command.operation]
        assert model.input_shape is not None
        report = ParamValidator().validate(dict(command.parameters), model.input_shape)
        assert not report.has_errors(), report.generate_report()
        for name in command.parameters:
            assert option_name(name) == xform_name(name, "-")


def test_what_is_added_is_taken_away_again() -> None:
    """Of all that names a thing of its own, and of policies, whose present text is known."""
    taken_back = {
        "authorize-client-vpn-ingress": "revoke-client-vpn-ingress",
        "authorize-security-group-egress": "revoke-security-group-egress",
        "authorize-security-group-ingress": "revoke-security-group-ingress",
        "associate-vpc-with-hosted-zone": "disassociate-vpc-from-hosted-zone",
        "associate-transit-gateway-route-table": "disassociate-transit-gateway-route-table",
        "put-role-policy": "delete-role-policy",
        "put-user-policy": "delete-user-policy",
        "modify-vpc-attribute": "modify-vpc-attribute",
        "modify-transit-gateway-vpc-attachment": "modify-transit-gateway-vpc-attachment",
        "modify-vpc-endpoint-service-permissions": "modify-vpc-endpoint-service-permissions",
        "create-client-vpn-route": "delete-client-vpn-route",
        "create-network-acl-entry": "delete-network-acl-entry",
        "create-route": "delete-route",
        "create-transit-gateway-route": "delete-transit-gateway-route",
        "create-vpc-association-authorization": "delete-vpc-association-authorization",
    }
    for change in CHANGES:
        made, undone = ([command.operation for command in part] for part in (change.commands, change.undoing))
        wanted = [taken_back[operation] for operation in made if operation in taken_back]
        assert not wanted or undone == wanted, ids(change)


@every_change
def test_it_is_taken_back_or_says_why_it_cannot_be(change: Change) -> None:
    assert bool(change.lasting) == bool(change.commands and not change.undoing)


def test_what_is_switched_or_listed_is_set_to_what_it_was() -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcAttribute.html
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyTransitGatewayVpcAttachment.html
    """
    undone = {type(change).__name__: change.lines(change.undoing) for change in CHANGES}
    assert undone["VpcAttribute"][0].endswith("Value=false --region us-east-1")
    assert " --remove-subnet-ids " in undone["AttachmentSubnet"][0]
    assert " --remove-allowed-principals " in undone["PrincipalPermission"][0]


def test_a_policy_is_set_to_what_it_was_and_one_that_was_not_there_is_deleted() -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html."""
    (there,) = BucketPolicy(**HERE, bucket="data", base=DOCUMENT, added=(BY_ROLE,)).undoing
    (new,) = BucketPolicy(**HERE, bucket="data", base="", added=(BY_ROLE,)).undoing
    assert there.parameters == {"Bucket": "data", "Policy": DOCUMENT}
    assert (new.operation, new.parameters) == ("delete-bucket-policy", {"Bucket": "data"})


@every_change
def test_its_terraform_is_terraform(change: Change) -> None:
    text = terraform_text(change.terraform)
    parsed: dict[str, Any] = hcl2.loads(text + "\n") if text else {}
    blocks = [(kind, name) for block in parsed.get("resource", []) for kind in block for name in block[kind]]
    declared = [(one.type, one.name) for one in change.terraform if one.type]
    assert [(kind.strip('"'), name.strip('"')) for kind, name in blocks] == declared
    assert bool(text) == bool(change.commands)


@pytest.mark.slow
def test_new_resources_are_cloudformation() -> None:
    found: dict[str, Any] = {}
    for number, change in enumerate(CHANGES):
        text = cloudformation_text(one for one in change.cloudformation if one.type and not one.existing)
        for name, resource in (yaml.safe_load(text) or {}).get("Resources", {}).items() if text else ():
            found[f"{name}{number}"] = resource
    problems = lint(yaml.safe_dump({"Resources": found}), config=ManualArgs(regions=["us-east-1"]))
    assert len(found) > 20
    assert [str(problem) for problem in problems] == []


@cache
def properties_of(kind: str) -> set[str]:
    return set(PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema["properties"])


def changed_attributes() -> list[Declared]:
    return [one for change in CHANGES for one in change.cloudformation if one.existing]


@pytest.mark.parametrize("declared", changed_attributes(), ids=lambda one: f"{one.type} {list(one.properties)}")
def test_changed_properties_are_those_of_the_resource(declared: Declared) -> None:
    assert set(declared.properties) <= properties_of(declared.type)
    text = cloudformation_text([declared])
    assert declared.existing in text
    assert yaml.safe_load(text)[declared.name]["Properties"].keys() == declared.properties.keys()


def test_what_cannot_be_declared_says_so() -> None:
    noted = [one.note for change in CHANGES for one in change.cloudformation if not one.type]
    assert noted
    assert all(noted)


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (Command("ec2", "modify-vpc-endpoint", {"PrivateDnsEnabled": False}), "--no-private-dns-enabled"),
        (Command("ec2", "create-network-acl-entry", {"Egress": False}), "--ingress"),
        (
            Command("ec2", "create-vpc-endpoint", {"SubnetIds": ["subnet-1", "subnet-2"]}),
            "--subnet-ids subnet-1 subnet-2",
        ),
        (
            Command("ec2", "create-network-acl-entry", {"PortRange": {"From": 1, "To": 2}}),
            "--port-range From=1,To=2",
        ),
        (
            Command(
                "ec2", "authorize-security-group-ingress", {"IpPermissions": [{"IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]}
            ),
            "--ip-permissions 'IpRanges=[{CidrIp=10.0.0.0/8}]'",
        ),
        (Command("s3api", "put-bucket-policy", {"Policy": '{"a": "it\'s"}'}), """--policy '{"a": "it'"'"'s"}'"""),
        (Command("elbv2", "register-targets", {"Targets": [{"Id": "a b"}]}), """--targets '[{"Id": "a b"}]'"""),
        (Command("route53", "associate-vpc-with-hosted-zone", {"VPC": {"VPCId": "vpc-1"}}), "--vpc VPCId=vpc-1"),
    ],
)
def test_options_as_the_aws_cli_takes_them(command: Command, text: str) -> None:
    """https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-types.html"""
    assert command.text == f"aws {command.service} {command.operation} {text}"


def test_two_structures_of_one_list_are_json() -> None:
    command = Command("elbv2", "register-targets", {"Targets": [{"Id": "10.0.0.1"}, {"Id": "10.0.0.2"}]})
    assert command.text.endswith("""--targets '[{"Id": "10.0.0.1"}, {"Id": "10.0.0.2"}]'""")


def test_terraform_does_not_read_what_a_policy_says_as_its_own_language() -> None:
    """https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences"""
    declared = Declared(type="aws_s3_bucket_policy", name="data", properties={"policy": "${aws:username} %{if}"})
    assert '"$${aws:username} %%{if}"' in terraform_text([declared])


def test_botocore_is_asked_for_its_own_services() -> None:
    known = set(Session().get_available_services())
    called = {SERVICES.get(command.service, command.service) for change in CHANGES for command in change.commands}
    assert called <= known
