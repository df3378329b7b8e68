"""`mwaanet trace`, with the engine replaced at the wiring."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mwaanet.cli import wiring
from mwaanet.cli.main import cli
from mwaanet.paths.trace import Trace
from report import traces


class Engine:
    """Stands for the engine: answers with one trace and remembers what it was asked."""

    def __init__(self) -> None:
        self.trace = traces.s3_reached()
        self.asked: tuple[Any, ...] = ()

    def __call__(self, *asked: Any) -> wiring.Traced:
        self.asked = asked
        return wiring.Traced(self.trace, (), traces.NAMES, traces.LOCATIONS, ("as declared",))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    made = Engine()
    monkeypatch.setattr(wiring, "trace", made)
    return made


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["trace", "--from", "mwaa.worker", "--to", "bucket", *arguments])


@pytest.mark.parametrize(
    ("trace", "code"),
    [
        (traces.s3_reached, 0),
        (traces.s3_stopped, 1),
        (traces.partly, 1),
        (traces.nexus_unknown, 3),
    ],
)
def test_exit_codes(engine: Engine, trace: Callable[[], Trace], code: int) -> None:
    engine.trace = trace()
    assert run("--demo").exit_code == code


def test_text_and_json_hold_the_same(engine: Engine) -> None:
    text = run("--demo").stdout
    assert text.startswith("✓ Reachable: ")
    assert "  • as declared" in text
    document = json.loads(run("--demo", "--format", "json").stdout)
    assert document["status"] == "pass"
    assert document["assumptions"] == ["as declared"]


def test_the_engine_is_asked_what_was_given(engine: Engine) -> None:
    run("--demo", "healthy", "--protocol", "UDP", "--port", "53", "--environment", "prod")
    where, asked = engine.asked
    assert where.demo == "healthy"
    assert asked == wiring.Asked("mwaa.worker", "bucket", 17, 53, "prod")


@pytest.mark.parametrize(("arguments", "number"), [([], 6), (["--protocol", "all"], None), (["--protocol", "47"], 47)])
def test_protocols(engine: Engine, arguments: list[str], number: int | None) -> None:
    run("--demo", *arguments)
    assert engine.asked[1].protocol == number


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--demo", "--protocol", "tpc"], "expected tcp, udp, icmp, all or a number 0-255"),
        (["--demo", "--protocol", "256"], "expected tcp, udp, icmp, all or a number 0-255"),
        (["--demo", "--port", "65536"], "'--port': 65536 is not in the range"),
        (["--demo", "--protocol", "icmp", "--port", "80"], "only tcp and udp have ports"),
        (["--demo", "--protocol", "all", "--port", "80"], "only tcp and udp have ports"),
        (["--demo", "list"], "`mwaanet diagnose env --demo list`"),
        ([], "no snapshot given"),
    ],
)
def test_wrong_usage(engine: Engine, arguments: list[str], problem: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert problem in result.stderr
    assert engine.asked == ()


@pytest.mark.parametrize("missing", ["--from", "--to"])
def test_both_ends_are_needed(engine: Engine, missing: str) -> None:
    other = {"--from": "--to", "--to": "--from"}[missing]
    result = CliRunner().invoke(cli, ["trace", other, "x", "--demo"])
    assert result.exit_code == 2
    assert f"Missing option '{missing}'" in result.stderr


def test_the_name_is_told_before_the_way() -> None:
    """Which zone, endpoint or resolver decides, and what it answers."""
    command = ["trace", "--demo", "healthy", "--from", "mwaa.worker", "--to", "https://packages.build.example"]
    text = " ".join(CliRunner().invoke(cli, command).stdout.split())
    name, way = text.index("Name: packages.build.example is asked first"), text.index("Forward:")
    assert name < way
    assert "packages.build.example" in text[name:way]
    assert "vpce-" in text[name:way]


def test_a_site_that_is_misspelt_is_told_with_the_nearest_end() -> None:
    result = CliRunner().invoke(cli, ["trace", "--demo", "--from", "dc1.controller", "--to", "mwaa.webserver"])
    assert result.exit_code == 2
    assert "dc1.controller is a name" in result.stderr
    assert "did you mean dc.controller?" in result.stderr
