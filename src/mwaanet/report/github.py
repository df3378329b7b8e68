"""Assertions for GitHub Actions: an annotation at the line of each that does not hold.

The form of the commands, and what is escaped in them, is
https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message.
"""

from __future__ import annotations

from mwaanet.checks.assertions import AssertionReport, AssertionResult
from mwaanet.checks.result import Status
from mwaanet.report.clean import clean

_COMMANDS = {Status.FAIL: "error", Status.UNKNOWN: "warning", Status.WARN: "warning"}


def github_text(report: AssertionReport) -> str:
    """A line for each assertion that is not a pass."""
    return "".join(_annotation(result) for result in report.results if result.status in _COMMANDS)


def _annotation(result: AssertionResult) -> str:
    check = result.check
    command = "notice" if result.waived else _COMMANDS[result.status]
    word = "waived" if result.waived else result.status.value
    place = f"file={_property(check.file)},line={check.line},col={check.column}"
    title = _property(f"{check.id}: {word}")
    packets = [f"For example {witness.example_text}" for witness in result.witnesses[:1]]
    message = ". ".join([check.title, result.message.rstrip("."), *packets])
    return f"::{command} {place},title={title}::{_data(message)}\n"


def _data(text: str) -> str:
    return clean(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
