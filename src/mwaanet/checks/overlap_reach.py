"""What two assertions about packets have in common: which ends, protocols, ports and ways each is about."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mwaanet.checks.context import Context
from mwaanet.checks.language import Check, Reach
from mwaanet.checks.overlap_ends import Ends, ends_meant, overlap, within
from mwaanet.checks.selection import selected
from mwaanet.checks.selectors import HostName
from mwaanet.errors import UsageError
from mwaanet.net import ANY_PORT, Intervals, protocol_number


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachMeaning:
    """What one assertion is about."""

    check: Check
    verb: Reach
    sources: Ends
    destinations: Ends
    ports: Intervals
    unconditional: bool
    """Whether it speaks of all that it selects, whenever it is asked."""

    @property
    def subject(self) -> object:
        """Packets: any two assertions of them may have some in common."""
        return None

    def shared(self, other: ReachMeaning) -> str:
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

    def follows_from(self, other: ReachMeaning) -> bool:
        """Whether the other says all that this one says."""
        if self.check.negative != other.check.negative or not (self.unconditional and other.unconditional):
            return False
        wider = protocol_number(other.verb.protocol) in (None, protocol_number(self.verb.protocol))
        ends = within(self.sources, other.sources) and within(self.destinations, other.destinations)
        return wider and ends and self.ports.issubset(other.ports) and self._same_ways(other)

    def _same_ways(self, other: ReachMeaning) -> bool:
        mine, others = (self.verb.via, self.verb.not_via), (other.verb.via, other.verb.not_via)
        if mine == others:
            return True
        return not any(others) if self.check.negative else not any(mine)


def reach_meaning(check: Check, verb: Reach, context: Context | None, *, always: bool) -> ReachMeaning | None:
    """What an assertion is about; None where that cannot be compared, as of a part of a way."""
    if verb.part:
        return None
    try:
        sources = ends_meant(context, check, verb.source, sending=True)
        destinations = ends_meant(context, check, verb.destination, sending=False)
    except UsageError:
        return None
    if not sources or not destinations:
        return None
    every = (verb.source.every or len(sources) == 1) and (verb.destination.every or len(destinations) == 1)
    return ReachMeaning(
        check=check,
        verb=verb,
        sources=sources,
        destinations=destinations,
        ports=_ports(context, check, verb),
        unconditional=every and always,
    )


def _ports(context: Context | None, check: Check, verb: Reach) -> Intervals:
    if verb.ports:
        return Intervals.of(*verb.ports)
    if context is None:
        return ANY_PORT
    ends = selected(context, replace(check, allow_empty=True), verb.destination)
    named = [end.port for end in ends if isinstance(end, HostName) and end.port]
    return Intervals.of(*((port, port) for port in named)) if named else ANY_PORT


def _meet(one: ReachMeaning, other: ReachMeaning) -> bool:
    numbers = protocol_number(one.verb.protocol), protocol_number(other.verb.protocol)
    alike = None in numbers or numbers[0] == numbers[1]
    ends = overlap(one.sources, other.sources) and overlap(one.destinations, other.destinations)
    return bool(alike and ends and one.ports & other.ports)
