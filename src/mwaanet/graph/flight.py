"""What travels through the graph: flights of packets, the hops they make and what becomes of them.

Theory of operation. A `Flight` is a set of packets on its way together. `transfer` takes a flight at a
`Position` and says, for every packet of it, what happens next: it is passed to another position, it arrives,
or it is dropped. Every outcome carries the `Hop` that decided, with the rule and where it was read.

A packet whose fate cannot be known walks on with a *doubt*: if something certain stops it later it is stopped,
whatever the doubt; if it arrives, the answer is unknown and the doubt says why.

A rewriting of addresses (network address translation) pushes a `Translation`; the reply pops it. What the sender
asked for is always `Flight.asked()`, the preimage of the present packets.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, reduce
from operator import or_
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from mwaanet.graph.codes import Code
from mwaanet.model.record import Origin
from mwaanet.model.unknown import Unknown
from mwaanet.net import ANY_PORT, TCP, UDP, AddressSet, Intervals, PacketSet


class Kind(StrEnum):
    """The kinds of component, by AWS's own nouns."""

    NETWORK_INTERFACE = "network-interface"
    SECURITY_GROUP = "security-group"
    SUBNET = "subnet"
    NETWORK_ACL = "network-acl"
    ROUTE_TABLE = "route-table"
    VPC = "vpc"
    RESOLVER = "vpc-resolver"
    INTERNET_GATEWAY = "internet-gateway"
    EGRESS_ONLY_INTERNET_GATEWAY = "egress-only-internet-gateway"
    NAT_GATEWAY = "nat-gateway"
    VPC_ENDPOINT = "vpc-endpoint"
    ENDPOINT_SERVICE = "vpc-endpoint-service"
    LOAD_BALANCER = "load-balancer"
    TARGET_GROUP = "target-group"
    PEERING = "vpc-peering-connection"
    TRANSIT_GATEWAY = "transit-gateway"
    TRANSIT_GATEWAY_ATTACHMENT = "transit-gateway-attachment"
    TRANSIT_GATEWAY_ROUTE_TABLE = "transit-gateway-route-table"
    VPN_GATEWAY = "vpn-gateway"
    VPN_CONNECTION = "vpn-connection"
    CLIENT_VPN_ENDPOINT = "client-vpn-endpoint"
    DIRECT_CONNECT_GATEWAY = "direct-connect-gateway"
    VIRTUAL_INTERFACE = "virtual-interface"
    NETWORK_FIREWALL = "network-firewall"
    RESOLVER_ENDPOINT = "resolver-endpoint"
    SITE = "on-premises-site"
    INTERNET = "internet"
    SERVICE = "aws-service"
    UNMODELLED = "unmodelled"


class Role(StrEnum):
    """On which side of a component a flight stands."""

    SEND = "send"  # about to leave its holder: interface, site, internet, service
    GROUPS_OUT = "groups-out"  # at the egress rules of an interface's security groups
    LEAVE = "leave"  # leaving a subnet, or a gateway towards what lies behind it
    LOOKUP = "lookup"  # at a route table
    OUTBOUND = "outbound"  # at the outbound entries of a network ACL
    INBOUND = "inbound"  # at the inbound entries of a network ACL
    LOCAL = "local"  # inside a VPC, to be delivered by its router
    ENTER = "enter"  # arriving at a subnet or gateway
    GROUPS_IN = "groups-in"  # at the ingress rules of an interface's security groups
    RECEIVE = "receive"  # delivered to its holder
    BACK = "back"  # a reply that returns to a translator


class Action(StrEnum):
    """What a hop did with its packets."""

    FORWARD = "forward"
    ALLOW = "allow"
    TRANSLATE = "translate"
    DELIVER = "deliver"
    DENY = "deny"
    DROP = "drop"
    UNKNOWN = "unknown"


class Position(NamedTuple):
    """Where a flight stands: a component's id and the side of it."""

    component: str
    role: Role


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """Where a fact was read: the record's origin, and the rest of the JSON pointer inside the record."""

    origin: Origin | None
    rest: str = ""

    @property
    def file(self) -> str:
        """The snapshot file, relative to the snapshot's folder; empty for facts that come from no file."""
        return self.origin.document.file if self.origin else ""

    @property
    def pointer(self) -> str:
        """The JSON pointer of the fact in that file."""
        return (self.origin.pointer if self.origin else "") + self.rest


SUPPOSED = "supposed"
"""Owner of a rewriting that only a search for a mend supposes (another port)."""


_PORTED = (TCP, UDP)


@dataclass(frozen=True, kw_only=True)
class Translation:
    """A rewriting of some axes of all packets of `domain` by `owner`; `None` leaves an axis as it was.

    The new value of an axis is *some* member of its set (which source port a NAT gateway takes is not known).
    """

    owner: str
    domain: PacketSet
    src: AddressSet | None = None
    dst: AddressSet | None = None
    sport: Intervals | None = None
    dport: Intervals | None = None
    returns_to: Position
    keeps: str = ""
    """The subnet of a load balancer that left the client's address: it is given the replies, whatever routes say."""

    @cached_property
    def _crosses(self) -> bool:
        """Whether both addresses become ones of the other family, as a dual-stack load balancer makes them."""
        both = self.src is not None and self.dst is not None
        return both and not self.domain.replace(src=self.src, dst=self.dst)

    def image(self, packets: PacketSet) -> PacketSet:
        """The packets after the rewriting."""
        if not self._crosses:
            return packets.replace(src=self.src, dst=self.dst, sport=self.sport, dport=self.dport)
        turned = PacketSet.NONE
        for protocol in _PORTED:
            if packets.where(protocol=protocol):
                turned = turned | PacketSet.of(
                    src=self.src, dst=self.dst, protocol=protocol, sport=self.sport, dport=self.dport
                )
        return turned

    def preimage(self, packets: PacketSet) -> PacketSet:
        """Those packets of the domain that the rewriting may have turned into one of `packets`."""
        if self._crosses:
            parts = (self.domain.where(protocol=one) for one in _PORTED if packets.where(protocol=one))
            return reduce(or_, parts, PacketSet.NONE)
        return self.domain & packets.replace(
            src=None if self.src is None else AddressSet.ANY,
            dst=None if self.dst is None else AddressSet.ANY,
            sport=None if self.sport is None else ANY_PORT,
            dport=None if self.dport is None else ANY_PORT,
        )


class Flight(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A set of packets on its way together, and what it remembers of the way."""

    packets: PacketSet
    wanted: AddressSet = AddressSet.NONE
    """Where everything goes that was asked about, of which a search for mends follows one packet."""
    vpc: str = ""
    """The VPC it is in; empty outside of every VPC."""
    subnet: str = ""
    """The subnet it last left inside that VPC; empty where it entered by a gateway."""
    zone: str = ""
    """AZ ID in which it travels, where that is known: a transit gateway keeps to it."""
    sender: str = ""
    """The interface whose security groups a rule's group peer sees; empty once an address was translated."""
    crossed: tuple[str, ...] = ()
    """Peering connections and transit gateways crossed since the sender."""
    entered: str = ""
    """The gateway by which it entered the present VPC; empty where it started there."""
    holder: str = ""
    """The interface that took the packets last: where the replies of what stands behind it leave."""
    privatelink: Position | None = None
    """Where replies leave the consumer's endpoint, while a load balancer has packets that came by PrivateLink."""
    ahead: tuple[Position, ...] = ()
    """Positions still to pass, in order, before it goes where its route leads."""
    translations: tuple[Translation, ...] = ()
    reply: bool = False
    tracked: frozenset[str] = frozenset()
    """Stateful components that have seen the request: of a reply, those that will recognise it."""
    doubts: tuple[Unknown, ...] = ()
    mended: frozenset[str] = frozenset()
    """Components that a search for a mend supposes to be in order."""

    @property
    def translators(self) -> frozenset[str]:
        """Who has translated it; a second time by the same owner is the beginning of a loop."""
        return frozenset([translation.owner for translation in self.translations])

    def narrowed(self, packets: PacketSet) -> Flight:
        """The same flight with fewer packets."""
        return self if packets is self.packets else replace(self, packets=packets)

    def doubting(self, unknown: Unknown) -> Flight:
        """The same flight with one more reason to doubt that it gets this far."""
        return self if unknown in self.doubts else replace(self, doubts=(*self.doubts, unknown))

    def asked(self) -> PacketSet:
        """The packets that the first sender sent, of which these are the present form (or the replies)."""
        packets = self.packets.reversed() if self.reply else self.packets
        for translation in reversed(self.translations):
            packets = translation.preimage(packets)
        return packets


class Hop(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One component's decision about a set of packets."""

    component: str
    kind: Kind
    action: Action
    by: str
    """The rule, route or state that decided, as AWS prints it."""
    code: Code
    packets: PacketSet
    evidence: tuple[Evidence, ...] = ()
    also: tuple[str, ...] = ()
    """Other resources that the same decision names (the culprit is `component`)."""
    aws_code: str = ""
    """What Reachability Analyzer calls this decision, where that is not what it calls `code`."""


class Mend(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A change that would let dropped packets go on: which resources, at what cost, and to where."""

    resources: tuple[str, ...]
    cost: int
    action: str
    to: Position
    flight: Flight
    target: str = ""
    """Where a new route or association leads: a gateway, endpoint, attachment or table."""
    block: str = ""
    """The destination of the route that exists already, and leads there then."""


class Pass(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The flight goes on to `to`. Without a hop it is bookkeeping, not a component's decision."""

    flight: Flight
    to: Position
    hop: Hop | None = None


class Arrive(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The flight has reached something that takes it; `answer` is where its replies start."""

    flight: Flight
    hop: Hop
    answer: Position


class Drop(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The flight's packets end here; `mends` are the changes of the catalogue that would let them go on."""

    flight: Flight
    hop: Hop
    mends: tuple[Mend, ...] = ()


class Lose(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What becomes of the flight's packets from here on cannot be known."""

    flight: Flight
    hop: Hop
    unknown: Unknown


Outcome = Pass | Arrive | Drop | Lose


def advance(flight: Flight, otherwise: Position) -> tuple[Position, Flight]:
    """The next position of the flight's agenda and the flight without it; `otherwise` where the agenda is empty."""
    if not flight.ahead:
        return otherwise, flight
    return flight.ahead[0], replace(flight, ahead=flight.ahead[1:])


def untranslate(flight: Flight, owner: str) -> Flight | None:
    """The reply as it was before `owner` translated the request; None where the last translation is not its own."""
    if not flight.translations or flight.translations[-1].owner != owner:
        return None
    translation = flight.translations[-1]
    packets = translation.preimage(flight.packets.reversed()).reversed()
    returned = replace(flight, packets=packets, translations=flight.translations[:-1])
    return untranslate(returned, SUPPOSED) or returned
