"""A diagnosis as one HTML file that loads nothing: verdicts, the picture of every path, findings, unknowns, runbook.

All texts are escaped by the template, all that a click shows is in the page already, and a Content-Security-Policy lets
in no other style or script than the file's own (https://www.w3.org/TR/CSP3/).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from mwaanet.checks.result import Diagnosis, Finding, PathResult, Status
from mwaanet.graph.flight import Evidence
from mwaanet.probe.observation import kind_of
from mwaanet.probe.reconcile import Comparison
from mwaanet.report import picture_svg
from mwaanet.report.clean import clean
from mwaanet.report.content_security import content_security_policy
from mwaanet.report.headline import headline, known_facts, worst_first
from mwaanet.report.html_finding import CulpritView, FindingView, culprit_views, finding_view
from mwaanet.report.html_hops import HopView, hop_views
from mwaanet.report.html_ways import Ways, ways_of
from mwaanet.report.json_report import tool
from mwaanet.report.label import counted
from mwaanet.report.marks import MARKS, Mark
from mwaanet.report.picture_fold import fold
from mwaanet.report.picture_paths import path_picture

MOST_NODES = 300
"""How many components a picture has before those that are alike are folded."""

Raw = Callable[[Evidence], str]
"""Gives the JSON that evidence points at; empty where there is none."""

_LOUD = (Status.FAIL, Status.UNKNOWN, Status.WARN)


@dataclass(frozen=True, slots=True, kw_only=True)
class PathView:
    """One path as the page shows it; `open` where it is not folded, `fine` where nothing of it is amiss."""

    id: str
    title: str
    mark: Mark
    headline: str
    reason: str
    culprits: Sequence[CulpritView]
    picture: Markup
    hops: Sequence[HopView]
    ways: Ways
    open: bool
    fine: bool

    @property
    def sources(self) -> Sequence[str]:
        """Whom the picture's ways start from."""
        return self.ways.sources

    @property
    def destinations(self) -> Sequence[str]:
        """Where they lead, with the ports."""
        return self.ways.destinations


def diagnosis_html(diagnosis: Diagnosis, raw: Raw, observed: Sequence[Comparison] = (), runbook: str = "") -> str:
    """The page; `observed` is what probes saw, `runbook` the body of the environment's runbook, HTML already."""
    environment = diagnosis.environment
    views = {id(finding): finding_view(finding, diagnosis, number, raw) for number, finding in _numbered(diagnosis)}
    findings = [views[id(finding)] for finding in worst_first(diagnosis.findings)]
    paths = [_path(diagnosis, path, views, raw) for path in diagnosis.paths]
    report = {
        "name": environment.name,
        "mark": MARKS[diagnosis.status],
        "facts": known_facts(diagnosis),
        "paths": paths,
        "first": next((f"path-{path.id}" for path in paths if not path.fine), "main"),
        "findings": [view for view in findings if view.status in (Status.FAIL, Status.WARN)],
        "unknowns": [view for view in findings if view.status is Status.UNKNOWN],
        "passed": [view for view in findings if view.status is Status.PASS],
        "skipped": [view for view in findings if view.status is Status.SKIP],
        "observed": [_observed(comparison) for comparison in observed],
        "notes": _notes(diagnosis),
        "runbook": Markup(runbook),
        "summary": ", ".join(
            counted(diagnosis.summary[status], mark.counted)
            for status, mark in MARKS.items()
            if diagnosis.summary[status]
        ),
        "tool": tool(),
        "source": f"{diagnosis.snapshot.source}, {diagnosis.snapshot.created}".strip(", "),
    }
    style, script = asset("report.css") + picture_svg.THEMES, asset("report.js")
    policy = content_security_policy([style, picture_svg.STYLE], [script])
    ways = json.dumps({path.id: path.ways.document() for path in paths}, separators=(",", ":"))
    template = _templates().get_template("report.html.j2")
    return template.render(report=report, style=Markup(style), script=Markup(script), policy=policy, ways=Markup(ways))


@cache
def asset(name: str) -> str:
    """A file of the templates' folder."""
    return files("mwaanet.report").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _templates() -> Environment:
    return Environment(
        loader=FunctionLoader(asset),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )


def _visible(value: object) -> object:
    """What a template writes: texts without characters that hide or turn around what is beside them."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return "\n".join(map(clean, value.split("\n")))
    return value


def _numbered(diagnosis: Diagnosis) -> list[tuple[int, Finding]]:
    return list(enumerate(diagnosis.findings))


def _path(diagnosis: Diagnosis, path: PathResult, views: dict[int, FindingView], raw: Raw) -> PathView:
    found = worst_first(finding for finding in diagnosis.findings if finding.path == path.id)
    loud = [views[id(finding)] for finding in found if finding.status in _LOUD]
    picture = fold(path_picture(diagnosis, path), MOST_NODES)
    prefix = path.id
    drawn = picture_svg.svg(picture, prefix=prefix) if picture.nodes else ""
    text, more = headline(diagnosis, path)
    return PathView(
        id=path.id,
        title=path.title,
        mark=MARKS[path.status],
        headline=text + more,
        reason=path.reason,
        culprits=culprit_views(loud),
        picture=Markup(drawn),
        hops=hop_views(picture, prefix, views, raw),
        ways=ways_of(diagnosis, path, picture),
        open=path.status in _LOUD or (path.status is Status.PASS and diagnosis.status not in _LOUD),
        fine=path.status not in _LOUD,
    )


def _observed(comparison: Comparison) -> dict[str, object]:
    observation = comparison.observation
    return {
        "mark": MARKS[comparison.status],
        "place": comparison.place or "not known",
        "target": f"{kind_of(observation)} {observation.target}: {observation.outcome}",
        "message": comparison.message,
        "left": "; ".join(comparison.left),
    }


def _notes(diagnosis: Diagnosis) -> list[str]:
    notes = list(diagnosis.assumptions)
    if diagnosis.snapshot.errors:
        notes.append(
            f"{counted(diagnosis.snapshot.errors, ('call was', 'calls were'))} refused when the snapshot was made"
        )
    skipped = diagnosis.snapshot.skipped
    if skipped:
        what = counted(len(skipped), ("file holds", "files hold"))
        notes.append(f"{what} nothing that mwaanet knows: {', '.join(skipped[:20])}")
    return notes
