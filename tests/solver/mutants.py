"""Rules that are wrong on purpose, in the engine and in the encoding: the comparison must notice each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from dataplane.mutants import ENGINE, Mutant
from mwaanet.graph import internet_gateway, load_balancer, target_group
from mwaanet.net import AddressSet
from solver.encoding import host, hub, service, terms, vpc, walk
from solver.encoding.place import Flight, Kind, Place
from solver.encoding.terms import TRUE
from solver.encoding.walk import Step
from solver.seeds import NETWORKS, SERVICES, Source, answered, judged


class Wrong(NamedTuple):
    """A rule that is wrong, in the engine or in the encoding, and the topologies that show it."""

    mutant: Mutant
    of_engine: bool
    source: Source = NETWORKS


def seen_at(wrong: Wrong) -> int | None:
    """A seed at which solver and engine disagree because of it."""
    mutant, source = wrong.mutant, wrong.source
    for seed in reversed(source.seeds):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(mutant.module, mutant.name, mutant.wrong(getattr(mutant.module, mutant.name)))
            found = judged(source, seed, () if wrong.of_engine else answered(source, seed))
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


def _constant(value: Any) -> Callable[[Any], Any]:
    return lambda right: lambda *given, **named: value


def _of_any_zone(right: Callable[..., Any]) -> Callable[..., Any]:
    return lambda spec, one, node: right(spec, replace(one, cross_zone=True), node)


def _never_preserved(right: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *given, keeps: right(*given, keeps=False)


def _unguarded(right: Callable[..., Any]) -> Callable[..., Any]:
    def wrong(spec: Any, *given: Any) -> Any:
        return right(replace(spec, balancers=tuple(replace(one, enforced=False) for one in spec.balancers)), *given)

    return wrong


NETWORK_RULES = {
    "network ACLs in reverse": Mutant(terms, "ordered", _in_reverse),
    "the shortest prefix wins": Mutant(vpc, "longest_first", _in_reverse),
    "replies are not checked": Mutant(host, "take", _unanswered),
    "network ACLs remember connections": Mutant(vpc, "crosses", _stateful),
    "security groups let everything pass": Mutant(host, "allows", _constant(TRUE)),
    "a NAT gateway keeps the client's address": Mutant(walk, "STEPS", _untranslated),
    "an attachment serves every zone": Mutant(hub, "exits", lambda right: lambda spec, one, zone: one.subnets),
}
SERVICE_RULES = {
    "every zone's targets serve": Mutant(service, "serving", _of_any_zone),
    "a load balancer never preserves the client's address": Mutant(service, "_to_target", _never_preserved),
    "inbound rules of a load balancer do not see PrivateLink": Mutant(service, "_into_service", _unguarded),
    "gateway endpoints have no routes": Mutant(vpc, "service_routes", _constant({})),
}
ENGINE_SERVICE_RULES = {
    "a load balancer never preserves the client's address": Mutant(load_balancer, "preserved", _constant(False)),
    "unhealthy targets serve": Mutant(
        load_balancer,
        "targets_of",
        lambda right: lambda *given: [replace(one, refused="") for one in right(*given)],
    ),
    "every zone's targets serve": Mutant(target_group, "cross_zone", _constant(True)),
    "no IPv6 over the internet": Mutant(internet_gateway, "PUBLIC", lambda right: right & AddressSet.ANY_V4),
}
MUTANTS = {
    **{f"engine: {rule}": Wrong(mutant, True) for rule, mutant in ENGINE.items()},
    **{f"engine: {rule}": Wrong(mutant, True, SERVICES) for rule, mutant in ENGINE_SERVICE_RULES.items()},
    **{f"encoding: {rule}": Wrong(mutant, False) for rule, mutant in NETWORK_RULES.items()},
    **{f"encoding: {rule}": Wrong(mutant, False, SERVICES) for rule, mutant in SERVICE_RULES.items()},
}
"""By what is wrong."""
