"""What every observation records, whatever was probed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from mwaanet.status import Status


class Fact(NamedTuple):
    """One detail of an observation for people: what it is called, and what was seen."""

    label: str
    value: str


class Verdict(NamedTuple):
    """How an outcome stands, and what it means for the network."""

    status: Status
    meaning: str


class Observation(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """One thing that was tried, and what came of it; a subclass for each kind adds what was seen."""

    target: str
    """What was tried, as people write it: a name, `host:port`, a URL, a package."""
    outcome: str
    """A word of the kind's own enumeration."""
    status: Status
    meaning: str
    """What the outcome says about the network, in one or two sentences."""
    time: str
    """When it began, ISO 8601 in UTC."""
    seconds: float | None = None
    """How long it took until the outcome was known."""
    source_address: str = ""
    """The address from which the packets were sent, where it is known."""
    attempts: int = 1

    def facts(self) -> Iterable[Fact]:
        """What was seen, for people; empty values are left out."""
        return ()


def now() -> str:
    """The present time as observations record it."""
    return datetime.now(UTC).isoformat(timespec="seconds")
