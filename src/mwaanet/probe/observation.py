"""What every observation records, whatever was probed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, NamedTuple

import msgspec

from mwaanet.status import Status

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]


class Fact(NamedTuple):
    """One detail of an observation for people: what it is called, and what was seen."""

    label: str
    value: str


class Verdict(NamedTuple):
    """How an outcome stands, and what it means for the network."""

    status: Status
    meaning: str


class Reach(NamedTuple):
    """What an observation says of what the model knows as well: whether a name is answered, a connection made."""

    host: str
    made: bool | None
    """None where the observation does not say."""
    port: int | None = None
    """The TCP port; None where only the name was asked for."""
    addresses: tuple[str, ...] = ()
    """What the name was answered with, or what was called."""
    server: str = ""
    """The DNS server that was asked, where it is known."""
    answered: bool = False
    """Whether packets came back all the same where nothing was made."""


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

    def reach(self) -> Reach | None:
        """What the model can be asked about; None where it says nothing about such a thing."""
        return None

    def layers(self) -> tuple[str, ...]:
        """What is left to look at where the model finds nothing wrong, the likeliest first."""
        return ()


def kind_of(observation: Observation) -> str:
    """The kind's word in reports."""
    return str(observation.__struct_config__.tag)


def now() -> str:
    """The present time as observations record it."""
    return datetime.now(UTC).isoformat(timespec="seconds")
