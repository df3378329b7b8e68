"""Random topologies that AWS would accept, from a seed: sound at first, then with a few things in the way."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from dataplane.flows import flows
from dataplane.generate_filters import acls, firewall, groups
from dataplane.spec import (
    ANY,
    OUTSIDE_HOSTS,
    Attachment,
    Host,
    Hub,
    HubPeering,
    HubRoute,
    HubTable,
    Nat,
    Peering,
    PrefixList,
    Route,
    Site,
    Subnet,
    Table,
    Topology,
    Vpc,
    VpnGateway,
)

ZONES = ("az1", "az2")
SITES = ("172.20.0.0/16", "172.21.0.0/16", "172.22.0.0/16")


def topology(seed: int) -> Topology:
    """The topology of a seed, with its flows."""
    random = Random(seed)
    spec = _vpcs(random)
    spec = _links(random, spec)
    spec = _far_hub(Random(f"far hub of {seed}"), _hubs(random, spec))
    spec = _sites(random, spec)
    spec = _hosts(random, spec)
    spec = replace(spec, tables=_tables(random, spec), hub_tables=_hub_tables(random, spec))
    spec = groups(random, replace(spec, acls=acls(random, spec)))
    spec = replace(spec, sites=tuple(replace(one, **firewall(random, spec, one)) for one in spec.sites))
    return replace(spec, flows=flows(random, spec))


def often(random: Random, share: float = 0.9) -> bool:
    return random.random() < share


def _vpcs(random: Random) -> Topology:
    vpcs: list[Vpc] = []
    subnets: list[Subnet] = []
    count = random.choice((1, 2, 2, 3, 3, 4))
    for number in range(1, count + 1):
        again = number > 2 and not often(random)
        block = 1 if again else number
        second = (f"10.{block + 100}.0.0/16",) if not again and count < 4 and not often(random, 0.8) else ()
        vpc = Vpc(f"v{number}", (f"10.{block}.0.0/16", *second), often(random, 0.5))
        vpcs.append(vpc)
        for letter, part in zip("abc", range(1, random.choice((2, 3, 3, 4))), strict=False):
            cidr = f"10.{block}.{part}.0/24"
            if second and letter == "b":
                cidr = f"10.{block + 100}.{part}.0/24"
            subnets.append(Subnet(f"v{number}{letter}", vpc.name, cidr, random.choice(ZONES)))
    lists = (PrefixList("listed", ("10.2.0.0/16", "10.3.1.0/24", "172.20.0.0/16")),) if often(random, 0.4) else ()
    return Topology(vpcs=tuple(vpcs), subnets=tuple(subnets), lists=lists)


def _links(random: Random, spec: Topology) -> Topology:
    """Peerings between some VPCs that do not overlap."""
    pairs = [(one, other) for number, one in enumerate(spec.vpcs) for other in spec.vpcs[number + 1 :]]
    peerings = [
        Peering(f"p{one.name}{other.name}", one.name, other.name, often(random))
        for one, other in pairs
        if one.cidrs[0] != other.cidrs[0] and often(random, 0.5)
    ]
    return replace(spec, peerings=tuple(peerings))


def _hubs(random: Random, spec: Topology) -> Topology:
    if not often(random, 0.85):
        return spec
    attachments = []
    for vpc in spec.vpcs:
        own = [one for one in spec.subnets if one.vpc == vpc.name]
        chosen = {one.zone: one.name for one in random.sample(own, len(own))}
        zones = sorted(chosen) if often(random, 0.8) else sorted(chosen)[:1]
        if often(random):
            attachments.append(
                Attachment(
                    f"t{vpc.name}",
                    "hub",
                    vpc.name,
                    tuple(chosen[zone] for zone in zones),
                    appliance=not often(random),
                    group_references=often(random, 0.6),
                    available=often(random, 0.95),
                )
            )
    return replace(spec, hubs=(Hub("hub", often(random, 0.6)),), attachments=tuple(attachments))


def _far_hub(random: Random, spec: Topology) -> Topology:
    """The last VPC on a transit gateway of its own, which is peered with the first one."""
    if len(spec.attachments) < 2 or often(random, 0.7):
        return spec
    *near, last = spec.attachments
    return replace(
        spec,
        hubs=(*spec.hubs, Hub("far", group_references=True)),
        attachments=(*near, replace(last, hub="far")),
        hub_peerings=(HubPeering("between", "hub", "far", often(random)),),
    )


def _sites(random: Random, spec: Topology) -> Topology:
    """Sites behind the transit gateway, and behind a virtual private gateway."""
    gateways = [one.name for one in spec.hubs[:1] if often(random, 0.5)]
    own: tuple[VpnGateway, ...] = ()
    if often(random, 0.4):
        own = (VpnGateway("vgw", random.choice(spec.vpcs).name),)
        gateways += random.choice((["vgw"], ["vgw", "vgw"]))
    sites = tuple(_site(random, spec, number, gateway) for number, gateway in enumerate(gateways, 1))
    return replace(spec, vpn_gateways=own, sites=sites)


def _site(random: Random, spec: Topology, number: int, gateway: str) -> Site:
    cidr = SITES[number - 1]
    prefix = cidr.removesuffix(".0.0/16")
    up = often(random, 0.92)
    inside = [one.cidr for one in random.sample(spec.subnets, 1)] if number == 1 else []
    static = gateway == "vgw" and up and often(random, 0.4)
    announces = random.choice(((cidr,), (cidr, f"{prefix}.1.0/24", *inside), (cidr, *inside), (f"{prefix}.1.0/24",)))
    routes = tuple({one for vpc in spec.vpcs for one in vpc.cidrs})
    return Site(
        f"s{number}",
        gateway,
        cidr,
        (f"{prefix}.1.10", f"{prefix}.2.10"),
        announces,
        static=static,
        up=up,
        routes=None if often(random, 0.5) else tuple(sorted(one for one in routes if often(random))),
    )


def _hosts(random: Random, spec: Topology) -> Topology:
    hosts: list[Host] = []
    nats: list[Nat] = []
    for number, subnet in enumerate(spec.subnets):
        prefix = subnet.cidr.removesuffix("0/24")
        internet = spec.vpc(subnet.vpc).internet
        for host in range(random.choice((1, 1, 2))):
            public = f"198.51.100.{10 * number + host + 1}" if internet and often(random, 0.4) else ""
            hosts.append(Host(f"{subnet.name}{host}", subnet.name, f"{prefix}{10 + host}", (), public))
        if often(random, 0.3):
            public = f"203.0.113.{number + 1}" if internet and often(random, 0.7) else ""
            nats.append(Nat(f"n{subnet.name}", subnet.name, f"{prefix}200", public, often(random, 0.95)))
    return replace(spec, hosts=tuple(hosts), nats=tuple(nats))


def _tables(random: Random, spec: Topology) -> tuple[Table, ...]:
    """A main table learns from the VPC's gateway: nothing but such a table tells what BGP taught."""
    tables = []
    for vpc in spec.vpcs:
        subnets = [one.name for one in spec.subnets if one.vpc == vpc.name]
        own = tuple(one for one in subnets if often(random, 0.6))
        shared = often(random, 0.3)
        learns = tuple(one.name for one in spec.vpn_gateways if one.vpc == vpc.name)
        tables.append(Table(f"r{vpc.name}", vpc.name, _routes(random, spec, vpc), main=True, learns=learns))
        for names in [own] if shared and own else [(one,) for one in own]:
            routes, learned = _routes(random, spec, vpc), learns if often(random) else ()
            tables.append(Table(f"r{names[0]}", vpc.name, routes, names, learns=learned))
    return tuple(tables)


def _targets(spec: Topology, vpc: Vpc) -> dict[str, list[str]]:
    """To what routes of a VPC may lead, by kind."""
    return {
        "internet": ["internet"] if vpc.internet else [],
        "nat": [one.name for one in spec.nats if spec.vpc_of(one.subnet) == vpc.name],
        "peering": [one.name for one in spec.peerings if vpc.name in (one.requester, one.accepter)],
        "hub": [one.hub for one in spec.attachments if one.vpc == vpc.name],
        "vgw": [one.name for one in spec.vpn_gateways if one.vpc == vpc.name],
    }


def _routes(random: Random, spec: Topology, vpc: Vpc) -> tuple[Route, ...]:
    """A way to everything there is, most of the time; then routes that lead astray; each prefix once and statically."""
    targets = _targets(spec, vpc)
    routes: dict[str, Route] = {}
    for other in spec.vpcs:
        peered = [one.name for one in spec.peerings if {one.requester, one.accepter} == {vpc.name, other.name}]
        ways = peered if peered and (not targets["hub"] or often(random, 0.6)) else targets["hub"]
        if ways and not set(other.cidrs) & set(vpc.cidrs):
            routes |= {cidr: Route(cidr, ways[0]) for cidr in other.cidrs if often(random, 0.93)}
    defaults = targets["internet"] + targets["nat"] + targets["hub"]
    if defaults and often(random):
        routes[ANY] = Route(ANY, random.choice(defaults))
    for site in spec.sites:
        if site.gateway in [one.name for one in spec.hubs] and targets["hub"] and often(random):
            routes[site.cidr] = Route(site.cidr, targets["hub"][0])
    for _ in range(random.choice((0, 0, 1, 2))):
        astray = _astray(random, spec, vpc, targets)
        routes[astray.destination] = astray
    return tuple(routes.values())


def _astray(random: Random, spec: Topology, vpc: Vpc, targets: dict[str, list[str]]) -> Route:
    everything = [one for kind in targets.values() for one in kind]
    inside = [one.cidr for one in spec.subnets if one.vpc == vpc.name]
    if targets["nat"] and not often(random, 0.7):
        return Route(random.choice(inside), random.choice(targets["nat"]))
    lists = [one.name for one in spec.lists if not any(_within(cidr, vpc) for cidr in one.cidrs)]
    others = [one.cidr for one in spec.subnets if not _within(one.cidr, vpc)]
    hosts = [f"{one.address}/32" for one in spec.hosts if not _within(one.address, vpc)]
    pool = [*lists, *others, *hosts, "10.0.0.0/8", "8.0.0.0/6", "8.8.8.0/24", f"{OUTSIDE_HOSTS[1]}/32", "172.20.1.0/24"]
    return Route(random.choice(pool), random.choice(everything) if everything and often(random, 0.65) else "")


def _within(cidr: str, vpc: Vpc) -> bool:
    return cidr.split(".")[:2] in [one.split(".")[:2] for one in vpc.cidrs]


def _hub_tables(random: Random, spec: Topology) -> tuple[HubTable, ...]:
    """One table for all, or one for each of two halves; each learns of most, and has a few static routes."""
    tables: list[HubTable] = []
    for hub in spec.hubs:
        members = [one.name for one in spec.attachments if one.hub == hub.name]
        members += [one.name for one in spec.sites if one.gateway == hub.name]
        peerings = tuple(one.name for one in spec.hub_peerings)
        side = {name: random.choice((0, 0, 1)) for name in members if often(random, 0.96)}
        for number in range(2):
            learned = [name for name in random.sample(members, len(members)) if often(random, 0.93)]
            far = _over_peerings(random, spec, hub, peerings)
            static = {route.destination: route for route in (*far, *_hub_routes(random, spec, members))}
            associated = (*(name for name in side if side[name] == number), *(peerings if not number else ()))
            name = f"{hub.name[0]}{number}"
            tables.append(HubTable(name, hub.name, associated, tuple(learned), tuple(static.values())))
    return tuple(tables)


def _over_peerings(random: Random, spec: Topology, hub: Hub, peerings: tuple[str, ...]) -> list[HubRoute]:
    """Static routes to what lies behind the other transit gateway."""
    vpcs = [spec.vpc(one.vpc) for one in spec.attachments if one.hub != hub.name]
    sites = [one for one in spec.sites if one.gateway in [other.name for other in spec.hubs if other != hub]]
    cidrs = [cidr for vpc in vpcs for cidr in vpc.cidrs] + [one.cidr for one in sites]
    return [HubRoute(cidr, name) for name in peerings for cidr in cidrs if often(random)]


def _hub_routes(random: Random, spec: Topology, members: list[str]) -> list[HubRoute]:
    routes = [HubRoute(ANY, random.choice(members))] if members and often(random, 0.6) else []
    pool = ["10.0.0.0/8", "10.1.0.0/16", "172.20.0.0/16", "8.8.8.0/24", *(one.cidr for one in spec.subnets)]
    for _ in range(random.choice((0, 0, 0, 1, 2))):
        onward = random.choice(members) if members and often(random, 0.6) else ""
        routes.append(HubRoute(random.choice(pool), onward))
    return routes
