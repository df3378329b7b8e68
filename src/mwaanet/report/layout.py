"""Lines of styled text that fit a width: wrapping, columns, bars and colours. Knows neither terminal nor environment.

Whatever is written on a `Page` is made harmless first (see `clean`), so that no renderer can forget to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from rich.cells import cell_len, chop_cells

from mwaanet.report.clean import clean

MIN_WIDTH = 40
"""Nothing is set narrower than this."""


class Style(StrEnum):
    """What a piece of text is; the value is its SGR code (ECMA-48)."""

    PLAIN = ""
    STRONG = "1"
    FAINT = "2"
    HEADING = "1;4"
    GOOD = "32"
    BAD = "1;31"
    WARN = "33"
    DOUBT = "35"
    COMMAND = "36"


class Piece(NamedTuple):
    """A run of text in one style."""

    text: str
    style: Style = Style.PLAIN


Line = list[Piece]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How text is to look: the width in cells, and whether colours and characters beyond ASCII may be used."""

    width: int
    colour: bool
    unicode: bool

    def clean(self, text: str) -> str:
        """The text as it will be written."""
        return clean(text, unicode=self.unicode)

    def cells(self, text: str) -> int:
        """How many cells the text will take."""
        return cell_len(self.clean(text))

    def cut(self, text: str, width: int) -> str:
        """The text if it fits the width, else its beginning, cut at a word where there is one, and an ellipsis."""
        text, dots = self.clean(text), self.clean("…")
        if cell_len(text) <= width:
            return text
        head = chop_cells(text, max(width - len(dots), 1))[0]
        at_word = head.rpartition(" ")[0]
        return (at_word if len(at_word) > len(head) * 2 // 3 else head).rstrip(" ,;:") + dots

    def squeeze(self, text: str, width: int) -> str:
        """The text if it fits the width, else its two ends with an ellipsis in the middle."""
        text, dots = self.clean(text), self.clean("…")
        if cell_len(text) <= width:
            return text
        keep = max(width - len(dots), 2)
        head, tail = chop_cells(text, keep - keep // 2)[0], chop_cells(text[::-1], keep // 2)[0][::-1]
        return head + dots + tail


@dataclass(slots=True)
class Page:
    """Lines, one below the other."""

    look: Look
    lines: list[Line] = field(default_factory=list)

    @property
    def width(self) -> int:
        """The width of the page in cells."""
        return max(self.look.width, MIN_WIDTH)

    def add(self, *pieces: Piece | str, lead: Sequence[Piece | str] = (), hang: int | None = None) -> None:
        """Write pieces after `lead`, which stays as it is; further lines are indented by `hang` (default: as wide)."""
        self.lines.extend(self.wrap(pieces, lead=lead, hang=hang, width=self.width))

    def blank(self) -> None:
        """An empty line, unless there is one or nothing above."""
        if self.lines and self.lines[-1]:
            self.lines.append([])

    def verbatim(self, text: str, style: Style = Style.PLAIN) -> None:
        """A line that somebody else has fitted to the width."""
        self.lines.append([Piece(self.look.clean(text), style)])

    def wrap(
        self, pieces: Iterable[Piece | str], *, lead: Sequence[Piece | str] = (), hang: int | None = None, width: int
    ) -> list[Line]:
        """The lines that `add` would write."""
        line = [self._piece(piece) for piece in lead]
        used = _cells(line)
        hang = min(used if hang is None else hang, width * 2 // 3)
        if used > width - 8:  # no room beside the lead
            lines, line, used = [_fitted(line, width)], [Piece(" " * hang)], hang
        else:
            lines = []
        started = False
        for word in _words(map(self._piece, pieces)):
            size = _cells(word)
            too_long = used + started + size > width
            if too_long and (started or (hang < used and size <= width - hang)):
                lines.append(line)
                line, used, started = [Piece(" " * hang)], hang, False
            if started:
                line.append(Piece(" ", word[0].style if line[-1].style == word[0].style else Style.PLAIN))
                used += 1
            *full, rest = _folded(word, width - used, width - hang)
            for part in full:
                lines.append([*line, *part])
                line, used = [Piece(" " * hang)], hang
            line.extend(rest)
            used += _cells(rest)
            started = True
        return [*lines, line]

    def barred(self, lines: list[Line], indent: int) -> None:
        """Write lines with a bar on either side of them; the first two cells inside the indent are the left one's."""
        inner = max(map(_cells, lines))
        for line in lines:
            gap = " " * (inner - _cells(line))
            bar = Piece("|", Style.BAD)
            self.lines.append([Piece(" " * indent), bar, Piece(" "), *line, Piece(gap + " "), bar])

    def text(self) -> str:
        """All lines, each ended by a newline."""
        return "".join(_painted(line, self.look.colour) + "\n" for line in self.lines)

    def _piece(self, piece: Piece | str) -> Piece:
        text, style = piece if isinstance(piece, Piece) else (piece, Style.PLAIN)
        return Piece(self.look.clean(text), style)


def _cells(line: Iterable[Piece]) -> int:
    return sum(cell_len(piece.text) for piece in line)


def _fitted(line: Line, width: int) -> Line:
    """A lead that must not be wider than the page."""
    fitted: Line = []
    for piece in line:
        room = width - _cells(fitted)
        if room > 0:
            fitted.append(Piece(chop_cells(piece.text, room)[0] if piece.text else "", piece.style))
    return fitted


def _words(pieces: Iterable[Piece]) -> list[Line]:
    """Pieces cut at blanks; a word may have several styles."""
    words: list[Line] = []
    open_word = False
    for text, style in pieces:
        for at, part in enumerate(text.split(" ")):
            if at:
                open_word = False
            if part:
                if not open_word:
                    words.append([])
                words[-1].append(Piece(part, style))
                open_word = True
    return words


def _folded(word: Line, room: int, full: int) -> list[Line]:
    """The word in parts, the first no wider than `room`, the others no wider than `full`."""
    if _cells(word) <= room:
        return [word]
    parts: list[Line] = [[]]
    for text, style in word:
        rest = text
        while rest:
            limit = (room if len(parts) == 1 else full) - _cells(parts[-1])
            if cell_len(rest) <= limit:
                parts[-1].append(Piece(rest, style))
                break
            head = _break(rest, limit)
            if head:
                parts[-1].append(Piece(head, style))
                rest = rest[len(head) :]
            parts.append([])
    return parts


def _break(text: str, limit: int) -> str:
    """The beginning of a word that fits, ended behind a separator where one is near."""
    if limit < 2:
        return ""
    head = chop_cells(text, limit)[0]
    near = max(head.rfind(separator) for separator in "/:,=-") + 1
    return head[:near] if near > len(head) // 2 else head


def _painted(line: Line, colour: bool) -> str:
    if not colour:
        return "".join(piece.text for piece in line).rstrip()
    trimmed = list(line)
    while trimmed and not trimmed[-1].text.strip():
        trimmed.pop()
    if trimmed:
        trimmed[-1] = trimmed[-1]._replace(text=trimmed[-1].text.rstrip())
    runs = [("".join(piece.text for piece in run), style) for style, run in groupby(trimmed, lambda piece: piece.style)]
    return "".join(f"\x1b[{style}m{text}\x1b[0m" if style else text for text, style in runs if text)
