"""What the Route 53 Resolver of a VPC answers.

The most specific of three decides: the private hosted zones of the VPC, the private DNS of its endpoints, and its
resolver rules; at the same name a forwarding rule comes before a zone; what none of them has is public DNS's
(https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html). Private zones need
`enableDnsHostnames`, and nothing is answered without `enableDnsSupport`
(https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html#vpc-dns-support).

What a VPC has by a Route 53 Profile counts as well; at the same name the VPC's own comes first
(https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/profiles.html#profiles-priority). Whether that holds of its
own zone and the Profile's rule, too, the guide does not say: unknown.

What could not be read makes an answer unknown exactly where it could hold something that comes first.

Not modelled: reverse names (`in-addr.arpa`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from mwaanet.model.inventory import Inventory
from mwaanet.model.resolver import ResolverRule
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.names import dns_firewall, ec2_names, endpoint_dns, hosted_zone, public_dns, resolver_rule, route53_profile
from mwaanet.names.answer import Outcome, Step, refused, unsettled
from mwaanet.names.domain import depth, normal, undelegated, within
from mwaanet.names.endpoint_dns import PrivateName
from mwaanet.names.hosted_zone import Zone
from mwaanet.names.route53_profile import Brought
from mwaanet.names.view import Reply, VpcResolver


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """What may decide a name: the best of each kind, and what could not be read of each kind."""

    name: str
    hostnames: bool | Unknown
    rule: ResolverRule | None
    rules_unknown: tuple[Unknown, ...]
    zone: Zone | None
    zones_unknown: tuple[Unknown, ...]
    names: tuple[PrivateName, ...]
    idle: PrivateName | None
    """A name that some endpoint would answer, did it serve."""
    names_unknown: tuple[Unknown, ...]
    own_rule: ResolverRule | None
    """The best rule of those that the VPC uses itself, not by a Profile."""
    own_private: str
    """The most specific private zone around the name of those that the VPC has itself."""

    @property
    def private(self) -> str:
        """The most specific private zone around the name, a hosted one or an endpoint's; empty where there is none."""
        zones = [private.zone for private in self.names] + ([self.zone.name] if self.zone else [])
        return max(zones, key=depth, default="")

    @property
    def forwarded(self) -> bool:
        """Whether a rule decides before every private zone that is known."""
        if self.rule is None or same_state(self.rule.rule_type, "SYSTEM", "RECURSIVE"):
            return False
        return self.hostnames is False or depth(normal(self.rule.domain_name)) >= depth(self.private)

    @property
    def own(self) -> bool:
        """Whether what decides is the VPC's own, or nothing that a Profile brings."""
        return self.rule is self.own_rule if self.forwarded else self.private == self.own_private


def ask(inventory: Inventory, view: VpcResolver, name: str) -> Reply:
    """The answer of the VPC's resolver, or where it sends the question."""
    vpc_id = view.vpc_id
    support = inventory.vpc_attribute(vpc_id, "enableDnsSupport")
    if isinstance(support, Unknown):
        return unsettled(name, Step(component=vpc_id, text=f"whether {vpc_id} has DNS support is not known"), support)
    if not support:
        origin = inventory.vpcs[vpc_id].origin
        text = f"{vpc_id} has enableDnsSupport off: its resolver answers nothing"
        return refused(name, Outcome.REFUSED, Step(component=vpc_id, text=text, origin=origin))
    brought = route53_profile.of_vpc(inventory, vpc_id)
    screened = dns_firewall.Passed() if view.trusted else dns_firewall.screen(inventory, vpc_id, name)
    if not isinstance(screened, dns_firewall.Passed):
        return screened.unless(brought.unknown()).assuming(*brought.assumptions)
    field = _field(inventory, view, name, brought)
    reply = _decide(inventory, replace(view, trusted=view.trusted or screened.trusts), field)
    if brought.association and not field.own:
        text = f"{vpc_id} has what decides {name} by Route 53 Profile {brought.association.profile_id}"
        reply = reply.after(Step(component=vpc_id, text=text, origin=brought.association.origin))
    reply = reply.of_family(*screened.only) if screened.only else reply
    doubts = (*brought.unknown(), *screened.doubts, *_doubts(field))
    return reply.unless(doubts).assuming(*brought.assumptions)


def _field(inventory: Inventory, view: VpcResolver, name: str, brought: Brought) -> _Field:
    inbound = bool(view.inbound)
    rules, rules_unknown = resolver_rule.rules_of_vpc(inventory, view.vpc_id)
    zones, zones_unknown = hosted_zone.zones_of_vpc(inventory, view.vpc_id)
    names, names_unknown = endpoint_dns.private_names(inventory, view.vpc_id, inbound=inbound)
    more_names, more_unknown = endpoint_dns.names_of(inventory, brought.endpoints, inbound=inbound)
    own_names = [private for private in names if within(name, private.zone)]
    of_endpoints = {private.zone for private in own_names}
    around = [*own_names, *(p for p in more_names if within(name, p.zone) and p.zone not in of_endpoints)]
    own = [zone for zone in zones if within(name, zone.name) and not (zone.service and zone.name in of_endpoints)]
    hosted = [*own, *(z for z in brought.zones if within(name, z.name) and z.name not in of_endpoints)]
    return _Field(
        name=name,
        hostnames=inventory.vpc_attribute(view.vpc_id, "enableDnsHostnames"),
        rule=resolver_rule.deciding_rule((*rules, *brought.rules), name),
        rules_unknown=(*rules_unknown, *brought.unknown(route53_profile.RULE)),
        zone=max(hosted, key=lambda zone: depth(zone.name), default=None),
        zones_unknown=(*zones_unknown, *brought.unknown(route53_profile.ZONE)),
        names=tuple(private for private in around if not private.idle),
        idle=next((private for private in around if private.idle), None),
        names_unknown=(*names_unknown, *more_unknown, *brought.unknown(route53_profile.ENDPOINT)),
        own_rule=resolver_rule.deciding_rule(rules, name),
        own_private=max(
            [*(zone.name for zone in own), *(private.zone for private in own_names if not private.idle)],
            key=depth,
            default="",
        ),
    )


def _doubts(field: _Field) -> tuple[Unknown, ...]:
    """What is not known and could decide the name before that which decides it now.

    A rule of the name itself comes before everything, a zone of the name itself before all other zones: a VPC has at
    most one of each of its own.
    """
    full = depth(field.name)
    own_rule = field.rule is field.own_rule
    if field.rule is not None and depth(normal(field.rule.domain_name)) == full and field.forwarded and own_rule:
        return ()
    doubts = [*field.rules_unknown, *_contest(field)]
    if field.hostnames is not False:
        more: list[Unknown] = []
        if depth(field.own_private) < full:
            more.extend(field.zones_unknown)
            if not undelegated(field.name):
                more.extend(field.names_unknown)
        if isinstance(field.hostnames, Unknown) and (more or (field.private and not field.forwarded)):
            more.append(field.hostnames)
        doubts.extend(more)
    return tuple(doubts)


def _contest(field: _Field) -> tuple[Unknown, ...]:
    """That a Profile's rule and a private zone of the VPC itself have the same name, of which either may come first."""
    rule = field.rule
    if rule is None or field.own or not field.forwarded or field.hostnames is False:
        return ()
    if not field.own_private or normal(rule.domain_name) != field.own_private:
        return ()
    reason = f"whether rule {rule.id} of a Route 53 Profile or the VPC's own private zone"
    return (Unknown(reason=f"{reason} {field.own_private} answers {field.name} is not known"),)


def _decide(inventory: Inventory, view: VpcResolver, field: _Field) -> Reply:
    """What decides the name, as far as is known."""
    name = field.name
    own = ec2_names.zone_of(name)
    if field.forwarded and field.rule is not None:
        reserved = own and field.hostnames is True and depth(own) > depth(normal(field.rule.domain_name))
        if not reserved:
            return resolver_rule.ask(inventory, field.rule, name)
    if field.private and field.hostnames is not False:
        if field.zone is not None and field.zone.name == field.private:
            return hosted_zone.ask(inventory, field.zone, name, view)
        return endpoint_dns.answer_private(inventory, field.names, field.private, name)
    step = _fall_through(inventory, view, field)
    named = ec2_names.ask_vpc(inventory, name, view.vpc_id) if own else None
    if named is not None:
        return named if named.decided_by else replace(named, decided_by=view.vpc_id)
    reply = public_dns.ask(inventory, name, view)
    if not reply.decided_by:
        reply = replace(reply, decided_by=step.component)
    return reply.after(step)


def _fall_through(inventory: Inventory, view: VpcResolver, field: _Field) -> Step:
    """Why nothing of the VPC's own decides the name."""
    vpc_id, name = view.vpc_id, field.name
    origin = inventory.vpcs[vpc_id].origin
    if field.private:
        text = f"{vpc_id} has enableDnsHostnames off: its private zone {field.private} does not count for {name}"
        return Step(component=vpc_id, text=text, origin=origin)
    if field.idle is not None:
        endpoint = field.idle.endpoint
        text = f"{endpoint.vpc_endpoint_id} does not answer {name} in this VPC: {field.idle.idle}"
        return Step(component=endpoint.vpc_endpoint_id, text=text, origin=endpoint.origin)
    if field.rule is not None:
        text = f"rule {field.rule.id} ({field.rule.domain_name}) leaves {name} to {vpc_id}'s own resolver"
        return Step(component=field.rule.id, text=text, origin=field.rule.origin)
    text = f"no private zone, endpoint or rule of {vpc_id} has {name}: public DNS decides"
    return Step(component=vpc_id, text=text, origin=origin)
