"""A picture in the DOT language of Graphviz (https://graphviz.org/doc/info/lang.html).

Every text stands in quotes, with its quotes and backslashes escaped, so that no name can end one or be an escape
(https://graphviz.org/docs/attr-types/escString/). Replies are drawn from their target back, as requests go.
"""

from __future__ import annotations

from collections.abc import Iterable

from mwaanet.report.markup import visible
from mwaanet.report.picture import Direction, Edge, Picture, State
from mwaanet.report.picture_text import lines_of, title_of, wrapped

CELLS = 44

_NODES = {
    State.STOPPED: 'color="#c2171d", fillcolor="#fdeaea", penwidth=3',
    State.UNKNOWN: 'color="#8a5a00", fillcolor="#fff4d6", penwidth=2',
    State.WARN: 'color="#a85b00", fillcolor="#fff1e0", penwidth=2',
    State.PASSES: 'color="#1d7a3e"',
    State.NOT_REACHED: 'color="#8b95a3", style="rounded,filled,dashed"',
    State.UNJUDGED: 'color="#8b95a3"',
}
_EDGES = {
    State.STOPPED: 'color="#c2171d", penwidth=2',
    State.UNKNOWN: 'color="#8a5a00"',
    State.NOT_REACHED: 'color="#8b95a3", style=dotted',
}
_WAYS = {
    Direction.FORWARD: 'color="#1f6fb5"',
    Direction.RETURN: 'color="#8a4fb0", style=dashed, dir=back',
    Direction.EITHER: 'color="#1f6fb5", dir=both',
}


def dot(picture: Picture) -> str:
    """The picture as a directed graph with a cluster for every group."""
    lines = [
        "digraph picture {",
        f"  graph [rankdir=LR, compound=true, fontname=Helvetica, label={_quoted([picture.title, *picture.notes])}];",
        '  node [shape=box, style="rounded,filled", fillcolor="#ffffff", fontname=Helvetica, fontsize=11];',
        "  edge [fontname=Helvetica, fontsize=9];",
    ]
    names = {node.id: f"n{number}" for number, node in enumerate(picture.nodes)}
    lines.extend(_inside(picture, "", names, "  "))
    lines.extend(_edge(edge, names) for edge in picture.edges)
    return "\n".join([*lines, "}", ""])


def _inside(picture: Picture, around: str, names: dict[str, str], indent: str) -> Iterable[str]:
    for number, group in enumerate(picture.groups):
        if group.parent == around:
            yield f"{indent}subgraph cluster_{number} {{"
            yield f'{indent}  label={_quoted(title_of(group))}; style="rounded"; color="#8b95a3";'
            yield from _inside(picture, group.id, names, indent + "  ")
            yield f"{indent}}}"
    for node in picture.nodes:
        if node.group == around:
            label = _quoted(lines_of(node))
            yield f"{indent}{names[node.id]} [label={label}, tooltip={label}, {_NODES[node.state]}];"


def _edge(edge: Edge, names: dict[str, str]) -> str:
    ends = (names[edge.source], names[edge.target])
    start, end = ends[::-1] if edge.direction is Direction.RETURN else ends
    told = _quoted([f"{edge.direction.value}, {edge.state.value}", *(one.by for one in edge.decisions[:4])])
    looks = ", ".join(filter(None, (_WAYS[edge.direction], _EDGES.get(edge.state, ""))))
    return f"  {start} -> {end} [tooltip={told}, {looks}];"


def _quoted(texts: Iterable[str]) -> str:
    lines = [line for text in texts for line in wrapped(visible(text), CELLS, 3)]
    escaped = [line.replace("\\", "\\\\").replace('"', '\\"') for line in lines]
    return '"' + "\\n".join(escaped) + '"'
