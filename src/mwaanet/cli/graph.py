"""`mwaanet graph`: a picture of a path, of the way from A to B, of a VPC, or of everything."""

from __future__ import annotations

from pathlib import Path

import click

from mwaanet.cli import wiring
from mwaanet.cli.options import SITE_FILE, exit_code, port_fits, protocol_option, source_options, where
from mwaanet.cli.output import output
from mwaanet.cli.terminal import progress
from mwaanet.net import protocol_number
from mwaanet.status import Status

PATHS = ("s3", "service", "nexus", "api")
FORMATS = ("mermaid", "dot", "svg", "graphml", "json", "html")
DRAWN = 120


@click.command(
    short_help="Draw a path, the way from A to B, a VPC, or everything.",
    epilog=f"""\b
Examples:
  mwaanet graph --demo --path s3 --format svg --output s3.svg
  mwaanet graph --snapshot dir --path nexus       # Mermaid, for Markdown
  mwaanet graph --snapshot dir --from mwaa.worker --to 10.50.1.20 --port 8081
  mwaanet graph --snapshot dir --vpc vpc-0a1b --format dot \\
      | dot -Tpdf -o vpc.pdf
  mwaanet graph --snapshot dir --all --format graphml --output all.graphml

\b
Choose one of --path, --from with --to, --vpc and --all. What is alike and
passes is folded until at most --limit components are left ("+12 more"; what
stops packets never is); graphml and json always have all of them.

\b
The site file {SITE_FILE} is taken from --site, else from the working folder,
else from the snapshot's folder.

\b
Exit codes: 0 drawn, and what was asked about passes (a warning passes);
1 it fails, 2 wrong usage or unreadable input, 3 it is unknown,
130 interrupted. --vpc and --all judge nothing.
""",
)
@click.option("--path", "path", type=click.Choice(PATHS), help="One of the environment's paths, all its subnets.")
@click.option("--from", "source", metavar="A", help="Who sends, as for `mwaanet trace`.")
@click.option("--to", "destination", metavar="B", help="Who is to receive.")
@protocol_option
@click.option("--port", type=click.IntRange(0, 65535), help="Destination port of tcp or udp, for --from and --to.")
@click.option("--vpc", metavar="ID", help="A VPC, and what is one step away from it.")
@click.option("--all", "everything", is_flag=True, help="Every component of the snapshot.")
@source_options
@click.option("--environment", metavar="NAME", help="Which environment, where there are several.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="mermaid", show_default=True)
@click.option(
    "--limit", type=click.IntRange(min=1), default=DRAWN, show_default=True, help="Components that are drawn at most."
)
@click.option("--output", "file", metavar="FILE", help="Write to a file instead of stdout.")
def graph(
    path: str | None,
    source: str | None,
    destination: str | None,
    protocol: str,
    port: int | None,
    vpc: str | None,
    everything: bool,
    snapshot: Path | None,
    demo: str | None,
    site: Path | None,
    environment: str | None,
    form: str,
    limit: int,
    file: str | None,
) -> int:
    """Draw what packets meet, left to right, in the places where it lies.

    Where packets stop is marked, with the reason; what lies behind is drawn as not reached.
    """
    if (source is None) != (destination is None):
        raise click.UsageError("--from and --to go together.")
    if sum((path is not None, source is not None, vpc is not None, everything)) != 1:
        raise click.UsageError("choose one of --path, --from with --to, --vpc and --all.")
    port_fits(protocol, port)
    facts = where(snapshot, demo, site)
    with progress("drawing"):
        if path is not None:
            picture = wiring.path_picture(facts, environment, path)
        elif source is not None and destination is not None:
            asked = wiring.Asked(source, destination, protocol_number(protocol), port, environment)
            picture = wiring.trace_picture(facts, asked)
        else:
            picture = wiring.graph_picture(facts, vpc or "")
        text = wiring.drawn(picture, form, limit)
    output(text, file)
    return exit_code([picture.status or Status.PASS])
