"""What lies behind a link to on-premises: declared sites by their ranges, else the edge of AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mwaanet.graph.flight import Flight
from mwaanet.graph.site import EDGE
from mwaanet.model.site_places import narrowest_first
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet

if TYPE_CHECKING:
    from mwaanet.graph.links import Links


class Behind(NamedTuple):
    """A declared site or the edge of AWS, its addresses, and why it may be another."""

    name: str
    addresses: AddressSet
    doubt: Unknown | None = None

    def part_of(self, flight: Flight) -> Flight:
        """What of a flight goes there."""
        part = flight.narrowed(flight.packets.where(dst=self.addresses))
        return part.doubting(self.doubt) if self.doubt else part


def behind(links: Links, link: str, dst: AddressSet) -> list[Behind]:
    """Which declared site behind a link holds which of the addresses, by longest prefix; the rest is AWS's edge.

    Where several declare the same block each may be the one, and which is in doubt.
    """
    found: dict[tuple[str, Unknown | None], AddressSet] = {}
    sites = [site for site in links.inventory.sites if dst & site.cidrs and links.connects(site, link)]
    for block, names in narrowest_first(sites):
        held, dst = dst & block, dst - block
        told = f"{', '.join(names[:-1])} and {names[-1]} declare {block} behind {link} (mwaanet.yaml: on_premises)"
        doubt = Unknown(reason=told) if len(names) > 1 else None
        for name in names if held else ():
            found[name, doubt] = found.get((name, doubt), AddressSet.NONE) | held
    if dst:
        found[EDGE + link, None] = dst
    return [Behind(name, addresses, doubt) for (name, doubt), addresses in found.items()]
