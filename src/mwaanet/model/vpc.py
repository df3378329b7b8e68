"""VPCs and their CIDR blocks."""

from mwaanet.model.block_public_access import BlockPublicAccessStates
from mwaanet.model.record import Cidr, Record, Shape, Tag


class CidrBlockState(Shape, frozen=True, kw_only=True):
    """VpcCidrBlockState (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcCidrBlockState.html)."""

    state: str = "associated"


class VpcCidrBlockAssociation(Shape, frozen=True, kw_only=True):
    """VpcCidrBlockAssociation (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcCidrBlockAssociation.html)."""

    cidr_block: Cidr
    cidr_block_state: CidrBlockState = CidrBlockState()


class VpcIpv6CidrBlockAssociation(Shape, frozen=True, kw_only=True):
    """VpcIpv6CidrBlockAssociation (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcIpv6CidrBlockAssociation.html)."""

    ipv6_cidr_block: Cidr
    ipv6_cidr_block_state: CidrBlockState = CidrBlockState()
    ipv6_address_attribute: str = "public"


class NetworkFirewallAssociation(Shape, frozen=True, kw_only=True):
    """NetworkFirewallAssociation of a VPC (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Vpc.html)."""

    firewall_arn: str = ""


class VpcEncryptionControl(Shape, frozen=True, kw_only=True):
    """VpcEncryptionControl (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEncryptionControl.html)."""

    mode: str = ""
    state: str = ""


class Vpc(Record, frozen=True, kw_only=True):
    """Vpc (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Vpc.html)."""

    vpc_id: str
    cidr_block: Cidr
    owner_id: str = ""
    dhcp_options_id: str = ""
    is_default: bool = False
    cidr_block_association_set: tuple[VpcCidrBlockAssociation, ...] = ()
    ipv6_cidr_block_association_set: tuple[VpcIpv6CidrBlockAssociation, ...] = ()
    block_public_access_states: BlockPublicAccessStates | None = None
    network_firewall_associations: tuple[NetworkFirewallAssociation, ...] = ()
    encryption_control: VpcEncryptionControl | None = None
    tags: tuple[Tag, ...] = ()
