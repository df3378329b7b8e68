"""One path question as people ask it: from A to B, by protocol and port."""

from __future__ import annotations

from functools import partial

from mwaanet.checks.answer import Cause
from mwaanet.checks.assumptions import assumed_on
from mwaanet.checks.blocked_way import as_path, blocked_by, unnamed
from mwaanet.checks.context import Context
from mwaanet.checks.environments import choose_environment, known_environments
from mwaanet.checks.facts import Facts
from mwaanet.checks.naming import NameProblem, named_trace, resolved
from mwaanet.checks.result import Status
from mwaanet.checks.selectors import Absent, End, HostName, is_of_environment, misspelt, no_sender, select
from mwaanet.errors import UsageError
from mwaanet.graph.network import Network
from mwaanet.model.unknown import Unknown
from mwaanet.model.unread_environment import UnreadEnvironment
from mwaanet.names import Resolution, resolve
from mwaanet.net import TCP, Intervals, PacketSet
from mwaanet.paths.blocked import BlockedPath, blocked_paths
from mwaanet.paths.places import place_of
from mwaanet.paths.question import Endpoint, Question
from mwaanet.paths.trace import Trace

OWN_PORTS = {"mwaa.webserver": 443, "mwaa.webserver-name": 443, "mwaa.database": 5432}
"""The port of an end that has one alone."""


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
    return ask_why(network, source, destination, protocol, port, environment=environment)[0]


def ask_why(
    network: Network,
    source: str,
    destination: str,
    protocol: int | None,
    port: int | None,
    *,
    environment: str | None = None,
) -> tuple[Trace, tuple[BlockedPath, ...]]:
    """The answer to one question, and what must change for what does not pass.

    A destination that certainly has no address, for its name does not resolve or it does not exist, is not reachable.
    """
    context = context_of(network, environment)
    start = _joined(context, source, _ends(context, source))
    ends = _ends(context, destination)
    host = next((end for end in ends if isinstance(end, HostName)), None)
    absent = next((end for end in ends if isinstance(end, Absent)), None)
    if port is None:
        port = host.port if host else OWN_PORTS.get(destination) if protocol == TCP else None
    ports = Intervals.single(port) if port is not None else None
    asked = partial(Question, source=start, protocol=protocol, ports=ports)
    if absent:
        cause = Cause(message=absent.reason, resources=absent.resources)
        return _nowhere(context, asked(destination=Endpoint(name=absent.name)), cause)
    if host is None:
        trace = context.trace(asked(destination=_joined(context, destination, ends)))
        return trace, blocked_paths(network, trace)
    found = resolved(context, start, host.name)
    if isinstance(found, NameProblem):
        if found.status is Status.FAIL:
            cause = unnamed(context, start, host, found, protocol, ports)
            return _nowhere(context, asked(destination=Endpoint(name=host.name)), cause)
        why = Unknown(reason=found.cause.message, needs=found.cause.needs)
        return context.trace(asked(destination=Endpoint(name=host.name, unknown=why))), ()
    trace = named_trace(context, start, host, found, protocol, ports)
    return trace, blocked_by(context, start, host, trace, found)


def name_answer(
    network: Network, source: str, destination: str, *, environment: str | None = None
) -> Resolution | None:
    """What the destination's name means to the source, and who decides that; None where it is no name."""
    context = context_of(network, environment)
    place = place_of(network, _joined(context, source, _ends(context, source)))
    host = next((end for end in _ends(context, destination) if isinstance(end, HostName)), None)
    if host is None or place is None:
        return None
    return resolve(network.inventory, place, host.name)


def sources(network: Network, text: str, *, environment: str | None = None) -> tuple[Endpoint, ...]:
    """The ends from which packets start that a selector means; UsageError where it means none."""
    context = context_of(network, environment)
    return tuple(_endpoints(context, _ends(context, text)))


def _nowhere(context: Context, question: Question, cause: Cause) -> tuple[Trace, tuple[BlockedPath, ...]]:
    """The answer where the destination certainly has no address: no packet is even sent."""
    return context.trace(question), (as_path(cause, PacketSet.NONE),)


def context_of(network: Network, environment: str | None) -> Context:
    """What questions are about; without an environment's facts where there is none, or none is named of several."""
    inventory = network.inventory
    if environment is None and len(known_environments(inventory)) != 1:
        return Context(network, None)
    chosen = choose_environment(inventory, environment)
    if isinstance(chosen, UnreadEnvironment):
        return Context(network, None, chosen.unknown)
    inventory.focus = chosen
    return Context(network, Facts(inventory, network, chosen))


def _ends(context: Context, text: str) -> tuple[End, ...]:
    """The ends that a selector means; those of an environment that was not read are not known."""
    if context.unread and is_of_environment(text) and not misspelt(text):
        return (Endpoint(name=text, unknown=context.unread),)
    return select(context.network, context.facts, text)


def _joined(context: Context, text: str, ends: tuple[End, ...]) -> Endpoint:
    """Several ends as one."""
    found = _endpoints(context, ends)
    starts = [start for end in found for start in end.starts]
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


def _endpoints(context: Context, ends: tuple[End, ...]) -> list[Endpoint]:
    """The ends, none of which is a name or absent."""
    found: list[Endpoint] = []
    for end in ends:
        if isinstance(end, Absent):
            raise UsageError(f"{end.name}: {end.reason}")
        if isinstance(end, HostName):
            raise UsageError(f"{end.name} {no_sender(context.network, end)}")
        found.append(end)
    return found


def assumptions_of(network: Network, trace: Trace, name: Resolution | None = None) -> tuple[str, ...]:
    """What the answer takes for granted: of undeclared places, of what is younger than the snapshot, of a name."""
    found = assumed_on(network, (*trace.forward, *trace.back))
    return tuple(dict.fromkeys((*(name.assumptions if name else ()), *found)))
