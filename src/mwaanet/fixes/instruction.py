"""What no API of AWS changes: the other side of a link, a file, somebody's decision."""

from __future__ import annotations

from dataclasses import dataclass

from mwaanet.fixes.change import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction(Change):
    """What to tell whom."""

    whom: str
    what: str

    @property
    def summary(self) -> str:
        return self.what
