"""Where a name that does not resolve, or that leads astray, evidently should lead.

To what the servers would answer if the question reached them; to the record of the only private zone that has the name;
for an AWS service to the VPC's only endpoint for it, else to its public addresses; for a package server to the VPC's
only endpoint for an endpoint service of one's own, else to the server that the site file declares.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from mwaanet.checks.context import Context
from mwaanet.checks.leads import endpoint_addresses, expected_endpoint, vpc_of
from mwaanet.checks.naming import NameProblem, named_trace
from mwaanet.checks.selectors import HostName
from mwaanet.model.state import same_state
from mwaanet.model.vpc_endpoint import VpcEndpoint
from mwaanet.names import Outcome, Resolution, VpcPlace, private_zones_having, resolve_in_zone, resolve_publicly
from mwaanet.net import AddressSet, Intervals
from mwaanet.paths.endpoints import address_endpoint
from mwaanet.paths.question import Endpoint, Question
from mwaanet.paths.trace import Trace

Meant = Endpoint | Resolution


def meant(context: Context, source: Endpoint, host: HostName, problem: NameProblem) -> Meant | None:
    """Where a name that fails should lead; None where that is not evident."""
    if problem.answer is not None:
        return problem.answer
    return _by_zone(context, source, host.name) or meant_of(context, source, host)


def meant_of(context: Context, source: Endpoint, host: HostName) -> Meant | None:
    """Where a name should lead by what it is, whatever records say; None where it may be to an endpoint not read."""
    vpc = vpc_of(context, source) or (context.facts.vpc if context.facts else "")
    if vpc and context.inventory.unseen_in(vpc, "describe-vpc-endpoints"):
        return None
    expected = _service_endpoint(context, source, host) if host.services else None
    if _is_package_server(context, host):
        expected = expected_endpoint(context, source, host)
    if expected is not None:
        addresses = endpoint_addresses(context, expected)
        accepts = frozenset(host.services) if host.services else None
        return Endpoint(name=host.name, addresses=addresses, accepts=accepts) if addresses else None
    server = _declared_server(context, host)
    if server is not None:
        return server
    answer = resolve_publicly(context.inventory, host.name)
    return answer if answer.outcome is Outcome.ADDRESSES else None


def _service_endpoint(context: Context, source: Endpoint, host: HostName) -> VpcEndpoint | None:
    """An interface endpoint for an AWS service; none where a gateway endpoint or public routing serves.

    An environment's own workers have it in their VPC, clients elsewhere where the environment has it.
    """
    vpc = vpc_of(context, source)
    if any(same_state(endpoint.vpc_endpoint_type, "Gateway") for endpoint in own_endpoints(context, source, host)):
        return None
    expected = expected_endpoint(context, source, host)
    if expected is None or (expected.vpc_id != vpc and context.facts is not None and context.facts.vpc == vpc):
        return None
    return expected


def walk_meant(
    context: Context, source: Endpoint, host: HostName, end: Meant, protocol: int | None, ports: Intervals | None
) -> Trace:
    """The walk to where a name should lead."""
    if isinstance(end, Resolution):
        return named_trace(context, source, host, end, protocol, ports)
    return context.trace(Question(source=source, destination=end, protocol=protocol, ports=ports))


def own_endpoints(context: Context, source: Endpoint, host: HostName) -> list[VpcEndpoint]:
    """The endpoints for an AWS service in the VPC in which its name is asked."""
    vpc = vpc_of(context, source)
    return [e for e in context.inventory.vpc_endpoints_of(vpc) if e.service_name in host.services] if vpc else []


def only_endpoint(context: Context, source: Endpoint, host: HostName) -> VpcEndpoint | None:
    """The endpoint that requests would take if their name resolved: the only one for the service in the VPC.

    What comes from elsewhere would take the environment's.
    """
    if not vpc_of(context, source):
        return expected_endpoint(context, source, host)
    own = own_endpoints(context, source, host)
    return own[0] if len(own) == 1 else None


def _by_zone(context: Context, source: Endpoint, host: str) -> Resolution | None:
    """What the only private zone of the snapshot that has the name says."""
    vpc = vpc_of(context, source)
    zones = private_zones_having(context.inventory, host)
    if not vpc or len(zones) != 1:
        return None
    answer = resolve_in_zone(context.inventory, VpcPlace(vpc_id=vpc), zones[0], host)
    return answer if answer.outcome is Outcome.ADDRESSES else None


def _is_package_server(context: Context, host: HostName) -> bool:
    packages = context.facts.packages if context.facts else None
    return (
        not host.services and packages is not None and host.name in {urlsplit(url).hostname for url in packages.hosts}
    )


def _declared_server(context: Context, host: HostName) -> Endpoint | None:
    """The package server itself, where the site file declares it."""
    if context.facts is None or not _is_package_server(context, host):
        return None
    site, declared = context.inventory.site_file, context.facts.packages.declared
    server = site.nexus.server if site and site.nexus else None
    if server is None or declared is None or declared.host != host.name:
        return None
    return address_endpoint(context.network, host.name, AddressSet.parse(server.address))
