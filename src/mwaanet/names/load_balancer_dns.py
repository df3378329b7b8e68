"""The DNS names of load balancers: the private addresses of an internal one, the public ones of an internet-facing one.

https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html: a name that begins with a
zone gives that zone's address.

Not modelled: zones that DNS failover takes out of the answer, IPv6.
"""

from __future__ import annotations

from collections.abc import Iterator

from mwaanet.model.inventory import Inventory
from mwaanet.model.load_balancer import LoadBalancer
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.names.answer import Outcome, Resolution, Step, answered, refused, unsettled
from mwaanet.names.domain import normal
from mwaanet.names.gaps import because, unread
from mwaanet.net import AddressSet


def ask(inventory: Inventory, name: str) -> Resolution | None:
    """What public DNS answers for a load balancer's name; None for other names."""
    if ".elb." not in name:
        return None
    name_of_all = name.removeprefix("dualstack.")
    for balancer in inventory.load_balancers.values():
        own = normal(balancer.dns_name)
        if own and name_of_all == own:
            return _answer(inventory, balancer, name, "")
        if own and name_of_all.endswith(f".{own}"):
            return _answer(inventory, balancer, name, name_of_all.removesuffix(f".{own}"))
    reason = f"the load balancer named {name} is not in the snapshot"
    gap = because(reason, *unread(inventory, "elbv2", "describe-load-balancers"))
    return unsettled(name, Step(component="", text=reason), gap)


def _answer(inventory: Inventory, balancer: LoadBalancer, name: str, zone: str) -> Resolution:
    label = balancer.load_balancer_name or balancer.load_balancer_arn
    step = Step(component=balancer.load_balancer_arn, text=f"{name} is load balancer {label}", origin=balancer.origin)
    internal = same_state(balancer.scheme, "internal")
    zones = [item for item in balancer.availability_zones if zone in ("", item.zone_name)]
    if zone and not zones:
        return refused(name, Outcome.NXDOMAIN, step)
    found = AddressSet.NONE
    for item in zones:
        texts = [own.private_ipv4_address if internal else own.ip_address for own in item.load_balancer_addresses]
        texts = [text for text in texts if text] or list(_held(inventory, balancer, item.subnet_id, internal=internal))
        if not texts:
            gap = inventory.unknown("ec2", "describe-network-interfaces", *inventory.place(balancer))
            reason = f"the interfaces of load balancer {label} in {item.subnet_id} are not in the snapshot"
            return unsettled(name, step, because(reason, gap))
        found = found | AddressSet.parse(*texts)
    if not found:
        return unsettled(name, step, Unknown(reason=f"the zones of load balancer {label} are not in the snapshot"))
    answer = answered(name, found, step)
    return answer if internal else answer.made_public()


def _held(inventory: Inventory, balancer: LoadBalancer, subnet_id: str, *, internal: bool) -> Iterator[str]:
    """The addresses of a balancer's interfaces in a subnet; AWS names the balancer in their descriptions."""
    for record in inventory.interfaces_in(subnet_id):
        if inventory.load_balancer_of_interface(record.network_interface_id) != balancer.load_balancer_arn:
            continue
        for address in record.private_ip_addresses:
            if internal:
                yield address.private_ip_address
            elif address.association and address.association.public_ip:
                yield address.association.public_ip
