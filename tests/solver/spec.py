"""What stands behind addresses and routes, beside the nouns of `tests/dataplane`: load balancers and endpoints."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dataplane import spec
from dataplane.spec import Host, Nat

IPV4_BITS = 32
S3 = ("3.5.0.0/19", "16.182.0.0/16", "44.192.134.240/28", "52.216.0.0/15", "54.231.0.0/16")
"""The prefix list of S3, as the builder has it."""


@dataclass(frozen=True)
class Target:
    """A host in a target group."""

    host: str
    healthy: bool = True


@dataclass(frozen=True)
class Balancer:
    """A Network Load Balancer with an interface in each of its subnets, one listener and its target group."""

    name: str
    vpc: str
    subnets: tuple[str, ...]
    addresses: tuple[str, ...]
    port: int
    target_port: int
    targets: tuple[Target, ...] = ()
    groups: tuple[str, ...] = ()
    enforced: bool = True
    """Whether its inbound rules see what comes by PrivateLink."""
    cross_zone: bool = False
    preserves: bool = False
    """Whether targets see the client's address."""


@dataclass(frozen=True)
class Endpoint:
    """An interface endpoint of a load balancer's endpoint service, or without one of a service of AWS."""

    name: str
    vpc: str
    subnets: tuple[str, ...]
    addresses: tuple[str, ...]
    groups: tuple[str, ...]
    balancer: str = ""
    available: bool = True


@dataclass(frozen=True)
class GatewayEndpoint:
    """S3, by a route in each of the tables."""

    name: str
    vpc: str
    tables: tuple[str, ...]
    available: bool = True


@dataclass(frozen=True)
class Node:
    """The interface of a load balancer or endpoint in a subnet."""

    name: str
    subnet: str
    address: str
    public: str = ""


@dataclass(frozen=True)
class Topology(spec.Topology):
    balancers: tuple[Balancer, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    gateway_endpoints: tuple[GatewayEndpoint, ...] = ()

    def nodes(self, one: Balancer | Endpoint) -> list[Node]:
        return [Node(one.name, *pair) for pair in zip(one.subnets, one.addresses, strict=True)]

    def interfaces(self, vpc: str) -> list[Host | Nat | Node]:  # type: ignore[override]
        every: list[Balancer | Endpoint] = [*self.balancers, *self.endpoints]
        own = [one for one in every if one.vpc == vpc]
        return [*super().interfaces(vpc), *(node for one in own for node in self.nodes(one))]


def of_family(topology: spec.Topology, bits: int) -> spec.Topology:
    """The topology as packets of one family see it: an IPv6 address or range in the place of each IPv4 one.

    Rules and routes stay, for those of the other family match nothing; load balancers, interface endpoints and NAT
    gateways have IPv4 only.
    """
    if bits == IPV4_BITS:
        return topology
    vpcs = tuple(replace(one, cidrs=(one.ipv6,)) for one in topology.vpcs if one.ipv6)
    dual = [one.name for one in vpcs]
    subnets = tuple(replace(one, cidr=one.ipv6) for one in topology.subnets if one.vpc in dual)
    hosts = tuple(replace(one, address=one.ipv6, public="") for one in topology.hosts if one.ipv6)
    seen = replace(topology, vpcs=vpcs, subnets=subnets, hosts=hosts, nats=())
    return replace(seen, balancers=(), endpoints=()) if isinstance(seen, Topology) else seen
