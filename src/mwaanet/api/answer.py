"""Answers: immutable records that are true where yes is proven, false where no is, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from mwaanet.checks.result import Finding, Status
from mwaanet.errors import UndecidedError, UsageError
from mwaanet.graph.flight import Arrive, Hop
from mwaanet.net import Packet, PacketSet
from mwaanet.paths.trace import Reachable as Verdict
from mwaanet.paths.trace import Trace
from mwaanet.paths.walk import Leg
from mwaanet.report.answer_text import answer_text
from mwaanet.report.verdict import leg_verdict
from mwaanet.snapshot import CallRef

__all__ = ["Answer", "Verdict", "Witness"]

WIDTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """One concrete packet, and what becomes of it on one of its ways.

    `verdict` is `yes` where it arrives and is answered, `no` where it or its reply is stopped, `unknown` otherwise.
    `hops` are the components that it meets, and its reply: each has a `component` and `by`, the rule that decided.
    """

    packet: Packet
    verdict: Verdict
    hops: tuple[Hop, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Answer:
    """The answer to one question.

    It is true where `verdict` is `yes`, false where it is `no`, and raises UndecidedError where it is `partial` or
    `unknown`: neither `assert answer` nor `assert not answer` may pass unproven. It equals its verdict's word, so
    `answer == "no"` reads well and never raises for a verdict.

    `culprits` are the resources that must change for a yes, the first one first; `needs` the AWS calls that would
    tell what is unknown; `addresses` what a name resolves to; `witnesses` a packet for each thing that may happen to
    the asked ones, those that are stopped first; `findings` all that was found, one for each cause; `assumptions` what
    the verdict takes for granted.
    """

    question: str
    verdict: Verdict
    culprits: tuple[str, ...] = ()
    needs: tuple[CallRef, ...] = ()
    addresses: tuple[str, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    findings: tuple[Finding, ...] = ()
    assumptions: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    account: str = ""

    @property
    def witness(self) -> Witness | None:
        """The packet that decides the verdict; None where the answer does not rest on packets."""
        return self.witnesses[0] if self.witnesses else None

    def explain(self, *, width: int = WIDTH, colour: bool = False) -> str:
        """The verdict and why: the path with what stops it, what is not known, how to mend it; several lines."""
        return answer_text(
            self.question,
            self.verdict,
            self.findings,
            self.assumptions,
            width=width,
            colour=colour,
            unicode=True,
            names=self.names,
            account=self.account,
        )

    @property
    def reason(self) -> str:
        """Why it is not a plain yes, in one sentence; empty where it is."""
        bad = [finding for finding in self.findings if finding.status is not Status.PASS]
        ranks = [Status.FAIL, Status.UNKNOWN, Status.WARN]
        if self.verdict is Verdict.UNKNOWN:
            ranks = [Status.UNKNOWN, Status.FAIL, Status.WARN]
        return min(bad, key=lambda finding: ranks.index(finding.status)).message if bad else ""

    def __bool__(self) -> bool:
        __tracebackhide__ = True
        if self.verdict in (Verdict.YES, Verdict.NO):
            return self.verdict is Verdict.YES
        raise UndecidedError(f"the answer is neither yes nor no\n{self.explain()}")

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Answer):
            return (self.question, self.verdict, self.culprits) == (other.question, other.verdict, other.culprits)
        if isinstance(other, str):
            return self.verdict.value == _word(other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.verdict.value)

    def __repr__(self) -> str:
        calls = [f"{need.service} {need.operation}" for need in self.needs[:1]]
        because = calls if self.verdict is Verdict.UNKNOWN else self.culprits[:1]
        return f"<{self.verdict.value}: {self.question}{', because of ' * bool(because)}{', '.join(because)}>"


def _word(text: str) -> str:
    """A verdict's word; UsageError for another, with which a comparison would always come out the same."""
    if text in set(Verdict):
        return text
    near = get_close_matches(text, list(Verdict), n=1)
    raise UsageError(f"an answer is never {text!r}: expected {', '.join(Verdict)}" + (f" ({near[0]}?)" if near else ""))


def witnesses(traces: list[Trace]) -> tuple[Witness, ...]:
    """A packet that is stopped, one of which it is not known, and one that passes, where there are such."""
    found = [_witness(traces, *kind) for kind in _KINDS]
    return tuple(witness for witness in found if witness)


_KINDS = (("stopped", Verdict.NO), ("torn", Verdict.NO), ("unclear", Verdict.UNKNOWN), ("passed", Verdict.YES))


def _witness(traces: list[Trace], part: str, verdict: Verdict) -> Witness | None:
    for trace in traces:
        packets: PacketSet = getattr(trace.tally, part)
        if packets:
            packet = packets.sample()
            return Witness(packet=packet, verdict=verdict, hops=tuple(_hops(trace, packet, verdict)))
    return None


def _hops(trace: Trace, packet: Packet, verdict: Verdict) -> Iterator[Hop]:
    """The way of one packet: one that ends as the verdict says, where there are several."""
    there = [leg for leg in trace.forward if packet in leg.flight.asked()]
    back = [leg for leg in trace.back if packet in leg.flight.asked()]
    ways = back if verdict is Verdict.YES else [*there, *back]
    last = next((leg for leg in ways if leg_verdict(leg) is verdict), None)
    if last in there or last is None:
        yield from (last or there[0]).hops if there else ()
        return
    yield from next((leg.hops for leg in there if _answers(last, leg)), ())
    yield from last.hops


def _answers(reply: Leg, request: Leg) -> bool:
    """Whether a reply is one to this way of the request."""
    return isinstance(request.end, Arrive) and reply.hops[0].component == request.end.answer.component
