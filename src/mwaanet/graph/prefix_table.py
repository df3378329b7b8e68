"""Longest-prefix match over sets of addresses: which entry of a table each address of a set matches."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Generic, NamedTuple, TypeVar

from mwaanet.net import AddressSet, Intervals

Payload = TypeVar("Payload")
Choice = TypeVar("Choice", bound=Hashable)


class Prefix(NamedTuple, Generic[Payload]):
    """One entry: a block of addresses of one family, as inclusive integers, and what it stands for."""

    first: int
    last: int
    payload: Payload


class _Ranges(NamedTuple, Generic[Payload]):
    """One family's addresses, cut where an entry begins or ends: first and last of each range, what covers it."""

    firsts: list[int]
    lasts: list[int]
    covering: list[tuple[Prefix[Payload], ...]]


class PrefixTable(Generic[Choice]):
    """A partition of both address families into ranges; what decides in one is settled when it is first asked for."""

    __slots__ = ("_choices", "_decide", "_decided", "_ranges")

    def __init__(
        self,
        ranges: Mapping[int, _Ranges[Any]],
        decide: Callable[[Sequence[Prefix[Any]]], Choice | None],
    ) -> None:
        self._ranges = ranges
        self._decide = decide
        self._decided: dict[tuple[int, int], Choice | None] = {}
        self._choices: dict[Choice, Choice] = {}

    @classmethod
    def build(
        cls,
        entries: Iterable[tuple[AddressSet, Payload]],
        decide: Callable[[Sequence[Prefix[Payload]]], Choice | None],
    ) -> PrefixTable[Choice]:
        """Build the partition; `decide` is given all entries that cover a range, the widest first.

        Blocks are taken as they are: every contiguous span of an entry's addresses is one block, so an entry
        holds one CIDR. A `decide` that returns None leaves the range without a choice.
        """
        families: dict[int, list[Prefix[Payload]]] = {4: [], 6: []}
        for addresses, payload in entries:
            for family, intervals in ((4, addresses.v4), (6, addresses.v6)):
                families[family].extend(Prefix(first, last, payload) for first, last in intervals.spans)
        return cls({family: _partition(prefixes) for family, prefixes in families.items()}, decide)

    def split(self, addresses: AddressSet) -> tuple[list[tuple[Choice, AddressSet]], AddressSet]:
        """The given addresses by the choice that decides them, and those that match no entry."""
        spans: dict[int, dict[int, list[tuple[int, int]]]] = {}
        choices: dict[int, Choice] = {}
        for family, intervals in ((4, addresses.v4), (6, addresses.v6)):
            firsts, lasts, _ = self._ranges[family]
            for low, high in intervals.spans:
                index = max(bisect_right(firsts, low) - 1, 0)
                while index < len(firsts) and firsts[index] <= high:
                    start, end = max(low, firsts[index]), min(high, lasts[index])
                    choice = self._choice(family, index) if start <= end else None
                    if choice is not None:
                        choices[id(choice)] = choice
                        spans.setdefault(id(choice), {4: [], 6: []})[family].append((start, end))
                    index += 1
        parts = [
            (choices[key], AddressSet(Intervals.of(*found[4]), Intervals.of(*found[6]))) for key, found in spans.items()
        ]
        four, six = ([span for found in spans.values() for span in found[family]] for family in (4, 6))
        return parts, addresses - AddressSet(Intervals.of(*four), Intervals.of(*six))

    def _choice(self, family: int, index: int) -> Choice | None:
        """What decides in a range: the same object for all ranges where the same decides."""
        key = family, index
        if key not in self._decided:
            choice = self._decide(self._ranges[family].covering[index])
            self._decided[key] = choice if choice is None else self._choices.setdefault(choice, choice)
        return self._decided[key]


def _partition(prefixes: list[Prefix[Payload]]) -> _Ranges[Payload]:
    """Sweep over the boundaries; the blocks that are open, sorted widest first, cover the range up to the next."""
    prefixes.sort(key=lambda prefix: (prefix.first, -prefix.last))
    boundaries = sorted({prefix.first for prefix in prefixes} | {prefix.last + 1 for prefix in prefixes})
    ranges: _Ranges[Payload] = _Ranges([], [], [])
    open_blocks: list[Prefix[Payload]] = []
    upcoming = 0
    for low, after in pairwise(boundaries):
        open_blocks = [prefix for prefix in open_blocks if prefix.last >= low]
        while upcoming < len(prefixes) and prefixes[upcoming].first == low:
            open_blocks.append(prefixes[upcoming])
            upcoming += 1
        if open_blocks:
            open_blocks.sort(key=lambda prefix: prefix.first - prefix.last)
            ranges.firsts.append(low)
            ranges.lasts.append(after - 1)
            ranges.covering.append(tuple(open_blocks))
    return ranges
