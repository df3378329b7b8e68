"""What a topology is, said once: from this both the snapshot and the kernel's network are made, each on its own.

Every noun has a name of its own, and others refer to it by that name; a table or an ACL names the subnets that use it.
"""

from __future__ import annotations

from dataclasses import dataclass

Ports = tuple[int, int]

ANY = "0.0.0.0/0"


@dataclass(frozen=True)
class Vpc:
    name: str
    cidrs: tuple[str, ...]
    internet: bool = False
    """Whether an internet gateway is attached."""
    ipv6: str = ""
    egress_only: bool = False
    """Whether there is an egress-only internet gateway, for IPv6."""


@dataclass(frozen=True)
class Subnet:
    name: str
    vpc: str
    cidr: str
    zone: str
    ipv6: str = ""


@dataclass(frozen=True)
class Route:
    """A route of a VPC's table; without a target, the target is gone (a blackhole)."""

    destination: str
    target: str


@dataclass(frozen=True)
class Table:
    """A route table; a VPC's main one says so and serves the subnets that no other table names.

    `learns` are the virtual private gateways that propagate to it what they learned.
    """

    name: str
    vpc: str
    routes: tuple[Route, ...] = ()
    subnets: tuple[str, ...] = ()
    main: bool = False
    learns: tuple[str, ...] = ()


@dataclass(frozen=True)
class PrefixList:
    name: str
    cidrs: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """An entry of a network ACL; without ports it is about all of its protocol."""

    egress: bool
    number: int
    allow: bool
    protocol: str
    ports: Ports | None
    cidr: str


@dataclass(frozen=True)
class Acl:
    name: str
    vpc: str
    entries: tuple[Entry, ...] = ()
    subnets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A rule of a security group: whom it names is a CIDR, a prefix list or a group."""

    egress: bool
    protocol: str
    ports: Ports | None
    peer: str


@dataclass(frozen=True)
class Group:
    name: str
    vpc: str
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Host:
    """An interface with a client and a server behind it."""

    name: str
    subnet: str
    address: str
    groups: tuple[str, ...] = ()
    public: str = ""
    ipv6: str = ""


@dataclass(frozen=True)
class Nat:
    """A NAT gateway, public where it has an Elastic IP."""

    name: str
    subnet: str
    address: str
    public: str = ""
    available: bool = True


@dataclass(frozen=True)
class Peering:
    name: str
    requester: str
    accepter: str
    active: bool = True


@dataclass(frozen=True)
class Hub:
    """A transit gateway."""

    name: str
    group_references: bool = False


@dataclass(frozen=True)
class HubPeering:
    """Two transit gateways, peered: an attachment of both."""

    name: str
    hub: str
    other: str
    available: bool = True


@dataclass(frozen=True)
class HubRoute:
    """A static route of a transit gateway's table; without an attachment it drops."""

    destination: str
    attachment: str


@dataclass(frozen=True)
class HubTable:
    """A transit gateway's table: who is looked up in it, who announces to it (in that order), and static routes."""

    name: str
    hub: str
    associated: tuple[str, ...] = ()
    propagating: tuple[str, ...] = ()
    routes: tuple[HubRoute, ...] = ()


@dataclass(frozen=True)
class Attachment:
    """A VPC attached to a transit gateway by one subnet for each zone."""

    name: str
    hub: str
    vpc: str
    subnets: tuple[str, ...]
    appliance: bool = False
    group_references: bool = False
    available: bool = True


@dataclass(frozen=True)
class VpnGateway:
    name: str
    vpc: str


@dataclass(frozen=True)
class FirewallRule:
    """A rule of a site's firewall; the direction is the site's."""

    outbound: bool
    allow: bool
    source: str
    destination: str
    ports: Ports | None


@dataclass(frozen=True)
class Site:
    """An on-premises site behind one VPN connection to a transit gateway or a virtual private gateway.

    `announces` is what AWS learns over the connection (by BGP, or as static routes), `routes` what the site sends to
    AWS (None: whatever AWS announces).
    """

    name: str
    gateway: str
    cidr: str
    hosts: tuple[str, ...]
    announces: tuple[str, ...]
    static: bool = False
    up: bool = True
    routes: tuple[str, ...] | None = None
    firewall_allows: bool = True
    firewall: tuple[FirewallRule, ...] = ()


@dataclass(frozen=True)
class Flow:
    """One connection to be tried: from an end's address to an address, which is the other end's own or public one."""

    source: str
    source_address: str
    destination: str
    address: str
    sport: int
    dport: int


OUTSIDE = "outside"
"""The end that stands for the internet, with the addresses below."""
OUTSIDE_HOSTS = ("8.8.8.8", "93.184.216.34")


@dataclass(frozen=True)
class Topology:
    vpcs: tuple[Vpc, ...] = ()
    subnets: tuple[Subnet, ...] = ()
    lists: tuple[PrefixList, ...] = ()
    peerings: tuple[Peering, ...] = ()
    hubs: tuple[Hub, ...] = ()
    hub_peerings: tuple[HubPeering, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    vpn_gateways: tuple[VpnGateway, ...] = ()
    sites: tuple[Site, ...] = ()
    hub_tables: tuple[HubTable, ...] = ()
    nats: tuple[Nat, ...] = ()
    tables: tuple[Table, ...] = ()
    acls: tuple[Acl, ...] = ()
    groups: tuple[Group, ...] = ()
    hosts: tuple[Host, ...] = ()
    flows: tuple[Flow, ...] = ()

    def vpc(self, name: str) -> Vpc:
        return next(one for one in self.vpcs if one.name == name)

    def subnet(self, name: str) -> Subnet:
        return next(one for one in self.subnets if one.name == name)

    def vpc_of(self, subnet: str) -> str:
        return self.subnet(subnet).vpc

    def interfaces(self, vpc: str) -> list[Host | Nat]:
        """The interfaces of a VPC that send and take packets."""
        every: list[Host | Nat] = [*self.hosts, *(one for one in self.nats if one.available)]
        return [one for one in every if self.vpc_of(one.subnet) == vpc]
