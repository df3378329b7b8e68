"""What stands for what: letters, digits and accounts, replaced by a secret salt.

Every character of a word is shifted by an amount that depends on the salt and on what precedes it in the word. So the
same word always becomes the same word of the same shape, different words different ones, and words that begin alike
still do: what matched a pattern such as `team-dat*` matches the redacted pattern.
"""

from __future__ import annotations

import hmac
from functools import cached_property

_HEX = "0123456789abcdef"


class Pseudonyms:
    """The replacements that one salt makes."""

    def __init__(self, salt: bytes) -> None:
        self._salt = salt
        self._shifts: dict[str, int] = {}

    @cached_property
    def reference(self) -> bytes:
        """A salt of its own for another kind of replacement."""
        return hmac.digest(self._salt, b"addresses", "sha256")

    def word(self, text: str) -> str:
        """A word of letters and digits: letters become letters, upper case stays upper case, digits become digits."""
        return "".join(self._character(text[:at], character) for at, character in enumerate(text))

    def hexadecimal(self, text: str) -> str:
        """The random part of an id, in lower case."""
        return "".join(
            _HEX[(_HEX.index(character) + self._shift("x", text[:at], 16)) % 16] for at, character in enumerate(text)
        )

    def account(self, text: str) -> str:
        """An account id."""
        return "".join(str((int(digit) + self._shift("a", text[:at], 10)) % 10) for at, digit in enumerate(text))

    def _character(self, before: str, character: str) -> str:
        if character.isascii() and character.isdigit():
            return str((int(character) + self._shift("w", before, 10)) % 10)
        low = character.lower()
        number = ord(low) - ord("a") if low.isascii() else ord(low[0])
        shifted = chr((number + self._shift("w", before, 26)) % 26 + ord("a"))
        return shifted.upper() if character.isupper() else shifted

    def _shift(self, kind: str, before: str, size: int) -> int:
        """From 1 to size - 1: nothing is replaced by itself."""
        key = f"{kind}{size}:{before.lower()}"
        if key not in self._shifts:
            digest = hmac.digest(self._salt, key.encode(), "sha256")
            self._shifts[key] = 1 + int.from_bytes(digest[:8]) % (size - 1)
        return self._shifts[key]
