"""Where everything of a picture is drawn: groups nested without overlaps, from left to right as packets travel.

Every group is laid out on its own, the innermost first, and is then one box of the group around it; so nothing of one
group can lie in another. What lies in one subnet or site stands in a column, in the order in which packets meet it.
The layers, their order and the routes of edges around nodes are graphlay's (https://aarkue.github.io/graphlay/).
A reply is laid out as if it were a request, so that both go by the same boxes.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import graphlay
import networkx
from rich.cells import cell_len

from mwaanet.report.picture import Direction, Edge, Group, Level, Node, Picture, State
from mwaanet.report.picture_text import kind_of, name_of, reason_of, short_id, title_of, wrapped

WIDTH = 230.0
"""Of a node."""
LINE, SMALL = 16.0, 13.0
"""Heights of a line of a name, and of an id or reason."""
PAD, GAP, TITLE, BAND = 12.0, 20.0, 15.0, 20.0
LETTER = 7.2
"""Width that a letter of a title is reckoned with."""
NAME_CELLS, ID_CELLS, REASON_CELLS, TITLE_CELLS = 24, 31, 27, 46
MOST_STACKED = 6
MOST_NAME_LINES, MOST_REASON_LINES = 3, 5

_SPACING = {"port_gap": 8.0, "stub": 8.0, "reroute_node_gap": 20.0, "dummy_gap": 7.0}
_FACING = {"spacing": _SPACING, "routing": {"port_sides": "facing_only"}}
"""Lines that leave a node on its right and enter the next on its left."""
_ANY_SIDE = {"spacing": _SPACING, "routing": {"port_sides": "facing_preferred"}}
_LAYERS = {
    "spacing": {"layer_gap": 60.0, "node_gap": 18.0},
    "coords": {"placement": "brandes_koepf"},
}
BANDED = (State.STOPPED, State.UNKNOWN, State.WARN)
"""States that are told in a band over the node."""

_COLUMNS = (Level.SUBNET, Level.SITE)


class Point(NamedTuple):
    """A place on the sheet, from its upper left corner."""

    x: float
    y: float


class Box(NamedTuple):
    """A rectangle by its upper left corner and its size."""

    x: float
    y: float
    width: float
    height: float

    def moved(self, x: float, y: float) -> Box:
        """The same rectangle elsewhere."""
        return Box(self.x + x, self.y + y, self.width, self.height)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A node with its lines of text and its place."""

    node: Node
    box: Box
    name: tuple[str, ...]
    ids: tuple[str, ...]
    reason: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A group, or several of which each holds only the next, with its title and its place."""

    groups: tuple[Group, ...]
    title: tuple[str, ...]
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The corners of an edge's line, from the packets' source to their target."""

    edge: Edge
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A picture laid out."""

    picture: Picture
    width: float
    height: float
    cards: tuple[Card, ...]
    frames: tuple[Frame, ...]
    routes: tuple[Route, ...]


class _Part(NamedTuple):
    """A node or group laid out on its own: its size, and what is in it."""

    width: float
    height: float
    cards: tuple[Card, ...] = ()
    frames: tuple[Frame, ...] = ()

    def moved(self, x: float, y: float) -> _Part:
        cards = tuple(replace(card, box=card.box.moved(x, y)) for card in self.cards)
        frames = tuple(replace(frame, box=frame.box.moved(x, y)) for frame in self.frames)
        return self._replace(cards=cards, frames=frames)


class _Tree:
    """The groups and nodes of a picture by what holds them, and the edges by what holds both of their ends."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.groups = {group.id: group for group in picture.groups}
        self.nodes = {node.id: node for node in picture.nodes}
        self.held: dict[str, list[str]] = {"": []}
        for group in picture.groups:
            self.held.setdefault(group.parent, []).append(group.id)
            self.held.setdefault(group.id, [])
        for node in picture.nodes:
            self.held[node.group].append(node.id)
        self.ways: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in self.held}
        for edge in picture.edges:
            self._add(edge)

    def _add(self, edge: Edge) -> None:
        ends = (edge.target, edge.source) if edge.direction is Direction.RETURN else (edge.source, edge.target)
        start, end = (self._chain(name) for name in ends)
        depth = next((i for i, (a, b) in enumerate(zip(start, end, strict=False)) if a != b), 0)
        holder = start[depth - 1] if depth else ""
        first, second = start[depth], end[depth]
        if not (self.is_zone(first) and self.is_zone(second)):
            self.ways[holder][first, second] += 1

    def is_zone(self, name: str) -> bool:
        """Whether something is a zone: these stand one below the other, whatever goes between them."""
        return name in self.groups and self.groups[name].level is Level.ZONE

    def worst(self, name: str) -> State:
        """The state of a node, or the worst in a group."""
        if name in self.nodes:
            return self.nodes[name].state
        return State.worst(*map(self.worst, self.held[name]))

    def _chain(self, node: str) -> list[str]:
        """The groups around a node, the widest first, and the node."""
        chain = [node]
        at = self.nodes[node].group
        while at:
            chain.append(at)
            at = self.groups[at].parent
        return chain[::-1]


def lay_out(picture: Picture) -> Sheet:
    """Place everything; the same picture is laid out the same way every time."""
    tree = _Tree(picture)
    whole = _flow(tree, "")
    routes = _routes(tree, whole)
    corners = [point for route in routes for point in route.points]
    left, top = min([0.0, *(point.x for point in corners)]), min([0.0, *(point.y for point in corners)])
    whole = whole.moved(-left, -top)
    routes = tuple(replace(route, points=tuple(Point(x - left, y - top) for x, y in route.points)) for route in routes)
    return Sheet(
        picture=picture,
        width=max([whole.width, *(point.x for point in corners)]) - left,
        height=max([whole.height, *(point.y for point in corners)]) - top,
        cards=whole.cards,
        frames=tuple(sorted(whole.frames, key=lambda frame: -frame.box.width * frame.box.height)),
        routes=routes,
    )


def _part(tree: _Tree, name: str) -> _Part:
    if name in tree.nodes:
        return _card(tree.nodes[name])
    group = tree.groups[name]
    inner = _column(tree, name) if group.level in _COLUMNS else _flow(tree, name)
    return _framed(tree, group, inner)


def _card(node: Node) -> _Part:
    name = tuple(wrapped(name_of(node), NAME_CELLS, MOST_NAME_LINES)) or ("",)
    plain = short_id(node.component)
    ids = tuple(wrapped(plain, ID_CELLS, 2)) if plain.partition("@")[0] != name_of(node) else ()
    reason = tuple(wrapped(reason_of(node), REASON_CELLS, MOST_REASON_LINES))
    kind = SMALL if kind_of(node) else 0.0
    band = BAND if node.state in BANDED else 0.0
    height = 14 + band + kind + LINE * len(name) + SMALL * len(ids) + (SMALL * len(reason) + 5 if reason else 0)
    return _Part(WIDTH, height, (Card(node=node, box=Box(0, 0, WIDTH, height), name=name, ids=ids, reason=reason),))


def _framed(tree: _Tree, group: Group, inner: _Part) -> _Part:
    """A frame with a title around a part; where the part is just one frame, only its title grows."""
    title = tuple(line for text in title_of(group) for line in wrapped(text, TITLE_CELLS, 2))
    held = tree.held[group.id]
    lone = len(held) == 1 and held[0] in tree.groups
    if lone:
        (frame,) = (frame for frame in inner.frames if frame.groups[0].id == held[0])
        extra = TITLE * len(title)
        rest = tuple(other for other in inner.frames if other is not frame)
        room = _room(title)
        box = Box(0, 0, max(frame.box.width, room), frame.box.height + extra)
        grown = Frame(groups=(group, *frame.groups), title=(*title, *frame.title), box=box)
        moved = _Part(0, 0, inner.cards, rest).moved(0, extra)
        return _Part(box.width, box.height, moved.cards, (grown, *moved.frames))
    top = PAD + TITLE * len(title)
    moved = inner.moved(PAD, top)
    box = Box(0, 0, max(inner.width + 2 * PAD, _room(title)), inner.height + top + PAD)
    return _Part(box.width, box.height, moved.cards, (Frame(groups=(group,), title=title, box=box), *moved.frames))


def _room(title: Sequence[str]) -> float:
    return 2 * PAD + LETTER * max(map(cell_len, title), default=0)


def _stacked(tree: _Tree, name: str) -> tuple[list[str], Counter[tuple[str, str]], list[_Part]]:
    """What a group holds, the ways between, and the parts; zones are one column, a few nodes in a row another."""
    nodes = [held for held in tree.held[name] if held in tree.nodes]
    near: networkx.Graph[str] = networkx.Graph(way for way in tree.ways[name] if set(way) <= set(nodes) and name)
    chains = [sorted(chain, key=nodes.index) for chain in networkx.connected_components(near)]
    columns = {chain[0]: chain for chain in chains if len(chain) <= MOST_STACKED}
    states = list(State)
    zones = [held for held in tree.held[name] if tree.is_zone(held)]
    zones.sort(key=lambda zone: (states.index(tree.worst(zone)), zone))
    if len(zones) > 1:
        columns[zones[0]] = zones
    first = {held: top for top, column in columns.items() for held in column}
    parts: dict[str, _Part] = {}
    for held in tree.held[name]:
        top = first.get(held)
        if top is None:
            parts[held] = _part(tree, held)
        elif top not in parts:
            order = zones if held in zones else _in_order(tree, name, columns[top])
            parts[top] = _below(_evened([_part(tree, one) for one in order]))
    ways: Counter[tuple[str, str]] = Counter()
    for (start, end), weight in tree.ways[name].items():
        ends = first.get(start, start), first.get(end, end)
        if ends[0] != ends[1]:
            ways[ends] += weight
    return list(parts), ways, list(parts.values())


def _below(parts: Iterable[_Part]) -> _Part:
    """The parts one below the other."""
    moved: list[_Part] = []
    at = 0.0
    for part in parts:
        moved.append(part.moved(0, at))
        at += part.height + GAP
    return _joined(max((part.width for part in moved), default=0.0), max(at - GAP, 0.0), moved)


def _joined(width: float, height: float, parts: Iterable[_Part]) -> _Part:
    parts = list(parts)
    cards = tuple(card for part in parts for card in part.cards)
    return _Part(width, height, cards, tuple(frame for part in parts for frame in part.frames))


def _evened(parts: Sequence[_Part]) -> list[_Part]:
    """The parts with their outermost frames, if they have any, as wide as the widest."""
    width = max((part.width for part in parts), default=0.0)
    return [_widened(part, width) if part.frames else part for part in parts]


def _widened(part: _Part, width: float) -> _Part:
    outer = part.frames[0]
    wide = replace(outer, box=outer.box._replace(width=width))
    return part._replace(width=width, frames=(wide, *part.frames[1:]))


def _column(tree: _Tree, name: str) -> _Part:
    """What lies in one subnet or site, below each other as packets meet it."""
    return _below(_part(tree, held) for held in _in_order(tree, name, tree.held[name]))


def _in_order(tree: _Tree, name: str, nodes: Sequence[str]) -> list[str]:
    """The nodes of a column so that requests go down; in the order in which they were met where that is free."""
    rank = {held: index for index, held in enumerate(nodes)}
    ways: networkx.DiGraph[str] = networkx.DiGraph()
    ways.add_nodes_from(rank)
    inside = [way for way in tree.ways[name] if rank.keys() >= set(way)]
    for start, end in sorted(inside, key=lambda way: (rank[way[0]], rank[way[1]])):
        if not networkx.has_path(ways, end, start):
            ways.add_edge(start, end)
    return list(networkx.lexicographical_topological_sort(ways, key=rank.__getitem__))


def _flow(tree: _Tree, name: str) -> _Part:
    """What a wider group holds, in layers from left to right; what no way at all leads to stands below."""
    held, ways, parts = _stacked(tree, name)
    joined = {end for way in ways for end in way}
    layered = [(one, part) for one, part in zip(held, parts, strict=True) if one in joined]
    rest = [part for one, part in zip(held, parts, strict=True) if one not in joined]
    if not layered:
        return _below(rest)
    return _below([_layers(layered, ways), *rest])


def _layers(layered: Sequence[tuple[str, _Part]], ways: Mapping[tuple[str, str], int]) -> _Part:
    """Parts in layers from left to right; in a layer their left sides are in one line."""
    graph = graphlay.Graph()
    numbers = {one: number for number, (one, _) in enumerate(layered)}
    for _, part in layered:
        graph.node(width=part.width, height=part.height)
    for (start, end), weight in ways.items():
        graph.edge(numbers[start], numbers[end], weight=float(weight))
    centres = [(node["center"]["x"], node["center"]["y"]) for node in graphlay.layout(graph, options=_LAYERS).nodes]
    lefts: dict[int, float] = {}
    for (x, _), (_, part) in zip(centres, layered, strict=True):
        lefts[round(x)] = min(lefts.get(round(x), x), x - part.width / 2)
    places = [(part, lefts[round(x)], y - part.height / 2) for (x, y), (_, part) in zip(centres, layered, strict=True)]
    left, top = min(x for _, x, _ in places), min(y for _, _, y in places)
    moved = [part.moved(x - left, y - top) for part, x, y in places]
    right, bottom = max(x + part.width for part, x, _ in places), max(y + part.height for part, _, y in places)
    return _joined(right - left, bottom - top, moved)


def _routes(tree: _Tree, whole: _Part) -> tuple[Route, ...]:
    """The lines of all edges: in a column straight up or down, elsewhere around the nodes."""
    boxes = {card.node.id: card.box for card in whole.cards}
    upright, around = list[Edge](), list[Edge]()
    for edge in tree.picture.edges:
        (upright if _in_column(tree, edge, boxes) else around).append(edge)
    return (*(_upright(edge, boxes) for edge in upright), *_around(around, boxes))


def _in_column(tree: _Tree, edge: Edge, boxes: Mapping[str, Box]) -> bool:
    ends = tree.nodes[edge.source], tree.nodes[edge.target]
    return ends[0].group == ends[1].group and boxes[edge.source].x == boxes[edge.target].x


def _upright(edge: Edge, boxes: Mapping[str, Box]) -> Route:
    start, end = boxes[edge.source], boxes[edge.target]
    x = start.x + WIDTH * (0.6 if edge.direction is Direction.RETURN else 0.4)
    down = start.y < end.y
    points = (start.y + start.height, end.y) if down else (start.y, end.y + end.height)
    return Route(edge=edge, points=tuple(Point(x, y) for y in points))


def _around(edges: Sequence[Edge], boxes: Mapping[str, Box]) -> Iterable[Route]:
    if not edges:
        return ()
    graph = graphlay.Graph()
    numbers = {name: number for number, name in enumerate(boxes)}
    for box in boxes.values():
        centre = {"x": box.x + box.width / 2, "y": box.y + box.height / 2}
        graph.node(width=box.width, height=box.height, position=centre)
    for edge in edges:
        ends = numbers[edge.source], numbers[edge.target]
        graph.edge(*(ends if _rightwards(edge, boxes) else ends[::-1]))
    lines = graphlay.reroute(graph, options=_FACING).edges
    others: list[dict[str, Any]] | None = None
    routes = []
    for index, edge in enumerate(edges):
        points = lines[index]["points"]
        if any(_crosses(points, box) for name, box in boxes.items() if name not in (edge.source, edge.target)):
            others = others or graphlay.reroute(graph, options=_ANY_SIDE).edges
            points = others[index]["points"]
        routes.append(_route(edge, points if _rightwards(edge, boxes) else points[::-1]))
    return routes


def _rightwards(edge: Edge, boxes: Mapping[str, Box]) -> bool:
    """Whether packets go to the right; lines that go to the left are found backwards."""
    start, end = boxes[edge.source], boxes[edge.target]
    return (start.x, edge.direction is Direction.RETURN) <= (end.x, False)


def _crosses(corners: Sequence[Mapping[str, float]], box: Box) -> bool:
    """Whether a line of upright and level parts runs through a box."""
    return any(
        max(a["x"], b["x"]) > box.x + 1
        and min(a["x"], b["x"]) < box.x + box.width - 1
        and max(a["y"], b["y"]) > box.y + 1
        and min(a["y"], b["y"]) < box.y + box.height - 1
        for a, b in itertools.pairwise(corners)
    )


def _route(edge: Edge, corners: Sequence[Mapping[str, float]]) -> Route:
    return Route(edge=edge, points=tuple(Point(corner["x"], corner["y"]) for corner in corners))
