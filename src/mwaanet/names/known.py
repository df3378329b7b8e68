"""The names that a snapshot says lead somewhere: of private zones, sites, endpoints and load balancers."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from mwaanet.model.inventory import Inventory
from mwaanet.model.unknown import Unknown
from mwaanet.names.domain import normal
from mwaanet.names.hosted_zone import private_zones, records
from mwaanet.names.memo import Memo

_ALIKE = 0.9
"""How much two names have in common that may be taken for one another: a letter in ten may differ."""
_ALMOST = Memo[str, str]()
"""What was found for a name, which many ends may ask."""


def known_names(inventory: Inventory) -> Iterator[str]:
    """Every name, as it is compared; some more than once."""
    for zone in private_zones(inventory):
        held = records(inventory, zone)
        yield from () if isinstance(held, Unknown) else held.owners
    for site in inventory.sites:
        yield from map(normal, site.dns.records if site.dns else ())
    for endpoint in inventory.vpc_endpoints.values():
        yield from (normal(entry.dns_name) for entry in endpoint.dns_entries)
    for balancer in inventory.load_balancers.values():
        yield normal(balancer.dns_name)


def name_alike(inventory: Inventory, name: str) -> str:
    """The known name that one is almost; empty where it is none, or known itself."""
    return _ALMOST.get(inventory, normal(name), lambda: _name_alike(inventory, normal(name)))


def _name_alike(inventory: Inventory, asked: str) -> str:
    known = set(known_names(inventory)) - {""}
    close = [] if asked in known else get_close_matches(asked, sorted(known), n=1, cutoff=_ALIKE)
    return close[0] if close else ""
