"""Route 53 Resolver rules: which a VPC uses, and where a forwarding rule sends a question.

The most specific rule decides; a `SYSTEM` rule takes a part of a forwarded domain back to the VPC's own resolver
(https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-rules-managing.html,
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-overview-forward-vpc-to-network-domain-name-matches.html).

Delegation rules are for what NS records delegate, which is unknown in any case
(https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_ResolverRule.html).

Not modelled: DNS over HTTPS and targets with IPv6 addresses, which are unknown.
"""

from __future__ import annotations

from mwaanet.model.inventory import Inventory
from mwaanet.model.resolver import ResolverRule, TargetAddress
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.names.answer import Outcome, Query, Step, refused, unsettled
from mwaanet.names.domain import depth, normal, within
from mwaanet.names.gaps import because
from mwaanet.names.inbound import endpoint_ips, views_behind
from mwaanet.names.view import Reply, asking
from mwaanet.net import AddressSet

_SERVICE = "route53resolver"
_AUTODEFINED = "rslvr-autodefined-rr"
_GONE = ("DELETING", "FAILED", "OVERRIDDEN")


def rules_of_vpc(inventory: Inventory, vpc_id: str) -> tuple[tuple[ResolverRule, ...], tuple[Unknown, ...]]:
    """The rules that a VPC itself uses, and why there may be more."""
    vpc = inventory.vpcs[vpc_id]
    place = inventory.owner_place(vpc)
    gap = inventory.unknown(_SERVICE, "list-resolver-rule-associations", *place)
    unknown = [gap] if gap else []
    rules: dict[str, ResolverRule] = {}
    for association in inventory.resolver_rule_associations(vpc_id):
        rule_id = association.resolver_rule_id
        if rule_id.startswith(_AUTODEFINED) or same_state(association.status, *_GONE):
            continue
        rule = inventory.resolver_rules.get(rule_id)
        if rule is None:
            missing = inventory.unknown(_SERVICE, "list-resolver-rules", *place)
            unknown.append(because(f"{rule_id}, which {vpc_id} uses, is not in the snapshot", missing))
        elif same_state(rule.rule_type, "DELEGATE"):
            continue
        elif not same_state(association.status, "COMPLETE"):
            unknown.append(Unknown(reason=f"whether {vpc_id} uses {rule_id} yet: it is {association.status}"))
        else:
            rules[rule_id] = rule
    return tuple(rules.values()), tuple(unknown)


def deciding_rule(rules: tuple[ResolverRule, ...], name: str) -> ResolverRule | None:
    """The most specific rule whose domain a name lies in."""
    matching = [rule for rule in rules if within(name, normal(rule.domain_name))]
    return max(matching, key=lambda rule: depth(normal(rule.domain_name)), default=None)


def ask(inventory: Inventory, rule: ResolverRule, name: str) -> Reply:
    """What a rule does with a question: it goes from the outbound endpoint to the rule's targets."""
    title = f"rule {rule.id} ({rule.domain_name})"
    if not same_state(rule.rule_type, "FORWARD"):
        text = f"{title} is of the type {rule.rule_type}, which is not modelled"
        return unsettled(name, Step(component=rule.id, text=text, origin=rule.origin))
    targets = tuple(target for target in rule.target_ips if target.ip)
    listed = ", ".join(target.ip for target in targets)
    step = Step(component=rule.id, text=f"{title} forwards {name} to {listed or 'nobody'}", origin=rule.origin)
    if not targets:
        return unsettled(name, step, Unknown(reason=f"the IPv4 targets of {rule.id} are not in the snapshot"))
    if len(targets) < len(rule.target_ips):
        return unsettled(name, step, Unknown(reason=f"{title} forwards to IPv6 addresses, too, which is not modelled"))
    other = next((target.protocol for target in targets if target.protocol != "Do53"), "")
    if other:
        return unsettled(name, step, Unknown(reason=f"{title} forwards by {other}, which is not modelled"))
    endpoint_id = rule.resolver_endpoint_id
    endpoint = inventory.resolver_endpoints.get(endpoint_id)
    if endpoint is None:
        place = (rule.owner_id or inventory.home[0], inventory.place(rule)[1])
        gap = inventory.unknown(_SERVICE, "list-resolver-endpoints", *place)
        ips: tuple[str, ...] | Unknown = because(f"{endpoint_id} is not in the snapshot", gap)
    else:
        ips = endpoint_ips(inventory, endpoint)
        if not ips:
            text = f"outbound endpoint {endpoint_id} has no address in service"
            return refused(name, Outcome.NO_DATA, Step(component=endpoint_id, text=text, origin=endpoint.origin))
    unknown = (ips,) if isinstance(ips, Unknown) else ()
    queries = () if isinstance(ips, Unknown) else _queries(endpoint_id, ips, targets)
    servers = views_behind(inventory, [target.ip for target in targets], endpoint.host_vpc_id if endpoint else "")
    return asking(step, servers, queries, unknown)


def _queries(endpoint_id: str, ips: tuple[str, ...], targets: tuple[TargetAddress, ...]) -> tuple[Query, ...]:
    """The flows from an outbound endpoint to the targets, one for each port."""
    return tuple(
        Query(
            sources=AddressSet.parse(*ips),
            components=(endpoint_id,),
            servers=AddressSet.parse(*(target.ip for target in targets if target.port == port)),
            port=port,
            text=f"DNS from {endpoint_id} to {', '.join(target.ip for target in targets if target.port == port)}",
        )
        for port in dict.fromkeys(target.port for target in targets)
    )
