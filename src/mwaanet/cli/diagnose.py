"""`mwaanet diagnose env`: everything that an environment must reach, checked, with what to change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mwaanet.cli import wiring
from mwaanet.cli.collect_options import Reached, collected_now, login_options
from mwaanet.cli.options import DEMO_LIST, SITE_FILE, checks_option, exit_code, probes_option, source_options, where
from mwaanet.cli.output import output
from mwaanet.cli.terminal import look, no_color_option, progress

if TYPE_CHECKING:
    from mwaanet.checks.result import Diagnosis
    from mwaanet.probe.probe_report import ProbeReport
    from mwaanet.probe.reconcile import Comparison
    from mwaanet.report.layout import Look
    from mwaanet.runbook.step import Runbook

PATHS = ("s3", "service", "nexus", "api")
_FORMATS = click.Choice(("text", "json", "markdown", "html"))


@click.group()
def diagnose() -> None:
    """Find out what is wrong, where, and how to mend it."""


@diagnose.command(
    short_help="Diagnose an environment: all that it must reach.",
    epilog=f"""\b
Examples:
  mwaanet diagnose env --demo
  mwaanet diagnose env --demo {DEMO_LIST}
  mwaanet diagnose env my-env --region us-east-1
  mwaanet diagnose env --snapshot dir
  mwaanet diagnose env my-env --snapshot dir --path s3 --path nexus
  mwaanet diagnose env --snapshot dir --format json --output report.json
  mwaanet diagnose env --snapshot dir --format html --output report.html
  mwaanet diagnose env --snapshot dir --format markdown
  mwaanet diagnose env --snapshot dir --checks our-rules/ --strict
  mwaanet diagnose env --snapshot dir --probe worker.json --probe dc1.json

\b
The site file {SITE_FILE} is taken from --site, else from the working folder,
else from the snapshot's folder.

\b
Exit codes: 0 all passed (warnings allowed unless --strict), 1 something
failed, 2 wrong usage or unreadable input, 3 nothing failed but something is
unknown, 130 interrupted.
""",
)
@click.argument("name", required=False)
@source_options
@login_options
@click.option("--path", "paths", multiple=True, type=click.Choice(PATHS), help="Only this path (may be repeated).")
@checks_option
@probes_option("Set a report of `mwaanet probe` against the model (may be repeated).")
@click.option("--format", "form", type=_FORMATS, default="text", show_default=True)
@click.option("--all", "all_findings", is_flag=True, help="Show what passed, too.")
@click.option("--strict", is_flag=True, help="A warning counts as a failure.")
@click.option("--output", "file", metavar="FILE", help="Write to a file instead of stdout.")
@no_color_option
def env(
    name: str | None,
    snapshot: Path | None,
    demo: str | None,
    site: Path | None,
    reached: Reached,
    paths: tuple[str, ...],
    checks: tuple[Path, ...],
    probes: tuple[Path, ...],
    form: str,
    all_findings: bool,
    strict: bool,
    file: str | None,
    no_color: bool,
) -> int:
    """Diagnose the environment NAME (may be left out where there is only one, or the site file names it).

    Without --snapshot it is collected from AWS first, as `mwaanet snapshot` does.
    """
    if demo == DEMO_LIST and snapshot is None:
        list_demos(no_color)
        return 0
    reports = load_reports(probes)
    with collected_now(name, site, reached, wanted=not (snapshot or demo)) as collected:
        facts = where(snapshot or collected, demo, site)
        with progress("diagnosing"):
            examined = wiring.diagnose(facts, name, tuple(dict.fromkeys(paths)), checks)
            diagnosis = examined.diagnosis
            compared = wiring.reconcile(facts, name, reports, diagnosis) if reports else ()
        if form == "html":
            text = _page(diagnosis, compared, wiring.runbook(examined))
        else:
            text = _written(form, diagnosis, compared, all_findings, look(no_color=no_color, to_file=file is not None))
    output(text, file)
    statuses = [path.status for path in diagnosis.paths] + [finding.status for finding in diagnosis.findings]
    statuses += [comparison.status for comparison in compared]
    return exit_code(statuses, strict=strict)


def _written(form: str, diagnosis: Diagnosis, compared: tuple[Comparison, ...], all_findings: bool, style: Look) -> str:
    """The diagnosis in one of the formats."""
    if form == "json":
        from mwaanet.report.json_report import diagnosis_json

        return diagnosis_json(diagnosis, all_findings, compared)
    if form == "markdown":
        from mwaanet.report.diagnosis_markdown import diagnosis_markdown

        return diagnosis_markdown(diagnosis, all_findings=all_findings, observed=compared)
    from mwaanet.report.text import diagnosis_text

    return diagnosis_text(
        diagnosis,
        width=style.width,
        colour=style.colour,
        unicode=style.unicode,
        all_findings=all_findings,
        observed=compared,
    )


def _page(diagnosis: Diagnosis, compared: tuple[Comparison, ...], runbook: Runbook) -> str:
    """The diagnosis as HTML, with the JSON that it rests on, which is read from the snapshot again."""
    from mwaanet.cli.raw_records import RawRecords
    from mwaanet.report.html_report import diagnosis_html
    from mwaanet.report.runbook_html import runbook_body

    return diagnosis_html(diagnosis, RawRecords(), compared, runbook_body(runbook, compared, below=1))


def load_reports(files: tuple[Path, ...]) -> dict[str, ProbeReport]:
    """The reports of probes by their files."""
    if not files:
        return {}
    from mwaanet.probe.probe_report import load

    return {str(file): load(file) for file in files}


def list_demos(no_color: bool) -> None:
    """Print the demo's variants, one per line."""
    from mwaanet.report.layout import Page, Piece, Style

    page = Page(look(no_color=no_color))
    variants = wiring.demo_variants()
    column = max(map(len, variants), default=0)
    for name, title in variants.items():
        page.add(title, lead=[Piece(f"{name:<{column}}  ", Style.STRONG)])
    output(page.text(), None)
