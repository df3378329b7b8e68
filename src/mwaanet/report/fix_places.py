"""The commands of a fix by where they are run: a path may cross accounts, each with credentials of its own."""

from __future__ import annotations

from itertools import groupby

from mwaanet.checks.result import Fix


def placed_commands(*fixes: Fix) -> list[tuple[str, tuple[str, ...]]]:
    """The commands in their order, each once, those of an account and Region together; "" where that is not known."""
    changes = (change for fix in fixes for change in fix.changes if change.account)
    places = {
        line: _place(change.account, change.region) for change in changes for line in change.lines(change.commands)
    }
    lines = dict.fromkeys(line for fix in fixes for line in fix.cli)
    return [(place, tuple(texts)) for place, texts in groupby(lines, key=lambda text: places.get(text, ""))]


def _place(account: str, region: str) -> str:
    """The account, and the Region of services that have one."""
    return account if region in ("", "global") else f"{account} {region}"
