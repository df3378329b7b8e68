"""Client VPN endpoints: target networks with their interfaces and local routes, further routes, authorization rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from builder.identity import CREATED, Record, tags
from builder.security_group import SecurityGroup

if TYPE_CHECKING:
    from builder.store import Store
    from builder.subnet import Subnet
    from builder.vpc import Vpc


class ClientVpn:
    """A Client VPN endpoint; clients authenticate by certificate and, where rules name groups, by a directory."""

    def __init__(
        self,
        store: Store,
        name: str,
        clients: str,
        vpc: Vpc,
        *,
        groups: Sequence[SecurityGroup] = (),
        dns: Sequence[str] = (),
        split: bool = False,
    ) -> None:
        self.store = store
        self.vpc = vpc
        self.clients = clients
        self.groups = list(groups) or [vpc.default_group]
        self.id = store.id("cvpn-endpoint", name)
        self.record: Record = store.ec2("describe-client-vpn-endpoints", self._record(name, dns, split))
        self.networks: list[Record] = []
        self.routes: list[Record] = []
        self.rules: list[Record] = []
        for word, key, records in (
            ("target-networks", "ClientVpnTargetNetworks", self.networks),
            ("routes", "Routes", self.routes),
            ("authorization-rules", "AuthorizationRules", self.rules),
        ):
            asked = {"ClientVpnEndpointId": self.id}
            store.call("ec2", f"describe-client-vpn-{word}", asked, {key: records})

    def _record(self, name: str, dns: Sequence[str], split: bool) -> Record:
        return {
            "ClientVpnEndpointId": self.id,
            "Description": name,
            "Status": {"Code": "pending-associate"},
            "CreationTime": CREATED,
            "DnsName": f"*.{self.id}.prod.clientvpn.{self.store.region}.amazonaws.com",
            "ClientCidrBlock": self.clients,
            "DnsServers": list(dns),
            "SplitTunnel": split,
            "VpnProtocol": "openvpn",
            "TransportProtocol": "udp",
            "VpnPort": 443,
            "ServerCertificateArn": self.store.arn("acm", "certificate/5d6f0b4e-0000-4000-8000-0123456789ab"),
            "AuthenticationOptions": [
                {"Type": "directory-service-authentication", "ActiveDirectory": {"DirectoryId": "d-90670a1b2c"}}
            ],
            "ConnectionLogOptions": {"Enabled": False},
            "SecurityGroupIds": [group.id for group in self.groups],
            "VpcId": self.vpc.id,
            "SessionTimeoutHours": 24,
            "EndpointIpAddressType": "ipv4",
            "TrafficIpAddressType": "ipv4",
            "Tags": tags(name),
        }

    def associate(self, subnet: Subnet, *addresses: str, state: str = "associated") -> ClientVpn:
        """Make a subnet a target network: AWS puts interfaces there and adds the VPC's local route by it."""
        for address in addresses or (subnet.free_address(),):
            subnet.interface(
                address, groups=self.groups, description="ClientVPN Endpoint resource", requester="356132345678"
            )
        self.networks.append(
            {
                "AssociationId": self.store.id("cvpn-assoc", self.id, subnet.id),
                "VpcId": self.vpc.id,
                "TargetNetworkId": subnet.id,
                "ClientVpnEndpointId": self.id,
                "Status": {"Code": state},
                "SecurityGroups": [group.id for group in self.groups],
            }
        )
        self.record["Status"] = {"Code": "available"}
        for cidr in (cidr for cidr in self.vpc.cidrs if "." in cidr):
            self._route(cidr, subnet.id, "associate")
        return self

    def route(self, destination: str, target: Subnet | str, *, state: str = "active") -> ClientVpn:
        """Add a route by a target network, or by `local` to other clients."""
        self._route(destination, target if isinstance(target, str) else target.id, "add-route", state)
        return self

    def _route(self, destination: str, subnet: str, origin: str, state: str = "active") -> None:
        self.routes.append(
            {
                "ClientVpnEndpointId": self.id,
                "DestinationCidr": destination,
                "TargetSubnet": subnet,
                "Type": "Nat",
                "Origin": origin,
                "Status": {"Code": state},
                "Description": "",
            }
        )

    def authorize(self, destination: str, group: str = "", *, state: str = "active") -> ClientVpn:
        """An authorization rule for every client, or for the members of one group."""
        self.rules.append(
            {
                "ClientVpnEndpointId": self.id,
                "Description": "",
                "GroupId": group,
                "AccessAll": not group,
                "DestinationCidr": destination,
                "Status": {"Code": state},
            }
        )
        return self
