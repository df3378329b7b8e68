import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from mwaanet.report.layout import MIN_WIDTH, Look, Page, Piece, Style


def page(width: int = 40, *, colour: bool = False, unicode: bool = True) -> Page:
    return Page(Look(width=width, colour=colour, unicode=unicode))


def lines(filled: Page) -> list[str]:
    return filled.text().splitlines()


def test_words_are_wrapped_below_the_lead() -> None:
    filled = page()
    filled.add("one two three four five six seven eight", lead=["  key: "])
    assert lines(filled) == ["  key: one two three four five six seven", "       eight"]


def test_a_hanging_indent_of_ones_own() -> None:
    filled = page()
    filled.add("one two three four five six seven eight", lead=["  key: "], hang=4)
    assert lines(filled)[1] == "    eight"


def test_a_word_that_fits_below_but_not_beside_its_lead_goes_below() -> None:
    filled = page()
    filled.add("https://docs.aws.amazon.com/vpc", lead=["  source:     "], hang=4)
    assert lines(filled) == ["  source:", "    https://docs.aws.amazon.com/vpc"]


def test_a_lead_without_room_beside_it_stands_alone() -> None:
    filled = page()
    filled.add("text", lead=["x" * 37], hang=2)
    assert lines(filled) == ["x" * 37, "  text"]


def test_a_lead_wider_than_the_page_is_cut() -> None:
    filled = page()
    filled.add("text", lead=["x" * 30, "y" * 30, "z"])
    assert lines(filled)[0] == "x" * 30 + "y" * 10


def test_a_long_word_is_cut_behind_a_separator() -> None:
    filled = page()
    filled.add("accounts/111122223333/us-east-1/ec2/describe-vpcs.json")
    assert lines(filled) == ["accounts/111122223333/us-east-1/ec2/", "describe-vpcs.json"]


def test_a_long_word_without_separators_is_cut_anywhere() -> None:
    filled = page()
    filled.add("x" * 50)
    assert lines(filled) == ["x" * 40, "x" * 10]


def test_styles_meet_within_a_word() -> None:
    filled = page(colour=True)
    filled.add(Piece("bold", Style.STRONG), ", plain")
    assert filled.text() == "\x1b[1mbold\x1b[0m, plain\n"


def test_a_run_of_one_style_is_painted_once() -> None:
    filled = page(colour=True)
    filled.add(Piece("two words", Style.STRONG), " ", Piece("red", Style.BAD))
    assert filled.text() == "\x1b[1mtwo words\x1b[0m \x1b[1;31mred\x1b[0m\n"


def test_blanks_at_the_end_of_a_line_are_dropped() -> None:
    for colour in (False, True):
        filled = page(colour=colour)
        filled.add(lead=["text", Piece("   ", Style.BAD)])
        assert filled.text() == "text\n"


def test_blank_lines_do_not_pile_up() -> None:
    filled = page()
    filled.blank()
    filled.add("a")
    filled.blank()
    filled.blank()
    filled.add("b")
    assert filled.text() == "a\n\nb\n"


def test_bars_enclose_all_lines() -> None:
    filled = page()
    filled.barred([[Piece("long line")], [Piece("short")]], 2)
    assert lines(filled) == ["  | long line |", "  | short     |"]


def test_wide_characters_take_two_cells() -> None:
    filled = page()
    filled.add("東" * 30)
    assert [cell_len(line) for line in lines(filled)] == [40, 20]


def test_no_page_is_narrower_than_the_minimum() -> None:
    assert page(3).width == MIN_WIDTH


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("fits", 10, "fits"),
        ("one two three four", 14, "one two three…"),
        ("unbreakable", 6, "unbre…"),
        ("stop here, not there", 12, "stop here…"),
    ],
)
def test_cut(text: str, width: int, shown: str) -> None:
    assert page().look.cut(text, width) == shown


@pytest.mark.parametrize(("text", "width", "shown"), [("fits", 10, "fits"), ("customer-private-b", 9, "cust…te-b")])
def test_squeeze(text: str, width: int, shown: str) -> None:
    assert page().look.squeeze(text, width) == shown
    assert len(page(unicode=False).look.squeeze(text, width)) <= width


@settings(deadline=None, derandomize=True, database=None)
@given(st.lists(st.text(max_size=60)), st.text(max_size=60), st.integers(MIN_WIDTH, 120), st.integers(0, 200))
def test_nothing_is_wider_than_the_page(texts: list[str], lead: str, width: int, hang: int) -> None:
    filled = page(width)
    filled.add(*texts, lead=[lead], hang=hang)
    assert max(cell_len(line) for line in filled.text().split("\n")) <= width


@settings(deadline=None, derandomize=True, database=None)
@given(st.lists(st.text(st.characters(codec="ascii"), max_size=60)), st.integers(MIN_WIDTH, 120))
def test_nothing_is_lost(texts: list[str], width: int) -> None:
    filled = page(width)
    filled.add(*texts)
    shown = "".join(map(filled.look.clean, texts))
    assert filled.text().replace("\n", "").replace(" ", "") == shown.replace(" ", "")
