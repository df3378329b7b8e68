"""Transit gateways."""

from mwaanet.model.record import Record, Shape, Tag


class TransitGatewayOptions(Shape, frozen=True, kw_only=True):
    """TransitGatewayOptions (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayOptions.html)."""

    security_group_referencing_support: str = "disable"


class TransitGateway(Record, frozen=True, kw_only=True):
    """TransitGateway (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGateway.html)."""

    transit_gateway_id: str
    owner_id: str = ""
    state: str = ""
    options: TransitGatewayOptions = TransitGatewayOptions()
    tags: tuple[Tag, ...] = ()
