"""Indexes from an id to all records that have to do with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

R = TypeVar("R")


def grouped(records: Iterable[R], keys: Callable[[R], Iterable[str]]) -> Mapping[str, list[R]]:
    """The records by each of their keys, in their order; none under an empty key, and each once under a key."""
    found: dict[str, list[R]] = {}
    for record in records:
        for key in keys(record):
            group = found.get(key)
            if group is None:
                found[key] = [record]
            elif group[-1] is not record:
                group.append(record)
    found.pop("", None)
    return found
