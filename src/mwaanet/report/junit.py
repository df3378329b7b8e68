"""Assertions as JUnit XML, which every CI system reads: one test case for each.

What does not hold is a failure, what is unknown an error, what is waived or does not apply is skipped.
"""

from __future__ import annotations

from collections.abc import Iterator

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite
from junitparser.junitparser import FinalResult

from mwaanet.checks.assertions import AssertionReport, AssertionResult
from mwaanet.checks.result import Status
from mwaanet.report.clean import clean

_NOT_XML = str.maketrans(dict.fromkeys("\ufffe\uffff", "?"))
"""What `clean` leaves and XML 1.0 does not take (https://www.w3.org/TR/xml/#charsets)."""


def junit_xml(report: AssertionReport, details: dict[str, str]) -> str:
    """All assertions, a suite for each file; `details` are the texts of those that do not hold, by id."""
    document = JUnitXml("mwaanet assert")
    for file in dict.fromkeys(result.check.file for result in report.results):
        suite = TestSuite(_text(file))
        for result in report.results:
            if result.check.file == file:
                suite.add_testcase(_case(result, details.get(result.check.id, "")))
        document.add_testsuite(suite)
    document.update_statistics()  # type: ignore[no-untyped-call]
    text: bytes = document.tostring()  # type: ignore[no-untyped-call]
    return text.decode("utf-8") + "\n"


def _case(result: AssertionResult, details: str) -> TestCase:
    check = result.check
    case = TestCase(_text(check.id), classname=_text(check.file))
    case.result = list(_outcome(result, details))
    case.system_out = _text(check.title)
    return case


def _outcome(result: AssertionResult, details: str) -> Iterator[FinalResult]:
    """The elements that say that a case did not pass; none where it did."""
    message, kind = _text(result.message), _text(result.check.severity.value)
    if result.waived:
        until, because = result.waived.until, _text(result.waived.because)
        yield Skipped(f"waived until {until}, because {because}: {message}")
    elif result.status is Status.FAIL:
        yield _with_text(Failure(message, kind), details)
    elif result.status is Status.UNKNOWN:
        yield _with_text(Error(message, "unknown"), details)
    elif result.status is Status.SKIP:
        yield Skipped(message)


def _with_text(found: FinalResult, details: str) -> FinalResult:
    found.text = "\n".join(_text(line) for line in details.splitlines())
    return found


def _text(text: str) -> str:
    return clean(text).translate(_NOT_XML)
