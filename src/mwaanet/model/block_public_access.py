"""VPC Block Public Access: the switch of an account and Region, and its exclusions."""

from __future__ import annotations

from mwaanet.model.record import Record, Shape


class VpcBlockPublicAccessOptions(Shape, frozen=True, kw_only=True):
    """VpcBlockPublicAccessOptions (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcBlockPublicAccessOptions.html)."""

    internet_gateway_block_mode: str = "off"


class BlockPublicAccess(Shape, frozen=True, kw_only=True):
    """DescribeVpcBlockPublicAccessOptions (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcBlockPublicAccessOptions.html)."""

    vpc_block_public_access_options: VpcBlockPublicAccessOptions = VpcBlockPublicAccessOptions()


class VpcBlockPublicAccessExclusion(Record, frozen=True, kw_only=True):
    """VpcBlockPublicAccessExclusion (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcBlockPublicAccessExclusion.html)."""

    exclusion_id: str = ""
    internet_gateway_exclusion_mode: str = ""
    resource_arn: str = ""
    state: str = ""
