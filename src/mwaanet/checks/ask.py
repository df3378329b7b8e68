"""One path question as people ask it: from A to B, by protocol and port."""

from __future__ import annotations

from mwaanet.checks.context import Context
from mwaanet.checks.diagnose import choose_environment
from mwaanet.checks.facts import Facts
from mwaanet.checks.naming import NameProblem, resolved
from mwaanet.checks.selectors import Absent, End, HostName, select
from mwaanet.errors import UsageError
from mwaanet.graph.codes import Code
from mwaanet.graph.network import Network
from mwaanet.graph.site import EDGE
from mwaanet.model.unknown import Unknown
from mwaanet.net import Intervals
from mwaanet.paths.question import Endpoint, Question, Start
from mwaanet.paths.trace import Trace


def ask(
    network: Network,
    source: str,
    destination: str,
    protocol: int | None,
    port: int | None,
    *,
    environment: str | None = None,
) -> Trace:
    """Answer one question; UsageError where an end means nothing in the snapshot."""
    facts = _facts(network, environment)
    context = Context(network, facts)
    start = _joined(source, select(network, facts, source))
    ends = select(network, facts, destination)
    names = [end for end in ends if isinstance(end, HostName)]
    end = _named(context, start, names) if names else _joined(destination, ends)
    if port is None and names and names[0].port:
        port = names[0].port
    ports = Intervals.single(port) if port is not None else None
    return context.trace(Question(source=start, destination=end, protocol=protocol, ports=ports))


def _facts(network: Network, environment: str | None) -> Facts | None:
    """The facts of the environment that the words mean; None where the snapshot has none, or several."""
    inventory = network.inventory
    if environment is None and len(inventory.environments) != 1:
        return None
    chosen = choose_environment(inventory, environment)
    inventory.focus = chosen
    return Facts(inventory, network, chosen)


def _joined(text: str, ends: tuple[End, ...]) -> Endpoint:
    """Several ends as one."""
    starts: list[Start] = []
    found: list[Endpoint] = []
    for end in ends:
        if isinstance(end, Absent):
            raise UsageError(f"{end.name}: {end.reason}")
        if isinstance(end, HostName):
            raise UsageError(f"{end.name} is a name; packets start from interfaces, sites or addresses")
        found.append(end)
        starts.extend(end.starts)
    if len(found) == 1:
        return found[0]
    addresses = found[0].addresses
    accepts: frozenset[str] | None = frozenset()
    for end in found:
        addresses = addresses | end.addresses
        accepts = accepts | end.accepts if accepts is not None and end.accepts is not None else None
    return Endpoint(
        name=text,
        starts=tuple(starts),
        addresses=addresses,
        accepts=accepts,
        unknown=next((end.unknown for end in found if end.unknown), None),
    )


def _named(context: Context, source: Endpoint, names: list[HostName]) -> Endpoint:
    """A name as the end of a question: resolved as the source sees it."""
    host = names[0]
    found = resolved(context, source, host.name)
    if isinstance(found, NameProblem):
        why = Unknown(reason=found.cause.message, needs=found.cause.needs)
        return Endpoint(name=host.name, unknown=why)
    return Endpoint(name=host.name, addresses=found.addresses, undetermined=found.undetermined)


def assumptions_of(network: Network, trace: Trace) -> tuple[str, ...]:
    """What the answer takes for granted of places that nobody has declared."""
    found: dict[str, None] = {}
    for leg in (*trace.forward, *trace.back):
        for hop in leg.hops:
            if hop.code is Code.EDGE:
                link = hop.component.removeprefix(EDGE)
                text = f"what lies behind {link} routes and takes the packets (mwaanet.yaml: on_premises)"
                found[text] = None
            site = network.site(hop.component)
            if site is not None and site.routes is None:
                found[f"{site.name} routes everything that AWS advertises (mwaanet.yaml: {site.name}.routes)"] = None
    return tuple(found)
