"""What the evaluation of checks shares: the network, the environment's facts, and traces already made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from mwaanet.checks.assumptions import assumed_on
from mwaanet.checks.facts import Facts
from mwaanet.graph.network import Network
from mwaanet.model.inventory import Inventory
from mwaanet.model.unknown import Unknown
from mwaanet.paths.question import Question
from mwaanet.paths.trace import Trace, trace

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was found, and what was taken for granted in finding it."""

    value: Any
    assumptions: tuple[str, ...]


@dataclass(frozen=True)
class Context:
    """The subject of all checks. Nothing in it changes an answer: answers are kept because checks ask alike."""

    network: Network
    facts: Facts | None
    unread: Unknown | None = None
    """Why nothing is known of the environment; None where it was read, or is not asked about."""
    _kept: dict[object, _Kept] = field(default_factory=dict, compare=False, repr=False)
    _assumed: list[dict[str, None]] = field(default_factory=list, compare=False, repr=False)
    """What is taken for granted in what is being asked, the innermost question last."""

    @property
    def inventory(self) -> Inventory:
        """The inventory behind the network."""
        return self.network.inventory

    def assume(self, *texts: str) -> None:
        """Tell whoever asks what is taken for granted."""
        if self._assumed:
            self._assumed[-1].update(dict.fromkeys(texts))

    def assuming(self, make: Callable[[], T]) -> tuple[T, tuple[str, ...]]:
        """What `make` gives, and what is taken for granted in it, each told once."""
        found: dict[str, None] = {}
        self._assumed.append(found)
        try:
            return make(), tuple(found)
        finally:
            self._assumed.pop()

    def trace(self, question: Question) -> Trace:
        """The answer to a path question."""
        return self.once(question, lambda: self._trace(question))

    def _trace(self, question: Question) -> Trace:
        found = trace(self.network, question)
        self.assume(*assumed_on(self.network, (*found.forward, *found.back)))
        return found

    def once(self, key: object, make: Callable[[], T]) -> T:
        """What `make` gives, made once for each key."""
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = _Kept(*self.assuming(make))
        self.assume(*kept.assumptions)
        found: T = kept.value
        return found
