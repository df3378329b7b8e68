"""Longest-prefix match over sets of addresses: which entry of a table each address of a set matches."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from mwaanet.net import AddressSet, Intervals

Payload = TypeVar("Payload")
Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True)
class Prefix(Generic[Payload]):
    """One entry: a block of addresses of one family, as inclusive integers, and what it stands for."""

    first: int
    last: int
    payload: Payload


class PrefixTable(Generic[Choice]):
    """A partition of both address families into ranges, each with the choice that decides there."""

    __slots__ = ("_ranges",)

    def __init__(self, ranges: dict[int, tuple[tuple[int, ...], tuple[tuple[int, Choice], ...]]]) -> None:
        self._ranges = ranges

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
        return cls({family: _partition(prefixes, decide) for family, prefixes in families.items()})

    def split(self, addresses: AddressSet) -> tuple[list[tuple[Choice, AddressSet]], AddressSet]:
        """The given addresses by the choice that decides them, and those that match no entry."""
        spans: dict[int, dict[int, list[tuple[int, int]]]] = {}
        choices: dict[int, Choice] = {}
        unmatched = addresses
        for family, intervals in ((4, addresses.v4), (6, addresses.v6)):
            firsts, ranges = self._ranges[family]
            for low, high in intervals.spans:
                index = max(bisect_right(firsts, low) - 1, 0)
                while index < len(firsts) and firsts[index] <= high:
                    last, choice = ranges[index]
                    start, end = max(low, firsts[index]), min(high, last)
                    if start <= end:
                        choices[id(choice)] = choice
                        spans.setdefault(id(choice), {4: [], 6: []})[family].append((start, end))
                    index += 1
        parts = []
        for key, found in spans.items():
            part = AddressSet(Intervals.of(*found[4]), Intervals.of(*found[6]))
            unmatched = unmatched - part
            parts.append((choices[key], part))
        return parts, unmatched


def _partition(
    prefixes: list[Prefix[Payload]], decide: Callable[[Sequence[Prefix[Payload]]], Choice | None]
) -> tuple[tuple[int, ...], tuple[tuple[int, Choice], ...]]:
    """Sweep over the boundaries; the blocks that are open, sorted widest first, cover the range up to the next."""
    prefixes.sort(key=lambda prefix: (prefix.first, -prefix.last))
    boundaries = sorted({prefix.first for prefix in prefixes} | {prefix.last + 1 for prefix in prefixes})
    firsts: list[int] = []
    ranges: list[tuple[int, Choice]] = []
    covering: list[Prefix[Payload]] = []
    upcoming = 0
    for low, after in pairwise(boundaries):
        covering = [prefix for prefix in covering if prefix.last >= low]
        while upcoming < len(prefixes) and prefixes[upcoming].first == low:
            covering.append(prefixes[upcoming])
            upcoming += 1
        if not covering:
            continue
        covering.sort(key=lambda prefix: prefix.first - prefix.last)
        choice = decide(covering)
        if choice is not None:
            firsts.append(low)
            ranges.append((after - 1, choice))
    return tuple(firsts), tuple(ranges)
