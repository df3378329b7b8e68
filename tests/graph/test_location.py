"""Where components lie: every component of an estate with all nouns has a place, or is one that has none."""

from __future__ import annotations

from functools import cache

import pytest

from asking import network_of
from builder import every_noun, mwaa_estate
from builder.estate import Estate
from mwaanet.graph.flight import Kind
from mwaanet.graph.location import NOWHERE, Location, Locations
from mwaanet.graph.network import Network

OUTSIDE = {Kind.INTERNET, Kind.SERVICE, Kind.UNMODELLED}


@cache
def built() -> tuple[Estate, Network, Locations]:
    estate = mwaa_estate(link="dx")
    network = network_of(estate)
    return estate, network, Locations(network)


def test_what_lies_in_a_subnet_has_every_place_around_it() -> None:
    estate, _, locations = built()
    subnet = estate.workers[0]
    expected = Location("", "111122223333", "us-east-1", estate.vpc.id, "use1-az1", subnet.id)
    assert locations.of(f"mwaa.worker@{subnet.id}") == locations.of(subnet.id) == expected


def test_what_subnets_share_lies_in_their_vpc() -> None:
    estate, _, locations = built()
    expected = Location("", "111122223333", "us-east-1", estate.vpc.id)
    for shared in (estate.environment_group, estate.s3_endpoint, estate.workers[0].table, estate.vpc):
        assert locations.of(shared.id) == expected


def test_parts_of_a_site_lie_on_it_and_the_edge_of_aws_on_none_that_is_declared() -> None:
    _, _, locations = built()
    assert [locations.of(part).site for part in ("dc", "dc.firewall", "dc.routes", "dc.dns")] == ["dc"] * 4
    assert locations.of("edge:vpn-0a").site == "on-premises"


@pytest.mark.parametrize("outside", ["internet", "com.amazonaws.us-east-1.s3", "no such thing"])
def test_services_and_the_internet_lie_nowhere(outside: str) -> None:
    assert built()[2].of(outside) == NOWHERE


def test_an_arn_says_where_it_lies() -> None:
    assert built()[2].of("arn:aws:iam::444455556666:role/reader") == Location("", "444455556666")


def test_every_component_of_every_noun_lies_somewhere_unless_it_is_outside() -> None:
    network = network_of(every_noun())
    locations = Locations(network)
    lost = [
        name
        for name in network.graph
        if locations.of(name) == NOWHERE and network.graph.nodes[name]["component"].kind not in OUTSIDE
    ]
    assert lost == []


def test_an_interface_belongs_to_its_endpoint() -> None:
    estate, _, locations = built()
    endpoint = estate.endpoints["sts"]
    assert {locations.owner(record["NetworkInterfaceId"]) for record in endpoint.interfaces} == {endpoint.id}
    assert locations.owner(f"mwaa.worker@{estate.workers[0].id}") == ""


def test_a_route_table_that_only_one_subnet_has_is_its() -> None:
    estate, _, locations = built()
    assert locations.only_subnet(estate.workers[0].table.id) == estate.workers[0].id
    assert locations.only_subnet(estate.vpc.main_table.id) == ""
