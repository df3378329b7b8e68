"""Pictures for Graphviz: `dot` takes them, and texts stay texts."""

from __future__ import annotations

import re
import shutil
import subprocess
from xml.etree import ElementTree

import pytest

from mwaanet.report.picture import Picture
from mwaanet.report.picture_dot import dot
from report.pictures import HOSTILE, grid, hostile
from report.test_picture_paths import healthy, path_of, routeless

SVG = "{http://www.w3.org/2000/svg}"
with_graphviz = pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz's `dot` is not installed")


def drawn(picture: Picture) -> ElementTree.Element:
    """What Graphviz makes of the picture; it must not complain."""
    done = subprocess.run(["dot", "-Tsvg"], input=dot(picture).encode(), capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    return ElementTree.fromstring(done.stdout)


def count(root: ElementTree.Element, kind: str) -> int:
    return sum(element.get("class") == kind for element in root.iter(f"{SVG}g"))


@with_graphviz
@pytest.mark.parametrize("path", ["s3", "nexus"])
def test_graphviz_draws_every_node_edge_and_group(path: str) -> None:
    picture = path_of(healthy()[1], path)
    root = drawn(picture)
    found = [count(root, kind) for kind in ("node", "edge", "cluster")]
    assert found == [len(picture.nodes), len(picture.edges), len(picture.groups)]


@with_graphviz
@pytest.mark.parametrize("name", HOSTILE)
def test_graphviz_takes_a_hostile_text_as_a_text(name: str) -> None:
    root = drawn(hostile(HOSTILE[name]))
    assert [count(root, kind) for kind in ("node", "edge", "cluster")] == [2, 1, 2]
    assert not [key for element in root.iter() for key in element.attrib if key.startswith("on") or "javascript" in key]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_ends_its_quotes(name: str) -> None:
    without = re.sub(r'"(?:[^"\\]|\\.)*"', "", dot(hostile(HOSTILE[name])))
    assert '"' not in without
    assert "javascript" not in without
    assert len(without) < 2_000


def test_the_reason_is_told_where_packets_stop() -> None:
    assert re.search(r'label="✗ workers-b\\nRoute table\\nrtb-\w+\\nno route to', dot(routeless()[1]))


def test_replies_are_drawn_from_their_target_back() -> None:
    text = dot(grid(1, 1, 2))
    assert re.search(r"n0 -> n1 \[.*color=\"#1f6fb5\"\]", text)
    assert re.search(r"n0 -> n1 \[.*dir=back\]", text)
