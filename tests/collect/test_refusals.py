"""Every operation refused in turn: its absence is unknown where it matters, and changes nothing elsewhere.

What is expected is what the same snapshot says from which the operation's answers were taken away, and those of the
calls whose parameters are drawn from nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from collect.aws_server import Behaviour, Fault, Request, running
from collect.collecting import collected, files_in, verdicts
from mwaanet import demo
from mwaanet.cli.collect_options import summary
from mwaanet.collect.accounts import Logins
from mwaanet.snapshot.operations import OPERATIONS

HEALTHY = demo.files(demo.HEALTHY)
SITE = HEALTHY["mwaanet.yaml"]

ALWAYS = {("sts", "get-caller-identity"), ("mwaa", "get-environment")}
"""What no policy can deny, and what a diagnosis is about."""
SAMPLE = {
    ("ec2", "describe-route-tables"),
    ("ec2", "describe-transit-gateway-route-tables"),
    ("s3", "get-bucket-policy"),
    ("s3", "get-object"),
    ("iam", "get-policy-version"),
}
"""What is refused in the fast suite, one of each kind; the others are slow by their number."""

REFUSED = [
    pytest.param(row, id=f"{row.service} {row.operation}", marks=() if name in SAMPLE else pytest.mark.slow)
    for name, row in OPERATIONS.items()
    if row.collected and name not in ALWAYS
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


@pytest.mark.parametrize("row", REFUSED)
def test_a_refusal_is_unknown_where_it_matters_and_nowhere_else(
    row: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(request: Request) -> Fault | None:
        return Fault() if (request.service, request.operation) == (row.service, row.operation) else None

    with running(HEALTHY, Behaviour(page=1000, fault=refuse)) as server:
        done = collected(server, monkeypatch, tmp_path / "out", environment="ingest-prod")
    assert verdicts(files_in(tmp_path / "out"), SITE) == verdicts(
        without(HEALTHY, f"{row.service}/{row.operation}"), SITE
    )
    assert {refusal.ask.row.action for refusal in done.refusals} <= {row.action}
    asked = any((r.service, r.operation) == (row.service, row.operation) for r in server.log.requests)
    assert (row.action in summary(done)) == asked


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
