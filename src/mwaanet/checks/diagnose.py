"""The main job: one environment, all checks, the four paths."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from mwaanet.checks.answer import Answer
from mwaanet.checks.context import Context
from mwaanet.checks.evaluate import answers_of, findings_of
from mwaanet.checks.facts import Facts
from mwaanet.checks.language import PATHS, Check
from mwaanet.checks.load import builtin_checks, check_files, load_checks, together
from mwaanet.checks.name_tags import NameTags
from mwaanet.checks.result import Diagnosed, Diagnosis, Finding, PathResult, Source, Status
from mwaanet.errors import UsageError
from mwaanet.graph.network import Network
from mwaanet.model.environment import Environment
from mwaanet.model.inventory import Inventory
from mwaanet.model.site import Site
from mwaanet.snapshot.reader import Snapshot

TITLES = {
    "s3": "The environment reads its bucket",
    "service": "The environment reaches the AWS services it needs",
    "nexus": "Workers install packages from Nexus",
    "api": "Clients call the web server",
}
LATER = {
    "api": "this version does not judge the API path yet",
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
    inventory = Inventory.load(snapshot, site)
    chosen = choose_environment(inventory, environment or (site.environment if site else None))
    inventory.focus = chosen
    network = Network(inventory)
    context = Context(network, Facts(inventory, network, chosen))
    checks = _checks(extra_checks, builtin=builtin)
    found = {check: answers_of(context, check) for check in checks if not paths or check.path in paths}
    asked = sorted((check for check in found if found[check]), key=_place)
    answers = {check.id: found[check] for check in asked}
    findings = [finding for check in asked for finding in findings_of(context, check, answers[check.id])]
    return Diagnosis(
        environment=_diagnosed(chosen, context),
        snapshot=Source(
            created=snapshot.manifest.created,
            source=snapshot.name,
            errors=len(snapshot.manifest.errors),
            skipped=snapshot.skipped,
        ),
        paths=tuple(_path(path, paths, asked, answers, findings) for path in TITLES),
        findings=tuple(findings),
        assumptions=_assumptions(answers, site),
        names=NameTags(inventory),
    )


def _checks(extra: Sequence[Path], *, builtin: bool) -> tuple[Check, ...]:
    """The built-in checks and those of the user's files."""
    groups = [builtin_checks()] if builtin else []
    groups.extend(load_checks(file) for path in extra for file in check_files(path))
    return together(groups)


def _place(check: Check) -> tuple[int, bool, str, int]:
    """Where a check stands in every report: by path, the built-in ones first, then as they are written."""
    return PATHS.index(check.path), check not in builtin_checks(), check.file, check.line


def choose_environment(inventory: Inventory, name: str | None) -> Environment:
    """The environment of a name or ARN, or the only one; UsageError lists what there is."""
    environments = inventory.environments
    names = [environment.name for environment in environments]
    if not environments:
        refused = inventory.refused_environments()
        raise UsageError(refused or "the snapshot holds no MWAA environment (mwaa get-environment)")
    if name is None:
        if len(environments) == 1:
            return environments[0]
        raise UsageError(f"the snapshot holds {len(environments)} environments, say which: {', '.join(names)}")
    found = [e for e in environments if name in (e.name, e.arn)]
    if len(found) == 1:
        return found[0]
    if found:
        arns = ", ".join(environment.arn for environment in found)
        raise UsageError(f"several environments are named {name}, say which by its ARN: {arns}")
    close = get_close_matches(name, names, n=3, cutoff=0.3) or names
    raise UsageError(f"no environment is named {name!r} (did you mean {', '.join(close)}?)")


def _path(
    path: str,
    paths: Sequence[str],
    checks: list[Check],
    answers: dict[str, list[Answer]],
    findings: list[Finding],
) -> PathResult:
    own = [finding for finding in findings if finding.path == path]
    if path in LATER and not own:
        return PathResult(id=path, title=TITLES[path], status=Status.SKIP, reason=LATER[path])
    if paths and path not in paths:
        return PathResult(id=path, title=TITLES[path], status=Status.SKIP, reason="not asked for")
    status = Status.worst(finding.status for finding in own)
    segments = tuple(a.segment for check in checks if check.path == path for a in answers[check.id])
    failing = [finding for finding in own if finding.status is Status.FAIL]
    return PathResult(
        id=path,
        title=TITLES[path],
        status=status,
        segments=segments,
        blocked_by=tuple(dict.fromkeys(resource for finding in failing for resource in finding.resources)),
        reason=segments[0].reason if status is Status.SKIP and segments else "",
    )


def _diagnosed(environment: Environment, context: Context) -> Diagnosed:
    facts = context.facts
    assert facts is not None
    return Diagnosed(
        name=environment.name,
        arn=environment.arn,
        account=facts.account,
        region=facts.region,
        access_mode=environment.webserver_access_mode,
        routing=facts.routing,
        version=environment.airflow_version,
        status=environment.status,
    )


def _assumptions(answers: dict[str, list[Answer]], site: Site | None) -> tuple[str, ...]:
    """What was taken for granted: by the policies' evaluation, and of sites that do not declare their routes."""
    found = [text for group in answers.values() for answer in group for text in answer.assumptions]
    for index, premises in enumerate(site.on_premises if site else ()):
        if premises.routes is None:
            found.append(
                f"{premises.name} routes everything that AWS advertises (mwaanet.yaml: on_premises[{index}].routes)"
            )
    return tuple(dict.fromkeys(found))
