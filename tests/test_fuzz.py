"""Snapshots that were tampered with: a diagnosis either comes out, or an error that was raised on purpose."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder import mwaa_estate
from mwaanet.checks.diagnose import diagnose
from mwaanet.errors import MwaanetError
from mwaanet.snapshot import Snapshot

ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    10**30,
    1.5,
    "",
    "x",
    ":::::",
    "arn:aws",
    "arn:aws:kms:us-east-1",
    "10.0.0.0/8",
    "::/0",
    "999.1.1.1/33",
    "https://[",
    "a\x1b[31m\u202e",
    "\x00",
    [],
    {},
    [None],
    [[]],
    [{}],
    {"x": 1},
]
"""What may stand in the place of any value."""

Way = tuple[str | int, ...]


@cache
def files() -> Mapping[str, bytes]:
    return mwaa_estate().files()


@cache
def places() -> tuple[tuple[str, Way], ...]:
    """Every value of every file, by file and way."""
    found: list[tuple[str, Way]] = []
    for name, content in files().items():
        if name.endswith(".json"):
            found.extend((name, way) for way in ways(json.loads(content)) if way)
    return tuple(found)


def ways(value: Any, before: Way = ()) -> Iterator[Way]:
    yield before
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from ways(item, (*before, key))


def tampered(document: Any, way: Way, change: Any, *, drop: bool) -> Any:
    """The document with the value at the end of the way changed, or left out."""
    document = copy.deepcopy(document)
    holder = document
    for key in way[:-1]:
        holder = holder[key]
    if drop:
        del holder[way[-1]]
    else:
        holder[way[-1]] = change
    return document


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_tampered_snapshot_is_diagnosed_or_refused(data: st.DataObject) -> None:
    name, way = data.draw(st.sampled_from(places()))
    drop = data.draw(st.booleans())
    change = data.draw(st.sampled_from(ODD))
    document = tampered(json.loads(files()[name]), way, change, drop=drop)
    with suppress(MwaanetError):
        diagnose(Snapshot.from_files({**files(), name: json.dumps(document).encode()}))
