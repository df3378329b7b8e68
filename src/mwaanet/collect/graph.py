"""The graph of dependent calls: what an answer makes askable, where it leads, and what to ask first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from mwaanet.collect.ask import Ask, Place
from mwaanet.collect.expressions import pick
from mwaanet.snapshot.operation import GLOBAL, Draw, Operation
from mwaanet.snapshot.operations import OPERATIONS

BY_HOME_REGION: Final = frozenset({"s3", "s3control"})
"""The services without Regions of their own whose answers lie under the home Region of the account that asked."""

_AROUND = ("Account", "Region", "Note")
_ACCOUNT = re.compile(r"\d{12}")


@cache
def drawn_from(source: str) -> tuple[tuple[Operation, Draw], ...]:
    """The operations whose parameters are drawn from a call, with the draw."""
    return tuple((row, draw) for row in OPERATIONS.values() for draw in row.draws if draw.source == source)


@cache
def rank(service: str, operation: str) -> int:
    """How many calls may have to follow one another after this one; more where it may lead to whole accounts."""
    return height(service, operation) + (10 if OPERATIONS[service, operation].leads else 0)


def height(service: str, operation: str) -> int:
    """How many calls may have to follow one another after this one, in the same account."""
    return _height(f"{service}/{operation}", frozenset())


def _height(source: str, above: frozenset[str]) -> int:
    following = [f"{row.service}/{row.operation}" for row, _ in drawn_from(source)]
    return max((1 + _height(name, above | {source}) for name in following if name not in above | {source}), default=0)


def listed(place: Place) -> Iterator[Ask]:
    """The calls of a place that take no argument."""
    for row in OPERATIONS.values():
        if not row.per_resource and row.is_global == (place.region == GLOBAL):
            yield Ask(place, row.service, row.operation)


def drawn(
    source: str, response: Mapping[str, Any], around: Mapping[str, Any], homes: Mapping[str, str], everything: bool
) -> Iterator[Ask]:
    """The calls whose parameters an answer holds; `homes` is the home Region of every account that is asked."""
    for row, draw in drawn_from(source):
        if draw.everything and not everything:
            continue
        for item in pick(draw.expression, response, around):
            named = item if isinstance(item, dict) else {row.parameters[0]: item}
            account = named.get("Account") or around["Account"]
            if account in homes and named.get(row.parameters[0]):
                yield from _asks(row, account, named, around, homes[account])


def _asks(
    row: Operation, account: str, named: Mapping[str, Any], around: Mapping[str, Any], home: str
) -> Iterator[Ask]:
    region = named.get("Region") or (home if around["Region"] == GLOBAL else around["Region"])
    if row.is_global:
        region = GLOBAL
    elif row.service in BY_HOME_REGION:
        region = home
    parameters = {key: value for key, value in named.items() if key not in _AROUND} | dict(row.fixed)
    name, values = row.each
    for more in ({name: value} for value in values) if name else ({},):
        note = str(named.get("Note", ""))
        yield Ask(Place(account, region), row.service, row.operation, {**parameters, **more}, note)


def leads(row: Operation, response: Mapping[str, Any], around: Mapping[str, Any], home: str) -> Iterator[Place]:
    """The accounts and Regions to which an answer leads."""
    if not row.leads:
        return
    here = home if around["Region"] == GLOBAL else around["Region"]
    for item in pick(row.leads, response, around):
        account = item.get("Account")
        if account and _ACCOUNT.fullmatch(account):
            yield Place(account, item.get("Region") or here)


def around(ask: Ask) -> dict[str, Any]:
    """What an expression may know besides the response to a call."""
    place = {"Account": ask.place.account, "Region": ask.place.region}
    return {**place, "Parameters": dict(ask.parameters), "Note": ask.note}
