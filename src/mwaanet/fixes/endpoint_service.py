"""Changes at an endpoint service, which its owner makes: accept a connection, allow a consumer's account.

https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html
"""

from __future__ import annotations

from dataclasses import dataclass

from mwaanet.fixes.change import Change
from mwaanet.fixes.command import Command
from mwaanet.fixes.declared import Declared, label, logical_id
from mwaanet.fixes.edits import Edits, appended, updated


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionAcceptance(Change):
    """Accept an endpoint that waits, or was rejected, at its service; `Unsuccessful` in AWS's answer names a refusal.

    https://docs.aws.amazon.com/vpc/latest/privatelink/accept-reject-endpoint-requests.html
    """

    service: str
    endpoint: str

    @property
    def summary(self) -> str:
        return f"have the owner of {self.service} accept {self.endpoint}"

    @property
    def commands(self) -> tuple[Command, ...]:
        parameters = {"ServiceId": self.service, "VpcEndpointIds": [self.endpoint]}
        return (Command("ec2", "accept-vpc-endpoint-connections", parameters),)

    @property
    def lasting(self) -> str:
        return "an endpoint that was accepted can be rejected, but not made to wait again"

    @property
    def terraform(self) -> tuple[Declared, ...]:
        properties = {"vpc_endpoint_service_id": self.service, "vpc_endpoint_id": self.endpoint}
        kind = "aws_vpc_endpoint_connection_accepter"
        return (Declared(type=kind, name=label(self.endpoint), properties=properties),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        return (Declared(note="CloudFormation has no resource that accepts an endpoint: use the command"),)

    def make(self, edits: Edits) -> bool:
        endpoints = edits.records("ec2", "describe-vpc-endpoints", VpcEndpointId=self.endpoint)
        connections = edits.records("ec2", "describe-vpc-endpoint-connections", VpcEndpointId=self.endpoint)
        updated(connections, VpcEndpointState="available")
        return updated(endpoints, State="available")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrincipalPermission(Change):
    """Allow an account, role or user to make endpoints for a service."""

    service: str
    principal: str

    @property
    def summary(self) -> str:
        return f"have the owner of {self.service} allow {self.principal}"

    @property
    def commands(self) -> tuple[Command, ...]:
        parameters = {"ServiceId": self.service, "AddAllowedPrincipals": [self.principal]}
        return (Command("ec2", "modify-vpc-endpoint-service-permissions", parameters),)

    @property
    def undoing(self) -> tuple[Command, ...]:
        parameters = {"ServiceId": self.service, "RemoveAllowedPrincipals": [self.principal]}
        return (Command("ec2", "modify-vpc-endpoint-service-permissions", parameters),)

    @property
    def terraform(self) -> tuple[Declared, ...]:
        properties = {"vpc_endpoint_service_id": self.service, "principal_arn": self.principal}
        kind = "aws_vpc_endpoint_service_allowed_principal"
        return (Declared(type=kind, name=label(self.service), properties=properties),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        return (
            Declared(
                type="AWS::EC2::VPCEndpointServicePermissions",
                name=logical_id(self.service, "Permissions"),
                properties={"ServiceId": self.service, "AllowedPrincipals": [self.principal]},
                note="AllowedPrincipals is the whole list: keep those that it has already",
            ),
        )

    def make(self, edits: Edits) -> bool:
        found = edits.responses("ec2", "describe-vpc-endpoint-service-permissions", ServiceId=self.service)
        return appended(found, "AllowedPrincipals", {"Principal": self.principal})
