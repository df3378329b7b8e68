"""A VPC: routes, network ACLs at the subnets' boundaries, and who holds an address.

Routes: https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html. ACLs are stateless and not seen
within a subnet: https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html; with transit gateways:
https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_network

from z3 import And, Not

from dataplane.compiler.vpc import acl_of, chosen_routes, table_of
from dataplane.spec import Attachment, Nat, Subnet, Topology, Vpc
from solver import spec as nouns
from solver.encoding.place import Branch, Flight, Kind, Place, goes, guarded, stops
from solver.encoding.terms import TRUE, Term, admits, equals, value, within, within_any
from solver.spec import S3, Node

LOCAL = "local"


def longest_first(prefixes: Iterable[str]) -> list[str]:
    return sorted(prefixes, key=lambda one: ip_network(one).prefixlen, reverse=True)


def looked_up(routes: Mapping[str, str], dst: Term) -> Iterator[tuple[Term, str]]:
    """For each target the condition under which it is chosen, by the longest prefix; and that under which none is."""
    missed = TRUE
    for prefix in longest_first(routes):
        matches = within(dst, prefix)
        yield And(missed, matches), routes[prefix]
        missed = And(missed, Not(matches))
    yield missed, ""


def leave(spec: Topology, place: Place, flight: Flight) -> list[Branch]:
    """Neighbours need no route."""
    subnet = spec.subnet(place.subnet)
    near = within(flight.packet.dst, subnet.cidr)
    arriving = Place(Kind.ARRIVING, subnet.vpc, subnet.name)
    return [goes(arriving, flight, near), goes(Place(Kind.TABLE, subnet.name, subnet.name), flight, Not(near))]


def table(spec: Topology, place: Place, flight: Flight) -> list[Branch]:
    """What a transit gateway brought is passed on to a NAT gateway at most.

    https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
    """
    subnet = spec.subnet(place.subnet)
    vpc = spec.vpc(subnet.vpc)
    routes = {cidr: LOCAL for cidr in vpc.cidrs} | service_routes(spec, subnet) | _chosen(spec, vpc, subnet)
    found = []
    for chosen, target in looked_up(routes, flight.packet.dst):
        if target == LOCAL:
            found.append(goes(Place(Kind.ARRIVING, vpc.name, subnet.name), flight, chosen))
        else:
            found += _towards(spec, place, flight, target, chosen)
    return found


def _chosen(spec: Topology, vpc: Vpc, subnet: Subnet) -> dict[str, str]:
    return chosen_routes(spec, vpc, table_of(spec, subnet))


def service_routes(spec: Topology, subnet: Subnet) -> dict[str, str]:
    """The routes of gateway endpoints: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html."""
    endpoints = spec.gateway_endpoints if isinstance(spec, nouns.Topology) else ()
    own = [one.name for one in endpoints if table_of(spec, subnet).name in one.tables]
    return {cidr: name for name in own for cidr in S3}


def _towards(spec: Topology, place: Place, flight: Flight, target: str, chosen: Term) -> list[Branch]:
    nat = next((one for one in spec.nats if one.name == target and one.available), None)
    if nat is not None:
        admitted = crosses(spec, place.subnet, nat.subnet, flight)
        return guarded(chosen, admitted, Place(Kind.NAT, nat.name), flight, f"network ACL on the way to {target}")
    onward = None if place.transit else _exit(spec, place.subnet, target)
    if onward is None:
        return [stops(f"no way to {target or 'anywhere'} from {place.subnet}", flight, chosen)]
    admitted = admits(acl_of(spec, place.subnet), flight.packet, egress=True)
    if onward.subnet:
        admitted = And(admitted, admits(acl_of(spec, onward.subnet), flight.packet, egress=False))
    return guarded(chosen, admitted, onward, flight, f"network ACL of {place.subnet} or {onward.subnet}")


def _exit(spec: Topology, name: str, target: str) -> Place | None:
    """Where a route leads out of a VPC, with the attachment's subnet where it is a transit gateway's."""
    subnet = spec.subnet(name)
    if target == "internet":
        return Place(Kind.INTERNET_GATEWAY, subnet.vpc)
    if target == "egress_only":
        return Place(Kind.EGRESS_ONLY, subnet.vpc)
    if isinstance(spec, nouns.Topology) and any(one.name == target for one in spec.gateway_endpoints):
        return Place(Kind.GATEWAY_ENDPOINT, target)
    if any(one.name == target for one in spec.vpn_gateways):
        return Place(Kind.VPN_GATEWAY, target)
    for peering in spec.peerings:
        if peering.name == target and peering.active:
            ends = {peering.requester: peering.accepter, peering.accepter: peering.requester}
            return Place(Kind.PEERING, ends[subnet.vpc], by=subnet.vpc)
    for one in spec.attachments:
        if (one.hub, one.vpc) == (target, subnet.vpc) and one.available:
            return _into_hub(spec, one, subnet.zone)
    return None


def _into_hub(spec: Topology, attachment: Attachment, zone: str) -> Place | None:
    """Only senders in a zone of the attachment may use it."""
    near = [one for one in attachment.subnets if spec.subnet(one).zone == zone]
    return Place(Kind.HUB, attachment.name, near[0], zone=zone, by=attachment.hub) if near else None


def peering(spec: Topology, place: Place, flight: Flight) -> list[Branch]:
    """From one VPC's own addresses to the other's: there is no transit.

    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
    """
    own = within_any(flight.packet.src, spec.vpc(place.by).cidrs)
    return guarded(TRUE, own, Place(Kind.ARRIVING, place.name), flight, "peering carries the VPC's own addresses only")


def arriving(spec: Topology, place: Place, flight: Flight) -> list[Branch]:
    """To the interface that holds the address; it is known from here on."""
    found, held = [], []
    for one in spec.interfaces(place.name):
        holds = equals(flight.packet.dst, one.address)
        held.append(holds)
        admitted = crosses(spec, place.subnet, one.subnet, flight)
        kind = _kind(spec, one)
        why = f"network ACL on the way from {place.subnet or 'outside'} to {one.subnet}"
        found += guarded(holds, admitted, Place(kind, one.name, one.subnet), flight.to(dst=value(one.address)), why)
    nobody = And(*(Not(one) for one in held))
    return [*found, stops(f"nobody in {place.name} holds the address", flight, nobody)]


def _kind(spec: Topology, one: object) -> Kind:
    if isinstance(one, Node) and isinstance(spec, nouns.Topology):
        return Kind.BALANCER if one.name in [each.name for each in spec.balancers] else Kind.ENDPOINT
    return Kind.NAT if isinstance(one, Nat) else Kind.TAKE


def crosses(spec: Topology, source: str, target: str, flight: Flight) -> Term:
    """Whether the ACLs admit a packet from one subnet (or from outside) to an interface in another."""
    if source == target:
        return TRUE
    entering = admits(acl_of(spec, target), flight.packet, egress=False)
    return And(admits(acl_of(spec, source), flight.packet, egress=True), entering) if source else entering
