"""The pytest plugin, in runs of pytest of its own: processes, for a run forgets what it imported."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from mwaanet import demo

BROKEN = "mwaa.worker@subnet-09b87ecfd38a98411"
"""The workers without a route to S3."""
_HEADING = re.compile(r"^_+ (?:ERROR at setup of )?(\w+) _+$", re.MULTILINE)

ASKING = f"""
BROKEN = "{BROKEN}"

def test_proven(network, environment):
    assert network.environments == ("ingest-prod",)
    assert network.reach("mwaa.worker", "service:sqs", tcp=443)
    assert not environment.reach(BROKEN, "bucket")
    assert environment.reach("mwaa.worker", "bucket") == "partial"

def test_bare(network):
    assert network.reach(BROKEN, "bucket", tcp=443)

def test_negative(network):
    assert not network.reach("mwaa.worker", "service:sqs", tcp=443)

def test_compared(environment):
    answer = environment.reach(BROKEN, "bucket")
    assert "yes" == answer

def test_partial(network):
    assert network.reach("mwaa.worker", "bucket")

def test_not_partial(network):
    assert not network.reach("mwaa.worker", "bucket")

def test_of_something_else(network):
    assert "yes" == "no"

def test_misspelt(network):
    assert not network.reach("mwaa.workr", "bucket")
"""


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo in which one of two subnets has no route to S3, as a folder."""
    folder = tmp_path_factory.mktemp("snapshot")
    for name, content in demo.files("s3-route-missing").items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def run_pytest(folder: Path, files: Mapping[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    """Run pytest, with the plugin and no settings of ours, on some files."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    plugins = ("-p", "mwaanet.pytest_plugin", "-p", "no:cacheprovider")
    command = [sys.executable, "-m", "pytest", *plugins, "--rootdir=.", *options]
    environment = os.environ | {"COLUMNS": "120", "PYTHONIOENCODING": "utf-8", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment.pop("CI", None)  # where it is set, pytest does not cut what is long
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


def holds(text: str, *patterns: str) -> None:
    """Assert that lines like these follow each other in the text."""
    lines = iter(text.splitlines())
    for pattern in patterns:
        assert any(fnmatchcase(line, pattern) for line in lines), f"no line {pattern!r}, in its order, in\n{text}"


class TestWithoutASnapshot:
    def test_adds_nothing(self, tmp_path: Path) -> None:
        """Neither fixtures nor hooks, no file, and no more modules than it takes to say so."""
        test = """
import subprocess, sys

def test_registers_nothing(pytestconfig):
    assert not pytestconfig.pluginmanager.has_plugin("mwaanet-asking")

def test_imports_nothing():
    code = "import mwaanet.pytest_plugin, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.split()
    assert {m for m in loaded if m.startswith("mwaanet")} == {"mwaanet", "mwaanet.errors", "mwaanet.pytest_plugin"}

def test_has_no_fixture(network):
    pass
"""
        done = run_pytest(tmp_path, {"test_it.py": test, "topology.yaml": "no: topology"})
        holds(done.stdout, "*fixture 'network' not found", "*2 passed, 1 error in *")


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory, snapshot: Path) -> str:
    """What one run of all tests of `ASKING` prints."""
    folder = tmp_path_factory.mktemp("asking")
    return run_pytest(
        folder, {"test_it.py": ASKING, "test_page.py": page_example()}, f"--mwaanet-snapshot={snapshot}"
    ).stdout


def page_example() -> str:
    """The tests that the page on the Python API shows."""
    page = (Path(__file__).parents[1] / "docs" / "python-api.md").read_text(encoding="utf-8")
    return page.partition("test_pytest_plugin.py -->\n```python\n")[2].partition("```")[0]


@pytest.fixture(scope="module")
def told(output: str) -> dict[str, str]:
    """What it prints of each test that failed."""
    _, *parts = _HEADING.split(output.partition("= short test summary")[0])
    return dict(zip(parts[::2], parts[1::2], strict=True))


class TestAsking:
    def test_what_is_proven_passes(self, output: str, told: dict[str, str]) -> None:
        assert "test_proven" not in told
        holds(output, "mwaanet: *snapshot*", "*8 failed, 3 passed in *")

    def test_a_bare_assertion_shows_the_path(self, told: dict[str, str]) -> None:
        holds(
            told["test_bare"],
            f"E*assert <no: {BROKEN} to bucket, tcp 443, because of rtb-01c1453376d2164e6>",
            "* mwaanet *",
            f"✗ no: {BROKEN} to bucket, tcp 443",
            "*| ✗ rtb-01c1453376d2164e6 (workers-b) * no route to S3*",
            "*aws ec2 modify-vpc-endpoint*",
        )

    def test_what_must_not_be_shows_the_way_it_is(self, told: dict[str, str]) -> None:
        holds(told["test_negative"], "E*assert not <yes: *>", "✓ yes: *", "*✓ sg-*", "*its reply*")

    def test_a_comparison_says_why_and_shows_the_path(self, told: dict[str, str]) -> None:
        holds(
            told["test_compared"],
            f"E*assert 'yes' == no: {BROKEN} to bucket, tcp 443",
            "E*cannot reach*no route to S3*",
            "E*to be changed: rtb-01c1453376d2164e6, vpce-*",
            f"✗ no: {BROKEN} to bucket, tcp 443",
        )

    @pytest.mark.parametrize("test", ["test_partial", "test_not_partial"])
    def test_what_is_not_proven_fails_either_way(self, told: dict[str, str], test: str) -> None:
        text = told[test]
        assert text.count("✗ partial: mwaa.worker to bucket, tcp 443") == 1
        assert "answer.py" not in text, "the failure ends at the test's own line"

    def test_other_assertions_are_left_alone(self, told: dict[str, str]) -> None:
        holds(told["test_of_something_else"], "E*assert 'yes' == 'no'*")
        assert "- mwaanet -" not in told["test_of_something_else"]

    def test_a_selector_that_means_nothing_is_an_error(self, told: dict[str, str]) -> None:
        holds(told["test_misspelt"], "E*UsageError: 'mwaa.workr' is no part*did you mean mwaa.worker?*")

    def test_the_page_says_what_happens(self, told: dict[str, str]) -> None:
        """Everything of its example holds but the findings: in this demo S3 is not reached."""
        assert set(told) >= {"test_findings"}
        holds(told["test_findings"], "*S3-REACH*")


TOPOLOGY = """
version: 1
variables: {port: 443}
assertions:
  - id: queue
    reach: {from: mwaa.worker, to: "service:sqs", port: "{port}"}
  - id: bucket
    title: Workers read the bucket
    reach: {from: mwaa.worker, to: bucket, port: 443}
  - id: waived
    waive: {until: 2999-01-01, because: the second table is on its way}
    reach: {from: mwaa.worker, to: bucket, port: 443}
  - id: deleting
    permit: {principal: mwaa.execution-role, actions: "s3:DeleteBucket", resources: "{bucket_arn}"}
  - id: nobody
    reach: {from: "tag:Name=gone", to: bucket, port: 443}
"""


class TestTopologyFiles:
    @pytest.fixture(scope="class")
    @classmethod
    def output(cls, tmp_path_factory: pytest.TempPathFactory, snapshot: Path) -> str:
        files = {
            "topology.yaml": TOPOLOGY,
            "topology-typo.yml": "version: 1\nasertions: []\n",
            "topology-none.yml": "version: 1\nvariables: {port: 1}\nassertions: []\n",
            "other.yaml": "no: 1",
        }
        folder = tmp_path_factory.mktemp("topology")
        options = (f"--mwaanet-snapshot={snapshot}", "--mwaanet-environment=ingest-prod", "--mwaanet-var=port=443")
        return run_pytest(folder, files, *options, "-rA", "--continue-on-collection-errors").stdout

    def test_each_assertion_is_a_test(self, output: str) -> None:
        holds(
            output,
            "PASSED topology.yaml::queue",
            "XFAIL topology.yaml::waived - waived until 2999-01-01, because the second table is on its way: *",
            "ERROR topology-typo.yml*",
            "FAILED topology.yaml::bucket*",
            "FAILED topology.yaml::nobody*",
        )

    def test_what_fails_shows_the_path_and_where_it_is_stated(self, output: str) -> None:
        holds(
            output,
            "*_ Workers read the bucket _*",
            "*| ✗ rtb-01c1453376d2164e6 (workers-b) * no route to S3*",
            "*stated:*topology.yaml:7:*",
        )
        assert "topology_files.py" not in output

    def test_what_fails_shows_what_it_takes_for_granted(self, output: str) -> None:
        holds(output, "*stated: *topology.yaml:13:*", "*assumed: service and resource control policies*")

    def test_a_selection_that_is_empty_fails(self, output: str) -> None:
        holds(output, "*nothing is selected: no interface, subnet or instance has the tag Name=gone*")

    def test_a_file_that_cannot_be_read_is_an_error_of_collection(self, output: str) -> None:
        holds(output, "*ERROR collecting topology-typo.yml*", "*line 2: *'asertions'*assertions*")

    def test_a_file_without_assertions_is_one_too(self, output: str) -> None:
        """It would prove nothing, and nobody would miss it among the others."""
        holds(output, "*ERROR collecting topology-none.yml*", "*there are no assertions in *")


class TestOptions:
    def test_snapshot_that_is_not_there(self, tmp_path: Path) -> None:
        done = run_pytest(tmp_path, {}, "--mwaanet-snapshot=gone")
        assert done.returncode == pytest.ExitCode.USAGE_ERROR
        holds(done.stderr, "ERROR: --mwaanet-snapshot: gone does not exist")

    def test_a_wrong_environment_and_a_fixture_of_the_users_own(self, tmp_path: Path, snapshot: Path) -> None:
        test = """
import pytest

@pytest.fixture
def network():
    return 1

def test_own(network):
    assert network == 1

def test_wrong(environment):
    pass
"""
        options = (f"--mwaanet-snapshot={snapshot}", "--mwaanet-environment=ingest-prd")
        done = run_pytest(tmp_path, {"test_it.py": test}, *options)
        no_such = "*UsageError: no environment is named 'ingest-prd' (did you mean ingest-prod?)"
        holds(done.stdout, no_such, "*1 passed, 1 error in *")
