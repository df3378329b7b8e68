"""A new VPC endpoint: a gateway endpoint for S3 and DynamoDB, an interface endpoint for every other service.

https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mwaanet.fixes.change import Change
from mwaanet.fixes.command import Command
from mwaanet.fixes.declared import Declared, label, logical_id
from mwaanet.fixes.edits import Edits, Json


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointCreation(Change):
    """Create an endpoint for a service: of gateways `tables` are routed to it, others get interfaces in `subnets`.

    `names` are the service's private names, `addresses` one free address of each subnet and `prefix_list` the list that
    a gateway is routed by: they only help to suppose it. It has a policy that allows everything, as AWS's default.
    """

    vpc: str
    service: str
    subnets: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    prefix_list: str = ""

    @property
    def is_gateway(self) -> bool:
        """Whether routes lead to it."""
        return bool(self.tables)

    @property
    def summary(self) -> str:
        kind = "a gateway endpoint" if self.is_gateway else "an interface endpoint with private DNS"
        return f"create {kind} for {self.service} in {self.vpc}"

    @property
    def commands(self) -> tuple[Command, ...]:
        parameters: dict[str, Any] = {"VpcId": self.vpc, "ServiceName": self.service}
        if self.is_gateway:
            parameters |= {"VpcEndpointType": "Gateway", "RouteTableIds": list(self.tables)}
        else:
            parameters |= {"VpcEndpointType": "Interface", "SubnetIds": list(self.subnets)}
            parameters |= {"SecurityGroupIds": list(self.groups), "PrivateDnsEnabled": True}
        return (Command("ec2", "create-vpc-endpoint", parameters),)

    @property
    def lasting(self) -> str:
        return "the new endpoint is deleted by the id that AWS gives it"

    @property
    def terraform(self) -> tuple[Declared, ...]:
        properties: dict[str, Any] = {"vpc_id": self.vpc, "service_name": self.service}
        if self.is_gateway:
            properties |= {"vpc_endpoint_type": "Gateway", "route_table_ids": list(self.tables)}
        else:
            properties |= {"vpc_endpoint_type": "Interface", "subnet_ids": list(self.subnets)}
            properties |= {"security_group_ids": list(self.groups), "private_dns_enabled": True}
        name = label(self.service.rpartition(".")[2])
        return (Declared(type="aws_vpc_endpoint", name=name, properties=properties),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        (command,) = self.commands
        name = logical_id(self.service.rpartition(".")[2], "Endpoint")
        return (Declared(type="AWS::EC2::VPCEndpoint", name=name, properties=dict(command.parameters)),)

    def make(self, edits: Edits) -> bool:
        endpoints = edits.lists("ec2", "describe-vpc-endpoints", self.account, self.region)
        interfaces = edits.lists("ec2", "describe-network-interfaces", self.account, self.region)
        if not endpoints or not interfaces:
            return False
        name = f"vpce-new-{self.service.rpartition('.')[2]}"
        record: Json = {"VpcEndpointId": name, "VpcId": self.vpc, "ServiceName": self.service, "State": "available"}
        record |= {"VpcEndpointType": "Gateway" if self.is_gateway else "Interface", "OwnerId": self.account}
        endpoints[0].append(record)
        if self.is_gateway:
            record["RouteTableIds"] = list(self.tables)
            route = {"DestinationPrefixListId": self.prefix_list, "GatewayId": name, "State": "active"}
            for table in edits.records("ec2", "describe-route-tables"):
                if table.get("RouteTableId") in self.tables:
                    table.setdefault("Routes", []).append(dict(route))
            return bool(self.prefix_list)
        held = [self._interface(name, subnet, at) for subnet, at in zip(self.subnets, self.addresses, strict=True)]
        interfaces[0].extend(held)
        record["NetworkInterfaceIds"] = [one["NetworkInterfaceId"] for one in held]
        record |= {"PrivateDnsEnabled": True, "SubnetIds": list(self.subnets)}
        record["Groups"] = [{"GroupId": group} for group in self.groups]
        record["DnsEntries"] = [{"DnsName": private} for private in self.names]
        return True

    def _interface(self, endpoint: str, subnet: str, address: str) -> Json:
        return {
            "NetworkInterfaceId": f"eni-{endpoint}-{subnet}",
            "SubnetId": subnet,
            "VpcId": self.vpc,
            "OwnerId": self.account,
            "InterfaceType": "vpc_endpoint",
            "Description": f"VPC Endpoint Interface {endpoint}",
            "PrivateIpAddress": address,
            "PrivateIpAddresses": [{"Primary": True, "PrivateIpAddress": address}],
            "Groups": [{"GroupId": group} for group in self.groups],
            "SourceDestCheck": True,
            "Status": "in-use",
        }
