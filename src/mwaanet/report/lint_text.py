"""What lint says, one line for each, in the form that editors and CI systems turn into links."""

from __future__ import annotations

from collections.abc import Sequence

from mwaanet.checks.lint import Problem
from mwaanet.checks.result import Status
from mwaanet.report.clean import clean
from mwaanet.report.label import counted
from mwaanet.report.marks import MARKS

_WORDS = {Status.FAIL: "error", Status.WARN: "warning"}


def lint_text(problems: Sequence[Problem], checks: int) -> str:
    """Every problem as `file:line:column: error: what`, and how many there are."""
    lines = [clean(f"{one.place}: {_WORDS[one.status]}: {_about(one)}{one.message}") for one in problems]
    errors = sum(one.status is Status.FAIL for one in problems)
    warnings = len(problems) - errors
    found = [counted(errors, ("error", "errors")), counted(warnings, MARKS[Status.WARN].counted)]
    lines.append(f"{counted(checks, ('assertion', 'assertions'))}: {', '.join(found)}")
    return "\n".join(lines) + "\n"


def _about(problem: Problem) -> str:
    return f"{problem.check}: " if problem.check else ""
