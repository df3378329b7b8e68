"""Routes that lead to a gateway behind which the destination cannot lie: the route is at fault, not the gateway."""

from __future__ import annotations

import pytest

from asking import Answer, ask
from builder import rule, topology
from metamorphic.faults import verdict_after
from mwaanet.fixes.route import Route
from mwaanet.graph.codes import Code
from mwaanet.mending.mending import changes_of
from mwaanet.paths.trace import Reachable


class Peers:
    """A VPC peered with the right one, 10.2.0.0/16, and with a wrong one, 10.3.0.0/16."""

    def __init__(self) -> None:
        self.net = topology()
        self.near, right, wrong = (self.net.vpc(name, f"10.{n}.0.0/16") for n, name in enumerate("abc", start=1))
        right.default_group.allow_in(rule("all"))
        self.right, self.wrong = self.near.peer(right), self.near.peer(wrong)
        self.subnet = self.near.subnet("a", "10.1.1.0/24")
        self.table = self.near.route_table("own", self.subnet)
        self.server = right.subnet("b", "10.2.1.0/24").route("10.1.0.0/16", self.right).interface("10.2.1.20")
        self.client = self.subnet.interface("10.1.1.10")

    def ask(self) -> Answer:
        return ask(self.net, self.client, self.server, tcp=443)

    def mended(self, answer: Answer) -> list[tuple[str, str, bool]]:
        changes = changes_of(answer.network, answer.trace, answer.blocked)
        assert verdict_after(answer, changes) is Reachable.YES
        return [(one.destination, one.target, one.replaces) for one in changes if isinstance(one, Route)]


def codes(answer: Answer) -> list[Code]:
    return [drop.code for path in answer.blocked for drop in path.drops]


@pytest.mark.parametrize("destination", ["10.2.0.0/16", "10.2.1.0/24"])
def test_a_route_to_the_wrong_peering_is_led_to_the_right_one(destination: str) -> None:
    """https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-limitations."""
    peers = Peers()
    peers.table.route(destination, peers.wrong)
    answer = peers.ask()
    assert (answer.verdict, answer.culprits, codes(answer)) == ("no", (peers.table.id,), [Code.ROUTE_ASTRAY])
    assert peers.mended(answer) == [(destination, peers.right.id, True)]


def test_beside_a_route_that_is_right_for_others_a_longer_one_is_added() -> None:
    peers = Peers()
    peers.table.route("10.2.0.0/15", peers.wrong)
    answer = peers.ask()
    assert answer.culprits == (peers.table.id,)
    assert peers.mended(answer) == [("10.2.0.0/16", peers.right.id, False)]


def test_private_addresses_led_to_an_internet_gateway() -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html."""
    peers = Peers()
    peers.table.route("10.2.0.0/16", peers.near.internet_gateway())
    answer = peers.ask()
    assert (answer.verdict, answer.culprits, codes(answer)) == ("no", (peers.table.id,), [Code.ROUTE_ASTRAY])
    assert peers.mended(answer) == [("10.2.0.0/16", peers.right.id, True)]


def test_a_default_route_takes_what_a_route_beside_it_was_forgotten_for() -> None:
    """The fix said nothing."""
    peers = Peers()
    peers.table.route("0.0.0.0/0", peers.near.internet_gateway())
    answer = peers.ask()
    assert (answer.verdict, answer.culprits, codes(answer)) == ("no", (peers.table.id,), [Code.ROUTE_ASTRAY])
    assert peers.mended(answer) == [("10.2.0.0/16", peers.right.id, False)]


def test_where_nothing_else_leads_there_the_table_is_named_before_the_peering() -> None:
    peers = Peers()
    peers.table.route("10.9.0.0/16", peers.wrong)
    answer = ask(peers.net, peers.client, "10.9.1.1", tcp=443)
    assert (answer.verdict, answer.codes) == ("no", {Code.PEERING_NO_TRANSIT})
    assert answer.culprits == (peers.table.id, peers.wrong.id)


def test_a_peering_whose_other_vpc_is_not_in_the_snapshot_may_be_right() -> None:
    peers = Peers()
    beyond = topology("999999999999").vpc("beyond", "10.7.0.0/16")
    peers.table.route("10.2.0.0/16", peers.near.peer(beyond))
    assert peers.ask().verdict == "unknown"
