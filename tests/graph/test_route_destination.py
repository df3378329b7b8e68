"""For which block a route is proposed where packets find none: the one that its destination is declared with
(https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html,
https://docs.aws.amazon.com/vpc/latest/tgw/tgw-route-tables.html)."""

from __future__ import annotations

import pytest

from asking import Answer, ask, network_of, site_file
from graph.hub import Hub
from mwaanet.fixes.route import Route
from mwaanet.graph.route_destination import destinations
from mwaanet.mending.mending import changes_of
from mwaanet.net import AddressSet


def added(answer: Answer) -> list[str]:
    found = changes_of(answer.network, answer.trace, answer.blocked)
    return [one.destination for one in found if isinstance(one, Route)]


@pytest.mark.parametrize(
    ("destination", "block"),
    [
        ("10.2.1.20", "10.2.0.0/16"),
        ("172.20.1.1", "172.20.0.0/16"),
        ("172.20.0.0/22", "172.20.0.0/16"),
        ("198.51.100.7", "198.51.100.7/32"),
        ("198.51.100.0/24", "198.51.100.0/24"),
        ("internet", "0.0.0.0/0"),
    ],
)
def test_the_action_and_the_change_name_the_destinations_block(destination: str, block: str) -> None:
    """Of a range the first address was named; for the internet there were seventy routes."""
    hub = Hub()
    hub.a.table.remove("10.0.0.0/8")
    answer = ask(hub.net, hub.client, destination, tcp=443, site=site_file())
    assert answer.blocked[0].actions[0] == f"add a route for {block} to {hub.gateway.id} to {hub.a.table.id}"
    assert added(answer)[0] == block


def test_a_block_that_the_table_has_a_route_for_is_not_named() -> None:
    network = network_of(Hub().net)
    server = AddressSet.parse("10.2.1.20")
    assert destinations(network, server, "", ["10.2.0.0/16"]) == ("10.2.1.20/32",)


def test_in_the_tables_own_vpc_it_is_the_subnets_block() -> None:
    """A firewall endpoint is led to by routes for subnets: the VPC's own block is local."""
    hub = Hub()
    network = network_of(hub.net)
    assert destinations(network, AddressSet.parse("10.1.1.10"), hub.near.id) == ("10.1.1.0/24",)


def test_blocks_inside_the_one_that_covers_all_are_left_out() -> None:
    network = network_of(Hub().net)
    asked = AddressSet.parse("10.0.0.0/8") - AddressSet.parse("10.1.0.0/16")
    assert destinations(network, asked, "") == ("10.0.0.0/8",)
