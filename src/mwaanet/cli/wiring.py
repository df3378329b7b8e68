"""Everything that the commands ask of the engine, in one place. Imported late, so that `--help` stays quick."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mwaanet.cli.options import SITE_FILE, Where
from mwaanet.errors import InputError, UsageError
from mwaanet.report.explain_text import Entry, check_entry, code_entry
from mwaanet.status import Status

if TYPE_CHECKING:
    from mwaanet.changes.compare import Comparison as Changes
    from mwaanet.checks.assertions import AssertionReport
    from mwaanet.checks.context import Context
    from mwaanet.checks.destinations import WorkerNeeds
    from mwaanet.checks.lint import Problem
    from mwaanet.checks.result import Diagnosis, Finding
    from mwaanet.cli.collect_options import Reached
    from mwaanet.collect.collect import Collected
    from mwaanet.collect.walk import Tell
    from mwaanet.graph.location import Locations
    from mwaanet.model.site import Site
    from mwaanet.paths.blocked import BlockedPath
    from mwaanet.paths.trace import Trace
    from mwaanet.probe.permission import Permission
    from mwaanet.probe.probe_report import ProbeReport
    from mwaanet.probe.reconcile import Comparison
    from mwaanet.report.layout import Look
    from mwaanet.report.picture import Picture
    from mwaanet.runbook.step import Runbook
    from mwaanet.snapshot.reader import Snapshot


class Traced(NamedTuple):
    """A trace, and what is printed with it."""

    trace: Trace
    blocked: tuple[BlockedPath, ...]
    names: Mapping[str, str]
    locations: Locations
    assumptions: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    name_steps: tuple[str, ...] = ()


class Asserted(NamedTuple):
    """What `mwaanet assert` was asked; `today` decides which waivers count."""

    files: tuple[Path, ...]
    variables: Mapping[str, str]
    environment: str | None
    today: date


class Asked(NamedTuple):
    """What `mwaanet trace` was asked; `protocol` and `port` None for every one."""

    source: str
    destination: str
    protocol: int | None
    port: int | None
    environment: str | None


class Examined(NamedTuple):
    """A diagnosis, with what it was asked of."""

    diagnosis: Diagnosis
    context: Context


def diagnose(where: Where, environment: str | None, paths: tuple[str, ...], checks: tuple[Path, ...]) -> Examined:
    """Diagnose one environment of the snapshot; no `paths` means all of them."""
    from mwaanet.checks.diagnose import examine

    snapshot, site = _open(where)
    context, diagnosis = examine(snapshot, environment=environment, site=site, paths=paths, extra_checks=checks)
    return Examined(diagnosis, context)


def runbook(examined: Examined) -> Runbook:
    """The runbook of the environment that was diagnosed."""
    from mwaanet.runbook.build import runbook as build

    return build(examined.context, examined.diagnosis)


def trace(where: Where, asked: Asked) -> Traced:
    """Answer one question about the snapshot."""
    from mwaanet.checks.ask import ask_why, assumptions_of, name_answer
    from mwaanet.checks.name_tags import NameTags
    from mwaanet.graph.location import Locations
    from mwaanet.graph.network import Network
    from mwaanet.model.inventory import Inventory

    inventory = Inventory.load(*_open(where))
    network = Network(inventory)
    ends = (asked.source, asked.destination)
    answer, blocked = ask_why(network, *ends, asked.protocol, asked.port, environment=asked.environment)
    name = name_answer(network, *ends, environment=asked.environment)
    return Traced(
        trace=answer,
        blocked=blocked,
        names=NameTags(inventory),
        locations=Locations(network),
        assumptions=assumptions_of(network, answer, name),
        name_steps=tuple(dict.fromkeys(step.text for step in name.steps)) if name else (),
    )


def path_picture(where: Where, environment: str | None, path: str) -> Picture:
    """The picture of one path of an environment."""
    from mwaanet.report.picture_paths import path_picture as draw

    diagnosis = diagnose(where, environment, (path,), ()).diagnosis
    return draw(diagnosis, next(result for result in diagnosis.paths if result.id == path))


def trace_picture(where: Where, asked: Asked) -> Picture:
    """The picture of the answer to one question."""
    from mwaanet.report.picture_paths import trace_picture as draw

    traced = trace(where, asked)
    return draw(traced.trace, traced.blocked, traced.names, traced.locations)


def graph_picture(where: Where, vpc: str) -> Picture:
    """The picture of a VPC (UsageError where the snapshot has no such one), or of every component."""
    from mwaanet.checks.name_tags import NameTags
    from mwaanet.graph.location import Locations
    from mwaanet.graph.network import Network
    from mwaanet.model.inventory import Inventory
    from mwaanet.report.picture_graph import graph_picture as draw

    inventory = Inventory.load(*_open(where))
    network = Network(inventory)
    names = NameTags(inventory)
    if vpc and vpc not in inventory.vpcs:
        known = ", ".join(f"{name} ({names[name]})" if name in names else name for name in list(inventory.vpcs)[:8])
        raise UsageError(f"no VPC of the snapshot is called {vpc!r}; there are {known or 'none'}")
    return draw(network.graph, names, Locations(network), vpc)


def drawn(picture: Picture, form: str, limit: int) -> str:
    """A picture in one of the formats; in those that are looked at, folded to at most `limit` components."""
    from mwaanet.report import picture_networkx
    from mwaanet.report.picture_dot import dot
    from mwaanet.report.picture_fold import fold
    from mwaanet.report.picture_html import html
    from mwaanet.report.picture_mermaid import mermaid
    from mwaanet.report.picture_svg import svg

    whole = {"graphml": picture_networkx.graphml, "json": picture_networkx.node_link}
    if form in whole:
        return whole[form](picture)
    return {"mermaid": mermaid, "dot": dot, "svg": svg, "html": html}[form](fold(picture, limit))


def assert_topology(where: Where, asked: Asserted) -> AssertionReport:
    """Ask every assertion of some files."""
    from mwaanet.checks.assertions import assertion_report, subject
    from mwaanet.checks.topology import load_topology

    topology = load_topology(asked.files, asked.variables)
    snapshot, site = _open(where)
    context = subject(snapshot, environment=asked.environment, site=site)
    return assertion_report(snapshot, context, topology.checks, asked.today)


def first_assertions(where: Where, asked: Asserted) -> str:
    """A first file of assertions, from what holds for an environment today."""
    from mwaanet.checks.assertions import subject
    from mwaanet.checks.starter import starter

    snapshot, site = _open(where)
    return starter(subject(snapshot, environment=asked.environment, site=site), asked.today)


def topology_schema() -> str:
    """The JSON Schema of files of assertions."""
    from mwaanet.checks.schema import schema_text

    return schema_text()


def lint_topology(where: Where | None, asked: Asserted) -> tuple[tuple[Problem, ...], int]:
    """What is wrong in some files, without a snapshot or for one; and how many assertions they hold."""
    from mwaanet.checks.assertions import subject
    from mwaanet.checks.lint import lint
    from mwaanet.checks.topology import load_topology

    topology = load_topology(asked.files, asked.variables, tolerant=True)
    if where is None:
        return lint(topology, asked.today), len(topology.checks)
    snapshot, site = _open(where)
    context = subject(snapshot, environment=asked.environment, site=site)
    return lint(topology, asked.today, context), len(topology.checks)


def assertions_as(form: str, report: AssertionReport, look: Look, *, all_results: bool = False) -> str:
    """How assertions stand, in one of the forms: text, json, markdown, junit, sarif, github."""
    from mwaanet.report.assertions_json import assertions_json
    from mwaanet.report.assertions_markdown import assertions_markdown
    from mwaanet.report.assertions_text import assertions_text, details_of
    from mwaanet.report.github import github_text
    from mwaanet.report.junit import junit_xml
    from mwaanet.report.sarif import sarif_json

    if form == "text":
        return assertions_text(
            report, width=look.width, colour=look.colour, unicode=look.unicode, all_results=all_results
        )
    if form == "junit":
        told = [result for result in report.results if result.status in (Status.FAIL, Status.UNKNOWN)]
        return junit_xml(report, {result.check.id: details_of(report, result) for result in told})
    writers: Mapping[str, Callable[[AssertionReport], str]] = {
        "json": assertions_json,
        "markdown": assertions_markdown,
        "sarif": sarif_json,
        "github": github_text,
    }
    return writers[form](report)


_PERMISSIONS = {"API-INVOKE": "InvokeRestApi", "API-TOKEN": "CreateWebLoginToken"}
"""The checks that judge the actions of signed calls."""


def reconcile(
    where: Where, environment: str | None, reports: Mapping[str, ProbeReport], diagnosis: Diagnosis | None = None
) -> tuple[Comparison, ...]:
    """Every observation of the reports, by their files ("" for one just made), beside what the model says.

    With a diagnosis of the api path signed calls are compared with its verdict on their permission, too.
    """
    from mwaanet.checks.ask import sources
    from mwaanet.graph.network import Network
    from mwaanet.model.inventory import Inventory
    from mwaanet.probe.permission import weigh_permissions
    from mwaanet.probe.reconcile import reconcile as compare

    snapshot, site = _open(where)
    network = Network(Inventory.load(snapshot, site))
    chosen = environment or (site.environment if site else None)
    found: list[Comparison] = []
    for file, report in reports.items():
        try:
            places = sources(network, report.source, environment=chosen) if report.source else ()
        except UsageError as error:
            if not file:
                raise
            raise InputError(file, "from", str(error)) from error
        found.extend(compare(network, report.observations, places))
    if diagnosis is None:
        return tuple(found)
    permissions = {action: _permission(diagnosis, check) for check, action in _PERMISSIONS.items()}
    return weigh_permissions(found, diagnosis.environment.name, permissions)


def _permission(diagnosis: Diagnosis, check: str) -> Permission:
    """What a check says of an action: yes or no where all of its findings do."""
    from mwaanet.paths.trace import Reachable
    from mwaanet.probe.permission import Permission

    findings = [finding for finding in diagnosis.findings if finding.id == check]
    statuses = {finding.status for finding in findings}
    if statuses == {Status.PASS}:
        return Permission(answer=Reachable.YES)
    if not statuses or not statuses <= {Status.FAIL, Status.WARN}:
        return Permission(answer=Reachable.UNKNOWN)
    return Permission(
        answer=Reachable.NO,
        reason="; ".join(dict.fromkeys(finding.message.rstrip(".") for finding in findings)),
        resources=tuple(dict.fromkeys(resource for finding in findings for resource in finding.resources)),
    )


_DEMO = "demo:"
"""Before the name of a demo's variant, where a snapshot is asked for."""


def compare(old: str, new: str, site: Path | None, environment: str | None, assertions: tuple[Path, ...]) -> Changes:
    """Compare two snapshots by the built-in checks and some assertions."""
    from mwaanet.changes.compare import compare as run
    from mwaanet.changes.trying import Side
    from mwaanet.checks.load import builtin_checks, together
    from mwaanet.checks.topology import load_topology

    own = load_topology(assertions).checks
    was, now = (Side.of(*_named(text, site), environment) for text in (old, new))
    return run(was, now, together([builtin_checks(), own] if was.has_environment or now.has_environment else [own]))


def _named(text: str, site: Path | None) -> tuple[Snapshot, Site | None]:
    """A snapshot by its path, or by the name of a demo's variant."""
    from mwaanet.api.opening import open_demo, open_snapshot

    if text.startswith(_DEMO):
        return open_demo(text.removeprefix(_DEMO), site)
    return open_snapshot(text, site)


def worker_needs(where: Where, environment: str | None) -> WorkerNeeds:
    """What an environment's workers need of the network."""
    from mwaanet.checks.destinations import worker_needs as needs

    snapshot, site = _open(where)
    return needs(snapshot, environment=environment, site=site)


def demo_variants() -> Mapping[str, str]:
    """The demo's variants with their titles."""
    from mwaanet import demo

    return {name: variant.title for name, variant in demo.variants().items()}


def collect(
    out: Path,
    reached: Reached,
    tell: Tell,
    *,
    environment: str | None = None,
    site: Path | None = None,
    everything: bool = False,
    concurrency: int | None = None,
    resume: bool = False,
) -> Collected:
    """Collect a snapshot; the environment and the role that calls it may come from the site file."""
    from mwaanet.collect.accounts import Logins
    from mwaanet.collect.collect import CONCURRENCY, Wanted
    from mwaanet.collect.collect import collect as run
    from mwaanet.model.site import Site

    here = Path(SITE_FILE)
    file = site or (here if here.is_file() else None)
    known = Site.load(file) if file else None
    caller = _iam_arn(known.api.principal or "" if known and known.api else "")
    wanted = Wanted(
        out=out,
        logins=Logins(
            profiles=reached.profiles,
            roles=reached.role_arns,
            external_id=reached.external_id,
            regions=reached.regions,
        ),
        environment=environment or (known.environment if known and not everything else None),
        roles=(caller,) if ":role/" in caller else (),
        users=(caller,) if ":user/" in caller else (),
        everything=everything,
        concurrency=concurrency or CONCURRENCY,
        resume=resume,
    )
    return run(wanted, tell)


def _iam_arn(principal: str) -> str:
    """The ARN of a role or user, for a session that of its role."""
    head, session, rest = principal.partition(":assumed-role/")
    return f"{head.replace(':sts:', ':iam:')}:role/{rest.partition('/')[0]}" if session else principal


def explanations(checks: tuple[Path, ...] = ()) -> tuple[Entry, ...]:
    """Everything that can be explained: the checks, those of the user's files too; codes of hops and of findings."""
    from mwaanet.checks.codes import FINDING_CODES
    from mwaanet.checks.load import builtin_checks, check_files, load_checks
    from mwaanet.graph.explanations import EXPLANATIONS, STEPS

    users = [check for path in checks for file in check_files(path) for check in load_checks(file)]
    codes = sorted(EXPLANATIONS.values(), key=lambda found: STEPS.index(found.step))
    hops = [code_entry(code, "hop") for code in codes]
    findings = [code_entry(code, "finding") for code in FINDING_CODES.values()]
    return (*map(check_entry, [*builtin_checks(), *users]), *hops, *findings)


def _open(where: Where) -> tuple[Snapshot, Site | None]:
    """The snapshot, and the site file: the given one, else the one inside the snapshot."""
    from mwaanet.api.opening import open_demo, open_snapshot
    from mwaanet.demo import DEFAULT

    if where.snapshot is not None:
        return open_snapshot(where.snapshot, where.site)
    return open_demo(where.demo or DEFAULT, where.site)
