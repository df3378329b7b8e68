"""What the engine under test says of the same flows: of each concrete packet, from the question that a user asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from asking import network_of
from dataplane.snapshot import built
from dataplane.spec import OUTSIDE, Flow, Topology
from dataplane.traffic import Outcome
from mwaanet.graph.flight import Arrive
from mwaanet.graph.internet_gateway import INTERNET
from mwaanet.graph.network import Network
from mwaanet.graph.site import EDGE
from mwaanet.net import TCP, AddressSet, Intervals
from mwaanet.paths.endpoints import endpoint_of
from mwaanet.paths.question import Endpoint, Question
from mwaanet.paths.trace import Reachable, Trace, trace


@dataclass(frozen=True)
class Verdict:
    """What the engine says of one flow: the outcomes that agree with it, and its own word."""

    allowed: frozenset[Outcome]
    word: str


def verdicts(spec: Topology) -> dict[Flow, Verdict]:
    net, interfaces = built(spec)
    network = network_of(net)
    public = {host.public for host in spec.hosts if host.public}
    traces: dict[Flow, Trace] = {}
    found = {}
    for flow in spec.flows:
        asked = replace(flow, sport=0)
        if asked not in traces:
            ports = Intervals.of(*((one.sport, one.sport) for one in spec.flows if replace(one, sport=0) == asked))
            traces[asked] = trace(network, _question(network, interfaces, public, flow, ports))
        found[flow] = verdict(traces[asked], flow.sport)
    return found


def _question(
    network: Network, interfaces: Mapping[str, str], public: set[str], flow: Flow, ports: Intervals
) -> Question:
    """A host by its interface, the internet and public addresses as such, a site by its name; from these ports."""
    names = {**interfaces, OUTSIDE: INTERNET}
    destination = flow.address if flow.address in public else names.get(flow.destination, flow.destination)
    return Question(
        source=_only(endpoint_of(network, names.get(flow.source, flow.source)), flow.source_address, ports),
        destination=_only(endpoint_of(network, destination), flow.address, ports),
        protocol=TCP,
        ports=Intervals.single(flow.dport),
    )


def _only(end: Endpoint, address: str, ports: Intervals) -> Endpoint:
    """Of an end one address, and as a client these ports."""
    only = AddressSet.parse(address)
    starts = tuple(replace(start, addresses=start.addresses & only, ports=ports) for start in end.starts)
    return replace(end, starts=starts, addresses=end.addresses & only, undetermined=False)


def verdict(answer: Trace, sport: int) -> Verdict:
    """Of the packet from one source port."""
    port = Intervals.single(sport)
    legs = [leg for leg in answer.forward if leg.flight.asked().where(sport=port)]
    if any(leg.end.hop.component.startswith(EDGE) for leg in legs):
        return Verdict(frozenset(Outcome), "beyond the edge of AWS")
    word = answer.tally.narrowed(port).reachable
    if answer.question.source.unknown or answer.question.destination.unknown:
        word = Reachable.UNKNOWN
    ends = {isinstance(leg.end, Arrive) for leg in legs}
    refused = {True: Outcome.UNANSWERED, False: Outcome.STOPPED}
    allowed = {
        Reachable.YES: {Outcome.CONNECTED},
        Reachable.NO: {refused[arrives] for arrives in ends},
        Reachable.PARTIAL: set(Outcome),
        Reachable.UNKNOWN: set(Outcome),
    }
    return Verdict(frozenset(allowed[word]), word.value)
