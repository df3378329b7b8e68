"""What is worked out once for an inventory, and forgotten with it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from mwaanet.model.inventory import Inventory

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Memo(Generic[Key, Value]):
    """Values by inventory and key. No value may hold its inventory, or both stay for good."""

    def __init__(self) -> None:
        self._known: WeakKeyDictionary[Inventory, dict[Key, Value]] = WeakKeyDictionary()

    def get(self, inventory: Inventory, key: Key, make: Callable[[], Value]) -> Value:
        """The value; made where it is asked for the first time."""
        known = self._known.setdefault(inventory, {})
        if key not in known:
            known[key] = make()
        return known[key]
