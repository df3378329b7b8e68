"""Ways: whether they cross what `via` names, and none of what `not-via` names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mwaanet.checks.answer import Cause
from mwaanet.checks.codes import Fault
from mwaanet.checks.language import Reach
from mwaanet.checks.result import Witness
from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Arrive, Hop, Kind
from mwaanet.graph.network import Network
from mwaanet.paths.question import LINUX_PORTS
from mwaanet.paths.trace import Trace
from mwaanet.paths.walk import Leg


def crosses(network: Network, hops: Iterable[Hop], names: Sequence[str]) -> bool:
    """Whether a way crosses one of these components or kinds of component."""
    return bool(names) and any(not _names(network, hop).isdisjoint(names) for hop in hops)


def _names(network: Network, hop: Hop) -> set[str]:
    """What a hop is called by: its component and its kind, and those of what it belongs to."""
    return {hop.component, hop.kind.value, *_whole(network, hop)}


def _whole(network: Network, hop: Hop) -> tuple[str, ...]:
    """The interface endpoint or transit gateway whose interface or attachment has the packets, and its kind."""
    if hop.code is Code.INTERFACE_RECEIVES:
        endpoint = network.inventory.endpoint_of_interface(hop.component)
        return (endpoint, Kind.VPC_ENDPOINT.value) if endpoint else ()
    if hop.kind is Kind.TRANSIT_GATEWAY_ATTACHMENT:
        attachment = network.inventory.attachment(hop.component)
        return (attachment.transit_gateway_id, Kind.TRANSIT_GATEWAY.value) if attachment else ()
    return ()


def unmet(network: Network, verb: Reach) -> tuple[str, ...]:
    """The ids of `via` and `not-via` that nothing in the snapshot has: whatever is so, no way crosses them."""
    named = (*verb.via, *verb.not_via)
    kinds = {kind.value for kind in Kind} if named else ()
    return tuple(name for name in named if name not in kinds and name not in network.graph)


def as_asked(network: Network, hops: Sequence[Hop], verb: Reach) -> bool:
    """Whether a request's way crosses what it must, and nothing that it must not."""
    return (not verb.via or crosses(network, hops, verb.via)) and not crosses(network, hops, verb.not_via)


def astray(network: Network, trace: Trace, verb: Reach) -> tuple[Cause, Witness] | None:
    """Why packets that arrive do not go as asked, with one that shows it; None where all do."""
    found = next(_strays(network, trace, verb), None) if verb.via or verb.not_via else None
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
        evidence=tuple(evidence for hop in leg.hops if crosses(network, [hop], culprits) for evidence in hop.evidence)[
            :12
        ],
    )
    example = (packets.where(sport=LINUX_PORTS) or packets).sample()
    return cause, Witness(
        source=source, destination=destination, packets=packets, example=example, hops=leg.hops, passed=True
    )


def _strays(network: Network, trace: Trace, verb: Reach) -> Iterator[tuple[Leg, str, tuple[str, ...]]]:
    """The ways that are not as asked: what is wrong with each, and the components that are at fault."""
    for leg in (*trace.forward, *trace.back):
        if not isinstance(leg.end, Arrive):
            continue
        crossed = (hop for hop in leg.hops if crosses(network, [hop], verb.not_via))
        met = dict.fromkeys((*_whole(network, hop), hop.component)[0] for hop in crossed)
        if met:
            whose = "the reply crosses" if leg.flight.reply else "crosses"
            yield leg, f"{whose} {', '.join(met)}", tuple(met)
        elif verb.via and not leg.flight.reply and not crosses(network, leg.hops, verb.via):
            tables = dict.fromkeys(hop.component for hop in leg.hops if hop.kind is Kind.ROUTE_TABLE)
            yield leg, f"does not cross {' or '.join(verb.via)}", tuple(tables) or (leg.hops[-1].component,)
