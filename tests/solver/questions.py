"""Random questions about a topology: ranges that begin and end at hosts' addresses, subnets, VPCs and sites."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from random import Random

from dataplane.compiler.vpc import table_of
from dataplane.generate_filters import BOUNDARIES, EDGES
from dataplane.spec import OUTSIDE, Host, Ports, Topology
from solver.question import ANYBODY, Addresses, Asked

QUESTIONS = 7
INTERNET = ("8.0.0.0/8", "8.8.8.0/24", "93.184.216.32/29", "8.0.0.0/7")
Target = tuple[str, Addresses]


def questions(seed: int, spec: Topology, count: int = QUESTIONS) -> tuple[Asked, ...]:
    random = Random(f"questions {seed}")
    found = [_question(random, spec) for _ in range(count)]
    return tuple(one for one in found if one is not None)


def _question(random: Random, spec: Topology) -> Asked | None:
    senders, sources, targets = _ends(random, spec)
    if not targets:
        return None
    destination, destinations = random.choice(random.choice(targets))
    protocol = "tcp" if random.random() < 0.9 else "udp"
    return Asked(senders, sources, destination, destinations, protocol, client_ports(random), ports(random))


def _ends(random: Random, spec: Topology) -> tuple[tuple[str, ...], Addresses, list[list[Target]]]:
    """Who sends, and by kind to whom; now and then through a NAT gateway."""
    translated = _translated(spec)
    if translated and random.random() < 0.2:
        host = random.choice(translated)
        return (host.name,), single(host.address), [_internet()]
    senders, sources = _senders(random, spec)
    return senders, sources, _targets(random, spec, senders)


def _translated(spec: Topology) -> list[Host]:
    """Hosts from which a route leads to a NAT gateway."""
    nats = {one.name for one in spec.nats if one.available and one.public}
    routed = {one.name for one in spec.tables if nats.intersection(route.target for route in one.routes)}
    return [one for one in spec.hosts if table_of(spec, spec.subnet(one.subnet)).name in routed]


def _internet() -> list[Target]:
    return [(OUTSIDE, whole(one)) for one in INTERNET]


def _senders(random: Random, spec: Topology) -> tuple[tuple[str, ...], Addresses]:
    kind = random.random()
    if spec.sites and kind < 0.2:
        site = random.choice(spec.sites)
        return (site.name,), _part(random, site.cidr, site.hosts)
    if kind < 0.3 and any(host.public for host in spec.hosts):
        return (OUTSIDE,), whole(random.choice(INTERNET[:3]))
    if kind < 0.65:
        host = random.choice(spec.hosts)
        return (host.name,), single(host.address)
    vpc = random.choice(spec.hosts).subnet
    own = [one for one in spec.hosts if spec.vpc_of(one.subnet) == spec.vpc_of(vpc)]
    some = sorted(random.sample(own, min(len(own), random.choice((2, 3, 4)))), key=lambda one: ip_address(one.address))
    return tuple(one.name for one in some), Addresses(some[0].address, some[-1].address)


def _targets(random: Random, spec: Topology, senders: tuple[str, ...]) -> list[list[Target]]:
    """By kind: whoever is in a range, a host, a site, the internet, a public address."""
    others = [one for one in spec.hosts if one.name not in senders]
    public: list[Target] = [(ANYBODY, single(one.public)) for one in others if one.public]
    if OUTSIDE in senders:
        return [public] if public else []
    from_site = any(one.name in senders for one in spec.sites)
    sites = [one for one in spec.sites if one.name not in senders]
    kinds: list[list[Target]] = [
        [(ANYBODY, _in_a_vpc(random, spec)) for _ in range(2)],
        [(ANYBODY, _in_a_vpc(random, spec)) for _ in range(2)],
        [(one.name, single(one.address)) for one in others],
        [(one.name, _part(random, one.cidr, one.hosts)) for one in sites],
    ]
    if not from_site and any(vpc.internet for vpc in spec.vpcs):
        kinds += [_internet(), public]
    return [kind for kind in kinds if kind]


def _in_a_vpc(random: Random, spec: Topology) -> Addresses:
    """A subnet, a VPC, or what lies between two addresses that are held in one block."""
    kind = random.random()
    if kind < 0.35:
        return whole(random.choice(spec.subnets).cidr)
    if kind < 0.5:
        return whole(random.choice(random.choice(spec.vpcs).cidrs))
    block = random.choice(random.choice(spec.vpcs).cidrs)
    held = [one.address for one in spec.hosts if ip_address(one.address) in ip_network(block)]
    return between(*random.choices(held, k=2)) if held else whole(block)


def _part(random: Random, cidr: str, hosts: tuple[str, ...]) -> Addresses:
    kind = random.random()
    if kind < 0.4:
        return whole(cidr)
    return between(*random.choices(hosts, k=2)) if kind < 0.7 else single(random.choice(hosts))


def whole(cidr: str) -> Addresses:
    network = ip_network(cidr)
    return Addresses(str(network[0]), str(network[-1]))


def single(address: str) -> Addresses:
    return Addresses(address, address)


def between(one: str, other: str) -> Addresses:
    first, last = sorted((one, other), key=ip_address)
    return Addresses(first, last)


def client_ports(random: Random) -> Ports:
    kind = random.random()
    if kind < 0.6:
        return (32768, 60999)
    if kind < 0.8:
        return (1024, 65535)
    first, last = sorted(random.sample((*BOUNDARIES, 65535), 2))
    return (first, last)


def ports(random: Random) -> Ports:
    kind = random.random()
    if kind < 0.6:
        one = random.choice(EDGES)
        return (one, one)
    if kind < 0.9:
        first, last = sorted(random.sample(EDGES, 2))
        return (first, last)
    return (1, 65535)
