"""Resources as people know them: the id, and the Name tag in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from mwaanet.report.layout import Look

SHOWN = 3
"""How many members of a list are written before the rest is counted."""

_DIGITS = "[0-9a-fA-F.:]{1,45}"
_ADDRESS = rf"(?=[0-9a-fA-F]{{0,4}}[.:]){_DIGITS}(?:[-/]{_DIGITS})?"
_ADDRESSES = re.compile(rf"\b({_ADDRESS}(?:, {_ADDRESS}){{{SHOWN - 1}}})((?:, {_ADDRESS})+)")


def label(resource: str, names: Mapping[str, str]) -> str:
    """The whole id, with the name where it has one."""
    name = names.get(resource, "")
    return f"{resource} ({name})" if name else resource


def short_label(resource: str, names: Mapping[str, str], look: Look, width: int) -> str:
    """The label within a width: the name gives way first, then an ARN's beginning; an id stays whole."""
    name = names.get(resource, "")
    resource = look.clean(resource)
    if resource.startswith("arn:") and look.cells(resource) > width:
        resource = resource.split(":", 5)[-1]
    room = width - look.cells(resource) - 3
    if not name or room < min(look.cells(name), 6):
        return resource
    return f"{resource} ({look.squeeze(name, room)})"


def listed(items: Iterable[str], *, most: int = SHOWN) -> str:
    """At most three items, then how many more there are."""
    unique = list(dict.fromkeys(items))
    more = len(unique) - most
    return ", ".join(unique[:most]) + (f" (+{more} more)" if more > 0 else "")


def brief(text: str) -> str:
    """The text with at most three addresses of each list of them."""
    return _ADDRESSES.sub(lambda found: f"{found[1]} (+{found[2].count(',')} more)", text)


def counted(number: int, words: Sequence[str]) -> str:
    """A number and its word: one of it, or many."""
    return f"{number} {words[0] if number == 1 else words[1]}"
