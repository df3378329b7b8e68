"""`mwaanet iam-policy` from the outside."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from mwaanet.cli.main import cli


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["iam-policy", *arguments])


def test_a_policy_document_is_printed() -> None:
    result = run()
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert document["Version"] == "2012-10-17"
    assert "airflow:GetEnvironment" in document["Statement"][0]["Action"]
    assert "InvokeRestApi" not in result.stdout


def test_probes_need_more() -> None:
    for action in (
        "airflow:InvokeRestApi",
        "airflow:CreateWebLoginToken",
        "airflow:CreateCliToken",
        "logs:FilterLogEvents",
    ):
        assert action in run("--probe").stdout


def test_resources_are_named() -> None:
    key = "arn:aws-cn:kms:cn-north-1:111122223333:key/0f6a"
    text = run("--bucket", "dags", "--key", key, "--environment", "prod", "--partition", "aws-cn").stdout
    assert '"arn:aws-cn:s3:::dags/*"' in text
    assert f'"{key}"' in text
    assert '"arn:aws-cn:airflow:*:*:environment/prod"' in text


def test_a_key_is_named_by_its_arn() -> None:
    result = run("--key", "alias/dags")
    assert result.exit_code == 2
    assert "takes the ARN of a KMS key" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [("--bucket", "arn:aws:s3:::b"), ("--bucket", "Bad Bucket"), ("--bucket", "x"), ("--environment", "a/b")],
)
def test_what_no_bucket_or_environment_can_be_called_is_refused(arguments: tuple[str, str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert repr(arguments[1]) in result.stderr


@pytest.mark.parametrize("form", ["terraform", "stackset"])
def test_what_does_not_fit_into_one_policy_is_refused_as_json_only(form: str) -> None:
    many = [word for number in range(100) for word in ("--bucket", f"a-bucket-with-a-long-name-{number}")]
    refused = run(*many)
    assert refused.exit_code == 2
    assert "a managed policy holds at most 6,144 characters" in refused.stderr
    assert run(*many, "--format", form).exit_code == 0


def test_it_goes_to_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    target = tmp_path / "role.yaml"
    assert run("--format", "stackset", "--output", str(target)).exit_code == 0
    assert yaml.safe_load(target.read_text())["Resources"]["Role"]["Type"] == "AWS::IAM::Role"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
