"""Text from data, made harmless: what a name or tag holds cannot move the cursor, hide text or turn it around.

Every character of Unicode's categories "control", "format" (right-to-left marks, zero-width characters),
"surrogate", "private use" and "line separator" is written as its escape; white space becomes a blank.
Not changed: letters of scripts that are written from right to left.
"""

from __future__ import annotations

import unicodedata

_HARMFUL = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
_BLANK = frozenset("\t\n\r\u2028\u2029\u00a0")
_ASCII = str.maketrans(
    {
        "✓": "+",
        "✗": "x",
        "–": "-",
        "—": "-",
        "─": "-",
        "·": "-",
        "•": "*",
        "…": "...",
        "→": "->",
        "×": "x",
        "≤": "<=",
        "≥": ">=",
    }
)


def clean(text: str, *, unicode: bool = True) -> str:
    """The text on one line and without anything but visible characters; in ASCII unless `unicode`."""
    if not (text.isascii() and text.isprintable()):
        text = "".join(map(_visible, text))
    if not unicode and not text.isascii():
        text = text.translate(_ASCII).encode("ascii", "backslashreplace").decode("ascii")
    return text


def _visible(character: str) -> str:
    if character in _BLANK:
        return " "
    if unicodedata.category(character) not in _HARMFUL:
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
