"""One mapping from id to record for every noun; of what accounts share, the owner's copy wins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from mwaanet.model.answers import Answers
from mwaanet.model.availability_zone import AvailabilityZone
from mwaanet.model.client_vpn_endpoint import ClientVpnEndpoint
from mwaanet.model.dhcp_options import DhcpOptions
from mwaanet.model.direct_connect import DirectConnectGateway, VirtualInterface
from mwaanet.model.endpoint_service import ServiceConfiguration, ServiceDetail, VpcEndpointConnection
from mwaanet.model.environment import Environment, GetEnvironment
from mwaanet.model.grouping import grouped
from mwaanet.model.hosted_zone import HostedZone
from mwaanet.model.instance import Instance, Reservation
from mwaanet.model.internet_gateway import EgressOnlyInternetGateway, InternetGateway
from mwaanet.model.load_balancer import LoadBalancer
from mwaanet.model.nat_gateway import NatGateway
from mwaanet.model.network_acl import NetworkAcl
from mwaanet.model.network_interface import NetworkInterface
from mwaanet.model.prefix_list import ManagedPrefixList, PrefixList
from mwaanet.model.record import CamelRecord, Record
from mwaanet.model.resolver import (
    FirewallRuleGroupAssociation,
    ResolverEndpoint,
    ResolverRule,
    ResolverRuleAssociation,
)
from mwaanet.model.route53_profile import ProfileAssociation
from mwaanet.model.route_table import RouteTable
from mwaanet.model.security_group import SecurityGroup
from mwaanet.model.subnet import Subnet
from mwaanet.model.target_group import TargetGroup
from mwaanet.model.transit_gateway import TransitGateway
from mwaanet.model.transit_gateway_attachment import (
    TransitGatewayAttachment,
    TransitGatewayPeeringAttachment,
    TransitGatewayVpcAttachment,
)
from mwaanet.model.transit_gateway_route_table import TransitGatewayRouteTable
from mwaanet.model.vpc import Vpc
from mwaanet.model.vpc_endpoint import VpcEndpoint
from mwaanet.model.vpc_peering_connection import VpcPeeringConnection
from mwaanet.model.vpn_connection import VpnConnection
from mwaanet.model.vpn_gateway import VpnGateway

R = TypeVar("R", bound=Record | CamelRecord)


class Collections(Answers):
    """The records of the snapshot."""

    def _indexed(
        self,
        operation: str,
        kind: type[R],
        key: Callable[[R], str],
        owner: Callable[[R], str] | None = None,
        service: str = "ec2",
    ) -> Mapping[str, R]:
        return self._index(self.records(service, operation, kind), key, owner)

    def _index(
        self, records: Iterable[R], key: Callable[[R], str], owner: Callable[[R], str] | None
    ) -> Mapping[str, R]:
        read = list(records)
        found = {key(record): record for record in read}
        if len(found) == len(read):
            return found
        found.clear()
        for record in read:
            name = key(record)
            if name in found and (owner is None or owner(record) != self.place(record)[0]):
                continue
            found[name] = record
        return found

    @cached_property
    def vpcs(self) -> Mapping[str, Vpc]:
        """VPCs."""
        return self._indexed("describe-vpcs", Vpc, lambda r: r.vpc_id, lambda r: r.owner_id)

    @cached_property
    def subnets(self) -> Mapping[str, Subnet]:
        """Subnets."""
        return self._indexed("describe-subnets", Subnet, lambda r: r.subnet_id, lambda r: r.owner_id)

    @cached_property
    def route_tables(self) -> Mapping[str, RouteTable]:
        """Route tables."""
        return self._indexed("describe-route-tables", RouteTable, lambda r: r.route_table_id, lambda r: r.owner_id)

    @cached_property
    def network_acls(self) -> Mapping[str, NetworkAcl]:
        """Network ACLs."""
        return self._indexed("describe-network-acls", NetworkAcl, lambda r: r.network_acl_id, lambda r: r.owner_id)

    @cached_property
    def security_groups(self) -> Mapping[str, SecurityGroup]:
        """Security groups."""
        return self._indexed("describe-security-groups", SecurityGroup, lambda r: r.group_id, lambda r: r.owner_id)

    @cached_property
    def network_interfaces(self) -> Mapping[str, NetworkInterface]:
        """Network interfaces: those that were described, else those that instances carry."""
        found = dict(
            self._indexed(
                "describe-network-interfaces",
                NetworkInterface,
                lambda r: r.network_interface_id,
                lambda r: r.owner_id,
            )
        )
        for instance in self.instances.values():
            for interface in instance.network_interfaces:
                found.setdefault(interface.network_interface_id, interface)
        return found

    @cached_property
    def instances(self) -> Mapping[str, Instance]:
        """Instances."""
        reservations = self.records("ec2", "describe-instances", Reservation)
        return {instance.instance_id: instance for reservation in reservations for instance in reservation.instances}

    @cached_property
    def internet_gateways(self) -> Mapping[str, InternetGateway]:
        """Internet gateways."""
        return self._indexed("describe-internet-gateways", InternetGateway, lambda r: r.internet_gateway_id)

    @cached_property
    def egress_only_internet_gateways(self) -> Mapping[str, EgressOnlyInternetGateway]:
        """Egress-only internet gateways."""
        return self._indexed(
            "describe-egress-only-internet-gateways",
            EgressOnlyInternetGateway,
            lambda r: r.egress_only_internet_gateway_id,
        )

    @cached_property
    def nat_gateways(self) -> Mapping[str, NatGateway]:
        """NAT gateways, without those that are deleted."""
        records = self.records("ec2", "describe-nat-gateways", NatGateway)
        return self._index((r for r in records if r.state.lower() != "deleted"), lambda r: r.nat_gateway_id, None)

    @cached_property
    def vpc_endpoints(self) -> Mapping[str, VpcEndpoint]:
        """VPC endpoints, without those that are deleted."""
        records = self.records("ec2", "describe-vpc-endpoints", VpcEndpoint)
        alive = (r for r in records if r.state.lower() != "deleted")
        return self._index(alive, lambda r: r.vpc_endpoint_id, lambda r: r.owner_id)

    @cached_property
    def endpoint_services(self) -> Mapping[str, ServiceConfiguration]:
        """Own endpoint services by their service name."""
        operation = "describe-vpc-endpoint-service-configurations"
        return self._indexed(operation, ServiceConfiguration, lambda r: r.service_name)

    @cached_property
    def service_details(self) -> Mapping[str, Sequence[ServiceDetail]]:
        """Endpoint services that accounts may use, by their service name; S3 has one of each endpoint type.

        What each account lists alike is there once.
        """
        details = self.records("ec2", "describe-vpc-endpoint-services", ServiceDetail)
        different = {(one.service_name, one.service_id, one.owner, one.names): one for one in details}
        return grouped(different.values(), lambda detail: (detail.service_name,))

    @cached_property
    def vpc_endpoint_connections(self) -> Mapping[str, VpcEndpointConnection]:
        """Connections to own endpoint services by the endpoint's id."""
        operation = "describe-vpc-endpoint-connections"
        return self._indexed(operation, VpcEndpointConnection, lambda r: r.vpc_endpoint_id)

    @cached_property
    def vpc_peering_connections(self) -> Mapping[str, VpcPeeringConnection]:
        """Peering connections."""
        operation = "describe-vpc-peering-connections"
        return self._indexed(operation, VpcPeeringConnection, lambda r: r.vpc_peering_connection_id)

    @cached_property
    def transit_gateways(self) -> Mapping[str, TransitGateway]:
        """Transit gateways."""
        operation = "describe-transit-gateways"
        return self._indexed(operation, TransitGateway, lambda r: r.transit_gateway_id, lambda r: r.owner_id)

    @cached_property
    def transit_gateway_attachments(self) -> Mapping[str, TransitGatewayAttachment]:
        """Transit gateway attachments of every kind, as the transit gateway's owner sees them."""
        return self._indexed(
            "describe-transit-gateway-attachments",
            TransitGatewayAttachment,
            lambda r: r.transit_gateway_attachment_id,
            lambda r: r.transit_gateway_owner_id,
        )

    @cached_property
    def transit_gateway_vpc_attachments(self) -> Mapping[str, TransitGatewayVpcAttachment]:
        """VPC attachments, as the VPC's owner sees them."""
        return self._indexed(
            "describe-transit-gateway-vpc-attachments",
            TransitGatewayVpcAttachment,
            lambda r: r.transit_gateway_attachment_id,
            lambda r: r.vpc_owner_id,
        )

    @cached_property
    def transit_gateway_peering_attachments(self) -> Mapping[str, TransitGatewayPeeringAttachment]:
        """Peering attachments."""
        return self._indexed(
            "describe-transit-gateway-peering-attachments",
            TransitGatewayPeeringAttachment,
            lambda r: r.transit_gateway_attachment_id,
        )

    @cached_property
    def transit_gateway_route_tables(self) -> Mapping[str, TransitGatewayRouteTable]:
        """Transit gateway route tables."""
        operation = "describe-transit-gateway-route-tables"
        return self._indexed(operation, TransitGatewayRouteTable, lambda r: r.transit_gateway_route_table_id)

    @cached_property
    def vpn_gateways(self) -> Mapping[str, VpnGateway]:
        """Virtual private gateways."""
        return self._indexed("describe-vpn-gateways", VpnGateway, lambda r: r.vpn_gateway_id)

    @cached_property
    def vpn_connections(self) -> Mapping[str, VpnConnection]:
        """VPN connections, without those that are deleted."""
        records = self.records("ec2", "describe-vpn-connections", VpnConnection)
        return self._index((r for r in records if r.state.lower() != "deleted"), lambda r: r.vpn_connection_id, None)

    @cached_property
    def client_vpn_endpoints(self) -> Mapping[str, ClientVpnEndpoint]:
        """Client VPN endpoints, without those that are deleted."""
        records = self.records("ec2", "describe-client-vpn-endpoints", ClientVpnEndpoint)
        alive = (r for r in records if r.status.code.lower() != "deleted")
        return self._index(alive, lambda r: r.client_vpn_endpoint_id, None)

    @cached_property
    def prefix_lists(self) -> Mapping[str, ManagedPrefixList]:
        """Prefix lists, customer-managed and AWS-managed."""
        operation = "describe-managed-prefix-lists"
        return self._indexed(operation, ManagedPrefixList, lambda r: r.prefix_list_id, lambda r: r.owner_id)

    @cached_property
    def service_prefix_lists(self) -> Mapping[str, PrefixList]:
        """The prefix lists of gateway endpoint services, with their addresses."""
        return self._indexed("describe-prefix-lists", PrefixList, lambda r: r.prefix_list_id)

    @cached_property
    def load_balancers(self) -> Mapping[str, LoadBalancer]:
        """Load balancers by ARN."""
        operation = "describe-load-balancers"
        return self._indexed(operation, LoadBalancer, lambda r: r.load_balancer_arn, service="elbv2")

    @cached_property
    def target_groups(self) -> Mapping[str, TargetGroup]:
        """Target groups by ARN."""
        return self._indexed("describe-target-groups", TargetGroup, lambda r: r.target_group_arn, service="elbv2")

    @cached_property
    def direct_connect_gateways(self) -> Mapping[str, DirectConnectGateway]:
        """Direct Connect gateways."""
        operation = "describe-direct-connect-gateways"
        key: Callable[[DirectConnectGateway], str] = lambda r: r.direct_connect_gateway_id  # noqa: E731
        return self._indexed(operation, DirectConnectGateway, key, service="directconnect")

    @cached_property
    def virtual_interfaces_by_id(self) -> Mapping[str, VirtualInterface]:
        """Direct Connect virtual interfaces."""
        operation = "describe-virtual-interfaces"
        key: Callable[[VirtualInterface], str] = lambda r: r.virtual_interface_id  # noqa: E731
        return self._indexed(operation, VirtualInterface, key, service="directconnect")

    @cached_property
    def dhcp_options(self) -> Mapping[str, DhcpOptions]:
        """DHCP option sets."""
        return self._indexed("describe-dhcp-options", DhcpOptions, lambda r: r.dhcp_options_id)

    @cached_property
    def availability_zones(self) -> Mapping[tuple[str, str], AvailabilityZone]:
        """Availability Zones by account and name."""
        records = self.records("ec2", "describe-availability-zones", AvailabilityZone)
        return {(self.place(record)[0], record.zone_name): record for record in records}

    @cached_property
    def resolver_endpoints(self) -> Mapping[str, ResolverEndpoint]:
        """Route 53 Resolver endpoints."""
        operation = "list-resolver-endpoints"
        return self._indexed(operation, ResolverEndpoint, lambda r: r.id, service="route53resolver")

    @cached_property
    def resolver_rules(self) -> Mapping[str, ResolverRule]:
        """Route 53 Resolver rules."""
        operation = "list-resolver-rules"
        return self._indexed(operation, ResolverRule, lambda r: r.id, lambda r: r.owner_id, service="route53resolver")

    @cached_property
    def _resolver_rule_associations(self) -> Mapping[str, list[ResolverRuleAssociation]]:
        records = self.records("route53resolver", "list-resolver-rule-associations", ResolverRuleAssociation)
        return grouped(records, lambda record: (record.vpc_id,))

    def resolver_rule_associations(self, vpc_id: str) -> Sequence[ResolverRuleAssociation]:
        """Which resolver rules a VPC uses."""
        return self._resolver_rule_associations.get(vpc_id, [])

    @cached_property
    def dns_firewall_associations(self) -> tuple[FirewallRuleGroupAssociation, ...]:
        """Which VPC's names a DNS Firewall filters."""
        operation = "list-firewall-rule-group-associations"
        return tuple(self.records("route53resolver", operation, FirewallRuleGroupAssociation))

    @cached_property
    def _profile_associations(self) -> Mapping[str, list[ProfileAssociation]]:
        records = self.records("route53profiles", "list-profile-associations", ProfileAssociation)
        return grouped(records, lambda record: (record.vpc_id,))

    def profile_associations(self, vpc_id: str) -> Sequence[ProfileAssociation]:
        """Which Route 53 Profiles a VPC has."""
        return self._profile_associations.get(vpc_id, [])

    @cached_property
    def hosted_zones(self) -> Mapping[str, HostedZone]:
        """Route 53 hosted zones by id without its prefix."""
        key: Callable[[HostedZone], str] = lambda r: r.id.removeprefix("/hostedzone/")  # noqa: E731
        return self._indexed("list-hosted-zones", HostedZone, key, service="route53")

    @cached_property
    def environments(self) -> tuple[Environment, ...]:
        """MWAA environments that were described, by name."""
        found = (answer.environment for _, answer in self.all_answers("mwaa", "get-environment", GetEnvironment))
        return tuple(sorted(found, key=lambda environment: (environment.name, environment.arn)))
