"""One finding for the terminal: what, for whom, where on the path, how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mwaanet.checks.result import Finding, Fix, Segment, Status
from mwaanet.graph.flight import Action
from mwaanet.paths.trace import Trace
from mwaanet.paths.walk import Leg
from mwaanet.report.fix_places import no_undo, placed_commands, placed_undo
from mwaanet.report.hops import add_evidence, add_hops, deciding
from mwaanet.report.label import SHOWN, counted, label, listed
from mwaanet.report.layout import Page, Piece, Style
from mwaanet.report.marks import MARKS
from mwaanet.report.shell import command_lines
from mwaanet.report.verdict import packets_text

INDENT = 2
LONGEST = 600
"""Characters of a command that is written out in a terminal."""
LABELS = 8
"""Cells that a label such as `where:` takes."""


def add_finding(
    page: Page, finding: Finding, names: Mapping[str, str], account: str, *, explained: bool = True
) -> None:
    """A finding that is not a pass; `account` is the environment's own, `explained` what `mwaanet explain` knows."""
    mark = MARKS[finding.status]
    words = {Status.FAIL: finding.severity.value, Status.WARN: "warning"}
    word = Piece(words.get(finding.status, mark.word), mark.style)
    gap = Piece("  ")
    lead = [mark.piece, Piece(" "), Piece(finding.id, Style.STRONG), gap, word, gap]
    page.add(Piece(finding.title, Style.STRONG), lead=lead, hang=INDENT)
    add_body(page, finding, names, account)
    topic = finding.id if explained else finding.code
    if topic:
        add_labelled(page, "see", Piece(f"mwaanet explain {topic}", Style.COMMAND))


def add_body(page: Page, finding: Finding, names: Mapping[str, str], account: str) -> None:
    """What was found, between whom, where, and how to mend it."""
    page.add(finding.message, lead=[" " * INDENT])
    _add_segments(page, finding.segments, names)
    if finding.resources:
        add_labelled(page, "at", listed((label(resource, names) for resource in finding.resources), most=SHOWN + 1))
    _add_where(page, finding, names)
    _add_needs(page, finding, account)
    _add_fix(page, finding)


def add_passed(page: Page, finding: Finding) -> None:
    """A finding on one line: a pass, or a check that was skipped and why."""
    mark = MARKS[finding.status]
    text = finding.title if finding.status is Status.PASS else finding.message or finding.title
    word = "" if finding.status is Status.PASS else f"{mark.word}: "
    page.add(Piece(text, Style.FAINT), lead=[mark.piece, " ", finding.id, "  ", Piece(word, mark.style)], hang=INDENT)


def add_labelled(page: Page, name: str, *pieces: Piece | str) -> None:
    """A line below a finding, behind a label that names what it tells."""
    page.add(*pieces, lead=[" " * INDENT, Piece(f"{name + ':' if name else '':<{LABELS}}", Style.FAINT)])


def add_assumptions(page: Page, assumptions: Iterable[str]) -> None:
    """What one answer takes for granted."""
    for text in assumptions:
        page.add(text, lead=[" " * INDENT, Piece("assumed: ", Style.FAINT)])


def _add_segments(page: Page, segments: Iterable[Segment], names: Mapping[str, str]) -> None:
    """From whom to what; sources with the same destinations share a line."""
    reached: dict[str, dict[str, None]] = {}
    for segment in segments:
        reached.setdefault(_end(segment.source, names), {})[_end(segment.destination, names)] = None
    sources: dict[tuple[str, ...], list[str]] = {}
    for source, destinations in reached.items():
        sources.setdefault(tuple(destinations), []).append(source)
    for ends, senders in list(sources.items())[:SHOWN]:
        add_labelled(page, "from", listed(senders))
        add_labelled(page, "to", listed(ends))
    if len(sources) > SHOWN:
        add_labelled(page, "", f"(+{len(sources) - SHOWN} more)")


def _end(end: str, names: Mapping[str, str]) -> str:
    """One end of a segment, such as `mwaa.worker@subnet-0a1b`, with the Name tag of its resource."""
    name = names.get(end) or names.get(end.rpartition("@")[2])
    return f"{end} ({name})" if name else end


def _add_where(page: Page, finding: Finding, names: Mapping[str, str]) -> None:
    """The path to the culprit and where it was read, or only the latter."""
    found = None if any(witness.passed for witness in finding.witnesses) else deciding_leg(finding)
    hop = deciding(found[1]) if found else None
    evidence = finding.evidence or (hop.evidence if hop else ())
    if found is None:
        if any(item.file for item in evidence):
            lead = f"{'where:':<{LABELS}}"
            add_evidence(page, evidence, indent=INDENT, lead=lead)
        return
    trace, leg = found
    replies = leg.flight.reply
    way = "the request arrives; its reply" if replies else "the request"
    add_labelled(page, "where", f"{way}, {packets_text(leg)}")
    add_hops(page, leg.hops, names, indent=INDENT)
    add_evidence(page, evidence, indent=INDENT + 4)
    others = sum(other.end.hop == leg.end.hop for other in (trace.back if replies else trace.forward)) - 1
    if others > 0:
        page.add(
            Piece(f"(+{counted(others, ('more path', 'more paths'))} to the same place)", Style.FAINT),
            lead=[" " * (INDENT + 4)],
        )


def deciding_leg(finding: Finding) -> tuple[Trace, Leg] | None:
    """The first leg that ends at the finding's culprits, else the first that does not arrive."""
    wanted = (Action.UNKNOWN,) if finding.status is Status.UNKNOWN else (Action.DENY, Action.DROP)
    first: tuple[Trace, Leg] | None = None
    for trace in (segment.trace for segment in finding.segments if segment.trace):
        for leg in (*trace.forward, *trace.back):
            hop = leg.end.hop
            if hop.action not in wanted:
                continue
            if {hop.component, *hop.also} & set(finding.resources):
                return trace, leg
            first = first or (trace, leg)
    return first


def _add_needs(page: Page, finding: Finding, account: str) -> None:
    """The calls that would settle it, and who can make them."""
    calls: dict[tuple[str, str], list[str]] = {}
    for need in finding.needs:
        calls.setdefault((need.account, need.region), []).append(f"{need.service} {need.operation}")
    for (owner, region), operations in list(calls.items())[:SHOWN]:
        where = f"in account {owner or '(not known)'}{', ' + region if region else ''}"
        add_labelled(page, "needs", Piece(listed(operations), Style.STRONG), f" {where}")
        who = "an identity of this account that may make the call"
        if owner != account:
            who = f"whoever administers account {owner}" if owner else "the owner of the resource"
        page.add(Piece(f"to be collected by {who}", Style.FAINT), lead=[" " * (INDENT + LABELS)])
    if len(calls) > SHOWN:
        add_labelled(page, "", f"(+{len(calls) - SHOWN} more accounts or Regions)")


def _add_fix(page: Page, finding: Finding) -> None:
    fix = finding.fix
    if fix is None or not (fix.summary or fix.cli):
        return
    note = " (tried on the snapshot's model, not on AWS: it mends this)" if fix.verified else ""
    add_labelled(page, "fix", fix.summary, Piece(note, Style.GOOD))
    lead = [" " * (INDENT + LABELS)]
    for place, commands in placed_commands(fix):
        if place.account:
            page.add(Piece(f"in account {place}:", Style.FAINT), lead=lead)
        for command in commands:
            _add_call(page, command)
    _add_undo(page, fix, lead)
    if fix.opens:
        page.add(f"opens besides: {fix.opens}", lead=lead)


def _add_undo(page: Page, fix: Fix, lead: Sequence[str]) -> None:
    """What takes a fix back, or why nothing does."""
    if fix.undo:
        page.add(Piece("to undo it:", Style.FAINT), lead=lead)
    elif kept := no_undo(fix):
        page.add(Piece(kept, Style.FAINT), lead=lead)
    for place, commands in placed_undo(fix):
        if place.account:
            page.add(Piece(f"in account {place}:", Style.FAINT), lead=lead)
        for command in commands:
            _add_call(page, command)


def _add_call(page: Page, command: str) -> None:
    """One command of a fix; only its name where it holds a whole document."""
    if len(command) <= LONGEST:
        add_command(page, command, indent=INDENT + LABELS)
        return
    service, operation = command.split()[1:3]
    text = f"(aws {service} {operation} with the whole document: --format markdown or json)"
    page.add(Piece(text, Style.FAINT), lead=[" " * (INDENT + LABELS)])


def add_command(page: Page, command: str, *, indent: int) -> None:
    """A shell command that can be copied as it stands."""
    one_line = " ".join(command.replace("\\\n", " ").split("\n"))
    for line in command_lines(page.look.clean(one_line), page.width, indent):
        page.verbatim(line, Style.COMMAND)


def same_unknown(findings: Sequence[Finding]) -> list[tuple[Finding, list[str]]]:
    """The findings to print, each with the ids of those left out because they lack exactly the same calls."""
    kept: list[tuple[Finding, list[str]]] = []
    seen: dict[object, list[str]] = {}
    for finding in findings:
        key = frozenset(finding.needs)
        if finding.status is Status.UNKNOWN and key:
            if key in seen:
                seen[key].append(finding.id)
                continue
            seen[key] = []
        kept.append((finding, seen[key] if finding.status is Status.UNKNOWN and key else []))
    return kept
