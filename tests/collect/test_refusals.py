"""Every operation refused in turn: its absence is unknown where it matters, and changes nothing elsewhere.

What is expected is what the same snapshot says from which the operation's answers were taken away, and those of the
calls whose parameters are drawn from nothing else. What is not refused was answered once, and is taken from the journal
as `--resume` does; the refused calls are made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from collect.aws_server import AwsServer, Behaviour, running
from collect.aws_wire import Fault, Request
from collect.collecting import collected, files_in, verdicts
from mwaanet import demo
from mwaanet.cli.collect_options import summary
from mwaanet.collect.accounts import Logins
from mwaanet.collect.journal import Journal
from mwaanet.snapshot.operations import OPERATIONS

HEALTHY = demo.files(demo.HEALTHY)
SITE = HEALTHY["mwaanet.yaml"]

ALWAYS = {("sts", "get-caller-identity"), ("mwaa", "get-environment")}
"""What no policy can deny, and what a diagnosis is about."""

LATER = {("route53profiles", "list-profile-associations")}
"""What a snapshot may lack, being older, without a doubt: only a refusal is one (`names/test_route53_profile.py`)."""

LOGGING_IN = {("sts", "get-caller-identity"), ("sts", "assume-role")}

REFUSED = [
    pytest.param(row, id=f"{row.service} {row.operation}")
    for name, row in OPERATIONS.items()
    if row.collected and name not in ALWAYS | LATER
]


def without(files: Mapping[str, bytes], refused: str) -> Mapping[str, bytes]:
    """The files without those of an operation, and of the operations that are drawn from it alone."""
    gone = {refused}
    while (
        more := {
            f"{row.service}/{row.operation}"
            for row in OPERATIONS.values()
            if row.draws and {draw.source for draw in row.draws if not draw.everything} <= gone
        }
        - gone
    ):
        gone |= more
    return {name: content for name, content in files.items() if not any(name.endswith(f"/{g}.json") for g in gone)}


class Answered:
    """An estate that was collected once; `refused` is the operation that its server refuses from then on."""

    def __init__(self, folder: Path) -> None:
        self.refused: tuple[str, str] | None = None
        self.folder = folder
        self.lines: list[tuple[str, str]] = []

    def fault(self, request: Request) -> Fault | None:
        return Fault() if (request.service, request.operation) == self.refused else None

    def collect(self, server: AwsServer, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(Journal, "close", lambda journal, done: journal._file.close())
        collected(server, patch, self.folder / "all", environment="ingest-prod")
        self.lines = [(json.loads(line)[0], line) for line in self.journal("all").read_text().splitlines()]

    def journal(self, name: str) -> Path:
        return Journal(self.folder / name).path

    def without(self, service: str, operation: str) -> Path:
        """Where a collection would go on that has all answers but those of an operation."""
        self.refused = service, operation
        out = self.folder / f"{service}-{operation}"
        kept = [line for key, line in self.lines if json.loads(key)[2:4] != [service, operation]]
        self.journal(out.name).write_text("\n".join(kept) + "\n")
        return out


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[AwsServer, Answered]]:
    answered = Answered(tmp_path_factory.mktemp("refusals"))
    with running(HEALTHY, Behaviour(page=1000, fault=answered.fault)) as server:
        with pytest.MonkeyPatch.context() as patch:
            answered.collect(server, patch)
        yield server, answered


@pytest.mark.parametrize("row", REFUSED)
def test_a_refusal_is_unknown_where_it_matters_and_nowhere_else(
    row: Any, estate: tuple[AwsServer, Answered], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, answered = estate
    out = answered.without(row.service, row.operation)
    before = len(server.log.requests)
    done = collected(server, monkeypatch, out, environment="ingest-prod", resume=True)
    assert verdicts(files_in(out), SITE) == verdicts(without(HEALTHY, f"{row.service}/{row.operation}"), SITE)
    assert {refusal.ask.row.action for refusal in done.refusals} <= {row.action}
    asked = {(r.service, r.operation) for r in server.log.requests[before:]} - LOGGING_IN
    assert asked <= {(row.service, row.operation)}
    assert (row.action in summary(done)) == bool(asked)


def test_a_list_that_ends_midway_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The format: every other code means unknown, and so does a paged call that failed midway."""

    def refuse(request: Request) -> Fault | None:
        paged = request.operation == "describe-route-tables" and request.parameters.get("NextToken")
        return Fault("UnauthorizedOperation", "You are not authorized", 403) if paged else None

    with running(HEALTHY, Behaviour(page=1, fault=refuse)) as server:
        done = collected(server, monkeypatch, tmp_path / "out", logins=Logins())
    assert [refusal.ask.operation for refusal in done.refusals] == ["describe-route-tables"]
    assert not any(name.endswith("describe-route-tables.json") for name in files_in(tmp_path / "out"))
    assert "ec2:DescribeRouteTables" in summary(done)


def test_what_is_not_there_is_no_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(request: Request) -> Fault | None:
        return Fault("NoSuchBucketPolicy", "none", 404) if request.operation == "get-bucket-policy" else None

    with running(HEALTHY, Behaviour(fault=none)) as server:
        done = collected(server, monkeypatch, tmp_path / "out")
    assert done.refusals == []
    assert verdicts(files_in(tmp_path / "out"), SITE)[0]["s3"] == "pass"
