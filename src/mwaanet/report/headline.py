"""What a diagnosis is of, and why a path stands as it does, in one line each."""

from __future__ import annotations

from collections.abc import Iterable

from mwaanet.checks.result import Diagnosis, Finding, PathResult, Severity, Status
from mwaanet.report.finding import deciding_leg
from mwaanet.report.label import brief, label
from mwaanet.report.marks import MARKS

_ORDER = list(MARKS)
_SEVERITIES = list(Severity)


def known_facts(diagnosis: Diagnosis) -> list[str]:
    """What is known of the environment and its snapshot, besides its name."""
    environment, snapshot = diagnosis.environment, diagnosis.snapshot
    facts = (
        environment.version and f"Airflow {environment.version}",
        environment.status,
        environment.access_mode,
        environment.routing and f"{environment.routing} routing",
        environment.account and f"account {environment.account}",
        environment.region,
        snapshot.created and f"snapshot {snapshot.created}",
    )
    return [fact for fact in facts if fact]


def headline(diagnosis: Diagnosis, path: PathResult) -> tuple[str, str]:
    """The reason, from the path's worst finding, and how many more there are like it."""
    if path.status is Status.PASS or path.reason:
        return path.reason or path.title, ""
    found = worst_first(finding for finding in diagnosis.findings if finding.path == path.id)
    worst = [finding for finding in found if finding.status is path.status]
    if not worst:
        return path.title, ""
    decided = deciding_leg(worst[0])
    text = " ".join((worst[0].message or worst[0].title).split()).partition(". ")[0].rstrip(".")
    hop = decided[1].end.hop if decided else None
    if hop and hop.component in worst[0].resources[:1]:
        text = f"{label(hop.component, diagnosis.names)}: {brief(hop.by)}"
    return text, f" (+{len(worst) - 1} more)" if len(worst) > 1 else ""


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, the worst and most severe first."""
    return sorted(findings, key=lambda item: (_ORDER.index(item.status), _SEVERITIES.index(item.severity)))
