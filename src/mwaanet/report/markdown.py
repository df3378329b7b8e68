"""Text from data as Markdown: whatever a name holds stays text, links nothing, calls nobody and closes no fence.

GitHub Flavored Markdown (https://github.github.com/gfm/) as tickets and chats take it. What it would read as markup is
escaped with a backslash, `<` and `&` as in HTML; an `@` before a name, `://` and `www.` so that they link nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from mwaanet.report.clean import clean

_MARKUP = re.compile(r"([\\`*\[\]|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|(?<![A-Za-z0-9])#)")
"""Signs that open or close something: `_` and `#` do so at the edge of a word only."""
_MENTION = re.compile(r"(?<![A-Za-z0-9])@(?=[A-Za-z0-9])")
_START = re.compile(r"^(\s*)(>|[-+=](?=[\s=-]|$)|\d+(?=[.)](?:\s|$)))")
_WWW = re.compile(r"\bwww\.", re.IGNORECASE)
_TICKS = re.compile(r"`+")


def escaped(text: str) -> str:
    """The text on one line, as it reads."""
    text = clean(text).replace("&", "&amp;").replace("<", "&lt;")
    text = _MARKUP.sub(r"\\\1", text)
    text = _MENTION.sub("@&#8203;", text).replace("://", "&#58;//")
    return _WWW.sub("www&#46;", _START.sub(_first, text))


def _first(found: re.Match[str]) -> str:
    """The beginning of a line that would begin a list, a quotation or an underline."""
    sign = found[2]
    return f"{found[1]}{sign}\\" if sign[0].isdigit() else f"{found[1]}\\{sign}"


def code(text: str) -> str:
    """An id or name as a code span, whose fence is longer than any in it; in a table its bars are escaped too."""
    text = clean(text).replace("|", "\\|") if "`" not in text else clean(text).replace("|", "¦")
    if not text.strip():
        return ""
    ticks = "`" * (max(map(len, _TICKS.findall(text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def fenced(text: str, language: str = "text") -> str:
    """Lines as they are, in a block whose fence no line can close."""
    lines = [clean(line) for line in text.splitlines()]
    ticks = "`" * max(3, max((len(run) + 1 for line in lines for run in _TICKS.findall(line)), default=3))
    return "\n".join([f"{ticks}{language}", *lines, ticks])


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table of cells that are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(cell or ' ' for cell in line)} |" for line in lines]
