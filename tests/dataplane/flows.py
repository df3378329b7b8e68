"""Which connections are tried: pairs of ends, ports at the edges of rules, client ports at every boundary."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from dataplane.generate_filters import EDGES
from dataplane.spec import OUTSIDE, OUTSIDE_HOSTS, Flow, Topology

PAIRS = 24
CLIENT_PORTS = (32768, 60999)


class End(NamedTuple):
    """Where a connection starts or ends: its name, its own address and its public one."""

    name: str
    address: str
    public: str = ""


def flows(random: Random, spec: Topology) -> tuple[Flow, ...]:
    """An address is called by one client only at each port, from client ports at the boundaries of the ACLs.

    Whoever holds the address, for in VPCs that overlap several may, and a call may come to the wrong one.
    """
    boundaries = client_ports(spec)
    taken: set[tuple[str, int]] = set()
    found: list[Flow] = []
    for source, server, address in random.sample(pairs := _pairs(spec), min(PAIRS, len(pairs))):
        port = random.choice(EDGES)
        if (server.address, port) in taken:
            continue
        taken.add((server.address, port))
        found += [Flow(source.name, source.address, server.name, address, one, port) for one in boundaries]
    return tuple(found)


def client_ports(spec: Topology) -> list[int]:
    """A usual client's ports, and of every boundary of an ACL's range the ports on both sides of it."""
    spans = [entry.ports for acl in spec.acls for entry in acl.entries if entry.ports]
    sides = {port for first, last in spans for port in (first - 1, first, last, last + 1)}
    return sorted({*CLIENT_PORTS, *(port for port in sides if 1024 <= port <= 65535 and port not in EDGES)})


def _pairs(spec: Topology) -> list[tuple[End, End, str]]:
    """Who may call whom, and by which address: private ones, public ones of hosts, the internet's."""
    hosts = [End(one.name, one.address, one.public) for one in spec.hosts]
    sites = [End(one.name, address) for one in spec.sites for address in one.hosts]
    outside = [End(OUTSIDE, address) for address in OUTSIDE_HOSTS if any(vpc.internet for vpc in spec.vpcs)]
    private = [(one, other, other.address) for one in (*hosts, *sites) for other in (*hosts, *sites)]
    to_public = [(one, other, other.public) for one in (*outside, *hosts) for other in hosts if other.public]
    to_outside = [(one, other, other.address) for one in hosts for other in outside]
    return [one for one in (*private, *to_public, *to_outside) if one[0].name != one[1].name]
