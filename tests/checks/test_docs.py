"""The generated pages of docs/: up to date, the same every time, and complete."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

import pytest

from checks.cases import ROOT
from mwaanet.checks.codes import FINDING_CODES
from mwaanet.checks.load import builtin_checks
from mwaanet.graph.codes import Code
from mwaanet.snapshot import OPERATIONS


@pytest.fixture(scope="module")
def docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tools_docs", ROOT / "tools" / "docs.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["tools_docs"] = module
    spec.loader.exec_module(module)
    return module


def test_the_pages_are_up_to_date(docs: ModuleType) -> None:
    said: list[str] = []
    assert (docs.main(["--check"], said.append), said) == (0, [])


def test_they_are_the_same_every_time(docs: ModuleType) -> None:
    assert docs.pages() == docs.pages()


def test_a_stale_page_is_told_and_written(docs: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(docs, "DOCS", tmp_path)
    said: list[str] = []
    assert docs.main(["--check"], said.append) == 1
    assert "docs/limits.md is stale: run make docs" in said
    assert docs.main([], said.append) == 0
    (docs.DOCS / "checks" / "gone.md").write_text("left over")
    assert docs.stale(docs.pages()) == ["checks/gone.md"]
    assert docs.main([], said.append) == 0
    assert docs.main(["--check"], said.append) == 0


def test_nothing_is_left_out(docs: ModuleType) -> None:
    pages = docs.pages()
    for check in builtin_checks():
        page = pages[f"checks/{check.id.lower()}.md"]
        for text in (check.title, check.why.strip(), check.fix.strip(), check.source):
            assert text in page
        assert f"[{check.id}]" in pages["checks/README.md"]
    for code in (*FINDING_CODES, *Code.__members__):
        assert f"### {code}\n" in pages["codes.md"]
    for row in OPERATIONS.values():
        assert f"`{row.operation}` | `{row.action}`" in pages["permissions.md"]
    assert "`mwaanet.access.conditions`" in pages["limits.md"]
