"""Names in a JMESPath expression that the document under it cannot have, and comparisons that can never be so.

A name that is not there is `null` to JMESPath, and so is what lies under it: such an expression does not hold, whatever
is so. Said is only what is certain: where it cannot be told what a part of the expression gives, what
goes on from there is not judged.

https://jmespath.org/specification.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, cast

from mwaanet.checks.response_shapes import ListOf, MapOf, Plain, Shape, Structure
from mwaanet.marked_yaml import nearest

_Node = dict[str, Any]
_LOGIC = ("and_expression", "or_expression", "multi_select_list")
_NULL, _CONSTANTS = "null", ("true", "false")
"""The first is the name of nothing, which serves as well as the constant; the others do not."""
_PLAIN_KINDS = ("text", "number", "truth value")
_RESULTS = {
    **dict.fromkeys(("abs", "avg", "ceil", "floor", "length", "sum", "to_number"), Plain("number")),
    **dict.fromkeys(("contains", "ends_with", "starts_with"), Plain("truth value")),
    **dict.fromkeys(("join", "to_string", "type"), Plain("text")),
}
"""What functions give, where that is always of one kind."""
_BY_ITEM = {"sort_by": 0, "min_by": 0, "max_by": 0, "map": 1}
"""Functions that evaluate an expression for each item of a list: which argument the list is."""


def impossible(tree: _Node, document: Shape) -> tuple[str, ...]:
    """What can never be so in an expression over a document, each in a few words."""
    walk = _Walk()
    walk.gives(tree, document)
    return tuple(dict.fromkeys(walk.problems))


class _Walk:
    """What each node gives (None: that cannot be said), and the problems met on the way."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.nodes: Mapping[str, Callable[[_Node, Shape | None], Shape | None]] = {
            "field": self._field,
            "subexpression": self._in_turn,
            "pipe": self._in_turn,
            "index_expression": self._in_turn,
            "index": lambda node, here: self._item(here, f"[{node['value']}]"),
            "slice": lambda node, here: here,
            "projection": self._projection,
            "filter_projection": self._projection,
            "value_projection": self._value_projection,
            "flatten": self._flatten,
            "comparator": self._comparator,
            "literal": lambda node, here: _literal(node["value"]),
            "not_expression": self._not,
            "function_expression": self._function,
            "multi_select_dict": self._mapping,
            "current": lambda node, here: here,
            "identity": lambda node, here: here,
            **dict.fromkeys(_LOGIC, self._each),
        }

    def gives(self, node: _Node, here: Shape | None) -> Shape | None:
        """What a node gives over what is here."""
        judged = self.nodes.get(node["type"])
        return judged(node, here) if judged else None

    def _field(self, node: _Node, here: Shape | None) -> Shape | None:
        name = str(node["value"])
        if name == _NULL:
            return None
        if isinstance(here, Structure):
            if name not in here.members:
                meant = f" (`{name}` is meant, in backticks)" if name in _CONSTANTS else nearest(name, here.members)
                self.problems.append(f"no {name}{meant}")
                return None
            return here.members[name]()
        if isinstance(here, ListOf):
            self.problems.append(f"a list, which has no {name} (its items may: [].{name})")
        if isinstance(here, Plain):
            self.problems.append(f"a {here.kind}, which has no {name}")
        return here.value() if isinstance(here, MapOf) else None

    def _in_turn(self, node: _Node, here: Shape | None) -> Shape | None:
        for child in node["children"]:
            here = self.gives(child, here)
        return here

    def _item(self, here: Shape | None, asked: str) -> Shape | None:
        if isinstance(here, Structure | MapOf):
            self.problems.append(f"an object, which has no {asked}")
        return here.item() if isinstance(here, ListOf) else None

    def _projection(self, node: _Node, here: Shape | None) -> Shape | None:
        """`left[*].right` and `left[?condition].right`: a list of what the right side gives for each item."""
        left, right, *condition = node["children"]
        item = self._item(self.gives(left, here), "[*]")
        for one in condition:
            self.gives(one, item)
        return _list_of(self.gives(right, item))

    def _value_projection(self, node: _Node, here: Shape | None) -> Shape | None:
        left, right = node["children"]
        found = self.gives(left, here)
        return _list_of(self.gives(right, found.value() if isinstance(found, MapOf) else None))

    def _flatten(self, node: _Node, here: Shape | None) -> Shape | None:
        item = self._item(self.gives(node["children"][0], here), "[]")
        return item if isinstance(item, ListOf) else _list_of(item)

    def _each(self, node: _Node, here: Shape | None) -> Shape | None:
        for child in node["children"]:
            self.gives(child, here)
        return None

    def _not(self, node: _Node, here: Shape | None) -> Shape | None:
        self._each(node, here)
        return Plain("truth value")

    def _comparator(self, node: _Node, here: Shape | None) -> Shape | None:
        sides = node["children"]
        found = [self.gives(side, here) for side in sides]
        for side, other in ((sides[0], found[1]), (sides[1], found[0])):
            if side["type"] == "literal" and node["value"] in ("eq", "ne"):
                self._compared(side["value"], other)
            elif node["value"] not in ("eq", "ne"):
                self._ordered(other)
        return Plain("truth value")

    def _ordered(self, side: Shape | None) -> None:
        """Only numbers are more or less than one another; of anything else the answer is `null`."""
        if isinstance(side, Plain) and side.kind != "number":
            self.problems.append(f"a {side.kind}, of which none is more or less than another")

    def _compared(self, value: object, with_: Shape | None) -> None:
        """A fixed value beside what it is compared with: one of its values, and of its kind."""
        if value is None or with_ is None:
            return
        kind = _kind(value)
        if not isinstance(with_, Plain):
            named = "a list" if isinstance(with_, ListOf) else "an object"
            if kind in _PLAIN_KINDS:
                self.problems.append(f"{named}, which is never {_shown(value)}")
        elif kind != with_.kind:
            self.problems.append(f"a {with_.kind}, which is never {_shown(value)}")
        elif "{" in str(value):
            return
        elif with_.values and value not in with_.values:
            self.problems.append(f"no value {_shown(value)}{nearest(str(value), with_.values)}")
        elif with_.form and not re.fullmatch(with_.form.pattern, str(value)):
            self.problems.append(f"no value {_shown(value)}: expected {with_.form.words}")

    def _function(self, node: _Node, here: Shape | None) -> Shape | None:
        """Its arguments; one that stands for each item of a list is judged over the items."""
        name, arguments = node["value"], node["children"]
        found = [self.gives(argument, here) for argument in arguments]
        listed = found[_BY_ITEM[name]] if name in _BY_ITEM and len(found) > 1 else None
        for argument in arguments:
            if argument["type"] == "expref":
                self._each(argument, listed.item() if isinstance(listed, ListOf) else None)
        if name == "contains" and len(found) == 2:
            self._contained(arguments, found)
        return listed if name == "sort_by" else _RESULTS.get(name)

    def _contained(self, arguments: list[_Node], found: list[Shape | None]) -> None:
        """`contains(field, 'x')` of a list, and `contains(['x', 'y'], field)`."""
        where, what = arguments
        if what["type"] == "literal" and isinstance(found[0], ListOf):
            self._compared(what["value"], found[0].item())
        for value in _literals(where):
            self._compared(value, found[1])

    def _mapping(self, node: _Node, here: Shape | None) -> Shape | None:
        found = {pair["value"]: self.gives(pair["children"][0], here) for pair in node["children"]}
        return Structure({name: partial(_same, shape) for name, shape in found.items()})


def _list_of(item: Shape | None) -> Shape:
    return ListOf(partial(_same, item))


def _same(shape: Shape | None) -> Shape | None:
    return shape


def _literals(node: _Node) -> Iterable[object]:
    """The values of a list that is written out."""
    if node["type"] == "literal" and isinstance(node["value"], list):
        return cast(list[object], node["value"])
    listed = node["children"] if node["type"] == "multi_select_list" else ()
    return [child["value"] for child in listed if child["type"] == "literal"]


def _literal(value: object) -> Shape | None:
    return Plain(_kind(value)) if isinstance(value, str | int | float) else None


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "truth value"
    return "number" if isinstance(value, int | float) else "text" if isinstance(value, str) else "list or object"


def _shown(value: object) -> str:
    return f"the text '{value}'" if isinstance(value, str) else str(value)
