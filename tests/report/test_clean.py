import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mwaanet.report.clean import clean


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("Zürich 東京 ✓", "Zürich 東京 ✓"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("bell\x07", "bell\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("\u202eabc\u2066", "\\u202eabc\\u2066"),
        ("a\u200bb\ufeff", "a\\u200bb\\ufeff"),
        ("\U000e0041", "\\U000e0041"),
        ("\ud800", "\\ud800"),
        ("two\nlines\r\ttabs\u2028", "two lines  tabs "),
    ],
)
def test_what_could_harm_is_escaped(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_ascii_keeps_the_meaning_of_our_symbols() -> None:
    assert clean("✓ ✗ – … → · •", unicode=False) == "+ x - ... -> - *"
    assert clean("é東", unicode=False) == "\\xe9\\u6771"


@settings(deadline=None, derandomize=True, database=None)
@given(st.text())
def test_nothing_harmful_is_left(text: str) -> None:
    shown = clean(text)
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    assert clean(shown) == shown
    assert clean(text, unicode=False).isascii()
