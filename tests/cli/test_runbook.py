"""`mwaanet runbook`, and Markdown from `diagnose env` and `trace`."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from mwaanet.cli.main import cli

RUN = CliRunner()


def test_the_runbook_is_written_however_the_environment_stands() -> None:
    result = RUN.invoke(cli, ["runbook", "--demo", "s3-route-missing"])
    assert result.exit_code == 0
    assert result.output.startswith("# Runbook: ingest-prod")
    assert "### ✗" in result.output


def test_a_page_goes_to_a_file(tmp_path: Path) -> None:
    page = tmp_path / "runbook.html"
    result = RUN.invoke(cli, ["runbook", "--demo", "--format", "html", "--output", str(page)])
    assert result.exit_code == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_todo_leaves_out_what_is_done() -> None:
    result = RUN.invoke(cli, ["runbook", "--demo", "healthy", "--todo"])
    assert result.exit_code == 0
    assert "### ☑" not in result.output


def test_what_probes_saw_stands_in_the_runbook(tmp_path: Path) -> None:
    report = tmp_path / "dc.json"
    asked = ["probe", "tcp", "127.0.0.1:1", "--from", "dc.controller", "--format", "json", "--output", str(report)]
    RUN.invoke(cli, asked)
    result = RUN.invoke(cli, ["runbook", "--demo", "healthy", "--probe", str(report)])
    assert "What probes saw" in result.output
    assert "`127.0.0.1:1`" in result.output


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["diagnose", "env", "--demo", "s3-route-missing"], 1),
        (["diagnose", "env", "--demo", "healthy"], 0),
        (["trace", "--demo", "healthy", "--from", "mwaa.worker", "--to", "bucket", "--port", "443"], 0),
    ],
)
def test_markdown_has_the_exit_code_of_every_format(words: list[str], code: int) -> None:
    result = RUN.invoke(cli, [*words, "--format", "markdown"])
    assert result.exit_code == code
    assert result.output.startswith("## ")
