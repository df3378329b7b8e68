"""Assertions in every form: JUnit opens in a parser, SARIF is valid, and no name means anything to what shows it."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import jsonschema
import pytest
from junitparser import Error, Failure, JUnitXml, Skipped

from builder import rule
from checks.asserting import TODAY, loaded
from checks.cases import ROOT
from checks.test_assertions import hosts
from mwaanet.checks.assertions import AssertionReport, assertion_report, subject
from mwaanet.names.route53_profile import NO_PROFILES
from mwaanet.report.assertions_json import assertions_json
from mwaanet.report.assertions_markdown import assertions_markdown
from mwaanet.report.assertions_text import assertions_text, details_of
from mwaanet.report.github import github_text
from mwaanet.report.junit import junit_xml
from mwaanet.report.markdown import escaped, fenced
from mwaanet.report.sarif import sarif_json
from mwaanet.snapshot.reader import Snapshot

HOSTILE = 'a|b<img src=x onerror=alert(1)>`@admin [x](http://e) %0A::error::\\u0000\\u001b[31m\\uffff\\u202e]]> & \\"q'
ASSERTIONS = f"""\
version: 1
assertions:
  - id: passes
    reach: {{from: 10.1.1.10, to: 10.1.2.20, port: 443}}
  - id: broken
    severity: critical
    reason: "{HOSTILE}"
    title: "{HOSTILE}"
    expect: blocked
    reach: {{from: 10.1.1.10, to: 10.1.2.20, port: 443}}
  - id: stopped
    reach: {{from: 10.1.1.10, to: 10.1.2.20, port: 22}}
  - id: put-up-with
    waive: {{until: 2027-01-31, because: "{HOSTILE}"}}
    reach: {{from: 10.1.1.10, to: 10.1.2.20, port: 22}}
  - id: unknown
    resolve: {{name: www.example.org, from: 10.1.1.10}}
  - id: absent
    allow-empty: true
    reach: {{from: "tag:Name=none", to: 10.1.2.20}}
"""


@pytest.fixture(scope="module")
def report() -> AssertionReport:
    snapshot = Snapshot.from_files(hosts(rule("tcp", 443)).files())
    found = assertion_report(snapshot, subject(snapshot), loaded(ASSERTIONS).checks, TODAY)
    assert [result.status.value for result in found.results] == ["pass", "fail", "fail", "fail", "unknown", "skip"]
    return found


def test_what_was_taken_for_granted_is_told_once_in_every_form_for_people_and_as_json() -> None:
    """Nobody was asked for Route 53 Profiles, by which a VPC may have names."""
    net = hosts(rule("tcp", 443))
    for account, regions in Snapshot.from_files(net.files()).manifest.accounts.items():
        for region in regions:
            net.drop_call(account, region, "route53profiles", "list-profile-associations")
    snapshot = Snapshot.from_files(net.files())
    text = "version: 1\nassertions:\n" + "".join(
        f"  - id: {name}\n    resolve: {{name: {name}.corp.example, from: 10.1.1.10}}\n" for name in ("a", "b")
    )
    found = assertion_report(snapshot, subject(snapshot), loaded(text).checks, TODAY)
    assert found.assumptions == (NO_PROFILES,)
    assert json.loads(assertions_json(found))["assumptions"] == [NO_PROFILES]
    assert assertions_markdown(found).count(NO_PROFILES) == 1
    assert assertions_text(found, width=200, colour=False, unicode=True).count(NO_PROFILES) == 1


def test_junit_has_a_test_case_for_each(report: AssertionReport) -> None:
    text = junit_xml(report, {result.check.id: details_of(report, result) for result in report.results})
    document = JUnitXml.fromstring(text.encode())
    (suite,) = document
    outcomes = {case.name: [type(found) for found in case.result] for case in suite}
    assert outcomes == {
        **{"passes": [], "broken": [Failure], "stopped": [Failure]},
        **{"put-up-with": [Skipped], "unknown": [Error], "absent": [Skipped]},
    }
    assert (document.tests, document.failures, document.errors, document.skipped) == (6, 2, 1, 2)
    broken = next(case for case in suite if case.name == "broken").result[0]
    assert "10.1.1.10:32768 -> 10.1.2.20:443" in broken.text
    assert ElementTree.fromstring(text).tag == "testsuites"


def test_sarif_is_valid_and_points_to_the_assertion(report: AssertionReport) -> None:
    schema = json.loads((ROOT / "tests" / "report" / "schemas" / "sarif-2.1.0.json").read_text())
    document = json.loads(sarif_json(report))
    jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker()).validate(document)
    (run,) = document["runs"]
    lines = {found["ruleId"]: found["locations"][0]["physicalLocation"]["region"] for found in run["results"]}
    written = dict(enumerate(ASSERTIONS.splitlines(), start=1))
    assert all(written[place["startLine"]].strip() == f"- id: {name}" for name, place in lines.items())
    assert all(written[place["startLine"]][place["startColumn"] - 1 :].startswith("id:") for place in lines.values())
    levels = {found["ruleId"]: found["level"] for found in run["results"]}
    assert levels == {"broken": "error", "stopped": "error", "put-up-with": "error", "unknown": "warning"}
    waived = [found["ruleId"] for found in run["results"] if "suppressions" in found]
    assert waived == ["put-up-with"]
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == {result.check.id for result in report.results}


def test_annotations_are_one_command_a_line(report: AssertionReport) -> None:
    lines = github_text(report).splitlines()
    command = re.compile(r"::(\w+) file=[^,:]+,line=(\d+),col=5,title=[\w-]+%3A (\w+)::.+")
    found = [command.fullmatch(line) for line in lines]
    assert [match and (match[1], match[3]) for match in found] == [
        ("error", "fail"),
        ("error", "fail"),
        ("notice", "waived"),
        ("warning", "unknown"),
    ]
    assert "%0A" not in "".join(lines).replace("%250A", "")


def test_json_has_all_of_it(report: AssertionReport) -> None:
    document = json.loads(assertions_json(report))
    assert document["summary"] == {"pass": 1, "warn": 0, "fail": 3, "unknown": 1, "skip": 1, "waived": 1}
    broken = document["assertions"][1]
    assert (broken["expect"], broken["line"], broken["status"]) == ("blocked", 5, "fail")
    (witness,) = broken["witnesses"]
    assert witness["packet"]["dport"] == 443
    assert witness["hops"][0]["kind"] == "network-interface"
    (stopped,) = document["assertions"][2]["witnesses"]
    assert (stopped["passed"], stopped["hops"][-1]["action"]) == (False, "deny")
    assert document["assertions"][3]["waived"]["until"] == "2027-01-31"


def test_markdown_means_nothing_but_its_table(report: AssertionReport) -> None:
    text = assertions_markdown(report)
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert len(table) == 2 + len(report.results)
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 5 for line in table)
    outside = re.sub(r"`{3,}text\n.*?\n`{3,}\n", "", text, flags=re.DOTALL)
    assert set(re.findall(r"<(/?\w+)", outside)) == {"details", "/details", "summary", "/summary"}
    assert not re.search(r"(?<!\w)@\w", outside)
    assert "://" not in outside


def test_text_names_what_breaks_it(report: AssertionReport) -> None:
    text = assertions_text(report, width=100, colour=False, unicode=True)
    for line in ("packet: tcp 10.1.1.10:32768 -> 10.1.2.20:443", "until 2027-01-31", "2 failed, 1 waived, 1 unknown"):
        assert line in text
    assert "passes" not in text.split("packet:")[0].split("broken")[0]
    assert re.search(r"stated: .*topology\.yaml:5:5", text)
    assert "✓ passes" in assertions_text(report, width=100, colour=False, unicode=True, all_results=True)


def test_a_fence_is_longer_than_what_it_holds() -> None:
    assert fenced("````\nx").splitlines() == ["`````text", "````", "x", "`````"]


@pytest.mark.parametrize(
    ("text", "shown"), [("a_b*c", "a_b\\*c"), ("<b>", "&lt;b>"), ("@x", "@&#8203;x"), ("a\nb", "a b")]
)
def test_escaped(text: str, shown: str) -> None:
    assert escaped(text) == shown
