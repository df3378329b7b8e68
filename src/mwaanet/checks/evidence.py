"""What an answer rests on: the records and whole lists that it was read from.

An answer that passes names everything without which it would not be known; the tests take each call away and expect
`unknown` (docs/decisions/0002-unknown-is-a-value.md). What two calls tell alike rests on neither of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mwaanet.checks.context import Context
from mwaanet.checks.dns_servers import servers_of
from mwaanet.checks.subject import of_documents, of_origins
from mwaanet.graph.flight import Evidence, Hop, Kind
from mwaanet.model.dhcp_options import VpcAttribute
from mwaanet.model.inventory import Inventory
from mwaanet.model.record import Origin
from mwaanet.model.resolver import ResolverEndpoint
from mwaanet.model.unknown import Unknown
from mwaanet.names import ClientVpnPlace, Resolution, VpcPlace, route53_profile
from mwaanet.names.domain import normal, undelegated
from mwaanet.names.endpoint_dns import private_names
from mwaanet.names.hosted_zone import zones_of_vpc
from mwaanet.names.inbound import endpoint_ips
from mwaanet.names.resolver_rule import rules_of_vpc
from mwaanet.net import AddressSet
from mwaanet.paths.places import place_of
from mwaanet.paths.question import Endpoint
from mwaanet.paths.trace import Trace
from mwaanet.paths.walk import Leg
from mwaanet.snapshot import CallRef

_FILTERS = frozenset({Kind.SECURITY_GROUP, Kind.NETWORK_ACL, Kind.INTERNET_GATEWAY})
"""What lets packets pass or not, but does not choose their way."""
_CHOOSING: Mapping[Kind, tuple[tuple[str, str], ...]] = {
    Kind.ENDPOINT_SERVICE: (
        ("ec2", "describe-network-interfaces"),
        ("ec2", "describe-subnets"),
        ("elbv2", "describe-load-balancers"),
    ),
    Kind.LOAD_BALANCER: (
        ("ec2", "describe-subnets"),
        ("elbv2", "describe-listeners"),
        ("elbv2", "describe-target-groups"),
        ("elbv2", "describe-target-health"),
    ),
    Kind.NETWORK_INTERFACE: (("ec2", "describe-subnets"),),
    Kind.TRANSIT_GATEWAY_ATTACHMENT: (("ec2", "describe-transit-gateway-vpc-attachments"),),
}
"""Calls besides that of its record by which a component chooses where packets go."""
_JUDGING: Mapping[Kind, tuple[tuple[str, str], ...]] = {
    Kind.DIRECT_CONNECT_GATEWAY: (
        ("directconnect", "describe-direct-connect-gateway-associations"),
        ("directconnect", "describe-virtual-interfaces"),
    ),
}
"""Calls besides that of its record by which a component lets packets pass or not."""
_PREFIX_LISTS = frozenset({"describe-managed-prefix-lists", "describe-prefix-lists", "get-managed-prefix-list-entries"})
"""Calls that tell S3's and DynamoDB's addresses alike."""


def of_source(context: Context, source: Endpoint) -> tuple[Evidence, ...]:
    """Where packets start from: the subnets of the interfaces that send them."""
    found = []
    for start in source.starts:
        if context.network.knows_interface(start.position.component):
            subnet = context.inventory.subnets.get(context.network.interface(start.position.component).subnet)
            found.append(subnet.origin if subnet else None)
    return of_origins(found)


def of_trace(context: Context, trace: Trace) -> tuple[Evidence, ...]:
    """Everything that the walk there and back read."""
    return _of_legs(context, (*trace.forward, *trace.back), judging=True)


def of_way(context: Context, trace: Trace) -> tuple[Evidence, ...]:
    """What decides the way of packets, whether or not they may pass it."""
    return _of_legs(context, trace.forward, judging=False)


def _of_legs(context: Context, legs: Iterable[Leg], *, judging: bool) -> tuple[Evidence, ...]:
    hops = (hop for leg in legs for hop in leg.hops)
    return tuple(dict.fromkeys(evidence for hop in hops for evidence in of_hop(context, hop, judging=judging)))


def of_hop(context: Context, hop: Hop, *, judging: bool) -> Iterator[Evidence]:
    """What a hop was read from: what chooses the way, and with `judging` what lets packets pass."""
    if hop.kind in _FILTERS and not judging:
        return
    yield from hop.evidence
    calls = (*_CHOOSING.get(hop.kind, ()), *(_JUDGING.get(hop.kind, ()) if judging else ()))
    origin = next((evidence.origin for evidence in hop.evidence if evidence.origin), None) if calls else None
    if origin is not None:
        place = (origin.document.ref.account, origin.document.ref.region)
        refs = (CallRef(*place, *call) for call in calls)
        yield from context.once(("documents", place, calls), lambda: of_documents(context.inventory, *refs))


def of_name(context: Context, source: Endpoint, resolution: Resolution) -> tuple[Evidence, ...]:
    """What the answer for a name rests on, with the settings and lists that could have decided otherwise."""
    return context.once(("name's evidence", source, resolution.name), lambda: _of_name(context, source, resolution))


def _of_name(context: Context, source: Endpoint, resolution: Resolution) -> tuple[Evidence, ...]:
    inventory = context.inventory
    found = dict.fromkeys(of_origins(_told_once(inventory, (step.origin for step in resolution.steps))))
    for query in resolution.queries:
        for server in servers_of(context, source, query):
            for trace in server.traces.values():
                found.update(dict.fromkeys(of_trace(context, trace)))
    found.update(dict.fromkeys(_of_resolver_endpoints(inventory, resolution)))
    for vpc, inbound in _asked_vpcs(context, source, resolution):
        found.update(dict.fromkeys(_of_resolver(inventory, vpc, resolution.name, inbound=inbound)))
    endpoint = inventory.vpc_endpoints.get(resolution.endpoint)
    records = (inventory.network_interfaces.get(name) for name in (endpoint.network_interface_ids if endpoint else ()))
    found.update(dict.fromkeys(of_origins(record.origin for record in records if record is not None)))
    return tuple(found)


def _told_once(inventory: Inventory, origins: Iterable[Origin | None]) -> Iterator[Origin | None]:
    """Origins without those of prefix lists that a second call of the snapshot tells as well."""
    sources = sum(bool(inventory.places_of("ec2", operation)) for operation in _PREFIX_LISTS)
    for origin in origins:
        if origin is None or sources < 2 or origin.document.ref.operation not in _PREFIX_LISTS:
            yield origin


def _asked_vpcs(context: Context, source: Endpoint, resolution: Resolution) -> dict[tuple[str, bool], None]:
    """The VPCs whose resolvers are asked, and whether by an inbound endpoint."""
    inventory = context.inventory
    found: dict[tuple[str, bool], None] = {}
    place = place_of(context.network, source)
    if isinstance(place, VpcPlace) and not any(not query.components for query in resolution.queries):
        found[place.vpc_id, False] = None
    if isinstance(place, ClientVpnPlace):
        vpc = inventory.client_vpn_vpc(place.endpoint_id)
        if any(inventory.resolver_address(vpc) & query.servers for query in resolution.queries if not query.components):
            found[vpc, False] = None
    for endpoint in _endpoints_asked(inventory, resolution):
        if endpoint.direction.upper().startswith("INBOUND"):
            found[endpoint.host_vpc_id, True] = None
    return {asked: None for asked in found if asked[0] in inventory.vpcs}


def _endpoints_asked(inventory: Inventory, resolution: Resolution) -> Iterator[ResolverEndpoint]:
    """The resolver endpoints that the queries leave from or go to."""
    senders = {name for query in resolution.queries for name in query.components}
    servers = AddressSet.NONE
    for query in resolution.queries:
        servers = servers | query.servers
    for endpoint in inventory.resolver_endpoints.values() if resolution.queries else ():
        addresses = endpoint_ips(inventory, endpoint)
        held = AddressSet.NONE if isinstance(addresses, Unknown) else AddressSet.parse(*addresses)
        if endpoint.id in senders or held & servers:
            yield endpoint


def _of_resolver_endpoints(inventory: Inventory, resolution: Resolution) -> Iterator[Evidence]:
    for endpoint in _endpoints_asked(inventory, resolution):
        yield from of_origins((endpoint.origin,))
        operation = "list-resolver-endpoint-ip-addresses"
        yield from of_documents(inventory, CallRef(*inventory.place(endpoint), "route53resolver", operation))


def _of_resolver(inventory: Inventory, vpc_id: str, name: str, *, inbound: bool) -> Iterator[Evidence]:
    """What the resolver of a VPC goes by: the VPC, its DNS settings, firewalls, rules, endpoints and zones."""
    vpc = inventory.vpcs[vpc_id]
    account, region = inventory.owner_place(vpc)
    yield from of_origins((vpc.origin,))
    for attribute in ("enableDnsSupport", "enableDnsHostnames"):
        operation = "describe-vpc-attribute"
        answer = inventory.call_with_origin(
            "ec2", operation, *inventory.place(vpc), VpcAttribute, VpcId=vpc_id, Attribute=attribute
        )
        yield from of_origins((answer[1],) if isinstance(answer, tuple) else ())
    operations = ["list-firewall-rule-group-associations", "list-resolver-rule-associations"]
    brought = route53_profile.of_vpc(inventory, vpc_id)
    profiles = ["list-profile-associations"]
    profiles.extend(["list-profile-resource-associations"] if brought.association else [])
    yield from of_documents(inventory, *(CallRef(account, region, "route53profiles", item) for item in profiles))
    rules = (*rules_of_vpc(inventory, vpc_id)[0], *brought.rules)
    operations.extend(["list-resolver-rules"] if rules else [])
    firewalls = any(association.vpc_id == vpc_id for association in inventory.dns_firewall_associations)
    operations.extend(["list-firewall-rules", "list-firewall-domains"] if firewalls else [])
    yield from of_documents(inventory, *(CallRef(account, region, "route53resolver", item) for item in operations))
    names, _ = private_names(inventory, vpc_id, inbound=inbound)
    if any(private.zone == normal(name) and not private.idle for private in names):
        return
    zones = CallRef(account, "global", "route53", "list-hosted-zones-by-vpc")
    yield from of_documents(inventory, zones)
    if not undelegated(name) and not any(zone.name == normal(name) for zone in zones_of_vpc(inventory, vpc_id)[0]):
        yield from of_documents(inventory, CallRef(account, region, "ec2", "describe-vpc-endpoints"))
