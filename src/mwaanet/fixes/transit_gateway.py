"""Changes of a transit gateway: routes, propagations, associations and attachments.

https://docs.aws.amazon.com/vpc/latest/tgw/tgw-route-tables.html
https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
"""

from __future__ import annotations

from dataclasses import dataclass

from mwaanet.fixes.change import Change
from mwaanet.fixes.command import Command
from mwaanet.fixes.declared import Declared, label, logical_id
from mwaanet.fixes.edits import Edits, Json, appended, updated


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitGatewayRoute(Change):
    """A static route of a transit gateway's table; it may replace one (a blackhole) for the same CIDR."""

    table: str
    cidr: str
    attachment: str
    resource: str = ""
    resource_type: str = ""
    replaces: bool = False

    @property
    def summary(self) -> str:
        return f"route {self.cidr} to {self.attachment} in {self.table}"

    @property
    def commands(self) -> tuple[Command, ...]:
        operation = f"{'replace' if self.replaces else 'create'}-transit-gateway-route"
        parameters = {
            "TransitGatewayRouteTableId": self.table,
            "DestinationCidrBlock": self.cidr,
            "TransitGatewayAttachmentId": self.attachment,
        }
        return (Command("ec2", operation, parameters),)

    @property
    def undoing(self) -> tuple[Command, ...]:
        if self.replaces:
            return ()
        parameters = {"TransitGatewayRouteTableId": self.table, "DestinationCidrBlock": self.cidr}
        return (Command("ec2", "delete-transit-gateway-route", parameters),)

    @property
    def lasting(self) -> str:
        return "the route that is replaced led nowhere, and AWS may not take it again" if self.replaces else ""

    @property
    def terraform(self) -> tuple[Declared, ...]:
        properties = {
            "transit_gateway_route_table_id": self.table,
            "destination_cidr_block": self.cidr,
            "transit_gateway_attachment_id": self.attachment,
        }
        note = f"import the route that it replaces first: {self.table}_{self.cidr}" if self.replaces else ""
        name = label(self.table, self.cidr)
        return (Declared(type="aws_ec2_transit_gateway_route", name=name, properties=properties, note=note),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        (command,) = self.commands
        name = logical_id("Route", self.table, self.cidr)
        note = "delete the route that it replaces first" if self.replaces else ""
        kind = "AWS::EC2::TransitGatewayRoute"
        return (Declared(type=kind, name=name, properties=dict(command.parameters), note=note),)

    def make(self, edits: Edits) -> bool:
        found = edits.responses("ec2", "search-transit-gateway-routes", TransitGatewayRouteTableId=self.table)
        route: Json = {"DestinationCidrBlock": self.cidr, "Type": "static", "State": "active"}
        route["TransitGatewayAttachments"] = [
            {
                "TransitGatewayAttachmentId": self.attachment,
                "ResourceId": self.resource,
                "ResourceType": self.resource_type,
            }
        ]
        for response in found:
            static = [
                one
                for one in response.get("Routes", [])
                if one.get("DestinationCidrBlock") != self.cidr or one.get("Type") != "static"
            ]
            response["Routes"] = [*static, dict(route)]
        return bool(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitGatewayAssociation(Change):
    """The table in which what comes from an attachment is looked up."""

    table: str
    attachment: str
    resource: str = ""
    resource_type: str = ""

    @property
    def summary(self) -> str:
        return f"associate {self.attachment} with {self.table}"

    @property
    def _parameters(self) -> dict[str, str]:
        return {"TransitGatewayRouteTableId": self.table, "TransitGatewayAttachmentId": self.attachment}

    @property
    def commands(self) -> tuple[Command, ...]:
        return (Command("ec2", "associate-transit-gateway-route-table", self._parameters),)

    @property
    def undoing(self) -> tuple[Command, ...]:
        return (Command("ec2", "disassociate-transit-gateway-route-table", self._parameters),)

    @property
    def terraform(self) -> tuple[Declared, ...]:
        properties = {
            "transit_gateway_route_table_id": self.table,
            "transit_gateway_attachment_id": self.attachment,
        }
        kind = "aws_ec2_transit_gateway_route_table_association"
        return (Declared(type=kind, name=label(self.attachment), properties=properties),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        kind = "AWS::EC2::TransitGatewayRouteTableAssociation"
        return (Declared(type=kind, name=logical_id(self.attachment), properties=self._parameters),)

    def make(self, edits: Edits) -> bool:
        operation = "get-transit-gateway-route-table-associations"
        found = edits.responses("ec2", operation, TransitGatewayRouteTableId=self.table)
        record = {
            "TransitGatewayAttachmentId": self.attachment,
            "ResourceId": self.resource,
            "ResourceType": self.resource_type,
            "State": "associated",
        }
        return appended(found, "Associations", record)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentAcceptance(Change):
    """Accept a VPC's attachment that waits at the transit gateway's owner."""

    attachment: str

    @property
    def summary(self) -> str:
        return f"accept {self.attachment}"

    @property
    def commands(self) -> tuple[Command, ...]:
        parameters = {"TransitGatewayAttachmentId": self.attachment}
        return (Command("ec2", "accept-transit-gateway-vpc-attachment", parameters),)

    @property
    def lasting(self) -> str:
        return "an attachment that was accepted can be deleted, but not made to wait again"

    @property
    def terraform(self) -> tuple[Declared, ...]:
        kind = "aws_ec2_transit_gateway_vpc_attachment_accepter"
        properties = {"transit_gateway_attachment_id": self.attachment}
        return (Declared(type=kind, name=label(self.attachment), properties=properties),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        return (Declared(note="CloudFormation has no resource that accepts an attachment: use the command"),)

    def make(self, edits: Edits) -> bool:
        wanted = {"TransitGatewayAttachmentId": self.attachment}
        found = edits.records("ec2", "describe-transit-gateway-attachments", **wanted)
        found += edits.records("ec2", "describe-transit-gateway-vpc-attachments", **wanted)
        return updated(found, State="available")


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentSubnet(Change):
    """A subnet of one more zone for a VPC's attachment."""

    attachment: str
    subnet: str

    @property
    def summary(self) -> str:
        return f"add {self.subnet} to {self.attachment}"

    @property
    def commands(self) -> tuple[Command, ...]:
        parameters = {"TransitGatewayAttachmentId": self.attachment, "AddSubnetIds": [self.subnet]}
        return (Command("ec2", "modify-transit-gateway-vpc-attachment", parameters),)

    @property
    def undoing(self) -> tuple[Command, ...]:
        parameters = {"TransitGatewayAttachmentId": self.attachment, "RemoveSubnetIds": [self.subnet]}
        return (Command("ec2", "modify-transit-gateway-vpc-attachment", parameters),)

    @property
    def terraform(self) -> tuple[Declared, ...]:
        return (
            Declared(
                type="aws_ec2_transit_gateway_vpc_attachment",
                name=label(self.attachment),
                properties={"subnet_ids": [self.subnet]},
                existing=self.attachment,
                note=f"add {self.subnet} to those that subnet_ids lists already",
            ),
        )

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        return (
            Declared(
                type="AWS::EC2::TransitGatewayVpcAttachment",
                name=logical_id(self.attachment),
                properties={"AddSubnetIds": [self.subnet]},
                existing=self.attachment,
            ),
        )

    def make(self, edits: Edits) -> bool:
        wanted = {"TransitGatewayAttachmentId": self.attachment}
        found = edits.records("ec2", "describe-transit-gateway-vpc-attachments", **wanted)
        for record in found:
            record.setdefault("SubnetIds", []).append(self.subnet)
        return bool(found)
