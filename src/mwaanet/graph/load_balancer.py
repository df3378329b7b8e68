"""Network Load Balancers: listener, target group, healthy targets, and the address they are reached from.

Healthy targets are counted per zone, or overall with cross-zone load balancing; with none healthy the balancer fails
open to all, which AWS's own health checks say nobody answers, so that is a denial here. The target sees the balancer's
private address unless client IP preservation is on, which PrivateLink never is; then its replies return to the
balancer without regard to routes
(https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html,
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health.html).

Not modelled: Application Load Balancers (as listeners or as targets), listener rules: unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from mwaanet.graph.client_address import family_of, preserved, settable, unanswered
from mwaanet.graph.codes import Code
from mwaanet.graph.flight import (
    SUPPOSED,
    Action,
    Drop,
    Flight,
    Hop,
    Kind,
    Outcome,
    Pass,
    Position,
    Role,
    Translation,
    untranslate,
)
from mwaanet.graph.interface import Interface
from mwaanet.graph.outcomes import absent, hop, mendable
from mwaanet.graph.target_group import Target, targets_of
from mwaanet.model.listener import Listener
from mwaanet.model.load_balancer import LoadBalancer
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.net import CLIENT_PORTS, AddressSet, Intervals, PacketSet, protocol_number

if TYPE_CHECKING:
    from mwaanet.graph.network import Network

_PROTOCOLS = {"TCP": ("tcp",), "TLS": ("tcp",), "UDP": ("udp",), "TCP_UDP": ("tcp", "udp")}


def enter(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """Packets that the balancer has taken: requests go to targets, replies back to whom they answer."""
    balancer = network.inventory.load_balancers[position.component]
    if flight.reply:
        return (_back(network, balancer, flight),)
    if flight.privatelink is None:
        flight = replace(flight, zone=network.zone_of(network.interface(flight.holder).subnet))
    if not same_state(balancer.type, "network"):
        unknown = Unknown(reason=f"{balancer.load_balancer_name} is of type {balancer.type}", needs=())
        return (absent(balancer.load_balancer_arn, Kind.LOAD_BALANCER, flight, unknown),)
    stopped = _not_active(balancer, flight)
    if stopped:
        return (stopped,)
    listeners = network.inventory.listeners(balancer.load_balancer_arn)
    if isinstance(listeners, Unknown):
        return (absent(balancer.load_balancer_arn, Kind.LOAD_BALANCER, flight, listeners),)
    outcomes: list[Outcome] = []
    rest = flight.packets
    for listener in listeners:
        part = _heard(listener, rest)
        rest = rest - part
        if part:
            outcomes.extend(_listen(network, balancer, listener, flight.narrowed(part)))
    if rest:
        outcomes.append(_no_listener(network, balancer, listeners, flight.narrowed(rest)))
    return tuple(outcomes)


def _not_active(balancer: LoadBalancer, flight: Flight) -> Drop | None:
    """Why the balancer carries nothing yet or any more.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html#load-balancer-state
    """
    arn, state = balancer.load_balancer_arn, balancer.state.code
    if same_state(state or "active", "active", "active_impaired") or arn in flight.mended:
        return None
    decided = _hop(balancer, flight, Action.DROP, f"state is {state}", Code.BAD_STATE)
    onward = replace(flight, mended=flight.mended | {arn})
    return mendable(decided, flight, f"bring {arn} to active", Position(arn, Role.ENTER), onward)


def serving_interface(network: Network, balancer: LoadBalancer, zone: str) -> Interface | Unknown | str:
    """The balancer's interface in a zone (AZ ID); a sentence where it has none there."""
    if not zone:
        return Unknown(reason=f"in which zone {balancer.load_balancer_name} is asked is not known", needs=())
    for part in balancer.availability_zones:
        if network.zone_of(part.subnet_id) == zone:
            found = network.balancer_interface(balancer, part.subnet_id)
            if found is None:
                return network.unseen_interfaces(part.subnet_id) or (
                    f"{balancer.load_balancer_name} has no interface in {part.subnet_id}"
                )
            return found
    unseen = [part.subnet_id for part in balancer.availability_zones if not network.zone_of(part.subnet_id)]
    if unseen:
        unknown = network.inventory.unknown("ec2", "describe-subnets", *network.inventory.place(balancer))
        return unknown or Unknown(reason=f"the zone of {unseen[0]} is not known", needs=())
    return f"{balancer.load_balancer_name} is not in the endpoint's zone {zone}"


def _heard(listener: Listener, packets: PacketSet) -> PacketSet:
    """The packets that a listener takes; those of a protocol that the model does not know may be of any."""
    ported = packets.where(dport=Intervals.single(listener.port))
    heard = PacketSet.NONE
    for protocol in _PROTOCOLS.get(listener.protocol, ()):
        heard = heard | ported.where(protocol=protocol_number(protocol))
    return heard if listener.protocol in _PROTOCOLS else ported


def _listen(network: Network, balancer: LoadBalancer, listener: Listener, flight: Flight) -> Iterator[Outcome]:
    if listener.protocol not in _PROTOCOLS:
        why = Unknown(reason=f"{listener.listener_arn} is a listener for {listener.protocol}")
        yield absent(balancer.load_balancer_arn, Kind.LOAD_BALANCER, flight, why)
        return
    if not listener.target_group_arns:
        why = Unknown(
            reason=f"{listener.listener_arn} forwards to no target group that is named, or to none with a weight"
        )
        yield absent(balancer.load_balancer_arn, Kind.LOAD_BALANCER, flight, why)
    for arn in listener.target_group_arns:
        targets = targets_of(network, balancer, arn, flight.zone)
        if isinstance(targets, Unknown):
            yield absent(arn, Kind.TARGET_GROUP, flight, targets)
            continue
        if not targets:
            decided = hop(arn, Kind.TARGET_GROUP, Action.DROP, "has no targets", Code.TARGET_NONE, flight.packets)
            yield Drop(flight=flight, hop=decided)
        for target in targets:
            yield from _to_target(network, balancer, listener, target, flight)


def _to_target(
    network: Network, balancer: LoadBalancer, listener: Listener, target: Target, flight: Flight
) -> Iterator[Outcome]:
    interface = serving_interface(network, balancer, flight.zone)
    if isinstance(interface, Unknown | str):
        why = interface if isinstance(interface, Unknown) else Unknown(reason=interface, needs=())
        yield absent(balancer.load_balancer_arn, Kind.LOAD_BALANCER, flight, why)
        return
    if not target.addresses:
        yield absent(target.group, Kind.TARGET_GROUP, flight, target.doubts[0])
        return
    for family in (AddressSet.ANY_V4, AddressSet.ANY_V6):
        part = flight.narrowed(flight.packets.where(src=family))
        if part.packets:
            yield from _send(network, balancer, listener, target, interface, part)


def _send(
    network: Network,
    balancer: LoadBalancer,
    listener: Listener,
    target: Target,
    interface: Interface,
    flight: Flight,
) -> Iterator[Outcome]:
    """Packets of one address family to one target; where nobody knows whose address it sees, with either."""
    own = replace(interface, addresses=interface.addresses & family_of(target.addresses))
    if not own.addresses:
        text = f"{balancer.load_balancer_name} has no address of the family of target {target.name}"
        yield absent(balancer.load_balancer_arn, Kind.LOAD_BALANCER, flight, text)
        return
    keeps = preserved(target, flight)
    doubts = (*target.doubts, *([keeps] if isinstance(keeps, Unknown) else ()))
    for doubt in doubts:
        flight = flight.doubting(doubt)
    if target.refused:
        yield _refused(balancer, target, own, flight, keeps=keeps is True)
        return
    if keeps:
        lost, why = unanswered(network, own.vpc, target, flight)
        if lost:
            yield _not_kept(balancer, target, own, flight.narrowed(lost), why)
        if flight.packets - lost:
            part = flight.narrowed(flight.packets - lost)
            yield _balanced(balancer, listener, target, own, _onward(balancer, target, own, part, keeps=True), doubts)
    if keeps is not True:
        yield _balanced(balancer, listener, target, own, _onward(balancer, target, own, flight, keeps=False), doubts)


def _onward(balancer: LoadBalancer, target: Target, interface: Interface, flight: Flight, *, keeps: bool) -> Flight:
    """The packets as they leave the balancer's interface."""
    translation = Translation(
        owner=balancer.load_balancer_arn,
        domain=flight.packets,
        src=None if keeps else interface.addresses,
        sport=None if keeps else CLIENT_PORTS,
        dst=target.addresses,
        dport=Intervals.single(target.port),
        returns_to=flight.privatelink or Position(interface.id, Role.SEND),
        keeps=interface.subnet if keeps else "",
    )
    return replace(
        flight,
        packets=translation.image(flight.packets),
        translations=(*flight.translations, translation),
        vpc=interface.vpc,
        subnet=interface.subnet,
        sender=interface.id,
        crossed=(),
        entered="",
        privatelink=None,
    )


def _balanced(
    balancer: LoadBalancer,
    listener: Listener,
    target: Target,
    interface: Interface,
    onward: Flight,
    doubts: tuple[Unknown, ...],
) -> Outcome:
    text = f"{listener.protocol} {listener.port} -> {target.name}:{target.port} from {interface.addresses}"
    action = Action.UNKNOWN if doubts else Action.TRANSLATE
    decided = _hop(balancer, onward, action, doubts[0].reason if doubts else text, Code.BALANCED)
    return Pass(flight=onward, to=Position(interface.id, Role.GROUPS_OUT), hop=decided)


def _refused(balancer: LoadBalancer, target: Target, interface: Interface, flight: Flight, *, keeps: bool) -> Outcome:
    decided = hop(
        target.group,
        Kind.TARGET_GROUP,
        Action.DROP,
        f"{target.name}:{target.port} is {target.refused}",
        Code.TARGET_UNHEALTHY,
        flight.packets,
        target.origin,
        also=(balancer.load_balancer_arn,),
    )
    if target.impossible:
        return Drop(flight=flight, hop=decided)
    action = f"bring target {target.name} of {target.group} to healthy"
    onward = _onward(balancer, target, interface, flight, keeps=keeps)
    return mendable(decided, flight, action, Position(interface.id, Role.GROUPS_OUT), onward)


def _not_kept(balancer: LoadBalancer, target: Target, interface: Interface, flight: Flight, why: str) -> Outcome:
    code = Code.CLIENT_ADDRESS_KEPT
    also = (balancer.load_balancer_arn,)
    decided = hop(target.group, Kind.TARGET_GROUP, Action.DROP, why, code, flight.packets, target.origin, also)
    if not settable(target):
        return Drop(flight=flight, hop=decided)
    onward = _onward(balancer, target, interface, flight, keeps=False)
    action = f"set preserve_client_ip.enabled of {target.group} to false"
    return mendable(decided, flight, action, Position(interface.id, Role.GROUPS_OUT), onward)


def _back(network: Network, balancer: LoadBalancer, flight: Flight) -> Outcome:
    arn = balancer.load_balancer_arn
    returned = untranslate(flight, arn)
    if returned is None:
        by = "a reply to nothing that it sent"
        return Drop(flight=flight, hop=_hop(balancer, flight, Action.DROP, by, Code.BALANCED))
    to = flight.translations[-1].returns_to
    decided = _hop(balancer, returned, Action.TRANSLATE, f"back to {returned.packets.dst}", Code.BALANCED)
    return Pass(flight=returned, to=to, hop=decided)


def _no_listener(network: Network, balancer: LoadBalancer, listeners: tuple[Listener, ...], flight: Flight) -> Drop:
    has = ", ".join(f"{listener.protocol} {listener.port}" for listener in listeners) or "none"
    by = f"no listener for this protocol and port (it has: {has})"
    also = tuple(listener.listener_arn for listener in listeners[:4])
    decided = replace(_hop(balancer, flight, Action.DROP, by, Code.NO_LISTENER), also=also)
    ported = flight.packets.dport
    mends = []
    for listener in listeners[:4]:
        taken = _PROTOCOLS.get(listener.protocol, ())
        alike = any(flight.packets.where(protocol=protocol_number(protocol)) for protocol in taken)
        if listener.port in ported or not alike:
            continue  # another port of the same protocol is supposed; of another protocol nothing is known
        supposed = replace(
            flight,
            packets=flight.packets.replace(dport=Intervals.single(listener.port)),
            translations=(
                *flight.translations,
                Translation(
                    owner=SUPPOSED,
                    domain=flight.packets,
                    dport=Intervals.single(listener.port),
                    returns_to=Position(balancer.load_balancer_arn, Role.ENTER),
                ),
            ),
        )
        mends.append(
            mendable(
                decided,
                flight,
                f"add a listener for port {ported.min if ported else listener.port} to {balancer.load_balancer_name}",
                Position(balancer.load_balancer_arn, Role.ENTER),
                supposed,
                also=(listener.listener_arn,),
            ).mends[0]
        )
    return Drop(flight=flight, hop=decided, mends=tuple(mends))


def _hop(balancer: LoadBalancer, flight: Flight, action: Action, by: str, code: Code) -> Hop:
    return hop(balancer.load_balancer_arn, Kind.LOAD_BALANCER, action, by, code, flight.packets, balancer.origin)
