"""Deterministic ids, times and tags: the same name gives the same id in every run."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any, Protocol

Record = dict[str, Any]

CREATED = "2025-03-03T09:00:00+00:00"
CREATED_MILLISECONDS = 1740992400000

_DIRECTIONS = {
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "central": "c",
    "northeast": "ne",
    "southeast": "se",
    "northwest": "nw",
    "southwest": "sw",
    "gov": "g",
}


class Identified(Protocol):
    """Anything that the builder made and that another record refers to by id."""

    @property
    def id(self) -> str: ...


Ref = Identified | str


def id_of(ref: Ref) -> str:
    """The id of a handle, or the text itself (an id that the builder did not make)."""
    return ref if isinstance(ref, str) else ref.id


def digest(*parts: str) -> str:
    """64 hexadecimal digits that depend on the parts only."""
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def aws_id(prefix: str, *parts: str) -> str:
    """An id as EC2 gives it: the prefix and 17 hexadecimal digits."""
    return f"{prefix}-0{digest(prefix, *parts)[:16]}"


def uuid_of(*parts: str) -> str:
    """A UUID that depends on the parts only."""
    return str(uuid.UUID(digest(*parts)[:32], version=4))


def hosted_zone_id(*parts: str) -> str:
    """An id as Route 53 gives it to a hosted zone."""
    return "Z0" + digest("zone", *parts)[:18].upper()


def tags(name: str) -> list[Record]:
    """The `Tags` of a resource that was given a name."""
    return [{"Key": "Name", "Value": name}] if name else []


def zone_prefix(region: str) -> str:
    """`use1` for us-east-1, `apse2` for ap-southeast-2: how Availability Zone ids of a Region begin."""
    geography, *directions, number = region.split("-")
    return geography + "".join(_DIRECTIONS[word] for word in directions) + number
