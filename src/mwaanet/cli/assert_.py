"""`mwaanet assert`: what must and must not be so, proved on a snapshot."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from mwaanet.cli import wiring
from mwaanet.cli.options import DEMO_LIST, SITE_FILE, exit_code, source_options, variables_option, where
from mwaanet.cli.output import output
from mwaanet.cli.terminal import look, no_color_option, progress


@click.command(
    "assert",
    short_help="Prove what must and must not be reachable.",
    epilog=f"""\b
Examples:
  mwaanet assert topology.yaml --snapshot dir
  mwaanet assert prod.yaml --snapshot dir --var clients=10.50.0.0/16
  mwaanet assert topology.yaml --snapshot dir --format json --output report.json

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
@click.option("--environment", metavar="NAME", help="Which environment `mwaa.` means, where there are several.")
@variables_option
@click.option("--format", "form", type=click.Choice(("text",)), default="text", show_default=True)
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
    all_results: bool,
    strict: bool,
    file: str | None,
    no_color: bool,
) -> int:
    """Prove every assertion of the FILEs (or folders of them) on a snapshot, or show what breaks it."""
    if demo == DEMO_LIST and snapshot is None:
        raise click.UsageError(f"`mwaanet diagnose env --demo {DEMO_LIST}` lists the demo's variants.")
    if not files:
        raise click.UsageError("no file of assertions given.")
    asked = wiring.Asserted(files, variables, environment, datetime.now(UTC).date())
    facts = where(snapshot, demo, site)
    with progress("asserting"):
        report = wiring.assert_topology(facts, asked)
    from mwaanet.report.assertions_text import assertions_text

    style = look(no_color=no_color, to_file=file is not None)
    text = assertions_text(
        report, width=style.width, colour=style.colour, unicode=style.unicode, all_results=all_results
    )
    output(text, file)
    return exit_code([result.counts for result in report.results], strict=strict)
