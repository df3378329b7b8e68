"""Transit gateway route tables; their routes are computed as AWS would, just before the snapshot is written."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

from builder.identity import CREATED, Record, id_of, tags
from builder.prefix_list import PrefixList

if TYPE_CHECKING:
    from builder.transit_gateway import Attachment, TransitGateway

_PREFERENCE = ("vpc", "direct-connect-gateway", "connect", "vpn", "peering")
_SEARCH = [{"Name": "state", "Values": ["active", "blackhole"]}]


class TransitGatewayTable:
    """A route table: associations say who looks here, propagations and static routes what is found."""

    def __init__(self, gateway: TransitGateway, name: str) -> None:
        store = gateway.store
        self.gateway = gateway
        self.id = store.id("tgw-rtb", gateway.id, name)
        self.statics: dict[str, Record] = {}
        self.withheld: set[str] = set()
        self.propagating: list[Attachment] = []
        self.associations: list[Record] = []
        self.propagations: list[Record] = []
        self.references: list[Record] = []
        self.routes: Record = {"Routes": [], "AdditionalRoutesAvailable": False}
        self.record: Record = store.ec2(
            "describe-transit-gateway-route-tables",
            {
                "TransitGatewayRouteTableId": self.id,
                "TransitGatewayId": gateway.id,
                "State": "available",
                "DefaultAssociationRouteTable": False,
                "DefaultPropagationRouteTable": False,
                "CreationTime": CREATED,
                "Tags": tags(name),
            },
        )
        named = {"TransitGatewayRouteTableId": self.id}
        for operation, response in (
            ("get-transit-gateway-route-table-associations", {"Associations": self.associations}),
            (
                "get-transit-gateway-route-table-propagations",
                {"TransitGatewayRouteTablePropagations": self.propagations},
            ),
            ("get-transit-gateway-prefix-list-references", {"TransitGatewayPrefixListReferences": self.references}),
        ):
            store.call("ec2", operation, named, response)
        store.call("ec2", "search-transit-gateway-routes", named | {"Filters": _SEARCH}, self.routes)
        store.world.late.append(self._compute)

    def associate(self, *attachments: Attachment) -> TransitGatewayTable:
        """What enters by these attachments is looked up here."""
        for attachment in attachments:
            self.associations.append(attachment.named | {"State": "associated"})
            attachment.record["Association"] = {
                "TransitGatewayRouteTableId": self.id,
                "State": "associated",
            }
        return self

    def disassociate(self, attachment: Attachment) -> TransitGatewayTable:
        attachment.record.pop("Association", None)
        self.associations[:] = [a for a in self.associations if a["TransitGatewayAttachmentId"] != attachment.id]
        return self

    def propagate(self, *attachments: Attachment) -> TransitGatewayTable:
        """Take over what these attachments announce."""
        for attachment in attachments:
            self.propagating.append(attachment)
            self.propagations.append(attachment.named | {"State": "enabled"})
            attachment.propagations.append({"TransitGatewayRouteTableId": self.id, "State": "enabled"})
        return self

    def stop_propagation(self, attachment: Attachment) -> TransitGatewayTable:
        self.propagating.remove(attachment)
        self.propagations[:] = [p for p in self.propagations if p["TransitGatewayAttachmentId"] != attachment.id]
        attachment.propagations[:] = [p for p in attachment.propagations if p["TransitGatewayRouteTableId"] != self.id]
        return self

    def route(self, destination: str | PrefixList, attachment: Attachment) -> TransitGatewayTable:
        """A static route to a CIDR, or a reference to a prefix list."""
        if isinstance(destination, PrefixList):
            return self._reference(destination, attachment)
        self.statics[destination] = _static(destination, attachment, "active")
        return self

    def blackhole(self, destination: str, attachment: Attachment | None = None) -> TransitGatewayTable:
        """A route that drops: made so, or left behind by an attachment that is gone."""
        self.statics[destination] = _static(destination, attachment, "blackhole")
        return self

    def withhold(self, *destinations: str) -> TransitGatewayTable:
        """Leave out routes that would be propagated."""
        self.withheld.update(destinations)
        return self

    def _reference(self, prefixes: PrefixList, attachment: Attachment) -> TransitGatewayTable:
        self.references.append(
            {
                "TransitGatewayRouteTableId": self.id,
                "PrefixListId": prefixes.id,
                "PrefixListOwnerId": prefixes.store.account,
                "State": "available",
                "Blackhole": False,
                "TransitGatewayAttachment": attachment.named,
            }
        )
        for cidr in prefixes.cidrs:
            self.statics.setdefault(cidr, _static(cidr, attachment, "active") | {"PrefixListId": id_of(prefixes)})
        return self

    def _compute(self) -> None:
        best: dict[str, list[Attachment]] = {}
        for attachment in sorted(self.propagating, key=_rank):
            if attachment.record["State"] != "available":
                continue
            for cidr in attachment.announces():
                if cidr not in self.withheld and not self._overlaps(cidr, attachment, best):
                    best.setdefault(cidr, []).append(attachment)
        routes = dict(self.statics)
        for cidr, attachments in best.items():
            alike = [one for one in attachments if one.kind == attachments[0].kind]
            routes.setdefault(cidr, _route(cidr, alike, "propagated", "active"))
        self.routes["Routes"] = [routes[cidr] for cidr in sorted(routes, key=_numeric)]

    def _overlaps(self, cidr: str, attachment: Attachment, best: dict[str, list[Attachment]]) -> bool:
        """A VPC whose CIDR overlaps one that is propagated already is not propagated."""
        new = ip_network(cidr)
        return attachment.kind == "vpc" and any(
            other.kind == "vpc" and other is not attachment and new.overlaps(ip_network(known))
            for known, others in best.items()
            for other in others
            if ip_network(known).version == new.version
        )


def _rank(attachment: Attachment) -> int:
    return _PREFERENCE.index(attachment.kind) if attachment.kind in _PREFERENCE else len(_PREFERENCE)


def _numeric(cidr: str) -> tuple[int, int, int]:
    network = ip_network(cidr)
    return (network.version, int(network.network_address), network.prefixlen)


def _route(cidr: str, attachments: list[Attachment], kind: str, state: str) -> Record:
    return {
        "DestinationCidrBlock": cidr,
        "TransitGatewayAttachments": [attachment.named for attachment in attachments],
        "Type": kind,
        "State": state,
    }


def _static(cidr: str, attachment: Attachment | None, state: str) -> Record:
    return _route(cidr, [attachment] if attachment else [], "static", state)
