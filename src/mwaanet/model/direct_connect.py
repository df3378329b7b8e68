"""Direct Connect gateways, their associations and virtual interfaces."""

from mwaanet.model.record import CamelRecord, CamelShape, Cidr


class DirectConnectGateway(CamelRecord, frozen=True, kw_only=True):
    """DirectConnectGateway (https://docs.aws.amazon.com/directconnect/latest/APIReference/API_DirectConnectGateway.html)."""

    direct_connect_gateway_id: str
    direct_connect_gateway_name: str = ""


class BgpPeer(CamelShape, frozen=True, kw_only=True):
    """BGPPeer (https://docs.aws.amazon.com/directconnect/latest/APIReference/API_BGPPeer.html)."""

    address_family: str = ""
    bgp_status: str = "unknown"


class RouteFilterPrefix(CamelShape, frozen=True, kw_only=True):
    """RouteFilterPrefix (https://docs.aws.amazon.com/directconnect/latest/APIReference/API_RouteFilterPrefix.html)."""

    cidr: Cidr = Cidr("")


class VirtualInterface(CamelRecord, frozen=True, kw_only=True):
    """VirtualInterface (https://docs.aws.amazon.com/directconnect/latest/APIReference/API_VirtualInterface.html)."""

    virtual_interface_id: str
    virtual_interface_state: str = "unknown"
    virtual_gateway_id: str = ""
    direct_connect_gateway_id: str = ""
    bgp_peers: tuple[BgpPeer, ...] = ()
    route_filter_prefixes: tuple[RouteFilterPrefix, ...] = ()


class AssociatedGateway(CamelShape, frozen=True, kw_only=True):
    """AssociatedGateway (https://docs.aws.amazon.com/directconnect/latest/APIReference/API_AssociatedGateway.html)."""

    id: str = ""
    type: str = ""
    owner_account: str = ""
    region: str = ""


class DirectConnectGatewayAssociation(CamelShape, frozen=True, kw_only=True):
    """DirectConnectGatewayAssociation (https://docs.aws.amazon.com/directconnect/latest/APIReference/API_DirectConnectGatewayAssociation.html)."""

    direct_connect_gateway_id: str = ""
    association_state: str = ""
    associated_gateway: AssociatedGateway = AssociatedGateway()
    allowed_prefixes_to_direct_connect_gateway: tuple[RouteFilterPrefix, ...] = ()
    virtual_gateway_id: str = ""


class DirectConnectGatewayAssociations(CamelShape, frozen=True, kw_only=True):
    """DescribeDirectConnectGatewayAssociations (https://docs.aws.amazon.com/directconnect/latest/APIReference/API_DescribeDirectConnectGatewayAssociations.html)."""

    direct_connect_gateway_associations: tuple[DirectConnectGatewayAssociation, ...] = ()


class DirectConnectGatewayAttachment(CamelShape, frozen=True, kw_only=True):
    """DirectConnectGatewayAttachment (https://docs.aws.amazon.com/directconnect/latest/APIReference/API_DirectConnectGatewayAttachment.html)."""

    direct_connect_gateway_id: str = ""
    virtual_interface_id: str = ""
    virtual_interface_region: str = ""
    virtual_interface_owner_account: str = ""
    attachment_state: str = ""


class DirectConnectGatewayAttachments(CamelShape, frozen=True, kw_only=True):
    """DescribeDirectConnectGatewayAttachments (https://docs.aws.amazon.com/directconnect/latest/APIReference/API_DescribeDirectConnectGatewayAttachments.html)."""

    direct_connect_gateway_attachments: tuple[DirectConnectGatewayAttachment, ...] = ()
