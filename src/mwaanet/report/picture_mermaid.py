"""A picture in Mermaid, as GitHub renders it in Markdown (https://docs.github.com/get-started/writing-on-github/working-with-advanced-formatting/creating-diagrams).

Every character of a text that could mean something to Mermaid is written as its entity code
(https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters). Mermaid refuses more than 500 edges or
50,000 characters (https://mermaid.js.org/config/schema-docs/config.html), so a larger picture is folded until it fits.
"""

from __future__ import annotations

from collections.abc import Iterable

from mwaanet.report.markup import visible
from mwaanet.report.picture import Direction, Picture, State
from mwaanet.report.picture_fold import fold
from mwaanet.report.picture_svg import described
from mwaanet.report.picture_text import lines_of, title_of, wrapped

MOST_EDGES, MOST_CHARACTERS = 480, 48_000
CELLS, LINES, MOST_TEXT = 30, 5, 400
_PLAIN = frozenset(" .,:/_-+✓✗–…·@=")

_CLASSES = {
    State.STOPPED: ("stopped", "fill:#fdeaea,stroke:#c2171d,stroke-width:4px,color:#8f0f14"),
    State.UNKNOWN: ("unknown", "fill:#fff4d6,stroke:#8a5a00,stroke-width:3px,color:#5c3c00"),
    State.WARN: ("warned", "fill:#fff1e0,stroke:#a85b00,stroke-width:3px,color:#6b3a00"),
    State.PASSES: ("passes", "fill:#ffffff,stroke:#1d7a3e,color:#16191f"),
    State.NOT_REACHED: ("unreached", "fill:#f6f8fa,stroke:#8b95a3,stroke-dasharray:5 4,color:#5a6472"),
    State.UNJUDGED: ("plain", "fill:#ffffff,stroke:#8b95a3,color:#16191f"),
}
_LINKS = {
    State.STOPPED: "stroke:#c2171d,stroke-width:3px",
    State.UNKNOWN: "stroke:#8a5a00",
    State.NOT_REACHED: "stroke:#8b95a3,stroke-dasharray:2 4",
}


def mermaid(picture: Picture) -> str:
    """The picture as a flowchart, with as much of it as Mermaid takes."""
    text = _flowchart(picture)
    most = len(picture.nodes)
    while (len(text) > MOST_CHARACTERS or len(_links(picture)) > MOST_EDGES) and most > 1:
        most = most * 3 // 4
        picture = fold(picture, most)
        text = _flowchart(picture)
    return text


def _flowchart(picture: Picture) -> str:
    names = {node.id: f"n{number}" for number, node in enumerate(picture.nodes)}
    links = _links(picture)
    lines = ["flowchart LR", f"  accTitle: {_text(picture.title)}", f"  accDescr: {_text(described(picture))}"]
    lines.extend(_inside(picture, "", names, "  "))
    lines.extend(f"  {names[start]} {arrow} {names[end]}" for start, arrow, end, _ in links)
    used = [state for state in State if any(node.state is state for node in picture.nodes)]
    lines.extend(f"  classDef {_CLASSES[state][0]} {_CLASSES[state][1]}" for state in used)
    for state in used:
        members = ",".join(names[node.id] for node in picture.nodes if node.state is state)
        lines.append(f"  class {members} {_CLASSES[state][0]}")
    for state, style in _LINKS.items():
        numbers = ",".join(str(number) for number, link in enumerate(links) if link[3] is state)
        lines.extend([f"  linkStyle {numbers} {style}"] if numbers else [])
    lines.extend(f"  %% {_text(note)}" for note in picture.notes)
    return "\n".join([*lines, ""])


def _links(picture: Picture) -> list[tuple[str, str, str, State]]:
    """What is drawn between nodes: one line where request and reply go the same way."""
    replies = {(edge.target, edge.source): edge for edge in picture.edges if edge.direction is Direction.RETURN}
    found: list[tuple[str, str, str, State]] = []
    answered: set[int] = set()
    for edge in picture.edges:
        reply = replies.get((edge.source, edge.target))
        if edge.direction is Direction.EITHER:
            found.append((edge.source, "<-->", edge.target, edge.state))
        elif edge.direction is Direction.FORWARD and reply is not None and reply.state is edge.state:
            found.append((edge.source, "<-->", edge.target, edge.state))
            answered.add(id(reply))
        elif edge.direction is Direction.FORWARD:
            found.append((edge.source, "-->", edge.target, edge.state))
    alone = (edge for edge in replies.values() if id(edge) not in answered)
    found.extend((edge.source, "-.->", edge.target, edge.state) for edge in alone)
    return found


def _inside(picture: Picture, around: str, names: dict[str, str], indent: str) -> Iterable[str]:
    for number, group in enumerate(picture.groups):
        if group.parent == around:
            yield f'{indent}subgraph g{number}["{_text(" · ".join(title_of(group)))}"]'
            yield from _inside(picture, group.id, names, indent + "  ")
            yield f"{indent}end"
    for node in picture.nodes:
        if node.group == around:
            yield f'{indent}{names[node.id]}["{_label(lines_of(node))}"]'


def _label(texts: Iterable[str]) -> str:
    return "<br/>".join(_text(line) for text in texts for line in wrapped(visible(text), CELLS, LINES))


def _text(text: str) -> str:
    """A text in which only letters, digits and what means nothing to Mermaid stand for themselves."""
    return "".join(one if one.isalnum() or one in _PLAIN else f"#{ord(one)};" for one in visible(text)[:MOST_TEXT])
