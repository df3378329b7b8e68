"""VPC peering connections."""

from mwaanet.model.record import Cidr, Record, Shape, Tag


class PeeringOptions(Shape, frozen=True, kw_only=True):
    """VpcPeeringConnectionOptionsDescription (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcPeeringConnectionOptionsDescription.html)."""

    allow_dns_resolution_from_remote_vpc: bool = False


class VpcPeeringConnectionVpcInfo(Shape, frozen=True, kw_only=True):
    """VpcPeeringConnectionVpcInfo (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcPeeringConnectionVpcInfo.html)."""

    vpc_id: str
    owner_id: str = ""
    region: str = ""
    cidr_block: Cidr = Cidr("")
    peering_options: PeeringOptions = PeeringOptions()


class VpcPeeringConnectionStateReason(Shape, frozen=True, kw_only=True):
    """VpcPeeringConnectionStateReason (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcPeeringConnectionStateReason.html)."""

    code: str = ""
    message: str = ""


class VpcPeeringConnection(Record, frozen=True, kw_only=True):
    """VpcPeeringConnection (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcPeeringConnection.html)."""

    vpc_peering_connection_id: str
    requester_vpc_info: VpcPeeringConnectionVpcInfo
    accepter_vpc_info: VpcPeeringConnectionVpcInfo
    status: VpcPeeringConnectionStateReason = VpcPeeringConnectionStateReason()
    tags: tuple[Tag, ...] = ()
