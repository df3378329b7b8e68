"""`mwaanet diff`: what is reached otherwise in a newer snapshot, and which changes explain it."""

from __future__ import annotations

from pathlib import Path

import click

from mwaanet.cli import wiring
from mwaanet.cli.options import SITE_FILE, exit_code
from mwaanet.cli.output import output
from mwaanet.cli.terminal import look, no_color_option, progress


@click.command(
    short_help="Compare two snapshots: what is reached otherwise, and why.",
    epilog=f"""\b
Examples:
  mwaanet diff yesterday today
  mwaanet diff main.tar.gz branch.tar.gz --assert topology.yaml
  mwaanet diff yesterday today --format markdown --output comment.md
  mwaanet diff demo:healthy demo:s3-route-missing

\b
A snapshot is a folder, a .tar.gz of one, or a variant of the demo. The site
file {SITE_FILE} is taken from --site for both, else from each snapshot's
folder.

\b
Exit codes: 0 nothing got worse, 1 something got worse, 2 wrong usage or
unreadable input, 3 nothing got worse for certain, but something is known no
longer or fails that was not known, 130 interrupted. What opened or closed
beside the checks is shown and does not count.
""",
)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--site", type=click.Path(path_type=Path), metavar="FILE", help="Site file of both snapshots.")
@click.option("--environment", metavar="NAME", help="Which environment, where there are several.")
@click.option(
    "--assert",
    "assertions",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Your own assertions besides the built-in checks (may be repeated).",
)
@click.option("--format", "form", type=click.Choice(("text", "json", "markdown")), default="text", show_default=True)
@click.option("--all", "everything", is_flag=True, help="Show every change, those that explain nothing too.")
@click.option("--strict", is_flag=True, help="A new warning counts as worse.")
@click.option("--output", "file", metavar="FILE", help="Write to a file instead of stdout.")
@no_color_option
def diff(
    old: str,
    new: str,
    site: Path | None,
    environment: str | None,
    assertions: tuple[Path, ...],
    form: str,
    everything: bool,
    strict: bool,
    file: str | None,
    no_color: bool,
) -> int:
    """Compare the snapshots OLD and NEW: first what is reached otherwise, then which changes explain it."""
    with progress("comparing"):
        comparison = wiring.compare(old, new, site, environment, assertions)
    if form == "json":
        from mwaanet.report.changes_json import changes_json

        text = changes_json(comparison)
    elif form == "markdown":
        from mwaanet.report.changes_markdown import changes_markdown

        text = changes_markdown(comparison)
    else:
        from mwaanet.report.changes_text import changes_text

        style = look(no_color=no_color, to_file=file is not None)
        text = changes_text(
            comparison, width=style.width, colour=style.colour, unicode=style.unicode, everything=everything
        )
    output(text, file)
    return exit_code(comparison.statuses, strict=strict)
