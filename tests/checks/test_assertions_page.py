"""docs/assertions.md: it names every word, and its examples are read and hold for the complete estate."""

from __future__ import annotations

import re

import pytest

from builder import mwaa_estate
from checks.asserting import TODAY, loaded, subject_of
from checks.cases import ROOT
from mwaanet.checks.assertions import run_assertions
from mwaanet.checks.context import Context
from mwaanet.checks.language import EXPECTATIONS
from mwaanet.checks.lint import lint
from mwaanet.checks.load import ASSERTION_KEYS
from mwaanet.checks.result import Status

PAGE = (ROOT / "docs" / "assertions.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.fixture(scope="module")
def estate() -> Context:
    return subject_of(mwaa_estate())


@pytest.mark.parametrize("word", [*ASSERTION_KEYS, *(word for words in EXPECTATIONS.values() for word in words)])
def test_a_word_of_the_language(word: str) -> None:
    assert re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", PAGE)


@pytest.mark.parametrize("text", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_holds(estate: Context, text: str) -> None:
    topology = loaded(text, others={"common.yaml": "version: 1\nvariables: {environment: dev}\nassertions: []\n"})
    assert lint(topology, TODAY, estate) == ()
    stands = {one.check.id: one.status for one in run_assertions(estate, topology.checks, TODAY)}
    assert set(stands.values()) <= {Status.PASS, Status.WARN}, stands
