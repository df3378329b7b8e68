"""JMESPath as checks use it."""

from __future__ import annotations

import pytest

from mwaanet.checks import expressions
from mwaanet.errors import UsageError


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("a", ("a",)),
        ("a.b.c", ("a",)),
        ("length(zones) >= `2` && !contains(zone_ids, 'x')", ("zones", "zone_ids")),
        ("Rules[?Port == `443`].Name | [0]", ("Rules",)),
        ("[A, B] == `[true, true]`", ("A", "B")),
        ("max_by(people, &age).name", ("people",)),
        ("{x: a, y: b.c}", ("a", "b")),
        ("values[*].x", ("values",)),
        ("*.x", ()),
    ],
)
def test_names_that_are_read_from_the_document(expression: str, names: tuple[str, ...]) -> None:
    assert expressions.names(expression) == names


@pytest.mark.parametrize(
    ("expression", "document", "expected"),
    [
        ("a", {"a": True}, True),
        ("a", {"a": 0}, True),
        ("a", {"a": [1]}, True),
        ("a", {"a": "text"}, True),
        ("a", {"a": None}, False),
        ("a", {}, False),
        ("a", {"a": False}, False),
        ("a", {"a": ""}, False),
        ("a", {"a": []}, False),
        ("a", {"a": {}}, False),
        ("length(a) == `0`", {"a": []}, True),
        ("length(a) == `0`", {}, False),
    ],
)
def test_holds_unless_the_result_is_a_false_value(expression: str, document: object, expected: bool) -> None:
    assert expressions.holds(expression, document) is expected


def test_a_number_of_too_many_digits_is_no_expression() -> None:
    """JMESPath reads it as Python does, which takes 4,300 digits at most."""
    assert "not a JMESPath expression" in expressions.problem(f"a[{'1' * 5_000}]")


def test_problems_are_told() -> None:
    assert (
        expressions.problem("a[?") == "not a JMESPath expression: Invalid jmespath expression: Incomplete expression:"
    )
    assert expressions.problem("lengt(a)") == "JMESPath has no function 'lengt' (did you mean length?)"
    assert expressions.problem("length(a)") == ""


def test_an_expression_that_can_never_be_evaluated_is_an_error() -> None:
    with pytest.raises(UsageError, match="length"):
        expressions.holds("length(a, b)", {})
