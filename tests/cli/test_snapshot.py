"""`mwaanet snapshot`, and `mwaanet diagnose env NAME` without one, against a server that answers from the demo."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from collect.aws_server import Behaviour, running
from collect.aws_wire import Fault
from collect.collecting import HOME, READER, REGION
from mwaanet import demo
from mwaanet.cli.main import cli

HEALTHY = demo.files(demo.HEALTHY)


def run(*arguments: str, files: dict[str, bytes] | None = None, refuse: str = "") -> Result:
    behaviour = Behaviour(fault=lambda request: Fault() if request.operation == refuse else None)
    with running(files or HEALTHY, behaviour) as server, pytest.MonkeyPatch.context() as patch:
        for name, value in server.variables(HOME, REGION).items():
            patch.setenv(name, value)
        return CliRunner().invoke(cli, arguments)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the demo's site file in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mwaanet.yaml").write_bytes(HEALTHY["mwaanet.yaml"])
    return tmp_path


class TestSnapshot:
    def test_makes_one_and_says_what_it_did(self, here: Path) -> None:
        result = run("snapshot", "estate", "--role-arn", READER)
        assert result.exit_code == 0, result.output
        assert "0 throttled" in result.stderr
        assert f"{HOME} {REGION}, 444455556666 {REGION}" in result.stderr
        assert (here / "estate" / "manifest.json").is_file()
        assert CliRunner().invoke(cli, ["diagnose", "env", "--snapshot", "estate"]).exit_code == 0

    def test_names_the_actions_that_are_missing(self, here: Path) -> None:
        result = run("snapshot", "estate.tar.gz", refuse="get-bucket-policy")
        assert result.exit_code == 3
        assert "s3 get-bucket-policy (AccessDenied): a bucket's policy" in result.stderr
        assert "IAM actions that are missing:\n  s3:GetBucketPolicy\n" in result.stderr
        assert "not reached, give --profile or --role-arn for more: 444455556666 us-east-1" in result.stderr

    def test_a_full_disk_is_one_line(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(path: object, *_: object) -> int:
            there: int = opened("/dev/full", os.O_WRONLY) if str(path).endswith(".partial") else opened(path, *_)
            return there

        opened: Any = os.open
        monkeypatch.setattr(os, "open", full)
        (here / ".estate.partial").touch()
        result = run("snapshot", "estate")
        assert result.exit_code == 2
        assert "error: " in result.stderr
        assert ".estate.partial: cannot be written: No space left on device" in result.stderr

    def test_the_working_folder_can_be_the_snapshot(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (here / "empty").mkdir()
        monkeypatch.chdir(here / "empty")
        assert run("snapshot", ".").exit_code == 0
        assert (here / "empty" / "manifest.json").is_file()
        assert sorted(path.name for path in here.iterdir()) == ["empty", "mwaanet.yaml"]

    def test_is_quiet_if_asked(self, here: Path) -> None:
        result = run("snapshot", "estate", "--quiet")
        assert (result.exit_code, result.output) == (0, "")

    def test_without_credentials_there_is_one_line(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
            monkeypatch.setenv(name, "/nonexistent")
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
        result = CliRunner().invoke(cli, ["snapshot", "estate", "--region", REGION])
        assert (result.exit_code, result.output) == (2, "error: no credentials: Unable to locate credentials\n")

    def test_a_profile_that_does_not_exist_is_wrong_usage(self, here: Path) -> None:
        result = run("snapshot", "estate", "--profile", "nobody")
        assert (result.exit_code, result.output) == (2, "error: The config profile (nobody) could not be found\n")


class TestDiagnosis:
    def test_collects_what_it_needs_by_itself(self, here: Path) -> None:
        result = run("diagnose", "env", "ingest-prod", "--role-arn", READER, "--format", "json")
        assert result.exit_code == 0, result.output
        assert [path.name for path in here.iterdir()] == ["mwaanet.yaml"]

    def test_a_fault_of_the_live_estate_is_found(self, here: Path) -> None:
        files = dict(demo.files("s3-route-missing"))
        result = run("diagnose", "env", "ingest-prod", "--role-arn", READER, files=files)
        assert result.exit_code == 1
        assert "rtb-01c1453376d2164e6" in result.stdout
