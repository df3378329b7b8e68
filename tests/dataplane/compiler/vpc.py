"""A VPC as a router: a table for each subnet, and each subnet's network ACL at its boundary.

Routes: https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html. ACLs are stateless, in number
order, and not seen within a subnet: https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html; with transit
gateways: https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html.

Every packet that an interface of the VPC sends gets the VPC's number as its DSCP: addresses of VPCs may overlap, and a
security group is made of interfaces, not of addresses.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from dataplane.compiler.plan import Plan, Port, chain, ports_of, table
from dataplane.spec import Acl, Attachment, Entry, Subnet, Table, Topology, Vpc

DELIVERY = 50
"""The table that holds the addresses of the VPC's own interfaces."""
INTERNET, VPN = "igw", "vgw"
NOWHERE = ""


def router(vpc: str) -> str:
    return f"vpc {vpc}"


def entrance(subnet: str) -> str:
    """The device by which a transit gateway's attachment stands in a subnet."""
    return f"t_{subnet}"


def number_of(spec: Topology, vpc: str) -> int:
    return 1 + [one.name for one in spec.vpcs].index(vpc)


def add_vpc(plan: Plan, spec: Topology, vpc: Vpc) -> None:
    space = plan.space(router(vpc.name))
    members = {one.name: (one.subnet, one.address) for one in spec.interfaces(vpc.name)}
    space.ip += [f"route add {address}/32 dev {device} table {DELIVERY}" for device, (_, address) in members.items()]
    space.ip += [f"route add blackhole default table {DELIVERY}", f"rule add priority 900 lookup {DELIVERY}"]
    for number, subnet in enumerate(one for one in spec.subnets if one.vpc == vpc.name):
        devices = [device for device, (where, _) in members.items() if where == subnet.name]
        space.ip += _looked_up(spec, vpc, subnet, 100 + number, devices)
    space.nft += _filters(spec, vpc, members)
    for device in members:
        plan.link(Port(router(vpc.name), device), Port(f"end {device}", "eth0"))


def _looked_up(spec: Topology, vpc: Vpc, subnet: Subnet, number: int, devices: list[str]) -> Iterator[str]:
    """Neighbours need no route; everything else is looked up in the subnet's table."""
    for device in devices:
        yield f"rule add priority 100 iif {device} to {subnet.cidr} lookup {DELIVERY}"
        yield f"rule add priority 200 iif {device} lookup {number}"
    yield from _routes(spec, vpc, subnet, number, transit=False)
    if any(subnet.name in one.subnets and one.available for one in spec.attachments):
        yield f"rule add priority 200 iif {entrance(subnet.name)} lookup {number + 200}"
        yield from _routes(spec, vpc, subnet, number + 200, transit=True)


def _routes(spec: Topology, vpc: Vpc, subnet: Subnet, number: int, *, transit: bool) -> Iterator[str]:
    """The routes as the kernel takes them; `throw` leaves the table for the one of the VPC's own interfaces.

    What a transit gateway brought is passed on to a NAT gateway at most
    (https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html).
    """
    yield from (f"route add throw {cidr} table {number}" for cidr in vpc.cidrs)
    chosen = chosen_routes(spec, vpc, table_of(spec, subnet))
    for destination, target in chosen.items():
        nat = any(one.name == target for one in spec.nats)
        device = NOWHERE if transit and not nat else device_of(spec, subnet, target)
        way = f"{destination} dev {device}" if device else f"blackhole {destination}"
        yield f"route add {way} table {number}"
    if "0.0.0.0/0" not in chosen:
        yield f"route add blackhole default table {number}"


def table_of(spec: Topology, subnet: Subnet) -> Table:
    """Its own table, else the VPC's main one."""
    own = [one for one in spec.tables if subnet.name in one.subnets]
    main = [one for one in spec.tables if one.main and one.vpc == subnet.vpc]
    return (*own, *main, Table("main", subnet.vpc, main=True))[0]


def chosen_routes(spec: Topology, vpc: Vpc, routes: Table) -> dict[str, str]:
    """Of the routes to one prefix the one that decides: static, then by prefix list, then propagated.

    A propagated route within the VPC's own range loses to the local one, however specific it is.
    """
    lists = {one.name: one.cidrs for one in spec.lists}
    learned = [one for one in spec.sites if one.gateway in routes.learns and (one.up or one.static)]
    propagated = {cidr: one.gateway for one in learned for cidr in one.announces if not within(cidr, vpc.cidrs)}
    listed = {cidr: one.target for one in routes.routes for cidr in lists.get(one.destination, ())}
    static = {one.destination: one.target for one in routes.routes if one.destination not in lists}
    return propagated | listed | static


def within(cidr: str, cidrs: tuple[str, ...]) -> bool:
    return any(IPv4Network(cidr).subnet_of(IPv4Network(one)) for one in cidrs)


def device_of(spec: Topology, subnet: Subnet, target: str) -> str:
    """The device that leads to a target from a subnet; nowhere if the target does not work."""
    if target == "internet":
        return INTERNET
    if any(one.name == target for one in spec.vpn_gateways):
        return VPN
    if any(one.name == target and one.available for one in spec.nats):
        return target
    if any(one.name == target and one.active for one in spec.peerings):
        return target
    attached = [one for one in spec.attachments if (one.hub, one.vpc) == (target, subnet.vpc) and one.available]
    return next((entrance(name) for one in attached for name in _in_zone(spec, one, subnet.zone)), NOWHERE)


def _in_zone(spec: Topology, attachment: Attachment, zone: str) -> list[str]:
    """The attachment's subnet in a zone: senders in other zones cannot use the attachment."""
    return [name for name in attachment.subnets if spec.subnet(name).zone == zone]


def _filters(spec: Topology, vpc: Vpc, members: dict[str, tuple[str, str]]) -> list[str]:
    subnets = [one.name for one in spec.subnets if one.vpc == vpc.name]
    entrances = {entrance(name): name for one in spec.attachments if one.vpc == vpc.name for name in one.subnets}
    place = {device: where for device, (where, _) in members.items()}
    unseen = [(one, other) for one in (*members, *entrances) for other in members if one != other]
    within = [f"{one} . {other}" for one, other in unseen if (place | entrances)[one] == place[other]]
    sides = [f"{device} : jump {{}}_{where}" for device, where in (place | entrances).items()]
    number = number_of(spec, vpc.name)
    forward = [
        *([f"iifname {{ {', '.join(members)} }} ip dscp set {number}"] if members else []),
        *([f"iifname . oifname {{ {', '.join(within)} }} accept"] if within else []),
        *(
            f"{name} vmap {{ {', '.join(side.format(way) for side in sides)} }}"
            for name, way in (("iifname", "out"), ("oifname", "in"))
            if sides
        ),
        "accept",
    ]
    chains = [
        chain(f"{way}_{name}", entries(acl_of(spec, name), egress=way == "out"))
        for name in subnets
        for way in ("out", "in")
    ]
    return table(*chains, chain("forward", forward, "filter hook forward priority 0; policy drop"))


def acl_of(spec: Topology, subnet: str) -> Acl | None:
    return next((one for one in spec.acls if subnet in one.subnets), None)


def entries(acl: Acl | None, *, egress: bool) -> list[str]:
    """By number, the first that matches decides; the default ACL lets everything pass, another nothing of the rest."""
    if acl is None:
        return ["return"]
    ordered = sorted((one for one in acl.entries if one.egress is egress), key=lambda one: one.number)
    return [*(_entry(one) for one in ordered), "drop"]


def _entry(one: Entry) -> str:
    peer = f"ip {'daddr' if one.egress else 'saddr'} {one.cidr}"
    return f"{peer} {ports_of(one.protocol, one.ports)} {'return' if one.allow else 'drop'}"
