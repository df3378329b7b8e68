"""Diagnoses and traces as JSON, field for field as docs/contracts/report-format.md has it.

Everything beyond ASCII is escaped, so that no text from a snapshot can break a reader or a terminal.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec

from mwaanet.checks.result import Diagnosis, Finding, Fix, PathResult, Segment, Status
from mwaanet.graph.flight import Drop, Evidence, Hop
from mwaanet.paths.blocked import BlockedPath
from mwaanet.paths.trace import Reachable, Trace
from mwaanet.paths.walk import Leg
from mwaanet.probe.probe_report import ProbeReport, to_document
from mwaanet.probe.reconcile import Comparison
from mwaanet.report.fix_places import placed_commands
from mwaanet.report.verdict import PROTOCOLS, STATUSES, forward_verdict, leg_verdict, packets_text, return_verdict

FORMAT = 1
"""The version of the contract."""

_EVERY_PROTOCOL = "0-255"

Json = dict[str, Any]
"""A JSON object."""


def diagnosis_json(diagnosis: Diagnosis, all_findings: bool, observed: Sequence[Comparison] = ()) -> str:
    """The diagnosis; `all_findings` adds what passed, `observed` what probes saw."""
    environment, snapshot = diagnosis.environment, diagnosis.snapshot
    shown = [finding for finding in diagnosis.findings if all_findings or finding.status is not Status.PASS]
    return json_text(
        {
            "format": FORMAT,
            "tool": tool(),
            "environment": {
                "name": environment.name,
                "arn": environment.arn,
                "account": environment.account,
                "region": environment.region,
                "access_mode": environment.access_mode,
                "routing": environment.routing,
                "version": environment.version,
                "status": environment.status,
            },
            "snapshot": {
                "created": snapshot.created,
                "source": snapshot.source,
                "errors": snapshot.errors,
                "skipped": list(snapshot.skipped),
            },
            "paths": [_path(path) for path in diagnosis.paths],
            "findings": [finding_json(finding) for finding in shown],
            "assumptions": list(diagnosis.assumptions),
            "summary": {status.value: number for status, number in diagnosis.summary.items()},
            "observations": [comparison_json(comparison) for comparison in observed],
        }
    )


def trace_json(
    trace: Trace,
    blocked: tuple[BlockedPath, ...],
    findings: Sequence[Finding] = (),
    assumptions: Sequence[str] = (),
) -> str:
    """The trace, with every path that was found in either direction."""
    tally = trace.tally
    back = return_verdict(trace)
    return json_text(
        {
            "format": FORMAT,
            "status": STATUSES[trace.reachable].value,
            "reachable": trace.reachable.value,
            "forward": _direction(trace.forward, forward_verdict(trace)),
            "return": _direction(trace.back, back) if back else None,
            "blocked_by": list(dict.fromkeys(resource for path in blocked for resource in path.resources)),
            "findings": [finding_json(finding) for finding in findings],
            "assumptions": list(assumptions),
            "packets": {
                "passed": tally.passed.describe(),
                "stopped": tally.stopped.describe(),
                "torn": tally.torn.describe(),
                "unknown": tally.unclear.describe(),
            },
            "uncovered_ports": str(trace.uncovered_ports) or None,
            "unknowns": [
                {"reason": unknown.reason, "needs": [need._asdict() for need in unknown.needs]}
                for unknown in trace.unknowns
            ],
            "tool": tool(),
        }
    )


def comparison_json(comparison: Comparison) -> Json:
    """One observation beside the model's answer."""
    return {
        "status": comparison.status.value,
        "agreement": comparison.agreement.value,
        "place": comparison.place,
        "model": comparison.model.value,
        "message": comparison.message,
        "resources": list(comparison.resources),
        "needs": [need._asdict() for need in comparison.needs],
        "left": list(comparison.left),
        "observation": msgspec.to_builtins(comparison.observation),
    }


def probe_json(report: ProbeReport, compared: Sequence[Comparison]) -> str:
    """A probe's report, with what the model says where it was asked."""
    document = to_document(report)
    if compared:
        document["comparisons"] = [comparison_json(comparison) for comparison in compared]
    return json_text(document)


def tool() -> str:
    """The name and version of the program."""
    try:
        return f"mwaanet {version('mwaanet')}"
    except PackageNotFoundError:
        return "mwaanet (not installed)"


def json_text(document: Json) -> str:
    """A document as it is printed."""
    return json.dumps(document, indent=2) + "\n"


def _path(path: PathResult) -> Json:
    return {
        "id": path.id,
        "title": path.title,
        "status": path.status.value,
        "segments": [_segment(segment) for segment in path.segments],
        "blocked_by": list(path.blocked_by),
        "reason": path.reason,
    }


def _segment(segment: Segment) -> Json:
    return {
        "from": segment.source,
        "to": segment.destination,
        "status": segment.status.value,
        "check": segment.check,
        "reason": segment.reason,
    }


def finding_json(finding: Finding) -> Json:
    """A finding."""
    return {
        "id": finding.id,
        "path": finding.path,
        "status": finding.status.value,
        "severity": finding.severity.value,
        "title": finding.title,
        "message": finding.message,
        "resources": list(finding.resources),
        "aws_code": finding.aws_code,
        "step": finding.step,
        "needs": [need._asdict() for need in finding.needs],
        "evidence": _evidence(finding.evidence),
        "fix": _fix(finding.fix) if finding.fix else None,
        "code": finding.code,
        "segments": [_segment(segment) for segment in finding.segments],
    }


def _fix(fix: Fix) -> Json:
    return {
        "summary": fix.summary,
        "cli": list(fix.cli),
        "terraform": fix.terraform,
        "cloudformation": fix.cloudformation,
        "opens": fix.opens,
        "verified": fix.verified,
        "places": [
            {"account": place.account, "region": place.region, "cli": list(commands)}
            for place, commands in placed_commands(fix)
        ],
        "undo": list(fix.undo),
    }


def _evidence(evidence: Iterable[Evidence]) -> list[Json]:
    """Where facts were read; those of no file (AWS's own rules) are left out."""
    places = dict.fromkeys((item.file, item.pointer) for item in evidence)
    return [{"file": file, "pointer": pointer} for file, pointer in places if file or pointer]


def _direction(legs: Sequence[Leg], verdict: Reachable) -> Json:
    drops = [leg for leg in legs if isinstance(leg.end, Drop)]
    return {
        "reachable": verdict.value,
        "paths": [
            {
                "reachable": leg_verdict(leg).value,
                "packets": packets_text(leg),
                "hops": [hop_json(hop) for hop in leg.hops],
            }
            for leg in legs
        ],
        "stopped": [{"packets": packets_text(leg), "at": leg.end.hop.component, "by": leg.end.hop.by} for leg in drops],
    }


def hop_json(hop: Hop) -> Json:
    """A component's decision, and the packets that it was about."""
    return {
        "component": hop.component,
        "kind": hop.kind.value,
        "action": hop.action.value,
        "by": hop.by,
        "code": hop.code.value,
        "packet": _packet(hop),
        "evidence": _evidence(hop.evidence),
    }


def _packet(hop: Hop) -> Json:
    """The packets at a hop, axis by axis; ports are null where the protocol has none."""
    packets = hop.packets
    return {
        "src": str(packets.src),
        "dst": str(packets.dst),
        "protocol": _protocols(str(packets.protocols)),
        "sport": str(packets.sport) or None,
        "dport": str(packets.dport) or None,
    }


def _protocols(numbers: str) -> str:
    """Protocol numbers with the contract's names for them."""
    if numbers == _EVERY_PROTOCOL:
        return "all"
    return ",".join(PROTOCOLS.get(int(part), part) if part.isdecimal() else part for part in numbers.split(","))
