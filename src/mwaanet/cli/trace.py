"""`mwaanet trace`: one question of reachability, answered hop by hop, forward and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mwaanet.cli import wiring
from mwaanet.cli.options import (
    SITE_FILE,
    environment_option,
    exit_code,
    port_fits,
    protocol_option,
    source_options,
    where,
)
from mwaanet.cli.output import output
from mwaanet.cli.terminal import look, no_color_option, progress
from mwaanet.net import protocol_number

if TYPE_CHECKING:
    from mwaanet.report.layout import Look


@click.command(
    short_help="Follow packets from A to B and back, hop by hop.",
    epilog=f"""\b
Examples:
  mwaanet trace --snapshot dir --from mwaa.worker --to 10.50.1.20 --port 8081
  mwaanet trace --snapshot dir --from dc1 --to mwaa.webserver --port 443
  mwaanet trace --snapshot dir --from eni-0a1b --to internet --protocol icmp
  mwaanet trace --demo --from mwaa.worker --to bucket --port 443 --format json

\b
An end is an id (eni-, i-, subnet-, vpce-, tgw-attach-), an address, a CIDR,
a host name, `internet`, or a name such as mwaa.worker, mwaa.webserver or
dc1.orchestrator.

\b
The site file {SITE_FILE} is taken from --site, else from the working folder,
else from the snapshot's folder.

\b
Exit codes: 0 reachable, 1 not or only partly reachable, 2 wrong usage or
unreadable input, 3 unknown, 130 interrupted.
""",
)
@click.option("--from", "source", required=True, metavar="A", help="Who sends.")
@click.option("--to", "destination", required=True, metavar="B", help="Who is to receive.")
@protocol_option
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Destination port of tcp or udp [default: every port, or the only one that B has].",
)
@source_options
@environment_option
@click.option("--format", "form", type=click.Choice(("text", "json", "markdown")), default="text", show_default=True)
@click.option("--output", "file", metavar="FILE", help="Write to a file instead of stdout.")
@no_color_option
def trace(
    source: str,
    destination: str,
    protocol: str,
    port: int | None,
    snapshot: Path | None,
    demo: str | None,
    site: Path | None,
    environment: str | None,
    form: str,
    file: str | None,
    no_color: bool,
) -> int:
    """Follow packets from A to B and the replies back, and say what stops them."""
    from mwaanet.report.verdict import STATUSES

    port_fits(protocol, port)
    asked = wiring.Asked(source, destination, protocol_number(protocol), port, environment)
    facts = where(snapshot, demo, site)
    with progress("tracing"):
        traced = wiring.trace(facts, asked)
    text = _written(form, traced, look(no_color=no_color, to_file=file is not None))
    output(text, file)
    return exit_code([STATUSES[traced.trace.reachable]])


def _written(form: str, traced: wiring.Traced, style: Look) -> str:
    """The trace in one of the formats."""
    if form == "json":
        from mwaanet.report.json_report import trace_json

        return trace_json(traced.trace, traced.blocked, traced.findings, traced.assumptions)
    if form == "markdown":
        from mwaanet.report.trace_markdown import trace_markdown

        return trace_markdown(
            traced.trace,
            traced.blocked,
            names=traced.names,
            assumptions=traced.assumptions,
            name_steps=traced.name_steps,
        )
    from mwaanet.report.text import trace_text

    return trace_text(
        traced.trace,
        traced.blocked,
        width=style.width,
        colour=style.colour,
        unicode=style.unicode,
        names=traced.names,
        assumptions=traced.assumptions,
        name_steps=traced.name_steps,
    )
