"""Internet gateways, egress-only internet gateways, and the internet behind them.

An internet gateway passes what carries a public IPv4 address, which it translates one to one, or a public IPv6 address
of its VPC's; a private destination has no business there
(https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html,
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcIpv6CidrBlockAssociation.html). An egress-only one passes
IPv6 outbound and the replies (https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html). VPC
Block Public Access, where on, overrides both (https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html).

Not modelled: carrier gateways and local gateways: unknown. What on the internet refuses or loses packets: every public
destination answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from mwaanet.graph.block_public_access import Screened, screen
from mwaanet.graph.codes import Code
from mwaanet.graph.flight import (
    Action,
    Arrive,
    Drop,
    Flight,
    Hop,
    Kind,
    Lose,
    Outcome,
    Pass,
    Position,
    Role,
    Translation,
    untranslate,
)
from mwaanet.graph.internet_firewall import inspected
from mwaanet.graph.outcomes import hop
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet, PacketSet
from mwaanet.net.public_addresses import PUBLIC

if TYPE_CHECKING:
    from mwaanet.graph.network import Network

INTERNET = "internet"
INTERNET_ACCESS = ".internet"
"""Behind a site's name: its own internet access."""


def leave(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """From the VPC to the internet."""
    gateway = position.component
    outcomes: list[Outcome] = []
    private = flight.packets - flight.packets.where(dst=PUBLIC)
    if private:
        hop = _hop(network, gateway, private, Action.DROP, "the destination is private", Code.IGW_PRIVATE_DESTINATION)
        outcomes.append(Drop(flight=flight.narrowed(private), hop=hop))
    public = flight.packets - private
    if not public:
        return tuple(outcomes)
    flight = flight.narrowed(public)
    stopped = _detached(network, gateway, flight)
    if isinstance(stopped, Drop):
        return (*outcomes, stopped)
    if stopped is not None:
        flight = flight.doubting(stopped)
    flight, lost = _past_firewall(network, gateway, flight, leaving=True)
    outcomes.extend(lost)
    for part in screen(network, gateway, flight, leaving=True):
        found = [_blocked(network, gateway, part)] if part.blocked else _translate_out(network, gateway, part.flight)
        outcomes.extend(_resting_on(outcome, part) for outcome in found)
    return tuple(outcomes)


def leave_egress_only(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """IPv6 from the VPC to the internet, and the way back for its replies only."""
    gateway = position.component
    record = network.inventory.egress_only_internet_gateways.get(gateway)
    if record is None:
        unknown = network.missing("describe-egress-only-internet-gateways", gateway, flight.vpc)
        return (_lost(network, gateway, flight, unknown),)
    passing = flight.packets.where(src=network.inventory.public_ipv6(flight.vpc), dst=PUBLIC)
    onward, outcomes = _past_firewall(network, gateway, flight.narrowed(passing), leaving=True)
    for part in screen(network, gateway, onward, leaving=True):
        hop = _hop(network, gateway, part.flight.packets, Action.FORWARD, "IPv6 outbound", Code.GATEWAY_FORWARDS)
        out = Pass(flight=_gone(part.flight), to=Position(INTERNET, Role.RECEIVE), hop=hop)
        outcomes.append(_resting_on(_blocked(network, gateway, part) if part.blocked else out, part))
    if flight.packets - passing:
        rest = flight.packets - passing
        hop = _hop(network, gateway, rest, Action.DROP, "passes only public IPv6", Code.EIGW_NOT_IPV6)
        outcomes.append(Drop(flight=flight.narrowed(rest), hop=hop))
    return tuple(outcomes)


def enter(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """From the internet into the VPC."""
    gateway = position.component
    vpc = network.vpc_of_gateway(gateway)
    flight = replace(flight, vpc=vpc, subnet="", zone="", entered=gateway)
    stopped = _detached(network, gateway, flight)
    if isinstance(stopped, Drop):
        return (stopped,)
    if stopped is not None:
        flight = flight.doubting(stopped)
    inside = Position(gateway, Role.LOOKUP) if network.route_table_at(gateway) else Position(vpc, Role.LOCAL)
    outcomes: list[Outcome] = []
    if flight.reply and untranslate(flight, gateway) is None:
        outcomes = _unmatched(network, gateway, flight.narrowed(flight.packets.where(dst=AddressSet.ANY_V4)))
        flight = flight.narrowed(flight.packets.where(dst=AddressSet.ANY_V6))
    for translated, by in _translate_in(network, gateway, flight):
        part, lost = _past_firewall(network, gateway, translated, leaving=False)
        outcomes.extend(lost)
        for screened in screen(network, gateway, part, leaving=False):
            hop = _hop(network, gateway, screened.flight.packets, Action.TRANSLATE, by, Code.IGW_TRANSLATES)
            onward = Pass(flight=screened.flight, to=inside, hop=hop)
            outcomes.append(_resting_on(_blocked(network, gateway, screened) if screened.blocked else onward, screened))
    return tuple(outcomes)


def _past_firewall(network: Network, gateway: str, flight: Flight, *, leaving: bool) -> tuple[Flight, list[Outcome]]:
    """The flight without what an Automated Internet Firewall inspects, and what becomes of that."""
    found = inspected(network, flight, leaving=leaving)
    if found is None or not found.inspected.packets:
        return flight, []
    packets, reason = found.inspected.packets, found.unknown.reason
    hop = _hop(network, gateway, packets, Action.UNKNOWN, reason, Code.FIREWALL_UNKNOWN)
    lost = Lose(flight=found.inspected, hop=replace(hop, also=(found.firewall,)), unknown=found.unknown)
    return found.spared, [lost]


def _blocked(network: Network, gateway: str, part: Screened) -> Drop:
    return _drop(network, gateway, part.flight, part.blocked, Code.BLOCK_PUBLIC_ACCESS)


def _resting_on(outcome: Outcome, part: Screened) -> Outcome:
    """The outcome with where VPC Block Public Access was read."""
    if outcome.hop is None:
        return outcome
    return replace(outcome, hop=replace(outcome.hop, evidence=(*outcome.hop.evidence, *part.evidence)))


def _translate_out(network: Network, gateway: str, flight: Flight) -> list[Outcome]:
    """Private source to public source, one to one; IPv6 as it is."""
    outcomes: list[Outcome] = []
    outside = Position(INTERNET, Role.RECEIVE)
    back = untranslate(flight, gateway) if flight.reply else None
    if back is not None:
        hop = _hop(network, gateway, back.packets, Action.TRANSLATE, f"back to {back.packets.src}", Code.IGW_TRANSLATES)
        return [Pass(flight=_gone(back), to=outside, hop=hop)]
    six = flight.packets.where(src=network.inventory.public_ipv6(flight.vpc))
    if six:
        hop = _hop(network, gateway, six, Action.FORWARD, "IPv6", Code.GATEWAY_FORWARDS)
        outcomes.append(Pass(flight=_gone(flight.narrowed(six)), to=outside, hop=hop))
    rest = flight.packets - six
    if flight.reply:
        return outcomes + _unmatched(network, gateway, flight.narrowed(rest))
    parts, without = network.public_by_private(flight.vpc).split(rest.src)
    for public, private in parts:
        part = rest.where(src=private)
        translation = Translation(
            owner=gateway, domain=part, src=AddressSet.parse(public), returns_to=Position(gateway, Role.ENTER)
        )
        image = translation.image(part)
        hop = _hop(network, gateway, image, Action.TRANSLATE, f"{private} becomes {public}", Code.IGW_TRANSLATES)
        onward = _gone(replace(flight, packets=image, translations=(*flight.translations, translation)))
        outcomes.append(Pass(flight=onward, to=outside, hop=hop))
    if without:
        outcomes.append(_no_public_address(network, gateway, flight.narrowed(rest.where(src=without))))
    return outcomes


def _unmatched(network: Network, gateway: str, flight: Flight) -> list[Outcome]:
    """IPv4 replies to what the gateway has not translated: translated anew they would answer nobody."""
    by = "a reply to a connection that it did not translate"
    return [_drop(network, gateway, flight, by, Code.REPLY_MISMATCH)] if flight.packets else []


def _gone(flight: Flight) -> Flight:
    """The flight outside of every VPC."""
    return replace(flight, vpc="", subnet="", zone="", sender="", entered="", crossed=())


def _translate_in(network: Network, gateway: str, flight: Flight) -> list[tuple[Flight, str]]:
    """Public destination to private destination: by the translation that the request made, or anew."""
    back = untranslate(flight, gateway) if flight.reply else None
    if back is not None:
        return [(back, f"back to {back.packets.dst}")]
    six = flight.packets.where(dst=AddressSet.ANY_V6)
    result = [(flight.narrowed(six), "IPv6")] if six else []
    for private, public in network.private_by_public(flight.vpc).split(flight.packets.dst)[0]:
        part = flight.packets.where(dst=public)
        translation = Translation(
            owner=gateway, domain=part, dst=AddressSet.parse(private), returns_to=Position(gateway, Role.LEAVE)
        )
        onward = replace(flight, packets=translation.image(part), translations=(*flight.translations, translation))
        result.append((onward, f"{public} becomes {private}"))
    return result


def internet_receive(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """The internet takes everything that is addressed publicly, but for what some VPC's interface holds."""
    outcomes, rest = _to_holders(network, flight)
    if rest:
        hop = _internet_hop(rest, Action.DELIVER, "public destination", Code.INTERNET)
        outcomes.append(Arrive(flight=flight.narrowed(rest), hop=hop, answer=Position(INTERNET, Role.SEND)))
    return tuple(outcomes)


def internet_send(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """From the internet to whoever holds the public address; private destinations do not exist there."""
    outcomes, rest = _to_holders(network, flight)
    if rest:
        private = not rest.where(dst=PUBLIC)
        by = "a private destination cannot be reached from the internet" if private else f"nobody holds {rest.dst}"
        hop = _internet_hop(rest, Action.DROP, by, Code.PRIVATE_FROM_INTERNET if private else Code.NO_PUBLIC_HOLDER)
        outcomes.append(Drop(flight=flight.narrowed(rest), hop=hop))
    return tuple(outcomes)


def _to_holders(network: Network, flight: Flight) -> tuple[list[Outcome], PacketSet]:
    """On to the gateways of the VPCs whose interfaces hold the public destinations, and what none holds.

    Replies to what a site sent by its own internet access go back to it, whatever its public addresses are.
    """
    outcomes: list[Outcome] = []
    rest = flight.packets
    sender = flight.translations[-1] if flight.translations else None
    if sender is not None and sender.returns_to.component.endswith(INTERNET_ACCESS):
        if flight.reply:
            return [Pass(flight=flight, to=sender.returns_to)], PacketSet.NONE
        reason = f"which public addresses {sender.owner} sends from is not declared"
        held = flight.doubting(Unknown(reason=reason, needs=()))
    else:
        held = flight
    for gateway, public in network.gateways_by_public(flight).items():
        part = rest.where(dst=public)
        rest = rest - part
        if part:
            hop = _internet_hop(part, Action.FORWARD, f"{public} is behind {gateway}", Code.INTERNET)
            outcomes.append(Pass(flight=held.narrowed(part), to=Position(gateway, Role.ENTER), hop=hop))
    return outcomes, rest


def _internet_hop(packets: PacketSet, action: Action, by: str, code: Code) -> Hop:
    return Hop(component=INTERNET, kind=Kind.INTERNET, action=action, by=by, code=code, packets=packets)


def _detached(network: Network, gateway: str, flight: Flight) -> Drop | Unknown | None:
    """Why the gateway is not the VPC's, if so, or why that is not known."""
    record = network.inventory.internet_gateways.get(gateway)
    if record is None:
        missing = network.missing("describe-internet-gateways", gateway, flight.vpc)
        return missing if isinstance(missing, Unknown) else _drop(network, gateway, flight, missing, Code.BAD_STATE)
    attached = [a for a in record.attachments if a.vpc_id == flight.vpc]
    if not any(same_state(a.state, "available", "attached") for a in attached):
        return _drop(network, gateway, flight, f"not attached to {flight.vpc}", Code.BAD_STATE)
    return None


def _drop(network: Network, gateway: str, flight: Flight, by: str, code: Code) -> Drop:
    return Drop(flight=flight, hop=_hop(network, gateway, flight.packets, Action.DROP, by, code))


def _lost(network: Network, gateway: str, flight: Flight, why: Unknown | str) -> Outcome:
    if isinstance(why, str):
        return _drop(network, gateway, flight, why, Code.BAD_STATE)
    hop = _hop(network, gateway, flight.packets, Action.UNKNOWN, why.reason, Code.TARGET_UNKNOWN)
    return Lose(flight=flight, hop=hop, unknown=why)


def _no_public_address(network: Network, gateway: str, flight: Flight) -> Drop:
    hop = _hop(
        network,
        gateway,
        flight.packets,
        Action.DROP,
        f"{flight.packets.src} has no public address",
        Code.IGW_NO_PUBLIC_ADDRESS,
    )
    if flight.sender:
        hop = replace(hop, also=(flight.sender,))
    return Drop(flight=flight, hop=hop, mends=())


def _hop(network: Network, gateway: str, packets: PacketSet, action: Action, by: str, code: Code) -> Hop:
    record = network.inventory.internet_gateways.get(gateway)
    kind = Kind.EGRESS_ONLY_INTERNET_GATEWAY if gateway.startswith("eigw") else Kind.INTERNET_GATEWAY
    return hop(gateway, kind, action, by, code, packets, record.origin if record else None)


def enter_egress_only(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """IPv6 from the internet through an egress-only gateway: replies to what went out by it, nothing else."""
    gateway = position.component
    vpc = network.inventory.vpc_routing_to(gateway)
    if not flight.reply or gateway not in flight.tracked:
        return (_drop(network, gateway, flight, "takes replies only", Code.EIGW_UNSOLICITED),)
    hop = _hop(network, gateway, flight.packets, Action.FORWARD, "reply", Code.GATEWAY_FORWARDS)
    onward = replace(flight, vpc=vpc, subnet="", zone="", entered=gateway)
    return (Pass(flight=onward, to=Position(vpc, Role.LOCAL), hop=hop),)
