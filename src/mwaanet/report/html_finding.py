"""What a finding says, as the HTML report shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from mwaanet.checks.result import Diagnosis, Finding, Fix, Status
from mwaanet.graph.flight import Evidence
from mwaanet.report.fix_places import Placed, no_undo, placed_commands, placed_undo
from mwaanet.report.label import label
from mwaanet.report.marks import MARKS, Mark

MOST_PIECES, MOST_SEGMENTS = 4, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One place where something was read, and the JSON there."""

    place: str
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """A finding; `anchor` names it in the page, `culprit` is the resource whose change mends it."""

    id: str
    anchor: str
    status: Status
    mark: Mark
    severity: str
    title: str
    message: str
    culprit: str
    rows: Sequence[tuple[str, Sequence[str]]]
    needs: Sequence[str]
    fix: Fix | None
    commands: Placed
    """Those of the fix, by account and Region."""
    undo: Placed
    """Those that take it back."""
    no_undo: str
    """Why there are none."""
    evidence: Sequence[Piece]
    for_some: str
    """Of a pass whose check does not pass for others: for whom it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CulpritView:
    """All that one resource does wrong on a path; `mends` are the fixes, or what would settle it."""

    culprit: str
    mark: Mark
    findings: Sequence[FindingView]
    mends: Sequence[str]
    commands: Placed
    opens: Sequence[str]


def culprit_views(findings: Iterable[FindingView]) -> list[CulpritView]:
    """The findings by status and culprit, in their order."""
    grouped: dict[tuple[Status, str], list[FindingView]] = {}
    for finding in findings:
        grouped.setdefault((finding.status, finding.culprit or finding.anchor), []).append(finding)
    found = []
    for alike in grouped.values():
        fixes = [_mend(finding.fix) for finding in alike if finding.fix]
        needs = [need for finding in alike for need in finding.needs]
        mends = list(dict.fromkeys(fixes or needs))[:MOST_PIECES]
        first = alike[0]
        found.append(
            CulpritView(
                culprit=first.culprit,
                mark=first.mark,
                findings=alike,
                mends=mends,
                commands=placed_commands(*(finding.fix for finding in alike if finding.fix)),
                opens=list(dict.fromkeys(finding.fix.opens for finding in alike if finding.fix and finding.fix.opens)),
            )
        )
    return found


def _mend(fix: Fix) -> str:
    return fix.summary + (" (tried on the snapshot's model, not on AWS: it mends this)" if fix.verified else "")


def finding_view(finding: Finding, diagnosis: Diagnosis, number: int, raw: Callable[[Evidence], str]) -> FindingView:
    """The `number`-th finding of a diagnosis."""
    labels = [label(resource, diagnosis.names) for resource in finding.resources]
    segments = [f"{segment.source} → {segment.destination}" for segment in finding.segments]
    shown = list(dict.fromkeys(segments))
    if len(shown) > MOST_SEGMENTS:
        shown = [*shown[:MOST_SEGMENTS], f"and {len(shown) - MOST_SEGMENTS} more"]
    needs = _needs(finding, diagnosis.environment.account)
    rows = [
        ("at", labels),
        ("from, to", shown),
        ("step", [finding.step]),
        ("to settle it", needs),
        ("code", [text for text in (finding.code, finding.aws_code) if text]),
        ("more", [f"mwaanet explain {finding.id}"]),
    ]
    return FindingView(
        id=finding.id,
        anchor=f"finding-{number}",
        status=finding.status,
        mark=MARKS[finding.status],
        severity=finding.severity.value if finding.status is Status.FAIL else MARKS[finding.status].word,
        title=finding.title,
        message=finding.message or finding.title,
        culprit=labels[0] if labels else "",
        rows=[(name, texts) for name, texts in rows if any(texts)],
        needs=needs,
        fix=finding.fix,
        commands=placed_commands(finding.fix) if finding.fix else [],
        undo=placed_undo(finding.fix) if finding.fix else [],
        no_undo=no_undo(finding.fix) if finding.fix else "",
        evidence=pieces(finding.evidence, raw),
        for_some=_for_some(finding, diagnosis),
    )


def pieces(evidence: Iterable[Evidence], raw: Callable[[Evidence], str]) -> list[Piece]:
    """At most a few places where something was read, each once."""
    found = {f"{item.file} {item.pointer}".strip(): item for item in evidence}
    return [Piece(place=place, raw=raw(item)) for place, item in found.items() if place][:MOST_PIECES]


def _needs(finding: Finding, account: str) -> list[str]:
    """The calls that would settle it, in whose account."""
    found = []
    for need in finding.needs:
        where = f"account {need.account}" if need.account else "an account that is not known"
        own = " (the environment's own)" if need.account == account else ""
        call = f"aws {need.service} {need.operation}" if need.operation else need.service
        found.append(f"{call} in {where}{own}{', ' + need.region if need.region else ''}")
    return list(dict.fromkeys(found))


def _for_some(finding: Finding, diagnosis: Diagnosis) -> str:
    others = [other for other in diagnosis.findings if other.id == finding.id and other.status is not Status.PASS]
    if finding.status is not Status.PASS or not others:
        return ""
    return ", ".join(dict.fromkeys(segment.source for segment in finding.segments))
