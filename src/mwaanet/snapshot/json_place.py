"""Where a JSON text is wrong in a way that the decoder does not place: a number out of range, a key written twice.

Slow, so that it is asked only where something is wrong or seems to be.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import isinf
from typing import Any

_MOST_DIGITS = 4300
"""How long an integer may be (Python's own limit)."""


class _Pairs(list[tuple[str, Any]]):
    """An object's keys and values as they are written."""


class _OutOfRange:
    """A number that cannot be read."""


class _Twice:
    """The value of a key that the object has already had."""


def number_out_of_range(content: bytes) -> str | None:
    """The JSON pointer of the first number that is beyond all numbers."""
    return _first(content, _OutOfRange)


def key_twice(content: bytes) -> str | None:
    """The JSON pointer of the first key that stands in its object for the second time."""
    return _first(content, _Twice)


def _first(content: bytes, kind: type) -> str | None:
    try:
        tree = json.loads(content, object_pairs_hook=_Pairs, parse_int=_integer, parse_float=_float)
        return next((pointer for pointer, value in _values(tree, "") if isinstance(value, kind)), None)
    except (RecursionError, ValueError):
        return None


def _integer(text: str) -> Any:
    return _OutOfRange() if len(text.lstrip("-")) > _MOST_DIGITS else 0


def _float(text: str) -> Any:
    return _OutOfRange() if isinf(float(text)) else 0


def _values(value: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    yield pointer, value
    if isinstance(value, _Pairs):
        seen: set[str] = set()
        for key, item in value:
            below = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
            if key in seen:
                yield below, _Twice()
            seen.add(key)
            yield from _values(item, below)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _values(item, f"{pointer}/{index}")
