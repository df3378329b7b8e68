"""The walk over the graph of dependent calls: everything askable is asked, by a bounded number of threads.

One thread, the caller's, decides what to ask and keeps what was answered; the others only make calls. A call that many
others wait for comes first; a service that throttles gets fewer calls at once, and the others go on.
"""

from __future__ import annotations

import heapq
import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mwaanet.collect import graph
from mwaanet.collect.accounts import Accounts
from mwaanet.collect.ask import Answer, Ask, Place, Refused
from mwaanet.collect.caller import Caller
from mwaanet.collect.journal import Journal
from mwaanet.collect.pace import Pace
from mwaanet.collect.slots import Slots
from mwaanet.snapshot.operation import ASKED, GLOBAL


@dataclass(slots=True)
class Counts:
    """How far a collection is."""

    done: int = 0
    in_flight: int = 0
    waiting: int = 0
    throttled: int = 0
    refused: int = 0
    resources: int = 0


Tell = Callable[[Counts], None]


def most_threads(concurrency: int) -> int:
    """How many threads make the calls: while some wait for AWS, others prepare requests and read answers."""
    return concurrency + concurrency // 2


class Walk:
    """One collection."""

    def __init__(
        self, accounts: Accounts, *, everything: bool, concurrency: int, tell: Tell, journal: Journal | None = None
    ) -> None:
        self._lock = threading.Lock()
        self._everything = everything
        self._threads = most_threads(concurrency)
        self._tell = tell
        self._journal = journal
        self._known: dict[str, dict[str, Any]] = {}
        self._paces: dict[tuple[str, str, str], Pace] = {}
        self._ready: dict[tuple[str, str, str], list[tuple[int, int, Ask]]] = {}
        self._todo: queue.SimpleQueue[tuple[Ask, str] | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[Ask, Answer | BaseException]] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._slots = Slots(concurrency)
        self._caller = Caller(accounts, self._pace, self._count_throttled, self._stop.is_set, self._slots)
        self._working = 0
        self.counts = Counts()
        self.asks: dict[str, Ask] = {}
        self.answers: dict[str, Answer] = {}
        self.homes: Mapping[str, str] = {account: accounts.regions[0] for account in accounts}
        self.places: dict[Place, None] = {}
        self.unreached: dict[Place, None] = {}

    def resume(self, known: Mapping[str, dict[str, Any]]) -> None:
        """Take answers that an earlier collection was given."""
        self._known.update(known)

    def first(self, ask: Ask) -> Answer:
        """Make one call before all others; where it is answered it is not made again."""
        answer = self._known.get(ask.key) or self._caller.answer(ask, self.homes[ask.place.account])
        if isinstance(answer, dict):
            self._known[ask.key] = answer
        return answer

    def open(self, place: Place) -> None:
        """Ask all that takes no argument in a Region of an account, and in what of the account has no Region."""
        for where in (place, Place(place.account, GLOBAL)):
            if where not in self.places:
                self.places[where] = None
                for ask in graph.listed(where):
                    self._add(ask)

    def ask_about(self, home: Place, named: Mapping[str, Any]) -> None:
        """Ask about what the user named."""
        around = {"Account": home.account, "Region": home.region, "Parameters": {}, "Note": ""}
        for ask in graph.drawn(ASKED, named, around, self.homes, self._everything):
            self._add(ask)

    def run(self) -> None:
        """Ask until nothing new appears."""
        workers = [threading.Thread(target=self._work, daemon=True) for _ in range(self._threads)]
        for worker in workers:
            worker.start()
        try:
            self._send()
            while self._working:
                ask, answer = self._done.get()
                self._pace(ask).in_flight -= 1
                self._working -= 1
                if isinstance(answer, BaseException):
                    raise answer
                self._take(ask, answer)
                self._send()
                self.counts.in_flight = self._slots.taken
                self._tell(self.counts)
        finally:
            self._stop.set()
            for _ in workers:
                self._todo.put(None)

    def _work(self) -> None:
        while (job := self._todo.get()) is not None:
            ask, region = job
            if self._stop.is_set():
                return
            try:
                self._done.put((ask, self._caller.answer(ask, region)))
            except BaseException as error:  # noqa: BLE001  # the walk raises it in its own thread
                self._done.put((ask, error))

    def _add(self, ask: Ask) -> None:
        """Ask, unless that was done already."""
        if ask.key in self.asks:
            return
        self.asks[ask.key] = ask
        if ask.key in self._known:
            self._take(ask, self._known[ask.key])
            return
        heapq.heappush(
            self._ready.setdefault(_lane(ask), []), (-graph.rank(ask.service, ask.operation), len(self.asks), ask)
        )
        self.counts.waiting += 1

    def _send(self) -> None:
        """Hand out calls while threads are free and services take more."""
        while self._working < self._threads:
            free = [(heap[0][:2], lane) for lane, heap in self._ready.items() if self._pace_of(lane).has_room]
            if not free:
                return
            lane = min(free)[1]
            ask = heapq.heappop(self._ready[lane])[2]
            if not self._ready[lane]:
                del self._ready[lane]
            self._pace_of(lane).in_flight += 1
            self._working += 1
            self.counts.waiting -= 1
            self._todo.put((ask, self.homes[ask.place.account]))

    def _take(self, ask: Ask, answer: Answer) -> None:
        """Keep an answer, and ask what follows from it."""
        self.answers[ask.key] = answer
        self.counts.done += 1
        if isinstance(answer, Refused):
            self.counts.refused += 1
            return
        self._pace(ask).faster()
        self.counts.resources += sum(len(value) for value in answer.values() if isinstance(value, list))
        if self._journal is not None:
            self._journal.add(ask, answer)
        self._follow(ask, answer)

    def _follow(self, ask: Ask, answer: Mapping[str, Any]) -> None:
        around = graph.around(ask)
        for place in graph.leads(ask.row, answer, around, self.homes[ask.place.account]):
            if self._everything:
                continue
            if place.account in self.homes:
                self.open(place)
            else:
                self.unreached[place] = None
        for found in graph.drawn(f"{ask.service}/{ask.operation}", answer, around, self.homes, self._everything):
            self._add(found)

    def _pace(self, ask: Ask) -> Pace:
        return self._pace_of(_lane(ask))

    def _pace_of(self, lane: tuple[str, str, str]) -> Pace:
        if lane not in self._paces:
            self._paces[lane] = Pace(self._threads)
        return self._paces[lane]

    def _count_throttled(self) -> None:
        with self._lock:
            self.counts.throttled += 1


def _lane(ask: Ask) -> tuple[str, str, str]:
    return (*ask.place, ask.service)
