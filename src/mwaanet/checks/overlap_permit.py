"""What two assertions about permissions have in common: actions, and resources of which one's pattern covers another's.

They are compared where the request is made alike: by the same principal, on the same way, with the same condition keys.
"""

from __future__ import annotations

from dataclasses import dataclass

from mwaanet.access.matching import matches, wildcards
from mwaanet.checks.facts import Facts
from mwaanet.checks.language import PRINCIPAL, Check, Permit

_Request = tuple[str, str, str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PermitMeaning:
    """What one assertion is about; `request` is whose it is, and how it is made."""

    check: Check
    request: _Request
    actions: frozenset[str]
    resources: tuple[str, ...]
    any_resource: bool
    unconditional: bool

    @property
    def subject(self) -> object:
        """Whose requests they are, and how they are made."""
        return self.request

    def shared(self, other: PermitMeaning) -> str:
        """What one lets be done and the other does not, in a few words; empty where that is nothing."""
        actions = sorted(self.actions & other.actions)
        if self.check.negative == other.check.negative or not actions:
            return ""
        negative, positive = (self, other) if self.check.negative else (other, self)
        met = [one for one in positive.resources if any(_meet(one, two) for two in negative.resources)]
        if not met or (positive.any_resource and not _covered(positive.resources, negative.resources)):
            return ""
        return f"{', '.join(actions)} on {', '.join(met)}"

    def follows_from(self, other: PermitMeaning) -> bool:
        """Whether the other says it of as many actions and resources at least."""
        if self.check.negative != other.check.negative or not self.actions <= other.actions:
            return False
        if not (self.unconditional and other.unconditional):
            return False
        if self.check.negative or not (self.any_resource or other.any_resource):
            return _covered(self.resources, other.resources)
        if self.any_resource and not other.any_resource:
            return any(_covered((one,), other.resources) for one in self.resources)
        return self.any_resource and all(
            any(_covers(allowed, mine) for mine in self.resources) for allowed in other.resources
        )


def permit_meaning(check: Check, verb: Permit, facts: Facts | None, *, always: bool) -> PermitMeaning | None:
    """What an assertion is about; None where a resource is none here."""
    fill = facts.fill if facts else str
    resources = tuple(one for text in verb.resources for one in (facts.fill_each(text) if facts else (text,)))
    if not resources:
        return None
    principal = "{role}" if verb.principal == PRINCIPAL else verb.principal
    context = tuple(sorted((key.lower(), fill(value)) for key, value in verb.context))
    return PermitMeaning(
        check=check,
        request=(fill(principal), verb.via, verb.source if verb.via else "", context),
        actions=frozenset(action.lower() for action in verb.actions),
        resources=resources,
        any_resource=verb.any_resource,
        unconditional=always,
    )


def _meet(one: str, other: str) -> bool:
    """Whether some resource fits both patterns; one of them at least must be the wider."""
    return matches(wildcards(one), other) or matches(wildcards(other), one)


def _covered(resources: tuple[str, ...], by: tuple[str, ...]) -> bool:
    """Whether everything that fits one of some patterns fits one of the others."""
    return all(any(_covers(wide, narrow) for wide in by) for narrow in resources)


def _covers(wide: str, narrow: str) -> bool:
    """A pattern with `?` stands for one character, which an asterisk of the other is not."""
    return wide == narrow or (matches(wildcards(wide), narrow) and not ("?" in wide and "*" in narrow))
