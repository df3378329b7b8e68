"""VPC endpoints: gateway, interface and Gateway Load Balancer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from builder.endpoint_service import EndpointService, base_name, private_names, service_name
from builder.identity import CREATED, Record, digest, hosted_zone_id, tags
from builder.prefix_list import aws_prefix_list
from builder.route_table import RouteTable
from builder.rules import rule
from builder.security_group import SecurityGroup

if TYPE_CHECKING:
    from builder.subnet import Subnet
    from builder.vpc import Vpc

OPEN_POLICY = {"Statement": [{"Action": "*", "Effect": "Allow", "Principal": "*", "Resource": "*"}]}
GATEWAY_POLICY = {"Version": "2008-10-17"} | OPEN_POLICY
Policy = Mapping[str, object] | str
_VPCE_ZONE = "Z7HUB22UULQXV"
_REQUESTER = "727180483921"


def as_text(policy: Policy) -> str:
    """A policy as the AWS CLI prints it for endpoints, buckets and keys: text."""
    return policy if isinstance(policy, str) else json.dumps(policy)


def _common(vpc: Vpc, identifier: str, kind: str, service: str, state: str) -> Record:
    return {
        "VpcEndpointId": identifier,
        "VpcEndpointType": kind,
        "VpcId": vpc.id,
        "OwnerId": vpc.store.account,
        "ServiceName": service,
        "ServiceRegion": vpc.store.region,
        "State": state,
        "RequesterManaged": False,
        "PrivateDnsEnabled": False,
        "RouteTableIds": [],
        "SubnetIds": [],
        "Groups": [],
        "NetworkInterfaceIds": [],
        "DnsEntries": [],
        "IpAddressType": "ipv4",
        "DnsOptions": {"DnsRecordIpType": "ipv4"},
        "CreationTimestamp": CREATED,
    }


class GatewayEndpoint:
    """A gateway endpoint for S3 or DynamoDB: a prefix list route in each of its tables."""

    def __init__(
        self,
        vpc: Vpc,
        service: str,
        tables: Sequence[RouteTable],
        *,
        name: str = "",
        policy: Policy = GATEWAY_POLICY,
        state: str = "available",
    ) -> None:
        self.vpc = vpc
        self.id = vpc.store.id("vpce", vpc.name, name or service, "gateway")
        self.prefix_list = aws_prefix_list(vpc.store.region, service)
        full = service_name(service, vpc.store.region)
        self.record: Record = vpc.store.ec2(
            "describe-vpc-endpoints",
            _common(vpc, self.id, "Gateway", full, state)
            | {"PolicyDocument": as_text(policy), "Tags": tags(name or service)},
        )
        self.record["DnsOptions"] = {"DnsRecordIpType": "service-defined"}
        self.associate(*tables)

    def associate(self, *tables: RouteTable) -> GatewayEndpoint:
        """Put the endpoint's route into tables."""
        for table in tables:
            table.route(self.prefix_list.id, self)
            self.record["RouteTableIds"].append(table.id)
        return self

    def disassociate(self, *tables: RouteTable) -> GatewayEndpoint:
        """Take the endpoint's route out of tables."""
        for table in tables:
            table.remove(self.prefix_list.id)
            self.record["RouteTableIds"].remove(table.id)
        return self

    def policy(self, document: Policy) -> GatewayEndpoint:
        self.record["PolicyDocument"] = as_text(document)
        return self


class InterfaceEndpoint:
    """An interface endpoint: an interface in each subnet, names in public and, if asked, in private DNS."""

    def __init__(
        self,
        vpc: Vpc,
        service: str | EndpointService,
        subnets: Sequence[Subnet],
        *,
        name: str = "",
        groups: Sequence[SecurityGroup] | None = None,
        private_dns: bool | None = None,
        policy: Policy | None = OPEN_POLICY,
        state: str = "available",
        addresses: Sequence[str | None] = (),
        dns_options: Mapping[str, object] | None = None,
        private_names: Sequence[str] = (),
        managed: bool = False,
        ipv6: Sequence[str] = (),
    ) -> None:
        own = isinstance(service, EndpointService)
        self.vpc = vpc
        self.service = service if isinstance(service, EndpointService) else None
        self.service_name = service_name(service if isinstance(service, str) else service.name, vpc.store.region)
        label = name or (service.label if isinstance(service, EndpointService) else service)
        self.id = vpc.store.id("vpce", vpc.name, label)
        self.record: Record = _common(vpc, self.id, "Interface", self.service_name, state)
        self.record["Tags"] = tags(label) + ([{"Key": "AmazonMWAAManaged", "Value": "true"}] if managed else [])
        vpc.store.ec2("describe-vpc-endpoints", self.record)
        by_customer = own or ".vpce-svc-" in self.service_name
        if policy is not None and not by_customer:
            self.record["PolicyDocument"] = as_text(policy)
        self.record["DnsOptions"] |= dict(dns_options or {})
        self.groups = list(groups) if groups is not None else [self._https_group(label)]
        self.record["Groups"] = [group.reference for group in self.groups]
        for number, subnet in enumerate(subnets):
            self.add_subnet(subnet, addresses[number] if number < len(addresses) else None, ipv6[number : number + 1])
        self.record["IpAddressType"] = "dualstack" if ipv6 else "ipv4"
        wanted = not by_customer if private_dns is None else private_dns
        self.private_dns(wanted, private_names)
        if self.service is not None:
            self.service.connect(self)

    def _https_group(self, label: str) -> SecurityGroup:
        ingress = [rule("tcp", 443, *(cidr for cidr in self.vpc.cidrs))]
        return SecurityGroup(self.vpc, f"{label}-endpoint", ingress)

    def add_subnet(self, subnet: Subnet, address: str | None = None, ipv6: Sequence[str] = ()) -> InterfaceEndpoint:
        """One interface more."""
        interface = subnet.interface(
            address,
            ipv6=ipv6,
            groups=self.groups,
            name=f"{self.id} {subnet.name}",
            kind="vpc_endpoint",
            description=f"VPC Endpoint Interface {self.id}",
            requester=_REQUESTER,
        )
        interface.record["TagSet"] = []
        self.record["SubnetIds"].append(subnet.id)
        self.record["NetworkInterfaceIds"].append(interface.id)
        self._name()
        return self

    @property
    def interfaces(self) -> list[Record]:
        """The records of the endpoint's interfaces."""
        held = self.vpc.store.lists["ec2", "describe-network-interfaces"]
        return [record for record in held if record["NetworkInterfaceId"] in self.record["NetworkInterfaceIds"]]

    @property
    def dns_name(self) -> str:
        """The `vpce-…` name that public DNS answers with all private addresses."""
        return f"{self.id}-{digest('dns', self.id)[:8]}.{base_name(self.service_name, self.vpc.store.region)}"

    def _name(self, private: Sequence[str] = ()) -> None:
        zones = dict.fromkeys(record["AvailabilityZone"] for record in self.interfaces)
        head, _, rest = self.dns_name.partition(".")
        names = [self.dns_name, *(f"{head}-{zone}.{rest}" for zone in zones)]
        starred = "*." if self.service_name.endswith(".s3") else ""
        self.record["DnsEntries"] = [{"DnsName": starred + item, "HostedZoneId": _VPCE_ZONE} for item in names] + [
            {"DnsName": item, "HostedZoneId": hosted_zone_id(self.id, item)} for item in private
        ]

    def private_dns(self, enabled: bool, names: Sequence[str] = ()) -> InterfaceEndpoint:
        """Switch private DNS: its names are the service's own, unless others are given."""
        own = self.service.private_names if self.service else private_names(self.service_name, self.vpc.store.region)
        self._name((names or own) if enabled else ())
        self.record["PrivateDnsEnabled"] = enabled
        return self

    def state(self, state: str) -> InterfaceEndpoint:
        """`available`, `pendingAcceptance`, `rejected`, `failed`, …: on both sides of the connection."""
        self.record["State"] = state
        if self.service is not None:
            self.service.connections[self.id]["VpcEndpointState"] = state
        return self

    def policy(self, document: Policy) -> InterfaceEndpoint:
        self.record["PolicyDocument"] = as_text(document)
        return self

    def regroup(self, *groups: SecurityGroup) -> InterfaceEndpoint:
        """Guard the endpoint, and each of its interfaces, with other groups."""
        self.groups = list(groups)
        for record in (self.record, *self.interfaces):
            record["Groups"] = [group.reference for group in groups]
        return self


class LoadBalancerEndpoint:
    """A Gateway Load Balancer endpoint: one subnet, a target of routes."""

    def __init__(self, vpc: Vpc, name: str, subnet: Subnet, service: str = "", owner: str = "") -> None:
        store = vpc.store
        self.id = store.id("vpce", vpc.name, name, "gwlb")
        full = service or f"com.amazonaws.vpce.{store.region}.{store.id('vpce-svc', name, 'gwlb')}"
        self.interface = subnet.interface(
            groups=[],
            kind="gateway_load_balancer_endpoint",
            description=f"VPC Endpoint Interface {self.id}",
            requester=_REQUESTER,
            source_dest_check=False,
        )
        self.record: Record = store.ec2(
            "describe-vpc-endpoints",
            _common(vpc, self.id, "GatewayLoadBalancer", full, "available")
            | {
                "SubnetIds": [subnet.id],
                "NetworkInterfaceIds": [self.interface.id],
                "RequesterManaged": bool(owner),
                "Tags": tags(name) + ([{"Key": "Firewall", "Value": owner}] if owner else []),
            },
        )
