"""Direct Connect gateways: virtual interfaces towards the site, associations towards AWS.

A virtual interface carries packets of an address family while it is `available` and its BGP peer of that family is
`up`; either state may be `unknown` to AWS (https://docs.aws.amazon.com/directconnect/latest/APIReference/API_BGPPeer.html,
https://docs.aws.amazon.com/directconnect/latest/UserGuide/add-peer-to-vif.html). To on-premises a gateway announces
exactly the allowed prefixes of a transit gateway's association, or, for a virtual private gateway, the VPC CIDRs that
an allowed prefix equals or contains
(https://docs.aws.amazon.com/directconnect/latest/UserGuide/allowed-to-prefixes.html).

Not modelled: SiteLink between sites: unknown. Whether a supernet that leads from VPC to VPC is announced over the
virtual interface that both use: taken as so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Action, Drop, Flight, Hop, Kind, Lose, Mend, Outcome, Pass, Position, Role
from mwaanet.graph.outcomes import absent, hop
from mwaanet.model.direct_connect import BgpPeer, VirtualInterface
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet

if TYPE_CHECKING:
    from mwaanet.graph.network import Network

GATEWAY = Kind.DIRECT_CONNECT_GATEWAY


def leave(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """From AWS to the site, over the gateway's virtual interfaces."""
    return tuple(outcome for part in _by_family(flight) for outcome in _leave(network, position.component, part))


def _by_family(flight: Flight) -> list[Flight]:
    """The flight's parts of IPv4 and IPv6, each of which has BGP peers of its own."""
    parts = (flight.packets.where(dst=family) for family in (AddressSet.ANY_V4, AddressSet.ANY_V6))
    return [flight.narrowed(packets) for packets in parts if packets]


def _leave(network: Network, gateway: str, flight: Flight) -> tuple[Outcome, ...]:
    stopped = _not_associated(network, gateway, flight) or _no_interface_up(network, gateway, flight)
    outcomes: list[Outcome] = []
    turned, rest = _turned(network, gateway, flight)
    onward = replace(flight, vpc="", subnet="", zone="", sender="", entered="", crossed=())
    for target, dst in turned:
        part = onward.narrowed(onward.packets.where(dst=dst))
        outcomes.append(_carried(network, gateway, part, Position(target, Role.ENTER), stopped))
    for behind in network.sites_behind(gateway, rest):
        to = Position(behind.name, Role.ENTER)
        outcomes.append(_carried(network, gateway, behind.part_of(onward), to, stopped))
    return tuple(outcomes)


def _turned(network: Network, gateway: str, flight: Flight) -> tuple[list[tuple[str, AddressSet]], AddressSet]:
    """What goes on to another VPC's virtual private gateway, and the other destinations.

    Only where the site announces a supernet of both does the first VPC send it here
    (https://docs.aws.amazon.com/directconnect/latest/UserGuide/direct-connect-gateways-intro.html).
    """
    rest = flight.packets.dst
    announced = network.announced_by(gateway)
    found: list[tuple[str, AddressSet]] = []
    for target, prefixes in () if isinstance(announced, Unknown) or not flight.vpc else announced:
        if target.startswith("vgw-") and rest & prefixes and network.vpc_of_gateway(target) != flight.vpc:
            found.append((target, rest & prefixes))
            rest = rest - prefixes
    return found, rest


def enter(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """From the site into AWS: only to what the gateway announces."""
    return tuple(outcome for part in _by_family(flight) for outcome in _enter(network, position.component, part))


def _enter(network: Network, gateway: str, flight: Flight) -> tuple[Outcome, ...]:
    stopped = _no_interface_up(network, gateway, flight)
    announced = network.announced_by(gateway)
    if isinstance(announced, Unknown):
        return (absent(gateway, GATEWAY, flight, announced),)
    outcomes: list[Outcome] = []
    rest = flight.packets
    for target, prefixes in announced:
        part = rest.where(dst=prefixes)
        rest = rest - part
        if part and target.startswith("tgw-") and not target.startswith("tgw-attach-"):
            why = network.inventory.unseen_transit_attachment(gateway, target)
            outcomes.append(absent(target, Kind.TRANSIT_GATEWAY, flight.narrowed(part), why))
        elif part:
            outcomes.append(_carried(network, gateway, flight.narrowed(part), Position(target, Role.ENTER), stopped))
    if rest:
        outcomes.extend(_not_announced(network, gateway, flight.narrowed(rest), [target for target, _ in announced]))
    return tuple(outcomes)


def usable(interface: VirtualInterface, family: str = "") -> bool:
    """Whether the virtual interface carries packets (of `ipv4` or `ipv6`), or may do so where AWS does not know."""
    return same_state(interface.virtual_interface_state, "available", "unknown") and any(
        same_state(peer.bgp_status, "up", "unknown") for peer in _peers(interface, family)
    )


def _known(interface: VirtualInterface, family: str) -> bool:
    """Whether AWS knows that a usable virtual interface carries packets."""
    up = any(same_state(peer.bgp_status, "up") for peer in _peers(interface, family))
    return up and same_state(interface.virtual_interface_state, "available")


def _peers(interface: VirtualInterface, family: str) -> list[BgpPeer]:
    return [peer for peer in interface.bgp_peers if not family or peer.address_family in ("", family)]


def _not_associated(network: Network, gateway: str, flight: Flight) -> str | Unknown:
    """Why the transit gateway from which the flight comes may not use the gateway; empty where it may."""
    if not flight.crossed:
        return ""
    associated = network.is_associated(gateway, flight.crossed[-1])
    if isinstance(associated, Unknown):
        return associated
    return "" if associated else f"is not associated with {flight.crossed[-1]}"


def _no_interface_up(network: Network, gateway: str, flight: Flight) -> str | Unknown:
    """Why no virtual interface carries packets; empty where one does."""
    interfaces = network.virtual_interfaces_of(gateway)
    if isinstance(interfaces, Unknown):
        return interfaces
    family = "ipv4" if flight.packets.dst.v4 else "ipv6"
    usables = [interface for interface in interfaces if usable(interface, family)]
    if any(_known(interface, family) for interface in usables):
        return ""
    if usables:
        return Unknown(reason=f"AWS does not know whether {usables[0].virtual_interface_id} and its BGP peer are up")
    unseen = network.inventory.unseen_virtual_interface(gateway)
    if unseen or not interfaces:
        return unseen or "has no virtual interface"
    return ", ".join(
        f"{interface.virtual_interface_id} is {interface.virtual_interface_state}, BGP "
        + ("/".join(peer.bgp_status for peer in _peers(interface, family)) or f"has no peer for {family}")
        for interface in interfaces
    )


def _carried(network: Network, gateway: str, flight: Flight, to: Position, stopped: str | Unknown) -> Outcome:
    if isinstance(stopped, Unknown):
        decided = _hop(network, gateway, flight, Action.UNKNOWN, stopped.reason, Code.DX_UP)
        return Pass(flight=flight.doubting(stopped), to=to, hop=decided)
    if stopped:
        decided = _hop(network, gateway, flight, Action.DROP, stopped, Code.DX_DOWN)
        interfaces = network.virtual_interfaces_of(gateway)
        names = () if isinstance(interfaces, Unknown) else tuple(i.virtual_interface_id for i in interfaces[:1])
        mend = Mend(resources=(*names, gateway), cost=1, action=f"bring up BGP on {gateway}", to=to, flight=flight)
        return Drop(flight=flight, hop=decided, mends=(mend,))
    decided = _hop(network, gateway, flight, Action.FORWARD, "a virtual interface is up", Code.DX_UP)
    return Pass(flight=flight, to=to, hop=decided)


def _not_announced(network: Network, gateway: str, flight: Flight, targets: list[str]) -> list[Outcome]:
    """Nothing leads to what is not announced, but perhaps SiteLink to another site, or a VPC that was not read."""
    unread = next(filter(None, map(network.unread_vpc_of, targets)), None)
    if unread:
        return [absent(gateway, GATEWAY, flight, unread)]
    outcomes: list[Outcome] = []
    for behind in network.sites_behind(gateway, flight.packets.dst):
        part = behind.part_of(flight)
        other = network.site(behind.name)
        if other is None or flight.packets.src & other.cidrs or network.inside_vpcs(behind.addresses):
            outcomes.append(_dropped(network, gateway, part, targets))
            continue
        unknown = Unknown(reason=f"whether SiteLink joins the sites behind {gateway}", needs=())
        decided = _hop(network, gateway, part, Action.UNKNOWN, unknown.reason, Code.TARGET_UNKNOWN)
        outcomes.append(Lose(flight=part, hop=decided, unknown=unknown))
    return outcomes


def _dropped(network: Network, gateway: str, flight: Flight, targets: list[str]) -> Drop:
    by = f"{flight.packets.dst} is not among the allowed prefixes"
    decided = _hop(network, gateway, flight, Action.DROP, by, Code.DX_NOT_ANNOUNCED)
    mends = tuple(
        Mend(
            resources=(gateway,),
            cost=1,
            action=f"add the destination to the allowed prefixes of {gateway}",
            to=Position(target, Role.ENTER),
            flight=flight,
        )
        for target in targets
    )
    return Drop(flight=flight, hop=decided, mends=mends)


def _hop(network: Network, gateway: str, flight: Flight, action: Action, by: str, code: Code) -> Hop:
    interface = network.inventory.virtual_interfaces_by_id.get(gateway)
    if interface is not None:
        return hop(gateway, Kind.VIRTUAL_INTERFACE, action, by, code, flight.packets, interface.origin)
    record = network.inventory.direct_connect_gateways.get(gateway)
    return hop(gateway, GATEWAY, action, by, code, flight.packets, record.origin if record else None)
