"""What allows never blocks, what refuses never opens: a rule more or less moves packets in one direction only.

Security groups hold allow rules alone (https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html); of
a network ACL the entry with the lowest number that matches decides
(https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html), whatever the numbers around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

import pytest

from dataplane.generate import topology
from dataplane.generate_filters import PEERS, client_ports, ports
from dataplane.spec import ANY, Entry, Rule, Topology
from metamorphic.answers import opened, stopped, traces

pytestmark = pytest.mark.slow
SEEDS = range(7000, 7020)


def with_rule(random: Random, spec: Topology) -> Topology:
    """An allow rule more in some group."""
    number = random.randrange(len(spec.groups))
    protocol, span = random.choice((("all", None), ("tcp", ports(random)), ("tcp", (1, 65535))))
    peer = random.choice((ANY, *PEERS, *(one.name for one in spec.groups)))
    rule = Rule(random.random() < 0.5, protocol, span, peer)
    groups = list(spec.groups)
    groups[number] = replace(groups[number], rules=(*groups[number].rules, rule))
    return replace(spec, groups=tuple(groups))


def with_entry(random: Random, spec: Topology, *, allow: bool = True) -> Topology:
    """An entry more in some ACL, with a number above, below or between the others."""
    if not spec.acls:
        return spec
    at = random.randrange(len(spec.acls))
    acl = spec.acls[at]
    egress = random.random() < 0.5
    taken = {entry.number for entry in acl.entries if entry.egress is egress}
    number = random.choice([one for one in range(1, 600) if one not in taken])
    protocol, span = random.choice((("all", None), ("tcp", ports(random)), ("tcp", client_ports(random))))
    entry = Entry(egress, number, allow, protocol, span, random.choice(PEERS))
    acls = list(spec.acls)
    acls[at] = replace(acl, entries=(*acl.entries, entry))
    return replace(spec, acls=tuple(acls))


def with_refusal(random: Random, spec: Topology) -> Topology:
    return with_entry(random, spec, allow=False)


def several(random: Random, spec: Topology, change: Callable[[Random, Topology], Topology]) -> Iterator[Topology]:
    for _ in range(6):
        spec = change(random, spec)
        yield spec


@pytest.mark.parametrize(("change", "allows"), [(with_rule, True), (with_entry, True), (with_refusal, False)])
def test_one_allow_more_never_blocks_and_one_refusal_more_never_opens(
    change: Callable[[Random, Topology], Topology], allows: bool
) -> None:
    """Nor does one less the other way round."""
    moved = 0
    for seed in SEEDS:
        random, spec = Random(seed), topology(seed)
        *_, changed = several(random, spec, change)
        less, greater = (traces(one) for one in ((spec, changed) if allows else (changed, spec)))
        assert not any(stopped(less, greater)), seed
        assert not any(opened(greater, less)), seed
        moved += sum(map(bool, opened(less, greater)))
    assert moved
