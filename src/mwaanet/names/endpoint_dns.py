"""The names of VPC endpoints: private DNS inside the endpoint's VPC, and the `vpce-…` names of public DNS.

Private DNS is a hidden private hosted zone for each name, by which only the endpoint's own VPC resolves
(https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html). The names of AWS's services
are those that `describe-vpc-endpoint-services` lists
(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ServiceDetail.html), a customer's service has one
(https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html); where they are not listed, what else a zone
holds is not known. S3's may be kept for
questions that come through an inbound resolver endpoint
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html#private-dns-s3).
The `vpce-…` names give the endpoint's private addresses to whoever asks.

Not modelled: that a Regional name leaves out zones in which the service is unhealthy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mwaanet.model.inventory import Inventory
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.model.vpc_endpoint import VpcEndpoint
from mwaanet.names.answer import Outcome, Resolution, Step, answered, refused, unsettled
from mwaanet.names.domain import matches, normal, parent
from mwaanet.names.gaps import because, owned_elsewhere
from mwaanet.names.memo import Memo
from mwaanet.net import AddressSet

_SERVICES: Final = "describe-vpc-endpoint-services"
_HEAD: Final = re.compile(r"vpce-[0-9a-z]+-[0-9a-z]+(?:-(?P<zone>[^.]+))?\.")
"""How the endpoint's own names begin: its id, a suffix, and in a zonal name the zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateName:
    """A name, or the names below it (`*.`), that an endpoint answers in its VPC; why not, where it does not."""

    pattern: str
    endpoint: VpcEndpoint
    idle: str = ""

    @property
    def zone(self) -> str:
        """The hidden zone in which the name lies."""
        return self.pattern.removeprefix("*.")


def private_names(
    inventory: Inventory, vpc_id: str, *, inbound: bool
) -> tuple[tuple[PrivateName, ...], tuple[Unknown, ...]]:
    """The private names of a VPC's endpoints as its own clients (or those of an inbound endpoint) see them."""
    found, doubts = names_of(inventory, inventory.vpc_endpoints_of(vpc_id), inbound=inbound)
    vpc = inventory.vpcs[vpc_id]
    place = inventory.owner_place(vpc)
    unread = inventory.unknown("ec2", "describe-vpc-endpoints", *place)
    return found, (*((unread,) if unread else ()), *doubts)


def names_of(
    inventory: Inventory, endpoints: Iterable[VpcEndpoint], *, inbound: bool
) -> tuple[tuple[PrivateName, ...], tuple[Unknown, ...]]:
    """The private names of endpoints, and why there may be more."""
    found: list[PrivateName] = []
    doubts: list[Unknown] = []
    for endpoint in endpoints:
        if not endpoint.private_dns_enabled or same_state(endpoint.vpc_endpoint_type, "Gateway"):
            continue
        names = _names_of(inventory, endpoint)
        if isinstance(names, Unknown):
            doubts.append(names)
            continue
        idle = _idle(endpoint, inbound=inbound)
        found.extend(PrivateName(pattern=name, endpoint=endpoint, idle=idle) for name in names)
    return tuple(found), tuple(doubts)


def _idle(endpoint: VpcEndpoint, *, inbound: bool) -> str:
    if endpoint.serves is False:
        return f"it is {endpoint.state}"
    if endpoint.dns_options.private_dns_only_for_inbound_resolver_endpoint and not inbound:
        return "its private DNS is only for inbound resolver endpoints"
    return ""


def _names_of(inventory: Inventory, endpoint: VpcEndpoint) -> tuple[str, ...] | Unknown:
    names = [normal(entry.dns_name) for entry in endpoint.dns_entries if not _is_own(entry.dns_name)]
    for detail in inventory.service_details.get(endpoint.service_name, ()):
        names.extend(normal(name) for name in detail.names)
    service = inventory.endpoint_services.get(endpoint.service_name)
    if service is not None:
        names.append(normal(service.private_dns_name))
    known = tuple(dict.fromkeys(name for name in names if name))
    if known:
        return known
    account, region = inventory.place(endpoint)
    reason = f"the private names of {endpoint.vpc_endpoint_id} are not known"
    return inventory.unknown("ec2", _SERVICES, account, region) or Unknown(reason=reason)


def _is_own(name: str) -> bool:
    return _HEAD.match(normal(name).removeprefix("*.")) is not None


def answer_private(inventory: Inventory, names: tuple[PrivateName, ...], zone: str, name: str) -> Resolution:
    """What the hidden zone of some endpoint answers for a name in it."""
    inside = [private for private in names if private.zone == zone]
    endpoint = next((private.endpoint for private in inside if matches(name, private.pattern)), None)
    if endpoint is None:
        holder = inside[0].endpoint
        doubts = (*_state_unknown(holder, name), *_names_unlisted(inventory, holder, zone, name))
        text = f"{holder.vpc_endpoint_id} answers {zone} in this VPC, but has no {name}"
        outcome = Outcome.NO_DATA if name == zone else Outcome.NXDOMAIN
        step = Step(component=holder.vpc_endpoint_id, text=text, origin=holder.origin)
        return refused(name, outcome, step).unless(doubts)
    text = f"{endpoint.vpc_endpoint_id} answers {name} privately in this VPC"
    return _answer(inventory, endpoint, name, "", text).unless(_state_unknown(endpoint, name))


def _state_unknown(endpoint: VpcEndpoint, name: str) -> tuple[Unknown, ...]:
    """Why the endpoint may not answer, where its state does not tell."""
    if endpoint.serves is not None:
        return ()
    asked = f"whether {endpoint.vpc_endpoint_id} answers {name} is not known"
    return (Unknown(reason=f"{asked}: its state is {endpoint.state or 'unknown'}"),)


def _names_unlisted(inventory: Inventory, endpoint: VpcEndpoint, zone: str, name: str) -> tuple[Unknown, ...]:
    """Why an endpoint's zone may have more names than are known: the service's own list of them was not read."""
    service = endpoint.service_name
    if ".vpce-svc-" in service or service in inventory.service_details:
        return ()
    gap = inventory.unknown("ec2", _SERVICES, *inventory.place(endpoint))
    return (because(f"whether {zone} of {endpoint.vpc_endpoint_id} has {name} is not known", gap),)


def _answer(inventory: Inventory, endpoint: VpcEndpoint, name: str, zone: str, text: str) -> Resolution:
    identifier = endpoint.vpc_endpoint_id
    addresses = endpoint_addresses(inventory, endpoint, zone)
    step = Step(component=identifier, text=text, origin=endpoint.origin)
    if isinstance(addresses, Unknown):
        return unsettled(name, step, addresses)
    if not addresses:
        step = Step(component=identifier, text=f"{identifier} has no interface", origin=endpoint.origin)
        return refused(name, Outcome.NO_DATA, step)
    return answered(name, addresses, step, endpoint=identifier)


def endpoint_addresses(inventory: Inventory, endpoint: VpcEndpoint, zone: str = "") -> AddressSet | Unknown:
    """The addresses in an endpoint's DNS records: of all its interfaces, or of those in one Availability Zone."""
    addresses = AddressSet.NONE
    for interface_id in endpoint.network_interface_ids:
        record = inventory.network_interfaces.get(interface_id)
        if record is None:
            reason = f"{interface_id} of {endpoint.vpc_endpoint_id} is not in the snapshot"
            return because(reason, inventory.unknown("ec2", "describe-network-interfaces", *inventory.place(endpoint)))
        subnet = inventory.subnets.get(record.subnet_id)
        if zone and subnet is None:
            return Unknown(reason=f"{record.subnet_id} of {endpoint.vpc_endpoint_id} is not in the snapshot")
        if not zone or (subnet is not None and _in_zone(inventory, endpoint, subnet.subnet_id, zone)):
            addresses = addresses | inventory.interface_addresses(record)
    families = endpoint.dns_options.dns_record_ip_type.lower()
    if families == "ipv6":
        return addresses & AddressSet.ANY_V6
    return addresses if families == "dualstack" else addresses & AddressSet.ANY_V4


def _in_zone(inventory: Inventory, endpoint: VpcEndpoint, subnet_id: str, zone: str) -> bool:
    """Whether a subnet lies in the zone that a zonal name means: its name as the endpoint's owner has it, or its ID."""
    here = inventory.zone_id(inventory.subnets[subnet_id])
    return here in (zone, inventory.zone_id_of_name(zone, *inventory.place(endpoint)))


_OWN_NAMES = Memo[None, dict[str, tuple[VpcEndpoint, str]]]()


def _own_names(inventory: Inventory) -> dict[str, tuple[VpcEndpoint, str]]:
    """The `vpce-…` names of all endpoints (of S3's, what follows the `*.`), with the zone that a zonal one names."""
    found: dict[str, tuple[VpcEndpoint, str]] = {}
    for endpoint in inventory.vpc_endpoints.values():
        for entry in endpoint.dns_entries:
            name = normal(entry.dns_name).removeprefix("*.")
            head = _HEAD.match(name)
            if head:
                found[name] = (endpoint, head["zone"] or "")
    return found


def is_vpce_name(name: str) -> bool:
    """Whether a name is one that AWS gives to VPC endpoints."""
    return ".vpce." in name and any(label.startswith("vpce-") for label in name.split("."))


def ask(inventory: Inventory, name: str) -> Resolution | None:
    """What public DNS answers for a `vpce-…` name; None for other names."""
    if not is_vpce_name(name):
        return None
    own = _OWN_NAMES.get(inventory, None, lambda: _own_names(inventory))
    known = name
    while known and known not in own:
        known = parent(known)
    if known:
        endpoint, zone = own[known]
        state = "" if same_state(endpoint.state, "available") else f", which is {endpoint.state}"
        text = f"{name} is a public name of {endpoint.vpc_endpoint_id}{state}"
        return _answer(inventory, endpoint, name, zone, text)
    label = next(label for label in name.split(".") if label.startswith("vpce-"))
    endpoint_id = "-".join(label.split("-")[:2])
    reason = f"{endpoint_id}, whose name {name} is, is not in the snapshot"
    unknown = owned_elsewhere(inventory, "describe-vpc-endpoints", reason)
    return unsettled(name, Step(component=endpoint_id, text=reason), unknown)
