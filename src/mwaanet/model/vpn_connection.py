"""Site-to-Site VPN connections and customer gateways."""

import re

from mwaanet.model.record import Cidr, Record, Shape, Tag
from mwaanet.model.state import same_state

_INSIDE = re.compile(r"<tunnel_inside_address>\s*<ip_address>([0-9.]{7,15})</ip_address>")


class VgwTelemetry(Shape, frozen=True, kw_only=True):
    """VgwTelemetry (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VgwTelemetry.html)."""

    outside_ip_address: str = ""
    status: str = ""


class VpnStaticRoute(Shape, frozen=True, kw_only=True):
    """VpnStaticRoute (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnStaticRoute.html)."""

    destination_cidr_block: Cidr = Cidr("")
    state: str = "available"


class TunnelOption(Shape, frozen=True, kw_only=True):
    """TunnelOption (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TunnelOption.html)."""

    tunnel_inside_cidr: Cidr = Cidr("")


class VpnConnectionOptions(Shape, frozen=True, kw_only=True):
    """VpnConnection (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnConnection.html).

    The customer gateway's configuration holds pre-shared keys: nothing but the tunnels' addresses is taken from it.
    """

    static_routes_only: bool = False
    tunnel_options: tuple[TunnelOption, ...] = ()


class VpnConnection(Record, frozen=True, kw_only=True):
    """VpnConnection (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnConnection.html).

    The customer gateway's configuration holds pre-shared keys: nothing but the tunnels' addresses is taken from it.
    """

    vpn_connection_id: str
    state: str = ""
    customer_gateway_id: str = ""
    vpn_gateway_id: str = ""
    transit_gateway_id: str = ""
    options: VpnConnectionOptions = VpnConnectionOptions()
    routes: tuple[VpnStaticRoute, ...] = ()
    vgw_telemetry: tuple[VgwTelemetry, ...] = ()
    customer_gateway_configuration: str = ""
    tags: tuple[Tag, ...] = ()

    @property
    def is_static(self) -> bool:
        """Whether it has static routes, and so learns none."""
        return bool(self.routes) or self.options.static_routes_only

    @property
    def static_cidrs(self) -> tuple[str, ...]:
        """The destinations of the static routes that are in force."""
        told = (route.destination_cidr_block for route in self.routes if same_state(route.state, "available"))
        return tuple(cidr for cidr in told if cidr)

    @property
    def inside_addresses(self) -> tuple[str, ...]:
        """The inside addresses of the tunnels, both ends, as the customer gateway's configuration has them."""
        return tuple(_INSIDE.findall(self.customer_gateway_configuration))


class CustomerGateway(Record, frozen=True, kw_only=True):
    """CustomerGateway (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CustomerGateway.html)."""

    customer_gateway_id: str
    state: str = ""
    ip_address: str = ""
    tags: tuple[Tag, ...] = ()
