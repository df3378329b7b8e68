"""Building the runbook of an environment from its diagnosis: every path with its steps, healthy or not."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from mwaanet.checks.context import Context
from mwaanet.checks.result import Diagnosis, Finding, PathResult, Status
from mwaanet.runbook.check_steps import check_steps, name_steps
from mwaanet.runbook.hop_steps import hop_steps
from mwaanet.runbook.owners import Owners
from mwaanet.runbook.step import Runbook, Section, State, Step
from mwaanet.runbook.symptoms import symptoms

_SNAPSHOT = "snapshot-dir"
_REDACTED = "redacted-dir"
_SITE = "mwaanet.yaml"


def runbook(context: Context, diagnosis: Diagnosis) -> Runbook:
    """The runbook; its states are those of the snapshot."""
    environment = diagnosis.environment
    owners = Owners(context.inventory, environment.account)
    facts = [
        environment.version and f"Airflow {environment.version}",
        environment.status and f"status {environment.status}",
        environment.access_mode and f"web server {environment.access_mode}",
        f"{environment.routing} routing",
        environment.arn,
    ]
    sections = tuple(_section(context, diagnosis, path, owners) for path in diagnosis.paths)
    return Runbook(
        environment=environment.name,
        account=environment.account,
        region=environment.region,
        created=diagnosis.snapshot.created,
        vpc=context.facts.vpc if context.facts else "",
        facts=tuple(fact for fact in facts if fact),
        symptoms=symptoms(environment.name, environment.region),
        sections=sections,
        evidence=_evidence(environment.name, site=context.inventory.site_file is not None),
        owners=tuple(dict.fromkeys(step.owner for section in sections for step in section.steps)),
    )


def _section(context: Context, diagnosis: Diagnosis, path: PathResult, owners: Owners) -> Section:
    findings = [finding for finding in diagnosis.findings if finding.path == path.id]
    by_check: dict[str, list[Finding]] = {}
    for finding in findings:
        by_check.setdefault(finding.id, []).append(finding)
    steps = (
        *name_steps(context, findings),
        *hop_steps(context, findings, owners, diagnosis.names),
        *check_steps(context, path.id, by_check),
    )
    return Section(
        id=path.id,
        title=path.title,
        status=path.status,
        reason=path.reason or _untold(findings, steps),
        steps=steps if path.status is not Status.SKIP else (),
        verify=_verify(diagnosis.environment.name, path.id),
    )


def _untold(findings: Sequence[Finding], steps: Sequence[Step]) -> str:
    """What failed although no step shows it: a missing endpoint has no component to look at."""
    if any(step.state is State.FAILED for step in steps):
        return ""
    failed = [finding for finding in findings if finding.status is Status.FAIL]
    told = [f"{one.message}. {one.fix.summary if one.fix else ''}".strip() for one in failed[:2]]
    return " ".join(told)


def _verify(environment: str, path: str) -> tuple[str, ...]:
    """How to see that a path is open again: by a fresh snapshot, and by trying it from where it is used."""
    environment = shlex.quote(environment)
    tried = {
        "api": f"mwaanet probe api {environment}",
        "nexus": f"mwaanet probe dag --snapshot {_SNAPSHOT} --output mwaanet_probe.py",
    }
    return (
        f"mwaanet snapshot {_SNAPSHOT} --environment {environment}",
        f"mwaanet diagnose env {environment} --snapshot {_SNAPSHOT} --path {path}",
        tried.get(path, tried["nexus"]),
    )


def _evidence(environment: str, *, site: bool) -> tuple[str, ...]:
    """How to get what can be shown; a site file is redacted in the snapshot, and named when that is read."""
    own = f" --site {_REDACTED}/{_SITE}" if site else ""
    return (
        f"mwaanet snapshot {_SNAPSHOT} --environment {shlex.quote(environment)}",
        *((f"cp {_SITE} {_SNAPSHOT}/",) if site else ()),
        f"mwaanet redact {_SNAPSHOT} {_REDACTED}",
        f"mwaanet diagnose env --snapshot {_REDACTED}{own} --format markdown --output report.md",
        f"mwaanet runbook --snapshot {_REDACTED}{own} --output runbook.md",
    )
