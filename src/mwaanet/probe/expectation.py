"""What the model says should happen where something was observed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mwaanet.graph.flight import Drop, Kind
from mwaanet.graph.network import Network
from mwaanet.model.unknown import Unknown
from mwaanet.names import Outcome, Query
from mwaanet.net import TCP, AddressSet, Intervals
from mwaanet.paths.blocked import blocked_paths
from mwaanet.paths.dns_servers import Server, answering, resolve_by_reached, servers_of
from mwaanet.paths.endpoints import address_endpoint
from mwaanet.paths.places import place_of
from mwaanet.paths.question import Endpoint, Question
from mwaanet.paths.trace import Reachable, Trace, trace
from mwaanet.snapshot import CallRef

_REJECTING = frozenset({Kind.SITE, Kind.NETWORK_FIREWALL})
"""What may refuse packets instead of dropping them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """The model's answer for a name or a connection, and why where it is not *yes*."""

    answer: Reachable
    reason: str = ""
    resources: tuple[str, ...] = ()
    needs: tuple[CallRef, ...] = ()
    addresses: AddressSet = AddressSet.NONE
    """What a name leads to."""
    silent: bool = False
    """Whether nothing at all can come back: packets are dropped, and not by what may refuse them."""


def expected_name(network: Network, source: Endpoint, name: str) -> Expectation:
    """What a name gives where the source is, and whether the DNS packets that it takes arrive."""
    place = place_of(network, source)
    if place is None:
        reason = f"who resolves names for {source.name} is not known"
        return _unknown((source.unknown or Unknown(reason=reason),))
    asked: dict[Query, tuple[Server, ...]] = {}

    def servers(query: Query) -> tuple[Server, ...]:
        if query not in asked:
            asked[query] = servers_of(network, source, query, lambda question: trace(network, question))
        return asked[query]

    resolution = resolve_by_reached(network, place, name, servers)
    judged = [(query, answering(query, servers(query))) for query in resolution.queries]
    stopped = next((query for query, answer in judged if answer is Reachable.NO), None)
    if stopped:
        return _of_servers(network, stopped, servers(stopped))
    if resolution.outcome is Outcome.UNKNOWN:
        return _unknown(resolution.unknown)
    unclear = [query for query, answer in judged if answer is Reachable.UNKNOWN]
    if unclear:
        return _unknown(
            tuple(u for one in servers(unclear[0]) for found in one.traces.values() for u in found.unknowns)
        )
    if resolution.outcome is Outcome.ADDRESSES:
        return Expectation(answer=Reachable.YES, addresses=resolution.addresses)
    last = resolution.steps[-1].text if resolution.steps else resolution.outcome.value
    resources = tuple(dict.fromkeys(filter(None, (resolution.decided_by, name))))
    return Expectation(answer=Reachable.NO, reason=last, resources=resources)


def expected_connection(network: Network, source: Endpoint, addresses: AddressSet, port: int) -> Expectation:
    """Whether a TCP connection from the source to these addresses is made."""
    destination = address_endpoint(network, str(addresses), addresses)
    question = Question(source=source, destination=destination, protocol=TCP, ports=Intervals.single(port))
    return _of_trace(network, trace(network, question), "the connection")


def _of_servers(network: Network, query: Query, servers: Sequence[Server]) -> Expectation:
    """Why no server of a query answers: by the first that packets do not reach."""
    deaf = next((server for server in servers if server.deaf), None)
    if deaf:
        reason = f"{deaf.address} is an address of {deaf.deaf}, an outbound endpoint, which takes no queries"
        return Expectation(answer=Reachable.NO, reason=reason, resources=(deaf.deaf,), silent=True)
    word, found = next((word, found) for server in servers for word, found in server.stopped.items())
    return _of_trace(network, found, f"the query ({query.text}, {word})")


def _of_trace(network: Network, found: Trace, what: str) -> Expectation:
    answer = found.reachable
    if answer is Reachable.YES:
        return Expectation(answer=answer)
    if answer is Reachable.UNKNOWN:
        return _unknown(found.unknowns)
    paths = blocked_paths(network, found)
    drop = next((drop for path in paths for drop in path.drops), None)
    part = "part of " if answer is Reachable.PARTIAL else ""
    return Expectation(
        answer=answer,
        reason=f"{part}{what} is stopped" + (f" at {drop.component}: {drop.by}" if drop else ""),
        resources=tuple(dict.fromkeys(resource for path in paths for resource in path.resources)),
        silent=not any(isinstance(leg.end, Drop) and leg.end.hop.kind in _REJECTING for leg in found.drops),
    )


def _unknown(unknown: tuple[Unknown, ...]) -> Expectation:
    return Expectation(
        answer=Reachable.UNKNOWN,
        reason="; ".join(dict.fromkeys(one.reason for one in unknown)),
        needs=tuple(dict.fromkeys(need for one in unknown for need in one.needs)),
    )
