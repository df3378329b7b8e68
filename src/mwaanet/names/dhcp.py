"""Whom the clients of a VPC ask: what the VPC's DHCP options say.

https://docs.aws.amazon.com/vpc/latest/userguide/DHCPOptionSetConcepts.html: `AmazonProvidedDNS` is the VPC's own
resolver, which also answers at the third address of the VPC's range, at 169.254.169.253 and at fd00:ec2::253
(https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html).

Not modelled: search domains; clients that do not use what DHCP offers.
"""

from __future__ import annotations

from mwaanet.model.dhcp_options import DhcpOptions
from mwaanet.model.inventory import Inventory
from mwaanet.model.placement import parse_addresses
from mwaanet.model.unknown import Unknown
from mwaanet.names.answer import Outcome, Query, Step, VpcPlace, refused, unsettled
from mwaanet.names.inbound import views_behind
from mwaanet.names.view import Reply, Servers, VpcResolver, asking
from mwaanet.net import AddressSet

AMAZON_DNS = "AmazonProvidedDNS"
_LINK_LOCAL = AddressSet.parse("169.254.169.253", "fd00:ec2::253")


def ask(inventory: Inventory, place: VpcPlace, name: str) -> Reply:
    """Who is asked by a client of the VPC."""
    vpc = inventory.vpcs.get(place.vpc_id)
    if vpc is None:
        gap = inventory.unseen_vpc(place.vpc_id)
        return unsettled(name, Step(component=place.vpc_id, text=gap.reason), gap)
    options = _options(inventory, vpc.dhcp_options_id, place.vpc_id)
    if isinstance(options, Unknown):
        step = Step(component=place.vpc_id, text=f"whom {place.vpc_id} asks is not known", origin=vpc.origin)
        return unsettled(name, step, options)
    servers = options.values_of("domain-name-servers") if options else ()
    if options is None or not servers:
        text = f"the DHCP options of {place.vpc_id} name no DNS server"
        component = options.dhcp_options_id if options else place.vpc_id
        return refused(name, Outcome.REFUSED, Step(component=component, text=text, origin=vpc.origin))
    return _asking(inventory, place, options, servers)


def servers(inventory: Inventory, place: VpcPlace) -> AddressSet | None:
    """The addresses at which the VPC's clients ask; None where they are not known."""
    vpc = inventory.vpcs.get(place.vpc_id)
    options = _options(inventory, vpc.dhcp_options_id, place.vpc_id) if vpc else None
    if not isinstance(options, DhcpOptions):
        return None
    found = inventory.resolver_address(place.vpc_id) | _LINK_LOCAL
    named = [server for server in options.values_of("domain-name-servers") if server != AMAZON_DNS]
    return found | _server(options, *named)


def _options(inventory: Inventory, options_id: str, vpc_id: str) -> DhcpOptions | Unknown | None:
    """The options of a VPC; None where it was told to have none (`default`)."""
    if options_id == "default":
        return None
    found = inventory.dhcp_options.get(options_id)
    if found is not None:
        return found
    vpc = inventory.vpcs[vpc_id]
    region = inventory.place(vpc)[1]
    unknown = inventory.unknown("ec2", "describe-dhcp-options", inventory.owner_of(vpc), region)
    return unknown or Unknown(reason=f"the DHCP options {options_id} of {vpc_id} are not in the snapshot")


def _asking(inventory: Inventory, place: VpcPlace, options: DhcpOptions, servers: tuple[str, ...]) -> Reply:
    own = inventory.resolver_address(place.vpc_id) | _LINK_LOCAL
    custom = tuple(server for server in servers if server != AMAZON_DNS and not _server(options, server).issubset(own))
    asked_from = inventory.subnets.get(place.subnet_id)
    resolver = VpcResolver(vpc_id=place.vpc_id, zone=inventory.zone_id(asked_from) if asked_from else "")
    provided: Servers = (("", resolver),) if len(custom) < len(servers) else ()
    step = Step(
        component=options.dhcp_options_id,
        text=f"{place.vpc_id} asks {', '.join(servers)} ({options.dhcp_options_id})",
        origin=options.origin,
    )
    if not custom:
        return asking(step, provided)
    subnet = inventory.subnet_cidrs(place.subnet_id) if place.subnet_id else AddressSet.NONE
    query = Query(
        sources=subnet or inventory.vpc_cidrs(place.vpc_id),
        servers=_server(options, *custom),
        spare=bool(provided),
        text=f"DNS from {place.subnet_id or place.vpc_id} to {', '.join(custom)}",
    )
    return asking(step, (*provided, *views_behind(inventory, custom, place.vpc_id)), (query,))


def _server(options: DhcpOptions, *servers: str) -> AddressSet:
    return parse_addresses(options.origin, "DhcpConfigurations", *servers)
