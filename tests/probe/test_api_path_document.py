"""The examples of docs/api-path.md do what the document says, against a server that checks every signature."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from probe.authority import Authority
from probe.mwaa import ACCESS_KEY, SECRET_KEY, SESSION_TOKEN, Mwaa, serving

DOCUMENT = Path(__file__).parents[2] / "docs" / "api-path.md"
PUBLIC = "https://env.airflow.{REGION}.amazonaws.com"
CLIENT = '"mwaa", region_name="us-east-1"'


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    authority = Authority(tmp_path)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    for name in ("HTTPS_PROXY", "https_proxy", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    settings = {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_SESSION_TOKEN": SESSION_TOKEN,
        "AWS_CA_BUNDLE": str(authority.bundle),
        "REQUESTS_CA_BUNDLE": str(authority.bundle),
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return authority


@pytest.fixture(params=[2, 3])
def mwaa(bundle: Authority, request: pytest.FixtureRequest) -> Iterator[Mwaa]:
    with serving(Mwaa(major=request.param), bundle.context("localhost")) as running:
        yield running


def examples() -> list[str]:
    return re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)


def run(code: str, names: dict[str, Any]) -> None:
    exec(compile(code, str(DOCUMENT), "exec"), names)


def test_every_example_in_python(mwaa: Mwaa) -> None:
    by_boto3, by_requests, at_web_server = examples()
    names: dict[str, Any] = {}
    assert CLIENT in by_boto3
    here = f'{CLIENT}, endpoint_url="{mwaa.url}", config=__import__("botocore.config").config.Config'
    run(by_boto3.replace(CLIENT, f"{here}(inject_host_prefix=False)"), names)
    assert names["answer"]["RestApiStatusCode"] == 200
    assert PUBLIC in by_requests
    run(by_requests.replace(PUBLIC, mwaa.url), names)
    assert names["answer"].json()["RestApiStatusCode"] == 200
    begin, of_2, of_3 = re.split(r"# Airflow [23]: .*\n", at_web_server)
    run(begin + (of_2 if mwaa.major == 2 else of_3), names)
    last = mwaa.received[-1]
    assert (last.method, last.path) == ("POST", f"/api/v{mwaa.major - 1}/dags/daily/dagRuns")
