"""Input that nobody should trust: one line that names the file, exit code 2, and nothing that moves the cursor."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builder import mwaa_estate
from builder.estate import HOME, REGION
from mwaanet.cli.main import cli

ODD = "a\x1b[31m\u202e\x07b"
"""A colour, a change of direction and a bell."""


def diagnose(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["diagnose", "env", *arguments])


def told(result: Result) -> str:
    """The one line of an error, printable from end to end."""
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    (line,) = result.stderr.splitlines()
    assert line.isprintable(), line
    return line


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return mwaa_estate().net.write(tmp_path / "snapshot")


def test_file_names(folder: Path) -> None:
    (folder / f"{ODD}.json").write_text('{"Vpcs": 3}')
    assert r"a\x1b[31m\u202e\x07b.json: /Vpcs: expected `array`" in told(diagnose("--snapshot", str(folder)))


def test_file_names_of_several_lines(folder: Path) -> None:
    (folder / "a\nerror: b.json").write_text("{")
    assert "a error: b.json: is not JSON" in told(diagnose("--snapshot", str(folder)))


def test_names_of_environments(folder: Path) -> None:
    file = folder / "accounts" / HOME / REGION / "mwaa" / "list-environments.json"
    file.write_text('{"Environments": ["one", "a\\u001b[31m\\u202eb"]}')
    assert r"a\x1b[31m\u202eb" in told(diagnose("zzz", "--snapshot", str(folder)))


def test_skipped_files_in_a_report(folder: Path) -> None:
    (folder / f"{ODD}.json").write_text("{}")
    result = diagnose("--snapshot", str(folder), "--no-color")
    assert r"a\x1b[31m\u202e\x07b.json" in result.stdout
    assert not {"\x1b", "\u202e", "\x07"} & set(result.stdout)


@pytest.mark.parametrize("option", ["--site", "--checks"])
class TestFilesOfTheUser:
    def test_a_pipe_is_not_waited_for(self, folder: Path, tmp_path: Path, option: str) -> None:
        os.mkfifo(tmp_path / "pipe")
        line = told(diagnose("--snapshot", str(folder), option, str(tmp_path / "pipe")))
        assert line.endswith("pipe: is not a file")

    def test_a_device_is_not_read(self, folder: Path, option: str) -> None:
        assert told(diagnose("--snapshot", str(folder), option, "/dev/zero")) == "error: /dev/zero: is not a file"

    def test_a_large_file_is_refused_by_its_size(self, folder: Path, tmp_path: Path, option: str) -> None:
        with (tmp_path / "large.yaml").open("wb") as file:
            file.truncate(1 << 40)
        line = told(diagnose("--snapshot", str(folder), option, str(tmp_path / "large.yaml")))
        assert "holds 1,099,511,627,776 bytes, at most 2,097,152 are read" in line

    def test_anchors_are_refused(self, folder: Path, tmp_path: Path, option: str) -> None:
        (tmp_path / "bomb.yaml").write_text("a: &a [x, x]\nb: [*a, *a]\n")
        line = told(diagnose("--snapshot", str(folder), option, str(tmp_path / "bomb.yaml")))
        assert line.endswith("bomb.yaml: line 1: anchors and aliases are not accepted")


def test_a_folder_without_checks(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    line = told(diagnose("--snapshot", str(folder), "--checks", str(tmp_path / "empty")))
    assert line.endswith("empty: holds no .yaml or .yml file")


def test_a_large_site_file_in_the_snapshot_is_refused_by_its_size(folder: Path) -> None:
    with (folder / "mwaanet.yaml").open("wb") as file:
        file.truncate(3 << 20)
    line = told(diagnose("--snapshot", str(folder)))
    assert line.endswith("mwaanet.yaml: holds 3,145,728 bytes, at most 2,097,152 are read")


@pytest.mark.parametrize("number", ["1" * 5000, "1e999"])
def test_a_number_out_of_range_is_told_with_its_place(folder: Path, number: str) -> None:
    (folder / "groups.json").write_text(
        f'{{"SecurityGroups": [{{"GroupId": "sg-1", "IpPermissions": [{{"FromPort": {number}}}]}}]}}'
    )
    line = told(diagnose("--snapshot", str(folder)))
    assert line.endswith("groups.json: /SecurityGroups/0/IpPermissions/0/FromPort: the number is out of range")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"Vpcs": [], "Vpcs": []}', "/Vpcs"),
        (r'{"Vpcs": [], "V\u0070cs": []}', "/Vpcs"),
        ('{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "Vpcs": 1, "VpcId": "vpc-2"}]}', "/Vpcs/0/VpcId"),
    ],
)
def test_a_list_that_stands_twice_in_a_file_is_refused_with_its_place(folder: Path, text: str, place: str) -> None:
    (folder / "vpcs.json").write_text(text)
    assert told(diagnose("--snapshot", str(folder))).endswith(
        f"vpcs.json: {place}: the key is written twice in one object"
    )


def test_a_device_in_the_snapshot_is_passed_over(folder: Path) -> None:
    os.mkfifo(folder / "pipe.json")
    assert diagnose("--snapshot", str(folder), "--path", "s3").exit_code == 0


def test_a_topology_file_whose_name_is_no_utf_8(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its place in SARIF ended in a traceback."""
    monkeypatch.chdir(tmp_path)
    name = os.fsdecode(b"t\xff%.yaml")
    Path(name).write_text("version: 1\nassertions:\n  - id: a\n    reach: {from: mwaa.worker, to: bucket, port: 22}\n")
    result = CliRunner().invoke(cli, ["assert", name, "--snapshot", str(folder), "--sarif", "found.sarif"])
    assert result.exit_code == 1
    assert '"uri": "t%FF%25.yaml"' in Path("found.sarif").read_text()
