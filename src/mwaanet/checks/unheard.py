"""Words of a check that nobody has: actions and condition keys of IAM, names in a call's response, values of facts.

A name that is not there is refused whatever is so, and a field that is not there is `null`: what asks about them says
nothing, and least of all where it states what must not be. Whether such a word is misspelt or new cannot be told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from mwaanet.checks import expressions
from mwaanet.checks.fact_shapes import facts_shape
from mwaanet.checks.facts import Facts, placeholders
from mwaanet.checks.field_names import impossible
from mwaanet.checks.iam_words import unheard as unheard_of_permit
from mwaanet.checks.language import Check, Permit, Require, Verb
from mwaanet.checks.overlap_require import never_holds
from mwaanet.checks.response_shapes import response_shape, source


def unheard(check: Check, verbs: Sequence[Verb], facts: Facts | None) -> tuple[str, ...]:
    """Each in a sentence; `verbs` is what the check asks here, once for each value of its list."""
    found = [*_of_facts("when", check.when), *_of_sense("when", check.when)] if check.when else []
    for verb in verbs:
        if isinstance(verb, Permit):
            resources = (one for text in verb.resources for one in (facts.fill_each(text) if facts else (text,)))
            found.extend(unheard_of_permit(verb, resources))
        elif isinstance(verb, Require):
            found.extend(_of_call(verb) if verb.call else _of_facts("that", verb.that))
            found.extend(_of_sense("that", verb.that))
    return tuple(dict.fromkeys(found))


def _of_facts(key: str, expression: str) -> Iterator[str]:
    for problem in impossible(expressions.tree(expression), facts_shape()):
        yield f"{key}: {expression!r} reads {problem}"


def _of_sense(key: str, expression: str) -> Iterator[str]:
    """What says nothing, for it holds always or never."""
    if never_holds(expression):
        yield f"{key}: {expression!r} never holds: it joins what cannot be at once"
    if not expressions.reads(expression) and not placeholders(expression):
        yield f"{key}: {expression!r} reads nothing"


def _of_call(verb: Require) -> Iterable[str]:
    return _of_response(verb.call, verb.that)


@cache
def _of_response(call: str, expression: str) -> tuple[str, ...]:
    service, _, operation = call.partition("/")
    shape = response_shape(service, operation)
    problems = impossible(expressions.tree(expression), shape) if shape else ()
    return tuple(f"that: {expression!r} reads {problem} in {operation} ({source()})" for problem in problems)
