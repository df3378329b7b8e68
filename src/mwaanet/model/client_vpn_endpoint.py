"""Client VPN endpoints, their target networks, routes and authorization rules."""

from mwaanet.model.record import Cidr, Ip, Record, Shape, Tag


class ClientVpnStatus(Shape, frozen=True, kw_only=True):
    """ClientVpnEndpointStatus (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ClientVpnEndpointStatus.html).

    Target networks, routes and authorization rules have one of the same shape.
    """

    code: str = ""


class TransitGatewayConfiguration(Shape, frozen=True, kw_only=True):
    """The transit gateway of an endpoint that has no target networks.

    https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-tgw.html
    """

    transit_gateway_id: str = ""


class ClientVpnEndpoint(Record, frozen=True, kw_only=True):
    """ClientVpnEndpoint (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ClientVpnEndpoint.html)."""

    client_vpn_endpoint_id: str
    status: ClientVpnStatus = ClientVpnStatus()
    client_cidr_block: Cidr = Cidr("")
    dns_servers: tuple[Ip, ...] = ()
    split_tunnel: bool = False
    vpc_id: str = ""
    transit_gateway_configuration: TransitGatewayConfiguration | None = None
    tags: tuple[Tag, ...] = ()


class TargetNetwork(Record, frozen=True, kw_only=True):
    """TargetNetwork (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TargetNetwork.html)."""

    vpc_id: str = ""
    target_network_id: str = ""
    status: ClientVpnStatus = ClientVpnStatus()
    security_groups: tuple[str, ...] = ()


class ClientVpnRoute(Record, frozen=True, kw_only=True):
    """ClientVpnRoute (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ClientVpnRoute.html)."""

    destination_cidr: Cidr = Cidr("")
    target_subnet: str = ""
    status: ClientVpnStatus = ClientVpnStatus()


class AuthorizationRule(Record, frozen=True, kw_only=True):
    """AuthorizationRule (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizationRule.html)."""

    destination_cidr: Cidr = Cidr("")
    access_all: bool = False
    group_id: str = ""
    status: ClientVpnStatus = ClientVpnStatus()


class ClientVpnTargetNetworks(Shape, frozen=True, kw_only=True):
    """DescribeClientVpnTargetNetworks (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeClientVpnTargetNetworks.html)."""

    client_vpn_target_networks: tuple[TargetNetwork, ...] = ()


class ClientVpnRoutes(Shape, frozen=True, kw_only=True):
    """DescribeClientVpnRoutes (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeClientVpnRoutes.html)."""

    routes: tuple[ClientVpnRoute, ...] = ()


class AuthorizationRules(Shape, frozen=True, kw_only=True):
    """DescribeClientVpnAuthorizationRules (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeClientVpnAuthorizationRules.html)."""

    authorization_rules: tuple[AuthorizationRule, ...] = ()
