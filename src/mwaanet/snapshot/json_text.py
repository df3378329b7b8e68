"""Reading JSON: every failure becomes a SnapshotError that names the file, the JSON pointer and what was expected."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

from mwaanet.errors import SnapshotError

T = TypeVar("T")
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


def unreadable(error: BaseException, path: str) -> SnapshotError:
    """The SnapshotError for a text that is no JSON at all, or nested too deeply to be anybody's answer."""
    if isinstance(error, RecursionError):
        return SnapshotError(path, "", "is nested too deeply")
    return SnapshotError(path, "", f"is not JSON: {error}")


def decode(content: bytes | msgspec.Raw, path: str, kind: type[T], place: str = "") -> T:
    """The content as a type; `place` is the JSON pointer at which the content lies in its file."""
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        pointer, problem = split_error(error)
        raise SnapshotError(path, place + pointer, problem) from error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise unreadable(error, path) from error


def plain(content: bytes | msgspec.Raw, path: str) -> Any:
    """The content as plain objects."""
    return decode(content, path, object)
