"""A comparison of two snapshots as people read it: the paths, what got worse and why, the rest folded."""

from __future__ import annotations

from collections.abc import Sequence

from mwaanet.changes.compare import Comparison
from mwaanet.changes.consequence import Cause, Consequence, Tried, Turn
from mwaanet.changes.records import RecordChange
from mwaanet.changes.standing import Pair
from mwaanet.checks.result import Status
from mwaanet.report.label import SHOWN, brief, counted, label, listed
from mwaanet.report.layout import Look, Page, Piece, Style
from mwaanet.report.marks import MARKS

MOST_FIELDS = 6
"""Fields of one record that are written out."""
MOST_ALIKE = 8
"""Consequences of one kind that are written out."""
MOST_PAIRS = 3
"""Pairs that opened or closed that are written out."""
HEADINGS = {
    Turn.WORSE: "Got worse",
    Turn.UNKNOWN: "Unknown in one of them",
    Turn.OPENED: "Opened",
    Turn.CLOSED: "Closed",
    Turn.BETTER: "Got better",
    Turn.KNOWN: "Known now",
}
"""The order of the sections, and their headings."""
_STYLES = {Turn.WORSE: Style.BAD, Turn.UNKNOWN: Style.DOUBT, Turn.BETTER: Style.GOOD}
_LABEL = 9
_CHANGE = 18
"""Cells that `unknown → unknown` and a gap take, also where the arrow is written `->`."""


def changes_text(comparison: Comparison, *, width: int, colour: bool, unicode: bool, everything: bool = False) -> str:
    """The whole comparison; `everything` unfolds what explains nothing."""
    page = Page(Look(width=width, colour=colour, unicode=unicode))
    heading = Piece(comparison.environment or "no environment", Style.STRONG)
    page.add(heading, f" · {side_text(comparison, old=True)} → {side_text(comparison, old=False)}", hang=2)
    _add_paths(page, comparison)
    said: set[int] = set()
    for turn, title in HEADINGS.items():
        group = [one for one in comparison.consequences if one.turn is turn]
        if group:
            page.blank()
            page.add(Piece(title, Style.HEADING))
        if turn in (Turn.UNKNOWN, Turn.KNOWN) and not everything:
            _add_by_needs(page, group)
            continue
        most = len(group) if everything else MOST_PAIRS if turn in (Turn.OPENED, Turn.CLOSED) else MOST_ALIKE
        for one in group[:most]:
            _add_consequence(page, one, comparison, said)
        if len(group) > most:
            page.blank()
            page.add(Piece(f"(+{len(group) - most} more; --all shows them all)", Style.FAINT))
    _add_told(page, comparison)
    _add_unrelated(page, comparison, everything)
    assumed = assumed_texts(comparison)
    if assumed:
        page.blank()
        page.add(Piece("Assumed", Style.HEADING))
        _add_list(page, assumed, len(assumed))
    page.blank()
    page.add(summary(comparison))
    return page.text()


def assumed_texts(comparison: Comparison) -> list[str]:
    """What the answers take for granted; of what only one snapshot's do, which."""
    before, after = comparison.assumed_before, comparison.assumed_after
    both = [text for text in after if text in before]
    old = [f"in the old snapshot: {text}" for text in before if text not in after]
    return [*both, *old, *(f"in the new snapshot: {text}" for text in after if text not in before)]


def side_text(comparison: Comparison, *, old: bool) -> str:
    """A snapshot by its name and time."""
    snapshot = comparison.old if old else comparison.new
    created = snapshot.manifest.created
    return f"{snapshot.name} ({created})" if created else snapshot.name


def summary(comparison: Comparison) -> str:
    """One sentence: how many answers went which way."""
    counts = {turn: sum(one.turn is turn for one in comparison.consequences) for turn in HEADINGS}
    told = [f"{number} {HEADINGS[turn].lower()}" for turn, number in counts.items() if number]
    changes = len(comparison.unrelated) + len(
        {id(cause.change) for one in comparison.consequences for cause in one.causes}
    )
    return f"{', '.join(told) or 'Nothing is reached otherwise'}; {counted(changes, ('record', 'records'))} changed"


def pair_text(pair: Pair, names: dict[str, str]) -> str:
    """From whom to what."""
    return f"{_end(pair.source, names)} to {_end(pair.destination, names)}"


def _end(end: str, names: dict[str, str]) -> str:
    name = names.get(end) or names.get(end.rpartition("@")[2])
    return f"{end} ({name})" if name else end


def status_word(status: Status | None) -> str:
    """A status, or that there was no such question."""
    return status.value if status else "not asked"


def _add_paths(page: Page, comparison: Comparison) -> None:
    page.blank()
    for path in comparison.paths:
        mark = MARKS[path.after]
        same = path.before is path.after
        change = path.after.value if same else f"{path.before.value} → {path.after.value}"
        word = Piece(change, Style.PLAIN if same else mark.style)
        gap = Piece(" " * (_CHANGE - page.look.cells(change)))
        page.add(path.title, lead=[mark.piece, Piece(f" {path.id:<9}"), word, gap])


def _add_consequence(page: Page, one: Consequence, comparison: Comparison, said: set[int]) -> None:
    page.blank()
    names = comparison.names
    if one.id:
        turn = f"{status_word(one.before)} → {status_word(one.after)}"
        gap = Piece("  ")
        lead = [Piece(one.id, Style.STRONG), gap, Piece(turn, _STYLES.get(one.turn, Style.PLAIN)), gap]
        page.add(Piece(one.title, Style.STRONG), lead=lead, hang=2)
        for reason in one.reasons[:SHOWN]:
            page.add(brief(reason), lead=["  "])
        if len(one.reasons) > SHOWN:
            page.add(Piece(f"(+{len(one.reasons) - SHOWN} more)", Style.FAINT), lead=["  "])
        _labelled(page, "between", listed([pair_text(pair, names) for pair in one.pairs]))
    else:
        page.add(Piece(pair_text(one.pairs[0], names), Style.STRONG), hang=2)
        page.add(brief(one.packets), lead=["  "], hang=4)
    _add_causes(page, one, names, said)
    if one.turn in (Turn.UNKNOWN, Turn.KNOWN) and one.needs:
        _labelled(page, "needs", listed(f"{need.service} {need.operation}" for need in one.needs))


def _add_by_needs(page: Page, group: Sequence[Consequence]) -> None:
    """What is known no longer, or anew: the checks by the calls that would tell."""
    alike: dict[frozenset[object], list[Consequence]] = {}
    for one in group:
        alike.setdefault(frozenset(one.needs), []).append(one)
    for ones in alike.values():
        page.blank()
        ids = listed((one.id for one in ones), most=MOST_ALIKE)
        turn = f"{status_word(ones[0].before)} → {status_word(ones[0].after)}"
        page.add(Piece(ids, Style.STRONG), f"  {turn}", hang=2)
        for reason in ones[0].reasons[:1]:
            page.add(brief(reason), lead=["  "])
        if ones[0].needs:
            _labelled(page, "needs", listed(f"{need.service} {need.operation}" for need in ones[0].needs))


def _add_causes(page: Page, one: Consequence, names: dict[str, str], said: set[int]) -> None:
    for cause in one.causes[: 2 * SHOWN]:
        _add_change(page, cause.change, names, "because", said, tried_text(one, cause))
    if len(one.causes) > 2 * SHOWN:
        _labelled(page, "", f"(+{len(one.causes) - 2 * SHOWN} more records)")
    if not one.causes and one.turn not in (Turn.UNKNOWN, Turn.KNOWN):
        _labelled(page, "because", "no record that both snapshots hold explains it")


def tried_text(one: Consequence, cause: Cause) -> str:
    """What trying the change on the old snapshot gave."""
    if one.tried is Tried.NOT:
        return "on the way of what changed; that it does it was not proved"
    if one.tried is Tried.TOGETHER:
        return "tried on the old snapshot: all of these together do it"
    part = "" if len(cause.pairs) == len(one.pairs) else f" for {len(cause.pairs)} of {len(one.pairs)}"
    return f"tried on the old snapshot: this alone does it{part}"


def _add_change(
    page: Page, change: RecordChange, names: dict[str, str], word: str, said: set[int], note: str = ""
) -> None:
    """A record with what changed of it, which is said once."""
    what = "" if change.what == "changed" else f" {change.what}"
    above = " (above)" if id(change) in said else ""
    _labelled(page, word, Piece(label(change.resource, names), Style.STRONG), f"{what}{above}")
    if not above:
        for text in field_texts(change):
            _labelled(page, "", text)
        said.add(id(change))
    if note:
        _labelled(page, "", Piece(f"({note})", Style.FAINT))


def field_texts(change: RecordChange) -> list[str]:
    """What changed of a record, field by field; of many the first."""
    texts = [str(field) for field in change.fields[:MOST_FIELDS]]
    more = len(change.fields) - MOST_FIELDS
    return [*texts, *([f"(+{counted(more, ('more field', 'more fields'))})"] if more > 0 else [])]


def _add_told(page: Page, comparison: Comparison) -> None:
    told = comparison.told
    for title, calls in (("Not told to the new snapshot", told.no_longer), ("Told to the new one only", told.now)):
        if not calls:
            continue
        page.blank()
        page.add(Piece(title, Style.HEADING))
        texts = [f"{call.service} {call.operation} in {call.account} {call.region}" for call in calls]
        _add_list(page, texts, 2 * SHOWN)


def _add_unrelated(page: Page, comparison: Comparison, everything: bool) -> None:
    changes = comparison.unrelated
    if not changes:
        return
    page.blank()
    page.add(Piece("Other changes", Style.HEADING), ", not the reason for any of this")
    if everything:
        for change in changes:
            _add_change(page, change, comparison.names, "", set())
        return
    texts = [
        f"{label(change.resource, comparison.names)} {change.what}"
        + (f": {listed(field.field for field in change.fields)}" if change.fields else "")
        for change in changes
    ]
    _add_list(page, texts, 2 * SHOWN, " (--all shows them all)")


def _add_list(page: Page, texts: Sequence[str], most: int, hint: str = "") -> None:
    for text in texts[:most]:
        page.add(text, lead=["  • "])
    if len(texts) > most:
        page.add(Piece(f"(+{len(texts) - most} more{hint})", Style.FAINT), lead=["  "])


def _labelled(page: Page, name: str, *pieces: Piece | str) -> None:
    page.add(*pieces, lead=["  ", Piece(f"{name + ':' if name else '':<{_LABEL}}", Style.FAINT)])
