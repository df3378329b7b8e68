"""The JSON of the commands, held field by field against docs/contracts/report-format.md: nothing more, nothing less."""

from __future__ import annotations

import json
from collections import Counter
from typing import Literal

import msgspec
import pytest
from click.testing import CliRunner

from mwaanet import demo
from mwaanet.cli.main import cli

Status = Literal["pass", "warn", "fail", "unknown", "skip"]
Reachable = Literal["yes", "no", "partial", "unknown"]
Severity = Literal["critical", "high", "medium", "low"]


class Strict(msgspec.Struct, forbid_unknown_fields=True):
    """A part of a report: every field is there, and no other."""


class Need(Strict):
    account: str
    region: str
    service: str
    operation: str


class Evidence(Strict):
    file: str
    pointer: str


class Place(Strict):
    account: str
    region: str
    cli: list[str]


class Fix(Strict):
    summary: str
    cli: list[str]
    terraform: str | None
    cloudformation: str | None
    opens: str | None
    verified: bool
    places: list[Place]
    undo: list[str]


class Segment(Strict, rename={"source": "from", "destination": "to"}):
    source: str
    destination: str
    status: Status
    check: str
    reason: str


class Finding(Strict):
    id: str
    path: str
    status: Status
    severity: Severity
    title: str
    message: str
    resources: list[str]
    aws_code: str | None
    step: str
    needs: list[Need]
    evidence: list[Evidence]
    fix: Fix | None
    code: str | None
    segments: list[Segment]


class Path(Strict):
    id: str
    title: str
    status: Status
    segments: list[Segment]
    blocked_by: list[str]
    reason: str


class Environment(Strict):
    name: str
    arn: str
    account: str
    region: str
    access_mode: str
    routing: Literal["public", "private", "unknown"]
    version: str
    status: str


class Source(Strict):
    created: str
    source: str
    errors: int
    skipped: list[str]


class Diagnosis(Strict):
    format: Literal[1]
    tool: str
    environment: Environment
    snapshot: Source
    paths: list[Path]
    findings: list[Finding]
    assumptions: list[str]
    summary: dict[Status, int]
    observations: list[dict[str, object]]


class Packet(Strict):
    src: str
    dst: str
    protocol: str
    sport: str | None
    dport: str | None


class Hop(Strict):
    component: str
    kind: str
    action: str
    by: str
    code: str
    packet: Packet
    evidence: list[Evidence]


class Way(Strict):
    reachable: Reachable
    packets: str
    hops: list[Hop]


class Stopped(Strict):
    packets: str
    at: str
    by: str


class Direction(Strict):
    reachable: Reachable
    paths: list[Way]
    stopped: list[Stopped]


class Packets(Strict):
    passed: str
    stopped: str
    torn: str
    unknown: str


class Missing(Strict):
    reason: str
    needs: list[Need]


class Trace(Strict, rename={"back": "return"}):
    format: Literal[1]
    status: Status
    reachable: Reachable
    forward: Direction
    back: Direction | None
    blocked_by: list[str]
    findings: list[Finding]
    assumptions: list[str]
    packets: Packets
    uncovered_ports: str | None
    unknowns: list[Missing]
    tool: str


WORST = ("fail", "unknown", "warn", "pass", "skip")
EXIT = {"fail": 1, "unknown": 3, "warn": 0, "pass": 0, "skip": 0}


def run(*arguments: str) -> tuple[int, bytes]:
    result = CliRunner().invoke(cli, [*arguments, "--format", "json"])
    return result.exit_code, result.stdout_bytes


def worst(statuses: set[str]) -> str:
    return next((status for status in WORST if status in statuses), "skip")


@pytest.mark.parametrize("variant", [demo.HEALTHY, demo.DEFAULT, "refused-endpoints"])
def test_a_diagnosis(variant: str) -> None:
    code, text = run("diagnose", "env", "--demo", variant, "--all")
    found = msgspec.json.decode(text, type=Diagnosis)
    assert [path.id for path in found.paths] == ["s3", "service", "nexus", "api"]
    assert list(json.loads(text)["summary"]) == ["pass", "warn", "fail", "unknown", "skip"]
    assert Counter(finding.status for finding in found.findings) == Counter(found.summary)
    for path in found.paths:
        own = {finding.status for finding in found.findings if finding.path == path.id}
        assert path.status == worst(set(own))
        failing = [f for f in found.findings if f.path == path.id and f.status == "fail"]
        assert path.blocked_by == list(dict.fromkeys(r for finding in failing for r in finding.resources))
        assert path.reason or path.status != "skip"
    for finding in found.findings:
        assert finding.resources or finding.status != "fail"
        assert finding.fix is None or finding.status in ("fail", "warn")
    assert code == EXIT[worst({finding.status for finding in found.findings})]


def test_a_fix_says_in_which_account_it_is_made_and_how_it_is_undone() -> None:
    """The route lies in the account of the load balancer, which is not the environment's."""
    _, text = run("diagnose", "env", "--demo", "nexus-balancer-route")
    (fix,) = [finding.fix for finding in msgspec.json.decode(text, type=Diagnosis).findings if finding.fix]
    (place,) = fix.places
    assert (place.account, place.region, place.cli) == ("444455556666", "us-east-1", fix.cli)
    assert [command.split()[:3] for command in fix.undo] == [["aws", "ec2", "delete-route"]]


def test_passes_are_left_out_unless_asked_for() -> None:
    _, text = run("diagnose", "env", "--demo", demo.HEALTHY)
    assert "pass" not in {finding.status for finding in msgspec.json.decode(text, type=Diagnosis).findings}


@pytest.mark.parametrize(
    ("variant", "target", "reachable", "status"),
    [
        (demo.HEALTHY, "bucket", "yes", "pass"),
        (demo.DEFAULT, "bucket", "partial", "fail"),
        (demo.HEALTHY, "internet", "no", "fail"),
    ],
)
def test_a_trace(variant: str, target: str, reachable: str, status: str) -> None:
    code, text = run("trace", "--demo", variant, "--from", "mwaa.worker", "--to", target, "--port", "443")
    found = msgspec.json.decode(text, type=Trace)
    assert (found.reachable, found.status, code) == (reachable, status, EXIT[status])
    assert bool(found.blocked_by) is (reachable != "yes")
