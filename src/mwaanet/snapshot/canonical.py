"""One way to write an answer, so that what has not changed is written as before and a snapshot diffs cleanly in git.

The keys of an object are sorted. So are the items of a list, by the ids that they hold and then by their text, for AWS
returns most lists in any order; lists whose order means something keep it. Calls are sorted by their parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

ORDERED: Final = frozenset(
    {
        "Actions",
        "DefaultActions",
        "DnsEntries",
        "PolicyDocument",
        "AssumeRolePolicyDocument",
        "Document",
        "ResourceRecords",
        "StatefulRules",
        "TargetIps",
        "Values",
    }
)
"""The keys under which order is kept, in everything below them: policies, records, the servers of DHCP options,
rules in strict order, the Regional name of an endpoint before its zonal ones."""

_ID_ENDINGS = ("Id", "Arn", "ARN", "Name", "Key")


def canonical(value: Any, key: str = "") -> Any:
    """The value with its keys and lists in the stated order."""
    if isinstance(value, str) or key in ORDERED:
        return value
    if isinstance(value, dict):
        return {name: canonical(value[name], name) for name in sorted(value)}
    if isinstance(value, list):
        items = [canonical(item) for item in value]
        return sorted(items, key=_rank) if len(items) > 1 else items
    return value


def as_text(document: object) -> bytes:
    """JSON as the files of a snapshot are written: indented, with a newline at the end."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def calls_document(calls: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The document of calls made once per resource: `Parameters` and `Response` or `Error` of each."""
    return {"Calls": sorted(calls, key=lambda call: msgspec.json.encode(call["Parameters"], order="sorted"))}


def _rank(item: Any) -> tuple[list[str], bytes]:
    ids = [str(item[name]) for name in item if name.endswith(_ID_ENDINGS)] if isinstance(item, dict) else []
    return ids, msgspec.json.encode(item, order="sorted")
