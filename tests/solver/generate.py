"""Random small networks of what stands behind addresses: load balancers, PrivateLink, S3, NAT and IPv6."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import cast

from dataplane import generate_filters as filters
from dataplane.spec import (
    ANY,
    Entry,
    Group,
    Host,
    Nat,
    Peering,
    Ports,
    Route,
    Rule,
    Subnet,
    Table,
    Vpc,
)
from solver.spec import Balancer, Endpoint, GatewayEndpoint, Target, Topology

ANY_IPV6 = "::/0"
LISTENER, SERVER = 443, 8443
HOME, FAR = "2600:1f18:1", "2600:1f18:2"


def services(seed: int) -> Topology:
    """A VPC of clients and one of servers behind a load balancer, which the clients reach by peering or PrivateLink."""
    random = Random(f"services {seed}")
    spec = replace(_places(random), peerings=(Peering("peered", "home", "far", often(random)),))
    spec = _ends(random, spec)
    spec = replace(spec, tables=_tables(random, spec))
    spec = cast(Topology, filters.groups(random, spec))
    spec = replace(spec, acls=filters.acls(random, spec) if often(random, 0.25) else ())
    return _balanced(random, _dual(random, spec))


def often(random: Random, share: float = 0.9) -> bool:
    return random.random() < share


def _places(random: Random) -> Topology:
    """Each VPC with subnets in two zones; the first also with one for what is public."""
    online = often(random, 0.6)
    vpcs = (
        Vpc("home", ("10.1.0.0/16",), internet=online, ipv6=f"{HOME}::/56", egress_only=not online and often(random)),
        Vpc("far", ("10.2.0.0/16",), ipv6=f"{FAR}::/56"),
    )
    places = [("home", 1, HOME, ("a", "b", "c")), ("far", 2, FAR, ("a", "b"))]
    subnets = tuple(
        Subnet(f"{vpc}_{letter}", vpc, f"10.{block}.{part}.0/24", f"az{1 + part % 2}", f"{prefix}:{part}::/64")
        for vpc, block, prefix, letters in places
        for part, letter in enumerate(letters, 1)
    )
    return Topology(vpcs=vpcs, subnets=subnets)


def _ends(random: Random, spec: Topology) -> Topology:
    online = spec.vpcs[0].internet
    hosts = []
    for number, subnet in enumerate(spec.subnets):
        for host in range(random.choice((1, 2))):
            address = subnet.cidr.replace("0/24", str(10 + host))
            ipv6 = subnet.ipv6.replace("::/64", f"::{10 + host}") if often(random, 0.8) else ""
            shown = online and subnet.vpc == "home" and often(random, 0.3)
            public = f"198.51.100.{10 * number + host + 1}" if shown else ""
            hosts.append(Host(f"{subnet.name}{host}", subnet.name, address, (), public, ipv6))
    nat = Nat("nat", "home_c", "10.1.3.200", "203.0.113.1" if online else "", often(random, 0.95))
    return replace(spec, hosts=tuple(hosts), nats=(nat,) if often(random, 0.8) else ())


def _tables(random: Random, spec: Topology) -> tuple[Table, ...]:
    tables = [Table("main_far", "far", _routes(random, spec, "far"), main=True), Table("main_home", "home", main=True)]
    for subnet in ("home_a", "home_b", "home_c"):
        tables.append(Table(f"routes_{subnet}", "home", _routes(random, spec, subnet), (subnet,)))
    return tuple(tables)


def _routes(random: Random, spec: Topology, place: str) -> tuple[Route, ...]:
    own = place.partition("_")[0]
    other, prefix = ("far", FAR) if own == "home" else ("home", HOME)
    found = [Route(spec.vpc(other).cidrs[0], "peered")] if often(random) else []
    found += [Route(f"{prefix}::/56", "peered")] if often(random, 0.7) else []
    vpc = spec.vpc(own)
    ways = ["internet"] if vpc.internet else []
    ways += ["nat", "nat"] if spec.nats and own == "home" and place != "home_c" else []
    if ways and often(random):
        found.append(Route(ANY, random.choice(ways)))
    ways = ["internet"] if vpc.internet else ["egress_only"] if vpc.egress_only else []
    if ways and often(random, 0.8):
        found.append(Route(ANY_IPV6, ways[0]))
    if often(random, 0.2):
        found.append(Route(random.choice(("3.5.0.0/20", "10.2.2.0/24", f"{FAR}:2::/64", "2600:1f18::/32")), ""))
    return tuple(found)


def _dual(random: Random, spec: Topology) -> Topology:
    """Rules and entries for IPv6 beside those for IPv4, in most groups and ACLs."""
    groups = tuple(
        replace(one, rules=(*one.rules, *(_rule(random, egress) for egress in (False, True) if often(random, 0.8))))
        for one in spec.groups
    )
    acls = tuple(
        replace(one, entries=(*one.entries, *(_entry(random, way) for way in (False, True) if often(random, 0.8))))
        for one in spec.acls
    )
    return replace(spec, groups=groups, acls=acls)


def _rule(random: Random, egress: bool) -> Rule:
    return Rule(egress, "tcp", _ports(random), random.choice((ANY_IPV6, ANY_IPV6, f"{HOME}::/56", f"{FAR}:1::/64")))


def _entry(random: Random, egress: bool) -> Entry:
    span = random.choice((None, (1, 65535), (443, 65535), (1024, 65535)))
    return Entry(egress, 600, often(random), "tcp", span, random.choice((ANY_IPV6, ANY_IPV6, "2600:1f18::/32")))


def _ports(random: Random) -> Ports:
    return random.choice(((1, 65535), (443, 8443), filters.ports(random)))


def _balanced(random: Random, spec: Topology) -> Topology:
    """A load balancer in the servers' VPC, its own group, and endpoints in the clients' VPC."""
    guard = Group("guard", "far", (*_allowed(random, False, LISTENER), *_allowed(random, True, SERVER)))
    doors = Group("doors", "home", (*_allowed(random, False, LISTENER), Rule(True, "all", None, ANY)))
    groups = tuple(_serving(random, one) if one.vpc == "far" else one for one in spec.groups)
    servers = [one.name for one in spec.hosts if spec.vpc_of(one.subnet) == "far"]
    targets = tuple(Target(one, often(random, 0.7)) for one in servers if often(random, 0.8))
    subnets = random.choice((("far_a", "far_b"), ("far_a", "far_b"), ("far_a",)))
    balancer = Balancer(
        "balancer",
        "far",
        subnets,
        tuple(spec.subnet(one).cidr.replace("0/24", "100") for one in subnets),
        LISTENER,
        SERVER,
        targets,
        ("guard",) if often(random, 0.7) else (),
        enforced=often(random, 0.6),
        cross_zone=often(random, 0.7),
        preserves=often(random, 0.6),
    )
    places = random.choice((("home_a", "home_b"), ("home_a", "home_b"), ("home_b",)))
    endpoints = tuple(
        Endpoint(
            name,
            "home",
            places,
            tuple(spec.subnet(one).cidr.replace("0/24", last) for one in places),
            ("doors",),
            behind,
            often(random),
        )
        for name, last, behind in (("link", "150", "balancer"), ("queue", "160", ""))
    )
    tables = tuple(one.name for one in spec.tables if one.subnets and often(random, 0.6))
    gateways = (GatewayEndpoint("s3", "home", tables, often(random)),) if tables else ()
    return replace(
        spec,
        groups=(*groups, guard, doors),
        balancers=(balancer,),
        endpoints=endpoints,
        gateway_endpoints=gateways,
    )


def _serving(random: Random, group: Group) -> Group:
    """A server's group, which lets the load balancer in by its group or its address, or the clients by theirs."""
    peers = [peer for peer in ("guard", "10.1.0.0/16", "10.2.0.0/16") if often(random, 0.6)]
    named = [Rule(False, "tcp", (SERVER, SERVER), peer) for peer in peers]
    others = group.rules if often(random, 0.3) else [one for one in group.rules if one.egress]
    return replace(group, rules=(*others, *named))


def _allowed(random: Random, egress: bool, port: int) -> list[Rule]:
    """Most of the time the port that is needed, to or from everybody or some."""
    peers = (*[ANY] * (8 if egress else 2), "10.0.0.0/8", "10.1.0.0/16", "10.2.0.0/16", "10.1.1.0/24")
    span = random.choice(((port, port), (1, 65535), (port - 1, port + 1)))
    return [Rule(egress, "tcp", span, random.choice(peers)) for _ in range(random.choice((1, 1, 2)))]
