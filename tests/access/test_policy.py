"""Reading policy documents."""

from __future__ import annotations

import contextlib
import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from access.cases import ROLE, allow, identity, request
from mwaanet.access import AccessError, Condition, Effect, Policy, Principals, Request, Statement, evaluate
from mwaanet.errors import InputError

quick = settings(max_examples=300, deadline=None, derandomize=True, database=None)

DOCUMENT = {
    "Version": "2012-10-17",
    "Id": "any",
    "Statement": [
        {
            "Sid": "Read",
            "Effect": "Allow",
            "Principal": {"AWS": ROLE, "Service": ["logs.amazonaws.com"]},
            "Action": ["s3:Get*", "s3:List*"],
            "Resource": "arn:aws:s3:::dags/*",
            "Condition": {"Bool": {"aws:SecureTransport": True}, "NumericEquals": {"s3:max-keys": [10, "20"]}},
        },
        {"Effect": "Deny", "NotPrincipal": "*", "NotAction": "s3:*", "NotResource": ["*"]},
    ],
}

STATEMENTS = (
    Statement(
        effect=Effect.ALLOW,
        sid="Read",
        index=0,
        principals=Principals(aws=(ROLE,), service=("logs.amazonaws.com",)),
        actions=("s3:Get*", "s3:List*"),
        resources=("arn:aws:s3:::dags/*",),
        conditions=(
            Condition(operator="Bool", key="aws:SecureTransport", values=("true",)),
            Condition(operator="NumericEquals", key="s3:max-keys", values=("10", "20")),
        ),
    ),
    Statement(
        effect=Effect.DENY,
        sid="",
        index=1,
        not_principals=Principals(aws=("*",)),
        not_actions=("s3:*",),
        not_resources=("*",),
    ),
)

TEXT = json.dumps(DOCUMENT)


@pytest.mark.parametrize(
    "document",
    [DOCUMENT, TEXT, TEXT.encode(), f"\ufeff {TEXT}", quote(TEXT)],
    ids=["object", "text", "bytes", "byte order mark", "URL-encoded"],
)
def test_every_form_of_a_document_reads_alike(document: str | bytes | dict[str, object]) -> None:
    policy = Policy.parse(document, "bucket policy", "dags")

    assert policy.statements == STATEMENTS
    assert policy.variables


def test_a_single_statement_needs_no_array() -> None:
    assert len(Policy.parse({"Statement": allow()}, "p", "r").statements) == 1


def test_a_document_without_a_version_knows_no_variables() -> None:
    assert not Policy.parse({"Statement": []}, "p", "r").variables


def one(**elements: object) -> dict[str, object]:
    return {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", **elements}]}


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ("", ""),
        ("not json", ""),
        ("[]", ""),
        ("null", ""),
        (b"\xff\xfe", ""),
        ('"\\ud800', ""),
        ("[" * 100_000, ""),
        ('{"Statement":' + "[" * 100_000, ""),
        ({}, "/Statement"),
        ({"Version": "2020-01-01", "Statement": []}, "/Version"),
        ({"Version": 1, "Statement": []}, "/Version"),
        ({"Statement": "Allow"}, "/Statement/0"),
        ({"Statement": [allow(), None]}, "/Statement/1"),
        ({"Statement": [{"Action": "*"}]}, "/Statement/0/Effect"),
        (one(Effect="allow"), "/Statement/0/Effect"),
        (one(Effect=["Allow"]), "/Statement/0/Effect"),
        (one(Sid=1), "/Statement/0/Sid"),
        (one(Conditions={}), "/Statement/0/Conditions"),
        (one(NotAction="*"), "/Statement/0"),
        ({"Statement": {"Effect": "Allow", "Resource": "*"}}, "/Statement/0"),
        (one(Action=[1]), "/Statement/0/Action"),
        (one(Resource={"a": "b"}), "/Statement/0/Resource"),
        (one(Resource=None), "/Statement/0/Resource"),
        (one(Principal="arn:aws:iam::1:root"), "/Statement/0/Principal"),
        (one(Principal={"Aws": "*"}), "/Statement/0/Principal/Aws"),
        (one(Principal={"AWS": 1.5}), "/Statement/0/Principal/AWS"),
        (one(Condition=[]), "/Statement/0/Condition"),
        (one(Condition={"Bool": "x"}), "/Statement/0/Condition/Bool"),
        (one(Condition={"Bool": {"k": None}}), "/Statement/0/Condition/Bool/k"),
        (one(Condition={"Bool": {"k": [{}]}}), "/Statement/0/Condition/Bool/k"),
        (one(Condition={1: {}}), "/Statement/0/Condition"),
    ],
)
def test_a_malformed_document_is_refused_with_its_place(document: str | bytes | dict[str, object], place: str) -> None:
    with pytest.raises(AccessError) as caught:
        Policy.parse(document, "bucket policy", "dags")

    assert (caught.value.file, caught.value.place) == ("bucket policy (dags)", place)
    assert isinstance(caught.value, InputError)
    assert isinstance(caught.value, ValueError)


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
names = st.sampled_from(
    ["Statement", "Effect", "Principal", "AWS", "Action", "NotAction", "Resource", "Condition", "Bool", "x"]
)
trees = st.recursive(
    scalars | st.sampled_from(["Allow", "Deny", "*"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)


@quick
@given(st.dictionaries(names, trees, max_size=3) | st.builds(one, Principal=trees, Condition=trees, Resource=trees))
def test_anything_is_a_policy_or_an_access_error(document: dict[str, object]) -> None:
    with contextlib.suppress(AccessError):
        evaluate(request(), identity(Policy.parse(document, "p", "r")))


@quick
@given(st.text(max_size=40) | st.binary(max_size=40))
def test_any_text_is_a_policy_or_an_access_error(document: str | bytes) -> None:
    with pytest.raises(AccessError):
        Policy.parse(document, "p", "r")


def with_context(**context: tuple[str, ...]) -> Request:
    return request(**context)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("make", "place"),
    [
        (lambda: request("GetObject"), "action"),
        (lambda: request("s3:Get*"), "action"),
        (lambda: request(principal="carlos"), "principal"),
        (lambda: with_context(aws_SourceIp=("home",)), "context/aws:SourceIp"),
        (lambda: with_context(aws_SourceIp=("10.0.0.9-10.0.0.1",)), "context/aws:SourceIp"),
        (lambda: with_context(aws_SourceVpc=("a",), aws_sourcevpc=("b",)), "context/aws:sourcevpc"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(make: object, place: str) -> None:
    assert callable(make)
    with pytest.raises(AccessError) as caught:
        make()

    assert (caught.value.file, caught.value.place) == ("request", place)
