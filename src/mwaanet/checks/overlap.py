"""What two assertions about packets have in common: which ends, protocols, ports and ways each is about.

With a snapshot ends are compared by what they mean: who sends, from which addresses; which addresses are called.
Without one they are compared as they are written, addresses as sets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from mwaanet.checks.context import Context
from mwaanet.checks.evaluate import applies
from mwaanet.checks.language import Check, Reach, Selection
from mwaanet.checks.selection import selected
from mwaanet.checks.selectors import End, HostName
from mwaanet.errors import UsageError
from mwaanet.net import ANY_PORT, AddressSet, Intervals, protocol_number
from mwaanet.paths.question import Endpoint

Ends = Mapping[str, AddressSet]
"""Addresses by who holds them; a name or word stands for all of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What one assertion is about."""

    check: Check
    verb: Reach
    sources: Ends
    destinations: Ends
    ports: Intervals
    unconditional: bool
    """Whether it speaks of all that it selects, whenever it is asked."""

    def shared(self, other: Meaning) -> str:
        """What both are about, in a few words; empty where that is nothing."""
        if self.check.negative == other.check.negative or not _meet(self, other):
            return ""
        negative, positive = (self, other) if self.check.negative else (other, self)
        ways = (negative.verb.via, negative.verb.not_via)
        if any(ways) and ways != (positive.verb.via, positive.verb.not_via):
            return ""
        ports = self.ports & other.ports
        text = str(ports) if ports != ANY_PORT else "every port"
        return f"{positive.verb.source} to {positive.verb.destination} on {positive.verb.protocol} {text}"

    def follows_from(self, other: Meaning) -> bool:
        """Whether the other says all that this one says."""
        if self.check.negative != other.check.negative or not (self.unconditional and other.unconditional):
            return False
        wider = protocol_number(other.verb.protocol) in (None, protocol_number(self.verb.protocol))
        ends = _within(self.sources, other.sources) and _within(self.destinations, other.destinations)
        return wider and ends and self.ports.issubset(other.ports) and self._same_ways(other)

    def _same_ways(self, other: Meaning) -> bool:
        mine, others = (self.verb.via, self.verb.not_via), (other.verb.via, other.verb.not_via)
        if mine == others:
            return True
        return not any(others) if self.check.negative else not any(mine)


def meaning_of(check: Check, context: Context | None) -> Meaning | None:
    """What an assertion is about; None where that cannot be compared, as of a part of a way, or of each of a list."""
    verb = check.verb
    if not isinstance(verb, Reach) or verb.part or check.each or (context and not applies(context, check)):
        return None
    try:
        sources = _ends(context, check, verb.source, sending=True)
        destinations = _ends(context, check, verb.destination, sending=False)
    except UsageError:
        return None
    if not sources or not destinations:
        return None
    every = (verb.source.every or len(sources) == 1) and (verb.destination.every or len(destinations) == 1)
    return Meaning(
        check=check,
        verb=verb,
        sources=sources,
        destinations=destinations,
        ports=_ports(context, check, verb),
        unconditional=every and (not check.when or context is not None),
    )


def _ports(context: Context | None, check: Check, verb: Reach) -> Intervals:
    if verb.ports:
        return Intervals.of(*verb.ports)
    if context is None:
        return ANY_PORT
    ends = selected(context, replace(check, allow_empty=True), verb.destination)
    named = [end.port for end in ends if isinstance(end, HostName) and end.port]
    return Intervals.of(*((port, port) for port in named)) if named else ANY_PORT


def _ends(context: Context | None, check: Check, selection: Selection, *, sending: bool) -> Ends:
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
        addresses = _addresses(text)
        key, held = (text, AddressSet.ANY) if addresses is None else ("", addresses)
        found[key] = found.get(key, AddressSet.NONE) | held
    for text in selection.excluding:
        addresses = _addresses(text)
        if addresses is None:
            return {}
        found[""] = found.get("", AddressSet.NONE) - addresses
    return {key: held for key, held in found.items() if held}


def _addresses(text: str) -> AddressSet | None:
    try:
        return AddressSet.parse(text)
    except ValueError:
        return None


def _meet(one: Meaning, other: Meaning) -> bool:
    numbers = protocol_number(one.verb.protocol), protocol_number(other.verb.protocol)
    alike = None in numbers or numbers[0] == numbers[1]
    ends = _overlap(one.sources, other.sources) and _overlap(one.destinations, other.destinations)
    return bool(alike and ends and one.ports & other.ports)


def _overlap(one: Ends, other: Ends) -> bool:
    return any(addresses & other[holder] for holder, addresses in one.items() if holder in other)


def _within(one: Ends, other: Ends) -> bool:
    return all(holder in other and addresses.issubset(other[holder]) for holder, addresses in one.items())
