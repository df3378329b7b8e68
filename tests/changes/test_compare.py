"""Two snapshots compared: the consequence, the change that explains it, and what explains nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from builder import inbound, outbound, rule, topology
from mwaanet.api.opening import open_demo
from mwaanet.changes.compare import Comparison, compare
from mwaanet.changes.consequence import Consequence, Tried, Turn
from mwaanet.changes.trying import Side
from mwaanet.checks.language import Check
from mwaanet.checks.load import builtin_checks, load_checks, together
from mwaanet.checks.result import Status
from mwaanet.checks.topology import load_topology
from mwaanet.cli.options import exit_code
from mwaanet.errors import UsageError
from mwaanet.snapshot import Snapshot

HEALTHY = "healthy"
ENVIRONMENT_GROUP, TABLE_B = "sg-0ab68ce83db20b2a2", "rtb-01c1453376d2164e6"


@cache
def compared(old: str, new: str, *files: Path) -> Comparison:
    checks = together([builtin_checks(), *map(load_checks, files)])
    return compare(Side.of(*open_demo(old), None), Side.of(*open_demo(new), None), checks)


def of(comparison: Comparison, check: str) -> Consequence:
    (found,) = (one for one in comparison.consequences if one.id == check)
    return found


def causes(one: Consequence) -> dict[str, int]:
    """The resources that explain it, each with how many of the pairs it brings about alone."""
    return {cause.change.resource: len(cause.pairs) for cause in one.causes}


def turns(comparison: Comparison) -> set[Turn]:
    return {one.turn for one in comparison.consequences}


@pytest.mark.parametrize(
    ("variant", "check", "culprit"),
    [
        ("s3-route-missing", "S3-REACH", TABLE_B),
        ("s3-bucket-policy-vpce", "S3-READ", "fernleaf-ingest-prod-airflow"),
        ("sqs-endpoint-missing", "SQS-REACH", "vpce-07086054c0a4e5078"),
        ("dns-support-off", "NEXUS-NAME", "vpc-017d6f504d8214274"),
        ("api-site-firewall", "API-SITE", "mwaanet.yaml"),
        ("nexus-service-not-accepted", "NEXUS-SERVICE", "vpce-con-081a2299aed56ac83"),
    ],
)
def test_what_broke_it_is_found_and_tried(variant: str, check: str, culprit: str) -> None:
    found = compared(HEALTHY, variant)
    one = of(found, check)
    assert (one.turn, one.before, one.after, one.tried) == (Turn.WORSE, Status.PASS, Status.FAIL, Tried.ALONE)
    assert causes(one) == {culprit: len(one.pairs)}
    assert exit_code(found.statuses) == 1


def test_two_faults_are_told_each_with_what_it_does_alone() -> None:
    """The group stops both subnets, the missing route one of them too."""
    found = compared(HEALTHY, "s3-egress-and-route")
    assert causes(of(found, "S3-REACH")) == {ENVIRONMENT_GROUP: 2, TABLE_B: 1}
    assert [change.resource for change in found.unrelated] == ["vpce-023f7d6cf3c2cedd0"]


def test_mending_two_faults_takes_both_changes() -> None:
    found = compared("s3-egress-and-route", HEALTHY)
    one = of(found, "S3-REACH")
    assert (one.turn, one.tried) == (Turn.BETTER, Tried.TOGETHER)
    assert set(causes(one)) == {ENVIRONMENT_GROUP, TABLE_B}
    assert exit_code(found.statuses) == 0


def test_what_was_not_told_is_no_change_of_reachability() -> None:
    """Nobody may list the endpoints any more: nothing got worse, and nothing is gone."""
    found = compared(HEALTHY, "refused-endpoints")
    assert turns(found) == {Turn.UNKNOWN}
    assert {need.operation for one in found.consequences for need in one.needs} == {"describe-vpc-endpoints"}
    assert [call.operation for call in found.told.no_longer] == ["describe-vpc-endpoints"]
    assert found.unrelated == ()
    assert exit_code(found.statuses) == 3


def test_being_told_again_is_no_improvement() -> None:
    found = compared("refused-endpoints", HEALTHY)
    assert turns(found) == {Turn.KNOWN}
    assert exit_code(found.statuses) == 0


def test_a_failure_that_was_not_known_is_no_proof_of_a_change() -> None:
    """From unknown to fail: the fault may be old."""
    found = compared("refused-endpoints", "s3-route-missing")
    assert Turn.WORSE not in turns(found)
    assert exit_code(found.statuses) == 3


def test_changes_that_explain_nothing_are_apart() -> None:
    """The group's rules were narrowed to what is used."""
    found = compared(HEALTHY, "tight-egress")
    assert [one for one in found.consequences if one.turn is Turn.WORSE] == []
    assert exit_code(found.statuses) == 0


def test_lost_redundancy_counts_as_worse_only_where_warnings_do() -> None:
    found = compared(HEALTHY, "spare-link-down")
    assert of(found, "NEXUS-NETWORK").after is Status.WARN
    assert exit_code(found.statuses) == 0
    assert exit_code(found.statuses, strict=True) == 1


def test_what_closed_beside_the_checks_is_told_and_does_not_count() -> None:
    """Only one host of the site may call any more; the checks ask for that one."""
    found = compared(HEALTHY, "api-narrow-group")
    closed = [one for one in found.consequences if one.turn is Turn.CLOSED]
    assert {pair.destination for one in closed for pair in one.pairs} >= {"mwaa.webserver"}
    assert all(causes(one) == {ENVIRONMENT_GROUP: 1} for one in closed)
    assert exit_code(found.statuses) == 0
    opened = [one for one in compared("api-narrow-group", HEALTHY).consequences if one.turn is Turn.OPENED]
    assert {one.packets for one in opened} == {one.packets for one in closed}


def test_nothing_changed() -> None:
    found = compared(HEALTHY, HEALTHY)
    assert (found.consequences, found.unrelated, found.told.no_longer) == ((), (), ())
    assert {path.before for path in found.paths} == {path.after for path in found.paths} == {Status.PASS}


def test_assertions_of_users_are_compared_too(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(
        """\
version: 1
checks:
  - id: OURS-CLIENTS
    title: All clients call the web server
    path: api
    severity: low
    why: because
    source: https://example.com/why
    fix: open it
    reach: {from: 172.20.7.0/24, to: mwaa.webserver, port: 443}
""",
        encoding="utf-8",
    )
    one = of(compared(HEALTHY, "api-narrow-group", file), "OURS-CLIENTS")
    assert (one.turn, one.after, causes(one)) == (Turn.WORSE, Status.FAIL, {ENVIRONMENT_GROUP: 1})


TINY = """\
version: 1
assertions:
  - id: servers
    reach: {from: 10.1.1.10, to: 10.1.2.20, port: 443}
  - id: others
    expect: blocked
    reach: {from: 10.1.1.10, to: 10.1.2.20, port: 22}
"""


class TestATinyNetwork:
    """A client and a server, without an environment: only what users assert is compared."""

    @pytest.fixture
    def checks(self, tmp_path: Path) -> tuple[Check, ...]:
        (tmp_path / "topology.yaml").write_text(TINY, encoding="utf-8")
        return load_topology([tmp_path / "topology.yaml"]).checks

    @staticmethod
    def side(*opened: int, reply: bool = True, seen: bool = True, tag: str = "") -> Side:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        takers = vpc.security_group("servers", ingress=[rule("tcp", port, "10.1.0.0/16") for port in opened])
        ports = (1024, 65535) if reply else (1, 2)
        entries = [inbound(100, "allow", "all", None, "0.0.0.0/0"), outbound(100, "allow", "tcp", ports, "10.1.0.0/16")]
        vpc.subnet("clients", "10.1.1.0/24").interface("10.1.1.10", groups=[vpc.security_group("clients")])
        servers = vpc.subnet("servers", "10.1.2.0/24")
        servers.interface("10.1.2.20", groups=[takers])
        acl = vpc.network_acl("servers", *entries, subnets=[servers])
        if tag:
            acl.record["Tags"].append({"Key": "note", "Value": tag})
        if not seen:
            net.refuse(net.account_id, net.name, "ec2", "describe-network-acls")
        return Side.of(Snapshot.from_files(net.files(), "tiny"), None, None)

    def test_a_rule_taken_away(self, checks: tuple[Check, ...]) -> None:
        found = compare(self.side(443), self.side(), checks)
        one = of(found, "servers")
        assert (one.turn, one.tried) == (Turn.WORSE, Tried.ALONE)
        assert [str(field) for cause in one.causes for field in cause.change.fields] == [
            "IpPermissions: tcp 443 10.1.0.0/16 removed"
        ]
        assert found.paths == ()

    def test_a_rule_added_breaks_what_must_be_blocked(self, checks: tuple[Check, ...]) -> None:
        found = compare(self.side(443), self.side(443, 22), checks)
        assert (of(found, "others").turn, len(found.consequences)) == (Turn.WORSE, 1)

    def test_two_changes_that_only_together_open_the_way(self, checks: tuple[Check, ...]) -> None:
        one = of(compare(self.side(reply=False), self.side(443), checks), "servers")
        assert (one.turn, one.tried, len(one.causes)) == (Turn.BETTER, Tried.TOGETHER, 2)

    def test_two_changes_each_of_which_is_enough(self, checks: tuple[Check, ...]) -> None:
        one = of(compare(self.side(443), self.side(reply=False), checks), "servers")
        assert (one.turn, one.tried, len(one.causes)) == (Turn.WORSE, Tried.ALONE, 2)

    def test_a_tag_changes_nothing(self, checks: tuple[Check, ...]) -> None:
        found = compare(self.side(443), self.side(443, tag="new"), checks)
        assert found.consequences == ()
        (change,) = found.unrelated
        assert [str(field) for field in change.fields] == ["Tags: note=new added"]

    def test_what_nobody_may_list_any_more_is_unknown(self, checks: tuple[Check, ...]) -> None:
        """Also where something else broke meanwhile: what certainly stops packets is no matter of what is unknown."""
        found = compare(self.side(443), self.side(443, seen=False), checks)
        assert (turns(found), found.unrelated) == ({Turn.UNKNOWN}, ())
        both = compare(self.side(443), self.side(seen=False), checks)
        assert of(both, "servers").turn is Turn.WORSE

    def test_an_environment_in_one_of_them_only(self) -> None:
        with pytest.raises(UsageError, match="tiny holds no environment"):
            compare(Side.of(*open_demo(HEALTHY), None), self.side(443), builtin_checks())


def test_a_warning_instead_of_a_failure_is_no_worse_where_warnings_count() -> None:
    found = compared("nexus-record-missing", "spare-link-down")
    better = replace(found, consequences=tuple(one for one in found.consequences if one.turn is Turn.BETTER))
    assert better.consequences
    assert exit_code(better.statuses, strict=True) == 0
