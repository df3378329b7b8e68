"""Options and rules that several commands share: where the snapshot comes from, and the exit code."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import isnan
from pathlib import Path
from typing import Any, TypeVar

import click

from mwaanet.demo import DEFAULT
from mwaanet.net import protocol_number
from mwaanet.status import Status

Command = TypeVar("Command", bound=Callable[..., Any])

DEMO_LIST = "list"
"""`--demo list` lists the variants instead."""

SITE_FILE = "mwaanet.yaml"
_WITH_PORTS = (6, 17)

NO_SNAPSHOT = """no snapshot given. Collect one with `mwaanet snapshot DIR` (`diagnose env NAME` does so by itself).
Or use --snapshot DIR, a folder of what the AWS CLI prints:

    mkdir snapshot
    aws ec2 describe-vpcs > snapshot/describe-vpcs.json
    aws ec2 describe-subnets > snapshot/describe-subnets.json

and so on (what is missing is reported as unknown, with the call that would tell), or --demo for an example."""


class NumberRange(click.FloatRange):
    """A range of numbers. NaN is in none of them, though it is neither below nor above."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if isnan(number):
            self.fail(f"{value!r} is no number.", param, ctx)
        return number


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where facts are read from: a snapshot's folder or a variant of the demo; and the site file, if one was found."""

    snapshot: Path | None
    demo: str | None
    site: Path | None


def source_options(command: Command) -> Command:
    """The options `--snapshot`, `--demo` and `--site`."""
    folder = click.Path(path_type=Path)
    file = click.Path(path_type=Path)
    for option in (
        click.option("--site", type=file, metavar="FILE", help=f"Site file [default: {SITE_FILE}, see below]."),
        click.option(
            "--demo",
            is_flag=False,
            flag_value=DEFAULT,
            default=None,
            metavar="[VARIANT]",
            help=f"Use the embedded demo instead of a snapshot ({DEFAULT}; `--demo {DEMO_LIST}` lists all).",
        ),
        click.option("--snapshot", type=folder, metavar="DIR", help="Folder (or .tar.gz) of AWS describe output."),
    ):
        command = option(command)
    return command


environment_option = click.option(
    "--environment", metavar="NAME", help="Which environment `mwaa.` means, where there are several."
)
"""For commands that take selectors."""


checks_option = click.option(
    "--checks",
    multiple=True,
    metavar="FILE|DIR",
    type=click.Path(path_type=Path),
    help="Your own checks besides the built-in ones (may be repeated).",
)


def probes_option(text: str) -> Callable[[Command], Command]:
    """The option `--probe`, for reports of `mwaanet probe`; the text says what becomes of them."""
    file = click.Path(path_type=Path)
    return click.option("--probe", "probes", multiple=True, metavar="FILE", type=file, help=text)


def variables_option(command: Command) -> Command:
    """The option `--var`, for the variables of topology files."""
    option = click.option(
        "--var",
        "variables",
        multiple=True,
        metavar="NAME=VALUE",
        callback=_variables,
        help="Give a variable of the files a value (may be repeated).",
    )
    return option(command)


def _variables(_ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise click.BadParameter(f"{text!r}: expected NAME=VALUE.")
        found[name] = value
    return found


def today() -> date:
    """The day on which waivers are judged, the same wherever the command runs."""
    return datetime.now(UTC).date()


def _protocol(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    try:
        protocol_number(value)
    except ValueError:
        raise click.BadParameter(f"{value!r}: expected tcp, udp, icmp, all or a number 0-255.") from None
    return value


def protocol_option(command: Command) -> Command:
    """The option `--protocol`."""
    text = "tcp, udp, icmp, all or a number."
    return click.option("--protocol", callback=_protocol, default="tcp", show_default=True, help=text)(command)


def port_fits(protocol: str, port: int | None) -> None:
    """UsageError where a port is asked for of a protocol that has none."""
    if port is not None and protocol_number(protocol) not in _WITH_PORTS:
        raise click.UsageError(f"--port does not go with --protocol {protocol}: only tcp and udp have ports.")


def where(snapshot: Path | None, demo: str | None, site: Path | None) -> Where:
    """Check the options against each other and find the site file; the engine looks into the snapshot itself."""
    if snapshot and demo:
        raise click.UsageError("--snapshot and --demo exclude each other.")
    if not snapshot and not demo:
        raise click.UsageError(NO_SNAPSHOT)
    if demo == DEMO_LIST:
        raise click.UsageError(f"`mwaanet diagnose env --demo {DEMO_LIST}` lists the demo's variants.")
    here = Path(SITE_FILE)
    if site is None and demo is None and here.is_file():
        site = here
    return Where(snapshot=snapshot, demo=demo, site=site)


def exit_code(statuses: Iterable[Status], *, strict: bool = False) -> int:
    """0 all passed, 1 something failed (with `strict` a warning too), 3 nothing failed but something is unknown."""
    present = set(statuses)
    if Status.FAIL in present or (strict and Status.WARN in present):
        return 1
    return 3 if Status.UNKNOWN in present else 0
