"""The page of a picture: the SVG and a policy under which nothing else can happen."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

import pytest

from mwaanet.report.picture_html import html
from report.pictures import HOSTILE, hostile
from report.test_picture_paths import routeless

TAGS = {"html", "head", "meta", "title", "style", "body", "main", "svg", "desc", "rect", "g", "path", "polygon", "text"}


def test_the_policy_allows_the_two_styles_and_nothing_else() -> None:
    page = html(routeless()[1])
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    styles = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    hashes = [f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" for style in styles]
    assert policy == f"default-src 'none'; style-src {' '.join(hashes)}; base-uri 'none'; form-action 'none'"
    assert len(styles) == 2
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_stays_text(name: str) -> None:
    page = html(hostile(HOSTILE[name]))
    tags = set(re.findall(r"<(\w+)", page))
    assert tags <= TAGS
    assert not re.search(r"<[^>]*\s(on\w+|style|href|src)=", page)
