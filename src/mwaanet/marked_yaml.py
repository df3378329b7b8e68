"""YAML with line numbers: what the site file and files of checks are read with.

Only plain data is accepted: no tags, no anchors or aliases (a few lines of which can unfold to gigabytes), no duplicate
keys, no more than a fixed depth and size.
"""

from __future__ import annotations

import codecs
import re
import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from mwaanet.errors import InputError

Scalar = str | int | bool | None
MOST_CHARACTERS = 512 * 1024
MOST_BYTES = 4 * MOST_CHARACTERS
MOST_DEPTH = 32
MOST_VALUES = 40_000
"""How many keys and values there may be: more than 512 Ki characters of sense hold, fewer than take seconds."""
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})$")
_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a mapping, its line and its column."""

    value: str
    line: int
    column: int = 0


@dataclass(frozen=True, slots=True)
class Marked:
    """A value, and the line and column at which it starts; mappings keep those of their keys too.

    `text` is a scalar as it is written: `yes` and `010` mean these words wherever a text is expected.
    """

    value: dict[Key, Marked] | list[Marked] | Scalar
    line: int
    text: str = ""
    column: int = 0


def parse_yaml(text: str, file: str, error: type[InputError], *, shipped: bool = False) -> Marked:
    """Parse a text; `error` is raised with the file, the line and the problem.

    What mwaanet ships is read by libyaml, which is ten times as fast, where PyYAML was built with it. It has errors in
    other words and forgives some of them, so users' files are not: they must mean the same everywhere.
    """
    if len(text) > MOST_CHARACTERS:
        raise error(file, "", f"has more than {MOST_CHARACTERS} characters")
    try:
        loader = yaml.CSafeLoader if shipped and yaml.__with_libyaml__ else yaml.SafeLoader
        marked = _Composer(loader(text), file, error).document()
    except yaml.MarkedYAMLError as problem:
        line = f"line {problem.problem_mark.line + 1}" if problem.problem_mark else ""
        raise error(file, line, problem.problem or "is not YAML") from problem
    except yaml.YAMLError as problem:
        raise error(file, "", f"is not YAML: {str(problem).splitlines()[0]}") from problem
    if marked is None:
        raise error(file, "", "is empty")
    return marked


def read_yaml(path: Path, error: type[InputError]) -> str:
    """The text of a file; `error` where it is no file, is too large (looked at before it is read), or is no text."""
    try:
        info = path.stat()
        if not stat.S_ISREG(info.st_mode):
            raise error(str(path), "", "is not a file")
        if info.st_size > MOST_BYTES:
            raise error(str(path), "", f"holds {info.st_size:,} bytes, at most {MOST_BYTES:,} are read")
        content = path.read_bytes()
    except OSError as problem:
        raise error(str(path), "", problem.strerror or "cannot be read") from problem
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as problem:
        raise error(str(path), "", "is not UTF-8 text") from problem


def plain(marked: Marked) -> Any:
    """The value without its places, as a text that is written again needs it."""
    if isinstance(marked.value, dict):
        return {key.value: plain(item) for key, item in marked.value.items()}
    if isinstance(marked.value, list):
        return [plain(item) for item in marked.value]
    return marked.value


def nearest(word: str, words: Iterable[str]) -> str:
    """A question naming the most similar valid word, for the end of an error; empty where none is similar."""
    close = get_close_matches(word, list(words), n=1, cutoff=0.5)
    return f" (did you mean {close[0]}?)" if close else ""


class _Composer:
    """Makes values of a parser's events; refuses tags, anchors, aliases and a flood of values where it meets them."""

    def __init__(self, parser: yaml.SafeLoader | yaml.CSafeLoader, file: str, error: type[InputError]) -> None:
        self._next: Callable[[], Any] = parser.get_event
        self._file = file
        self._error = error
        self._values = 0

    def document(self) -> Marked | None:
        """The only document of the text, None where it has none."""
        self._next()
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None
        found = self._value(self._next(), 0)
        self._next()
        after = self._next()
        if not isinstance(after, yaml.StreamEndEvent):
            raise self._refused(after, "but found another document")
        return found

    def _refused(self, event: Any, problem: str) -> InputError:
        return self._error(self._file, f"line {_place(event)[0]}", problem)

    def _check(self, event: Any, depth: int) -> None:
        self._values += 1
        if self._values > MOST_VALUES:
            raise self._refused(event, f"has more than {MOST_VALUES:,} keys and values")
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise self._refused(event, "anchors and aliases are not accepted")
        if event.tag:
            raise self._refused(event, "tags are not accepted")
        if depth > MOST_DEPTH:
            raise self._refused(event, f"is nested deeper than {MOST_DEPTH}")

    def _value(self, event: Any, depth: int) -> Marked:
        self._check(event, depth)
        line, column = _place(event)
        if isinstance(event, yaml.MappingStartEvent):
            return Marked(self._mapping(depth + 1), line, column=column)
        if isinstance(event, yaml.SequenceStartEvent):
            return Marked(self._sequence(depth + 1), line, column=column)
        is_plain = event.implicit[0]
        return Marked(_scalar(event.value) if is_plain else event.value, line, event.value, column)

    def _sequence(self, depth: int) -> list[Marked]:
        found: list[Marked] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            found.append(self._value(event, depth))
        return found

    def _mapping(self, depth: int) -> dict[Key, Marked]:
        found: dict[str, int] = {}
        result: dict[Key, Marked] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            self._check(event, depth)
            if not isinstance(event, yaml.ScalarEvent):
                raise self._refused(event, "a key must be a plain word")
            name, (line, column) = event.value, _place(event)
            if name in found:
                raise self._refused(event, f"{name} is already given in line {found[name]}")
            found[name] = line
            result[Key(name, line, column)] = self._value(self._next(), depth)
        return result


def _place(event: Any) -> tuple[int, int]:
    """Line and column at which an event starts."""
    return event.start_mark.line + 1, event.start_mark.column + 1


def _scalar(text: str) -> Scalar:
    """A plain scalar: a number, a truth value, nothing, or a text."""
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _NUMBER.match(text) else text
