"""Direct Connect: gateways, associations with allowed prefixes, virtual interfaces with their BGP peers."""

from __future__ import annotations

from collections.abc import Sequence

from builder.gateways import VpnGateway
from builder.identity import CREATED, Record, digest, tags, uuid_of
from builder.store import Store
from builder.transit_gateway import Attachment, TransitGateway
from builder.transit_gateway_table import TransitGatewayTable

SERVICE = "directconnect"


class VirtualInterface:
    """A transit or private virtual interface on a connection of its own."""

    def __init__(self, gateway: DirectConnectGateway, name: str, kind: str, vlan: int, asn: int, bgp: str) -> None:
        store = gateway.store
        self.id = f"dxvif-{digest('vif', store.account, name)[:8]}"
        connection = f"dxcon-{digest('con', store.account, name)[:8]}"
        store.add(SERVICE, "describe-connections", _connection(store, connection, name, vlan))
        base: Record = {
            "asn": asn,
            "addressFamily": "ipv4",
            "amazonAddress": "169.254.255.1/30",
            "customerAddress": "169.254.255.2/30",
        }
        peer = base | {
            "bgpPeerId": f"dxpeer-{digest('peer', self.id)[:8]}",
            "bgpPeerState": "available",
            "bgpStatus": bgp,
            "awsDeviceV2": "EqDC2-2x1",
        }
        self.record: Record = store.add(
            SERVICE,
            "describe-virtual-interfaces",
            base
            | {
                "ownerAccount": store.account,
                "virtualInterfaceId": self.id,
                "location": "EqDC2",
                "connectionId": connection,
                "virtualInterfaceType": kind,
                "virtualInterfaceName": name,
                "vlan": vlan,
                "amazonSideAsn": gateway.record["amazonSideAsn"],
                "virtualInterfaceState": "available",
                "mtu": 8500 if kind == "transit" else 9001,
                "jumboFrameCapable": True,
                "virtualGatewayId": "",
                "directConnectGatewayId": gateway.id,
                "routeFilterPrefixes": [],
                "bgpPeers": [peer],
                "region": store.region,
                "siteLinkEnabled": False,
                "tags": [],
            },
        )

    def bgp(self, status: str) -> VirtualInterface:
        """`up` or `down` for the BGP session."""
        self.record["bgpPeers"][0]["bgpStatus"] = status
        return self

    @property
    def is_up(self) -> bool:
        peers = self.record["bgpPeers"]
        return self.record["virtualInterfaceState"] == "available" and any(p["bgpStatus"] == "up" for p in peers)


class DirectConnectGateway:
    """A Direct Connect gateway: `routes` are what the site announces over its virtual interfaces."""

    def __init__(self, store: Store, name: str, asn: int, routes: Sequence[str]) -> None:
        self.store = store
        self.id = uuid_of("dxgw", store.account, name)
        self.routes = list(routes)
        self.virtual_interfaces: list[VirtualInterface] = []
        self.associations: list[Record] = []
        self.attachments: list[Record] = []
        self.record: Record = store.add(
            SERVICE,
            "describe-direct-connect-gateways",
            {
                "directConnectGatewayId": self.id,
                "directConnectGatewayName": name,
                "amazonSideAsn": asn,
                "ownerAccount": store.account,
                "directConnectGatewayState": "available",
            },
        )
        named = {"directConnectGatewayId": self.id}
        associated = {"directConnectGatewayAssociations": self.associations}
        attached = {"directConnectGatewayAttachments": self.attachments}
        self._calls = (
            ("describe-direct-connect-gateway-associations", named, associated),
            ("describe-direct-connect-gateway-attachments", named, attached),
        )
        store.world.late.append(self._show_everywhere)

    def _show_everywhere(self) -> None:
        """The gateway has no Region: each Region of the account that is asked shows it."""
        for region in self.store.world.regions()[self.store.account]:
            store = self.store.world.store(self.store.account, region)
            listed = store.lists[SERVICE, "describe-direct-connect-gateways"]
            if self.record not in listed:
                listed.append(self.record)
            for operation, parameters, response in self._calls:
                store.call(SERVICE, operation, parameters, response)

    def virtual_interface(
        self, name: str, *, kind: str = "transit", vlan: int = 301, asn: int = 65010, bgp: str = "up"
    ) -> VirtualInterface:
        """A virtual interface to this gateway."""
        interface = VirtualInterface(self, name, kind, vlan, asn, bgp)
        self.virtual_interfaces.append(interface)
        self.attachments.append(
            {
                "directConnectGatewayId": self.id,
                "virtualInterfaceId": interface.id,
                "virtualInterfaceRegion": self.store.region,
                "virtualInterfaceOwnerAccount": self.store.account,
                "attachmentState": "attached",
                "attachmentType": "TransitVirtualInterface" if kind == "transit" else "PrivateVirtualInterface",
            }
        )
        return interface

    def associate(
        self,
        gateway: TransitGateway | VpnGateway,
        *allowed: str,
        state: str = "associated",
        table: TransitGatewayTable | None = None,
        propagate: Sequence[TransitGatewayTable] = (),
    ) -> Attachment | None:
        """Associate with a transit gateway (gives its attachment) or a VPN gateway; `allowed` is announced on site."""
        transit = isinstance(gateway, TransitGateway)
        association = {
            "directConnectGatewayId": self.id,
            "directConnectGatewayOwnerAccount": self.store.account,
            "associationState": state,
            "associatedGateway": {
                "id": gateway.id,
                "type": "transitGateway" if transit else "virtualPrivateGateway",
                "ownerAccount": gateway.store.account,
                "region": gateway.store.region,
            },
            "associationId": uuid_of("association", self.id, gateway.id),
            "allowedPrefixesToDirectConnectGateway": [{"cidr": cidr} for cidr in allowed],
        }
        self.associations.append(association)
        if isinstance(gateway, VpnGateway):
            association |= {
                "virtualGatewayId": gateway.id,
                "virtualGatewayRegion": gateway.store.region,
                "virtualGatewayOwnerAccount": gateway.store.account,
            }
            return None
        return gateway.attach(
            "direct-connect-gateway",
            self,
            announces=self._announced,
            name=self.record["directConnectGatewayName"],
            owner=self.store,
            table=table,
            propagate=propagate,
        )

    def _announced(self) -> Sequence[str]:
        return self.routes if any(one.is_up for one in self.virtual_interfaces) else ()


def _connection(store: Store, identifier: str, name: str, vlan: int) -> Record:
    return {
        "ownerAccount": store.account,
        "connectionId": identifier,
        "connectionName": name,
        "connectionState": "available",
        "region": store.region,
        "location": "EqDC2",
        "bandwidth": "1Gbps",
        "vlan": vlan,
        "loaIssueTime": CREATED,
        "jumboFrameCapable": True,
        "awsDeviceV2": "EqDC2-2x1",
        "hasLogicalRedundancy": "unknown",
        "tags": [{"key": tag["Key"], "value": tag["Value"]} for tag in tags(name)],
        "macSecCapable": False,
        "portEncryptionStatus": "Encryption Down",
        "encryptionMode": "no_encrypt",
        "macSecKeys": [],
    }
