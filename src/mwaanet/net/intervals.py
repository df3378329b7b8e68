"""Sets of integers as sorted spans: the one axis type that every other set here is built of."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import ClassVar

import msgspec

Span = tuple[int, int]
"""First and last member of a run of consecutive integers, both included."""


class Intervals(msgspec.Struct, frozen=True, eq=False, gc=False):
    """An immutable set of integers, kept as runs of consecutive ones.

    Build one with `of` or `single`. The constructor trusts its argument: `spans` must already be sorted,
    disjoint and non-adjacent, which makes the form unique and equality a comparison of tuples.

    >>> Intervals.of((1, 5), (9, 9)) & Intervals.of((4, 20))
    Intervals(spans=((4, 5), (9, 9)))
    """

    EMPTY: ClassVar[Intervals]
    """The set without members."""

    spans: tuple[Span, ...]
    """The runs, in ascending order, at least one missing integer apart."""

    @classmethod
    def of(cls, *spans: Span) -> Intervals:
        """The union of inclusive spans, in any order, overlapping or not; ValueError if one ends before it starts."""
        for low, high in spans:
            if low > high:
                raise ValueError(f"span {low}-{high} ends before it starts")
        return cls(_joined(sorted(spans)) if len(spans) > 1 else spans)

    @classmethod
    def single(cls, value: int) -> Intervals:
        """The set of one integer."""
        return cls(((value, value),))

    def __and__(self, other: Intervals) -> Intervals:
        """The integers in both; this very object if the other has all of them."""
        mine, theirs = self.spans, other.spans
        if mine == theirs or not mine:
            return self
        if len(mine) == 1 and len(theirs) == 1:
            (low, high), (start, end) = mine[0], theirs[0]
            if start <= low and high <= end:
                return self
            if low <= start and end <= high:
                return other
            if high < start or end < low:
                return EMPTY
            return Intervals(((max(low, start), min(high, end)),))
        if not theirs:
            return other
        if _covers(theirs, mine):
            return self
        first, last = _within(mine, theirs[0][0], theirs[-1][1])
        start, end = _within(theirs, mine[0][0], mine[-1][1])
        common = tuple(_common(mine[first:last], theirs[start:end]))
        return self if common == mine else Intervals(common)

    def __or__(self, other: Intervals) -> Intervals:
        """The integers in either."""
        mine, theirs = self.spans, other.spans
        if mine == theirs or not theirs or _covers(mine, theirs):
            return self
        if not mine or _covers(theirs, mine):
            return other
        many, few = (mine, theirs) if len(mine) >= len(theirs) else (theirs, mine)
        first, last = _within(many, few[0][0] - 1, few[-1][1] + 1)
        return Intervals(many[:first] + _joined(sorted(many[first:last] + few)) + many[last:])

    def __sub__(self, other: Intervals) -> Intervals:
        """The integers of this set that the other lacks; this very object if the other has none of them."""
        mine, theirs = self.spans, other.spans
        if not mine or not theirs or mine[-1][1] < theirs[0][0] or theirs[-1][1] < mine[0][0]:
            return self
        if mine == theirs or _covers(theirs, mine):
            return EMPTY
        first, last = _within(mine, theirs[0][0], theirs[-1][1])
        start, end = _within(theirs, mine[0][0], mine[-1][1])
        left = mine[:first] + tuple(_without(mine[first:last], theirs[start:end])) + mine[last:]
        return self if left == mine else Intervals(left)

    def __bool__(self) -> bool:
        """Whether there is any member."""
        return bool(self.spans)

    def __contains__(self, value: int) -> bool:
        """Whether the integer is a member."""
        at = bisect_right(self.spans, value, key=_first)
        return at > 0 and value <= self.spans[at - 1][1]

    def __eq__(self, other: object) -> bool:
        """Whether both have the same members."""
        return self.spans == other.spans if isinstance(other, Intervals) else NotImplemented

    __ne__ = object.__ne__
    """The contrary of `==`; that of other structs asks whether both are the same object."""

    def __hash__(self) -> int:
        """Agrees with equality."""
        return hash(self.spans)

    def __str__(self) -> str:
        """The runs as text: `80,443,8000-8100`; empty for the empty set."""
        return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in self.spans)

    @property
    def size(self) -> int:
        """The number of members."""
        return sum(high - low + 1 for low, high in self.spans)

    @property
    def min(self) -> int:
        """The smallest member; ValueError when empty."""
        if not self.spans:
            raise ValueError("an empty set has no smallest member")
        return self.spans[0][0]

    @property
    def max(self) -> int:
        """The largest member; ValueError when empty."""
        if not self.spans:
            raise ValueError("an empty set has no largest member")
        return self.spans[-1][1]

    def issubset(self, other: Intervals) -> bool:
        """Whether the other set has every member of this one."""
        mine, theirs = self.spans, other.spans
        return not mine or mine == theirs or _covers(theirs, mine) or not self - other


EMPTY = Intervals(())
"""The set without members."""

Intervals.EMPTY = EMPTY


def _first(span: Span) -> int:
    return span[0]


def _covers(outer: tuple[Span, ...], inner: tuple[Span, ...]) -> bool:
    """Whether `outer` is one run that holds all of `inner`, which is not empty."""
    return len(outer) == 1 and outer[0][0] <= inner[0][0] and inner[-1][1] <= outer[0][1]


def _within(spans: tuple[Span, ...], low: int, high: int) -> tuple[int, int]:
    """From where to where (not included) the spans have members between two integers, found by bisection."""
    first = bisect_left(spans, (low,))
    if first and spans[first - 1][1] >= low:
        first -= 1
    return first, bisect_left(spans, (high + 1,), first)


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans sorted by their start, with those that touch or overlap made one."""
    joined: list[Span] = []
    for low, high in spans:
        if joined and low <= joined[-1][1] + 1:
            if high > joined[-1][1]:
                joined[-1] = (joined[-1][0], high)
        else:
            joined.append((low, high))
    return tuple(joined)


def _common(mine: tuple[Span, ...], theirs: tuple[Span, ...]) -> Iterable[Span]:
    """The runs in both, in one pass over each."""
    i = j = 0
    while i < len(mine) and j < len(theirs):
        low, high = max(mine[i][0], theirs[j][0]), min(mine[i][1], theirs[j][1])
        if low <= high:
            yield (low, high)
        if mine[i][1] < theirs[j][1]:
            i += 1
        else:
            j += 1


def _without(mine: tuple[Span, ...], theirs: tuple[Span, ...]) -> Iterable[Span]:
    """The runs of `mine` with the holes that `theirs` cuts, in one pass over each."""
    j = 0
    for low, high in mine:
        while j < len(theirs) and theirs[j][1] < low:
            j += 1
        start, k = low, j
        while k < len(theirs) and theirs[k][0] <= high:
            if start < theirs[k][0]:
                yield (start, theirs[k][0] - 1)
            start = theirs[k][1] + 1
            k += 1
        j = max(j, k - 1)
        if start <= high:
            yield (start, high)
