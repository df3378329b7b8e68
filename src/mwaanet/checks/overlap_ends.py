"""The ends that two assertions speak of, compared.

With a snapshot ends are compared by what they mean: who sends, from which addresses; which addresses are called.
Without one they are compared as they are written, addresses as sets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mwaanet.checks.context import Context
from mwaanet.checks.language import Check, Selection
from mwaanet.checks.selection import selected
from mwaanet.checks.selectors import End, HostName
from mwaanet.net import AddressSet
from mwaanet.paths.endpoints import addresses_of
from mwaanet.paths.question import Endpoint

Ends = Mapping[str, AddressSet]
"""Addresses by who holds them; a name or word stands for all of its own."""


def ends_meant(context: Context | None, check: Check, selection: Selection, *, sending: bool) -> Ends:
    """The ends of a selection; UsageError where one means nothing."""
    if context is None:
        return _written(selection)
    found: dict[str, AddressSet] = {}
    for end in selected(context, replace(check, allow_empty=True), selection):
        for holder, addresses in _parts(end, sending=sending):
            found[holder] = found.get(holder, AddressSet.NONE) | addresses
    return found


def _parts(end: End, *, sending: bool) -> Iterable[tuple[str, AddressSet]]:
    if isinstance(end, HostName):
        return [(end.name, AddressSet.ANY)]
    if not isinstance(end, Endpoint):
        return []
    if sending:
        return [(start.position.component, start.addresses) for start in end.starts]
    return [("", end.addresses)] if end.addresses else []


def _written(selection: Selection) -> Ends:
    found: dict[str, AddressSet] = {}
    for text in selection.of:
        addresses = addresses_of(text)
        key, held = (text, AddressSet.ANY) if addresses is None else ("", addresses)
        found[key] = found.get(key, AddressSet.NONE) | held
    for text in selection.excluding:
        addresses = addresses_of(text)
        if addresses is None:
            return {}
        found[""] = found.get("", AddressSet.NONE) - addresses
    return {key: held for key, held in found.items() if held}


def overlap(one: Ends, other: Ends) -> bool:
    """Whether somebody is among both."""
    return any(addresses & other[holder] for holder, addresses in one.items() if holder in other)


def within(one: Ends, other: Ends) -> bool:
    """Whether everybody of the one is among the other."""
    return all(holder in other and addresses.issubset(other[holder]) for holder, addresses in one.items())
