"""Subnets: the place where interfaces, routes and NAT gateways are put."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_network
from typing import TYPE_CHECKING

from builder.gateways import NatGateway
from builder.identity import Record, Ref, tags
from builder.interface import Instance, Interface
from builder.network_acl import NetworkAcl
from builder.route_table import RouteTable
from builder.security_group import SecurityGroup

if TYPE_CHECKING:
    from builder.store import Store
    from builder.vpc import Vpc

_FIRST_FREE = 20


class Subnet:
    """A subnet: uses the VPC's main route table and default ACL until it gets its own."""

    own_table: RouteTable | None = None
    network_acl: NetworkAcl

    def __init__(self, vpc: Vpc, name: str, cidr: str, zone: str, ipv6: str | None, public: bool) -> None:
        store = vpc.store
        self.id = store.id("subnet", vpc.name, name)
        self.name = name
        self.vpc = vpc
        self.cidr = cidr
        self.zone = store.zone_id(zone)
        self._taken: set[str] = set()
        self.record: Record = store.ec2("describe-subnets", self._record(store, ipv6, public))
        self.interfaces: list[Interface] = []

    def _record(self, store: Store, ipv6: str | None, public: bool) -> Record:
        v6 = {
            "AssociationId": f"subnet-cidr-assoc-{self.id.removeprefix('subnet-')}",
            "Ipv6CidrBlock": ipv6,
            "Ipv6CidrBlockState": {"State": "associated"},
        }
        return {
            "SubnetId": self.id,
            "SubnetArn": store.arn("ec2", f"subnet/{self.id}"),
            "VpcId": self.vpc.id,
            "OwnerId": store.account,
            "State": "available",
            "CidrBlock": self.cidr,
            "AvailabilityZone": store.zone_name(self.zone),
            "AvailabilityZoneId": self.zone,
            "AvailableIpAddressCount": ip_network(self.cidr).num_addresses - 5,
            "DefaultForAz": False,
            "MapPublicIpOnLaunch": public,
            "AssignIpv6AddressOnCreation": ipv6 is not None,
            "Ipv6CidrBlockAssociationSet": [v6] if ipv6 else [],
            "Ipv6Native": False,
            "EnableDns64": False,
            "MapCustomerOwnedIpOnLaunch": False,
            "PrivateDnsNameOptionsOnLaunch": {
                "HostnameType": "ip-name",
                "EnableResourceNameDnsARecord": False,
                "EnableResourceNameDnsAAAARecord": False,
            },
            "BlockPublicAccessStates": {"InternetGatewayBlockMode": "off"},
            "Tags": tags(self.name),
        }

    def free_address(self) -> str:
        """The next address that no interface holds, from the twentieth on (or the fifth in a small subnet)."""
        network = ip_network(self.cidr)
        first = _FIRST_FREE if network.num_addresses > 2 * _FIRST_FREE else 4
        hosts = (str(network[n]) for n in range(first, network.num_addresses - 1))
        return next(address for address in hosts if address not in self._taken)

    def interface(
        self,
        address: str | None = None,
        *,
        groups: Sequence[SecurityGroup] | None = None,
        name: str = "",
        secondary: Sequence[str] = (),
        ipv6: Sequence[str] = (),
        source_dest_check: bool = True,
        kind: str = "interface",
        description: str = "",
        requester: str = "",
        store: Store | None = None,
    ) -> Interface:
        """A network interface; without groups it has the VPC's default one, `groups=[]` means none at all.

        `store` is the account (and Region) that owns it, in a shared subnet another than the VPC's.
        """
        address = address or self.free_address()
        self._taken.update((address, *secondary))
        self.record["AvailableIpAddressCount"] -= 1 + len(secondary)
        interface = Interface(
            self,
            address,
            [self.vpc.default_group] if groups is None else groups,
            name=name,
            secondary=secondary,
            ipv6=ipv6,
            source_dest_check=source_dest_check,
            kind=kind,
            description=description,
            requester=requester,
            store=store,
        )
        self.interfaces.append(interface)
        return interface

    def instance(
        self,
        name: str,
        address: str | None = None,
        *,
        groups: Sequence[SecurityGroup] | None = None,
        public: str = "",
        source_dest_check: bool = True,
        state: str = "running",
    ) -> Instance:
        """An EC2 instance, with an Elastic IP where `public` is given."""
        interface = self.interface(address, groups=groups, name=name, source_dest_check=source_dest_check)
        if public:
            interface.elastic_ip(public)
        return Instance(interface, name, state)

    def nat_gateway(
        self, name: str, address: str | None = None, *, public: str | None = None, state: str = "available"
    ) -> NatGateway:
        """A NAT gateway: public where it gets an Elastic IP (`public="203.0.113.9"`), else private."""
        return NatGateway(self, name, address or self.free_address(), public, state)

    @property
    def table(self) -> RouteTable:
        """The table that the subnet uses: its own or the VPC's main one."""
        return self.own_table or self.vpc.main_table

    def route(self, destination: Ref, target: Ref, *, state: str = "active") -> Subnet:
        """Add a route to the subnet's own table, which is made and associated when there is none."""
        if self.own_table is None:
            RouteTable(self.vpc, self.name).associate(self)
        self.table.route(destination, target, state=state)
        return self

    def disassociate(self) -> Subnet:
        """Fall back to the VPC's main table."""
        if self.own_table is not None:
            associations = self.own_table.record["Associations"]
            associations[:] = [a for a in associations if a.get("SubnetId") != self.id]
            self.own_table = None
        return self

    def share(self, *stores: Store) -> Subnet:
        """Share the subnet through RAM: participants see it, its VPC, table and ACL, and their own interfaces."""
        self.vpc.share_late(self, stores)
        return self
