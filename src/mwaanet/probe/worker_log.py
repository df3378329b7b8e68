"""Finding a worker's document in a task's log, whatever stands before each line.

Airflow 2 puts the time, the place and the level before each line, Airflow 3 writes lines of JSON; the web server's API
gives either inside JSON, and CloudWatch Logs gives one event for a line.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import Any, Final

from mwaanet.errors import InputError
from mwaanet.probe.worker_dag import MARKER

_PART: Final = re.compile(
    rf"{MARKER} (?P<run>[0-9a-f]{{8}}) (?P<number>\d{{1,5}})/(?P<count>[1-9]\d{{0,4}}) \|(?P<text>.*)\|"
)
_DEEPEST: Final = 40
_STRING: Final = r"""(?:'(?:[^'\\]++|\\.)*+'|"(?:[^"\\]++|\\.)*+")"""
_PAIR: Final = re.compile(rf"\(({_STRING}), ({_STRING})\)(?:, |(?=\]$))", re.DOTALL)
_MOST_PAIRS: Final = 1000
MOST_CHARACTERS: Final = 16 * 1024 * 1024
"""A longer log is not read."""


def document_in(log: str, name: str) -> str:
    """The JSON of the last complete document of a log; InputError says what is missing. `name` is what it is called."""
    if len(log) > MOST_CHARACTERS:
        raise InputError(name, "", f"has more than {MOST_CHARACTERS:,} characters: give the log of `probe` alone")
    runs: dict[str, dict[int, str]] = {}
    counts: dict[str, int] = {}
    for line in lines_in(log):
        for found in _PART.finditer(line):
            runs.setdefault(found["run"], {})[int(found["number"])] = found["text"]
            counts[found["run"]] = int(found["count"])
    if not runs:
        raise InputError(name, "", f"holds no line of a probe ({MARKER} … 1/… |…|): is it the log of the task `probe`?")
    missing: list[str] = []
    for run, parts in reversed(runs.items()):
        numbers = range(1, counts[run] + 1)
        if len(parts) >= len(numbers) and all(number in parts for number in numbers):
            return "".join(parts[number] for number in numbers)
        if not missing:
            absent = [str(number) for number in numbers if number not in parts]
            missing = [f"{run} lacks {_some(absent)} of {counts[run]} lines"]
    raise InputError(name, "", f"holds no complete document: probe {missing[0]}")


def _some(numbers: list[str]) -> str:
    return ", ".join(numbers[:5]) + (", …" if len(numbers) > 5 else "")


def lines_in(log: str) -> Iterator[str]:
    """The lines of a log that may be a probe's, as they were written, out of JSON where they are in it."""
    whole = _json(log) if log.lstrip().startswith(("{", "[")) else None
    if whole is not None:
        yield from _texts(whole)
        return
    for line in log.splitlines():
        if MARKER not in line:
            continue
        parsed = _json(line) if line.lstrip().startswith("{") else None
        if parsed is None:
            yield line
        else:
            yield from _texts(parsed)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    """Every line of every text in JSON; the web server's API of Airflow 2 has Python's own notation in it."""
    if depth > _DEEPEST or not value:
        return
    if isinstance(value, str):
        if MARKER not in value:
            return
        nested = _pairs(value) if value.startswith("[(") else None
        if nested is not None:
            yield from _texts(nested, depth + 1)
        else:
            yield from value.splitlines()
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item, depth + 1)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item, depth + 1)


def _pairs(text: str) -> list[str] | None:
    """The texts of `[('host', 'its log'), …]` in Python's notation; None where it is anything else, or very many."""
    found: list[str] = []
    at = 1
    while at < len(text) - 1:
        pair = _PAIR.match(text, at)
        if pair is None or len(found) > _MOST_PAIRS:
            return None
        try:
            found.extend(str(ast.literal_eval(part)) for part in pair.groups())
        except (ValueError, SyntaxError, MemoryError):
            return None
        at = pair.end()
    return found
