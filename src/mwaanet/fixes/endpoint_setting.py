"""Changes of a VPC endpoint that exists: its route tables, its private DNS, its policy.

https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
https://docs.aws.amazon.com/vpc/latest/privatelink/interface-endpoints.html#enable-private-dns-names
https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
"""

from __future__ import annotations

from dataclasses import dataclass

from mwaanet.fixes.change import Change
from mwaanet.fixes.command import Command
from mwaanet.fixes.declared import Declared, Document, label, logical_id
from mwaanet.fixes.edits import Edits, updated
from mwaanet.fixes.whole_policy import WholePolicy

_MODIFY = "modify-vpc-endpoint"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointRouteTable(Change):
    """Route a table to a gateway endpoint; `prefix_list` is the list that AWS puts into the route."""

    endpoint: str
    table: str
    prefix_list: str = ""

    @property
    def summary(self) -> str:
        return f"route {self.table} to {self.endpoint}"

    @property
    def commands(self) -> tuple[Command, ...]:
        return (Command("ec2", _MODIFY, {"VpcEndpointId": self.endpoint, "AddRouteTableIds": [self.table]}),)

    @property
    def undoing(self) -> tuple[Command, ...]:
        return (Command("ec2", _MODIFY, {"VpcEndpointId": self.endpoint, "RemoveRouteTableIds": [self.table]}),)

    @property
    def terraform(self) -> tuple[Declared, ...]:
        properties = {"vpc_endpoint_id": self.endpoint, "route_table_id": self.table}
        name = label(self.endpoint, self.table)
        return (Declared(type="aws_vpc_endpoint_route_table_association", name=name, properties=properties),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        return (
            Declared(
                type="AWS::EC2::VPCEndpoint",
                name=logical_id(self.endpoint),
                properties={"RouteTableIds": [self.table]},
                existing=self.endpoint,
                note=f"add {self.table} to those that RouteTableIds lists already",
            ),
        )

    def make(self, edits: Edits) -> bool:
        tables = edits.records("ec2", "describe-route-tables", RouteTableId=self.table)
        for table in tables:
            others = [one for one in table.get("Routes", []) if one.get("GatewayId") != self.endpoint]
            route = {"DestinationPrefixListId": self.prefix_list, "GatewayId": self.endpoint, "State": "active"}
            table["Routes"] = [*others, route]
        for endpoint in edits.records("ec2", "describe-vpc-endpoints", VpcEndpointId=self.endpoint):
            endpoint.setdefault("RouteTableIds", []).append(self.table)
        return bool(tables) and bool(self.prefix_list)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointPrivateDns(Change):
    """Let an interface endpoint answer its service's own names, which `names` are."""

    endpoint: str
    names: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        return f"turn the private DNS of {self.endpoint} on"

    @property
    def commands(self) -> tuple[Command, ...]:
        return (Command("ec2", _MODIFY, {"VpcEndpointId": self.endpoint, "PrivateDnsEnabled": True}),)

    @property
    def undoing(self) -> tuple[Command, ...]:
        return (Command("ec2", _MODIFY, {"VpcEndpointId": self.endpoint, "PrivateDnsEnabled": False}),)

    @property
    def terraform(self) -> tuple[Declared, ...]:
        properties = {"private_dns_enabled": True}
        name = label(self.endpoint)
        return (Declared(type="aws_vpc_endpoint", name=name, properties=properties, existing=self.endpoint),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        name = logical_id(self.endpoint)
        properties = {"PrivateDnsEnabled": True}
        return (Declared(type="AWS::EC2::VPCEndpoint", name=name, properties=properties, existing=self.endpoint),)

    def make(self, edits: Edits) -> bool:
        endpoints = edits.records("ec2", "describe-vpc-endpoints", VpcEndpointId=self.endpoint)
        for endpoint in endpoints:
            endpoint["PrivateDnsEnabled"] = True
            endpoint.setdefault("DnsEntries", []).extend({"DnsName": name} for name in self.names)
        return bool(endpoints)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointPolicy(WholePolicy):
    """The endpoint's policy with what was missing."""

    endpoint: str

    @property
    def subject(self) -> str:
        return self.endpoint

    @property
    def summary(self) -> str:
        return f"in the policy of {self.endpoint} {self.told}"

    @property
    def commands(self) -> tuple[Command, ...]:
        return (Command("ec2", _MODIFY, {"VpcEndpointId": self.endpoint, "PolicyDocument": self.document}),)

    @property
    def undoing(self) -> tuple[Command, ...]:
        if not self.base:
            return (Command("ec2", _MODIFY, {"VpcEndpointId": self.endpoint, "ResetPolicy": True}),)
        return (Command("ec2", _MODIFY, {"VpcEndpointId": self.endpoint, "PolicyDocument": self.base}),)

    @property
    def terraform(self) -> tuple[Declared, ...]:
        properties = {"vpc_endpoint_id": self.endpoint, "policy": Document(self.content)}
        return (Declared(type="aws_vpc_endpoint_policy", name=label(self.endpoint), properties=properties),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        properties = {"PolicyDocument": self.content}
        name = logical_id(self.endpoint)
        return (Declared(type="AWS::EC2::VPCEndpoint", name=name, properties=properties, existing=self.endpoint),)

    def make(self, edits: Edits) -> bool:
        endpoints = edits.records("ec2", "describe-vpc-endpoints", VpcEndpointId=self.endpoint)
        return updated(endpoints, PolicyDocument=self.document)
