"""DNS servers as the packets of a query reach them: each over UDP and over TCP, from every address that asks.

A resolver asks the next server where one does not answer
(https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-forwarding-outbound-queries.html): losing one of
several costs the redundancy, losing all of them the name. A server is reached where both UDP and TCP are, for an answer
that does not fit into a UDP packet is asked for again over TCP
(https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html). An outbound resolver endpoint takes no
queries (https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_ResolverEndpoint.html).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from mwaanet.graph.network import Network
from mwaanet.names import Place, Query, Resolution, outbound_endpoint_at, resolve
from mwaanet.net import AddressSet
from mwaanet.paths.places import query_questions
from mwaanet.paths.question import Endpoint, Question
from mwaanet.paths.trace import Reachable, Trace


@dataclass(frozen=True, slots=True)
class Server:
    """A DNS server, and the walks of the packets to it, by UDP or TCP."""

    address: AddressSet
    traces: dict[str, Trace]
    deaf: str = ""
    """The outbound resolver endpoint whose address it is."""

    @property
    def asked_from(self) -> AddressSet:
        """The addresses that ask."""
        return next(iter(self.traces.values())).asked.src

    @property
    def reached_from(self) -> AddressSet:
        """Those of them from which it is certainly reached, over UDP and TCP."""
        found = AddressSet.NONE if self.deaf else self.asked_from
        for trace in self.traces.values():
            found = found & _certain(trace)
        return found

    @property
    def reachable(self) -> Reachable:
        """Whether it is reached by all that ask, by part of them, or by nobody."""
        if self.reached_from:
            return Reachable.YES if self.asked_from.issubset(self.reached_from) else Reachable.PARTIAL
        unclear = not self.deaf and not self.stopped
        return Reachable.UNKNOWN if unclear else Reachable.NO

    @property
    def stopped(self) -> dict[str, Trace]:
        """The walks that do not arrive."""
        return {
            word: trace for word, trace in self.traces.items() if trace.reachable in (Reachable.NO, Reachable.PARTIAL)
        }


def _certain(trace: Trace) -> AddressSet:
    """The addresses of which all packets pass."""
    if trace.reachable is Reachable.YES:
        return trace.asked.src
    if trace.reachable is not Reachable.PARTIAL:
        return AddressSet.NONE
    tally = trace.tally
    return tally.passed.src - (tally.stopped | tally.torn | tally.unclear).src


def servers_of(
    network: Network, source: Endpoint, query: Query, ask: Callable[[Question], Trace]
) -> tuple[Server, ...]:
    """The servers of a query; `source` asks where nobody else is said to, and `ask` walks."""
    return tuple(_servers(network, source, query, ask))


def _servers(network: Network, source: Endpoint, query: Query, ask: Callable[[Question], Trace]) -> Iterator[Server]:
    rest = query.servers
    while rest:
        address = AddressSet.parse(rest.first())
        rest = rest - address
        questions = query_questions(network, source, replace(query, servers=address))
        traces = {word: ask(question) for word, question in questions.items()}
        yield Server(address, traces, outbound_endpoint_at(network.inventory, address))


def answering(query: Query, servers: Sequence[Server]) -> Reachable:
    """Whether everybody who asks reaches one of the servers: yes, no or unknown."""
    if query.spare or any(server.reachable is Reachable.YES for server in servers):
        return Reachable.YES
    asked, reached = AddressSet.NONE, AddressSet.NONE
    for server in servers:
        asked, reached = asked | server.asked_from, reached | server.reached_from
    if reached and asked.issubset(reached):
        return Reachable.YES
    return Reachable.UNKNOWN if any(server.reachable is Reachable.UNKNOWN for server in servers) else Reachable.NO


def lost_among(query: Query, servers: Sequence[Server]) -> list[Server]:
    """The servers that nobody reaches, where others may be asked."""
    lost = [server for server in servers if server.reachable is Reachable.NO]
    return lost if query.spare or len(lost) < len(servers) else []


def resolve_by_reached(
    network: Network, place: Place, name: str, servers: Callable[[Query], Iterable[Server]]
) -> Resolution:
    """What a name resolves to by the servers that the packets reach."""
    lost = AddressSet.NONE
    while True:
        resolution = resolve(network.inventory, place, name, lost)
        more = AddressSet.NONE
        for query in resolution.queries:
            for server in lost_among(query, tuple(servers(query))):
                more = more | server.address
        if more.issubset(lost):
            return resolution
        lost = lost | more
