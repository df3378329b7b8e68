"""`mwaanet diagnose env`, with the engine replaced at the wiring."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mwaanet.checks.result import Diagnosis, Status
from mwaanet.cli import wiring
from mwaanet.cli.main import cli
from mwaanet.errors import UsageError
from report import samples


class Engine:
    """Stands for the engine: answers with one diagnosis and remembers what it was asked."""

    def __init__(self) -> None:
        self.diagnosis = samples.healthy()
        self.asked: tuple[Any, ...] = ()

    def __call__(self, *asked: Any) -> Any:
        self.asked = asked
        return SimpleNamespace(diagnosis=self.diagnosis, context=None)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    made = Engine()
    monkeypatch.setattr(wiring, "diagnose", made)
    return made


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder with a snapshot in it, and a terminal that says nothing of itself."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "snapshot").mkdir()
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["diagnose", "env", *arguments])


def with_status(*statuses: Status) -> Diagnosis:
    findings = [samples.small(f"C{number}", "s3", status, "Title") for number, status in enumerate(statuses)]
    return samples.diagnosis(tuple(findings))


@pytest.mark.parametrize(
    ("statuses", "strict", "code"),
    [
        ([Status.PASS], False, 0),
        ([Status.PASS, Status.SKIP], True, 0),
        ([], False, 0),
        ([Status.WARN], False, 0),
        ([Status.WARN], True, 1),
        ([Status.FAIL], False, 1),
        ([Status.FAIL, Status.UNKNOWN], False, 1),
        ([Status.UNKNOWN, Status.PASS], False, 3),
        ([Status.UNKNOWN, Status.WARN], False, 3),
        ([Status.UNKNOWN, Status.WARN], True, 1),
    ],
)
def test_exit_codes(engine: Engine, statuses: list[Status], strict: bool, code: int) -> None:
    engine.diagnosis = with_status(*statuses)
    assert run("--snapshot", "snapshot", *(["--strict"] if strict else [])).exit_code == code


def test_a_failure_outside_of_the_four_paths_counts(engine: Engine) -> None:
    failure = replace(samples.s3_finding(), path="ours")
    engine.diagnosis = samples.diagnosis((failure,))
    assert run("--snapshot", "snapshot").exit_code == 1


def test_text_is_the_default(engine: Engine) -> None:
    engine.diagnosis = samples.broken()
    result = run("--snapshot", "snapshot")
    assert result.stdout.startswith("customer-mwaa-prod · ")
    assert result.stderr == ""
    assert "\x1b" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_json(engine: Engine) -> None:
    engine.diagnosis = samples.broken()
    document = json.loads(run("--snapshot", "snapshot", "--format", "json").stdout)
    assert document["format"] == 1
    assert len(document["findings"]) == 6


def test_all_findings(engine: Engine) -> None:
    engine.diagnosis = samples.broken()
    document = json.loads(run("--snapshot", "snapshot", "--format", "json", "--all").stdout)
    assert len(document["findings"]) == 8
    assert "✓ S3-READ" in run("--snapshot", "snapshot", "--all").stdout


def test_the_engine_is_asked_what_was_given(engine: Engine, folder: Path) -> None:
    (folder / "ours.yaml").touch()
    run("prod", "--snapshot", "snapshot", "--path", "s3", "--path", "api", "--path", "s3", "--checks", "ours.yaml")
    where, name, paths, checks = engine.asked
    assert (where.snapshot, where.demo, where.site) == (Path("snapshot"), None, None)
    assert (name, paths, checks) == ("prod", ("s3", "api"), (Path("ours.yaml"),))


class TestSource:
    def test_without_one_it_says_how_to_make_one(self, engine: Engine) -> None:
        result = run()
        assert result.exit_code == 2
        assert "error: no snapshot given" in result.stderr
        assert "aws ec2 describe-vpcs > snapshot/describe-vpcs.json" in result.stderr

    def test_not_both(self, engine: Engine) -> None:
        result = run("--snapshot", "snapshot", "--demo")
        assert result.exit_code == 2
        assert "exclude each other" in result.stderr

    def test_the_demos_default(self, engine: Engine) -> None:
        run("--demo", "--format", "json")
        assert engine.asked[0].demo == "s3-route-missing"

    def test_a_variant_of_the_demo(self, engine: Engine) -> None:
        run("--demo", "healthy")
        assert engine.asked[0].demo == "healthy"

    def test_the_demos_variants_are_listed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(wiring, "demo_variants", lambda: {"healthy": "All is well", "s3": "No way to S3"})
        result = run("--demo", "list")
        assert (result.exit_code, result.stdout) == (0, "healthy  All is well\ns3       No way to S3\n")

    def test_an_unknown_variant_is_the_engines_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> None:
            raise UsageError("no demo is called 'x'")

        monkeypatch.setattr(wiring, "diagnose", refuse)
        result = run("--demo", "x")
        assert (result.exit_code, result.stderr) == (2, "error: no demo is called 'x'\n")


class TestSiteFile:
    def test_of_the_working_folder(self, engine: Engine, folder: Path) -> None:
        (folder / "mwaanet.yaml").touch()
        run("--snapshot", "snapshot")
        assert engine.asked[0].site == Path("mwaanet.yaml")

    def test_of_the_option_first(self, engine: Engine, folder: Path) -> None:
        (folder / "mwaanet.yaml").touch()
        (folder / "other.yaml").touch()
        run("--snapshot", "snapshot", "--site", "other.yaml")
        assert engine.asked[0].site == Path("other.yaml")

    def test_the_working_folders_is_none_of_the_demos(self, engine: Engine, folder: Path) -> None:
        (folder / "mwaanet.yaml").touch()
        run("--demo")
        assert engine.asked[0].site is None


class TestOutput:
    def test_goes_to_a_file_that_only_its_owner_may_read(self, engine: Engine, folder: Path) -> None:
        result = run("--snapshot", "snapshot", "--output", "report.txt")
        assert (result.exit_code, result.stdout) == (0, "")
        assert (folder / "report.txt").read_text(encoding="utf-8").startswith("customer-mwaa-prod · ")
        assert stat.S_IMODE((folder / "report.txt").stat().st_mode) == 0o600

    def test_has_no_colours_in_a_file(self, engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FORCE_COLOR", "1")
        run("--snapshot", "snapshot", "--output", "report.txt")
        assert b"\x1b" not in (folder / "report.txt").read_bytes()

    def test_that_cannot_be_written_is_an_error(self, engine: Engine) -> None:
        result = run("--snapshot", "snapshot", "--output", "no/such/folder.txt")
        assert result.exit_code == 2
        assert result.stderr == "error: no/such/folder.txt: cannot be written: No such file or directory\n"

    def test_keeps_the_exit_code(self, engine: Engine) -> None:
        engine.diagnosis = with_status(Status.UNKNOWN)
        assert run("--snapshot", "snapshot", "--output", "report.txt").exit_code == 3


class TestColours:
    def test_are_forced(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FORCE_COLOR", "1")
        assert "\x1b[1m" in run("--snapshot", "snapshot").stdout

    def test_are_refused(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FORCE_COLOR", "1")
        assert "\x1b" not in run("--snapshot", "snapshot", "--no-color").stdout

    def test_columns_set_the_width(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        engine.diagnosis = samples.broken()
        monkeypatch.setenv("COLUMNS", "60")
        assert max(map(len, run("--snapshot", "snapshot").stdout.splitlines())) <= 60
