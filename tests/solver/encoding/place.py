"""Where packets are, what is remembered of them, and what becomes of them next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum, auto
from typing import NamedTuple

from z3 import And, Not

from solver.encoding.terms import TRUE, Packet, Term


class Kind(StrEnum):
    """What is decided at a place; the name of a place is that of the noun in brackets."""

    SEND = auto()
    """A client or a server sends (its name)."""
    LEAVE = auto()
    """An interface has sent (interface)."""
    TABLE = auto()
    """A subnet's routes are looked up (subnet)."""
    ARRIVING = auto()
    """A packet is in a VPC, on its way to whoever holds the address (VPC)."""
    TAKE = auto()
    """It is at an end (its name)."""
    NAT = auto()
    INTERNET_GATEWAY = auto()
    """Outbound, through the gateway of a VPC (VPC)."""
    INTERNET = auto()
    PEERING = auto()
    """It is in the peered VPC (VPC)."""
    HUB = auto()
    """It has come by an attachment (attachment)."""
    EGRESS_ONLY = auto()
    """Outbound, IPv6, through the gateway of a VPC (VPC)."""
    GATEWAY_ENDPOINT = auto()
    BALANCER = auto()
    """At a load balancer's interface (balancer)."""
    ENDPOINT = auto()
    """At an interface endpoint's interface (endpoint)."""
    VPN_GATEWAY = auto()
    """Through a VPC's gateway, from the VPC or (in transit) from a connection (gateway)."""
    PASSED = auto()
    """Request and reply have come through."""
    STOPPED = auto()
    BEYOND = auto()
    """At a site, for addresses that the site does not declare: who is there is not said."""


ENDS = (Kind.PASSED, Kind.STOPPED, Kind.BEYOND)


class Place(NamedTuple):
    kind: Kind
    name: str = ""
    subnet: str = ""
    """The subnet out of which it comes; none where it comes from outside of the VPC."""
    transit: bool = False
    """Whether a transit gateway, or a connection, brought it."""
    zone: str = ""
    by: str = ""
    """The transit gateway that is entered (a peering is an attachment of two), or the VPC that is left by a peering."""


class Translation(NamedTuple):
    """What a component made of a packet, which its reply is to be made of again."""

    by: str
    before: Packet
    after: Packet
    back: Place
    """From where the reply goes on."""
    caught_at: str = ""
    """The subnet of the load balancer that gets replies to the address that it preserved, whatever the routes say."""


@dataclass(frozen=True)
class Flight:
    """A packet on its way; `asked` is the request as its client sent it, `vpc` that of the interface that sent last."""

    packet: Packet
    asked: Packet
    client: str
    vpc: str = ""
    groups: tuple[str, ...] = ()
    """Those of the load balancer that sent it: a rule that names one of them matches."""
    reply: bool = False
    translations: tuple[Translation, ...] = ()

    def to(self, **changes: Term) -> Flight:
        return replace(self, packet=replace(self.packet, **changes))


class Branch(NamedTuple):
    """Under a condition a packet goes on to a place; where conditions overlap, AWS picks."""

    condition: Term
    to: Place
    flight: Flight
    why: str = ""


def goes(to: Place, flight: Flight, condition: Term = TRUE) -> Branch:
    return Branch(condition, to, flight)


def stops(why: str, flight: Flight, condition: Term = TRUE) -> Branch:
    return Branch(condition, Place(Kind.STOPPED), flight, why)


def guarded(reached: Term, admitted: Term, to: Place, flight: Flight, why: str) -> list[Branch]:
    """What has reached a guard goes on if it is admitted, and is stopped otherwise."""
    return [Branch(And(reached, admitted), to, flight), stops(why, flight, And(reached, Not(admitted)))]
