"""The embedded demo: one healthy environment, and variants of it that are broken as people break them.

`demo/snapshot/` is a snapshot like any other; `demo/variants.yaml` says what each variant changes in it and what
a diagnosis of it has to find. Both are written by `tools/make_demo.py`.

A change names a file, an operation and a place in the file. The place is a JSON pointer in which a list's item may
be chosen by what it holds:

    /RouteTables[RouteTableId=rtb-0a1b]/Routes[DestinationPrefixListId=pl-63a5400a]
    /Calls[Parameters.Bucket=data]/Response/Policy           a dotted key looks inside the item
    /NetworkAcls[NetworkAclId=acl-0c]/Entries[Egress=true][RuleNumber=100]      all of several must hold
    /VpcEndpoints[VpcEndpointId=vpce-0d]/RouteTableIds[=rtb-0a1b]               the item itself
    /errors/-                                                the end of a list, for `add`

An empty pointer is the whole file. In a file that is no JSON (the site file) the place is the text itself, which must
stand there once.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

import msgspec
import yaml

from mwaanet.errors import SnapshotError, UsageError
from mwaanet.resources import demo_folder

DEFAULT = "s3-route-missing"
"""The variant that `--demo` shows when no name is given."""

HEALTHY = "healthy"

_TOKEN = re.compile(r"/([^/\[\]]*)((?:\[[^\]]*\])*)")
_CONDITION = re.compile(r"\[([^=\]]*)=([^\]]*)\]")
_MISSING = object()


class Change(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One change of one file."""

    file: str
    """The path inside the snapshot."""
    op: Literal["add", "remove", "replace"]
    """As in JSON Patch: `replace` and `remove` need something that is there, `add` puts a key or a list's item."""
    pointer: str = ""
    """Where; empty for the whole file."""
    value: Any = None
    """What is put there."""


class Expectation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a diagnosis of the variant has to say."""

    paths: dict[str, str | list[str]]
    """Each path's status, or the statuses of which one must be given."""
    culprits: list[str | list[str]]
    """Resources that a finding must name; of a list, one."""


class Variant(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One state of the demo's environment."""

    title: str
    """The fault in one line."""
    story: str
    """What people did, in two sentences."""
    breaks: list[str]
    """The paths that no longer work (or that nothing is known of)."""
    expect: Expectation
    """What a diagnosis has to say."""
    changes: list[Change]
    """What is different from the healthy snapshot."""


def variants() -> Mapping[str, Variant]:
    """All variants by name; `healthy` is the first."""
    return _variants()


def files(name: str = DEFAULT) -> Mapping[str, bytes]:
    """The snapshot of a variant: path -> content. An unknown name raises UsageError with the nearest ones."""
    known = variants()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
        raise UsageError(
            f"no demo is called {name!r}; {'did you mean' if near else 'there are'} {_either(near or known)}"
        )
    return changed(_healthy_files(), known[name].changes)


def changed(healthy: Mapping[str, bytes], changes: list[Change]) -> Mapping[str, bytes]:
    """The files with the changes made, in their order; a change that does not fit raises SnapshotError."""
    result = dict(healthy)
    documents: dict[str, Any] = {}
    for change in changes:
        if change.file not in result:
            raise SnapshotError(change.file, "", "the demo has no such file")
        if change.pointer == "" and change.op == "remove":
            del result[change.file]
            documents.pop(change.file, None)
            continue
        if not change.file.endswith(".json"):
            result[change.file] = _rewritten(result[change.file], change)
            continue
        document = documents.setdefault(change.file, json.loads(result[change.file]))
        _apply(document, change)
    return result | {file: as_bytes(document) for file, document in documents.items()}


def _rewritten(content: bytes, change: Change) -> bytes:
    """A text with one part of it replaced or removed."""
    text = content.decode()
    if change.op == "add" or text.count(change.pointer) != 1:
        raise SnapshotError(change.file, "", f"does not hold {change.pointer!r} once")
    return text.replace(change.pointer, str(change.value) if change.op == "replace" else "").encode()


def as_bytes(document: object) -> bytes:
    """JSON as the demo's files are written: indented, with a newline at the end."""
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


@cache
def _variants() -> Mapping[str, Variant]:
    path = demo_folder() / "variants.yaml"
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        return MappingProxyType(msgspec.convert(raw, dict[str, Variant]))
    except (OSError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise SnapshotError(str(path), "", f"cannot be read: {error}") from error


@cache
def _healthy_files() -> Mapping[str, bytes]:
    folder = demo_folder() / "snapshot"
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return MappingProxyType({path.relative_to(folder).as_posix(): path.read_bytes() for path in paths})


def _either(names: list[str] | Mapping[str, Variant]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def _apply(document: Any, change: Change) -> None:
    *way, last = _steps(change)
    place = document
    for step in way:
        place = place[_key(place, step, change)]
    if change.op == "add":
        _add(place, last, change)
        return
    key = _key(place, last, change)
    if change.op == "remove":
        del place[key]
    else:
        place[key] = change.value


def _steps(change: Change) -> list[str]:
    """The pointer's steps: names, indices, and selectors with their brackets."""
    if "".join(match.group() for match in _TOKEN.finditer(change.pointer)) != change.pointer or not change.pointer:
        raise SnapshotError(change.file, change.pointer, "not a pointer")
    pairs = [match.groups() for match in _TOKEN.finditer(change.pointer)]
    return [step.replace("~1", "/").replace("~0", "~") for pair in pairs for step in pair if step]


def _add(place: Any, step: str, change: Change) -> None:
    if isinstance(place, list) and step == "-":
        place.append(change.value)
    elif isinstance(place, dict) and step not in place:
        place[step] = change.value
    else:
        raise SnapshotError(change.file, change.pointer, "nothing can be added here")


def _key(place: Any, step: str, change: Change) -> Any:
    """The key or index that a step leads to; it must be there."""
    if step.startswith("[") and isinstance(place, list):
        conditions = _CONDITION.findall(step)
        found = [index for index, item in enumerate(place) if all(_holds(item, *pair) for pair in conditions)]
        if len(found) == 1:
            return found[0]
        raise SnapshotError(change.file, change.pointer, f"{len(found)} items match {step}, expected one")
    if isinstance(place, list) and step.isdigit() and int(step) < len(place):
        return int(step)
    if isinstance(place, dict) and step in place:
        return step
    raise SnapshotError(change.file, change.pointer, f"there is no {step}")


def _holds(item: Any, key: str, expected: str) -> bool:
    for part in key.split(".") if key else ():
        item = item.get(part, _MISSING) if isinstance(item, dict) else _MISSING
    if item is _MISSING:
        return False
    return expected == (item if isinstance(item, str) else json.dumps(item))
