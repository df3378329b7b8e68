"""Resolving a name as one place sees it: asking, following CNAMEs and forwards, and joining the answers.

Not modelled: caches and time to live; that a client may ask the next server where one answers slowly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, assert_never

from mwaanet.model.inventory import Inventory
from mwaanet.model.unknown import Unknown
from mwaanet.names import client_vpn, dhcp, hosted_zone, public_dns, site, vpc_resolver
from mwaanet.names.answer import (
    ClientVpnPlace,
    Outcome,
    Place,
    Resolution,
    SitePlace,
    Step,
    VpcPlace,
    answered,
    refused,
)
from mwaanet.names.domain import normal
from mwaanet.names.view import Follow, PublicDns, Reply, SiteResolver, View, VpcResolver
from mwaanet.net import AddressSet

MOST_LINKS: Final = 16
"""The most CNAMEs, aliases and forwards that are followed for one name."""

Trail = tuple[tuple[View, str], ...]


def resolve(inventory: Inventory, place: Place, name: str, lost: AddressSet = AddressSet.NONE) -> Resolution:
    """What a client in `place` learns when it asks for `name`, which may be an address too.

    Of several servers those at `lost` addresses are not reached: the others are asked.
    """
    try:
        address = AddressSet.parse(name.strip())
    except ValueError:
        pass
    else:
        if address.size == 1:
            return answered(name, address, Step(component="", text=f"{name} is an address"))
    asked = normal(name)
    if isinstance(place, SitePlace):
        return _ask(inventory, SiteResolver(site_name=place.site_name), asked, (), lost)
    if isinstance(place, ClientVpnPlace):
        return _join(inventory, client_vpn.ask(inventory, place, asked), asked, (), lost)
    return _join(inventory, dhcp.ask(inventory, place, asked), asked, (), lost)


def servers_of(inventory: Inventory, place: Place) -> AddressSet | None:
    """The addresses of the DNS servers that a client in `place` asks; None where they are not known."""
    if isinstance(place, SitePlace):
        return site.servers(inventory, place.site_name)
    if isinstance(place, ClientVpnPlace):
        return client_vpn.servers(inventory, place)
    return dhcp.servers(inventory, place)


def resolve_publicly(inventory: Inventory, name: str) -> Resolution:
    """What public DNS answers for a name to whoever asks it."""
    return _ask(inventory, PublicDns(), normal(name), (), AddressSet.NONE)


def resolve_in_zone(inventory: Inventory, place: VpcPlace, zone: hosted_zone.Zone, name: str) -> Resolution:
    """What a client of a VPC would learn of a name if a hosted zone answered it."""
    view, asked = VpcResolver(vpc_id=place.vpc_id), normal(name)
    return _join(inventory, hosted_zone.ask(inventory, zone, asked, view), asked, ((view, asked),), AddressSet.NONE)


def _ask(inventory: Inventory, view: View, name: str, trail: Trail, lost: AddressSet) -> Resolution:
    if (view, name) in trail or len(trail) >= MOST_LINKS:
        by = trail[-1][1]
        return refused(name, Outcome.NO_DATA, Step(component="", text=f"{by} leads back to {name}: a loop"))
    return _join(inventory, _reply(inventory, view, name), name, (*trail, (view, name)), lost)


def _reply(inventory: Inventory, view: View, name: str) -> Reply:
    match view:
        case VpcResolver():
            return vpc_resolver.ask(inventory, view, name)
        case SiteResolver():
            return site.ask(inventory, view, name)
        case PublicDns():
            return public_dns.ask(inventory, name, view)
        case _:
            assert_never(view)


def _join(inventory: Inventory, reply: Reply, name: str, trail: Trail, lost: AddressSet) -> Resolution:
    """The answer for `name` itself, once what the reply leads to has answered."""
    if isinstance(reply, Resolution):
        return reply
    targets, unknown = _asked(reply, name, lost) if reply.servers else (reply.targets, reply.unknown)
    families = reply.families or (AddressSet.ANY,) * len(targets)
    parts = [
        _ask(inventory, view, target, trail, lost).of_family(family)
        for (view, target), family in zip(targets, families, strict=True)
    ]
    links = [(target, *part.chain) for (_, target), part in zip(targets, parts, strict=True)]
    joined = _one_of(name, parts) if reply.servers else _all_of([*([reply.direct] if reply.direct else []), *parts])
    decided = joined.decided_by
    if not decided or (joined.outcome is Outcome.ADDRESSES and any(target != name for _, target in targets)):
        decided = reply.decided_by
    joined = replace(
        joined,
        name=name,
        chain=tuple(dict.fromkeys(link for chain in links for link in chain if link != name)),
        queries=(*reply.queries, *joined.queries),
        decided_by=decided,
    )
    joined = joined.after(*reply.steps).unless(unknown).assuming(*reply.assumptions)
    return joined.of_family(*reply.only) if reply.only else joined


def _asked(reply: Follow, name: str, lost: AddressSet) -> tuple[tuple[tuple[View, str], ...], tuple[Unknown, ...]]:
    """Who may answer at the servers that are reached (at all of them, where none is), and why that is not known."""
    reached = [who for server, who in reply.servers if not server or not AddressSet.parse(server).issubset(lost)]
    asked = dict.fromkeys(reached or [who for _, who in reply.servers])
    views = tuple((who, name) for who in asked if not isinstance(who, Unknown))
    return views, (*reply.unknown, *(who for who in asked if isinstance(who, Unknown)))


def _all_of(parts: Sequence[Resolution]) -> Resolution:
    """The union of the records of one name: routing policies may answer with any of them."""
    unknown = [part for part in parts if part.outcome is Outcome.UNKNOWN]
    answering = unknown or [part for part in parts if part.outcome is Outcome.ADDRESSES] or list(parts[:1])
    endpoints = {part.endpoint for part in parts}
    return replace(
        _gathered(answering[0], parts),
        addresses=AddressSet.NONE if unknown else _union(answering),
        public=any(part.public for part in answering),
        undetermined=any(part.undetermined for part in answering),
        endpoint=endpoints.pop() if len(endpoints) == 1 else "",
    )


def _one_of(name: str, parts: Sequence[Resolution]) -> Resolution:
    """The common answer of servers of which any may be asked; unknown where they do not agree, or nobody is known."""
    if not parts:
        return Resolution(name=name, outcome=Outcome.UNKNOWN)
    first = parts[0]
    joined = _gathered(first, parts)
    if all((part.outcome, part.addresses) == (first.outcome, first.addresses) for part in parts):
        return joined
    reason = f"the servers that may be asked for {first.name} answer differently"
    return joined.unless((Unknown(reason=reason),))


def _gathered(answer: Resolution, parts: Sequence[Resolution]) -> Resolution:
    """One answer with the steps, queries and doubts of all."""
    return replace(
        answer,
        steps=tuple(dict.fromkeys(step for part in parts for step in part.steps)),
        queries=tuple(dict.fromkeys(query for part in parts for query in part.queries)),
        unknown=tuple(dict.fromkeys(unknown for part in parts for unknown in part.unknown)),
        assumptions=tuple(dict.fromkeys(text for part in parts for text in part.assumptions)),
    )


def _union(parts: Sequence[Resolution]) -> AddressSet:
    addresses = AddressSet.NONE
    for part in parts:
        addresses = addresses | part.addresses
    return addresses
