"""Where the solver and the engine disagree, packet by packet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from z3 import Solver, sat

from asking import network_of
from dataplane.spec import Topology
from mwaanet.graph.network import Network
from mwaanet.net import PacketSet
from mwaanet.paths.trace import Reachable, Trace
from solver.encoding.place import Kind
from solver.encoding.terms import Packet, Term
from solver.encoding.walk import Ways, ways
from solver.engine import answer, member
from solver.question import Asked
from solver.snapshot import built

UNDECLARED = "undeclared"
"""The word for what comes to a site at addresses that the site does not declare."""


@dataclass(frozen=True)
class Judgement:
    """One question, the engine's word, the solver's, and what is wrong, if anything is."""

    asked: Asked
    engine: str
    solver: str
    wrong: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join((f"{self.asked}: the solver says {self.solver}, the engine {self.engine}", *self.wrong))


def word(answer: Ways) -> str:
    """By two queries: does a packet exist that passes, and one that is stopped? What AWS picks counts as both."""
    if any(leaf.end is Kind.BEYOND for leaf in answer.leaves):
        return UNDECLARED
    passes, stopped = (example(answer.that(end), answer.packet) for end in (Kind.PASSED, Kind.STOPPED))
    return "partial" if passes and stopped else "yes" if passes else "no"


def judgements(spec: Topology, questions: Iterable[Asked], answers: Iterable[Ways]) -> Iterator[Judgement]:
    """Each question with the solver's answer, held against what the engine says of the snapshot."""
    net, interfaces = built(spec)
    network: Network = network_of(net)
    for asked, found in zip(questions, answers, strict=True):
        yield compared(asked, found, answer(network, interfaces, asked))


def judged(spec: Topology, questions: tuple[Asked, ...]) -> Iterator[Judgement]:
    return judgements(spec, questions, (ways(spec, asked) for asked in questions))


def compared(asked: Asked, found: Ways, said: Trace) -> Judgement:
    """By word, unless the engine or the site file leaves it open; and by every packet of which the engine is sure."""
    right, engine = word(found), said.reachable.value
    wrong = list(_misjudged(found, said))
    if right not in (engine, UNDECLARED) and said.reachable is not Reachable.UNKNOWN:
        wrong.append(f"the solver says {right}; " + "; ".join(_examples(found)))
    return Judgement(asked, engine, right, tuple(wrong))


def _misjudged(found: Ways, said: Trace) -> Iterator[str]:
    claims: tuple[tuple[str, PacketSet, Kind], ...] = (
        ("stopped by the engine, but it passes", said.tally.stopped, Kind.PASSED),
        ("passed by the engine, but it is stopped", said.tally.passed, Kind.STOPPED),
    )
    for text, packets, end in claims:
        for leaf in (leaf for leaf in found.leaves if leaf.end is end):
            one = example(leaf.condition, found.packet, member(packets, found.packet))
            if one:
                yield f"{one}: {text}{leaf.why and ': '}{leaf.why}"
                break
    for end in () if word(found) == UNDECLARED else (Kind.PASSED, Kind.STOPPED):
        if said.tally.torn and not example(found.that(end), found.packet, member(said.tally.torn, found.packet)):
            yield f"the engine takes two ways for {said.tally.torn.describe()}, none is {end}"


def _examples(found: Ways) -> Iterator[str]:
    for leaf in found.leaves[:4]:
        yield f"{example(leaf.condition, found.packet)} is {leaf.end} {leaf.why}"


def example(condition: Term, packet: Packet, *more: Term) -> str:
    """A packet under these conditions as text; empty if there is none."""
    solver: Any = Solver()
    solver.add(condition, *more)
    if solver.check() != sat:
        return ""
    model = solver.model()
    src, dst, sport, dport = (
        model.eval(term, model_completion=True).as_long()
        for term in (packet.src, packet.dst, packet.sport, packet.dport)
    )
    ends = [ip_address(one.to_bytes(packet.src.size() // 8, "big")) for one in (src, dst)]
    return f"{packet.protocol} {ends[0]} port {sport} to {ends[1]} port {dport}"
