"""What is asked of AWS, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import msgspec

from mwaanet.snapshot.operation import CallRef, Operation
from mwaanet.snapshot.operations import OPERATIONS


class Place(NamedTuple):
    """An account, and a Region of it or `global`."""

    account: str
    region: str


@dataclass(frozen=True)
class Ask:
    """One call to be made."""

    place: Place
    service: str
    operation: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    """What the draw wants to know again when the answer is there; nothing of the call."""

    @cached_property
    def key(self) -> str:
        """The same text for the same call."""
        call = [*self.place, self.service, self.operation, self.parameters]
        return msgspec.json.encode(call, order="sorted").decode()

    @property
    def row(self) -> Operation:
        """Its row in the table of operations."""
        return OPERATIONS[self.service, self.operation]

    @property
    def ref(self) -> CallRef:
        """The call, whatever it is about."""
        return CallRef(*self.place, self.service, self.operation)


class Refused(NamedTuple):
    """The code and message of a call that was not answered, or not whole."""

    code: str
    message: str


Answer = dict[str, Any] | Refused
"""A response, all pages of it, as a snapshot holds it; or why there is none."""
