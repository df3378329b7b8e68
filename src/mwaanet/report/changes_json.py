"""A comparison of two snapshots as JSON, as docs/contracts/report-format.md has it."""

from __future__ import annotations

import json
from typing import Any

from mwaanet.changes.compare import Comparison
from mwaanet.changes.consequence import Consequence
from mwaanet.changes.records import RecordChange
from mwaanet.report.json_report import FORMAT, tool

Json = dict[str, Any]


def changes_json(comparison: Comparison) -> str:
    """The comparison; everything in it, nothing folded."""
    document = {
        "format": FORMAT,
        "tool": tool(),
        "environment": comparison.environment,
        "old": _side(comparison, old=True),
        "new": _side(comparison, old=False),
        "paths": [
            {"id": path.id, "title": path.title, "before": path.before.value, "after": path.after.value}
            for path in comparison.paths
        ],
        "consequences": [_consequence(one) for one in comparison.consequences],
        "told": {
            "no_longer": [call._asdict() for call in comparison.told.no_longer],
            "now": [call._asdict() for call in comparison.told.now],
        },
        "other_changes": [_change(change) for change in comparison.unrelated],
    }
    return json.dumps(document, indent=2) + "\n"


def _side(comparison: Comparison, *, old: bool) -> Json:
    snapshot = comparison.old if old else comparison.new
    assumptions = comparison.assumed_before if old else comparison.assumed_after
    return {"source": snapshot.name, "created": snapshot.manifest.created, "assumptions": list(assumptions)}


def _consequence(one: Consequence) -> Json:
    return {
        "turn": one.turn.value,
        "id": one.id or None,
        "title": one.title or None,
        "path": one.path or None,
        "severity": one.severity.value if one.severity else None,
        "before": one.before.value if one.before else None,
        "after": one.after.value if one.after else None,
        "pairs": [{"from": pair.source, "to": pair.destination} for pair in one.pairs],
        "reason": "; ".join(one.reasons),
        "packets": one.packets or None,
        "resources": list(one.resources),
        "needs": [need._asdict() for need in one.needs],
        "causes": [
            _change(cause.change) | {"alone": [{"from": pair.source, "to": pair.destination} for pair in cause.pairs]}
            for cause in one.causes
        ],
        "tried": one.tried.value,
    }


def _change(change: RecordChange) -> Json:
    return {
        "resource": change.resource,
        "change": change.what,
        "call": change.ref._asdict(),
        "fields": [
            {"field": field.field, "before": field.before or None, "after": field.after or None}
            for field in change.fields
        ],
    }
