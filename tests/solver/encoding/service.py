"""What stands behind an address or a route: Network Load Balancers, interface endpoints, gateway endpoints.

Targets are picked among the healthy ones, of the zone or with cross-zone load balancing of all
(https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health.html). They see the load balancer's
address, or the client's where it is preserved
(https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation).
By PrivateLink the load balancer in the endpoint's zone is asked, and targets always see its own address
(https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html); its inbound rules see the client
(https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html).
"""

from __future__ import annotations

from dataclasses import replace

from z3 import And, BitVec, BitVecVal, Not

from dataplane import spec as plain
from dataplane.spec import Host
from solver.encoding.edge import undone
from solver.encoding.host import allows
from solver.encoding.place import Branch, Flight, Kind, Place, Translation, goes, guarded, stops
from solver.encoding.terms import PORT_BITS, TRUE, Term, between, equals, value
from solver.spec import Balancer, Endpoint, Node, Topology


def gateway_endpoint(spec: plain.Topology, place: Place, flight: Flight) -> list[Branch]:
    """S3 answers, from outside of every subnet."""
    assert isinstance(spec, Topology)
    one = next(one for one in spec.gateway_endpoints if one.name == place.name)
    if not one.available:
        return [stops(f"{one.name} is not available", flight)]
    answer = replace(flight, packet=flight.packet.reversed(), reply=True, vpc="", groups=())
    return [goes(Place(Kind.ARRIVING, one.vpc), answer)]


def endpoint(spec: plain.Topology, place: Place, flight: Flight) -> list[Branch]:
    assert isinstance(spec, Topology)
    one = next(one for one in spec.endpoints if one.name == place.name)
    if flight.reply or not one.available:
        return [stops(f"{one.name} is not available, or takes no replies", flight)]
    allowed = allows(spec, place.subnet, one.groups, flight, egress=False)
    refused = stops(f"inbound rules of {one.name}", flight, Not(allowed))
    back = Place(Kind.LEAVE, one.name, place.subnet)
    if not one.balancer:
        answer = replace(flight, packet=flight.packet.reversed(), reply=True, vpc="", groups=())
        return [refused, goes(back, answer, allowed)]
    return [refused, *_into_service(spec, one, place, flight, allowed)]


def _into_service(spec: Topology, one: Endpoint, place: Place, flight: Flight, reached: Term) -> list[Branch]:
    balancer = next(each for each in spec.balancers if each.name == one.balancer)
    zone = spec.subnet(place.subnet).zone
    node = next((node for node in spec.nodes(balancer) if spec.subnet(node.subnet).zone == zone), None)
    if node is None:
        return [stops(f"{balancer.name} is not in {zone}", flight, reached)]
    seen = bool(balancer.groups) and balancer.enforced
    by_link = replace(flight, vpc="", groups=())
    allowed = allows(spec, node.subnet, balancer.groups, by_link, egress=False) if seen else TRUE
    back = Place(Kind.LEAVE, one.name, place.subnet)
    refused = stops(f"inbound rules of {balancer.name}, by PrivateLink", flight, And(reached, Not(allowed)))
    return [refused, *_balanced(spec, balancer, node, by_link, back, And(reached, allowed), keeps=False)]


def balancer(spec: plain.Topology, place: Place, flight: Flight) -> list[Branch]:
    """At one of its interfaces: a reply goes back, a request to a target."""
    assert isinstance(spec, Topology)
    one = next(one for one in spec.balancers if one.name == place.name)
    if flight.reply:
        return undone(one.name, flight)
    node = next(node for node in spec.nodes(one) if node.subnet == place.subnet)
    allowed = allows(spec, node.subnet, one.groups, flight, egress=False) if one.groups else TRUE
    refused = stops(f"inbound rules of {one.name}", flight, Not(allowed))
    back = Place(Kind.LEAVE, one.name, node.subnet)
    return [refused, *_balanced(spec, one, node, flight, back, allowed, keeps=one.preserves)]


def _balanced(
    spec: Topology, one: Balancer, node: Node, flight: Flight, back: Place, reached: Term, *, keeps: bool
) -> list[Branch]:
    heard = flight.packet.dport == one.port if flight.packet.protocol == "tcp" else Not(TRUE)
    found = [stops(f"{one.name} has no such listener", flight, And(reached, Not(heard)))]
    targets = serving(spec, one, node)
    if not targets:
        found.append(stops(f"{one.name} has no healthy target", flight, And(reached, heard)))
    for target in targets:
        found += _to_target(spec, one, node, target, flight, back, And(reached, heard), keeps=keeps)
    return found


def serving(spec: Topology, one: Balancer, node: Node) -> list[Host]:
    """The healthy targets that may get what comes to a load balancer's interface."""
    healthy = [target.host for target in one.targets if target.healthy]
    hosts = [host for host in spec.hosts if host.name in healthy]
    zone = spec.subnet(node.subnet).zone
    return [host for host in hosts if one.cross_zone or spec.subnet(host.subnet).zone == zone]


def _to_target(
    spec: Topology, one: Balancer, node: Node, host: Host, flight: Flight, back: Place, reached: Term, *, keeps: bool
) -> list[Branch]:
    """To one target, from the load balancer's interface; a client cannot be its own target by its own address."""
    own = {} if keeps else {"src": value(node.address), "sport": BitVec(f"{one.name} {host.name}", PORT_BITS)}
    onward = flight.to(dst=value(host.address), dport=BitVecVal(one.target_port, PORT_BITS), **own)
    entry = Translation(one.name, flight.packet, onward.packet, back, node.subnet if keeps else "")
    onward = replace(onward, translations=(*flight.translations, entry), vpc="", groups=one.groups)
    allowed = allows(spec, node.subnet, one.groups, onward, egress=True) if one.groups else TRUE
    looped = equals(flight.packet.src, host.address) if keeps else Not(TRUE)
    ported = TRUE if keeps else between(onward.packet.sport, 1024, 65535)
    leaving = Place(Kind.LEAVE, one.name, node.subnet)
    return [
        stops("the client is the target", flight, And(reached, looped)),
        *guarded(And(reached, Not(looped), ported), allowed, leaving, onward, f"outbound rules of {one.name}"),
    ]
