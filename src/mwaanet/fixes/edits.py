"""A working copy of a snapshot's answers, in which changes are made as AWS would answer after them.

Only documents that are edited are decoded; the others are shared with the snapshot that the copy is of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import msgspec

from mwaanet.snapshot import OPERATIONS, Document, Kind, Snapshot

Json = dict[str, Any]


class Edits:
    """The answers of a snapshot as plain JSON, to be changed in place."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._decoded: dict[Document, Json] = {}

    def records(self, service: str, operation: str, **wanted: str) -> list[Json]:
        """The records of a list, in every account and Region, whose fields have the wanted values."""
        found = []
        for document in self._documents(service, operation):
            for record in self._list(document):
                if all(record.get(name) == value for name, value in wanted.items()):
                    found.append(record)
        return found

    def lists(self, service: str, operation: str, account: str, region: str) -> list[list[Json]]:
        """The lists themselves of an account and Region, to add records to."""
        documents = self._documents(service, operation)
        return [self._list(one) for one in documents if (one.ref.account, one.ref.region) == (account, region)]

    def responses(self, service: str, operation: str, **parameters: str) -> list[Json]:
        """The responses to the calls about a resource that were asked with these parameters."""
        found = []
        for document in self._documents(service, operation):
            for call in self._read(document).get("Calls", []) if document.kind is Kind.CALLS else ():
                asked = call.get("Parameters", {})
                if "Response" in call and all(_same(asked.get(name), value) for name, value in parameters.items()):
                    found.append(call["Response"])
        return found

    def calls(self, service: str, operation: str, account: str) -> list[list[Json]]:
        """The lists of calls about resources of an account, to add calls to."""
        documents = self._documents(service, operation)
        found = [one for one in documents if one.ref.account == account and one.kind is Kind.CALLS]
        return [self._read(document)["Calls"] for document in found]

    def made(self) -> Snapshot:
        """The snapshot with the changes made."""
        encoded = {old: msgspec.json.encode(content, enc_hook=str) for old, content in self._decoded.items()}
        documents = tuple(
            replace(old, load=partial(_given, encoded[old])) if old in encoded else old
            for old in self._snapshot.documents
        )
        return replace(self._snapshot, documents=documents)

    def _documents(self, service: str, operation: str) -> Iterator[Document]:
        for document in self._snapshot.documents:
            if (document.ref.service, document.ref.operation) == (service, operation):
                yield document

    def _read(self, document: Document) -> Json:
        if document not in self._decoded:
            content: Json = msgspec.json.decode(document.read())
            self._decoded[document] = content
        return self._decoded[document]

    def _list(self, document: Document) -> list[Json]:
        content = self._read(document)
        key = OPERATIONS[document.ref.service, document.ref.operation].key
        records = content.setdefault(key, []) if isinstance(content, Mapping) else content
        if key == "Reservations":
            return [instance for reservation in records for instance in reservation.get("Instances", [])]
        found: list[Json] = records
        return found


def updated(found: Sequence[Json], **members: object) -> bool:
    """Give all that was found these members; False where nothing was, so that the model cannot hold the change."""
    for one in found:
        one.update(members)
    return bool(found)


def appended(found: Sequence[Json], key: str, item: Json) -> bool:
    """Add an item to a list in all that was found; False where nothing was."""
    for one in found:
        one.setdefault(key, []).append(dict(item))
    return bool(found)


def _given(content: bytes) -> bytes:
    return content


def _same(asked: object, wanted: str) -> bool:
    """Whether two texts name the same: a key by its id or ARN, a hosted zone with or without its prefix."""
    return isinstance(asked, str) and asked.rpartition("/")[2] == wanted.rpartition("/")[2]
