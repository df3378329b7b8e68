"""`mwaanet snapshot`: describe a live estate, so that it can be diagnosed and traced."""

from __future__ import annotations

from pathlib import Path

import click

from mwaanet.cli import wiring
from mwaanet.cli.collect_options import Reached, login_options, shown, summary
from mwaanet.cli.options import SITE_FILE


@click.command(
    short_help="Collect a snapshot from AWS, by reading calls only.",
    epilog=f"""\b
Examples:
  mwaanet snapshot estate/ --environment my-env --region us-east-1
  mwaanet snapshot estate.tar.gz --profile workload --profile network
  mwaanet snapshot estate/ --role-arn arn:aws:iam::444455556666:role/reader
  mwaanet snapshot estate/ --all --region us-east-1 --region eu-west-1
  mwaanet snapshot estate/ --resume

\b
Without --all it collects the environment, what its network and permissions
refer to, and the accounts and Regions to which these lead, as far as the
profiles and roles reach. The role that calls the environment's API is taken
from the site file (--site, else {SITE_FILE} in the working folder).

\b
Exit codes: 0 all that was asked was answered, 2 wrong usage, no credentials
or no network, 3 something was refused and is therefore unknown,
130 interrupted (continue with --resume).
""",
)
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--environment", metavar="NAME", help="The environment [default: the only one].")
@login_options
@click.option("--all", "everything", is_flag=True, help="Everything in the named accounts and Regions.")
@click.option("--site", type=click.Path(path_type=Path), metavar="FILE", help=f"Site file [default: {SITE_FILE}].")
@click.option(
    "--concurrency", type=click.IntRange(1, 256), default=16, show_default=True, help="How many calls at once."
)
@click.option("--resume", is_flag=True, help="Go on where an interrupted collection stopped.")
@click.option("--quiet", is_flag=True, help="No progress and no summary.")
def snapshot(
    out: Path,
    environment: str | None,
    reached: Reached,
    everything: bool,
    site: Path | None,
    concurrency: int,
    resume: bool,
    quiet: bool,
) -> int:
    """Collect a snapshot into OUT, a folder or a .tar.gz file."""
    from mwaanet.collect.journal import Journal

    journal = Journal(out).path
    try:
        with shown(quiet=quiet) as tell:
            collected = wiring.collect(
                out,
                reached,
                tell,
                environment=environment,
                site=site,
                everything=everything,
                concurrency=concurrency,
                resume=resume,
            )
    except BaseException:
        if journal.is_file():
            click.echo(f"what was answered is kept in {journal}: go on with --resume", err=True)
        raise
    if not quiet:
        click.echo(summary(collected), err=True)
    return 3 if collected.refusals else 0
