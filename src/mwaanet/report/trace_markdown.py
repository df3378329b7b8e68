"""A trace for tickets and chat: the verdict, the ways, and all that must change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mwaanet.paths.blocked import BlockedPath
from mwaanet.paths.trace import Reachable, Trace
from mwaanet.paths.walk import Leg
from mwaanet.report.diagnosis_markdown import way
from mwaanet.report.label import SHOWN
from mwaanet.report.markdown import code, escaped
from mwaanet.report.marks import MARKS
from mwaanet.report.verdict import STATUSES, leg_verdict, protocol_text, told_once

_WORDS = {
    Reachable.YES: "reachable",
    Reachable.NO: "not reachable",
    Reachable.PARTIAL: "reachable in part",
    Reachable.UNKNOWN: "not known",
}
_ORDER = [Reachable.NO, Reachable.UNKNOWN, Reachable.YES]


def trace_markdown(
    trace: Trace,
    blocked: Sequence[BlockedPath],
    *,
    names: Mapping[str, str],
    assumptions: Sequence[str] = (),
    name_steps: Sequence[str] = (),
) -> str:
    """The whole trace; of ways that are alike one stands for all."""
    mark = MARKS[STATUSES[trace.reachable]]
    ends = f"{code(trace.question.source.name)} to {code(trace.question.destination.name)}"
    lines = [f"## {mark.symbol} {ends}, {escaped(protocol_text(trace.question))}: {_WORDS[trace.reachable]}"]
    if name_steps:
        lines += ["", "**Name**", "", *(f"- {escaped(step)}" for step in name_steps)]
    for title, legs in (("Request", trace.forward), ("Reply", trace.back)):
        lines += _ways(title, legs, names)
    if trace.unknowns:
        lines += ["", "**Not known**", ""]
        for unknown in trace.unknowns[: 2 * SHOWN]:
            needs = ", ".join(code(f"{need.service} {need.operation}") for need in unknown.needs[:SHOWN])
            lines.append(f"- {escaped(unknown.reason)}{f': {needs}' if needs else ''}")
    for path, _ in told_once(blocked):
        what = "What must change, along one complete path" if path.complete else "What must change, at least"
        lines += ["", f"**{what}**", "", *(f"{number}. {code(one)}" for number, one in enumerate(path.resources, 1))]
        lines += [f"   - {escaped(action)}" for action in path.actions]
    if assumptions:
        lines += ["", "**Assumed**", "", *(f"- {escaped(text)}" for text in assumptions)]
    return "\n".join(lines) + "\n"


def _ways(title: str, legs: Sequence[Leg], names: Mapping[str, str]) -> list[str]:
    """The ways of one direction, those that fail first."""
    if not legs:
        return []
    alike: dict[object, list[Leg]] = {}
    for leg in legs:
        alike.setdefault((leg_verdict(leg), tuple((hop.kind, hop.code) for hop in leg.hops)), []).append(leg)
    ordered = sorted(alike.values(), key=lambda group: _ORDER.index(leg_verdict(group[0])))
    lines = ["", f"**{title}**", ""]
    for group in ordered[: 2 * SHOWN]:
        mark = MARKS[STATUSES[leg_verdict(group[0])]]
        more = f" (one of {len(group)} alike)" if len(group) > 1 else ""
        lines.append(f"- {mark.symbol} {way(group[0], names)}{more}")
    if len(ordered) > 2 * SHOWN:
        lines.append(f"- (+{len(ordered) - 2 * SHOWN} more)")
    return lines
