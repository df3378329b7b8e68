"""The verb `reach`: names first, then packets and their replies, to every address that a name gives."""

from __future__ import annotations

from dataclasses import replace

from mwaanet.checks.answer import Answer, Cause, unknown_cause, worst
from mwaanet.checks.codes import Fault
from mwaanet.checks.context import Context
from mwaanet.checks.evidence import of_name, of_source, of_trace
from mwaanet.checks.facts import Facts
from mwaanet.checks.fix import commands
from mwaanet.checks.language import Check, Reach
from mwaanet.checks.naming import NameProblem, named_trace, place_of, resolved
from mwaanet.checks.parts import judge
from mwaanet.checks.reach_warnings import uncovered, zone_lost
from mwaanet.checks.redundancy import link_lost
from mwaanet.checks.result import Segment, Status
from mwaanet.checks.selectors import Absent, HostName, select, unread_endpoints
from mwaanet.checks.walked import walked
from mwaanet.graph.codes import Code
from mwaanet.graph.explanations import EXPLANATIONS
from mwaanet.graph.flight import Evidence
from mwaanet.model.route_table import RouteTable
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.model.vpc_endpoint import VpcEndpoint
from mwaanet.names import Resolution
from mwaanet.net import Intervals, protocol_number
from mwaanet.paths.blocked import BlockedPath, blocked_paths
from mwaanet.paths.endpoints import interfaces_endpoint
from mwaanet.paths.question import Endpoint, Question
from mwaanet.paths.trace import Reachable, Trace

_STATUS = {
    Reachable.YES: Status.PASS,
    Reachable.NO: Status.FAIL,
    Reachable.PARTIAL: Status.FAIL,
    Reachable.UNKNOWN: Status.UNKNOWN,
}


def reach(context: Context, check: Check, verb: Reach) -> list[Answer]:
    """One answer for every pair of ends that the check selects."""
    answers = []
    for source in select(context.network, context.facts, verb.source):
        for destination in select(context.network, context.facts, verb.destination):
            if not isinstance(source, Endpoint):
                answers.append(_answer(check, source.name, destination.name, Status.FAIL, _no_source(source)))
                continue
            if verb.part:
                answers.append(_part(context, check, verb, source, destination))
            else:
                answers.append(_about(context, check, verb, _pair(context, check, verb, source, destination)))
    return answers


def _part(
    context: Context, check: Check, verb: Reach, source: Endpoint, destination: Endpoint | HostName | Absent
) -> Answer:
    """One part of the way, with its own verdict."""
    if isinstance(destination, Absent):
        return _pair(context, check, verb, source, destination)
    walk = walked(context, source, destination, protocol_number(verb.protocol), _ports(verb, destination))
    verdict = judge(context, walk, verb.part)
    evidence: tuple[Evidence, ...] = ()
    if verdict.status in (Status.PASS, Status.WARN):
        named = of_name(context, source, walk.resolution) if walk.resolution else ()
        traced = of_trace(walk.trace) if walk.trace and verb.part != "name" else ()
        evidence = tuple(dict.fromkeys((*of_source(context, source), *named, *traced)))
    answer = _answer(check, source.name, destination.name, verdict.status, verdict.cause, evidence, walk.trace)
    if verdict.cause is None and verdict.reason:
        answer = replace(answer, segment=replace(answer.segment, reason=verdict.reason))
    return _about(context, check, verb, answer)


def _about(context: Context, check: Check, verb: Reach, answer: Answer) -> Answer:
    """The answer with what the check says it is about in place of what is on the way."""
    if not verb.about or answer.cause is None or context.facts is None or answer.segment.status is Status.UNKNOWN:
        return answer
    first = tuple(part for part in context.facts.fill(verb.about).split(",") if part)
    segment = answer.segment
    message = f"{segment.source} cannot reach {segment.destination}, for which {', '.join(first)} asks"
    cause = replace(answer.cause, message=message, resources=first, actions=(), cli=())
    return replace(answer, cause=cause, segment=replace(segment, reason=message))


def _ports(verb: Reach, destination: Endpoint | HostName) -> Intervals | None:
    if verb.ports:
        return Intervals.of(*verb.ports)
    port = destination.port if isinstance(destination, HostName) else None
    return Intervals.single(port) if port else None


def _no_source(source: HostName | Absent) -> Cause:
    if isinstance(source, Absent):
        return _absent(source)
    message = f"{source.name} is a name; packets start from interfaces, sites or addresses"
    return Cause(message=message, resources=(source.name,), code=Fault.SOURCE_UNFIT, step="endpoint")


def _absent(end: Absent) -> Cause:
    return Cause(message=end.reason, resources=end.resources, code=end.code, step="endpoint")


def _pair(
    context: Context, check: Check, verb: Reach, source: Endpoint, destination: Endpoint | HostName | Absent
) -> Answer:
    if isinstance(destination, Absent):
        return _answer(check, source.name, destination.name, Status.FAIL, _absent(destination))
    protocol, ports = protocol_number(verb.protocol), _ports(verb, destination)
    resolution: Resolution | None = None
    if isinstance(destination, HostName):
        found = resolved(context, source, destination.name)
        if isinstance(found, NameProblem):
            return _answer(check, source.name, destination.name, found.status, found.cause)
        resolution = found
        trace = named_trace(context, source, destination, resolution, protocol, ports)
    else:
        trace = context.trace(Question(source=source, destination=destination, protocol=protocol, ports=ports))
    status = _STATUS[trace.reachable]
    if status is Status.PASS:
        return _passed(context, check, source, destination, trace, resolution)
    if status is Status.UNKNOWN:
        what = f"whether {source.name} reaches {destination.name} is not known"
        cause = unknown_cause(trace.unknowns or _undetermined(destination.name, trace), what)
    else:
        cause = _blocked(context, source, destination, trace, resolution)
    return _answer(check, source.name, destination.name, status, cause, trace=trace)


def _undetermined(name: str, trace: Trace) -> tuple[Unknown, ...]:
    """Why nothing is known although every step is: only some of the addresses exist, and some are stopped."""
    hops = dict.fromkeys(f"{leg.end.hop.component}: {leg.end.hop.by}" for leg in trace.drops)
    stops = "; ".join(list(hops)[:2])
    return (Unknown(reason=f"which public addresses {name} has is not known, and some are stopped ({stops})"),)


def _answer(
    check: Check,
    source: str,
    destination: str,
    status: Status,
    cause: Cause | None,
    evidence: tuple[Evidence, ...] = (),
    trace: Trace | None = None,
) -> Answer:
    segment = Segment(
        source=source,
        destination=destination,
        status=worst(status, check.level),
        check=check.id,
        reason=cause.message if cause else "",
        trace=trace,
    )
    return Answer(segment=segment, cause=cause, evidence=evidence)


def _passed(
    context: Context,
    check: Check,
    source: Endpoint,
    end: Endpoint | HostName,
    trace: Trace,
    resolution: Resolution | None,
) -> Answer:
    """A pass, or a warning where redundancy is missing or nobody knows which ports a client uses."""
    cause = zone_lost(context, trace) or link_lost(context, trace) or uncovered(trace)
    named = of_name(context, source, resolution) if resolution else ()
    evidence = tuple(dict.fromkeys((*of_source(context, source), *named, *of_trace(trace))))
    return _answer(check, source.name, end.name, Status.WARN if cause else Status.PASS, cause, evidence, trace)


def _blocked(
    context: Context,
    source: Endpoint,
    destination: Endpoint | HostName,
    trace: Trace,
    resolution: Resolution | None,
) -> Cause:
    paths = blocked_paths(context.network, trace)
    resources = tuple(dict.fromkeys(resource for path in paths for resource in path.resources))
    first = next((drop for path in paths for drop in path.drops), None)
    cause = Cause(
        message=_sentence(source, destination, trace, paths),
        resources=resources,
        code=first.code if first else None,
        step=EXPLANATIONS[first.code].step if first else "",
        evidence=tuple(e for path in paths for drop in path.drops for e in drop.evidence)[:12],
        actions=tuple(dict.fromkeys(action for path in paths for action in path.actions)),
        cli=tuple(dict.fromkeys(command for path in paths for command in commands(context.inventory, path))),
        drops=tuple(drop for path in paths for drop in path.drops),
    )
    if resolution is not None and resolution.decided_by in context.inventory.hosted_zones and first:
        return _led_astray(cause, resolution, first.code)
    if resolution is not None and resolution.public and isinstance(destination, HostName) and destination.service:
        return _without_endpoint(context, source, destination, trace.question, cause)
    return cause


def _led_astray(cause: Cause, resolution: Resolution, code: Code) -> Cause:
    """A private zone's record whose address nobody holds, or somebody else does, is the culprit itself."""
    if code not in (Code.NO_SUBNET, Code.NO_INTERFACE, Code.WRONG_DESTINATION):
        return cause
    resources = dict.fromkeys((resolution.decided_by, resolution.name, *cause.resources))
    message = f"{resolution.name} leads to the wrong address in zone {resolution.decided_by}: {cause.message}"
    return replace(cause, message=message, resources=tuple(resources), step="name")


def _sentence(source: Endpoint, destination: Endpoint | HostName, trace: Trace, paths: tuple[BlockedPath, ...]) -> str:
    drops = [drop for path in paths for drop in path.drops]
    stops = "; ".join(dict.fromkeys(f"{drop.component}: {drop.by}" for drop in drops[:4]))
    if trace.reachable is Reachable.PARTIAL:
        return f"{source.name} reaches {destination.name} only in part: {stops}"
    return f"{source.name} cannot reach {destination.name}: {stops}"


def _without_endpoint(context: Context, source: Endpoint, host: HostName, question: Question, cause: Cause) -> Cause:
    """The name gave the service's public addresses, which a private subnet cannot reach: look for the endpoint."""
    vpc = getattr(place_of(context.network, source), "vpc_id", "")
    own = [e for e in context.inventory.vpc_endpoints_of(vpc) if e.service_name in host.services]
    if not vpc or any(same_state(e.vpc_endpoint_type, "Gateway") for e in own):
        return cause
    if own:
        return _silent(context, host, own[0], question, cause)
    if unread_endpoints(context.network, vpc) or context.facts is None or context.facts.routing != "private":
        return cause
    return replace(
        cause,
        message=f"{vpc} has no endpoint for {host.service}, and {source.name} has no other way to it",
        resources=(vpc, host.service, *_closed(cause)),
        code=Fault.ENDPOINT_MISSING,
        step="endpoint",
        actions=(),
        cli=(_creation(context, context.facts, vpc, host.service),),
    )


def _closed(cause: Cause) -> tuple[str, ...]:
    """Groups and network ACLs that stop the packets too, whatever endpoint there is."""
    filters = (Code.SECURITY_GROUP_EGRESS, Code.NETWORK_ACL_DENIES)
    return tuple(dict.fromkeys(drop.component for drop in cause.drops if drop.code in filters))


def _silent(context: Context, host: HostName, endpoint: VpcEndpoint, question: Question, cause: Cause) -> Cause:
    """An endpoint that does not answer the service's own name; what else stands before it must change too."""
    name, available = endpoint.vpc_endpoint_id, same_state(endpoint.state, "available")
    switched_off = endpoint.private_dns_enabled and _dns_off(context, endpoint.vpc_id)
    if available and switched_off:
        return _without_dns(host, endpoint, cause, switched_off)
    why = "its private DNS does not answer here" if available else f"its state is {endpoint.state}"
    inside = interfaces_endpoint(context.network, name, list(endpoint.network_interface_ids))
    trace = context.trace(replace(question, destination=inside))
    paths = blocked_paths(context.network, trace) if trace.reachable in (Reachable.NO, Reachable.PARTIAL) else ()
    others = tuple(resource for path in paths for resource in path.resources)
    return replace(
        cause,
        message=f"{host.name} gives public addresses, for {name} does not answer it: {why}",
        resources=tuple(dict.fromkeys((name, *others))),
        code=Fault.ENDPOINT_PRIVATE_DNS if available else Code.ENDPOINT_STATE,
        step="name" if available else "endpoint",
        evidence=((Evidence(endpoint.origin),) if endpoint.origin else ()) + cause.evidence,
        actions=tuple(dict.fromkeys(action for path in paths for action in path.actions)) if available else (),
        cli=(f"aws ec2 modify-vpc-endpoint --vpc-endpoint-id {name} --private-dns-enabled",) if available else (),
    )


def _dns_off(context: Context, vpc: str) -> str:
    """The DNS attribute of a VPC that is off, without which its endpoints' private names do not exist."""
    attributes = ("enableDnsSupport", "enableDnsHostnames")
    return next((name for name in attributes if context.inventory.vpc_attribute(vpc, name) is False), "")


def _without_dns(host: HostName, endpoint: VpcEndpoint, cause: Cause, attribute: str) -> Cause:
    vpc = endpoint.vpc_id
    option = "--enable-dns-hostnames" if attribute == "enableDnsHostnames" else "--enable-dns-support"
    return replace(
        cause,
        message=f"{host.name} gives public addresses, for {attribute} of {vpc} is off",
        resources=(vpc, endpoint.vpc_endpoint_id),
        code=Fault.ENDPOINT_PRIVATE_DNS,
        step="name",
        actions=(),
        cli=(f"aws ec2 modify-vpc-attribute --vpc-id {vpc} {option} '{{\"Value\": true}}'",),
    )


def _creation(context: Context, facts: Facts, vpc: str, service: str) -> str:
    """The command that creates the missing endpoint: S3 and DynamoDB have gateway endpoints, at no charge."""
    create = f"aws ec2 create-vpc-endpoint --vpc-id {vpc} --service-name {service}"
    if service.rpartition(".")[2] in ("s3", "dynamodb"):
        tables = [context.network.route_table_at(subnet) for subnet in facts.subnet_ids]
        ids = dict.fromkeys(table.route_table_id for table in tables if isinstance(table, RouteTable))
        return f"{create} --vpc-endpoint-type Gateway --route-table-ids {' '.join(ids)}"
    subnets = " ".join(facts.subnet_ids)
    groups = " ".join(facts.environment.network_configuration.security_group_ids)
    return (
        f"{create} --vpc-endpoint-type Interface --subnet-ids {subnets} --security-group-ids {groups} "
        "--private-dns-enabled"
    )
