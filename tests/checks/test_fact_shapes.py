"""What facts can be, beside what they are in the demo and in an estate."""

from __future__ import annotations

import re

import pytest

from builder import mwaa_estate
from checks.asserting import subject_of
from mwaanet import demo
from mwaanet.checks.assertions import subject
from mwaanet.checks.context import Context
from mwaanet.checks.fact_shapes import facts_shape
from mwaanet.checks.facts import FACTS
from mwaanet.checks.response_shapes import ListOf, Plain, Shape
from mwaanet.checks.subject import Fact
from mwaanet.snapshot.reader import Snapshot

KINDS = {str: "text", int: "number", bool: "truth value"}


@pytest.fixture(scope="module", params=["healthy", "estate"])
def context(request: pytest.FixtureRequest) -> Context:
    if request.param == "estate":
        return subject_of(mwaa_estate())
    return subject(Snapshot.from_files(demo.files(demo.HEALTHY)))


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_is_what_it_can_be(context: Context, name: str) -> None:
    assert context.facts is not None
    found = context.facts.fact(name)
    if isinstance(found, Fact):
        fits(found.value, facts_shape().members[name]())


def fits(value: object, shape: Shape | None) -> None:
    if isinstance(value, tuple):
        assert isinstance(shape, ListOf)
        for item in value:
            fits(item, shape.item())
        return
    assert isinstance(shape, Plain)
    assert KINDS[type(value)] == shape.kind
    if value != "":
        assert not shape.values or value in shape.values
        assert shape.form is None or re.fullmatch(shape.form.pattern, str(value))
