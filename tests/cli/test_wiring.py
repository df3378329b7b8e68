"""The wiring to the engine, on the embedded demo."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from mwaanet import demo
from mwaanet.cli import wiring
from mwaanet.cli.main import cli
from mwaanet.cli.options import Where
from mwaanet.errors import SiteFileError

SITE = "version: 1\non_premises:\n  - name: here\n    cidrs: [10.99.0.0/16]\n"


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    """The default demo as a folder."""
    for name, content in demo.files().items():
        file = tmp_path / "snapshot" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return tmp_path / "snapshot"


def here(snapshot: Path, site: Path | None = None) -> Where:
    return Where(snapshot=snapshot, demo=None, site=site)


def test_the_demo_fails_where_it_is_broken() -> None:
    result = CliRunner().invoke(cli, ["diagnose", "env", "--demo", "--format", "json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["paths"][0]["status"] == "fail"


def test_a_trace_of_the_demo() -> None:
    arguments = ["trace", "--demo", "--from", "mwaa.worker", "--to", "mwaa.database", "--port", "5432"]
    result = CliRunner().invoke(cli, [*arguments, "--format", "json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["return"]["reachable"] == "yes"


def test_a_folder_says_what_the_demo_says(snapshot: Path) -> None:
    folder = wiring.diagnose(here(snapshot), None, (), ()).diagnosis
    embedded = wiring.diagnose(Where(snapshot=None, demo=demo.DEFAULT, site=None), None, (), ()).diagnosis
    assert [(one.id, one.status, one.message) for one in folder.findings] == [
        (one.id, one.status, one.message) for one in embedded.findings
    ]


def test_the_site_file_of_the_snapshot(snapshot: Path) -> None:
    (snapshot / "mwaanet.yaml").write_text(SITE, encoding="utf-8")
    assert "here routes everything" in str(wiring.diagnose(here(snapshot), None, (), ()).diagnosis.assumptions)


def test_a_given_site_file_comes_before_it(snapshot: Path, tmp_path: Path) -> None:
    (snapshot / "mwaanet.yaml").write_text("version: 2\n", encoding="utf-8")
    other = tmp_path / "other.yaml"
    other.write_text(SITE, encoding="utf-8")
    assert "here routes everything" in str(wiring.diagnose(here(snapshot, other), None, (), ()).diagnosis.assumptions)
    with pytest.raises(SiteFileError, match=r"snapshot/mwaanet\.yaml"):
        wiring.diagnose(here(snapshot), None, (), ())


def test_a_snapshot_needs_no_site_file(snapshot: Path) -> None:
    (snapshot / "mwaanet.yaml").unlink(missing_ok=True)
    assert wiring.diagnose(here(snapshot), None, ("s3",), ()).diagnosis.paths[0].status == "fail"
