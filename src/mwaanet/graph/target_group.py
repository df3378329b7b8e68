"""Target groups: which targets a load balancer sends to from one zone, and why it does not send to the others.

With fewer healthy targets than the group's threshold the load balancer fails open to all of them
(https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health.html). Targets in a zone that a
zonal shift leaves out get nothing (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/zonal-shift.html).
Targets outside the VPC must have private addresses
(https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html#target-type).

Not modelled: stickiness and weights above 0, which choose among targets that all may be chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mwaanet.model.load_balancer import LoadBalancer
from mwaanet.model.state import same_state
from mwaanet.model.target_group import TargetGroup, TargetHealthDescription
from mwaanet.model.target_zones import cross_zone, enough, in_zone
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet

if TYPE_CHECKING:
    from mwaanet.graph.network import Network
    from mwaanet.model.record import Origin


SETTABLE = ("TCP", "TLS")
"""Protocols of target groups whose client IP preservation can be switched off."""
PRIVATE = AddressSet.parse("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One registered target as seen from a load balancer's zone.

    `refused` says why the balancer finds nobody there (empty where it does), `impossible` that nobody ever can be
    there; `doubts` why that is not known. `protocol` is the group's: what the balancer speaks to the target.
    """

    group: str
    name: str
    addresses: AddressSet
    port: int
    protocol: str
    preserve_client_ip: bool | Unknown
    refused: str = ""
    impossible: bool = False
    doubts: tuple[Unknown, ...] = ()
    origin: Origin | None = None


def targets_of(network: Network, balancer: LoadBalancer, arn: str, zone: str) -> tuple[Target, ...] | Unknown:
    """The targets to which the balancer's address in `zone` sends: the healthy ones, all if they are too few."""
    group = network.inventory.target_groups.get(arn)
    health = network.inventory.target_health(arn)
    if group is None:
        unread = network.inventory.unknown("elbv2", "describe-target-groups", *network.inventory.place(balancer))
        return Unknown(reason=f"target group {arn} is not in the snapshot", needs=unread.needs if unread else ())
    if isinstance(health, Unknown):
        return health
    attributes = network.inventory.target_group_attributes(arn)
    everywhere = cross_zone(network.inventory, balancer.load_balancer_arn, arn)
    own = [item for item in health if in_zone(network.inventory, group, item, zone)]
    items = own if everywhere is False else health
    targets = [_target(network, group, item, attributes) for item in items]
    serving = [target for target in targets if not target.refused]
    chosen = serving if enough(len(serving), len(targets), attributes, "unhealthy_state_routing") else targets
    doubts: list[Unknown] = []
    if isinstance(everywhere, Unknown) and len(own) < len(health):
        doubts.append(everywhere)
    if isinstance(attributes, Unknown) and 0 < len(serving) < len(targets):
        doubts.append(attributes)
    return tuple(replace(target, doubts=(*target.doubts, *doubts)) for target in chosen)


def _target(
    network: Network,
    group: TargetGroup,
    item: TargetHealthDescription,
    attributes: Mapping[str, str] | Unknown,
) -> Target:
    state = item.target_health.state
    addresses = network.target_addresses(item.target.id, group.vpc_id)
    doubts = [addresses] if isinstance(addresses, Unknown) else []
    if same_state(state, "unavailable"):
        doubts.append(Unknown(reason=f"target {item.target.id} is not health checked", needs=()))
    refused = "" if same_state(state, "healthy", "unavailable") else f"{state} {item.target_health.reason}".strip()
    if same_state(item.administrative_override.state, "zonal_shift_active"):
        refused = "in a zone that a zonal shift leaves out"
    allowed = PRIVATE | network.inventory.vpc_cidrs(group.vpc_id)
    impossible = isinstance(addresses, AddressSet) and not addresses.issubset(allowed)
    if impossible:
        refused = "neither in the VPC nor a private address (RFC 1918, RFC 6598)"
    return Target(
        group=group.target_group_arn,
        name=item.target.id,
        addresses=AddressSet.NONE if isinstance(addresses, Unknown) else addresses,
        port=item.target.port or group.port or 0,
        protocol=group.protocol,
        preserve_client_ip=_preserves(group, attributes),
        refused=refused,
        impossible=impossible,
        doubts=tuple(doubts),
        origin=group.origin,
    )


def _preserves(group: TargetGroup, attributes: Mapping[str, str] | Unknown) -> bool | Unknown:
    """Client IP preservation: always on for UDP; for TCP and TLS as set, else off for groups of IP targets.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation
    """
    if group.protocol not in SETTABLE:
        return True
    if isinstance(attributes, Unknown):
        return attributes
    default = "false" if group.target_type == "ip" else "true"
    return attributes.get("preserve_client_ip.enabled", default) == "true"
