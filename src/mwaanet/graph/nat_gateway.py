"""NAT gateways: the source becomes the gateway's own private address and a port of its choice; replies only.

A public one sends on by its subnet's route table to an internet gateway, which knows its Elastic IP; a private one
by its subnet's table to wherever that leads (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html).
It passes TCP, UDP and ICMP, from the ports 1024-65535
(https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html). An appliance
attached to it filters what it sends (https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-inspect-traffic.html).

Not modelled: regional NAT gateways, which lie in no subnet, NAT64, what attached appliances let pass: unknown. That a
gateway may run out of ports, and how long it keeps an idle connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from mwaanet.graph.codes import Code
from mwaanet.graph.flight import (
    Action,
    Drop,
    Flight,
    Hop,
    Kind,
    Lose,
    Mend,
    Outcome,
    Pass,
    Position,
    Role,
    Translation,
    untranslate,
)
from mwaanet.graph.outcomes import absent, hop
from mwaanet.model.nat_gateway import NatGateway
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.net import CLIENT_PORTS, AddressSet, PacketSet

if TYPE_CHECKING:
    from mwaanet.graph.network import Network

NAT64 = AddressSet.parse("64:ff9b::/96")
"""IPv4 destinations of IPv6 clients (https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html)."""


def enter(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """A route has led here: what is addressed to the gateway itself is taken as if it had come locally.

    Such a route may be for the gateway's own subnet
    (https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html).
    """
    gateway = network.inventory.nat_gateways[position.component]
    held = [address for address in gateway.nat_gateway_addresses if address.private_ip]
    itself = flight.packets.where(dst=AddressSet.parse(*(address.private_ip for address in held)))
    through = flight.packets - itself
    outcomes = back(network, position, flight.narrowed(itself)) if itself else ()
    sending = [address for address in held if address.is_in_use] or held
    own = AddressSet.parse(*(address.private_ip for address in sending))
    return (*outcomes, *(_through(network, gateway, flight.narrowed(through), own) if through else ()))


def _through(network: Network, gateway: NatGateway, flight: Flight, addresses: AddressSet) -> tuple[Outcome, ...]:
    """Translate and send on from the gateway's own subnet; replies have no business here."""
    if flight.reply:
        by = "a reply to a connection that it did not translate"
        hop = _hop(gateway, flight.packets, Action.DROP, by, Code.REPLY_MISMATCH)
        return (Drop(flight=flight, hop=hop),)
    passing = PacketSet.NONE
    for protocol in (1, 6, 17):
        passing = passing | flight.packets.where(protocol=protocol, src=AddressSet.ANY_V4)
    rest = flight.packets - passing
    outcomes: list[Outcome] = []
    if passing:
        onward = _onward(network, gateway, flight.narrowed(passing), addresses)
        if same_state(gateway.state, "available"):
            hop = _hop(gateway, onward.packets, Action.TRANSLATE, f"source becomes {addresses}", Code.NAT_TRANSLATES)
            outcomes.append(Pass(flight=onward, to=Position(gateway.subnet_id, Role.LEAVE), hop=hop))
        else:
            outcomes.append(_stopped(gateway, flight.narrowed(passing), f"state is {gateway.state}", onward))
    synthesised = rest.where(dst=NAT64)
    if synthesised:
        rest = rest - synthesised
        reason = f"{gateway.nat_gateway_id} translates {NAT64} to IPv4 (NAT64), which is not modelled"
        outcomes.append(_lost(gateway, flight.narrowed(synthesised), reason))
    if rest:
        hop = _hop(gateway, rest, Action.DROP, "passes IPv4 TCP, UDP and ICMP only", Code.NAT_PROTOCOL)
        outcomes.append(Drop(flight=flight.narrowed(rest), hop=hop))
    return tuple(outcomes)


def back(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """Addressed to the gateway's own address: replies are translated back, nothing else is taken."""
    gateway = network.inventory.nat_gateways.get(position.component)
    if gateway is None:
        missing = network.missing("describe-nat-gateways", position.component, flight.vpc)
        unknown = missing if isinstance(missing, Unknown) else Unknown(reason=missing, needs=())
        return (absent(position.component, Kind.NAT_GATEWAY, flight, unknown),)
    returned = untranslate(flight, gateway.nat_gateway_id) if flight.reply else None
    if returned is None:
        hop = _hop(gateway, flight.packets, Action.DROP, "takes replies only", Code.NAT_UNSOLICITED)
        return (Drop(flight=flight, hop=hop),)
    returned = _inside(network, gateway, returned)
    hop = _hop(gateway, returned.packets, Action.TRANSLATE, f"back to {returned.packets.dst}", Code.NAT_TRANSLATES)
    return (Pass(flight=returned, to=Position(gateway.subnet_id, Role.LEAVE), hop=hop),)


def _inside(network: Network, gateway: NatGateway, flight: Flight) -> Flight:
    subnet = gateway.subnet_id
    return replace(
        flight,
        vpc=gateway.vpc_id,
        subnet=subnet,
        zone=network.zone_of(subnet),
        sender="",
        entered="",
        crossed=(),
    )


def _onward(network: Network, gateway: NatGateway, flight: Flight, addresses: AddressSet) -> Flight:
    translation = Translation(
        owner=gateway.nat_gateway_id,
        domain=flight.packets,
        src=addresses,
        sport=CLIENT_PORTS,
        returns_to=Position(gateway.nat_gateway_id, Role.BACK),
    )
    onward = _inside(network, gateway, flight)
    for appliance in gateway.attached_appliances:
        if appliance.is_attached:
            reason = f"what {appliance.appliance_arn}, attached to {gateway.nat_gateway_id}, lets pass"
            onward = onward.doubting(Unknown(reason=reason))
    return replace(onward, packets=translation.image(flight.packets), translations=(*flight.translations, translation))


def _lost(gateway: NatGateway, flight: Flight, reason: str) -> Lose:
    hop = _hop(gateway, flight.packets, Action.UNKNOWN, reason, Code.TARGET_UNKNOWN)
    return Lose(flight=flight, hop=hop, unknown=Unknown(reason=reason))


def _stopped(gateway: NatGateway, flight: Flight, by: str, onward: Flight) -> Drop:
    hop = _hop(gateway, flight.packets, Action.DROP, by, Code.BAD_STATE)
    mend = Mend(
        resources=(gateway.nat_gateway_id,),
        cost=1,
        action=f"replace {gateway.nat_gateway_id}",
        to=Position(gateway.subnet_id, Role.LEAVE),
        flight=onward,
    )
    return Drop(flight=flight, hop=hop, mends=(mend,))


def _hop(gateway: NatGateway, packets: PacketSet, action: Action, by: str, code: Code) -> Hop:
    return hop(gateway.nat_gateway_id, Kind.NAT_GATEWAY, action, by, code, packets, gateway.origin)
