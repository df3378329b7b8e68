"""Which calls the snapshot answers: the base of the inventory, which tells absence from ignorance."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, TypeVar

import msgspec

from mwaanet.model.decode import Call, decode_calls, decode_list, decode_raw, decode_whole
from mwaanet.model.record import CamelRecord, Origin, Record
from mwaanet.model.unknown import Unknown
from mwaanet.snapshot.document import Document
from mwaanet.snapshot.operations import OPERATIONS, CallRef
from mwaanet.snapshot.reader import Snapshot

T = TypeVar("T")
_IGNORED = frozenset({"Filters", "MaxResults", "NextToken", "MaxItems", "Marker", "PageSize", "Prefix"})


def says_absent(code: str) -> bool:
    """Whether an error code says that a thing is not there (S3's 403 does not)."""
    return code.startswith("NoSuch") or code == "404" or "NotFound" in code or "NoSuch" in code


class Answers:
    """The answers of a snapshot by call."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._documents: dict[CallRef, list[Document]] = {}
        for document in snapshot.documents:
            self._documents.setdefault(document.ref, []).append(document)
        self._by_operation: dict[tuple[str, str], list[Document]] = {}
        for document in snapshot.documents:
            key = (document.ref.service, document.ref.operation)
            self._by_operation.setdefault(key, []).append(document)
        self._calls: dict[CallRef, dict[tuple[tuple[str, str], ...], tuple[Document, int, Call]]] = {}

    @cached_property
    def refused(self) -> Mapping[CallRef, Any]:
        """Refused calls that take no argument."""
        return self.snapshot.refused

    @property
    def home(self) -> tuple[str, str]:
        """Account and Region from which the snapshot was made."""
        home = self.snapshot.manifest.home
        if home is not None:
            return home.account, home.region
        accounts = self.snapshot.manifest.accounts
        account = min(accounts, default="unknown")
        return account, min(accounts.get(account, []), default="unknown")

    def place(self, record: Record | CamelRecord) -> tuple[str, str]:
        """Account and Region in whose answer the record was read; the snapshot's home where it was in none."""
        if record.origin is None:
            return self.home
        ref = record.origin.document.ref
        return ref.account, ref.region

    def unknown(self, service: str, operation: str, account: str, region: str) -> Unknown | None:
        """None where the call was answered; else why its answer is not known."""
        ref = CallRef(account, region, service, operation)
        refusal = self.refused.get(ref)
        if refusal is not None:
            if says_absent(refusal.code):
                return None
            reason = f"{operation} was refused in {account} {region} ({refusal.code})"
            return Unknown(reason=reason, needs=(ref,))
        if ref in self._documents:
            return None
        return Unknown(reason=f"{operation} of {account} {region} is not in the snapshot", needs=(ref,))

    def records(self, service: str, operation: str, kind: type[T]) -> list[T]:
        """All records of an argument-less operation, of every account and Region."""
        found: list[T] = []
        key = OPERATIONS[service, operation].key
        for document in self._by_operation.get((service, operation), ()):
            found.extend(decode_list(document, key, kind))
        return found

    def whole(self, service: str, operation: str, account: str, region: str, kind: type[T]) -> T | Unknown:
        """The response of a call that is one object."""
        documents = self._documents.get(CallRef(account, region, service, operation))
        if documents:
            return decode_whole(documents[0], kind)
        unknown = self.unknown(service, operation, account, region)
        return unknown or Unknown(reason=f"{operation} has no answer")

    def call(
        self, service: str, operation: str, account: str, region: str, kind: type[T], **parameters: str
    ) -> T | Unknown | None:
        """The answer to a call about a resource; None where AWS said that it is not there."""
        found = self.call_with_origin(service, operation, account, region, kind, **parameters)
        return found[0] if isinstance(found, tuple) else found

    def call_with_origin(
        self, service: str, operation: str, account: str, region: str, kind: type[T], **parameters: str
    ) -> tuple[T, Origin] | Unknown | None:
        """The same with where the answer was read."""
        ref = CallRef(account, region, service, operation)
        entry = self._entries(ref).get(_key(parameters))
        if entry is None:
            unknown = self.unknown(service, operation, account, region)
            what = ", ".join(parameters.values())
            return unknown or Unknown(reason=f"{operation} for {what} is not in the snapshot", needs=(ref,))
        document, index, call = entry
        if not call.answered:
            code = call.error.code if call.error else "no response"
            if says_absent(code):
                return None
            reason = f"{operation} for {', '.join(parameters.values())} was refused ({code})"
            return Unknown(reason=reason, needs=(ref,))
        pointer = f"{document.at or '/Calls'}/{index}" + ("" if document.at else "/Response")
        return decode_raw(document, call.response, kind, pointer), Origin(document, pointer, -1)

    def regions_of(self, service: str, operation: str, account: str) -> list[str]:
        """The Regions of an account in which the snapshot holds an answer to an operation."""
        return [d.ref.region for d in self._by_operation.get((service, operation), ()) if d.ref.account == account]

    def whole_raw(
        self, service: str, operation: str, account: str, region: str
    ) -> tuple[msgspec.Raw, Origin] | Unknown | None:
        """The response of a call that takes no argument, undecoded."""
        document = self.raw_response(service, operation, account, region)
        if isinstance(document, Unknown):
            return document
        return msgspec.Raw(document.read()), Origin(document, "", -1)

    def refused_environments(self) -> str:
        """A sentence on environments that exist but could not be described; empty where there are none."""
        for ref, _, _, call in self.all_calls("mwaa", "get-environment"):
            if call.error is not None:
                name = call.parameters.get("Name", "an environment")
                return f"mwaa get-environment for {name} was refused in {ref.account} {ref.region} ({call.error.code})"
        return ""

    def all_calls(self, service: str, operation: str) -> list[tuple[CallRef, Document, int, Call]]:
        """Every entry of a per-resource operation in every account and Region."""
        found: list[tuple[CallRef, Document, int, Call]] = []
        for document in self._by_operation.get((service, operation), ()):
            entries = self._entries(document.ref)
            found.extend((document.ref, *entry) for entry in entries.values() if entry[0] is document)
        return found

    def raw_response(self, service: str, operation: str, account: str, region: str) -> Document | Unknown:
        """The file of a call that takes no argument."""
        documents = self._documents.get(CallRef(account, region, service, operation))
        if documents:
            return documents[0]
        return self.unknown(service, operation, account, region) or Unknown(reason=f"{operation} has no answer")

    def _entries(self, ref: CallRef) -> dict[tuple[tuple[str, str], ...], tuple[Document, int, Call]]:
        entries = self._calls.get(ref)
        if entries is None:
            entries = {}
            for document in self._documents.get(ref, ()):
                for index, call in enumerate(decode_calls(document)):
                    entries.setdefault(_key(call.parameters), (document, index, call))
            self._calls[ref] = entries
        return entries


def _key(parameters: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The parameters that name resources, whatever their order."""
    named = {name: value for name, value in parameters.items() if name not in _IGNORED}
    return tuple(sorted((name, value) for name, value in named.items() if isinstance(value, str)))
