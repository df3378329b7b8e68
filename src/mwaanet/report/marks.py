"""The symbol, the word and the style of every status."""

from __future__ import annotations

from typing import NamedTuple

from mwaanet.checks.result import Status
from mwaanet.graph.flight import Action
from mwaanet.report.layout import Piece, Style


class Mark(NamedTuple):
    """How a status is written; `counted` is the word behind a number of findings, one and many."""

    symbol: str
    word: str
    style: Style
    counted: tuple[str, str]

    @property
    def piece(self) -> Piece:
        """The symbol in its style."""
        return Piece(self.symbol, self.style)


MARKS = {
    Status.FAIL: Mark("✗", "fail", Style.BAD, ("failed", "failed")),
    Status.UNKNOWN: Mark("?", "unknown", Style.DOUBT, ("unknown", "unknown")),
    Status.WARN: Mark("!", "warn", Style.WARN, ("warning", "warnings")),
    Status.PASS: Mark("✓", "pass", Style.GOOD, ("passed", "passed")),
    Status.SKIP: Mark("–", "skip", Style.FAINT, ("skipped", "skipped")),
}
"""In the order in which findings are listed: the worst first."""

_ACTIONS = {Action.DENY: Status.FAIL, Action.DROP: Status.FAIL, Action.UNKNOWN: Status.UNKNOWN}


def mark_of(action: Action) -> Mark:
    """The mark of what a hop did."""
    return MARKS[_ACTIONS.get(action, Status.PASS)]
