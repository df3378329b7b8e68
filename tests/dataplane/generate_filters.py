"""Random network ACLs, security groups and firewalls: what most flows pass, and what some do not."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TypedDict

from dataplane.spec import ANY, Acl, Entry, FirewallRule, Group, Ports, Rule, Site, Topology

EDGES = (22, 79, 80, 81, 443, 444, 1023, 5432, 8080, 8443)
"""Destination ports of the flows; rules begin and end at these."""
BOUNDARIES = (1024, 10000, 32768, 40000, 49152, 60999, 65000)
"""Where ranges of client ports begin or end."""
PEERS = (
    ANY,
    ANY,
    "10.0.0.0/8",
    "10.1.0.0/16",
    "10.2.0.0/15",
    "10.1.1.0/24",
    "172.16.0.0/12",
    "0.0.0.0/1",
    "8.8.8.8/32",
)


def ports(random: Random) -> Ports:
    first, last = sorted(random.sample(EDGES, 2))
    return first, last


def acls(random: Random, spec: Topology) -> tuple[Acl, ...]:
    """An ACL of its own for some subnets, one for several now and then."""
    found: list[Acl] = []
    for vpc in spec.vpcs:
        own = [one.name for one in spec.subnets if one.vpc == vpc.name and random.random() < 0.33]
        alone = random.random() < 0.7
        for names in [(one,) for one in own] if alone else [tuple(own)] if own else []:
            found.append(Acl(f"a{names[0]}", vpc.name, (*_entries(random, False), *_entries(random, True)), names))
    return tuple(found)


def _entries(random: Random, egress: bool) -> list[Entry]:
    """Refusals with low numbers, then what is open: everything, or servers' ports and clients'."""
    numbers = iter(random.sample(range(1, 400), 12))
    entries = []
    for _ in range(random.choice((0, 0, 1, 2))):
        span = random.choice((None, ports(random), ports(random), client_ports(random)))
        protocol = random.choice(("tcp", "tcp", "tcp", "udp", "all"))
        filtered = span if protocol != "all" else None
        allow = random.random() < 0.3
        entries.append(Entry(egress, next(numbers), allow, protocol, filtered, random.choice(PEERS)))
    if random.random() < 0.5:
        entries.append(Entry(egress, 500, True, "all", None, ANY))
    else:
        first = random.choice((1, 1, 1, 80, 443))
        entries.append(Entry(egress, next(numbers), True, "tcp", (first, 1023), random.choice(PEERS[:3])))
        entries.append(Entry(egress, next(numbers), True, "tcp", client_ports(random), random.choice(PEERS[:3])))
    return entries


def client_ports(random: Random) -> Ports:
    first = random.choice(BOUNDARIES[:3])
    return first, random.choice((65535, 65535, *BOUNDARIES[4:]))


def groups(random: Random, spec: Topology) -> Topology:
    """Two groups in each VPC, named by each other and by those of other VPCs; each host has one or both."""
    names = {vpc.name: (f"g{vpc.name}x", f"g{vpc.name}y") for vpc in spec.vpcs}
    everyone = [name for pair in names.values() for name in pair]
    found = [
        Group(name, vpc, (*_rules(random, spec, everyone, False), *_rules(random, spec, everyone, True)))
        for vpc, pair in names.items()
        for name in pair
    ]
    hosts = []
    for host in spec.hosts:
        pair = names[spec.vpc_of(host.subnet)]
        hosts.append(replace(host, groups=random.choice((pair[:1], pair[1:], pair))))
    return replace(spec, groups=tuple(found), hosts=tuple(hosts))


def _rules(random: Random, spec: Topology, everyone: list[str], egress: bool) -> list[Rule]:
    if random.random() < (0.75 if egress else 0.45):
        return [Rule(egress, "all", None, ANY)]
    peers = [*PEERS[1:6], *everyone, *everyone, *(one.name for one in spec.lists)]
    rules = []
    for _ in range(random.choice((1, 2, 3, 4))):
        protocol = random.choice(("tcp", "tcp", "tcp", "all", "udp"))
        span = None if protocol == "all" else random.choice((ports(random), ports(random), (1, 65535)))
        rules.append(Rule(egress, protocol, span, random.choice(peers)))
    return rules


class Firewall(TypedDict):
    """What a site's firewall is made of."""

    firewall_allows: bool
    firewall: tuple[FirewallRule, ...]


def firewall(random: Random, spec: Topology, site: Site) -> Firewall:
    ends = (ANY, "10.0.0.0/8", *(cidr for vpc in spec.vpcs for cidr in vpc.cidrs))
    own = (ANY, site.cidr, site.cidr, f"{site.hosts[0]}/32")
    rules = []
    for _ in range(random.choice((0, 2, 4, 6))):
        outbound = random.random() < 0.5
        near, far = random.choice(own), random.choice(ends)
        source, destination = (near, far) if outbound else (far, near)
        span = random.choice((None, ports(random), ports(random)))
        rules.append(FirewallRule(outbound, random.random() < 0.6, source, destination, span))
    return {"firewall_allows": random.random() < 0.85, "firewall": tuple(rules)}
