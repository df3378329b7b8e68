"""Sets of JSON values that a comparison admits: some, all but some, or the numbers of a range."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True)
class Values:
    """The values whose JSON texts are `texts`, or with `all_but` every other value."""

    texts: frozenset[str]
    all_but: bool = False


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers between two, with either where it is `closed`."""

    low: float = -inf
    high: float = inf
    low_closed: bool = True
    high_closed: bool = True


ValueSet = Values | Numbers
TRUE_ONES = Values(frozenset({"null", "false", '""', "[]", "{}"}), all_but=True)
"""What holds by itself (https://jmespath.org/specification.html#or-expressions)."""


def one(value: object) -> str:
    """The text of a value; 1 and 1.0 are one number."""
    whole = isinstance(value, float) and value.is_integer()
    return json.dumps(int(value) if whole and isinstance(value, float) else value, sort_keys=True)


def ordered(operator: str, number: float) -> Numbers:
    """The numbers that are `lt`, `lte`, `gt` or `gte` than another."""
    closed = operator.endswith("e")
    if operator.startswith("l"):
        return Numbers(high=number, high_closed=closed)
    return Numbers(low=number, low_closed=closed)


def contrary(values: ValueSet) -> ValueSet | None:
    """Every other value; None where that is no such set, for all but some numbers."""
    return Values(values.texts, not values.all_but) if isinstance(values, Values) else None


def within(inner: ValueSet, outer: ValueSet) -> bool:
    """Whether every value of the one is among the other."""
    if isinstance(inner, Numbers):
        if isinstance(outer, Numbers):
            return _starts_before(outer, inner) and _ends_after(outer, inner)
        only = inner.low == inner.high and one(inner.low) in outer.texts
        return not any(_among(text, inner) for text in outer.texts) if outer.all_but else only
    if isinstance(outer, Numbers):
        return not inner.all_but and all(_among(text, outer) for text in inner.texts)
    if inner.all_but:
        return outer.all_but and outer.texts <= inner.texts
    return not (inner.texts & outer.texts) if outer.all_but else inner.texts <= outer.texts


def apart(one_set: ValueSet, other: ValueSet) -> bool:
    """Whether no value is among both."""
    if isinstance(one_set, Numbers) and isinstance(other, Numbers):
        return _below(one_set, other) or _below(other, one_set)
    if isinstance(other, Numbers):
        return apart(other, one_set)
    rest = contrary(other)
    return rest is not None and within(one_set, rest)


def _among(text: str, numbers: Numbers) -> bool:
    value = json.loads(text)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    above = value > numbers.low or (value == numbers.low and numbers.low_closed)
    return above and (value < numbers.high or (value == numbers.high and numbers.high_closed))


def _below(low: Numbers, high: Numbers) -> bool:
    return low.high < high.low or (low.high == high.low and not (low.high_closed and high.low_closed))


def _starts_before(outer: Numbers, inner: Numbers) -> bool:
    return outer.low < inner.low or (outer.low == inner.low and (outer.low_closed or not inner.low_closed))


def _ends_after(outer: Numbers, inner: Numbers) -> bool:
    return outer.high > inner.high or (outer.high == inner.high and (outer.high_closed or not inner.high_closed))
