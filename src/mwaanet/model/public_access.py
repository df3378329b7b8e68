"""Whether VPC Block Public Access stops a subnet's internet traffic.

The switch is its account's, per Region; an exclusion exempts one VPC or subnet
(https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html). EC2 tells of it on every VPC
(`BlockPublicAccessStates`) since it exists; a snapshot in which nothing knows of it is older, and nothing was blocked.

Not modelled: the `BlockPublicAccessStates` of VPCs and subnets are not taken for the switch itself, for AWS does not
document how they count exclusions.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from mwaanet.model.block_public_access import (
    EXCLUSION_MODES,
    IN_FORCE,
    MODES,
    NOT_IN_FORCE,
    OFF,
    BlockPublicAccess,
    PublicAccess,
    VpcBlockPublicAccessExclusion,
    effective,
)
from mwaanet.model.grouping import grouped
from mwaanet.model.placement import Placement
from mwaanet.model.record import Origin
from mwaanet.model.unknown import Unknown

OPTIONS = "describe-vpc-block-public-access-options"
EXCLUSIONS = "describe-vpc-block-public-access-exclusions"
_NO_EXCLUSION = frozenset({""})
_Found = tuple[frozenset[str], Unknown | None, Origin | None]
"""The modes that may be in force, why it is not known which, and where it was read."""


class PublicAccesses(Placement):
    """Questions about VPC Block Public Access."""

    def public_access(self, vpc_id: str, subnet_id: str) -> PublicAccess:
        """What it does to a subnet (or, without one, to a VPC)."""
        vpc = self.vpcs.get(vpc_id)
        if vpc is None:
            return PublicAccess(modes=MODES, unknown=self.unseen_vpc(vpc_id))
        if self.predates_public_access_block:
            return PublicAccess(modes=frozenset({OFF}))
        place = self.owner_place(vpc)
        modes, not_read, switch = self._switch(*place)
        exclusions, not_told, exclusion = self._exclusion(vpc_id, subnet_id, *place)
        found = frozenset(effective(mode, excluded) for mode in modes for excluded in exclusions)
        return PublicAccess(
            modes=found,
            unknown=(not_read or not_told) if len(found) > 1 else None,
            origins=tuple(origin for origin in (switch, exclusion if modes != {OFF} else None) if origin),
        )

    @cached_property
    def predates_public_access_block(self) -> bool:
        """Whether nothing in the snapshot knows of VPC Block Public Access: no VPC, no answer, no refusal.

        Our own collector always asks for it: what its snapshot lacks was lost.
        """
        if self.snapshot.manifest.tool.startswith("mwaanet"):
            return False
        told = any(vpc.block_public_access_states for vpc in self.vpcs.values())
        return not told and self.never_asked("ec2", OPTIONS, EXCLUSIONS)

    def _switch(self, account: str, region: str) -> _Found:
        """The modes that the account's switch may be in."""
        found = self.whole("ec2", OPTIONS, account, region, BlockPublicAccess)
        if isinstance(found, Unknown):
            return MODES, found, None
        options = found.vpc_block_public_access_options
        mode = options.internet_gateway_block_mode
        if mode in MODES and options.state != "update-in-progress":
            return frozenset({mode}), None, found.origin
        reason = f"VPC Block Public Access of {account} {region} is {mode} ({options.state})"
        return MODES, Unknown(reason=reason), found.origin

    def _exclusion(self, vpc_id: str, subnet_id: str, account: str, region: str) -> _Found:
        """The modes of the exclusion that may cover a subnet; empty for none."""
        for holder in (subnet_id, vpc_id):
            for record in self._exclusions.get(holder, ()):
                mode = record.internet_gateway_exclusion_mode
                if record.state in IN_FORCE and mode in EXCLUSION_MODES:
                    return frozenset({mode}), None, record.origin
                if record.state not in NOT_IN_FORCE:
                    reason = f"exclusion {record.exclusion_id} of {holder} is {record.state} ({mode})"
                    return EXCLUSION_MODES | _NO_EXCLUSION, Unknown(reason=reason), record.origin
        unknown = self.unknown("ec2", EXCLUSIONS, account, region)
        return (EXCLUSION_MODES | _NO_EXCLUSION, unknown, None) if unknown else (_NO_EXCLUSION, None, None)

    @cached_property
    def _exclusions(self) -> Mapping[str, list[VpcBlockPublicAccessExclusion]]:
        records = self.records("ec2", EXCLUSIONS, VpcBlockPublicAccessExclusion)
        return grouped(records, lambda record: (record.resource_arn.rpartition("/")[2],))
