"""Security groups: the stateful filter of an interface.

All groups of an interface are united, rules only allow, and what no rule allows is denied; a reply to a connection
that the interface's groups saw passes (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html).
A rule's peer may be a group: the group of the interface that sent the packet (inbound) or that is addressed
(outbound), in the same VPC, over an active peering of the same Region, or, inbound only, over one transit gateway
that has the switch on, as both attachments have (https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html#security-group-referencing,
https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html#vpc-attachment-security).

Not modelled: connection tracking timeouts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from mwaanet.graph.codes import Code
from mwaanet.graph.flight import (
    Action,
    Drop,
    Evidence,
    Flight,
    Hop,
    Kind,
    Mend,
    Outcome,
    Pass,
    Position,
    Role,
    advance,
)
from mwaanet.graph.interface import Interface
from mwaanet.graph.rules import Match, Reading, Rule, port_range
from mwaanet.model.security_group import IpPermission, SecurityGroup
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet, PacketSet, protocol_number

if TYPE_CHECKING:
    from mwaanet.graph.network import Network


class GroupRules(msgspec.Struct, frozen=True, gc=False):
    """One direction of one group, ready to be applied."""

    rules: tuple[Rule, ...]
    """Rules whose peer is known addresses."""
    referencing: tuple[tuple[str, Rule], ...]
    """Rules whose peer is a group; their match has any address."""
    unreadable: tuple[tuple[Unknown, Rule], ...]
    """Rules whose peer is a prefix list that could not be read."""


def outbound(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """The egress rules of the sending interface's groups."""
    interface = network.interface(position.component)
    to = Position(interface.subnet, Role.LEAVE)
    return _filter(network, interface, flight, to, is_outbound=True)


def inbound(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """The ingress rules of the addressed interface's groups."""
    interface = network.interface(position.component)
    to, flight = advance(flight, Position(interface.id, Role.RECEIVE))
    return _filter(network, interface, flight, to, is_outbound=False)


def _filter(
    network: Network, interface: Interface, flight: Flight, to: Position, *, is_outbound: bool
) -> tuple[Outcome, ...]:
    if not network.has_groups(interface):
        return (Pass(flight=flight, to=to),)
    if flight.reply and interface.id in flight.tracked:
        return (Pass(flight=flight, to=to, hop=_tracked_hop(interface, flight)),)
    if not flight.reply:
        flight = replace(flight, tracked=flight.tracked | {interface.id})
    rest = flight.packets
    deciding: list[Rule] = []
    doubtful: list[tuple[Unknown, PacketSet]] = []
    for group_id in interface.groups:
        rules = network.group_rules(group_id, outbound=is_outbound)
        if isinstance(rules, Unknown):
            doubtful.append((rules, PacketSet.ANY))
            continue
        rest = _apply(rules.rules, rest, deciding, is_outbound)
        referencing = _referencing(network, flight, rules, is_outbound, doubtful)
        rest = _apply(referencing, rest, deciding, is_outbound)
        doubtful.extend((unknown, rule.match.of(rest, outbound=is_outbound)) for unknown, rule in rules.unreadable)
    outcomes: list[Outcome] = []
    passed = flight.packets - rest
    if passed:
        outcomes.append(_passed(flight.narrowed(passed), deciding, to))
    for unknown, packets in doubtful:
        part = rest & packets
        rest = rest - packets
        if part:
            hop = _hop(interface, part, Action.UNKNOWN, unknown.reason, Code.SECURITY_GROUP_UNKNOWN)
            outcomes.append(Pass(flight=flight.narrowed(part).doubting(unknown), to=to, hop=hop))
    if rest:
        outcomes.append(_denied(network, interface, flight.narrowed(rest), to, is_outbound=is_outbound))
    return tuple(outcomes)


def _apply(rules: tuple[Rule, ...], rest: PacketSet, deciding: list[Rule], is_outbound: bool) -> PacketSet:
    for rule in rules:
        if not rest:
            break
        matched = rule.match.of(rest, outbound=is_outbound)
        if matched:
            deciding.append(rule)
            rest = rest - matched
    return rest


def _referencing(
    network: Network,
    flight: Flight,
    rules: GroupRules,
    is_outbound: bool,
    doubtful: list[tuple[Unknown, PacketSet]],
    *also: str,
) -> tuple[Rule, ...]:
    """The rules that name a group, with the group turned into the addresses of those it means for this flight.

    `also` are VPCs that count as peered.
    """
    resolved = []
    for group_id, rule in rules.referencing:
        if is_outbound:
            peer = network.group_addresses_seen_from(group_id, flight.vpc, *also)
        else:
            peer = _sender_addresses(network, flight, group_id)
        if isinstance(peer, Unknown):
            doubtful.append((peer, rule.match.of(flight.packets, outbound=is_outbound)))
        elif peer:
            resolved.append(
                Rule(
                    match=Match(
                        peer=peer,
                        protocol=rule.match.protocol,
                        ports=rule.match.ports,
                        icmp_type=rule.match.icmp_type,
                        icmp_code=rule.match.icmp_code,
                    ),
                    text=rule.text,
                    evidence=rule.evidence,
                    owner=rule.owner,
                )
            )
    return tuple(resolved)


def _sender_addresses(network: Network, flight: Flight, group_id: str) -> AddressSet | Unknown:
    """The sender's addresses where it is in the group and the way it came keeps group references."""
    if not flight.sender:
        return AddressSet.NONE
    sender = network.interface(flight.sender)
    if group_id not in sender.groups:
        return AddressSet.NONE
    crosses = network.group_reference_crosses(flight.crossed, (sender.vpc, flight.vpc))
    if isinstance(crosses, Unknown) or not crosses:
        return crosses or AddressSet.NONE
    if flight.translations and flight.translations[-1].keeps:
        return flight.packets.src
    return sender.addresses


def compile_group(network: Network, group: SecurityGroup, *, outbound: bool) -> GroupRules:
    """Turn the rules of one direction of a group into matches."""
    rules: list[Rule] = []
    referencing: list[tuple[str, Rule]] = []
    unreadable: list[tuple[Unknown, Rule]] = []
    permissions = group.ip_permissions_egress if outbound else group.ip_permissions
    key = "IpPermissionsEgress" if outbound else "IpPermissions"

    for index, permission in enumerate(permissions):
        where = f"/{key}/{index}"

        def rule(
            peer: AddressSet, peer_text: str, rest: str, permission: IpPermission = permission, where: str = where
        ) -> Rule:
            evidence = Evidence(group.origin, where + rest)
            text = f"{'egress' if outbound else 'ingress'} rule: {_ports_text(permission)} {peer_text}"
            with Reading(evidence):
                return Rule(match=_match(permission, peer), text=text, evidence=evidence, owner=group.group_id)

        for number, ip_range in enumerate(permission.ip_ranges):
            rules.append(rule(AddressSet.parse(ip_range.cidr_ip), ip_range.cidr_ip, f"/IpRanges/{number}"))
        for number, ipv6_range in enumerate(permission.ipv6_ranges):
            cidr = ipv6_range.cidr_ipv6
            rules.append(rule(AddressSet.parse(cidr), cidr, f"/Ipv6Ranges/{number}"))
        for number, prefix_list in enumerate(permission.prefix_list_ids):
            list_id = prefix_list.prefix_list_id
            entries = network.prefix_list(list_id, group)
            if isinstance(entries, Unknown):
                unreadable.append((entries, rule(AddressSet.ANY, list_id, f"/PrefixListIds/{number}")))
            else:
                rules.append(rule(entries, list_id, f"/PrefixListIds/{number}"))
        for number, pair in enumerate(permission.user_id_group_pairs):
            if pair.group_id and not same_state(pair.peering_status, "deleted"):
                peer_rule = rule(AddressSet.ANY, pair.group_id, f"/UserIdGroupPairs/{number}")
                referencing.append((pair.group_id, peer_rule))
    return GroupRules(tuple(rules), tuple(referencing), tuple(unreadable))


def _match(permission: IpPermission, peer: AddressSet) -> Match:
    protocol = protocol_number(permission.ip_protocol)
    low, high = permission.from_port, permission.to_port
    if protocol in (6, 17) and low is not None and high is not None and (low, high) != (-1, -1):
        return Match(peer=peer, protocol=protocol, ports=port_range(low, high))
    if protocol in (1, 58) and low is not None and low != -1:
        code = None if high is None or high == -1 else port_range(high, high)
        return Match(peer=peer, protocol=protocol, icmp_type=port_range(low, low), icmp_code=code)
    return Match(peer=peer, protocol=protocol)


def _ports_text(permission: IpPermission) -> str:
    if permission.ip_protocol == "-1":
        return "all traffic"
    low, high = permission.from_port, permission.to_port
    if low is None or low < 0:
        return permission.ip_protocol
    return f"{permission.ip_protocol} {low}" if low == high else f"{permission.ip_protocol} {low}-{high}"


def _hop(
    interface: Interface,
    packets: PacketSet,
    action: Action,
    by: str,
    code: Code,
    evidence: tuple[Evidence, ...] = (),
    component: str = "",
) -> Hop:
    first, *others = interface.groups or (interface.id,)
    component = component or first
    return Hop(
        component=component,
        kind=Kind.SECURITY_GROUP,
        action=action,
        by=by,
        code=code,
        packets=packets,
        evidence=evidence,
        also=tuple(group for group in (first, *others) if group != component),
    )


def _tracked_hop(interface: Interface, flight: Flight) -> Hop:
    return _hop(
        interface,
        flight.packets,
        Action.ALLOW,
        "reply to a connection that the group allowed",
        Code.SECURITY_GROUP_TRACKED,
    )


def _passed(flight: Flight, deciding: list[Rule], to: Position) -> Pass:
    first = deciding[0]
    more = f" (+{len(deciding) - 1} more)" if len(deciding) > 1 else ""
    hop = Hop(
        component=first.owner,
        kind=Kind.SECURITY_GROUP,
        action=Action.ALLOW,
        by=first.text + more,
        code=Code.SECURITY_GROUP_ALLOWS,
        packets=flight.packets,
        evidence=tuple(rule.evidence for rule in deciding[:8]),
    )
    return Pass(flight=flight, to=to, hop=hop)


def _denied(network: Network, interface: Interface, flight: Flight, to: Position, *, is_outbound: bool) -> Drop:
    direction = "egress" if is_outbound else "ingress"
    hop = _hop(
        interface,
        flight.packets,
        Action.DENY,
        f"no {direction} rule matches",
        Code.SECURITY_GROUP_EGRESS if is_outbound else Code.SECURITY_GROUP_INGRESS,
        evidence=network.group_evidence(interface, outbound=is_outbound),
    )
    mend = Mend(
        resources=(hop.component,),
        cost=1,
        action=f"add an {direction} rule to {hop.component}",
        to=to,
        flight=flight,
    )
    accepted = _acceptances(network, interface, flight, to) if is_outbound else ()
    return Drop(flight=flight, hop=hop, mends=(*accepted, mend))


def _acceptances(network: Network, interface: Interface, flight: Flight, to: Position) -> Iterator[Mend]:
    """A peering that is not active, where a rule names the destination by its group once it is."""
    for peering in network.inventory.peerings_of(flight.vpc):
        near, far = peering.requester_vpc_info, peering.accepter_vpc_info
        if same_state(peering.status.code, "active") or near.region != far.region:
            continue
        rest = flight.packets
        for group_id in interface.groups:
            rules = network.group_rules(group_id, outbound=True)
            if not isinstance(rules, Unknown):
                named = _referencing(network, flight, rules, True, [], near.vpc_id, far.vpc_id)
                rest = _apply(named, rest, [], True)
        if not rest:
            name = peering.vpc_peering_connection_id
            yield Mend(resources=(name,), cost=1, action=f"accept or recreate {name}", to=to, flight=flight)
