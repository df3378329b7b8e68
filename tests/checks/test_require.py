"""The verb `require`: expressions over a raw response, or over the environment's facts."""

from __future__ import annotations

import pytest

from builder import mwaa_estate
from builder.estate import HOME, REGION, SHARED
from checks.cases import HEAD, asked, only
from mwaanet.checks.codes import Fault
from mwaanet.checks.language import Require
from mwaanet.checks.load import builtin_checks
from mwaanet.checks.result import Status
from mwaanet.errors import CheckFileError

LOCATION = """
require:
  call: s3/get-bucket-location
  parameters: {Bucket: "{bucket}"}
  that: "%s"
  about: "{bucket}"
"""


def test_holds_over_a_response() -> None:
    found = only(asked(mwaa_estate(), LOCATION % "LocationConstraint == null"))
    assert found.status is Status.PASS
    assert {evidence.pointer for evidence in found.evidence} >= {"/Calls/0/Response"}


def test_what_was_found_is_told() -> None:
    found = only(asked(mwaa_estate(), LOCATION % "LocationConstraint == '{region}'"))
    assert (found.status, found.code) == (Status.FAIL, Fault.FACT_DIFFERS)
    bucket = "fernleaf-ingest-prod-airflow"
    assert found.message == f"{bucket}: expected LocationConstraint == 'us-east-1', found LocationConstraint: null"
    assert found.resources == (bucket,)


def test_a_null_result_does_not_hold() -> None:
    assert only(asked(mwaa_estate(), LOCATION % "LocationConstraint")).status is Status.FAIL


def test_what_aws_says_is_not_there_does_not_hold() -> None:
    estate = mwaa_estate()
    estate.net.store.fail_call("s3", "get-bucket-location", {"Bucket": estate.bucket.id}, "NoSuchBucket")
    found = only(asked(estate, LOCATION % "LocationConstraint == null"))
    assert (found.status, found.code) == (Status.FAIL, Fault.FACT_MISSING)
    assert [evidence.file.rpartition("/")[2] for evidence in found.evidence] == ["get-bucket-location.json"]


@pytest.mark.parametrize("refused", [True, False])
def test_a_call_that_was_refused_or_not_made_is_unknown(refused: bool) -> None:
    estate = mwaa_estate()
    if refused:
        estate.net.refuse_call(HOME, REGION, "s3", "get-bucket-location", Bucket=estate.bucket.id)
    else:
        estate.net.drop_call(HOME, REGION, "s3", "get-bucket-location")
    found = only(asked(estate, LOCATION % "LocationConstraint == null"))
    assert found.status is Status.UNKNOWN
    assert [need.operation for need in found.needs] == ["get-bucket-location"]


def test_a_call_without_parameters() -> None:
    verb = "require: {call: ec2/describe-vpcs, that: \"Vpcs[?CidrBlock == '10.24.0.0/16']\", about: '{vpc}'}"
    assert only(asked(mwaa_estate(), verb)).status is Status.PASS
    estate = mwaa_estate()
    estate.net.refuse(HOME, REGION, "ec2", "describe-vpcs")
    assert only(asked(estate, verb)).status is Status.UNKNOWN


def test_a_call_of_the_account_that_the_parameter_names() -> None:
    estate = mwaa_estate()
    other = estate.shared.key("other", state="Disabled")
    verb = f"""
require: {{call: kms/describe-key, parameters: {{KeyId: "{other.arn}"}}, that: KeyMetadata.Enabled, about: key}}
"""
    assert only(asked(estate, verb)).status is Status.FAIL
    estate.net.drop_call(SHARED, REGION, "kms", "describe-key")
    assert only(asked(estate, verb)).status is Status.UNKNOWN


def test_a_parameter_whose_fact_is_empty_is_left_out() -> None:
    estate = mwaa_estate()
    verb = """
require:
  call: s3/head-object
  parameters: {Bucket: "{bucket}", Key: plugins.zip, VersionId: "{startup_version}"}
  that: ETag
  about: "{bucket}"
"""
    assert only(asked(estate, verb)).status is Status.PASS


class TestFacts:
    def test_hold(self) -> None:
        verb = "require: {facts: true, that: routing == 'private' && length(subnet_ids) == `2`, about: '{name}'}"
        found = only(asked(mwaa_estate(), verb))
        assert found.status is Status.PASS
        assert {evidence.file.rpartition("/")[2] for evidence in found.evidence} == {
            "get-environment.json",
            "describe-route-tables.json",
        }

    def test_differ(self) -> None:
        found = only(asked(mwaa_estate(), "require: {facts: true, that: routing == 'public', about: '{name}'}"))
        assert found.message == "ingest-prod: expected routing == 'public', found routing: \"private\""

    def test_are_unknown(self) -> None:
        estate = mwaa_estate()
        estate.net.drop_call(HOME, REGION, "ec2", "describe-route-tables")
        found = only(asked(estate, "require: {facts: true, that: routing == 'public', about: '{name}'}"))
        assert found.status is Status.UNKNOWN
        assert [need.operation for need in found.needs] == ["describe-route-tables"]

    @pytest.mark.parametrize(
        ("title", "told"),
        [
            ("The bucket is encrypted", "whether the bucket is encrypted is not known: "),
            ("IAM has a role", "whether IAM has a role is not known: "),
            ("Amazon MWAA may run", "whether Amazon MWAA may run is not known: "),
            ("Who signs the calls is known", "who signs the calls is not known: "),
        ],
    )
    def test_what_is_not_known_is_told_by_the_title(self, title: str, told: str) -> None:
        estate = mwaa_estate()
        estate.net.drop_call(HOME, REGION, "ec2", "describe-route-tables")
        head = HEAD.replace("Something of ours holds", title)
        found = only(asked(estate, "require: {facts: true, that: routing == 'public', about: '{name}'}", head))
        assert found.message.startswith(told)

    def test_long_values_are_cut(self) -> None:
        verb = "require: {facts: true, that: length(log_groups) == `9`, about: '{name}'}"
        assert only(asked(mwaa_estate(), verb)).message.endswith("…")

    def test_a_warning_where_the_check_says_so(self) -> None:
        head = HEAD + "    level: warn\n"
        verb = "require: {facts: true, that: routing == 'public', about: '{name}'}"
        assert only(asked(mwaa_estate(), verb, head)).status is Status.WARN


def test_an_expression_that_cannot_be_evaluated_names_the_file_and_line() -> None:
    with pytest.raises(CheckFileError, match=r"^ours.yaml: line 3: OURS: length"):
        asked(mwaa_estate(), "require: {facts: true, that: 'length(name, vpc)', about: '{name}'}")


class TestWhatItSays:
    def test_the_sentence_of_the_check_with_facts_filled_in(self) -> None:
        verb = "require: {facts: true, that: routing == 'public', about: '{name}', say: 'its routing is {routing}'}"
        assert only(asked(mwaa_estate(), verb)).message == "ingest-prod: its routing is private"

    def test_every_built_in_check_over_facts_has_one(self) -> None:
        over_facts = [c for c in builtin_checks() if isinstance(c.verb, Require) and not c.verb.call]
        assert over_facts
        assert [check.id for check in over_facts if isinstance(check.verb, Require) and not check.verb.say] == []

    def test_what_fails_over_facts_was_read_somewhere(self) -> None:
        verb = "require: {facts: true, that: status == 'DELETED', about: '{arn}'}"
        (evidence,) = only(asked(mwaa_estate(), verb)).evidence
        assert evidence.file.endswith("mwaa/get-environment.json")
