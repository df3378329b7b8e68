"""What a firewall policy decides about packets: the stateless rules first, then the stateful engine.

Stateless rules see every packet by itself, requests and replies alike; the first that matches passes, drops or
forwards to the stateful engine, else the policy's stateless default action does
(https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-policy-processing.html). The stateful
engine remembers connections. A rule about addresses and ports decides about the first packet, and with it about the
connection; one that needs the data that follows is asked only where the first packet was let through unmatched.
`aws:drop_established` does that for TCP handshakes, then drops the data, and all of UDP and ICMP
(https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html). A connection
that a rule has passed is passed both ways; replies to one that no rule matched are looked at for themselves.

The engine must see both directions of a connection: replies to requests that it has not seen are dropped
(https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_AnalysisResult.html).

Not modelled: fragments, the inspection of decrypted TLS, flow timeouts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from mwaanet.graph.firewall_rules import Clause, Match, Ruling, Side, Verdict, first_match
from mwaanet.graph.flight import Evidence
from mwaanet.model.unknown import Unknown
from mwaanet.net import TCP, PacketSet

_ONE_WAY = "a stateless rule passes the replies, so the stateful engine sees one direction of the connection only"


class Decision(NamedTuple):
    """What is decided about packets: by `clause`, unless there are doubts."""

    packets: PacketSet
    clause: Clause
    doubts: tuple[Unknown, ...] = ()
    remembered: bool = False
    """Whether the stateful engine has seen the packets."""
    asymmetric: bool = False
    """Whether they are dropped because the engine has not seen what they reply to."""

    @property
    def passes(self) -> bool:
        """Whether the packets go on, as far as that is certain."""
        return self.clause.verdict is Verdict.PASS and not self.asymmetric


@dataclass(frozen=True, kw_only=True)
class Engine:
    """A firewall policy ready to be applied."""

    policy: str
    """The ARN of the policy."""
    evidence: Evidence
    stateless: tuple[Clause, ...]
    stateless_default: Verdict
    stateful: tuple[Clause, ...]
    """In the order in which they are tried."""
    stateful_default: str = ""
    """The drop action for what no stateful rule matches (`aws:drop_strict`, ...); empty: it passes."""

    def opened(self, *, stateless: bool, stateful: bool) -> Engine:
        """The engine once its stateless rules forward everything to the stateful ones, or these pass everything."""
        forwarding = replace(self, stateless=(), stateless_default=Verdict.FORWARD) if stateless else self
        once = self._default(Verdict.PASS, "once mended")
        return replace(forwarding, stateful=(once,), stateful_default="") if stateful else forwarding

    def requests(self, packets: PacketSet) -> Iterator[Decision]:
        """What becomes of packets that open connections; the decisions' packets add up to the given."""
        for ruling in first_match(self._stateless(Side.REQUESTS), packets):
            yield from _combined(ruling, self._opening)

    def replies(self, packets: PacketSet, *, seen: bool) -> Iterator[Decision]:
        """What becomes of replies; `seen` tells whether their requests have come through the same endpoint."""
        for ruling in first_match(self._stateless(Side.REPLIES), packets):
            for decision in _combined(ruling, self._answering if seen else self._unseen):
                if seen and decision.passes and not decision.remembered:
                    yield from self._one_way(decision)
                else:
                    yield decision

    def _opening(self, packets: PacketSet) -> Iterator[Decision]:
        """The stateful engine on packets that open connections, and on the data that follows them."""
        for ruling in first_match(self._first_packet, packets):
            if ruling.clause is None or ruling.clause.verdict is Verdict.FORWARD:
                yield from map(_settled, first_match(self._any_packet, ruling.packets))
            else:
                yield _settled(ruling)

    def _answering(self, packets: PacketSet) -> Iterator[Decision]:
        """The stateful engine on replies, by what became of their requests."""
        for request in self.requests(packets.reversed()):
            replies = request.packets.reversed()
            if request.doubts or (request.remembered and request.clause.owner != self.policy):
                passed = replace(
                    request.clause, verdict=Verdict.PASS, text="reply to a connection that the firewall has passed"
                )
                yield Decision(replies, passed, remembered=True)
            elif request.remembered:
                yield from map(_settled, first_match(self._reply_packet, replies))
            else:
                yield from self._unseen(replies)

    def _unseen(self, packets: PacketSet) -> Iterator[Decision]:
        """The stateful engine on replies to what it has not seen."""
        yield Decision(packets, self._default(Verdict.DROP, "has not seen the request"), asymmetric=True)

    def _one_way(self, decision: Decision) -> Iterator[Decision]:
        """Replies that go past the engine: in doubt for TCP connections that it tracks."""
        tracked = PacketSet.NONE
        for request in self.requests(decision.packets.where(protocol=TCP).reversed()):
            if request.remembered:
                tracked = tracked | request.packets.reversed()
        if tracked:
            doubt = Unknown(reason=f"{decision.clause.owner}: {_ONE_WAY}", needs=())
            yield decision._replace(packets=tracked, doubts=(*decision.doubts, doubt))
        if decision.packets - tracked:
            yield decision._replace(packets=decision.packets - tracked)

    def _stateless(self, side: Side) -> list[Clause]:
        default = self._default(self.stateless_default, f"stateless default action: {self.stateless_default}")
        return [*_looking_at(side, self.stateless), default]

    @cached_property
    def _first_packet(self) -> list[Clause]:
        """What may match the first packet of a connection; FORWARD is to wait for what follows."""
        clauses = [clause for clause in _looking_at(Side.REQUESTS, self.stateful) if not clause.late]
        if self.stateful_default and self.stateful_default != "aws:drop_strict":
            handshake = self._default(Verdict.FORWARD, "the handshake")
            clauses.append(replace(handshake, match=Match(protocols=(TCP,))))
        return [*clauses, *self._drop_the_rest]

    @cached_property
    def _any_packet(self) -> list[Clause]:
        """What may match any of the packets that a client sends."""
        return [*_looking_at(Side.REQUESTS, self.stateful), *self._drop_the_rest, self._unmatched]

    @cached_property
    def _reply_packet(self) -> list[Clause]:
        """What may match the replies to a connection that no rule has passed."""
        return [*_looking_at(Side.REPLIES, self.stateful), self._unmatched]

    @property
    def _drop_the_rest(self) -> list[Clause]:
        if not self.stateful_default:
            return []
        return [self._default(Verdict.DROP, f"stateful default action: {self.stateful_default}")]

    @property
    def _unmatched(self) -> Clause:
        return self._default(Verdict.PASS, "no stateful rule matches")

    def _default(self, verdict: Verdict, text: str) -> Clause:
        return Clause(match=Match(), verdict=verdict, text=text, owner=self.policy, evidence=self.evidence)


def _looking_at(side: Side, clauses: Iterable[Clause]) -> Iterator[Clause]:
    return (clause for clause in clauses if clause.side in (side, Side.BOTH))


def _combined(ruling: Ruling, engine: Callable[[PacketSet], Iterator[Decision]]) -> Iterator[Decision]:
    """A stateless ruling, together with what the stateful engine decides about what is, or may be, forwarded."""
    clause = ruling.clause
    assert clause is not None, "the default action matches everything"
    rivals = [doubtful for doubtful in ruling.doubts if doubtful.verdict is not clause.verdict]
    if Verdict.FORWARD not in (clause.verdict, *(rival.verdict for rival in rivals)):
        yield Decision(ruling.packets, clause, _reasons(rivals))
        return
    for inner in engine(ruling.packets):
        if clause.verdict is Verdict.FORWARD:
            against = [rival for rival in rivals if (rival.verdict is Verdict.PASS) is not inner.passes]
            yield inner._replace(doubts=(*inner.doubts, *_reasons(against)))
        else:
            agrees = not inner.doubts and inner.passes is (clause.verdict is Verdict.PASS)
            against = [rival for rival in rivals if not (agrees and rival.verdict is Verdict.FORWARD)]
            yield Decision(inner.packets, clause, _reasons(against))


def _settled(ruling: Ruling) -> Decision:
    """A ruling of the stateful engine: in doubt where a doubtful clause would have decided otherwise."""
    clause = ruling.clause
    assert clause is not None, "the last clause matches everything"
    rivals = (doubtful for doubtful in ruling.doubts if doubtful.verdict is not clause.verdict)
    return Decision(ruling.packets, clause, _reasons(rivals), remembered=True)


def _reasons(rivals: Iterable[Clause]) -> tuple[Unknown, ...]:
    return tuple(dict.fromkeys(rival.doubt for rival in rivals if rival.doubt))
