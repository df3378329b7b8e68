"""What the evaluation of checks shares: the network, the environment's facts, and traces already made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from mwaanet.checks.facts import Facts
from mwaanet.graph.network import Network
from mwaanet.model.inventory import Inventory
from mwaanet.model.unknown import Unknown
from mwaanet.paths.question import Question
from mwaanet.paths.trace import Trace, trace

T = TypeVar("T")

_NOTHING = object()
"""What is found of something that was not made yet: None may have been made."""


@dataclass(frozen=True)
class Context:
    """The subject of all checks. Nothing in it changes an answer: answers are kept because checks ask alike."""

    network: Network
    facts: Facts | None
    unread: Unknown | None = None
    """Why nothing is known of the environment; None where it was read, or is not asked about."""
    _kept: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)
    _assumed: dict[str, None] = field(default_factory=dict, compare=False, repr=False)

    @property
    def inventory(self) -> Inventory:
        """The inventory behind the network."""
        return self.network.inventory

    @property
    def assumed(self) -> tuple[str, ...]:
        """What the answers so far take for granted, each told once."""
        return tuple(self._assumed)

    def assume(self, *texts: str) -> None:
        """Keep what an answer takes for granted."""
        self._assumed.update(dict.fromkeys(texts))

    def trace(self, question: Question) -> Trace:
        """The answer to a path question."""
        return self.once(question, lambda: trace(self.network, question))

    def once(self, key: object, make: Callable[[], T]) -> T:
        """What `make` gives, made once for each key."""
        kept = self._kept.get(key, _NOTHING)
        if kept is _NOTHING:
            kept = self._kept[key] = make()
        found: T = kept
        return found
