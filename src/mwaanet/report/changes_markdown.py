"""A comparison of two snapshots as Markdown, for a pull request: the consequences as a table, each with its cause."""

from __future__ import annotations

from mwaanet.changes.compare import Comparison
from mwaanet.changes.consequence import Consequence
from mwaanet.report.changes_text import (
    HEADINGS,
    assumed_texts,
    field_texts,
    pair_text,
    side_text,
    status_word,
    summary,
    tried_text,
)
from mwaanet.report.clean import clean
from mwaanet.report.label import SHOWN, brief, counted, label, listed
from mwaanet.report.markdown import escaped


def changes_markdown(comparison: Comparison) -> str:
    """The comparison; what explains nothing is folded."""
    title = comparison.environment or "network"
    lines = [
        f"### {escaped(title)}: what changed",
        "",
        f"{escaped(side_text(comparison, old=True))} → {escaped(side_text(comparison, old=False))}. "
        f"{escaped(summary(comparison))}.",
    ]
    if comparison.paths:
        lines += ["", "| path | before | after |", "|---|---|---|"]
        lines += [
            f"| {path.id} | {path.before.value} | {_after(path.before, path.after)} |" for path in comparison.paths
        ]
    for turn, heading in HEADINGS.items():
        group = [one for one in comparison.consequences if one.turn is turn]
        if group:
            lines += ["", f"#### {heading}", ""]
        for one in group:
            lines += _consequence(one, comparison)
    lines += _told(comparison) + _unrelated(comparison)
    assumed = assumed_texts(comparison)
    if assumed:
        lines += ["", "**Assumed**", "", *(f"- {escaped(text)}" for text in assumed)]
    return "\n".join(lines) + "\n"


def _after(before: object, after: object) -> str:
    return f"**{after}**" if before is not after else str(after)


def _consequence(one: Consequence, comparison: Comparison) -> list[str]:
    names = comparison.names
    pairs = escaped(listed([pair_text(pair, names) for pair in one.pairs]))
    if one.id:
        turn = f"{status_word(one.before)} → {status_word(one.after)}"
        lines = [
            f"- **{escaped(one.id)}** {turn}: {escaped(brief('; '.join(one.reasons[:SHOWN])) or one.title)} ({pairs})"
        ]
    else:
        lines = [f"- **{pairs}**: {escaped(brief(one.packets))}"]
    for cause in one.causes:
        change = cause.change
        fields = "; ".join(escaped(text) for text in field_texts(change)) or change.what
        resource = _code(label(change.resource, names))
        lines.append(f"  - because of `{resource}`: {fields} ({tried_text(one, cause)})")
    if one.needs:
        lines.append(f"  - needs {escaped(listed(f'{need.service} {need.operation}' for need in one.needs))}")
    return lines


def _told(comparison: Comparison) -> list[str]:
    calls = comparison.told.no_longer
    if not calls:
        return []
    texts = [f"{call.service} {call.operation} ({call.account} {call.region})" for call in calls]
    return ["", f"Not told to the new snapshot: {escaped(listed(texts, most=8))}."]


def _unrelated(comparison: Comparison) -> list[str]:
    texts = [
        f"- `{_code(label(change.resource, comparison.names))}` {change.what}: "
        + "; ".join(escaped(text) for text in field_texts(change))
        for change in comparison.unrelated
    ]
    if not texts:
        return []
    summary_line = (
        f"<summary>{counted(len(texts), ('other change', 'other changes'))}, not the reason for any of this</summary>"
    )
    return ["", "<details>", summary_line, "", *texts, "", "</details>"]


def _code(text: str) -> str:
    """The text as it may stand in a code span."""
    return clean(text).replace("`", "'")
