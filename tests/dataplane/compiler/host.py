"""An interface with its security groups, by connection tracking.

https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html: allow rules only, those of all groups
together; replies to what was allowed pass. A group stands for the interfaces that have it, in the same VPC, in one that
is peered (https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html) or, for inbound rules,
across a transit gateway where it and both attachments have the support switched on
(https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html#vpc-attachment-security).
"""

from __future__ import annotations

from collections.abc import Iterator

from dataplane.compiler.plan import Plan, chain, ports_of, table
from dataplane.compiler.vpc import number_of
from dataplane.spec import Host, Rule, Topology

TRACKED = ("ct state invalid drop", "ct state established accept")


def add_host(plan: Plan, spec: Topology, host: Host) -> None:
    name = f"end {host.name}"
    plan.homes[host.name] = name
    space = plan.space(name)
    space.ip += [f"addr add {host.address}/32 dev eth0", "route add default dev eth0"]
    rules = [rule for group in spec.groups if group.name in host.groups for rule in group.rules]
    space.nft += table(
        chain(
            "input",
            [*TRACKED, *(line for rule in rules if not rule.egress for line in _inbound(spec, host, rule))],
            "filter hook input priority 0; policy drop",
        ),
        chain(
            "output",
            [*TRACKED, *(line for rule in rules if rule.egress for line in _outbound(spec, host, rule))],
            "filter hook output priority 0; policy drop",
        ),
    )


def _inbound(spec: Topology, host: Host, rule: Rule) -> Iterator[str]:
    ports = ports_of(rule.protocol, rule.ports)
    for vpc, addresses in members_of(spec, rule.peer).items():
        if may_name(spec, spec.vpc_of(host.subnet), vpc, inbound=True):
            yield f"ip dscp {number_of(spec, vpc)} ip saddr {{ {', '.join(addresses)} }} {ports} accept"
    yield from (f"ip saddr {cidr} {ports} accept" for cidr in cidrs_of(spec, rule.peer))


def _outbound(spec: Topology, host: Host, rule: Rule) -> Iterator[str]:
    ports = ports_of(rule.protocol, rule.ports)
    for vpc, addresses in members_of(spec, rule.peer).items():
        if may_name(spec, spec.vpc_of(host.subnet), vpc, inbound=False):
            yield f"ip daddr {{ {', '.join(addresses)} }} {ports} accept"
    yield from (f"ip daddr {cidr} {ports} accept" for cidr in cidrs_of(spec, rule.peer))


def cidrs_of(spec: Topology, peer: str) -> tuple[str, ...]:
    """The ranges that a rule names, itself or by a prefix list."""
    lists = {one.name: one.cidrs for one in spec.lists}
    return (peer,) if "/" in peer else lists.get(peer, ())


def members_of(spec: Topology, group: str) -> dict[str, list[str]]:
    """The addresses of the interfaces that have a group, by their VPC."""
    members: dict[str, list[str]] = {}
    for host in spec.hosts:
        if group in host.groups:
            members.setdefault(spec.vpc_of(host.subnet), []).append(host.address)
    return members


def may_name(spec: Topology, vpc: str, other: str, *, inbound: bool) -> bool:
    """Whether a rule of one VPC may name a group of another."""
    peered = any({one.requester, one.accepter} == {vpc, other} and one.active for one in spec.peerings)
    if vpc == other or peered:
        return True
    sides = {one.vpc: one for one in spec.attachments if one.group_references and one.available}
    hubs = {one.name for one in spec.hubs if one.group_references}
    return inbound and vpc in sides and other in sides and sides[vpc].hub == sides[other].hub and sides[vpc].hub in hubs
