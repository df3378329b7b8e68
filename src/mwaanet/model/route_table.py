"""Route tables and their routes."""

from mwaanet.model.record import Cidr, Record, Shape, Tag

BY_VPN_GATEWAY, BY_ROUTE_SERVER = "EnableVgwRoutePropagation", "Advertisement"
"""The origins of routes that are propagated."""


class PropagatingVgw(Shape, frozen=True, kw_only=True):
    """PropagatingVgw (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_PropagatingVgw.html)."""

    gateway_id: str


class Route(Shape, frozen=True, kw_only=True):
    """Route (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html)."""

    destination_cidr_block: Cidr = Cidr("")
    destination_ipv6_cidr_block: Cidr = Cidr("")
    destination_prefix_list_id: str = ""
    gateway_id: str = ""
    nat_gateway_id: str = ""
    transit_gateway_id: str = ""
    vpc_peering_connection_id: str = ""
    network_interface_id: str = ""
    instance_id: str = ""
    egress_only_internet_gateway_id: str = ""
    carrier_gateway_id: str = ""
    local_gateway_id: str = ""
    core_network_arn: str = ""
    odb_network_arn: str = ""
    origin: str = ""
    state: str = "active"


class AssociationState(Shape, frozen=True, kw_only=True):
    """RouteTableAssociationState (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RouteTableAssociationState.html)."""

    state: str = "associated"


class RouteTableAssociation(Shape, frozen=True, kw_only=True):
    """RouteTableAssociation (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RouteTableAssociation.html)."""

    main: bool = False
    subnet_id: str = ""
    gateway_id: str = ""
    association_state: AssociationState = AssociationState()


class RouteTable(Record, frozen=True, kw_only=True):
    """RouteTable (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RouteTable.html)."""

    route_table_id: str
    vpc_id: str
    owner_id: str = ""
    routes: tuple[Route, ...] = ()
    associations: tuple[RouteTableAssociation, ...] = ()
    propagating_vgws: tuple[PropagatingVgw, ...] = ()
    tags: tuple[Tag, ...] = ()
