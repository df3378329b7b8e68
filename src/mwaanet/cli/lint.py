"""`mwaanet lint`: what is wrong, or says nothing, in files of assertions and of checks."""

from __future__ import annotations

from pathlib import Path

import click

from mwaanet.cli import wiring
from mwaanet.cli.options import environment_option, exit_code, source_options, today, variables_option, where
from mwaanet.cli.output import output


@click.command(
    short_help="Find what is wrong in files of assertions.",
    epilog="""\b
Examples:
  mwaanet lint topology.yaml
  mwaanet lint topology.yaml --snapshot dir
  mwaanet lint prod.yaml --snapshot dir --var clients=10.50.0.0/16 --strict

\b
Errors: unknown words (with the nearest valid one), contradictions, and with
--snapshot what selects nothing. Warnings: what follows from another
assertion, exceptions that take nothing away, waivers that have ended.

\b
Exit codes: 0 no errors (warnings allowed unless --strict), 1 an error, 2
wrong usage or unreadable input, 130 interrupted.
""",
)
@click.argument("files", nargs=-1, metavar="FILE...", type=click.Path(path_type=Path))
@source_options
@environment_option
@variables_option
@click.option("--schema", is_flag=True, help="Print the JSON Schema of such files instead, for editors.")
@click.option("--strict", is_flag=True, help="A warning counts as an error.")
def lint(
    files: tuple[Path, ...],
    snapshot: Path | None,
    demo: str | None,
    site: Path | None,
    environment: str | None,
    variables: dict[str, str],
    schema: bool,
    strict: bool,
) -> int:
    """Find what is wrong, contradictory or idle in the FILEs (or folders of them)."""
    from mwaanet.report.lint_text import lint_text

    if schema:
        output(wiring.topology_schema(), None)
        return 0
    if not files:
        raise click.UsageError("no file of assertions given.")
    facts = where(snapshot, demo, site) if snapshot or demo else None
    problems, checks = wiring.lint_topology(facts, wiring.Asserted(files, variables, environment, today()))
    output(lint_text(problems, checks), None)
    return exit_code([problem.status for problem in problems], strict=strict)
