"""`mwaanet explain`, on what is really explained."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mwaanet.checks.codes import FINDING_CODES
from mwaanet.checks.load import builtin_checks
from mwaanet.cli import wiring
from mwaanet.cli.main import cli
from mwaanet.graph.codes import Code

OURS = """\
version: 1
checks:
  - id: OUR-RULE
    title: Buckets are ours
    path: s3
    severity: low
    why: Because.
    source: https://example.com/
    fix: Own them.
    skip: an example
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["explain", *arguments])


def test_everything_is_listed() -> None:
    words = run().stdout.split()
    for name in [*Code, *(check.id for check in builtin_checks())]:
        assert name in words


@pytest.mark.parametrize("code", [Code.NO_ROUTE, "no-route"])
def test_a_code(code: str) -> None:
    result = run(code)
    assert result.exit_code == 0
    assert result.stdout.startswith("NO_ROUTE  ")


def test_any_of_the_codes_that_aws_has_for_it() -> None:
    told = run("TGW_RTB_CANNOT_ROUTE").stdout
    assert all(f"{code}  " in told for code in (Code.TGW_ASTRAY, Code.TGW_NO_ROUTE))


def test_every_check_is_explained() -> None:
    for check in builtin_checks():
        assert "".join(check.source.split()) in "".join(run(check.id).stdout.split())


def test_an_unknown_code_names_the_nearest() -> None:
    result = run("NO_ROUTES")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: nothing is called 'NO_ROUTES'; did you mean NO_ROUTE")


@pytest.mark.parametrize("place", ["ours.yaml", "."])
def test_checks_of_ones_own(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ours.yaml").write_text(OURS, encoding="utf-8")
    assert "Own them." in run("OUR-RULE", "--checks", place).stdout


def test_a_broken_file_of_checks_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text("version: 2\nchecks: []\n", encoding="utf-8")
    result = run("OUR-RULE", "--checks", str(tmp_path))
    assert result.exit_code == 2
    assert "error: " in result.stderr


def test_the_demos_variants_have_titles() -> None:
    assert all(wiring.demo_variants().values())


def test_every_code_of_a_finding_is_explained() -> None:
    for code in FINDING_CODES:
        assert f"{code}  " in run(code).stdout
