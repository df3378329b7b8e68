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
    for picking, nothing in _picks(tree, goes_on=False):
        if not _evaluated(picking, document):
            return nothing
    return _unordered(tree, document)


def _picks(node: _Node, *, goes_on: bool) -> Iterator[tuple[_Node, str]]:
    """What picks one thing of the document to say something of it, and what is to be said where it picks nothing."""
    kind, children = node["type"], node.get("children", ())
    if kind in ("filter_projection", "projection", "value_projection"):
        further = goes_on or children[1]["type"] != "identity"
        wanted = _identity(children[2]) if kind == "filter_projection" and further else ""
        if wanted:
            yield (
                {**node, "children": [children[0], {"type": "identity", "children": []}, children[2]]},
                (f"nothing has the {wanted}"),
            )
        yield from _picks(children[0], goes_on=further or kind == "filter_projection")
    elif kind in _ON:
        yield from _picks(children[0], goes_on=goes_on or any(map(_has_field, children[1:])))
        yield from _items(node, goes_on=goes_on)
    elif kind in ("flatten", "function_expression", "multi_select_list"):
        for child in children:
            yield from _picks(child, goes_on=goes_on)
    elif kind in _ASIDE:
        for child in children:
            yield from _picks(child, goes_on=False)


def _items(node: _Node, *, goes_on: bool) -> Iterator[tuple[_Node, str]]:
    """The items of lists that are picked by their place, one after another."""
    children = node["children"]
    if node["type"] == "index_expression" and goes_on and children[1]["type"] == "index":
        yield node, f"there is no item [{children[1]['value']}]"
    for place, child in enumerate(children) if node["type"] == "subexpression" else ():
        further = goes_on or any(map(_has_field, children[place + 1 :]))
        if place and further and child["type"] == "index_expression" and child["children"][1]["type"] == "index":
            until = {**node, "children": children[: place + 1]}
            yield until, f"there is no item [{child['children'][1]['value']}]"


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
