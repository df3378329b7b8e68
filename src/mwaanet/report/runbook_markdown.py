"""The runbook as Markdown: a page for the wiki before the incident, a list to work through during it."""

from __future__ import annotations

from collections.abc import Sequence

from mwaanet.probe.reconcile import Comparison
from mwaanet.report.markdown import code, escaped, fenced, table
from mwaanet.report.marks import MARKS
from mwaanet.runbook.step import Runbook, Section, State, Step
from mwaanet.status import Status

_SIGNS = {State.DONE: "☑", State.FAILED: "✗", State.UNKNOWN: "☐"}


def runbook_markdown(runbook: Runbook, observed: Sequence[Comparison] = (), *, todo: bool = False) -> str:
    """The whole runbook; `observed` is what probes saw, `todo` leaves out the steps that are done."""
    lines = [
        f"# Runbook: {escaped(runbook.environment)} cannot reach what it needs",
        "",
        f"Account {escaped(runbook.account)}, {escaped(runbook.region)}. {escaped(' · '.join(runbook.facts))}",
        "",
        f"Steps are marked by the snapshot of {escaped(runbook.created)}: ☑ as it should be, ✗ failed, ☐ not known or "
        "not reached. Make a new one to mark them again.",
        "",
        "## 1. Which path is down",
        "",
        *_paths(runbook),
        "",
        *_symptoms(runbook),
    ]
    for number, section in enumerate(runbook.sections, 2):
        lines += ["", *_section(number, section, todo=todo)]
    last = len(runbook.sections) + 2
    if observed:
        lines += ["", f"## {last}. What probes saw", "", *_observed(observed)]
        last += 1
    return "\n".join([*lines, "", *_escalation(last, runbook)]) + "\n"


def _paths(runbook: Runbook) -> list[str]:
    rows = []
    for number, section in enumerate(runbook.sections, 2):
        mark = MARKS[section.status]
        failed = [step for step in section.steps if step.state is State.FAILED]
        what = ", ".join(_name(step) for step in failed[:2]) or escaped(section.reason)
        rows.append((f"{section.id} (section {number})", escaped(section.title), f"{mark.symbol} {mark.word}", what))
    return table(("path", "what it is for", "by the snapshot", "look at"), rows)


def _symptoms(runbook: Runbook) -> list[str]:
    rows = [
        (
            escaped(one.seen),
            f"**{', then '.join(one.paths)}**",
            escaped(one.why),
            escaped(one.tell),
            f"[page]({one.source})",
        )
        for one in runbook.symptoms
    ]
    return table(("what is seen", "path", "because", "how to tell", "source"), rows)


def _name(step: Step) -> str:
    subject = f" {code(step.subject)}" if step.subject else ""
    name = f" ({escaped(step.name)})" if step.name and step.subject else f": {escaped(step.name)}" if step.name else ""
    return f"{escaped(step.title)}{subject}{name}"


def _section(number: int, section: Section, *, todo: bool) -> list[str]:
    mark = MARKS[section.status]
    lines = [f"## {number}. {escaped(section.id)}: {escaped(section.title)}", ""]
    counts = {state: sum(step.state is state for step in section.steps) for state in State}
    told = ", ".join(f"{count} {state.value}" for state, count in counts.items() if count)
    lines.append(f"By the snapshot: {mark.symbol} {mark.word}{f' ({told})' if told else ''}.")
    if section.reason:
        lines += ["", escaped(section.reason)]
    if section.status is Status.SKIP:
        return lines
    for place, step in enumerate(section.steps, 1):
        if not (todo and step.state is State.DONE):
            lines += ["", *_step(f"{number}.{place}", step)]
    lines += [
        "",
        "### Verify afterwards",
        "",
        "Each passes, or says what is left:",
        "",
        fenced("\n".join(section.verify), "sh"),
    ]
    return lines


def _step(number: str, step: Step) -> list[str]:
    where = f", {step.where}" if step.where else ""
    lines = [f"### {_SIGNS[step.state]} {number} {_name(step)}{where}"]
    if step.found:
        lines += ["", f"**{step.state.value.capitalize()}:** {escaped(step.found)}"]
    if step.commands:
        lines += ["", fenced("\n".join(step.commands), "sh")]
    return [
        *lines,
        "",
        f"- **Healthy:** {escaped(step.expect)}",
        f"- **If it differs:** {escaped(step.differs)}",
        f"- **Owner:** {escaped(step.owner)}",
    ]


def _observed(observed: Sequence[Comparison]) -> list[str]:
    rows = [
        (
            code(one.observation.target),
            escaped(one.place),
            f"{MARKS[one.status].symbol} {escaped(str(one.observation.outcome))}",
            escaped(one.message),
        )
        for one in observed
    ]
    return table(("target", "from", "seen", "against the model"), rows)


def _escalation(number: int, runbook: Runbook) -> list[str]:
    owners = [f"- {escaped(owner)}" for owner in runbook.owners]
    return [
        f"## {number}. When to escalate",
        "",
        "- A step has failed and its owner is somebody else: to that owner, with the step and its command's output.",
        "- Every step of the path is done and the symptom stays: to AWS Support, for what lies behind the endpoints is "
        "Amazon's own.",
        "- A step stays unknown for want of a permission: to the account that the step names.",
        "- The environment stays in CREATING or UPDATING for more than an hour: to AWS Support, with LastUpdate.Error.",
        "",
        "Owners on these paths:",
        "",
        *owners,
        "",
        "### Evidence to attach",
        "",
        "A snapshot without names, and what it shows:",
        "",
        fenced("\n".join(runbook.evidence), "sh"),
    ]
