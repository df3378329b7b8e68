"""One allow more never blocks, one less never opens: site firewalls, Network Firewalls, endpoint services.

Of a Network Firewall this holds for the pass rules of its stateful groups, whatever their place and order
(https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html). It does not
hold for stateless pass rules: they lead packets past the stateful engine, which then drops the replies as those of a
connection that it has not seen. Nor does it for routes: a longer one may lead astray. Policies are `tests/access`'s.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from asking import Answer, ask
from builder import five_tuples, rule, topology
from dataplane.generate import topology as networks
from dataplane.generate_filters import EDGES, ports
from dataplane.spec import ANY, FirewallRule, Topology
from metamorphic.answers import asked, opened, stopped, traces
from mwaanet.graph.codes import Code

pytestmark = pytest.mark.slow
Rules = list[tuple[str, str, str, str, str]]
SENDERS = ("10.1.1.0/24", "10.1.1.10/32", "10.1.0.0/16", "ANY")
ORDERS: tuple[dict[str, Any], ...] = (
    {},
    {"strict": True, "stateful_default": ("aws:drop_strict",)},
    {"strict": True, "stateful_default": ("aws:drop_established",)},
)


def with_site_rule(random: Random, spec: Topology) -> Topology:
    """An allow rule more in the firewall of some site, before, between or behind the others."""
    at = random.randrange(len(spec.sites))
    site = spec.sites[at]
    ends = (ANY, "10.0.0.0/8", site.cidr, *(cidr for vpc in spec.vpcs for cidr in vpc.cidrs))
    span = random.choice((None, ports(random)))
    more = FirewallRule(random.random() < 0.5, True, random.choice(ends), random.choice(ends), span)
    rules = list(site.firewall)
    rules.insert(random.randrange(len(rules) + 1), more)
    sites = list(spec.sites)
    sites[at] = replace(site, firewall=tuple(rules))
    return replace(spec, sites=tuple(sites))


def test_rules_of_a_sites_firewall() -> None:
    moved = 0
    for seed in range(7400, 7440):
        spec, random = networks(seed), Random(seed)
        ends = {site.name for site in spec.sites}
        flows = [flow for flow in asked(spec) if ends & {flow.source, flow.destination}]
        more = spec
        for _ in range(4 if flows else 0):
            more = with_site_rule(random, more)
        if flows:
            less, greater = traces(spec, flows), traces(more, flows)
            assert not any(stopped(less, greater)), seed
            assert not any(opened(greater, less)), seed
            moved += sum(map(bool, opened(less, greater)))
    assert moved


def through_a_firewall(rules: Rules, order: dict[str, Any]) -> Answer:
    """A client asks a server in another subnet on all ports, through a Network Firewall with these rules."""
    net = topology()
    vpc = net.vpc("inspection", "10.1.0.0/16")
    clients, servers = vpc.subnet("clients", "10.1.1.0/24"), vpc.subnet("servers", "10.1.2.0/24")
    walls = vpc.subnet("firewall", "10.1.250.0/28")
    group = net.rule_group("rules", five_tuples(*rules), strict=bool(order))
    wall = vpc.network_firewall("wall", [walls], net.firewall_policy("policy", group, **order)).endpoint_in(walls)
    vpc.route_table("clients", clients).route("10.1.2.0/24", wall)
    vpc.route_table("servers", servers).route("10.1.1.0/24", wall)
    everything = vpc.security_group("all", ingress=[rule("all")])
    client, server = (one.interface(groups=[everything]) for one in (clients, servers))
    return ask(net, client, server, tcp=(1, 65535))


def random_rule(random: Random, action: str) -> tuple[str, str, str, str, str]:
    port = random.choice(("ANY", "1:1023", *map(str, EDGES)))
    return action, "TCP", random.choice(SENDERS), random.choice(("10.1.2.0/24", "10.1.2.20/32", "ANY")), port


@pytest.mark.parametrize("order", ORDERS, ids=["action order", "strict, drop strict", "strict, drop established"])
def test_stateful_pass_rules_of_a_network_firewall(order: dict[str, Any]) -> None:
    moved = 0
    for seed in range(16):
        random = Random(seed)
        rules = [random_rule(random, random.choice(("PASS", "DROP", "DROP"))) for _ in range(random.choice((1, 2, 3)))]
        more = list(rules)
        more.insert(random.randrange(len(more) + 1), random_rule(random, "PASS"))
        less, greater = ([through_a_firewall(some, order).trace] for some in (rules, more))
        assert not any(stopped(less, greater)), (seed, rules, more)
        assert not any(opened(greater, less)), (seed, rules, more)
        moved += any(opened(less, greater))
    assert moved


def missing_permission(*allowed: str) -> bool:
    """Whether an endpoint that waits needs the permission of its service, too."""
    net = topology("111122223333", "us-east-1")
    owner = net.account("444455556666").region("us-east-1")
    vpc, behind = net.vpc("apps", "10.1.0.0/16"), owner.vpc("service", "10.9.0.0/16").subnet("nlb", "10.9.1.0/24")
    balancer = behind.vpc.network_load_balancer("web", [behind])
    service = owner.endpoint_service("web", [balancer], allowed=allowed)
    subnet = vpc.subnet("a", "10.1.1.0/24")
    endpoint = vpc.endpoint(service, [subnet], state="pendingAcceptance")
    answer = ask(net, subnet.interface(), endpoint, tcp=443)
    assert answer.verdict == "no"
    return any(drop.code is Code.SERVICE_NOT_ALLOWED for path in answer.blocked for drop in path.drops)


@pytest.mark.parametrize("known", [(), ("555566667777",), ("111122223333",), ("*",)])
def test_principals_of_an_endpoint_service(known: tuple[str, ...]) -> None:
    """Permission is asked for before acceptance, and not after it.

    https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html#add-remove-permissions
    """
    before = missing_permission(*known)
    after = {one: missing_permission(*known, one) for one in ("555566667777", "111122223333", "*")}
    assert before == (not {"111122223333", "*"} & set(known))
    assert after == {"555566667777": before, "111122223333": False, "*": False}
