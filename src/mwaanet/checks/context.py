"""What the evaluation of checks shares: the network, the environment's facts, and traces already made."""

from __future__ import annotations

from dataclasses import dataclass, field

from mwaanet.checks.facts import Facts
from mwaanet.graph.network import Network
from mwaanet.model.inventory import Inventory
from mwaanet.paths.question import Question
from mwaanet.paths.trace import Trace, trace


@dataclass(frozen=True)
class Context:
    """The subject of all checks. Nothing in it changes an answer: traces are kept because checks ask alike."""

    network: Network
    facts: Facts | None
    _traces: dict[Question, Trace] = field(default_factory=dict)
    walks: dict[object, object] = field(default_factory=dict)
    """Walks already told in parts (see `walked`)."""

    @property
    def inventory(self) -> Inventory:
        """The inventory behind the network."""
        return self.network.inventory

    def trace(self, question: Question) -> Trace:
        """The answer to a path question."""
        found = self._traces.get(question)
        if found is None:
            found = self._traces[question] = trace(self.network, question)
        return found
