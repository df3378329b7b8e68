"""The commands of a fix by where they are run: a path may cross accounts, each with credentials of its own."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from mwaanet.checks.result import Fix


class Place(NamedTuple):
    """The account and Region in which commands are run; empty where they are not known."""

    account: str = ""
    region: str = ""

    def __str__(self) -> str:
        """The account, and the Region of services that have one."""
        return self.account if self.region in ("", "global") else f"{self.account} {self.region}"


Placed = list[tuple[Place, tuple[str, ...]]]


def placed_commands(*fixes: Fix) -> Placed:
    """The commands in their order, each once, those of an account and Region together."""
    return _grouped((line for fix in fixes for line in fix.cli), fixes)


def placed_undo(fix: Fix) -> Placed:
    """What takes a fix back, likewise; without a place where all of it is run where the fix is."""
    if len(fix.accounts) > 1:
        return _grouped(fix.undo, [fix])
    return [(Place(), fix.undo)] if fix.undo else []


def no_undo(fix: Fix) -> str:
    """Why no command takes a fix back, as a sentence; empty where one does."""
    reasons = dict.fromkeys(change.lasting for change in fix.changes if change.commands and not change.undoing)
    return f"No command undoes it: {'; '.join(filter(None, reasons))}." if reasons and not fix.undo else ""


def _grouped(lines: Iterable[str], fixes: Iterable[Fix]) -> Placed:
    changes = (change for fix in fixes for change in fix.changes if change.account)
    places = {
        line: Place(change.account, change.region)
        for change in changes
        for line in change.lines((*change.commands, *change.undoing))
    }
    each = dict.fromkeys(lines)
    return [(place, tuple(texts)) for place, texts in groupby(each, key=lambda text: places.get(text, Place()))]
