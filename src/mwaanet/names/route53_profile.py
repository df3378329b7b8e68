"""Route 53 Profiles: the hosted zones, resolver rules and endpoints that a VPC has by one, and what is not known of it.

They count like those of the VPC itself: the more specific name decides, and of the same name the VPC's own, for "the
local DNS settings take precedence"
(https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/profiles.html#profiles-priority). `list-hosted-zones-by-vpc`
leaves them out (https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByVPC.html).

Where nobody was asked for Profiles, answers rest on the assumption that there are none, and say so.

Not modelled: DNS Firewall rule groups of a Profile, and the order of several Profiles of one VPC
(https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/profiles-vpc-update-priority.html), which make its names
unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mwaanet.model.arn import Arn
from mwaanet.model.inventory import Inventory
from mwaanet.model.resolver import ResolverRule
from mwaanet.model.route53_profile import ProfileAssociation, ProfileResourceAssociation, ProfileResourceAssociations
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.model.vpc_endpoint import VpcEndpoint
from mwaanet.names.gaps import because
from mwaanet.names.hosted_zone import Zone, accounts, of_record
from mwaanet.names.memo import Memo

_SERVICE: Final = "route53profiles"
_ASSOCIATIONS: Final = "list-profile-associations"
_RESOURCES: Final = "list-profile-resource-associations"

ZONE: Final = "hostedzone"
RULE: Final = "resolver-rule"
ENDPOINT: Final = "vpc-endpoint"
NO_PROFILES: Final = "no VPC has a Route 53 Profile: nobody was asked for them when the snapshot was made"
"""What names rest on where nobody was asked."""
_QUERY_LOG: Final = "resolver-query-log-config"
_LISTS: Final = {
    ZONE: ("route53", "list-hosted-zones"),
    RULE: ("route53resolver", "list-resolver-rules"),
    ENDPOINT: ("ec2", "describe-vpc-endpoints"),
}
"""The kinds of resources as their ARNs name them, and the call that lists each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something of a Profile that is not known."""

    kind: str = ""
    """Of which kind it is; empty where it may decide any name before everything else."""
    unknown: Unknown


Resource = Zone | ResolverRule | VpcEndpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a VPC has by a Profile, and what of it is not known."""

    association: ProfileAssociation | None = None
    resources: tuple[Resource, ...] = ()
    gaps: tuple[Gap, ...] = ()
    assumptions: tuple[str, ...] = ()
    """What is taken for granted of it."""

    @property
    def zones(self) -> tuple[Zone, ...]:
        """The private hosted zones."""
        return tuple(one for one in self.resources if isinstance(one, Zone))

    @property
    def rules(self) -> tuple[ResolverRule, ...]:
        """The resolver rules; those for what NS records delegate decide nothing here."""
        rules = (one for one in self.resources if isinstance(one, ResolverRule))
        return tuple(rule for rule in rules if not same_state(rule.rule_type, "DELEGATE"))

    @property
    def endpoints(self) -> tuple[VpcEndpoint, ...]:
        """The interface endpoints."""
        return tuple(one for one in self.resources if isinstance(one, VpcEndpoint))

    def unknown(self, kind: str = "") -> tuple[Unknown, ...]:
        """Why there may be more of a kind."""
        return tuple(gap.unknown for gap in self.gaps if gap.kind == kind)


_BROUGHT = Memo[str, Brought]()


def of_vpc(inventory: Inventory, vpc_id: str) -> Brought:
    """What a VPC has by its Route 53 Profile."""
    return _BROUGHT.get(inventory, vpc_id, lambda: _of_vpc(inventory, vpc_id))


def _of_vpc(inventory: Inventory, vpc_id: str) -> Brought:
    place = inventory.owner_place(inventory.vpcs[vpc_id])
    if inventory.never_asked(_SERVICE, _ASSOCIATIONS):
        return Brought(assumptions=(NO_PROFILES,))
    gap = inventory.unknown(_SERVICE, _ASSOCIATIONS, *place)
    if gap:
        return _unknown(because(f"whether {vpc_id} has a Route 53 Profile is not known: {gap.reason}", gap))
    associations = {
        one.profile_id: one for one in inventory.profile_associations(vpc_id) if not same_state(one.status, "DELETED")
    }
    if len(associations) > 1:
        named = ", ".join(sorted(associations))
        reason = f"{vpc_id} has several Route 53 Profiles ({named}), whose order is not modelled"
        return _unknown(Unknown(reason=reason))
    return next((_of_profile(inventory, vpc_id, place, one) for one in associations.values()), Brought())


def _unknown(why: Unknown) -> Brought:
    return Brought(gaps=(Gap(unknown=why),))


def _of_profile(inventory: Inventory, vpc_id: str, place: tuple[str, str], association: ProfileAssociation) -> Brought:
    profile = association.profile_id
    if not same_state(association.status, "COMPLETE"):
        reason = f"whether {vpc_id} uses Route 53 Profile {profile} is not known: it is {association.status}"
        return _unknown(Unknown(reason=reason))
    answer = _resources(inventory, profile, place)
    if isinstance(answer, Unknown):
        reason = f"what {vpc_id} has by Route 53 Profile {profile} is not known: {answer.reason}"
        return _unknown(because(reason, answer))
    found = [_found(inventory, profile, one, place) for one in answer.profile_resource_associations]
    return Brought(
        association=association,
        resources=tuple(one for one in found if one is not None and not isinstance(one, Gap)),
        gaps=tuple(one for one in found if isinstance(one, Gap)),
    )


def _resources(inventory: Inventory, profile: str, place: tuple[str, str]) -> ProfileResourceAssociations | Unknown:
    """The answer of the VPC's account, else of whoever shares the Profile."""
    missing: Unknown | None = None
    for account in accounts(inventory, place[0]):
        answer = inventory.call(_SERVICE, _RESOURCES, account, place[1], ProfileResourceAssociations, ProfileId=profile)
        if isinstance(answer, ProfileResourceAssociations):
            return answer
        missing = missing or answer
    return missing or Unknown(reason=f"{_RESOURCES} for {profile} has no answer")


def _found(
    inventory: Inventory, profile: str, association: ProfileResourceAssociation, place: tuple[str, str]
) -> Resource | Gap | None:
    """The resource that a Profile names, or why it is not known; None for what changes no answer."""
    arn = Arn.parse(association.resource_arn)
    kind, _, identifier = (arn.resource if arn else association.resource_arn).partition("/")
    if kind == _QUERY_LOG or same_state(association.status, "DELETED"):
        return None
    title = f"{identifier or kind} of Route 53 Profile {profile}"
    if kind not in _LISTS:
        return Gap(unknown=Unknown(reason=f"what {title} does to names is not modelled"))
    if not same_state(association.status, "COMPLETE"):
        reason = f"whether {title} counts is not known: it is {association.status}"
        return Gap(kind=kind, unknown=Unknown(reason=reason))
    resource = _resource(inventory, kind, identifier)
    if isinstance(resource, VpcEndpoint) and not _answers(resource):
        reason = f"whether {title}, whose private DNS is not for all of its VPC, answers names is not known"
        return Gap(kind=kind, unknown=Unknown(reason=reason))
    owner = (association.owner_id or place[0], place[1])
    return resource or Gap(kind=kind, unknown=_absent(inventory, kind, title, owner))


def _resource(inventory: Inventory, kind: str, identifier: str) -> Resource | None:
    """A resource of the snapshot, if it is there."""
    if kind == ZONE:
        zone = inventory.hosted_zones.get(identifier)
        return of_record(zone) if zone else None
    if kind == RULE:
        return inventory.resolver_rules.get(identifier)
    return inventory.vpc_endpoints.get(identifier)


def _answers(endpoint: VpcEndpoint) -> bool:
    """Whether an endpoint answers names at least in its own VPC."""
    return endpoint.private_dns_enabled and not endpoint.dns_options.private_dns_only_for_inbound_resolver_endpoint


def _absent(inventory: Inventory, kind: str, title: str, owner: tuple[str, str]) -> Unknown:
    service, operation = _LISTS[kind]
    account, region = owner
    gap = inventory.unknown(service, operation, account, "global" if kind == ZONE else region)
    return because(f"{title} is not in the snapshot", gap)
