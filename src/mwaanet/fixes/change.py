"""What every kind of change can say of itself."""

from __future__ import annotations

import shlex
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass

from mwaanet.fixes.command import Command
from mwaanet.fixes.declared import Declared
from mwaanet.fixes.edits import Edits


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(ABC):
    """A change of one resource. `account` and `region` say where it is made; empty where that is not known."""

    account: str = ""
    region: str = ""

    @property
    @abstractmethod
    def summary(self) -> str:
        """The change in a few words, for a list."""

    @property
    def commands(self) -> tuple[Command, ...]:
        """The calls of the AWS CLI that make it."""
        return ()

    @property
    def undoing(self) -> tuple[Command, ...]:
        """The calls that take it back, where it is known how things were."""
        return ()

    @property
    def lasting(self) -> str:
        """Why no call takes it back; empty where one does, or where nothing is called."""
        return ""

    def lines(self, commands: Iterable[Command]) -> tuple[str, ...]:
        """Commands as typed, with the Region of the change."""
        region = f" --region {shlex.quote(self.region)}" if self.region not in ("", "global") else ""
        return tuple(f"{command.text}{region}" for command in commands)

    @property
    def terraform(self) -> tuple[Declared, ...]:
        """The change as Terraform's AWS provider has it."""
        return ()

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        """The change as CloudFormation has it."""
        return ()

    def make(self, edits: Edits) -> bool:
        """Make it on a working copy of the snapshot; False where the model cannot hold it."""
        return False
