"""`mwaanet assert`: what must and must not be so, proved on a snapshot."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mwaanet.cli import wiring
from mwaanet.cli.options import SITE_FILE, environment_option, exit_code, source_options, today, variables_option, where
from mwaanet.cli.output import append, output
from mwaanet.cli.terminal import look, no_color_option, progress
from mwaanet.status import Status

if TYPE_CHECKING:
    from mwaanet.checks.assertions import AssertionReport
    from mwaanet.report.layout import Look

FORMATS = ("text", "json", "markdown")
SUMMARY = "GITHUB_STEP_SUMMARY"
"""The variable that names the file of a GitHub step's summary."""


@click.command(
    "assert",
    short_help="Prove what must and must not be reachable.",
    epilog=f"""\b
Examples:
  mwaanet assert topology.yaml --snapshot dir
  mwaanet assert --init --snapshot dir --output topology.yaml
  mwaanet assert prod.yaml --snapshot dir --var clients=10.50.0.0/16
  mwaanet assert topology.yaml --snapshot dir --format json \\
      --output report.json
  mwaanet assert topology.yaml --snapshot dir --junit junit.xml \\
      --sarif mwaanet.sarif
  mwaanet assert topology.yaml --snapshot dir --github

\b
A file of assertions (docs/assertions.md):
  version: 1
  assertions:
    - id: workers-reach-the-queue
      reach: {{from: mwaa.worker, to: "service:sqs", port: 443}}
    - id: nobody-outside-reaches-the-web-server
      expect: blocked
      reach: {{from: internet, to: mwaa.webserver, port: 443}}

\b
The site file {SITE_FILE} is taken from --site, else from the working folder,
else from the snapshot's folder.

\b
Exit codes: 0 all hold (warnings and waived failures allowed unless --strict),
1 one does not hold, 2 wrong usage or unreadable input, 3 none fails but one
is unknown, 130 interrupted.
""",
)
@click.argument("files", nargs=-1, metavar="FILE...", type=click.Path(path_type=Path))
@source_options
@environment_option
@variables_option
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--init", "first", is_flag=True, help="Write a first file instead, from what holds today.")
@click.option("--junit", metavar="FILE", help="Also write JUnit XML, a test case for each.")
@click.option("--sarif", metavar="FILE", help="Also write SARIF 2.1.0, for code scanning.")
@click.option(
    "--github", is_flag=True, help="Also annotate the files, and add to the step's summary, in GitHub Actions."
)
@click.option("--all", "all_results", is_flag=True, help="Show what holds, too.")
@click.option("--strict", is_flag=True, help="A warning, or a failure that is waived, counts as a failure.")
@click.option("--output", "file", metavar="FILE", help="Write to a file instead of stdout.")
@no_color_option
def assert_(
    files: tuple[Path, ...],
    snapshot: Path | None,
    demo: str | None,
    site: Path | None,
    environment: str | None,
    variables: dict[str, str],
    form: str,
    first: bool,
    junit: str | None,
    sarif: str | None,
    github: bool,
    all_results: bool,
    strict: bool,
    file: str | None,
    no_color: bool,
) -> int:
    """Prove every assertion of the FILEs (or folders of them) on a snapshot, or show what breaks it."""
    if bool(files) == first:
        what = "--init takes no file." if first else "no file of assertions given; --init writes a first one."
        raise click.UsageError(what)
    asked = wiring.Asserted(files, variables, environment, today())
    facts = where(snapshot, demo, site)
    if first:
        output(wiring.first_assertions(facts, asked), file)
        return 0
    with progress("asserting"):
        report = wiring.assert_topology(facts, asked)
    if not report.results:
        raise click.UsageError(f"there are no assertions in {', '.join(map(str, files))}, so nothing would be proved.")
    style = look(no_color=no_color, to_file=file is not None)
    output(wiring.assertions_as(form, report, style, all_results=all_results), file)
    for name, target in (("junit", junit), ("sarif", sarif)):
        if target:
            output(wiring.assertions_as(name, report, style), target)
    if github:
        _tell_github(report, style, aside=form != "text" and file is None)
    return exit_code(_standing(report), strict=strict)


def _standing(report: AssertionReport) -> list[Status]:
    """What all count as; that none was asked is a warning, for nothing was proved."""
    found = [result.counts for result in report.results]
    if set(found) == {Status.SKIP}:
        click.echo("warning: no assertion applies here, so nothing was proved", err=True)
        return [Status.WARN]
    return found


def _tell_github(report: AssertionReport, style: Look, *, aside: bool) -> None:
    """Annotate, on stderr where stdout holds a document, which GitHub reads alike; and add to the step's summary."""
    click.echo(wiring.assertions_as("github", report, style), nl=False, err=aside)
    summary = os.environ.get(SUMMARY)
    if summary:
        append(wiring.assertions_as("markdown", report, style), summary)
