"""The DNS names of load balancers: the private addresses of an internal one, the public ones of an internet-facing one.

https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html: a name that begins with a
zone gives that zone's address. A zone with too few healthy targets, or that a zonal shift leaves out, loses its
address, unless all do
(https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health.html,
https://repost.aws/knowledge-center/elb-dns-cross-zone-balance-configuration).

With Availability Zone affinity a client that asks Route 53 Resolver is given the address of its own zone while that
zone is healthy (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-load-balancer-attributes.html#zonal-dns-affinity).
Where the client's zone is not known, each zone's address may be its one; with partial affinity all of them are given.
Whether an internet-facing load balancer has affinity as well the guide does not say: what it gives is then unknown.

Not modelled: a zonal shift of a zone without targets of its own, which shows nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from mwaanet.model.inventory import Inventory
from mwaanet.model.load_balancer import AvailabilityZone, LoadBalancer
from mwaanet.model.state import same_state
from mwaanet.model.target_zones import cross_zone, enough, in_zone
from mwaanet.model.unknown import Unknown
from mwaanet.names.answer import Outcome, Resolution, Step, answered, refused, unsettled
from mwaanet.names.domain import normal
from mwaanet.names.gaps import because, unread
from mwaanet.names.view import SiteResolver, View, VpcResolver
from mwaanet.net import AddressSet

_POLICY: Final = "dns_record.client_routing_policy"


def ask(inventory: Inventory, name: str, view: View) -> Resolution | None:
    """What public DNS answers for a load balancer's name; None for other names."""
    if ".elb." not in name:
        return None
    name_of_all = name.removeprefix("dualstack.")
    for balancer in inventory.load_balancers.values():
        own = normal(balancer.dns_name)
        if own and name_of_all == own:
            return _of_zones(inventory, balancer, name, view)
        if own and name_of_all.endswith(f".{own}"):
            zone = name_of_all.removesuffix(f".{own}")
            return _answer(inventory, balancer, name, [z for z in balancer.availability_zones if z.zone_name == zone])
    reason = f"the load balancer named {name} is not in the snapshot"
    gap = because(reason, *unread(inventory, "elbv2", "describe-load-balancers"))
    return unsettled(name, Step(component="", text=reason), gap)


def _of_zones(inventory: Inventory, balancer: LoadBalancer, name: str, view: View) -> Resolution:
    """What the name of all zones gives: every zone that serves, or by affinity the client's own of them."""
    serving = _serving(inventory, balancer)
    affine = _affine(inventory, balancer, view)
    if affine is False or len(serving) == 1:
        return _answer(inventory, balancer, name, serving)
    if not same_state(balancer.scheme, "internal"):
        reason = f"whether {name} gives a client in a VPC the address of its own zone only is not known"
        gap = affine if isinstance(affine, Unknown) else None
        return _answer(inventory, balancer, name, serving).unless((because(reason, gap),))
    here = view.zone if isinstance(view, VpcResolver) and affine is True else ""
    subnets = [inventory.subnets.get(zone.subnet_id) for zone in serving]
    zones = [inventory.zone_id(subnet) if subnet else "" for subnet in subnets]
    own = [zone for zone, its_id in zip(serving, zones, strict=True) if here and its_id == here]
    answer = _answer(inventory, balancer, name, own or serving)
    known = bool(own) or (bool(here) and all(zones))
    return answer if known else replace(answer, undetermined=answer.outcome is Outcome.ADDRESSES)


def _affine(inventory: Inventory, balancer: LoadBalancer, view: View) -> bool | Unknown:
    """Whether a client is given its own zone's address where it can be; a site's resolvers are told of every zone."""
    if isinstance(view, SiteResolver):
        return False
    attributes = inventory.load_balancer_attributes(balancer.load_balancer_arn)
    return attributes if isinstance(attributes, Unknown) else attributes.get(_POLICY) == "availability_zone_affinity"


def _answer(inventory: Inventory, balancer: LoadBalancer, name: str, zones: list[AvailabilityZone]) -> Resolution:
    label = balancer.load_balancer_name or balancer.load_balancer_arn
    step = Step(component=balancer.load_balancer_arn, text=f"{name} is load balancer {label}", origin=balancer.origin)
    internal = same_state(balancer.scheme, "internal")
    if not zones and balancer.availability_zones:
        return refused(name, Outcome.NXDOMAIN, step)
    found = AddressSet.NONE
    for item in zones:
        texts = [*_told(item, internal=internal), *_held(inventory, balancer, item, internal=internal)]
        if not texts:
            gap = inventory.unknown("ec2", "describe-network-interfaces", *inventory.place(balancer))
            reason = f"the interfaces of load balancer {label} in {item.subnet_id} are not in the snapshot"
            return unsettled(name, step, because(reason, gap))
        found = found | AddressSet.parse(*texts)
    if not found:
        return unsettled(name, step, Unknown(reason=f"the zones of load balancer {label} are not in the snapshot"))
    if not same_state(balancer.ip_address_type, "dualstack"):
        found = found & AddressSet.ANY_V4
    answer = answered(name, found, step)
    return answer if internal else answer.made_public()


def _serving(inventory: Inventory, balancer: LoadBalancer) -> list[AvailabilityZone]:
    """The zones that DNS gives: those in which every target group has healthy targets enough, or all if none has."""
    zones = list(balancer.availability_zones)
    return [zone for zone in zones if _is_healthy(inventory, balancer, zone)] or zones


def _is_healthy(inventory: Inventory, balancer: LoadBalancer, zone: AvailabilityZone) -> bool:
    """Whether a zone keeps its address in DNS; so does one of which that is not known."""
    subnet = inventory.subnets.get(zone.subnet_id)
    for arn in inventory.target_groups_of(balancer.load_balancer_arn) if subnet else ():
        group = inventory.target_groups[arn]
        health = inventory.target_health(arn)
        everywhere = cross_zone(inventory, balancer.load_balancer_arn, arn)
        if isinstance(health, Unknown) or isinstance(everywhere, Unknown) or subnet is None:
            continue
        own = [item for item in health if in_zone(inventory, group, item, inventory.zone_id(subnet))]
        items = health if everywhere else own
        if any(item.administrative_override.state.startswith("zonal_shift_") for item in own):
            return False
        healthy = sum(same_state(item.target_health.state, "healthy", "unavailable") for item in items)
        if not enough(healthy, len(items), inventory.target_group_attributes(arn), "dns_failover"):
            return False
    return True


def _told(zone: AvailabilityZone, *, internal: bool) -> Iterator[str]:
    """The addresses that the load balancer's own description gives for a zone."""
    for own in zone.load_balancer_addresses:
        yield from filter(None, (own.private_ipv4_address if internal else own.ip_address, own.ipv6_address))


def _held(inventory: Inventory, balancer: LoadBalancer, zone: AvailabilityZone, *, internal: bool) -> Iterator[str]:
    """The addresses of a balancer's interfaces in a zone; AWS names the balancer in their descriptions."""
    for record in inventory.interfaces_in(zone.subnet_id):
        if inventory.load_balancer_of_interface(record.network_interface_id) != balancer.load_balancer_arn:
            continue
        yield from (held.ipv6_address for held in record.ipv6_addresses)
        for address in record.private_ip_addresses:
            if internal:
                yield address.private_ip_address
            elif address.association and address.association.public_ip:
                yield address.association.public_ip
