"""Boxes as text for people. The text depends on the packets only, not on how they are cut into boxes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from mwaanet.net.address import ALL_V4, ALL_V6, AddressSet
from mwaanet.net.boxes import FULL, Box, Kind
from mwaanet.net.intervals import EMPTY, Intervals, Span
from mwaanet.net.protocol import ANY_PROTOCOL, protocol_name

SHOWN: Final = 3
"""How many parts of a set, addresses of an end or runs of ports are written out, unless asked otherwise."""

_NAMED: Final = 4
"""How many protocols are written by name; the four that have ports or types must fit."""

_ALL: Final = {4: ALL_V4, 6: ALL_V6}

Row = tuple[Intervals, ...]


class _Part(NamedTuple):
    """One product of axes, as it will be written; of kind OTHER where no ports and types are to be written."""

    families: tuple[int, ...]
    kind: Kind
    protocols: Intervals
    src: Intervals
    dst: Intervals
    a: Intervals
    b: Intervals


def describe(boxes: Sequence[Box], most: int = SHOWN) -> str:
    """Disjoint boxes as text: parts joined by "; ", "none" without any, "any" for all packets.

    `most` is how many parts, addresses of an end and runs of ports are written out.
    """
    parts = _parts(boxes)
    more = f" (+{len(parts) - most} more)" if len(parts) > most else ""
    return ("; ".join(_text(part, most) for part in parts[:most]) or "none") + more


def _parts(boxes: Sequence[Box]) -> list[_Part]:
    """The boxes cut in the one canonical way, then united where a reader would."""
    parts: dict[object, _Part] = {}
    for family, kind in sorted({box[:2] for box in boxes}):
        rows = [(box.src, box.dst, box.protocols, box.b, box.a) for box in boxes if box[:2] == (family, kind)]
        for src, dst, protocols, b, a in canonical(rows):
            part = _Part((family,), kind, protocols, src, dst, a, b)
            key: object = (family, src, dst) if a == b == FULL[kind] else part
            parts[key] = _every_kind(parts[key], part) if key in parts else part
    whole: dict[object, _Part] = {}
    for part in parts.values():
        spans_family = part.src == part.dst == _ALL[part.families[0]]
        key = (part.protocols, part.a, part.b) if spans_family else part
        whole[key] = whole[key]._replace(families=(4, 6)) if key in whole else part
    return list(whole.values())


def _every_kind(one: _Part, other: _Part) -> _Part:
    """Two parts that differ in their protocols only and have every port, type and code."""
    return one._replace(kind=Kind.OTHER, protocols=one.protocols | other.protocols)


def canonical(rows: Sequence[Row]) -> list[Row]:
    """The only way to cut the union of disjoint products of axes in which, axis by axis, equal slices share a product.

    Products are ordered by their least member. All rows have the same number of axes.
    """
    if len(rows) <= 1:
        return list(rows)
    cuts = sorted({cut for row in rows for low, high in row[0].spans for cut in (low, high + 1)})
    tails: dict[tuple[int, ...], tuple[Row, ...]] = {}
    spans: dict[tuple[Row, ...], list[Span]] = {}
    for low, after in pairwise(cuts):
        alive = tuple(at for at, row in enumerate(rows) if low in row[0])
        if not alive:
            continue
        if alive not in tails:
            tails[alive] = tuple(canonical([rows[at][1:] for at in alive]))
        spans.setdefault(tails[alive], []).append((low, after - 1))
    return [(Intervals.of(*head), *tail) for alike, head in spans.items() for tail in alike]


def _text(part: _Part, most: int) -> str:
    if part.families == (4, 6) and part.protocols == ANY_PROTOCOL and part.kind is Kind.OTHER:
        return "any"
    src, dst = _end(part, part.src, part.dst, most), _end(part, part.dst, part.src, most)
    line = f"{_protocols(part.protocols)} {src} -> {dst}"
    if part.kind is Kind.PORTS:
        host = f"[{dst}]" if ":" in dst and not dst.startswith("{") else dst
        line = f"{_protocols(part.protocols)} {src} -> {host}:{_numbers(part.b, Kind.PORTS, most)}"
        return line if part.a == FULL[Kind.PORTS] else f"{line} (source ports {_numbers(part.a, Kind.PORTS, most)})"
    if part.kind is Kind.ICMP:
        fields = [
            f"{name} {_numbers(numbers, Kind.ICMP, most)}"
            for name, numbers in (("type", part.a), ("code", part.b))
            if numbers != FULL[Kind.ICMP]
        ]
        return f"{line} ({', '.join(fields)})" if fields else line
    return line


def _end(part: _Part, addresses: Intervals, other_end: Intervals, most: int) -> str:
    """One end's addresses; "any" where the other end, or a part of both families, leaves no doubt of the family."""
    family = part.families[0]
    if addresses == _ALL[family] and (other_end != _ALL[family] or part.families == (4, 6)):
        return "any"
    texts = (AddressSet(addresses, EMPTY) if family == 4 else AddressSet(EMPTY, addresses)).texts()
    if len(texts) == 1:
        return texts[0]
    more = [f"+{len(texts) - most} more"] if len(texts) > most else []
    return "{" + ", ".join([*texts[:most], *more]) + "}"


def _numbers(numbers: Intervals, kind: Kind, most: int) -> str:
    """Ports, types or codes; "any" for all of them."""
    if numbers == FULL[kind]:
        return "any"
    left = len(numbers.spans) - most
    return f"{Intervals(numbers.spans[:most])} (+{left} more)" if left > 0 else str(numbers)


def _protocols(protocols: Intervals) -> str:
    """Names where there are few, or few are missing, else numbers."""
    missing = ANY_PROTOCOL - protocols
    if not missing:
        return "any"
    if protocols.size <= _NAMED:
        return _names(protocols)
    if missing.size <= _NAMED:
        return f"any but {_names(missing)}"
    return f"protocols {protocols}"


def _names(protocols: Intervals) -> str:
    names = [protocol_name(number) for low, high in protocols.spans for number in range(low, high + 1)]
    return "/".join(f"protocol {name}" if name.isdecimal() else name for name in names)
