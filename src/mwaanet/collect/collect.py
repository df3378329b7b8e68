"""Collecting from end to end: log in, find the environment, ask until nothing new appears, write the snapshot."""

from __future__ import annotations

import difflib
import gc
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mwaanet.collect.accounts import Accounts, Logins
from mwaanet.collect.ask import Ask, Place, Refused
from mwaanet.collect.files import snapshot_files
from mwaanet.collect.journal import Journal
from mwaanet.collect.walk import Counts, Tell, Walk, most_threads
from mwaanet.errors import UsageError
from mwaanet.snapshot.operation import GLOBAL
from mwaanet.snapshot.reader import says_absent
from mwaanet.snapshot.writer import check_target, write_snapshot

CONCURRENCY = 16
"""How many calls are made at once, unless the user says otherwise."""

_ALLOCATIONS = 200_000
"""How many objects are made, and not dropped, between two runs of the garbage collector."""
_DENIED = ("AccessDenied", "UnauthorizedOperation", "NotAuthorized", "AuthorizationError", "403")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is to be collected."""

    out: Path
    logins: Logins = field(default_factory=Logins)
    environment: str | None = None
    roles: Sequence[str] = ()
    """The ARNs of the roles that call the environment."""
    users: Sequence[str] = ()
    """The ARNs of the users that call it."""
    everything: bool = False
    concurrency: int = CONCURRENCY
    resume: bool = False


@dataclass(frozen=True, kw_only=True)
class Refusals:
    """A call that was refused, however often."""

    code: str
    ask: Ask
    times: int

    @property
    def denied(self) -> bool:
        """Whether a permission is what was missing."""
        return any(word in self.code for word in _DENIED)


@dataclass(frozen=True, kw_only=True)
class Collected:
    """What came of it."""

    counts: Counts
    seconds: float
    home: Place
    places: Sequence[Place]
    refusals: Sequence[Refusals]
    unreached: Sequence[Place]
    """Accounts to which what was seen leads, and for which there are no credentials."""


def collect(wanted: Wanted, tell: Tell) -> Collected:
    """Make the snapshot; what was answered before an error or an interruption is kept for `resume`."""
    with _little_garbage():
        return _collect(wanted, tell)


@contextmanager
def _little_garbage() -> Iterator[None]:
    """Have the garbage collector run seldom: what is made here is kept, and each run holds all threads up."""
    before = gc.get_threshold()
    gc.set_threshold(_ALLOCATIONS, 20, 100)
    try:
        yield
    finally:
        if not gc.get_freeze_count():
            gc.freeze()  # what was made counts as old at once, so that no full collection follows
            gc.unfreeze()
        gc.set_threshold(*before)


def _collect(wanted: Wanted, tell: Tell) -> Collected:
    started = time.monotonic()
    check_target(wanted.out)
    accounts = Accounts(wanted.logins, most_threads(wanted.concurrency))
    accounts.open()
    journal = Journal(wanted.out)
    walk = Walk(accounts, everything=wanted.everything, concurrency=wanted.concurrency, tell=tell, journal=journal)
    walk.resume(journal.open(resume=wanted.resume))
    done = False
    try:
        home = _start(walk, accounts, wanted)
        walk.run()
        answered = [(ask, walk.answers[key]) for key, ask in walk.asks.items()]
        write_snapshot(wanted.out, snapshot_files(answered, walk.places, home))
        done = True
    finally:
        journal.close(done=done)
    return Collected(
        counts=walk.counts,
        seconds=time.monotonic() - started,
        home=home,
        places=tuple(place for place in walk.places if place.region != GLOBAL),
        refusals=_refusals(walk),
        unreached=tuple(walk.unreached),
    )


def _start(walk: Walk, accounts: Accounts, wanted: Wanted) -> Place:
    """Open the places from which the walk sets out; the one in which the environment lies."""
    everywhere = [Place(account, region) for account in accounts for region in accounts.regions]
    home, name = everywhere[0], wanted.environment
    if name is not None:
        home = _home_of(walk, everywhere, name)
    elif not wanted.everything:
        home, name = _only_environment(walk, everywhere)
    opened = everywhere if wanted.everything else [home, *(p for p in everywhere if p.account == home.account)]
    for place in opened:
        walk.open(place)
    callers = {"Roles": list(wanted.roles), "Users": list(wanted.users)}
    walk.ask_about(home, {"Environments": [name] if name else [], **callers})
    return home


def _home_of(walk: Walk, places: Sequence[Place], name: str) -> Place:
    """Where the environment lies; the first place where that cannot be told."""
    refused = False
    for place in places:
        answer = walk.first(Ask(place, "mwaa", "get-environment", {"Name": name}))
        if not isinstance(answer, Refused):
            return place
        refused = refused or not says_absent(answer.code)
    if refused:
        return places[0]
    names = [name for _, name in _environments(walk, places)]
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5) or names[:3]
    hint = f"did you mean {', '.join(near)}?" if near else "there is none at all"
    raise UsageError(f"no environment is called {name!r} in {_said(places)}: {hint}")


def _only_environment(walk: Walk, places: Sequence[Place]) -> tuple[Place, str | None]:
    found = list(_environments(walk, places))
    if len(found) > 1:
        names = ", ".join(sorted({name for _, name in found})[:10])
        raise UsageError(f"there are {len(found)} environments: name one with --environment ({names}), or give --all")
    if not found:
        raise UsageError(f"{_said(places)} have no environment that can be listed: give --environment, or --all")
    return found[0]


def _environments(walk: Walk, places: Sequence[Place]) -> list[tuple[Place, str]]:
    found = []
    for place in places:
        answer = walk.first(Ask(place, "mwaa", "list-environments"))
        if isinstance(answer, dict):
            found += [(place, name) for name in answer.get("Environments", ())]
    return found


def _said(places: Sequence[Place]) -> str:
    return ", ".join(" ".join(place) for place in places[:4]) + (", ..." if len(places) > 4 else "")


def _refusals(walk: Walk) -> list[Refusals]:
    """The refused calls, one for each account, Region, operation and code; what is absent is no refusal."""
    found: dict[tuple[str, ...], list[Ask]] = {}
    for key, answer in walk.answers.items():
        if isinstance(answer, Refused) and not says_absent(answer.code):
            found.setdefault((*walk.asks[key].ref, answer.code), []).append(walk.asks[key])
    return [Refusals(code=key[-1], ask=asks[0], times=len(asks)) for key, asks in sorted(found.items())]
