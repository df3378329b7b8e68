"""Which errors end a collection, and in which words."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from mwaanet.collect.fatal import fatal_error


def expired(date: str) -> ClientError:
    """An answer that credentials have expired, with a Date header."""
    error = {"Code": "ExpiredToken", "Message": "The security token included in the request is expired"}
    metadata = {"HTTPHeaders": {"date": date}}
    return ClientError({"Error": error, "ResponseMetadata": metadata}, "DescribeVpcs")  # type: ignore[typeddict-item]


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("Thu, 01 Jan 2026 00:00:00 GMT", "clock"),
        ("Thu, 01 Jan 2026 00:00:00 -0000", "clock"),
        ("Thu, 01 Jan 2026 00:00:00", "clock"),
        ("Thu, 01 Jan 2026 00:00:00 +99999999999999999999", "have expired"),
        ("yesterday", "have expired"),
        ("", "have expired"),
    ],
)
def test_the_clock_is_read_from_any_date(date: str, said: str) -> None:
    assert said in str(fatal_error(expired(date)))
