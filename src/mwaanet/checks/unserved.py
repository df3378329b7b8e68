"""A service's name that gives public addresses, which the packets do not reach: what of the endpoint is missing."""

from __future__ import annotations

from dataclasses import replace

from mwaanet.checks.answer import Cause
from mwaanet.checks.codes import Fault
from mwaanet.checks.context import Context
from mwaanet.checks.new_endpoint import for_clients, for_environment, has_another_way
from mwaanet.checks.selectors import HostName
from mwaanet.fixes.change import Change
from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Evidence, Kind
from mwaanet.mending.mending import changes_of
from mwaanet.mending.names import private_dns, switched_on
from mwaanet.model.state import same_state
from mwaanet.model.vpc_endpoint import VpcEndpoint
from mwaanet.names import private_zones_having
from mwaanet.paths.blocked import BlockedPath, blocked_paths
from mwaanet.paths.endpoints import interfaces_endpoint
from mwaanet.paths.places import place_of
from mwaanet.paths.question import Question
from mwaanet.paths.trace import Reachable


def without_endpoint(context: Context, host: HostName, question: Question, cause: Cause, asked: str = "") -> Cause:
    """The name gave the service's public addresses, which the source cannot reach: look for the endpoint.

    `asked` is the VPC whose resolver left the name to public DNS, where that is not the source's own.
    """
    source = question.source
    vpc = asked or getattr(place_of(context.network, source), "vpc_id", "")
    own = [e for e in context.inventory.vpc_endpoints_of(vpc) if e.service_name in host.services]
    if not vpc or any(same_state(e.vpc_endpoint_type, "Gateway") for e in own) or _led_to_endpoint(cause):
        return cause
    if own:
        return _silent(context, host, own[0], question, cause)
    if not asked and has_another_way(context, question):
        return cause
    missing = for_environment(context, vpc, host) if asked else for_clients(context, vpc, host, question)
    if missing is None or context.inventory.unseen_in(vpc, "describe-vpc-endpoints"):
        return cause
    zones = tuple(zone.id for zone in private_zones_having(context.inventory, host.name))
    elsewhere = f"; {zones[0]}, which has {host.name}, is not associated with it" if zones else ""
    return replace(
        cause,
        message=f"{vpc} has no endpoint for {host.service}, and {source.name} has no other way to it{elsewhere}",
        resources=(vpc, host.service, *zones, *_closed(cause)),
        code=Fault.ENDPOINT_MISSING,
        step="endpoint",
        actions=missing.actions(context.network),
        changes=missing.changes(context.network),
    )


def _led_to_endpoint(cause: Cause) -> bool:
    """Whether routes of a table lead to an endpoint that is gone: it is they that stop the packets."""
    return any(drop.kind is Kind.ROUTE_TABLE and name.startswith("vpce-") for drop in cause.drops for name in drop.also)


def hidden_by_another(context: Context, question: Question, host: HostName, cause: Cause) -> Cause:
    """A service's name that does not exist in a zone which another service's endpoint makes: its own endpoint lacks."""
    vpc = getattr(place_of(context.network, question.source), "vpc_id", "")
    own = any(endpoint.service_name in host.services for endpoint in context.inventory.vpc_endpoints_of(vpc))
    by = next(iter(cause.resources), "")
    if cause.code != Fault.NAME_NXDOMAIN or not host.service or own or by not in context.inventory.vpc_endpoints:
        return cause
    missing = for_clients(context, vpc, host, question)
    if missing is None or context.inventory.unseen_in(vpc, "describe-vpc-endpoints"):
        return cause
    return replace(
        cause,
        message=f"{vpc} has no endpoint for {host.service}: {cause.message}",
        resources=(vpc, host.service),
        code=Fault.ENDPOINT_MISSING,
        step="endpoint",
        actions=missing.actions(context.network),
        changes=missing.changes(context.network),
    )


def _closed(cause: Cause) -> tuple[str, ...]:
    """Groups and network ACLs that stop the packets too, whatever endpoint there is."""
    filters = (Code.SECURITY_GROUP_EGRESS, Code.NETWORK_ACL_DENIES)
    return tuple(dict.fromkeys(drop.component for drop in cause.drops if drop.code in filters))


def _silent(context: Context, host: HostName, endpoint: VpcEndpoint, question: Question, cause: Cause) -> Cause:
    """An endpoint that does not answer the service's own name; what else stands before it must change too."""
    name, available = endpoint.vpc_endpoint_id, same_state(endpoint.state, "available")
    inside = interfaces_endpoint(context.network, name, list(endpoint.network_interface_ids))
    trace = context.trace(replace(question, destination=inside))
    paths = blocked_paths(context.network, trace) if trace.reachable in (Reachable.NO, Reachable.PARTIAL) else ()
    switched_off = _dns_off(context, endpoint.vpc_id) if endpoint.private_dns_enabled else ""
    if available and switched_off:
        behind = changes_of(context.network, trace, paths)
        return _without_dns(context, host, endpoint, cause, switched_off, paths, behind)
    why = "its private DNS does not answer here" if available else f"its state is {endpoint.state}"
    return replace(
        cause,
        message=f"{host.name} gives public addresses, for {name} does not answer it: {why}{_too(paths)}",
        resources=tuple(dict.fromkeys((name, *_resources(paths)))),
        code=Fault.ENDPOINT_PRIVATE_DNS if available else Code.ENDPOINT_STATE,
        step="name" if available else "endpoint",
        evidence=((Evidence(endpoint.origin),) if endpoint.origin else ()) + cause.evidence,
        actions=(f"let {name} answer {host.name}", *_actions(paths)) if available else (_awaited(name),),
        changes=(private_dns(context.inventory, endpoint), *changes_of(context.network, trace, paths))
        if available
        else (),
    )


def _awaited(endpoint: str) -> str:
    return f"wait until {endpoint} is available, or create it again"


def _resources(paths: tuple[BlockedPath, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(resource for path in paths for resource in path.resources))


def _actions(paths: tuple[BlockedPath, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(action for path in paths for action in path.actions))


def _too(paths: tuple[BlockedPath, ...]) -> str:
    """What stops the packets before the endpoint, as the end of a sentence."""
    stops = dict.fromkeys(f"{drop.component}: {drop.by}" for path in paths for drop in path.drops)
    return f"; on the way to it, too, {'; '.join(list(stops)[:4])}" if stops else ""


def _dns_off(context: Context, vpc: str) -> str:
    """The DNS attribute of a VPC that is off, without which its endpoints' private names do not exist."""
    attributes = ("enableDnsSupport", "enableDnsHostnames")
    return next((name for name in attributes if context.inventory.vpc_attribute(vpc, name) is False), "")


def _without_dns(
    context: Context,
    host: HostName,
    endpoint: VpcEndpoint,
    cause: Cause,
    attribute: str,
    paths: tuple[BlockedPath, ...],
    behind: tuple[Change, ...],
) -> Cause:
    vpc = endpoint.vpc_id
    return replace(
        cause,
        message=f"{host.name} gives public addresses, for {attribute} of {vpc} is off{_too(paths)}",
        resources=tuple(dict.fromkeys((vpc, endpoint.vpc_endpoint_id, *_resources(paths)))),
        code=Fault.ENDPOINT_PRIVATE_DNS,
        step="name",
        actions=(f"switch {attribute} of {vpc} on", *_actions(paths)) if paths else (),
        changes=(switched_on(context.inventory, vpc, attribute), *behind),
    )
