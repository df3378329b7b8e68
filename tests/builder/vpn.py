"""Site-to-Site VPN: customer gateways and connections with two tunnels."""

from __future__ import annotations

from collections.abc import Sequence

from builder.gateways import VpnGateway
from builder.identity import CREATED, Record, tags
from builder.store import Store
from builder.transit_gateway import Attachment, TransitGateway
from builder.transit_gateway_table import TransitGatewayTable

_TUNNEL_ADDRESSES = ("198.51.100.201", "198.51.100.202")


class CustomerGateway:
    """The customer's end of a VPN."""

    def __init__(self, store: Store, name: str, address: str, asn: int) -> None:
        self.id = store.id("cgw", name)
        self.record: Record = store.ec2(
            "describe-customer-gateways",
            {
                "CustomerGatewayId": self.id,
                "State": "available",
                "Type": "ipsec.1",
                "IpAddress": address,
                "BgpAsn": str(asn),
                "DeviceName": name,
                "Tags": tags(name),
            },
        )


class VpnConnection:
    """A VPN connection to a transit gateway (with its attachment) or to a virtual private gateway.

    `bgp` are the prefixes that the site announces; `static` makes it a connection with static routes.
    """

    attachment: Attachment | None = None

    def __init__(
        self,
        store: Store,
        name: str,
        customer: CustomerGateway,
        gateway: TransitGateway | VpnGateway,
        *,
        bgp: Sequence[str] = (),
        static: Sequence[str] = (),
        tunnels: tuple[str, str] = ("UP", "UP"),
        table: TransitGatewayTable | None = None,
        propagate: Sequence[TransitGatewayTable] = (),
    ) -> None:
        self.store = store
        self.id = store.id("vpn", name)
        self.routes = list(bgp)
        self.record: Record = store.ec2("describe-vpn-connections", self._record(name, customer, static))
        field = "TransitGatewayId" if isinstance(gateway, TransitGateway) else "VpnGatewayId"
        self.record[field] = gateway.id
        self.tunnels(*tunnels)
        if isinstance(gateway, TransitGateway):
            self.attachment = gateway.attach(
                "vpn", self, announces=self._announced, name=name, owner=store, table=table, propagate=propagate
            )

    def _record(self, name: str, customer: CustomerGateway, static: Sequence[str]) -> Record:
        inside = ("169.254.61.0/30", "169.254.61.4/30")
        options = [
            {"OutsideIpAddress": outside, "TunnelInsideCidr": cidr}
            for outside, cidr in zip(_TUNNEL_ADDRESSES, inside, strict=True)
        ]
        return {
            "VpnConnectionId": self.id,
            "State": "available",
            "Type": "ipsec.1",
            "Category": "VPN",
            "CustomerGatewayId": customer.id,
            "GatewayAssociationState": "associated",
            "Routes": [{"DestinationCidrBlock": cidr, "Source": "Static", "State": "available"} for cidr in static],
            "Options": {
                "EnableAcceleration": False,
                "StaticRoutesOnly": bool(static),
                "LocalIpv4NetworkCidr": "0.0.0.0/0",
                "RemoteIpv4NetworkCidr": "0.0.0.0/0",
                "OutsideIpAddressType": "PublicIpv4",
                "TunnelInsideIpVersion": "ipv4",
                "TunnelOptions": options,
            },
            "Tags": tags(name),
        }

    def tunnels(self, first: str, second: str) -> VpnConnection:
        """`UP` or `DOWN` for each tunnel; with both down nothing is announced."""
        count = len(self.routes)
        self.record["VgwTelemetry"] = [
            {
                "OutsideIpAddress": address,
                "Status": status,
                "StatusMessage": f"{count} BGP ROUTES" if status == "UP" else "IPSEC IS DOWN",
                "AcceptedRouteCount": count if status == "UP" else 0,
                "LastStatusChange": CREATED,
            }
            for address, status in zip(_TUNNEL_ADDRESSES, (first, second), strict=True)
        ]
        return self

    def _announced(self) -> Sequence[str]:
        up = any(tunnel["Status"] == "UP" for tunnel in self.record["VgwTelemetry"])
        return self.routes if up else ()
