"""Lint: what is wrong with assertions, and which say nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder import mwaa_estate, rule
from checks.asserting import TODAY, loaded, subject_of
from checks.cases import CHECKS
from checks.test_assertions import hosts
from mwaanet.checks.context import Context
from mwaanet.checks.lint import Problem, lint
from mwaanet.checks.result import Status
from mwaanet.checks.topology import load_topology
from mwaanet.report.lint_text import lint_text


@pytest.fixture(scope="module")
def estate() -> Context:
    return subject_of(mwaa_estate())


@pytest.fixture(scope="module")
def network() -> Context:
    return subject_of(hosts(rule("tcp", 443)))


def linted(*assertions: str, context: Context | None = None) -> list[tuple[str, str, str]]:
    """The check, the status and the message of each problem; assertions are called a, b, …"""
    lines = [f"  - {{id: {chr(97 + n)}, {assertion}}}\n" for n, assertion in enumerate(assertions)]
    problems = lint(loaded("version: 1\nassertions:\n" + "".join(lines)), TODAY, context)
    return [(one.check, one.status.value, one.message) for one in problems]


REACH = "reach: {from: %s, to: %s, port: %s}"
BLOCKED = "expect: blocked, reach: {from: %s, to: %s, port: %s}"


class TestWithoutASnapshot:
    def test_a_contradiction(self) -> None:
        both = REACH % ("dc1", "10.1.0.0/16", "443-500"), BLOCKED % ("dc1", "10.1.2.3", 443)
        ((check, status, message),) = linted(*both)
        assert (check, status) == ("b", "fail")
        assert message == "contradicts a (line 3): dc1 to 10.1.0.0/16 on tcp 443"

    @pytest.mark.parametrize(
        "other",
        [
            BLOCKED % ("dc1", "10.2.0.0/16", 443),
            BLOCKED % ("dc1", "10.1.0.0/16", 22),
            BLOCKED % ("dc2", "10.1.0.0/16", 443),
            (BLOCKED % ("dc1", "10.1.0.0/16", 443)).replace("port", "protocol: udp, port"),
            (BLOCKED % ("dc1", "10.1.0.0/16", 443)).replace("port", "not-via: network-firewall, port"),
            BLOCKED % ("dc1", "{any: [10.1.2.3, x.example.com]}", 443),
            "when: access_mode == 'PUBLIC_ONLY', " + BLOCKED % ("dc1", "10.1.0.0/16", 443),
        ],
    )
    def test_what_is_none(self, other: str) -> None:
        assert linted(REACH % ("dc1", "10.1.0.0/16", "443-500"), other) == []

    def test_what_follows_from_another(self) -> None:
        found = linted(REACH % ("dc1", "10.1.2.3", 443), REACH % ("[dc1, dc2]", "10.1.0.0/16", "443-500"))
        assert found == [("a", "warn", "follows from b (line 4)")]
        assert linted(BLOCKED % ("dc1", "10.1.2.3", 443), "expect: blocked, reach: {from: dc1, to: 10.1.0.0/16}") == [
            ("a", "warn", "follows from b (line 4)")
        ]

    def test_the_same_question_twice(self) -> None:
        asked = "permit: {principal: mwaa.execution-role, actions: s3:GetObject, resources: '{bucket_arn}'}"
        assert linted(asked, asked) == [("b", "warn", "says the same as a (line 3)")]
        assert linted(asked, f"expect: denied, {asked}") == [("b", "fail", "contradicts a (line 3)")]

    def test_a_service_that_is_none(self) -> None:
        """A warning only: the snapshot may list services that are newer than mwaanet."""
        asked = "resolve: {name: 'service:sqss', from: mwaa.worker}"
        assert linted(asked) == [("a", "warn", "'sqss' is no AWS service that mwaanet knows (did you mean sqs?)")]

    def test_a_waiver_that_ended(self) -> None:
        found = linted("waive: {until: 2026-06-14, because: x}, " + REACH % ("dc1", "dc2", 1))
        assert found == [("a", "warn", "the waiver ended on 2026-06-14")]

    def test_every_mistake_is_told_with_its_place(self, tmp_path: Path) -> None:
        file = tmp_path / "topology.yaml"
        text = "version: 1\nassertions:\n  - {id: a, reech: x}\n  - {id: b, skip: ''}\n  - {id: c, skip: no}\n"
        file.write_text(text)
        found = lint(load_topology([file], tolerant=True), TODAY)
        assert [(one.line, one.column, one.status) for one in found] == [(3, 13, Status.FAIL), (4, 19, Status.FAIL)]
        printed = lint_text(found, 1)
        assert printed.startswith(f"{file}:3:13: error: assertion: unknown key 'reech' (did you mean reach?)\n")
        assert printed.endswith("1 assertion: 2 errors, 0 warnings\n")


class TestWithASnapshot:
    @pytest.mark.parametrize("end", ["tag:Name=none", "subnet-0123456789abcdef0"])
    def test_a_selector_that_means_nothing(self, estate: Context, end: str) -> None:
        ((check, status, message),) = linted(REACH % (f"'{end}'", "bucket", 443), context=estate)
        assert (check, status) == ("a", "fail")
        assert message.startswith(f"{end} selects nothing: ")
        ((_, status, _),) = linted("allow-empty: true, " + REACH % (f"'{end}'", "bucket", 443), context=estate)
        assert status == "warn"

    def test_addresses_that_nobody_has(self, network: Context) -> None:
        asked = BLOCKED % ("10.1.1.10", "10.1.2.77", 443)
        message = "10.1.2.77 selects nothing: nobody has it"
        assert linted(asked, context=network) == [("a", "fail", message)]
        assert linted(f"allow-empty: true, {asked}", context=network) == [("a", "warn", message)]
        assert linted(BLOCKED % ("10.1.1.10", "10.1.2.0/24", 443), context=network) == []

    def test_a_way_over_what_does_not_exist(self, estate: Context) -> None:
        asked = "reach: {from: mwaa.worker, to: bucket, port: 443, not-via: nat-0123456789abcdef0}"
        message = "nat-0123456789abcdef0 of via or not-via is nothing in this snapshot"
        assert linted(asked, context=estate) == [("a", "fail", message)]
        assert linted(f"allow-empty: true, {asked}", context=estate) == [("a", "warn", message)]

    def test_exceptions(self, network: Context) -> None:
        assert linted(REACH % ("{all: 10.1.1.0/24, except: 10.1.2.0/24}", "10.1.2.20", 443), context=network) == [
            ("a", "warn", "except: 10.1.2.0/24 takes nothing away")
        ]
        ((_, status, message),) = linted(
            REACH % ("{all: 10.1.1.10, except: 10.1.1.0/24}", "10.1.2.20", 443), context=network
        )
        assert (status, message) == ("fail", "10.1.1.10 except 10.1.1.0/24 selects nothing: everything is excepted")

    def test_ends_are_compared_by_what_they_mean(self, estate: Context) -> None:
        (worker, _) = mwaa_estate().workers
        found = linted(
            REACH % ("mwaa.worker", "bucket", 443),
            BLOCKED % (f"mwaa.worker@{worker.id}", "bucket", 443),
            context=estate,
        )
        assert [(check, status) for check, status, _ in found] == [("b", "fail")]


def test_the_built_in_checks_pass(estate: Context) -> None:
    topology = load_topology([CHECKS])
    found: list[Problem] = [*lint(topology, TODAY), *lint(topology, TODAY, estate)]
    assert found == []
