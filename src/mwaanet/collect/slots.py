"""How many calls are on the network at once; preparing a request and reading its answer take no part of that."""

from __future__ import annotations

import threading
from typing import Any


class Slots:
    """Places on the network; a thread has at most one.

    https://botocore.amazonaws.com/v1/documentation/api/latest/topics/events.html
    """

    def __init__(self, most: int) -> None:
        self._free = threading.Semaphore(most)
        self._own = threading.local()
        self._lock = threading.Lock()
        self.taken = 0

    def watch(self, client: Any) -> None:
        """Have each request of a client wait for a place."""
        client.meta.events.register("before-send", self._take)
        client.meta.events.register("before-parse", self._give)
        client.meta.events.register_first("needs-retry", self._give)

    def _take(self, **_: Any) -> None:
        self._free.acquire()
        self._own.held = True
        with self._lock:
            self.taken += 1

    def _give(self, **_: Any) -> None:
        """Leave the place, if there is one: after an answer, and after none."""
        if getattr(self._own, "held", False):
            self._own.held = False
            with self._lock:
                self.taken -= 1
            self._free.release()
