"""Endpoints by what people write: an AWS id, an address, a CIDR, `internet`, a site or one of its hosts."""

from __future__ import annotations

from dataclasses import replace

from mwaanet.errors import UsageError
from mwaanet.graph.client_vpn_endpoint import CLIENT_VPN, missing
from mwaanet.graph.flight import Position, Role
from mwaanet.graph.interface import LINK_LOCAL_SERVICES, RESOLVER, TRANSIT_GATEWAY
from mwaanet.graph.internet_gateway import INTERNET
from mwaanet.graph.network import Network
from mwaanet.graph.site import EDGE
from mwaanet.model.site import OnPremises
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet
from mwaanet.net.public_addresses import PUBLIC
from mwaanet.paths.question import LINUX_PORTS, WINDOWS_PORTS, Endpoint, Start


def is_endpoint_text(network: Network, text: str) -> bool:
    """Whether `endpoint_of` knows what the text means."""
    if text == INTERNET or _site_of(network, text):
        return True
    if network.knows_interface(text):
        return True
    if text.startswith(CLIENT_VPN):
        return text in network.inventory.client_vpn_endpoints or isinstance(missing(network, text), Unknown)
    inventory = network.inventory
    holders = (inventory.instances, inventory.subnets, inventory.vpc_endpoints, inventory.transit_gateway_attachments)
    if any(text in holder for holder in holders) or inventory.instance_interfaces(text):
        return True
    return addresses_of(text) is not None


def endpoint_of(network: Network, text: str) -> Endpoint:
    """The endpoint that a text means; UsageError where it means nothing.

    An address that no interface holds is taken for what it is: inside a VPC nobody, inside a site's or an announced
    on-premises prefix that site (where both hold it, the more specific of the two), any other public address the
    internet, any other private one unknown.
    """
    if text == INTERNET:
        elsewhere = _outside_aws(network)
        return Endpoint(name=text, starts=(_internet(elsewhere),), addresses=elsewhere, accepts=frozenset({INTERNET}))
    site = _site_of(network, text)
    if site:
        return _site_endpoint(site, text)
    inventory = network.inventory
    if network.knows_interface(text):
        return interfaces_endpoint(network, text, [text])
    if text in inventory.instances or inventory.instance_interfaces(text):
        ids = [record.network_interface_id for record in inventory.instance_interfaces(text)]
        return interfaces_endpoint(network, text, ids)
    if text in inventory.subnets:
        ids = [record.network_interface_id for record in inventory.interfaces_in(text)]
        ids.extend(v.id for v in network.virtual_interfaces.values() if v.subnet_id == text)
        return _sent_by_hosts(network, interfaces_endpoint(network, text, ids))
    if text in inventory.vpc_endpoints:
        return interfaces_endpoint(network, text, list(inventory.vpc_endpoints[text].network_interface_ids))
    if text in inventory.transit_gateway_attachments:
        return _attachment(network, text)
    if text.startswith(CLIENT_VPN) and is_endpoint_text(network, text):
        return _client_vpn(network, text)
    addresses = addresses_of(text)
    if addresses is None:
        raise UsageError(f"{text!r} is no id, address or CIDR of this snapshot")
    return address_endpoint(network, text, addresses)


def interfaces_endpoint(network: Network, name: str, ids: list[str]) -> Endpoint:
    """Interfaces as one end; as a destination it is they, not whoever else may hold their addresses.

    They are asked for over IPv4 where they have it: whoever means the IPv6 addresses names these.
    """
    missing = [interface for interface in ids if not network.knows_interface(interface)]
    if missing or not ids:
        what = f"{missing[0]} is not in the snapshot" if missing else f"{name} has no network interface"
        return Endpoint(name=name, unknown=Unknown(reason=what))
    starts = tuple(_interface_start(network, interface) for interface in ids)
    held = _held_by(list(starts))
    addresses = held & AddressSet.ANY_V4 or held
    accepts = set(ids)
    for interface in ids:
        behind = network.behind_interface(network.interface(interface))
        endpoint = network.inventory.vpc_endpoints.get(behind.component) if behind else None
        if endpoint and network.inventory.is_aws_service(endpoint.service_name):
            accepts.add(endpoint.service_name)
        elif behind:
            accepts.clear()
            break
    return Endpoint(name=name, starts=starts, addresses=addresses, accepts=frozenset(accepts) or None)


def _sent_by_hosts(network: Network, end: Endpoint) -> Endpoint:
    """The end without the starts that send nothing of their own: endpoints, load balancers, gateways."""
    interfaces = [(start, network.interface(start.position.component)) for start in end.starts]
    hosts = [
        start
        for start, interface in interfaces
        if interface.kind != TRANSIT_GATEWAY and not network.behind_interface(interface)
    ]
    return replace(end, starts=tuple(hosts))


def _interface_start(network: Network, interface_id: str) -> Start:
    interface = network.interface(interface_id)
    position = Position(interface_id, Role.SEND)
    windows = network.inventory.runs_windows(interface_id)
    if windows is None:
        return Start(position=position, addresses=interface.addresses)
    ports = WINDOWS_PORTS if windows else LINUX_PORTS
    return Start(position=position, addresses=interface.addresses, ports=ports, ports_known=True)


def address_endpoint(network: Network, name: str, addresses: AddressSet) -> Endpoint:
    """Addresses as one end: whoever holds them, wherever packets to them lead."""
    starts = _inside_vpcs(network, addresses)
    for site in network.inventory.sites:
        if addresses & site.cidrs:
            starts.append(_site_start(site.name, addresses & site.cidrs))
    rest = addresses - _held_by(starts) - LINK_LOCAL_SERVICES
    for public, interface in network.public_holders(rest):
        starts.append(_interface_start(network, interface))
        rest = rest - public
    rest = _behind_links(network, rest - _of_vpcs(network, rest), starts)
    if rest & PUBLIC:
        starts.append(_internet(rest & PUBLIC))
    private = rest - PUBLIC
    undeclared = Unknown(reason=f"who holds {private} is not known (mwaanet.yaml: on_premises)") if private else None
    unknown = undeclared or _unseen(network, addresses)
    return Endpoint(
        name=name,
        starts=tuple(starts),
        addresses=addresses,
        accepts=None if private else _accepted(network, addresses, [start.position.component for start in starts]),
        unknown=unknown if not starts else None,
    )


def link_endpoint(link: str, addresses: AddressSet) -> Endpoint:
    """Addresses behind a VPN connection or Direct Connect of which no site is declared, as one end."""
    return Endpoint(name=f"{EDGE}{link}", starts=(_site_start(EDGE + link, addresses),), addresses=addresses)


def _unseen(network: Network, addresses: AddressSet) -> Unknown | None:
    """Why an interface that holds some of the addresses may be missing from the snapshot."""
    for vpc in network.vpcs_meeting(addresses):
        inside = addresses & network.inventory.vpc_cidrs(vpc)
        parts, unmatched = network.subnets_by_address(vpc).split(inside)
        gaps = [network.unseen_interfaces(subnet) for subnet, _ in parts]
        gaps.extend([network.unseen_subnets(vpc)] if unmatched else [])
        found = next((gap for gap in gaps if gap), None)
        if found:
            return found
    return None


def _inside_vpcs(network: Network, addresses: AddressSet) -> list[Start]:
    """Starts of the interfaces of any VPC that hold some of the addresses."""
    starts = []
    for vpc in network.vpcs_meeting(addresses):
        for subnet, part in network.subnets_by_address(vpc).split(addresses & network.inventory.vpc_cidrs(vpc))[0]:
            for interface, held in network.interfaces_by_address(subnet).split(part)[0]:
                start = _interface_start(network, interface)
                starts.append(Start(position=start.position, addresses=held, ports=start.ports, ports_known=True))
    return starts


def _held_by(starts: list[Start]) -> AddressSet:
    held = AddressSet.NONE
    for start in starts:
        held = held | start.addresses
    return held


def _accepted(network: Network, addresses: AddressSet, holders: list[str]) -> frozenset[str] | None:
    """Where packets to these addresses have arrived: at their holders, and nowhere where nobody holds them.

    Anywhere, where a holder passes packets on, lies beyond the edge of AWS, or may be missing from the snapshot. An AWS
    service behind a gateway endpoint has public addresses, a VPC's own services have addresses of every VPC: there they
    have arrived as well.
    """
    for holder in holders:
        if holder.startswith(EDGE):
            return None
        if network.knows_interface(holder) and network.behind_interface(network.interface(holder)):
            return None
    for vpc in network.vpcs_meeting(addresses):
        subnets = network.inventory.subnets_of(vpc)
        if network.unseen_subnets(vpc) or any(network.unseen_interfaces(s.subnet_id) for s in subnets[:1]):
            return None
    services = network.gateway_services if INTERNET in holders else ()
    return frozenset((*holders, *services, *(vpc + RESOLVER for vpc in network.inventory.vpcs)))


def _of_vpcs(network: Network, addresses: AddressSet) -> AddressSet:
    """Those of the addresses that lie in a VPC's block and behind no link that announces a part of the block only.

    Between VPCs and links the most specific route decides, and a part of a block is more specific than the block
    (https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html).
    """
    vpcs = network.vpcs_meeting(addresses)
    links = network.learned_prefixes() if vpcs else []
    found = AddressSet.NONE
    for text in (text for vpc in vpcs for text in network.inventory.vpc_blocks(vpc)):
        block = AddressSet.parse(text)
        inside = addresses & block
        for _, announced in links:
            if not block.issubset(announced):
                inside = inside - announced
        found = found | inside
    return found


def _behind_links(network: Network, addresses: AddressSet, starts: list[Start]) -> AddressSet:
    """Start the addresses that AWS knows to lie behind a VPN or Direct Connect there; give the rest."""
    for link, announced in network.learned_prefixes():
        inside = addresses & announced
        if inside:
            starts.append(_site_start(EDGE + link, inside))
            addresses = addresses - inside
    return addresses


def _attachment(network: Network, attachment_id: str) -> Endpoint:
    attachment = network.inventory.transit_gateway_attachments[attachment_id]
    if attachment.resource_type == "vpc":
        addresses = network.inventory.vpc_cidrs(attachment.resource_id)
    else:
        addresses = AddressSet.NONE
        for link, announced in network.learned_prefixes():
            if link == attachment.resource_id:
                addresses = addresses | announced
    position = Position(attachment_id, Role.ENTER)
    start = Start(position=position, addresses=addresses)
    return Endpoint(name=attachment_id, starts=(start,), addresses=addresses)


def _client_vpn(network: Network, endpoint_id: str) -> Endpoint:
    """The clients of a Client VPN endpoint, whose system is not known."""
    record = network.inventory.client_vpn_endpoints.get(endpoint_id)
    if record is None or not record.client_cidr_block:
        gap = missing(network, endpoint_id) if record is None else f"{endpoint_id} names no IPv4 range of its clients"
        return Endpoint(name=endpoint_id, unknown=gap if isinstance(gap, Unknown) else Unknown(reason=gap))
    addresses = AddressSet.parse(record.client_cidr_block)
    start = Start(position=Position(endpoint_id, Role.SEND), addresses=addresses)
    return Endpoint(name=endpoint_id, starts=(start,), addresses=addresses, accepts=frozenset({endpoint_id}))


def _outside_aws(network: Network) -> AddressSet:
    """The public addresses that are no VPC's: no interface's, and of no block of IPv6, which is its VPC's alone."""
    blocks = (block for vpc in network.inventory.vpcs for block in network.inventory.vpc_blocks(vpc) if ":" in block)
    return PUBLIC - network.publicly_held(PUBLIC) - AddressSet.parse(*blocks)


def _internet(addresses: AddressSet) -> Start:
    return Start(position=Position(INTERNET, Role.SEND), addresses=addresses)


def _site_start(name: str, addresses: AddressSet) -> Start:
    return Start(position=Position(name, Role.SEND), addresses=addresses)


def _site_of(network: Network, text: str) -> OnPremises | None:
    name, _, client = text.partition(".")
    site = network.site(name)
    return site if site and (not client or client in site.clients or client == "dns") else None


def _site_endpoint(site: OnPremises, text: str) -> Endpoint:
    client = text.partition(".")[2]
    if client == "dns":
        addresses = AddressSet.parse(*site.dns.servers) if site.dns else AddressSet.NONE
    else:
        addresses = AddressSet.parse(site.clients[client]) if client else site.cidrs
    return Endpoint(
        name=text, starts=(_site_start(site.name, addresses),), addresses=addresses, accepts=frozenset({site.name})
    )


def addresses_of(text: str) -> AddressSet | None:
    """The addresses that a text is; None where it is none."""
    try:
        return AddressSet.parse(text)
    except ValueError:
        return None
