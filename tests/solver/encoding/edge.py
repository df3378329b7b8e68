"""What lies at the edge of VPCs: NAT gateways, the internet and its gateways, VPNs and the sites behind them.

NAT gateways: https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html. Internet gateways translate one
to one: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html. A virtual private gateway passes
between its VPC and its connections, and between these:
https://docs.aws.amazon.com/vpn/latest/s2svpn/VPN_CloudHub.html.
"""

from __future__ import annotations

from dataclasses import replace

from z3 import And, BitVec, Not

from dataplane.compiler.vpc import within as inside
from dataplane.spec import OUTSIDE, Site, Topology
from solver.encoding.host import comes_back
from solver.encoding.place import Branch, Flight, Kind, Place, Translation, goes, guarded, stops
from solver.encoding.terms import (
    PORT_BITS,
    TRUE,
    Term,
    any_of,
    between,
    bits_of,
    equals,
    firewall_admits,
    is_public,
    value,
    within_any,
)
from solver.encoding.vpc import looked_up


def nat(spec: Topology, place: Place, flight: Flight) -> list[Branch]:
    """What is not for the gateway itself leaves with its address and a port of its choice; replies come back."""
    gateway = next(one for one in spec.nats if one.name == place.name)
    own = equals(flight.packet.dst, gateway.address)
    replies = undone(gateway.name, flight, own)
    if flight.reply:
        return [*replies, stops(f"a reply by {gateway.name}, which did not translate the request", flight, Not(own))]
    port = BitVec(f"{gateway.name} {len(flight.translations)}", PORT_BITS)
    sent = flight.to(src=value(gateway.address), sport=port)
    leaving = Place(Kind.LEAVE, gateway.name, gateway.subnet)
    entry = Translation(gateway.name, flight.packet, sent.packet, leaving)
    sent = replace(sent, translations=(*flight.translations, entry), vpc=spec.vpc_of(gateway.subnet), groups=())
    return [*replies, goes(leaving, sent, And(Not(own), between(port, 1024, 65535)))]


def undone(name: str, flight: Flight, reached: Term = TRUE) -> list[Branch]:
    """To a component's own address come the replies to what it translated last; other replies are not its own."""
    last = flight.translations[-1] if flight.reply and flight.translations else None
    if last is None or last.by != name:
        return [stops(f"{name} has sent nothing that this answers", flight, reached)]
    before = last.before.reversed()
    known = flight.packet.answers(last.after)
    onward = replace(flight, packet=before, translations=flight.translations[:-1])
    return guarded(reached, known, last.back, onward, f"{name} knows no such connection")


def internet_gateway(spec: Topology, place: Place, flight: Flight) -> list[Branch]:
    """Outbound: the sender's private address becomes its public one; an IPv6 address is public itself."""
    if flight.packet.src.size() == bits_of("::"):
        return outbound_ipv6(spec, place, flight)
    public = [one for one in spec.interfaces(place.name) if one.public]
    holds = [equals(flight.packet.src, one.address) for one in public]
    translated = [
        goes(Place(Kind.INTERNET), flight.to(src=value(one.public)), condition)
        for one, condition in zip(public, holds, strict=True)
    ]
    return [*translated, stops("no public address", flight, Not(any_of(holds)))]


def outbound_ipv6(spec: Topology, place: Place, flight: Flight) -> list[Branch]:
    """https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html: outbound, and replies."""
    own = within_any(flight.packet.src, spec.vpc(place.name).cidrs)
    return guarded(TRUE, own, Place(Kind.INTERNET), flight, "not an IPv6 address of the VPC")


def egress_only(spec: Topology, place: Place, flight: Flight) -> list[Branch]:
    if flight.packet.src.size() != bits_of("::"):
        return [stops("an egress-only internet gateway passes IPv6 only", flight)]
    return outbound_ipv6(spec, place, flight)


def internet(spec: Topology, place: Place, flight: Flight) -> list[Branch]:
    """To the interface that holds a public address, else to somebody on the internet, if the address is public."""
    found, held = [], []
    for own in spec.vpcs if flight.packet.src.size() == bits_of("::") else ():
        held.append(within_any(flight.packet.dst, own.cidrs))
        enters = goes(Place(Kind.ARRIVING, own.name), flight, held[-1])
        passes = own.internet or (own.egress_only and flight.reply)
        found.append(enters if passes else stops(f"no way from the internet into {own.name}", flight, held[-1]))
    for vpc in (one.name for one in spec.vpcs if one.internet):
        for one in (one for one in spec.interfaces(vpc) if one.public):
            held.append(equals(flight.packet.dst, one.public))
            found.append(goes(Place(Kind.ARRIVING, vpc), flight.to(dst=value(one.address)), held[-1]))
    somebody = And(is_public(flight.packet.dst), Not(any_of(held)))
    nobody = And(Not(is_public(flight.packet.dst)), Not(any_of(held)))
    there = goes(Place(Kind.TAKE, OUTSIDE), flight, somebody)
    return [*found, there, stops("the internet does not route private addresses", flight, nobody)]


def taken_outside(flight: Flight) -> list[Branch]:
    return comes_back(OUTSIDE, flight) if flight.reply else [goes(Place(Kind.SEND, OUTSIDE), flight)]


def vpn_gateway(spec: Topology, place: Place, flight: Flight) -> list[Branch]:
    """To the connection that announced the longest prefix; from a connection also into the VPC."""
    gateway = next(one for one in spec.vpn_gateways if one.name == place.name)
    cidrs = spec.vpc(gateway.vpc).cidrs
    sites = [one for one in spec.sites if one.gateway == gateway.name and one.up]
    routes = {cidr: one.name for one in sites for cidr in one.announces if not inside(cidr, cidrs)}
    if place.transit:
        routes |= {cidr: gateway.vpc for cidr in cidrs}
    found = []
    for chosen, target in looked_up(routes, flight.packet.dst):
        if target == gateway.vpc:
            found.append(goes(Place(Kind.ARRIVING, target), flight, chosen))
        elif target:
            found.append(goes(Place(Kind.TAKE, target), flight, chosen))
        else:
            found.append(stops(f"{gateway.name} has learned no route", flight, chosen))
    return found


def site_of(spec: Topology, name: str) -> Site | None:
    return next((one for one in spec.sites if one.name == name), None)


def send_from_site(spec: Topology, site: Site, flight: Flight) -> list[Branch]:
    """Through the site's firewall and routes, into its connection."""
    if not site.up:
        return [stops(f"the connection of {site.name} is down", flight)]
    rules = [one for one in site.firewall if one.outbound]
    passes = TRUE if flight.reply else firewall_admits(rules, site.firewall_allows, flight.packet)
    routed = TRUE if site.routes is None else within_any(flight.packet.dst, site.routes)
    behind_hub = any(one.name == site.gateway for one in spec.hubs)
    hub = Place(Kind.HUB, site.name, by=site.gateway)
    onward = hub if behind_hub else Place(Kind.VPN_GATEWAY, site.gateway, transit=True)
    return guarded(TRUE, And(passes, routed), onward, flight, f"firewall or routes of {site.name}")


def taken_by_site(spec: Topology, site: Site, flight: Flight) -> list[Branch]:
    """A declared address answers; who else is there is not said."""
    if flight.reply:
        return comes_back(site.name, flight)
    rules = [one for one in site.firewall if not one.outbound]
    passes = firewall_admits(rules, site.firewall_allows, flight.packet)
    declared = within_any(flight.packet.dst, (site.cidr,))
    return [
        *guarded(declared, passes, Place(Kind.SEND, site.name), flight, f"inbound firewall of {site.name}"),
        goes(Place(Kind.BEYOND), flight, Not(declared)),
    ]
