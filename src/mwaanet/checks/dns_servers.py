"""DNS packets on their way: which of the servers that may be asked are reached, over UDP and over TCP.

A resolver asks the next server where one does not answer
(https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-forwarding-outbound-queries.html): losing one of
several costs the redundancy, losing all of them the name. A server is reached where both UDP and TCP are, for an answer
that does not fit into a UDP packet is asked for again over TCP
(https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from mwaanet.checks.answer import Cause, unknown_cause
from mwaanet.checks.codes import Fault
from mwaanet.checks.context import Context
from mwaanet.checks.result import Status
from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Hop
from mwaanet.names import Query, Resolution
from mwaanet.net import AddressSet
from mwaanet.paths.blocked import BlockedPath, blocked_paths
from mwaanet.paths.places import query_questions
from mwaanet.paths.question import Endpoint
from mwaanet.paths.trace import Reachable, Trace


@dataclass(frozen=True, slots=True)
class Server:
    """A DNS server, and the walks of the packets to it, by UDP or TCP."""

    address: AddressSet
    traces: dict[str, Trace]

    @property
    def reachable(self) -> Reachable:
        """Whether it is reached by all that ask, over UDP and TCP: yes, no or unknown."""
        found = {trace.reachable for trace in self.traces.values()}
        if found & {Reachable.NO, Reachable.PARTIAL}:
            return Reachable.NO
        return Reachable.UNKNOWN if Reachable.UNKNOWN in found else Reachable.YES

    @property
    def stopped(self) -> dict[str, Trace]:
        """The walks that do not arrive."""
        return {
            word: trace for word, trace in self.traces.items() if trace.reachable in (Reachable.NO, Reachable.PARTIAL)
        }


def servers_of(context: Context, source: Endpoint, query: Query) -> tuple[Server, ...]:
    """The servers of a query; `source` asks where nobody else is said to."""
    return context.once(("dns servers", source, query), lambda: tuple(_servers(context, source, query)))


def _servers(context: Context, source: Endpoint, query: Query) -> Iterable[Server]:
    rest = query.servers
    while rest:
        address = AddressSet.parse(rest.first())
        rest = rest - address
        questions = query_questions(context.network, source, replace(query, servers=address))
        yield Server(address, {word: context.trace(question) for word, question in questions.items()})


def lost_servers(context: Context, source: Endpoint, queries: Iterable[Query]) -> AddressSet:
    """The addresses of servers that are not reached, where others may be asked."""
    lost = AddressSet.NONE
    for query in queries:
        for server in _lost(context, source, query):
            lost = lost | server.address
    return lost


def _lost(context: Context, source: Endpoint, query: Query) -> list[Server]:
    servers = servers_of(context, source, query)
    lost = [server for server in servers if server.reachable is Reachable.NO]
    return lost if query.spare or len(lost) < len(servers) else []


def query_problem(context: Context, source: Endpoint, name: str, query: Query) -> tuple[Status, Cause] | None:
    """Why no server of a query is reached, if so, or why that is not known."""
    servers = servers_of(context, source, query)
    if query.spare or any(server.reachable is Reachable.YES for server in servers):
        return None
    unclear = [trace for server in servers if server.reachable is Reachable.UNKNOWN for trace in server.traces.values()]
    if unclear:
        unknowns = tuple(dict.fromkeys(unknown for trace in unclear for unknown in trace.unknowns))
        return Status.UNKNOWN, unknown_cause(unknowns, f"whether the query for {name} arrives ({query.text})")
    words = dict.fromkeys(word for server in servers for word in server.stopped)
    what = f"the query for {name} does not arrive over {' or '.join(words)} ({query.text})"
    return Status.FAIL, _cause(context, query, servers, what, Fault.NAME_QUERY_BLOCKED)


def server_lost(context: Context, source: Endpoint, resolution: Resolution) -> Cause | None:
    """Why the name has lost the redundancy of its servers: one is not reached, though another answers."""
    for query in resolution.queries:
        lost = _lost(context, source, query)
        if lost:
            named = ", ".join(str(server.address) for server in lost)
            what = (
                f"of the servers asked for {resolution.name} {named} is not reached ({query.text}), though another is"
            )
            cause = _cause(context, query, lost, what, Fault.NAME_SERVER_LOST)
            addresses = (str(server.address) for server in lost)
            return replace(cause, resources=tuple(dict.fromkeys((*cause.resources, *addresses))))
    return None


def _cause(context: Context, query: Query, servers: Sequence[Server], what: str, code: Fault) -> Cause:
    paths: list[BlockedPath] = []
    for server in servers:
        for trace in server.stopped.values():
            paths.extend(blocked_paths(context.network, trace))
    drop = next((drop for path in paths for drop in path.drops), None)
    resources = [resource for path in paths for resource in path.resources]
    forwarding = _misdirected(context, query, drop)
    dead = ", ".join(str(server.address) for server in servers)
    return Cause(
        actions=tuple(
            f"have {resolvers} forward to the addresses of a Route 53 Resolver inbound endpoint, not to {dead}"
            for resolvers in forwarding
        ),
        message=what + (f": {drop.component}: {drop.by}" if drop else ""),
        resources=tuple(dict.fromkeys((*forwarding, *resources))),
        code=code,
        step="name",
        evidence=tuple(dict.fromkeys(e for path in paths for hop in path.drops for e in hop.evidence)),
        drops=tuple(hop for path in paths for hop in path.drops),
    )


def _misdirected(context: Context, query: Query, drop: Hop | None) -> tuple[str, ...]:
    """The site's resolvers, where they forward to an address that nobody holds: they are what to change."""
    if drop is None or drop.code not in (Code.NO_INTERFACE, Code.NO_SUBNET):
        return ()
    return tuple(f"{name}.dns" for name in query.components if context.network.site(name))
