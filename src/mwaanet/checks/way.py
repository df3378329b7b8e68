"""The way that requests of an environment take to a service: through which endpoint, from which addresses."""

from __future__ import annotations

from dataclasses import dataclass

from mwaanet.checks.context import Context
from mwaanet.checks.naming import NameProblem, resolved
from mwaanet.checks.result import Status
from mwaanet.checks.selectors import HostName, select
from mwaanet.graph.flight import Arrive, Hop
from mwaanet.graph.internet_gateway import INTERNET
from mwaanet.model.unknown import Unknown
from mwaanet.net import Intervals
from mwaanet.paths.blocked import blocked_paths
from mwaanet.paths.question import Endpoint, Question
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
    unknown: Unknown | None = None


def ways(context: Context, via: str) -> list[Way]:
    """The different ways that the environment's workers take; of one that is blocked, the way it would take."""
    found: dict[tuple[str, Unknown | None], Way] = {}
    for source in select(context.network, context.facts, "mwaa.worker"):
        for destination in select(context.network, context.facts, via):
            if isinstance(source, Endpoint) and isinstance(destination, HostName):
                way = _way(context, source, destination)
                known = found.get((way.endpoint, way.unknown))
                sources = tuple(dict.fromkeys((*known.sources, *way.sources))) if known else way.sources
                found[way.endpoint, way.unknown] = Way(
                    name=way.name,
                    service=way.service,
                    endpoint=way.endpoint,
                    vpc=way.vpc,
                    sources=sources,
                    unknown=way.unknown,
                )
    return list(found.values())


def _way(context: Context, source: Endpoint, destination: HostName) -> Way:
    resolution = resolved(context, source, destination.name)
    if isinstance(resolution, NameProblem):
        if resolution.status is Status.UNKNOWN:
            reason = resolution.cause.message
            unknown = Unknown(reason=reason, needs=resolution.cause.needs)
            return Way(name=destination.name, service=destination.service, unknown=unknown)
        return Way(name=destination.name, service=destination.service)
    question = Question(
        source=source,
        destination=Endpoint(
            name=destination.name,
            addresses=resolution.addresses,
            accepts=frozenset({destination.service, INTERNET}),
            undetermined=resolution.undetermined,
        ),
        protocol=6,
        ports=Intervals.single(443),
    )
    trace = context.trace(question)
    if trace.reachable is Reachable.UNKNOWN and not any(isinstance(leg.end, Arrive) for leg in trace.forward):
        unknown = trace.unknowns[0] if trace.unknowns else Unknown(reason="the way is not known")
        return Way(name=destination.name, service=destination.service, unknown=unknown)
    arrived = [leg.hops for leg in trace.forward if isinstance(leg.end, Arrive)]
    hops = arrived[0] if arrived else next((p.hops for p in blocked_paths(context.network, trace) if p.hops), ())
    endpoint = _endpoint_of(context, hops)
    private = [str(text) for start in source.starts for text in start.addresses.texts()]
    sources = private if endpoint else _public_sources(trace.forward[0].flight.packets.src.texts() if arrived else ())
    vpc = context.inventory.vpc_endpoints[endpoint].vpc_id if endpoint else ""
    return Way(name=destination.name, service=destination.service, endpoint=endpoint, vpc=vpc, sources=tuple(sources))


def _endpoint_of(context: Context, hops: tuple[Hop, ...]) -> str:
    for hop in hops:
        for name in (hop.component, *hop.also):
            if name in context.inventory.vpc_endpoints:
                return name
    return ""


def _public_sources(texts: tuple[str, ...]) -> list[str]:
    return [text for text in texts if text != "any"]
