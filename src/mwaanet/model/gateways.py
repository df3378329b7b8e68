"""What leads where: gateways, endpoints, peerings, transit gateways, load balancers, on-premises links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from mwaanet.model.arn import place_in
from mwaanet.model.direct_connect import (
    DirectConnectGatewayAssociation,
    DirectConnectGatewayAssociations,
    DirectConnectGatewayAttachments,
    VirtualInterface,
)
from mwaanet.model.endpoint_service import NAMES_OF_AWS, AllowedPrincipals, ServiceConfiguration
from mwaanet.model.grouping import grouped
from mwaanet.model.internet_gateway import InternetGateway
from mwaanet.model.listener import Listener, Listeners
from mwaanet.model.load_balancer import Attributes
from mwaanet.model.nat_gateway import NatGateway
from mwaanet.model.prefix_list import Entries
from mwaanet.model.public_access import PublicAccesses
from mwaanet.model.route_table import BY_VPN_GATEWAY, Route, RouteTable
from mwaanet.model.state import same_state
from mwaanet.model.target_group import TargetGroup, TargetHealthDescription, TargetHealthDescriptions
from mwaanet.model.unknown import Unknown
from mwaanet.model.vpc_endpoint import VpcEndpoint
from mwaanet.model.vpc_peering_connection import VpcPeeringConnection
from mwaanet.model.vpn_connection import VpnConnection
from mwaanet.model.vpn_gateway import VpnGateway
from mwaanet.net import AddressSet
from mwaanet.snapshot.operations import CallRef

R = TypeVar("R")


class Gateways(PublicAccesses):
    """Questions about what leads where."""

    @cached_property
    def _gateways_by_vpc(self) -> Mapping[str, list[InternetGateway]]:
        return grouped(self.internet_gateways.values(), lambda gateway: (a.vpc_id for a in gateway.attachments))

    def internet_gateways_of(self, vpc_id: str) -> list[str]:
        """The ids of the internet gateways attached to a VPC, or that its routes name where they were not described."""
        found = [gateway.internet_gateway_id for gateway in self._gateways_by_vpc.get(vpc_id, [])]
        if found or vpc_id not in self.vpcs or not self.unseen_in(vpc_id, "describe-internet-gateways"):
            return found
        routes = (route for table in self._tables_by_vpc.get(vpc_id, []) for route in table.routes)
        return sorted({route.gateway_id for route in routes if route.gateway_id.startswith("igw-")})

    @cached_property
    def _tables_by_vpc(self) -> Mapping[str, list[RouteTable]]:
        return grouped(self.route_tables.values(), lambda table: (table.vpc_id,))

    @cached_property
    def _routed_gateways(self) -> Mapping[str, str]:
        return {
            target: table.vpc_id
            for table in self.route_tables.values()
            for route in table.routes
            for target in (route.gateway_id, route.egress_only_internet_gateway_id)
            if target and target != "local"
        }

    def vpc_routing_to(self, gateway_id: str) -> str:
        """The VPC whose route tables name a gateway that was not described; empty where none does."""
        return self._routed_gateways.get(gateway_id, "")

    @cached_property
    def _nat_by_vpc(self) -> Mapping[str, list[NatGateway]]:
        return grouped(self.nat_gateways.values(), lambda gateway: (gateway.vpc_id,))

    def nat_gateways_of(self, vpc_id: str) -> Sequence[NatGateway]:
        """The NAT gateways of a VPC."""
        return self._nat_by_vpc.get(vpc_id, [])

    @cached_property
    def _endpoints_by_vpc(self) -> Mapping[str, list[VpcEndpoint]]:
        return grouped(self.vpc_endpoints.values(), lambda endpoint: (endpoint.vpc_id,))

    def vpc_endpoints_of(self, vpc_id: str) -> Sequence[VpcEndpoint]:
        """The endpoints of a VPC."""
        return self._endpoints_by_vpc.get(vpc_id, [])

    @cached_property
    def _endpoints_by_service(self) -> Mapping[str, list[VpcEndpoint]]:
        return grouped(self.vpc_endpoints.values(), lambda endpoint: (endpoint.service_name,))

    def vpc_endpoints_for(self, service_name: str) -> Sequence[VpcEndpoint]:
        """The endpoints for a service, in every VPC."""
        return self._endpoints_by_service.get(service_name, [])

    @cached_property
    def _holders(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for endpoint in self.vpc_endpoints.values():
            found.update(dict.fromkeys(endpoint.network_interface_ids, endpoint.vpc_endpoint_id))
        for gateway in self.nat_gateways.values():
            for address in gateway.nat_gateway_addresses:
                if address.network_interface_id:
                    found[address.network_interface_id] = gateway.nat_gateway_id
        return found

    def endpoint_of_interface(self, interface_id: str) -> str:
        """The endpoint that an interface belongs to; empty where to none."""
        holder = self._holders.get(interface_id, "")
        return holder if holder.startswith("vpce-") else ""

    def nat_gateway_of_interface(self, interface_id: str) -> str:
        """The NAT gateway that an interface belongs to; empty where to none."""
        holder = self._holders.get(interface_id, "")
        return holder if holder.startswith("nat-") else ""

    @cached_property
    def _balancers_by_name(self) -> Mapping[str, str]:
        return {f"ELB {arn.partition(':loadbalancer/')[2]}": arn for arn in self.load_balancers}

    def load_balancer_of_interface(self, interface_id: str) -> str:
        """The ARN of the load balancer that an interface belongs to, by its description; empty where to none."""
        record = self.network_interfaces.get(interface_id)
        return self._balancers_by_name.get(record.description, "") if record else ""

    def allowed_principals(self, service: ServiceConfiguration) -> tuple[str, ...] | Unknown:
        """Who may connect to an own endpoint service: ARNs, or `*`."""
        operation = "describe-vpc-endpoint-service-permissions"
        found = self.answers("ec2", operation, *self.place(service), AllowedPrincipals, ServiceId=service.service_id)
        if isinstance(found, Unknown):
            return found
        return tuple(item.principal for answer, _ in found or () for item in answer.allowed_principals)

    def is_aws_service(self, service_name: str) -> bool:
        """Whether AWS owns the service behind an endpoint: its own, and those of managed environments."""
        if ".vpce-svc-" not in service_name:
            return service_name.startswith(NAMES_OF_AWS)
        if service_name in self._services_of_environments:
            return True
        return any(same_state(detail.owner, "amazon") for detail in self.service_details.get(service_name, ()))

    @cached_property
    def _services_of_environments(self) -> frozenset[str]:
        names = [
            name
            for environment in self.environments
            for name in (environment.database_vpc_endpoint_service, environment.webserver_vpc_endpoint_service)
        ]
        return frozenset(name for name in names if name)

    @cached_property
    def _peerings_by_vpc(self) -> Mapping[str, list[VpcPeeringConnection]]:
        peerings = self.vpc_peering_connections.values()
        return grouped(peerings, lambda peering: (peering.requester_vpc_info.vpc_id, peering.accepter_vpc_info.vpc_id))

    def peerings_of(self, vpc_id: str) -> Sequence[VpcPeeringConnection]:
        """The peering connections of a VPC, whatever their state."""
        return self._peerings_by_vpc.get(vpc_id, [])

    def peered_vpcs(self, vpc_id: str) -> list[str]:
        """The VPCs of the same Region with an active peering to a VPC."""
        found = []
        for peering in self.peerings_of(vpc_id):
            ends = (peering.requester_vpc_info, peering.accepter_vpc_info)
            if same_state(peering.status.code, "active") and ends[0].region == ends[1].region:
                found.append(ends[1].vpc_id if ends[0].vpc_id == vpc_id else ends[0].vpc_id)
        return found

    @cached_property
    def _vpn_gateways_by_vpc(self) -> Mapping[str, list[VpnGateway]]:
        return grouped(
            self.vpn_gateways.values(),
            lambda gateway: (a.vpc_id for a in gateway.vpc_attachments if same_state(a.state, "attached")),
        )

    def vpn_gateways_of(self, vpc_id: str) -> Sequence[VpnGateway]:
        """The virtual private gateways attached to a VPC."""
        return self._vpn_gateways_by_vpc.get(vpc_id, [])

    @cached_property
    def _connections_by_gateway(self) -> Mapping[str, list[VpnConnection]]:
        return grouped(self.vpn_connections.values(), lambda connection: (connection.vpn_gateway_id,))

    def vpn_connections_of(self, gateway_id: str) -> Sequence[VpnConnection]:
        """The VPN connections of a virtual private gateway."""
        return self._connections_by_gateway.get(gateway_id, [])

    @cached_property
    def _tables_by_vgw(self) -> Mapping[str, list[RouteTable]]:
        return grouped(self.route_tables.values(), lambda table: (vgw.gateway_id for vgw in table.propagating_vgws))

    def propagates(self, gateway_id: str) -> bool:
        """Whether some route table has what a virtual private gateway learned propagated to it."""
        return gateway_id in self._tables_by_vgw

    @cached_property
    def _propagated_routes(self) -> Mapping[str, list[Route]]:
        routes = (route for table in self.route_tables.values() for route in table.routes)
        return grouped((r for r in routes if r.origin == BY_VPN_GATEWAY), lambda route: (route.gateway_id,))

    def propagated_prefixes(self, gateway_id: str, *, default: bool = True) -> AddressSet:
        """What route tables show that a virtual private gateway learned, with or without a default route."""
        routes = self._propagated_routes.get(gateway_id, [])
        cidrs = {route.destination_cidr_block or route.destination_ipv6_cidr_block for route in routes}
        return AddressSet.parse(*sorted(cidr for cidr in cidrs if cidr and (default or not cidr.endswith("/0"))))

    def prefix_list_entries(self, list_id: str, account: str, region: str) -> AddressSet | Unknown:
        """The addresses of a prefix list, together."""
        cidrs = self.prefix_list_cidrs(list_id, account, region)
        if isinstance(cidrs, Unknown):
            return cidrs
        return AddressSet.parse(*cidrs)

    def prefix_list_cidrs(self, list_id: str, account: str, region: str) -> tuple[str, ...] | Unknown:
        """The entries of a prefix list: as its owner or the given account sees them, else as any account does."""
        key = (list_id, account, region)
        found = self._prefix_list_cidrs.get(key)
        if found is None:
            found = self._prefix_list_cidrs[key] = self._read_prefix_list(*key)
        return found

    @cached_property
    def _prefix_list_cidrs(self) -> dict[tuple[str, str, str], tuple[str, ...] | Unknown]:
        return {}

    def _read_prefix_list(self, list_id: str, account: str, region: str) -> tuple[str, ...] | Unknown:
        operation = "get-managed-prefix-list-entries"
        record = self.prefix_lists.get(list_id)
        places = [(account, region), *([self.place(record)] if record else [])]
        unknown: Unknown | None = None
        for place in dict.fromkeys(places):
            found = self.call("ec2", operation, *place, Entries, PrefixListId=list_id)
            if isinstance(found, Entries):
                return tuple(entry.cidr for entry in found.entries)
            unknown = unknown or (found if isinstance(found, Unknown) else None)
        if list_id in self._entries_by_list:
            return tuple(entry.cidr for entry in self._entries_by_list[list_id].entries)
        service = self.service_prefix_lists.get(list_id)
        if service is not None:
            return service.cidrs
        return unknown or Unknown(reason=f"the entries of {list_id} are not in the snapshot")

    @cached_property
    def _entries_by_list(self) -> Mapping[str, Entries]:
        answers = self.all_answers("ec2", "get-managed-prefix-list-entries", Entries)
        return {str(parameters.get("PrefixListId", "")): entries for parameters, entries in answers}

    @cached_property
    def _lists_by_service(self) -> Mapping[str, str]:
        found = {record.prefix_list_name: name for name, record in self.service_prefix_lists.items()}
        found.update({record.prefix_list_name: name for name, record in self.prefix_lists.items()})
        return found

    def aws_prefix_list(self, service_name: str) -> str:
        """The id of the prefix list of a gateway endpoint service; empty where the snapshot has none."""
        return self._lists_by_service.get(service_name, "")

    def listeners(self, balancer_arn: str) -> tuple[Listener, ...] | Unknown:
        """The listeners of a load balancer."""
        found = self._of_balancer("describe-listeners", balancer_arn, Listeners, "LoadBalancerArn")
        return found.listeners if isinstance(found, Listeners) else found or ()

    def load_balancer_attributes(self, arn: str) -> Mapping[str, str] | Unknown:
        """The attributes of a load balancer."""
        found = self._of_balancer("describe-load-balancer-attributes", arn, Attributes, "LoadBalancerArn")
        return _attributes(found)

    def target_group_attributes(self, arn: str) -> Mapping[str, str] | Unknown:
        """The attributes of a target group."""
        return _attributes(self._of_balancer("describe-target-group-attributes", arn, Attributes, "TargetGroupArn"))

    def target_health(self, arn: str) -> tuple[TargetHealthDescription, ...] | Unknown:
        """The targets of a group and their health."""
        found = self._of_balancer("describe-target-health", arn, TargetHealthDescriptions, "TargetGroupArn")
        return found.target_health_descriptions if isinstance(found, TargetHealthDescriptions) else found or ()

    def _of_balancer(self, operation: str, arn: str, kind: type[R], parameter: str) -> R | Unknown | None:
        record = self.load_balancers.get(arn) or self.target_groups.get(arn)
        place = self.place(record) if record else place_in(arn, self.home)
        return self.call("elbv2", operation, *place, kind, **{parameter: arn})

    @cached_property
    def _groups_by_balancer(self) -> Mapping[str, list[TargetGroup]]:
        return grouped(self.target_groups.values(), lambda group: group.load_balancer_arns)

    def target_groups_of(self, balancer_arn: str) -> list[str]:
        """The target groups that serve a load balancer."""
        return [group.target_group_arn for group in self._groups_by_balancer.get(balancer_arn, [])]

    def direct_connect_associations(self, gateway_id: str) -> tuple[DirectConnectGatewayAssociation, ...] | Unknown:
        """What a Direct Connect gateway is associated with, and the prefixes it may announce."""
        operation = "describe-direct-connect-gateway-associations"
        unknown: Unknown | None = None
        for place in self.places_of("directconnect", operation):
            found = self.answers(
                "directconnect", operation, *place, DirectConnectGatewayAssociations, directConnectGatewayId=gateway_id
            )
            if isinstance(found, tuple):
                return tuple(one for answer, _ in found for one in answer.direct_connect_gateway_associations)
            unknown = unknown or found
        needs = (CallRef(*self._place_of_gateway(gateway_id), "directconnect", operation),)
        return unknown or Unknown(reason=f"the associations of {gateway_id} are not in the snapshot", needs=needs)

    def unseen_transit_attachment(self, direct_connect_gateway: str, gateway: str) -> Unknown:
        """Why the attachment of a Direct Connect gateway to a transit gateway is not known, and who would know."""
        associations = self.direct_connect_associations(direct_connect_gateway)
        named = [] if isinstance(associations, Unknown) else [one.associated_gateway for one in associations]
        operation = "describe-transit-gateway-attachments"
        needs = (CallRef(one.owner_account, one.region, "ec2", operation) for one in named if one.id == gateway)
        reason = f"the attachment of {direct_connect_gateway} to {gateway} is not in the snapshot"
        return Unknown(reason=reason, needs=tuple(needs))

    def _place_of_gateway(self, gateway_id: str) -> tuple[str, str]:
        gateway = self.direct_connect_gateways.get(gateway_id) or self.vpn_gateways.get(gateway_id)
        return self.place(gateway) if gateway else self.home

    @cached_property
    def _interfaces_by_gateway(self) -> Mapping[str, list[VirtualInterface]]:
        return grouped(
            (
                interface
                for interface in self.virtual_interfaces_by_id.values()
                if not same_state(interface.virtual_interface_state, "deleted", "deleting", "rejected")
            ),
            lambda interface: (interface.direct_connect_gateway_id, interface.virtual_gateway_id),
        )

    def virtual_interfaces_of(self, gateway_id: str) -> tuple[VirtualInterface, ...] | Unknown:
        """The virtual interfaces of a Direct Connect gateway or virtual private gateway, without deleted ones."""
        found = self._interfaces_by_gateway.get(gateway_id)
        return tuple(found) if found else self.unseen_virtual_interface(gateway_id) or ()

    def unseen_virtual_interface(self, gateway_id: str) -> Unknown | None:
        """Why a gateway may have more virtual interfaces: they are another account's, or were not read.

        A virtual interface itself, which stands for a gateway as a link of a virtual private gateway, has no others.
        """
        if gateway_id in self.virtual_interfaces_by_id:
            return None
        operation = "describe-direct-connect-gateway-attachments"
        seen = {interface.virtual_interface_id for interface in self._interfaces_by_gateway.get(gateway_id, [])}
        for _, answer in self.all_answers("directconnect", operation, DirectConnectGatewayAttachments):
            for attached in answer.direct_connect_gateway_attachments:
                name = attached.virtual_interface_id
                if attached.direct_connect_gateway_id != gateway_id or name in seen:
                    continue
                if same_state(attached.attachment_state, "attached"):
                    place = (attached.virtual_interface_owner_account, attached.virtual_interface_region)
                    needs = (CallRef(*place, "directconnect", "describe-virtual-interfaces"),)
                    return Unknown(reason=f"{name} of {gateway_id} is not in the snapshot", needs=needs)
        place = self._place_of_gateway(gateway_id)
        return self.unknown("directconnect", "describe-virtual-interfaces", *place) or self._unread_attachments(
            gateway_id
        )

    def _unread_attachments(self, gateway_id: str) -> Unknown | None:
        """Why it is not known which virtual interfaces of other accounts a Direct Connect gateway has."""
        if gateway_id not in self.direct_connect_gateways:
            return None
        operation = "describe-direct-connect-gateway-attachments"
        unknown: Unknown | None = None
        for place in self.places_of("directconnect", operation):
            found = self.call(
                "directconnect", operation, *place, DirectConnectGatewayAttachments, directConnectGatewayId=gateway_id
            )
            if not isinstance(found, Unknown):
                return None
            unknown = unknown or found
        needs = (CallRef(*self._place_of_gateway(gateway_id), "directconnect", operation),)
        return unknown or Unknown(reason=f"the attachments of {gateway_id} are not in the snapshot", needs=needs)

    def direct_connect_gateways_of(self, vpn_gateway_id: str) -> list[str]:
        """The Direct Connect gateways that are associated with a virtual private gateway."""
        found: list[str] = []
        for gateway_id in self.direct_connect_gateways:
            associations = self.direct_connect_associations(gateway_id)
            if not isinstance(associations, Unknown):
                found.extend(
                    gateway_id
                    for association in associations
                    if vpn_gateway_id in (association.virtual_gateway_id, association.associated_gateway.id)
                )
        return found


def _attributes(found: Attributes | Unknown | None) -> Mapping[str, str] | Unknown:
    if isinstance(found, Attributes):
        return {attribute.key: attribute.value for attribute in found.attributes}
    return found or {}
