"""Which changes of resources explain a consequence: those that its answers rest on, tried on the old snapshot.

Each is tried alone; where none makes the difference, all together, and those without which it still does are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from mwaanet.changes.consequence import Cause, Consequence, Draft, Tried, Turn
from mwaanet.changes.records import SITE, SITE_FILE, RecordChange
from mwaanet.changes.standing import Asked, Pair, Standing, pair_traces, shift, standings
from mwaanet.changes.swap import swapped
from mwaanet.checks.ask import context_of
from mwaanet.checks.context import Context
from mwaanet.checks.language import Check
from mwaanet.errors import MwaanetError
from mwaanet.graph.flight import Evidence
from mwaanet.graph.network import Network
from mwaanet.model.inventory import Inventory
from mwaanet.model.site import Site
from mwaanet.paths.trace import Trace
from mwaanet.snapshot import Snapshot

MOST_TRIED = 12
"""Changes that may explain one consequence and are tried; of more, all are told untried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One snapshot of the two, and what it says of the environment."""

    snapshot: Snapshot
    site: Site | None
    environment: str | None
    context: Context

    @classmethod
    def of(cls, snapshot: Snapshot, site: Site | None, environment: str | None) -> Side:
        """The snapshot loaded; UsageError where the environment is not in it."""
        chosen = environment or (site.environment if site else None)
        context = context_of(Network(Inventory.load(snapshot, site)), chosen)
        return cls(snapshot=snapshot, site=site, environment=environment, context=context)

    @property
    def has_environment(self) -> bool:
        """Whether there is one that the built-in checks can ask about."""
        return self.context.facts is not None or self.context.unread is not None

    def after(self, changes: Sequence[RecordChange]) -> Side:
        """The same with some changes made."""
        texts = [change.after.value for change in changes if _of_site(change) and change.after]
        site = Site.parse(texts[0], SITE_FILE) if texts else self.site
        records = [change for change in changes if not _of_site(change)]
        return Side.of(swapped(self.snapshot, records), site, self.environment)


class Facts(NamedTuple):
    """What both snapshots answer."""

    checks: Mapping[str, Check]
    now: Mapping[Asked, Standing]
    traces: Mapping[Pair, Trace]


@dataclass(frozen=True)
class Trials:
    """Tries of changes on the old snapshot; each set of changes is made once."""

    old: Side
    facts: Facts
    changes: Sequence[RecordChange]
    _made: dict[frozenset[int], Context | None] = field(default_factory=dict)

    def explained(self, draft: Draft) -> Consequence:
        """The consequence with the changes that explain it."""
        one = draft.consequence
        if one.turn in (Turn.UNKNOWN, Turn.KNOWN):
            return one
        found = [change for change in self.changes if _rests_on(draft, change)]
        explained = self._tried(draft, found)
        if explained.tried is Tried.NOT and len(found) < len(self.changes) <= MOST_TRIED:
            by_all = self._tried(draft, self.changes)
            return explained if by_all.tried is Tried.NOT else by_all
        return explained

    def _tried(self, draft: Draft, found: Sequence[RecordChange]) -> Consequence:
        """The consequence with those of the changes that bring it about: alone, else together."""
        one = draft.consequence
        untried = replace(one, causes=tuple(Cause(change=change) for change in found))
        if not 0 < len(found) <= MOST_TRIED:
            return untried
        tried = [Cause(change=change, pairs=self._brought_about(draft, [change])) for change in found]
        alone = [cause for cause in tried if cause.pairs]
        if {pair for cause in alone for pair in cause.pairs} == set(one.pairs):
            return replace(one, causes=tuple(alone), tried=Tried.ALONE)
        if not self._shows(draft, found):
            return untried
        for change in list(found):
            fewer = [other for other in found if other is not change]
            found = fewer if self._shows(draft, fewer) else found
        return replace(one, causes=tuple(Cause(change=change) for change in found), tried=Tried.TOGETHER)

    def _shows(self, draft: Draft, changes: Sequence[RecordChange]) -> bool:
        return self._brought_about(draft, changes) == draft.consequence.pairs

    def _brought_about(self, draft: Draft, changes: Sequence[RecordChange]) -> tuple[Pair, ...]:
        """The pairs of a consequence of which the old snapshot, with these changes, says what the new one does."""
        context = self._context(changes)
        if context is None:
            return ()
        if draft.asked:
            found = standings(context, [self.facts.checks[draft.consequence.id]])
            same = [asked for asked in draft.asked if _status(found, asked) == _status(self.facts.now, asked)]
            return tuple(Pair(asked.source, asked.destination) for asked in same)
        (pair,) = draft.consequence.pairs
        trace = context.once("pairs", lambda: pair_traces(context)).get(pair)
        if trace is None:
            return ()
        moved = shift(self.facts.traces[pair], trace)
        packets = moved.opened if draft.consequence.turn is Turn.OPENED else moved.closed
        return (pair,) if draft.packets.issubset(packets) else ()

    def _context(self, changes: Sequence[RecordChange]) -> Context | None:
        """None where these changes make no network: one may need the other."""
        key = frozenset(map(id, changes))
        if key not in self._made:
            try:
                self._made[key] = self.old.after(changes).context
            except MwaanetError:
                self._made[key] = None
        return self._made[key]


def _status(standings: Mapping[Asked, Standing], asked: Asked) -> object:
    return standings[asked].status if asked in standings else None


def _rests_on(draft: Draft, change: RecordChange) -> bool:
    """Whether the answers of a consequence rest on a record, before or after."""
    if change.names & draft.components or _of_site(change):
        return True
    return any(_lies_in(evidence, change) for evidence in draft.evidence)


def _of_site(change: RecordChange) -> bool:
    return change.ref == SITE


def _lies_in(evidence: Evidence, change: RecordChange) -> bool:
    origin = evidence.origin
    if origin is None or origin.document.ref != change.ref:
        return False
    pointer = f"{origin.pointer}/"
    return any(pointer.startswith(f"{place}/") for _, place in change.places)
