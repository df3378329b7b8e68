"""AWS Network Firewall and other appliances behind a Gateway Load Balancer endpoint.

A route leads packets to the endpoint; the firewall behind it passes or drops them, and what it passes leaves the
endpoint's subnet by that subnet's route table
(https://docs.aws.amazon.com/network-firewall/latest/developerguide/how-it-works.html). Requests and replies must go
through the same endpoint: the stateful engine drops replies to what it has not seen
(https://docs.aws.amazon.com/network-firewall/latest/developerguide/asymmetric-routing.html). Behind it a rule that
names the sender's security group no longer matches
(https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html#security-group-referencing). Which rules
decide is in `firewall_engine`.

Not modelled: appliances other than Network Firewall, whose rules AWS does not know: unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from msgspec.structs import replace

from mwaanet.graph.codes import Code
from mwaanet.graph.firewall_engine import Decision, Engine
from mwaanet.graph.firewall_policy import Place, engine_of
from mwaanet.graph.flight import Action, Drop, Evidence, Flight, Hop, Kind, Lose, Mend, Outcome, Pass, Position, Role
from mwaanet.graph.mends import NEW
from mwaanet.graph.outcomes import hop, mendable
from mwaanet.model.arn import place_in
from mwaanet.model.network_firewall import Attachment, DescribeFirewall, Firewall
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.model.vpc_endpoint import VpcEndpoint
from mwaanet.net import PacketSet

if TYPE_CHECKING:
    from mwaanet.graph.network import Network

SERVICE = "network-firewall"
_BOTH_WAYS = 2 * NEW
"""What it costs to lead requests and replies by the same way: a route for each."""
_TAG = "Firewall"
"""The tag by which AWS marks a firewall's endpoint; its value is the firewall's ARN."""


@dataclass
class _Known:
    """What was found out about the firewalls of one network."""

    by_endpoint: dict[str, tuple[Firewall, Attachment]] = field(default_factory=dict)
    by_arn: dict[str, Firewall] = field(default_factory=dict)
    engines: dict[str, Engine | Unknown] = field(default_factory=dict)


_KNOWN: WeakKeyDictionary[Network, _Known] = WeakKeyDictionary()


def inspect(network: Network, endpoint: VpcEndpoint, flight: Flight) -> tuple[Outcome, ...]:
    """A route has led to a Gateway Load Balancer endpoint: what the firewall behind it does with the packets."""
    known = _known(network)
    tagged = next((tag.value for tag in endpoint.tags if tag.key == _TAG), "")
    firewall, attachment = known.by_endpoint.get(endpoint.vpc_endpoint_id, (known.by_arn.get(tagged), Attachment()))
    stopped = _not_ready(endpoint, attachment, flight)
    if stopped:
        return (stopped,)
    flight = settled(endpoint, flight)
    if firewall is None:
        return (_undescribed(network, endpoint, tagged, flight),)
    onward = _beyond(network, endpoint, flight)
    engine = known.engines.get(firewall.firewall_arn)
    if engine is None:
        engine = engine_of(network, firewall, _places(network, endpoint, firewall))
        known.engines[firewall.firewall_arn] = engine
    if isinstance(engine, Unknown):
        return (_doubted(endpoint, onward, (engine,), (firewall.firewall_arn,), ()),)
    mended = {part for part in Part if _token(firewall, part) in flight.mended}
    engine = engine.opened(stateless=Part.STATELESS in mended, stateful=Part.STATEFUL in mended) if mended else engine
    seen = endpoint.vpc_endpoint_id in flight.tracked or Part.WAY in mended
    return tuple(_outcomes(endpoint, firewall, engine, flight, onward, seen=seen))


class Part(StrEnum):
    """What of a firewall can be mended by itself."""

    STATELESS = "stateless rules"
    STATEFUL = "stateful rules"
    WAY = "way of the replies"


def _token(firewall: Firewall, part: Part) -> str:
    """What a flight remembers of a mended part."""
    return f"{firewall.firewall_arn} {part}"


def settled(endpoint: VpcEndpoint, flight: Flight) -> Flight:
    """The flight, in doubt where the endpoint's state does not tell whether it takes packets."""
    name = endpoint.vpc_endpoint_id
    if endpoint.serves is not None or name in flight.mended:
        return flight
    state = endpoint.state or "unknown"
    return flight.doubting(Unknown(reason=f"whether {name} takes packets is not known: its state is {state}"))


def _known(network: Network) -> _Known:
    found = _KNOWN.get(network)
    if found is None:
        found = _KNOWN[network] = _Known()
        for _, answer in network.inventory.all_answers(SERVICE, "describe-firewall", DescribeFirewall):
            found.by_arn[answer.firewall.firewall_arn] = answer.firewall
            for state in answer.firewall_status.sync_states.values():
                found.by_endpoint[state.attachment.endpoint_id] = (answer.firewall, state.attachment)
    return found


def _places(network: Network, endpoint: VpcEndpoint, firewall: Firewall) -> list[Place]:
    """Where the parts of a firewall may have been described: as the endpoint's, the firewall's or the policy's own."""
    here = network.inventory.place(endpoint)
    arns = (firewall.firewall_arn, firewall.firewall_policy_arn)
    return list(dict.fromkeys([here, *(place_in(arn, here) for arn in arns)]))


def _beyond(network: Network, endpoint: VpcEndpoint, flight: Flight) -> Flight:
    """The flight as it leaves the firewall: in the endpoint's subnet, its sender's groups no longer known."""
    subnet = _subnet(endpoint)
    zone = network.zone_of(subnet) or flight.zone
    return replace(flight, vpc=endpoint.vpc_id, subnet=subnet, zone=zone, sender="", entered="", crossed=())


def _subnet(endpoint: VpcEndpoint) -> str:
    return endpoint.subnet_ids[0] if endpoint.subnet_ids else ""


def _outcomes(
    endpoint: VpcEndpoint, firewall: Firewall, engine: Engine, flight: Flight, onward: Flight, *, seen: bool
) -> Iterator[Outcome]:
    decisions = engine.replies(flight.packets, seen=seen) if flight.reply else engine.requests(flight.packets)
    for decision in decisions:
        also = (decision.clause.owner, firewall.firewall_arn)
        evidence = (decision.clause.evidence,)
        part = onward.narrowed(decision.packets)
        if decision.doubts:
            yield _doubted(endpoint, part, decision.doubts, also, evidence)
        elif decision.passes:
            code = Code.FIREWALL_ALLOWS if decision.remembered else Code.FIREWALL_STATELESS
            yield _passed(endpoint, part, decision.clause.text, code, also, evidence)
        else:
            yield _dropped(endpoint, firewall, decision, flight.narrowed(decision.packets))


def _passed(
    endpoint: VpcEndpoint, onward: Flight, by: str, code: Code, also: tuple[str, ...], evidence: tuple[Evidence, ...]
) -> Pass:
    decided = _hop(endpoint, onward.packets, Action.ALLOW, by, code, also, evidence)
    return Pass(flight=onward, to=Position(_subnet(endpoint), Role.LEAVE), hop=decided)


def _doubted(
    endpoint: VpcEndpoint,
    onward: Flight,
    doubts: tuple[Unknown, ...],
    also: tuple[str, ...],
    evidence: tuple[Evidence, ...],
) -> Pass:
    by = doubts[0].reason
    decided = _hop(endpoint, onward.packets, Action.UNKNOWN, by, Code.FIREWALL_UNKNOWN, also, evidence)
    for doubt in doubts:
        onward = onward.doubting(doubt)
    return Pass(flight=onward, to=Position(_subnet(endpoint), Role.LEAVE), hop=decided)


def _dropped(endpoint: VpcEndpoint, firewall: Firewall, decision: Decision, flight: Flight) -> Drop:
    name = endpoint.vpc_endpoint_id
    clause = decision.clause
    culprit, code = clause.owner, Code.FIREWALL_DENIES
    group = f"a rule group of {culprit}" if culprit == firewall.firewall_policy_arn else culprit
    if decision.asymmetric:
        culprit, code, part = name, Code.FIREWALL_ASYMMETRIC, Part.WAY
        action = f"route requests and replies through {name} alike"
    elif decision.remembered:
        part, action = Part.STATEFUL, f"add a pass rule to {group}"
    else:
        part, action = Part.STATELESS, f"add a rule to {group} that forwards to the stateful rules"
    decided = Hop(
        component=culprit,
        kind=Kind.NETWORK_FIREWALL,
        action=Action.DENY,
        by=clause.text,
        code=code,
        packets=decision.packets,
        evidence=(clause.evidence,),
        also=tuple(dict.fromkeys(each for each in (name, firewall.firewall_arn) if each != culprit)),
    )
    again = replace(flight, mended=flight.mended | {_token(firewall, part)})
    cost = _BOTH_WAYS if decision.asymmetric else 1
    mend = Mend(resources=(culprit,), cost=cost, action=action, to=Position(name, Role.ENTER), flight=again)
    return Drop(flight=flight, hop=decided, mends=(mend,))


def _not_ready(endpoint: VpcEndpoint, attachment: Attachment, flight: Flight) -> Drop | None:
    name = endpoint.vpc_endpoint_id
    if name in flight.mended:
        return None
    if endpoint.serves is False:
        by = f"state is {endpoint.state}"
    elif attachment.status and not same_state(attachment.status, "READY", "SCALING"):
        by = f"the firewall's attachment is {attachment.status} {attachment.status_message}".strip()
    else:
        return None
    decided = hop(name, Kind.VPC_ENDPOINT, Action.DROP, by, Code.ENDPOINT_STATE, flight.packets, endpoint.origin)
    again = replace(flight, mended=flight.mended | {name})
    return mendable(decided, flight, f"have {name} accepted, or recreate it", Position(name, Role.ENTER), again)


def _undescribed(network: Network, endpoint: VpcEndpoint, tagged: str, flight: Flight) -> Outcome:
    """A firewall that was not described lets packets on in doubt; another appliance is the end of what is known."""
    name = endpoint.vpc_endpoint_id
    place = network.inventory.place(endpoint)
    if tagged:
        found = network.inventory.call(SERVICE, "describe-firewall", *place, DescribeFirewall, FirewallArn=tagged)
        why = found if isinstance(found, Unknown) else Unknown(reason=f"{tagged} does not tell its endpoints", needs=())
        return _doubted(endpoint, _beyond(network, endpoint, flight), (why,), (tagged,), ())
    unlisted = network.inventory.unknown(SERVICE, "list-firewalls", *place)
    reason = f"what the appliance behind {name} ({endpoint.service_name}) does with the packets"
    unknown = Unknown(reason=reason, needs=unlisted.needs if unlisted else ())
    decided = hop(name, Kind.VPC_ENDPOINT, Action.UNKNOWN, reason, Code.APPLIANCE, flight.packets, endpoint.origin)
    return Lose(flight=flight, hop=decided, unknown=unknown)


def _hop(
    endpoint: VpcEndpoint,
    packets: PacketSet,
    action: Action,
    by: str,
    code: Code,
    also: tuple[str, ...],
    evidence: tuple[Evidence, ...],
) -> Hop:
    """A hop that lets packets on; its component is the endpoint, by which replies are recognised."""
    return Hop(
        component=endpoint.vpc_endpoint_id,
        kind=Kind.NETWORK_FIREWALL,
        action=action,
        by=by,
        code=code,
        packets=packets,
        evidence=evidence or (Evidence(endpoint.origin),),
        also=also,
    )
