"""Three-valued answers that remember what they rest on.

`value` is True, False, or None for "cannot be decided". An undecided answer names the condition keys and the
unreadable policies that it waits for; every answer carries the statements it was read from. Combining follows
Kleene's logic: a decided part wins where it settles the whole, so that an undecided part is named only where
it matters.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from mwaanet.access.decision import DecidingStatement
from mwaanet.model.unknown import Unknown

_Item = TypeVar("_Item")


class Truth(NamedTuple):
    """True, False or undecided, with the condition keys, unknown policies and statements behind it."""

    value: bool | None
    keys: tuple[str, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    statements: tuple[DecidingStatement, ...] = ()

    def negated(self) -> Truth:
        """The opposite answer; undecided stays undecided."""
        return self if self.value is None else self._replace(value=not self.value)

    def by(self, statement: DecidingStatement) -> Truth:
        """The same answer, read from `statement`; a plain no is nobody's doing."""
        return self if self.value is False else self._replace(statements=(statement,))


TRUE = Truth(True)
FALSE = Truth(False)


def decided(value: bool) -> Truth:
    """The answer that is certain."""
    return TRUE if value else FALSE


def undecided(*keys: str) -> Truth:
    """The answer that depends on condition keys whose values are not known."""
    return Truth(None, keys=keys)


def unreadable(unknown: Unknown) -> Truth:
    """The answer that depends on a policy which could not be read."""
    return Truth(None, unknown=(unknown,))


def any_of(parts: Iterable[Truth]) -> Truth:
    """Logical or: the first True settles it, else it is undecided if any part is."""
    return _combine(parts, settling=True)


def all_of(parts: Iterable[Truth]) -> Truth:
    """Logical and: the first False settles it, else it is undecided if any part is."""
    return _combine(parts, settling=False)


def _combine(parts: Iterable[Truth], *, settling: bool) -> Truth:
    open_parts: list[Truth] = []
    statements: list[DecidingStatement] = []
    for part in parts:
        if part.value is settling:
            return part
        if part.value is None:
            open_parts.append(part)
        else:
            statements.extend(part.statements)
    if not open_parts:
        return Truth(not settling, statements=tuple(dict.fromkeys(statements)))
    return Truth(
        None,
        keys=_distinct(key for part in open_parts for key in part.keys),
        unknown=_distinct(gap for part in open_parts for gap in part.unknown),
        statements=_distinct(statement for part in open_parts for statement in part.statements),
    )


def _distinct(items: Iterable[_Item]) -> tuple[_Item, ...]:
    """Without repetition, in the order of first appearance."""
    return tuple(dict.fromkeys(items))
