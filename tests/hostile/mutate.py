"""Hostile inputs out of good ones: words changed, left out, doubled, nested, replaced by what nobody expects."""

from __future__ import annotations

import re
from random import Random

from hostile.trees import mutated_tree

CUT = b"\0"
"""What separates two texts of one input."""

ODD: tuple[bytes, ...] = (
    *(b"null", b"~", b"true", b"-1", b"0", b"65536", b"1" * 5000, b"1e999", b".nan", b'""', b"''", b'"\\ud800"', b"x"),
    *(b"[]", b"{}", b"[" * 400, b"{a: " * 50, b'{"a":' * 400, b"(" * 2000, b"!" * 2000, b"$A" * 50, b"${A}", b"\\\n"),
    *(b"10.0.0.0/8", b"::/0", b"999.1.1.1/33", b"1.1.1.1/99999999999", b"https://[", b"http://a:99999/", b"\xff\xfe"),
    *(b"a\x1b[31m\xe2\x80\xae", b"\0", b"\r\n", b"*." * 200, b"*a" * 200, b"?" * 200, b"2001-13-45", b"0x", b"0b_"),
    *(b"arn:aws", b":::::", b"arn:aws:kms:us-east-1", b"../../x", b"/etc/passwd", b"&a [*a]", b"!!python/none", b"<<"),
    *(b"export A=$A$A$A$A\n" * 20, b"-r constraints.txt\n" * 20, b'"' * 300, b"`" * 300, b"; " * 300, b"then " * 300),
    *("\u00b2".encode(), "\u0663".encode(), "\uff11".encode(), b"1_000", b"9" * 30, b"-0", b"1e5", b"NaN", b"Infinity"),
)
_WORDS = re.compile(rb"[\w.-]+|\s+|[^\w\s]")


def mutated(data: bytes, random: Random, *, trees: bool = False) -> bytes:
    """One to four changes made: of values where the data is JSON or YAML, mostly (`trees`: always), or of words."""
    head, cut, body = data.partition(CUT)
    if trees or random.randrange(4):
        tree = mutated_tree(body if cut else data, random)
        if tree is not None:
            return head + cut + tree if cut else tree
    return _words_mutated(data, random)


def _words_mutated(data: bytes, random: Random) -> bytes:
    parts = _WORDS.findall(data) or [b""]
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(parts) + 1)
        other = random.choice(parts) if parts else b""
        word = parts[at] if at < len(parts) else b""
        put = random.choice(
            (
                [random.choice(ODD)],
                [random.choice(ODD), word],
                [other],
                [word, other, word],
                [word] * random.choice((2, 50, 1000) if len(word) < 1000 else (2, 5)),
                [],
                [bytes([random.randrange(256)]), word[1:]],
                parts[at : at + random.randint(1, 12)] * 2,
            )
        )
        parts[at : at + 1] = put
    return b"".join(parts)
