"""Wildcards in actions, resources and ARNs."""

from __future__ import annotations

import time
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from access.cases import allow, deny, identity, policy, request
from mwaanet.access import evaluate
from mwaanet.access.matching import action_matches, arn_matches, matches, meet, wildcards

quick = settings(max_examples=500, deadline=None, derandomize=True, database=None)


@pytest.mark.parametrize(
    ("pattern", "action", "fits"),
    [
        ("*", "s3:GetObject", True),
        ("s3:*", "s3:GetObject", True),
        ("s3:Get*", "s3:GetObject", True),
        ("S3:getobject", "s3:GetObject", True),
        ("s3:Get?bject", "s3:GetObject", True),
        ("s3:*Object", "s3:GetObject", True),
        ("s3:*Object", "s3:GetObjectAcl", False),
        ("s3:GetObject?", "s3:GetObject", False),
        ("s3:GetObject*", "s3:GetObject", True),
        ("s3:GetObject", "s3:GetObjectAcl", False),
        ("sqs:*", "s3:GetObject", False),
        ("*:Get*", "s3:GetObject", True),
        ("", "s3:GetObject", False),
    ],
)
def test_action(pattern: str, action: str, fits: bool) -> None:
    assert action_matches(pattern, action) is fits


@given(st.text("ab*?", max_size=4), st.text("ab*?", max_size=4))
@settings(max_examples=200, deadline=None, derandomize=True, database=None)
def test_two_patterns_meet_where_some_text_fits_both(one: str, other: str) -> None:
    """No text that shows it need be longer than their letters together, nor hold any but theirs."""
    texts = ("".join(letters) for size in range(7) for letters in product("ab", repeat=size))
    fits_both = any(matches(wildcards(one), text) and matches(wildcards(other), text) for text in texts)
    assert meet(wildcards(one), wildcards(other)) is meet(wildcards(other), wildcards(one)) is fits_both


@pytest.mark.parametrize(
    ("pattern", "resource", "fits"),
    [
        ("*", "arn:aws:s3:::b/k", True),
        ("arn:aws:s3:::*", "arn:aws:s3:::b/k", True),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b", False),
        ("arn:aws:s3:::b*", "arn:aws:s3:::b", True),
        ("arn:aws:s3:::b/*/c", "arn:aws:s3:::b/a/b/c", True),
        ("arn:*:queue", "arn:aws:sqs:us-east-1:111122223333:queue", True),
        ("arn:aws:s3:::B/*", "arn:aws:s3:::b/k", False),
        ("arn:aws:sqs:*:*:airflow-celery-*", "arn:aws:sqs:us-east-1:1:airflow-celery-1", True),
        ("arn:aws:s3:::b/[a-z]", "arn:aws:s3:::b/a", False),
        ("arn:aws:s3:::b/.", "arn:aws:s3:::b/a", False),
        ("arn:aws:s3:::b/?", "arn:aws:s3:::b/\n", True),
    ],
)
def test_resource(pattern: str, resource: str, fits: bool) -> None:
    policies = identity(policy(allow(resource=pattern)))

    assert evaluate(request(resource=resource), policies).allowed is fits


def test_not_action_is_every_other_action() -> None:
    policies = identity(policy(allow(not_action=["iam:*", "s3:Put*"])))

    assert evaluate(request("s3:GetObject"), policies).allowed is True
    assert evaluate(request("S3:PutObject"), policies).allowed is False


def test_not_resource_is_every_other_resource() -> None:
    policies = identity(policy(allow(), deny(not_resource=["arn:aws:s3:::dags", "arn:aws:s3:::dags/*"])))

    assert evaluate(request(), policies).allowed is True
    assert evaluate(request(resource="arn:aws:s3:::logs/x"), policies).allowed is False


@pytest.mark.parametrize(
    ("pattern", "arn", "fits"),
    [
        ("arn:aws:iam::1:role/*", "arn:aws:iam::1:role/a/b", True),
        ("arn:aws:iam::*:role/x", "arn:aws:iam::1:role/x", True),
        ("arn:aws:logs:*:*:log-group:*:*", "arn:aws:logs:r:1:log-group:g:s", True),
        ("arn:aws:*:role/x", "arn:aws:iam::1:role/x", False),
        ("*:*:*:*:*:*", "arn:aws:iam::1:role/x", True),
        ("arn:aws:iam::1", "arn:aws:iam::1", False),
    ],
)
def test_arn(pattern: str, arn: str, fits: bool) -> None:
    assert arn_matches(wildcards(pattern), arn) is fits


def reference(pattern: str, text: str) -> bool:
    """The definition of the wildcards, tried letter by letter."""
    reached = {0}
    for letter in pattern:
        if letter == "*":
            reached = set(range(min(reached, default=len(text) + 1), len(text) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(text) and letter in ("?", text[at])}
    return len(text) in reached


@quick
@given(st.text("ab*?:", max_size=12), st.text("ab:?", max_size=10))
def test_wildcards_fit_as_defined(pattern: str, text: str) -> None:
    assert matches(wildcards(pattern), text) is reference(pattern, text)


@quick
@given(st.lists(st.text("ab*?", max_size=4), max_size=8), st.lists(st.text("ab", max_size=3), max_size=8))
def test_arns_fit_part_by_part(pattern: list[str], arn: list[str]) -> None:
    wanted, parts = ":".join(pattern).split(":", 5), ":".join(arn).split(":", 5)
    fits = len(wanted) == len(parts) == 6 and all(map(reference, wanted, parts))

    assert arn_matches(wildcards(":".join(pattern)), ":".join(arn)) is (fits or pattern == ["*"])


@pytest.mark.parametrize("pattern", ["*a" * 2000 + "b", "*a?" * 2000 + "b", "?*" * 2000 + "b", "*" * 5000 + "b"])
def test_hostile_patterns_take_no_time(pattern: str) -> None:
    start = time.process_time()

    assert not matches(wildcards(pattern), "a" * 20000)
    assert time.process_time() - start < 1
