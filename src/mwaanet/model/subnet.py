"""Subnets."""

from mwaanet.model.record import Cidr, Record, Shape, Tag
from mwaanet.model.vpc import CidrBlockState


class SubnetIpv6CidrBlockAssociation(Shape, frozen=True, kw_only=True):
    """SubnetIpv6CidrBlockAssociation (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SubnetIpv6CidrBlockAssociation.html)."""

    ipv6_cidr_block: Cidr
    ipv6_cidr_block_state: CidrBlockState = CidrBlockState()


class Subnet(Record, frozen=True, kw_only=True):
    """Subnet (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html)."""

    subnet_id: str
    vpc_id: str
    cidr_block: Cidr = Cidr("")
    availability_zone: str = ""
    availability_zone_id: str = ""
    owner_id: str = ""
    ipv6_cidr_block_association_set: tuple[SubnetIpv6CidrBlockAssociation, ...] = ()
    network_firewall_connectivity_type: str = ""
    tags: tuple[Tag, ...] = ()
