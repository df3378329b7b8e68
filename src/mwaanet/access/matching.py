"""Patterns with wildcards: actions, resources, ARNs.

`*` stands for any characters, also none and also colons; `?` for exactly one. A pattern is a tuple of literal text
and `Wild` marks rather than a string, because a policy variable may put a literal asterisk into it. Matching takes
no backtracking: the pieces between asterisks are looked for from left to right, each once, so a hostile pattern
such as `*a*a*a*b` costs no more than a search per piece.

Pages: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html and, for the six parts of
an ARN,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from functools import lru_cache
from typing import TypeAlias

ARN_PARTS = 6


class Wild(Enum):
    """A mark in a pattern: any run of characters, or exactly one."""

    MANY = "*"
    ONE = "?"


Pattern: TypeAlias = tuple[str | Wild, ...]

_WILDCARD = re.compile(r"([*?])")


@lru_cache(maxsize=8192)
def wildcards(text: str) -> Pattern:
    """The pattern that a policy writes as `text`, its asterisks and question marks being wildcards."""
    pieces = _WILDCARD.split(text)
    return tuple(Wild(piece) if piece in ("*", "?") else piece for piece in pieces if piece)


def matches(pattern: Pattern, text: str) -> bool:
    """Whether `text` as a whole fits `pattern`, case-sensitively."""
    return _compiled(pattern).matches(text)


def meet(one: Pattern, other: Pattern) -> bool:
    """Whether some text fits both patterns."""
    left, right = _characters(one), _characters(other)
    met = [True]
    for token in right:
        met.append(met[-1] and token is Wild.MANY)
    for mine in left:
        before, met = met, [met[0] and mine is Wild.MANY]
        for index, theirs in enumerate(right):
            if Wild.MANY in (mine, theirs):
                met.append(before[index + 1] or met[index])
            else:
                met.append(before[index] and (Wild.ONE in (mine, theirs) or mine == theirs))
    return met[-1]


def _characters(pattern: Pattern) -> list[str | Wild]:
    return [one for token in pattern for one in ([token] if isinstance(token, Wild) else token)]


def action_matches(pattern: str, action: str) -> bool:
    """Whether an `Action` element covers an action; the service prefix and the name are case-insensitive.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
    """
    return matches(wildcards(pattern.lower()), action.lower())


def arn_matches(pattern: Pattern, arn: str) -> bool:
    """Whether an ARN fits `ArnLike`: each of the six colon-separated parts on its own, the last may hold colons.

    The lone pattern `*` fits every ARN.
    """
    if pattern == (Wild.MANY,):
        return True
    parts = arn.split(":", ARN_PARTS - 1)
    wanted = _arn_parts(pattern)
    if len(parts) != ARN_PARTS or len(wanted) != ARN_PARTS:
        return False
    return all(matches(one, part) for one, part in zip(wanted, parts, strict=True))


@lru_cache(maxsize=4096)
def _arn_parts(pattern: Pattern) -> tuple[Pattern, ...]:
    """The pattern cut at its first five colons."""
    parts: list[list[str | Wild]] = [[]]
    for token in pattern:
        if isinstance(token, Wild):
            parts[-1].append(token)
            continue
        first, *rest = token.split(":", ARN_PARTS - len(parts))
        parts[-1].append(first)
        parts.extend([text] for text in rest)
    return tuple(tuple(token for token in part if token) for part in parts)


class _Segment:
    """What stands between two asterisks: a text of fixed length in which some characters are free."""

    def __init__(self, tokens: Iterable[str | Wild]) -> None:
        pieces = list(tokens)
        self.length = sum(1 if isinstance(piece, Wild) else len(piece) for piece in pieces)
        self._text = "".join("?" if isinstance(piece, Wild) else piece for piece in pieces)
        free = any(isinstance(piece, Wild) for piece in pieces)
        source = "".join("." if isinstance(piece, Wild) else re.escape(piece) for piece in pieces)
        self._regex = re.compile(source, re.DOTALL) if free else None

    def fits_at(self, text: str, position: int) -> bool:
        """Whether the segment stands in `text` at `position`."""
        if self._regex is None:
            return text.startswith(self._text, position)
        return self._regex.match(text, position) is not None

    def find(self, text: str, start: int, end: int) -> int:
        """Where the segment first stands within `text[start:end]`, or -1."""
        if self._regex is None:
            return text.find(self._text, start, end)
        found = self._regex.search(text, start, end)
        return -1 if found is None else found.start()


class _Glob:
    """A compiled pattern: its first and last segment are anchored, those between are searched in order."""

    def __init__(self, pattern: Pattern) -> None:
        segments: list[list[str | Wild]] = [[]]
        for token in pattern:
            if token is Wild.MANY:
                segments.append([])
            else:
                segments[-1].append(token)
        compiled = [_Segment(segment) for segment in segments]
        self._first, self._last = compiled[0], compiled[-1]
        self._middle = [segment for segment in compiled[1:-1] if segment.length]
        self._exact = len(compiled) == 1
        self._shortest = self._first.length if self._exact else sum(segment.length for segment in compiled)

    def matches(self, text: str) -> bool:
        if len(text) < self._shortest or not self._first.fits_at(text, 0):
            return False
        if self._exact:
            return len(text) == self._shortest
        position, end = self._first.length, len(text) - self._last.length
        for segment in self._middle:
            found = segment.find(text, position, end)
            if found < 0:
                return False
            position = found + segment.length
        return self._last.fits_at(text, end)


@lru_cache(maxsize=8192)
def _compiled(pattern: Pattern) -> _Glob:
    return _Glob(pattern)
