"""Names as text."""

from __future__ import annotations

import pytest

from mwaanet.names.domain import depth, matches, normal, undelegated, wildcard_for, within


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Corp.Example.", "corp.example"), ("\\052.corp.example.", "*.corp.example"), (".", ""), ("a\\137b.c", "a_b.c")],
)
def test_names_are_compared_in_one_form(name: str, expected: str) -> None:
    assert normal(name) == expected


def test_a_zone_holds_itself_and_what_lies_below_it() -> None:
    assert within("corp.example", "corp.example")
    assert within("a.corp.example", "corp.example")
    assert within("anything", "")
    assert not within("acorp.example", "corp.example")
    assert not within("example", "corp.example")


def test_more_labels_are_more_specific() -> None:
    assert [depth(zone) for zone in ("", "example", "corp.example")] == [0, 1, 2]


def test_a_wildcard_matches_below_but_not_its_parent() -> None:
    assert matches("a.corp.example", "*.corp.example")
    assert matches("a.b.corp.example", "*.corp.example")
    assert not matches("corp.example", "*.corp.example")


def test_only_the_wildcard_below_the_closest_existing_name_answers() -> None:
    owners = {"corp.example", "*.corp.example", "x.b.corp.example"}
    assert wildcard_for("new.corp.example", owners, "corp.example") == "*.corp.example"
    assert wildcard_for("a.new.corp.example", owners, "corp.example") == "*.corp.example"
    assert wildcard_for("a.b.corp.example", owners, "corp.example") == ""


def test_some_top_level_names_do_not_exist() -> None:
    assert undelegated("nexus.company.local")
    assert not undelegated("nexus.company.com")
