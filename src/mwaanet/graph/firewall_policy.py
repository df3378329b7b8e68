"""Firewall policies: the snapshot's policy and rule groups, turned into the clauses that the engine applies.

In *action order* all pass rules come first, then drop and reject; in *strict order* rule groups come by priority and
rules as written (https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html).
A domain list looks at TLS and HTTP over TCP, whatever the port, from `$HOME_NET` to `$EXTERNAL_NET`, by name only; an
allow list drops the names that it does not hold
(https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateful-rule-groups-domain-names.html,
https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-examples.html). `$HOME_NET` is the CIDR
blocks of the firewall's VPC unless the policy or the rule group says otherwise, `$EXTERNAL_NET` what is not in it
(https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_PolicyVariables.html).

Not modelled: rules of AWS's managed rule groups, which cannot be read: unknown where they may drop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from mwaanet.graph.firewall_engine import Engine
from mwaanet.graph.firewall_rules import Clause, Header, Match, Names, Signature, Verdict, clauses_of, signatures
from mwaanet.graph.firewall_stateless import standard_action, stateless_clauses
from mwaanet.graph.flight import Evidence
from mwaanet.model.network_firewall import (
    DescribeFirewallPolicy,
    DescribeRuleGroup,
    Firewall,
    FirewallPolicy,
    RuleGroup,
    RulesSourceList,
    StatefulRule,
    StatefulRuleGroupReference,
)
from mwaanet.model.record import Origin
from mwaanet.model.unknown import Unknown
from mwaanet.net import TCP, AddressSet, Intervals

if TYPE_CHECKING:
    from mwaanet.graph.network import Network

Place = tuple[str, str]
"""An account and a Region."""
T = TypeVar("T")
_SOURCE = "/RuleGroup/RulesSource"


class _Context(NamedTuple):
    """Whose rules are read, and where they may have been described."""

    network: Network
    places: Sequence[Place]
    firewall: Firewall
    policy: FirewallPolicy


class _Group(NamedTuple):
    """A rule group that was read."""

    arn: str
    record: RuleGroup
    origin: Origin


def engine_of(network: Network, firewall: Firewall, places: Sequence[Place]) -> Engine | Unknown:
    """The engine of a firewall; `places` are the accounts and Regions in which its parts may have been described."""
    arn = firewall.firewall_policy_arn
    found = _described(network, places, "describe-firewall-policy", DescribeFirewallPolicy, arn, FirewallPolicyArn=arn)
    if isinstance(found, Unknown):
        return found
    answer, origin = found
    policy = answer.firewall_policy
    if policy is None:
        return Unknown(reason=f"firewall policy {arn} is of a kind that is not modelled", needs=())
    context = _Context(network, places, firewall, policy)
    strict = policy.stateful_engine_options.rule_order == "STRICT_ORDER"
    stateful = list(_stateful(context, strict=strict))
    if not strict:
        stateful.sort(key=lambda clause: clause.verdict is not Verdict.PASS)
    drops = [action for action in policy.stateful_default_actions if action.startswith("aws:drop")]
    return Engine(
        policy=arn,
        evidence=Evidence(origin, "/FirewallPolicy"),
        stateless=tuple(_stateless(context)),
        stateless_default=standard_action(policy.stateless_default_actions),
        stateful=tuple(stateful),
        stateful_default=drops[0] if strict and drops else "",
    )


def _described(
    network: Network, places: Sequence[Place], operation: str, kind: type[T], arn: str, **parameters: str
) -> tuple[T, Origin] | Unknown:
    """The description of a policy or rule group in the first place that has it."""
    unknown: Unknown | None = None
    for account, region in places:
        found = network.inventory.call_with_origin("network-firewall", operation, account, region, kind, **parameters)
        if isinstance(found, tuple):
            return found
        unknown = unknown or found
    return unknown or Unknown(reason=f"{arn} does not exist", needs=())


def _rule_group(context: _Context, arn: str) -> _Group | Unknown:
    found = _described(context.network, context.places, "describe-rule-group", DescribeRuleGroup, arn, RuleGroupArn=arn)
    if isinstance(found, Unknown):
        return Unknown(reason=f"rule group {arn}: {found.reason}", needs=found.needs)
    answer, origin = found
    if answer.rule_group is None:
        return Unknown(reason=f"rule group {arn} is of a kind that is not modelled", needs=())
    return _Group(arn, answer.rule_group, origin)


def _unread(arn: str, why: Unknown, *verdicts: Verdict) -> Iterator[Clause]:
    """A rule group that cannot be read may do each of these to every packet."""
    for verdict in verdicts:
        yield Clause(match=Match(), verdict=verdict, text=why.reason, owner=arn, evidence=Evidence(None), doubt=why)


def _stateless(context: _Context) -> Iterator[Clause]:
    for reference in sorted(context.policy.stateless_rule_group_references, key=lambda each: each.priority):
        group = _rule_group(context, reference.resource_arn)
        if isinstance(group, Unknown):
            yield from _unread(reference.resource_arn, group, *Verdict)
        else:
            yield from stateless_clauses(group.arn, group.record.rules_source, group.origin)


def _stateful(context: _Context, *, strict: bool) -> Iterator[Clause]:
    references: Sequence[StatefulRuleGroupReference] = context.policy.stateful_rule_group_references
    if strict:
        references = sorted(references, key=lambda each: each.priority)
    for reference in references:
        arn = reference.resource_arn
        group = _rule_group(context, arn)
        if isinstance(group, Unknown):
            may_pass = () if ":aws-managed:" in arn else (Verdict.PASS,)
            clauses: Iterable[Clause] = _unread(arn, group, *may_pass, Verdict.DROP)
        else:
            clauses = _rules(context, group)
        for clause in clauses:
            if clause.verdict is Verdict.PASS or reference.override.action != "DROP_TO_ALERT":
                yield clause


def _rules(context: _Context, group: _Group) -> Iterator[Clause]:
    names = _names(context, group)
    source = group.record.rules_source
    if source.rules_source_list is not None:
        yield from _domain_list(group, source.rules_source_list, names)
    for index, rule in enumerate(source.stateful_rules):
        evidence = Evidence(group.origin, f"{_SOURCE}/StatefulRules/{index}")
        yield from clauses_of(_signature(rule), names, group.arn, evidence)
    for signature in signatures(source.rules_string):
        yield from clauses_of(signature, names, group.arn, Evidence(group.origin, f"{_SOURCE}/RulesString"))


def _signature(rule: StatefulRule) -> Signature:
    """A standard stateful rule as the signature that AWS makes of it."""
    options = []
    for option in rule.rule_options:
        keyword, _, value = option.keyword.partition(":")
        options.append((keyword.strip().lower(), ",".join(option.settings) or value.strip()))
    given = rule.header
    header = Header(
        protocol=given.protocol,
        source=given.source,
        source_port=given.source_port,
        turned=given.direction == "ANY",
        destination=given.destination,
        destination_port=given.destination_port,
    )
    sid = next((value for keyword, value in options if keyword == "sid"), "")
    text = f"{rule.action.lower()} {header}" + (f" (sid {sid})" if sid else "")
    return Signature(action=rule.action.lower(), header=header, options=tuple(options), text=text)


def _domain_list(group: _Group, listed: RulesSourceList, names: Names) -> Iterator[Clause]:
    """By name only, so in doubt for all of TCP: TLS and HTTP are recognised on every port."""
    verdicts = {
        "ALLOWLIST": (Verdict.PASS, Verdict.DROP),
        "DENYLIST": (Verdict.DROP,),
        "REJECTLIST": (Verdict.DROP,),
        "ALERTLIST": (),
    }.get(listed.generated_rules_type, (Verdict.PASS, Verdict.DROP))
    text = f"{listed.generated_rules_type} of {len(listed.targets)} domains ({', '.join(listed.target_types)})"
    why = Unknown(reason=f"rule group {group.arn} decides by domain name: {text}", needs=())
    src, dst = names.address_set("$HOME_NET"), names.address_set("$EXTERNAL_NET")
    for verdict in verdicts:
        yield Clause(
            match=Match(
                src=AddressSet.ANY if src is None else src,
                dst=AddressSet.ANY if dst is None else dst,
                protocols=(TCP,),
            ),
            verdict=verdict,
            text=text,
            owner=group.arn,
            evidence=Evidence(group.origin, f"{_SOURCE}/RulesSourceList"),
            late=True,
            doubt=why,
        )


def _names(context: _Context, group: _Group) -> Names:
    """What the variables of a rule group stand for: its own, then the policy's, then the defaults."""
    variables = group.record.rule_variables
    defined = {**context.policy.policy_variables.rule_variables, **variables.ip_sets}
    sets = {name: list(each.definition) for name, each in defined.items()}
    addresses, unread = _prefix_lists(context, group)
    home = context.network.inventory.vpc_cidrs(context.firewall.vpc_id)
    if home:
        addresses["HOME_NET"] = home
    so_far = Names(addresses=addresses)
    _resolve({"HOME_NET": sets.pop("HOME_NET", [])}, addresses, so_far.address_set)
    if "HOME_NET" in addresses:
        addresses["EXTERNAL_NET"] = AddressSet.ANY - addresses["HOME_NET"]
    _resolve(sets, addresses, so_far.address_set)
    ports: dict[str, Intervals] = {}
    of_ports = {name: list(each.definition) for name, each in variables.port_sets.items()}
    _resolve(of_ports, ports, Names(ports=ports).port_set)
    return Names(addresses=addresses, ports=ports, unread=unread)


def _prefix_lists(context: _Context, group: _Group) -> tuple[dict[str, AddressSet], dict[str, Unknown]]:
    """The prefix lists that the rules of a group name with `@`."""
    addresses: dict[str, AddressSet] = {}
    unread: dict[str, Unknown] = {}
    for name, reference in group.record.reference_sets.ip_set_references.items():
        list_id = reference.reference_arn.rpartition("/")[2]
        entries = context.network.inventory.prefix_list_entries(list_id, *context.places[0])
        if isinstance(entries, Unknown):
            unread[f"@{name}"] = entries
        else:
            addresses[f"@{name}"] = entries
    return addresses, unread


def _resolve(definitions: dict[str, list[str]], known: dict[str, T], read: Callable[[str], T | None]) -> None:
    """Read variables, which may name each other in any order; one that cannot be read is not known."""
    for _ in definitions:
        for name, members in definitions.items():
            value = read(f"[{','.join(members)}]") if members else known.get(name)
            if value is None:
                known.pop(name, None)
            else:
                known[name] = value
