"""Which records differ between two snapshots, of the calls that both answer.

What only one of them was told is no change: a record is not gone because nobody was allowed to list it, or because the
list was cut short. What both were told is compared record by record, matched by AWS's own ids.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from mwaanet.changes.fields import VOLATILE, FieldChange, field_change, field_changes
from mwaanet.model.cut_short import cut_short
from mwaanet.snapshot import OPERATIONS, CallRef, Document, Kind, Snapshot, says_absent

SITE_FILE = "mwaanet.yaml"
SITE = CallRef("", "", "", SITE_FILE)
"""What stands for the call whose answer a site file is."""
_IDS = (
    "GroupId",
    "InstanceId",
    "LoadBalancerArn",
    "TargetGroupArn",
    "ListenerArn",
    "Arn",
    "Id",
    "id",
    "virtualInterfaceId",
    "directConnectGatewayId",
    "ZoneName",
    "ServiceName",
    "Name",
)
"""Fields that name a record whose list does not say by its own name which does."""


class Record(NamedTuple):
    """One record: its number in the list and what it holds."""

    number: int
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChange:
    """One record that is different, new or gone.

    `names` are the ids that it goes by. `places` say where it lies in either snapshot: a call and a JSON pointer.
    """

    ref: CallRef
    resource: str
    names: frozenset[str]
    fields: tuple[FieldChange, ...]
    before: Record | None
    after: Record | None
    places: frozenset[tuple[CallRef, str]]
    calls: bool = False
    """Whether the answers lie under `Calls`, one for each resource asked about."""

    @property
    def what(self) -> str:
        """`added`, `removed` or `changed`."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"


def site_change(old: str, new: str) -> RecordChange | None:
    """The change of a site file, line by line; None where there is none."""
    was, now = old.splitlines(), new.splitlines()
    fields = [field_change("line", before=line.strip()) for line in was if line not in now]
    fields += [field_change("line", after=line.strip()) for line in now if line not in was]
    if not fields:
        return None
    return RecordChange(
        ref=SITE,
        resource=SITE_FILE,
        names=frozenset({SITE_FILE}),
        fields=tuple(fields),
        before=Record(0, old),
        after=Record(0, new),
        places=frozenset(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Calls that only one of two snapshots answers."""

    no_longer: tuple[CallRef, ...]
    now: tuple[CallRef, ...]


def record_changes(old: Snapshot, new: Snapshot) -> tuple[RecordChange, ...]:
    """Every record that differs, by call and id."""
    found: list[RecordChange] = []
    for ref in sorted(_answered(old) & _answered(new)):
        was, now = _one(old, ref), _one(new, ref)
        if was is None or now is None or was.kind is not now.kind or was.read() == now.read():
            continue
        found.extend(_compared(ref, was, now))
    return tuple(found)


def told(old: Snapshot, new: Snapshot) -> Told:
    """What only one of them was told, refused calls and calls that were never made alike."""
    was, now = _answered(old), _answered(new)
    no_longer, anew = was - now, now - was
    for ref in was & now:
        denied, denies = (
            {name for document in side.documents_of(ref) for name in _denied(document)} for side in (old, new)
        )
        no_longer |= {ref} if denies - denied else set()
        anew |= {ref} if denied - denies else set()
    return Told(no_longer=tuple(sorted(no_longer)), now=tuple(sorted(anew)))


def _answered(snapshot: Snapshot) -> set[CallRef]:
    return {document.ref for document in snapshot.documents if snapshot.answered(document.ref)}


def _denied(document: Document) -> set[str]:
    """The calls about resources, by their parameters, whose answer was refused; that it does not exist is an answer."""
    content = document.read() if document.kind is Kind.CALLS else b""
    if b'"Error"' not in content:
        return set()
    calls = json.loads(content).get("Calls", [])
    refused = (call for call in calls if "Error" in call and not says_absent(str(call["Error"].get("Code", ""))))
    return {_text(call.get("Parameters")) for call in refused}


def _one(snapshot: Snapshot, ref: CallRef) -> Document | None:
    """The only document of a call; pages of one call in several files are not compared."""
    documents = snapshot.documents_of(ref)
    return documents[0] if len(documents) == 1 else None


def _compared(ref: CallRef, was: Document, now: Document) -> Iterator[RecordChange]:
    calls = was.kind is Kind.CALLS
    before, after = (_records(ref, json.loads(document.read()), calls) for document in (was, now))
    names = {*before, *after} - _denied(was) - _denied(now)
    if cut_short(was.read()) or cut_short(now.read()):
        names &= set(before) & set(after)
    for name in sorted(names):
        one, other = before.get(name), after.get(name)
        fields = field_changes(one.value if one else None, other.value if other else None)
        if one and other and not fields:
            continue
        whole = (one or other or Record(0, {})).value
        change = RecordChange(
            ref=ref,
            resource=name,
            names=frozenset({name}),
            fields=fields if one and other else (),
            before=one,
            after=other,
            places=frozenset((ref, _pointer(ref, record.number, calls)) for record in (one, other) if record),
            calls=calls,
        )
        yield _named(change, whole) if calls else change


def _named(change: RecordChange, call: Mapping[str, Any]) -> RecordChange:
    """The change of an answer about a resource: by that resource's names, with the fields of the response."""
    asked = {str(value) for value in call["Parameters"].values() if isinstance(value, str)}
    fields = tuple(replace(field, field=field.field.removeprefix("Response.")) for field in change.fields)
    about = next(iter(call["Parameters"].values()), change.resource)
    return replace(change, resource=str(about), names=frozenset(asked), fields=fields)


def _pointer(ref: CallRef, number: int, calls: bool) -> str:
    if calls:
        return f"/Calls/{number}"
    key = OPERATIONS[ref.service, ref.operation].key
    return f"/{key}/{number}" if key else ""


def _records(ref: CallRef, document: Mapping[str, Any], calls: bool) -> dict[str, Record]:
    """The records of an answer by id; what has none goes by what it holds."""
    if calls:
        items = document.get("Calls", [])
        return {_text(item.get("Parameters")): Record(number, item) for number, item in enumerate(items)}
    key = OPERATIONS[ref.service, ref.operation].key
    value = document.get(key) if key else document
    if not isinstance(value, list):
        return {ref.operation: Record(0, value)}
    field = _id_field(key, value)
    return {
        str(item[field]) if field and isinstance(item, Mapping) else _text(item): Record(number, item)
        for number, item in enumerate(value)
    }


def _id_field(key: str, items: list[Any]) -> str:
    """The field that names the records of a list; empty where none names each of them."""
    own = (f"{key.removesuffix('s')}Id", f"{key}Id")
    for field in (*own, *_IDS):
        values = [item.get(field) for item in items if isinstance(item, Mapping)]
        named = len(values) == len(items) and all(isinstance(value, str) for value in values)
        if named and len(set(values)) == len(values):
            return field
    return ""


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        value = {key: part for key, part in value.items() if key not in VOLATILE}
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
