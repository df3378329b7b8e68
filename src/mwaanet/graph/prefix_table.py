"""Longest-prefix match over sets of addresses: which entry of a table each address of a set matches."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar

from mwaanet.net import AddressSet, Intervals

Payload = TypeVar("Payload")
Choice = TypeVar("Choice", bound=Hashable)


class Prefix(NamedTuple, Generic[Payload]):
    """One entry: a block of addresses of one family, as inclusive integers, and what it stands for."""

    first: int
    last: int
    payload: Payload


class _Blocks(NamedTuple, Generic[Payload]):
    """The entries of one family.

    `bounds` are the addresses at which one begins or has ended, in ascending order. `sized` has the blocks by size, the
    widest first: their last address less the first, the first addresses in ascending order, what each stands for.
    """

    bounds: list[int]
    sized: list[tuple[int, list[int], list[Payload]]]


class PrefixTable(Generic[Choice]):
    """A partition of both address families into ranges; what decides in one is settled when it is first asked for."""

    __slots__ = ("_blocks", "_choices", "_decide", "_decided")

    def __init__(
        self,
        blocks: Mapping[int, _Blocks[Any]],
        decide: Callable[[Sequence[Prefix[Any]]], Choice | None],
    ) -> None:
        self._blocks = blocks
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
        four: dict[int, list[tuple[int, Payload]]] = {}
        six: dict[int, list[tuple[int, Payload]]] = {}
        for addresses, payload in entries:
            for found, intervals in ((four, addresses.v4), (six, addresses.v6)):
                for first, last in intervals.spans:
                    found.setdefault(last - first, []).append((first, payload))
        return cls({4: _blocks(four), 6: _blocks(six)}, decide)

    def split(self, addresses: AddressSet) -> tuple[list[tuple[Choice, AddressSet]], AddressSet]:
        """The given addresses by the choice that decides them, and those that match no entry."""
        cuts = [
            (family, cut)
            for family, intervals in ((4, addresses.v4), (6, addresses.v6))
            for low, high in intervals.spans
            for cut in self._cut(family, low, high)
        ]
        if len(cuts) == 1:
            only = cuts[0][1][2]
            return ([], addresses) if only is None else ([(only, addresses)], AddressSet.NONE)
        found: dict[int, tuple[Choice | None, dict[int, list[tuple[int, int]]]]] = {}
        for family, (low, high, choice) in cuts:
            found.setdefault(id(choice), (choice, {4: [], 6: []}))[1][family].append((low, high))
        sets = [
            (choice, AddressSet(Intervals.of(*spans[4]), Intervals.of(*spans[6]))) for choice, spans in found.values()
        ]
        unmatched = next((part for choice, part in sets if choice is None), AddressSet.NONE)
        return [(choice, part) for choice, part in sets if choice is not None], unmatched

    def _cut(self, family: int, low: int, high: int) -> Iterator[tuple[int, int, Choice | None]]:
        """A span of addresses cut where other entries cover it, with what decides in each piece."""
        bounds = self._blocks[family].bounds
        at = bisect_right(bounds, low)
        while low <= high:
            end = min(high, bounds[at] - 1) if at < len(bounds) else high
            yield low, end, self._choice(family, at)
            low, at = end + 1, at + 1

    def _choice(self, family: int, at: int) -> Choice | None:
        """What decides before a bound: the same object for all ranges where the same decides."""
        key = family, at
        if key not in self._decided:
            covering = _covering(self._blocks[family], at)
            choice = self._decide(covering) if covering else None
            self._decided[key] = choice if choice is None else self._choices.setdefault(choice, choice)
        return self._decided[key]


def _blocks(found: Mapping[int, list[tuple[int, Payload]]]) -> _Blocks[Payload]:
    bounds = {bound for less, pairs in found.items() for first, _ in pairs for bound in (first, first + less + 1)}
    sized = []
    for less in sorted(found, reverse=True):
        pairs = sorted(found[less], key=itemgetter(0))
        sized.append((less, [first for first, _ in pairs], [payload for _, payload in pairs]))
    return _Blocks(sorted(bounds), sized)


def _covering(blocks: _Blocks[Payload], at: int) -> list[Prefix[Payload]]:
    """The entries that cover the range before a bound (the last bound is followed by nothing), the widest first."""
    if not 0 < at < len(blocks.bounds):
        return []
    address = blocks.bounds[at - 1]
    return [
        Prefix(firsts[index], firsts[index] + less, payloads[index])
        for less, firsts, payloads in blocks.sized
        for index in range(bisect_right(firsts, address - less - 1), bisect_right(firsts, address))
    ]
