"""Stateless firewall rules: what a packet shows by itself, in order of priority.

A packet must match every attribute that a rule gives; ports are looked at for TCP and UDP, flags for TCP only
(https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateless-rule-groups-standard.html,
https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_MatchAttributes.html). Flags are held against the
packets of an orderly connection: SYN, ACK, and ACK with data. A rule that drops one of them drops the connection; one
that passes or forwards only some of them is in doubt. An address that cannot be read may be any: beside the packets
that the addresses read match, the rule may match all others.

Not modelled: custom actions, which publish metrics only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from msgspec import structs

from mwaanet.graph.firewall_rules import Clause, Match, Names, Side, Verdict
from mwaanet.graph.flight import Evidence
from mwaanet.graph.rules import Reading
from mwaanet.model.network_firewall import Address, MatchAttributes, PortRange, RulesSource, StatelessRule, TCPFlagField
from mwaanet.model.record import Origin
from mwaanet.model.unknown import Unknown
from mwaanet.net import TCP, AddressSet, Intervals, protocol_name

_VERDICTS = {"aws:pass": Verdict.PASS, "aws:drop": Verdict.DROP, "aws:forward_to_sfe": Verdict.FORWARD}
_EVERY_FLAG = frozenset({"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"})
_ORDERLY: Mapping[Side, tuple[frozenset[str], ...]] = {
    Side.REQUESTS: (frozenset({"SYN"}), frozenset({"ACK"}), frozenset({"ACK", "PSH"})),
    Side.REPLIES: (frozenset({"SYN", "ACK"}), frozenset({"ACK"}), frozenset({"ACK", "PSH"})),
}
"""The flags of the packets that every TCP connection has, by direction."""
_NOT_TCP = tuple(number for number in range(256) if number != TCP)


def standard_action(actions: Iterable[str]) -> Verdict:
    """The standard one among actions, which AWS demands; the others are custom."""
    return next((_VERDICTS[action] for action in actions if action in _VERDICTS), Verdict.FORWARD)


def stateless_clauses(group: str, source: RulesSource, origin: Origin) -> Iterator[Clause]:
    """The clauses of a stateless rule group, in order of priority."""
    rules = enumerate(source.stateless_rules_and_custom_actions.stateless_rules)
    for index, rule in sorted(rules, key=lambda item: item[1].priority):
        pointer = f"/RuleGroup/RulesSource/StatelessRulesAndCustomActions/StatelessRules/{index}"
        evidence = Evidence(origin, pointer)
        with Reading(evidence):
            given = rule.rule_definition.match_attributes
            clauses = (*_clauses(group, rule, given, evidence), *_unread_clauses(group, rule, evidence))
        yield from clauses


def _clauses(group: str, rule: StatelessRule, given: MatchAttributes, evidence: Evidence) -> Iterator[Clause]:
    """The clauses of a rule, as if these were its attributes."""
    verdict = standard_action(rule.rule_definition.actions)
    text = f"stateless rule {rule.priority}: {verdict} {_shown(rule.rule_definition.match_attributes)}"
    if not given.tcp_flags:
        yield Clause(match=_match(given, given.protocols), verdict=verdict, text=text, owner=group, evidence=evidence)
        return
    others = tuple(number for number in given.protocols or _NOT_TCP if number != TCP)
    if others:
        yield Clause(match=_match(given, others), verdict=verdict, text=text, owner=group, evidence=evidence)
    if len(others) < len(given.protocols) or not given.protocols:
        for side in _ORDERLY:
            matched = _flagged(given.tcp_flags, side)
            if any(matched):
                certain = all(matched) or verdict is Verdict.DROP
                why = Unknown(reason=f"rule group {group} decides by TCP flags: {text}", needs=())
                yield Clause(
                    match=_match(given, (TCP,)),
                    verdict=verdict,
                    text=text,
                    owner=group,
                    evidence=evidence,
                    side=side,
                    doubt=None if certain else why,
                )


def _flagged(fields: Sequence[TCPFlagField], side: Side) -> list[bool]:
    """Which of the orderly packets of a side have flags that one of the fields matches."""
    return [
        any(packet & (frozenset(field.masks) or _EVERY_FLAG) == frozenset(field.flags) for field in fields)
        for packet in _ORDERLY[side]
    ]


def _match(given: MatchAttributes, protocols: tuple[int, ...]) -> Match:
    return Match(
        src=_addresses(given.sources),
        dst=_addresses(given.destinations),
        protocols=protocols,
        sport=_ports(given.source_ports),
        dport=_ports(given.destination_ports),
        lenient=True,
    )


def _addresses(given: Sequence[Address]) -> AddressSet:
    """The addresses that can be read; all where none are given."""
    found = AddressSet.NONE
    for address in given:
        found = found | (_read(address) or AddressSet.NONE)
    return found if given else AddressSet.ANY


def _read(address: Address) -> AddressSet | None:
    return Names().address_set(address.address_definition)


def _unread_clauses(group: str, rule: StatelessRule, evidence: Evidence) -> Iterator[Clause]:
    """What a rule may match besides, where an address of it cannot be read: that end may be any."""
    given = rule.rule_definition.match_attributes
    ends = {"sources": given.sources, "destinations": given.destinations}
    unread = {name: [each for each in end if _read(each) is None] for name, end in ends.items()}
    found = [address.address_definition for addresses in unread.values() for address in addresses]
    if not found:
        return
    opened = structs.replace(given, **{name: () if unread[name] else end for name, end in ends.items()})
    for clause in _clauses(group, rule, opened, evidence):
        reason = f"rule group {group} decides by {found[0]}, which is not known: {clause.text}"
        yield replace(clause, doubt=Unknown(reason=reason, needs=()))


def _ports(given: Sequence[PortRange]) -> Intervals | None:
    return Intervals.of(*((each.from_port, each.to_port) for each in given)) if given else None


def _shown(given: MatchAttributes) -> str:
    protocols = ", ".join(protocol_name(number) for number in given.protocols) or "all protocols"
    ends = []
    for addresses, ports in ((given.sources, given.source_ports), (given.destinations, given.destination_ports)):
        names = ", ".join(each.address_definition for each in addresses) or "any"
        spans = ", ".join(
            str(each.from_port) if each.from_port == each.to_port else f"{each.from_port}-{each.to_port}"
            for each in ports
        )
        ends.append(f"{names}:{spans}" if spans else names)
    flags = " with TCP flags" if given.tcp_flags else ""
    return f"{protocols} {' -> '.join(ends)}{flags}"
