"""Folding: small enough, nothing lost, and never what matters."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import pytest

from mwaanet.report.picture import Picture, State
from mwaanet.report.picture_fold import fold
from report.pictures import grid
from report.test_picture_paths import routeless


def components(picture: Picture) -> list[str]:
    """All components that are drawn or folded."""
    return sorted(one for node in picture.nodes for one in node.folded or (node.component,))


def stopping(picture: Picture, *numbers: int) -> Picture:
    nodes = tuple(
        replace(node, state=State.STOPPED) if number in numbers else node for number, node in enumerate(picture.nodes)
    )
    return replace(picture, nodes=nodes)


def test_a_picture_that_is_small_enough_stays_as_it_is() -> None:
    assert fold(routeless()[1], 50) == routeless()[1]


@pytest.mark.parametrize("most", [200, 60, 20, 5, 3])
def test_it_gets_as_small_as_asked_and_loses_no_component(most: int) -> None:
    picture = grid(3, 10, 8)
    folded = fold(picture, most)
    assert len(folded.nodes) <= most
    assert components(folded) == components(picture)
    assert {node.group for node in folded.nodes} <= {"", *(group.id for group in folded.groups)}
    ids = {node.id for node in folded.nodes}
    assert all(edge.source in ids and edge.target in ids and edge.source != edge.target for edge in folded.edges)


def test_it_says_how_many_are_folded() -> None:
    folded = fold(grid(1, 1, 20), 6)
    assert [node.component for node in folded.nodes][-1] == "+16 more"
    assert folded.notes == ("16 of 20 components are folded; the formats json and graphml have them all",)


def test_what_stops_packets_is_never_folded() -> None:
    picture = stopping(grid(3, 10, 8), 17, 200)
    stopped = [node for node in fold(picture, 5).nodes if node.state is State.STOPPED]
    assert stopped == [node for node in picture.nodes if node.state is State.STOPPED]


def test_a_subnet_with_a_fault_stays_and_the_others_fold() -> None:
    folded = fold(stopping(grid(1, 20, 2), 30), 12)
    assert "s:subnet-0-15" in {group.id for group in folded.groups}
    assert [node.label for node in folded.nodes if node.label] == ["+15 more subnets"]


def test_folding_is_the_same_every_time() -> None:
    assert fold(grid(3, 10, 8), 20) == fold(grid(3, 10, 8), 20)


def test_an_organisation_is_folded_quickly() -> None:
    picture = grid(40, 20, 10)
    start = perf_counter()
    assert len(fold(picture, 100).nodes) <= 100
    assert perf_counter() - start < 5
