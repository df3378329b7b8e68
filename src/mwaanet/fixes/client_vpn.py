"""Changes of a Client VPN endpoint: whom its clients may reach, and by which of its subnets.

https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-rules.html
https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-routes.html
"""

from __future__ import annotations

from dataclasses import dataclass

from mwaanet.fixes.change import Change
from mwaanet.fixes.command import Command
from mwaanet.fixes.declared import Declared, label, logical_id
from mwaanet.fixes.edits import Edits, appended


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientVpnAuthorization(Change):
    """Let all clients of an endpoint reach a block."""

    endpoint: str
    cidr: str

    @property
    def summary(self) -> str:
        return f"add an authorization rule for {self.cidr} to {self.endpoint}"

    @property
    def commands(self) -> tuple[Command, ...]:
        parameters = {
            "ClientVpnEndpointId": self.endpoint,
            "TargetNetworkCidr": self.cidr,
            "AuthorizeAllGroups": True,
        }
        return (Command("ec2", "authorize-client-vpn-ingress", parameters),)

    @property
    def undoing(self) -> tuple[Command, ...]:
        parameters = {"ClientVpnEndpointId": self.endpoint, "TargetNetworkCidr": self.cidr, "RevokeAllGroups": True}
        return (Command("ec2", "revoke-client-vpn-ingress", parameters),)

    @property
    def terraform(self) -> tuple[Declared, ...]:
        properties = {
            "client_vpn_endpoint_id": self.endpoint,
            "target_network_cidr": self.cidr,
            "authorize_all_groups": True,
        }
        kind = "aws_ec2_client_vpn_authorization_rule"
        return (Declared(type=kind, name=label(self.endpoint, self.cidr), properties=properties),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        (command,) = self.commands
        kind = "AWS::EC2::ClientVpnAuthorizationRule"
        name = logical_id(self.endpoint, self.cidr)
        return (Declared(type=kind, name=name, properties=dict(command.parameters)),)

    def make(self, edits: Edits) -> bool:
        operation = "describe-client-vpn-authorization-rules"
        found = edits.responses("ec2", operation, ClientVpnEndpointId=self.endpoint)
        rule = {"ClientVpnEndpointId": self.endpoint, "DestinationCidr": self.cidr, "AccessAll": True}
        return appended(found, "AuthorizationRules", {**rule, "Status": {"Code": "active"}})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientVpnRoute(Change):
    """Lead a block by one of the endpoint's subnets."""

    endpoint: str
    cidr: str
    subnet: str

    @property
    def summary(self) -> str:
        return f"add a route to {self.cidr} by {self.subnet} to {self.endpoint}"

    @property
    def _parameters(self) -> dict[str, str]:
        return {
            "ClientVpnEndpointId": self.endpoint,
            "DestinationCidrBlock": self.cidr,
            "TargetVpcSubnetId": self.subnet,
        }

    @property
    def commands(self) -> tuple[Command, ...]:
        return (Command("ec2", "create-client-vpn-route", self._parameters),)

    @property
    def undoing(self) -> tuple[Command, ...]:
        return (Command("ec2", "delete-client-vpn-route", self._parameters),)

    @property
    def terraform(self) -> tuple[Declared, ...]:
        properties = {
            "client_vpn_endpoint_id": self.endpoint,
            "destination_cidr_block": self.cidr,
            "target_vpc_subnet_id": self.subnet,
        }
        name = label(self.endpoint, self.cidr, self.subnet)
        return (Declared(type="aws_ec2_client_vpn_route", name=name, properties=properties),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        name = logical_id(self.endpoint, self.cidr, self.subnet)
        return (Declared(type="AWS::EC2::ClientVpnRoute", name=name, properties=self._parameters),)

    def make(self, edits: Edits) -> bool:
        found = edits.responses("ec2", "describe-client-vpn-routes", ClientVpnEndpointId=self.endpoint)
        route = {"ClientVpnEndpointId": self.endpoint, "DestinationCidr": self.cidr, "TargetSubnet": self.subnet}
        return appended(found, "Routes", {**route, "Status": {"Code": "active"}})
