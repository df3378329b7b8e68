"""Selections: the ends that `from` and `to` mean together, without those that are excepted.

What is excepted is taken away by its addresses, of what sends at the same place only; a name by the name alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from mwaanet.checks.answer import Answer
from mwaanet.checks.context import Context
from mwaanet.checks.language import Check, Selection
from mwaanet.checks.result import Status
from mwaanet.checks.selectors import End, HostName, select
from mwaanet.errors import EmptySelectionError
from mwaanet.net import AddressSet
from mwaanet.paths.question import Endpoint, Start


def selected(context: Context, check: Check, selection: Selection) -> tuple[End, ...]:
    """The ends of a selection, each once.

    EmptySelectionError where a selector means nothing in the snapshot; a check that allows it goes without.
    """
    key = ("selected", selection, check.allow_empty)
    return context.once(key, lambda: _selected(context, selection, allow_empty=check.allow_empty))


def _selected(context: Context, selection: Selection, *, allow_empty: bool) -> tuple[End, ...]:
    ends = {end.name: end for end in _ends(context, selection.of, allow_empty=allow_empty)}
    if not selection.excluding:
        return tuple(ends.values())
    return tuple(_without(ends.values(), list(_ends(context, selection.excluding, allow_empty=allow_empty))))


def _ends(context: Context, texts: Iterable[str], *, allow_empty: bool) -> Iterator[End]:
    """The ends of selectors; a fact in one that is a list stands for each of its values."""
    for text in texts:
        for filled in context.facts.fill_each(text) if context.facts else (text,):
            try:
                yield from select(context.network, context.facts, filled)
            except EmptySelectionError:
                if not allow_empty:
                    raise


def _without(ends: Iterable[End], excepted: Sequence[End]) -> Iterator[End]:
    """What is left of the ends."""
    names = {end.name for end in excepted if isinstance(end, HostName)}
    taken = [end for end in excepted if isinstance(end, Endpoint)]
    for end in ends:
        if isinstance(end, Endpoint):
            rest = _rest(end, taken)
            if rest.starts or rest.addresses or rest.unknown:
                yield rest
        elif end.name not in names:
            yield end


def _rest(end: Endpoint, taken: Sequence[Endpoint]) -> Endpoint:
    addresses = end.addresses
    for other in taken:
        addresses = addresses - other.addresses
    starts = tuple(start for one in end.starts if (start := _start(one, taken)).addresses)
    return replace(end, starts=starts, addresses=addresses)


def _start(start: Start, taken: Sequence[Endpoint]) -> Start:
    gone = AddressSet.NONE
    for other in (other for end in taken for other in end.starts):
        if other.position.component == start.position.component:
            gone = gone | other.addresses
    return replace(start, addresses=start.addresses - gone) if gone else start


def combined(rows: Sequence[Sequence[Sequence[Answer]]], *, every_source: bool, every_end: bool) -> list[Answer]:
    """The answers that count, of those of every pair: by rows of sources, each with the answers of its destinations."""
    sources = [_of(row, every=every_end) for row in rows]
    return _of(sources, every=every_source)


def _of(groups: Sequence[Sequence[Answer]], *, every: bool) -> list[Answer]:
    """All groups of answers, or where one is enough the best of them, and all where none is."""
    if every or len(groups) < 2:
        return [answer for group in groups for answer in group]
    statuses = [Status.worst(answer.segment.status for answer in group) for group in groups]
    for wanted in ((Status.PASS,), (Status.WARN,), (Status.UNKNOWN,)):
        found = [group for group, status in zip(groups, statuses, strict=True) if status in wanted]
        if found:
            return [answer for group in found[:1] for answer in group]
    return [answer for group in groups for answer in group]
