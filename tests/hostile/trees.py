"""Hostile JSON and YAML out of good ones, which is still JSON or YAML: a value exchanged, left out, doubled, nested."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random
from typing import Any

import yaml

ODD: list[Any] = [
    *(None, True, 0, -1, 10**30, 1.5, "", "x", " ", [], {}, [None], [[]], [{}], {"x": 1}),
    *("a\x1b[31m\u202e", "\x00", "\ufffe", "<script>alert(1)</script>", "a'b\"c`d`$(e)|f", "](http://a) **b**", "::c"),
    *(":::::", "arn:aws", "arn:aws:kms:us-east-1", "arn:aws:iam::aws:policy/x", "*", "?*" * 50, "${aws:username}"),
    *("0.0.0.0/0", "10.0.0.0/8", "::/0", "999.1.1.1/33", "10.0.0.1", "fe80::1%eth0", "-1", "65536", "0-65535", "tcp"),
    *("https://[", "http://a:99999/", "a..b", "." * 300, "a" * 5000, "../../x", "2001-13-45T00:00:00Z", "unknown"),
]
"""What may stand in the place of any value, as a copy: a list that is put into itself has no end."""
MOST_PLACES, LONGEST_TEXT = 20_000, 20_000
"""Of a tree that is changed again, and of one within a text: what is repeated again and again fills the memory."""
Place = tuple[Any, Any]
"""A list or object, and the index or key of a value in it."""


def mutated_tree(data: bytes, random: Random) -> bytes | None:
    """The data with one to four values of it changed; None where it is neither a JSON nor a YAML list or object."""
    write: Callable[[Any], str] = json.dumps
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        write = yaml.safe_dump
        try:
            tree = yaml.safe_load(data)
        except (yaml.YAMLError, ValueError, RecursionError, AttributeError):
            return None
    for _ in range(random.randint(1, 4)):
        found = list(_places(tree))
        if not 0 < len(found) <= MOST_PLACES:
            return None
        _change(found, random)
    try:
        return write(tree).encode()
    except (ValueError, RecursionError, yaml.YAMLError):
        return None


def _places(tree: Any) -> Iterator[Place]:
    left = [tree]
    while left:
        holder = left.pop()
        if isinstance(holder, dict | list):
            for key, value in holder.items() if isinstance(holder, dict) else enumerate(holder):
                yield holder, key
                left.append(value)


def _change(places: list[Place], random: Random) -> None:
    """Change one value in place; also to another of the tree, so that what names something names something else."""
    (holder, key), (other, its) = random.choice(places), random.choice(places)
    value, another = holder[key], other[its]
    if isinstance(value, str) and value.startswith(("{", "[")) and random.randrange(4):
        written = mutated_tree(value.encode(), random)
        holder[key] = written.decode() if written and len(written) < LONGEST_TEXT else deepcopy(random.choice(ODD))
        return
    change = random.randrange(8)
    if change < 3:
        alike = [odd for odd in ODD if type(odd) is type(value)]  # of another type it is mostly refused at once
        holder[key] = deepcopy(random.choice(alike if change and alike else ODD))
    elif change == 3:
        del holder[key]
    elif change == 4:
        holder[key] = another if not isinstance(another, dict | list) else deepcopy(random.choice(ODD))
    elif change == 5:
        several = value if isinstance(value, list) else [value]
        holder[key] = several * random.choice((0, 1, 2, 30 if len(str(value)) < 2000 else 1))
    elif isinstance(holder, list):
        holder.insert(random.randint(0, len(holder)), value)
    else:
        holder[random.choice((f"{key}s", str(key).lower(), "Tags", "x"))] = value
