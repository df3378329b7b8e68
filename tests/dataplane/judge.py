"""Where the kernel and the engine disagree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from dataplane.compiler.topology import compiled
from dataplane.kernel import running
from dataplane.spec import Flow, Topology
from dataplane.traffic import Outcome, outcomes
from dataplane.verdicts import Verdict

PATIENCE, MORE_PATIENCE = 0.15, 2.5
"""Seconds without any event until what is not connected never will be; a SYN is sent again after one second."""

Observed = Mapping[Flow, Outcome]
Said = Mapping[Flow, Verdict]


@dataclass(frozen=True)
class Disagreement:
    """One flow, what became of it, and what the engine says."""

    flow: Flow
    kernel: Outcome
    engine: Verdict

    @property
    def certain(self) -> bool:
        """Whether more came through than the engine allows, which no haste explains."""
        reached = list(Outcome).index
        return all(reached(self.kernel) < reached(one) for one in self.engine.allowed)

    def __str__(self) -> str:
        one = self.flow
        way = f"{one.source} {one.source_address}:{one.sport} to {one.destination} {one.address}:{one.dport}"
        allowed = " or ".join(sorted(self.engine.allowed))
        return f"{way}: the kernel says {self.kernel}, the engine {self.engine.word} ({allowed})"


def observed(spec: Topology, pick: int = 0, patience: float = PATIENCE) -> dict[Flow, Outcome]:
    """What the kernel does with every flow."""
    plan = compiled(spec, pick)
    with running(plan) as spaces:
        return outcomes(spec, plan, spaces, patience)


def settled(spec: Topology, said: Said, pick: int = 0) -> Observed:
    """The same; unless the engine is certainly wrong, asked again where it differs: a busy machine connects slowly."""
    seen = observed(spec, pick)
    found = disagreeing(said, seen)
    return observed(spec, pick, MORE_PATIENCE) if found and not any(one.certain for one in found) else seen


def disagreeing(said: Said, seen: Observed) -> list[Disagreement]:
    return [Disagreement(flow, seen[flow], said[flow]) for flow in seen if seen[flow] not in said[flow].allowed]


def tally(said: Said, seen: Observed) -> Counter[str]:
    """How many flows had each outcome; those that the engine leaves open are counted by its own word."""
    return Counter(seen[flow].value if len(said[flow].allowed) == 1 else said[flow].word for flow in seen)
