"""The old snapshot with some records as the new one has them: to try whether they alone make the difference."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from mwaanet.changes.records import Record, RecordChange
from mwaanet.snapshot import OPERATIONS, CallRef, Document, Snapshot


def swapped(snapshot: Snapshot, changes: Iterable[RecordChange]) -> Snapshot:
    """The snapshot with the changes made."""
    by_call: dict[CallRef, list[RecordChange]] = {}
    for change in changes:
        by_call.setdefault(change.ref, []).append(change)
    documents = tuple(
        replace(document, load=_loader(document, by_call[document.ref])) if document.ref in by_call else document
        for document in snapshot.documents
    )
    return replace(snapshot, documents=documents)


def _loader(document: Document, changes: list[RecordChange]) -> Callable[[], bytes]:
    return lambda: json.dumps(_changed(json.loads(document.read()), changes)).encode()


def _changed(content: dict[str, Any], changes: list[RecordChange]) -> dict[str, Any]:
    ref = changes[0].ref
    key = "Calls" if changes[0].calls else OPERATIONS[ref.service, ref.operation].key
    if not isinstance(content.get(key), list):
        after = changes[0].after
        value = after.value if after else {}
        return content | {key: value} if key else value
    items = [Record(number, item) for number, item in enumerate(content[key])]
    gone = {change.before.number: change.after for change in changes if change.before}
    kept = [gone.get(item.number, item) for item in items]
    added = [change.after for change in changes if change.before is None]
    return content | {key: [record.value for record in (*kept, *added) if record is not None]}
