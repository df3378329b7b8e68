"""Foreign layouts: files known by a key of their JSON, not by their name, turned into the documents of the format.

The AWS CLI's output redirected to files, Batfish's `aws_configs`, and CloudMapper's `account-data`, whose answers of
calls made once per resource lie in a folder `<service>-<operation>` in a file named by the resource.
A response to such a call is used where it says which resource it is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote_plus

import msgspec

from mwaanet.errors import SnapshotError
from mwaanet.snapshot import batfish
from mwaanet.snapshot.document import Document, Kind, as_utf8, as_written
from mwaanet.snapshot.identified import identify
from mwaanet.snapshot.json_text import plain, unreadable
from mwaanet.snapshot.operations import GLOBAL, OPERATIONS, CallRef, Operation, by_key, by_name
from mwaanet.snapshot.source import Source

Top = dict[str, msgspec.Raw]
_WORD = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+")
_CALLER = {"UserId", "Account", "Arn"}


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    source: Source
    top: Top


def foreign_documents(name: str, source: Source) -> list[Document]:
    """The documents in one file; none where no key of it is known. Their account and Region are empty."""
    content = as_utf8(source.peek(), source.path)
    try:
        top = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    except msgspec.ValidationError:
        return []
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise unreadable(error, source.path, content) from error
    file = _File(name, source, top)
    return list(_named_by_resource(file) or _recognised(file))


def _recognised(file: _File) -> Iterator[Document]:
    if "Calls" in file.top:
        operation = by_name(_words(file.name))
        if operation is not None and operation.per_resource:
            yield _document(file, operation, Kind.CALLS, file.source.read)
        return
    if set(file.top) >= _CALLER:
        yield _document(file, OPERATIONS["sts", "get-caller-identity"], Kind.RESPONSE, file.source.read)
        return
    seen: set[str] = set()
    for key, raw in file.top.items():
        if key in batfish.KEYS:
            yield _from_batfish(file, key, raw)
            continue
        document = next(_answers(file, _operations(file.name, key, raw)), None)
        if document is not None and document.ref.operation not in seen:
            seen.add(document.ref.operation)
            yield document


def _answers(file: _File, operations: Iterable[Operation]) -> Iterator[Document]:
    """The documents that a file is if it answers one of the operations."""
    for operation in operations:
        if not operation.per_resource:
            yield _document(file, operation, Kind.RESPONSE, file.source.read)
        elif calls := identify(operation, plain(msgspec.json.encode(file.top), file.source.path)):
            yield _calls(file, operation, calls)


def _operations(name: str, key: str, raw: msgspec.Raw) -> tuple[Operation, ...]:
    """The operations whose response has the key; of several the one that the file's name or the content says."""
    known = by_key().get(key, ())
    if key in ("EnableDnsSupport", "EnableDnsHostnames"):
        return (OPERATIONS["ec2", "describe-vpc-attribute"],)
    if key == "PrefixLists":
        return (_prefix_lists(name, bytes(raw)),)
    if key == "Environments" and b"{" in bytes(raw):
        return ()
    named = by_name(_words(name))
    return (named,) if named is not None and named in known else known


def _prefix_lists(name: str, content: bytes) -> Operation:
    managed = OPERATIONS["ec2", "describe-managed-prefix-lists"]
    addresses = OPERATIONS["ec2", "describe-prefix-lists"]
    if b'"Cidrs"' in content:
        return addresses
    return managed if b"{" in content or "managed" in name.lower() else addresses


def _words(name: str) -> list[str]:
    """What in a file's name may be an operation: `ec2-describe-vpcs`, `describe-vpcs_us-east-1`."""
    stem = PurePosixPath(name).name.removesuffix(".json").lower()
    return [stem, *_WORD.findall(stem)]


def _named_by_resource(file: _File) -> list[Document]:
    """CloudMapper's `<service>-<operation>/<resource>`."""
    path = PurePosixPath(file.name)
    operation = by_name([path.parent.name])
    if operation is None or not operation.per_resource or (operation.key and operation.key not in file.top):
        return []
    resource = unquote_plus(path.name.removesuffix(".json"))
    parameters = {operation.parameters[0]: resource}
    return [_calls(file, operation, [(parameters, plain(msgspec.json.encode(file.top), file.source.path), "")])]


def _from_batfish(file: _File, key: str, raw: msgspec.Raw) -> Document:
    operation = OPERATIONS[batfish.KEYS[key]]
    items = plain(raw, file.source.path)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise SnapshotError(file.source.path, f"/{key}", "expected an array of objects")
    adapted = batfish.adapted(key, items)
    kind = Kind.CALLS if operation.per_resource else Kind.RESPONSE
    written = partial(batfish.written, key)
    return _document(file, operation, kind, _adapting(file.source, adapted), written)


def _calls(file: _File, operation: Operation, calls: Iterable[tuple[dict[str, Any], Any, str]]) -> Document:
    """A document of calls from (parameters, response, where the response lies in the file)."""
    listed = list(calls)
    content = {"Calls": [{"Parameters": asked, "Response": answer} for asked, answer, _ in listed]}
    places = [place for _, _, place in listed]
    return _document(file, operation, Kind.CALLS, _adapting(file.source, content), partial(_written_whole, places))


def _written_whole(places: list[str], pointer: str) -> str:
    index, _, rest = pointer.removeprefix("/Calls/").partition("/")
    rest = rest.removeprefix("Response").removeprefix("/")
    place = places[int(index)] if index.isdigit() else ""
    return f"{place}/{rest}" if rest and not place else place


def _adapting(source: Source, content: object) -> Callable[[], bytes]:
    """Gives what an adapter made; the bytes kept for a later read of the file itself are let go."""
    source.read()
    encoded = msgspec.json.encode(content)
    return lambda: encoded


def _document(
    file: _File,
    operation: Operation,
    kind: Kind,
    load: Callable[[], bytes],
    written: Callable[[str], str] = as_written,
) -> Document:
    region = GLOBAL if operation.is_global else ""
    ref = CallRef("", region, operation.service, operation.operation)
    return Document(ref, file.name, kind, load, written, file.source.path)
