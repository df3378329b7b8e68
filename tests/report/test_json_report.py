"""JSON, held against docs/contracts/report-format.md."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import pytest
from msgspec import structs

from mwaanet.graph.flight import Evidence
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet, PacketSet
from mwaanet.paths.trace import Trace
from mwaanet.report import json_report
from mwaanet.report.json_report import diagnosis_json, trace_json
from report import samples, traces

TRACES: dict[str, Callable[[], Trace]] = {
    "reached": traces.s3_reached,
    "stopped": traces.s3_stopped,
    "reply-stopped": traces.reply_stopped,
    "unknown": traces.nexus_unknown,
    "few-ports": traces.few_ports,
    "partial": traces.partly,
}


def parsed(text: str) -> Any:
    assert text.endswith("}\n")
    return json.loads(text)


@pytest.fixture(autouse=True)
def _same_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Golden files do not change with the version."""
    monkeypatch.setattr(json_report, "version", lambda name: "0.0.0")


@pytest.mark.parametrize("name", ["healthy", "broken", "hostile"])
def test_golden_diagnosis(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"diagnosis-{name}.json", diagnosis_json(getattr(samples, name)(), all_findings=False))


@pytest.mark.parametrize("name", TRACES)
def test_golden_trace(name: str, golden: Callable[[str, str], None]) -> None:
    trace = TRACES[name]()
    places = [way.end.hop.component for way in trace.drops]
    golden(f"trace-{name}.json", trace_json(trace, (traces.blocked(trace, *places),) if places else ()))


def test_fields_of_a_diagnosis_in_the_order_of_the_contract() -> None:
    document = parsed(diagnosis_json(samples.broken(), all_findings=False))
    assert list(document) == [
        "format",
        "tool",
        "environment",
        "snapshot",
        "paths",
        "findings",
        "assumptions",
        "summary",
        "observations",
    ]
    assert list(document["environment"])[:6] == ["name", "arn", "account", "region", "access_mode", "routing"]
    assert list(document["snapshot"])[:3] == ["created", "source", "errors"]
    assert [path["id"] for path in document["paths"]] == ["s3", "service", "nexus", "api"]
    assert list(document["paths"][0])[:5] == ["id", "title", "status", "segments", "blocked_by"]
    assert list(document["paths"][0]["segments"][0])[:3] == ["from", "to", "status"]
    assert list(document["summary"]) == ["pass", "warn", "fail", "unknown", "skip"]


def test_fields_of_a_finding_in_the_order_of_the_contract() -> None:
    finding = parsed(diagnosis_json(samples.broken(), all_findings=False))["findings"][1]
    contract = "id path status severity title message resources aws_code step needs evidence fix"
    assert list(finding)[:12] == contract.split()
    contract = "summary cli terraform cloudformation opens verified places undo"
    assert list(finding["fix"]) == contract.split()
    assert finding["resources"][0] == traces.TABLE_B
    assert finding["evidence"] == [
        {"file": traces.EC2 + "describe-route-tables.json", "pointer": "/RouteTables/3/Routes"}
    ]


def test_needs_are_accounts_regions_services_and_operations() -> None:
    findings = parsed(diagnosis_json(samples.broken(), all_findings=False))["findings"]
    unknown = next(finding for finding in findings if finding["status"] == "unknown")
    assert unknown["needs"][0] == {
        "account": traces.NETWORK_ACCOUNT,
        "region": traces.REGION,
        "service": "ec2",
        "operation": "describe-vpn-connections",
    }
    assert unknown["fix"] is None


def test_passes_only_when_asked_for() -> None:
    few = parsed(diagnosis_json(samples.broken(), all_findings=False))
    every = parsed(diagnosis_json(samples.broken(), all_findings=True))
    assert "pass" not in {finding["status"] for finding in few["findings"]}
    assert len(every["findings"]) == len(samples.broken().findings)
    assert few["summary"] == every["summary"]


def test_odd_text_is_plain_ascii() -> None:
    text = diagnosis_json(samples.hostile(), all_findings=True)
    assert text.isascii()
    assert "\x1b" not in text
    assert parsed(text)["assumptions"] == [samples.HOSTILE]


def test_fields_of_a_trace_in_the_order_of_the_contract() -> None:
    document = parsed(trace_json(traces.s3_stopped(), ()))
    contract = ["format", "status", "reachable", "forward", "return", "blocked_by", "findings"]
    assert list(document)[:7] == contract
    assert list(document["forward"]) == ["reachable", "paths", "stopped"]
    assert list(document["forward"]["paths"][0]) == ["reachable", "packets", "hops"]
    hop = document["forward"]["paths"][0]["hops"][-1]
    assert list(hop) == ["component", "kind", "action", "by", "code", "packet", "evidence"]
    assert hop["packet"] == {
        "src": "10.1.11.8",
        "dst": "3.5.0.0/19, 52.216.0.0/15",
        "protocol": "tcp",
        "sport": "32768-60999",
        "dport": "443",
    }


@pytest.mark.parametrize(
    ("name", "status", "reachable", "forward", "back"),
    [
        ("reached", "pass", "yes", "yes", "yes"),
        ("stopped", "fail", "no", "no", None),
        ("reply-stopped", "fail", "no", "yes", "no"),
        ("unknown", "unknown", "unknown", "unknown", None),
        ("few-ports", "pass", "yes", "yes", "yes"),
        ("partial", "fail", "partial", "partial", "yes"),
    ],
)
def test_verdicts(name: str, status: str, reachable: str, forward: str, back: str | None) -> None:
    document = parsed(trace_json(TRACES[name](), ()))
    assert (document["status"], document["reachable"]) == (status, reachable)
    assert document["forward"]["reachable"] == forward
    assert (document["return"] and document["return"]["reachable"]) == back


def test_stopped_packets_say_where_and_why() -> None:
    stopped = parsed(trace_json(traces.partly(), ()))["forward"]["stopped"]
    assert stopped == [
        {
            "packets": "tcp 10.1.10.7 -> 10.51.1.20:443 (source ports 32768-60999)",
            "at": traces.TABLE_A,
            "by": "no route to 10.51.1.20",
        }
    ]


def test_blocked_by_unites_all_paths_in_their_order() -> None:
    trace = traces.s3_stopped()
    blocked = (traces.blocked(trace, "sg-1", "rtb-1"), traces.blocked(trace, "rtb-1", "acl-1"))
    assert parsed(trace_json(trace, blocked))["blocked_by"] == ["sg-1", "rtb-1", "acl-1"]


def test_findings_and_assumptions_of_a_trace() -> None:
    document = parsed(trace_json(traces.s3_stopped(), (), (samples.s3_finding(),), ("as declared",)))
    assert document["findings"][0]["id"] == "S3-REACH"
    assert document["assumptions"] == ["as declared"]


def test_an_unknown_says_what_it_needs() -> None:
    assert parsed(trace_json(traces.nexus_unknown(), ()))["unknowns"][0]["needs"][0]["service"] == "ec2"


def test_an_end_that_is_not_known_makes_everything_unknown() -> None:
    trace = traces.s3_reached()
    source = replace(trace.question.source, unknown=Unknown(reason="not declared"), starts=())
    question = replace(trace.question, source=source)
    document = parsed(trace_json(replace(trace, question=question), ()))
    assert document["status"] == document["forward"]["reachable"] == document["return"]["reachable"] == "unknown"


def test_client_ports_that_are_not_answered_are_told() -> None:
    assert parsed(trace_json(traces.few_ports(), ()))["uncovered_ports"] == "1024-32767,61000-65535"
    assert parsed(trace_json(traces.s3_reached(), ()))["uncovered_ports"] is None


def test_part_of_undetermined_addresses_decides_nothing() -> None:
    trace = traces.partly()
    question = replace(trace.question, destination=replace(trace.question.destination, undetermined=True))
    document = parsed(trace_json(replace(trace, question=question), ()))
    assert document["reachable"] == document["forward"]["reachable"] == "unknown"


@pytest.mark.parametrize(
    ("packets", "protocol", "ports"),
    [
        (PacketSet.ANY, "all", "0-65535"),
        (PacketSet.of(protocol=1, src=AddressSet.ANY_V4), "icmp", None),
        (PacketSet.of(protocol=6) | PacketSet.of(protocol=17), "tcp,udp", "0-65535"),
        (PacketSet.of(protocol=47), "47", None),
        (PacketSet.of(protocol=1) | PacketSet.of(protocol=2) | PacketSet.of(protocol=3), "1-3", None),
    ],
)
def test_protocols_and_ports(packets: PacketSet, protocol: str, ports: str | None) -> None:
    trace = traces.s3_stopped()
    way = structs.replace(trace.forward[0], hops=(traces.sends(traces.WORKER_A, packets),))
    packet = parsed(trace_json(replace(trace, forward=(way,)), ()))["forward"]["paths"][0]["hops"][0]["packet"]
    assert (packet["protocol"], packet["dport"]) == (protocol, ports)


def test_evidence_of_no_file_is_left_out() -> None:
    finding = replace(samples.s3_finding(), evidence=(Evidence(None), Evidence(None, "/x")))
    evidence = parsed(diagnosis_json(samples.diagnosis((finding,)), all_findings=False))["findings"][0]["evidence"]
    assert evidence == [{"file": "", "pointer": "/x"}]


def test_same_input_same_bytes() -> None:
    assert diagnosis_json(samples.broken(), True) == diagnosis_json(samples.broken(), True)


class TestTool:
    def test_names_the_installed_version(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(json_report, "version", version)
        assert json_report.tool() == f"mwaanet {version('mwaanet')}"

    def test_is_no_error_where_nothing_is_installed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def missing(name: str) -> str:
            raise PackageNotFoundError(name)

        monkeypatch.setattr(json_report, "version", missing)
        assert json_report.tool() == "mwaanet (not installed)"
