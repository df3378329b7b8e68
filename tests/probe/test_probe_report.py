from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from mwaanet.errors import InputError
from mwaanet.probe.observation import Observation
from mwaanet.probe.probe_report import AnyObservation, ProbeReport, decode, to_document
from mwaanet.probe.tcp_observation import VERDICTS, TcpObservation, TcpOutcome


def tcp(outcome: TcpOutcome = TcpOutcome.CONNECTED) -> TcpObservation:
    status, meaning = VERDICTS[outcome]
    return TcpObservation(
        target="nexus.company.local:8081",
        outcome=outcome,
        status=status,
        meaning=meaning,
        time="2025-03-03T09:00:00+00:00",
        seconds=0.012,
        source_address="10.1.10.7",
        host="nexus.company.local",
        port=8081,
        address="10.50.1.20",
    )


def report(*observations: TcpObservation) -> ProbeReport:
    return ProbeReport(
        tool="mwaanet 0", source="mwaa.worker", time="2025-03-03T09:00:00+00:00", observations=observations
    )


def test_what_is_encoded_is_decoded() -> None:
    written = report(tcp(), tcp(TcpOutcome.REFUSED))
    assert decode(json.dumps(to_document(written)), "file") == written


def test_json_is_the_contract() -> None:
    document = to_document(report(tcp(), tcp(TcpOutcome.REFUSED)))
    assert (document["format"], document["status"], document["from"]) == (1, "fail", "mwaa.worker")
    assert document["observations"][0]["kind"] == "tcp"
    assert document["observations"][1]["outcome"] == "refused"


def test_keys_of_a_later_version_are_ignored() -> None:
    document = to_document(report(tcp()))
    document["later"] = document["observations"][0]["later"] = 1
    assert decode(json.dumps(document), "file") == report(tcp())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "truncated"),
        ("{", "truncated"),
        ("[" * 100_000, "file"),
        ("[]", "object"),
        (b"\xff\xfe", "file"),
        ('{"format": 2, "tool": "", "time": "", "observations": []}', "format"),
        ('{"format": 1, "tool": "", "time": "", "observations": [{"kind": "tcp"}]}', r"observations\[0\]"),
        ('{"format": 1, "tool": "", "time": "", "observations": [{"kind": "magic"}]}', "magic"),
        ('{"format": 1, "tool": "", "time": ""}', "observations"),
    ],
)
def test_anything_else_is_an_input_error(text: str | bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        decode(text, "file")


CONTRACT = (Path(__file__).parents[2] / "docs" / "contracts" / "report-format.md").read_text(encoding="utf-8")
CLASSES = {kind.__struct_config__.tag: kind for kind in get_args(AnyObservation)}
COMMON = {field.encode_name for field in msgspec.structs.fields(Observation)}


def documented(cells: str) -> list[str]:
    """The fields that a cell of the contract names, without those of the parts in brackets."""
    return re.findall(r"`(\w+)`", re.sub(r"\([^)]*\)", "", cells))


def test_the_contract_names_what_all_kinds_have() -> None:
    row = re.search(r"^\| `observations` \| each with (.*) \|$", CONTRACT, re.MULTILINE)
    assert row
    assert set(documented(row[1])) == COMMON | {"kind"}


@pytest.mark.parametrize("kind", ["dns", "tcp", "tls", "api"])
def test_the_contract_names_every_field_of_a_kind(kind: str) -> None:
    row = re.search(rf"^\| `{kind}` \| (.*) \|$", CONTRACT, re.MULTILINE)
    assert row
    own = [field.encode_name for field in msgspec.structs.fields(CLASSES[kind]) if field.name not in COMMON]
    assert documented(row[1]) == own


def test_nothing_observed_is_no_pass() -> None:
    assert report().status == "skip"
