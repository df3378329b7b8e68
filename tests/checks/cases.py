"""What the tests of checks share: diagnosing an estate or a few lines of YAML, and finding one check's findings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from builder import Estate
from checks.wholes import agreeing
from mwaanet.checks.context import Context
from mwaanet.checks.diagnose import diagnose
from mwaanet.checks.environments import choose_environment
from mwaanet.checks.evaluate import answers_of, findings_of
from mwaanet.checks.facts import Facts
from mwaanet.checks.language import PATHS
from mwaanet.checks.load import parse_checks
from mwaanet.checks.result import Diagnosis, Finding, Status
from mwaanet.graph.network import Network
from mwaanet.model.environment import Environment
from mwaanet.model.inventory import Inventory
from mwaanet.model.site import Site
from mwaanet.snapshot.reader import Snapshot

ROOT = Path(__file__).parents[2]
CHECKS = ROOT / "checks"
OWN_PATHS = PATHS

HEAD = """\
version: 1
checks:
  - id: OURS
    title: Something of ours holds
    path: service
    severity: low
    why: because
    source: https://example.com/why
    fix: mend it
"""
"""The beginning of a file with one check, up to its verb."""


def diagnosis(
    subject: Estate | Mapping[str, bytes], *, builtin: bool = True, checks: Path | None = None, name: str | None = None
) -> Diagnosis:
    files = subject.files() if isinstance(subject, Estate) else subject
    snapshot = Snapshot.from_files(files)
    site = Site.parse(snapshot.site_text, "mwaanet.yaml") if snapshot.site_text else None
    extra = [checks] if checks else []
    found = diagnose(snapshot, environment=name, site=site, paths=OWN_PATHS, extra_checks=extra, builtin=builtin)
    return agreeing(found)


def context(subject: Estate | Mapping[str, bytes]) -> Context:
    files = subject.files() if isinstance(subject, Estate) else subject
    snapshot = Snapshot.from_files(files)
    site = Site.parse(snapshot.site_text, "mwaanet.yaml") if snapshot.site_text else None
    inventory = Inventory.load(snapshot, site)
    chosen = choose_environment(inventory, None)
    assert isinstance(chosen, Environment)
    inventory.focus = chosen
    network = Network(inventory)
    return Context(network, Facts(inventory, network, chosen))


def asked(subject: Estate | Mapping[str, bytes] | Context, verb: str, head: str = HEAD) -> list[Finding]:
    """The findings of one check of a user's; `verb` is its lines of YAML, as they stand in the check."""
    lines = "".join(f"    {line}\n" for line in verb.strip().splitlines())
    (check,) = parse_checks(head + lines, "ours.yaml")
    where = subject if isinstance(subject, Context) else context(subject)
    return findings_of(where, check, answers_of(where, check))


def only(findings: list[Finding]) -> Finding:
    (finding,) = findings
    return finding


def of(diagnosed: Diagnosis, check: str) -> list[Finding]:
    return [finding for finding in diagnosed.findings if finding.id == check]


def status(diagnosed: Diagnosis, check: str) -> Status:
    """How a check stands; skip where it found nothing."""
    return Status.worst(finding.status for finding in of(diagnosed, check))


def statuses(diagnosed: Diagnosis) -> dict[str, str]:
    """What is not a pass or skipped, by check."""
    return {
        finding.id: finding.status.value
        for finding in diagnosed.findings
        if finding.status not in (Status.PASS, Status.SKIP)
    }


def paths(diagnosed: Diagnosis) -> dict[str, str]:
    return {path.id: path.status.value for path in diagnosed.paths if path.id in OWN_PATHS}
