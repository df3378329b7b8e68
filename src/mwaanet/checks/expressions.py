"""JMESPath as checks use it: which names an expression reads, whether it is sound, and whether it holds.

https://jmespath.org/specification.html. An expression holds unless its result is one of JMESPath's false values:
`null`, `false`, an empty text, list or object. What has no sense for the data at hand (the length of `null`) does not
hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError, JMESPathTypeError
from jmespath.functions import Functions

from mwaanet.errors import UsageError
from mwaanet.marked_yaml import nearest

_FUNCTIONS: tuple[str, ...] = tuple(Functions.FUNCTION_TABLE)
MOST_DEPTH = 64
"""How deeply an expression may be nested."""
_TOO_DEEP = f"a JMESPath expression that is nested deeper than {MOST_DEPTH}"
_FIRST_ONLY = frozenset(
    {"subexpression", "pipe", "projection", "value_projection", "filter_projection", "index_expression", "flatten"}
)
"""Nodes whose first child alone is read from the document; the others go on from there."""


@lru_cache(maxsize=512)
def _compiled(expression: str) -> Any:
    return jmespath.compile(expression)


def problem(expression: str) -> str:
    """Why a text is no expression; empty where it is one."""
    try:
        tree = _compiled(expression).parsed
    except ValueError as error:  # JMESPath's own are such, and so is a number of too many digits
        return f"not a JMESPath expression: {str(error).splitlines()[0]}"
    except RecursionError:
        return _TOO_DEEP
    for node, depth in _nodes(tree):
        if depth > MOST_DEPTH:
            return _TOO_DEEP
        if node["type"] == "function_expression" and node["value"] not in _FUNCTIONS:
            return f"JMESPath has no function {node['value']!r}{nearest(node['value'], _FUNCTIONS)}"
    return ""


def names(expression: str) -> tuple[str, ...]:
    """The names that an expression reads from the document itself, not from what lies inside it."""
    return tuple(dict.fromkeys(_top(_compiled(expression).parsed)))


def tree(expression: str) -> dict[str, Any]:
    """The nodes of an expression, as jmespath parses it."""
    found: dict[str, Any] = _compiled(expression).parsed
    return found


def reads(expression: str) -> bool:
    """Whether an expression reads anything of the document."""
    return any(node["type"] in ("field", "current", "value_projection") for node, _ in _nodes(tree(expression)))


def holds(expression: str, document: object) -> bool:
    """Whether an expression holds over a document; UsageError where it cannot be evaluated at all."""
    try:
        found = _compiled(expression).search(document)
    except JMESPathTypeError:
        return False
    except JMESPathError as error:
        raise UsageError(f"{expression}: {str(error).splitlines()[0]}") from error
    return not (found is None or found is False or found in ("", [], {}))


def _nodes(node: dict[str, Any], depth: int = 0) -> Iterator[tuple[dict[str, Any], int]]:
    """Every node and how deep it lies, from the top down."""
    yield node, depth
    for child in node.get("children", ()):
        yield from _nodes(child, depth + 1)


def _top(node: dict[str, Any]) -> Iterator[str]:
    if node["type"] == "field":
        yield str(node["value"])
    if node["type"] in ("field", "expref"):
        return
    children = node.get("children", ())
    for child in children[:1] if node["type"] in _FIRST_ONLY else children:
        yield from _top(child)
