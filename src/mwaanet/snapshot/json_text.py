"""Reading JSON: every failure becomes a SnapshotError that names the file, the JSON pointer and what was expected."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

from mwaanet.errors import SnapshotError
from mwaanet.snapshot.json_place import key_twice, number_out_of_range

T = TypeVar("T")
_ESCAPED_LETTER = re.compile(rb"\\u00[4-7]")
_STEP = re.compile(r"\[(\d+|\.\.\.)\]|\.([^.\[`]+)")


def pointer_of(path: str) -> str:
    """The path that msgspec gives (`$.Vpcs[3].CidrBlock`) as a JSON pointer (`/Vpcs/3/CidrBlock`).

    A place under an arbitrary key (`[...]`) ends the pointer, for msgspec does not say which key it is.
    """
    pointer = ""
    for index, name in _STEP.findall(path):
        if index == "...":
            break
        pointer += "/" + (index or name)
    return pointer


def split_error(error: msgspec.ValidationError) -> tuple[str, str]:
    """A validation error as JSON pointer and problem."""
    problem, _, path = str(error).partition(" - at `")
    return pointer_of(path), problem[:1].lower() + problem[1:]


def unreadable(error: BaseException, path: str, content: bytes | msgspec.Raw, place: str = "") -> SnapshotError:
    """The SnapshotError for a text that is no JSON at all, nested too deeply, or with a number out of range.

    `content` is the text, which lies at the JSON pointer `place` of its file.
    """
    if isinstance(error, RecursionError):
        return SnapshotError(path, "", "is nested too deeply")
    pointer = number_out_of_range(bytes(content)) if "out of range" in str(error) else None
    if pointer is not None:
        return SnapshotError(path, place + pointer, "the number is out of range")
    return SnapshotError(path, "", f"is not JSON: {error}")


def decode(content: bytes, path: str, kind: type[T]) -> T:
    """The content of a file as a type."""
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        if "out of range" in str(error):
            raise unreadable(error, path, content) from error
        pointer, problem = split_error(error)
        raise SnapshotError(path, pointer, problem) from error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise unreadable(error, path, content) from error


def refuse_key_twice(content: bytes, key: str, path: str) -> None:
    """Refuse a file in which its list stands twice: readers of JSON keep the last only, silently."""
    written = f'"{key}"'.encode()
    suspect = content.find(written) != content.rfind(written) or _has_escaped_letter(content)
    if suspect and (pointer := key_twice(content)) is not None:
        raise SnapshotError(path, pointer, "the key is written twice in one object")


def _has_escaped_letter(content: bytes) -> bool:
    """Whether a letter that a key has may be written as an escape, which no program does."""
    return b"\\" in content and b"\\u00" in content and _ESCAPED_LETTER.search(content) is not None


def plain(content: bytes | msgspec.Raw, path: str) -> Any:
    """The content as plain objects."""
    return decode(content, path, object)
