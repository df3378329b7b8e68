"""Health checks: whether a load balancer's own packets reach its targets, from where and at which port.

A Network Load Balancer checks every target from its own addresses, at the target's port or at another that the group
names (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html).
"""

from __future__ import annotations

from mwaanet.checks.context import Context
from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Drop, Position, Role
from mwaanet.net import AddressSet, Intervals
from mwaanet.paths.endpoints import address_endpoint
from mwaanet.paths.question import ANY_CLIENT_PORTS, Endpoint, Question, Start


def blocked_check(context: Context, group_arn: str, source: AddressSet, target: AddressSet) -> tuple[str, ...]:
    """What keeps the health checks of a target from arriving or from being answered; empty where nothing does."""
    group = context.inventory.target_groups.get(group_arn)
    network = context.network
    if group is None:
        return ()
    named = group.health_check_port
    ports = [int(named)] if named.isdigit() else [item for item in _ports(context, group_arn, target) if item]
    found: dict[str, None] = {}
    for interface_id, record in context.inventory.network_interfaces.items():
        addresses = context.inventory.interface_addresses(record)
        if record.vpc_id != group.vpc_id or not addresses & source:
            continue
        start = Start(
            position=Position(interface_id, Role.SEND), addresses=addresses, ports=ANY_CLIENT_PORTS, ports_known=True
        )
        asker = Endpoint(name=interface_id, starts=(start,), addresses=addresses)
        server = address_endpoint(network, str(target), target)
        question = Question(source=asker, destination=server, protocol=6, ports=Intervals.of(*((p, p) for p in ports)))
        for leg in context.trace(question).drops:
            if isinstance(leg.end, Drop) and leg.end.hop.code is not Code.BALANCED:
                mends = leg.end.mends
                found.update(dict.fromkeys(mends[0].resources if mends else (leg.end.hop.component,)))
    return tuple(found)


def _ports(context: Context, group_arn: str, target: AddressSet) -> list[int]:
    """The ports at which a target is registered."""
    health = context.inventory.target_health(group_arn)
    group = context.inventory.target_groups[group_arn]
    if not isinstance(health, tuple):
        return [group.port or 0]
    vpc = group.vpc_id
    return [item.target.port or group.port or 0 for item in health if _is(context, item.target.id, vpc, target)]


def _is(context: Context, registered: str, vpc: str, target: AddressSet) -> bool:
    addresses = context.network.target_addresses(registered, vpc)
    return isinstance(addresses, AddressSet) and bool(addresses & target)
