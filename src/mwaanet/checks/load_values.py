"""Plain values out of a file of checks, with the file, the line and the nearest valid word in every error."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from mwaanet.checks import expressions
from mwaanet.checks.facts import EACH, FACTS, placeholders
from mwaanet.checks.selectors import misspelt
from mwaanet.errors import CheckFileError
from mwaanet.marked_yaml import Key, Marked, Scalar, nearest

T = TypeVar("T")


class Values:
    """Turns marked YAML into plain values, one method per kind of value; `variables` are names that texts may hold."""

    def __init__(self, file: str, variables: Iterable[str] = ()) -> None:
        self.file = file
        self.names = (*FACTS, EACH, *variables)

    def error(self, value: Marked | Key | None, problem: str) -> CheckFileError:
        error = CheckFileError(self.file, f"line {value.line if value else 1}", problem)
        error.line, error.column = (value.line, value.column) if value else (1, 1)
        return error

    def mapping(self, value: Marked, what: str, keys: Iterable[str], required: Iterable[str] = ()) -> dict[str, Marked]:
        if not isinstance(value.value, dict):
            raise self.error(value, f"{what}: expected a mapping")
        found = {}
        for key, item in value.value.items():
            if key.value not in keys:
                raise self.error(key, f"{what}: unknown key {key.value!r}{nearest(key.value, keys)}")
            found[key.value] = item
        for key_name in required:
            if key_name not in found:
                raise self.error(value, f"{what}: {key_name} is missing")
        return found

    def sequence(self, value: Marked, what: str) -> list[Marked]:
        if not isinstance(value.value, list):
            raise self.error(value, f"{what}: expected a list")
        return value.value

    def plain(self, value: Marked, what: str) -> str:
        """A text or a number."""
        if not isinstance(value.value, Scalar) or value.value is None or isinstance(value.value, bool):
            raise self.error(value, f"{what}: expected a text")
        return value.text

    def scalar(self, value: Marked, what: str) -> str:
        if not isinstance(value.value, str) or not value.value.strip():
            raise self.error(value, f"{what}: expected a text")
        return value.value

    def truth(self, value: Marked, what: str) -> bool:
        if not isinstance(value.value, bool):
            raise self.error(value, f"{what}: expected true or false")
        return value.value

    def word(self, value: Marked, what: str, words: Iterable[str]) -> str:
        text = self.scalar(value, what)
        if text not in words:
            raise self.error(value, f"{what}: {text!r} is none of {', '.join(words)}{nearest(text, words)}")
        return text

    def several(self, value: Marked, what: str, one: Callable[[Marked, str], T]) -> tuple[T, ...]:
        """One value, or a list of at least one."""
        items = value.value if isinstance(value.value, list) else [value]
        if not items:
            raise self.error(value, f"{what}: expected at least one")
        return tuple(one(item, what) for item in items)

    def filled(self, value: Marked, what: str) -> str:
        """A text in which facts may stand."""
        text = self.scalar(value, what)
        for name in placeholders(text):
            if name not in FACTS and name != EACH:
                raise self.error(value, f"{what}: there is no fact {name!r}{nearest(name, self.names)}")
        return text

    def expression(self, value: Marked, what: str, *, over_facts: bool) -> str:
        text = self.filled(value, what)
        problem = expressions.problem(text)
        if problem:
            raise self.error(value, f"{what}: {problem}")
        for name in expressions.names(text) if over_facts else ():
            if name not in FACTS:
                raise self.error(value, f"{what}: there is no fact {name!r}{nearest(name, FACTS)}")
        return text

    def selector(self, value: Marked, what: str) -> str:
        text = self.filled(value, what)
        problem = misspelt(text)
        if problem:
            raise self.error(value, f"{what}: {problem}")
        return text
