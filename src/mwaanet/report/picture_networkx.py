"""A picture as a networkx graph, whole: the same nodes, edges and attributes as GraphML and as node-link JSON.

Attributes are texts, so that every tool reads them; what has several (rules, packets) is a JSON list in one text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import networkx

from mwaanet.report.markup import visible
from mwaanet.report.picture import Decision, Direction, Edge, Group, Level, Node, Picture

FORMAT = 1
"""The version of what the attributes mean."""

_PLACES = {
    Level.SITE: "site",
    Level.ACCOUNT: "account",
    Level.REGION: "region",
    Level.VPC: "vpc",
    Level.ZONE: "zone",
    Level.SUBNET: "subnet",
}


def to_networkx(picture: Picture) -> networkx.MultiDiGraph[str]:
    """The graph; an edge's key is its direction. A way that leads both ways is two edges."""
    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(
        format=FORMAT,
        title=visible(picture.title),
        status=picture.status.value if picture.status else "",
        notes=_listed(picture.notes),
    )
    groups = {group.id: group for group in picture.groups}
    names = {node.id: f"n{number}" for number, node in enumerate(picture.nodes)}
    for node in picture.nodes:
        graph.add_node(names[node.id], **_node(node, groups))
    for edge in picture.edges:
        ends = names[edge.source], names[edge.target]
        either = edge.direction is Direction.EITHER
        for start, end in (ends, ends[::-1]) if either else (ends,):
            way = Direction.FORWARD if either else edge.direction
            graph.add_edge(start, end, key=way.value, **_edge(edge, way))
    return graph


def graphml(picture: Picture) -> str:
    """GraphML (http://graphml.graphdrawing.org), for `networkx.read_graphml`."""
    written = BytesIO()
    networkx.write_graphml(to_networkx(picture), written)
    return written.getvalue().decode() + "\n"


def node_link(picture: Picture) -> str:
    """JSON for `networkx.node_link_graph(document, edges="edges")`."""
    return json.dumps(networkx.node_link_data(to_networkx(picture), edges="edges"), indent=2) + "\n"


def _node(node: Node, groups: dict[str, Group]) -> dict[str, Any]:
    places = dict.fromkeys(_PLACES.values(), "")
    at = node.group
    while at:
        places[_PLACES[groups[at].level]] = visible(groups[at].name)
        at = groups[at].parent
    return {
        "component": visible(node.component),
        "kind": visible(node.kind),
        "label": visible(node.label),
        "state": node.state.value,
        **places,
        "findings": _listed(finding.id for finding in node.findings),
        "fixes": _listed(command for fix in node.fixes for command in fix.cli or (fix.summary,)),
        **_decided(node.decisions),
    }


def _edge(edge: Edge, direction: Direction) -> dict[str, Any]:
    return {
        "direction": direction.value,
        "state": edge.state.value,
        "packets": _listed(edge.packets),
        **_decided(edge.decisions),
    }


def _decided(decisions: Sequence[Decision]) -> dict[str, Any]:
    places = (f"{place.file}#{place.pointer}" for one in decisions for place in one.evidence if place.file)
    return {
        "by": _listed(one.by for one in decisions),
        "codes": _listed(one.code for one in decisions),
        "evidence": _listed(places),
    }


def _listed(texts: Iterable[str]) -> str:
    return json.dumps([visible(text) for text in dict.fromkeys(texts)], ensure_ascii=False)
