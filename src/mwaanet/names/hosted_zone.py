"""Hosted zones: which of them a VPC resolves by, and what one of them answers for a name.

A private hosted zone answers the VPCs that it is associated with; a name below it that has no record does not exist,
whatever public DNS says (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html).
Of the records of one name that routing policies choose from, any may be answered, but for one that only stands in for
others (a weight of 0, the secondary of a failover pair) which no health check takes out
(https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html).

Not modelled: results of health checks, geography and latency in routing policies; time to live.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mwaanet.model.hosted_zone import HostedZone, HostedZoneDetails, ResourceRecordSet, ResourceRecordSets
from mwaanet.model.inventory import Inventory
from mwaanet.model.placement import parse_addresses
from mwaanet.model.record import Origin, Shape
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.names.answer import Outcome, Resolution, Step, answered, refused, unsettled
from mwaanet.names.domain import exists, normal, parent, wildcard_for, within
from mwaanet.names.memo import Memo
from mwaanet.names.view import PublicDns, Reply, View, sent_on
from mwaanet.net import AddressSet

_PREFIX = "/hostedzone/"


class Owner(Shape, frozen=True, kw_only=True):
    """HostedZoneOwner (https://docs.aws.amazon.com/Route53/latest/APIReference/API_HostedZoneOwner.html)."""

    owning_service: str = ""


class Summary(Shape, frozen=True, kw_only=True):
    """HostedZoneSummary (https://docs.aws.amazon.com/Route53/latest/APIReference/API_HostedZoneSummary.html)."""

    hosted_zone_id: str
    name: str = ""
    owner: Owner = Owner()


class Summaries(Shape, frozen=True, kw_only=True):
    """ListHostedZonesByVPC (https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByVPC.html)."""

    hosted_zone_summaries: tuple[Summary, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A hosted zone as far as names need it."""

    id: str
    name: str
    service: str = ""
    """The AWS service that made it (`vpce.amazonaws.com` for an endpoint's private DNS); empty for a customer's."""
    origin: Origin | None = None


Records = Mapping[str, tuple[tuple[Origin, ResourceRecordSet], ...]]
"""The record sets of a zone, with where each was read, by their normal names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a zone is known to hold, and where its first page was read."""

    owners: Records
    origin: Origin
    more: Unknown | None = None
    """Why it may hold more."""
    last: str = ""
    """The name at which the list ends: names come in order, so that this one may have more record sets."""

    def why_unknown(self, name: str, zone: str, seen: tuple[str, ...] = ()) -> Unknown | None:
        """Why the record sets of a name, or of one of the zone's own that aliases lead to, are not known."""
        if self.more is None or name == self.last or name not in self.owners:
            return self.more
        aliases = (one.alias_target for _, one in self.owners[name] if one.alias_target)
        inside = {normal(alias.dns_name) for alias in aliases if _bare(alias.hosted_zone_id) == zone}
        below = (self.why_unknown(target, zone, (*seen, name)) for target in sorted(inside.difference(seen, {name})))
        return next((why for why in below if why), None)


def accounts(inventory: Inventory, *first: str) -> list[str]:
    """The snapshot's accounts, those named first."""
    return list(dict.fromkeys((*first, *inventory.snapshot.manifest.accounts)))


def zones_of_vpc(inventory: Inventory, vpc_id: str) -> tuple[tuple[Zone, ...], tuple[Unknown, ...]]:
    """The private hosted zones associated with a VPC itself, of whatever account, and why there may be more.

    Only `list-hosted-zones-by-vpc` tells of zones of other accounts
    (https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByVPC.html).
    """
    vpc = inventory.vpcs[vpc_id]
    owner, region = inventory.owner_place(vpc)
    missing: Unknown | None = None
    for account in accounts(inventory, owner):
        operation = "list-hosted-zones-by-vpc"
        answer = inventory.call_with_origin(
            "route53", operation, account, "global", Summaries, VPCId=vpc_id, VPCRegion=region
        )
        if isinstance(answer, tuple):
            return tuple(_of_summary(inventory, item, answer[1]) for item in answer[0].hosted_zone_summaries), ()
        missing = missing or answer
    reason = f"which private hosted zones {vpc_id} resolves by is not known"
    return tuple(_zones_with_vpc(inventory, vpc_id)), (missing or Unknown(reason=reason),)


def _of_summary(inventory: Inventory, summary: Summary, origin: Origin) -> Zone:
    known = inventory.hosted_zones.get(_bare(summary.hosted_zone_id))
    return Zone(
        id=_bare(summary.hosted_zone_id),
        name=normal(summary.name or (known.name if known else "")),
        service=summary.owner.owning_service,
        origin=known.origin if known else origin,
    )


def _zones_with_vpc(inventory: Inventory, vpc_id: str) -> Iterator[Zone]:
    """The private zones in the snapshot whose own description names the VPC."""
    for zone_id, record in inventory.hosted_zones.items():
        if not record.config.private_zone:
            continue
        for form in (record.id, zone_id):
            account, region = inventory.place(record)
            answer = inventory.call("route53", "get-hosted-zone", account, region, HostedZoneDetails, Id=form)
            if isinstance(answer, HostedZoneDetails):
                if any(vpc.vpc_id == vpc_id for vpc in answer.vpcs):
                    yield of_record(record)
                break


def _bare(zone_id: str) -> str:
    return zone_id.removeprefix(_PREFIX)


def of_record(record: HostedZone) -> Zone:
    """A zone as its own account lists it."""
    return Zone(id=_bare(record.id), name=normal(record.name), origin=record.origin)


def public_zones_around(inventory: Inventory, name: str) -> tuple[Zone, ...]:
    """The most specific public hosted zones of the snapshot that a name lies in."""
    around = [
        of_record(record)
        for record in inventory.hosted_zones.values()
        if not record.config.private_zone and within(name, normal(record.name))
    ]
    longest = max((len(zone.name) for zone in around), default=0)
    return tuple(zone for zone in around if len(zone.name) == longest)


def private_zones(inventory: Inventory) -> Iterator[Zone]:
    """The private hosted zones of the snapshot, whatever VPCs they are associated with."""
    return (of_record(record) for record in inventory.hosted_zones.values() if record.config.private_zone)


def private_zones_having(inventory: Inventory, name: str) -> tuple[Zone, ...]:
    """Those of them that hold a record of a name."""
    asked = normal(name)
    found = []
    for zone in private_zones(inventory):
        held = records(inventory, zone) if within(asked, zone.name) else None
        if isinstance(held, Held) and asked in held.owners:
            found.append(zone)
    return tuple(found)


_RECORDS = Memo[Zone, "Held | Unknown"]()


def records(inventory: Inventory, zone: Zone) -> Held | Unknown:
    """The record sets of a zone."""
    return _RECORDS.get(inventory, zone, lambda: _read_records(inventory, zone))


def _read_records(inventory: Inventory, zone: Zone) -> Held | Unknown:
    known = inventory.hosted_zones.get(zone.id)
    first = (inventory.place(known)[0],) if known else ()
    missing: Unknown | None = None
    for account in accounts(inventory, *first):
        for form in (_PREFIX + zone.id, zone.id):
            call = ("route53", "list-resource-record-sets", account, "global")
            pages = inventory.answers(*call, ResourceRecordSets, HostedZoneId=form)
            if isinstance(pages, tuple):
                return _held(pages, inventory.more_than_given(*call, HostedZoneId=form))
            missing = missing or pages
    return missing or Unknown(reason=f"the records of hosted zone {zone.id} are not known")


def _held(pages: tuple[tuple[ResourceRecordSets, Origin], ...], more: Unknown | None) -> Held:
    found: dict[str, list[tuple[Origin, ResourceRecordSet]]] = {}
    last = ""
    for page, origin in pages:
        for index, record_set in enumerate(page.resource_record_sets):
            last = normal(record_set.name)
            found.setdefault(last, []).append((origin.below("/ResourceRecordSets", index), record_set))
    owners = {name: tuple(sets) for name, sets in found.items()}
    return Held(owners=owners, origin=pages[0][1], more=more, last=last)


def ask(inventory: Inventory, zone: Zone, name: str, view: View) -> Reply:
    """What a zone answers for a name in it; a CNAME's target is asked where the name was asked."""
    found = records(inventory, zone)
    title = f"hosted zone {zone.id} ({zone.name})"
    if isinstance(found, Unknown):
        step = Step(component=zone.id, text=f"{title} decides, but its records are not known", origin=zone.origin)
        return unsettled(name, step, found)
    owners, origin = found.owners, found.origin
    more = found.why_unknown(name, zone.id)
    if more:
        text = f"{title} decides, but not all of its records are known"
        return unsettled(name, Step(component=zone.id, text=text, origin=origin), more)
    delegated = _delegation(owners, name, zone.name)
    if delegated:
        text = f"{title} delegates {delegated} to name servers that are not in the snapshot"
        return unsettled(name, Step(component=zone.id, text=text, origin=origin))
    owner = name if exists(name, owners) else wildcard_for(name, owners, zone.name)
    if not owner:
        return refused(name, Outcome.NXDOMAIN, Step(component=zone.id, text=f"{title} has no {name}", origin=origin))
    return _from_sets(zone, owners, owner, name, view, origin)


def _delegation(owners: Records, name: str, apex: str) -> str:
    """The name at or above `name`, below the zone's own, that NS records hand to other servers."""
    while name != apex:
        if any(record_set.type == "NS" for _, record_set in owners.get(name, ())):
            return name
        name = parent(name)
    return ""


def _from_sets(zone: Zone, owners: Records, owner: str, name: str, view: View, origin: Origin) -> Reply:
    addresses, targets, aliases, first = _gather(zone, owners, owner, (), AddressSet.ANY)
    place = first or origin
    what = f"hosted zone {zone.id} ({zone.name})"
    of = owner if owner == name else f"{owner} for {name}"
    if not (targets or aliases):
        if not addresses:
            text = f"{what} has {of}, but no address of it"
            return refused(name, Outcome.NO_DATA, Step(component=zone.id, text=text, origin=place))
        return answered(name, addresses, Step(component=zone.id, text=f"{what} has {of}: {addresses}", origin=place))
    led = ", ".join((*targets, *aliases))
    kind = "an alias" if aliases else "a CNAME"
    step = Step(component=zone.id, text=f"{what} has {of}: {kind} of {led}", origin=place)
    direct = Resolution(name=name, outcome=Outcome.ADDRESSES, addresses=addresses) if addresses else None
    asked: list[tuple[View, str]] = [(view, target) for target in targets]
    asked.extend((PublicDns(), alias) for alias in aliases)
    families = (*(AddressSet.ANY for _ in targets), *aliases.values())
    return sent_on(step, *asked, families=families, direct=direct)


_FAMILIES = {"A": AddressSet.ANY_V4, "AAAA": AddressSet.ANY_V6, "CNAME": AddressSet.ANY}


def _chosen(sets: tuple[tuple[Origin, ResourceRecordSet], ...]) -> tuple[tuple[Origin, ResourceRecordSet], ...]:
    """The record sets of one name that may be answered: those in reserve only where what comes before them may fail."""
    standing = {one.type for _, one in sets if not _in_reserve(one) and _always_healthy(one)}
    return tuple((origin, one) for origin, one in sets if not _in_reserve(one) or one.type not in standing)


def _in_reserve(record_set: ResourceRecordSet) -> bool:
    return record_set.weight == 0 or same_state(record_set.failover, "SECONDARY")


def _always_healthy(record_set: ResourceRecordSet) -> bool:
    """Whether Route 53 takes a record for healthy whatever becomes of what it leads to."""
    alias = record_set.alias_target
    return not record_set.health_check_id and not (alias and alias.evaluate_target_health)


def _gather(
    zone: Zone, owners: Records, owner: str, seen: tuple[str, ...], wanted: AddressSet
) -> tuple[AddressSet, tuple[str, ...], dict[str, AddressSet], Origin | None]:
    """The addresses of a name's records, the CNAMEs and the AWS names they lead to, and where the first was read.

    An alias to another record of the zone stands for that record of its own type, `A` or `AAAA`; so does one to an AWS
    name, with which comes the family that it asks for
    (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html).
    """
    addresses = AddressSet.NONE
    targets: dict[str, None] = {}
    aliases: dict[str, AddressSet] = {}
    first: Origin | None = None
    for origin, record_set in _chosen(owners.get(owner, ())):
        family = _FAMILIES.get(record_set.type, AddressSet.NONE) & wanted
        if not family:
            continue
        first = first or origin
        if record_set.alias_target is not None:
            target = normal(record_set.alias_target.dns_name)
            if _bare(record_set.alias_target.hosted_zone_id) != zone.id:
                target = target.removeprefix("dualstack.")
                aliases[target] = aliases.get(target, AddressSet.NONE) | family
            elif target not in seen:
                more = _gather(zone, owners, target, (*seen, owner), family)
                addresses = addresses | more[0]
                targets.update(dict.fromkeys(more[1]))
                for name, asked in more[2].items():
                    aliases[name] = aliases.get(name, AddressSet.NONE) | asked
        elif record_set.type == "CNAME":
            targets.update(dict.fromkeys(normal(record.value) for record in record_set.resource_records))
        else:
            values = (record.value for record in record_set.resource_records)
            addresses = addresses | parse_addresses(zone.origin, "ResourceRecords", *values)
    return addresses, tuple(targets), aliases, first
