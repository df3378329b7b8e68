"""A path, hop by hop: who, what decided, what was rewritten; whatever refuses stands in bars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from mwaanet.graph.flight import Action, Evidence, Hop
from mwaanet.paths.walk import Leg
from mwaanet.report.label import SHOWN, brief, listed, short_label
from mwaanet.report.layout import Line, Page, Piece, Style
from mwaanet.report.marks import mark_of

_REFUSALS = (Action.DENY, Action.DROP)
_NARROWEST = 12


class _Row(NamedTuple):
    hop: Hop
    who: str
    notes: tuple[str, ...]


def add_hops(page: Page, hops: Sequence[Hop], names: Mapping[str, str], *, indent: int) -> None:
    """One line or two for each hop, the component at the left, at the right the rule, route or state that decided."""
    room = page.width - indent - 6  # two bars, the symbol and its blank
    most = max(room * 52 // 100, _NARROWEST)
    rows = [
        _Row(hop, short_label(hop.component, names, page.look, most), tuple(_rewritten(before, hop)))
        for before, hop in zip([None, *hops], hops, strict=False)
    ]
    column = max((size for row in rows if (size := page.look.cells(row.who)) <= most), default=_NARROWEST)
    for row in rows:
        _add_row(page, row, column, indent)


def add_evidence(page: Page, evidence: Iterable[Evidence], *, indent: int, lead: str = "read in ") -> None:
    """The files and JSON pointers where something was read, at most three of them."""
    places = list(dict.fromkeys(place for item in evidence if (place := f"{item.file} {item.pointer}".strip())))
    for at, place in enumerate(places[:SHOWN]):
        margin = " " * indent + (lead if at == 0 else " " * len(lead))
        more = f" (+{len(places) - SHOWN} more)" if at == SHOWN - 1 and len(places) > SHOWN else ""
        page.add(Piece(place, Style.FAINT), Piece(more), lead=[Piece(margin, Style.FAINT)])


def deciding(leg: Leg) -> Hop | None:
    """The hop that stopped or lost a leg; None where it arrived for certain."""
    hop = leg.end.hop
    return hop if hop.action in (*_REFUSALS, Action.UNKNOWN) else None


def _add_row(page: Page, row: _Row, column: int, indent: int) -> None:
    refused = row.hop.action in _REFUSALS
    mark = mark_of(row.hop.action)
    margin = " " * (indent + 2)
    width = page.width - 2 - (indent + 2 if refused else 0)
    lead = [Piece("" if refused else margin), mark.piece, Piece(" ")]
    hang = page.look.cells("".join(piece.text for piece in lead)) + column + 2
    who = Piece(row.who, Style.STRONG if refused else Style.PLAIN)
    gap = column - page.look.cells(row.who)
    lines: list[Line]
    if gap >= 0:
        by = [*lead, who, Piece(" " * (gap + 2))]
        lines = page.wrap([brief(row.hop.by)], lead=by, width=width)
    else:
        lines = page.wrap([who], lead=lead, width=width)
        lines += page.wrap([brief(row.hop.by)], lead=[Piece(" " * hang)], width=width)
    for note in row.notes:
        lines += page.wrap([Piece(note, Style.FAINT)], lead=[Piece(" " * hang)], width=width)
    if refused:
        page.barred(lines, indent)
    else:
        page.lines.extend(lines)


def _rewritten(before: Hop | None, hop: Hop) -> Iterable[str]:
    """What a translation changed, where the deciding rule does not say so itself."""
    if before is None or hop.action is not Action.TRANSLATE:
        return
    old, new = before.packets, hop.packets
    changes = [
        (str(old.src), str(new.src), new.src.issubset(old.src), ""),
        (str(old.dst), str(new.dst), new.dst.issubset(old.dst), ""),
        (str(old.dport), str(new.dport), new.dport.issubset(old.dport), "port "),
    ]
    for was, now, kept, what in changes:
        if not kept and was and not (was in hop.by and now in hop.by):
            yield f"{what}{listed(was.split(', '))} becomes {listed(now.split(', '))}"
