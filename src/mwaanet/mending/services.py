"""What mends endpoint services and their load balancers: acceptance, permission, listeners."""

from __future__ import annotations

from collections.abc import Iterable

from mwaanet.fixes.change import Change
from mwaanet.fixes.endpoint_service import ConnectionAcceptance, PrincipalPermission
from mwaanet.fixes.load_balancer import ListenerCreation, TargetRecovery, TargetRegistration
from mwaanet.mending.stop import Stop, made_in
from mwaanet.model.arn import partition_of
from mwaanet.model.endpoint_service import ServiceConfiguration
from mwaanet.model.inventory import Inventory
from mwaanet.model.unknown import Unknown
from mwaanet.model.vpc_endpoint import VpcEndpoint
from mwaanet.net import PacketSet


def acceptance(stop: Stop) -> tuple[Change, ...]:
    """The acceptance of an endpoint that waits for its service's owner, or was rejected."""
    named = (stop.drop.component, *stop.drop.also, *(stop.mend.resources if stop.mend else ()))
    endpoint = next(
        (stop.inventory.vpc_endpoints[name] for name in named if name in stop.inventory.vpc_endpoints), None
    )
    if endpoint is None or ".vpce-svc-" not in endpoint.service_name:
        return ()
    if endpoint.state.lower() not in ("pendingacceptance", "rejected", "available"):
        return ()
    service = stop.inventory.endpoint_services.get(endpoint.service_name)
    name = service.service_id if service else endpoint.service_name.rpartition(".")[2]
    place = made_in(stop.inventory, service)
    return (ConnectionAcceptance(**place, service=name, endpoint=endpoint.vpc_endpoint_id),)


def permission(stop: Stop) -> tuple[Change, ...]:
    """The permission of the consumer's account at a service."""
    service = _service(stop)
    owner = _consumer(stop, service)
    if service is None or not owner:
        return ()
    return (allowed(stop, service, owner),)


def allowed(stop: Stop, service: ServiceConfiguration, owner: str) -> PrincipalPermission:
    """An account's permission at a service."""
    place = made_in(stop.inventory, service)
    principal = f"arn:{partition_of(place['region'])}:iam::{owner}:root"
    return PrincipalPermission(**place, service=service.service_id, principal=principal)


def _service(stop: Stop) -> ServiceConfiguration | None:
    services = stop.inventory.endpoint_services.values()
    return next((service for service in services if service.service_id == stop.drop.component), None)


def _consumer(stop: Stop, service: ServiceConfiguration | None) -> str:
    """The account whose endpoint for the service the packets come by."""
    endpoints: list[VpcEndpoint] = []
    for leg in stop.trace.drops:
        if leg.end.hop.component == stop.drop.component:
            named = (hop.component for hop in leg.hops)
            endpoints.extend(stop.inventory.vpc_endpoints[n] for n in named if n in stop.inventory.vpc_endpoints)
    if not endpoints and service:
        endpoints = list(stop.inventory.vpc_endpoints_for(service.service_name))
    return endpoints[0].owner_id if endpoints else ""


def listeners(stop: Stop) -> tuple[Change, ...]:
    """A listener for the port that is asked for, with the target group of the listener that the mend supposes."""
    balancer = stop.inventory.load_balancers.get(stop.drop.component)
    found = stop.inventory.listeners(stop.drop.component)
    if balancer is None or isinstance(found, Unknown) or not stop.ports or stop.ports.size != 1:
        return ()
    named = stop.mend.resources if stop.mend else ()
    chosen = next((one for one in found if one.listener_arn in named), None)
    if chosen is None or not chosen.target_group_arns:
        return ()
    place = made_in(stop.inventory, balancer)
    group = chosen.target_group_arns[0]
    return (ListenerCreation(**place, balancer=balancer.load_balancer_arn, port=stop.ports.min, group=group),)


def registration(
    inventory: Inventory, resources: Iterable[str], server: tuple[str, int], packets: PacketSet
) -> tuple[Change, ...]:
    """The declared server in the target group among the resources, in place of where it sends now."""
    group = next((inventory.target_groups[name] for name in resources if name in inventory.target_groups), None)
    if group is None or not packets.dst or not packets.dport:
        return ()
    inside = server[0] in inventory.vpc_cidrs(group.vpc_id)
    return (
        TargetRegistration(
            **made_in(inventory, group),
            group=group.target_group_arn,
            address=server[0],
            port=server[1],
            zone="" if inside else "all",
            instead_of=(packets.dst.first(), packets.dport.min),
        ),
    )


def recovery(inventory: Inventory, group: str, packets: PacketSet) -> Change:
    """AWS's own finding that a target answers again, once the way of the health checks is open."""
    place = made_in(inventory, inventory.target_groups.get(group))
    return TargetRecovery(**place, group=group, address=packets.dst.first() if packets.dst else "")
