"""The verb `reach`: names first, then packets and their replies, to every address that a name gives."""

from __future__ import annotations

from dataclasses import replace

from mwaanet.checks.answer import Answer, Cause, unknown_cause, worst
from mwaanet.checks.context import Context
from mwaanet.checks.fix import commands
from mwaanet.checks.language import Check, Reach
from mwaanet.checks.naming import NameProblem, place_of, resolved
from mwaanet.checks.parts import judge
from mwaanet.checks.reach_warnings import uncovered, zone_lost
from mwaanet.checks.redundancy import link_lost
from mwaanet.checks.result import Segment, Status
from mwaanet.checks.selectors import Absent, HostName, select
from mwaanet.checks.walked import walked
from mwaanet.graph.explanations import EXPLANATIONS
from mwaanet.graph.flight import Evidence
from mwaanet.graph.internet_gateway import INTERNET
from mwaanet.model.state import same_state
from mwaanet.names import Resolution
from mwaanet.net import Intervals, protocol_number
from mwaanet.paths.blocked import BlockedPath, blocked_paths
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
    answer = _answer(check, source.name, destination.name, verdict.status, verdict.cause, walk.trace)
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
        return Cause(message=source.reason, resources=source.resources, step="endpoint")
    return Cause(message=f"{source.name} is a name; packets start from interfaces, sites or addresses", step="name")


def _pair(
    context: Context, check: Check, verb: Reach, source: Endpoint, destination: Endpoint | HostName | Absent
) -> Answer:
    if isinstance(destination, Absent):
        cause = Cause(
            message=destination.reason, resources=destination.resources, code="ENDPOINT_MISSING", step="endpoint"
        )
        return _answer(check, source.name, destination.name, Status.FAIL, cause)
    resolution: Resolution | None = None
    if isinstance(destination, HostName):
        found = resolved(context, source, destination.name)
        if isinstance(found, NameProblem):
            return _answer(check, source.name, destination.name, found.status, found.cause)
        resolution = found
        end = _named_end(destination, resolution)
    else:
        end = destination
    question = Question(
        source=source,
        destination=end,
        protocol=protocol_number(verb.protocol),
        ports=_ports(verb, destination),
    )
    trace = context.trace(question)
    status = _STATUS[trace.reachable]
    if status is Status.PASS:
        return _passed(context, check, source, end, trace, resolution)
    if status is Status.UNKNOWN:
        cause = unknown_cause(trace.unknowns, f"whether {source.name} reaches {end.name} is not known")
    else:
        cause = _blocked(context, source, destination, trace, resolution)
    return _answer(check, source.name, end.name, status, cause, trace)


def _named_end(host: HostName, resolution: Resolution) -> Endpoint:
    """The answered addresses as an end; an AWS service's are the service itself, or public."""
    elsewhere = bool(host.service) or resolution.undetermined
    return Endpoint(
        name=host.name,
        addresses=resolution.addresses,
        accepts=frozenset({host.service, INTERNET}) if elsewhere else None,
        undetermined=resolution.undetermined,
    )


def _answer(
    check: Check, source: str, destination: str, status: Status, cause: Cause | None, trace: Trace | None = None
) -> Answer:
    segment = Segment(
        source=source,
        destination=destination,
        status=worst(status, check.level),
        check=check.id,
        reason=cause.message if cause else "",
        trace=trace,
    )
    evidence = _evidence(trace) if trace and not cause else ()
    return Answer(segment=segment, cause=cause, evidence=evidence)


def _evidence(trace: Trace) -> tuple[Evidence, ...]:
    """Everything that the walk read, for whoever asks what an answer rests on."""
    legs = (*trace.forward, *trace.back)
    return tuple(dict.fromkeys(e for leg in legs for hop in leg.hops for e in hop.evidence))


def _passed(
    context: Context,
    check: Check,
    source: Endpoint,
    end: Endpoint,
    trace: Trace,
    resolution: Resolution | None,
) -> Answer:
    """A pass, or a warning where redundancy is missing or nobody knows which ports a client uses."""
    lost = zone_lost(context, resolution.endpoint) if resolution else None
    cause = lost or link_lost(context, trace) or uncovered(trace)
    return _answer(check, source.name, end.name, Status.WARN if cause else Status.PASS, cause, trace)


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
    if resolution is not None and resolution.public and isinstance(destination, HostName) and destination.service:
        return _without_endpoint(context, source, destination, cause)
    return cause


def _sentence(source: Endpoint, destination: Endpoint | HostName, trace: Trace, paths: tuple[BlockedPath, ...]) -> str:
    drops = [drop for path in paths for drop in path.drops]
    stops = "; ".join(dict.fromkeys(f"{drop.component}: {drop.by}" for drop in drops[:4]))
    if trace.reachable is Reachable.PARTIAL:
        return f"{source.name} reaches {destination.name} only in part: {stops}"
    return f"{source.name} cannot reach {destination.name}: {stops}"


def _without_endpoint(context: Context, source: Endpoint, destination: HostName, cause: Cause) -> Cause:
    """The name gave the service's public addresses, which a private subnet cannot reach: look for the endpoint."""
    place = place_of(context.network, source)
    vpc = getattr(place, "vpc_id", "")
    if not vpc or (destination.service.endswith(".s3") and context.network.gateway_endpoints(vpc, destination.service)):
        return cause
    own = [e for e in context.inventory.vpc_endpoints_of(vpc) if e.service_name == destination.service]
    interfaces = [e for e in own if same_state(e.vpc_endpoint_type, "Interface")]
    for endpoint in interfaces:
        available = same_state(endpoint.state, "available")
        why = "its private DNS is off" if available else f"its state is {endpoint.state}"
        return replace(
            cause,
            message=f"{destination.name} gives public addresses, for {endpoint.vpc_endpoint_id} does not answer it: {why}",
            resources=(endpoint.vpc_endpoint_id,),
            code="ENDPOINT_PRIVATE_DNS" if available else "ENDPOINT_STATE",
            step="name" if available else "endpoint",
            evidence=((Evidence(endpoint.origin),) if endpoint.origin else ()) + cause.evidence,
            cli=(f"aws ec2 modify-vpc-endpoint --vpc-endpoint-id {endpoint.vpc_endpoint_id} --private-dns-enabled",)
            if available
            else (),
        )
    unknown = context.inventory.unknown("ec2", "describe-vpc-endpoints", *context.network.place_of_vpc(vpc))
    if unknown or context.facts is None or context.facts.routing == "public":
        return cause
    subnets = " ".join(context.facts.subnet_ids)
    groups = " ".join(context.facts.environment.network_configuration.security_group_ids)
    return replace(
        cause,
        message=f"{vpc} has no endpoint for {destination.service}, and {source.name} has no other way to it",
        resources=(vpc, destination.service),
        code="ENDPOINT_MISSING",
        step="endpoint",
        cli=(
            f"aws ec2 create-vpc-endpoint --vpc-id {vpc} --vpc-endpoint-type Interface --service-name "
            f"{destination.service} --subnet-ids {subnets} --security-group-ids {groups} --private-dns-enabled",
        ),
    )
