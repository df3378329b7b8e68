"""Which lists of a bucket prove that a key is not in it.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
"""

from __future__ import annotations

from typing import Any

import pytest

from mwaanet.model.decode import Call, CallError
from mwaanet.model.object_listing import Listed, ObjectListing, leave_out

KEY = "requirements.txt"


def page(*keys: str, after: str = "", next_token: str = "", asked: dict[str, str] | None = None, **more: Any) -> Call:
    """A page of a list: `after` is the token that asked for it, `next_token` the one that asks for the next."""
    parameters = {"Bucket": "b"} | ({"ContinuationToken": after} if after else {}) | (asked or {})
    contents = tuple(Listed(key=key) for key in keys)
    listing = ObjectListing(
        contents=contents, is_truncated=bool(next_token), next_continuation_token=next_token, **more
    )
    return Call(parameters=parameters, response=listing)


def refused(code: str) -> Call:
    return Call(parameters={"Bucket": "b"}, error=CallError(code=code))


@pytest.mark.parametrize(
    ("keys", "proved"), [((), True), (("plugins.zip",), True), ((KEY,), False), (("plugins.zip", KEY), False)]
)
def test_a_list_of_everything_proves_what_it_leaves_out(keys: tuple[str, ...], proved: bool) -> None:
    assert leave_out([page(*keys)], KEY) is proved


@pytest.mark.parametrize(
    ("fields", "proved"),
    [
        ({"prefix": "req"}, True),
        ({"prefix": "dags/"}, False),
        ({"start_after": "plugins.zip"}, True),
        ({"start_after": KEY}, False),
        ({"start_after": "startup.sh"}, False),
        ({"delimiter": "/"}, True),
        ({"delimiter": "."}, False),
        ({"prefix": "requirements.", "delimiter": "."}, True),
        ({"encoding_type": "url"}, False),
    ],
)
def test_a_list_of_some_keys_proves_nothing_of_others(fields: dict[str, Any], proved: bool) -> None:
    """It has those with the prefix, after `StartAfter`, that are not rolled up at the delimiter after the prefix."""
    assert leave_out([page("other", **fields)], KEY) is proved


@pytest.mark.parametrize(
    ("asked", "proved"),
    [
        ({"Prefix": "req"}, True),
        ({"Prefix": "dags/"}, False),
        ({"StartAfter": "startup.sh"}, False),
        ({"Delimiter": "."}, False),
        ({"EncodingType": "url"}, False),
    ],
)
def test_what_was_asked_counts_where_the_answer_does_not_repeat_it(asked: dict[str, str], proved: bool) -> None:
    assert leave_out([page("other", asked=asked)], KEY) is proved


class TestPages:
    def test_all_of_them_prove_it(self) -> None:
        assert leave_out([page("a", next_token="2"), page("b", after="2")], KEY)

    def test_the_key_may_be_on_a_later_one(self) -> None:
        assert not leave_out([page("a", next_token="2"), page(KEY, after="2")], KEY)

    def test_one_that_is_missing_may_hold_it(self) -> None:
        assert not leave_out([page("a", next_token="2")], KEY)

    def test_a_later_one_alone_proves_nothing(self) -> None:
        assert not leave_out([page("b", after="2")], KEY)

    def test_a_list_that_was_told_to_stop_early_proves_nothing(self) -> None:
        """The AWS CLI's `--max-items` (https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-pagination.html)."""
        stopped = ObjectListing(contents=(Listed(key="a"),), next_token="e30=")
        assert not leave_out([Call(parameters={"Bucket": "b"}, response=stopped)], KEY)

    def test_pages_that_lead_back_to_each_other_are_no_list(self) -> None:
        assert not leave_out([page("a", next_token="2"), page("b", after="2", next_token="2")], KEY)

    def test_a_page_that_was_refused_may_hold_it(self) -> None:
        denied = Call(parameters={"Bucket": "b", "ContinuationToken": "2"}, error=CallError(code="AccessDenied"))
        assert not leave_out([page("a", next_token="2"), denied], KEY)


@pytest.mark.parametrize(("code", "proved"), [("NoSuchBucket", True), ("AccessDenied", False)])
def test_no_bucket_no_object_but_a_refusal_tells_nothing(code: str, proved: bool) -> None:
    assert leave_out([refused(code)], KEY) is proved


def test_without_any_list_nothing_is_proved() -> None:
    assert not leave_out([], KEY)
