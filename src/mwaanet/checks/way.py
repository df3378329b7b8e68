"""The way that requests of an environment take to a service: through which endpoint, from which addresses."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mwaanet.checks.context import Context
from mwaanet.checks.evidence import of_name, of_source, of_way
from mwaanet.checks.leads import vpc_of
from mwaanet.checks.meant import only_endpoint
from mwaanet.checks.naming import NameProblem, named_trace, resolved
from mwaanet.checks.result import Status
from mwaanet.checks.selectors import HostName, select
from mwaanet.errors import UsageError
from mwaanet.graph.flight import Arrive, Evidence, Hop
from mwaanet.model.unknown import Unknown
from mwaanet.net import Intervals
from mwaanet.paths.blocked import blocked_paths
from mwaanet.paths.question import Endpoint
from mwaanet.paths.trace import Reachable


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to a service. `endpoint` is empty on the way over the internet.

    `sources` are the addresses that the service sees: private ones through an endpoint, public ones otherwise.
    """

    name: str
    service: str
    endpoint: str = ""
    vpc: str = ""
    sources: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    unknown: Unknown | None = None
    on_premises: bool = False
    """Whether the requests come from a site, or from behind a link of which none is declared."""
    anywhere: bool = False
    """Whether nothing is known, or matters, of the network that the requests come from."""


def service_way(context: Context, via: str) -> Way:
    """The service alone, for requests whose way does not matter."""
    found = _services(context, via) if via else []
    return Way(name=found[0].name if found else "", service=found[0].service if found else "", anywhere=True)


def ways(context: Context, via: str, source: str) -> list[Way]:
    """The way of each end that `source` selects, whose addresses differ; of one that is blocked, what it would take."""
    ends = [end for end in select(context.network, context.facts, source) if isinstance(end, Endpoint)]
    return [
        replace(_way(context, end, host), on_premises=bool(end.starts) and not vpc_of(context, end))
        for end in ends
        for host in _services(context, via)
    ]


def _services(context: Context, via: str) -> list[HostName]:
    found = [end for end in select(context.network, context.facts, via) if isinstance(end, HostName)]
    if not found:
        raise UsageError(f"via: requests go to a name, such as bucket or service:sqs, not to {via!r}")
    return found


def _way(context: Context, source: Endpoint, host: HostName) -> Way:
    resolution = resolved(context, source, host.name)
    if isinstance(resolution, NameProblem):
        if resolution.status is Status.UNKNOWN:
            unknown = Unknown(reason=resolution.cause.message, needs=resolution.cause.needs)
            return Way(name=host.name, service=host.service, unknown=unknown)
        only = only_endpoint(context, source, host)
        return _through(context, source, host, only.vpc_endpoint_id if only else "", ())
    trace = named_trace(context, source, host, resolution, 6, Intervals.single(443))
    arrived = [leg for leg in trace.forward if isinstance(leg.end, Arrive)]
    if trace.reachable is Reachable.UNKNOWN and not arrived:
        unknown = trace.unknowns[0] if trace.unknowns else Unknown(reason="the way is not known")
        return Way(name=host.name, service=host.service, unknown=unknown)
    hops = arrived[0].hops if arrived else next((p.hops for p in blocked_paths(context.network, trace) if p.hops), ())
    named = of_name(context, source, resolution)
    evidence = dict.fromkeys((*of_source(context, source), *named, *of_way(context, trace)))
    way = _through(context, source, host, _endpoint_of(context, hops), tuple(evidence))
    if way.endpoint or not arrived:
        return way
    public = dict.fromkeys(text for leg in arrived for text in leg.flight.packets.src.texts() if text != "any")
    return replace(way, sources=tuple(public))


def _through(context: Context, source: Endpoint, host: HostName, endpoint: str, evidence: tuple[Evidence, ...]) -> Way:
    """The way through an endpoint, or over the internet where that is empty."""
    private = tuple(str(text) for start in source.starts for text in start.addresses.texts()) if endpoint else ()
    vpc = context.inventory.vpc_endpoints[endpoint].vpc_id if endpoint else ""
    return Way(name=host.name, service=host.service, endpoint=endpoint, vpc=vpc, sources=private, evidence=evidence)


def _endpoint_of(context: Context, hops: tuple[Hop, ...]) -> str:
    for hop in hops:
        for name in (hop.component, *hop.also):
            if name in context.inventory.vpc_endpoints:
                return name
    return ""
