"""Assertions as JSON, field for field as docs/contracts/report-format.md has it."""

from __future__ import annotations

from mwaanet.checks.assertions import AssertionReport, AssertionResult
from mwaanet.checks.result import Witness
from mwaanet.report.json_report import FORMAT, Json, finding_json, hop_json, json_text, tool


def assertions_json(report: AssertionReport) -> str:
    """All assertions, those that hold too, in the order in which they are written."""
    snapshot = report.snapshot
    return json_text(
        {
            "format": FORMAT,
            "tool": tool(),
            "status": report.status.value,
            "environment": report.environment or None,
            "snapshot": {
                "created": snapshot.created,
                "source": snapshot.source,
                "errors": snapshot.errors,
                "skipped": list(snapshot.skipped),
            },
            "assumptions": list(report.assumptions),
            "assertions": [_result(result) for result in report.results],
            "summary": {
                **{status.value: number for status, number in report.summary.items()},
                "waived": report.waived,
            },
        }
    )


def _result(result: AssertionResult) -> Json:
    check, waived = result.check, result.waived
    return {
        "id": check.id,
        "status": result.status.value,
        "title": check.title,
        "expect": check.expect or None,
        "severity": check.severity.value,
        "reason": check.why,
        "message": result.message,
        "waived": {"until": waived.until.isoformat(), "because": waived.because} if waived else None,
        "file": check.file,
        "line": check.line,
        "column": check.column,
        "findings": [finding_json(finding) for finding in result.findings],
        "witnesses": [_witness(witness) for witness in result.witnesses],
    }


def _witness(witness: Witness) -> Json:
    return {
        "from": witness.source,
        "to": witness.destination,
        "passed": witness.passed,
        "packets": witness.packets.describe(),
        "packet": witness.example._asdict(),
        "hops": [hop_json(hop) for hop in witness.hops],
    }
