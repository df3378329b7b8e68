"""One file of a snapshot: the answer, or the answers, to one operation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from mwaanet.snapshot.operations import CallRef


class Kind(StrEnum):
    """How a file holds answers."""

    RESPONSE = "response"  # the response itself
    CALLS = "calls"  # {"Calls": [{"Parameters", "Response" | "Error"}]}


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One file: which call it answers, where it lies, and its bytes (read when asked for)."""

    ref: CallRef
    file: str
    kind: Kind
    load: Callable[[], bytes] = field(repr=False)
    static_only: bool = False
    """Transit gateway routes of a foreign layout that holds static routes only."""
    at: str = ""
    """JSON pointer of the list inside the file where an adapter moved it; empty otherwise."""

    def read(self) -> bytes:
        """The bytes of the file, as the adapter gives them."""
        return self.load()
