"""A fix tried on the model: its changes are made on a copy of the snapshot, and the same question is asked again."""

from __future__ import annotations

from mwaanet.checks.context import Context
from mwaanet.checks.facts import Facts
from mwaanet.checks.result import Segment, Status
from mwaanet.fixes.change import Change
from mwaanet.fixes.edits import Edits
from mwaanet.graph.network import Network

MOST_TRIALS = 20
"""Different sets of changes that one diagnosis tries; each takes about as long as walking its paths does."""


def after(context: Context, changes: tuple[Change, ...]) -> Context | None:
    """Everything as it would be after the changes; None where the model cannot hold them, or has tried enough."""
    return context.once(("after", changes), lambda: _after(context, changes)) if changes else None


def _after(context: Context, changes: tuple[Change, ...]) -> Context | None:
    tried: list[None] = context.once("trials", list)
    if context.facts is None or len(tried) >= MOST_TRIALS:
        return None
    tried.append(None)
    edits = Edits(context.inventory.snapshot)
    if not all([change.make(edits) for change in changes]):
        return None
    inventory = context.inventory.after(edits.made())
    if inventory.focus is None:
        return None
    network = Network(inventory)
    return Context(network, Facts(inventory, network, inventory.focus))


def mends(before: list[Segment], now: list[Segment], level: str) -> bool:
    """Whether everything that failed now passes; a check that only warns must not warn either."""
    good = (Status.PASS,) if level == "warn" or before[0].status is Status.WARN else (Status.PASS, Status.WARN)
    statuses = {(segment.source, segment.destination): segment.status for segment in now}
    return all(statuses.get((segment.source, segment.destination)) in good for segment in before)
