"""Health checks: whether a load balancer's own packets reach its targets, from where and at which port.

A Network Load Balancer checks every target from its own addresses, at the target's port or at another that the group
names (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from mwaanet.checks.context import Context
from mwaanet.fixes.change import Change
from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Drop, Position, Role
from mwaanet.mending.mending import changes_for
from mwaanet.net import CLIENT_PORTS, AddressSet, Intervals
from mwaanet.paths.endpoints import address_endpoint
from mwaanet.paths.question import Endpoint, Question, Start
from mwaanet.paths.trace import Trace


@dataclass(frozen=True, slots=True)
class Hindered:
    """What keeps health checks from arriving or from being answered, and what lets them; empty where nothing does.

    Each is a set that keeps its order.
    """

    resources: dict[str, None] = field(default_factory=dict)
    actions: dict[str, None] = field(default_factory=dict)
    changes: dict[Change, None] = field(default_factory=dict)

    def add(self, context: Context, trace: Trace) -> None:
        """Note what stops the health checks of one trace."""
        for leg in trace.drops:
            if not isinstance(leg.end, Drop) or leg.end.hop.code is Code.BALANCED:
                continue
            mend = leg.end.mends[0] if leg.end.mends else None
            self.resources.update(dict.fromkeys(mend.resources if mend else (leg.end.hop.component,)))
            if mend:
                self.actions[mend.action] = None
            self.changes.update(dict.fromkeys(changes_for(context.network, trace, leg.end.hop, mend)))


def hindered(context: Context, group_arn: str, source: AddressSet, target: AddressSet) -> Hindered:
    """What keeps the health checks of a target from arriving or from being answered."""
    group = context.inventory.target_groups.get(group_arn)
    network = context.network
    found = Hindered()
    if group is None:
        return found
    named = group.health_check_port
    ports = [int(named)] if named.isdigit() else [item for item in _ports(context, group_arn, target) if item]
    for interface_id, record in context.inventory.network_interfaces.items():
        addresses = context.inventory.interface_addresses(record)
        if record.vpc_id != group.vpc_id or not addresses & source:
            continue
        start = Start(
            position=Position(interface_id, Role.SEND), addresses=addresses, ports=CLIENT_PORTS, ports_known=True
        )
        asker = Endpoint(name=interface_id, starts=(start,), addresses=addresses)
        server = address_endpoint(network, str(target), target)
        question = Question(source=asker, destination=server, protocol=6, ports=Intervals.of(*((p, p) for p in ports)))
        found.add(context, context.trace(question))
    return found


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
