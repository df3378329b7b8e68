"""Network ACLs: the stateless filter at a subnet's boundary.

Entries are tried in the order of their numbers and the first that matches decides; what none matches is denied.
They see packets that cross the subnet's boundary, requests and replies alike, never packets between two interfaces
of one subnet (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from mwaanet.graph.rules import Match, Reading, Rule, port_range
from mwaanet.model.network_acl import NetworkAcl, NetworkAclEntry
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet, PacketSet, protocol_name, protocol_number

if TYPE_CHECKING:
    from mwaanet.graph.network import Network

HIGHEST_NUMBER = 32766
"""The highest number of an entry; AWS's own entry `*` has a higher one, for IPv4 and for IPv6.

https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
"""


def transfer(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """Apply the entries of one direction of the ACL of the subnet that `position` names."""
    subnet, role = position
    outbound = role is Role.OUTBOUND
    to, flight = advance(flight, Position(subnet, Role.ENTER))
    acl = network.acl_of(subnet)
    if isinstance(acl, Unknown):
        hop = Hop(
            component=subnet,
            kind=Kind.SUBNET,
            action=Action.UNKNOWN,
            by=acl.reason,
            code=Code.NETWORK_ACL_UNKNOWN,
            packets=flight.packets,
        )
        return (Pass(flight=flight.doubting(acl), to=to, hop=hop),)
    way = "outbound" if outbound else "inbound"
    rest = flight.packets
    allowed = PacketSet.NONE
    allowing: list[Rule] = []
    outcomes: list[Outcome] = []
    for rule in network.acl_rules(acl, outbound=outbound):
        matched = rule.match.of(rest, outbound=outbound)
        if not matched:
            continue
        rest = rest - matched
        if rule.allow:
            allowed = allowed | matched
            allowing.append(rule)
        else:
            outcomes.append(_denied(acl, flight.narrowed(matched), rule.text, (rule.evidence,), to))
        if not rest:
            break
    if rest:
        outcomes.append(_denied(acl, flight.narrowed(rest), f"no {way} entry matches", (Evidence(acl.origin),), to))
    if allowed:
        outcomes.insert(0, _allowed(acl, flight.narrowed(allowed), allowing, to))
    return tuple(outcomes)


def compile_acl(acl: NetworkAcl, *, outbound: bool) -> tuple[Rule, ...]:
    """The entries of one direction in the order in which they are tried."""
    entries = [(entry.rule_number, index, entry) for index, entry in enumerate(acl.entries) if entry.egress == outbound]
    entries.sort(key=lambda item: item[:2])
    return tuple(_rule(acl, index, entry) for _, index, entry in entries)


def _rule(acl: NetworkAcl, index: int, entry: NetworkAclEntry) -> Rule:
    cidr = entry.cidr_block or entry.ipv6_cidr_block
    number = "*" if entry.rule_number > HIGHEST_NUMBER else str(entry.rule_number)
    direction = "outbound" if entry.egress else "inbound"
    evidence = Evidence(acl.origin, f"/Entries/{index}")
    with Reading(evidence):
        return Rule(
            match=_match(entry, AddressSet.parse(cidr) if cidr else AddressSet.ANY),
            text=f"{direction} rule {number}: {entry.rule_action} {_what(entry)} {cidr}",
            evidence=evidence,
            allow=entry.rule_action.lower() == "allow",
            owner=acl.network_acl_id,
        )


def _match(entry: NetworkAclEntry, peer: AddressSet) -> Match:
    protocol = protocol_number(entry.protocol)
    if protocol in (6, 17) and entry.port_range is not None:
        return Match(peer=peer, protocol=protocol, ports=port_range(entry.port_range.from_, entry.port_range.to))
    if protocol in (1, 58) and entry.icmp_type_code is not None:
        kind, code = entry.icmp_type_code.type, entry.icmp_type_code.code
        return Match(
            peer=peer,
            protocol=protocol,
            icmp_type=None if kind == -1 else port_range(kind, kind),
            icmp_code=None if code == -1 else port_range(code, code),
        )
    return Match(peer=peer, protocol=protocol)


def _what(entry: NetworkAclEntry) -> str:
    protocol = protocol_number(entry.protocol)
    if protocol is None:
        return "all traffic"
    ports = entry.port_range
    if ports is None:
        return protocol_name(protocol)
    return f"{protocol_name(protocol)} {ports.from_}" + ("" if ports.from_ == ports.to else f"-{ports.to}")


def _allowed(acl: NetworkAcl, flight: Flight, allowing: list[Rule], to: Position) -> Pass:
    more = f" (+{len(allowing) - 1} more)" if len(allowing) > 1 else ""
    hop = Hop(
        component=acl.network_acl_id,
        kind=Kind.NETWORK_ACL,
        action=Action.ALLOW,
        by=allowing[0].text + more,
        code=Code.NETWORK_ACL_ALLOWS,
        packets=flight.packets,
        evidence=tuple(rule.evidence for rule in allowing[:8]),
    )
    return Pass(flight=flight, to=to, hop=hop)


def _denied(acl: NetworkAcl, flight: Flight, by: str, evidence: tuple[Evidence, ...], to: Position) -> Drop:
    hop = Hop(
        component=acl.network_acl_id,
        kind=Kind.NETWORK_ACL,
        action=Action.DENY,
        by=by,
        code=Code.NETWORK_ACL_DENIES,
        packets=flight.packets,
        evidence=evidence,
    )
    mend = Mend(
        resources=(acl.network_acl_id,),
        cost=1,
        action=f"add an entry to {acl.network_acl_id}",
        to=to,
        flight=flight,
    )
    return Drop(flight=flight, hop=hop, mends=(mend,))
