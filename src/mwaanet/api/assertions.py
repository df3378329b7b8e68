"""Assertions of topology files, each asked on its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

from mwaanet.checks.language import Check
from mwaanet.checks.result import Status
from mwaanet.checks.topology import load_topology


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """One assertion of a topology file: its `id` and `title`, what it expects, and where it is written."""

    id: str
    title: str
    expect: str
    file: str
    line: int
    check: Check = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """How an assertion stands: `pass`, `warn`, `fail`, `unknown` or `skip`.

    A failure that is waived is a `warn`, and `waived` says why and until when. `message` is the reason in a sentence or
    two, empty for a pass; `explanation` all that is known, with the path, as lines of text; `assumptions` what it takes
    for granted.
    """

    assertion: Assertion
    status: Status
    message: str
    explanation: str = field(repr=False)
    waived: str = ""
    assumptions: tuple[str, ...] = ()


def load_assertions(*paths: str | PathLike[str], variables: Mapping[str, str] | None = None) -> tuple[Assertion, ...]:
    """The assertions of topology files, or folders of them; InputError names the file, the line and what is wrong."""
    topology = load_topology([Path(path) for path in paths], variables)
    return tuple(
        Assertion(id=check.id, title=check.title, expect=check.expect, file=check.file, line=check.line, check=check)
        for check in topology.checks
    )
