"""Route 53 Resolver DNS Firewall: whether a rule group of a VPC blocks a name.

Groups are tried by the priority of their association, rules by their own; the first whose domain list has the name
decides, and what no rule names passes
(https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-rule-groups.html). A rule with a query
type judges questions of that type alone, and a name that a CNAME leads to is judged like one that is asked for, unless
the rule that let the first one pass trusts redirections
(https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-rule-settings.html).

Not modelled: AWS's own domain lists and DNS Firewall Advanced rules, which nobody can read, make the answer unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from mwaanet.model.inventory import Inventory
from mwaanet.model.record import Shape
from mwaanet.model.resolver import FirewallRuleGroupAssociation
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.names.answer import Outcome, Resolution, Step, refused
from mwaanet.names.domain import matches, normal
from mwaanet.names.gaps import because
from mwaanet.names.hosted_zone import accounts
from mwaanet.names.view import PublicDns, Reply, sent_on
from mwaanet.net import AddressSet

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
    firewall_domain_redirection_action: str = ""
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

    @property
    def decides_all(self) -> bool:
        """Whether no rule after it matters for any type of question."""
        return self.rule is not None and self.doubt is None and not self.rule.qtype


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    """What becomes of one type of question: the rule that decides it, and why it may be otherwise."""

    decided: _Match | None
    doubts: tuple[Unknown, ...]

    @property
    def blocking(self) -> _Match | None:
        return self.decided if self.decided and self.decided.blocks and not self.doubts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A name that is not blocked, or of which that is not known."""

    doubts: tuple[Unknown, ...] = ()
    only: tuple[AddressSet, Step] | None = None
    """The one family of addresses that may be asked for, and the rule that blocks the other."""
    trusts: bool = False
    """Whether the names that it leads to pass as well."""


def screen(inventory: Inventory, vpc_id: str, name: str) -> Reply | Passed:
    """The reply of the rule that blocks the name; else in how far it passes."""
    vpc = inventory.vpcs[vpc_id]
    place = inventory.owner_place(vpc)
    gap = inventory.unknown(_SERVICE, "list-firewall-rule-group-associations", *place)
    if gap:
        return Passed(
            doubts=(because(f"whether a DNS Firewall of {vpc_id} blocks {name} is not known: {gap.reason}", gap),)
        )
    associations = [
        association
        for association in inventory.dns_firewall_associations
        if association.vpc_id == vpc_id and not same_state(association.status, "DELETING")
    ]
    matches: list[_Match] = []
    for match in _matches(inventory, sorted(associations, key=lambda item: item.priority), place, name):
        matches.append(match)
        if match.decides_all:
            break
    return _both(_verdict(matches, _IPV4), _verdict(matches, _IPV6), name)


_IPV4: Final = ("", "A", "TYPE1")
_IPV6: Final = ("", "AAAA", "TYPE28")
"""The query types of rules that judge a question for addresses of a family."""


def _verdict(matches: list[_Match], types: tuple[str, ...]) -> _Verdict:
    concerned = [match for match in matches if match.rule is None or match.rule.qtype.upper() in types]
    decided = next((match for match in concerned if match.doubt is None), None)
    blocked = decided is not None and decided.blocks
    doubtful = concerned[: concerned.index(decided)] if decided else concerned
    doubts = (match.doubt for match in doubtful if match.doubt is not None and match.blocks != blocked)
    return _Verdict(decided=decided, doubts=tuple(doubts))


def _both(v4: _Verdict, v6: _Verdict, name: str) -> Reply | Passed:
    """What becomes of a name whose addresses of both families are asked for."""
    if v4.blocking and v6.blocking and v4.blocking == v6.blocking:
        return _blocked(v4.blocking, name)
    for blocked, other, family in ((v4, v6, AddressSet.ANY_V6), (v6, v4, AddressSet.ANY_V4)):
        if blocked.blocking is None:
            continue
        reply = _blocked(blocked.blocking, name)
        if not isinstance(reply, Resolution):
            reason = (
                f"DNS Firewall rule group {blocked.blocking.group} answers only one type of question for {name} itself"
            )
            return Passed(doubts=(Unknown(reason=reason),))
        if other.blocking is None:
            return Passed(doubts=other.doubts, only=(family, reply.steps[0]), trusts=_trusts(other))
    if v4.blocking:
        return _blocked(v4.blocking, name)
    return Passed(doubts=(*v4.doubts, *v6.doubts), trusts=_trusts(v4) and _trusts(v6))


def _trusts(verdict: _Verdict) -> bool:
    rule = verdict.decided.rule if verdict.decided else None
    return rule is not None and same_state(rule.firewall_domain_redirection_action, "TRUST_REDIRECTION_DOMAIN")


def _blocked(match: _Match, name: str) -> Reply:
    group, rule = match.group, match.rule or FirewallRule()
    of = f"{rule.qtype} records of {name}" if rule.qtype else name
    step = Step(
        component=group, text=f"DNS Firewall rule group {group} blocks {of} (rule {rule.name or rule.priority})"
    )
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
