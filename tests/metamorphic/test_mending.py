"""Mending exactly the resources of a blocked path makes it pass; mending all but one of them does not.

A resource is mended in the topology by what its kind needs: a group or an ACL lets everything through, a peering is
accepted, a tunnel comes up. Allowing is monotone, so that all but one stands for every strict subset. Where AWS picks,
a blocked path is one of the ways: mended, the packets pass on some way, and with less mended they do not pass on all.
Mended all together, the blocked paths of a question leave none of its packets stopped.

Not asked about: paths with a resource for whose mending the topology would have to guess (a route's target, a site).
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from asking import network_of
from dataplane.generate import topology
from dataplane.spec import ANY, Entry, Flow, Host, Rule, Topology
from metamorphic.answers import World, asked, build, question
from mwaanet.graph.network import Network
from mwaanet.net import TCP, Intervals
from mwaanet.paths.blocked import MOST_PATHS, BlockedPath, blocked_paths
from mwaanet.paths.endpoints import endpoint_of, interfaces_endpoint
from mwaanet.paths.question import Question
from mwaanet.paths.trace import Tally, Trace, trace

pytestmark = pytest.mark.slow
SEEDS = range(7100, 7130)


def mended(spec: Topology, names: frozenset[str]) -> Topology:
    """The topology with these nouns in order."""
    everything = tuple(Rule(egress, "all", None, ANY) for egress in (False, True))
    return replace(
        spec,
        groups=tuple(
            replace(one, rules=(*one.rules, *everything)) if one.name in names else one for one in spec.groups
        ),
        acls=tuple(
            replace(one, entries=tuple(Entry(egress, 100, True, "all", None, ANY) for egress in (False, True)))
            if one.name in names
            else one
            for one in spec.acls
        ),
        peerings=tuple(replace(one, active=one.active or one.name in names) for one in spec.peerings),
        sites=tuple(replace(one, up=one.up or one.name in names) for one in spec.sites),
    )


def blocked(spec: Topology, flow: Flow) -> list[BlockedPath]:
    world = build(spec)
    network = network_of(world.net)
    return list(blocked_paths(network, trace(network, question(network, world.ids, spec, flow))))


def tally_of(spec: Topology, flow: Flow) -> Tally:
    world = build(spec)
    network = network_of(world.net)
    return trace(network, question(network, world.ids, spec, flow)).tally


def test_exactly_the_resources_of_a_blocked_path_make_it_pass() -> None:
    of_several = 0
    for seed in SEEDS:
        spec = topology(seed)
        hosts = {host.name for host in spec.hosts}
        names = {id_: name for name, id_ in build(spec).ids.items() if name not in hosts}
        for flow in asked(spec):
            for path in blocked(spec, flow):
                if not path.complete or not set(path.resources) <= set(names):
                    continue
                needed = frozenset(names[one] for one in path.resources)
                whole = tally_of(mended(spec, needed), flow)
                assert path.packets.issubset(whole.passed | whole.torn), (seed, flow, path.resources)
                of_several += len(needed) > 1
                for one in needed:
                    passed = tally_of(mended(spec, needed - {one}), flow).passed
                    assert not path.packets.issubset(passed), (seed, flow, path.resources, one)
    assert of_several


def everyone_to(spec: Topology, server: Host, world: World) -> tuple[Network, Trace]:
    """Whether all other hosts reach one of them, as one question."""
    network = network_of(world.net)
    others = [world.ids[host.name] for host in spec.hosts if host != server]
    asked = Question(
        source=interfaces_endpoint(network, "others", others),
        destination=endpoint_of(network, world.ids[server.name]),
        protocol=TCP,
        ports=Intervals.single(443),
    )
    return network, trace(network, asked)


def test_with_the_resources_of_all_blocked_paths_mended_nothing_is_stopped() -> None:
    """Of all packets that were asked about, not of one of each path; beyond the most paths that are told it may be."""
    differing = 0
    for seed in SEEDS:
        spec = topology(seed)
        world = build(spec)
        names = {id_: name for name, id_ in world.ids.items() if name not in {host.name for host in spec.hosts}}
        for server in spec.hosts[:2]:
            paths = blocked_paths(*everyone_to(spec, server, world))
            needed = {resource for path in paths for resource in path.resources}
            told = all(path.complete for path in paths) and len(paths) < MOST_PATHS
            if not paths or not told or not needed <= set(names):
                continue
            whole = mended(spec, frozenset(names[one] for one in needed))
            _, answer = everyone_to(whole, server, build(whole))
            assert not answer.tally.stopped, (seed, server.name, needed)
            differing += len({path.resources for path in paths}) > 1
    assert differing
