"""The `Condition` element: operators, `...IfExists`, `ForAnyValue:` and `ForAllValues:`.

The keys of one element are joined by AND, the values of one key by OR; a negated operator asks that no value fits.
A key that is not in the request makes an operator false, a negated one true, `...IfExists` and `ForAllValues:` true,
`ForAnyValue:` false. A key whose value is not known leaves the condition undecided.

Pages: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html

Not modelled: an operator that the guide does not know, and several request values without `ForAnyValue:` or
`ForAllValues:` where they disagree; both are undecided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from mwaanet.access.addresses import AddressRanges
from mwaanet.access.comparisons import COMPARISONS, Comparison, Family
from mwaanet.access.context import Fact, Presence, RequestContext
from mwaanet.access.matching import matches
from mwaanet.access.policy import Condition
from mwaanet.access.truth import FALSE, TRUE, Truth, all_of, any_of, decided, undecided
from mwaanet.access.variables import Expansion, expand, template

_QUALIFIERS: dict[str, Callable[[Iterable[Truth]], Truth]] = {"forallvalues": all_of, "foranyvalue": any_of}


class _Operator(NamedTuple):
    comparison: Comparison
    if_exists: bool
    qualifier: Callable[[Iterable[Truth]], Truth] | None


def conditions_hold(conditions: tuple[Condition, ...], context: RequestContext, *, variables: bool) -> Truth:
    """Whether a request meets all conditions of a statement; `variables` says if its policy may use them."""
    return all_of(_holds(condition, context, variables) for condition in conditions)


@lru_cache(maxsize=512)
def _operator(text: str) -> _Operator | None:
    """An operator's parts; None for one that IAM does not document."""
    prefix, colon, name = text.lower().rpartition(":")
    if_exists = name.endswith("ifexists")
    comparison = COMPARISONS.get(name.removesuffix("ifexists"))
    qualifier = _QUALIFIERS.get(prefix)
    if comparison is None or (colon and qualifier is None):
        return None
    if comparison.family is Family.PRESENCE and (if_exists or colon):
        return None
    return _Operator(comparison, if_exists, qualifier)


def _holds(condition: Condition, context: RequestContext, variables: bool) -> Truth:
    operator = _operator(condition.operator)
    if operator is None:
        return undecided(f"{condition.key} ({condition.operator})")
    fact = context.lookup(condition.key)
    if operator.comparison.family is Family.PRESENCE:
        return _null(condition, fact)
    if fact is Presence.ABSENT:
        return _absent(operator)
    if isinstance(fact, Presence):
        return undecided(condition.key)
    ranges = _ranges(operator, condition, context, fact)
    if ranges is not None:
        return _address(condition, operator, ranges, context, variables)
    answers = [_value_fits(value, condition, operator, context, variables) for value in fact]
    if operator.qualifier is not None:
        return operator.qualifier(answers)
    agreed = {answer.value for answer in answers}
    return answers[0] if len(agreed) == 1 else undecided(condition.key)


def _absent(operator: _Operator) -> Truth:
    """The answer where the key is not in the request."""
    if operator.if_exists:
        return TRUE
    if operator.qualifier is not None:
        return operator.qualifier(())
    return decided(operator.comparison.negated)


def _null(condition: Condition, fact: Fact) -> Truth:
    """`Null`: "true" asks that the key is absent, "false" that it is present."""
    wanted = {value.lower() for value in condition.values}
    if {"true", "false"} <= wanted:
        return TRUE
    if fact is Presence.UNKNOWN:
        return undecided(condition.key) if wanted & {"true", "false"} else FALSE
    return decided(("true" if fact is Presence.ABSENT else "false") in wanted)


def _ranges(
    operator: _Operator, condition: Condition, context: RequestContext, fact: tuple[str, ...]
) -> AddressRanges | None:
    """The addresses of the request where the key, or the operator, is about addresses."""
    if operator.comparison.family is Family.ADDRESS:
        return AddressRanges.parse(fact)
    return context.ranges(condition.key, fact)


def _address(
    condition: Condition, operator: _Operator, ranges: AddressRanges, context: RequestContext, variables: bool
) -> Truth:
    """Decided only where all possible addresses give the same answer."""
    comparison = operator.comparison
    if comparison.family is not Family.ADDRESS:
        if ranges.single is None:
            return undecided(condition.key)
        return _value_fits(ranges.single, condition, operator, context, variables)
    blocks = [block for value in condition.values if (block := AddressRanges.parse((value,)))]
    wanted = AddressRanges.union(blocks)
    inside = ranges.within(wanted)
    if inside is None:
        return undecided(condition.key)
    return decided(inside is not comparison.negated)


def _value_fits(
    value: str, condition: Condition, operator: _Operator, context: RequestContext, variables: bool
) -> Truth:
    """Whether one value of the request meets the operator, given all values of the policy."""
    comparison = operator.comparison
    if comparison.typed is not None:
        test = comparison.typed
        return decided(any(test(wanted, value) for wanted in condition.values) is not comparison.negated)
    fits = any_of(_text_fits(value, wanted, comparison, context, variables) for wanted in condition.values)
    return fits.negated() if comparison.negated else fits


def _text_fits(value: str, wanted: str, comparison: Comparison, context: RequestContext, variables: bool) -> Truth:
    """Whether a request value fits one policy value, whose variables are filled in first."""
    parts = template(wanted) if variables else (wanted,)
    expansion = expand(parts, context, wild=comparison.wild)
    if comparison.negated and expansion.absent:
        return undecided(*expansion.absent)
    if expansion.pattern is None:
        return FALSE
    if not expansion.unknown:
        return decided(comparison.text is not None and comparison.text(expansion.pattern, value))
    return _may_fit(value, expansion, comparison)


def _may_fit(value: str, expansion: Expansion, comparison: Comparison) -> Truth:
    """With variables unknown, a value that fits whatever they are is the most one can rule out."""
    test = comparison.text
    if comparison.arn or test is None:
        test = matches
    assert expansion.pattern is not None
    return undecided(*expansion.unknown) if test(expansion.pattern, value) else FALSE
