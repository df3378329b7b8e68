"""A transit gateway: a packet is looked up in the table of the attachment by which it came, and leaves by the route's.

https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html. A VPC is left by the attachment's subnet in
the sender's zone where there is one; where there is none, and in appliance mode, AWS picks.
"""

from __future__ import annotations

from dataplane.compiler.hub import chosen_routes, exits
from dataplane.spec import Topology
from solver.encoding.place import Branch, Flight, Kind, Place, goes, stops
from solver.encoding.vpc import looked_up


def enter(spec: Topology, place: Place, flight: Flight) -> list[Branch]:
    table = next((one for one in spec.hub_tables if one.hub == place.by and place.name in one.associated), None)
    if table is None:
        return [stops(f"no table for {place.name}", flight)]
    found = []
    for chosen, target in looked_up(chosen_routes(spec, table), flight.packet.dst):
        ways = _ways(spec, place, target)
        found += [goes(way, flight, chosen) for way in ways]
        found += [] if ways else [stops(f"no route in {table.name}", flight, chosen)]
    return found


def _ways(spec: Topology, place: Place, target: str) -> list[Place]:
    """By which subnets, to which site or into which other transit gateway a packet leaves."""
    if any(one.name == target and one.up for one in spec.sites):
        return [Place(Kind.TAKE, target)]
    for peering in spec.hub_peerings:
        if peering.name == target and peering.available:
            other = peering.other if place.by == peering.hub else peering.hub
            return [Place(Kind.HUB, target, by=other)]
    attachment = next((one for one in spec.attachments if one.name == target and one.available), None)
    subnets = exits(spec, attachment, place.zone) if attachment else ()
    return [Place(Kind.TABLE, one, one, transit=True) for one in subnets]
