"""`mwaanet probe dag` and `mwaanet probe read`, from the file that is written to the report that is read."""

from __future__ import annotations

import ast
import json
import logging
import time
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner, Result
from moto import mock_aws

from mwaanet.cli.main import cli
from mwaanet.probe import worker_dag
from mwaanet.probe.probe_report import decode
from mwaanet.probe.worker_dag import lines_of
from mwaanet.probe.worker_events import log_of_group
from probe import servers
from probe.test_worker_report import EMPTY


def dag(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["probe", "dag", *arguments])


def read(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["probe", "read", *arguments], input=text)


def config_of(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    for node in ast.parse(result.stdout).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "CONFIG":
            assert node.value is not None
            found: dict[str, Any] = ast.literal_eval(node.value)
            return found
    raise AssertionError("no CONFIG")


def test_a_snapshot_says_what_to_try() -> None:
    config = config_of(dag("--demo", "--package", "requests"))
    assert (config["environment"], config["package"]) == ("ingest-prod", "requests")
    assert {"host": "sqs.us-east-1.amazonaws.com", "port": 443, "tls": True} in config["destinations"]
    assert config["indexes"] == ["https://packages.build.example/repository/pypi/simple/"]


def test_options_say_what_to_try() -> None:
    config = config_of(
        dag(
            *("--region", "cn-north-1", "--bucket", "my-bucket", "--environment", "my-env"),
            *("--to", "10.50.1.20:8081", "--to", "https://nexus.example:8443/x", "--to", "http://a.example"),
            *("--to", "[2001:db8::1]:443", "--index", "https://u:p@nexus.example/simple/"),
        )
    )
    places = [(place["host"], place["port"], place["tls"]) for place in config["destinations"]]
    assert places == [
        ("sqs.cn-north-1.amazonaws.com.cn", 443, True),
        ("logs.cn-north-1.amazonaws.com.cn", 443, True),
        ("monitoring.cn-north-1.amazonaws.com.cn", 443, True),
        ("kms.cn-north-1.amazonaws.com.cn", 443, True),
        ("my-bucket.s3.cn-north-1.amazonaws.com.cn", 443, True),
        ("10.50.1.20", 8081, False),
        ("nexus.example", 8443, True),
        ("a.example", 80, False),
        ("2001:db8::1", 443, True),
    ]
    assert config["indexes"] == ["https://nexus.example/simple/"]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--bucket", "x"),
        ("--to", "nowhere"),
        ("--index", "ftp://x/"),
        ("--index", "https://nexus.example:seven/simple/"),
        ("--to", "ftp://a.example/"),
        ("--to", "https://[::1"),
        ("--to", "a.example:1", "--timeout", "nan"),
        ("--to", "a.example:1", "--package", "--index-url=https://elsewhere.example"),
        ("--to", "a.example:1", "--package", "requests @ https://u:p@elsewhere.example/a.whl"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    assert dag(*arguments).exit_code == 2


@pytest.fixture
def log(tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the written DAG logs when its task runs."""
    from probe.worker import worker_probe, written

    module = written(worker_probe(_closed()), tmp_path)
    monkeypatch.setattr(module, "installed", lambda config: EMPTY["installed"])
    with caplog.at_level(logging.WARNING):
        module.run_probe()
    return "\n".join(record.getMessage() for record in caplog.records)


def _closed() -> Any:
    from mwaanet.probe.dag_file import Destination

    return Destination("127.0.0.1", servers.closed_port(), tls=False)


def test_what_the_task_logs_is_read_back(log: str, tmp_path: Path) -> None:
    file, report = tmp_path / "task.log", tmp_path / "worker.json"
    file.write_text(log, encoding="utf-8")
    result = read(str(file), "--output", str(report))
    assert (result.exit_code, result.output) == (1, "")
    found = decode(report.read_bytes(), "report")
    assert [o.outcome for o in found.observations] == ["refused", "listed"]
    assert found.source == "mwaa.worker"


def test_people_can_read_the_log_too(log: str) -> None:
    assert ": Connection refused" in log.splitlines()[0]


def test_stdin_and_text(log: str) -> None:
    result = read("-", "--format", "text", text=log)
    assert result.exit_code == 1
    assert "refused" in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "either"),
        (("a.log", "--log-group", "x"), "either"),
        (("no-such.log",), "cannot be read"),
        (("--log-group", "x", "--hours", "nan"), "nan"),
    ],
)
def test_wrong_usage_of_read(arguments: tuple[str, ...], words: str) -> None:
    result = read(*arguments)
    assert result.exit_code == 2
    assert words in result.output


def test_a_log_without_a_probe() -> None:
    result = read("-", text="INFO - nothing")
    assert result.exit_code == 2
    assert "is it the log of the task" in result.output


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing-testing")
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)


@mock_aws
def test_a_log_group_is_read(credentials: None) -> None:
    logs = boto3.client("logs", region_name="us-east-1")
    logs.create_log_group(logGroupName="airflow-my-env-Task")
    logs.create_log_stream(logGroupName="airflow-my-env-Task", logStreamName="a")
    now = int(time.time() * 1000)
    lines = ["before", *lines_of(EMPTY, "0123abcd")]
    messages = [f"[2025-03-03, 09:00:01 UTC] {{dag.py:1}} WARNING - {line}" for line in lines]
    events: list[Any] = [{"timestamp": now - 1000 + n, "message": message} for n, message in enumerate(messages)]
    logs.put_log_events(logGroupName="airflow-my-env-Task", logStreamName="a", logEvents=events)
    result = read("--log-group", "airflow-my-env-Task", "--region", "us-east-1")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["observations"][0]["packages"] == ["pip==24.0"]


@mock_aws
def test_of_more_events_than_are_kept_the_newest_are(credentials: None) -> None:
    """Events come by their times, the oldest first.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
    """
    logs = boto3.client("logs", region_name="us-east-1")
    logs.create_log_group(logGroupName="tasks")
    logs.create_log_stream(logGroupName="tasks", logStreamName="a")
    old, new = lines_of(EMPTY, "0123abcd"), lines_of({**EMPTY, "host": "newer"}, "89abcdef")
    begin = int(time.time() * 1000) - 1000
    events: list[Any] = [{"timestamp": begin + n, "message": text} for n, text in enumerate([*old, *new])]
    logs.put_log_events(logGroupName="tasks", logStreamName="a", logEvents=events)
    kept = log_of_group(boto3.Session(region_name="us-east-1"), "tasks", 1, most=len(new))
    assert kept.splitlines() == new


@mock_aws
def test_a_log_group_that_is_not_there(credentials: None) -> None:
    result = read("--log-group", "airflow-my-env-Task", "--region", "us-east-1")
    assert result.exit_code == 2
    assert "logs:FilterLogEvents" in result.output


def test_the_plain_module_probes_nothing() -> None:
    """Imported as part of mwaanet it holds no configuration and makes no DAG."""
    assert worker_dag.CONFIG == {}
    assert not hasattr(worker_dag, "mwaanet_probe")


def test_the_session_token_in_what_cloudwatch_logs_says_is_hidden(
    credentials: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where AWS refuses a signature it repeats the signed headers."""
    said = "should have been 'POST\n/\nx-amz-security-token:IQoJb3JpZ2luX2VjEHoaCXVz\n'"

    def refuse(self: object, *arguments: object) -> None:
        raise ClientError({"Error": {"Code": "InvalidSignatureException", "Message": said}}, "FilterLogEvents")

    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", refuse)
    result = read("--log-group", "airflow-my-env-Task", "--region", "us-east-1")
    assert result.exit_code == 2
    assert "InvalidSignatureException" in result.output
    assert "IQoJb3JpZ2luX2VjEHoaCXVz" not in result.output
