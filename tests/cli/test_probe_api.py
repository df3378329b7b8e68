"""`mwaanet probe api` as it is called, and that nothing secret ever leaves it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner, Result

from mwaanet.cli.main import cli
from probe.authority import Authority
from probe.mwaa import (
    ACCESS_KEY,
    COOKIE,
    JWT,
    SECRET_KEY,
    SECRETS,
    SESSION_TOKEN,
    WEB_TOKEN,
    Mwaa,
    Reply,
    error,
    serving,
)


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
        (("--endpoint", "https://localhost:99999"), "from 1 to 65535"),
        (("--webserver", "localhost:0"), "from 1 to 65535"),
        (("--path", "/dags#last"), "expected a path"),
        (("--path", "/dags?tags=a&tags=b"), "'tags' twice"),
        (("--ca-file", __file__), "holds no certificates in PEM"),
        (("--ca-file", "/nonexistent.pem"), "cannot be read"),
        (("--via", "webserver", "--webserver", "https://localhost"), "expected HOST"),
        (("--via", "webserver", "--webserver", "localhost/x?"), "expected HOST"),
        (("--via", "webserver", "--webserver", "user:word@localhost"), "expected HOST"),
        (("--timeout", "nan"), "nan"),
        (("--body", "{"), "is no JSON"),
        (("--body", "[]"), "JSON object"),
        (("--body", "[" * 100_000), "nested too deeply"),
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


OWN = " ".join((ACCESS_KEY, SECRET_KEY, SESSION_TOKEN))
"""What the client brings along."""


TROUBLES: dict[str, dict[str, object]] = {
    "none": {},
    "other key": {"known": {}},
    "other secret": {"known": {ACCESS_KEY: "another-secret-key-of-the-other-side-01"}},
    "other token": {"token": "other"},
    "other region": {"region": "eu-west-1"},
    "clock": {"ahead": timedelta(hours=1)},
    "leaky": {"instead": error(403, "IncompleteSignature", f"Authorization=AWS4-HMAC-SHA256 Credential={OWN}")},
    "leaky page": {"instead": Reply(500, OWN.encode(), {"content-type": "text/plain"})},
    "leaky redirect": {"instead": Reply(302, b"", {"location": f"https://x.example/{SESSION_TOKEN}"})},
    "leaky login": {"login": Reply(403, " ".join(SECRETS).encode())},
    "leaky airflow": {"airflow": Reply(400, json.dumps({"detail": f"{SECRET_KEY} {WEB_TOKEN}"}).encode())},
    "leaky cookie": {"major": 2, "airflow": Reply(400, json.dumps({"detail": COOKIE}).encode())},
    "leaky bearer": {"major": 3, "airflow": Reply(400, json.dumps({"detail": JWT}).encode())},
    "leaky request id": {"instead": Reply(400, b"{}", {"x-amzn-RequestId": OWN})},
    "leaky in other writing": {"instead": error(400, "ValidationException", quote(OWN, safe=""))},
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
    assert [secret for secret in SECRETS if secret in printed or quote(secret, safe="") in printed] == []
    assert "AWS4-HMAC-SHA256 Credential=A" not in printed
    assert "Bearer e" not in printed


def test_a_secret_that_is_cut_off_is_hidden_as_well(mwaa: Mwaa) -> None:
    """Somebody else's text is shown up to a length, and the length must not fall into a secret that hides it."""
    mwaa.instead = error(400, "ValidationException", "x" * 280 + SESSION_TOKEN)
    result = call(mwaa, "--format", "json")
    assert SESSION_TOKEN[:10] not in result.output
    assert json.loads(result.stdout)["observations"][-1]["message"].startswith("x" * 280)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(302, b"", {"location": "https://x.example/" + "y" * 20_000}),
        Reply(403, b"{}", {"x-amzn-ErrorType": "Z" * 20_000}),
        Reply(403, b"{}", {"x-amzn-RequestId": "z" * 20_000}),
        error(
            403, "AccessDeniedException", f"User: {'u' * 90_000} is not authorized to perform: airflow:InvokeRestApi"
        ),
    ],
)
def test_no_text_of_the_other_side_floods_the_report(mwaa: Mwaa, reply: Reply) -> None:
    mwaa.instead = reply
    assert len(call(mwaa, "--format", "json").stdout) < 6000


@pytest.mark.parametrize(
    "process",
    ["/bin/echo no JSON", "/bin/echo []", "/nonexistent/tool", '/bin/sh -c "unclosed'],
    ids=["no JSON", "a list", "no tool", "no shell's words"],
)
def test_a_credential_process_that_does_not_do_what_it_should(
    mwaa: Mwaa, process: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.write_text(f"[default]\ncredential_process = {process}\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    result = call(mwaa, "--format", "json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["observations"][-1]["outcome"] == "no-credentials"


def test_a_token_that_makes_no_header_is_not_printed(mwaa: Mwaa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", f"{SESSION_TOKEN}\n")
    result = call(mwaa, "--format", "json")
    assert json.loads(result.stdout)["observations"][-1]["message"] == "Invalid header value b'***\\n'"
    assert SESSION_TOKEN not in result.output


def test_a_password_in_an_endpoint_that_is_refused_is_not_repeated() -> None:
    result = CliRunner().invoke(cli, ["probe", "api", "my-env", "--endpoint", "https://robot:sesame-open@10.0.0.1"])
    assert result.exit_code == 2
    assert "expected https://HOST[:PORT], nothing more" in result.stderr
    assert "sesame" not in result.output


@pytest.mark.parametrize("given", ["-", "@body.json"])
def test_a_body_out_of_a_file_or_stdin_is_not_seen_in_the_list_of_processes(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("body.json").write_text("[1]", encoding="utf-8")
    result = CliRunner().invoke(cli, ["probe", "api", "my-env", "--body", given], input="[1]")
    assert result.exit_code == 2
    assert "expected a JSON object" in result.output


def test_a_body_that_cannot_be_read() -> None:
    result = CliRunner().invoke(cli, ["probe", "api", "my-env", "--body", "@no-such.json"])
    assert result.exit_code == 2
    assert "cannot be read: No such file" in result.output
