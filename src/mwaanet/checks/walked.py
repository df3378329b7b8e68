"""One question walked once and told in parts: name, endpoint, service, load balancer, network, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mwaanet.checks.context import Context
from mwaanet.checks.leads import endpoint_addresses, endpoint_at, expected_endpoint, misled, vpc_of
from mwaanet.checks.naming import NameProblem, named_trace, resolved
from mwaanet.checks.result import Status
from mwaanet.checks.selectors import HostName
from mwaanet.graph.flight import Hop, Kind
from mwaanet.names import Resolution
from mwaanet.net import AddressSet, Intervals
from mwaanet.paths.question import Endpoint, Question
from mwaanet.paths.trace import Trace

_BALANCING = (Kind.LOAD_BALANCER, Kind.TARGET_GROUP)
_BALANCER_OWN = (*_BALANCING, Kind.SECURITY_GROUP, Kind.NETWORK_INTERFACE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """A walk from a source to a destination.

    Where the name fails, the walk goes to the `endpoint` that the name should lead to, so that everything on the way is
    told at once; without such an endpoint there is no `trace`.
    """

    source: Endpoint
    destination: str
    problem: NameProblem | None
    resolution: Resolution | None
    endpoint: str
    trace: Trace | None


def walked(
    context: Context, source: Endpoint, destination: Endpoint | HostName, protocol: int | None, ports: Intervals | None
) -> Walked:
    """Walk to a destination; the same question is walked once."""
    key = ("walked", source, destination, protocol, ports)
    return context.once(key, lambda: _walk(context, source, destination, protocol, ports))


def _walk(
    context: Context, source: Endpoint, destination: Endpoint | HostName, protocol: int | None, ports: Intervals | None
) -> Walked:
    problem: NameProblem | None = None
    resolution: Resolution | None = None
    if isinstance(destination, Endpoint):
        end: Endpoint | None = destination
    else:
        end, resolution, problem = _end(context, source, destination)
    vpc = vpc_of(context, source)
    behind = endpoint_at(context, vpc, end.addresses) if end and vpc else None
    trace = None
    if resolution is not None and isinstance(destination, HostName):
        trace = named_trace(context, source, destination, resolution, protocol, ports)
    elif end is not None:
        trace = context.trace(Question(source=source, destination=end, protocol=protocol, ports=ports))
    name = behind.vpc_endpoint_id if behind else ""
    return Walked(
        source=source,
        destination=destination.name,
        problem=problem,
        resolution=resolution,
        endpoint=name,
        trace=trace,
    )


def _end(
    context: Context, source: Endpoint, host: HostName
) -> tuple[Endpoint | None, Resolution | None, NameProblem | None]:
    """Where a name leads, or should lead, and what is wrong with the name."""
    found = resolved(context, source, host.name)
    problem = found if isinstance(found, NameProblem) else misled(context, source, host.name, found)
    if not isinstance(found, NameProblem) and problem is None:
        return Endpoint(name=host.name, addresses=found.addresses, undetermined=found.undetermined), found, None
    expected = expected_endpoint(context, source)
    if expected is None or problem is None or problem.status is not Status.FAIL:
        return None, None, problem
    addresses = endpoint_addresses(context, expected)
    end = Endpoint(name=host.name, addresses=addresses) if addresses != AddressSet.NONE else None
    return end, None, problem


def parts_of(hops: Sequence[Hop], turn: int, *, by_endpoint: bool) -> list[str]:
    """The part of the path that each hop belongs to; `turn` is how many of them are the request's.

    Without an endpoint on the way all that the request passes is network, except a load balancer itself.
    """
    found: list[str] = []
    now, balanced = ("endpoint" if by_endpoint else "network"), False
    for index, hop in enumerate(hops):
        if index >= turn:
            found.append("return")
            continue
        if hop.kind is Kind.ENDPOINT_SERVICE:
            now = "service"
        elif now == "service" or (hop.kind in _BALANCING and not balanced):
            now = "load-balancer"
        elif now == "load-balancer" and balanced and hop.kind not in _BALANCER_OWN:
            now = "network"
        balanced = balanced or hop.kind in _BALANCING
        found.append(now)
    return found
