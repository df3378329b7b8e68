"""From a topology that fails to a small one that still does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from dataplane.generate import topology
from dataplane.judge import Disagreement, disagreeing, settled
from dataplane.snapshot import calls
from dataplane.spec import Attachment, Topology
from dataplane.verdicts import verdicts

Value = TypeVar("Value")
TRIES = 400
FIXED = ("ports", "hosts", "cidrs", "learns")
"""Lists of a noun that stay as they are: others rest on them."""


def shrunk(spec: Topology, fails: Callable[[Topology], bool], tries: int = TRIES) -> Topology:
    """Take things away, one after the other, as long as it fails without them."""
    smaller = True
    while smaller:
        smaller = False
        for candidate in _smaller(spec):
            tries -= 1
            if tries < 0:
                return spec
            if fails(candidate):
                spec, smaller = candidate, True
                break
    return spec


def report(seed: int) -> str:
    """The topology of a seed that fails, as small as it gets, as builder calls, with what disagrees."""
    spec = topology(seed)
    found = _found(spec, seed)
    if not found:
        return f"seed {seed} disagreed once, and not when it was asked again"
    chosen = next((one for one in found if one.certain), found[0])
    small = shrunk(replace(spec, flows=(chosen.flow,)), lambda one: bool(_found(one, seed)))
    return "\n".join(
        [
            f"seed {seed}, {len(found)} flows disagree; shrunk:",
            *map(str, _found(small, seed)),
            calls(small),
            repr(small),
        ]
    )


def _found(spec: Topology, pick: int) -> list[Disagreement]:
    said = verdicts(spec)
    return disagreeing(said, settled(spec, said, pick)) if spec.flows else []


def _smaller(spec: Topology) -> Iterator[Topology]:
    """Every topology with one thing less: a noun with all that refers to it, or an item of a noun's own lists."""
    main = {one.name for one in spec.tables if one.main}
    for name in [one.name for group in _nouns(spec) for one in group if one.name not in main]:
        yield without(spec, name)
    for field in fields(spec):
        if field.name == "flows":
            continue
        for number, noun in enumerate(getattr(spec, field.name)):
            for less in _trimmed(noun):
                nouns = list(getattr(spec, field.name))
                nouns[number] = less
                yield replace(spec, **{field.name: tuple(nouns)})


def _nouns(spec: Topology) -> Iterator[tuple[Any, ...]]:
    yield from (getattr(spec, field.name) for field in fields(spec) if field.name != "flows")


def _trimmed(noun: Any) -> Iterator[Any]:
    """A noun with one item less in one of its lists."""
    for field in fields(noun):
        items = getattr(noun, field.name)
        least = 1 if field.name == "announces" or isinstance(noun, Attachment) else 0
        if isinstance(items, tuple) and len(items) > least and field.name not in FIXED:
            for number in range(len(items)):
                yield replace(noun, **{field.name: items[:number] + items[number + 1 :]})


def without(spec: Topology, gone: str) -> Topology:
    """Without a noun, and without whatever cannot be without it."""
    before = {one.name for group in _nouns(spec) for one in group}
    spec = _purged(spec, gone)
    spec = replace(spec, attachments=tuple(one for one in spec.attachments if one.subnets))
    after = {one.name for group in _nouns(spec) for one in group}
    for name in sorted(before - after - {gone}):
        spec = without(spec, name)
    return spec


def _purged(value: Value, gone: str) -> Value:
    if isinstance(value, tuple):
        return tuple(_purged(one, gone) for one in value if not _refers(one, gone))  # type: ignore[return-value]
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _purged(getattr(value, field.name), gone) for field in fields(value)})
    return value


def _refers(value: Any, gone: str) -> bool:
    if is_dataclass(value):
        return any(getattr(value, field.name) == gone for field in fields(value))
    return bool(value == gone)
