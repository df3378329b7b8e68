"""Decoding files straight into typed records, with every bad record named by file and JSON pointer."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec.structs import force_setattr

from mwaanet.errors import SnapshotError
from mwaanet.model.record import CamelRecord, Origin, Record
from mwaanet.snapshot.document import Document
from mwaanet.snapshot.reader import split_error

T = TypeVar("T")


class Call(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """One entry of a file of calls: what was asked, and what was answered or why it was refused."""

    parameters: dict[str, Any] = {}
    response: msgspec.Raw = msgspec.Raw()
    error: CallError | None = None

    @property
    def answered(self) -> bool:
        """Whether AWS answered (it may also have refused)."""
        return self.error is None and len(memoryview(self.response)) > 0


class CallError(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """Why a call was refused."""

    code: str
    message: str = ""


class Calls(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """A file of calls."""

    calls: tuple[Call, ...]


@contextmanager
def no_collector() -> Iterator[None]:
    """Pause the garbage collector: decoding makes many objects and no garbage."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@cache
def _list_decoder(kind: type[Record | CamelRecord], key: str) -> msgspec.json.Decoder[Any]:
    response = msgspec.defstruct("Response", [("items", tuple[kind, ...], msgspec.field(name=key))], frozen=True)  # type: ignore[valid-type]
    return msgspec.json.Decoder(response)


def decode_list(document: Document, key: str, kind: type[T]) -> tuple[T, ...]:
    """The records of one argument-less response, each with its origin."""
    content = document.read()
    try:
        records = _list_decoder(kind, key).decode(content).items  # type: ignore[arg-type]
    except msgspec.ValidationError as error:
        raise _all_errors(document, content, key, kind, error) from error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise SnapshotError(document.file, "", f"is not JSON: {error}") from error
    pointer = f"/{key}"
    for index, record in enumerate(records):
        force_setattr(record, "origin", Origin(document, pointer, index))
    found: tuple[T, ...] = records
    return found


def _all_errors(
    document: Document, content: bytes, key: str, kind: type[Any], first: msgspec.ValidationError
) -> SnapshotError:
    """Every bad record of the list, not only the first."""
    problems: list[tuple[str, str]] = []
    try:
        raws = msgspec.json.decode(content, type=dict[str, msgspec.Raw]).get(key, msgspec.Raw(b"[]"))
        for index, raw in enumerate(msgspec.json.decode(raws, type=list[msgspec.Raw])):
            try:
                msgspec.json.decode(raw, type=kind)
            except msgspec.ValidationError as error:
                pointer, problem = split_error(error)
                problems.append((f"/{key}/{index}{pointer}", problem))
    except msgspec.DecodeError:
        problems = []
    pointer, problem = problems[0] if problems else split_error(first)
    more = f" (+{len(problems) - 1} more: {', '.join(p for p, _ in problems[1:4])})" if len(problems) > 1 else ""
    return SnapshotError(document.file, pointer.replace("/items", f"/{key}", 1), problem + more)


def decode_whole(document: Document, kind: type[T]) -> T:
    """A response that is one object."""
    return decode_raw(document, document.read(), kind, "")


def decode_calls(document: Document) -> tuple[Call, ...]:
    """The entries of a file of calls."""
    return decode_raw(document, document.read(), Calls, "").calls


def decode_raw(document: Document, content: bytes | msgspec.Raw, kind: type[T], pointer: str) -> T:
    """Part of a file as a type; `pointer` is where the part lies."""
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        place, problem = split_error(error)
        raise SnapshotError(document.file, pointer + place, problem) from error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise SnapshotError(document.file, pointer, f"is not JSON: {error}") from error
