"""Rules that are wrong on purpose, in the engine and in the encoding: the comparison must notice each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from dataplane.generate import topology
from dataplane.mutants import ENGINE, Mutant
from solver.encoding import host, hub, terms, vpc, walk
from solver.encoding.place import Flight, Kind, Place
from solver.encoding.terms import TRUE
from solver.encoding.walk import Step, ways
from solver.questions import questions
from solver.seeds import SEEDS, judged

__all__ = ["ENCODING", "ENGINE", "seen_at"]


def seen_at(mutant: Mutant) -> int | None:
    """A seed at which solver and engine disagree because of it."""
    for seed in reversed(SEEDS):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(mutant.module, mutant.name, mutant.wrong(getattr(mutant.module, mutant.name)))
            if mutant in ENGINE.values():
                found = judged(seed)
            else:
                spec = topology(seed)
                found = judged(seed, tuple(ways(spec, asked) for asked in questions(seed, spec)))
        if any(one.wrong for one in found):
            return seed
    return None


def _in_reverse(right: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    return lambda *given, **named: right(*given, **named)[::-1]


def _unanswered(right: Callable[..., Any]) -> Callable[..., Any]:
    """A request that is taken counts as a connection."""

    def wrong(spec: Any, one: Any, flight: Flight) -> Any:
        taken = right(spec, one, flight)
        return [one._replace(to=Place(Kind.PASSED)) if one.to.kind is Kind.SEND else one for one in taken]

    return wrong


def _untranslated(right: Mapping[Kind, Step]) -> Mapping[Kind, Step]:
    def wrong(spec: Any, place: Place, flight: Flight) -> Any:
        translated = right[Kind.NAT](spec, place, flight)
        return [one._replace(flight=one.flight.to(src=flight.packet.src)) for one in translated]

    return {**right, Kind.NAT: wrong}


def _stateful(right: Callable[..., Any]) -> Callable[..., Any]:
    """ACLs that let replies pass, as groups do."""

    def wrong(spec: Any, source: str, target: str, flight: Flight) -> Any:
        return TRUE if flight.reply else right(spec, source, target, flight)

    return wrong


ENCODING = {
    "network ACLs in reverse": Mutant(terms, "ordered", _in_reverse),
    "the shortest prefix wins": Mutant(vpc, "longest_first", _in_reverse),
    "replies are not checked": Mutant(host, "take", _unanswered),
    "network ACLs remember connections": Mutant(vpc, "crosses", _stateful),
    "security groups let everything pass": Mutant(host, "allows", lambda right: lambda *given, **named: TRUE),
    "a NAT gateway keeps the client's address": Mutant(walk, "STEPS", _untranslated),
    "an attachment serves every zone": Mutant(hub, "exits", lambda right: lambda spec, one, zone: one.subnets),
}
"""By what is wrong with the encoding."""
