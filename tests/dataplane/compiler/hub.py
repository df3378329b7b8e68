"""A transit gateway: a packet is looked up in the table of the attachment by which it came, and leaves by the route's.

https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html: the longest prefix; at equal length static
before propagated, a VPC's before a VPN's. A VPC is left by the attachment's subnet in the sender's zone where there is
one; where there is none, and in appliance mode, AWS picks, and here the seed does.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from random import Random

from dataplane.compiler.plan import Plan, Port
from dataplane.compiler.vpc import entrance, router
from dataplane.spec import Attachment, Hub, HubPeering, HubTable, Topology

ANY_ZONE = ""


def add_hub(plan: Plan, spec: Topology, hub: Hub, pick: int) -> None:
    name = f"hub {hub.name}"
    space = plan.space(name)
    space.ip.append("route add blackhole default")
    numbers: dict[tuple[str, str], int] = {}
    for attachment, device, zone in _entrances(plan, spec, hub, name):
        table = next((one for one in spec.hub_tables if one.hub == hub.name and attachment in one.associated), None)
        if table is None:
            continue
        if (table.name, zone) not in numbers:
            numbers[table.name, zone] = 100 + len(numbers)
            space.ip += _routes(spec, table, numbers[table.name, zone], zone, pick)
        space.ip.append(f"rule add priority 100 iif {device} lookup {numbers[table.name, zone]}")


def _entrances(plan: Plan, spec: Topology, hub: Hub, name: str) -> Iterator[tuple[str, str, str]]:
    """Each way in: the attachment, the device and the zone of what comes by it."""
    for one in spec.attachments:
        for subnet in one.subnets if one.hub == hub.name and one.available else ():
            plan.link(Port(name, subnet), Port(router(one.vpc), entrance(subnet)))
            yield one.name, subnet, spec.subnet(subnet).zone
    for site in spec.sites:
        if site.gateway == hub.name and site.up:
            plan.link(Port(name, site.name), Port(f"site {site.name}", "vpn"))
            yield site.name, site.name, ANY_ZONE
    for peering in spec.hub_peerings:
        if hub.name in (peering.hub, peering.other) and peering.available:
            yield peering.name, peering.name, ANY_ZONE


def add_hub_peering(plan: Plan, peering: HubPeering) -> None:
    """What comes by it is looked up in the table with which the other transit gateway has associated it.

    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-peering.html: static routes only.
    """
    if peering.available:
        plan.link(Port(f"hub {peering.hub}", peering.name), Port(f"hub {peering.other}", peering.name))


def _routes(spec: Topology, table: HubTable, number: int, zone: str, pick: int) -> Iterator[str]:
    for destination, attachment in chosen_routes(spec, table).items():
        device = _exit(spec, attachment, zone, pick)
        way = f"{destination} dev {device}" if device else f"blackhole {destination}"
        yield f"route add {way} table {number}"
    yield f"route add blackhole default table {number} metric 9"


def chosen_routes(spec: Topology, table: HubTable) -> dict[str, str]:
    """The attachment for each prefix: static ones, then those of VPCs, then those of VPNs.

    A VPC whose range overlaps one that is propagated already is not propagated.
    """
    vpcs = {one.name: spec.vpc(one.vpc) for one in spec.attachments if one.available}
    sites = {one.name: one for one in spec.sites if one.up and not one.static}
    propagated: dict[str, str] = {}
    for name in table.propagating:
        for cidr in vpcs[name].cidrs if name in vpcs else ():
            others = [known for known, owner in propagated.items() if owner != name]
            if not any(IPv4Network(cidr).overlaps(IPv4Network(known)) for known in others):
                propagated[cidr] = name
    for name in table.propagating:
        for cidr in sites[name].announces if name in sites else ():
            propagated.setdefault(cidr, name)
    return propagated | {route.destination: route.attachment for route in table.routes}


def _exit(spec: Topology, name: str, zone: str, pick: int) -> str:
    """The device by which an attachment is left; none if it does not work."""
    attachment = next((one for one in spec.attachments if one.name == name and one.available), None)
    if attachment is None:
        sites = [one.name for one in spec.sites if one.up]
        peerings = [one.name for one in spec.hub_peerings if one.available]
        return name if name in (*sites, *peerings) else ""
    return Random(f"{pick} {name} {zone}").choice(exits(spec, attachment, zone))


def exits(spec: Topology, attachment: Attachment, zone: str) -> tuple[str, ...]:
    near = tuple(one for one in attachment.subnets if spec.subnet(one).zone == zone)
    return attachment.subnets if attachment.appliance or not near else near
