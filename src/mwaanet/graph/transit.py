"""What the network knows of transit gateways: attachments, their subnets, associations and tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property, reduce

from mwaanet.graph.prefix_table import PrefixTable
from mwaanet.graph.record_lookup import RecordLookup
from mwaanet.graph.transit_gateway_route_table import Choice, compile_routes
from mwaanet.model.grouping import grouped
from mwaanet.model.state import same_state
from mwaanet.model.transit_gateway_attachment import TransitGatewayAttachment, TransitGatewayVpcAttachment
from mwaanet.model.transit_gateway_route_table import TransitGatewayRoute, TransitGatewayRoutes
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet

ASSOCIATIONS = "get-transit-gateway-route-table-associations"


class Transit(RecordLookup):
    """Look-ups around transit gateways."""

    def __init__(self) -> None:
        self._transit: dict[str, PrefixTable[Choice]] = {}
        self._zones: dict[str, dict[str, str] | Unknown] = {}

    def attachment(self, attachment_id: str) -> TransitGatewayAttachment | Unknown | str:
        """The attachment of this id, or why it is not known."""
        found = self.inventory.attachment(attachment_id)
        if found is not None:
            return found
        operation = "describe-transit-gateway-attachments"
        places = [self.inventory.home, *map(self.inventory.owner_of_gateway, self.inventory.transit_gateways)]
        unknowns = (self.inventory.unknown("ec2", operation, *place) for place in places)
        return next((unknown for unknown in unknowns if unknown), f"{attachment_id} does not exist")

    def associated_table(self, attachment: TransitGatewayAttachment, gateway: str) -> str | Unknown | None:
        """The route table of `gateway` that is associated with the attachment; None where none is."""
        name = attachment.transit_gateway_attachment_id
        found = self.inventory.associated_table(name, gateway)
        if isinstance(found, str) and not found.startswith("tgw-rtb-"):
            return Unknown(reason=f"{name} is associated with {found}, which is no route table", needs=())
        far = self.inventory.transit_gateways.get(gateway)
        if found is None and far is not None and attachment.transit_gateway_id != gateway:
            return self.inventory.unknown("ec2", ASSOCIATIONS, *self.inventory.place(far))
        return found

    def attachment_of_resource(self, resource_id: str) -> str | Unknown:
        """The id of the attachment that joins a VPN connection or Direct Connect gateway to a transit gateway."""
        found = self.inventory.attachments_of_resource(resource_id)
        if found:
            return found[0].transit_gateway_attachment_id
        unknown = self.inventory.unseen_anywhere("describe-transit-gateway-attachments")
        return unknown or Unknown(reason=f"the transit gateway attachment of {resource_id} is not in the snapshot")

    def attachment_subnets(self, attachment: TransitGatewayAttachment) -> dict[str, str] | Unknown:
        """The subnets of a VPC attachment by AZ ID."""
        record = self.inventory.transit_gateway_vpc_attachments.get(attachment.transit_gateway_attachment_id)
        if record is None:
            unknown = self.inventory.unseen_in(attachment.resource_id, "describe-transit-gateway-vpc-attachments")
            name = attachment.transit_gateway_attachment_id
            return unknown or Unknown(reason=f"the subnets of {name} are not in the snapshot")
        return self._subnets_by_zone(record)

    def _subnets_by_zone(self, record: TransitGatewayVpcAttachment) -> dict[str, str] | Unknown:
        found = self._zones.get(record.transit_gateway_attachment_id)
        if found is None:
            found = self._zones[record.transit_gateway_attachment_id] = self._zones_of(record)
        return found

    def _zones_of(self, record: TransitGatewayVpcAttachment) -> dict[str, str] | Unknown:
        unseen = [subnet for subnet in record.subnet_ids if subnet not in self.inventory.subnets]
        if unseen:
            return self.unseen_subnets(record.vpc_id) or Unknown(reason=f"{unseen[0]} is not in the snapshot", needs=())
        return {self.zone_of(subnet): subnet for subnet in record.subnet_ids}

    def attachment_subnet(self, record: TransitGatewayVpcAttachment, zone: str) -> str:
        """The attachment's subnet in a zone (AZ ID); empty where it has none there."""
        subnets = self._subnets_by_zone(record)
        return "" if isinstance(subnets, Unknown) else subnets.get(zone, "")

    def appliance_mode(self, attachment: TransitGatewayAttachment) -> bool:
        """Whether the VPC attachment keeps both directions of a flow in one zone of its own choice."""
        record = self.inventory.transit_gateway_vpc_attachments.get(attachment.transit_gateway_attachment_id)
        return record is not None and same_state(record.options.appliance_mode_support, "enable")

    def peer_transit_gateway(self, attachment_id: str, here: str) -> str | Unknown:
        """The transit gateway at the other end of a peering attachment."""
        record = self.inventory.transit_gateway_peering_attachments.get(attachment_id)
        if record is None:
            return Unknown(reason=f"the far end of {attachment_id} is not in the snapshot", needs=())
        ends = (record.requester_tgw_info.transit_gateway_id, record.accepter_tgw_info.transit_gateway_id)
        return ends[1] if ends[0] == here else ends[0]

    def transit_routes(self, table: str, routes: TransitGatewayRoutes) -> PrefixTable[Choice]:
        """A transit gateway route table as a partition of all destinations."""
        found = self._transit.get(table)
        if found is None:
            found = self._transit[table] = compile_routes(routes)
        return found

    def attachments_holding(self, table: str, dst: AddressSet) -> list[str]:
        """Attachments of the table's transit gateway behind which the destination may lie."""
        record = self.inventory.transit_gateway_route_tables.get(table)
        if record is None:
            return []
        return [one.transit_gateway_attachment_id for one in self._holding(record.transit_gateway_id, dst)]

    def _holding(self, gateway: str, dst: AddressSet, *, across: bool = True) -> Iterator[TransitGatewayAttachment]:
        """The attachments of a gateway behind which the destination may lie: VPCs, links, a peer of the gateway."""
        for vpc in self.vpcs_holding(dst):
            for one in self.inventory.attachments_of_resource(vpc):
                if one.transit_gateway_id == gateway:
                    yield one
        for one in self._links_by_gateway.get(gateway, ()):
            if one.resource_type != "peering":
                found = self.may_lie_behind(one.resource_id, dst)
            else:
                there = self.peer_transit_gateway(one.transit_gateway_attachment_id, gateway)
                found = across and isinstance(there, str) and any(self._holding(there, dst, across=False))
            if found:
                yield one

    def is_placed(self, dst: AddressSet) -> bool:
        """Whether a VPC holds the destination, or a declared site a part of it, so that it is known where it lies."""
        return bool(self.vpcs_holding(dst)) or any(dst & site.cidrs for site in self.inventory.sites)

    def unplaced(self, addresses: AddressSet) -> AddressSet:
        """Those of the addresses that no VPC and no declared site holds."""
        blocks = (block for vpc in self.vpcs_meeting(addresses) for block in self.inventory.vpc_blocks(vpc))
        left = addresses - AddressSet.parse(*blocks)
        return reduce(AddressSet.__sub__, (site.cidrs for site in self.inventory.sites), left)

    def leads_to(self, gateway: str, vpc: str, dst: AddressSet) -> bool:
        """Whether something says that a transit gateway leads from a VPC to a destination, not only that it might.

        A route of its own in the VPC's table, or an attachment of the VPC or declared site that holds it.
        """
        if self.is_placed(dst) and any(self._holding(gateway, dst)):
            return True
        attachment = self.inventory.attachment_of(vpc, gateway)
        name = attachment.transit_gateway_attachment_id if attachment else ""
        table = self.inventory.associated_table(name, gateway)
        if not isinstance(table, str):
            return False
        routes = self.inventory.transit_gateway_routes(table)
        if isinstance(routes, Unknown):
            return False
        choices = (choice for choice, _ in self.transit_routes(table, routes).split(dst)[0])
        return any(_is_way(route) for choice in choices for route in choice.routes)

    @cached_property
    def _links_by_gateway(self) -> Mapping[str, list[TransitGatewayAttachment]]:
        """The attachments of each transit gateway that lead to no VPC."""
        attachments = self.inventory.transit_gateway_attachments.values()
        links = (one for one in attachments if one.resource_type != "vpc")
        return grouped(links, lambda one: (one.transit_gateway_id,))

    def leads_astray(self, attachment_id: str, holding: Collection[str]) -> bool:
        """Whether an attachment is neither among those that hold a destination nor leads to what might pass it on."""
        attachment = self.inventory.attachment(attachment_id)
        if attachment is None or attachment_id in holding:
            return False
        if attachment.resource_type != "vpc":
            return attachment.resource_type in ("vpn", "direct-connect-gateway")
        return not self._passes_on(attachment.resource_id)

    def _passes_on(self, vpc_id: str) -> bool:
        """Whether a VPC has anything that could send on what is not for it: a middlebox, or a NAT gateway."""
        endpoints = self.inventory.vpc_endpoints_of(vpc_id)
        if any(same_state(endpoint.vpc_endpoint_type, "GatewayLoadBalancer") for endpoint in endpoints):
            return True
        held = self.inventory.interfaces_of(vpc_id)
        hosts = [one for one in held if one.interface_type == "interface" and not one.source_dest_check]
        return bool(hosts or self.inventory.nat_gateways_of(vpc_id))

    def may_lie_behind(self, link: str, dst: AddressSet) -> bool:
        """Whether on-premises addresses may lie behind a VPN connection or Direct Connect gateway."""
        if self.vpcs_holding(dst):
            return False
        sites = [site for site in self.inventory.sites if dst & site.cidrs]
        return not sites or any(not site.connects_through or link in site.connects_through for site in sites)

    def group_reference_crosses(self, crossed: tuple[str, ...], vpcs: tuple[str, str]) -> bool | Unknown:
        """Whether an inbound rule's group peer still names a sender that came this way from one VPC to the other.

        Members are known by their private addresses, so between peered VPCs the way does not matter. A peering that was
        crossed is active, or its being accepted is among the changes that a blocked path assumes.
        """
        if not crossed or vpcs[1] in self.inventory.peered_vpcs(vpcs[0]):
            return True
        if len(crossed) > 1:
            return False
        return self._references_over(crossed[0], vpcs)

    def _references_over(self, gateway: str, vpcs: tuple[str, str]) -> bool | Unknown:
        peering = self.inventory.vpc_peering_connections.get(gateway)
        if peering is not None:
            return peering.requester_vpc_info.region == peering.accepter_vpc_info.region
        transit = self.inventory.transit_gateways.get(gateway)
        holders = [transit, *(self.inventory.attachment_of(vpc, gateway) for vpc in vpcs)]
        known = [holder.options.security_group_referencing_support for holder in holders if holder]
        if not all(same_state(support, "enable") for support in known):
            return False
        if all(holders):
            return True
        calls = ("describe-transit-gateways", "describe-transit-gateway-vpc-attachments")
        gaps = [self.inventory.unseen_anywhere(call) for call in calls]
        needs = tuple(need for gap in gaps if gap for need in gap.needs)
        return Unknown(reason=f"whether group references cross {gateway} is not known", needs=needs)


def _is_way(route: TransitGatewayRoute) -> bool:
    """Whether a route is a way of its own: no default route, and no blackhole."""
    return not (route.destination_cidr_block.endswith("/0") or same_state(route.state, "blackhole"))
