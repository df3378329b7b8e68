"""Names on the way to a destination: who resolves them for a source, and whether the DNS packets arrive."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mwaanet.checks.answer import Cause, unknown_cause
from mwaanet.checks.codes import Fault
from mwaanet.checks.context import Context
from mwaanet.checks.dns_servers import query_problem, resolved_by_reached
from mwaanet.checks.result import Status
from mwaanet.checks.selectors import HostName
from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Evidence
from mwaanet.graph.internet_gateway import INTERNET
from mwaanet.model.unknown import Unknown
from mwaanet.names import (
    Outcome,
    Place,
    Resolution,
    VpcPlace,
    private_zones_having,
)
from mwaanet.net import AddressSet, Intervals
from mwaanet.paths.places import place_of
from mwaanet.paths.question import Endpoint, Question
from mwaanet.paths.trace import Trace

_CODES = {
    Outcome.NXDOMAIN: Fault.NAME_NXDOMAIN,
    Outcome.NO_DATA: Fault.NAME_NO_DATA,
    Outcome.REFUSED: Fault.NAME_NO_SERVER,
}


@dataclass(frozen=True, slots=True)
class NameProblem:
    """Why a name does not lead to addresses."""

    status: Status
    cause: Cause
    answer: Resolution | None = None
    """What the servers would answer, where only the packets to them are stopped."""


def resolved(context: Context, source: Endpoint, name: str) -> Resolution | NameProblem:
    """The addresses of a name as the source sees it, where the DNS packets that this takes arrive too."""
    return context.once(("name", source, name), lambda: _resolved(context, source, name))


def _resolved(context: Context, source: Endpoint, name: str) -> Resolution | NameProblem:
    place = place_of(context.network, source)
    if place is None:
        why = source.unknown or Unknown(reason=f"who resolves names for {source.name} is not known")
        return NameProblem(Status.UNKNOWN, unknown_cause((why,), f"what {name} resolves to is not known"))
    resolution = resolved_by_reached(context, source, place, name)
    problems = [query_problem(context, source, name, query) for query in resolution.queries]
    for problem in problems:
        if problem and problem[0] is Status.FAIL:
            usable = _of_family(source, resolution)
            answer = usable if usable.outcome is Outcome.ADDRESSES else None
            return NameProblem(Status.FAIL, _also(problem[1], _senders(context, resolution)), answer)
    if resolution.outcome is Outcome.UNKNOWN:
        hidden = _unanswered(context, place, name, resolution) if resolution.public else None
        if hidden:
            return hidden
        cause = unknown_cause(resolution.unknown, f"what {name} resolves to is not known")
        return NameProblem(Status.UNKNOWN, cause)
    for problem in problems:
        if problem:
            return NameProblem(*problem)
    resolution = _of_family(source, resolution)
    if resolution.outcome is Outcome.ADDRESSES:
        return resolution
    hidden = _unanswered(context, place, name, resolution) if resolution.outcome is Outcome.NXDOMAIN else None
    if hidden:
        return hidden
    last = resolution.steps[-1] if resolution.steps else None
    cause = Cause(
        message=f"{name} does not resolve for {source.name}: {last.text if last else resolution.outcome}",
        resources=tuple(dict.fromkeys(filter(None, (*_senders(context, resolution), resolution.decided_by, name)))),
        code=_CODES[resolution.outcome],
        step="name",
        evidence=tuple(Evidence(step.origin) for step in resolution.steps if step.origin),
    )
    return NameProblem(Status.FAIL, cause)


def _of_family(source: Endpoint, resolution: Resolution) -> Resolution:
    """The answer as a source can use it: with addresses of the families that it has an address of."""
    own = AddressSet.NONE
    for start in source.starts:
        own = own | (AddressSet.ANY_V4 if start.addresses.v4 else AddressSet.NONE)
        own = own | (AddressSet.ANY_V6 if start.addresses.v6 else AddressSet.NONE)
    return resolution.of_family(own or AddressSet.ANY)


def _senders(context: Context, resolution: Resolution) -> tuple[str, ...]:
    """What a customer configured to send the question elsewhere: DHCP options and forwarding rules, in order."""
    components = dict.fromkeys(step.component for step in resolution.steps)
    return tuple(c for c in components if c.startswith("rslvr-rr-") or _own_servers(context, c))


def _own_servers(context: Context, component: str) -> bool:
    """Whether these are DHCP options that name servers other than Amazon's."""
    options = context.inventory.dhcp_options.get(component)
    return options is not None and options.values_of("domain-name-servers") != ("AmazonProvidedDNS",)


def _also(cause: Cause, first: tuple[str, ...]) -> Cause:
    return replace(cause, resources=tuple(dict.fromkeys((*first, *cause.resources))))


def named_trace(
    context: Context,
    source: Endpoint,
    host: HostName,
    resolution: Resolution,
    protocol: int | None,
    ports: Intervals | None,
) -> Trace:
    """The walk to every address that a name gives; an AWS service's are the service itself, or public.

    Of public addresses of AWS's only some belong to the name, and which is not known; those that lead to the gateway
    endpoint of another service certainly do not.
    """
    end = named_end(context, host, resolution)
    question = Question(source=source, destination=end, protocol=protocol, ports=ports)
    trace = context.trace(question)
    if not resolution.undetermined:
        return trace
    others = AddressSet.NONE
    for leg in trace.drops:
        hop = leg.end.hop
        if hop.code is Code.WRONG_DESTINATION and context.inventory.is_aws_service(hop.component):
            others = others | leg.flight.asked().dst
    if not others:
        return trace
    return context.trace(replace(question, destination=replace(end, addresses=end.addresses - others)))


def named_end(context: Context, host: HostName, resolution: Resolution) -> Endpoint:
    """What the addresses that a name gives are: an AWS service's are the service itself, or public."""
    of_service = resolution.undetermined and resolution.public
    return Endpoint(
        name=host.name,
        addresses=resolution.addresses - _listed(context) if of_service else resolution.addresses,
        accepts=frozenset({*host.services, INTERNET}) if host.services or of_service else None,
        undetermined=resolution.undetermined,
    )


def _listed(context: Context) -> AddressSet:
    """The addresses of the services that publish them (S3, DynamoDB): certainly nobody else's."""
    found = AddressSet.NONE
    for record in context.inventory.service_prefix_lists.values():
        found = found | AddressSet.parse(*record.cidrs)
    return found


def _unanswered(context: Context, place: Place, host: str, found: Resolution) -> NameProblem | None:
    """Why a name that is left to public DNS should not have been: a zone of the snapshot has it, but not for this VPC.

    Without such a zone or a setting that hides one, what public DNS answers stays unknown; so it does where a call is
    missing that may tell of something else that decides the name.
    """
    if not isinstance(place, VpcPlace) or any(unknown.needs for unknown in found.unknown):
        return None
    vpc = place.vpc_id
    if not found.public and found.decided_by != vpc:
        return None
    culprit = found.decided_by
    hostnames = context.inventory.vpc_attribute(vpc, "enableDnsHostnames")
    if hostnames is False and private_zones_having(context.inventory, host):
        text = f"{vpc} has enableDnsHostnames off, so its private zones do not count"
        return _left(found, host, text, (vpc, host), Fault.NAME_LEFT_TO_PUBLIC)
    if culprit in context.inventory.vpc_endpoints:
        text = next(step.text for step in found.steps if step.component == culprit)
        return _left(found, host, text, (culprit, host), Fault.NAME_LEFT_TO_PUBLIC)
    for zone in private_zones_having(context.inventory, host):
        text = f"hosted zone {zone.id} ({zone.name}) has {host}, but is not associated with {vpc}"
        return _left(found, host, text, (zone.id, vpc, host), Fault.NAME_ZONE_NOT_ASSOCIATED)
    return None


def _left(found: Resolution, host: str, text: str, resources: tuple[str, ...], code: Fault) -> NameProblem:
    cause = Cause(
        message=f"{host} is left to public DNS: {text}",
        resources=resources,
        code=code,
        step="name",
        evidence=tuple(Evidence(step.origin) for step in found.steps if step.origin),
    )
    return NameProblem(Status.FAIL, cause)
