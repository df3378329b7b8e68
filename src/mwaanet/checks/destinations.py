"""What an environment's workers must reach, by the built-in checks that ask for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mwaanet.checks.environments import asked_environment
from mwaanet.checks.evaluate import verbs_asked
from mwaanet.checks.facts import Facts
from mwaanet.checks.language import Reach, Selection
from mwaanet.checks.load import builtin_checks
from mwaanet.checks.selectors import HostName, select
from mwaanet.errors import UsageError
from mwaanet.graph.network import Network
from mwaanet.model.inventory import Inventory
from mwaanet.model.site import Site
from mwaanet.model.unread_environment import UnreadEnvironment
from mwaanet.names.web_server import host_of
from mwaanet.net import AddressSet
from mwaanet.paths.question import Endpoint
from mwaanet.snapshot.reader import Snapshot

_WORKER = Selection(of=("mwaa.worker",))
_HTTPS = 443


class Destination(NamedTuple):
    """A name or an address, a port, and whether TLS is spoken there under that name."""

    host: str
    port: int
    tls: bool


class WorkerNeeds(NamedTuple):
    """What the workers of an environment need of the network; `gaps` says what of it is not known."""

    environment: str
    destinations: tuple[Destination, ...]
    indexes: tuple[str, ...]
    gaps: tuple[str, ...]


def worker_needs(snapshot: Snapshot, *, environment: str | None = None, site: Site | None = None) -> WorkerNeeds:
    """The destinations that the checks ask about from workers, and the package indexes.

    UsageError where there is no such environment.
    """
    inventory = Inventory.load(snapshot, site)
    chosen = asked_environment(inventory, environment, site)
    if isinstance(chosen, UnreadEnvironment):
        raise UsageError(f"what {chosen.name} needs is not known: {chosen.unknown.reason}")
    inventory.focus = chosen
    network = Network(inventory)
    facts = Facts(inventory, network, chosen)
    found = dict.fromkeys(_destinations(network, facts))
    web_server = host_of(chosen)
    if web_server and chosen.webserver_access_mode != "PUBLIC_ONLY":
        found[Destination(web_server, _HTTPS, tls=True)] = None
    packages = facts.packages
    return WorkerNeeds(
        environment=chosen.name,
        destinations=tuple(found),
        indexes=tuple(packages.index_urls),
        gaps=tuple(gap.reason for gap in packages.gaps),
    )


def _destinations(network: Network, facts: Facts) -> Iterator[Destination]:
    for check in builtin_checks():
        if not isinstance(check.verb, Reach) or check.verb.source != _WORKER:
            continue
        for verb in verbs_asked(facts, check):
            if isinstance(verb, Reach):
                yield from _ends(network, facts, verb)


def _ends(network: Network, facts: Facts, verb: Reach) -> Iterator[Destination]:
    ports = [first for first, last in verb.ports if first == last]
    for text in map(facts.fill, verb.destination.of):
        for end in select(network, facts, text):
            if isinstance(end, HostName):
                tls = not text.startswith("http:")
                yield from (Destination(end.name, port, tls) for port in (ports or [end.port or _HTTPS]))
            elif isinstance(end, Endpoint):
                for address in _each(end.addresses):
                    yield from (Destination(address, port, tls=False) for port in ports)


def _each(addresses: AddressSet) -> Iterator[str]:
    """Every address of a few; none of a whole network."""
    left = addresses
    while left and addresses.size <= 16:
        address = left.first()
        yield address
        left = left - AddressSet.parse(address)
