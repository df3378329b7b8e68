"""What a check asks, as one sentence: the title of an assertion that gives none."""

from __future__ import annotations

from typing import assert_never

from mwaanet.checks.language import Check, Permit, Reach, Require, Resolve, Skip


def sentence(check: Check) -> str:
    """The healthy state that a check states."""
    verb = check.verb
    if isinstance(verb, Reach):
        return f"{verb.source} {_not(check, 'reaches', 'does not reach')} {verb.destination}{_of_kind(verb)}"
    if isinstance(verb, Resolve):
        kind = "an address" if verb.gives == "anything" else f"{verb.gives} addresses"
        return f"{verb.source} {_not(check, 'resolves', 'does not resolve')} {verb.name} to {kind}"
    if isinstance(verb, Permit):
        way = f" via {verb.via}" if verb.via else ""
        what = f"{', '.join(verb.actions)} on {', '.join(verb.resources)}{way}"
        return f"{verb.principal} {_not(check, 'may', 'may not')} {what}"
    if isinstance(verb, Require):
        return f"{verb.about}: {verb.that} {_not(check, 'holds', 'does not hold')}"
    if isinstance(verb, Skip):
        return verb.reason
    assert_never(verb)


def _not(check: Check, positive: str, negative: str) -> str:
    return negative if check.negative else positive


def _of_kind(verb: Reach) -> str:
    """The packets that are meant and the way that they are to take."""
    ports = ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in verb.ports)
    whole = " over any protocol" if verb.protocol == "all" else f" over {verb.protocol}"
    text = f" on {verb.protocol} {ports}" if ports else whole
    text += f" via {' or '.join(verb.via)}" if verb.via else ""
    return text + (f" not via {' or '.join(verb.not_via)}" if verb.not_via else "")
