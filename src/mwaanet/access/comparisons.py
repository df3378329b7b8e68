"""How one request value is compared with one policy value, per family of condition operators.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html

A value that is not of the operator's type (a word under `NumericEquals`) fits nothing.
"""

from __future__ import annotations

import base64
import binascii
import operator
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import NamedTuple, TypeAlias, TypeVar

from mwaanet.access.matching import Pattern, arn_matches, matches


class Family(Enum):
    """How the values of an operator are read."""

    TEXT = "text, in which policy variables are filled in"
    TYPED = "numbers, dates or bytes, which take no variables"
    ADDRESS = "addresses and CIDRs"
    PRESENCE = "whether the key is in the request"


_Value = TypeVar("_Value", Decimal, datetime, bytes)

TextTest: TypeAlias = Callable[[Pattern, str], bool]
TypedTest: TypeAlias = Callable[[str, str], bool]


class Comparison(NamedTuple):
    """A condition operator without its prefix and `IfExists`."""

    family: Family
    negated: bool = False
    text: TextTest | None = None
    typed: TypedTest | None = None
    wild: bool = False
    """Whether asterisks and question marks in the policy's value are wildcards."""
    arn: bool = False
    """Whether the parts of an ARN are compared one by one."""


def _ignoring_case(pattern: Pattern, value: str) -> bool:
    return matches(tuple(token.lower() if isinstance(token, str) else token for token in pattern), value.lower())


_NUMBER = re.compile(r"[+-]?(\d{1,64}(\.\d{0,64})?|\.\d{1,64})", re.ASCII)


@lru_cache(maxsize=1024)
def _number(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


_DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d))?)?)?", re.ASCII
)
_EPOCH = re.compile(r"\d{5,12}(\.\d{1,9})?", re.ASCII)


@lru_cache(maxsize=1024)
def _date(text: str) -> datetime | None:
    """One of the W3C's ISO 8601 forms, or seconds since 1970; four digits are a year."""
    try:
        if _EPOCH.fullmatch(text):
            return datetime.fromtimestamp(float(text), UTC)
        match = _DATE.fullmatch(text)
        if match is None:
            return None
        year, month, day, hour, minute, second, fraction, zone = match.groups()
        micro = (fraction or "0").ljust(6, "0")[:6]
        date = f"{year}-{month or '01'}-{day or '01'}T{hour or '00'}:{minute or '00'}:{second or '00'}.{micro}"
        return datetime.fromisoformat(date + (zone or "Z"))
    except (ValueError, OverflowError, OSError):
        return None


@lru_cache(maxsize=1024)
def _bytes(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _typed(read: Callable[[str], _Value | None], compare: Callable[[_Value, _Value], bool]) -> TypedTest:
    """A test that reads both values and compares the request's with the policy's."""

    def test(wanted: str, value: str) -> bool:
        left, right = read(value), read(wanted)
        return left is not None and right is not None and compare(left, right)

    return test


def _pair(family: str, verb: str, comparison: Comparison) -> dict[str, Comparison]:
    """An operator and its negation, such as `StringLike` and `StringNotLike`."""
    return {f"{family}{verb}": comparison, f"{family}Not{verb}": comparison._replace(negated=True)}


def _ordered(family: str, read: Callable[[str], _Value | None]) -> dict[str, Comparison]:
    tests = {
        "LessThan": operator.lt,
        "LessThanEquals": operator.le,
        "GreaterThan": operator.gt,
        "GreaterThanEquals": operator.ge,
    }
    equal = _pair(family, "Equals", Comparison(Family.TYPED, typed=_typed(read, operator.eq)))
    return equal | {f"{family}{verb}": Comparison(Family.TYPED, typed=_typed(read, t)) for verb, t in tests.items()}


_ARN = Comparison(Family.TEXT, text=arn_matches, wild=True, arn=True)

_NAMED: Mapping[str, Comparison] = {
    **_pair("String", "Equals", Comparison(Family.TEXT, text=matches)),
    **_pair("String", "EqualsIgnoreCase", Comparison(Family.TEXT, text=_ignoring_case)),
    **_pair("String", "Like", Comparison(Family.TEXT, text=matches, wild=True)),
    **_pair("Arn", "Equals", _ARN),
    **_pair("Arn", "Like", _ARN),
    **_ordered("Numeric", _number),
    **_ordered("Date", _date),
    "Bool": Comparison(Family.TEXT, text=_ignoring_case),
    "BinaryEquals": Comparison(Family.TYPED, typed=_typed(_bytes, operator.eq)),
    "IpAddress": Comparison(Family.ADDRESS),
    "NotIpAddress": Comparison(Family.ADDRESS, negated=True),
    "Null": Comparison(Family.PRESENCE),
}

COMPARISONS: Mapping[str, Comparison] = {name.lower(): comparison for name, comparison in _NAMED.items()}
"""Every operator that IAM documents, by its name in lower case."""
