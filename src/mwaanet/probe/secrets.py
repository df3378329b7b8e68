"""Secrets that no output may hold: those that were used, and whatever looks like one."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, quote_plus

HIDDEN: Final = "***"
_SHORTEST: Final = 6
"""A shorter value is not looked for: hiding it would spoil ordinary words."""

_LOOKS_SECRET: Final = re.compile(
    r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b"  # access key ids
    r"|(?<=Credential=)[^/\s,]+"
    r"|(?<=Signature=)[0-9a-fA-F]{64}"
    r"|(?i:(?<=x-amz-security-token[:=])\s*\S+)"
    r"|(?<![\w/+=])[A-Za-z0-9/+]{40}(?![\w/+=])"  # secret access keys
    r"|(?i:(?<=bearer )\S+)"
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]*"  # JSON web tokens
)


class Secrets:
    """The secrets of one probe; what they occur in can be shown when they are hidden."""

    def __init__(self, *values: str) -> None:
        self._values: set[str] = set()
        self.add(*values)

    def add(self, *values: str) -> None:
        """Remember more of them."""
        self._values.update(written for value in values if len(value) >= _SHORTEST for written in _writings(value))

    def hide(self, text: str) -> str:
        """The text with every secret replaced."""
        for value in sorted(self._values, key=len, reverse=True):
            text = text.replace(value, HIDDEN)
        return _LOOKS_SECRET.sub(HIDDEN, text)


def _writings(value: str) -> set[str]:
    """A secret as it is, within a URL or form, and within another text's quotes."""
    bare = value.strip()
    return {value, bare, quote(bare, safe=""), quote_plus(bare), repr(bare)[1:-1]} if bare else set()
