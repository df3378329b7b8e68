"""Internet gateways and egress-only internet gateways."""

from mwaanet.model.record import Record, Shape, Tag


class InternetGatewayAttachment(Shape, frozen=True, kw_only=True):
    """InternetGatewayAttachment (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InternetGatewayAttachment.html)."""

    vpc_id: str = ""
    state: str = ""


class InternetGateway(Record, frozen=True, kw_only=True):
    """InternetGateway (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InternetGateway.html)."""

    internet_gateway_id: str
    owner_id: str = ""
    attachments: tuple[InternetGatewayAttachment, ...] = ()
    tags: tuple[Tag, ...] = ()


class EgressOnlyInternetGateway(Record, frozen=True, kw_only=True):
    """EgressOnlyInternetGateway (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EgressOnlyInternetGateway.html)."""

    egress_only_internet_gateway_id: str
    attachments: tuple[InternetGatewayAttachment, ...] = ()
    tags: tuple[Tag, ...] = ()
