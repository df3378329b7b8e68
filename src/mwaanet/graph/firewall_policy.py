"""What a firewall policy decides about packets: the stateless rules first, then the stateful engine.

Stateless rules see every packet by itself, requests and replies alike; the first that matches passes, drops or
forwards to the stateful engine, else the policy's stateless default action does
(https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-policy-processing.html). The stateful
engine remembers connections: in *action order* it tries all pass rules, then drop and reject, and passes what none
matches; in *strict order* it tries rule groups by priority and rules as written, and then the policy's default
actions. `aws:drop_established` lets TCP handshakes through and drops the data after them, and all of UDP and ICMP
(https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html). A connection
that a rule has passed is passed both ways; replies to one that no rule matched are looked at for themselves.

The engine must see both directions of a connection
(https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_AnalysisResult.html).

Not modelled: fragments, the TLS inspection of decrypted packets, and flow timeouts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from mwaanet.graph.firewall_rules import Clause, Match, Ruling, Side, Verdict, first_match
from mwaanet.graph.flight import Evidence
from mwaanet.model.unknown import Unknown
from mwaanet.net import TCP, PacketSet

ONE_WAY = Unknown(reason="stateless rules pass the replies, so the stateful engine sees one direction only", needs=())


class Decision(NamedTuple):
    """What is decided about packets.

    `clause` decides, unless one of `doubts` is not empty; `remembered` tells whether the stateful engine saw it.
    """

    packets: PacketSet
    clause: Clause
    doubts: tuple[Unknown, ...] = ()
    remembered: bool = False
    asymmetric: bool = False

    @property
    def passes(self) -> bool:
        """Whether the packets go on, if there is no doubt."""
        return self.clause.verdict is Verdict.PASS and not self.asymmetric


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A firewall policy ready to be applied."""

    arn: str
    stateless: Sequence[Clause]
    stateless_default: Verdict
    stateful: Sequence[Clause]
    """In the order in which the engine tries them."""
    stateful_default: str = ""
    """The drop action for what no stateful rule matches (`aws:drop_strict`, ...); empty: it passes."""
    evidence: Evidence

    def requests(self, packets: PacketSet) -> Iterator[Decision]:
        """What becomes of packets that open connections; the decisions' packets add up to the given."""
        for ruling in first_match(self._stateless(Side.REQUESTS), packets):
            yield from self._through_both(ruling, self._opening(ruling.packets) if _forwards(ruling) else ())

    def replies(self, packets: PacketSet, *, seen: bool) -> Iterator[Decision]:
        """What becomes of replies; `seen` tells whether the requests came through the same firewall endpoint."""
        for ruling in first_match(self._stateless(Side.REPLIES), packets):
            inner = tuple(self._answering(ruling.packets, seen=seen))
            if _forwards(ruling):
                yield from self._through_both(ruling, inner)
            else:
                yield from self._past_the_engine(ruling, inner)

    def _through_both(self, ruling: Ruling, inner: Sequence[Decision] | Iterator[Decision]) -> Iterator[Decision]:
        """The stateless ruling together with what the stateful engine decides about what may be forwarded to it."""
        clause = _decided(ruling)
        if not _forwards(ruling):
            yield Decision(ruling.packets, clause, _rivals(ruling, clause.verdict))
            return
        others = [doubt for doubt in ruling.doubts if doubt.verdict is not clause.verdict]
        for decision in inner:
            if clause.verdict is Verdict.FORWARD:
                passes = Verdict.PASS if decision.passes else Verdict.DROP
                doubts = (*decision.doubts, *_reasons(doubt for doubt in others if doubt.verdict is not passes))
                yield decision._replace(doubts=doubts)
                continue
            same = decision.passes == (clause.verdict is Verdict.PASS) and not decision.doubts
            doubts = _reasons(doubt for doubt in others if doubt.verdict is not Verdict.FORWARD or not same)
            yield Decision(decision.packets, clause, doubts)

    def _past_the_engine(self, ruling: Ruling, inner: Sequence[Decision]) -> Iterator[Decision]:
        """Replies that stateless rules pass or drop; TCP that the engine should have seen is in doubt."""
        clause = _decided(ruling)
        rivals = _rivals(ruling, clause.verdict)
        for decision in inner:
            remembered = decision.packets.where(protocol=TCP) if decision.remembered else PacketSet.NONE
            if clause.verdict is Verdict.PASS and remembered:
                yield Decision(remembered, clause, (*rivals, ONE_WAY))
            else:
                remembered = PacketSet.NONE
            if decision.packets - remembered:
                yield Decision(decision.packets - remembered, clause, rivals)

    def _opening(self, packets: PacketSet) -> Iterator[Decision]:
        """The stateful engine on packets that open connections, and on the data that follows."""
        for ruling in first_match(self._first, packets):
            if ruling.clause is None or ruling.clause.verdict is Verdict.FORWARD:
                for later in first_match(self._later, ruling.packets):
                    yield _settled(later)
            else:
                yield _settled(ruling)

    def _answering(self, packets: PacketSet, *, seen: bool) -> Iterator[Decision]:
        """The stateful engine on replies: by what became of their requests."""
        if not seen:
            yield Decision(packets, self._nothing, asymmetric=True)
            return
        for request in self.requests(packets.reversed()):
            replies = request.packets.reversed()
            if not request.remembered and not request.doubts:
                yield Decision(replies, self._nothing, asymmetric=True)
            elif request.clause.owner != self.arn or request.doubts:
                yield Decision(replies, request.clause._replace_verdict(), remembered=True)
            else:
                yield from (_settled(ruling) for ruling in first_match(self._answers, replies))

    def _stateless(self, side: Side) -> list[Clause]:
        default = f"stateless default action aws:{_ACTIONS[self.stateless_default]}"
        return [*_seeing(self.stateless, side), self._default(self.stateless_default, default)]

    @cached_property
    def _first(self) -> list[Clause]:
        """What may match the first packet of a connection. FORWARD stands for waiting for what follows."""
        clauses = [clause for clause in _seeing(self.stateful, Side.REQUESTS) if not clause.late]
        if self.stateful_default:
            drop = self._default(Verdict.DROP, f"stateful default action {self.stateful_default}")
            if self.stateful_default != "aws:drop_strict":
                wait = self._default(Verdict.FORWARD, "the handshake")
                clauses.append(_only_tcp(wait))
            clauses.append(drop)
        return clauses

    @cached_property
    def _later(self) -> list[Clause]:
        """What may match any packet of the requests."""
        clauses = list(_seeing(self.stateful, Side.REQUESTS))
        if self.stateful_default:
            clauses.append(self._default(Verdict.DROP, f"stateful default action {self.stateful_default}"))
        return [*clauses, self._nothing]

    @cached_property
    def _answers(self) -> list[Clause]:
        """What may match the replies to a connection that no rule has passed."""
        return [*_seeing(self.stateful, Side.REPLIES), self._nothing]

    @cached_property
    def _nothing(self) -> Clause:
        return self._default(Verdict.PASS, "no stateful rule matches")

    def _default(self, verdict: Verdict, text: str) -> Clause:
        return Clause(match=Match(), verdict=verdict, text=text, owner=self.arn, evidence=self.evidence)
