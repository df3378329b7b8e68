"""Mutants: functions with one small mistake each, by mutmut's rules.

Decorated functions are changed too, their decorators and annotations are not; neither is a call of `len` or
`isinstance`, which no test could miss.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import takewhile
from pathlib import Path

import libcst as cst
import libcst.matchers as match
from mutmut.mutation.mutators import mutation_operators

_LEFT = match.Annotation() | match.Decorator() | match.Call(func=match.Name("len") | match.Name("isinstance"))
"""What is left as it is."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One function, as it is and with a mistake; `module` and `function` are as Python names them."""

    module: str
    function: str
    before: str
    after: str

    @property
    def change(self) -> str:
        """What it is listed as: its function, and the lines as they are and as it has them."""
        old, new = self.before.splitlines(), self.after.splitlines()
        start = _equal(old, new)
        end = _equal(old[:start:-1], new[:start:-1])
        told = (" ".join(line.strip() for line in lines[start : len(lines) - end]) for lines in (old, new))
        return f"{self.module.removeprefix('mwaanet.')}.{self.function}: {' → '.join(told)}"

    @property
    def package(self) -> str:
        """That of the module."""
        return self.module.split(".")[1]

    @property
    def name(self) -> str:
        """The function's, with the module's."""
        return f"{self.module}.{self.function}"

    @property
    def key(self) -> str:
        """The same as long as the function is."""
        return sha256("\0".join((self.module, self.function, self.before, self.after)).encode()).hexdigest()[:16]


def _equal(lines: list[str], others: list[str]) -> int:
    """How many lines both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(lines, others, strict=False)))


def mutants_of(path: Path, module: str) -> Iterator[Mutant]:
    """Every mutant of a module."""
    tree = cst.parse_module(path.read_text())
    visitor = _Visitor()
    tree.visit(visitor)
    for (name, function), mistakes in visitor.found.items():
        before = tree.code_for_node(function)
        for node, mistaken in mistakes:
            yield Mutant(module, name, before, tree.code_for_node(function.deep_replace(node, mistaken)))


class _Visitor(cst.CSTVisitor):
    """Finds what may be mistaken within functions, with the outermost function around it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[tuple[str, cst.FunctionDef], list[tuple[cst.CSTNode, cst.CSTNode]]] = {}
        self._classes: list[str] = []
        self._functions: list[cst.FunctionDef] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if match.matches(node, _LEFT):
            return False
        if isinstance(node, cst.ClassDef):
            self._classes.append(node.name.value)
        if isinstance(node, cst.FunctionDef):
            self._functions.append(node)
        if self._functions:
            outermost = self._functions[0]
            mistakes = self.found.setdefault((".".join((*self._classes, outermost.name.value)), outermost), [])
            for kind, operator in mutation_operators:
                if isinstance(node, kind):
                    mistakes.extend((node, mistaken) for mistaken in operator(node))
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.ClassDef):
            self._classes.pop()
        if isinstance(original_node, cst.FunctionDef):
            self._functions.pop()
