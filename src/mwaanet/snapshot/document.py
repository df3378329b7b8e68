"""One file of a snapshot: the answer to one call, or the answers to one call made once per resource."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from mwaanet.errors import SnapshotError
from mwaanet.snapshot.operations import CallRef

_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_PIECE = 1 << 20
_FEW = 8 << 20
MOST_VALUES = 4_000_000
"""How many values a file larger than `_FEW` bytes may hold: each takes up to 200 bytes when it is decoded."""


class Kind(StrEnum):
    """How a file holds answers."""

    RESPONSE = "response"
    """The response itself."""
    CALLS = "calls"
    """`{"Calls": [{"Parameters": …, "Response" or "Error": …}, …]}`."""


def as_written(pointer: str) -> str:
    """A JSON pointer in a file that no adapter has changed."""
    return pointer


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One file: which call it answers, where it lies, and its bytes."""

    ref: CallRef
    """The call that it answers."""
    file: str
    """Its path relative to the snapshot's folder, with `/`."""
    kind: Kind
    """How it holds the answer."""
    load: Callable[[], bytes] = field(repr=False)
    """Gives its bytes, as an adapter has turned them."""
    written: Callable[[str], str] = field(default=as_written, repr=False)
    """Turns a JSON pointer into what `load` gives into one into the file as it was written."""
    path: str = ""
    """Its path as the user would write it, for messages."""

    def read(self) -> bytes:
        """The bytes of the document; SnapshotError where they are not UTF-8."""
        return as_utf8(self.load(), self.path or self.file)


def as_utf8(content: bytes, path: str) -> bytes:
    """The bytes as UTF-8 without a byte order mark; SnapshotError where they are not text, or hold too many values.

    PowerShell writes what it redirects as UTF-16 with a byte order mark
    (https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_character_encoding).
    """
    if content.startswith(_UTF_16):
        return _from_utf_16(content, path)
    if content.startswith(_BOM):
        content = content[len(_BOM) :]
    if not content.isascii():
        _refuse_other_than_utf_8(content, path)
    if len(content) > _FEW and sum(map(content.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise SnapshotError(path, "", f"holds more than {MOST_VALUES:,} values")
    return content


def _refuse_other_than_utf_8(content: bytes, path: str) -> None:
    """Looked at piece by piece: one rare character would make a text of all take four times its size."""
    view, at = memoryview(content), 0
    while at < len(content):
        try:
            at += codecs.utf_8_decode(view[at : at + _PIECE], "strict", at + _PIECE >= len(content))[1]
        except UnicodeDecodeError as error:
            raise SnapshotError(path, "", f"is not UTF-8: {error.reason} at byte {at + error.start}") from error


def _from_utf_16(content: bytes, path: str) -> bytes:
    try:
        return content.decode("utf-16").encode()
    except UnicodeDecodeError as error:
        raise SnapshotError(path, "", f"is not UTF-16: {error.reason} at byte {error.start}") from error
