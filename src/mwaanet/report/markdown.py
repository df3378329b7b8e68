"""Markdown from data: nothing that a name holds can become a link, a picture, a mention, a tag or a row of a table."""

from __future__ import annotations

import re

from mwaanet.report.clean import clean

_SPECIAL = re.compile(r"[\\`*_{}\[\]()#+!|~$^=-]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;", ":": "&#58;"}
_RUN = re.compile(r"`+")


def escaped(text: str) -> str:
    """A text on one line that reads the same and means nothing."""
    shown = "".join(_ENTITIES.get(character, character) for character in clean(text))
    return "".join(_escaped_run(part) for part in re.split(r"(&#?\w+;)", shown))


def _escaped_run(part: str) -> str:
    return part if part.startswith("&") and part.endswith(";") else _SPECIAL.sub(r"\\\g<0>", part)


def fenced(text: str) -> str:
    """Lines as they are, in a block whose fence no line can close."""
    lines = [clean(line) for line in text.splitlines()]
    longest = max((len(run) for line in lines for run in _RUN.findall(line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}text", *lines, fence])
