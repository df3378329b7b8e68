"""Route 53 Resolver DNS Firewall: whether a rule group of a VPC blocks a name.

Groups are tried by the priority of their association, rules by their own; the first whose domain list has the name
decides, and what no rule names passes
(https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-rule-groups.html). A name that a CNAME
leads to is judged like one that is asked for.

Not modelled: rules that trust redirections; AWS's own domain lists and DNS Firewall Advanced rules, which nobody can
read, make the answer unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from mwaanet.model.inventory import Inventory
from mwaanet.model.record import Shape
from mwaanet.model.resolver import FirewallRuleGroupAssociation
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.names.answer import Outcome, Step, refused
from mwaanet.names.domain import matches, normal
from mwaanet.names.gaps import because
from mwaanet.names.hosted_zone import accounts
from mwaanet.names.view import PublicDns, Reply, sent_on

T = TypeVar("T")
_SERVICE = "route53resolver"


class FirewallRule(Shape, frozen=True, kw_only=True):
    """FirewallRule (https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_FirewallRule.html)."""

    name: str = ""
    priority: int = 0
    action: str = ""
    firewall_domain_list_id: str = ""
    block_response: str = ""
    block_override_domain: str = ""
    qtype: str = ""


class FirewallRules(Shape, frozen=True, kw_only=True):
    """ListFirewallRules (https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_ListFirewallRules.html)."""

    firewall_rules: tuple[FirewallRule, ...] = ()


class FirewallDomains(Shape, frozen=True, kw_only=True):
    """ListFirewallDomains (https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_ListFirewallDomains.html)."""

    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """A rule that has the name, or of which that is not known; without a rule, a group that could not be read."""

    group: str
    rule: FirewallRule | None = None
    doubt: Unknown | None = None

    @property
    def blocks(self) -> bool:
        return self.rule is None or same_state(self.rule.action, "BLOCK")


def screen(inventory: Inventory, vpc_id: str, name: str) -> Reply | tuple[Unknown, ...]:
    """The reply of the rule that blocks the name; else why it may be blocked, nothing where it passes."""
    vpc = inventory.vpcs[vpc_id]
    place = inventory.owner_place(vpc)
    gap = inventory.unknown(_SERVICE, "list-firewall-rule-group-associations", *place)
    if gap:
        return (because(f"whether a DNS Firewall of {vpc_id} blocks {name} is not known: {gap.reason}", gap),)
    associations = [
        association
        for association in inventory.dns_firewall_associations
        if association.vpc_id == vpc_id and not same_state(association.status, "DELETING")
    ]
    doubtful: list[_Match] = []
    decided: _Match | None = None
    for match in _matches(inventory, sorted(associations, key=lambda item: item.priority), place, name):
        if match.doubt is None:
            decided = match
            break
        doubtful.append(match)
    blocked = decided is not None and decided.blocks
    doubts = tuple(match.doubt for match in doubtful if match.doubt is not None and match.blocks != blocked)
    if doubts or decided is None or decided.rule is None or not blocked:
        return doubts
    return _blocked(decided.group, decided.rule, name)


def _blocked(group: str, rule: FirewallRule, name: str) -> Reply:
    text = f"DNS Firewall rule group {group} blocks {name} (rule {rule.name or rule.priority})"
    step = Step(component=group, text=text)
    if same_state(rule.block_response, "OVERRIDE") and rule.block_override_domain:
        return sent_on(step, (PublicDns(), normal(rule.block_override_domain)))
    return refused(name, Outcome.NXDOMAIN if same_state(rule.block_response, "NXDOMAIN") else Outcome.NO_DATA, step)


def _matches(
    inventory: Inventory,
    associations: list[FirewallRuleGroupAssociation],
    place: tuple[str, str],
    name: str,
) -> Iterator[_Match]:
    """The rules in their order that have the name, or may have it."""
    for association in associations:
        group = association.firewall_rule_group_id
        rules = _call(inventory, "list-firewall-rules", place, FirewallRules, FirewallRuleGroupId=group)
        if isinstance(rules, Unknown):
            yield _Match(group=group, doubt=_doubt(group, name, rules))
            continue
        for rule in sorted(rules.firewall_rules, key=lambda rule: rule.priority):
            if rule.qtype not in ("", "A", "AAAA", "1", "28"):
                continue
            listed = _listed(inventory, rule, place, name)
            if isinstance(listed, Unknown):
                yield _Match(group=group, rule=rule, doubt=_doubt(group, name, listed))
            elif listed:
                yield _Match(group=group, rule=rule)


def _doubt(group: str, name: str, gap: Unknown) -> Unknown:
    return because(f"whether DNS Firewall rule group {group} blocks {name} is not known: {gap.reason}", gap)


def _listed(inventory: Inventory, rule: FirewallRule, place: tuple[str, str], name: str) -> bool | Unknown:
    """Whether the rule's domain list has the name."""
    if not rule.firewall_domain_list_id:
        return Unknown(reason=f"rule {rule.name or rule.priority} judges names by more than a list")
    listed = rule.firewall_domain_list_id
    domains = _call(inventory, "list-firewall-domains", place, FirewallDomains, FirewallDomainListId=listed)
    if isinstance(domains, Unknown):
        return domains
    return any(pattern == "*" or matches(name, pattern) for pattern in map(normal, domains.domains))


def _call(
    inventory: Inventory, operation: str, place: tuple[str, str], kind: type[T], **parameters: str
) -> T | Unknown:
    """The answer of the VPC's account, else of whoever shares the group."""
    missing: Unknown | None = None
    for account in accounts(inventory, place[0]):
        answer = inventory.call(_SERVICE, operation, account, place[1], kind, **parameters)
        if answer is not None and not isinstance(answer, Unknown):
            return answer
        missing = missing or answer
    return missing or Unknown(reason=f"{operation} for {', '.join(parameters.values())} has no answer")
