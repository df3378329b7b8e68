"""Condition operators, as the IAM User Guide describes each."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from msgspec import structs

from access.cases import OTHER, ROLE, SESSION, USER, allow, identity, policy, request
from mwaanet.access import ABSENT, Request, evaluate

ARN = "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"

Row = tuple[str, str, object, "str | list[str] | tuple[str, ...] | None", bool | None]
"""A sentence; the operator and its value; the request's value, several, `ABSENT`, or None for unknown; the answer."""

TEXTS: list[Row] = [
    ("StringEquals is exact", "StringEquals", "Abc", "Abc", True),
    ("StringEquals minds case", "StringEquals", "abc", "Abc", False),
    ("StringEquals knows no wildcards", "StringEquals", "A*", "Abc", False),
    ("one of several values suffices", "StringEquals", ["no", "Abc"], "Abc", True),
    ("StringNotEquals asks that no value fits", "StringNotEquals", ["no", "Abc"], "Abc", False),
    ("StringNotEquals holds for another value", "StringNotEquals", ["no", "nay"], "Abc", True),
    ("StringEqualsIgnoreCase", "StringEqualsIgnoreCase", "aBC", "Abc", True),
    ("StringNotEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "aBC", "Abc", False),
    ("StringLike knows *", "StringLike", "A*", "Abc", True),
    ("StringLike knows ?", "StringLike", "A??", "Abc", True),
    ("StringLike minds case", "StringLike", "a*", "Abc", False),
    ("StringNotLike", "StringNotLike", "A*", "Abc", False),
    ("an empty value is a value", "StringLike", ["", "home/"], "", True),
    ("operator names ignore case", "stringequals", "Abc", "Abc", True),
    ("StringLike reaches across colons", "StringLike", "arn:aws:someservice:*:111122223333:finance/*", ARN, True),
    ("ArnLike does not", "ArnLike", "arn:aws:someservice:*:111122223333:finance/*", ARN, False),
    ("ArnLike compares part by part", "ArnLike", "arn:aws:*:us-east-?:*:store/*", ARN, True),
    ("ArnEquals behaves like ArnLike", "ArnEquals", "arn:aws:*:us-east-?:*:store/*", ARN, True),
    ("ArnNotLike", "ArnNotLike", "arn:aws:*:us-east-?:*:store/*", ARN, False),
    ("ArnNotEquals", "ArnNotEquals", "arn:aws:*:us-east-?:*:shop/*", ARN, True),
    ("ArnLike with a lone asterisk fits any ARN", "ArnLike", "*", ARN, True),
    ("ArnLike fits nothing that is no ARN", "ArnLike", "arn:aws:s3:::b", "b", False),
    ("Bool", "Bool", "true", "true", True),
    ("Bool ignores case", "Bool", "True", "true", True),
    ("Bool may be written without quotes", "Bool", False, "false", True),
    ("BinaryEquals compares bytes", "BinaryEquals", "QmluYXJ5", "QmluYXJ5", True),
    ("BinaryEquals of other bytes", "BinaryEquals", "QmluYXJ6", "QmluYXJ5", False),
    ("BinaryEquals of no base64", "BinaryEquals", "?", "?", False),
]

NUMBERS: list[Row] = [
    ("NumericEquals reads numbers", "NumericEquals", "10.0", "10", True),
    ("NumericEquals may be written without quotes", "NumericEquals", 10, "10", True),
    ("NumericNotEquals", "NumericNotEquals", ["9", "10"], "10", False),
    ("NumericLessThan", "NumericLessThan", "10", "9", True),
    ("NumericLessThan is strict", "NumericLessThan", "10", "10", False),
    ("NumericLessThanEquals", "NumericLessThanEquals", "10", "10", True),
    ("NumericGreaterThan", "NumericGreaterThan", "-1.5", "-1", True),
    ("NumericGreaterThanEquals", "NumericGreaterThanEquals", "10", "9", False),
    ("a word is no number", "NumericLessThan", "ten", "9", False),
    ("DateEquals reads ISO 8601", "DateEquals", "2020-01-01T00:00:00Z", "2020-01-01", True),
    ("DateEquals reads time zones", "DateEquals", "2020-01-01T02:00+02:00", "2020-01-01", True),
    ("DateEquals reads seconds since 1970", "DateEquals", "1577836800", "2020", True),
    ("DateNotEquals", "DateNotEquals", "2020-01", "2020-01-01T00:00:00.000Z", False),
    ("DateLessThan", "DateLessThan", "2020-01-02", "2020-01-01", True),
    ("DateLessThanEquals", "DateLessThanEquals", "2020-01-01", "2020-01-02", False),
    ("DateGreaterThan", "DateGreaterThan", "2020-01-01T00:00:01Z", "2020-01-02", True),
    ("DateGreaterThanEquals", "DateGreaterThanEquals", "2020-01-01", "2020-01-01", True),
    ("a number of days is no date", "DateLessThan", "12", "2020-01-01", False),
    ("a thirteenth month is no date", "DateLessThan", "2020-13-01", "2020-01-01", False),
]

ADDRESSES: list[Row] = [
    ("IpAddress within a CIDR", "IpAddress", "203.0.113.0/24", "203.0.113.9", True),
    ("IpAddress outside", "IpAddress", "203.0.113.0/24", "203.0.114.9", False),
    ("IpAddress without a prefix is one address", "IpAddress", "203.0.113.9", "203.0.113.9", True),
    ("IpAddress of IPv6", "IpAddress", ["203.0.113.0/24", "2001:DB8:1234:5678::/64"], "2001:db8:1234:5678::1", True),
    ("NotIpAddress", "NotIpAddress", ["10.0.0.0/8", "203.0.113.0/24"], "203.0.113.9", False),
    ("a set that lies within is decided", "IpAddress", "10.0.0.0/16", ["10.0.1.0/24", "10.0.2.0/24"], True),
    ("a set that lies within the union is decided", "IpAddress", ["10.0.0.0/25", "10.0.0.128/25"], "10.0.0.0/24", True),
    ("a set that lies outside is decided", "NotIpAddress", "10.1.0.0/16", "10.0.1.0/24", True),
    ("a set that lies astride is not", "IpAddress", "10.0.1.0/24", "10.0.0.0/16", None),
    ("nor is its negation", "NotIpAddress", "10.0.1.0/24", "10.0.0.0/16", None),
    ("ranges are sets, too", "IpAddress", "10.0.0.0/29", "10.0.0.1-10.0.0.6", True),
    ("text that is no CIDR fits nothing", "NotIpAddress", "everywhere", "203.0.113.9", True),
    ("text operators compare one address", "StringLike", "203.*", "203.0.113.9", True),
    ("also of IPv6", "StringEquals", "2001:db8::1", "2001:DB8:0::1", True),
    ("and cannot compare a set", "StringLike", "203.*", "203.0.113.0/24", None),
]

PRESENCE: list[Row] = [
    ("a missing key makes StringEquals false", "StringEquals", "a", ABSENT, False),
    ("a missing key makes StringNotEquals true", "StringNotEquals", "a", ABSENT, True),
    ("a missing key makes NotIpAddress true", "NotIpAddress", "0.0.0.0/0", ABSENT, True),
    ("a missing key makes ArnNotLike true", "ArnNotLike", "*", ABSENT, True),
    ("a missing key makes Bool false", "Bool", "false", ABSENT, False),
    ("a missing key makes IfExists true", "StringEqualsIfExists", "a", ABSENT, True),
    ("a missing key makes a negated IfExists true", "StringNotEqualsIfExists", "a", ABSENT, True),
    ("a present key is compared by IfExists", "StringEqualsIfExists", "a", "b", False),
    ("IfExists goes with every family", "NumericLessThanIfExists", "10", "11", False),
    ("an unknown key leaves IfExists open", "StringEqualsIfExists", "a", None, None),
    ("an unknown key leaves a comparison open", "StringEquals", "a", None, None),
    ("an unknown key leaves its negation open", "StringNotEquals", "a", None, None),
    ("Null true asks for absence", "Null", "true", ABSENT, True),
    ("Null true and a value", "Null", "true", "a", False),
    ("Null false asks for presence", "Null", "false", "a", True),
    ("Null false and no value", "Null", False, ABSENT, False),
    ("Null of an unknown key is open", "Null", "true", None, None),
    ("Null true or false always holds", "Null", ["true", "false"], None, True),
    ("Null of another word never holds", "Null", "maybe", None, False),
    ("an operator that IAM does not know is open", "StringMatches", "a", "a", None),
    ("Null knows no IfExists", "NullIfExists", "true", "a", None),
    ("a set operator that IAM does not know is open", "ForNoValue:StringLike", "a", "a", None),
]

SETS: list[Row] = [
    ("ForAllValues: every request value fits", "ForAllValues:StringLike", ["a*", "b"], ["ab", "b"], True),
    ("ForAllValues: one does not", "ForAllValues:StringEquals", ["a", "b"], ["a", "c"], False),
    ("ForAllValues: no request value at all", "ForAllValues:StringEquals", "a", ABSENT, True),
    ("ForAllValues: negated, none may fit", "ForAllValues:StringNotEquals", "a", ["b", "a"], False),
    ("ForAnyValue: one fits", "ForAnyValue:StringEquals", ["a", "b"], ["c", "b"], True),
    ("ForAnyValue: none fits", "ForAnyValue:StringEquals", ["a", "b"], ["c", "d"], False),
    ("ForAnyValue: no request value at all", "ForAnyValue:StringEquals", "a", ABSENT, False),
    ("ForAnyValue: negated, no request value", "ForAnyValue:StringNotEquals", "a", ABSENT, False),
    ("ForAnyValue: negated, one is different", "ForAnyValue:StringNotEquals", "a", ["a", "b"], True),
    ("ForAnyValue: with IfExists, no request value", "ForAnyValue:StringEqualsIfExists", "a", ABSENT, True),
    ("ForAnyValue: of an unknown key", "ForAnyValue:StringEquals", "a", None, None),
    ("several request values that agree need no set operator", "StringLike", "a*", ["ab", "ac"], True),
    ("several that disagree are open without one", "StringLike", "a*", ["ab", "bc"], None),
]


def _request(context: Mapping[str, tuple[str, ...]]) -> Request:
    return structs.replace(request(), context=context)


def _check(condition: dict[str, object], context: dict[str, tuple[str, ...]], holds: bool | None) -> None:
    decision = evaluate(_request(context), identity(policy(allow(condition=condition))))

    assert decision.allowed is holds, decision.reason
    assert bool(decision.keys) is (holds is None)


def _rows(key: str, rows: list[Row]) -> list[object]:
    return [pytest.param(key, *row[1:], id=row[0]) for row in rows]


@pytest.mark.parametrize(
    ("key", "operator", "wanted", "found", "holds"),
    [
        *_rows("x:Key", [*TEXTS, *NUMBERS, *PRESENCE, *SETS]),
        *_rows("aws:VpcSourceIp", ADDRESSES),
    ],
)
def test_operator(
    key: str, operator: str, wanted: object, found: str | list[str] | tuple[str, ...] | None, holds: bool | None
) -> None:
    values = (found,) if isinstance(found, str) else tuple(found or ())
    _check({operator: {key: wanted}}, {} if found is None else {key: values}, holds)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        pytest.param({"StringEquals": {"X:k": "a"}}, True, id="key names ignore case"),
        pytest.param({"StringEquals": {"x:K": "a", "x:L": "c"}}, False, id="several keys are joined by and"),
        pytest.param({"StringEquals": {"x:K": "a"}, "Null": {"x:L": "true"}}, False, id="and so are several operators"),
        pytest.param({"StringEquals": {"x:K": "b", "x:U": "u"}}, False, id="a false one outweighs an open one"),
        pytest.param({"StringEquals": {"x:K": "a", "x:U": "u"}}, None, id="a true one does not"),
        pytest.param({"IpAddress": {"x:K": "10.0.0.0/8"}}, False, id="a key may hold no address"),
        pytest.param({"IpAddress": {"x:Ip": "10.0.0.0/8"}}, True, id="any key may hold one"),
        pytest.param({}, True, id="no condition holds"),
    ],
)
def test_conditions(condition: dict[str, object], holds: bool | None) -> None:
    _check(condition, {"x:K": ("a",), "x:L": ("b",), "x:Ip": ("10.1.2.3",)}, holds)


VPCE = {"aws:SourceVpce": ("vpce-1",)}
PUBLIC = {"aws:SourceIp": ("203.0.113.9",)}


@pytest.mark.parametrize(
    ("what", "asked", "condition", "holds"),
    [
        ("aws:PrincipalArn of a session is its role's", request(), {"ArnEquals": {"aws:PrincipalArn": ROLE}}, True),
        ("and not the session's", request(), {"ArnLike": {"aws:PrincipalArn": SESSION}}, False),
        ("aws:PrincipalAccount", request(), {"StringEquals": {"aws:PrincipalAccount": OTHER}}, False),
        ("aws:PrincipalOrgID is open", request(), {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, None),
        ("aws:ResourceAccount", request(), {"StringEquals": {"aws:ResourceAccount": OTHER}}, False),
        ("aws:username of a user", request(principal=USER), {"StringEquals": {"aws:username": "carlos"}}, True),
        ("aws:username of a role is absent", request(), {"Null": {"aws:username": "true"}}, True),
        ("aws:SecureTransport is always there", request(), {"Null": {"aws:SecureTransport": "true"}}, False),
        ("with a value that is not known", request(), {"Bool": {"aws:SecureTransport": "true"}}, None),
        ("aws:SourceIp is absent through an endpoint", _request(VPCE), {"Null": {"aws:SourceIp": "true"}}, True),
        ("aws:SourceVpc is present then", _request(VPCE), {"Null": {"aws:SourceVpc": "true"}}, False),
        ("but not known", _request(VPCE), {"StringEquals": {"aws:SourceVpc": "vpc-1"}}, None),
        ("aws:SourceVpce is absent without one", _request(PUBLIC), {"Null": {"aws:SourceVpce": "true"}}, True),
        ("a network that is not known is open", request(), {"Null": {"aws:SourceVpce": "true"}}, None),
        ("s3:prefix is absent where nothing is listed", request(), {"StringLike": {"s3:prefix": "*"}}, False),
        ("kms:ViaService is absent in other services", request(), {"Null": {"kms:ViaService": "true"}}, True),
        ("and open for a key", request("kms:Decrypt", "*"), {"StringLike": {"kms:ViaService": "s3.*"}}, None),
        ("any other key is open", request(), {"Bool": {"aws:MultiFactorAuthPresent": "true"}}, None),
    ],
)
def test_key(what: str, asked: Request, condition: dict[str, object], holds: bool | None) -> None:
    assert evaluate(asked, identity(policy(allow(condition=condition)))).allowed is holds, what


def test_the_key_of_a_listing_is_open() -> None:
    unsure = policy(allow(condition={"StringLike": {"S3:Prefix": "dags/*"}}))
    decision = evaluate(request("s3:ListBucket", "arn:aws:s3:::dags"), identity(unsure))

    assert (decision.allowed, decision.keys) == (None, ("S3:Prefix",))
    given = request("s3:ListBucket", "arn:aws:s3:::dags", s3_prefix=("dags/etl",))
    assert evaluate(given, identity(unsure)).allowed is True
