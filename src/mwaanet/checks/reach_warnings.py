"""What a path that passes still lacks: a second zone, a permission, replies to all ports that a client may use."""

from __future__ import annotations

from mwaanet.checks.answer import Cause
from mwaanet.checks.codes import Fault
from mwaanet.checks.context import Context
from mwaanet.graph.codes import Code
from mwaanet.model.arn import partition_of
from mwaanet.model.unknown import Unknown
from mwaanet.paths.trace import Trace


def zone_lost(context: Context, trace: Trace) -> Cause | None:
    """Why there is no spare zone: requests go to an endpoint's interface in one zone, and the environment has several.

    https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
    """
    endpoint, zone = _single_zone(context, trace)
    if not zone:
        return None
    return Cause(
        message=f"only the interface of {endpoint} in one zone ({zone}) is asked",
        resources=(endpoint,),
        code=Fault.ENDPOINT_ONE_ZONE,
        step="endpoint",
    )


def _single_zone(context: Context, trace: Trace) -> tuple[str, str]:
    """The endpoint and the only zone of it that requests go to, where the environment has several; else empty."""
    if context.facts is None:
        return "", ""
    network = context.network
    endpoints: dict[str, set[str]] = {}
    for leg in trace.forward:
        for hop in leg.hops:
            if hop.code is Code.INTERFACE_RECEIVES and network.knows_interface(hop.component):
                endpoint = context.inventory.endpoint_of_interface(hop.component)
                if endpoint:
                    endpoints.setdefault(endpoint, set()).add(network.zone_of(network.interface(hop.component).subnet))
    own = {network.zone_of(subnet) for subnet in context.facts.subnet_ids}
    if len(endpoints) != 1 or len(own) < 2:
        return "", ""
    endpoint, zones = endpoints.popitem()
    return (endpoint, min(zones)) if len(zones) == 1 and "" not in zones else ("", "")


def not_allowed(context: Context, endpoint_id: str) -> Cause | None:
    """Why the endpoint could not be made again: its service no longer allows its account.

    Existing connections go on
    (https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html#add-remove-permissions).
    """
    endpoint = context.inventory.vpc_endpoints.get(endpoint_id)
    service = context.inventory.endpoint_services.get(endpoint.service_name) if endpoint else None
    if endpoint is None or service is None:
        return None
    principals = context.inventory.allowed_principals(service)
    owner = endpoint.owner_id or context.inventory.place(endpoint)[0]
    if isinstance(principals, Unknown) or owner == context.inventory.place(service)[0]:
        return None
    if any(principal in ("*", owner) or f"::{owner}:" in principal for principal in principals):
        return None
    partition = partition_of(context.inventory.place(service)[1])
    return Cause(
        message=f"{service.service_id} allows no principal of account {owner}: {endpoint_id} goes on, but cannot be "
        "made again",
        resources=(service.service_id, endpoint_id),
        code=Fault.SERVICE_PRINCIPAL,
        step="endpoint-service",
        actions=(f"have the owner of {service.service_id} allow arn:{partition}:iam::{owner}:root",),
    )


def uncovered(trace: Trace) -> Cause | None:
    """Why some of the ports that a client may use get no reply.

    https://docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html
    """
    if not trace.uncovered_ports:
        return None
    return Cause(
        message=f"replies to client ports {trace.uncovered_ports} of {trace.question.source.name} do not pass",
        resources=tuple(dict.fromkeys(leg.end.hop.component for leg in trace.drops)),
        code=Fault.CLIENT_PORTS,
        step="network-acl",
    )
