"""VPC Block Public Access: the switch of an account and Region, and its exclusions."""

from dataclasses import dataclass

from mwaanet.model.record import Origin, Record, Shape
from mwaanet.model.unknown import Unknown

OFF, INGRESS, BIDIRECTIONAL = "off", "block-ingress", "block-bidirectional"
MODES = frozenset({OFF, INGRESS, BIDIRECTIONAL})
"""The modes of an account and Region."""
EGRESS_ALLOWED = "allow-egress"
EXCLUSION_MODES = frozenset({EGRESS_ALLOWED, "allow-bidirectional"})
IN_FORCE = frozenset({"create-complete", "update-complete"})
NOT_IN_FORCE = frozenset({"create-failed", "delete-complete", "disable-complete"})
"""States of an exclusion; in every other one it is not known whether it counts."""


class VpcBlockPublicAccessOptions(Shape, frozen=True, kw_only=True):
    """VpcBlockPublicAccessOptions (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcBlockPublicAccessOptions.html)."""

    internet_gateway_block_mode: str = OFF
    state: str = "default-state"


class BlockPublicAccess(Record, frozen=True, kw_only=True):
    """DescribeVpcBlockPublicAccessOptions (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcBlockPublicAccessOptions.html)."""

    vpc_block_public_access_options: VpcBlockPublicAccessOptions = VpcBlockPublicAccessOptions()


class VpcBlockPublicAccessExclusion(Record, frozen=True, kw_only=True):
    """VpcBlockPublicAccessExclusion (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcBlockPublicAccessExclusion.html)."""

    exclusion_id: str = ""
    internet_gateway_exclusion_mode: str = ""
    resource_arn: str = ""
    state: str = ""


class BlockPublicAccessStates(Shape, frozen=True, kw_only=True):
    """BlockPublicAccessStates of a VPC (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_BlockPublicAccessStates.html)."""

    internet_gateway_block_mode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAccess:
    """What VPC Block Public Access does to a subnet, as far as it is known.

    A mode is one of an account's, or `allow-egress` where an exclusion lets connections out and none in.
    """

    modes: frozenset[str]
    """Every mode that may be in force; one where it is known."""
    unknown: Unknown | None = None
    """Why it is not known which."""
    origins: tuple[Origin, ...] = ()


def effective(mode: str, exclusion: str) -> str:
    """The mode of a subnet: its account's, loosened by the exclusion that covers it (empty where none does).

    An exclusion for egress counts only against the bidirectional block
    (https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html).
    """
    if exclusion == "allow-bidirectional":
        return OFF
    return EGRESS_ALLOWED if (mode, exclusion) == (BIDIRECTIONAL, EGRESS_ALLOWED) else mode
