"""`mwaanet assert` and `mwaanet lint` from the command line: files, exit codes, and what is written where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from junitparser import JUnitXml

from builder import Topology, rule
from checks.test_assertions import hosts
from mwaanet.cli.main import cli

HOLDS = "{id: holds, reach: {from: 10.1.1.10, to: 10.1.2.20, port: '{port}'}}"
BROKEN = "{id: broken, expect: blocked, reach: {from: 10.1.1.10, to: 10.1.2.20, port: '{port}'}}"
SKIPPED = "{id: skipped, allow-empty: true, reach: {from: 'tag:Name=gone', to: 10.1.2.20, port: 443}}"
UNKNOWN = "{id: unknown, resolve: {name: www.example.org, from: 10.1.1.10}}"
WAIVED = BROKEN.replace("broken, ", "waived, waive: {until: 2999-01-01, because: known}, ")


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    net: Topology = hosts(rule("tcp", 443))
    return net.write(tmp_path_factory.mktemp("snapshot"))


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, list(map(str, arguments)))


def file(folder: Path, *assertions: str) -> Path:
    lines = "".join(f"  - {one}\n" for one in assertions)
    path = folder / "topology.yaml"
    path.write_text(f"version: 1\nvariables: {{port: 443}}\nassertions:\n{lines}")
    return path


@pytest.mark.parametrize(
    ("assertions", "options", "code"),
    [
        ((HOLDS,), (), 0),
        ((HOLDS,), ("--var", "port=22"), 1),
        ((HOLDS, BROKEN, UNKNOWN), (), 1),
        ((HOLDS, UNKNOWN), (), 3),
        ((HOLDS, WAIVED), (), 0),
        ((HOLDS, WAIVED), ("--strict",), 1),
        ((HOLDS, SKIPPED), ("--strict",), 0),
        ((SKIPPED,), (), 0),
        ((SKIPPED,), ("--strict",), 1),
        ((HOLDS.replace("reach", "reech"),), (), 2),
        ((HOLDS,), ("--var", "prot=1"), 2),
        ((HOLDS,), ("--var", "port"), 2),
        ((HOLDS,), ("--environment", "none"), 2),
        ((HOLDS,), ("--init",), 2),
    ],
)
def test_exit_codes(
    tmp_path: Path, snapshot: Path, assertions: tuple[str, ...], options: tuple[str, ...], code: int
) -> None:
    found = run("assert", file(tmp_path, *assertions), "--snapshot", snapshot, *options)
    assert found.exit_code == code, found.output
    assert ("error: " in found.stderr) == (code == 2)


def test_nothing_to_assert(snapshot: Path, tmp_path: Path) -> None:
    assert run("assert", "--snapshot", snapshot).exit_code == 2
    assert run("assert", tmp_path / "none.yaml", "--snapshot", snapshot).exit_code == 2
    assert run("lint").exit_code == 2
    assert run("lint", tmp_path / "none.yaml").exit_code == 2


def test_a_file_without_assertions_proves_nothing(snapshot: Path, tmp_path: Path) -> None:
    empty = tmp_path / "topology.yaml"
    empty.write_text("version: 1\nassertions: []\n")
    found = run("assert", empty, "--snapshot", snapshot)
    assert (found.exit_code, "no assertions in" in found.output) == (2, True)


def test_every_report_at_once(tmp_path: Path, snapshot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    (tmp_path / "summary.md").write_text("before\n")
    junit, sarif = tmp_path / "junit.xml", tmp_path / "mwaanet.sarif"
    topology = file(tmp_path, HOLDS, BROKEN)
    found = run(
        "assert", topology, "--snapshot", snapshot, "--junit", junit, "--sarif", sarif, "--github", "--format", "json"
    )
    assert found.exit_code == 1
    assert json.loads(found.stdout)["summary"]["fail"] == 1
    assert found.stderr.startswith("::error file=")
    assert JUnitXml.fromfile(str(junit)).failures == 1
    assert json.loads(sarif.read_text())["version"] == "2.1.0"
    assert (tmp_path / "summary.md").read_text().startswith("before\n## Assertions: 1 failed, 1 passed")


def test_a_first_file_passes_at_once(tmp_path: Path) -> None:
    first = tmp_path / "topology.yaml"
    assert run("assert", "--init", "--demo", "healthy", "--output", first).exit_code == 0
    assert run("assert", first, "--demo", "healthy", "--strict").exit_code == 0
    assert run("lint", first, "--demo", "healthy", "--strict").exit_code == 0


def test_the_built_in_checks_are_asserted_like_a_user_s() -> None:
    found = run("assert", "checks", "--demo", "healthy", "--format", "json")
    assert found.exit_code == 0
    assert {one["status"] for one in json.loads(found.stdout)["assertions"]} <= {"pass", "warn", "skip"}


@pytest.mark.parametrize(
    ("assertions", "options", "code"),
    [
        ((HOLDS,), (), 0),
        ((HOLDS, BROKEN), (), 1),
        ((HOLDS, HOLDS.replace("holds", "again")), (), 0),
        ((HOLDS, HOLDS.replace("holds", "again")), ("--strict",), 1),
        ((HOLDS.replace("reach", "reech"),), (), 1),
    ],
)
def test_lint(tmp_path: Path, assertions: tuple[str, ...], options: tuple[str, ...], code: int) -> None:
    assert run("lint", file(tmp_path, *assertions), *options).exit_code == code


def test_lint_with_a_snapshot(tmp_path: Path, snapshot: Path) -> None:
    topology = file(tmp_path, "{id: idle, reach: {from: 'tag:Name=none', to: 10.1.2.20}}")
    assert run("lint", topology).exit_code == 0
    found = run("lint", topology, "--snapshot", snapshot)
    assert found.exit_code == 1
    assert f"{topology}:4:5: error: idle: tag:Name=none selects nothing" in found.output


def test_the_schema_is_printed() -> None:
    assert json.loads(run("lint", "--schema").stdout)["title"]
