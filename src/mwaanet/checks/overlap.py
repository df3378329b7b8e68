"""What two assertions of the same verb have in common: whether they contradict each other, or one follows from another.

Each verb compares what it means, in a file of its own. Of what cannot be compared nothing is said.
"""

from __future__ import annotations

from typing import Protocol, Self

from mwaanet.checks.context import Context
from mwaanet.checks.evaluate import applies
from mwaanet.checks.language import Check, Permit, Reach, Require, Resolve
from mwaanet.checks.overlap_permit import permit_meaning
from mwaanet.checks.overlap_reach import reach_meaning
from mwaanet.checks.overlap_require import require_meaning
from mwaanet.checks.overlap_resolve import resolve_meaning


class Meaning(Protocol):
    """What one assertion is about."""

    @property
    def check(self) -> Check:
        """The assertion."""

    @property
    def subject(self) -> object:
        """Only assertions of the same subject have anything in common."""

    @property
    def unconditional(self) -> bool:
        """Whether it speaks of all that it selects, whenever it is asked."""

    def shared(self, other: Self) -> str:
        """What is said of which both cannot be so, in a few words; empty where both can."""

    def follows_from(self, other: Self) -> bool:
        """Whether the other says all that this one says."""


def meaning_of(check: Check, context: Context | None) -> Meaning | None:
    """What an assertion is about; None where that cannot be compared, or it does not apply here."""
    if check.each or (context and not applies(context, check)):
        return None
    always = not check.when or context is not None
    facts = context.facts if context else None
    verb = check.verb
    if isinstance(verb, Reach):
        return reach_meaning(check, verb, context, always=always)
    if isinstance(verb, Resolve):
        return resolve_meaning(check, verb, context, always=always)
    if isinstance(verb, Permit):
        return permit_meaning(check, verb, facts, always=always)
    return require_meaning(check, verb, facts, always=always) if isinstance(verb, Require) else None
