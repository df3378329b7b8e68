"""One question walked once and told in parts: name, site, endpoint, service, load balancer, network, and the way back.

What starts beside an endpoint meets the endpoint first and the network behind it. What comes to an endpoint from
elsewhere leaves its site first, then crosses the network, then enters the endpoint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mwaanet.checks.context import Context
from mwaanet.checks.leads import endpoint_at, far_endpoint, misled, vpc_of
from mwaanet.checks.meant import Meant, meant, meant_of, walk_meant
from mwaanet.checks.name_changes import with_changes
from mwaanet.checks.naming import NameProblem, resolved
from mwaanet.checks.result import Status
from mwaanet.checks.selectors import HostName
from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Hop, Kind
from mwaanet.names import Resolution
from mwaanet.net import Intervals
from mwaanet.paths.question import Endpoint, Question
from mwaanet.paths.trace import Trace

_BALANCING = (Kind.LOAD_BALANCER, Kind.TARGET_GROUP)
_BALANCER_OWN = (*_BALANCING, Kind.SECURITY_GROUP, Kind.NETWORK_INTERFACE)
_SITE = (Kind.SITE, Kind.CLIENT_VPN_ENDPOINT, Kind.VPN_CONNECTION, Kind.DIRECT_CONNECT_GATEWAY, Kind.VIRTUAL_INTERFACE)
_CROSSING = (
    *_SITE,
    Kind.PEERING,
    Kind.TRANSIT_GATEWAY,
    Kind.TRANSIT_GATEWAY_ATTACHMENT,
    Kind.TRANSIT_GATEWAY_ROUTE_TABLE,
    Kind.VPN_GATEWAY,
    Kind.INTERNET_GATEWAY,
    Kind.NAT_GATEWAY,
    Kind.INTERNET,
)
_BEYOND = (Kind.ENDPOINT_SERVICE, *_BALANCING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """A walk from a source to a destination.

    Where the name fails, the walk goes to where the name should lead, so that everything on the way is told at once;
    where that is not evident there is no `trace`.
    """

    source: Endpoint
    destination: str
    problem: NameProblem | None
    resolution: Resolution | None
    endpoint: str
    far: bool = False
    """Whether the endpoint lies elsewhere than the source: in another VPC, or seen from a site."""
    trace: Trace | None
    host: HostName | None = None
    """The destination, where it is a name."""

    @property
    def scheme(self) -> str:
        """`https` or `http`, where the destination is a URL."""
        return self.host.scheme if self.host else ""

    @property
    def order(self) -> tuple[str, ...]:
        """The parts in the order in which packets meet them, those left out that this way cannot have."""
        if self.far:
            return ("name", "site", "network", "endpoint", "service", "load-balancer", "return")
        inside = ("endpoint", "service", "load-balancer") if self.endpoint else ()
        return ("name", *inside, "network", "return")

    def parts(self, hops: Sequence[Hop], turn: int) -> list[str]:
        """The part of the path that each hop belongs to; `turn` is how many of them are the request's."""
        if self.far:
            return _inwards(hops, turn)
        return parts_of(hops, turn, by_endpoint=bool(self.endpoint))


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
    end: Meant | None
    trace: Trace | None
    if isinstance(destination, Endpoint):
        end = destination
        trace = context.trace(Question(source=source, destination=destination, protocol=protocol, ports=ports))
    else:
        resolution, end, problem = _leads(context, source, destination)
        trace = walk_meant(context, source, destination, end, protocol, ports) if end is not None else None
    vpc = vpc_of(context, source)
    behind = endpoint_at(context, vpc, end.addresses) if end is not None and vpc else None
    beyond = far_endpoint(context, vpc, end.addresses) if end is not None and behind is None else None
    behind = behind or beyond
    return Walked(
        far=end is not None and (beyond is not None or (behind is None and not vpc)),
        source=source,
        destination=destination.name,
        problem=problem,
        resolution=resolution,
        endpoint=behind.vpc_endpoint_id if behind else "",
        trace=trace,
        host=destination if isinstance(destination, HostName) else None,
    )


def _leads(
    context: Context, source: Endpoint, host: HostName
) -> tuple[Resolution | None, Meant | None, NameProblem | None]:
    """What a name resolves to, where it leads or should lead, and what is wrong with it."""
    found = resolved(context, source, host.name)
    if isinstance(found, NameProblem):
        told = found.status is Status.FAIL or _only_there(host)
        mended = replace(found, cause=with_changes(context, source, host, found.cause))
        return None, meant(context, source, host, found) if told else None, mended
    problem = misled(context, source, host, found)
    if problem:
        problem = replace(problem, cause=with_changes(context, source, host, problem.cause))
    return (None, meant_of(context, source, host), problem) if problem else (found, found, None)


def _only_there(host: HostName) -> bool:
    """Whether what a name means can be reached by an endpoint only, however the name resolves."""
    return bool(host.services) and all(".vpce-svc-" in service for service in host.services)


def _inwards(hops: Sequence[Hop], turn: int) -> list[str]:
    """The parts of a way that comes to an endpoint from elsewhere: site, network, then as from beside the endpoint."""
    beyond = next((i for i in range(turn) if hops[i].kind in _BEYOND), turn)
    crossed = [i for i in range(beyond) if hops[i].kind in _CROSSING]
    entered = min(max(crossed[-1] + 1, _sent(hops[:beyond])), beyond) if crossed else beyond
    outside = next((i for i in range(entered) if hops[i].kind not in _SITE), entered)
    found = ["site" if i < outside else "network" for i in range(entered)]
    return found + parts_of(hops[entered:], turn - entered, by_endpoint=True)


def _sent(hops: Sequence[Hop]) -> int:
    """How many hops it takes until an interface has sent the packets, its security groups included."""
    senders = [i for i, hop in enumerate(hops) if hop.code is Code.INTERFACE_SENDS]
    return senders[-1] + 2 if senders else 0


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
