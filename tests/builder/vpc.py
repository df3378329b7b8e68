"""VPCs: made with a main route table, a default network ACL and a default security group, as AWS does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from builder.dhcp import DhcpOptions
from builder.endpoint import GatewayEndpoint, InterfaceEndpoint, LoadBalancerEndpoint
from builder.endpoint_service import EndpointService
from builder.gateways import EgressOnlyInternetGateway, InternetGateway, VpnGateway
from builder.hosted_zone import zones_of
from builder.identity import CREATED, Record, Ref, id_of, tags
from builder.load_balancer import NetworkLoadBalancer, TargetGroup
from builder.network_acl import NetworkAcl
from builder.network_firewall import Firewall, FirewallPolicy
from builder.peering import Peering
from builder.resolver import ResolverEndpoint
from builder.route_table import RouteTable
from builder.rules import Entry, Rule, self_ref
from builder.security_group import SecurityGroup
from builder.sharing import share
from builder.store import Store
from builder.subnet import Subnet

SERVES_DNS = ("enableDnsSupport", "enableDnsHostnames")


class Vpc:
    """A VPC and what is made inside it."""

    def __init__(
        self, store: Store, name: str, cidrs: Sequence[str], ipv6: str | None, dns: Mapping[str, bool], dhcp: Ref
    ) -> None:
        self.store = store
        self.name = name
        self.id = store.id("vpc", name)
        self.cidrs: list[str] = []
        self.subnets: list[Subnet] = []
        self.network_acls: list[NetworkAcl] = []
        self.route_tables: list[RouteTable] = []
        self.record: Record = store.ec2("describe-vpcs", self._record(cidrs[0], id_of(dhcp)))
        self.main_table = self.route_table("main", main=True)
        for cidr in cidrs:
            self.add_cidr(cidr)
        if ipv6:
            self.add_ipv6(ipv6)
        self.default_acl = self._add_acl(NetworkAcl(self, "default", default=True))
        self.default_group = SecurityGroup(self, "default", [self_ref()])
        for attribute in SERVES_DNS:
            self.attribute(attribute, dns.get(attribute, True))
        zones_of(self)
        store.add(
            "route53resolver",
            "list-resolver-rule-associations",
            {
                "Id": f"rslvr-autodefined-assoc-{self.id}-internet-resolver",
                "ResolverRuleId": "rslvr-autodefined-rr-internet-resolver",
                "Name": "System Rule Association",
                "VPCId": self.id,
                "Status": "COMPLETE",
            },
        )

    def _record(self, cidr: str, dhcp: str) -> Record:
        return {
            "VpcId": self.id,
            "OwnerId": self.store.account,
            "State": "available",
            "CidrBlock": cidr,
            "CidrBlockAssociationSet": [],
            "IsDefault": False,
            "InstanceTenancy": "default",
            "DhcpOptionsId": dhcp,
            "BlockPublicAccessStates": {"InternetGatewayBlockMode": "off"},
            "Tags": tags(self.name),
        }

    def _association(self, field: str, cidr: str) -> Record:
        return {
            "AssociationId": self.store.id("vpc-cidr-assoc", self.id, cidr),
            field: cidr,
            f"{field}State": {"State": "associated"},
        }

    def _reach_locally(self, cidr: str) -> None:
        self.cidrs.append(cidr)
        for table in self.route_tables:
            table.route(cidr, "local", origin="CreateRouteTable")

    def add_cidr(self, cidr: str) -> Vpc:
        """A further IPv4 range; every table gets its local route."""
        self.record["CidrBlockAssociationSet"].append(self._association("CidrBlock", cidr))
        self._reach_locally(cidr)
        return self

    def add_ipv6(self, cidr: str) -> Vpc:
        """An IPv6 range from Amazon's pool."""
        association = self._association("Ipv6CidrBlock", cidr) | {
            "Ipv6Pool": "Amazon",
            "NetworkBorderGroup": self.store.region,
        }
        self.record.setdefault("Ipv6CidrBlockAssociationSet", []).append(association)
        self._reach_locally(cidr)
        return self

    def attribute(self, attribute: str, value: bool) -> Vpc:
        """`enableDnsSupport` or `enableDnsHostnames`, as `describe-vpc-attribute` answers."""
        answer = {"VpcId": self.id, attribute[0].upper() + attribute[1:]: {"Value": value}}
        self.store.call("ec2", "describe-vpc-attribute", {"VpcId": self.id, "Attribute": attribute}, answer)
        return self

    def subnet(self, name: str, cidr: str, az: str = "az1", *, ipv6: str | None = None, public: bool = False) -> Subnet:
        """A subnet in a zone (`use1-az2` or `az2`); `public` assigns public addresses to what starts in it."""
        subnet = Subnet(self, name, cidr, az, ipv6, public)
        self.subnets.append(subnet)
        self.default_acl.associate(subnet)
        return subnet

    def route_table(self, name: str, *subnets: Subnet, main: bool = False) -> RouteTable:
        """A route table, associated with the subnets named."""
        return RouteTable(self, name, main=main).associate(*subnets)

    def security_group(
        self, name: str, *, ingress: Sequence[Rule] = (), egress: Sequence[Rule] | None = None
    ) -> SecurityGroup:
        """A security group; without `egress` everything may leave."""
        return SecurityGroup(self, name, ingress, egress)

    def network_acl(self, name: str, *entries: Entry, subnets: Sequence[Subnet] = ()) -> NetworkAcl:
        """A network ACL with these entries (and `*` deny) for the subnets named."""
        return self._add_acl(NetworkAcl(self, name, entries)).associate(*subnets)

    def _add_acl(self, acl: NetworkAcl) -> NetworkAcl:
        self.network_acls.append(acl)
        return acl

    def internet_gateway(self, name: str = "internet") -> InternetGateway:
        return InternetGateway(self.store, name, self)

    def egress_only_internet_gateway(self, name: str = "egress-only") -> EgressOnlyInternetGateway:
        return EgressOnlyInternetGateway(self, name)

    def vpn_gateway(self, name: str = "vpn", asn: int = 64512) -> VpnGateway:
        return VpnGateway(self.store, name, self, asn)

    def gateway_endpoint(self, service: str = "s3", *tables: RouteTable | Subnet, **options: Any) -> GatewayEndpoint:
        """A gateway endpoint (`s3` or `dynamodb`) with a route in each table (or subnet's own table)."""
        return GatewayEndpoint(self, service, [_own_table(item) for item in tables], **options)

    def endpoint(self, service: str | EndpointService, subnets: Iterable[Subnet], **options: Any) -> InterfaceEndpoint:
        """An interface endpoint for `sqs`, `airflow.env`, a full service name or an `EndpointService`.

        Options: name, groups, private_dns, policy, state, addresses, dns_options, private_names, managed, ipv6.
        """
        return InterfaceEndpoint(self, service, list(subnets), **options)

    def load_balancer_endpoint(self, name: str, subnet: Subnet, service: str = "") -> LoadBalancerEndpoint:
        """A Gateway Load Balancer endpoint (an appliance's, or a firewall's)."""
        return LoadBalancerEndpoint(self, name, subnet, service)

    def peer(self, other: Vpc, *, state: str = "active", **options: bool) -> Peering:
        """A peering that this VPC asked for; options: requester_dns, accepter_dns."""
        return Peering(self, other, state, **options)

    def network_load_balancer(self, name: str, subnets: Iterable[Subnet], **options: Any) -> NetworkLoadBalancer:
        """A Network Load Balancer; options: groups, addresses, ipv6, internal, enforce_private_link, cross_zone,
        state.
        """
        return NetworkLoadBalancer(self, name, list(subnets), **options)

    def target_group(self, name: str, port: int, **options: Any) -> TargetGroup:
        """A target group; options: protocol, target_type, attributes, health_check_port, health_check_protocol,
        address_type.
        """
        return TargetGroup(self, name, port, **options)

    def resolver_endpoint(
        self, name: str, direction: str, addresses: Mapping[Subnet, str], groups: Sequence[SecurityGroup]
    ) -> ResolverEndpoint:
        """A Route 53 Resolver endpoint, `INBOUND` or `OUTBOUND`, with an address in each subnet."""
        return ResolverEndpoint(self, name, direction, addresses, groups)

    def network_firewall(self, name: str, subnets: Iterable[Subnet], policy: FirewallPolicy) -> Firewall:
        """A Network Firewall with an endpoint in each subnet."""
        return Firewall(self, name, list(subnets), policy)

    def use_dhcp(self, options: DhcpOptions) -> Vpc:
        self.record["DhcpOptionsId"] = options.id
        return self

    def exclude_from_block(self, mode: str = "allow-bidirectional") -> Vpc:
        """Exclude the VPC from VPC Block Public Access: `allow-bidirectional` or `allow-egress`."""
        exclusion: Record = {
            "ExclusionId": self.store.id("vpcbpa-exclude", self.id),
            "InternetGatewayExclusionMode": mode,
            "ResourceArn": self.store.arn("ec2", f"vpc/{self.id}"),
            "State": "create-complete",
            "CreationTimestamp": CREATED,
            "LastUpdateTimestamp": CREATED,
            "Tags": [],
        }
        self.store.ec2("describe-vpc-block-public-access-exclusions", exclusion)
        return self

    def share_late(self, subnet: Subnet, stores: Sequence[Store]) -> None:
        """Show the participants, just before writing, what they may see of a shared subnet."""
        share(self.store, f"subnet {subnet.name}", *stores)

        def show() -> None:
            seen = {
                "describe-vpcs": self.record,
                "describe-subnets": subnet.record,
                "describe-route-tables": subnet.table.record,
                "describe-network-acls": subnet.network_acl.record,
            }
            for store in stores:
                for operation, record in seen.items():
                    records = store.lists["ec2", operation]
                    if not any(record is known for known in records):
                        records.append(record)

        self.store.world.late.append(show)


def _own_table(item: RouteTable | Subnet) -> RouteTable:
    if isinstance(item, RouteTable):
        return item
    if item.own_table is None:
        item.vpc.route_table(item.name, item)
    return item.table
