"""Intervals against Python's own sets of integers."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mwaanet.net import EMPTY, Intervals

quick = settings(max_examples=300, deadline=None, derandomize=True, database=None)

spans = st.tuples(st.integers(0, 24), st.integers(0, 6)).map(lambda pair: (pair[0], pair[0] + pair[1]))
intervals = st.lists(spans, max_size=4).map(lambda parts: Intervals.of(*parts))


def members(value: Intervals) -> set[int]:
    return {number for number in range(-1, 40) if number in value}


def test_spans_are_sorted_and_joined() -> None:
    assert Intervals.of((9, 9), (1, 5), (4, 6), (7, 7)).spans == ((1, 7), (9, 9))


def test_a_single_is_a_span_of_one() -> None:
    assert Intervals.single(7) == Intervals.of((7, 7))


def test_no_span_is_the_empty_set() -> None:
    assert Intervals.of() == EMPTY == Intervals.EMPTY
    assert not EMPTY
    assert EMPTY.size == 0


def test_a_span_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="span 5-1 ends before it starts"):
        Intervals.of((5, 1))


def test_the_empty_set_has_no_bounds() -> None:
    with pytest.raises(ValueError, match=r"^an empty set has no smallest member$"):
        _ = EMPTY.min
    with pytest.raises(ValueError, match=r"^an empty set has no largest member$"):
        _ = EMPTY.max


def test_runs_that_share_one_number_have_it_in_common() -> None:
    low, high = Intervals.of((1, 5)), Intervals.of((5, 9))
    assert low & high == high & low == Intervals.single(5)


def test_text_lists_the_runs() -> None:
    assert str(Intervals.of((80, 80), (443, 443), (8000, 8100))) == "80,443,8000-8100"


def test_intervals_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Intervals.single(1).spans = ()  # type: ignore[misc]


def test_intervals_differ_from_other_types() -> None:
    assert Intervals.single(1) != 1


def test_intervals_survive_pickling() -> None:
    value = Intervals.of((1, 5), (9, 9))
    assert pickle.loads(pickle.dumps(value)) == value


@quick
@given(intervals, intervals)
def test_operations_are_those_of_sets(a: Intervals, b: Intervals) -> None:
    x, y = members(a), members(b)
    assert members(a & b) == x & y
    assert members(a | b) == x | y
    assert members(a - b) == x - y
    assert a.issubset(b) == (x <= y)
    assert bool(a) == bool(x)
    assert a.size == len(x)
    assert not x or (a.min, a.max) == (min(x), max(x))


@quick
@given(intervals, intervals)
def test_equality_is_that_of_the_members(a: Intervals, b: Intervals) -> None:
    assert (a == b) == (members(a) == members(b))
    assert (a != b) == (members(a) != members(b))
    rebuilt = (a & b) | (a - b)
    assert rebuilt == a
    assert not rebuilt != a  # noqa: SIM202 - the operator itself is what is tested
    assert hash(rebuilt) == hash(a)


def test_hashes_tell_most_sets_apart() -> None:
    assert len({hash(Intervals.single(number)) for number in range(50)}) > 40


@quick
@given(intervals, intervals)
def test_results_are_in_normal_form(a: Intervals, b: Intervals) -> None:
    for result in (a & b, a | b, a - b):
        assert all(low <= high for low, high in result.spans)
        assert all(one[1] + 1 < other[0] for one, other in zip(result.spans, result.spans[1:], strict=False))


@quick
@given(intervals, intervals)
def test_an_operation_that_loses_nothing_returns_the_same_object(a: Intervals, b: Intervals) -> None:
    # The box operations tell "unchanged" by identity.
    if a.issubset(b):
        assert a & b is a
    if not a & b:
        assert a - b is a
