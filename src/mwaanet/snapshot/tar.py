"""Reading tar as far as a snapshot needs it: names and contents, in time and memory linear in what is read.

Python's own reader calls itself for each header that belongs to the next, and some versions take quadratic time over a
long one (https://nvd.nist.gov/vuln/detail/CVE-2024-6232). The formats are POSIX's ustar and pax
(https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_01) and GNU's long names
(https://www.gnu.org/software/tar/manual/html_node/Standard.html).

Not read: files with holes, which are told as what they are; the character set `BINARY` of names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

_BLOCK = 512
_LONGEST_HEADER = 1 << 20
_REGULAR = (b"0", b"\0", b"7")
_FOLDER = b"5"
_PAX, _PAX_FOR_ALL, _LONG_NAME, _LONG_LINK = b"x", b"g", b"L", b"K"
_SPARSE = b"S"
_USED = (b"path", b"size")
_HOLES = b"GNU.sparse."
MOST_RECORDS = 2_000_000
"""Of headers in an archive: forty for each member that it may have."""

Read = Callable[[int], bytes]
"""Gives the next so many bytes; fewer only at the end."""


class NoTarError(ValueError):
    """What is read is no tar, or not a whole one."""


class Member(NamedTuple):
    """One member, with its content where it is a regular file."""

    name: str
    kind: bytes
    content: bytes

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file."""
        return self.kind in _REGULAR

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self.kind == _FOLDER


def members(read: Read) -> Iterator[Member]:
    """The members in their order; NoTarError where something else follows."""
    told: dict[str, str] = {}
    left = MOST_RECORDS
    while any(header := read(_BLOCK)):
        if len(header) < _BLOCK or _number(header[148:156]) != sum(header[:148] + b" " * 8 + header[156:]):
            raise NoTarError("no header of a tar where one should be")
        kind, size = header[156:157], _number(header[124:136])
        if kind in (_PAX, _PAX_FOR_ALL, _LONG_NAME, _LONG_LINK):
            content = _content(read, size, _LONGEST_HEADER)
            left -= content.count(b"=")
            if left < 0:
                raise NoTarError(f"more than {MOST_RECORDS:,} records in its headers")
            told |= _told(kind, content)
            continue
        if "size" in told:
            size = _decimal(told["size"].encode())
        name = told.get("path", _name(header))
        if "holes" in told:
            kind = _SPARSE
        if kind == b"\0" and name.endswith("/"):  # the oldest format has no other sign of a folder
            kind = _FOLDER
        yield Member(name, kind, _content(read, size) if kind in _REGULAR else b"")
        told = {}


def _content(read: Read, size: int, most: int | None = None) -> bytes:
    """What follows a header, without what fills its last block."""
    if most is not None and size > most:
        raise NoTarError(f"a header of {size:,} bytes")
    content = read(size)
    if len(content) < size or len(read(-size % _BLOCK)) < -size % _BLOCK:
        raise NoTarError("ends amid a file")
    return content


def _told(kind: bytes, content: bytes) -> dict[str, str]:
    """What a header says of the member that follows; of those for all members nothing is used."""
    if kind == _PAX:
        return dict(_records(content))
    return {"path": _text(content.partition(b"\0")[0])} if kind == _LONG_NAME else {}


def _records(content: bytes) -> Iterator[tuple[str, str]]:
    """The records of a pax header that are used: each is `<its length> <key>=<value>` and a line's end."""
    at = 0
    while at < len(content):
        digits = content[at : at + 8].partition(b" ")[0]
        end = at + _decimal(digits)
        key, equals, value = content[at + len(digits) + 1 : end].partition(b"=")
        if not equals or not value.endswith(b"\n") or end > len(content):
            raise NoTarError("a header that cannot be read")
        if key in _USED:
            yield key.decode(), _text(value[:-1])
        elif key.startswith(_HOLES):
            yield "holes", ""
        at = end


def _name(header: bytes) -> str:
    name, prefix = (part.partition(b"\0")[0] for part in (header[:100], header[345:500]))
    return _text(prefix + b"/" + name if prefix and header[257:263] == b"ustar\0" else name)


def _number(field: bytes) -> int:
    """A number in octal digits, or in binary where its first bit says so."""
    if field[0] & 0x80:
        return _not_negative(int.from_bytes(field, signed=True) if field[0] == 0xFF else int.from_bytes(field[1:]))
    text = field.partition(b"\0")[0].strip()
    try:
        return _not_negative(int(text, 8)) if text else 0
    except ValueError as error:
        raise NoTarError("a number that is none") from error


def _decimal(text: bytes) -> int:
    if not text.isdigit() or len(text) > 20:
        raise NoTarError("a number that is none")
    return int(text)


def _not_negative(number: int) -> int:
    if number < 0:
        raise NoTarError("a negative size")
    return number


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")
