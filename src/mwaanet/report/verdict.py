"""What a trace, a direction of it or one way amounts to, in the words of the JSON contract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from operator import or_

from mwaanet.checks.result import Status
from mwaanet.graph.flight import Arrive, Drop
from mwaanet.paths.blocked import BlockedPath
from mwaanet.paths.question import Question
from mwaanet.paths.trace import Reachable, Trace, tally
from mwaanet.paths.walk import Leg

STATUSES = {
    Reachable.YES: Status.PASS,
    Reachable.NO: Status.FAIL,
    Reachable.PARTIAL: Status.FAIL,
    Reachable.UNKNOWN: Status.UNKNOWN,
}
"""The status of every verdict; part of the packets is not enough."""

PROTOCOLS = {1: "icmp", 6: "tcp", 17: "udp", 58: "icmpv6"}
"""The protocols that the contract names; every other one is its number."""


def leg_verdict(leg: Leg) -> Reachable:
    """Whether the packets of one way arrive."""
    if isinstance(leg.end, Drop):
        return Reachable.NO
    certain = isinstance(leg.end, Arrive) and not leg.flight.doubts
    return Reachable.YES if certain else Reachable.UNKNOWN


def packets_text(leg: Leg) -> str:
    """The packets of one way as their sender sent them; for a reply, as the client would see them."""
    asked = leg.flight.asked()
    return (asked.reversed() if leg.flight.reply else asked).describe()


def forward_verdict(trace: Trace) -> Reachable:
    """Whether all that was asked about arrives, answered or not."""
    return replace(trace, tally=tally(trace.asked, trace.forward, ())).reachable


def return_verdict(trace: Trace) -> Reachable | None:
    """Whether all that arrived is answered; None where nothing arrived."""
    arrived = [leg.flight.asked() for leg in trace.forward if isinstance(leg.end, Arrive)]
    if not arrived:
        return None
    asked = reduce(or_, arrived)
    return replace(trace, asked=asked, tally=tally(asked, trace.back, ())).reachable


def protocol_text(question: Question) -> str:
    """What was asked for, as people say it: `tcp 443`, `icmp`, `every protocol`."""
    if question.protocol is None:
        return "every protocol"
    name = PROTOCOLS.get(question.protocol, f"protocol {question.protocol}")
    if question.protocol in (6, 17):
        return f"{name} {question.ports}" if question.ports is not None else f"{name}, every port"
    return name


def told_once(blocked: Sequence[BlockedPath]) -> list[tuple[BlockedPath, list[BlockedPath]]]:
    """The blocked paths on which something must change, each with all that need the same."""
    found: dict[object, list[BlockedPath]] = {}
    for path in blocked:
        if path.resources:
            found.setdefault((path.complete, path.resources, path.actions), []).append(path)
    return [(alike[0], alike) for alike in found.values()]
