"""Two snapshots compared: what is reached no longer, or anew, and which changes of resources explain it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from mwaanet.changes.consequence import Consequence, Turn, of_checks, of_pairs
from mwaanet.changes.records import RecordChange, Told, record_changes, site_change, told
from mwaanet.changes.standing import Asked, Standing, pair_traces, standings
from mwaanet.changes.trying import Facts, Side, Trials
from mwaanet.checks.diagnose import TITLES
from mwaanet.checks.language import Check
from mwaanet.checks.name_tags import NameTags
from mwaanet.checks.result import Status
from mwaanet.errors import UsageError
from mwaanet.snapshot import Snapshot

_ORDER = list(Turn)


@dataclass(frozen=True, slots=True, kw_only=True)
class PathChange:
    """One path of the environment, before and after."""

    id: str
    title: str
    before: Status
    after: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Everything that changed: consequences, what only one snapshot was told, and changes that explain nothing.

    `assumed_before` and `assumed_after` are what the answers of the old and the new snapshot take for granted.
    """

    environment: str
    account: str
    old: Snapshot
    new: Snapshot
    paths: tuple[PathChange, ...]
    consequences: tuple[Consequence, ...]
    told: Told
    unrelated: tuple[RecordChange, ...]
    names: dict[str, str]
    assumed_before: tuple[str, ...] = ()
    assumed_after: tuple[str, ...] = ()

    @property
    def statuses(self) -> list[Status]:
        """What the exit code follows: a failure for what got worse, unknown for what is known no longer."""
        return [_counts(one) for one in self.consequences]


def compare(old: Side, new: Side, checks: Sequence[Check]) -> Comparison:
    """Compare two snapshots by what these checks ask, and by every pair of ends.

    UsageError where only one of them holds an environment that could be asked about.
    """
    for side, other in ((old, new), (new, old)):
        if other.has_environment and not side.has_environment:
            raise UsageError(f"{side.snapshot.name} holds no environment, or several, and {other.snapshot.name} one")
    was, now = standings(old.context, checks), standings(new.context, checks)
    (before, assumed_before), (after, assumed_after) = (
        side.context.assuming(partial(pair_traces, side.context)) for side in (old, new)
    )
    changes = [*record_changes(old.snapshot, new.snapshot), *_of_site(old, new)]
    trials = Trials(old, Facts({check.id: check for check in checks}, now, before), changes)
    drafts = [*of_checks(checks, was, now), *of_pairs(before, after)]
    explained = [trials.explained(draft) for draft in drafts]
    related = {id(cause.change) for consequence in explained for cause in consequence.causes}
    facts = new.context.facts or old.context.facts
    tags = NameTags(new.context.inventory)
    return Comparison(
        environment=facts.environment.name if facts else "",
        account=facts.account if facts else "",
        old=old.snapshot,
        new=new.snapshot,
        paths=tuple(_path(path, checks, was, now) for path in TITLES) if facts else (),
        consequences=tuple(sorted(explained, key=lambda one: _ORDER.index(one.turn))),
        told=told(old.snapshot, new.snapshot),
        unrelated=tuple(change for change in changes if id(change) not in related),
        names=dict(NameTags(old.context.inventory)) | dict(tags),
        assumed_before=_assumed(was, assumed_before),
        assumed_after=_assumed(now, assumed_after),
    )


def _assumed(standings: Mapping[Asked, Standing], of_pairs: Sequence[str]) -> tuple[str, ...]:
    """What the answers of one snapshot take for granted, each told once."""
    return tuple(dict.fromkeys((*(text for one in standings.values() for text in one.assumptions), *of_pairs)))


def _counts(one: Consequence) -> Status:
    if one.turn is Turn.WORSE:
        return Status.WARN if one.after is Status.WARN else Status.FAIL
    return Status.UNKNOWN if one.turn is Turn.UNKNOWN else Status.PASS


def _of_site(old: Side, new: Side) -> list[RecordChange]:
    """The change of the site file, where each snapshot has its own."""
    texts = old.snapshot.site_text, new.snapshot.site_text
    change = site_change(texts[0] or "", texts[1] or "") if old.site != new.site else None
    return [change] if change else []


def _path(path: str, checks: Sequence[Check], *both: dict[Asked, Standing]) -> PathChange:
    own = {check.id for check in checks if check.path == path}
    before, after = (
        Status.worst(standing.status for asked, standing in side.items() if asked.check in own) for side in both
    )
    return PathChange(id=path, title=TITLES[path], before=before, after=after)
