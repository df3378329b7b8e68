"""Texts of a check as reports tell them: with the values of the facts in them, or else with what these mean."""

from __future__ import annotations

import re
from dataclasses import replace

from mwaanet.checks.answer import Answer
from mwaanet.checks.facts import EACH, FACTS, PLACEHOLDER, Facts
from mwaanet.checks.language import Check
from mwaanet.checks.subject import Fact

_MOST_TOLD = 3
"""Values of a list that are told one by one."""


def told(check: Check, facts: Facts | None) -> Check:
    """The check with a title that holds no `{fact}`."""
    title = _filled(check.title, check, facts)
    return check if title == check.title else replace(check, title=title)


def told_answer(answer: Answer, check: Check, facts: Facts | None) -> Answer:
    """An answer whose ends hold none."""
    source, destination = (_filled(end, check, facts) for end in (answer.segment.source, answer.segment.destination))
    if (source, destination) == (answer.segment.source, answer.segment.destination):
        return answer
    return replace(answer, segment=replace(answer.segment, source=source, destination=destination))


def _filled(text: str, check: Check, facts: Facts | None) -> str:
    def value(match: re.Match[str]) -> str:
        name = check.each if match[1] == EACH else match[1]
        return _value(name, facts) if name in FACTS else match[0]

    return PLACEHOLDER.sub(value, text)


def _value(name: str, facts: Facts | None) -> str:
    """What a fact is, or what it means where that is not known, nothing or too much to tell."""
    found = facts.fact(name) if facts else None
    values = found.value if isinstance(found, Fact) else ""
    told_values = values if isinstance(values, tuple) else (str(values),)
    few = 0 < len(told_values) <= _MOST_TOLD and all(told_values)
    return ", ".join(told_values) if few else f"({FACTS[name].meaning})"
