"""What two assertions about plain facts have in common: the values that each admits for the same parts of a document.

An expression is taken apart where it joins comparisons by `&&`; what else it says counts as one part, which is true or
not. The parts are compared by their syntax trees, so that spaces and brackets make no difference.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mwaanet.checks import expressions
from mwaanet.checks.facts import Facts
from mwaanet.checks.language import Check, Require
from mwaanet.checks.overlap_values import TRUE_ONES, Values, ValueSet, apart, contrary, one, ordered, within

_Node = Mapping[str, Any]
Part = tuple[str, ValueSet]
"""A part of a document, by its syntax tree, and the values that it may have."""
_MIRRORED = {"lt": "gt", "lte": "gte", "gt": "lt", "gte": "lte"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RequireMeaning:
    """What one assertion is about: of `asked` all of `parts` hold, or where they are `denied` one at least does not."""

    check: Check
    verb: Require
    asked: tuple[str, tuple[tuple[str, str], ...]]
    parts: tuple[Part, ...]
    denied: bool
    unconditional: bool

    @property
    def subject(self) -> object:
        """The document."""
        return self.asked

    def shared(self, other: RequireMeaning) -> str:
        """What cannot hold beside the other; empty where both can."""
        if self.denied and other.denied:
            return ""
        positive, second = (other, self) if self.denied else (self, other)
        if second.denied:
            contradicts = all(_implied(part, positive.parts) for part in second.parts)
        else:
            contradicts = any(_apart(part, positive.parts) for part in second.parts)
        return f"{self.verb.that} and {other.verb.that}" if contradicts else ""

    def follows_from(self, other: RequireMeaning) -> bool:
        """Whether whatever the other admits is admitted here."""
        if not (self.unconditional and other.unconditional):
            return False
        if not self.denied:
            return not other.denied and all(_implied(part, other.parts) for part in self.parts)
        if not other.denied:
            return any(_apart(part, other.parts) for part in self.parts)
        return all(_implied(part, self.parts) for part in other.parts)


def require_meaning(check: Check, verb: Require, facts: Facts | None, *, always: bool) -> RequireMeaning:
    """What an assertion is about."""
    fill = facts.fill if facts else str
    parts = tuple(_parts(expressions.tree(fill(verb.that))))
    rest = contrary(parts[0][1]) if check.negative and len(parts) == 1 else None
    return RequireMeaning(
        check=check,
        verb=verb,
        asked=(verb.call, tuple(sorted((name, fill(value)) for name, value in verb.parameters))),
        parts=((parts[0][0], rest),) if rest else parts,
        denied=check.negative and rest is None,
        unconditional=always,
    )


def never_holds(expression: str) -> bool:
    """Whether an expression joins what cannot be at once."""
    parts = tuple(_parts(expressions.tree(expression)))
    return any(_apart(part, parts[:index]) for index, part in enumerate(parts))


def _implied(part: Part, by: tuple[Part, ...]) -> bool:
    return any(part[0] == key and within(values, part[1]) for key, values in by)


def _apart(part: Part, others: tuple[Part, ...]) -> bool:
    return any(part[0] == key and apart(values, part[1]) for key, values in others)


def _parts(node: _Node) -> Iterator[Part]:
    """The comparisons that must all hold."""
    if node["type"] == "and_expression":
        for child in node["children"]:
            yield from _parts(child)
    else:
        yield _comparison(node) or (_key(node), TRUE_ONES)


def _comparison(node: _Node) -> Part | None:
    """A part beside fixed values; None where it is none."""
    if node["type"] == "not_expression":
        inner = _comparison(node["children"][0]) or (_key(node["children"][0]), TRUE_ONES)
        rest = contrary(inner[1])
        return (inner[0], rest) if rest else None
    if node["type"] == "function_expression" and node["value"] == "contains":
        return _among(node)
    if node["type"] != "comparator":
        return None
    left, right = node["children"]
    operator = node["value"]
    if left["type"] == "literal":
        left, right, operator = right, left, _MIRRORED.get(operator, operator)
    if right["type"] != "literal" or left["type"] == "literal":
        return None
    value = right["value"]
    if operator in ("eq", "ne"):
        return _key(left), Values(frozenset({one(value)}), operator == "ne")
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return (_key(left), ordered(operator, value)) if number else None


def _among(node: _Node) -> Part | None:
    """`contains(['x', 'y'], part)`."""
    listed, part = node["children"]
    found = listed["children"] if listed["type"] == "multi_select_list" else ()
    if not found or part["type"] == "literal" or any(item["type"] != "literal" for item in found):
        return None
    return _key(part), Values(frozenset(one(item["value"]) for item in found))


def _key(node: _Node) -> str:
    return json.dumps(node, sort_keys=True)
