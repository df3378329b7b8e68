"""A random topology, the questions to it, and what the engine answers: in sets of packets, not in words alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import builder
from asking import network_of
from builder import Topology as Built
from dataplane.snapshot import calls
from dataplane.spec import OUTSIDE, Flow, Topology
from mwaanet.graph.internet_gateway import INTERNET
from mwaanet.graph.network import Network
from mwaanet.model.inventory import Inventory
from mwaanet.model.site import Site
from mwaanet.net import TCP, Intervals, PacketSet
from mwaanet.paths.blocked import BlockedPath, blocked_paths
from mwaanet.paths.endpoints import endpoint_of
from mwaanet.paths.question import Question
from mwaanet.paths.trace import Trace, trace
from mwaanet.snapshot import Snapshot

MOST = 6
"""How many of a topology's pairs are asked about."""


@dataclass(frozen=True)
class World:
    """A topology that was built: its snapshot, and the ids of its nouns by their names."""

    net: Built
    ids: Mapping[str, str]


def build(spec: Topology) -> World:
    names: dict[str, Any] = vars(builder).copy()
    exec(calls(spec), names)
    ids: dict[str, str] = {host.name: names[host.name].interface.id for host in spec.hosts}
    ids |= {group.name: names[group.name].id for group in spec.groups}
    ids |= {acl.name: names[acl.name].id for acl in spec.acls}
    ids |= {peering.name: names[peering.name].id for peering in spec.peerings}
    ids |= {site.name: names[f"{site.name}_vpn"].id for site in spec.sites}
    return World(cast(Built, names["net"]), ids)


def asked(spec: Topology) -> list[Flow]:
    """One flow of each pair; from which port it comes does not matter, for all are asked about."""
    pairs = {(flow.source, flow.source_address, flow.address, flow.dport): flow for flow in spec.flows}
    return list(pairs.values())[:MOST]


def question(network: Network, ids: Mapping[str, str], spec: Topology, flow: Flow) -> Question:
    public = {host.public for host in spec.hosts}
    hosts = {host.name: ids[host.name] for host in spec.hosts} | {OUTSIDE: INTERNET}
    to = flow.address if flow.address in public else hosts.get(flow.destination, flow.destination)
    return Question(
        source=endpoint_of(network, hosts.get(flow.source, flow.source)),
        destination=endpoint_of(network, to),
        protocol=TCP,
        ports=Intervals.single(flow.dport),
    )


def traces(spec: Topology, flows: list[Flow] | None = None) -> list[Trace]:
    """What the engine says of each pair."""
    world = build(spec)
    network = network_of(world.net)
    return [trace(network, question(network, world.ids, spec, flow)) for flow in flows or asked(spec)]


def of_files(files: Mapping[str, bytes], ids: Mapping[str, str], spec: Topology) -> list[dict[str, Any]]:
    """The same of a snapshot's files, as what a report says: the verdict, and the resources that must change."""
    snapshot = Snapshot.from_files(files)
    site = Site.parse(snapshot.site_text, "mwaanet.yaml") if snapshot.site_text else None
    network = Network(Inventory.load(snapshot, site))
    found = []
    for flow in asked(spec):
        answer = trace(network, question(network, ids, spec, flow))
        found.append(said(answer, blocked_paths(network, answer)))
    return found


def said(answer: Trace, paths: tuple[BlockedPath, ...]) -> dict[str, Any]:
    """What a report tells of an answer."""
    return {
        "reachable": answer.reachable.value,
        "passed": str(answer.tally.passed.sport),
        "stopped": str(answer.tally.stopped.sport),
        "hops": [[hop.component for hop in leg.hops] for leg in (*answer.forward, *answer.back)],
        "blocked": [[path.resources, path.complete] for path in paths],
    }


def opened(before: list[Trace], after: list[Trace]) -> list[PacketSet]:
    """Per pair what passes afterwards and did not before."""
    return [new.tally.passed - old.tally.passed for old, new in zip(before, after, strict=True)]


def stopped(before: list[Trace], after: list[Trace]) -> list[PacketSet]:
    """Per pair what is certainly stopped afterwards and was not before."""
    return [new.tally.stopped - old.tally.stopped for old, new in zip(before, after, strict=True)]
