"""Asking a topology: a test is one line of question and one of verdict.

    answer = ask(net, eni, "10.2.1.5", tcp=443)
    assert answer.verdict == "no"
    assert answer.culprits == (group.id,)

Ends are handles of the builder, ids, addresses, CIDRs, `internet`, sites; packets are `tcp=443`, `udp=(1, 1023)`,
`icmp=True`, `protocol=47`, or without any of these all packets. `site` is the text of `mwaanet.yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from builder import Estate, Topology
from builder.identity import Ref, id_of
from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Drop
from mwaanet.graph.network import Network
from mwaanet.model.inventory import Inventory
from mwaanet.model.site import Site
from mwaanet.net import ICMP, TCP, UDP, Intervals
from mwaanet.paths.blocked import BlockedPath, blocked_paths
from mwaanet.paths.endpoints import endpoint_of
from mwaanet.paths.question import Question
from mwaanet.paths.trace import Trace, trace
from mwaanet.paths.walk import Leg
from mwaanet.snapshot.operations import CallRef
from mwaanet.snapshot.reader import Snapshot

Ports = int | tuple[int, int]


@dataclass(frozen=True)
class Answer:
    """What the engine says to one question."""

    network: Network
    trace: Trace

    @property
    def verdict(self) -> str:
        """`yes`, `no`, `partial` or `unknown`."""
        return self.trace.reachable.value

    @cached_property
    def blocked(self) -> tuple[BlockedPath, ...]:
        """A blocked path for each differently stopped part."""
        return blocked_paths(self.network, self.trace)

    @property
    def culprits(self) -> tuple[str, ...]:
        """Every resource that must change, in the order in which the blocked paths meet them."""
        return tuple(dict.fromkeys(resource for path in self.blocked for resource in path.resources))

    @property
    def hops(self) -> list[str]:
        """The components that the request passes, where it goes one way only."""
        return _only(self.trace.forward)

    @property
    def back(self) -> list[str]:
        """The components that the replies pass, where they go one way only."""
        return _only(self.trace.back)

    @property
    def ways(self) -> set[tuple[str, ...]]:
        """The components of every way that the request may go."""
        return {tuple(hop.component for hop in leg.hops) for leg in self.trace.forward}

    @property
    def codes(self) -> set[Code]:
        """What dropped packets, on any way, there or back."""
        return {leg.end.hop.code for leg in self.trace.drops if isinstance(leg.end, Drop)}

    @property
    def why(self) -> str:
        """What was said where packets were dropped."""
        return "; ".join(dict.fromkeys(leg.end.hop.by for leg in self.trace.drops))

    @property
    def doubts(self) -> str:
        """Every reason why something is not known."""
        return "; ".join(unknown.reason for unknown in self.trace.unknowns)

    @property
    def needs(self) -> set[str]:
        """The operations that would tell what is not known."""
        return {ref.operation for unknown in self.trace.unknowns for ref in unknown.needs}

    @property
    def calls(self) -> set[CallRef]:
        """The calls that would tell what is not known."""
        return {ref for unknown in self.trace.unknowns for ref in unknown.needs}

    @property
    def passed(self) -> str:
        """The packets that are answered."""
        return self.trace.tally.passed.describe()


def ask(
    net: Topology | Estate | Network,
    source: Ref,
    destination: Ref,
    *,
    tcp: Ports | None = None,
    udp: Ports | None = None,
    icmp: bool = False,
    protocol: int | None = None,
    site: str | None = None,
) -> Answer:
    """Ask whether all packets of a kind get from one end to another, and the replies back."""
    network = net if isinstance(net, Network) else network_of(net, site)
    ports = udp if tcp is None else tcp
    if tcp is not None:
        protocol = TCP
    elif udp is not None:
        protocol = UDP
    elif icmp:
        protocol = ICMP
    question = Question(
        source=endpoint_of(network, id_of(source)),
        destination=endpoint_of(network, id_of(destination)),
        protocol=protocol,
        ports=None if ports is None else Intervals.of((ports, ports) if isinstance(ports, int) else ports),
    )
    return Answer(network, trace(network, question))


def network_of(net: Topology | Estate, site: str | None = None) -> Network:
    """The network that the one reader makes of what was built."""
    return read(net.files(), site)


def read(files: Mapping[str, bytes], site: str | None = None) -> Network:
    """The network of a snapshot's files."""
    snapshot = Snapshot.from_files(files)
    text = site or snapshot.site_text
    return Network(Inventory.load(snapshot, Site.parse(text, "mwaanet.yaml") if text else None))


def site_file(
    firewall: str = "default: allow", *, routes: Sequence[str] | None = None, links: Sequence[str] = ()
) -> str:
    """A site file with the site `dc`, 172.20.0.0/16, whose firewall is open unless its text says otherwise."""
    lines = ["version: 1", "on_premises:", "  - name: dc", "    cidrs: [172.20.0.0/16]"]
    if links:
        lines.append(f"    connects_through: [{', '.join(links)}]")
    if routes is not None:
        lines.append(f"    routes: [{', '.join(routes)}]")
    if firewall:
        lines.append(f"    firewall: {{{firewall}}}")
    return "\n".join([*lines, ""])


def _only(legs: Sequence[Leg]) -> list[str]:
    ways = {tuple(hop.component for hop in leg.hops) for leg in legs}
    assert len(ways) == 1, f"{len(ways)} ways: {sorted(ways)}"
    return list(ways.pop())
