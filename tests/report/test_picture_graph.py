"""The picture of the graph model: of everything, or of a VPC and what it leads to."""

from __future__ import annotations

from functools import cache

from asking import network_of
from builder import Estate, mwaa_estate
from mwaanet.checks.name_tags import NameTags
from mwaanet.graph.location import Locations
from mwaanet.graph.network import Network
from mwaanet.report.picture import Picture, State
from mwaanet.report.picture_graph import graph_picture
from mwaanet.report.picture_networkx import to_networkx


@cache
def built() -> tuple[Estate, Network]:
    estate = mwaa_estate()
    return estate, network_of(estate)


def drawn(vpc: str = "") -> Picture:
    network = built()[1]
    return graph_picture(network.graph, NameTags(network.inventory), Locations(network), vpc)


def test_everything_is_the_graph_itself() -> None:
    graph = built()[1].graph
    read = to_networkx(drawn())
    components = {name: data["component"] for name, data in read.nodes(data=True)}
    assert sorted(components.values()) == sorted(graph)
    ways = {(components[start], components[end]) for start, end in read.edges()}
    assert ways == {edge for edge in graph.edges if edge[0] != edge[1]}


def test_nothing_is_judged() -> None:
    picture = drawn()
    assert picture.status is None
    assert {node.state for node in picture.nodes} == {State.UNJUDGED}


def test_a_vpc_is_drawn_with_what_is_one_step_away() -> None:
    estate, network = built()
    shown = {node.component for node in drawn(estate.vpc.id).nodes}
    locations = Locations(network)
    inside = {name for name in network.graph if locations.of(name).vpc == estate.vpc.id}
    assert inside <= shown
    assert {"com.amazonaws.us-east-1.s3", estate.vpc_table.id} <= shown
    assert "dc" not in shown


def test_an_interface_goes_by_the_name_of_what_it_belongs_to() -> None:
    estate, _ = built()
    interface = estate.endpoints["sqs"].interfaces[0]["NetworkInterfaceId"]
    (node,) = [node for node in drawn(estate.vpc.id).nodes if node.component == interface]
    assert node.label == "sqs"
