from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from rich.cells import cell_len

from mwaanet.report.json_report import comparison_json, probe_json
from mwaanet.report.layout import Look
from mwaanet.report.probe_text import duration, probe_text
from report import observations


def text(width: int = 80, *, colour: bool = False, unicode: bool = True) -> str:
    look = Look(width=width, colour=colour, unicode=unicode)
    return probe_text(observations.report(), look, observations.comparisons())


def test_golden(golden: Callable[[str, str], None]) -> None:
    golden("probe.txt", text())


def test_golden_in_ascii_and_narrow(golden: Callable[[str, str], None]) -> None:
    shown = text(44, unicode=False)
    assert shown.isascii()
    golden("probe-ascii-44.txt", shown)


def test_golden_in_colour(golden: Callable[[str, str], None]) -> None:
    golden("probe-colour.txt", text(colour=True))


def test_golden_json(golden: Callable[[str, str], None]) -> None:
    golden("probe.json", probe_json(observations.report(), observations.comparisons()))


@pytest.mark.parametrize("width", [40, 80, 200])
def test_nothing_is_wider_than_the_width(width: int) -> None:
    assert all(cell_len(line) <= width for line in text(width).splitlines())


def test_text_from_the_network_cannot_write_on_the_terminal() -> None:
    shown = text()
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert probe_json(observations.report(), ()).isascii()


def test_without_comparisons_the_report_is_only_itself() -> None:
    document = json.loads(probe_json(observations.report(), ()))
    assert "comparisons" not in document
    assert document["status"] == "fail"


def test_fields_of_a_comparison_in_the_order_of_the_contract() -> None:
    assert list(comparison_json(observations.comparisons()[1])) == [
        "status",
        "agreement",
        "place",
        "model",
        "message",
        "resources",
        "needs",
        "left",
        "observation",
    ]


@pytest.mark.parametrize(("seconds", "words"), [(0.0004, "0 ms"), (0.25, "250 ms"), (1.5, "1.50 s")])
def test_duration(seconds: float, words: str) -> None:
    assert duration(seconds) == words
