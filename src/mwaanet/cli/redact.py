"""`mwaanet redact`: a snapshot that can be shown to people who must not learn whose it is."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

import click

from mwaanet.errors import UsageError


@click.command(
    short_help="Rewrite a snapshot so that it can be shown.",
    epilog="""\b
Examples:
  mwaanet redact estate/ shown/
  mwaanet redact estate.tar.gz shown.tar.gz
  mwaanet redact estate/ shown/ --seed "$(cat seed.txt)"

\b
Replaced: accounts, names, tags, ids, domains, public addresses; taken out:
credentials. Kept: private addresses, ports, the order of rules, AWS's own
names, so that a diagnosis comes out the same. What is written is new each
time; with --seed it is the same each time, and whoever knows the seed can
undo it.
""",
)
@click.argument("snapshot", type=click.Path(path_type=Path), metavar="IN")
@click.argument("out", type=click.Path(path_type=Path), metavar="OUT")
@click.option("--seed", metavar="TEXT", help="Replace as the same seed did before [default: a random one].")
def redact(snapshot: Path, out: Path, seed: str | None) -> int:
    """Rewrite the snapshot IN to OUT, each a folder or a .tar.gz file; OUT must not exist."""
    from mwaanet.redact.redact import files_of
    from mwaanet.redact.redact import redact as rewritten
    from mwaanet.snapshot.writer import check_target, write_snapshot

    if os.path.lexists(out):
        raise UsageError(f"{out} exists: name a new folder or .tar.gz file")
    check_target(out)
    salt = secrets.token_bytes(32) if seed is None else hashlib.sha256(seed.encode()).digest()
    result = rewritten(files_of(snapshot), salt, str(snapshot))
    write_snapshot(out, result.files)
    left = f"; {result.left_out} that hold no answer were left out" if result.left_out else ""
    click.echo(f"{out}: {len(result.files)} files{left}", err=True)
    return 0
