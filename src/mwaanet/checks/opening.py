"""What a fix opens besides: the packets that pass on the changed model, did not before, and were not asked for.

Each change is walked between those whose packets it can concern, for the protocol and ports that it names, before and
after: a rule of a security group between its peer and the group's interfaces, an entry of a network ACL between its
subnets and the peer in both directions (it lets replies through as well), a route between the table's subnets and the
destination in both directions, an endpoint between it and its VPC.

Not modelled: more than `MOST_ENDS` interfaces of one end; the text says so. It says what single addresses belong to,
and names a service's prefix list where packets to all of its addresses pass.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import reduce, singledispatch
from operator import or_
from typing import NamedTuple

from mwaanet.checks.context import Context
from mwaanet.checks.name_tags import NameTags
from mwaanet.fixes.change import Change
from mwaanet.fixes.client_vpn import ClientVpnAuthorization, ClientVpnRoute
from mwaanet.fixes.endpoint_creation import EndpointCreation
from mwaanet.fixes.endpoint_service import ConnectionAcceptance
from mwaanet.fixes.endpoint_setting import EndpointRouteTable
from mwaanet.fixes.load_balancer import ListenerCreation, TargetRegistration
from mwaanet.fixes.network_acl_entry import NetworkAclEntry
from mwaanet.fixes.route import Route, RouteDeletion
from mwaanet.fixes.security_group_rule import SecurityGroupRule
from mwaanet.fixes.transit_gateway import (
    AttachmentAcceptance,
    AttachmentSubnet,
    TransitGatewayAssociation,
    TransitGatewayRoute,
)
from mwaanet.graph.internet_gateway import INTERNET
from mwaanet.graph.network import Network
from mwaanet.model.record import name_tag
from mwaanet.model.route_table import RouteTable
from mwaanet.model.unknown import Unknown
from mwaanet.net import ANY_PORT, AddressSet, Intervals, PacketSet, protocol_number
from mwaanet.paths.endpoints import address_endpoint, interfaces_endpoint
from mwaanet.paths.question import Endpoint, Question
from mwaanet.paths.trace import trace

MOST_ENDS = 40
"""Interfaces of one end that are walked."""
_SHOWN = 16
"""Parts, addresses and ranges of ports that a text writes out."""
_TOLD = 3
"""Interfaces of which a text says what they are."""


End = tuple[str, ...] | AddressSet
"""Those at one end, by their interfaces or by their addresses."""


class _Walk(NamedTuple):
    """One question that a change may answer differently."""

    source: End
    destination: End
    protocol: int | None = None
    ports: Intervals | None = None
    accepts: frozenset[str] | None = None


class Opened(NamedTuple):
    """Everything that passes after some changes and did not before; `left_out` counts interfaces not walked."""

    packets: PacketSet
    left_out: int = 0
    walked: bool = True
    """Whether a change lets packets pass at all; changes of names and policies do not."""
    ends: tuple[str, ...] = ()
    """The interfaces at the ends of what was walked."""
    places: frozenset[tuple[str, str]] = frozenset()
    """The accounts and Regions of the changes."""

    def besides(self, network: Network, asked: PacketSet) -> str:
        """As text, without what was asked for."""
        rest = self.packets.replace(sport=ANY_PORT) - asked.replace(sport=ANY_PORT)
        more = ""
        if self.left_out:
            more = f", at least: {self.left_out} more interfaces were not walked, and may let more pass"
        if not rest:
            return f"{'nothing else' if self.walked else 'no packets'}{more}"
        text, lists = self._with_lists(network, rest)
        told = "; ".join([*_holders(network, self.ends, rest), *lists])
        return f"{text}{more or ', and nothing else'}{f' ({told})' if told else ''}"

    def _with_lists(self, network: Network, packets: PacketSet) -> tuple[str, list[str]]:
        """The packets as text, with services' prefix lists in place of their addresses, and what these lists are."""
        text, told = packets.describe(_SHOWN), []
        for place in sorted(self.places):
            for service, list_id, addresses in network.service_lists(*place):
                texts = addresses.texts()
                more = [f"+{len(texts) - _SHOWN} more"] if len(texts) > _SHOWN else []
                written = f"{{{', '.join([*texts[:_SHOWN], *more])}}}"
                if written in text and addresses.issubset(packets.src | packets.dst):
                    text = text.replace(written, list_id)
                    told.append(f"{list_id} is the prefix list of {service}: all of its addresses in the Region")
        return text, told


def opened(before: Context, after: Context, changes: Collection[Change]) -> Opened:
    """What passes after the changes and did not before, between those whom the changes concern."""
    found, left_out = PacketSet.NONE, 0
    walks = dict.fromkeys(walk for change in changes for walk in _walks(change, after.network))
    for walk in walks:
        left_out = max(left_out, *(len(end) - MOST_ENDS for end in walk[:2] if isinstance(end, tuple)), 0)
        passing = _passing(after.network, walk)
        if passing:
            found = found | (passing - _passing(before.network, walk))
    ends = dict.fromkeys(name for walk in walks for end in walk[:2] if isinstance(end, tuple) for name in end)
    return Opened(found, left_out, bool(walks), tuple(ends), frozenset((one.account, one.region) for one in changes))


def _holders(network: Network, ends: Iterable[str], packets: PacketSet) -> list[str]:
    """What the addresses at an end of the packets belong to, where these are few."""
    names = NameTags(network.inventory)
    found = []
    for name in ends:
        record = network.inventory.network_interfaces.get(name)
        held = network.interface(name).addresses & (packets.src | packets.dst) if record else AddressSet.NONE
        if record and held:
            what = name_tag(record.tag_set) or record.description
            subnet = names.get(record.subnet_id, "")
            place = f"in {record.subnet_id}{f' ({subnet})' if subnet else ''}"
            found.append(f"{held} is {name}{f' ({what})' if what else ''} {place}")
    return found if len(found) <= _TOLD else []


def _passing(network: Network, walk: _Walk) -> PacketSet:
    source, destination = _end(network, walk.source), _end(network, walk.destination)
    if source is None or destination is None:
        return PacketSet.NONE
    if walk.accepts:
        destination = Endpoint(name=destination.name, addresses=destination.addresses, accepts=walk.accepts)
    question = Question(source=source, destination=destination, protocol=walk.protocol, ports=walk.ports)
    return trace(network, question).tally.passed


def _end(network: Network, end: End) -> Endpoint | None:
    if isinstance(end, AddressSet):
        return address_endpoint(network, str(end), end) if end else None
    known = [interface for interface in end if network.knows_interface(interface)][:MOST_ENDS]
    return interfaces_endpoint(network, "those concerned", known) if known else None


@singledispatch
def _walks(change: Change, network: Network) -> list[_Walk]:
    """Between whom a change can let packets pass; nothing for changes of names and policies."""
    return []


def _of_group(network: Network, group: str) -> tuple[str, ...]:
    """The interfaces in a security group, those of workers first."""
    virtual = [name for name in network.virtual_interfaces if group in network.interface(name).groups]
    held = network.inventory.interfaces_with_group(group)
    return (*virtual, *(record.network_interface_id for record in held))


def _of_subnets(network: Network, subnets: Iterable[str]) -> tuple[str, ...]:
    wanted = set(subnets)
    virtual = [name for name in network.virtual_interfaces if network.interface(name).subnet in wanted]
    held = [one.network_interface_id for subnet in sorted(wanted) for one in network.inventory.interfaces_in(subnet)]
    return (*virtual, *held)


def _of_vpc(network: Network, vpc: str) -> tuple[str, ...]:
    return _of_subnets(network, [subnet.subnet_id for subnet in network.inventory.subnets_of(vpc)])


def _listed(network: Network, name: str, account: str, region: str) -> AddressSet:
    found = network.inventory.prefix_list_entries(name, account, region)
    return AddressSet.NONE if isinstance(found, Unknown) else found


@_walks.register
def _group_rule(change: SecurityGroupRule, network: Network) -> list[_Walk]:
    peer: End
    accepts = None
    if change.peer_group:
        peer = _of_group(network, change.peer_group)
    elif change.prefix_list:
        peer = _listed(network, change.prefix_list, change.account, change.region)
        accepts = _services(network)
    else:
        peer = AddressSet.parse(change.cidr)
    own = _of_group(network, change.group)
    ports = Intervals.of((change.low, change.high)) if change.low >= 0 else None
    protocol = None if change.protocol == "-1" else protocol_number(change.protocol)
    source, destination = (own, peer) if change.outbound else (peer, own)
    return [_Walk(source, destination, protocol, ports, accepts)]


def _services(network: Network) -> frozenset[str]:
    """Where packets to a service's public addresses have arrived."""
    return frozenset({INTERNET, *(one.service_name for one in network.inventory.vpc_endpoints.values())})


@_walks.register
def _acl_entry(change: NetworkAclEntry, network: Network) -> list[_Walk]:
    inventory = network.inventory
    subnets = []
    for subnet in inventory.subnets:
        acl = inventory.network_acl_of(subnet)
        if not isinstance(acl, Unknown) and acl.network_acl_id == change.acl:
            subnets.append(subnet)
    own, peer = _of_subnets(network, subnets), AddressSet.parse(change.cidr)
    protocol = None if change.protocol < 0 else change.protocol
    ports = Intervals.of((change.low, change.high)) if change.low >= 0 else None
    source: End = own if change.outbound else peer
    destination: End = peer if change.outbound else own
    return [_Walk(source, destination, protocol, ports), _Walk(destination, source, protocol)]


def _both_ways(own: tuple[str, ...], peer: AddressSet) -> list[_Walk]:
    return [_Walk(own, peer), _Walk(peer, own)]


def _subnets_of(network: Network, tables: Iterable[str]) -> tuple[str, ...]:
    """The interfaces in the subnets that use one of the tables."""
    wanted, found = set(tables), []
    for subnet in network.inventory.subnets:
        table = network.inventory.route_table_of(subnet)
        if isinstance(table, RouteTable) and table.route_table_id in wanted:
            found.append(subnet)
    return _of_subnets(network, found)


@_walks.register
def _route(change: Route, network: Network) -> list[_Walk]:
    listed = change.destination.startswith("pl-")
    peer = (
        _listed(network, change.destination, change.account, change.region)
        if listed
        else AddressSet.parse(change.destination)
    )
    return _both_ways(_subnets_of(network, [change.table]), peer)


@_walks.register
def _route_deletion(change: RouteDeletion, network: Network) -> list[_Walk]:
    return _both_ways(_subnets_of(network, [change.table]), AddressSet.parse(change.destination))


@_walks.register
def _gateway_route(change: EndpointRouteTable, network: Network) -> list[_Walk]:
    peer = _listed(network, change.prefix_list, change.account, change.region)
    return [_Walk(_subnets_of(network, [change.table]), peer, accepts=_services(network))]


@_walks.register
def _new_endpoint(change: EndpointCreation, network: Network) -> list[_Walk]:
    if change.is_gateway:
        peer = _listed(network, change.prefix_list, change.account, change.region)
        return [_Walk(_subnets_of(network, change.tables), peer, accepts=_services(network))]
    made = [e for e in network.inventory.vpc_endpoints_of(change.vpc) if e.service_name == change.service]
    return [_Walk(_of_vpc(network, change.vpc), one.network_interface_ids) for one in made]


@_walks.register
def _endpoint(change: ConnectionAcceptance, network: Network) -> list[_Walk]:
    endpoint = network.inventory.vpc_endpoints.get(change.endpoint)
    return [_Walk(_of_vpc(network, endpoint.vpc_id), endpoint.network_interface_ids)] if endpoint else []


@_walks.register
def _balancer(change: ListenerCreation | TargetRegistration, network: Network) -> list[_Walk]:
    """From the VPCs of the endpoints for services that the load balancer stands behind."""
    inventory = network.inventory
    if isinstance(change, ListenerCreation):
        balancers, ports = {change.balancer}, Intervals.single(change.port)
    else:
        group = inventory.target_groups.get(change.group)
        balancers, ports = set(group.load_balancer_arns if group else ()), ANY_PORT
    return [
        _Walk(_of_vpc(network, endpoint.vpc_id), endpoint.network_interface_ids, 6, ports)
        for service in inventory.endpoint_services.values()
        if balancers & set(service.network_load_balancer_arns)
        for endpoint in inventory.vpc_endpoints_for(service.service_name)
    ]


@_walks.register
def _client_vpn(change: ClientVpnAuthorization | ClientVpnRoute, network: Network) -> list[_Walk]:
    """From every client of the endpoint to the block."""
    endpoint = network.inventory.client_vpn_endpoints.get(change.endpoint)
    clients = AddressSet.parse(endpoint.client_cidr_block) if endpoint and endpoint.client_cidr_block else None
    return [_Walk(clients, AddressSet.parse(change.cidr))] if clients else []


@_walks.register
def _transit_route(change: TransitGatewayRoute, network: Network) -> list[_Walk]:
    inventory = network.inventory
    table = inventory.transit_gateway_route_tables.get(change.table)
    peer = AddressSet.parse(change.cidr)
    found: list[_Walk] = []
    for attachment in inventory.attachments_of_gateway(table.transit_gateway_id) if table else ():
        name = attachment.transit_gateway_attachment_id
        if inventory.associated_table(name, attachment.transit_gateway_id) != change.table or name == change.attachment:
            continue
        own = _behind(network, name)
        found.extend([_Walk(own, peer), _Walk(peer, own)] if own else [])
    return found


def _behind(network: Network, attachment: str) -> AddressSet:
    """The addresses behind an attachment."""
    held = network.inventory.attachment(attachment)
    if held is None:
        return AddressSet.NONE
    if held.resource_type == "vpc":
        return network.inventory.vpc_cidrs(held.resource_id)
    links = [announced for link, announced in network.learned_prefixes() if link == held.resource_id]
    return reduce(or_, links, AddressSet.NONE)


@_walks.register
def _attached(
    change: AttachmentAcceptance | AttachmentSubnet | TransitGatewayAssociation, network: Network
) -> list[_Walk]:
    """Between what lies behind the attachment and behind every other of its transit gateway."""
    held = network.inventory.attachment(change.attachment)
    own = _behind(network, change.attachment)
    found: list[_Walk] = []
    for other in network.inventory.attachments_of_gateway(held.transit_gateway_id) if held else ():
        peer = _behind(network, other.transit_gateway_attachment_id)
        if own and peer and other.transit_gateway_attachment_id != change.attachment:
            found.extend([_Walk(own, peer), _Walk(peer, own)])
    return found
