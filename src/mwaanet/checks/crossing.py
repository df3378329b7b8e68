"""Ways: whether they cross what `via` names, and none of what `not-via` names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mwaanet.checks.answer import Cause
from mwaanet.checks.codes import Fault
from mwaanet.checks.language import Reach
from mwaanet.checks.result import Witness
from mwaanet.graph.flight import Arrive, Hop, Kind
from mwaanet.graph.network import Network
from mwaanet.paths.question import LINUX_PORTS
from mwaanet.paths.trace import Trace
from mwaanet.paths.walk import Leg


def crosses(hops: Iterable[Hop], names: Sequence[str]) -> bool:
    """Whether a way crosses one of these components or kinds of component."""
    return bool(names) and any(hop.component in names or hop.kind.value in names for hop in hops)


def unmet(network: Network, verb: Reach) -> tuple[str, ...]:
    """The ids of `via` and `not-via` that nothing in the snapshot has: whatever is so, no way crosses them."""
    named = (*verb.via, *verb.not_via)
    kinds = {kind.value for kind in Kind} if named else ()
    return tuple(name for name in named if name not in kinds and name not in network.graph)


def as_asked(hops: Sequence[Hop], verb: Reach) -> bool:
    """Whether a request's way crosses what it must, and nothing that it must not."""
    return (not verb.via or crosses(hops, verb.via)) and not crosses(hops, verb.not_via)


def astray(trace: Trace, verb: Reach) -> tuple[Cause, Witness] | None:
    """Why packets that arrive do not go as asked, with one that shows it; None where all do."""
    found = next(_strays(trace, verb), None) if verb.via or verb.not_via else None
    if found is None:
        return None
    leg, what, culprits = found
    source, destination = trace.question.source.name, trace.question.destination.name
    packets = leg.flight.asked()
    cause = Cause(
        message=f"{source} reaches {destination}, but {what}: {packets.describe()}",
        resources=culprits,
        code=Fault.WAY_NOT_TAKEN,
        step="route",
        evidence=tuple(evidence for hop in leg.hops if hop.component in culprits for evidence in hop.evidence)[:12],
    )
    example = (packets.where(sport=LINUX_PORTS) or packets).sample()
    return cause, Witness(
        source=source, destination=destination, packets=packets, example=example, hops=leg.hops, passed=True
    )


def _strays(trace: Trace, verb: Reach) -> Iterator[tuple[Leg, str, tuple[str, ...]]]:
    """The ways that are not as asked: what is wrong with each, and the components that are at fault."""
    for leg in (*trace.forward, *trace.back):
        if not isinstance(leg.end, Arrive):
            continue
        met = dict.fromkeys(hop.component for hop in leg.hops if crosses([hop], verb.not_via))
        if met:
            whose = "the reply crosses" if leg.flight.reply else "crosses"
            yield leg, f"{whose} {', '.join(met)}", tuple(met)
        elif verb.via and not leg.flight.reply and not crosses(leg.hops, verb.via):
            tables = dict.fromkeys(hop.component for hop in leg.hops if hop.kind is Kind.ROUTE_TABLE)
            yield leg, f"does not cross {' or '.join(verb.via)}", tuple(tables) or (leg.hops[-1].component,)
