"""The codes of findings: explained one by one, apart from those of hops, and used."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from checks.cases import ROOT
from mwaanet.checks.codes import FINDING_CODES, Fault, FindingCode
from mwaanet.graph.codes import Code
from mwaanet.graph.explanation import Explanation

SOURCES = sorted((ROOT / "src" / "mwaanet" / "checks").glob("*.py"))


def test_every_code_is_explained() -> None:
    assert list(FINDING_CODES) == sorted(code.value for code in Fault)
    assert all(found.code == name for name, found in FINDING_CODES.items())


def test_no_code_is_a_hop_s() -> None:
    assert not set(FINDING_CODES) & set(Code.__members__)


def test_the_fields_are_those_of_a_hop_code_s_explanation() -> None:
    """An explanation's codes of Reachability Analyzer are what usually is told and what else may be."""
    parts = {"aws_code", "other_aws_codes"}
    assert {field.name for field in fields(FindingCode)} == {field.name for field in fields(Explanation)} - parts | {
        "aws_codes"
    }
    assert isinstance(Explanation.aws_codes, property)


@pytest.mark.parametrize("found", FINDING_CODES.values(), ids=lambda found: found.code.value)
def test_the_texts_of_a_code(found: FindingCode) -> None:
    for text in (found.meaning, found.why, found.mend):
        assert text.endswith(".")
    assert not found.title.endswith(".")
    assert found.source.startswith("https://")
    assert found.step


@pytest.mark.parametrize("code", Fault)
def test_every_code_is_used(code: Fault) -> None:
    used = [file for file in SOURCES if file.name != "codes.py" and f"Fault.{code.name}" in file.read_text()]
    assert used


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.name)
def test_no_code_is_written_as_a_text(file: object) -> None:
    assert re.findall(r'code="[A-Z_]+"', file.read_text()) == []  # type: ignore[attr-defined]
