"""Pictures as SVG: well-formed, self-contained, told in words, and inert whatever a name holds."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from mwaanet.graph.flight import Kind
from mwaanet.report.picture_svg import svg
from mwaanet.report.picture_text import KINDS
from report.pictures import HOSTILE, grid, hostile
from report.test_picture_paths import routeless

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {"svg", "title", "desc", "style", "g", "rect", "path", "polygon", "text"}


def texts(root: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def test_it_has_a_name_and_says_what_it_shows() -> None:
    root = ElementTree.fromstring(svg(routeless()[1]))
    named = {element.get("id"): element.text or "" for element in root if element.get("id")}
    title, described = (named[part] for part in (root.get("aria-labelledby") or "").split())
    assert root.get("role") == "img"
    assert title == "s3: The environment reads its bucket"
    assert described.startswith("Fails. Stopped here: Route table workers-b (rtb-")
    assert "no route to" in described


def test_what_stops_is_said_in_words_and_comes_with_its_reason() -> None:
    shown = texts(ElementTree.fromstring(svg(routeless()[1])))
    assert "✗ STOPPED HERE" in shown
    assert any(text.startswith("no route to") for text in shown)


def test_the_fix_is_told_below_the_picture() -> None:
    shown = texts(ElementTree.fromstring(svg(routeless()[1])))
    assert any(re.match(r"Fix S3-REACH: Route rtb-\w+ to vpce-\w+", text) for text in shown)


def test_every_node_and_edge_can_be_found_by_its_place_in_the_picture() -> None:
    picture = routeless()[1]
    root = ElementTree.fromstring(svg(picture, prefix="s3"))
    groups = {element.get("id"): element for element in root.iter(f"{SVG}g") if element.get("id")}
    assert set(groups) == {
        *(f"s3-n{index}" for index in range(len(picture.nodes))),
        *(f"s3-e{index}" for index in range(len(picture.edges))),
    }
    stopped = next(index for index, node in enumerate(picture.nodes) if node.state.value == "stopped here")
    assert groups[f"s3-n{stopped}"].get("class") == "node stopped"


def test_it_needs_nothing_from_anywhere_and_runs_nothing() -> None:
    text = svg(routeless()[1])
    root = ElementTree.fromstring(text)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= ALLOWED
    assert not re.search(r"url\(|@import|href|https?://(?!www\.w3\.org/2000/svg\")", text)


def test_it_has_colours_for_light_and_for_dark() -> None:
    assert "@media (prefers-color-scheme:dark)" in svg(routeless()[1])


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_stays_text(name: str) -> None:
    text = svg(hostile(HOSTILE[name]))
    root = ElementTree.fromstring(text)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= ALLOWED
    assert not [key for element in root.iter() for key in element.attrib if key.startswith("on")]
    assert all(character.isprintable() or character == "\n" for character in text)
    assert len(text) < 60_000


@pytest.mark.parametrize("name", HOSTILE)
def test_long_texts_are_wrapped_and_cut(name: str) -> None:
    shown = texts(ElementTree.fromstring(svg(hostile(HOSTILE[name]))))
    assert max(map(len, shown)) < 200


def test_three_hundred_components_are_one_picture() -> None:
    root = ElementTree.fromstring(svg(grid(3, 20, 5)))
    assert sum(element.get("class", "").startswith("node ") for element in root.iter(f"{SVG}g")) == 301


def test_every_kind_of_component_has_a_name() -> None:
    assert {kind.value for kind in Kind} <= set(KINDS)
