"""The runbook as Markdown: a page for the wiki before the incident, a list to work through during it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mwaanet.checks.result import Fix
from mwaanet.probe.reconcile import Comparison
from mwaanet.report.clean import clean
from mwaanet.report.fix_places import Placed, no_undo, placed_commands, placed_undo
from mwaanet.report.label import brief
from mwaanet.report.markdown import code, escaped, fenced, table
from mwaanet.report.marks import MARKS
from mwaanet.runbook.step import Runbook, Section, State, Step
from mwaanet.status import Status

_SIGNS = {State.DONE: "☑", State.FAILED: "✗", State.UNKNOWN: "☐"}
_WORDS = {State.DONE: "as expected", State.FAILED: "failed", State.UNKNOWN: "not known"}
_UNNAMED = re.compile(r"[^\w\- ]")
_LEADS = {State.FAILED: "Begin with what failed:", State.UNKNOWN: "Not known, or behind what failed:"}
"""What stands above the list of the steps of a state."""
_SHOWN = 12
"""Steps of one state that a section lists before its own."""


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
        f"Where a step says nothing else, its owner is account {escaped(runbook.account)} and its calls of the AWS CLI "
        "are made with that account's credentials, from anywhere.",
        "",
        "## 1. Which path is down",
        "",
        *_paths(runbook),
        "",
        "### From the symptom to the path",
        "",
        *_symptoms(runbook),
    ]
    for number, section in enumerate(runbook.sections, 2):
        lines += ["", *_section(number, section, runbook, todo=todo)]
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
            f"[{escaped(one.seen)}]({one.source})",
            f"**{', then '.join(one.paths)}**",
            escaped(one.why),
            _with_code(one.tell),
        )
        for one in runbook.symptoms
    ]
    return table(("what is seen", "path", "because", "how to tell"), rows)


def _with_code(text: str) -> str:
    """Text whose parts between backticks are code."""
    return "".join(code(part) if place % 2 else escaped(part) for place, part in enumerate(text.split("`")))


def _name(step: Step) -> str:
    return _title(step, code(step.subject), escaped(step.name))


def _title(step: Step, subject: str, name: str) -> str:
    """`route table rtb-1 (private-a), on the way back`, `setting S3-VERSIONING: The bucket keeps versions`."""
    title = f"{step.title} {subject}" if subject else step.title
    if name:
        title = f"{title} ({name})" if subject else f"{title}: {name}"
    return f"{title}, {step.where}" if step.where else title


def _section(number: int, section: Section, runbook: Runbook, *, todo: bool) -> list[str]:
    mark = MARKS[section.status]
    lines = [f"## {number}. {escaped(section.id)}: {escaped(section.title)}", ""]
    counts = {state: sum(step.state is state for step in section.steps) for state in State}
    told = ", ".join(f"{count} {_WORDS[state]}" for state, count in counts.items() if count)
    lines.append(f"By the snapshot: {mark.symbol} {mark.word}{f' ({told})' if told else ''}.")
    if section.reason:
        lines += ["", escaped(section.reason)]
    if section.status is Status.SKIP:
        return lines
    numbered = [(f"{number}.{place}", step) for place, step in enumerate(section.steps, 1)]
    for state, lead in _LEADS.items():
        lines += _listed(lead, [(place, step) for place, step in numbered if step.state is state])
    for place, step in numbered:
        if not (todo and step.state is State.DONE):
            lines += ["", *_step(place, step, runbook.account)]
    lines += [
        "",
        "### Verify afterwards",
        "",
        "Each passes, or says what is left; snapshot-dir is a new folder of your own:",
        "",
        fenced("\n".join(section.verify), "sh"),
    ]
    return lines


def _listed(lead: str, steps: Sequence[tuple[str, Step]]) -> list[str]:
    """Links to steps of one state, each with what was found."""
    if not steps:
        return []
    lines = [
        f"- [{_SIGNS[step.state]} {number} {_name(step)}](#{anchor(_heading(number, step))})"
        + (f": {escaped(brief(step.found))}" if step.state is State.FAILED and step.found else "")
        for number, step in steps[:_SHOWN]
    ]
    more = len(steps) - _SHOWN
    return ["", lead, "", *lines, *([f"- and {more} more"] if more > 0 else [])]


def anchor(heading: str) -> str:
    """The name by which a heading is linked to, as GitHub gives it."""
    return _UNNAMED.sub("", heading.lower()).replace(" ", "-")


def _heading(number: str, step: Step) -> str:
    """The heading of a step as it reads."""
    return clean(f"{_SIGNS[step.state]} {number} {_title(step, step.subject, step.name)}")


def _step(number: str, step: Step, account: str) -> list[str]:
    lines = [f"### {_SIGNS[step.state]} {number} {_name(step)}"]
    if step.found:
        lines += ["", f"**{step.state.value.capitalize()}:** {escaped(brief(step.found))}"]
    if step.commands:
        lines += [*(["", f"On {escaped(step.run_at)}:"] if step.run_at else []), "", _commands(step.commands)]
    lines += [
        "",
        f"- **Healthy:** {escaped(brief(step.expect))}",
        f"- **If it differs:** {escaped(step.differs)}",
    ]
    if step.owner != f"account {account}":
        lines.append(f"- **Owner:** {escaped(step.owner)}")
    return [*lines, *(mending_lines(step.fix, account) if step.fix else [])]


def mending_lines(fix: Fix, account: str) -> list[str]:
    """The commands that mend a step, and those that take it back."""
    kept = ["", escaped(no_undo(fix))] if no_undo(fix) else []
    if len(fix.accounts) > 1:
        return [*_placed("To mend it", placed_commands(fix)), *_placed("To undo that", placed_undo(fix)), *kept]
    where = f", in account {escaped(fix.accounts[0])}" if fix.accounts not in ((), (account,)) else ""
    lines = ["", f"To mend it{where}:", "", _commands(fix.cli)] if fix.cli else []
    return [*lines, "", "To undo that:", "", _commands(fix.undo)] if fix.undo else [*lines, *kept]


def _placed(what: str, placed: Placed) -> list[str]:
    """Commands of several accounts, in their order."""
    lines: list[str] = []
    for place, commands in placed:
        where = f", in account {escaped(str(place))}" if place.account else ""
        lines += ["", f"{what}{where}:", "", _commands(commands)]
    return lines


def _commands(lines: Sequence[str]) -> str:
    return fenced("\n".join(lines), "sh")


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
        "A snapshot without names, and what it shows; snapshot-dir and redacted-dir are new folders of your own. "
        "A site file is redacted where it lies in the snapshot; one in the working folder has the true names:",
        "",
        fenced("\n".join(runbook.evidence), "sh"),
    ]
