"""Firewall policies: the snapshot's policy and rule groups, turned into the clauses that the engine applies.

In *action order* all pass rules come first, then drop and reject; in *strict order* rule groups come by priority and
rules as written (https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html).
A domain list looks at TLS and HTTP over TCP, whatever the port, from `$HOME_NET` to `$EXTERNAL_NET`, by name only; an
allow list drops the names that it does not hold
(https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateful-rule-groups-domain-names.html,
https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-examples.html#suricata-example-domain-filtering).
`$HOME_NET` is the CIDR blocks of the firewall's VPC unless the policy or the rule group says otherwise, `$EXTERNAL_NET`
what is not in it (https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_PolicyVariables.html).

TCP flags of stateless rules are held against the packets of an orderly connection: SYN, ACK, and ACK with data.

Not modelled: rule groups that cannot be read (AWS's managed ones), Suricata's contents and domain names: unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaanet.graph.firewall_engine import Engine
from mwaanet.graph.firewall_rules import Clause, Header, Match, Names, Side, Signature, Verdict, clauses_of, signatures
from mwaanet.graph.flight import Evidence
from mwaanet.model.network_firewall import (
    Address,
    DescribeFirewallPolicy,
    DescribeRuleGroup,
    Firewall,
    FirewallPolicy,
    IPSet,
    PortRange,
    RuleGroup,
    RulesSourceList,
    StatefulRule,
    StatelessRule,
    TCPFlagField,
)
from mwaanet.model.record import Origin
from mwaanet.model.unknown import Unknown
from mwaanet.net import TCP, AddressSet, Intervals, PacketSet

if TYPE_CHECKING:
    from mwaanet.graph.network import Network

SERVICE = "network-firewall"
_VERDICTS = {"aws:pass": Verdict.PASS, "aws:drop": Verdict.DROP, "aws:forward_to_sfe": Verdict.FORWARD}
_ORDERLY: Mapping[Side, tuple[frozenset[str], ...]] = {
    Side.REQUESTS: (frozenset({"SYN"}), frozenset({"ACK"}), frozenset({"ACK", "PSH"})),
    Side.REPLIES: (frozenset({"SYN", "ACK"}), frozenset({"ACK"}), frozenset({"ACK", "PSH"})),
}
"""The flags of the packets that every TCP connection has, by direction."""


def compile_engine(network: Network, firewall: Firewall, places: Iterable[tuple[str, str]]) -> Engine | Unknown:
    """The engine of a firewall; `places` are accounts and Regions whose snapshot may hold its policy."""
    reader = _Reader(network, firewall, tuple(places))
    arn = firewall.firewall_policy_arn
    found = reader.described("describe-firewall-policy", DescribeFirewallPolicy, FirewallPolicyArn=arn)
    if isinstance(found, Unknown):
        return found
    answer, origin = found
    policy = answer.firewall_policy
    if policy is None:
        return Unknown(reason=f"firewall policy {arn} is of a kind that is not modelled", needs=())
    strict = policy.stateful_engine_options.rule_order == "STRICT_ORDER"
    stateful = list(reader.stateful(policy))
    if not strict:
        stateful.sort(key=lambda clause: clause.verdict is not Verdict.PASS)
    drops = [action for action in policy.stateful_default_actions if action.startswith("aws:drop")]
    return Engine(
        policy=arn,
        evidence=Evidence(origin, "/FirewallPolicy"),
        stateless=tuple(reader.stateless(policy)),
        stateless_default=_verdict(policy.stateless_default_actions),
        stateful=tuple(stateful),
        stateful_default=drops[0] if strict and drops else "",
    )


def _verdict(actions: Iterable[str]) -> Verdict:
    """The standard action among actions; custom ones only publish metrics."""
    return next((_VERDICTS[action] for action in actions if action in _VERDICTS), Verdict.FORWARD)


@dataclass(frozen=True)
class _Reader:
    """Reads the policy and the rule groups of one firewall."""

    network: Network
    firewall: Firewall
    places: tuple[tuple[str, str], ...]

    def described[T](self, operation: str, kind: type[T], **parameters: str) -> tuple[T, Origin] | Unknown:
        raise NotImplementedError
