"""YAML with line numbers: what the site file and files of checks are read with.

Only plain data is accepted: no tags, no anchors or aliases (a few lines of which can unfold to gigabytes), no duplicate
keys, no more than a fixed depth and size.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

import yaml

from mwaanet.errors import InputError

Scalar = str | int | float | bool | None
MOST_BYTES = 4 * 1024 * 1024
MOST_DEPTH = 32


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a mapping and its line."""

    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Marked:
    """A value and the line on which it starts; mappings keep their keys' lines too."""

    value: dict[Key, Marked] | list[Marked] | Scalar
    line: int


def parse_yaml(text: str, file: str, error: type[InputError]) -> Marked:
    """Parse a text; `error` is raised with the file, the line and the problem."""
    if len(text) > MOST_BYTES:
        raise error(file, "", f"larger than {MOST_BYTES} characters")
    try:
        node = _compose(text)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = f"line {mark.line + 1}" if mark else ""
        raise error(file, line, str(getattr(problem, "problem", None) or "is not YAML")) from problem
    except RecursionError as problem:
        raise error(file, "", f"nested deeper than {MOST_DEPTH}") from problem
    if node is None:
        raise error(file, "", "is empty")
    return _Converter(file, error).convert(node, 0)


def nearest(word: str, words: Iterable[str]) -> str:
    """A question naming the most similar valid word, for the end of an error; empty where none is similar."""
    close = get_close_matches(word, list(words), n=1, cutoff=0.5)
    return f" (did you mean {close[0]}?)" if close else ""


class _NoAliases(yaml.SafeLoader):
    """A loader that refuses anchors and aliases while composing, before anything can unfold."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.YAMLError(yaml.MarkedYAMLError(problem="anchors and aliases are not accepted"))
        return super().compose_node(parent, index)


def _compose(text: str) -> yaml.Node | None:
    loader = _NoAliases(text)
    try:
        node = loader.get_single_node()
    finally:
        loader.dispose()
    return node


class _Converter:
    def __init__(self, file: str, error: type[InputError]) -> None:
        self.file = file
        self.error = error

    def convert(self, node: yaml.Node, depth: int) -> Marked:
        line = node.start_mark.line + 1
        if depth > MOST_DEPTH:
            raise self.error(self.file, f"line {line}", f"nested deeper than {MOST_DEPTH}")
        if isinstance(node, yaml.MappingNode):
            return Marked(self._mapping(node, depth), line)
        if isinstance(node, yaml.SequenceNode):
            return Marked([self.convert(item, depth + 1) for item in node.value], line)
        return Marked(self._scalar(node, line), line)

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
            result[Key(name, line)] = self.convert(value_node, depth + 1)
        return result

    def _scalar(self, node: yaml.Node, line: int) -> Scalar:
        try:
            value = yaml.SafeLoader.construct_object(yaml.SafeLoader(""), node)
        except (yaml.YAMLError, ValueError) as problem:
            raise self.error(self.file, f"line {line}", "a value of this kind is not accepted") from problem
        return value if isinstance(value, str | int | float | bool | None) else str(node.value)
