"""Which targets a load balancer's zone may use, and whether enough of them are healthy.

https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health.html,
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#target-group-cross-zone
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from mwaanet.model.inventory import Inventory
from mwaanet.model.target_group import TargetGroup, TargetHealthDescription
from mwaanet.model.unknown import Unknown

_CROSS_ZONE = "load_balancing.cross_zone.enabled"


def cross_zone(inventory: Inventory, balancer_arn: str, group_arn: str) -> bool | Unknown:
    """Whether every zone's address reaches every zone's targets: the group's own word, else the load balancer's."""
    attributes = inventory.target_group_attributes(group_arn)
    if isinstance(attributes, Unknown):
        return attributes
    own = attributes.get(_CROSS_ZONE, "")
    if own in ("true", "false"):
        return own == "true"
    balancing = inventory.load_balancer_attributes(balancer_arn)
    if isinstance(balancing, Unknown):
        return balancing
    return balancing.get(_CROSS_ZONE, "false") == "true"


def in_zone(inventory: Inventory, group: TargetGroup, item: TargetHealthDescription, zone: str) -> bool:
    """Whether a target lies in a zone (AZ ID); outside the VPC it belongs to all, and so it may where nobody knows."""
    named = item.target.availability_zone
    if named == "all":
        return True
    if named:
        return inventory.zone_id_of_name(named, *inventory.place(group)) == zone
    subnet = _subnet_of(inventory, group, item.target.id)
    record = inventory.subnets.get(subnet)
    return record is None or inventory.zone_id(record) == zone


def _subnet_of(inventory: Inventory, group: TargetGroup, target: str) -> str:
    interfaces = inventory.instance_interfaces(target)
    if interfaces:
        return interfaces[0].subnet_id
    for record in inventory.network_interfaces.values():
        if record.vpc_id == group.vpc_id and any(
            held.private_ip_address == target for held in record.private_ip_addresses
        ):
            return record.subnet_id
    return ""


def enough(
    healthy: int,
    registered: int,
    attributes: Mapping[str, str] | Unknown,
    action: Literal["dns_failover", "unhealthy_state_routing"],
) -> bool:
    """Whether so many healthy targets keep an action from being taken: one at least, by number and by percentage."""
    key = f"target_group_health.{action}.minimum_healthy_targets"
    known = {} if isinstance(attributes, Unknown) else attributes
    count, percentage = known.get(f"{key}.count", "1"), known.get(f"{key}.percentage", "off")
    least = max(1, int(count) if count.isdigit() else 1)
    share = int(percentage) if percentage.isdigit() else 0
    return healthy >= least and healthy * 100 >= registered * share
