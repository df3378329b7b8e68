"""The main job: one environment, all checks, the four paths."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mwaanet.checks.answer import Answer, assumed_in
from mwaanet.checks.context import Context
from mwaanet.checks.environment_status import status_told
from mwaanet.checks.environments import Chosen, asked_environment
from mwaanet.checks.evaluate import answers_of, findings_of
from mwaanet.checks.facts import Facts
from mwaanet.checks.fix import agreed
from mwaanet.checks.language import PATHS, Check
from mwaanet.checks.load import builtin_checks, check_files, load_checks, together
from mwaanet.checks.name_tags import NameTags
from mwaanet.checks.result import Diagnosed, Diagnosis, Finding, PathResult, Segment, Source, Status
from mwaanet.graph.location import Locations
from mwaanet.graph.network import Network
from mwaanet.model.environment import Environment
from mwaanet.model.inventory import Inventory
from mwaanet.model.site import Site
from mwaanet.model.unread_environment import UnreadEnvironment
from mwaanet.snapshot.reader import Snapshot

TITLES = {
    "s3": "The environment reads its bucket",
    "service": "The environment reaches the AWS services it needs",
    "nexus": "Workers install packages from Nexus",
    "api": "Clients call the web server",
}


def diagnose(
    snapshot: Snapshot,
    *,
    environment: str | None = None,
    site: Site | None = None,
    paths: Sequence[str] = (),
    extra_checks: Sequence[Path] = (),
    builtin: bool = True,
) -> Diagnosis:
    """Diagnose one environment of a snapshot.

    `environment` is its name or ARN (default: the site file's, else the only one), `paths` which of the four to
    judge (default: all), `extra_checks` files or folders of checks beside the built-in ones, which `builtin` leaves
    out. UsageError where there is no such environment, InputError where a file cannot be used.
    """
    found = examine(
        snapshot, environment=environment, site=site, paths=paths, extra_checks=extra_checks, builtin=builtin
    )
    return found[1]


def examine(
    snapshot: Snapshot,
    *,
    environment: str | None = None,
    site: Site | None = None,
    paths: Sequence[str] = (),
    extra_checks: Sequence[Path] = (),
    builtin: bool = True,
) -> tuple[Context, Diagnosis]:
    """The same, with what it was asked of."""
    inventory = Inventory.load(snapshot, site)
    chosen = asked_environment(inventory, environment, site)
    context = _context(inventory, chosen)
    checks = _checks(extra_checks, builtin=builtin)
    found = {check: answers_of(context, check) for check in checks if not paths or check.path in paths}
    answers = {check: found[check] for check in sorted(found, key=_place) if found[check]}
    answers = _agreed(answers)
    findings = [finding for check in answers for finding in findings_of(context, check, answers[check])]
    return context, Diagnosis(
        environment=_diagnosed(chosen, context.facts),
        snapshot=Source(
            created=snapshot.manifest.created,
            source=snapshot.name,
            errors=len(snapshot.manifest.errors),
            skipped=snapshot.skipped,
        ),
        paths=tuple(_path(context, path, paths, answers, findings) for path in TITLES),
        findings=tuple(findings),
        assumptions=_assumptions(chosen, answers),
        names=NameTags(inventory),
        locations=Locations(context.network),
    )


def _agreed(answers: dict[Check, list[Answer]]) -> dict[Check, list[Answer]]:
    """The answers of all checks, whose changes go together."""
    agreeing = iter(agreed(answer for group in answers.values() for answer in group))
    return {check: [next(agreeing) for _ in group] for check, group in answers.items()}


def _context(inventory: Inventory, chosen: Chosen) -> Context:
    """What the checks ask; of an environment that was not read, only why."""
    if isinstance(chosen, UnreadEnvironment):
        return Context(Network(inventory), None, chosen.unknown)
    inventory.focus = chosen
    network = Network(inventory)
    return Context(network, Facts(inventory, network, chosen))


def _checks(extra: Sequence[Path], *, builtin: bool) -> tuple[Check, ...]:
    """The built-in checks and those of the user's files."""
    groups = [builtin_checks()] if builtin else []
    groups.extend(load_checks(file) for path in extra for file in check_files(path))
    return together(groups)


def _place(check: Check) -> tuple[int, bool, str, int]:
    """Where a check stands in every report: by path, the built-in ones first, then as they are written."""
    return PATHS.index(check.path), check not in builtin_checks(), check.file, check.line


def _path(
    context: Context,
    path: str,
    paths: Sequence[str],
    answers: dict[Check, list[Answer]],
    findings: list[Finding],
) -> PathResult:
    own = [finding for finding in findings if finding.path == path]
    if paths and path not in paths:
        return PathResult(id=path, title=TITLES[path], status=Status.SKIP, reason="not asked for")
    if context.unread:
        segments = _segments(path, answers)
        reason = context.unread.reason
        return PathResult(id=path, title=TITLES[path], status=Status.UNKNOWN, segments=segments, reason=reason)
    status = Status.worst(finding.status for finding in own)
    segments = _segments(path, answers)
    failing = [finding for finding in own if finding.status is Status.FAIL]
    return PathResult(
        id=path,
        title=TITLES[path],
        status=status,
        segments=segments,
        blocked_by=tuple(dict.fromkeys(resource for finding in failing for resource in finding.resources)),
        reason=segments[0].reason if status is Status.SKIP and segments else "",
    )


def _segments(path: str, answers: dict[Check, list[Answer]]) -> tuple[Segment, ...]:
    return tuple(answer.segment for check, group in answers.items() if check.path == path for answer in group)


def _diagnosed(chosen: Chosen, facts: Facts | None) -> Diagnosed:
    read = chosen if isinstance(chosen, Environment) else None
    subject = facts or chosen
    assert not isinstance(subject, Environment)
    return Diagnosed(
        name=chosen.name,
        arn=chosen.arn,
        account=subject.account,
        region=subject.region,
        access_mode=read.webserver_access_mode if read else "",
        routing=facts.routing if facts else "unknown",
        version=read.airflow_version if read else "",
        status=read.status if read else "",
    )


def _assumptions(chosen: Chosen, answers: dict[Check, list[Answer]]) -> tuple[str, ...]:
    """The environment's status, and what the answers take for granted."""
    told = status_told(chosen) if isinstance(chosen, Environment) else ""
    return (*([told] if told else []), *assumed_in(answer for group in answers.values() for answer in group))
