"""Answers that say that there is more: what is in them counts, what is not in them may exist all the same.

The AWS CLI asks for every page and merges them, unless it is told to stop (`--max-items`, `--no-paginate`): then the
output names where to go on (https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-pagination.html). The keys are
those of the services: `NextToken` of most, `nextToken` (Direct Connect, CloudWatch Logs), `NextMarker`, `IsTruncated`
or `Truncated` (Elastic Load Balancing, Route 53, IAM, KMS, S3), `AdditionalRoutesAvailable` (a search of routes).
Route 53 gives `Marker` and S3 `ContinuationToken` back as they were asked for, which says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

_TOKENS = ("NextToken", "nextToken", "NextMarker", "NextContinuationToken")
_FLAGS = ("IsTruncated", "Truncated", "AdditionalRoutesAvailable")
KEYS = (*_TOKENS, *_FLAGS)
"""The keys by which a response may say that there is more."""
_HINTS = tuple(
    re.compile(pattern.encode())
    for pattern in (
        *(rf'{name}"\s*:\s*"[^"]' for name in _TOKENS),
        *(rf'{name}"\s*:\s*true' for name in ("Truncated", "AdditionalRoutesAvailable")),
    )
)
_ASKED = ("NextToken", "nextToken", "Marker", "PageToken", "ContinuationToken", "StartingToken")


def may_be_cut_short(content: bytes) -> bool:
    """Whether the text of a file has a word that says so, at whatever depth: what is worth a closer look."""
    return any(hint.search(content) for hint in _HINTS)


def cut_short(content: bytes | msgspec.Raw) -> str:
    """The key by which a response says that there is more; empty where it is whole."""
    top = msgspec.json.decode(content)
    return says_more(top) if isinstance(top, dict) else ""


def cut_calls(content: bytes) -> Mapping[int, str]:
    """The same for the entries of a file of calls, by their number; a page that another entry goes on from is whole."""
    calls: list[dict[str, Any]] = msgspec.json.decode(content)["Calls"]
    asked = {str(call["Parameters"].get(name)) for call in calls for name in _ASKED}
    responses = {
        number: call["Response"] for number, call in enumerate(calls) if isinstance(call.get("Response"), dict)
    }
    cut = {number: says_more(response) for number, response in responses.items()}
    return {number: key for number, key in cut.items() if key and str(responses[number].get(key)) not in asked}


def says_more(response: Mapping[str, Any]) -> str:
    """Which of the keys says so in a response, given what it has under them; empty where none does."""
    for name in _TOKENS:
        if isinstance(response.get(name), str) and response[name]:
            return name
    return next((name for name in _FLAGS if response.get(name) is True), "")
