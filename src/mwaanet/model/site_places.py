"""Where the site file declares what reports name: a site, a part or host of one, the name that clients call."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from mwaanet.model.record import Origin
from mwaanet.model.site import OnPremises, Site
from mwaanet.net import AddressSet
from mwaanet.snapshot.document import Document, Kind
from mwaanet.snapshot.operations import CallRef


def site_origin(site: Site, resource: str) -> Origin | None:
    """The place of a resource in the site file; None where the file does not declare it."""
    place = _place(site, resource)
    if place is None:
        return None
    file = PurePath(site.name).name
    return Origin(
        Document(ref=CallRef("", "", "", ""), file=file, kind=Kind.RESPONSE, load=bytes, path=site.name), place
    )


def _place(site: Site, resource: str) -> str | None:
    if site.api and site.api.host and site.api.host.lower().rstrip(".") == resource:
        return "/api/host"
    name, _, part = resource.partition(".")
    found = ((number, one) for number, one in enumerate(site.on_premises) if one.name == name)
    number, premises = next(found, (0, None))
    return None if premises is None else f"/on_premises/{number}{_below(premises, part)}"


def _below(premises: OnPremises, part: str) -> str:
    """The part of a site, or the site itself where that is not declared."""
    if part in premises.clients:
        return f"/clients/{part.replace('~', '~0').replace('/', '~1')}"
    firewall = premises.firewall
    declared = {
        "dns": ("/dns", premises.dns),
        "firewall": ("/firewall", firewall),
        "internet": ("/firewall/internet", firewall.internet if firewall else None),
        "routes": ("/routes", premises.routes),
    }
    place, value = declared.get(part, ("", None))
    return "" if value is None else place


def narrowest_first(sites: Iterable[OnPremises]) -> list[tuple[AddressSet, tuple[str, ...]]]:
    """The blocks of the sites' ranges, the most specific first, each with the names of those that declare it."""
    found: dict[str, tuple[str, ...]] = {}
    for site in sites:
        for text in site.cidrs.texts():
            found[text] = (*found.get(text, ()), site.name)
    blocks = [(AddressSet.parse(text), names) for text, names in found.items()]
    return sorted(blocks, key=lambda pair: pair[0].size)
