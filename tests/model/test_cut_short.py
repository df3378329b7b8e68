"""Lists that say that there is more: what is in them counts, what is not in them is unknown, never absent.

https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-pagination.html
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from asking import ask
from asking import read as network_read
from builder import Estate, mwaa_estate, rule, topology
from checks.cases import diagnosis, of
from mwaanet.checks.result import Status
from mwaanet.model.answers import Answers
from mwaanet.model.listener import Listeners
from mwaanet.model.responses import LISTS
from mwaanet.model.unknown import Unknown
from mwaanet.names import Outcome, VpcPlace, resolve
from mwaanet.snapshot import OPERATIONS, CallRef, Snapshot
from names.cases import inventory, needs

HOME, EAST = "111122223333", "us-east-1"
BALANCER = f"arn:aws:elasticloadbalancing:{EAST}:{HOME}:loadbalancer/net/n/1"

Page = tuple[dict[str, Any], dict[str, Any]]


def read(operation: str, content: Any, service: str = "ec2") -> Answers:
    manifest = {"format": 1, "accounts": {HOME: [EAST]}, "home": {"account": HOME, "region": EAST}}
    file = f"accounts/{HOME}/{EAST}/{service}/{operation}.json"
    return Answers(Snapshot.from_files({"manifest.json": text(manifest), file: text(content)}))


def text(content: Any) -> bytes:
    return json.dumps(content).encode()


def listeners(*pages: Page) -> Listeners | Unknown | None:
    """The listeners of a load balancer, from calls of further parameters and responses."""
    calls = [{"Parameters": {"LoadBalancerArn": BALANCER} | asked, "Response": answer} for asked, answer in pages]
    answers = read("describe-listeners", {"Calls": calls}, "elbv2")
    return answers.call("elbv2", "describe-listeners", HOME, EAST, Listeners, LoadBalancerArn=BALANCER)


def listener(number: int) -> dict[str, Any]:
    arn = f"arn:aws:elasticloadbalancing:{EAST}:{HOME}:listener/net/n/1/{number}"
    return {"ListenerArn": arn, "LoadBalancerArn": BALANCER, "Port": number, "Protocol": "TCP", "DefaultActions": []}


class TestArgumentLessLists:
    @pytest.mark.parametrize(
        "more",
        [{"NextToken": "e30="}, {"nextToken": "x"}, {"NextMarker": "x"}, {"IsTruncated": True}, {"Truncated": True}],
    )
    def test_one_that_goes_on_is_not_whole(self, more: dict[str, Any]) -> None:
        unknown = read("describe-vpcs", {"Vpcs": []} | more).unknown("ec2", "describe-vpcs", HOME, EAST)
        assert unknown is not None
        assert unknown.needs == (CallRef(HOME, EAST, "ec2", "describe-vpcs"),)
        assert f"describe-vpcs of {HOME} {EAST} was cut short" in unknown.reason
        assert next(iter(more)) in unknown.reason

    @pytest.mark.parametrize(
        "end", [{"NextToken": None}, {"NextToken": ""}, {"IsTruncated": False, "Marker": "where-this-page-began"}]
    )
    def test_the_last_page_says_that_it_is(self, end: dict[str, Any]) -> None:
        assert read("describe-vpcs", {"Vpcs": []} | end).unknown("ec2", "describe-vpcs", HOME, EAST) is None

    def test_a_token_inside_a_record_says_nothing(self) -> None:
        tagged = {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "Tags": [], "Other": {"NextToken": "x"}}
        assert read("describe-vpcs", {"Vpcs": [tagged]}).unknown("ec2", "describe-vpcs", HOME, EAST) is None


class TestCallsAboutAResource:
    def test_one_that_goes_on_is_unknown(self) -> None:
        found = listeners(({}, {"Listeners": [listener(1)], "NextMarker": "m"}))
        assert isinstance(found, Unknown)
        assert found.needs == (CallRef(HOME, EAST, "elbv2", "describe-listeners"),)

    def test_pages_that_follow_each_other_are_one_answer(self) -> None:
        first: Page = ({}, {"Listeners": [listener(1)], "NextMarker": "m"})
        second = ({"Marker": "m"}, {"Listeners": [listener(2)]})
        found = listeners(first, second)
        assert isinstance(found, Listeners)
        assert [one.port for one in found.listeners] == [1, 2]

    def test_a_page_that_is_missing_between_is_unknown(self) -> None:
        first: Page = ({}, {"Listeners": [listener(1)], "NextMarker": "m"})
        third = ({"Marker": "n"}, {"Listeners": [listener(3)]})
        assert isinstance(listeners(first, third), Unknown)


class TestRecordSets:
    """Names come in order, so that all but the last one's records are known
    (https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html)."""

    @pytest.mark.parametrize(
        ("name", "outcome"),
        [
            ("a.corp.example", Outcome.ADDRESSES),
            ("m.corp.example", Outcome.UNKNOWN),
            ("z.corp.example", Outcome.UNKNOWN),
        ],
    )
    def test_names_before_the_cut_count(self, name: str, outcome: Outcome) -> None:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        zone = net.zone("corp.example", vpc).add("a", "A", "10.9.0.1").add("m", "A", "10.9.0.2")
        store = net.store.global_store
        (call,) = [one for one in store.calls["route53", "list-resource-record-sets"] if zone.id in str(one)]
        call["Response"]["IsTruncated"] = True
        found = resolve(inventory(net), VpcPlace(vpc_id=vpc.id), name)
        assert found.outcome is outcome
        assert needs(found) == (set() if outcome is Outcome.ADDRESSES else {"list-resource-record-sets"})

    def test_an_alias_to_a_name_after_the_cut_is_unknown(self) -> None:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        zone = net.zone("corp.example", vpc)
        target = {"HostedZoneId": zone.id, "DNSName": "z.corp.example.", "EvaluateTargetHealth": False}
        zone.records.append({"Name": "a.corp.example.", "Type": "A", "AliasTarget": target})
        zone.add("m", "A", "10.9.0.2")
        (call,) = [one for one in net.store.global_store.calls["route53", "list-resource-record-sets"]]
        call["Response"]["IsTruncated"] = True
        assert resolve(inventory(net), VpcPlace(vpc_id=vpc.id), "a.corp.example").outcome is Outcome.UNKNOWN


def test_a_search_of_routes_that_found_more_is_not_whole() -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SearchTransitGatewayRoutes.html"""
    net = topology()
    gateway = net.transit_gateway("hub")
    table = gateway.table("all")
    subnets = []
    for name, number in (("left", 1), ("right", 2)):
        vpc = net.vpc(name, f"10.{number}.0.0/16")
        vpc.default_group.allow_in(rule("all"))
        subnets.append(vpc.subnet("a", f"10.{number}.1.0/24").route("10.0.0.0/8", gateway))
        gateway.attach_vpc(vpc, [subnets[-1]], table=table, propagate=[table])
    left, right = (subnet.interface() for subnet in subnets)
    assert ask(net, left, right, tcp=443).verdict == "yes"
    files = dict(net.files())
    file = CallRef(HOME, EAST, "ec2", "search-transit-gateway-routes").file
    searches = json.loads(files[file])
    for call in searches["Calls"]:
        call["Response"] = {"Routes": [], "AdditionalRoutesAvailable": True}
    files[file] = text(searches)
    answer = ask(network_read(files), left, right, tcp=443)
    assert answer.verdict == "unknown"
    assert "search-transit-gateway-routes" in answer.needs


def emptied(estate: Estate, file: str, key: str) -> dict[str, bytes]:
    """The estate's files, where one list holds nothing and goes on."""
    files = dict(estate.files())
    files[file] = text(json.loads(files[file]) | {key: [], "NextToken": "e30="})
    return files


def lists() -> list[tuple[str, str]]:
    """The files of argument-less lists, with their key."""
    found = []
    for file in mwaa_estate().files():
        parts = ["", *file.removesuffix(".json").split("/")]
        call = (parts[-2], parts[-1])
        if call in LISTS:
            found.append((file, OPERATIONS[call].key))
    return found


@pytest.mark.parametrize(("file", "key"), lists(), ids=lambda value: value.rpartition("/")[2])
def test_what_a_cut_list_lacks_fails_no_check(file: str, key: str) -> None:
    diagnosed = diagnosis(emptied(mwaa_estate(), file, key))
    assert {finding.id: finding.message for finding in diagnosed.findings if finding.status is Status.FAIL} == {}


def test_what_is_in_a_cut_list_counts() -> None:
    files = dict(mwaa_estate().files())
    for file, _ in lists():
        files[file] = text(json.loads(files[file]) | {"NextToken": "e30="})
    diagnosed = diagnosis(files)
    assert Status.FAIL not in {finding.status for finding in diagnosed.findings}
    assert {finding.status for finding in of(diagnosed, "S3-REACH")} <= {Status.PASS, Status.UNKNOWN}
