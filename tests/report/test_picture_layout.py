"""Layout: nothing overlaps, everything lies in its group, packets go from left to right, and it is quick."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

import pytest

from mwaanet.report.picture import Direction, Picture, State
from mwaanet.report.picture_layout import Box, Point, Sheet, lay_out
from mwaanet.report.picture_paths import path_picture
from report import samples
from report.pictures import HOSTILE, grid, hostile
from report.test_picture_paths import healthy, path_of, routeless

PICTURES: dict[str, Callable[[], Picture]] = {
    "s3": lambda: path_of(healthy()[1], "s3"),
    "service": lambda: path_of(healthy()[1], "service"),
    "nexus": lambda: path_of(healthy()[1], "nexus"),
    "api": lambda: path_of(healthy()[1], "api"),
    "routeless": lambda: routeless()[1],
    "broken": lambda: path_picture(samples.broken(), samples.broken().paths[0]),
    "grid": lambda: grid(3, 5, 4),
    "hostile": lambda: hostile(HOSTILE["long"]),
}

every_picture = pytest.mark.parametrize("name", PICTURES)


def overlap(one: Box, other: Box) -> bool:
    across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return across > 0.01 and down > 0.01


def inside(inner: Box, outer: Box) -> bool:
    right, bottom = outer.x + outer.width, outer.y + outer.height
    within = inner.x >= outer.x - 0.01 and inner.y >= outer.y - 0.01
    return within and inner.x + inner.width <= right + 0.01 and inner.y + inner.height <= bottom + 0.01


def span(start: Point, end: Point) -> Box:
    """The part of a line between two corners, as a thin box."""
    left, top = min(start.x, end.x), min(start.y, end.y)
    return Box(left, top, abs(start.x - end.x) + 0.1, abs(start.y - end.y) + 0.1)


def boxes_of_groups(sheet: Sheet) -> dict[str, Box]:
    return {group.id: frame.box for frame in sheet.frames for group in frame.groups}


def test_the_zone_that_fails_stands_first_and_what_is_unknown_next() -> None:
    picture = grid(3, 1, 2)
    states = {"subnet-2-0/1": State.STOPPED, "subnet-1-0/0": State.UNKNOWN}
    nodes = tuple(replace(node, state=states.get(node.id, node.state)) for node in picture.nodes)
    boxes = boxes_of_groups(lay_out(replace(picture, nodes=nodes)))
    assert sorted(("z0", "z1", "z2"), key=lambda zone: boxes[zone].y) == ["z2", "z1", "z0"]


@every_picture
def test_nodes_do_not_overlap(name: str) -> None:
    sheet = lay_out(PICTURES[name]())
    assert len(sheet.cards) == len(sheet.picture.nodes)
    assert [(a.node.id, b.node.id) for a, b in itertools.combinations(sheet.cards, 2) if overlap(a.box, b.box)] == []


@every_picture
def test_groups_nest_and_do_not_overlap(name: str) -> None:
    sheet = lay_out(PICTURES[name]())
    boxes = boxes_of_groups(sheet)
    assert set(boxes) == {group.id for group in sheet.picture.groups}
    assert all(inside(boxes[group.id], boxes[group.parent]) for group in sheet.picture.groups if group.parent)
    for one, other in itertools.combinations(sheet.picture.groups, 2):
        if one.parent == other.parent:
            assert not overlap(boxes[one.id], boxes[other.id]), (one.id, other.id)


@every_picture
def test_nodes_lie_in_their_group_and_in_no_other(name: str) -> None:
    sheet = lay_out(PICTURES[name]())
    boxes = boxes_of_groups(sheet)
    parents = {group.id: group.parent for group in sheet.picture.groups}
    for card in sheet.cards:
        around, at = set[str](), card.node.group
        while at:
            around.add(at)
            at = parents[at]
        assert all(inside(card.box, boxes[group]) for group in around)
        assert not any(overlap(card.box, boxes[group]) for group in boxes.keys() - around)


@every_picture
def test_everything_lies_on_the_sheet(name: str) -> None:
    sheet = lay_out(PICTURES[name]())
    whole = Box(0, 0, sheet.width, sheet.height)
    assert len(sheet.routes) == len(sheet.picture.edges)
    assert all(inside(Box(point.x, point.y, 0, 0), whole) for route in sheet.routes for point in route.points)
    assert all(inside(card.box, whole) for card in sheet.cards)


@pytest.mark.parametrize("name", ["s3", "service", "nexus", "routeless"])
def test_requests_go_from_left_to_right_and_down_in_a_column(name: str) -> None:
    sheet = lay_out(PICTURES[name]())
    boxes = {card.node.id: card.box for card in sheet.cards}
    for edge in sheet.picture.edges:
        start, end = boxes[edge.source], boxes[edge.target]
        if edge.direction is Direction.FORWARD and start.x == end.x:
            continue
        if edge.direction is Direction.FORWARD:
            assert end.x > start.x, (edge.source, edge.target)


@every_picture
def test_a_line_begins_and_ends_at_its_nodes(name: str) -> None:
    sheet = lay_out(PICTURES[name]())
    boxes = {card.node.id: card.box for card in sheet.cards}
    for route in sheet.routes:
        ends = (route.points[0], boxes[route.edge.source]), (route.points[-1], boxes[route.edge.target])
        assert all(inside(Box(point.x, point.y, 0, 0), box) for point, box in ends)


@pytest.mark.parametrize("name", ["s3", "service", "nexus", "api", "routeless"])
def test_no_line_between_columns_runs_over_a_node(name: str) -> None:
    sheet = lay_out(PICTURES[name]())
    for route in sheet.routes:
        for card in sheet.cards:
            ends = (route.edge.source, route.edge.target)
            if len(route.points) > 2 and card.node.id not in ends:
                spans = (span(*pair) for pair in itertools.pairwise(route.points))
                assert not any(overlap(one, card.box) for one in spans), (ends, card.node.id)


@every_picture
def test_the_layout_is_the_same_every_time(name: str) -> None:
    picture = PICTURES[name]()
    assert lay_out(picture) == lay_out(picture)


def test_nothing_at_all_has_a_layout() -> None:
    assert lay_out(Picture(title="nothing")).cards == ()


def test_three_hundred_components_are_laid_out_within_two_seconds() -> None:
    picture = grid(3, 20, 5)
    start = perf_counter()
    sheet = lay_out(picture)
    assert perf_counter() - start < 2
    assert len(sheet.cards) == 300
