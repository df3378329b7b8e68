"""What lets a name lead where it should: a VPC's DNS attributes, a zone's associations, a record."""

from __future__ import annotations

from typing import TypedDict

from mwaanet.fixes.change import Change
from mwaanet.fixes.endpoint_setting import EndpointPrivateDns
from mwaanet.fixes.hosted_zone import AliasRecord, ZoneAssociation, ZoneAuthorization
from mwaanet.fixes.vpc_attribute import VpcAttribute
from mwaanet.mending.stop import Place, made_in
from mwaanet.model.inventory import Inventory
from mwaanet.model.vpc_endpoint import VpcEndpoint


class Ends(TypedDict):
    """A private hosted zone, and a VPC in which it is to count."""

    zone: str
    zone_name: str
    vpc: str
    vpc_region: str


def switched_off(inventory: Inventory, vpc: str) -> tuple[str, ...]:
    """The DNS attributes of a VPC that are off; none for what is no VPC."""
    attributes = ("enableDnsSupport", "enableDnsHostnames") if vpc in inventory.vpcs else ()
    return tuple(name for name in attributes if inventory.vpc_attribute(vpc, name) is False)


def switched_on(inventory: Inventory, vpc: str, attribute: str) -> Change:
    """A DNS attribute of a VPC, on."""
    return VpcAttribute(**made_in(inventory, inventory.vpcs.get(vpc)), vpc=vpc, attribute=attribute)


def associated(inventory: Inventory, zone: str, vpc: str) -> tuple[Change, ...]:
    """The association of a private zone with a VPC, by the VPC's account; the zone's, if another, authorizes it."""
    record, held = inventory.hosted_zones.get(zone), inventory.vpcs.get(vpc)
    if record is None or held is None:
        return ()
    zones, here = made_in(inventory, record), made_in(inventory, held)
    ends = Ends(zone=zone, zone_name=record.name.rstrip("."), vpc=vpc, vpc_region=here["region"])
    if here["account"] == zones["account"]:
        return (ZoneAssociation(**zones, **ends),)
    by_owner = Place(account=here["account"], region=zones["region"])
    return ZoneAuthorization(**zones, **ends), ZoneAssociation(**by_owner, **ends, foreign=True)


def alias(inventory: Inventory, zone: str, name: str, endpoint: VpcEndpoint | None) -> tuple[Change, ...]:
    """A record of a zone that leads a name to an endpoint, by the endpoint's regional name (which AWS lists first)."""
    record = inventory.hosted_zones.get(zone)
    entries = [entry for entry in endpoint.dns_entries if ".vpce." in entry.dns_name] if endpoint else []
    if record is None or not entries:
        return ()
    target = entries[0]
    place = made_in(inventory, record)
    return (
        AliasRecord(
            **place, zone=zone, name=name.rstrip("."), target=target.dns_name, target_zone=target.hosted_zone_id
        ),
    )


def private_dns(inventory: Inventory, endpoint: VpcEndpoint) -> Change:
    """The endpoint's private DNS, with the names that it will answer."""
    details = inventory.service_details.get(endpoint.service_name, ())
    return EndpointPrivateDns(
        **made_in(inventory, endpoint),
        endpoint=endpoint.vpc_endpoint_id,
        names=tuple(dict.fromkeys(name for detail in details for name in detail.names)),
    )
