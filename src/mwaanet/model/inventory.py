"""The inventory: every record of a snapshot and of the site file, indexed for the questions that the engine asks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property

from mwaanet.model.dhcp_options import VpcAttribute
from mwaanet.model.environment import Environment
from mwaanet.model.grouping import grouped
from mwaanet.model.references import Problem, dangling
from mwaanet.model.site import OnPremises, Site
from mwaanet.model.state import same_state
from mwaanet.model.transit_gateway_attachment import TransitGatewayAttachment, TransitGatewayVpcAttachment
from mwaanet.model.transit_gateway_route_table import Associations
from mwaanet.model.transit_routes import TransitRoutes
from mwaanet.model.unknown import Unknown
from mwaanet.model.unread_environment import UnreadEnvironment, unread_environments
from mwaanet.net import AddressSet
from mwaanet.snapshot.operations import CallRef
from mwaanet.snapshot.reader import Snapshot


class Inventory(TransitRoutes):
    """Everything that is known, and what is not."""

    def __init__(
        self, snapshot: Snapshot, site: Site | None, focus: Environment | None = None, like: Inventory | None = None
    ) -> None:
        super().__init__(snapshot, like)
        self.site_file = site
        self.focus = focus

    @classmethod
    def load(cls, snapshot: Snapshot, site: Site | None = None) -> Inventory:
        """Decode everything that the network is made of; SnapshotError where a record is wrong."""
        return cls(snapshot, site)

    def after(self, snapshot: Snapshot) -> Inventory:
        """The inventory of a changed copy of this one's snapshot; what did not change is shared with it."""
        changed = Inventory(snapshot, self.site_file, like=self)
        arn = self.focus.arn if self.focus else ""
        changed.focus = next((one for one in changed.environments if one.arn == arn), None)
        return changed

    @property
    def sites(self) -> Sequence[OnPremises]:
        """The declared on-premises sites."""
        return self.site_file.on_premises if self.site_file else ()

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What records name and the snapshot does not hold, although it should."""
        return tuple(dangling(self))

    @cached_property
    def unread_environments(self) -> tuple[UnreadEnvironment, ...]:
        """The environments of which only the name is known."""
        return unread_environments(self)

    def owner_call(self, operation: str, service: str = "ec2") -> CallRef:
        """The call that the owner of something shared would have to make; its account is not known."""
        return CallRef("", self.home[1], service, operation)

    def vpc_attribute(self, vpc_id: str, attribute: str) -> bool | Unknown:
        """`enableDnsSupport` or `enableDnsHostnames` of a VPC."""
        vpc = self.vpcs.get(vpc_id)
        if vpc is None:
            return self.unseen_vpc(vpc_id)
        operation, asked = "describe-vpc-attribute", {"VpcId": vpc_id, "Attribute": attribute}
        found = self.call("ec2", operation, *self.owner_place(vpc), VpcAttribute, **asked)
        if isinstance(found, Unknown):
            other = self.call("ec2", operation, *self.place(vpc), VpcAttribute, **asked)
            found = other if isinstance(other, VpcAttribute) else found
        if not isinstance(found, VpcAttribute):
            return found or Unknown(reason=f"{attribute} of {vpc_id} is not in the snapshot")
        value = found.enable_dns_support if attribute == "enableDnsSupport" else found.enable_dns_hostnames
        return value.value if value else Unknown(reason=f"{attribute} of {vpc_id} is not in the snapshot")

    # Transit gateways

    @cached_property
    def _attachments_by_resource(self) -> Mapping[str, list[TransitGatewayAttachment]]:
        return grouped(self.transit_gateway_attachments.values(), lambda attachment: (attachment.resource_id,))

    def attachments_of_resource(self, resource_id: str) -> Sequence[TransitGatewayAttachment]:
        """The attachments of a VPC, VPN connection or Direct Connect gateway."""
        return self._attachments_by_resource.get(resource_id, [])

    @cached_property
    def _attachments_by_gateway(self) -> Mapping[str, list[TransitGatewayAttachment]]:
        return grouped(self.transit_gateway_attachments.values(), lambda attachment: (attachment.transit_gateway_id,))

    def attachments_of_gateway(self, gateway_id: str) -> Sequence[TransitGatewayAttachment]:
        """The attachments of a transit gateway."""
        return self._attachments_by_gateway.get(gateway_id, [])

    def attachment(self, attachment_id: str) -> TransitGatewayAttachment | None:
        """An attachment of any kind; a VPC attachment of which only its VPC's owner tells is one too."""
        found = self.transit_gateway_attachments.get(attachment_id)
        if found is not None:
            return found
        record = self.transit_gateway_vpc_attachments.get(attachment_id)
        if record is None:
            return None
        return TransitGatewayAttachment(
            transit_gateway_attachment_id=attachment_id,
            transit_gateway_id=record.transit_gateway_id,
            resource_type="vpc",
            resource_id=record.vpc_id,
            state=record.state,
            origin=record.origin,
        )

    @cached_property
    def _vpc_attachments(self) -> Mapping[str, list[TransitGatewayVpcAttachment]]:
        return grouped(self.transit_gateway_vpc_attachments.values(), lambda record: (record.vpc_id,))

    def vpc_attachments_of(self, vpc_id: str) -> Sequence[TransitGatewayVpcAttachment]:
        """The transit gateway attachments of a VPC."""
        return self._vpc_attachments.get(vpc_id, [])

    def attachment_of(self, vpc_id: str, gateway_id: str) -> TransitGatewayVpcAttachment | None:
        """The attachment of a VPC to a transit gateway; a living one before one that is gone."""
        found = [a for a in self.vpc_attachments_of(vpc_id) if a.transit_gateway_id == gateway_id]
        found.sort(key=lambda a: not same_state(a.state, "available"))
        return found[0] if found else None

    @cached_property
    def _associated(self) -> Mapping[tuple[str, str], str]:
        """Route table by (attachment, transit gateway)."""
        found: dict[tuple[str, str], str] = {}
        operation = "get-transit-gateway-route-table-associations"
        for parameters, answer in self.all_answers("ec2", operation, Associations):
            table_id = str(parameters.get("TransitGatewayRouteTableId", ""))
            table = self.transit_gateway_route_tables.get(table_id)
            for association in answer.associations if table else ():
                if table and same_state(association.state, "associated", "associating"):
                    found[association.transit_gateway_attachment_id, table.transit_gateway_id] = table_id
        return found

    def associated_table(self, attachment_id: str, gateway_id: str) -> str | Unknown | None:
        """The table of a transit gateway that is associated with an attachment; None where none is."""
        listed = self._associated.get((attachment_id, gateway_id))
        if listed:
            return listed
        record = self.transit_gateway_attachments.get(attachment_id)
        if record is not None and record.transit_gateway_id == gateway_id and record.association is not None:
            if same_state(record.association.state, "associated", "associating"):
                return record.association.transit_gateway_route_table_id
            return None
        account, region = self.owner_of_gateway(gateway_id)
        if record is not None and self.place(record)[0] == account:
            return None
        return self.unknown("ec2", "get-transit-gateway-route-table-associations", account, region)

    def owner_of_gateway(self, gateway_id: str) -> tuple[str, str]:
        gateway = self.transit_gateways.get(gateway_id)
        if gateway is None:
            return self.home
        account, region = self.place(gateway)
        return (gateway.owner_id or account, region) if self.names_owners(account) else (account, region)

    # Addresses

    @cached_property
    def _public_addresses(self) -> Mapping[str, tuple[str, str]]:
        """VPC and interface by public address."""
        found: dict[str, tuple[str, str]] = {}
        for record in self.network_interfaces.values():
            for address in record.private_ip_addresses:
                if address.association and address.association.public_ip:
                    found[address.association.public_ip] = (record.vpc_id, record.network_interface_id)
        for gateway in self.nat_gateways.values():
            for nat in gateway.nat_gateway_addresses:
                if nat.public_ip:
                    found.setdefault(nat.public_ip, (gateway.vpc_id, nat.network_interface_id))
        return found

    @cached_property
    def _public_holders(self) -> tuple[list[tuple[AddressSet, str, str]], dict[int, list[tuple[int, int, int]]]]:
        """Public addresses with VPC and interface; by family their spans in order, each with its place in that list."""
        found = [
            (AddressSet.parse(public), vpc, interface) for public, (vpc, interface) in self._public_addresses.items()
        ]
        for record in self.network_interfaces.values():
            if (record.ipv6_addresses or record.ipv6_prefixes) and not record.deny_all_igw_traffic:
                held = self.interface_addresses(record) & self.public_ipv6(record.vpc_id)
                found.append((held, record.vpc_id, record.network_interface_id))
        spans = {
            family: sorted(
                (low, high, at) for at, (held, _, _) in enumerate(found) for low, high in held.of_family(family).spans
            )
            for family in (4, 6)
        }
        return found, spans

    def public_holders_among(self, addresses: AddressSet) -> list[tuple[AddressSet, str, str]]:
        """Which of the addresses can be reached publicly: the addresses, the VPC and the interface that hold them."""
        holders, spans = self._public_holders
        found: set[int] = set()
        for family, known in spans.items():
            for low, high in addresses.of_family(family).spans:
                first = bisect_left(known, (low,))
                before = known[first - 1 : first] if first else []
                found.update(at for _, last, at in before if last >= low)
                found.update(at for _, _, at in known[first : bisect_left(known, (high + 1,))])
        return [(held & addresses, vpc, interface) for held, vpc, interface in map(holders.__getitem__, sorted(found))]
