"""The benchmark runs, and the organisation that it measures is sound."""

from __future__ import annotations

import sys
from collections import Counter
from functools import cache, partial
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench import large, measures, run  # noqa: E402
from bench.organisation import account_id, organisation  # noqa: E402

from mwaanet.checks.ask import ask  # noqa: E402
from mwaanet.checks.diagnose import diagnose  # noqa: E402
from mwaanet.graph.network import Network  # noqa: E402
from mwaanet.model.inventory import Inventory  # noqa: E402
from mwaanet.model.network_interface import NetworkInterface  # noqa: E402
from mwaanet.model.site import Site  # noqa: E402
from mwaanet.paths.trace import Reachable  # noqa: E402
from mwaanet.snapshot import Snapshot  # noqa: E402

VPCS = 12
OWN = 2
"""VPCs of the environment's own architecture."""


@cache
def snapshot() -> Snapshot:
    return Snapshot.from_files(dict(organisation(VPCS)))


@cache
def network() -> Network:
    found = snapshot()
    assert found.site_text
    return Network(Inventory.load(found, Site.parse(found.site_text, "mwaanet.yaml")))


class TestOrganisation:
    def test_has_the_vpcs_that_were_asked_for(self) -> None:
        assert len(network().inventory.vpcs) == VPCS + OWN
        assert len(snapshot().manifest.accounts) == 2 + OWN

    @pytest.mark.parametrize("vpcs", [0, 1_000_000])
    def test_refuses_other_sizes(self, vpcs: int) -> None:
        with pytest.raises(ValueError, match="VPCs"):
            next(organisation(vpcs))

    def test_ids_and_addresses_are_of_one_holder_each(self) -> None:
        inventory = network().inventory
        records = inventory.records("ec2", "describe-network-interfaces", NetworkInterface)
        assert max(Counter(record.network_interface_id for record in records).values()) == 1
        held = Counter((record.vpc_id, record.private_ip_address) for record in records)
        assert max(held.values()) == 1
        blocks = [inventory.vpc_cidrs(vpc) for vpc in inventory.vpcs]
        assert not any(one & other for number, one in enumerate(blocks) for other in blocks[:number])

    def test_nothing_refers_to_what_is_not_there(self) -> None:
        inventory = network().inventory
        for record in inventory.network_interfaces.values():
            assert record.subnet_id in inventory.subnets
            assert {group.group_id for group in record.groups} <= set(inventory.security_groups)
        for attachment in inventory.transit_gateway_attachments.values():
            table = inventory.associated_table(attachment.transit_gateway_attachment_id, attachment.transit_gateway_id)
            assert table in inventory.transit_gateway_route_tables

    def test_every_vpc_reaches_every_other(self) -> None:
        inventory = network().inventory
        hosts = {record.vpc_id: record.instance_id for record in inventory.instances.values()}
        assert len(hosts) == VPCS
        names = list(hosts.values())
        for source, destination in zip(names, [*names[1:], names[0]], strict=True):
            assert ask(network(), source, destination, 6, 443).reachable is Reachable.YES

    def test_what_one_transit_gateway_does_not_take_is_on_others_with_the_same_addresses(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bench.organisation.PER_GATEWAY", 1)
        found = Snapshot.from_files(dict(organisation(VPCS)))
        assert found.site_text
        inventory = Inventory.load(found, Site.parse(found.site_text, "mwaanet.yaml"))
        assert len(inventory.vpcs) == VPCS + OWN
        gateways = {
            vpc: [one.transit_gateway_id for one in inventory.vpc_attachments_of(vpc)] for vpc in inventory.vpcs
        }
        assert sorted(Counter(one for (one,) in gateways.values()).values()) == [VPCS - 10, 10 + OWN]
        assert {one for (one,) in gateways.values()} == set(inventory.transit_gateways)
        hosts = {record.vpc_id: record.instance_id for record in inventory.instances.values()}
        first, other = list(hosts)[9], list(hosts)[10:]
        assert inventory.vpc_cidrs(other[0]) == inventory.vpc_cidrs(next(iter(hosts)))
        answers = [ask(Network(inventory), hosts[source], hosts[other[1]], 6, 443) for source in (other[0], first)]
        assert [answer.reachable for answer in answers] == [Reachable.YES, Reachable.NO]
        assert not inventory.problems

    def test_the_environment_is_healthy(self) -> None:
        found = {path.id: path.status.value for path in diagnose(snapshot(), site=network().inventory.site_file).paths}
        assert (found["s3"], found["service"]) == ("pass", "pass")


class TestRun:
    def test_prints_every_figure(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run.main(["--sizes", "1,2", "--repeat", "1", "--traces", "2", "--large", "40"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert [line[:28].rstrip() for line in lines[: len(run.TABLE)]] == [column.title for column in run.TABLE]
        cases = [*large.CASES, large.DIAGNOSIS]
        assert [line[:28].rstrip() for line in lines[len(run.TABLE) + 1 :][: len(cases)]] == cases
        assert ["too small to judge" in line for line in lines[-2:]] == [True, True]

    def test_limits(self) -> None:
        asked = {"diagnosis": 0.02, "trace": 0.001, "trace again": 0.0005, "calls diagnosis": 4e5, "calls traces": 5e5}
        small = {"vpcs": 100.0} | asked
        good = small | {"vpcs": 800.0, "once": 40.0, "ratio": 3.0, "memory": 7.9, "indexes": 0.5}
        assert [kept for kept, _ in run.verdicts([small, good])] == [True] * 9
        assert "above the aim" in run.verdicts([small, good])[2][1]
        bad = [("once", 101.0), ("ratio", 8.1), ("memory", 9.0), ("indexes", 2.1)]
        bad += [(figure, value * 2.6) for figure, value in asked.items()]
        for number, (figure, value) in enumerate(bad):
            judged = run.verdicts([small, good | {figure: value}])
            assert [kept for kept, _ in judged] == [other != number for other in range(9)]
            assert "TOO MUCH" in judged[number][1]

    def test_the_same_questions_take_as_many_calls_of_functions_in_a_larger_organisation(self) -> None:
        larger = Network(Inventory.load(Snapshot.from_files(dict(organisation(VPCS + 10))), None))
        vpcs = [vpc for vpc, record in larger.inventory.vpcs.items() if record.owner_id == account_id(0)]
        asked = measures.pairs(larger.inventory, vpcs, 20)
        assert len(vpcs) == 10
        assert measures.pairs(network().inventory, vpcs, 20) == asked
        counts = []
        for one in (network(), larger):
            measures.answers(one, asked)
            counts.append(measures.calls(partial(measures.answers, one, asked)))
        assert abs(counts[0] - counts[1]) < len(asked), "Python's collector may call some, no question may"

    def test_growth_with_the_square_is_too_much(self) -> None:
        linear, square = large.Growth("rules", 0.1, 0.4), large.Growth("routes", 0.1, 1.6)
        assert run.large_verdict(1000, [linear])[0]
        kept, text = run.large_verdict(1000, [linear, square])
        assert not kept
        assert "TOO MUCH" in text
        assert "routes" in text
