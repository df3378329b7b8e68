"""Assertions as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), for code scanning.

A result for each finding that is not a pass, at the line of the assertion. What is unknown is a warning that says so:
viewers hide the kind `open`, and unknown must not look like a pass. A waived failure is a result that is suppressed.
"""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from mwaanet.checks.assertions import AssertionReport, AssertionResult
from mwaanet.checks.result import Finding, Severity, Status
from mwaanet.report.clean import clean
from mwaanet.report.json_report import Json, json_text, tool

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}


def sarif_json(report: AssertionReport) -> str:
    """Everything that does not hold, and what is unknown."""
    results = [
        _result(result, finding)
        for result in report.results
        for finding in result.findings
        if finding.status in (Status.FAIL, Status.UNKNOWN, Status.WARN)
    ]
    name, _, version = tool().partition(" ")
    driver = {"name": name, "version": version, "rules": [_rule(result) for result in report.results]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(result: AssertionResult) -> Json:
    check = result.check
    rule: Json = {
        "id": check.id,
        "shortDescription": {"text": clean(check.title)},
        "defaultConfiguration": {"level": _LEVELS[check.severity]},
        "properties": {"severity": check.severity.value},
    }
    if check.why:
        rule["fullDescription"] = {"text": clean(check.why)}
    if check.source:
        rule["helpUri"] = check.source
    return rule


def _result(result: AssertionResult, finding: Finding) -> Json:
    check = result.check
    place = {
        "artifactLocation": {"uri": _uri(check.file)},
        "region": {"startLine": max(check.line, 1), "startColumn": max(check.column, 1)},
    }
    about = [{"fullyQualifiedName": clean(resource), "kind": "resource"} for resource in finding.resources]
    location: Json = {"physicalLocation": place}
    if about:
        location["logicalLocations"] = about
    found: Json = {
        "ruleId": check.id,
        "level": _level(finding),
        "message": {"text": _message(result, finding)},
        "locations": [location],
        "partialFingerprints": {"assertion/v1": "/".join([check.id, *finding.resources[:1]])},
    }
    if result.waived:
        found["suppressions"] = [
            {"kind": "inSource", "status": "accepted", "justification": clean(result.waived.because)}
        ]
    return found


def _level(finding: Finding) -> str:
    return _LEVELS[finding.severity] if finding.status is Status.FAIL else "warning"


def _message(result: AssertionResult, finding: Finding) -> str:
    """One paragraph: how it stands, why, a packet that shows it, and what mends it."""
    parts = [finding.message or result.message]
    parts.extend(f"For example {witness.example_text}" for witness in finding.witnesses[:1])
    parts.extend([finding.fix.summary] if finding.fix and finding.fix.summary else [])
    text = ". ".join(clean(part).rstrip(".") for part in parts if part) + "."
    return f"Unknown: {text}" if finding.status is Status.UNKNOWN else text


def _uri(file: str) -> str:
    """A relative reference as the file was given, or a file: address."""
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(os.fsencode(PurePosixPath(path.as_posix())))
