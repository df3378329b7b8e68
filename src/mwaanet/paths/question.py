"""What is asked: packets from one endpoint to another."""

from __future__ import annotations

from dataclasses import dataclass

from mwaanet.graph.flight import Position
from mwaanet.model.unknown import Unknown
from mwaanet.net import CLIENT_PORTS, AddressSet, Intervals, PacketSet

LINUX_PORTS = Intervals.of((32768, 60999))
"""Client ports of Linux, and so of Fargate (https://docs.kernel.org/networking/ip-sysctl.html)."""
WINDOWS_PORTS = Intervals.of((49152, 65535))
"""Client ports of Windows (https://docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """One place where packets can start: the component that sends them, its addresses and its client ports.

    Where the client's system is not known it may take any of `CLIENT_PORTS`
    (https://docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html).
    """

    position: Position
    addresses: AddressSet
    ports: Intervals = CLIENT_PORTS
    ports_known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One end of a question.

    `starts` is where packets from it start; `addresses` what a packet to it is addressed to; `accepts` the
    components at which such a packet has arrived (None: wherever the addresses are held).
    `unknown` says why the end itself cannot be known; then a question about it is unknown.
    `undetermined` marks addresses of which only some exist, which is not known (a service's public addresses, the
    client among all hosts of a site): part of them passing decides nothing.
    """

    name: str
    starts: tuple[Start, ...] = ()
    addresses: AddressSet = AddressSet.NONE
    accepts: frozenset[str] | None = None
    unknown: Unknown | None = None
    undetermined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Do all packets of these kinds get from `source` to `destination`, and the replies back?

    `protocol` is an IP protocol number or None for every protocol; `ports` are destination ports.
    """

    source: Endpoint
    destination: Endpoint
    protocol: int | None = None
    ports: Intervals | None = None

    def packets(self, start: Start) -> PacketSet:
        """The packets that are asked about from one start."""
        packets = PacketSet.of(src=start.addresses, dst=self.destination.addresses)
        if self.protocol in (6, 17):
            return packets.where(protocol=self.protocol, sport=start.ports, dport=self.ports)
        if self.protocol in (1, 58):
            request = Intervals.single(8 if self.protocol == 1 else 128)
            return packets.where(protocol=self.protocol, icmp_type=request, icmp_code=Intervals.single(0))
        return packets.where(protocol=self.protocol)
