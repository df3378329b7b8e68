"""`mwaanet explain`: what a check or a code of a hop means, why AWS behaves so, and what to do about it."""

from __future__ import annotations

from pathlib import Path

import click

from mwaanet.cli import wiring
from mwaanet.cli.options import checks_option
from mwaanet.cli.output import output
from mwaanet.cli.terminal import look, no_color_option
from mwaanet.report.explain_text import explain_text, find_entries, list_text


@click.command(
    short_help="Explain a check or the code of a hop.",
    epilog="""\b
Examples:
  mwaanet explain
  mwaanet explain S3-REACH
  mwaanet explain SECURITY_GROUP_EGRESS
  mwaanet explain OUR-RULE --checks our-rules/
""",
)
@click.argument("code", required=False)
@checks_option
@no_color_option
def explain(code: str | None, checks: tuple[Path, ...], no_color: bool) -> int:
    """Explain CODE, the id of a check or the code of a hop; without it, list all."""
    entries = wiring.explanations(checks)
    style = look(no_color=no_color)
    if code is None:
        text = list_text(entries, width=style.width, colour=style.colour, unicode=style.unicode)
    else:
        found = find_entries(entries, code)
        text = explain_text(found, width=style.width, colour=style.colour, unicode=style.unicode)
    output(text, None)
    return 0
