"""Transit gateways: attachments, route tables, and the routes that follow from both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from builder.identity import CREATED, Record, Ref, id_of, tags
from builder.sharing import share
from builder.transit_gateway_table import TransitGatewayTable

if TYPE_CHECKING:
    from builder.store import Store
    from builder.subnet import Subnet
    from builder.vpc import Vpc


class Attachment:
    """One side of an attachment: what is attached, and which prefixes it announces to the transit gateway."""

    def __init__(
        self, gateway: TransitGateway, identifier: str, kind: str, resource: Ref, owner: Store, name: str
    ) -> None:
        self.gateway = gateway
        self.id = identifier
        self.kind = kind
        self.resource = id_of(resource)
        self.announces: Callable[[], Sequence[str]] = tuple
        self.propagates_to: list[TransitGatewayTable] = []
        self.propagations: list[Record] = []
        self.details: list[Record] = []
        self.record: Record = {
            "TransitGatewayAttachmentId": identifier,
            "TransitGatewayId": gateway.id,
            "TransitGatewayOwnerId": gateway.store.account,
            "ResourceOwnerId": owner.account,
            "ResourceType": kind,
            "ResourceId": self.resource,
            "State": "available",
            "CreationTime": CREATED,
            "Tags": tags(name),
        }
        for store in dict.fromkeys((gateway.store, owner)):
            store.ec2("describe-transit-gateway-attachments", self.record)
        gateway.store.call(
            "ec2",
            "get-transit-gateway-attachment-propagations",
            {"TransitGatewayAttachmentId": identifier},
            {"TransitGatewayAttachmentPropagations": self.propagations},
        )

    def state(self, state: str) -> Attachment:
        """`available`, `pendingAcceptance`, `deleting`, …, in every call that shows it."""
        for record in (self.record, *self.details):
            record["State"] = state
        return self

    @property
    def named(self) -> Record:
        """How routes, associations and propagations name the attachment."""
        return {
            "TransitGatewayAttachmentId": self.id,
            "ResourceId": self.resource,
            "ResourceType": self.kind,
        }


class TransitGateway:
    """A transit gateway; its owner sees all of it, those it is shared with the gateway and their attachments."""

    def __init__(self, store: Store, name: str, asn: int, group_references: bool) -> None:
        self.store = store
        self.name = name
        self.id = store.id("tgw", name)
        self.attachments: list[Attachment] = []
        self.record: Record = store.ec2(
            "describe-transit-gateways",
            {
                "TransitGatewayId": self.id,
                "TransitGatewayArn": store.arn("ec2", f"transit-gateway/{self.id}"),
                "State": "available",
                "OwnerId": store.account,
                "Description": name,
                "CreationTime": CREATED,
                "Options": {
                    "AmazonSideAsn": asn,
                    "AutoAcceptSharedAttachments": "disable",
                    "DefaultRouteTableAssociation": "disable",
                    "DefaultRouteTablePropagation": "disable",
                    "VpnEcmpSupport": "enable",
                    "DnsSupport": "enable",
                    "SecurityGroupReferencingSupport": _switch(group_references),
                    "MulticastSupport": "disable",
                },
                "Tags": tags(name),
            },
        )

    def share(self, *stores: Store) -> TransitGateway:
        """Share the gateway through RAM; attaching a VPC of another account does so by itself."""
        share(self.store, f"transit gateway {self.name}", *stores)
        for store in stores:
            gateways = store.lists["ec2", "describe-transit-gateways"]
            if all(known["TransitGatewayId"] != self.id for known in gateways):
                gateways.append(self.record)
        return self

    def table(self, name: str) -> TransitGatewayTable:
        """A route table of the gateway."""
        return TransitGatewayTable(self, name)

    def attach_vpc(
        self,
        vpc: Vpc,
        subnets: Sequence[Subnet],
        *,
        name: str = "",
        table: TransitGatewayTable | None = None,
        propagate: Sequence[TransitGatewayTable] = (),
        appliance: bool = False,
        group_references: bool = False,
        addresses: Sequence[str] = (),
    ) -> Attachment:
        """Attach a VPC with an interface in each subnet; it announces the VPC's CIDRs."""
        self.share(vpc.store)
        identifier = vpc.store.id("tgw-attach", self.id, vpc.id)
        attachment = self._attach(identifier, "vpc", vpc, vpc.store, name or vpc.name, table, propagate)
        attachment.announces = lambda: vpc.cidrs
        detail: Record = {
            "TransitGatewayAttachmentId": identifier,
            "TransitGatewayId": self.id,
            "VpcId": vpc.id,
            "VpcOwnerId": vpc.store.account,
            "State": "available",
            "SubnetIds": [subnet.id for subnet in subnets],
            "CreationTime": CREATED,
            "Options": {
                "DnsSupport": "enable",
                "SecurityGroupReferencingSupport": _switch(group_references),
                "Ipv6Support": "disable",
                "ApplianceModeSupport": _switch(appliance),
            },
            "Tags": tags(name or vpc.name),
        }
        attachment.details.append(detail)
        for store in dict.fromkeys((self.store, vpc.store)):
            store.ec2("describe-transit-gateway-vpc-attachments", detail)
        for number, subnet in enumerate(subnets):
            subnet.interface(
                addresses[number] if number < len(addresses) else None,
                groups=[],
                kind="transit_gateway",
                description=f"Network Interface for Transit Gateway Attachment {identifier}",
                requester="718281582163",
                source_dest_check=False,
            )
        return attachment

    def attach(
        self,
        kind: str,
        resource: Ref,
        *,
        announces: Callable[[], Sequence[str]] = tuple,
        name: str = "",
        owner: Store | None = None,
        table: TransitGatewayTable | None = None,
        propagate: Sequence[TransitGatewayTable] = (),
    ) -> Attachment:
        """Attach anything else: `vpn`, `direct-connect-gateway`, `connect`, or a kind that nobody knows yet."""
        identifier = self.store.id("tgw-attach", self.id, id_of(resource))
        attachment = self._attach(identifier, kind, resource, owner or self.store, name, table, propagate)
        attachment.announces = announces
        return attachment

    def attach_connect(
        self, transport: Attachment, *routes: str, name: str = "connect", table: TransitGatewayTable | None = None
    ) -> Attachment:
        """A Connect attachment (GRE and BGP to an appliance) over another attachment."""
        identifier = self.store.id("tgw-attach", self.id, transport.id, "connect")
        attachment = self._attach(identifier, "connect", transport.resource, self.store, name, table, ())
        attachment.announces = lambda: routes
        detail: Record = {
            "TransitGatewayAttachmentId": identifier,
            "TransportTransitGatewayAttachmentId": transport.id,
            "TransitGatewayId": self.id,
            "State": "available",
            "CreationTime": CREATED,
            "Options": {"Protocol": "gre"},
            "Tags": tags(name),
        }
        attachment.details.append(self.store.ec2("describe-transit-gateway-connects", detail))
        return attachment

    def peer(
        self,
        other: TransitGateway,
        *,
        state: str = "available",
        table: TransitGatewayTable | None = None,
        other_table: TransitGatewayTable | None = None,
    ) -> tuple[Attachment, Attachment]:
        """Peer two transit gateways: one attachment id with a side on each (static routes only)."""
        identifier = self.store.id("tgw-attach", self.id, other.id)
        near = self._attach(identifier, "peering", other, other.store, f"to {other.name}", table, ())
        far = other._attach(identifier, "peering", self, self.store, f"to {self.name}", other_table, ())
        detail: Record = {
            "TransitGatewayAttachmentId": identifier,
            "RequesterTgwInfo": _side(self),
            "AccepterTgwInfo": _side(other),
            "Options": {"DynamicRouting": "disable"},
            "Status": {"Code": state, "Message": state},
            "State": state,
            "CreationTime": CREATED,
            "Tags": [],
        }
        for store in dict.fromkeys((self.store, other.store)):
            store.ec2("describe-transit-gateway-peering-attachments", detail)
            _keep_own_side(store, identifier, near if store is self.store else far)
        near.details.append(detail)
        far.details.append(detail)
        return near, far

    def _attach(
        self,
        identifier: str,
        kind: str,
        resource: Ref,
        owner: Store,
        name: str,
        table: TransitGatewayTable | None,
        propagate: Sequence[TransitGatewayTable],
    ) -> Attachment:
        attachment = Attachment(self, identifier, kind, resource, owner, name)
        self.attachments.append(attachment)
        if table is not None:
            table.associate(attachment)
        for target in propagate:
            target.propagate(attachment)
        return attachment


def _keep_own_side(store: Store, identifier: str, side: Attachment) -> None:
    """Both sides of a peering have one id; an account sees the side of its own gateway."""
    attachments = store.lists["ec2", "describe-transit-gateway-attachments"]
    attachments[:] = [
        record for record in attachments if record["TransitGatewayAttachmentId"] != identifier or record is side.record
    ]


def _side(gateway: TransitGateway) -> Record:
    return {
        "TransitGatewayId": gateway.id,
        "OwnerId": gateway.store.account,
        "Region": gateway.store.region,
    }


def _switch(on: bool) -> str:
    return "enable" if on else "disable"
