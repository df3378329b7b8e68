"""Boxes: products of axes, and the few operations on them from which packet sets are made.

A box never mixes address families, nor protocols of different `Kind`, because the meaning of the last two axes
depends on the kind. Everything here is a function from boxes to boxes; lists of boxes are disjoint unless a
docstring says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Final, NamedTuple

from mwaanet.net.intervals import Intervals
from mwaanet.net.protocol import ANY_PORT, ANY_PROTOCOL, ICMP, ICMPV6, TCP, UDP


class Kind(IntEnum):
    """What the axes `a` and `b` of a box mean."""

    PORTS = 0
    """TCP and UDP: source port and destination port."""
    ICMP = 1
    """ICMP and ICMPv6: type and code."""
    OTHER = 2
    """Every other protocol has neither; both axes hold the one value 0."""


class Box(NamedTuple):
    """The packets whose every field lies in the axis of that field; no axis is empty.

    `box[2:]` are the axes; boxes that differ in one of the two fields before them have no packet in common.
    """

    family: int
    """4 or 6, of both addresses."""
    kind: Kind
    """The kind of all of `protocols`."""
    protocols: Intervals
    src: Intervals
    dst: Intervals
    a: Intervals
    """Source port, ICMP type or 0, by kind."""
    b: Intervals
    """Destination port, ICMP code or 0, by kind."""


PROTOCOLS: Final = {
    Kind.PORTS: Intervals.of((TCP, TCP), (UDP, UDP)),
    Kind.ICMP: Intervals.of((ICMP, ICMP), (ICMPV6, ICMPV6)),
    Kind.OTHER: ANY_PROTOCOL - Intervals.of((TCP, TCP), (UDP, UDP), (ICMP, ICMP), (ICMPV6, ICMPV6)),
}
"""The protocols of each kind."""

FULL: Final = {
    Kind.PORTS: ANY_PORT,
    Kind.ICMP: Intervals.of((0, 255)),
    Kind.OTHER: Intervals.single(0),
}
"""The whole of the axes `a` and `b` of each kind."""

_AXES: Final = range(5)

_ANSWERS: Final = {
    ICMP: {8: 0, 0: 8, 13: 14, 14: 13, 15: 16, 16: 15, 17: 18, 18: 17},
    ICMPV6: {128: 129, 129: 128},
}
"""The ICMP types that come in pairs of request and reply: each to its other (RFC 792, 950 and 4443)."""


def meet(x: Box, y: Box) -> Box | None:
    """The packets in both boxes, `x` itself if it lies within `y`; None if there are none."""
    if x[1] != y[1] or x[0] != y[0]:
        return None
    return narrowed(x, y[2], y[3], y[4], y[5], y[6])


def narrowed(
    box: Box,
    protocols: Intervals | None,
    src: Intervals | None,
    dst: Intervals | None,
    a: Intervals | None,
    b: Intervals | None,
) -> Box | None:
    """The box with each axis cut down to the one given (None leaves it), itself if unchanged; None if nothing is left.

    The axes that most often exclude each other are cut first.
    """
    new_dst = box[4] if dst is None else box[4] & dst
    if not new_dst.spans:
        return None
    new_src = box[3] if src is None else box[3] & src
    if not new_src.spans:
        return None
    new_protocols = box[2] if protocols is None else box[2] & protocols
    if not new_protocols.spans:
        return None
    new_b = box[6] if b is None else box[6] & b
    new_a = box[5] if a is None else box[5] & a
    if not new_b.spans or not new_a.spans:
        return None
    if new_dst is box[4] and new_src is box[3] and new_protocols is box[2] and new_b is box[6] and new_a is box[5]:
        return box
    return Box(box[0], box[1], new_protocols, new_src, new_dst, new_a, new_b)


def minus(x: Box, y: Box) -> Sequence[Box]:
    """The packets of `x` that are not in `y`, as at most one box for each axis; `x` itself if they do not meet."""
    common = meet(x, y)
    if common is None:
        return (x,)
    if common is x:
        return ()
    pieces = []
    rest = list(x[2:])
    for at, kept in enumerate(common[2:]):
        if kept is not rest[at]:
            piece = rest.copy()
            piece[at] = rest[at] - kept
            pieces.append(Box(x.family, x.kind, *piece))
            rest[at] = kept
    return pieces


def minus_all(boxes: Iterable[Box], taken: Iterable[Box]) -> list[Box]:
    """The packets of `boxes` that are in none of `taken`, which need not be disjoint."""
    left = list(boxes)
    for other in taken:
        left = [piece for box in left for piece in minus(box, other)]
    return left


def merged(boxes: Iterable[Box], known: Iterable[Box] = ()) -> tuple[Box, ...]:
    """The same packets in fewer boxes: two that differ in one axis only become one.

    `known` are boxes to add that come from one such result, so that no two of them can be merged. Boxes that
    overlap may be given: those that agree in all other axes are united too, the rest stay overlapping.
    """
    done = list(known)
    for box in boxes:
        _insert(done, box)
    return tuple(done)


def disjoint(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """The union of boxes that may overlap."""
    done: list[Box] = []
    for box in merged(boxes):
        done += minus_all((box,), done)
    return merged(done)


def replies(box: Box) -> Sequence[Box]:
    """The box seen from the other end: addresses and ports swapped, ICMP requests turned into replies and back."""
    family, kind, protocols, src, dst, a, b = box
    if kind is Kind.PORTS:
        return (Box(family, kind, protocols, dst, src, b, a),)
    if kind is Kind.OTHER or a == FULL[kind]:
        return (Box(family, kind, protocols, dst, src, a, b),)
    return [
        Box(family, kind, Intervals.single(protocol), dst, src, _answered(a, pairs), b)
        for protocol, pairs in _ANSWERS.items()
        if protocol in protocols
    ]


def _answered(types: Intervals, pairs: Mapping[int, int]) -> Intervals:
    """ICMP types with each that has a counterpart replaced by it."""
    paired = [number for number in pairs if number in types]
    others = types - Intervals.of(*((number, number) for number in paired))
    return others | Intervals.of(*((pairs[number], pairs[number]) for number in paired))


def _insert(done: list[Box], box: Box) -> None:
    """Add a box to boxes of which no two can be merged, so that again no two can."""
    at = 0
    while at < len(done):
        joined = _joined(done[at], box)
        if joined is None:
            at += 1
        else:
            # The wider box may match one that the narrower had passed.
            del done[at]
            box, at = joined, 0
    done.append(box)


def _joined(x: Box, y: Box) -> Box | None:
    """Both boxes as one; None if they differ in more than one axis."""
    if x[1] != y[1] or x[0] != y[0]:
        return None
    mine, theirs = x[2:], y[2:]
    differing = -1
    for at in _AXES:
        if mine[at] is not theirs[at] and mine[at].spans != theirs[at].spans:
            if differing >= 0:
                return None
            differing = at
    if differing < 0:
        return x
    axes = list(mine)
    axes[differing] |= theirs[differing]
    return Box(x.family, x.kind, *axes)
