"""The commands of a fix by where they are run: a path may cross accounts, each with credentials of its own."""

from __future__ import annotations

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


def placed_commands(*fixes: Fix) -> list[tuple[Place, tuple[str, ...]]]:
    """The commands in their order, each once, those of an account and Region together."""
    changes = (change for fix in fixes for change in fix.changes if change.account)
    places = {
        line: Place(change.account, change.region) for change in changes for line in change.lines(change.commands)
    }
    lines = dict.fromkeys(line for fix in fixes for line in fix.cli)
    return [(place, tuple(texts)) for place, texts in groupby(lines, key=lambda text: places.get(text, Place()))]
