"""What an answer takes for granted of the ways that packets take: of sites, of undeclared places, of what is younger.

Whoever tells a verdict tells these with it. `Context` keeps them while a question is asked, whoever finds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Hop, Kind
from mwaanet.graph.network import Network
from mwaanet.graph.site import EDGE
from mwaanet.paths.walk import Leg

NO_PUBLIC_ACCESS_BLOCK = "VPC Block Public Access is off: the snapshot is from before EC2 had it"
_PUBLIC_WAYS = (Kind.INTERNET_GATEWAY, Kind.EGRESS_ONLY_INTERNET_GATEWAY)


def assumed_on(network: Network, legs: Iterable[Leg]) -> tuple[str, ...]:
    """What is taken for granted on some ways, each told once."""
    met = {(hop.component, hop.kind, hop.code): hop for leg in legs for hop in leg.hops}
    return tuple(dict.fromkeys(text for hop in met.values() for text in _assumed_at(network, hop)))


def _assumed_at(network: Network, hop: Hop) -> Iterator[str]:
    if hop.kind in _PUBLIC_WAYS and network.inventory.predates_public_access_block:
        yield NO_PUBLIC_ACCESS_BLOCK
    if hop.code is Code.EDGE:
        link = hop.component.removeprefix(EDGE)
        yield f"what lies behind {link} routes and takes the packets (mwaanet.yaml: on_premises)"
    site = network.site(hop.component)
    if site is not None and site.routes is None:
        index = [other.name for other in network.inventory.sites].index(site.name)
        yield f"{site.name} routes everything that AWS advertises (mwaanet.yaml: on_premises[{index}].routes)"
