"""Decoding files straight into typed records, with every bad record named by file and JSON pointer.

A well-formed file is decoded in one go. One that is not is read again as plain objects: a `null` where AWS would have
left the field out is forgiven, and what is still wrong is found record by record.
"""

import gc
import typing
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import islice
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec
from msgspec.structs import astuple, force_setattr

from mwaanet.errors import SnapshotError
from mwaanet.model.cut_short import KEYS, says_more
from mwaanet.model.record import CamelRecord, Origin, Record, from_text
from mwaanet.snapshot.document import Document
from mwaanet.snapshot.json_text import refuse_key_twice, split_error, unreadable

T = TypeVar("T")
_MOST_OLD = 200_000
MOST_PROBLEMS = 10_000
"""How many bad records of a file are named."""


class BadRecordsError(SnapshotError):
    """Records that are not as AWS makes them; `problems` names each, the message the first."""

    def __init__(self, problems: list[SnapshotError]) -> None:
        first = problems[0]
        least = " at least" if len(problems) >= MOST_PROBLEMS else ""
        more = f" (+{len(problems) - 1} more{least})" if len(problems) > 1 else ""
        super().__init__(first.file, first.place, first.problem + more)
        self.problems = tuple(problems)


class CallError(msgspec.Struct, frozen=True, kw_only=True, gc=False, rename="pascal"):
    """Why a call was refused."""

    code: str
    message: str = ""


class Call(msgspec.Struct, frozen=True, kw_only=True, gc=False, rename="pascal"):
    """One entry of a file of calls: what was asked, and what was answered or why it was refused."""

    parameters: dict[str, Any]
    response: Any = None
    error: CallError | None = None


class _Old:
    """About how many objects were made old since the last full collection; Python itself does not count them."""

    count = 0

    @classmethod
    def add(cls) -> None:
        """Add what has been made since this was last done: new objects, and collections of so many of them."""
        (new, many, _), (objects, collected, older) = gc.get_threshold(), gc.get_count()
        cls.count += objects + new * (collected + many * older)


@contextmanager
def no_collector() -> Iterator[None]:
    """Pause the garbage collector: decoding makes many objects and no garbage."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            if not gc.get_freeze_count():
                _Old.add()
                gc.freeze()  # what was made counts as old at once, so that no full collection follows
                gc.unfreeze()
            gc.enable()


def let_go() -> None:
    """Free what earlier snapshots have left, once it may be much; of the first one nothing has to be looked at."""
    if _Old.count > _MOST_OLD and gc.isenabled():
        gc.collect()
        _Old.count = 0


class _Layout(NamedTuple):
    """How a kind of file is decoded: all of it, and one item of its list."""

    decoder: msgspec.json.Decoder[Any]
    whole: Any
    key: str
    item: Any


@cache
def _list_layout(kind: Any, key: str, besides: tuple[str, ...]) -> _Layout:
    items = ("items", tuple[kind, ...], msgspec.field(name=key))
    whole = msgspec.defstruct(f"{key} of", [items, *((name, Any, None) for name in besides)], frozen=True)
    return _Layout(msgspec.json.Decoder(whole, dec_hook=from_text), whole, key, kind)


@cache
def _calls_layout(kind: Any) -> _Layout:
    response = ("response", kind, msgspec.Raw()) if kind is msgspec.Raw else ("response", kind | None, None)
    call = msgspec.defstruct("Call", [response], bases=(Call,), frozen=True, kw_only=True)
    return _list_layout(call, "Calls", ())


@cache
def _single_layout(kind: Any) -> _Layout:
    return _Layout(msgspec.json.Decoder(kind, dec_hook=from_text), kind, "", kind)


class Listed(NamedTuple, Generic[T]):
    """The records of a response, and the key by which it says that there are more."""

    records: tuple[T, ...]
    cut: str


def decode_list(document: Document, content: bytes, key: str, kind: type[T]) -> Listed[T]:
    """The records of one argument-less response, each with its origin."""
    made_of: Any = kind
    records, *besides = astuple(_decode(document, content, _list_layout(made_of, key, KEYS)))
    if records:
        _locate_list(records, document, f"/{key}", _contents(made_of))
    return Listed(records, says_more(dict(zip(KEYS, besides, strict=True))) if any(besides) else "")


def decode_calls(document: Document, content: bytes, kind: Any) -> tuple[Call, ...]:
    """The entries of a file of calls, their responses with their origin."""
    calls: tuple[Call, ...] = _decode(document, content, _calls_layout(kind)).items
    for number, call in enumerate(calls):
        if isinstance(call.response, msgspec.Struct):
            locate(call.response, document, f"/Calls/{number}/Response")
        elif call.error is None and not (isinstance(call.response, msgspec.Raw) and bytes(call.response)):
            problem = "expected Response or Error"
            raise SnapshotError(document.path or document.file, document.written(f"/Calls/{number}"), problem)
    return calls


def decode_whole(document: Document, content: bytes, kind: type[T]) -> T:
    """A response that is one object, with its origin."""
    made_of: Any = kind
    response: T = _decode(document, content, _single_layout(made_of))
    return locate(response, document, "")


def locate(record: T, document: Document, place: str) -> T:
    """The record, with the origin of it and of the records in it set."""
    made_of: Any = type(record)
    if isinstance(record, Record | CamelRecord):
        force_setattr(record, "origin", Origin(document, place))
    _locate_parts(record, document, place, _contents(made_of).parts)
    return record


class _Part(NamedTuple):
    """A field that holds records, or structs that hold some."""

    name: str
    step: str
    many: bool
    contents: "_Contents"


class _Contents(NamedTuple):
    """What origins a kind of struct has: its own, and those of the records in it."""

    located: bool
    parts: tuple[_Part, ...] = ()


@cache
def _contents(kind: Any) -> _Contents:
    if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
        return _Contents(located=False)
    parts: list[_Part] = []
    for field in msgspec.structs.fields(kind):
        many = typing.get_origin(field.type) is tuple
        kinds = typing.get_args(field.type) or (field.type,)
        found = [contents for contents in map(_contents, kinds) if any(contents)]
        parts.extend(_Part(field.name, f"/{field.encode_name}", many, contents) for contents in found)
    return _Contents(issubclass(kind, Record | CamelRecord), tuple(parts))


def _locate_list(records: tuple[Any, ...], document: Document, key: str, contents: _Contents) -> None:
    """Set the origins of the records of a list, and of those in them."""
    located, parts = contents
    for number, record in enumerate(records):
        if located:
            force_setattr(record, "origin", Origin(document, key, number))
        if parts:
            _locate_parts(record, document, f"{key}/{number}", parts)


def _locate_parts(record: Any, document: Document, place: str, parts: tuple[_Part, ...]) -> None:
    for name, step, many, contents in parts:
        value = getattr(record, name)
        if many:
            _locate_list(value, document, place + step, contents)
        elif value is not None:
            locate(value, document, place + step)


def _decode(document: Document, content: bytes, layout: _Layout) -> Any:
    path = document.path or document.file
    if layout.key:
        refuse_key_twice(content, layout.key, path)
    try:
        return layout.decoder.decode(content)
    except msgspec.ValidationError:
        return _decode_again(document, content, layout)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise unreadable(error, path, content) from error


def _decode_again(document: Document, content: bytes, layout: _Layout) -> Any:
    """A file that is not as it should be: without its nulls, or every bad record of it."""
    path = document.path or document.file
    try:
        plain = _without_nulls(msgspec.json.decode(content))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise unreadable(error, path, content) from error
    try:
        return _convert(plain, layout.whole)
    except msgspec.ValidationError as error:
        problems = list(islice(_bad_items(plain, layout), MOST_PROBLEMS)) or [split_error(error)]
        raise BadRecordsError([SnapshotError(path, document.written(p), problem) for p, problem in problems]) from error


def _bad_items(plain: Any, layout: _Layout) -> Iterator[tuple[str, str]]:
    items = plain.get(layout.key) if layout.key and isinstance(plain, dict) else None
    for number, item in enumerate(items if isinstance(items, list) else ()):
        try:
            _convert(item, layout.item)
        except msgspec.ValidationError as error:
            pointer, problem = split_error(error)
            yield f"/{layout.key}/{number}{pointer}", problem


def _convert(plain: Any, kind: Any) -> Any:
    return msgspec.convert(plain, kind, dec_hook=from_text)


def _without_nulls(value: Any) -> Any:
    """The value itself, its nulls left out; no second one is made, for it may be large."""
    if isinstance(value, dict):
        for key in [key for key, item in value.items() if item is None]:
            del value[key]
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _without_nulls(item)
    return value


def decode_raw(document: Document, content: Any, kind: type[T], place: str) -> T:
    """Part of a document, given as JSON text, as a type; `place` is where the part lies in the document."""
    path = document.path or document.file
    try:
        made_of: Any = kind
        record: T = _single_layout(made_of).decoder.decode(content)
    except msgspec.ValidationError as error:
        if "out of range" in str(error):
            raise unreadable(error, path, content, place) from error
        pointer, problem = split_error(error)
        raise SnapshotError(path, document.written(place + pointer), problem) from error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise unreadable(error, path, content, place) from error
    return locate(record, document, place)
