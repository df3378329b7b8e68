"""Names that a document cannot have, wherever they stand in an expression, and what is not judged."""

from __future__ import annotations

import pytest

from mwaanet.checks import expressions
from mwaanet.checks.field_names import impossible
from mwaanet.checks.response_shapes import ListOf, MapOf, Plain, Shape, Structure

TEXT, NUMBER, TRUTH = Plain("text"), Plain("number"), Plain("truth value")
STATE = Plain("text", ("pending", "available"))
RULE = Structure({"FromPort": lambda: NUMBER, "Proto": lambda: TEXT})
ITEM = Structure(
    {
        "Id": lambda: TEXT,
        "State": lambda: STATE,
        "Main": lambda: TRUTH,
        "Rules": lambda: ListOf(lambda: RULE),
        "Policy": lambda: None,
    }
)
ANSWER: Shape = Structure(
    {
        "Items": lambda: ListOf(lambda: ITEM),
        "First": lambda: ITEM,
        "Tags": lambda: MapOf(lambda: TEXT),
        "States": lambda: ListOf(lambda: STATE),
        "Count": lambda: NUMBER,
    }
)


def problems(expression: str) -> tuple[str, ...]:
    return impossible(expressions.tree(expression), ANSWER)


@pytest.mark.parametrize(
    "expression",
    [
        "Item[0]",
        "First.IdX",
        "@.First.IdX",
        "First | IdX",
        "Items[0].IdX",
        "Items[-1:].IdX",
        "Items[*].IdX",
        "Items[].Rules[].IdX",
        "Items[*].Rules[*].IdX",
        "Items[?IdX == 'x']",
        "Items[?Id == 'x'].IdX",
        "Items[?Rules[?IdX == `1`]].Id",
        "Items[].[Id, IdX]",
        "Items[].{a: IdX}",
        "Items[].{a: Id}.b",
        "Items[].{a: Id} | [0].b",
        "length(Items[?Main].IdX)",
        "sort_by(Items, &IdX)[0].Id",
        "sort_by(Items, &Id)[0].IdX",
        "map(&IdX, Items)",
        "!First.IdX",
        "First.IdX || Count",
        "Count && First.IdX",
        "First.IdX == `1`",
        "contains(First.IdX, 'a')",
        "First.Id.x",
        "Items.Id",
        "First[0]",
        "First[*].Id",
        "Tags.team.x",
    ],
)
def test_a_name_that_is_not_there(expression: str) -> None:
    assert len(problems(expression)) == 1


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("First.Idd", "no Idd (did you mean Id?)"),
        ("Items.Id", "a list, which has no Id (its items may: [].Id)"),
        ("First.Id.x", "a text, which has no x"),
        ("First[0]", "an object, which has no [0]"),
        ("First.Main == true", "no true (`true` is meant, in backticks)"),
        ("First.State == 'availble'", "no value the text 'availble' (did you mean available?)"),
        ("'availble' != First.State", "no value the text 'availble' (did you mean available?)"),
        ("contains(States, 'gone')", "no value the text 'gone'"),
        ("contains(['pending', 'gone'], First.State)", "no value the text 'gone'"),
        ('contains(`["gone"]`, First.State)', "no value the text 'gone'"),
        ("Count == '443'", "a number, which is never the text '443'"),
        ("First.Main == 'true'", "a truth value, which is never the text 'true'"),
        ("First.Id > `1`", "a text, of which none is more or less than another"),
        ("Count > '1'", "a text, of which none is more or less than another"),
    ],
)
def test_what_is_wrong_is_said(expression: str, problem: str) -> None:
    assert problems(expression) == (problem,)


@pytest.mark.parametrize(
    "expression",
    [
        "First.Policy.Statement[0].Effect == 'Allow'",
        "Tags.anything == 'x'",
        "Tags.*",
        "First.* | [0].x",
        "to_array(First)[0].x",
        "(First || Count).x",
        "length(Items) > `0`",
        "First.Id == null",
        "First.Id == '{vpc}'",
        "First.State == '{status}'",
        "Items[?Main == `true`] | [0].Rules[?FromPort >= `443`].Proto",
        "max_by(Items, &to_number(Id)).Id",
        "values(First)[0].x",
    ],
)
def test_what_is_there_or_not_known_is_not_told(expression: str) -> None:
    assert problems(expression) == ()
