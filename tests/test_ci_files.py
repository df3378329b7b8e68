"""The files of `ci/`: valid by their published schemas, and their shell lines run as they stand, on the demo.

`pip`, `aws s3 cp` and `mwaanet snapshot` are stand-ins, a folder is the bucket; everything else is the real program.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest
import yaml
from pre_commit.clientlib import load_manifest

from mwaanet import demo
from mwaanet.snapshot.archive import archive_bytes

ROOT = Path(__file__).parents[1]
CI = ROOT / "ci"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
TOPOLOGY = """\
version: 1
assertions:
  - id: workers-read-the-bucket
    reach: {from: mwaa.worker, to: bucket, port: 443}
  - id: workers-not-to-the-internet
    expect: blocked
    reach: {from: mwaa.worker, to: internet, protocol: all}
"""
STAND_INS = {
    "pip": "exit 0",
    "aws": 'test "$1 $2" = "s3 cp" && exec cp "$(echo "$3" | sed "s|s3://|$BUCKETS/|")" "$(echo "$4" | sed "s|s3://|$BUCKETS/|")"',
    "mwaanet": 'test "$1" != snapshot || exec cp "$TODAY" "$2"\n'
    'exec "$PYTHON" -c "from mwaanet.cli.main import main; main()" "$@"',
}
"""The bucket is a folder below `$BUCKETS`, the estate is the archive `$TODAY`."""


class Job(NamedTuple):
    """The shell lines of one job, one text for each step, and whether a step runs although one failed before."""

    steps: tuple[tuple[str, bool], ...]


def workflow(name: str) -> Job:
    jobs = read(CI / "github-workflow.yml")["jobs"]
    return Job(tuple((step["run"], step.get("if") == "always()") for step in jobs[name]["steps"] if "run" in step))


def gitlab(name: str) -> Job:
    document = read(CI / "gitlab-ci.yml")
    lines = [*document[document[name]["extends"]]["before_script"], *document[name]["script"]]
    return Job((("\n".join(lines), False),))


def buildspec(name: str) -> Job:
    phases = read(CI / f"codebuild-{name}.yml")["phases"]
    return Job(tuple(("\n".join(phases[phase]["commands"]), False) for phase in ("install", "build")))


NIGHTLY = {
    "github": lambda: workflow("snapshot"),
    "gitlab": lambda: gitlab("mwaanet-snapshot"),
    "codebuild": lambda: buildspec("snapshot"),
}
MERGE = {
    "github": lambda: workflow("assert"),
    "gitlab": lambda: gitlab("mwaanet-assert"),
    "codebuild": lambda: buildspec("assert"),
}


def read(file: Path) -> Any:
    return yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


class Runner(NamedTuple):
    """A folder in which a job runs, beside it the bucket."""

    folder: Path

    @property
    def latest(self) -> Path:
        """The snapshot in the bucket."""
        return self.folder / "buckets" / "fernleaf" / "latest.tar.gz"

    def run(self, job: Job, variant: str) -> int:
        """The exit code of the first step that fails; `variant` is what the estate is like today."""
        work = self.folder / "work"
        (work / "topology.yaml").write_text(TOPOLOGY, encoding="utf-8")
        (self.folder / "today.tar.gz").write_bytes(archive_bytes(demo.files(variant), "snapshot"))
        code = 0
        for lines, always in job.steps:
            if code and not always:
                continue
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", lines],
                cwd=work,
                env=self.environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode in (0, 1, 3), done.stdout + done.stderr
            code = code or done.returncode
        return code

    @property
    def environment(self) -> dict[str, str]:
        names = ("MWAANET_SNAPSHOTS", "SNAPSHOTS")
        return {
            **{name: "s3://fernleaf" for name in names},
            "ENVIRONMENT": "ingest-prod",
            "MWAANET_ENVIRONMENT": "ingest-prod",
            "AWS_TOKEN": "token",
            "BUCKETS": str(self.folder / "buckets"),
            "TODAY": str(self.folder / "today.tar.gz"),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            "PYTHON": sys.executable,
            "PYTHONPATH": str(ROOT / "src"),
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.folder),
        }


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    for name in ("work", "bin", "buckets/fernleaf"):
        (tmp_path / name).mkdir(parents=True)
    for name, text in STAND_INS.items():
        program = tmp_path / "bin" / name
        program.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        program.chmod(0o755)
    yield Runner(tmp_path)
    shutil.rmtree(tmp_path, ignore_errors=True)


def kept(runner: Runner, variant: str) -> None:
    runner.latest.write_bytes(archive_bytes(demo.files(variant), "snapshot"))


@pytest.mark.slow
class TestOnEveryMerge:
    @pytest.mark.parametrize("where", MERGE)
    def test_passes_where_the_assertions_hold(self, runner: Runner, where: str) -> None:
        kept(runner, "healthy")
        assert runner.run(MERGE[where](), "healthy") == 0
        report = ElementTree.parse(runner.folder / "work" / "junit.xml").getroot()
        assert len(list(report.iter("testcase"))) == 2

    @pytest.mark.parametrize("where", ["github"])
    def test_fails_where_one_does_not(self, runner: Runner, where: str) -> None:
        """And leaves the reports for the steps after it; what is unknown fails too."""
        kept(runner, "s3-route-missing")
        assert runner.run(MERGE[where](), "healthy") == 1
        assert (runner.folder / "work" / "mwaanet.sarif").is_file()
        assert "workers-read-the-bucket" in (runner.folder / "summary.md").read_text(encoding="utf-8")


@pytest.mark.slow
class TestEveryNight:
    @pytest.mark.parametrize("where", NIGHTLY)
    def test_the_first_night(self, runner: Runner, where: str) -> None:
        """There is no snapshot to compare with yet."""
        assert runner.run(NIGHTLY[where](), "healthy") == 0
        assert runner.latest.is_file()

    def test_what_broke_since_yesterday_fails_and_the_snapshot_is_kept(self, runner: Runner) -> None:
        kept(runner, "healthy")
        before = runner.latest.read_bytes()
        assert runner.run(NIGHTLY["github"](), "s3-route-missing") == 1
        assert runner.latest.read_bytes() != before
        summary = (runner.folder / "summary.md").read_text(encoding="utf-8")
        assert "because of `rtb-01c1453376d2164e6 (workers-b)`" in summary
        assert "workers-read-the-bucket" in summary


@pytest.mark.parametrize(
    ("file", "schema"),
    [("github-workflow.yml", "vendor.github-workflows"), ("gitlab-ci.yml", "vendor.gitlab-ci")],
)
def test_schemas(file: str, schema: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(CI / file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_buildspecs() -> None:
    """The keys are those of https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html."""
    files = sorted(CI.glob("codebuild-*.yml"))
    assert [file.name for file in files] == ["codebuild-assert.yml", "codebuild-snapshot.yml"]
    for file in files:
        document = read(file)
        assert document["version"] == "0.2"
        assert set(document) <= {"version", "env", "phases", "reports", "artifacts", "cache"}
        assert list(document["phases"]) == ["install", "build"]
        for phase in document["phases"].values():
            assert set(phase) <= {"runtime-versions", "commands", "on-failure", "finally"}
        for report in document.get("reports", {}).values():
            assert report["file-format"] == "JUNITXML"


def test_hooks() -> None:
    """As pre-commit itself reads them, for the files that they mean."""
    hooks = load_manifest(str(HOOKS))
    assert [hook["id"] for hook in hooks] == ["mwaanet-lint", "mwaanet-assert"]
    for hook in hooks:
        assert re.search(hook["files"], "infra/topology-prod.yaml")
        assert not re.search(hook["files"], "infra/mytopology.yaml")
        done = subprocess.run(
            [sys.executable, "-c", "from mwaanet.cli.main import main; main()", *hook["entry"].split()[1:], "--help"],
            capture_output=True,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "--snapshot" in done.stdout


def test_page_names_every_file() -> None:
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    for file in (*CI.iterdir(), HOOKS):
        assert f"]({os.path.relpath(file, ROOT / 'docs')})" in page
