"""One place that stops packets, and which of the question's packets it stops, not only the one that was followed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TypedDict

from mwaanet.graph.flight import Hop, Mend
from mwaanet.graph.network import Network
from mwaanet.graph.route_destination import cidrs
from mwaanet.model.inventory import Inventory
from mwaanet.model.record import CamelRecord, Record
from mwaanet.net import AddressSet, Intervals, PacketSet
from mwaanet.paths.trace import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A drop, and the mend that a search found for it (None where it found none)."""

    network: Network
    trace: Trace
    drop: Hop
    mend: Mend | None = None

    @property
    def inventory(self) -> Inventory:
        """The inventory behind the network."""
        return self.network.inventory

    @property
    def packets(self) -> PacketSet:
        """Every packet of the question that is stopped here for the same reason, on the same way: there or back.

        Behind another stop only a representative arrives: what else would arrive has the question's other addresses,
        of the destinations those of which, as of its own, nothing tells where they lie.
        """
        drop = self.drop
        back = {self.mend.flight.reply} if self.mend else {False, True}
        legs = [leg for leg in self.trace.drops if leg.flight.reply in back]
        alike = [leg.end.hop.packets for leg in legs if _reason(leg.end.hop) == _reason(drop)]
        found = reduce(or_, alike, drop.packets)
        if alike:
            return found
        senders = [start.addresses for start in self.trace.question.source.starts]
        asked = self.network.unplaced(self.trace.question.destination.addresses)
        return found.replace(src=_whole(found.src, senders), dst=_whole(found.dst, [*senders, asked]))

    @property
    def protocol(self) -> int | None:
        """The one protocol that is stopped, None for several."""
        protocols = self.packets.protocols
        return protocols.min if protocols.size == 1 else None

    @property
    def ports(self) -> Intervals:
        """The destination ports that are stopped."""
        return self.packets.dport


def _reason(hop: Hop) -> tuple[str, str, bool]:
    """Why a hop stops packets; of a network ACL in which direction, but not for which of them."""
    return hop.component, hop.code, "outbound" in hop.by


def _whole(addresses: AddressSet, ends: Iterable[AddressSet]) -> AddressSet | None:
    """All addresses of the end that holds these; None where none does."""
    return next((held for held in ends if addresses and addresses.issubset(held)), None)


def blocks(network: Network, addresses: AddressSet) -> tuple[str, ...]:
    """Addresses as CIDR blocks: those of workers, which come and go, as their subnet's, others as they are."""
    found: dict[str, None] = {}
    for interface in map(network.interface, network.virtual_interfaces):
        held = addresses & interface.addresses
        if held.size > 1:
            inside = network.inventory.subnet_cidrs(interface.subnet)
            of_family = [text for text in inside.texts() if AddressSet.parse(text) & held]
            found.update(dict.fromkeys(of_family))
            addresses = addresses - inside
    found.update(dict.fromkeys(cidrs(addresses)))
    return tuple(found)


class Place(TypedDict):
    """Who makes a change, and in which Region; both empty where that is not known."""

    account: str
    region: str


def made_in(inventory: Inventory, record: Record | CamelRecord | None) -> Place:
    """Where a record's changes are made: in the account that owns it, else in the one where it was read."""
    if record is None:
        return Place(account="", region="")
    owner = getattr(record, "owner_id", "")
    account, region = inventory.place(record)
    return Place(account=owner if owner and inventory.names_owners(account) else account, region=region)


def free_address(inventory: Inventory, subnet: str) -> str:
    """An address of a subnet that nobody holds; empty where there is none."""
    free = inventory.usable_addresses(subnet) & AddressSet.ANY_V4
    for record in inventory.interfaces_in(subnet):
        free = free - inventory.interface_addresses(record)
    return free.first() if free else ""
