"""What is wrong where DNS packets do not reach the servers that may be asked (`paths.dns_servers` judges that)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from mwaanet.checks.answer import Cause, unknown_cause
from mwaanet.checks.codes import Fault
from mwaanet.checks.context import Context
from mwaanet.checks.result import Status
from mwaanet.fixes.change import Change
from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Hop
from mwaanet.mending.mending import changes_of
from mwaanet.names import Place, Query, Resolution
from mwaanet.paths import dns_servers
from mwaanet.paths.blocked import BlockedPath, blocked_paths
from mwaanet.paths.dns_servers import Server, answering, lost_among, resolve_by_reached
from mwaanet.paths.question import Endpoint
from mwaanet.paths.trace import Reachable


def servers_of(context: Context, source: Endpoint, query: Query) -> tuple[Server, ...]:
    """The servers of a query; `source` asks where nobody else is said to."""
    key = ("dns servers", source, query)
    return context.once(key, lambda: dns_servers.servers_of(context.network, source, query, context.trace))


def resolved_by_reached(context: Context, source: Endpoint, place: Place, name: str) -> Resolution:
    """What a name resolves to by the servers that the packets reach."""
    found = resolve_by_reached(context.network, place, name, lambda query: servers_of(context, source, query))
    context.assume(*found.assumptions)
    return found


def query_problem(context: Context, source: Endpoint, name: str, query: Query) -> tuple[Status, Cause] | None:
    """Why somebody who asks reaches no server of a query, if so, or why that is not known."""
    servers = servers_of(context, source, query)
    answer = answering(query, servers)
    if answer is Reachable.YES:
        return None
    if answer is Reachable.UNKNOWN:
        unclear = [one for one in servers if one.reachable is Reachable.UNKNOWN]
        unknowns = tuple(dict.fromkeys(u for one in unclear for trace in one.traces.values() for u in trace.unknowns))
        return Status.UNKNOWN, unknown_cause(unknowns, f"whether the query for {name} arrives ({query.text})")
    words = dict.fromkeys(word for server in servers for word in (server.traces if server.deaf else server.stopped))
    what = f"the query for {name} does not arrive over {' or '.join(words)} ({query.text})"
    return Status.FAIL, _cause(context, query, servers, what, Fault.NAME_QUERY_BLOCKED)


def server_lost(context: Context, source: Endpoint, resolution: Resolution) -> Cause | None:
    """Why the name has lost the redundancy of its servers: one is not reached, though another answers."""
    for query in resolution.queries:
        servers = servers_of(context, source, query)
        partly = [server for server in servers if server.reachable is Reachable.PARTIAL]
        lost = [*lost_among(query, servers), *partly]
        if lost:
            named = ", ".join(map(_unreached, lost))
            what = f"of the servers asked for {resolution.name} {named} ({query.text}), though another is"
            cause = _cause(context, query, lost, what, Fault.NAME_SERVER_LOST)
            addresses = (str(server.address) for server in lost)
            return replace(cause, resources=tuple(dict.fromkeys((*cause.resources, *addresses))))
    return None


def _unreached(server: Server) -> str:
    """From where a server is not reached."""
    some = f" from {server.asked_from - server.reached_from}" if server.reached_from else ""
    return f"{server.address} is not reached{some}"


def _cause(context: Context, query: Query, servers: Sequence[Server], what: str, code: Fault) -> Cause:
    paths: list[BlockedPath] = []
    changes: dict[Change, None] = {}
    for server in servers:
        for trace in () if server.deaf else server.stopped.values():
            blocked = blocked_paths(context.network, trace)
            paths.extend(blocked)
            changes.update(dict.fromkeys(changes_of(context.network, trace, blocked)))
    drop = next((drop for path in paths for drop in path.drops), None)
    resources = [resource for path in paths for resource in path.resources]
    deaf = {str(server.address): server.deaf for server in servers if server.deaf}
    forwarding = _misdirected(context, query, drop, deaf)
    why = [
        f"{address} is an address of {name}, an outbound endpoint, which takes no queries"
        for address, name in deaf.items()
    ]
    why.extend([f"{drop.component}: {drop.by}"] if drop else [])
    dead = ", ".join(str(server.address) for server in servers)
    redirected = tuple(
        f"have {resolvers} forward to the addresses of a Route 53 Resolver inbound endpoint, not to {dead}"
        for resolvers in forwarding
    )
    return Cause(
        actions=redirected or tuple(dict.fromkeys(action for path in paths for action in path.actions)),
        message=": ".join((what, "; ".join(why))) if why else what,
        resources=tuple(dict.fromkeys((*forwarding, *deaf.values(), *resources))),
        code=code,
        step="name",
        evidence=tuple(dict.fromkeys(e for path in paths for hop in path.drops for e in hop.evidence)),
        changes=() if forwarding else tuple(changes),
        drops=tuple(hop for path in paths for hop in path.drops),
    )


def _misdirected(context: Context, query: Query, drop: Hop | None, deaf: Collection[str]) -> tuple[str, ...]:
    """The site's resolvers, where they forward to an address that nobody holds, or whose holder takes no queries."""
    if not deaf and (drop is None or drop.code not in (Code.NO_INTERFACE, Code.NO_SUBNET)):
        return ()
    return tuple(f"{name}.dns" for name in query.components if context.network.site(name))
