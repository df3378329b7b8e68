"""GraphML and node-link JSON: what networkx reads back is what was written, and all of the picture."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any

import networkx
import pytest

from mwaanet.report.picture import Direction, Edge, Node, Picture, State
from mwaanet.report.picture_networkx import graphml, node_link, to_networkx
from report.pictures import HOSTILE, grid, hostile
from report.test_picture_paths import healthy, path_of, routeless


def contents(graph: networkx.MultiDiGraph[str]) -> tuple[Any, Any, Any]:
    edges = sorted(graph.edges(keys=True, data=True), key=lambda edge: edge[:3])
    return {name: graph.nodes[name] for name in graph}, edges, graph.graph


def read_graphml(text: str) -> networkx.MultiDiGraph[str]:
    read = networkx.read_graphml(BytesIO(text.encode()), force_multigraph=True)
    assert isinstance(read, networkx.MultiDiGraph)
    return read


def read_json(text: str) -> networkx.MultiDiGraph[str]:
    read = networkx.node_link_graph(json.loads(text), edges="edges")
    assert isinstance(read, networkx.MultiDiGraph)
    return read


PICTURES: dict[str, Callable[[], Picture]] = {
    "routeless": lambda: routeless()[1],
    "nexus": lambda: path_of(healthy()[1], "nexus"),
    "grid": lambda: grid(2, 2, 3),
    "nothing": lambda: Picture(title="nothing"),
    **{name: partial(hostile, text) for name, text in HOSTILE.items()},
}


@pytest.mark.parametrize("name", PICTURES)
def test_node_link_json_comes_back_the_same(name: str) -> None:
    picture = PICTURES[name]()
    assert contents(read_json(node_link(picture))) == contents(to_networkx(picture))


@pytest.mark.parametrize("name", PICTURES)
def test_graphml_comes_back_the_same(name: str) -> None:
    picture = PICTURES[name]()
    nodes, edges, whole = contents(read_graphml(graphml(picture)))
    written = contents(to_networkx(picture))
    assert (nodes, edges) == written[:2]
    assert {key: whole[key] for key in written[2]} == written[2]


def test_everything_of_the_picture_is_in_it() -> None:
    estate, picture = routeless()
    graph = to_networkx(picture)
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (len(picture.nodes), len(picture.edges))
    (stopped,) = [data for _, data in graph.nodes(data=True) if data["state"] == "stopped here"]
    assert stopped["component"] == estate.workers[1].table.id
    assert (stopped["account"], stopped["region"], stopped["vpc"]) == ("111122223333", "us-east-1", estate.vpc.id)
    assert (stopped["zone"], stopped["subnet"]) == ("use1-az2", estate.workers[1].id)
    assert json.loads(stopped["findings"]) == ["S3-REACH"]
    assert json.loads(stopped["fixes"])[0].startswith("aws ec2 modify-vpc-endpoint")
    assert "NO_ROUTE" in json.loads(stopped["codes"])
    assert json.loads(stopped["evidence"])[0].startswith("accounts/111122223333/us-east-1/ec2/")


def test_a_way_that_leads_both_ways_is_two_edges() -> None:
    nodes = tuple(Node(id=name, component=name, kind="vpc") for name in "ab")
    both = Edge(source="a", target="b", direction=Direction.EITHER, state=State.UNJUDGED)
    graph = to_networkx(Picture(title="", nodes=nodes, edges=(both,)))
    assert sorted(graph.edges(keys=True)) == [("n0", "n1", "forward"), ("n1", "n0", "forward")]
