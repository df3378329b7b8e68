"""YAML with line numbers: what the site file and files of checks are read with.

Only plain data is accepted: no tags, no anchors or aliases (a few lines of which can unfold to gigabytes), no duplicate
keys, no more than a fixed depth and size.
"""

from __future__ import annotations

import codecs
import re
import stat
from collections.abc import Iterable, Mapping
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


def parse_yaml(text: str, file: str, error: type[InputError]) -> Marked:
    """Parse a text; `error` is raised with the file, the line and the problem."""
    if len(text) > MOST_CHARACTERS:
        raise error(file, "", f"has more than {MOST_CHARACTERS} characters")
    try:
        node = _compose(text)
    except yaml.MarkedYAMLError as problem:
        line = f"line {problem.problem_mark.line + 1}" if problem.problem_mark else ""
        raise error(file, line, problem.problem or "is not YAML") from problem
    except yaml.YAMLError as problem:
        raise error(file, "", f"is not YAML: {str(problem).splitlines()[0]}") from problem
    except RecursionError as problem:
        raise error(file, "", f"is nested deeper than {MOST_DEPTH}") from problem
    if node is None:
        raise error(file, "", "is empty")
    return _Converter(file, error).convert(node, 0)


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


class _PlainLoader(yaml.SafeLoader):
    """A loader that refuses tags, anchors, aliases and a flood of values while composing, before anything unfolds."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._values = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        mark = getattr(event, "start_mark", None)
        self._values += 1
        if self._values > MOST_VALUES:
            raise yaml.MarkedYAMLError(problem=f"has more than {MOST_VALUES:,} keys and values", problem_mark=mark)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.MarkedYAMLError(problem="anchors and aliases are not accepted", problem_mark=mark)
        if getattr(event, "tag", None):
            raise yaml.MarkedYAMLError(problem="tags are not accepted", problem_mark=mark)
        return super().compose_node(parent, index)


def _compose(text: str) -> yaml.Node | None:
    loader = _PlainLoader(text)
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


class _Converter:
    def __init__(self, file: str, error: type[InputError]) -> None:
        self.file = file
        self.error = error

    def convert(self, node: yaml.Node, depth: int) -> Marked:
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        if depth > MOST_DEPTH:
            raise self.error(self.file, f"line {line}", f"is nested deeper than {MOST_DEPTH}")
        if isinstance(node, yaml.MappingNode):
            return Marked(self._mapping(node, depth), line, column=column)
        if isinstance(node, yaml.SequenceNode):
            return Marked([self.convert(item, depth + 1) for item in node.value], line, column=column)
        text = str(node.value)
        plain = isinstance(node, yaml.ScalarNode) and node.style is None
        return Marked(_scalar(text) if plain else text, line, text, column)

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[Key, Marked]:
        found: dict[str, int] = {}
        result: dict[Key, Marked] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise self.error(self.file, f"line {line}", "a key must be a plain word")
            name = key_node.value
            if name in found:
                raise self.error(self.file, f"line {line}", f"{name} is already given in line {found[name]}")
            found[name] = line
            result[Key(name, line, key_node.start_mark.column + 1)] = self.convert(value_node, depth + 1)
        return result


def _scalar(text: str) -> Scalar:
    """A plain scalar: a number, a truth value, nothing, or a text."""
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _NUMBER.match(text) else text
