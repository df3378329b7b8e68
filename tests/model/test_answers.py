"""What is known, what is absent and what is not known, and which call would tell."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from mwaanet.model.answers import Answers
from mwaanet.model.block_public_access import BlockPublicAccess
from mwaanet.model.bucket import BucketPolicy
from mwaanet.model.hosted_zone import HostedZoneDetails
from mwaanet.model.key import KeyPolicy
from mwaanet.model.role import RolePolicy
from mwaanet.model.subnet import Subnet
from mwaanet.model.unknown import Unknown
from mwaanet.model.vpc import Vpc
from mwaanet.snapshot import CallRef, Snapshot

HOME, OTHER, EAST = "111122223333", "444455556666", "us-east-1"
POLICY = CallRef(HOME, EAST, "s3", "get-bucket-policy")
MANIFEST = {"format": 1, "accounts": {HOME: [EAST]}, "home": {"account": HOME, "region": EAST}}


def answers(refused: list[tuple[CallRef, str]] | None = None, **files: Any) -> Answers:
    """Answers of the home account by operation (`s3__get_bucket_policy`), and its refused calls with their codes."""
    errors = [ref._asdict() | {"code": code} for ref, code in refused or ()]
    content = {"manifest.json": MANIFEST | {"errors": errors}} | {
        f"accounts/{HOME}/{EAST}/{name.replace('__', '/').replace('_', '-')}.json": answer
        for name, answer in files.items()
    }
    return Answers(Snapshot.from_files({file: json.dumps(answer).encode() for file, answer in content.items()}))


def call(response: Any = None, error: str = "", **parameters: Any) -> dict[str, Any]:
    return {"Parameters": parameters} | ({"Error": {"Code": error}} if error else {"Response": response})


def policy(*calls: dict[str, Any], bucket: str = "b", account: str = HOME) -> BucketPolicy | Unknown | None:
    found = answers(s3__get_bucket_policy={"Calls": list(calls)})
    return found.call("s3", "get-bucket-policy", account, EAST, BucketPolicy, Bucket=bucket)


class TestCalls:
    def test_answered(self) -> None:
        found = policy(call({"Policy": "{}"}, Bucket="a"), call({"Policy": "[]"}, Bucket="b"))
        assert isinstance(found, BucketPolicy)
        assert found.policy == "[]"

    @pytest.mark.parametrize("code", ["NoSuchBucketPolicy", "NoSuchBucket", "404"])
    def test_absent_as_a_fact(self, code: str) -> None:
        assert policy(call(error=code, Bucket="b")) is None

    @pytest.mark.parametrize("code", ["AccessDenied", "403", "Throttling"])
    def test_refused(self, code: str) -> None:
        reason = f"get-bucket-policy for b was refused ({code})"
        assert policy(call(error=code, Bucket="b")) == Unknown(reason=reason, needs=(POLICY,))

    def test_not_asked(self) -> None:
        reason = "get-bucket-policy for b is not in the snapshot"
        assert policy() == Unknown(reason=reason, needs=(POLICY,))

    def test_no_file(self) -> None:
        reason = f"get-bucket-policy of {OTHER} {EAST} is not in the snapshot"
        assert policy(account=OTHER) == Unknown(reason=reason, needs=(POLICY._replace(account=OTHER),))

    def test_what_pages_and_filters_is_not_looked_at(self) -> None:
        assert isinstance(policy(call({"Policy": "{}"}, Bucket="b", MaxResults=5, Filters=[])), BucketPolicy)

    def test_one_that_was_asked_for_by_more_names_is_meant_if_it_is_the_only_one(self) -> None:
        asked = [call({"PolicyDocument": {}}, RoleName="r", PolicyName=name) for name in ("p", "q")]
        for number in (1, 2):
            found = answers(iam__get_role_policy={"Calls": asked[:number]})
            one = found.call("iam", "get-role-policy", HOME, EAST, RolePolicy, RoleName="r")
            assert isinstance(one, RolePolicy if number == 1 else Unknown)

    def test_another_account_s_resource_may_exist_although_it_is_not_found(self) -> None:
        keys = [f"arn:aws:kms:{EAST}:{account}:key/1" for account in (HOME, OTHER)]
        refused = [call(error="NotFoundException", KeyId=key) for key in keys]
        for number, expected in ((0, type(None)), (1, Unknown)):
            found = answers(kms__get_key_policy={"Calls": [refused[number]]})
            asked = keys[number]
            assert isinstance(found.call("kms", "get-key-policy", HOME, EAST, KeyPolicy, KeyId=asked), expected)

    @pytest.mark.parametrize(
        ("asked", "wanted"), [("k", f"arn:aws:kms:{EAST}:{HOME}:key/k"), (f"arn:aws:kms:{EAST}:{HOME}:key/k", "k")]
    )
    def test_a_key_has_two_names(self, asked: str, wanted: str) -> None:
        found = answers(kms__get_key_policy={"Calls": [call({"Policy": "{}"}, KeyId=asked)]})
        assert isinstance(found.call("kms", "get-key-policy", HOME, EAST, KeyPolicy, KeyId=wanted), KeyPolicy)

    def test_a_hosted_zone_has_two_names(self) -> None:
        zone = {"HostedZone": {"Id": "/hostedzone/Z", "Name": "a."}}
        found = answers(route53__get_hosted_zone={"Calls": [call(zone, Id="/hostedzone/Z")]})
        details = found.call("route53", "get-hosted-zone", HOME, EAST, HostedZoneDetails, Id="Z")
        assert isinstance(details, HostedZoneDetails)

    def test_the_same_resource_may_have_been_asked_about_twice(self) -> None:
        found = answers(s3__get_bucket_policy={"Calls": [call({"Policy": text}, Bucket="b") for text in "xy"]})
        both = found.answers("s3", "get-bucket-policy", HOME, EAST, BucketPolicy, Bucket="b")
        assert isinstance(both, tuple)
        assert [(answer.policy, origin.pointer) for answer, origin in both] == [
            ("x", "/Calls/0/Response"),
            ("y", "/Calls/1/Response"),
        ]

    def test_of_two_attempts_the_answered_one_counts(self) -> None:
        assert isinstance(policy(call(error="Throttling", Bucket="b"), call({"Policy": ""}, Bucket="b")), BucketPolicy)

    def test_any_other_type_is_read_from_the_file_again(self) -> None:
        found = answers(s3__get_bucket_policy={"Calls": [call({"Policy": "{}"}, Bucket="b")]})
        raw = found.call("s3", "get-bucket-policy", HOME, EAST, msgspec.Raw, Bucket="b")
        assert isinstance(raw, msgspec.Raw)
        assert json.loads(bytes(raw)) == {"Policy": "{}"}

    def test_an_operation_without_records_is_decoded_as_asked(self) -> None:
        found = answers(s3__head_object={"Calls": [call({"ContentLength": 5}, Bucket="b", Key="k")]})
        answer = found.call("s3", "head-object", HOME, EAST, dict[str, int], Bucket="b", Key="k")
        assert answer == {"ContentLength": 5}

    def test_all_answers_of_an_operation(self) -> None:
        found = answers(
            s3__get_bucket_policy={"Calls": [call({"Policy": "x"}, Bucket="a"), call(error="403", Bucket="b")]}
        )
        given = [
            (asked["Bucket"], answer.policy)
            for asked, answer in found.all_answers("s3", "get-bucket-policy", BucketPolicy)
        ]
        assert given == [("a", "x")]


class TestLists:
    def test_answered(self) -> None:
        found = answers(ec2__describe_vpcs={"Vpcs": []})
        assert found.unknown("ec2", "describe-vpcs", HOME, EAST) is None
        assert found.records("ec2", "describe-vpcs", Vpc) == []

    def test_missing(self) -> None:
        ref = CallRef(HOME, EAST, "ec2", "describe-subnets")
        reason = f"describe-subnets of {HOME} {EAST} is not in the snapshot"
        assert answers().unknown("ec2", "describe-subnets", HOME, EAST) == Unknown(reason=reason, needs=(ref,))
        assert answers().records("ec2", "describe-subnets", Subnet) == []

    def test_refused(self) -> None:
        ref = CallRef(HOME, EAST, "ec2", "describe-vpcs")
        found = answers(refused=[(ref, "UnauthorizedOperation")], ec2__describe_vpcs={"Vpcs": []})
        reason = f"describe-vpcs was refused in {HOME} {EAST} (UnauthorizedOperation)"
        assert found.unknown("ec2", "describe-vpcs", HOME, EAST) == Unknown(reason=reason, needs=(ref,))

    def test_refused_because_there_is_none(self) -> None:
        ref = CallRef(HOME, EAST, "ec2", "describe-vpcs")
        assert answers(refused=[(ref, "ResourceNotFoundException")]).unknown("ec2", "describe-vpcs", HOME, EAST) is None

    def test_one_object(self) -> None:
        operation = "describe-vpc-block-public-access-options"
        options = {"VpcBlockPublicAccessOptions": {"InternetGatewayBlockMode": "off"}}
        found = answers(ec2__describe_vpc_block_public_access_options=options)
        assert isinstance(found.whole("ec2", operation, HOME, EAST, BlockPublicAccess), BlockPublicAccess)
        assert isinstance(found.whole("ec2", operation, OTHER, EAST, BlockPublicAccess), Unknown)

    def test_the_file_itself(self) -> None:
        found = answers(ec2__describe_vpcs={"Vpcs": []})
        read = found.whole_raw("ec2", "describe-vpcs", HOME, EAST)
        assert isinstance(read, tuple)
        assert json.loads(bytes(read[0])) == {"Vpcs": []}
        assert read[1].pointer == ""
        assert isinstance(found.whole_raw("ec2", "describe-vpcs", OTHER, EAST), Unknown)
        assert found.regions_of("ec2", "describe-vpcs", HOME) == [EAST]
        assert found.regions_of("ec2", "describe-vpcs", OTHER) == []


class TestPlaces:
    def test_home_is_what_the_manifest_says(self) -> None:
        assert answers().home == (HOME, EAST)

    def test_home_of_a_manifest_that_does_not_say(self) -> None:
        for accounts, home in (({OTHER: ["b", "a"], HOME: ["c"]}, (HOME, "c")), ({}, ("unknown", "unknown"))):
            manifest = json.dumps({"format": 1, "accounts": accounts}).encode()
            assert Answers(Snapshot.from_files({"manifest.json": manifest})).home == home

    def test_a_record_lies_where_it_was_read(self) -> None:
        found = answers(ec2__describe_vpcs={"Vpcs": [{"VpcId": "v", "CidrBlock": "10.0.0.0/8", "OwnerId": OTHER}]})
        (vpc,) = found.records("ec2", "describe-vpcs", Vpc)
        assert found.place(vpc) == (HOME, EAST)
        assert found.place(Vpc(vpc_id="v", cidr_block="10.0.0.0/8")) == found.home

    def test_calls_about_resources_are_told_whether_answered_or_refused(self) -> None:
        found = answers(mwaa__get_environment={"Calls": [call(error="AccessDenied", Name="prod")]})
        ((ref, made),) = found.calls_about("mwaa", "get-environment")
        assert (ref.account, made.parameters["Name"]) == (HOME, "prod")
        assert made.error
        assert made.error.code == "AccessDenied"
