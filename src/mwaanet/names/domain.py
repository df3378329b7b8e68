"""Domain names as text: lower case, without the final dot, escapes written out; the root is the empty text."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

_ESCAPE: Final = re.compile(r"\\([0-7]{3})")

UNDELEGATED: Final = frozenset(
    [
        "alt",
        "corp",
        "example",
        "home",
        "internal",
        "intranet",
        "invalid",
        "lan",
        "local",
        "localdomain",
        "localhost",
        "onion",
        "private",
        "test",
    ]
)
"""Top-level names that public DNS does not have and will not get, so that nobody can prove to own a name below them
(RFC 6761 and 6762; ICANN keeps `internal` for private use and has never delegated the others).
"""


def normal(name: str) -> str:
    r"""A name as it is compared: `\052.Corp.Example.` is `*.corp.example`.

    Route 53 prints characters other than a-z, 0-9, - and _ as octal escapes
    (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html).
    """
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 8)), name.strip())
    return text.rstrip(".").lower()


def depth(zone: str) -> int:
    """How many labels a name has: of two zones around a name the one with more labels is more specific."""
    return zone.count(".") + 1 if zone else 0


def within(name: str, zone: str) -> bool:
    """Whether the name is the zone's own or lies below it; everything lies below the root."""
    return not zone or name == zone or name.endswith("." + zone)


def parent(name: str) -> str:
    """The name without its first label; the root above a name of one label."""
    return name.partition(".")[2]


def undelegated(name: str) -> bool:
    """Whether public DNS certainly has no such name, because its top-level name does not exist."""
    return name.rpartition(".")[2] in UNDELEGATED


def wildcard_for(name: str, owners: Collection[str], zone: str) -> str:
    """The wildcard owner that answers for a name of the zone that does not exist; empty where there is none.

    RFC 4592: only the `*` right below the closest existing ancestor counts.
    """
    encloser = parent(name)
    while encloser != zone and not exists(encloser, owners):
        encloser = parent(encloser)
    wildcard = f"*.{encloser}"
    return wildcard if wildcard in owners else ""


def exists(name: str, owners: Collection[str]) -> bool:
    """Whether a zone has the name: itself, or only names below it (then it has no records)."""
    return any(within(owner, name) for owner in owners)


def matches(name: str, pattern: str) -> bool:
    """Whether a name is the pattern, or lies below what follows its `*.`."""
    if pattern.startswith("*."):
        return name.endswith(pattern[1:]) and name != pattern[2:]
    return name == pattern
