"""Client VPN endpoints: what clients may reach, by which subnet, and as whom.

An authorization rule must allow the destination; the rules with the longest prefix decide, for all clients or for one
group of them, 0.0.0.0/0 last (https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-rules.html). A
client lands on one of the associated subnets, not of its choice, and has only the routes by that subnet
(https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-routes.html); the route to the VPC itself comes
with the association (https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-target.html). In the subnet
the source becomes the address of the endpoint's network interface, with any port, so that only replies come back
(https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/what-is-best-practices.html). With a split tunnel a client sends
by other ways what no route leads to (https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/split-tunnel-vpn.html).

Not modelled: Client VPN endpoints of a transit gateway, which have no target networks: unknown. IPv6 of their clients,
whose addresses no call tells. Who may connect at all: certificates, directories, client connect handlers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from mwaanet.graph.codes import Code
from mwaanet.graph.flight import (
    Action,
    Arrive,
    Drop,
    Evidence,
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
from mwaanet.graph.interface import Interface
from mwaanet.graph.mends import NEW
from mwaanet.graph.outcomes import absent, hop
from mwaanet.graph.prefix_table import Prefix, PrefixTable
from mwaanet.model.client_vpn import AUTHORIZATION_RULES, ROUTES, TARGET_NETWORKS
from mwaanet.model.client_vpn_endpoint import AuthorizationRule, ClientVpnEndpoint, ClientVpnRoute, TargetNetwork
from mwaanet.model.record import Origin
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.net import CLIENT_PORTS, AddressSet, PacketSet
from mwaanet.net.public_addresses import PUBLIC

if TYPE_CHECKING:
    from mwaanet.graph.network import Network

CLIENT_VPN = "cvpn-endpoint-"
"""What the id of a Client VPN endpoint begins with."""
_OPERATION = "describe-client-vpn-endpoints"
_TO_CLIENTS = "local"


def send(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """From a client into the tunnel and to the authorization rules."""
    record = network.inventory.client_vpn_endpoints.get(position.component)
    if record is None:
        return (absent(position.component, Kind.CLIENT_VPN_ENDPOINT, flight, missing(network, position.component)),)
    stopped = _unusable(record, flight)
    if stopped:
        return (stopped,)
    outside = _outside(network, record, flight)
    outcomes: list[Outcome] = [_elsewhere(record, outside)] if outside.packets else []
    inside = flight.narrowed(flight.packets - outside.packets)
    return (*outcomes, *(_authorized(network, record, inside) if inside.packets else ()))


def missing(network: Network, name: str) -> Unknown | str:
    """Why an endpoint is not in the inventory."""
    return network.inventory.unseen_anywhere(_OPERATION) or f"{name} does not exist"


def _unusable(record: ClientVpnEndpoint, flight: Flight) -> Outcome | None:
    """What becomes of everything where the endpoint takes no clients, or leads where the model does not follow."""
    attached = record.transit_gateway_configuration
    if attached is not None and attached.transit_gateway_id:
        name = record.client_vpn_endpoint_id
        reason = f"{name} belongs to {attached.transit_gateway_id}, which is not modelled"
        decided = _hop(record, flight.packets, Action.UNKNOWN, reason, Code.TARGET_UNKNOWN)
        return Lose(flight=flight, hop=decided, unknown=Unknown(reason=reason))
    if not record.status.code:
        reason = f"the state of {record.client_vpn_endpoint_id} is not in the snapshot"
        decided = _hop(record, flight.packets, Action.UNKNOWN, reason, Code.TARGET_UNKNOWN)
        return Lose(flight=flight, hop=decided, unknown=Unknown(reason=reason))
    if same_state(record.status.code, "available", "pending-associate"):
        return None
    decided = _hop(record, flight.packets, Action.DROP, f"state is {record.status.code}", Code.BAD_STATE)
    return Drop(flight=flight, hop=decided)


def _outside(network: Network, record: ClientVpnEndpoint, flight: Flight) -> Flight:
    """What a client with a split tunnel sends to public addresses by other ways: that to which no route leads."""
    routes = network.inventory.client_vpn_routes(record.client_vpn_endpoint_id)
    if not record.split_tunnel or isinstance(routes, Unknown):
        return flight.narrowed(PacketSet.NONE)
    routed = AddressSet.parse(*(route.destination_cidr for route in routes if route.destination_cidr))
    return flight.narrowed(flight.packets.where(dst=(flight.packets.dst & PUBLIC) - routed))


def _elsewhere(record: ClientVpnEndpoint, flight: Flight) -> Outcome:
    reason = f"{flight.packets.dst} is outside the split tunnel of {record.client_vpn_endpoint_id}: by which way the "
    reason += "client's own network leads there is not known"
    decided = _hop(record, flight.packets, Action.UNKNOWN, reason, Code.CLIENT_VPN_OUTSIDE)
    return Lose(flight=flight, hop=decided, unknown=Unknown(reason=reason))


def _authorized(network: Network, record: ClientVpnEndpoint, flight: Flight) -> list[Outcome]:
    """What the authorization rules let pass, by the longest prefix; a rule for one group leaves it open."""
    to = Position(record.client_vpn_endpoint_id, Role.LEAVE)
    rules = network.inventory.authorization_rules(record.client_vpn_endpoint_id)
    if isinstance(rules, Unknown):
        decided = _hop(record, flight.packets, Action.UNKNOWN, rules.reason, Code.CLIENT_VPN_RULES_UNKNOWN)
        return [Pass(flight=flight.doubting(rules), to=to, hop=decided)]
    standing = [rule for rule in rules if rule.destination_cidr and not same_state(rule.status.code, "failed")]
    entries = ((AddressSet.parse(rule.destination_cidr), rule) for rule in standing)
    parts, unmatched = PrefixTable.build(entries, _longest).split(flight.packets.dst)
    outcomes: list[Outcome] = [
        _by_rules(record, longest, flight.narrowed(flight.packets.where(dst=dst)), to) for longest, dst in parts
    ]
    if unmatched:
        outcomes.append(_refused(network, record, flight.narrowed(flight.packets.where(dst=unmatched)), to))
    return outcomes


def _longest(covering: Sequence[Prefix[AuthorizationRule]]) -> tuple[AuthorizationRule, ...]:
    length = min(prefix.last - prefix.first for prefix in covering)
    return tuple(prefix.payload for prefix in covering if prefix.last - prefix.first == length)


def _by_rules(record: ClientVpnEndpoint, rules: Sequence[AuthorizationRule], flight: Flight, to: Position) -> Outcome:
    destination = rules[0].destination_cidr
    open_to_all = [rule for rule in rules if rule.access_all]
    active = next((rule for rule in open_to_all if same_state(rule.status.code, "active")), None)
    if active is not None:
        by = f"authorization rule: all clients to {destination}"
        decided = _hop(record, flight.packets, Action.ALLOW, by, Code.CLIENT_VPN_AUTHORIZED, active.origin)
        return Pass(flight=flight, to=to, hop=decided)
    if open_to_all:
        reason = f"the authorization rule for {destination} is {open_to_all[0].status.code}"
    else:
        groups = ", ".join(dict.fromkeys(rule.group_id for rule in rules))
        reason = f"authorization rule: only {groups} to {destination}, and whether the client is a member is not known"
    decided = _hop(
        record, flight.packets, Action.UNKNOWN, reason, Code.CLIENT_VPN_RULES_UNKNOWN, *(r.origin for r in rules)
    )
    return Pass(flight=flight.doubting(Unknown(reason=reason)), to=to, hop=decided)


def _refused(network: Network, record: ClientVpnEndpoint, flight: Flight, to: Position) -> Outcome:
    name, destination = record.client_vpn_endpoint_id, flight.packets.dst
    by = f"no authorization rule for {destination}"
    listed = network.inventory.client_vpn_list(name, AUTHORIZATION_RULES)
    decided = _hop(record, flight.packets, Action.DENY, by, Code.CLIENT_VPN_NOT_AUTHORIZED, *listed)
    action = f"add an authorization rule for {destination} to {name}"
    return Drop(
        flight=flight,
        hop=decided,
        mends=(Mend(resources=(name,), cost=1, action=action, to=to, flight=flight),),
    )


def leave(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """Authorized: by each of the target networks on which the client may have landed."""
    name = position.component
    record = network.inventory.client_vpn_endpoints[name]
    targets, routes = network.inventory.target_networks(name), network.inventory.client_vpn_routes(name)
    if isinstance(targets, Unknown):
        return (absent(name, Kind.CLIENT_VPN_ENDPOINT, flight, targets),)
    if isinstance(routes, Unknown):
        return (absent(name, Kind.CLIENT_VPN_ENDPOINT, flight, routes),)
    serving = [target for target in targets if same_state(target.status.code, "associated")]
    if not serving:
        return (_without_target(network, record, targets, flight),)
    return tuple(outcome for target in serving for outcome in _by_target(network, record, target, routes, flight))


def _without_target(
    network: Network, record: ClientVpnEndpoint, targets: Sequence[TargetNetwork], flight: Flight
) -> Outcome:
    """No client can connect: nothing is associated, or the association is not complete."""
    told = ", ".join(f"{target.target_network_id} is {target.status.code}" for target in targets)
    by = told or "no subnet is associated, so no client can connect"
    listed = network.inventory.client_vpn_list(record.client_vpn_endpoint_id, TARGET_NETWORKS)
    decided = _hop(record, flight.packets, Action.DROP, by, Code.CLIENT_VPN_NO_TARGET_NETWORK, *listed)
    mends = [
        _mend(record, target, f"associate {target.target_network_id} with {record.client_vpn_endpoint_id}", entered)
        for target in targets
        for entered in _entered(network, record, target, flight)
    ]
    return Drop(flight=flight, hop=decided, mends=tuple(mends))


def _by_target(
    network: Network,
    record: ClientVpnEndpoint,
    target: TargetNetwork,
    routes: Sequence[ClientVpnRoute],
    flight: Flight,
) -> list[Outcome]:
    """The routes that a client has which landed on one subnet, by the longest prefix."""
    entries = [
        (AddressSet.parse(route.destination_cidr), route)
        for route in routes
        if route.destination_cidr
        and route.target_subnet in (target.target_network_id, _TO_CLIENTS)
        and not same_state(route.status.code, "failed")
    ]
    parts, unmatched = PrefixTable.build(entries, lambda covering: covering[-1].payload).split(flight.packets.dst)
    outcomes: list[Outcome] = []
    for route, dst in parts:
        part = flight.narrowed(flight.packets.where(dst=dst))
        if not same_state(route.status.code, "active"):
            reason = f"the route to {route.destination_cidr} by {route.target_subnet} is {route.status.code}"
            part = part.doubting(Unknown(reason=reason))
        outcomes.extend(_by_route(network, record, target, route, part))
    if unmatched:
        part = flight.narrowed(flight.packets.where(dst=unmatched))
        outcomes.append(_unrouted(network, record, target, part))
    return outcomes


def _by_route(
    network: Network, record: ClientVpnEndpoint, target: TargetNetwork, route: ClientVpnRoute, flight: Flight
) -> list[Outcome]:
    name, subnet = record.client_vpn_endpoint_id, target.target_network_id
    if route.target_subnet == _TO_CLIENTS:
        by = f"route {route.destination_cidr} to other clients"
        decided = _hop(record, flight.packets, Action.DELIVER, by, Code.CLIENT_VPN_ROUTE, route.origin)
        return [Arrive(flight=flight, hop=decided, answer=Position(name, Role.SEND))]
    entered = _entered(network, record, target, flight)
    if not entered:
        return [_without_interface(network, record, target, flight)]
    outcomes: list[Outcome] = []
    for interface, onward in entered:
        by = f"route {route.destination_cidr} by {subnet}; source becomes {onward.packets.src}"
        decided = _hop(
            record,
            onward.packets,
            Action.TRANSLATE,
            by,
            Code.CLIENT_VPN_ROUTE,
            route.origin,
            target.origin,
            also=(subnet,),
        )
        outcomes.append(Pass(flight=onward, to=Position(interface.id, Role.SEND), hop=decided))
    return outcomes


def _entered(
    network: Network, record: ClientVpnEndpoint, target: TargetNetwork, flight: Flight
) -> list[tuple[Interface, Flight]]:
    """The flight at each of the endpoint's interfaces in a subnet, sent from the interface's own address."""
    name = record.client_vpn_endpoint_id
    found = []
    for held in network.inventory.client_vpn_interfaces(target):
        interface = network.interface(held.network_interface_id)
        translation = Translation(
            owner=name,
            domain=flight.packets,
            src=interface.addresses & AddressSet.ANY_V4,
            sport=CLIENT_PORTS,
            returns_to=Position(name, Role.BACK),
        )
        packets = translation.image(flight.packets)
        found.append((interface, replace(flight, packets=packets, translations=(*flight.translations, translation))))
    return found


def _without_interface(network: Network, record: ClientVpnEndpoint, target: TargetNetwork, flight: Flight) -> Outcome:
    unseen = network.inventory.unseen_client_vpn_interfaces(record.client_vpn_endpoint_id, target)
    decided = _hop(record, flight.packets, Action.UNKNOWN, unseen.reason, Code.TARGET_UNKNOWN, target.origin)
    return Lose(flight=flight, hop=decided, unknown=unseen)


def _unrouted(network: Network, record: ClientVpnEndpoint, target: TargetNetwork, flight: Flight) -> Outcome:
    subnet, destination = target.target_network_id, flight.packets.dst
    by = f"no route to {destination} by {subnet}"
    listed = network.inventory.client_vpn_list(record.client_vpn_endpoint_id, ROUTES)
    decided = _hop(record, flight.packets, Action.DROP, by, Code.CLIENT_VPN_NO_ROUTE, *listed, also=(subnet,))
    action = f"add a route to {destination} by {subnet} to {record.client_vpn_endpoint_id}"
    mends = [_mend(record, target, action, entered) for entered in _entered(network, record, target, flight)]
    return Drop(flight=flight, hop=decided, mends=tuple(mends))


def _mend(record: ClientVpnEndpoint, target: TargetNetwork, action: str, entered: tuple[Interface, Flight]) -> Mend:
    interface, onward = entered
    resources = (record.client_vpn_endpoint_id, target.target_network_id)
    return Mend(resources=resources, cost=NEW, action=action, to=Position(interface.id, Role.SEND), flight=onward)


def back(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """Addressed to the endpoint's interface: replies go back to the client, nothing else is taken."""
    owner = flight.translations[-1].owner if flight.translations else ""
    name = owner if owner.startswith(CLIENT_VPN) else position.component
    record = network.inventory.client_vpn_endpoints[name]
    returned = untranslate(flight, name) if flight.reply else None
    if returned is None:
        decided = _hop(record, flight.packets, Action.DROP, "takes replies only", Code.CLIENT_VPN_UNSOLICITED)
        return (Drop(flight=flight, hop=decided),)
    returned = replace(returned, vpc="", subnet="", zone="", sender="", entered="", crossed=())
    by = f"back to {returned.packets.dst}"
    decided = _hop(record, returned.packets, Action.DELIVER, by, Code.CLIENT_VPN_REPLY)
    return (Arrive(flight=returned, hop=decided, answer=Position(name, Role.SEND)),)


def _hop(
    record: ClientVpnEndpoint,
    packets: PacketSet,
    action: Action,
    by: str,
    code: Code,
    *read: Origin | None,
    also: tuple[str, ...] = (),
) -> Hop:
    decided = hop(
        record.client_vpn_endpoint_id, Kind.CLIENT_VPN_ENDPOINT, action, by, code, packets, record.origin, also
    )
    evidence = tuple(Evidence(origin) for origin in read[:8] if origin)
    return replace(decided, evidence=evidence or decided.evidence)
