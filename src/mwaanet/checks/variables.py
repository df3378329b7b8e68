"""Variables of topology files: names for texts, numbers and lists, put in wherever `{name}` stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from mwaanet.checks.facts import EACH, FACTS, PLACEHOLDER
from mwaanet.checks.load_values import Values
from mwaanet.errors import CheckFileError
from mwaanet.marked_yaml import Marked, nearest

MOST_TEXT = 1_000
"""Characters of a variable's value."""
MOST_ITEMS = 1_000
"""Values of a variable that is a list."""
MOST_VALUES = 100_000
"""Texts, numbers and truth values of all files together, with every variable put in."""


@dataclass(slots=True)
class Budget:
    """How much all files together may still hold."""

    left: int = MOST_VALUES

    def spend(self, reader: Values, value: Marked) -> None:
        self.left -= 1
        if self.left < 0:
            raise reader.error(value, f"more than {MOST_VALUES:,} values in all files together")


@dataclass(frozen=True, slots=True)
class Variables:
    """The values of variables, by name; a name without a value must be given one by whoever uses the file."""

    values: Mapping[str, Marked] = field(default_factory=dict)

    @property
    def key(self) -> tuple[tuple[str, str], ...]:
        """Equal for variables of the same values."""
        return tuple(sorted((name, _shown(value)) for name, value in self.values.items()))

    def over(self, defaults: Variables) -> Variables:
        """These, and the others where these say nothing."""
        return Variables({**defaults.values, **self.values})

    def put_in(self, reader: Values, value: Marked, budget: Budget) -> Marked:
        """The value with every variable in it replaced; CheckFileError where one has no value, or does not fit."""
        if isinstance(value.value, dict):
            return replace(value, value={key: self.put_in(reader, item, budget) for key, item in value.value.items()})
        if isinstance(value.value, list):
            return replace(value, value=[one for item in value.value for one in self._items(reader, item, budget)])
        found = self._scalar(reader, value)
        for one in found.value if isinstance(found.value, list) else [found]:
            budget.spend(reader, one)
        return found

    def _items(self, reader: Values, item: Marked, budget: Budget) -> Iterable[Marked]:
        """An item of a list; a variable that is a list stands for its items."""
        found = self.put_in(reader, item, budget)
        if isinstance(found.value, list) and not isinstance(item.value, list):
            return found.value
        return [found]

    def _scalar(self, reader: Values, value: Marked) -> Marked:
        text = value.value
        if not isinstance(text, str):
            return value
        names = [name for name in PLACEHOLDER.findall(text) if name in self.values]
        for name in names:
            if self.values[name].value is None:
                raise reader.error(value, f"the variable {name} has no value: give it with --var {name}=…")
        if len(names) == 1 and text == f"{{{names[0]}}}":
            known = self.values[names[0]]
            if isinstance(known.value, list):
                items = [replace(one, line=value.line, column=value.column) for one in known.value]
                return Marked(items, value.line, column=value.column)
            return replace(known, line=value.line, column=value.column)
        for name in names:
            known = self.values[name]
            if isinstance(known.value, list):
                raise reader.error(value, f"the variable {name} is a list: it must stand alone, as '{{{name}}}'")
            text = text.replace(f"{{{name}}}", known.text)
        return replace(value, value=text, text=text)


def _shown(value: Marked) -> str:
    items = value.value if isinstance(value.value, list) else [value]
    return "\n".join(item.text for item in items)


def read_variables(reader: Values, value: Marked) -> Variables:
    """The variables that a file declares."""
    if not isinstance(value.value, dict):
        raise reader.error(value, "variables: expected a mapping")
    found = {}
    for key, item in value.value.items():
        problem = problem_of_name(key.value)
        if problem:
            raise reader.error(key, f"variables: {problem}")
        items = item.value if isinstance(item.value, list) else [item]
        if len(items) > MOST_ITEMS:
            raise reader.error(item, f"variables: {key.value} has more than {MOST_ITEMS:,} values")
        for one in items:
            if isinstance(one.value, dict | list):
                raise reader.error(one, f"variables: {key.value}: expected a text, a number or a list of them")
            if len(one.text) > MOST_TEXT:
                raise reader.error(one, f"variables: {key.value} has more than {MOST_TEXT:,} characters")
        found[key.value] = item
    return Variables(found)


def given_variables(values: Mapping[str, str]) -> Variables:
    """The variables of a command line or a call."""
    found = {}
    for name, text in values.items():
        problem = problem_of_name(name)
        if problem:
            raise CheckFileError("--var", name, problem)
        if len(text) > MOST_TEXT:
            raise CheckFileError("--var", name, f"has more than {MOST_TEXT:,} characters")
        found[name] = Marked(text, 0, text)
    return Variables(found)


def problem_of_name(name: str) -> str:
    """Why a variable cannot be called so; empty where it can."""
    if not PLACEHOLDER.fullmatch(f"{{{name}}}"):
        return f"{name!r} is no name of a variable: expected small letters, digits and underscores"
    if name in FACTS or name == EACH:
        return f"{name!r} is the name of a fact"
    return ""


def undeclared(name: str, declared: Iterable[str]) -> CheckFileError:
    """The error for a variable that no file declares."""
    return CheckFileError("--var", name, f"no file declares this variable{nearest(name, declared)}")
