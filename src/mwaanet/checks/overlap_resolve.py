"""What two assertions about names have in common: what one place may be answered to one name, as a set of answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mwaanet.checks.context import Context
from mwaanet.checks.language import Check, Resolve
from mwaanet.checks.overlap_ends import Ends, ends_meant, overlap, within
from mwaanet.checks.selectors import select
from mwaanet.errors import UsageError

_ALL = frozenset({"no", "private", "public", "private and public"})
"""What an answer holds: addresses of which kind."""
_RESOLVES: Mapping[str, frozenset[str]] = {
    "private": frozenset({"private"}),
    "public": frozenset({"public"}),
    "anything": _ALL - {"no"},
}
_DOES_NOT: Mapping[str, frozenset[str]] = {
    "private": frozenset({"no", "public"}),
    "public": frozenset({"no", "private"}),
    "anything": frozenset({"no"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveMeaning:
    """What one assertion is about: `answers` are those that it admits."""

    check: Check
    verb: Resolve
    name: str
    sources: Ends
    answers: frozenset[str]
    unconditional: bool

    @property
    def subject(self) -> object:
        """The name."""
        return self.name

    def shared(self, other: ResolveMeaning) -> str:
        """The name that cannot be answered as both say; empty where it can."""
        if self.answers & other.answers or not overlap(self.sources, other.sources):
            return ""
        return f"{self.verb.name} as {self.verb.source} resolves it"

    def follows_from(self, other: ResolveMeaning) -> bool:
        """Whether every answer that the other admits is admitted here, from everywhere."""
        always = self.unconditional and other.unconditional
        return always and other.answers <= self.answers and within(self.sources, other.sources)


def resolve_meaning(check: Check, verb: Resolve, context: Context | None, *, always: bool) -> ResolveMeaning | None:
    """What an assertion is about; None where it means nothing."""
    try:
        sources = ends_meant(context, check, verb.source, sending=True)
        ends = select(context.network, context.facts, verb.name) if context else ()
    except UsageError:
        return None
    if not sources or (context and not ends):
        return None
    return ResolveMeaning(
        check=check,
        verb=verb,
        name=(ends[0].name if ends else verb.name).lower().rstrip("."),
        sources=sources,
        answers=(_DOES_NOT if check.negative else _RESOLVES)[verb.gives],
        unconditional=always and (verb.source.every or len(sources) == 1),
    )
