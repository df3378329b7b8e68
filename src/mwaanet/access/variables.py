"""Policy variables: `${aws:PrincipalArn}`, `${aws:username, 'nobody'}`, and `${*}`, `${?}`, `${$}`.

They stand in `Resource` after the fifth colon and in the values of string, ARN and Boolean operators, and only in a
policy whose `Version` is 2012-10-17; anywhere else the text is literal. A variable whose key is not in the request and
that has no default fits nothing; the guide says that it "might cause the entire statement to be invalid", so where
something must *not* fit it, the answer is undecided.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from mwaanet.access.context import Presence, RequestContext
from mwaanet.access.matching import ARN_PARTS, Pattern, Wild, wildcards

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_SPECIAL = frozenset("*?$")


class Literal(NamedTuple):
    """Text in which asterisks and question marks are themselves."""

    text: str


class Variable(NamedTuple):
    """The name of a condition key, and the text that stands in where the key is absent."""

    key: str
    default: str | None


Template = tuple[str | Literal | Variable, ...]


class Expansion(NamedTuple):
    """A value with its variables filled in."""

    pattern: Pattern | None
    """None where a variable has no value, so that nothing fits."""
    unknown: tuple[str, ...]
    """Keys whose values are not known; in the pattern any text stands for them."""
    absent: tuple[str, ...]
    """Keys that are not in the request, or may not be, although the value needs them."""


@lru_cache(maxsize=8192)
def template(text: str) -> Template:
    """A value cut into plain text and variables."""
    parts: list[str | Literal | Variable] = []
    position = 0
    for match in _VARIABLE.finditer(text):
        part = _variable(match.group(1))
        if part is None:
            continue
        parts += [text[position : match.start()], part]
        position = match.end()
    return (*(part for part in parts if part != ""), *([text[position:]] if position < len(text) else []))


@lru_cache(maxsize=8192)
def resource_template(text: str) -> Template:
    """The same for a resource's ARN, which takes variables after its fifth colon only."""
    parts = text.split(":", ARN_PARTS - 1)
    if len(parts) < ARN_PARTS:
        return (text,)
    return (text[: len(text) - len(parts[-1])], *template(parts[-1]))


def _variable(inside: str) -> Literal | Variable | None:
    """What stands between the braces; None where it is no variable and so is literal text."""
    if inside in _SPECIAL:
        return Literal(inside)
    key, comma, default = (piece.strip() for piece in inside.partition(","))
    if not key or (comma and not (len(default) > 1 and default[0] == default[-1] == "'")):
        return None
    return Variable(key, default[1:-1] if comma else None)


def expand(parts: Template, context: RequestContext, *, wild: bool) -> Expansion:
    """Fill in the variables; with `wild`, asterisks and question marks in plain text are wildcards."""
    pattern: list[str | Wild] = []
    unknown: list[str] = []
    absent: list[str] = []
    lost = False
    for part in parts:
        if isinstance(part, Literal):
            pattern.append(part.text)
        elif isinstance(part, str):
            pattern.extend(wildcards(part) if wild else (part,))
        else:
            value = _value(part, context)
            lost |= value is Presence.ABSENT
            if isinstance(value, Presence) and value is not Presence.ABSENT:
                unknown.append(part.key)
            if value is Presence.ABSENT or (value is Presence.UNKNOWN and part.default is None):
                absent.append(part.key)
            pattern.append(value if isinstance(value, str) else Wild.MANY)
    return Expansion(None if lost else tuple(pattern), tuple(unknown), tuple(absent))


def _value(variable: Variable, context: RequestContext) -> str | Presence:
    """The text of a variable. A key with several values cannot serve as one; its text is unknown."""
    fact = context.lookup(variable.key)
    if fact is Presence.ABSENT and variable.default is not None:
        return variable.default
    if isinstance(fact, Presence):
        return fact
    ranges = context.ranges(variable.key, fact)
    if ranges is not None:
        return ranges.single or Presence.UNKNOWN
    return fact[0] if len(fact) == 1 else Presence.UNKNOWN
