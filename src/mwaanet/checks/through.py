"""`expect: blocked`: which packets get through although none must, of everything that is asked about.

A packet gets through where it arrives: that its answer is stopped is no comfort. Every port of the client counts, not
only those that its system uses by itself. Where the addresses of a name are not known exactly, packets get through for
certain only where they do to every address that it may have.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_

from mwaanet.checks.answer import Answer, Cause, answered, empty_answer, unknown_cause
from mwaanet.checks.assumptions import assumed_on
from mwaanet.checks.codes import Fault
from mwaanet.checks.context import Context
from mwaanet.checks.crossing import as_asked, crosses
from mwaanet.checks.evidence import of_hop, of_name, of_source
from mwaanet.checks.language import Check, Reach
from mwaanet.checks.meant import meant
from mwaanet.checks.naming import NameProblem, named_end, resolved
from mwaanet.checks.result import Status, Witness
from mwaanet.checks.selectors import Absent, End, HostName
from mwaanet.errors import EmptySelectionError
from mwaanet.graph.explanations import EXPLANATIONS
from mwaanet.graph.flight import Action, Arrive, Drop, Evidence, Lose
from mwaanet.graph.interface import LINK_LOCAL_SERVICES
from mwaanet.graph.network import Network
from mwaanet.model.unknown import Unknown
from mwaanet.names import Resolution
from mwaanet.net import ANY_PORT, Intervals, PacketSet, protocol_number
from mwaanet.paths.endpoints import addresses_of, endpoint_of
from mwaanet.paths.question import LINUX_PORTS, Endpoint, Question
from mwaanet.paths.trace import requests
from mwaanet.paths.walk import Leg


@dataclass(slots=True)
class Through:
    """What became of the asked packets on their way forward."""

    asked: PacketSet = PacketSet.NONE
    passed: PacketSet = PacketSet.NONE
    unclear: PacketSet = PacketSet.NONE
    legs: list[Leg] = field(default_factory=list)
    """The legs that get through for certain."""
    unknowns: dict[Unknown, None] = field(default_factory=dict)
    walked: list[Leg] = field(default_factory=list)


def blocked_answer(
    context: Context, check: Check, verb: Reach, source: Endpoint, destination: Endpoint | HostName
) -> Answer:
    """The answer for one pair of ends; where there is no packet that could be sent, nothing is asked."""
    try:
        question = _question(context, verb, source, destination)
    except EmptySelectionError as error:
        return empty_answer(check, source.name, destination.name, str(error))
    if isinstance(question, NameProblem):
        return answered(check, source.name, destination.name, question.status, question.cause)
    found = context.once(("through", question, verb.via, verb.not_via), lambda: _through(context, verb, question))
    why = question.source.unknown or question.destination.unknown
    if not found.asked and why is None:
        return empty_answer(check, source.name, destination.name, _unsent(question))
    if found.passed and _certain(question, found):
        return _passing(check, question, found)
    if found.passed or found.unclear or why:
        reasons = (*([why] if why else []), *found.unknowns) or (_undetermined(question),)
        what = f"whether {source.name} is kept from {destination.name} is not known"
        return answered(check, source.name, destination.name, Status.UNKNOWN, unknown_cause(reasons, what))
    if held_by_nobody(context, destination):
        return empty_answer(check, source.name, destination.name, f"nobody has {question.destination.addresses}")
    evidence = _evidence(context, source, destination, found)
    return answered(check, source.name, destination.name, Status.PASS, None, evidence)


def held_by_nobody(context: Context, end: End) -> bool:
    """Whether an end is addresses of VPCs that nobody has, so that nothing could arrive, whatever is so."""
    if addresses_of(end.name) is None or isinstance(end, Absent):
        return False
    end = endpoint_of(context.network, end.name) if isinstance(end, HostName) else end
    if end.starts or end.unknown or end.addresses & LINK_LOCAL_SERVICES:
        return False
    return not any(end.addresses & context.inventory.resolver_address(vpc) for vpc in context.inventory.vpcs)


def _question(
    context: Context, verb: Reach, source: Endpoint, destination: Endpoint | HostName
) -> Question | NameProblem:
    """What is asked: everything that the source could send, from any port, to wherever the destination may be.

    Interfaces are asked for at every address that they hold, of both families.
    """
    ports = Intervals.of(*verb.ports) if verb.ports else None
    end = destination
    if isinstance(end, HostName):
        ports = ports or (Intervals.single(end.port) if end.port else None)
        found = _end_of(context, source, end)
        if isinstance(found, NameProblem):
            return found
        end = found
    else:
        end = replace(end, addresses=reduce(or_, (start.addresses for start in end.starts), end.addresses))
    starts = tuple(replace(start, ports=ANY_PORT, ports_known=True) for start in source.starts)
    return Question(
        source=replace(source, starts=starts), destination=end, protocol=protocol_number(verb.protocol), ports=ports
    )


def _end_of(context: Context, source: Endpoint, host: HostName) -> Endpoint | NameProblem:
    """Where a name leads; where it leads nowhere, where it evidently should, for whoever knows the address."""
    found = resolved(context, source, host.name)
    if isinstance(found, Resolution):
        return named_end(context, host, found)
    if found.status is Status.UNKNOWN:
        return found
    end = meant(context, source, host, found)
    if end is None:
        raise EmptySelectionError(f"{found.cause.message}, so there is no address to be kept from")
    return named_end(context, host, end) if isinstance(end, Resolution) else end


def _through(context: Context, verb: Reach, question: Question) -> Through:
    """Walk everything that is asked, forward."""
    found = Through()
    for _, packets, legs in requests(context.network, question):
        found.asked = found.asked | packets
        for leg in legs:
            _sort(context.network, found, leg, verb)
        context.assume(*assumed_on(context.network, legs))
    found.unclear = found.unclear - found.passed
    return found


def _sort(network: Network, found: Through, leg: Leg, verb: Reach) -> None:
    found.walked.append(leg)
    if isinstance(leg.end, Drop):
        return
    certain = isinstance(leg.end, Arrive)
    if crosses(network, leg.hops, verb.not_via) or (certain and not as_asked(network, leg.hops, verb)):
        return
    packets = leg.flight.asked()
    if certain and not leg.flight.doubts:
        found.passed = found.passed | packets
        found.legs.append(leg)
        return
    found.unclear = found.unclear | packets
    found.unknowns.update(dict.fromkeys(leg.flight.doubts))
    if isinstance(leg.end, Lose):
        found.unknowns[leg.end.unknown] = None


def _certain(question: Question, found: Through) -> bool:
    """Whether something gets through for certain: where only some of the addresses exist, to every one of them."""
    certain = True
    if question.source.undetermined:
        certain = found.asked.src.issubset(found.passed.src)
    if question.destination.undetermined:
        certain = certain and found.asked.dst.issubset(found.passed.dst)
    return certain


def _undetermined(question: Question) -> Unknown:
    end = question.destination if question.destination.undetermined else question.source
    return Unknown(reason=f"which addresses {end.name} has is not known, and packets get through to some of them")


def _passing(check: Check, question: Question, found: Through) -> Answer:
    """A failure, with the exact set that gets through, one packet of it and the way that it takes."""
    source, destination = question.source.name, question.destination.name
    usual = found.passed.where(sport=LINUX_PORTS)
    example = (usual or found.passed).sample()
    leg = next(leg for leg in found.legs if example in leg.flight.asked())
    witness = Witness(
        source=source, destination=destination, packets=found.passed, example=example, hops=leg.hops, passed=True
    )
    allowing = [hop for hop in reversed(leg.hops) if hop.action is Action.ALLOW]
    cause = Cause(
        message=f"{source} reaches {destination}, which it must not: {found.passed.describe()}",
        resources=tuple(dict.fromkeys(hop.component for hop in allowing or leg.hops[-1:])),
        code=Fault.PACKETS_PASS,
        step=EXPLANATIONS[allowing[0].code].step if allowing else "route",
        evidence=tuple(dict.fromkeys(evidence for hop in allowing for evidence in hop.evidence))[:12],
    )
    return replace(answered(check, source, destination, Status.FAIL, cause), witness=witness)


def _unsent(question: Question) -> str:
    source, destination = question.source, question.destination
    if not source.starts:
        return f"nobody sends from {source.name}"
    if not destination.addresses:
        return f"{destination.name} has no address"
    return f"no address of {source.name} is of the same family as one of {destination.name}"


def _evidence(
    context: Context, source: Endpoint, destination: Endpoint | HostName, found: Through
) -> tuple[Evidence, ...]:
    """Everything that a proof rests on: who sends, what the name says, what chose each way and what ended it."""
    read = dict.fromkeys(of_source(context, source))
    if isinstance(destination, HostName):
        resolution = resolved(context, source, destination.name)
        if not isinstance(resolution, NameProblem):
            read.update(dict.fromkeys(of_name(context, source, resolution)))
    for leg in found.walked:
        for hop in leg.hops:
            read.update(dict.fromkeys(of_hop(context, hop, judging=hop is leg.hops[-1])))
    return tuple(read)
