"""`mwaanet runbook`: the incident runbook of one environment, as Markdown or HTML."""

from __future__ import annotations

from pathlib import Path

import click

from mwaanet.cli import wiring
from mwaanet.cli.collect_options import Reached, collected_now, login_options
from mwaanet.cli.diagnose import list_demos, load_reports
from mwaanet.cli.options import DEMO_LIST, SITE_FILE, probes_option, source_options, where
from mwaanet.cli.output import output
from mwaanet.cli.terminal import no_color_option, progress


@click.command(
    short_help="Write the incident runbook of an environment.",
    epilog=f"""\b
Examples:
  mwaanet runbook --demo
  mwaanet runbook my-env --snapshot dir --output runbook.md
  mwaanet runbook --snapshot dir --format html --output runbook.html
  mwaanet runbook my-env --snapshot dir --todo
  mwaanet runbook --snapshot dir --probe worker.json --probe dc1.json

\b
The site file {SITE_FILE} is taken from --site, else from the working folder,
else from the snapshot's folder.

\b
Exit codes: 0 written, however the environment stands, 2 wrong usage or
unreadable input, 130 interrupted.
""",
)
@click.argument("name", required=False)
@source_options
@login_options
@probes_option("Show what a report of `mwaanet probe` saw (may be repeated).")
@click.option("--todo", is_flag=True, help="Only the steps that are not done.")
@click.option("--format", "form", type=click.Choice(("markdown", "html")), default="markdown", show_default=True)
@click.option("--output", "file", metavar="FILE", help="Write to a file instead of stdout.")
@no_color_option
def runbook(
    name: str | None,
    snapshot: Path | None,
    demo: str | None,
    site: Path | None,
    reached: Reached,
    probes: tuple[Path, ...],
    todo: bool,
    form: str,
    file: str | None,
    no_color: bool,
) -> int:
    """Write what to do when the environment NAME cannot reach what it needs: from the symptom to the step.

    Every step has the command that checks it, what is healthy, what to do where it differs and who owns it, and is
    marked done, failed or unknown by the snapshot. For the wiki before an incident, to work through during one.
    """
    if demo == DEMO_LIST and snapshot is None:
        list_demos(no_color)
        return 0
    reports = load_reports(probes)
    with collected_now(name, site, reached, wanted=not (snapshot or demo)) as collected:
        facts = where(snapshot or collected, demo, site)
        with progress("writing the runbook"):
            examined = wiring.diagnose(facts, name, (), ())
            found = wiring.runbook(examined)
            compared = wiring.reconcile(facts, name, reports, examined.diagnosis) if reports else ()
    if form == "html":
        from mwaanet.report.runbook_html import runbook_html

        output(runbook_html(found, compared, todo=todo), file)
    else:
        from mwaanet.report.runbook_markdown import runbook_markdown

        output(runbook_markdown(found, compared, todo=todo), file)
    return 0
