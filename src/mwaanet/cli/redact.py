"""`mwaanet redact`: a snapshot that can be shown to people who must not learn whose it is."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

import click

from mwaanet.errors import InputError, UsageError


@click.command(
    short_help="Rewrite a snapshot so that it can be shown.",
    epilog="""\b
Examples:
  mwaanet redact estate/ shown/
  mwaanet redact estate.tar.gz shown.tar.gz
  mwaanet redact estate/ shown/ --seed-file seed.txt

\b
Replaced: accounts, names, tags, ids, domains, public addresses; taken out:
credentials. Kept: private addresses, ports, the order of rules, AWS's own
names, so that a diagnosis comes out the same. What is written is new each
time; with a seed it is the same each time, and whoever knows the seed can
undo it. Other users of this host can see --seed in the list of processes.
""",
)
@click.argument("snapshot", type=click.Path(path_type=Path), metavar="IN")
@click.argument("out", type=click.Path(path_type=Path), metavar="OUT")
@click.option("--seed", metavar="TEXT", help="Replace as the same seed did before [default: a random one].")
@click.option("--seed-file", type=click.Path(path_type=Path), metavar="FILE", help="The seed, out of a file.")
def redact(snapshot: Path, out: Path, seed: str | None, seed_file: Path | None) -> int:
    """Rewrite the snapshot IN to OUT, each a folder or a .tar.gz file; OUT must not exist."""
    from mwaanet.redact.redact import files_of
    from mwaanet.redact.redact import redact as rewritten
    from mwaanet.snapshot.writer import check_target, write_snapshot

    if os.path.lexists(out):
        raise UsageError(f"{out} exists: name a new folder or .tar.gz file")
    check_target(out)
    if seed is not None and seed_file is not None:
        raise click.UsageError("--seed and --seed-file exclude each other.")
    result = rewritten(files_of(snapshot), _salt(_seed_in(seed_file) if seed_file else seed), str(snapshot))
    write_snapshot(out, result.files)
    left = f"; {result.left_out} that hold no answer were left out" if result.left_out else ""
    click.echo(f"{out}: {len(result.files)} files{left}", err=True)
    return 0


def _salt(seed: str | None) -> bytes:
    return secrets.token_bytes(32) if seed is None else hashlib.sha256(seed.encode()).digest()


def _seed_in(file: Path) -> str:
    """The text of a file without the ends of lines behind it; InputError where it is empty."""
    try:
        seed = file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(str(file), "", f"cannot be read: {getattr(error, 'strerror', '') or error}") from error
    if not seed:
        raise InputError(str(file), "", "holds no seed")
    return seed
