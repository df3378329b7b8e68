"""The runbook: every step can be done as it stands, and is marked by what the snapshot shows."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import click
import jmespath
import pytest
from botocore.validate import ParamValidator

from botocore_shapes import operations, response_problems
from builder import Estate, mwaa_estate
from demos import examined
from mwaanet import demo
from mwaanet.checks.diagnose import examine
from mwaanet.cli.main import cli
from mwaanet.model.site import Site
from mwaanet.report.runbook_html import runbook_html
from mwaanet.report.runbook_markdown import runbook_markdown
from mwaanet.runbook.build import runbook
from mwaanet.runbook.step import Runbook, State, Step
from mwaanet.snapshot.reader import Snapshot

BROKEN = (
    "s3-route-missing",
    "nexus-balancer-acl",
    "api-site-firewall",
    "refused-endpoints",
    "key-policy",
    "tgw-blackhole",
)
EVERY = (demo.HEALTHY, *BROKEN)
SERVICES = {"s3api": "s3"}


@cache
def of_demo(name: str) -> Runbook:
    return runbook(*examined(name))


def of_estate(estate: Estate) -> Runbook:
    snapshot = Snapshot.from_files(estate.files())
    site = Site.parse(snapshot.site_text, "mwaanet.yaml") if snapshot.site_text else None
    return runbook(*examine(snapshot, site=site))


def steps(book: Runbook, path: str = "") -> Iterator[Step]:
    return (step for section in book.sections if path in ("", section.id) for step in section.steps)


def failed(book: Runbook) -> list[str]:
    return [step.subject or step.title for step in steps(book) if step.state is State.FAILED]


def lines(book: Runbook) -> set[str]:
    """Every command of mwaanet that the runbook names."""
    found = {line for step in steps(book) for line in step.lines}
    found |= {line for section in book.sections for line in section.verify} | set(book.evidence)
    return {line for line in found if line.startswith("mwaanet ")}


def test_a_healthy_environment_has_the_whole_runbook_with_every_step_done() -> None:
    book = of_demo(demo.HEALTHY)
    assert {step.state for step in steps(book)} == {State.DONE}
    for section in book.sections:
        kinds = {step.title.partition(" ")[0] for step in section.steps}
        assert {"name", "route", "network", "security"} <= kinds, section.id
        assert section.verify


def test_what_stops_the_packets_is_failed_and_says_how_to_mend_it() -> None:
    book = of_demo("s3-route-missing")
    (step,) = (step for step in steps(book, "s3") if step.state is State.FAILED)
    assert step.subject == "rtb-01c1453376d2164e6"
    assert "vpce-023f7d6cf3c2cedd0" in step.differs
    assert step.found == "no route to S3 (prefix list pl-63a5400a)"


def test_a_failed_step_names_the_wanted_route_and_has_the_command_that_mends_it() -> None:
    (step,) = (step for step in steps(of_demo("s3-route-missing"), "s3") if step.state is State.FAILED)
    assert step.expect == "an active route pl-63a5400a -> vpce-023f7d6cf3c2cedd0"
    assert step.fix
    (command,) = step.fix.cli
    assert command.startswith("aws ec2 modify-vpc-endpoint --vpc-endpoint-id vpce-023f7d6cf3c2cedd0")
    assert command.endswith("--region us-east-1")


def test_a_group_that_lets_packets_out_is_mended_by_an_outbound_rule() -> None:
    groups = [step for step in steps(of_demo(demo.HEALTHY)) if step.title == "security group"]
    assert {"egress" in step.expect for step in groups} == {True, False}
    for step in groups:
        assert ("outbound rule" if "egress" in step.expect else "inbound rule") in step.differs


def test_a_gateway_endpoint_is_looked_at_for_its_route_tables() -> None:
    """A gateway endpoint has no subnets, groups or private DNS; routes of its tables lead to it.

    https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
    """
    (step,) = (step for step in steps(of_demo(demo.HEALTHY), "s3") if step.title == "VPC endpoint")
    assert [call.query for call in step.calls] == ["VpcEndpoints[].[State,RouteTableIds]"]


@pytest.mark.parametrize(
    ("peer", "shown"),
    [
        ({"CidrIpv4": "10.1.0.0/24"}, "10.1.0.0/24"),
        ({"CidrIpv6": "2001:db8::/64"}, "2001:db8::/64"),
        ({"PrefixListId": "pl-1"}, "pl-1"),
        ({"ReferencedGroupInfo": {"GroupId": "sg-1"}}, "sg-1"),
    ],
)
def test_a_security_group_is_looked_at_for_whatever_its_rules_let_through(peer: dict[str, object], shown: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html."""
    rule = {"IsEgress": True, "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **peer}
    answer = {"SecurityGroupRules": [rule]}
    assert response_problems("ec2", "describe-security-group-rules", answer) == []
    step = next(step for step in steps(of_demo(demo.HEALTHY)) if step.title == "security group")
    (row,) = jmespath.search(step.calls[0].query, answer)
    assert [value for value in row[4:] if value is not None] == [shown]


def test_public_access_is_looked_at_where_it_is_blocked() -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"""
    (step,) = (step for step in steps(of_demo(demo.HEALTHY), "s3") if step.title == "setting S3-PUBLIC-ACCESS")
    told = [(call.command.service, call.command.operation) for call in step.calls]
    assert told == [("s3api", "get-public-access-block"), ("s3control", "get-public-access-block")]


@pytest.mark.parametrize("name", EVERY)
def test_steps_are_told_in_words(name: str) -> None:
    for step in steps(of_demo(name)):
        for text in (step.expect, step.differs):
            assert not re.search(r"==|`|\|\||length\(|\{", text), text
            assert not re.search(r": ?\.$", text), text


def test_replies_that_only_some_subnets_get_are_told_as_theirs() -> None:
    book = of_demo("s3-route-missing")
    (step,) = (step for step in steps(book, "s3") if step.where)
    assert (
        "replies to mwaa.worker@subnet-002e37673d770ee6b; none to mwaa.worker@subnet-09b87ecfd38a98411" in step.expect
    )


def test_a_name_is_asked_for_where_its_answer_is_that_of_the_path() -> None:
    book = of_demo(demo.HEALTHY)
    where = {path: {step.run_at for step in steps(book, path) if step.title == "name"} for path in ("s3", "api")}
    assert where == {"s3": {"a worker, or a host of vpc-017d6f504d8214274"}, "api": {"a host of dc.controller"}}


def test_what_lies_behind_a_stop_is_unknown_not_done() -> None:
    """The site's firewall lets nothing out, so nothing behind it was met by these packets."""
    book = of_demo("api-site-firewall")
    states = {step.subject: step.state for step in steps(book, "api")}
    assert states["dc.firewall"] is State.FAILED
    assert states["tgw-rtb-06861e266bda4fa01"] is State.UNKNOWN


def test_refused_calls_leave_steps_unknown() -> None:
    book = of_demo("refused-endpoints")
    states = [step.state for step in steps(book)]
    assert State.FAILED not in states
    assert State.UNKNOWN in states


@pytest.mark.parametrize("name", EVERY)
def test_every_call_is_one_of_aws_with_valid_parameters(name: str) -> None:
    calls = [call for step in steps(of_demo(name)) for call in step.calls]
    assert calls
    for call in calls:
        command = call.command
        model = operations(SERVICES.get(command.service, command.service))[command.operation]
        assert model.input_shape is not None
        report = ParamValidator().validate(dict(command.parameters), model.input_shape)
        assert not report.has_errors(), f"{command.text}: {report.generate_report()}"
        if call.query:
            jmespath.compile(call.query)
            head = re.split(r"[.\[]", call.query)[0]
            assert model.output_shape is not None
            assert head in model.output_shape.members, call.query


@pytest.mark.parametrize("name", EVERY)
def test_every_command_of_ours_is_accepted_by_the_command_line(name: str) -> None:
    found = lines(of_demo(name))
    assert any(line.startswith("mwaanet probe tls ") for line in found)
    for line in found:
        accepted(line)


def test_evidence_is_read_with_the_redacted_site_file_not_with_the_true_one_of_the_working_folder() -> None:
    evidence = of_demo(demo.HEALTHY).evidence
    assert evidence.index("cp mwaanet.yaml snapshot-dir/") < evidence.index("mwaanet redact snapshot-dir redacted-dir")
    reading = [line for line in evidence if "--snapshot redacted-dir" in line]
    assert len(reading) == 2
    assert all("--site redacted-dir/mwaanet.yaml" in line for line in reading)


def test_without_a_site_file_there_is_none_to_name() -> None:
    files = {name: text for name, text in mwaa_estate().files().items() if name != "mwaanet.yaml"}
    book = runbook(*examine(Snapshot.from_files(files), site=None))
    assert "mwaanet.yaml" not in " ".join(book.evidence)


def test_a_command_that_does_not_exist_would_be_noticed() -> None:
    with pytest.raises(click.UsageError):
        accepted("mwaanet probe tls host:443 --colour")


def accepted(line: str) -> None:
    """Parse a command as the command line would, without running it."""
    command: click.Command = cli
    _, *words = shlex.split(line)
    context = click.Context(command, info_name="mwaanet")
    while isinstance(command, click.Group):
        found = command.get_command(context, words[0])
        assert found is not None, line
        command, words = found, words[1:]
        context = click.Context(command, parent=context, info_name=command.name)
    command.parse_args(context, list(words))


@pytest.mark.parametrize("name", EVERY)
def test_every_step_says_what_is_healthy_what_to_do_and_who_owns_it(name: str) -> None:
    for step in steps(of_demo(name)):
        assert step.expect, step.subject
        assert step.differs, step.subject
        assert step.owner, step.subject
        assert step.commands or step.owner.startswith("whoever runs"), step.subject
        assert bool(step.found) == (step.state is not State.DONE) or step.title.startswith(
            ("permission", "setting", "name")
        )


def test_owners_are_told_by_account_and_tag() -> None:
    estate = mwaa_estate()
    estate.packages_group.record["Tags"] = [{"Key": "Team", "Value": "build tools"}]
    owners = {step.subject: step.owner for step in steps(of_estate(estate), "nexus")}
    assert owners[estate.packages_group.id] == "account 111122223333 (Team: build tools)"
    assert owners[estate.nlb_group.id] == "account 444455556666"
    assert owners["dc"] == "whoever runs dc"


def test_every_symptom_leads_to_a_path_and_has_a_page_of_its_own() -> None:
    book = of_demo(demo.HEALTHY)
    paths = {section.id for section in book.sections}
    for symptom in book.symptoms:
        assert set(symptom.paths) <= paths
        assert symptom.source.startswith("https://")
    told = " ".join(symptom.seen for symptom in book.symptoms)
    for word in ("Import error", "CREATING", "UPDATING", "queued", "pip times out", "403", "times out", "refused"):
        assert word in told
    assert {path for symptom in book.symptoms for path in symptom.paths} == paths


def test_todo_leaves_out_what_is_done() -> None:
    text = runbook_markdown(of_demo("s3-route-missing"), todo=True)
    assert "### ✗" in text
    assert "### ☑" not in text
    assert "### ☑" in runbook_markdown(of_demo("s3-route-missing"))


def test_an_owner_is_told_where_it_is_not_the_account_of_the_environment() -> None:
    text = runbook_markdown(of_demo(demo.HEALTHY))
    assert "**Owner:** account 111122223333\n" not in text
    assert "**Owner:** whoever runs dc\n" in text


@pytest.mark.parametrize("name", BROKEN)
def test_every_link_inside_the_page_leads_to_a_step_that_is_not_as_expected(name: str) -> None:
    page = Page(runbook_html(of_demo(name)))
    links = {link.removeprefix("#") for link in page.links if link.startswith("#")}
    assert links
    assert links <= page.marked


class Page(HTMLParser):
    """The tags of a page, and what it would fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.marked: set[str] = set()
        self.policy = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        values = dict(attrs)
        self.fetched += [str(values[name]) for name in ("src", "srcset", "data") if name in values]
        self.fetched += [str(values["href"])] if tag == "link" else []
        self.links += [str(values["href"])] if tag == "a" else []
        if str(values.get("class", "")).startswith("state "):
            self.marked.add(str(values["id"]))
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = str(values["content"])
        assert not [name for name in values if name.startswith("on")]


def test_the_page_fetches_nothing_and_runs_nothing() -> None:
    page = Page(runbook_html(of_demo("s3-route-missing")))
    assert page.fetched == []
    assert not page.tags & {"script", "img", "iframe", "link", "object", "form"}
    assert page.policy.startswith("default-src 'none'; style-src 'sha256-")
    assert {"h1", "table", "pre", "li"} <= page.tags


def test_hostile_names_stay_text() -> None:
    estate = mwaa_estate()
    hostile = "<script>alert(1)</script> | `x` [y](http://evil.example) @everyone"
    estate.packages_group.record["Tags"] = [{"Key": "Name", "Value": hostile}, {"Key": "Owner", "Value": hostile}]
    book = of_estate(estate)
    page = Page(runbook_html(replace(book, environment=hostile)))
    assert "script" not in page.tags
    assert not [link for link in page.links if "evil" in link]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in runbook_html(book)
