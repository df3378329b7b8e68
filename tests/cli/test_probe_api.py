"""`mwaanet probe api` as it is called, and that nothing secret ever leaves it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from mwaanet.cli.main import cli
from probe.authority import Authority
from probe.mwaa import ACCESS_KEY, SECRET_KEY, SECRETS, SESSION_TOKEN, Mwaa, Reply, error, serving


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, authority: Authority) -> None:
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    monkeypatch.setenv("AWS_SESSION_TOKEN", SESSION_TOKEN)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(authority.bundle))


@pytest.fixture(params=[2, 3])
def mwaa(authority: Authority, request: pytest.FixtureRequest) -> Iterator[Mwaa]:
    with serving(Mwaa(major=request.param), authority.context("localhost")) as running:
        yield running


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["probe", "api", "my-env", "--timeout", "2", "--retries", "0", *arguments])


def call(mwaa: Mwaa, *arguments: str) -> Result:
    return run("--region", "us-east-1", "--endpoint", mwaa.url, *arguments)


def test_it_works(mwaa: Mwaa) -> None:
    result = call(mwaa)
    assert result.exit_code == 0
    assert "InvokeRestApi my-env GET /dags" in result.output


def test_it_does_not_work(mwaa: Mwaa) -> None:
    mwaa.instead = error(403, "AccessDeniedException", "No Airflow role granted in IAM.")
    result = call(mwaa, "--format", "json", "--from", "dc1.orchestrator")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert (report["from"], report["status"]) == ("dc1.orchestrator", "fail")
    clock, seen = report["observations"]
    assert (clock["kind"], clock["step"], clock["outcome"]) == ("api", "clock", "ok")
    assert (seen["outcome"], seen["aws_code"]) == ("no-airflow-role", "AccessDeniedException")


def test_the_region_is_read_from_the_endpoint() -> None:
    result = run(
        "--endpoint", "https://vpce-0a.env.airflow.eu-central-1.vpce.amazonaws.com.invalid", "--format", "json"
    )
    assert result.exit_code == 1
    assert json.loads(result.stdout)["observations"][0]["step"] == "clock"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--method", "POST"), "--yes"),
        (("--method", "delete", "--path", "/dags/a"), "--yes"),
        (("--method", "HEAD"), "HEAD"),
        (("--path", "dags"), "expected a path"),
        (("--path", "/api/v1/dags"), "leave /api/v1 out"),
        (("--endpoint", "http://localhost"), "expected https://"),
        (("--endpoint", "https://localhost/restapi"), "expected https://"),
        (("--endpoint", "https://user:word@localhost"), "expected https://"),
        (("--endpoint", "https://[::1"), "expected https://"),
        (("--body", "{"), "is no JSON"),
        (("--body", "[]"), "JSON object"),
        (("--airflow-version", "latest"), "2.10.3"),
        (("--profile", "no-such-profile"), "no-such-profile"),
    ],
)
def test_wrong_usage_sends_nothing(mwaa: Mwaa, arguments: tuple[str, ...], words: str) -> None:
    result = call(mwaa, *arguments)
    assert result.exit_code == 2
    assert words in result.output
    assert mwaa.received == []


def test_a_region_is_needed() -> None:
    result = run()
    assert result.exit_code == 2
    assert "--region" in result.output


def test_a_name_that_is_none() -> None:
    result = CliRunner().invoke(cli, ["probe", "api", "../env"])
    assert result.exit_code == 2


@pytest.mark.parametrize("way", ["invoke", "webserver"])
def test_what_changes_something_is_sent_with_yes(mwaa: Mwaa, way: str) -> None:
    arguments = ("--via", way, "--method", "POST", "--path", "/dags/a/dagRuns", "--body", '{"conf": {}}', "--yes")
    assert call(mwaa, *arguments).exit_code == 0


def test_another_web_server_than_aws_names(mwaa: Mwaa) -> None:
    result = call(mwaa, "--via", "webserver", "--webserver", f"localhost:{mwaa.port}")
    assert result.exit_code == 0
    result = call(mwaa, "--via", "webserver", "--webserver", f"127.0.0.1:{mwaa.port}", "--format", "json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["observations"][-1]["outcome"] == "wrong-name"


def leaky(request: str) -> Reply:
    """An answer that gives back all that it was sent."""
    return error(403, "IncompleteSignatureException", f"{request} {' '.join(SECRETS)}")


TROUBLES: dict[str, dict[str, object]] = {
    "none": {},
    "other key": {"known": {}},
    "other secret": {"known": {ACCESS_KEY: "another-secret-key-of-the-other-side-01"}},
    "other token": {"token": "other"},
    "other region": {"region": "eu-west-1"},
    "clock": {"ahead": timedelta(hours=1)},
    "leaky": {"instead": leaky("Authorization=AWS4-HMAC-SHA256 Credential=")},
    "leaky page": {"instead": Reply(500, " ".join(SECRETS).encode(), {"content-type": "text/plain"})},
    "leaky redirect": {"instead": Reply(302, b"", {"location": f"https://x.example/{SECRETS[2]}"})},
    "leaky login": {"login": Reply(403, " ".join(SECRETS).encode())},
    "leaky airflow": {"airflow": Reply(400, json.dumps({"detail": " ".join(SECRETS)}).encode())},
    "cut": {"cut": True},
    "slow": {"delay": 5},
}


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("way", ["invoke", "webserver"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_secret_is_printed_or_logged(
    mwaa: Mwaa, trouble: str, way: str, form: str, caplog: pytest.LogCaptureFixture
) -> None:
    for name, value in TROUBLES[trouble].items():
        setattr(mwaa, name, value)
    with caplog.at_level(logging.DEBUG):
        result = call(mwaa, "--via", way, "--format", form, "--timeout", "0.5")
    assert result.exit_code in (0, 1, 3)
    printed = result.output + result.stderr + caplog.text
    assert [secret for secret in SECRETS if secret in printed] == []
    assert "AWS4-HMAC-SHA256 Credential=A" not in printed
    assert "Bearer e" not in printed
