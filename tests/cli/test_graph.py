"""`mwaanet graph`: what is drawn, in which format, and how it ends."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import networkx
import pytest
from click.testing import CliRunner, Result

from mwaanet.cli.graph import FORMATS
from mwaanet.cli.main import cli

TABLE_B, VPC = "rtb-01c1453376d2164e6", "vpc-017d6f504d8214274"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["graph", *arguments])


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_tells_where_packets_stop(form: str) -> None:
    done = run("--demo", "--path", "s3", "--format", form)
    assert done.exit_code == 1
    assert TABLE_B in done.stdout
    assert "no route to S3" in done.stdout


def test_formats_begin_as_their_readers_expect() -> None:
    begun = {form: run("--demo", "healthy", "--path", "s3", "--format", form).stdout for form in FORMATS}
    assert begun["mermaid"].startswith("flowchart LR\n")
    assert begun["dot"].startswith("digraph ")
    assert ElementTree.fromstring(begun["svg"]).tag == "{http://www.w3.org/2000/svg}svg"
    assert networkx.read_graphml(BytesIO(begun["graphml"].encode())).number_of_nodes() > 5
    assert networkx.node_link_graph(json.loads(begun["json"]), edges="edges").number_of_nodes() > 5
    assert begun["html"].startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (["--demo", "healthy", "--path", "s3"], 0),
        (["--demo", "spare-link-down", "--path", "api"], 0),
        (["--demo", "s3-route-missing", "--path", "s3"], 1),
        (["--demo", "refused-endpoints", "--path", "s3"], 3),
        (["--demo", "--vpc", VPC], 0),
        (["--demo", "--all"], 0),
        (["--demo", "--from", "mwaa.worker", "--to", "172.20.5.40", "--port", "8081"], 1),
    ],
)
def test_exit_codes(asked: list[str], code: int) -> None:
    assert run(*asked).exit_code == code


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "choose one of --path, --from with --to, --vpc and --all"),
        (["--path", "s3", "--all"], "choose one of --path, --from with --to, --vpc and --all"),
        (["--from", "mwaa.worker"], "--from and --to go together"),
        (["--from", "a", "--to", "b", "--protocol", "icmp", "--port", "1"], "--port does not go with --protocol icmp"),
        (["--vpc", "vpc-0"], f"no VPC of the snapshot is called 'vpc-0'; there are {VPC} (orchestration)"),
        (["--path", "s4"], "'s4' is not one of 's3', 'service', 'nexus', 'api'"),
        (["--all", "--limit", "0"], "0 is not in the range"),
    ],
)
def test_wrong_usage_says_what_is_right(arguments: list[str], message: str) -> None:
    done = run("--demo", *arguments)
    assert done.exit_code == 2
    assert message in done.stderr


def test_without_a_snapshot_it_says_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("--all")
    assert done.exit_code == 2
    assert "no snapshot given" in done.stderr


def test_what_is_drawn_is_folded_to_the_limit_and_what_is_data_is_whole() -> None:
    drawn = run("--demo", "--all", "--limit", "30").stdout
    whole = json.loads(run("--demo", "--all", "--limit", "30", "--format", "json").stdout)
    assert "components are folded" in drawn
    assert drawn.count("[") < 60
    assert len(whole["nodes"]) > 100


def test_it_writes_a_file(tmp_path: Path) -> None:
    file = tmp_path / "s3.svg"
    done = run("--demo", "--path", "s3", "--format", "svg", "--output", str(file))
    assert (done.exit_code, done.stdout) == (1, "")
    assert ElementTree.parse(file).getroot().get("role") == "img"


def test_the_same_picture_comes_out_every_time() -> None:
    first, second = (run("--demo", "--path", "service", "--format", "svg").stdout for _ in range(2))
    assert first == second
