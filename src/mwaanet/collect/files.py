"""From the answers of a collection to the files of a snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from mwaanet.collect.ask import Answer, Ask, Place, Refused
from mwaanet.snapshot.canonical import as_text, calls_document
from mwaanet.snapshot.operation import GLOBAL, CallRef
from mwaanet.snapshot.operations import OPERATIONS
from mwaanet.snapshot.reader import MANIFEST, says_absent

Answered = list[tuple[Ask, Answer]]


def snapshot_files(answered: Answered, opened: Iterable[Place], home: Place) -> dict[str, bytes]:
    """The files by their path, the manifest included; `opened` are the places of which all lists were asked."""
    documents: dict[CallRef, Any] = {}
    calls: dict[CallRef, list[dict[str, Any]]] = {ref: [] for ref in _nothing_to_ask(answered, opened)}
    for ask, answer in answered:
        if ask.row.per_resource:
            calls.setdefault(ask.ref, []).append(_call(ask, answer))
        elif isinstance(answer, dict):
            documents[ask.ref] = answer
    documents |= {ref: calls_document(entries) for ref, entries in calls.items()}
    files = {ref.file: as_text(documents[ref]) for ref in sorted(documents)}
    return files | {MANIFEST: as_text(_manifest(answered, home))}


def _call(ask: Ask, answer: Answer) -> dict[str, Any]:
    parameters = dict(sorted(ask.parameters.items()))
    if isinstance(answer, Refused):
        return {"Parameters": parameters, "Error": {"Code": answer.code, "Message": answer.message}}
    return {"Parameters": parameters, "Response": answer}


def _nothing_to_ask(answered: Answered, opened: Iterable[Place]) -> Iterator[CallRef]:
    """The calls of which it is known that there was nothing to ask them about.

    Where what they are asked about was itself refused, nothing is known, and there is no file.
    """
    refused = {
        (ask.place.account, f"{ask.service}/{ask.operation}")
        for ask, answer in answered
        if isinstance(answer, Refused) and not says_absent(answer.code)
    }
    for place in opened:
        for row in OPERATIONS.values():
            asked_here = row.per_resource and row.collected and row.is_global == (place.region == GLOBAL)
            if asked_here and not any((place.account, draw.source) in refused for draw in row.draws):
                yield CallRef(*place, row.service, row.operation)


def _manifest(answered: Answered, home: Place) -> Mapping[str, Any]:
    accounts: dict[str, set[str]] = {}
    for ask, _ in answered:
        regions = accounts.setdefault(ask.place.account, set())
        regions.update({ask.place.region} - {GLOBAL})
    errors = [
        {**ask.ref._asdict(), "code": answer.code, "message": answer.message}
        for ask, answer in answered
        if isinstance(answer, Refused) and not ask.row.per_resource
    ]
    return {
        "format": 1,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "tool": f"mwaanet {version('mwaanet')}",
        "accounts": {account: sorted(regions) for account, regions in sorted(accounts.items())},
        "home": home._asdict(),
        "errors": sorted(errors, key=lambda error: [error[name] for name in CallRef._fields]),
    }
