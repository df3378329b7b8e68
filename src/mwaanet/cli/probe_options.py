"""What the subcommands of `mwaanet probe` share: their options, and how a report is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import click

from mwaanet.cli.options import NumberRange, exit_code
from mwaanet.cli.output import output
from mwaanet.cli.terminal import look, no_color_option
from mwaanet.probe.address import host_name
from mwaanet.probe.observation import now
from mwaanet.probe.probe_report import AnyObservation, ProbeReport
from mwaanet.probe.reconcile import Comparison
from mwaanet.report.json_report import probe_json, tool
from mwaanet.report.probe_text import probe_text

Command = TypeVar("Command", bound=Callable[..., Any])

EXIT_CODES = """\b
Exit codes: 0 it works (warnings allowed), 1 it does not, 2 wrong usage,
3 the probe could not tell, 130 interrupted."""


def probe_options(command: Command) -> Command:
    """The options `--from`, `--timeout`, `--retries`, `--format`, `--output` and `--no-color`."""
    return probe_options_within(5.0, command)


def probe_options_within(default: float, command: Command) -> Command:
    """The same options, with another default of `--timeout`."""
    seconds = NumberRange(0.1, 120)
    for option in (
        no_color_option,
        click.option("--output", "file", metavar="FILE", help="Write to a file instead of stdout."),
        click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True),
        click.option(
            "--retries",
            type=click.IntRange(0, 10),
            default=1,
            show_default=True,
            help="How often to try again where nothing came back.",
        ),
        click.option(
            "--timeout",
            type=seconds,
            default=default,
            show_default=True,
            metavar="SECONDS",
            help="How long to wait for each attempt.",
        ),
        click.option(
            "--from",
            "source",
            default="",
            metavar="SELECTOR",
            help="Where this host is in the model (mwaa.worker, dc1.orchestrator); recorded in the report.",
        ),
    ):
        command = option(command)
    return command


def report_of(observations: Iterable[AnyObservation], source: str) -> ProbeReport:
    """A report of what was observed on this host."""
    return ProbeReport(tool=tool(), source=source, host=host_name(), time=now(), observations=tuple(observations))


def show(
    report: ProbeReport, form: str, file: str | None, *, no_color: bool, compared: Sequence[Comparison] = ()
) -> int:
    """Print the report, with what the model says where it was asked; gives the exit code."""
    style = look(no_color=no_color, to_file=file is not None)
    output(probe_json(report, compared) if form == "json" else probe_text(report, style, compared), file)
    return exit_code([report.status, *(comparison.status for comparison in compared)])
