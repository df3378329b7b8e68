"""Pictures in Mermaid: golden files of every demo variant, and texts that cannot become Mermaid."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from demos import diagnosed
from mwaanet import demo
from mwaanet.checks.result import Status
from mwaanet.report.picture_fold import fold
from mwaanet.report.picture_mermaid import MOST_CHARACTERS, MOST_EDGES, mermaid
from mwaanet.report.picture_paths import path_picture
from report.pictures import HOSTILE, grid, hostile
from report.test_picture_paths import routeless

LINE = re.compile(
    r"""flowchart\ LR
    |\ \ acc(Title|Descr):\ TEXT
    |\ +subgraph\ g\d+\["TEXT"\]
    |\ +end
    |\ +n\d+\["TEXT"\]
    |\ \ n\d+\ (-->|<-->|-\.->)\ n\d+
    |\ \ classDef\ \w+\ [\w#:, -]+
    |\ \ class\ n\d+(,n\d+)*\ \w+
    |\ \ linkStyle\ \d+(,\d+)*\ [\w#:, -]+
    |\ \ %%\ TEXT""".replace("TEXT", r"(?:[^\W_]|[ .,:/_+✓✗–…·@=-]|<br/>|\#\d+;)*"),
    re.VERBOSE,
)
"""Every line that a picture may have."""


@pytest.mark.parametrize("name", demo.variants())
def test_golden(name: str, golden: Callable[[str, str], None]) -> None:
    """Those paths of the variant that do not pass; where all do, the first."""
    diagnosis = diagnosed(name)
    paths = [path for path in diagnosis.paths if path.status is not Status.PASS] or diagnosis.paths[:1]
    golden(f"picture-{name}.mermaid", "\n".join(mermaid(path_picture(diagnosis, path)) for path in paths))


def test_states_are_classes_and_signs() -> None:
    text = mermaid(routeless()[1])
    (stopped,) = re.findall(r'(n\d+)\["✗ workers-b<br/>Route table', text)
    assert f"  class {stopped} stopped\n" in text
    assert re.search(r"\n  class [n\d,]+ passes\n", text)


def test_requests_and_replies_on_one_way_are_one_line() -> None:
    text = mermaid(grid(1, 2, 2))
    assert text.count("<-->") == 3
    assert "-.->" not in text


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_stays_text(name: str) -> None:
    lines = mermaid(hostile(HOSTILE[name])).splitlines()
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    assert len(lines) < 30


def test_every_line_of_a_picture_is_of_a_known_form() -> None:
    assert [line for line in mermaid(routeless()[1]).splitlines() if not LINE.fullmatch(line)] == []


def test_what_mermaid_would_refuse_is_folded_until_it_fits() -> None:
    picture = grid(6, 25, 6)
    text = mermaid(picture)
    assert len(text) <= MOST_CHARACTERS
    assert len(re.findall(r"\n  n\d+ <?-", text)) <= MOST_EDGES
    assert re.search(r"%% \d+ of 900 components are folded", text)


def test_a_folded_picture_is_drawn_as_it_is() -> None:
    assert "more subnets" in mermaid(fold(grid(1, 30, 2), 20))


def test_the_documentation_shows_the_demo() -> None:
    """The picture of docs/graph.md is the one that the command beside it draws."""
    shown = (Path(__file__).parents[2] / "docs" / "graph.md").read_text(encoding="utf-8")
    diagnosis = diagnosed(demo.DEFAULT)
    assert f"```mermaid\n{mermaid(path_picture(diagnosis, diagnosis.paths[0]))}```" in shown
