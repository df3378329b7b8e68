"""The answer to one question as text: the verdict, then for each cause what is known of it, the worst first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mwaanet.checks.result import Finding, Status
from mwaanet.paths.trace import Reachable
from mwaanet.report.finding import INDENT, add_assumptions, add_body
from mwaanet.report.hops import add_hops
from mwaanet.report.label import counted
from mwaanet.report.layout import Look, Page, Piece, Style
from mwaanet.report.marks import MARKS
from mwaanet.report.verdict import STATUSES, packets_text

MOST_CAUSES = 3
"""Causes that are written out."""
_ORDER = list(MARKS)


def answer_text(
    question: str,
    verdict: Reachable,
    findings: Sequence[Finding],
    assumptions: Sequence[str],
    *,
    width: int,
    colour: bool,
    unicode: bool,
    names: Mapping[str, str],
    account: str,
) -> str:
    """The whole answer; `names` are Name tags by id, `account` is the environment's own."""
    page = Page(Look(width=width, colour=colour, unicode=unicode))
    mark = MARKS[STATUSES[verdict]]
    page.add(Piece(verdict.value, mark.style), f": {question}", lead=[mark.piece, " "])
    first = STATUSES[verdict]
    ordered = sorted(findings, key=lambda finding: (finding.status is not first, _ORDER.index(finding.status)))
    for finding in ordered[:MOST_CAUSES]:
        if finding.status is Status.PASS:
            _add_way(page, finding, names)
        else:
            add_body(page, finding, names, account)
    left = len(ordered) - MOST_CAUSES
    if left > 0:
        page.add(Piece(f"(+{counted(left, ('more cause', 'more causes'))})", Style.FAINT), lead=[" " * INDENT])
    add_assumptions(page, assumptions)
    return page.text()


def _add_way(page: Page, finding: Finding, names: Mapping[str, str]) -> None:
    """One way there, and one back."""
    trace = next((segment.trace for segment in finding.segments if segment.trace), None)
    if trace is None:
        return
    for title, legs in (("the request", trace.forward), ("its reply", trace.back)):
        for leg in legs[:1]:
            more = f" (one of {len(legs)} ways)" if len(legs) > 1 else ""
            page.add(Piece(f"{title}{more}, {packets_text(leg)}", Style.FAINT), lead=[" " * INDENT], hang=2 * INDENT)
            add_hops(page, leg.hops, names, indent=INDENT)
