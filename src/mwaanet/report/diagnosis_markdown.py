"""A diagnosis for tickets and chat: verdicts, what is wrong and how to mend it, what is unknown and what settles it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mwaanet.checks.result import Diagnosis, Finding, Fix, PathResult, Severity, Status
from mwaanet.paths.walk import Leg
from mwaanet.probe.reconcile import Comparison
from mwaanet.report.finding import deciding_leg, same_unknown
from mwaanet.report.fix_places import no_undo, placed_commands, placed_undo
from mwaanet.report.hops import deciding
from mwaanet.report.label import SHOWN, brief, counted
from mwaanet.report.markdown import code, escaped, fenced, table
from mwaanet.report.marks import MARKS
from mwaanet.report.observed_text import agreements

_ORDER = list(MARKS)
_SEVERITIES = list(Severity)
_LOUD = (Status.FAIL, Status.WARN)


def diagnosis_markdown(diagnosis: Diagnosis, *, all_findings: bool = False, observed: Sequence[Comparison] = ()) -> str:
    """The whole diagnosis; `all_findings` adds what passed, `observed` what probes saw."""
    lines = [*_head(diagnosis), "", *_verdicts(diagnosis, observed)]
    findings = sorted(
        diagnosis.findings, key=lambda item: (_ORDER.index(item.status), _SEVERITIES.index(item.severity))
    )
    for finding in (finding for finding in findings if finding.status in _LOUD):
        lines += ["", *_finding(finding, diagnosis.names)]
    lines += _unknowns(findings, diagnosis)
    lines += _observed(observed)
    if all_findings:
        lines += _quiet(findings)
    if diagnosis.assumptions:
        lines += ["", "### Assumed", "", *(f"- {escaped(text)}" for text in diagnosis.assumptions)]
    return "\n".join([*lines, "", *_foot(diagnosis)]) + "\n"


def _head(diagnosis: Diagnosis) -> list[str]:
    environment = diagnosis.environment
    failed = [path.id for path in diagnosis.paths if path.status is Status.FAIL]
    mark = MARKS[diagnosis.status]
    what = f"{', '.join(failed)} blocked" if failed else mark.word
    facts = [
        environment.version and f"Airflow {environment.version}",
        environment.status,
        environment.access_mode,
        f"account {environment.account}",
        environment.region,
        f"snapshot {diagnosis.snapshot.created}",
    ]
    told = " · ".join(escaped(fact) for fact in facts if fact)
    return [f"## {mark.symbol} {escaped(environment.name)}: {escaped(what)}", "", told]


def _verdicts(diagnosis: Diagnosis, observed: Sequence[Comparison]) -> list[str]:
    rows = [_verdict(diagnosis, path) for path in diagnosis.paths]
    if observed:
        mark = MARKS[Status.worst(comparison.status for comparison in observed)]
        rows.append(["observed", f"{mark.symbol} {mark.word}", escaped(agreements(observed))])
    return table(("path", "verdict", "why"), rows)


def _verdict(diagnosis: Diagnosis, path: PathResult) -> list[str]:
    mark = MARKS[path.status]
    worst = [item for item in diagnosis.findings if item.path == path.id and item.status is path.status]
    why = escaped(path.reason or path.title)
    if path.status not in (Status.PASS, Status.SKIP) and worst and not path.reason:
        more = f" (+{len(worst) - 1} more)" if len(worst) > 1 else ""
        culprit = worst[0].resources[:1]
        why = (
            f"{_resource(culprit[0], diagnosis.names)}: {escaped(worst[0].title)}"
            if culprit
            else escaped(worst[0].title)
        )
        why += more
    return [escaped(path.id), f"{mark.symbol} {mark.word}", why]


def _resource(resource: str, names: Mapping[str, str]) -> str:
    name = names.get(resource, "")
    return f"{code(resource)} ({escaped(name)})" if name else code(resource)


def _finding(finding: Finding, names: Mapping[str, str]) -> list[str]:
    mark = MARKS[finding.status]
    word = finding.severity.value if finding.status is Status.FAIL else "warning"
    lines = [
        f"### {mark.symbol} {escaped(finding.id)} ({word}): {escaped(finding.title)}",
        "",
        escaped(brief(finding.message)),
    ]
    if finding.resources:
        lines += ["", f"- **Culprit:** {_listed((_resource(one, names) for one in finding.resources), SHOWN + 1)}"]
    found = deciding_leg(finding)
    if found:
        lines.append(f"- **Way:** {way(found[1], names)}")
    places = dict.fromkeys(f"{one.file}#{one.pointer}" for one in finding.evidence if one.file)
    if places:
        lines.append(f"- **Read in:** {_listed(map(code, places), SHOWN)}")
    lines += fix_lines(finding.fix) if finding.fix else []
    return lines


def way(leg: Leg, names: Mapping[str, str]) -> str:
    """The components of one way in a line, whatever stops it in bold."""
    stopped = deciding(leg)
    parts = [_resource(hop.component, names) for hop in leg.hops]
    if stopped and parts:
        parts[-1] = f"**✗ {parts[-1]}** {escaped(brief(stopped.by))}"
    turn = "the request arrives; its reply: " if leg.flight.reply else ""
    return turn + " → ".join(parts)


def _listed(items: Iterable[str], most: int) -> str:
    kept = list(items)
    more = len(kept) - most
    return ", ".join(kept[:most]) + (f" (+{more} more)" if more > 0 else "")


def fix_lines(fix: Fix) -> list[str]:
    """How to mend it: in words, as commands, and what that opens besides."""
    note = " *(tried on the snapshot's model, not on AWS: it mends this)*" if fix.verified else ""
    lines = ["", f"**Fix:** {escaped(fix.summary)}{note}"]
    for place, commands in placed_commands(fix):
        where = f"In account {escaped(str(place))}:" if place.account else "Commands:"
        lines += ["", where, "", fenced("\n".join(commands), "sh")]
    if fix.undo:
        lines += ["", "To undo it:"]
    elif kept := no_undo(fix):
        lines += ["", escaped(kept)]
    for place, commands in placed_undo(fix):
        lines += ["", f"In account {escaped(str(place))}:"] if place.account else []
        lines += ["", fenced("\n".join(commands), "sh")]
    if fix.opens:
        lines += ["", f"Opens besides: {escaped(fix.opens)}."]
    return lines


def _unknowns(findings: Sequence[Finding], diagnosis: Diagnosis) -> list[str]:
    unknown = [finding for finding in findings if finding.status is Status.UNKNOWN]
    if not unknown:
        return []
    lines = ["", "### Not known, and what settles it", ""]
    for finding, alike in same_unknown(unknown):
        also = f" (also {_listed(map(escaped, alike), 8)})" if alike else ""
        lines.append(f"- **{escaped(finding.id)}**{also}: {escaped(brief(finding.message))}")
        for need in finding.needs[: 2 * SHOWN]:
            own = need.account == diagnosis.environment.account
            whose = (
                ""
                if own
                else f", to be collected by whoever administers {escaped(need.account or 'the owning account')}"
            )
            where = " ".join(filter(None, (need.account, need.region)))
            lines.append(
                f"  - {code(f'{need.service} {need.operation}')} in {escaped(where) or 'an account not known'}{whose}"
            )
        if len(finding.needs) > 2 * SHOWN:
            lines.append(f"  - (+{len(finding.needs) - 2 * SHOWN} more calls)")
    return lines


def _observed(observed: Sequence[Comparison]) -> list[str]:
    if not observed:
        return []
    lines = ["", "### Observed", ""]
    for comparison in observed:
        mark = MARKS[comparison.status]
        lines.append(f"- {mark.symbol} {code(comparison.observation.target)}: {escaped(comparison.message)}")
    return lines


def _quiet(findings: Sequence[Finding]) -> list[str]:
    lines = ["", "### Passed and skipped", ""]
    for finding in findings:
        if finding.status in (Status.PASS, Status.SKIP):
            mark = MARKS[finding.status]
            text = finding.title if finding.status is Status.PASS else finding.message
            lines.append(f"- {mark.symbol} {escaped(finding.id)}: {escaped(text)}")
    return lines


def _foot(diagnosis: Diagnosis) -> list[str]:
    summary = diagnosis.summary
    counts = ", ".join(counted(summary[one], mark.counted) for one, mark in MARKS.items() if summary[one])
    refused = diagnosis.snapshot.errors
    told = f"; {counted(refused, ('call was', 'calls were'))} refused when the snapshot was made" if refused else ""
    return [f"*{counts or 'nothing was checked'}{told}. Terraform and CloudFormation: {code('--format json')}.*"]
