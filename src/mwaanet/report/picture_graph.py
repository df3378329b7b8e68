"""The picture of the graph model itself: a VPC with what it leads to, or every component of the snapshot.

Nothing is judged here: an edge says that there is a way, whatever filters on it let pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import networkx

from mwaanet.graph.component_graph import Component
from mwaanet.graph.location import Locations
from mwaanet.report.picture import Direction, Edge, Group, Node, Picture
from mwaanet.report.picture_canvas import groups_around


def graph_picture(
    graph: networkx.DiGraph[str], names: Mapping[str, str], locations: Locations, vpc: str = ""
) -> Picture:
    """All components, or those of a VPC and what is one step away from them."""
    inner = {name for name in graph if not vpc or locations.of(name).vpc == vpc}
    shown = inner | {near for name in inner for near in (*graph.successors(name), *graph.predecessors(name))}
    groups: dict[str, Group] = {}
    nodes = []
    for name in graph:
        if name in shown:
            component: Component = graph.nodes[name]["component"]
            chain = groups_around(locations.of(name), names, locations)
            groups.update((group.id, group) for group in chain if group.id not in groups)
            nodes.append(
                Node(
                    id=name,
                    component=name,
                    kind=component.kind.value,
                    label=names.get(name) or names.get(locations.owner(name), ""),
                    group=chain[-1].id if chain else "",
                )
            )
    called = f"VPC {names.get(vpc, '')} {vpc}".replace("  ", " ") if vpc else "All components"
    return Picture(title=called, groups=tuple(groups.values()), nodes=tuple(nodes), edges=_edges(graph, inner, shown))


def _edges(graph: networkx.DiGraph[str], inner: Iterable[str], shown: Iterable[str]) -> tuple[Edge, ...]:
    """The ways with at least one end inside; one edge for the two ways between the same two."""
    within, drawn = set(inner), set(shown)
    found = []
    for start, end in graph.edges:
        if start not in drawn or end not in drawn or not (start in within or end in within) or start == end:
            continue
        back = graph.has_edge(end, start)
        if not back:
            found.append(Edge(source=start, target=end, direction=Direction.FORWARD))
        elif start < end:
            found.append(Edge(source=start, target=end, direction=Direction.EITHER))
    return tuple(found)
