"""Large pictures made small: of what is alike in one place a few are drawn, the rest is a node such as "+12 more".

Nothing that stops packets, is not known or is named by a finding is ever folded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from mwaanet.report.picture import Decision, Direction, Edge, Group, Level, Node, Picture, State

MORE = "more"
"""The kind of node that stands for others."""

_KEPT = (4, 2, 1, 0)
_QUIET = (State.PASSES, State.NOT_REACHED, State.UNJUDGED)
_PLURAL = {
    Level.SITE: "sites",
    Level.ACCOUNT: "accounts",
    Level.REGION: "Regions",
    Level.VPC: "VPCs",
    Level.ZONE: "Availability Zones",
    Level.SUBNET: "subnets",
}


def fold(picture: Picture, most: int) -> Picture:
    """The picture with at most so many nodes, as far as that can be had; what was folded is noted."""
    folded = picture
    for ways in _ways():
        stands: dict[str, Node] = {}
        for way in ways:
            if len(folded.nodes) - len(stands) + len(set(map(_id, stands.values()))) <= most:
                break
            stands = way(folded)
        folded = _without(folded, stands)
    hidden = sum(len(node.folded) for node in folded.nodes)
    if not hidden:
        return folded
    note = f"{hidden} of {len(picture.nodes)} components are folded; the formats json and graphml have them all"
    return replace(folded, notes=(*folded.notes, note))


def _ways() -> Iterator[list[Callable[[Picture], dict[str, Node]]]]:
    """Ways to fold, ever stronger ones together: nodes of a kind in one place; then places, the innermost first.

    Each gives, for every node that is to be folded, the one that stands for it.
    """
    yield [partial(_alike_nodes, kept=kept) for kept in _KEPT[:-1]]
    for level in reversed(Level):
        yield [partial(_alike_groups, level=level, kept=kept) for kept in _KEPT]


def _id(node: Node) -> str:
    return node.id


def _loud(node: Node) -> bool:
    return node.state not in _QUIET or bool(node.findings)


def _alike_nodes(picture: Picture, kept: int) -> dict[str, Node]:
    """Nodes of one kind and state in one group, behind the first few."""
    alike: dict[tuple[str, str, State], list[Node]] = {}
    for node in picture.nodes:
        if not _loud(node):
            alike.setdefault((node.group, node.kind, node.state), []).append(node)
    found: dict[str, Node] = {}
    for (group, kind, state), nodes in alike.items():
        if len(nodes) > kept + 1:
            rest = nodes[kept:]
            found.update(_folded(f"more:{group}/{kind}/{state.value}", rest, group, kind, state))
    return found


def _folded(name: str, rest: Iterable[Node], group: str, kind: str, state: State) -> dict[str, Node]:
    held = tuple(component for node in rest for component in node.folded or (node.component,))
    one = Node(id=name, component=f"+{len(held)} more", kind=kind or MORE, group=group, state=state, folded=held)
    return {node.id: one for node in rest}


def _alike_groups(picture: Picture, level: Level, kept: int) -> dict[str, Node]:
    """Whole groups of a level behind the first few in the same group, unless they hold trouble."""
    parents = {group.id: group.parent for group in picture.groups}
    inside: dict[str, list[Node]] = {}
    for node in picture.nodes:
        for name in _around(node.group, parents):
            inside.setdefault(name, []).append(node)
    quiet: dict[str, list[Group]] = {}
    for group in picture.groups:
        if group.level is level and not any(_loud(node) for node in inside.get(group.id, ())):
            quiet.setdefault(group.parent, []).append(group)
    found: dict[str, Node] = {}
    for parent, groups in quiet.items():
        if len(groups) > kept + 1:
            rest = groups[kept:]
            nodes = [node for group in rest for node in inside.get(group.id, ())]
            state = State.worst(*(node.state for node in nodes))
            folded = _folded(f"more:{parent}/{level.value}", nodes, parent, MORE, state)
            label = f"+{len(rest)} more {_PLURAL[level]}"
            found.update({name: replace(node, label=label) for name, node in folded.items()})
    return found


def _around(group: str, parents: Mapping[str, str]) -> Iterator[str]:
    while group:
        yield group
        group = parents[group]


def _without(picture: Picture, stands: Mapping[str, Node]) -> Picture:
    """The picture with nodes replaced by those that stand for them, and without groups that hold nothing any more."""
    if not stands:
        return picture
    nodes: dict[str, Node] = {}
    for node in picture.nodes:
        shown = stands.get(node.id, node)
        nodes.setdefault(shown.id, shown)
    edges: dict[tuple[str, str, Direction], tuple[list[State], dict[Decision, None]]] = {}
    for edge in picture.edges:
        source = stands[edge.source].id if edge.source in stands else edge.source
        target = stands[edge.target].id if edge.target in stands else edge.target
        if source != target:
            states, decisions = edges.setdefault((source, target, edge.direction), ([], {}))
            states.append(edge.state)
            decisions.update(dict.fromkeys(edge.decisions))
    parents = {group.id: group.parent for group in picture.groups}
    held = Counter(around for node in nodes.values() for around in _around(node.group, parents))
    return replace(
        picture,
        groups=tuple(group for group in picture.groups if held[group.id]),
        nodes=tuple(nodes.values()),
        edges=tuple(
            Edge(source=source, target=target, direction=way, state=State.worst(*states), decisions=tuple(decisions))
            for (source, target, way), (states, decisions) in edges.items()
        ),
    )
