"""A site's own way to the internet, as the site file declares it (`firewall: internet`: none, direct or firewall).

What a site does not send towards AWS and is addressed publicly leaves here, under a public address of the site's, and
the replies come back the same way.

Not modelled: which public addresses a site sends from; where AWS could filter by them, the answer is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from mwaanet.graph.codes import Code
from mwaanet.graph.flight import (
    Action,
    Arrive,
    Drop,
    Flight,
    Hop,
    Kind,
    Outcome,
    Pass,
    Position,
    Role,
    Translation,
    untranslate,
)
from mwaanet.graph.internet_gateway import INTERNET, INTERNET_ACCESS
from mwaanet.model.unknown import Unknown
from mwaanet.net import CLIENT_PORTS
from mwaanet.net.public_addresses import PUBLIC_V4

if TYPE_CHECKING:
    from mwaanet.graph.network import Network


def leave(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """Out to the internet under a public address of the site's."""
    name = position.component.removesuffix(INTERNET_ACCESS)
    site = network.site(name)
    way = site.firewall.internet if site and site.firewall else None
    if way == "none":
        by = f"{name} sends nothing to the internet (mwaanet.yaml: internet: none)"
        return (Drop(flight=flight, hop=_hop(name, flight, Action.DROP, by, Code.SITE_NO_INTERNET)),)
    action, by = Action.TRANSLATE, f"{name} sends to the internet (mwaanet.yaml: internet: {way})"
    if way is None:
        by = f"mwaanet.yaml does not declare on_premises {name}: firewall: internet"
        action, flight = Action.UNKNOWN, flight.doubting(Unknown(reason=by, needs=()))
    translation = Translation(
        owner=position.component,
        domain=flight.packets,
        src=PUBLIC_V4,
        sport=CLIENT_PORTS,
        returns_to=Position(position.component, Role.BACK),
    )
    onward = replace(
        flight, packets=translation.image(flight.packets), translations=(*flight.translations, translation)
    )
    hop = _hop(name, onward, action, by, Code.SITE_INTERNET)
    return (Pass(flight=onward, to=Position(INTERNET, Role.RECEIVE), hop=hop),)


def back(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """A reply from the internet, to the host of the site that asked."""
    name = position.component.removesuffix(INTERNET_ACCESS)
    returned = untranslate(flight, position.component) or flight
    hop = replace(_hop(name, returned, Action.DELIVER, f"inside {name}", Code.SITE), component=name)
    return (Arrive(flight=returned, hop=hop, answer=Position(name, Role.SEND)),)


def _hop(name: str, flight: Flight, action: Action, by: str, code: Code) -> Hop:
    return Hop(
        component=name + INTERNET_ACCESS,
        kind=Kind.SITE,
        action=action,
        by=by,
        code=code,
        packets=flight.packets,
        also=(name,),
    )
