"""Which calls the snapshot answers: the base of the inventory, which tells absence from ignorance.

Every file is decoded when the inventory is made, so that what is wrong in one is told before any question is asked.
A call is matched by the parameters that name resources; what pages or filters it is not looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property, partial
from itertools import chain
from typing import Any, NamedTuple, TypeVar

import msgspec

from mwaanet.errors import SnapshotError
from mwaanet.model.arn import Arn
from mwaanet.model.cut_short import cut_calls, cut_short, may_be_cut_short
from mwaanet.model.decode import (
    BadRecordsError,
    Call,
    decode_calls,
    decode_list,
    decode_raw,
    decode_whole,
    let_go,
    no_collector,
)
from mwaanet.model.object_listing import bucket_is_gone, leave_out
from mwaanet.model.pages import merged
from mwaanet.model.record import CamelRecord, Origin, Record
from mwaanet.model.responses import CALLS, LISTS, WHOLES
from mwaanet.model.unknown import Unknown
from mwaanet.snapshot import OPERATIONS, UNKNOWN_ACCOUNT, CallRef, Document, Kind, Refusal, Snapshot, says_absent

T = TypeVar("T")
_ABOUT_OBJECTS = frozenset({("s3", "head-object"), ("s3", "get-object")})
_PARTS_COUNT = frozenset(
    {("ec2", "search-transit-gateway-routes"), ("route53", "list-resource-record-sets"), ("s3", "list-objects-v2")}
)
"""Calls about a resource whose answer is used although there is more, by those who know what the rest may change."""
_NOWHERE = "unknown"


class Entry(NamedTuple):
    """One call made about a resource, and where it lies."""

    document: Document
    number: int
    call: Call
    cut: str = ""
    """The key by which the response says that there is more."""

    @property
    def place(self) -> str:
        """The JSON pointer of the response in the document."""
        return f"/Calls/{self.number}/Response"


class Answers:
    """The answers of a snapshot by call."""

    def __init__(self, snapshot: Snapshot, like: Answers | None = None) -> None:
        """Read every document; of a changed copy of the snapshot `like` has read, only the operations that changed."""
        self.snapshot = snapshot
        known = frozenset(like.snapshot.documents) if like else frozenset()
        changed = {_name(document) for document in snapshot.documents if document not in known} if like else None
        self._lists: dict[tuple[str, str], list[Any]] = {}
        self._wholes: dict[CallRef, list[Any]] = {}
        self._entries: dict[tuple[str, str], dict[tuple[str, str], dict[_Key, list[Entry]]]] = {}
        self._cut_short: dict[CallRef, str] = {}
        if like is not None and changed is not None:
            self._share(like, changed)
        else:
            let_go()
        problems: list[SnapshotError] = []
        with no_collector():
            for document in snapshot.documents:
                if changed is not None and _name(document) not in changed:
                    continue
                try:
                    self._read(document)
                except BadRecordsError as error:
                    problems.extend(error.problems)
                except SnapshotError as error:  # itself it would keep this frame, which keeps it
                    problems.append(SnapshotError(error.file, error.place, error.problem))
        if problems:
            raise BadRecordsError(problems)

    def _share(self, like: Answers, changed: Collection[tuple[str, str]]) -> None:
        """Take over what was read of all other operations."""
        self._lists |= {name: found for name, found in like._lists.items() if name not in changed}
        self._entries |= {name: found for name, found in like._entries.items() if name not in changed}
        self._wholes |= {ref: one for ref, one in like._wholes.items() if (ref.service, ref.operation) not in changed}
        told = like._cut_short.items()
        self._cut_short |= {ref: text for ref, text in told if (ref.service, ref.operation) not in changed}

    def _read(self, document: Document) -> None:
        ref = document.ref
        name = (ref.service, ref.operation)
        content = document.read()
        if document.kind is Kind.CALLS:
            self._read_calls(document, content)
            return
        if name in LISTS:
            records, cut = decode_list(document, content, OPERATIONS[name].key, LISTS[name])
            self._lists.setdefault(name, []).extend(records)
        else:
            if name in WHOLES:
                self._wholes.setdefault(ref, []).append(decode_whole(document, content, WHOLES[name]))
            else:
                decode_raw(document, content, dict[str, msgspec.Raw], "")
            cut = cut_short(content) if may_be_cut_short(content) else ""
        if cut:
            self._cut_short.setdefault(ref, f"{document.file} says by {cut} that there is more")

    def _read_calls(self, document: Document, content: bytes) -> None:
        ref = document.ref
        name = (ref.service, ref.operation)
        calls = decode_calls(document, content, CALLS.get(name, msgspec.Raw))
        cut = cut_calls(content) if may_be_cut_short(content) else {}
        entries = self._entries.setdefault(name, {}).setdefault((ref.account, ref.region), {})
        for number, call in enumerate(calls):
            entry = Entry(document, number, call, cut.get(number, ""))
            entries.setdefault(_key(ref, call.parameters), []).append(entry)

    @property
    def refused(self) -> Mapping[CallRef, Refusal]:
        """The calls that take no argument and were refused."""
        return self.snapshot.refused

    @cached_property
    def home(self) -> tuple[str, str]:
        """Account and Region from which the snapshot was made."""
        manifest = self.snapshot.manifest
        if manifest.home is not None:
            return manifest.home.account, manifest.home.region
        account = min(manifest.accounts, default=_NOWHERE)
        return account, min(manifest.accounts.get(account, ()), default=_NOWHERE)

    def place(self, record: Record | CamelRecord) -> tuple[str, str]:
        """Account and Region in whose answer the record was read; the snapshot's home where it was in none."""
        if record.origin is None:
            return self.home
        ref = record.origin.document.ref
        return ref.account, ref.region

    def unknown(self, service: str, operation: str, account: str, region: str) -> Unknown | None:
        """None where the whole answer of a call is known; else why it is not, and the call that would tell."""
        ref = CallRef(account, region, service, operation)
        refusal = self.refused.get(ref)
        if refusal is not None:
            if says_absent(refusal.code):
                return None
            return Unknown(reason=f"{operation} was refused in {account} {region} ({refusal.code})", needs=(ref,))
        if ref in self._cut_short:
            reason = f"{operation} of {account} {region} was cut short ({self._cut_short[ref]})"
            return Unknown(reason=reason, needs=(ref,))
        if self.snapshot.answered(ref):
            return None
        return Unknown(reason=f"{operation} of {account} {region} is not in the snapshot", needs=(ref,))

    def never_asked(self, service: str, *operations: str) -> bool:
        """Whether nobody was asked for any of them: the snapshot may be from before AWS, or who made it, knew them."""
        asked = any(self.places_of(service, operation) for operation in operations)
        return not asked and not any(ref.service == service and ref.operation in operations for ref in self.refused)

    def records(self, service: str, operation: str, kind: type[T]) -> list[T]:
        """All records of an argument-less operation, of every account and Region, in the order of the files."""
        found = self._lists.get((service, operation), [])
        assert LISTS[service, operation] is kind, operation
        return found

    def whole(self, service: str, operation: str, account: str, region: str, kind: type[T]) -> T | Unknown:
        """The answer to an argument-less call that is one object."""
        found = self._wholes.get(CallRef(account, region, service, operation))
        if found and isinstance(found[0], kind):
            return found[0]
        unknown = self.unknown(service, operation, account, region)
        return unknown or Unknown(reason=f"{operation} has no answer")

    def wholes(self, service: str, operation: str, kind: type[T]) -> Iterator[tuple[CallRef, T]]:
        """Every answer to such a call, of every account and Region, and where it was made."""
        for ref, answers in self._wholes.items():
            if (ref.service, ref.operation) == (service, operation):
                yield from ((ref, answer) for answer in answers if isinstance(answer, kind))

    def call(
        self, service: str, operation: str, account: str, region: str, kind: type[T], **parameters: str
    ) -> T | Unknown | None:
        """The answer to a call about a resource; None where AWS said that what was asked about is not there."""
        found = self.call_with_origin(service, operation, account, region, kind, **parameters)
        return found[0] if isinstance(found, tuple) else found

    def call_with_origin(
        self, service: str, operation: str, account: str, region: str, kind: type[T], **parameters: str
    ) -> tuple[T, Origin] | Unknown | None:
        """The same, with where the answer was read."""
        found = self.answers(service, operation, account, region, kind, **parameters)
        return merged(found) if isinstance(found, tuple) else found

    def answers(
        self, service: str, operation: str, account: str, region: str, kind: type[T], **parameters: str
    ) -> tuple[tuple[T, Origin], ...] | Unknown | None:
        """All answers, where a call about a resource was made more than once (with other filters, or page by page)."""
        given = self.given(service, operation, account, region, **parameters)
        if not isinstance(given, list):
            return given
        return tuple((self._response(entry, kind), Origin(entry.document, entry.place)) for entry in given)

    def given(
        self, service: str, operation: str, account: str, region: str, **parameters: str
    ) -> list[Entry] | Unknown | None:
        """The answered calls about a resource themselves; None where AWS said that it is not there."""
        ref = CallRef(account, region, service, operation)
        entries = self._asked(ref, parameters) or self._answered_to_nobody_known(ref, parameters)
        answered = [entry for entry in entries if entry.call.error is None]
        cut = next((entry for entry in answered if entry.cut), None)
        if cut and (service, operation) not in _PARTS_COUNT:
            return _cut_call(cut, ref, parameters)
        if answered:
            return answered
        if self._lists_without(ref, parameters):
            return None
        what = ", ".join(parameters.values())
        if not entries:
            missing = Unknown(reason=f"{operation} for {what} is not in the snapshot", needs=(ref,))
            return self.unknown(service, operation, account, region) or missing
        code = next(entry.call.error.code for entry in entries if entry.call.error)
        if says_absent(code) and not _is_of_another(account, parameters):
            return None
        return Unknown(reason=f"{operation} for {what} was refused ({code})", needs=(ref,))

    def more_than_given(
        self, service: str, operation: str, account: str, region: str, **parameters: str
    ) -> Unknown | None:
        """Why there may be more than was answered to a call about a resource whose parts count by themselves."""
        ref = CallRef(account, region, service, operation)
        cut = next((entry for entry in self._asked(ref, parameters) if entry.cut), None)
        return _cut_call(cut, ref, parameters) if cut else None

    def proof_of_absence(self, ref: CallRef, **parameters: str) -> CallRef:
        """The call that tells that something is not there: the one about it, or a list that leaves it out."""
        if any(entry.call.error and says_absent(entry.call.error.code) for entry in self._asked(ref, parameters)):
            return ref
        return next(iter(self._lists_without(ref, parameters)), ref)

    def _lists_without(self, ref: CallRef, parameters: Mapping[str, str]) -> list[CallRef]:
        """The lists of its bucket that prove that an object is not there.

        Of a version only that there is no bucket proves it: others remain behind a delete marker
        (https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html).
        """
        bucket, key = parameters.get("Bucket"), parameters.get("Key")
        if (ref.service, ref.operation) not in _ABOUT_OBJECTS or not bucket or not key:
            return []
        proves = bucket_is_gone if "VersionId" in parameters else partial(leave_out, key=key)
        regions = self.regions_of("s3", "list-objects-v2", ref.account)
        lists = [CallRef(ref.account, region, "s3", "list-objects-v2") for region in regions]
        return [one for one in lists if proves(e.call for e in self._asked(one, {"Bucket": bucket}))]

    def _asked(self, ref: CallRef, parameters: Mapping[str, str]) -> list[Entry]:
        """The entries about a resource: named just so, else the only one named by more than was asked."""
        known = self._entries.get((ref.service, ref.operation), {}).get((ref.account, ref.region), {})
        key = _key(ref, parameters)
        if key in known:
            return known[key]
        more = [entries for other, entries in known.items() if set(key) <= set(other)] if key else []
        return more[0] if len(more) == 1 else []

    def _answered_to_nobody_known(self, ref: CallRef, parameters: Mapping[str, str]) -> list[Entry]:
        """What was answered about a resource where it is not known who asked: true of it, whoever it was."""
        asked = self._asked(ref._replace(account=UNKNOWN_ACCOUNT), parameters)
        return [entry for entry in asked if entry.call.error is None]

    def _response(self, entry: Entry, kind: type[T]) -> T:
        response: Any = entry.call.response
        if type(response) is kind:
            return response
        if not isinstance(response, msgspec.Raw):
            calls = decode_raw(entry.document, entry.document.read(), dict[str, list[dict[str, msgspec.Raw]]], "")
            response = calls["Calls"][entry.number]["Response"]
        return decode_raw(entry.document, response, kind, entry.place)

    def all_answers(self, service: str, operation: str, kind: type[T]) -> Iterator[tuple[Mapping[str, Any], T]]:
        """The parameters and the answer of every answered call of an operation asked once per resource."""
        for entries in self._entries.get((service, operation), {}).values():
            for entry in chain.from_iterable(entries.values()):
                if entry.call.error is None:
                    yield entry.call.parameters, self._response(entry, kind)

    def places_of(self, service: str, operation: str) -> list[tuple[str, str]]:
        """The accounts and Regions in which the snapshot holds an answer to an operation."""
        return self._places.get((service, operation), [])

    @cached_property
    def _places(self) -> Mapping[tuple[str, str], list[tuple[str, str]]]:
        found: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for ref in self.snapshot.by_call:
            found.setdefault((ref.service, ref.operation), []).append((ref.account, ref.region))
        return found

    def regions_of(self, service: str, operation: str, account: str) -> list[str]:
        """The Regions of an account in which the snapshot holds an answer to an operation."""
        return [region for where, region in self.places_of(service, operation) if where == account]

    def calls_about(self, service: str, operation: str) -> Iterator[tuple[CallRef, Call]]:
        """Every call of an operation asked once per resource, answered or refused, and where it was made."""
        for place, entries in self._entries.get((service, operation), {}).items():
            ref = CallRef(*place, service, operation)
            yield from ((ref, entry.call) for entry in chain.from_iterable(entries.values()))

    def whole_raw(
        self, service: str, operation: str, account: str, region: str
    ) -> tuple[msgspec.Raw, Origin] | Unknown | None:
        """The response of a call that takes no argument, undecoded."""
        document = self.raw_response(service, operation, account, region)
        if isinstance(document, Unknown):
            return document
        pages = self.snapshot.documents_of(CallRef(account, region, service, operation))
        return merged(tuple((msgspec.Raw(page.read()), Origin(page, "")) for page in pages))

    def raw_response(self, service: str, operation: str, account: str, region: str) -> Document | Unknown:
        """The file of a call."""
        ref = CallRef(account, region, service, operation)
        document = self.snapshot.find(ref) if ref not in self._cut_short else None
        unknown = self.unknown(service, operation, account, region)
        return document or unknown or Unknown(reason=f"{operation} has no answer")


def _cut_call(entry: Entry, ref: CallRef, parameters: Mapping[str, str]) -> Unknown:
    place = f"{entry.document.file} says by {entry.cut} that there is more"
    return Unknown(reason=f"{ref.operation} for {', '.join(parameters.values())} was cut short ({place})", needs=(ref,))


_Key = tuple[tuple[str, str], ...]


def _name(document: Document) -> tuple[str, str]:
    return document.ref.service, document.ref.operation


def _key(ref: CallRef, parameters: Mapping[str, Any]) -> _Key:
    """The parameters that name resources, in the order of the table of operations."""
    operation = OPERATIONS[ref.service, ref.operation]
    named = ((name, parameters.get(name)) for name in operation.parameters)
    return tuple((name, _identity(name, value)) for name, value in named if isinstance(value, str) and value)


def _identity(name: str, value: str) -> str:
    """The same text for every way to write the same id: a hosted zone's and a key's have several."""
    if name in ("Id", "HostedZoneId"):
        return value.removeprefix("/hostedzone/")
    if name == "KeyId" and ":key/" in value:
        return value.rpartition("/")[2]
    return value


def _is_of_another(account: str, parameters: Mapping[str, str]) -> bool:
    """Whether a parameter is the ARN of something that another account owns, of which this one cannot tell."""
    owners = (arn.account for value in parameters.values() if (arn := Arn.parse(value)))
    return any(owner.isdigit() and owner != account for owner in owners)
