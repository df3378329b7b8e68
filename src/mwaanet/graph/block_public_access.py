"""VPC Block Public Access: what passes an internet gateway in spite of it, by the subnet that sends or takes it.

Bidirectional, it stops all; ingress-only, all but what a NAT gateway or an egress-only internet gateway sends and the
replies to that. An exclusion for egress lets connections out and none in. The subnet is that of the address, not one
on the way: a firewall's own exclusion does not free what it inspects
(https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html).

Not modelled: a Gateway Load Balancer endpoint in an excluded subnet, on whose way everything stays blocked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mwaanet.graph.flight import Evidence, Flight
from mwaanet.model.block_public_access import BIDIRECTIONAL, EGRESS_ALLOWED, INGRESS, OFF
from mwaanet.model.unknown import Unknown

if TYPE_CHECKING:
    from mwaanet.graph.network import Network


class Screened(NamedTuple):
    """A part of a flight: why it is blocked (empty where it is not, or not certainly), and where that was read."""

    flight: Flight
    blocked: str
    evidence: tuple[Evidence, ...]


def screen(network: Network, gateway: str, flight: Flight, *, leaving: bool) -> list[Screened]:
    """The parts of a flight by the subnets whose addresses it leaves or enters."""
    own = flight.packets.src if leaving else flight.packets.dst
    parts, outside = network.subnets_by_address(flight.vpc).split(own)
    return [
        _judged(network, gateway, flight.narrowed(packets), subnet, leaving=leaving)
        for subnet, addresses in (*parts, ("", outside))
        if (packets := flight.packets.where(src=addresses) if leaving else flight.packets.where(dst=addresses))
    ]


def _judged(network: Network, gateway: str, flight: Flight, subnet: str, *, leaving: bool) -> Screened:
    access = network.inventory.public_access(flight.vpc, subnet)
    evidence = tuple(Evidence(origin) for origin in access.origins)
    passing = {mode for mode in access.modes if _passes(mode, gateway, flight, leaving=leaving)}
    if not passing:
        return Screened(flight, _reason(access.modes), evidence)
    if passing == access.modes:
        return Screened(flight, "", evidence)
    cause = access.unknown
    reason = f"whether VPC Block Public Access stops {gateway} is not known" + (f": {cause.reason}" if cause else "")
    return Screened(flight.doubting(Unknown(reason=reason, needs=cause.needs if cause else ())), "", evidence)


def _passes(mode: str, gateway: str, flight: Flight, *, leaving: bool) -> bool:
    if mode in (OFF, BIDIRECTIONAL):
        return mode == OFF
    if mode == EGRESS_ALLOWED and leaving != flight.reply:
        return True
    return gateway.startswith("eigw-") or any(t.owner.startswith("nat-") for t in flight.translations)


def _reason(modes: frozenset[str]) -> str:
    if modes == {INGRESS}:
        return "VPC Block Public Access is block-ingress: only NAT and egress-only internet gateways pass"
    if modes == {EGRESS_ALLOWED}:
        return "VPC Block Public Access is block-bidirectional, and the exclusion allows egress only"
    if modes == {BIDIRECTIONAL}:
        return "VPC Block Public Access is block-bidirectional"
    return "VPC Block Public Access is on"
