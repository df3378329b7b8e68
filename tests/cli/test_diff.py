"""`mwaanet diff`, end to end on the demo."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mwaanet.cli.main import cli


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["diff", *arguments])


def test_formats_and_exit_code(tmp_path: Path) -> None:
    pair = ("demo:healthy", "demo:s3-route-missing")
    done = run(*pair)
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (1, "1 got worse; 2 records changed")
    document = json.loads(run(*pair, "--format", "json").stdout)
    assert [one["id"] for one in document["consequences"]] == ["S3-REACH"]
    target = tmp_path / "comment.md"
    assert run(*pair, "--format", "markdown", "--output", str(target)).exit_code == 1
    assert target.read_text(encoding="utf-8").startswith("### ingest-prod: what changed\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("gone", "demo:healthy"), "gone: does not exist"),
        (("demo:healthy", "demo:s3-route-mising"), "did you mean s3-route-missing"),
        (("demo:healthy", "demo:healthy", "--environment", "ingest"), "did you mean ingest-prod?"),
        (("demo:healthy",), "Missing argument 'NEW'"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], message: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert message in done.stderr
