"""docs/rules.md: every rule names a test that exists, and a page that is linked."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
ID = re.compile(r"`([\w/]+\.py)::([\w:]+)(?:\[(.+?)\])?`")
LINK = re.compile(r"\]\[([\w-]+)\]")
DEFINED = re.compile(r"^\[([\w-]+)\]: (https://\S+)$", re.MULTILINE)


class Rule(NamedTuple):
    """One row of a table."""

    text: str
    tests: list[tuple[str, str, str]]
    pages: list[str]


def rules() -> list[Rule]:
    rows = [line.strip("| \n").split(" | ") for line in TEXT.splitlines() if line.startswith("| ")]
    return [Rule(row[0], ID.findall(row[1]), LINK.findall(row[2])) for row in rows if row[0] != "Rule"]


@cache
def functions(file: str) -> frozenset[str]:
    """The test functions of a file, those of classes as `Class::function`."""
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{item.name}" for item in node.body if isinstance(item, ast.FunctionDef)}
    return frozenset(found)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.text)
def test_a_rule_names_tests_that_exist(rule: Rule) -> None:
    assert rule.tests
    for file, name, case in rule.tests:
        assert name in functions(file)
        assert case in (ROOT / "tests" / file).read_text(encoding="utf-8") or case in cases_of_examples()


@cache
def cases_of_examples() -> frozenset[str]:
    """The checks whose examples `checks/examples.py` breaks."""
    text = (ROOT / "tests" / "checks" / "examples.py").read_text(encoding="utf-8")
    return frozenset(re.findall(r'@breaks\("([\w-]+)"', text))


def test_every_page_is_linked_and_every_link_is_used() -> None:
    used = {page for rule in rules() for page in rule.pages}
    assert used == {name for name, _ in DEFINED.findall(TEXT)}
