"""Transit gateway route tables: routes, associations and propagations."""

from dataclasses import dataclass

from mwaanet.model.record import Cidr, Origin, Record, Shape, Tag
from mwaanet.snapshot.operations import CallRef


class TransitGatewayRouteTable(Record, frozen=True, kw_only=True):
    """TransitGatewayRouteTable (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayRouteTable.html)."""

    transit_gateway_route_table_id: str
    transit_gateway_id: str
    state: str = "available"
    tags: tuple[Tag, ...] = ()


class TransitGatewayRouteAttachment(Shape, frozen=True, kw_only=True):
    """TransitGatewayRouteAttachment (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayRouteAttachment.html)."""

    transit_gateway_attachment_id: str
    resource_id: str = ""
    resource_type: str = ""

    @property
    def resource_name(self) -> str:
        """The resource's id without the tunnel's address that AWS appends to a VPN's (`vpn-1(52.0.2.10)`)."""
        return self.resource_id.partition("(")[0]


class TransitGatewayRoute(Shape, frozen=True, kw_only=True):
    """TransitGatewayRoute (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayRoute.html)."""

    destination_cidr_block: Cidr = Cidr("")
    prefix_list_id: str = ""
    transit_gateway_attachments: tuple[TransitGatewayRouteAttachment, ...] = ()
    type: str = "static"
    state: str = "active"


class RoutesFound(Shape, frozen=True, kw_only=True):
    """SearchTransitGatewayRoutes (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SearchTransitGatewayRoutes.html)."""

    routes: tuple[TransitGatewayRoute, ...] = ()
    additional_routes_available: bool = False


class TransitGatewayRouteTableAssociation(Shape, frozen=True, kw_only=True):
    """TransitGatewayRouteTableAssociation (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayRouteTableAssociation.html)."""

    transit_gateway_attachment_id: str
    resource_id: str = ""
    resource_type: str = ""
    state: str = ""


class Associations(Shape, frozen=True, kw_only=True):
    """GetTransitGatewayRouteTableAssociations (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetTransitGatewayRouteTableAssociations.html)."""

    associations: tuple[TransitGatewayRouteTableAssociation, ...] = ()


class TransitGatewayRouteTablePropagation(Shape, frozen=True, kw_only=True):
    """TransitGatewayRouteTablePropagation (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayRouteTablePropagation.html)."""

    transit_gateway_attachment_id: str
    resource_id: str = ""
    resource_type: str = ""
    state: str = ""


class Propagations(Shape, frozen=True, kw_only=True):
    """GetTransitGatewayRouteTablePropagations (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetTransitGatewayRouteTablePropagations.html)."""

    transit_gateway_route_table_propagations: tuple[TransitGatewayRouteTablePropagation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitGatewayRoutes:
    """The routes of a table; not `complete` where it has more than the snapshot holds.

    `learning` are attachments that propagate what they learn by BGP, where that is not among the routes.
    """

    routes: tuple[TransitGatewayRoute, ...]
    complete: bool
    origin: Origin | None
    needs: tuple[CallRef, ...] = ()
    learning: tuple[TransitGatewayRouteAttachment, ...] = ()
