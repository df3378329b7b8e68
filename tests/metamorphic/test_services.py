"""The same changes where load balancers, endpoints, gateway endpoints and IPv6 are on the way.

An allow more never blocks, halves are worth the whole, ids and order say nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random

import pytest

from asking import read
from dataplane import spec as dataplane
from dataplane.generate_filters import PEERS, client_ports, ports
from dataplane.spec import Entry, Rule
from metamorphic.answers import opened, stopped
from metamorphic.test_same import entries_in_two, in_two, renamed, reordered, rules_in_two
from mwaanet.paths.trace import Trace
from solver.engine import answer
from solver.generate import ANY_IPV6, FAR, HOME, services
from solver.service_questions import service_questions
from solver.snapshot import built
from solver.spec import Topology

pytestmark = pytest.mark.slow
SEEDS = range(7300, 7312)
BOTH = (*PEERS, ANY_IPV6, f"{HOME}::/56", f"{FAR}::/56", f"{FAR}:1::/64")


def traces(seed: int, spec: dataplane.Topology) -> list[Trace]:
    """What the engine says of the questions of a seed about a topology."""
    net, interfaces = built(spec)
    return of_files(seed, net.files(), interfaces)


def of_files(seed: int, files: Mapping[str, bytes], interfaces: Mapping[str, str]) -> list[Trace]:
    network = read(files)
    return [answer(network, interfaces, asked) for asked in service_questions(seed, services(seed))]


def with_rule(random: Random, spec: Topology) -> Topology:
    number = random.randrange(len(spec.groups))
    span = random.choice((None, ports(random), (1, 65535)))
    rule = Rule(random.random() < 0.5, "tcp" if span else "all", span, random.choice(BOTH))
    groups = list(spec.groups)
    groups[number] = replace(groups[number], rules=(*groups[number].rules, rule))
    return replace(spec, groups=tuple(groups))


def with_entry(random: Random, spec: Topology) -> Topology:
    if not spec.acls:
        return spec
    at, egress = random.randrange(len(spec.acls)), random.random() < 0.5
    taken = {entry.number for entry in spec.acls[at].entries if entry.egress is egress}
    number = random.choice([one for one in range(1, 600) if one not in taken])
    span = random.choice((None, ports(random), client_ports(random)))
    entry = Entry(egress, number, True, "tcp" if span else "all", span, random.choice(BOTH))
    acls = list(spec.acls)
    acls[at] = replace(acls[at], entries=(*acls[at].entries, entry))
    return replace(spec, acls=tuple(acls))


@pytest.mark.parametrize("change", [with_rule, with_entry])
def test_one_allow_more_never_blocks_and_one_less_never_opens(change: Callable[[Random, Topology], Topology]) -> None:
    moved = 0
    for seed in SEEDS:
        random, spec = Random(seed), services(seed)
        more = spec
        for _ in range(8):
            more = change(random, more)
        less, greater = traces(seed, spec), traces(seed, more)
        assert not any(stopped(less, greater)), seed
        assert not any(opened(greater, less)), seed
        moved += sum(map(bool, opened(less, greater)))
    assert moved


def test_two_halves_are_worth_the_whole() -> None:
    of_ipv6 = 0
    for seed in SEEDS:
        spec = services(seed)
        parts = entries_in_two(rules_in_two(spec))
        of_ipv6 += any(":" in rule.peer and len(in_two(rule.peer)) > 1 for one in spec.groups for rule in one.rules)
        before, after = traces(seed, spec), traces(seed, parts)
        assert not any(opened(before, after)), seed
        assert not any(opened(after, before)), seed
        assert not any(stopped(before, after)), seed
    assert of_ipv6


def test_ids_and_order_say_nothing() -> None:
    for seed in SEEDS:
        net, interfaces = built(services(seed))
        files, new = renamed(net.files(), Random(seed))
        mixed = {
            name: json.dumps(reordered(json.loads(text), Random(seed))).encode() if name.endswith(".json") else text
            for name, text in files.items()
        }
        before = of_files(seed, net.files(), interfaces)
        after = of_files(seed, mixed, {name: new[id_] for name, id_ in interfaces.items()})
        assert [one.tally for one in after] == [one.tally for one in before], seed
