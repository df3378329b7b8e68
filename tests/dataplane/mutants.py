"""Rules that are wrong on purpose, in the engine and in the compiler: the comparison must notice each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from msgspec import structs

from dataplane.compiler import edge, host, hub, vpc
from dataplane.generate import topology
from dataplane.judge import disagreeing, settled
from dataplane.seeds import SEEDS, said, seen
from dataplane.spec import Topology, Vpc
from dataplane.verdicts import verdicts
from mwaanet.graph import network, route_table, security_group, subnet
from mwaanet.net import AddressSet
from mwaanet.paths import trace


class Mutant(NamedTuple):
    """A name in a module, and what takes its place, made from what is right."""

    module: Any
    name: str
    wrong: Callable[[Any], Any]


def seen_at(mutant: Mutant) -> int | None:
    """A seed at which kernel and engine disagree because of it."""
    for seed in reversed(SEEDS):
        spec, right, name = topology(seed), (said(seed), seen(seed)), mutant.name
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(mutant.module, name, mutant.wrong(getattr(mutant.module, name)))
            if mutant in ENGINE.values():
                found = disagreeing(verdicts(spec), right[1])
            else:
                found = disagreeing(right[0], settled(spec, right[0], seed))
        if found:
            return seed
    return None


def _of_none(_: Any) -> Any:
    return lambda *given: AddressSet.NONE


def _of_all(_: Any) -> Any:
    return lambda *given, **named: True


ENGINE = {
    "network ACLs in reverse": Mutant(
        network, "compile_acl", lambda right: lambda acl, outbound: right(acl, outbound=outbound)[::-1]
    ),
    "replies not checked": Mutant(trace, "_reply", lambda right: lambda network, start, leg, end: [leg]),
    "no network ACL between subnets": Mutant(
        subnet,
        "crossing",
        lambda right: lambda flight, name, target: right(structs.replace(flight, subnet=name), name, target),
    ),
    "the shortest prefix wins": Mutant(
        route_table, "_decide", lambda right: lambda found: right([max(found, key=lambda one: one.last - one.first)])
    ),
    "a group as a peer matches no sender": Mutant(security_group, "_sender_addresses", _of_none),
    "a group as a peer matches no receiver": Mutant(network.Network, "group_addresses_seen_from", _of_none),
    "group references cross any way": Mutant(network.Network, "group_reference_crosses", _of_all),
}
"""By what is wrong with the engine."""


def _in_reverse(right: Callable[..., list[str]]) -> Callable[..., list[str]]:
    def wrong(acl: Any, *, egress: bool) -> list[str]:
        *rules, rest = right(acl, egress=egress)
        return [*rules[::-1], rest]

    return wrong


def _local_loses(right: Callable[..., dict[str, str]]) -> Callable[..., dict[str, str]]:
    return lambda spec, of, routes: right(spec, Vpc(of.name, ("192.0.2.0/24",)), routes)


def _without_statics(right: Callable[..., dict[str, str]]) -> Callable[..., dict[str, str]]:
    return lambda spec, table: right(spec, replace(table, routes=()))


def _of_any_zone(_: Any) -> Any:
    return lambda spec, attachment, zone: list(attachment.subnets)


def _first_rule_last(right: Callable[..., Any]) -> Callable[..., Any]:
    def wrong(site: Any, *, outbound: bool) -> list[str]:
        *rules, rest = right(site, outbound=outbound)
        return [*rules[::-1], rest]

    return wrong


def _in_transit(right: Callable[..., Any]) -> Callable[..., Any]:
    def wrong(spec: Topology, *given: Any, transit: bool) -> Any:
        return right(spec, *given, transit=False)

    return wrong


COMPILER = {
    "network ACLs in reverse": Mutant(vpc, "entries", _in_reverse),
    "what comes from a transit gateway is passed on": Mutant(vpc, "_routes", _in_transit),
    "an attachment serves every zone": Mutant(vpc, "_in_zone", _of_any_zone),
    "static routes of a transit gateway do not count": Mutant(hub, "chosen_routes", _without_statics),
    "a propagated route wins within the VPC": Mutant(vpc, "chosen_routes", _local_loses),
    "security groups forget connections": Mutant(host, "TRACKED", lambda right: right[:1]),
    "any group may be named from anywhere": Mutant(host, "may_name", _of_all),
    "a site's firewall in reverse": Mutant(edge, "_firewall", _first_rule_last),
}
"""By what is wrong with the compiler."""
