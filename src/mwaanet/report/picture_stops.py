"""Where packets stop by on their way: each hop at the component and the place where a picture shows it.

What guards a subnet (security groups, network ACLs, route tables) is shown in the subnet that it guards there. An
interface of an endpoint, a NAT gateway or a load balancer is shown as what it belongs to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mwaanet.graph.flight import Hop, Kind
from mwaanet.graph.location import Location, Locations

_GUARDS = (Kind.SECURITY_GROUP, Kind.NETWORK_ACL, Kind.ROUTE_TABLE)
_BALANCING = (Kind.LOAD_BALANCER, Kind.TARGET_GROUP)
_OWNERS = {"vpce-": Kind.VPC_ENDPOINT, "nat-": Kind.NAT_GATEWAY, "arn:": Kind.LOAD_BALANCER}


class Spot(NamedTuple):
    """A component at a place."""

    component: str
    location: Location


class Stop(NamedTuple):
    """One or more hops in a row at the same spot."""

    spot: Spot
    kind: Kind
    hops: tuple[Hop, ...]


def stops(hops: Sequence[Hop], locations: Locations) -> list[Stop]:
    """The spots that packets pass, in order."""
    subnets = _subnets(hops, locations)
    found: list[Stop] = []
    for index, hop in enumerate(hops):
        owner = locations.owner(hop.component)
        component = owner or hop.component
        kind = next((kind for prefix, kind in _OWNERS.items() if owner.startswith(prefix)), hop.kind)
        inside = locations.of_subnet(subnets[index]) if subnets[index] else locations.of(hop.component)
        spot = Spot(component, inside)
        if found and found[-1].spot == spot:
            found[-1] = found[-1]._replace(hops=(*found[-1].hops, hop))
        else:
            found.append(Stop(spot, kind, (hop,)))
    return found


def _subnets(hops: Sequence[Hop], locations: Locations) -> list[str]:
    """The subnet in which each hop is shown; empty for those that lie in none."""
    fixed = [_own_subnet(hops, index, locations) for index in range(len(hops))]
    found = list(fixed)
    before, passed = "", list[Hop]()
    for index, hop in enumerate(hops):
        if fixed[index]:
            before, passed = fixed[index], []
            continue
        if hop.kind in (*_GUARDS, *_BALANCING):
            after = next((subnet for subnet in fixed[index:] if subnet), "")
            found[index] = _guarded(hop, before, after, passed, locations)
        passed.append(hop)
    return found


def _own_subnet(hops: Sequence[Hop], index: int, locations: Locations) -> str:
    """The subnet of an interface or NAT gateway, of a table that only one has, of a load balancer by its addresses."""
    hop = hops[index]
    location = locations.of(hop.component)
    if hop.kind is Kind.ROUTE_TABLE:
        return locations.only_subnet(hop.component)
    if location.subnet or hop.kind is not Kind.LOAD_BALANCER:
        return location.subnet
    for addresses in (hop.packets.src, hop.packets.dst):
        subnet = locations.subnet_holding(location.vpc, addresses)
        if subnet:
            return subnet
    beside = [*hops[max(index - 1, 0) : index], *hops[index + 1 : index + 2]]
    own = (locations.of(near.component).subnet for near in beside if locations.owner(near.component) == hop.component)
    return next(own, "")


def _guarded(hop: Hop, before: str, after: str, passed: Sequence[Hop], locations: Locations) -> str:
    """The subnet that a guard is met in: the one left last, else the next one, else that of the packets' target."""
    vpc = locations.of(hop.component).vpc
    ahead = after or locations.subnet_holding(vpc, hop.packets.dst)
    if hop.kind in _BALANCING:
        candidates = [ahead]
    elif hop.kind is Kind.SECURITY_GROUP:
        leaving = bool(before) and all(other.kind is Kind.SECURITY_GROUP for other in passed)
        candidates = [before if leaving else ahead]
    else:
        met = any(other.component == hop.component for other in passed)
        sides = (ahead, before) if met else (before, ahead)
        candidates = [side for side in sides if side and locations.guards(hop.component, side)]
    return next((side for side in candidates if side and locations.of_subnet(side).vpc == vpc), "")
