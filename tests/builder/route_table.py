"""Route tables, with every kind of destination and target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.identity import Record, Ref, id_of, tags

if TYPE_CHECKING:
    from builder.subnet import Subnet
    from builder.vpc import Vpc

_TARGET_FIELDS = {
    "local": "GatewayId",
    "igw": "GatewayId",
    "vgw": "GatewayId",
    "vpce": "GatewayId",
    "eigw": "EgressOnlyInternetGatewayId",
    "nat": "NatGatewayId",
    "eni": "NetworkInterfaceId",
    "pcx": "VpcPeeringConnectionId",
    "tgw": "TransitGatewayId",
    "cagw": "CarrierGatewayId",
    "lgw": "LocalGatewayId",
}


class RouteTable:
    """A table of one VPC: main, associated with subnets, or with a gateway (ingress routing)."""

    def __init__(self, vpc: Vpc, name: str, *, main: bool = False) -> None:
        store = vpc.store
        self.id = store.id("rtb", vpc.name, name)
        self.name = name
        self.vpc = vpc
        self.record: Record = store.ec2(
            "describe-route-tables",
            {
                "RouteTableId": self.id,
                "VpcId": vpc.id,
                "OwnerId": store.account,
                "Associations": [],
                "PropagatingVgws": [],
                "Routes": [],
                "Tags": tags(name),
            },
        )
        vpc.route_tables.append(self)
        for cidr in vpc.cidrs:
            self._local(cidr)
        if main:
            self._associate(main=True)

    def _local(self, cidr: str) -> None:
        self.route(cidr, "local", origin="CreateRouteTable")

    def _associate(self, *, main: bool = False, **what: str) -> None:
        association = {
            "Main": main,
            "RouteTableAssociationId": self.vpc.store.id("rtbassoc", self.id, *what.values()),
            "RouteTableId": self.id,
            **what,
            "AssociationState": {"State": "associated"},
        }
        self.record["Associations"].append(association)

    def associate(self, *subnets: Subnet) -> RouteTable:
        """Make this the subnets' own table."""
        for subnet in subnets:
            subnet.disassociate()
            self._associate(SubnetId=subnet.id)
            subnet.own_table = self
        return self

    def associate_gateway(self, gateway: Ref) -> RouteTable:
        """Make this the table of what enters by an internet or VPN gateway."""
        self._associate(GatewayId=id_of(gateway))
        return self

    def route(self, destination: Ref, target: Ref, *, state: str = "active", origin: str = "CreateRoute") -> RouteTable:
        """Send a CIDR or a prefix list to any target; a route to the same destination is replaced."""
        self.remove(destination)
        self.record["Routes"].append(
            {_destination_field(id_of(destination)): id_of(destination)}
            | _target(target)
            | {"Origin": origin, "State": state}
        )
        return self

    def blackhole(self, destination: Ref, target: Ref) -> RouteTable:
        """A route whose target is gone."""
        return self.route(destination, target, state="blackhole")

    def propagate(self, gateway: Ref, *cidrs: str) -> RouteTable:
        """What a virtual private gateway propagates; a static route to the same CIDR stays beside it."""
        if not any(vgw["GatewayId"] == id_of(gateway) for vgw in self.record["PropagatingVgws"]):
            self.record["PropagatingVgws"].append({"GatewayId": id_of(gateway)})
        for cidr in cidrs:
            self.record["Routes"].append(
                {_destination_field(cidr): cidr}
                | _target(gateway)
                | {"Origin": "EnableVgwRoutePropagation", "State": "active"}
            )
        return self

    def remove(self, destination: Ref) -> RouteTable:
        """Take the route to a destination away (a propagated one stays)."""
        field = _destination_field(id_of(destination))
        self.record["Routes"] = [
            route
            for route in self.record["Routes"]
            if route.get(field) != id_of(destination) or route["Origin"] == "EnableVgwRoutePropagation"
        ]
        return self


def _destination_field(destination: str) -> str:
    if destination.startswith("pl-"):
        return "DestinationPrefixListId"
    return "DestinationIpv6CidrBlock" if ":" in destination else "DestinationCidrBlock"


def _target(target: Ref) -> Record:
    identifier = id_of(target)
    if identifier.startswith("i-"):
        interface = getattr(target, "interface", None)
        owner = getattr(target, "owner", None)
        return (
            {"InstanceId": identifier}
            | ({"InstanceOwnerId": owner} if owner else {})
            | ({"NetworkInterfaceId": interface.id} if interface else {})
        )
    if identifier.startswith("arn:"):
        return {"OdbNetworkArn" if ":odb:" in identifier else "CoreNetworkArn": identifier}
    field = _TARGET_FIELDS[identifier.partition("-")[0]]
    owner = getattr(target, "owner", None) if field == "NetworkInterfaceId" else None
    return {field: identifier} | ({"InstanceOwnerId": owner} if owner else {})
