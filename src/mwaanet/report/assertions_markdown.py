"""Assertions as Markdown: a table of all, and below it the proof of what does not hold; for pull requests."""

from __future__ import annotations

from mwaanet.checks.assertions import AssertionReport, AssertionResult
from mwaanet.checks.result import Status
from mwaanet.report.assertions_text import details_of, summary_text
from mwaanet.report.markdown import escaped, fenced
from mwaanet.report.marks import MARKS

MOST_DETAILS = 20
"""Assertions whose proof is written out; GitHub takes a summary of 1 MiB."""


def assertions_markdown(report: AssertionReport) -> str:
    """All assertions."""
    about = f" of {escaped(report.environment)}" if report.environment else ""
    lines = [f"## Assertions{about}: {summary_text(report)}", "", "| | assertion | | |", "|---|---|---|---|"]
    lines.extend(_row(result) for result in report.results)
    broken = [result for result in report.results if result.status in (Status.FAIL, Status.UNKNOWN)]
    for result in broken[:MOST_DETAILS]:
        summary = f"{escaped(result.check.id)} ({escaped(result.check.file)}&#58;{result.check.line})"
        lines += [
            "",
            f"<details><summary>{summary}</summary>",
            "",
            fenced(details_of(report, result, by_itself=False)),
            "",
            "</details>",
        ]
    if len(broken) > MOST_DETAILS:
        lines += ["", f"{len(broken) - MOST_DETAILS} more are in the other reports."]
    if report.assumptions:
        lines += ["", "**Assumed**", "", *(f"- {escaped(text)}" for text in report.assumptions)]
    return "\n".join(lines) + "\n"


def _row(result: AssertionResult) -> str:
    mark = MARKS[result.status]
    word = "waived" if result.waived else mark.word
    message = result.message
    if result.waived:
        message = f"until {result.waived.until}, because {result.waived.because}: {message}"
    cells = (f"{mark.symbol} {word}", *map(escaped, (result.check.id, result.check.title, message)))
    return f"| {' | '.join(cells)} |"
