"""Assertions as people read them in a terminal: a line for each, and for what does not hold why, with the proof."""

from __future__ import annotations

from collections.abc import Mapping

from mwaanet.checks.assertions import AssertionReport, AssertionResult
from mwaanet.checks.result import Finding, Status, Witness
from mwaanet.report.finding import INDENT, add_assumptions, add_finding, add_labelled
from mwaanet.report.hops import add_hops
from mwaanet.report.label import SHOWN, counted
from mwaanet.report.layout import Look, Page, Piece, Style
from mwaanet.report.marks import MARKS

DETAILS_WIDTH = 100


def assertions_text(
    report: AssertionReport, *, width: int, colour: bool, unicode: bool, all_results: bool = False
) -> str:
    """All assertions; what passes is told one by one with `all_results` only."""
    page = Page(Look(width=width, colour=colour, unicode=unicode))
    for result in report.results:
        if all_results or result.status not in (Status.PASS, Status.SKIP):
            _add_result(page, report, result)
    if report.assumptions:
        page.blank()
        page.add(Piece("Assumed", Style.HEADING))
        for assumption in report.assumptions:
            page.add(assumption, lead=["  • "])
    page.blank()
    _add_summary(page, report, all_results=all_results)
    return page.text()


def _add_result(page: Page, report: AssertionReport, result: AssertionResult) -> None:
    if result.status in (Status.PASS, Status.SKIP):
        mark = MARKS[result.status]
        text = result.check.title + (f" ({result.message})" if result.message else "")
        page.add(Piece(text, Style.FAINT), lead=[mark.piece, " ", result.check.id, "  "], hang=INDENT)
        return
    page.blank()
    if not any(finding.status not in (Status.PASS, Status.SKIP) for finding in result.findings):
        mark = MARKS[result.status]
        page.add(Piece(result.check.title, Style.STRONG), lead=[mark.piece, " ", result.check.id, "  "], hang=INDENT)
        page.add(result.message, lead=[" " * INDENT])
    for finding in result.findings:
        if finding.status not in (Status.PASS, Status.SKIP):
            add_finding(page, finding, report.names, report.account, explained=bool(result.check.path))
            _add_witnesses(page, finding, report.names)
    if result.check.why and not result.check.path:
        add_labelled(page, "reason", result.check.why)
    if result.waived:
        add_labelled(page, "waived", f"until {result.waived.until}, because {result.waived.because}")
    elif result.reason:
        add_labelled(page, "note", result.reason)
    add_labelled(page, "stated", f"{result.check.file}:{result.check.line}:{result.check.column}")


def _add_witnesses(page: Page, finding: Finding, names: Mapping[str, str]) -> None:
    """What gets through, one packet of it, and its way; where packets are stopped the finding itself says."""
    passing = [witness for witness in finding.witnesses if witness.passed]
    for witness in passing[:SHOWN]:
        _add_witness(page, witness, names)
    left = len(passing) - SHOWN
    if left > 0:
        add_labelled(page, "", f"(+{counted(left, ('more way', 'more ways'))}; --format json has them all)")


def _add_witness(page: Page, witness: Witness, names: Mapping[str, str]) -> None:
    add_labelled(page, "passes", witness.packets.describe())
    add_labelled(page, "packet", witness.example_text)
    add_hops(page, witness.hops, names, indent=INDENT)


def details_of(report: AssertionReport, result: AssertionResult, *, by_itself: bool = True) -> str:
    """What is told of one assertion, as plain text; by itself with what it takes for granted."""
    page = Page(Look(width=DETAILS_WIDTH, colour=False, unicode=True))
    _add_result(page, report, result)
    add_assumptions(page, result.assumptions if by_itself else ())
    return page.text()


def summary_text(report: AssertionReport) -> str:
    """How many stand how, in a few words."""
    return "".join(piece.text for piece in _summary(report))


def _add_summary(page: Page, report: AssertionReport, *, all_results: bool) -> None:
    hidden = report.summary[Status.PASS] and not all_results
    page.add(*_summary(report), Piece(" (--all shows them all)" if hidden else "", Style.FAINT))


def _summary(report: AssertionReport) -> list[Piece]:
    """How many stand how; a waived failure is counted as such."""
    pieces: list[Piece] = []
    for status, mark in MARKS.items():
        number = report.summary[status] - (report.waived if status is Status.FAIL else 0)
        if number or status is Status.PASS:
            pieces.append(Piece(counted(number, mark.counted), mark.style if number else Style.PLAIN))
        if status is Status.FAIL and report.waived:
            pieces.append(Piece(f"{report.waived} waived", Style.WARN))
    return [piece for at, each in enumerate(pieces) for piece in ([Piece(", ")] if at else []) + [each]]
