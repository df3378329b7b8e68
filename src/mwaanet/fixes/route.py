"""A route of a VPC's route table: new, or in place of one that leads nowhere.

https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
"""

from __future__ import annotations

from dataclasses import dataclass

from mwaanet.fixes.change import Change
from mwaanet.fixes.command import Command
from mwaanet.fixes.declared import Declared, label, logical_id
from mwaanet.fixes.edits import Edits

_TARGETS = {
    "tgw": "TransitGatewayId",
    "nat": "NatGatewayId",
    "pcx": "VpcPeeringConnectionId",
    "eni": "NetworkInterfaceId",
    "vpce": "VpcEndpointId",
    "eigw": "EgressOnlyInternetGatewayId",
}
"""The field of a route's target by the beginning of its id; gateways of a VPC have `GatewayId`."""
_DESTINATIONS = {
    "DestinationCidrBlock": "destination_cidr_block",
    "DestinationIpv6CidrBlock": "destination_ipv6_cidr_block",
    "DestinationPrefixListId": "destination_prefix_list_id",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Route(Change):
    """Lead a destination (a CIDR or a prefix list) to a target of the VPC."""

    table: str
    destination: str
    target: str
    replaces: bool = False

    @property
    def summary(self) -> str:
        return f"route {self.destination} to {self.target} in {self.table}"

    @property
    def _field(self) -> str:
        return _TARGETS.get(self.target.partition("-")[0], "GatewayId")

    @property
    def _destination(self) -> str:
        if self.destination.startswith("pl-"):
            return "DestinationPrefixListId"
        return "DestinationIpv6CidrBlock" if ":" in self.destination else "DestinationCidrBlock"

    @property
    def commands(self) -> tuple[Command, ...]:
        parameters = {"RouteTableId": self.table, self._destination: self.destination, self._field: self.target}
        return (Command("ec2", "replace-route" if self.replaces else "create-route", parameters),)

    @property
    def undoing(self) -> tuple[Command, ...]:
        if self.replaces:
            return ()
        return (Command("ec2", "delete-route", {"RouteTableId": self.table, self._destination: self.destination}),)

    @property
    def lasting(self) -> str:
        return "the route that is replaced led nowhere, and AWS may not take it again" if self.replaces else ""

    @property
    def terraform(self) -> tuple[Declared, ...]:
        field = {"VpcPeeringConnectionId": "vpc_peering_connection_id", "GatewayId": "gateway_id"}.get(self._field)
        names = {
            "TransitGatewayId": "transit_gateway_id",
            "NatGatewayId": "nat_gateway_id",
            "NetworkInterfaceId": "network_interface_id",
            "VpcEndpointId": "vpc_endpoint_id",
            "EgressOnlyInternetGatewayId": "egress_only_gateway_id",
        }
        properties = {
            "route_table_id": self.table,
            _DESTINATIONS[self._destination]: self.destination,
            field or names[self._field]: self.target,
        }
        note = "import the route that it replaces first: terraform import" if self.replaces else ""
        note = f"{note} {self.table}_{self.destination}" if note else ""
        name = label(self.table, self.destination)
        return (Declared(type="aws_route", name=name, properties=properties, note=note),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        properties = {"RouteTableId": self.table, self._destination: self.destination, self._field: self.target}
        note = "delete the route that it replaces first" if self.replaces else ""
        name = logical_id("Route", self.table, self.destination)
        return (Declared(type="AWS::EC2::Route", name=name, properties=properties, note=note),)

    def make(self, edits: Edits) -> bool:
        tables = edits.records("ec2", "describe-route-tables", RouteTableId=self.table)
        route = {self._destination: self.destination, self._field: self.target}
        if self._field == "VpcEndpointId":
            route["GatewayId"] = route.pop("VpcEndpointId")
        for table in tables:
            others = [one for one in table.get("Routes", []) if one.get(self._destination) != self.destination]
            table["Routes"] = [*others, {**route, "Origin": "CreateRoute", "State": "active"}]
        return bool(tables)


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteDeletion(Change):
    """Take away a route that leads nowhere, so that a shorter one below it decides."""

    table: str
    destination: str

    @property
    def summary(self) -> str:
        return f"delete the route for {self.destination} from {self.table}"

    @property
    def _destination(self) -> str:
        return "DestinationIpv6CidrBlock" if ":" in self.destination else "DestinationCidrBlock"

    @property
    def commands(self) -> tuple[Command, ...]:
        return (Command("ec2", "delete-route", {"RouteTableId": self.table, self._destination: self.destination}),)

    @property
    def lasting(self) -> str:
        return "the route led nowhere, and AWS may not take it again"

    @property
    def terraform(self) -> tuple[Declared, ...]:
        return (Declared(note=f"remove the aws_route of {self.table} for {self.destination}, and apply"),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        return (Declared(note=f"remove the AWS::EC2::Route of {self.table} for {self.destination} from its template"),)

    def make(self, edits: Edits) -> bool:
        tables = edits.records("ec2", "describe-route-tables", RouteTableId=self.table)
        for table in tables:
            routes = table.get("Routes", [])
            table["Routes"] = [one for one in routes if one.get(self._destination) != self.destination]
        return bool(tables)
