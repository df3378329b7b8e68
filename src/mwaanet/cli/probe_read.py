"""`mwaanet probe read`: take back what the DAG of `mwaanet probe dag` wrote to its log."""

from __future__ import annotations

import sys

import click

from mwaanet.cli.options import NumberRange
from mwaanet.cli.probe_options import show
from mwaanet.cli.terminal import no_color_option, progress
from mwaanet.errors import InputError

STDIN = "-"


@click.command(
    short_help="Read a worker's probe out of a task's log.",
    epilog="""\b
Examples:
  mwaanet probe read task.log --output worker.json
  mwaanet probe read --log-group airflow-my-env-Task --region us-east-1 \\
      --output worker.json
  mwaanet diagnose env --snapshot dir --probe worker.json

\b
Exit codes: 0 all that the worker tried works (warnings allowed), 1 something
does not, 2 wrong usage or no probe in the log, 3 something is unknown.
""",
)
@click.argument("file", metavar="[FILE]", required=False)
@click.option("--log-group", metavar="GROUP", help="Read the task's log group in CloudWatch Logs instead of a file.")
@click.option("--hours", type=NumberRange(0.01, 24 * 30), default=24.0, show_default=True, help="How far back.")
@click.option("--region", metavar="REGION")
@click.option("--profile", metavar="NAME", help="Profile of the AWS configuration.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="json", show_default=True)
@click.option("--output", "target", metavar="FILE", help="Write to a file instead of stdout.")
@no_color_option
def read(
    file: str | None,
    log_group: str | None,
    hours: float,
    region: str | None,
    profile: str | None,
    form: str,
    target: str | None,
    no_color: bool,
) -> int:
    """Read the last complete probe of a worker out of FILE (- for stdin) or a log group, and write its report."""
    from mwaanet.probe.worker_document import decode_document
    from mwaanet.probe.worker_log import document_in
    from mwaanet.probe.worker_report import report_of_worker

    if (file is None) == (log_group is None):
        raise click.UsageError("give either FILE or --log-group.")
    name = file or log_group or ""
    text = _from_group(log_group, hours, region, profile) if log_group else _from_file(name)
    report = report_of_worker(decode_document(document_in(text, name), name))
    return show(report, form, target, no_color=no_color)


def _from_group(group: str, hours: float, region: str | None, profile: str | None) -> str:
    from mwaanet.probe.api_credentials import session_of
    from mwaanet.probe.worker_events import log_of_group

    with progress("reading"):
        return log_of_group(session_of(profile, region, 10), group, hours)


def _from_file(name: str) -> str:
    """The text, of one that is too long no more than shows it."""
    from mwaanet.probe.worker_log import MOST_CHARACTERS

    most = 4 * MOST_CHARACTERS
    try:
        if name == STDIN:
            content = sys.stdin.buffer.read(most + 1)
        else:
            with open(name, "rb") as stream:
                content = stream.read(most + 1)
    except OSError as error:
        raise InputError(name, "", f"cannot be read: {error.strerror or error}") from error
    return content.decode("utf-8", "replace")
