"""What the collector's tests share: a collection from a server that answers from a snapshot, and its verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from collect.aws_server import AwsServer
from mwaanet.checks.diagnose import diagnose
from mwaanet.collect.accounts import Logins
from mwaanet.collect.collect import Collected, Wanted, collect
from mwaanet.model.site import Site
from mwaanet.snapshot import Snapshot

HOME, HUB, REGION = "111122223333", "444455556666", "us-east-1"
CALLER = f"arn:aws:iam::{HOME}:role/airflow-caller"
READER = f"arn:aws:iam::{HUB}:role/reader"

Verdicts = tuple[Mapping[str, str], list[tuple[Any, ...]]]


def collected(server: AwsServer, patch: pytest.MonkeyPatch, out: Path, **wanted: Any) -> Collected:
    """Collect the demo's environment from a server, as a user with a role in the other account does."""
    for name, value in server.variables(HOME, REGION).items():
        patch.setenv(name, value)
    logins = wanted.pop("logins", Logins(roles=(READER,)))
    return collect(Wanted(out=out, logins=logins, roles=(CALLER,), **wanted), lambda counts: None)


def files_in(folder: Path) -> Mapping[str, bytes]:
    """The files of a folder by their relative path."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def verdicts(files: Mapping[str, bytes], site: bytes) -> Verdicts:
    """The status of each path, and of each finding with what it blames."""
    found = diagnose(Snapshot.from_files(files), site=Site.parse(site.decode(), "mwaanet.yaml"))
    paths = {path.id: str(path.status) for path in found.paths}
    return paths, sorted((f.id, str(f.status), f.code or "", tuple(sorted(f.resources))) for f in found.findings)
