"""What is large in one place: a group of many rules, a table of many routes, a VPC of many endpoints.

Each case is measured twice, the second time four times as large. The time may grow as much, not with the square.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple
from unittest.mock import patch

from builder import Topology, mwaa_estate, rule, self_ref, topology
from builder.security_group import SecurityGroup
from mwaanet.checks.ask import ask
from mwaanet.checks.diagnose import diagnose
from mwaanet.graph.network import Network
from mwaanet.model.inventory import Inventory
from mwaanet.model.site import Site
from mwaanet.snapshot import Snapshot

TIMES = 4
DIAGNOSIS = "endpoints, whole diagnosis"
NEAR, FAR = "10.0.0.0/8", "172.16.0.0/12"


class Question(NamedTuple):
    """Who sends TCP to whom, to which port (None: to all), and whether it arrives."""

    source: str
    destination: str
    port: int | None
    reachable: str


Made = tuple[Topology, list[Question]]


class Growth(NamedTuple):
    """Seconds of CPU time for the smaller and the larger of a case."""

    title: str
    small: float
    large: float

    @property
    def factor(self) -> float:
        """How much longer the larger takes."""
        return self.large / self.small


def measure(number: int, repeat: int) -> list[Growth]:
    """Every case with a quarter of the number and with all of it, the best of several."""
    sizes = (number // TIMES, number)
    found = [Growth(title, *(_trace_seconds(make(size), repeat) for size in sizes)) for title, make in CASES.items()]
    return [*found, Growth(DIAGNOSIS, *(_diagnosis_seconds(size // 2, repeat) for size in sizes))]


def _trace_seconds(made: Made, repeat: int) -> float:
    net, questions = made
    inventory = Inventory.load(Snapshot.from_files(dict(net.files())))

    def answer() -> None:
        network = Network(inventory)
        for asked in questions:
            found = ask(network, asked.source, asked.destination, 6, asked.port).reachable.value
            assert found == asked.reachable, (asked, found)

    return _best(answer, repeat)


def _diagnosis_seconds(endpoints: int, repeat: int) -> float:
    estate = mwaa_estate()
    subnet = estate.vpc.subnet("many", "10.24.128.0/20")
    for number in range(endpoints):
        estate.vpc.endpoint(f"service-{number}", [subnet], groups=[estate.endpoint_group])
    snapshot = Snapshot.from_files(dict(estate.files()))
    site = Site.parse(snapshot.site_text or "", "mwaanet.yaml")
    inventory = Inventory.load(snapshot, site)
    with patch.object(Inventory, "load", lambda *_: inventory):
        return _best(lambda: diagnose(snapshot, site=site), repeat)


def _best(answer: Callable[[], object], repeat: int) -> float:
    taken = []
    for _ in range(repeat):
        start = time.process_time()
        answer()
        taken.append(time.process_time() - start)
    return min(taken)


def _blocks(number: int) -> list[str]:
    """So many blocks on the far side, of which no two are neighbours."""
    return [f"172.{16 + n // 256}.{n % 256}.0/25" for n in range(number)]


class _Peered:
    """A near VPC with a client and a far one with a host: the client's group and routes are what is large."""

    def __init__(self) -> None:
        self.net = topology()
        self.near, self.far = self.net.vpc("near", NEAR), self.net.vpc("far", FAR)
        self.peering = self.near.peer(self.far)
        beyond = self.far.subnet("far", "172.16.0.0/14")
        beyond.route(NEAR, self.peering)
        self.host = beyond.interface(groups=[self.far.security_group("far", ingress=[rule("tcp", 443, NEAR)])])
        self.subnet = self.near.subnet("near", "10.1.0.0/24")

    def asked(self, group: SecurityGroup) -> Made:
        """Everything on the far side is asked for, then the one host."""
        client = self.subnet.interface(groups=[group])
        return self.net, [Question(client.id, FAR, 443, "partial"), Question(client.id, self.host.id, 443, "yes")]


def _ports(number: int) -> Made:
    net = topology()
    vpc = net.vpc("near", NEAR)
    subnet = vpc.subnet("near", "10.1.0.0/24")
    opens = [rule("tcp", 1000 + 2 * n, NEAR) for n in range(number)]
    host = subnet.interface(groups=[vpc.security_group("host", ingress=opens)])
    client = subnet.interface(groups=[vpc.security_group("client")])
    return net, [Question(client.id, host.id, None, "partial"), Question(client.id, host.id, 999, "no")]


def _addresses(number: int) -> Made:
    made = _Peered()
    made.subnet.route(FAR, made.peering)
    return made.asked(made.near.security_group("near", egress=[rule("tcp", 443, block) for block in _blocks(number)]))


def _prefix_list(number: int) -> Made:
    made = _Peered()
    listed = made.net.prefix_list("far", *_blocks(number))
    made.subnet.route(listed, made.peering)
    return made.asked(made.near.security_group("near", egress=[rule("tcp", 443, listed)]))


def _routes(number: int) -> Made:
    made = _Peered()
    for block in _blocks(number):
        made.subnet.route(block, made.peering)
    return made.asked(made.near.security_group("near"))


def _tables(number: int) -> Made:
    made = _Peered()
    group = made.near.security_group("near")
    questions = []
    for n in range(number // 20):
        subnet = made.near.subnet(f"near-{n}", f"10.2.{n}.0/24")
        for block in _blocks(200):
            subnet.route(block, made.peering)
        questions.append(Question(subnet.interface(groups=[group]).id, made.host.id, 443, "yes"))
    return made.net, questions


def _members(number: int) -> Made:
    net = topology()
    vpc = net.vpc("near", NEAR)
    subnet = vpc.subnet("near", "10.1.0.0/16")
    group = vpc.security_group("members", ingress=[self_ref()], egress=[self_ref()])
    first, *_, last = [subnet.interface(f"10.1.{n // 200}.{20 + n % 200}", groups=[group]).id for n in range(number)]
    return net, [Question(first, last, 443, "yes"), Question(first, "10.1.0.0/16", 443, "partial")]


CASES: dict[str, Callable[[int], Made]] = {
    "rules for ports": _ports,
    "rules for addresses": _addresses,
    "entries of a prefix list": _prefix_list,
    "routes of a table": _routes,
    "tables of 200 routes (/20)": _tables,
    "members of a group": _members,
}
