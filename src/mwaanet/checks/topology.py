"""Topology files: assertions with their variables and the files that they include.

    version: 1
    include: [common.yaml]
    variables: {clients: [10.50.0.0/16]}
    assertions:
      - id: clients-call-the-web-server
        reach: {from: "{clients}", to: mwaa.webserver, port: 443}

A file that includes others is read after them, and its variables count instead of theirs; what the command line gives
counts instead of both. Files of checks (`checks:`) are read by the same code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from mwaanet.checks.language import Check
from mwaanet.checks.load import Reader, check_files, together
from mwaanet.checks.variables import Budget, Variables, given_variables, read_variables, undeclared
from mwaanet.errors import CheckFileError
from mwaanet.marked_yaml import Marked, parse_yaml, read_yaml

FILE_KEYS = ("version", "include", "variables", "assertions", "checks")
MOST_FILES = 100
"""Files that may be read together."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Topology:
    """Everything that some files assert, in the order in which it is written; `files` are those that were read.

    `problems` are the errors that were passed over, where that was asked for.
    """

    checks: tuple[Check, ...]
    files: tuple[str, ...]
    problems: tuple[CheckFileError, ...] = ()


def load_topology(
    paths: Sequence[Path], variables: Mapping[str, str] | None = None, *, tolerant: bool = False
) -> Topology:
    """Read topology files, or folders of them; CheckFileError names the file, the line and what was expected.

    With `tolerant` what is wrong in one assertion does not keep the others from being read.
    """
    given = given_variables(variables or {})
    loading = _Loading(given, tolerant)
    groups = [loading.read(file, file.parent, ()) for path in paths for file in check_files(path)]
    for name in given.values:
        if name not in loading.declared:
            raise undeclared(name, loading.declared)
    found = loading.guarded(lambda: together(groups)) or ()
    return Topology(checks=found, files=tuple(loading.files), problems=tuple(loading.problems))


@dataclass(slots=True)
class _Document:
    """One file: what it holds, by key."""

    reader: Reader
    keys: Mapping[str, Marked]
    own: Variables


@dataclass(slots=True)
class _Loading:
    """The state of reading: what the command line gave, and what was met."""

    given: Variables
    tolerant: bool
    files: dict[str, None] = field(default_factory=dict)
    read_already: set[tuple[Path, tuple[tuple[str, str], ...]]] = field(default_factory=set)
    declared: set[str] = field(default_factory=set)
    problems: list[CheckFileError] = field(default_factory=list)
    budget: Budget = field(default_factory=Budget)

    def guarded(self, make: Callable[[], T]) -> T | None:
        """What `make` gives; None where it fails and that is passed over."""
        try:
            return make()
        except CheckFileError as error:
            if not self.tolerant:
                raise
            self.problems.append(error)
            return None

    def read(self, file: Path, root: Path, within: tuple[Path, ...], over: Variables | None = None) -> list[Check]:
        """The checks of one file and of those it includes; `within` are the files that include it."""
        text = self._text(file)
        document = self.guarded(lambda: self._open(file, text))
        if document is None:
            return []
        values = (over or self.given).over(document.own)
        if (file.resolve(), values.key) in self.read_already:
            return []
        self.read_already.add((file.resolve(), values.key))
        found: list[Check] = []
        for included in self.guarded(lambda: self._included(document, file, root, (*within, file))) or ():
            found.extend(self.read(included, root, (*within, file), values))
        return [*found, *self._checks(document, values), *self._assertions(document, values)]

    def _text(self, file: Path) -> str:
        """The text of a file; what cannot be read is an error in any case."""
        self.files[str(file)] = None
        if len(self.files) > MOST_FILES:
            raise CheckFileError(str(file), "", f"is one of more than {MOST_FILES} files")
        return read_yaml(file, CheckFileError)

    def _open(self, file: Path, text: str) -> _Document:
        marked = parse_yaml(text, str(file), CheckFileError)
        reader = Reader(str(file))
        keys = reader.mapping(marked, "the file", FILE_KEYS)
        reader.version(keys.get("version"))
        if not {"checks", "assertions", "include"} & set(keys):
            raise CheckFileError(str(file), "line 1", "assertions: missing")
        own = read_variables(reader, keys["variables"]) if "variables" in keys else Variables()
        self.declared.update(own.values)
        return _Document(reader, keys, own)

    def _included(self, document: _Document, file: Path, root: Path, within: tuple[Path, ...]) -> list[Path]:
        """The files that a file includes: beside it or below, never outside the folder of the first file."""
        if "include" not in document.keys:
            return []
        found = []
        for item in document.reader.sequence(document.keys["include"], "include"):
            name = document.reader.scalar(item, "include")
            target = file.parent / name
            if Path(name).is_absolute() or ".." in Path(name).parts or not _inside(target, root):
                raise document.reader.error(item, f"include: {name} is not beside the first file or below it")
            if any(_same(target, other) for other in within):
                raise document.reader.error(item, f"include: {name} includes this file again")
            found.append(target)
        return found

    def _checks(self, document: _Document, values: Variables) -> Iterable[Check]:
        reader = Reader(document.reader.file, values.values)
        return self._listed(reader, document.keys.get("checks"), values, reader.check)

    def _assertions(self, document: _Document, values: Variables) -> Iterable[Check]:
        reader = Reader(document.reader.file, values.values)
        return self._listed(reader, document.keys.get("assertions"), values, reader.assertion)

    def _listed(
        self, reader: Reader, listed: Marked | None, values: Variables, make: Callable[[Marked], Check]
    ) -> Iterable[Check]:
        """Every check of a list, with the variables put in."""
        for item in (self.guarded(lambda: reader.sequence(listed, "assertions")) or ()) if listed else ():
            check = self.guarded(partial(self._made, reader, item, values, make))
            if check is not None:
                yield check

    def _made(self, reader: Reader, item: Marked, values: Variables, make: Callable[[Marked], Check]) -> Check:
        return make(values.put_in(reader, item, self.budget))


def _inside(target: Path, root: Path) -> bool:
    return "\0" not in str(target) and target.resolve().is_relative_to(root.resolve())


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()
