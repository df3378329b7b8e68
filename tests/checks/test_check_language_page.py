"""docs/check-language.md names everything that a file of checks may say."""

from __future__ import annotations

import re

import pytest

from checks.cases import ROOT
from mwaanet.checks.facts import FACTS
from mwaanet.checks.language import ASSUMER, GIVES, LEVELS, PARTS, PATHS, PRINCIPAL
from mwaanet.checks.load import parse_checks
from mwaanet.checks.selectors import WORDS

PAGE = (ROOT / "docs" / "check-language.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("word", [*FACTS, *WORDS, *PARTS, *PATHS, *GIVES, *LEVELS, PRINCIPAL, ASSUMER])
def test_a_word_of_the_language(word: str) -> None:
    assert re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", PAGE)


def test_the_example_is_a_file_of_checks() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
    assert [check.id for check in parse_checks(example, "page.yaml")] == ["OURS-REPORTS"]
