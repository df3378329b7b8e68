"""XML from data: every text is made harmless and escaped on its way in, so that no name can become markup."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from mwaanet.report.clean import clean


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


def element(name: str, *content: str, **attributes: str | float) -> Markup:
    """An element; content that is not `Markup` is text. An attribute `class_` is `class`, `data_id` is `data-id`."""
    shown = "".join(f" {key.rstrip('_').replace('_', '-')}={_value(value)}" for key, value in attributes.items())
    inner = joined(content)
    return Markup(f"<{name}{shown}>{inner}</{name}>" if inner else f"<{name}{shown}/>")


def joined(content: Iterable[str], between: str = "") -> Markup:
    """The contents one behind the other."""
    return Markup(between.join(part if isinstance(part, Markup) else escape(visible(part)) for part in content))


def _value(value: str | float) -> str:
    return quoteattr(visible(value)) if isinstance(value, str) else f'"{number(value)}"'


def visible(text: str) -> str:
    """Clean text without the two characters that XML has none of (https://www.w3.org/TR/xml/#charsets)."""
    return clean(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")


def number(value: float) -> str:
    """A number with at most one decimal."""
    return f"{value:.1f}".rstrip("0").rstrip(".")
