"""Site files and files of checks that were tampered with: they are read, or refused on purpose, and soon."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder import mwaa_estate
from checks.asserting import loaded
from checks.cases import CHECKS
from checks.test_assertions_page import EXAMPLES
from mwaanet.checks.load import parse_checks
from mwaanet.errors import MwaanetError
from mwaanet.model.site import Site

ODD = [
    *("null", "~", "true", "-1", "0", "65536", "1" * 5000, "1e999", ".nan", "''", '"\\0"', '"\\ud800"', "x", "é\u202e"),
    *("[]", "{}", "[[]]", "[null]", "{x: 1}", "[" * 50, "{a: " * 50, "*a", "&a x", "!!python/none", "!!binary x"),
    *(
        "10.0.0.0/8",
        "::/0",
        "999.1.1.1/33",
        "https://[",
        "any",
        "a..b",
        "*." * 200,
        "2001-01-01",
        "0x10",
        "<<",
        "- -",
        "|",
    ),
]
"""What may stand in the place of any word, or between any two."""
_WORDS = re.compile(r"[^\s\[\]{},]+|[\[\]{},]|\s+")
QUICK = settings(max_examples=150, deadline=2000, suppress_health_check=[HealthCheck.too_slow])


@cache
def words(text: str) -> tuple[str, ...]:
    return tuple(_WORDS.findall(text))


@st.composite
def tampered(draw: st.DrawFn, texts: tuple[str, ...]) -> str:
    """One of the texts with up to three words changed, left out, doubled or put in."""
    parts = list(words(draw(st.sampled_from(texts))))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(parts) - 1))
        change = draw(st.sampled_from(["change", "drop", "double", "put in"]))
        odd = draw(st.sampled_from(ODD) | st.text(max_size=8))
        put = {"change": [odd], "drop": [], "double": [parts[place]] * 2, "put in": [odd, parts[place]]}[change]
        parts[place : place + 1] = put or [""]
    return "".join(parts)


@QUICK
@given(tampered((mwaa_estate().net.world.site,)))
def test_a_tampered_site_file_is_read_or_refused(text: str) -> None:
    with suppress(MwaanetError):
        Site.parse(text, "mwaanet.yaml")


@QUICK
@given(tampered(tuple(file.read_text() for file in sorted(CHECKS.glob("*.yaml")))))
def test_a_tampered_file_of_checks_is_read_or_refused(text: str) -> None:
    with suppress(MwaanetError):
        parse_checks(text, "ours.yaml")


@QUICK
@given(tampered(tuple(EXAMPLES)))
def test_a_tampered_file_of_assertions_is_read_or_refused(text: str) -> None:
    with suppress(MwaanetError):
        loaded(text, {"clients": "dc1"}, {"common.yaml": "version: 1\nassertions: []\n"})
