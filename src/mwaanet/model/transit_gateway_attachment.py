"""Transit gateway attachments of every kind."""

from mwaanet.model.record import Record, Shape, Tag
from mwaanet.model.state import serves

_IDLE = (
    "initiating",
    "initiatingRequest",
    "pendingAcceptance",
    "pending",
    "failing",
    "failed",
    "rejecting",
    "rejected",
    "deleting",
    "deleted",
)


class TransitGatewayAttachmentAssociation(Shape, frozen=True, kw_only=True):
    """TransitGatewayAttachmentAssociation (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayAttachmentAssociation.html)."""

    transit_gateway_route_table_id: str = ""
    state: str = ""


class TransitGatewayAttachment(Record, frozen=True, kw_only=True):
    """TransitGatewayAttachment (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayAttachment.html)."""

    transit_gateway_attachment_id: str
    transit_gateway_id: str
    transit_gateway_owner_id: str = ""
    resource_owner_id: str = ""
    resource_type: str = ""
    resource_id: str = ""
    state: str = ""
    association: TransitGatewayAttachmentAssociation | None = None
    tags: tuple[Tag, ...] = ()

    @property
    def serves(self) -> bool | None:
        """Whether it carries packets; None while it is modified or rolled back, from which it becomes available again.

        https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
        """
        return serves(self.state, *_IDLE)


class TransitGatewayVpcAttachmentOptions(Shape, frozen=True, kw_only=True):
    """TransitGatewayVpcAttachmentOptions (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayVpcAttachmentOptions.html)."""

    appliance_mode_support: str = "disable"
    security_group_referencing_support: str = "disable"


class TransitGatewayVpcAttachment(Record, frozen=True, kw_only=True):
    """TransitGatewayVpcAttachment (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayVpcAttachment.html)."""

    transit_gateway_attachment_id: str
    transit_gateway_id: str
    vpc_id: str
    vpc_owner_id: str = ""
    state: str = ""
    subnet_ids: tuple[str, ...] = ()
    options: TransitGatewayVpcAttachmentOptions = TransitGatewayVpcAttachmentOptions()
    tags: tuple[Tag, ...] = ()


class PeeringTgwInfo(Shape, frozen=True, kw_only=True):
    """PeeringTgwInfo (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_PeeringTgwInfo.html)."""

    transit_gateway_id: str = ""
    region: str = ""
    owner_id: str = ""


class TransitGatewayPeeringAttachment(Record, frozen=True, kw_only=True):
    """TransitGatewayPeeringAttachment (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayPeeringAttachment.html)."""

    transit_gateway_attachment_id: str
    requester_tgw_info: PeeringTgwInfo = PeeringTgwInfo()
    accepter_tgw_info: PeeringTgwInfo = PeeringTgwInfo()
    state: str = ""
    tags: tuple[Tag, ...] = ()
