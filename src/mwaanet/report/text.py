"""A diagnosis as people read it in a terminal: verdicts first, then what is wrong, where, and how to mend it.

A pure function: width, colours and the use of characters beyond ASCII are arguments.
"""

from __future__ import annotations

from collections.abc import Sequence

from mwaanet.checks.result import Diagnosis, Finding, PathResult, Status
from mwaanet.probe.reconcile import Comparison
from mwaanet.report.finding import add_finding, add_passed, same_unknown
from mwaanet.report.headline import headline, known_facts, worst_first
from mwaanet.report.label import SHOWN, counted, label, listed
from mwaanet.report.layout import Look, Page, Piece, Style
from mwaanet.report.marks import MARKS
from mwaanet.report.observed_text import OBSERVED, add_observed, agreements, observed_lead
from mwaanet.report.trace_text import trace_text

__all__ = ["diagnosis_text", "trace_text"]

_SEPARATOR = " · "


def diagnosis_text(
    diagnosis: Diagnosis,
    *,
    width: int,
    colour: bool,
    all_findings: bool,
    unicode: bool,
    observed: Sequence[Comparison] = (),
) -> str:
    """The whole diagnosis; `all_findings` adds what passed, `observed` what probes saw."""
    page = Page(Look(width=width, colour=colour, unicode=unicode))
    _add_header(page, diagnosis)
    page.blank()
    _add_verdicts(page, diagnosis, observed)
    for path in diagnosis.paths:
        if all_findings or path.status not in (Status.PASS, Status.SKIP):
            _add_path(page, diagnosis, path, all_findings)
    _add_others(page, diagnosis, all_findings)
    add_observed(page, observed, diagnosis.names)
    _add_notes(page, diagnosis)
    page.blank()
    _add_summary(page, diagnosis, all_findings)
    return page.text()


def _add_header(page: Page, diagnosis: Diagnosis) -> None:
    name = diagnosis.environment.name
    line = Piece(name, Style.STRONG)
    size = page.look.cells(name)
    pieces: list[Piece] = [line]
    for fact in known_facts(diagnosis):
        added = page.look.cells(_SEPARATOR + fact)
        if size + added > page.width:
            page.add(*pieces, hang=2)
            pieces, size = [Piece(fact, Style.FAINT)], page.look.cells(fact) + 2
        else:
            pieces, size = [*pieces, Piece(_SEPARATOR + fact, Style.FAINT)], size + added
    page.add(*pieces, lead=[] if pieces[0] is line else ["  "])


def _add_verdicts(page: Page, diagnosis: Diagnosis, observed: Sequence[Comparison]) -> None:
    titles = [path.id for path in diagnosis.paths] + [OBSERVED] * bool(observed)
    column = max(map(page.look.cells, titles), default=0)
    for path in diagnosis.paths:
        mark = MARKS[path.status]
        gap = " " * (column - page.look.cells(path.id) + 2)
        lead = [mark.piece, Piece(f" {mark.word:<9}", mark.style), Piece(path.id, Style.STRONG), Piece(gap)]
        phrase, more = headline(diagnosis, path)
        if path.status is not Status.SKIP:  # what is skipped has no section that would say the rest
            room = page.width - sum(page.look.cells(piece.text) for piece in (*lead, Piece(more)))
            phrase = page.look.cut(phrase, max(room, 10))
        page.add(phrase + more, lead=lead)
    if observed:
        page.add(agreements(observed), lead=observed_lead(observed))


def _findings(diagnosis: Diagnosis, path_id: str) -> list[Finding]:
    """The findings of a path, the worst first."""
    return worst_first(finding for finding in diagnosis.findings if finding.path == path_id)


def _add_path(page: Page, diagnosis: Diagnosis, path: PathResult, all_findings: bool) -> None:
    findings = _findings(diagnosis, path.id)
    if path.status is Status.SKIP and not findings:
        return
    page.blank()
    page.add(Piece(f"{path.id}: {path.title}" if path.title else path.id, Style.HEADING))
    if len(path.blocked_by) > 1:
        page.add(f"Blocked by: {listed((label(item, diagnosis.names) for item in path.blocked_by), most=8)}")
    _add_findings(page, diagnosis, findings, all_findings)


def _add_findings(page: Page, diagnosis: Diagnosis, findings: Sequence[Finding], all_findings: bool) -> None:
    quiet = (Status.PASS, Status.SKIP)
    loud = [finding for finding in findings if finding.status not in quiet]
    for finding, alike in same_unknown(loud):
        page.blank()
        add_finding(page, finding, diagnosis.names, diagnosis.environment.account)
        if alike:
            page.add(f"unknown for the same reason: {listed(alike, most=8)}", lead=["  "])
    rest = [finding for finding in findings if finding.status in quiet]
    shown = rest if all_findings else [finding for finding in rest if finding.status is Status.SKIP][:SHOWN]
    if shown:
        page.blank()
    for finding in shown:
        add_passed(page, finding)


def _add_others(page: Page, diagnosis: Diagnosis, all_findings: bool) -> None:
    """Findings of paths that the diagnosis does not list."""
    listed_paths = {path.id for path in diagnosis.paths}
    for name in dict.fromkeys(item.path for item in diagnosis.findings if item.path not in listed_paths):
        findings = _findings(diagnosis, name)
        if all_findings or findings[0].status not in (Status.PASS, Status.SKIP):
            page.blank()
            page.add(Piece(name or "other checks", Style.HEADING))
            _add_findings(page, diagnosis, findings, all_findings)


def _add_notes(page: Page, diagnosis: Diagnosis) -> None:
    if diagnosis.assumptions:
        page.blank()
        page.add(Piece("Assumed", Style.HEADING))
        for assumption in diagnosis.assumptions:
            page.add(assumption, lead=["  • "])
    skipped, refused = diagnosis.snapshot.skipped, diagnosis.snapshot.errors
    if skipped or refused:
        page.blank()
        page.add(Piece("Not read", Style.HEADING))
    if refused:
        page.add(f"{counted(refused, ('call was', 'calls were'))} refused when the snapshot was made", lead=["  • "])
    if skipped:
        what = counted(len(skipped), ("file holds", "files hold"))
        page.add(f"{what} nothing that mwaanet knows: {listed(skipped)}", lead=["  • "])


def _add_summary(page: Page, diagnosis: Diagnosis, all_findings: bool) -> None:
    summary = diagnosis.summary
    pieces: list[Piece | str] = []
    for status, mark in MARKS.items():
        if summary[status] or status is Status.PASS:
            style = mark.style if summary[status] else Style.PLAIN
            pieces += [", " if pieces else "", Piece(counted(summary[status], mark.counted), style)]
    hidden = summary[Status.PASS] and not all_findings
    page.add(*pieces, Piece(" (--all shows them all)" if hidden else "", Style.FAINT))
