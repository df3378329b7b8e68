"""How something stands: the one scale of checks and probes, in the words of docs/contracts/report-format.md."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Status(StrEnum):
    """How something stands; `unknown` is never a pass."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"
    SKIP = "skip"

    @classmethod
    def worst(cls, statuses: Iterable[Status]) -> Status:
        """Fail > unknown > warn > pass; skip only where everything is skipped or there is nothing."""
        present = set(statuses)
        order = (cls.FAIL, cls.UNKNOWN, cls.WARN, cls.PASS)
        return next((status for status in order if status in present), cls.SKIP)
