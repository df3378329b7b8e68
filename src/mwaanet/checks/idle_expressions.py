"""Expressions that say nothing of the document at hand: they speak of one thing by its id, and that is not there.

`SecurityGroups[?GroupId == 'sg-1'].IpPermissions[]` is empty for every misspelt id, whatever the rules are. What asks
for the thing alone (`SecurityGroups[?GroupId == 'sg-1']`) asks whether it is there. And what is no number is neither
more nor less than one: where there is no ContentLength, a comparison with it is as false as its contrary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from jmespath.visitor import TreeInterpreter

from mwaanet.checks import expressions

_Node = dict[str, Any]
_IDENTIFIES = re.compile(r"(Id|Arn|ARN|Name|Identifier)$")
_ON = ("subexpression", "pipe", "index_expression")
_ASIDE = ("comparator", "and_expression", "or_expression", "not_expression")


def idle(expression: str, document: object) -> str:
    """Why an expression says nothing of a document; empty where it says something."""
    tree = expressions.tree(expression)
    for filtering, wanted in _filters(tree, goes_on=False):
        if not _evaluated(filtering, document):
            return f"nothing has the {wanted}"
    return _unordered(tree, document)


def _filters(node: _Node, *, goes_on: bool) -> Iterator[tuple[_Node, str]]:
    """The filters that pick one thing of the document to say something of it: each with what it is picked by."""
    kind, children = node["type"], node.get("children", ())
    if kind in ("filter_projection", "projection", "value_projection"):
        further = goes_on or children[1]["type"] != "identity"
        wanted = _identity(children[2]) if kind == "filter_projection" and further else ""
        if wanted:
            yield {**node, "children": [children[0], {"type": "identity", "children": []}, children[2]]}, wanted
        yield from _filters(children[0], goes_on=further or kind == "filter_projection")
    elif kind in _ON:
        yield from _filters(children[0], goes_on=goes_on or _has_field(children[1]))
    elif kind in ("flatten", "function_expression", "multi_select_list"):
        for child in children:
            yield from _filters(child, goes_on=goes_on)
    elif kind in _ASIDE:
        for child in children:
            yield from _filters(child, goes_on=False)


def _identity(condition: _Node) -> str:
    """The field and the fixed value by which a condition picks one thing; empty where it picks by something else."""
    if condition["type"] == "and_expression":
        return next(filter(None, map(_identity, condition["children"])), "")
    if condition["type"] != "comparator" or condition["value"] != "eq":
        return ""
    field = next((one for one in condition["children"] if one["type"] == "field"), None)
    value = next((one for one in condition["children"] if one["type"] == "literal"), None)
    if field is None or value is None or not _IDENTIFIES.search(str(field["value"])):
        return ""
    return f"{field['value']} {value['value']}"


def _has_field(node: _Node) -> bool:
    return node["type"] == "field" or any(map(_has_field, node.get("children", ())))


def _unordered(node: _Node, document: object) -> str:
    """Why a comparison compares nothing: one of its sides is no number."""
    if node["type"] == "not_expression":
        return _unordered(node["children"][0], document)
    if node["type"] != "comparator" or node["value"] in ("eq", "ne"):
        return ""
    sides = [_evaluated(side, document) for side in node["children"]]
    odd = [side for side in sides if isinstance(side, bool) or not isinstance(side, int | float)]
    return f"there is no number to compare, but {odd[0]!r}" if odd else ""


def _evaluated(node: _Node, document: object) -> Any:
    return TreeInterpreter().visit(cast(Any, node), document)
