"""What a runbook is made of: symptoms, paths, steps with their commands and how each stands."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from enum import StrEnum

from mwaanet.checks.result import Fix
from mwaanet.fixes.command import Command
from mwaanet.status import Status


class State(StrEnum):
    """How a step stands by the snapshot."""

    DONE = "done"
    """It was checked, and it is as it should be."""
    FAILED = "failed"
    UNKNOWN = "unknown"
    """It is not known, or lies behind something that failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A command of the AWS CLI: a call with a query over its answer, where it has to be made."""

    command: Command
    query: str = ""
    region: str = ""

    @property
    def text(self) -> str:
        """The line that people type."""
        query = f" --query '{self.query}'" if self.query else ""
        region = f" --region {shlex.quote(self.region)}" if self.region and self.region != "global" else ""
        return f"{self.command.text}{query}{region}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to look at, in the order in which packets meet it.

    `lines` are commands other than the AWS CLI's (`dig`, `mwaanet …`), to be run at `run_at`; `expect` is what the
    commands show where all is well, `differs` what to do where they do not, `fix` the finding's where it failed,
    `found` what the snapshot shows where it is not well.
    """

    title: str
    subject: str = ""
    name: str = ""
    """The Name tag of the subject."""
    expect: str
    differs: str
    owner: str
    state: State
    calls: tuple[Call, ...] = ()
    lines: tuple[str, ...] = ()
    run_at: str = ""
    fix: Fix | None = None
    where: str = ""
    found: str = ""

    @property
    def commands(self) -> tuple[str, ...]:
        """Every command, as typed."""
        return (*(call.text for call in self.calls), *self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    """What people see, the paths that explain it in the order in which to look, and how to tell.

    What stands between backticks in `tell` is code.
    """

    seen: str
    paths: tuple[str, ...]
    why: str
    tell: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One path: how it stands, its steps, how to verify it afterwards."""

    id: str
    title: str
    status: Status
    reason: str
    steps: tuple[Step, ...]
    verify: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Runbook:
    """The whole runbook of one environment."""

    environment: str
    account: str
    region: str
    created: str
    vpc: str
    facts: tuple[str, ...]
    symptoms: tuple[Symptom, ...]
    sections: tuple[Section, ...]
    evidence: tuple[str, ...]
    owners: tuple[str, ...]
