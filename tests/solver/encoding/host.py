"""An interface with its security groups, which let replies pass.

https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html: allow rules only, those of all groups
together. A rule that names a group is about the interfaces that have it, by their private addresses.
"""

from __future__ import annotations

from ipaddress import ip_network

from z3 import And, Not

from dataplane.compiler.host import cidrs_of, may_name, members_of
from dataplane.spec import ANY, Host, Rule, Topology
from solver.encoding.place import Branch, Flight, Kind, Place, goes, guarded, stops
from solver.encoding.terms import FALSE, TRUE, Term, any_of, bits_of, equals, is_of, within_any
from solver.encoding.vpc import crosses


def host_of(spec: Topology, name: str) -> Host | None:
    return next((one for one in spec.hosts if one.name == name), None)


def send(spec: Topology, host: Host, flight: Flight) -> list[Branch]:
    last = flight.translations[-1] if flight.reply and flight.translations else None
    if last is not None and last.caught_at:
        admitted = crosses(spec, host.subnet, last.caught_at, flight)
        caught = Place(Kind.BALANCER, last.by, last.caught_at)
        return guarded(TRUE, admitted, caught, flight, f"network ACL on the way back to {last.by}")
    onward = Place(Kind.LEAVE, host.name, host.subnet)
    always = _always_there(spec, host.subnet, flight.packet.dst)
    allowed = TRUE if flight.reply else allows(spec, host.subnet, host.groups, flight, egress=True)
    guard = guarded(Not(always), allowed, onward, flight, f"outbound rules of {host.name}")
    return [goes(Place(Kind.PASSED), flight, always), *guard]


def _always_there(spec: Topology, name: str, dst: Term) -> Term:
    """The subnet's router and the VPC's resolver answer from inside, over IPv4, and no filter sees it.

    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html and
    https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html
    """
    if dst.size() != bits_of(ANY):
        return FALSE
    subnet = spec.subnet(name)
    router, resolver = ip_network(subnet.cidr)[1], ip_network(spec.vpc(subnet.vpc).cidrs[0])[2]
    return any_of(equals(dst, str(one)) for one in (router, resolver))


def allows(spec: Topology, subnet: str, groups: tuple[str, ...], flight: Flight, *, egress: bool) -> Term:
    """Whether a rule of the groups of an interface in a subnet matches."""
    rules = [rule for group in spec.groups if group.name in groups for rule in group.rules]
    return any_of(_matches(spec, subnet, flight, rule) for rule in rules if rule.egress is egress)


def _matches(spec: Topology, subnet: str, flight: Flight, rule: Rule) -> Term:
    peer = flight.packet.dst if rule.egress else flight.packet.src
    named = [within_any(peer, cidrs_of(spec, rule.peer))]
    if not rule.egress and rule.peer in flight.groups:
        named.append(TRUE)
    for vpc, addresses in members_of(spec, rule.peer).items():
        reaches = may_name(spec, spec.vpc_of(subnet), vpc, inbound=not rule.egress)
        if reaches and (rule.egress or flight.vpc == vpc):
            named += [equals(peer, address) for address in addresses]
    return And(any_of(named), is_of(flight.packet, rule.protocol, rule.ports))


def take(spec: Topology, host: Host, flight: Flight) -> list[Branch]:
    """A request is answered, a reply is what the client waits for or nothing."""
    if not flight.reply:
        allowed = allows(spec, host.subnet, host.groups, flight, egress=False)
        return guarded(TRUE, allowed, Place(Kind.SEND, host.name), flight, f"inbound rules of {host.name}")
    return comes_back(host.name, flight)


def comes_back(name: str, flight: Flight) -> list[Branch]:
    """A reply at an end: it must be the client, and all translations undone."""
    fits = FALSE if name != flight.client or flight.translations else flight.packet.answers(flight.asked)
    return [goes(Place(Kind.PASSED), flight, fits), stops("the reply is not the client's", flight, Not(fits))]
