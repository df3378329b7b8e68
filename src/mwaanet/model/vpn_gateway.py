"""Virtual private gateways."""

from mwaanet.model.record import Record, Shape, Tag


class VpcAttachment(Shape, frozen=True, kw_only=True):
    """VpcAttachment (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcAttachment.html)."""

    vpc_id: str = ""
    state: str = ""


class VpnGateway(Record, frozen=True, kw_only=True):
    """VpnGateway (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnGateway.html)."""

    vpn_gateway_id: str
    state: str = ""
    vpc_attachments: tuple[VpcAttachment, ...] = ()
    tags: tuple[Tag, ...] = ()
